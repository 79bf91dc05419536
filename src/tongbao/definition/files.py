"""Files: how messages name them, and their hashes."""

import os
import re
from hashlib import file_digest
from pathlib import Path

from tongbao.basics.errors import UsageError

_NO_NAME = re.compile(r'[\\/:*?"<>|]|^[. ]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)$', re.IGNORECASE)


def relative(path: Path, root: Path) -> str:
    """How messages and sources name a file: from the project's root, where it lies there."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def require_inside(path: Path, root: Path) -> Path:
    """A file of the project that lies in it, and is no link to somewhere else.

    Raises:
        UsageError: it leads out of the project.
    """
    home = root.resolve()
    if ".tongbao" in home.parts:  # a worker's own folder, whose raw files are links into the project around it
        home = Path(*home.parts[: home.parts.index(".tongbao")])
    if not path.resolve().is_relative_to(home):
        hint = "put the file itself there"
        raise UsageError("a link that leads out of the project", place=relative(path, root), hint=hint)
    return path


def file_name(text: str, otherwise: str) -> str:
    """A text as the name of a file without ending, where every system can have it and no path is made of it.

    Arguments:
        text: the name as people read it.
        otherwise: what stands for one that cannot be.

    >>> file_name("鹿城区", "lucheng"), file_name("../鹿城", "lucheng"), file_name("CON", "x")
    ('鹿城区', 'lucheng', 'x')
    """
    plain = text.isprintable() and not _NO_NAME.search(text) and 0 < len(text.encode()) <= 120
    return text if plain else otherwise


def file_hash(path: Path) -> str:
    """SHA-256 of a file of any size, in hexadecimal."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, in its folder, whole or not at all: others may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(data)
    partial.replace(path)
