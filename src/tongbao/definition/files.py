"""Files and folders: how messages name them, their hashes, and how they are written: whole, or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from errno import EXDEV
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path, PurePath
from typing import Any

from tongbao.basics.errors import UsageError

# A file on its way: `.name.process.part`, in the folder where it will stand.
PART = ".part"
_AT_FDCWD, _EXCHANGE, _SWAP = -100, 2, 2
_NO_NAME = re.compile(r'[\\/:*?"<>|]|^[. ]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)$', re.IGNORECASE)


def relative(path: Path, root: Path) -> str:
    """How messages and sources name a file: from the project's root, where it lies there."""
    name, above = path.as_posix(), root.as_posix()  # paths that are taken apart take ten times as long
    return "." if name == above else name.removeprefix(f"{above.removesuffix('/')}/")


def require_inside(path: Path, root: Path) -> Path:
    """A file of the project that lies in it, and is no link to somewhere else.

    Raises:
        UsageError: it leads out of the project.
    """
    if not os.path.realpath(path).startswith(_home(root)):
        hint = "put the file itself there"
        raise UsageError("a link that leads out of the project", place=relative(path, root), hint=hint)
    return path


@lru_cache(maxsize=64)
def _home(root: Path) -> str:
    """Where all files of a project lie, to a separator at the end."""
    home = root.resolve()
    if ".tongbao" in home.parts:  # a worker's own folder, whose raw files are links into the project around it
        home = Path(*home.parts[: home.parts.index(".tongbao")])
    return str(home / "_").removesuffix("_")


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


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all: others may be reading it, or hold it by another name. Text is UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        partial.write_bytes(data.encode() if isinstance(data, str) else data)
        partial.replace(path)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename2 is None:  # where there is no room it names no file
            error.filename = str(path)
        raise


def move(source: Path, target: Path) -> None:
    """Let a file take the place of another one, which may be on another disk.

    Raises:
        FileNotFoundError: there is no such file.
    """
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != EXDEV:
            raise
        write_whole(target, source.read_bytes())
        source.unlink()


def is_below(name: str) -> bool:
    """Whether a file's name on record leads to a place below the folder that it starts from.

    >>> is_below("_site/a:b.html"), is_below("../x"), is_below("/etc/passwd")
    (True, False, False)
    """
    path = PurePath(name)
    return not path.is_absolute() and ".." not in path.parts


def read_kept(path: Path) -> dict[str, Any]:
    """What a file that we keep for ourselves holds (JSON, a mapping).

    Nothing where there is none or it is none, as of another version: what it says is found anew.
    """
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def names_below(folder: Path, above: str = "", without: Collection[str] = ()) -> Iterator[str]:
    """The files below a folder by their names from there, in order; links are not followed.

    What is in the folders that are named in ``without`` is left out.
    """
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{above}{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            yield name
        elif name not in without:
            yield from names_below(Path(entry.path), f"{name}/", without)


def link(source: Path, target: Path) -> None:
    """Give a file a second name, in place of what stands there; a copy where the file system knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # no links here, or not to that one; what else is wrong, the copy says
        shutil.copy2(source, target, follow_symlinks=False)


def link_tree(source: Path, target: Path) -> None:
    """Make a folder hold what another one does, by links to its files; what was on its way there is left out.

    What stands there already stays, if it is the same; the rest goes.
    """
    _link_tree(str(source), str(target))


def _link_tree(source: str, target: str) -> None:
    there: dict[str, os.DirEntry[str]] = {}
    wanted, is_same = os.stat(source), False  # noqa: PTH116  # thousands of folders
    try:
        os.mkdir(target)  # noqa: PTH102  # same
    except FileExistsError:
        present = os.stat(target)  # noqa: PTH116  # same
        if wanted.st_dev == present.st_dev:  # elsewhere, files are known by other numbers
            is_same = (wanted.st_mode, wanted.st_mtime_ns) == (present.st_mode, present.st_mtime_ns)
            with os.scandir(target) as listed:
                there = {entry.name: entry for entry in listed}
        else:
            shutil.rmtree(target)
            os.mkdir(target)  # noqa: PTH102  # same
    with os.scandir(source) as listed:
        for entry in listed:
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and entry.name.endswith(PART):
                continue
            path, stands = f"{target}/{entry.name}", there.pop(entry.name, None)
            if stands and is_folder != stands.is_dir(follow_symlinks=False):
                _remove(stands)
                stands, is_same = None, False
            if is_folder:
                is_same &= stands is not None
                _link_tree(entry.path, path)
            elif not stands or stands.inode() != entry.inode():
                _link(entry.path, path)
                is_same = False
    for stands in there.values():
        _remove(stands)
        is_same = False
    if not is_same:
        shutil.copystat(source, target)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # seldom; asking first would cost a look for each of thousands
        link(Path(source), Path(target))


def _remove(entry: os.DirEntry[str]) -> None:
    shutil.rmtree(entry) if entry.is_dir(follow_symlinks=False) else Path(entry.path).unlink()


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one file system change places in one step; false where the system cannot."""
    names = os.fsencode(one), os.fsencode(other)
    sys.audit("tongbao.exchange", *names)
    try:
        if sys.platform == "darwin":
            return bool(_libc().renamex_np(*names, _SWAP) == 0)
        return bool(_libc().renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


def onto_disk(folder: Path) -> None:
    """Have all that was written to a folder's file system stand on the disk: a power cut takes nothing back."""
    try:
        opened = os.open(folder, os.O_RDONLY)
        try:
            _libc().syncfs(opened)
        finally:
            os.close(opened)
    except (AttributeError, OSError, TypeError):  # not Linux
        getattr(os, "sync", lambda: None)()


def _libc() -> Any:
    import ctypes  # which few commands need

    return ctypes.CDLL(None)
