"""Whether anything at all has changed since everything was built: one look at the folder, before anything is loaded.

After a build of all bulletins ``.tongbao/fresh.json`` holds what was up to date, and a hash over name, size, time and
inode of every file that a build looks at. Where the hash is the same and no file is younger than the record, there is
nothing to do. In all other cases the files themselves are asked.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from tongbao.definition.files import PART, read_kept, write_whole
from tongbao.display.fonts import font_folders

FILE = "fresh.json"
# Below the project, what is changed most often first; folders in it that begin with a dot are not looked at.
_WATCHED = (
    "data/raw",
    "_quarto.yml",
    "requirements.lock",
    "fonts",
    "notebooks",
    "theme",
    "reports",
    "index.ipynb",
    "data/processed",
    "_site",
)
_STATE = ("site.json", "fonts")
_BY_NAME = attrgetter("name")
_Files = list[tuple[str, os.stat_result]]


def find_root() -> Path | None:
    """The folder of the project that the working folder lies in; see ``Project.find``."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file() and (folder / "reports").is_dir():
            return folder
    return None


def is_left_over(root: Path) -> bool:
    """Whether a command is at work in a project, or has left something there when it was killed."""
    names = list[str]()
    for folder in (".tongbao", ".tongbao/site"):
        with suppress(OSError):
            names += os.listdir(root / folder)  # noqa: PTH208
    return any(name == "made" or name.endswith(PART) for name in names)


def what_is_fresh(root: Path, engine: str) -> dict[str, Any] | None:
    """What ``remember`` was told after the last build of everything, if nothing has changed since."""
    record = root / ".tongbao" / FILE
    try:
        # A file of the same tick of the clock may have been written after the record.
        key = _look(root, engine, until=record.stat().st_mtime_ns)
    except OSError:
        return None
    known = read_kept(record)
    return known if key and known.get("key") == key else None


def look_at_sources(root: Path) -> str:
    """A hash over what bulletins are made from: another one whenever a source is written."""
    digest = sha256()
    for name in ("_quarto.yml", "data/raw", "fonts", "notebooks", "reports", "theme"):
        for path, stat in _below(str(root / name)):
            if name != "reports" or path.endswith((".md", ".yml")):  # beside them stands what is built
                digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n".encode())
    return digest.hexdigest()


def remember(root: Path, engine: str, told: dict[str, Any]) -> None:
    """Keep what is up to date now, after a build of everything; nothing is lost where that cannot be."""
    with suppress(OSError):
        written = json.dumps({"key": _look(root, engine), **told}, ensure_ascii=False)
        write_whole(root / ".tongbao" / FILE, written)


def _look(root: Path, engine: str, until: int | None = None) -> str:
    """The hash over all files that a build looks at; empty if one is not older than ``until``, in nanoseconds."""
    digest = sha256()
    digest.update(f"{engine}\0{shutil.which('quarto')}\0{sys.version}\0".encode())
    for folder in font_folders():
        for place, _, names in os.walk(folder):
            digest.update(f"{place}\0{sorted(names)}\n".encode())
    for part in _parts(root):
        lines = [f"{name}\0{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n" for name, stat in part]
        digest.update("".join(lines).encode())
        if until is not None and any(stat.st_mtime_ns >= until for _, stat in part):
            return ""
    return digest.hexdigest()


def _parts(root: Path) -> Iterator[_Files]:
    """Every file of the project, of our packages, and every installed distribution by the name of its record."""
    for name in _WATCHED:
        yield _below(str(root / name))
    for name in _STATE:
        yield _below(str(root / ".tongbao" / name))
    source = Path(__file__).parents[2]
    for package in sorted(source.glob("tongbao*/")):
        yield _below(str(package))
    for folder in sys.path:
        if folder.endswith("site-packages") and os.path.isdir(folder):  # noqa: PTH112  # as all of this, for its speed
            names = sorted(os.listdir(folder))  # noqa: PTH208
            yield [(name, os.stat(folder)) for name in names if name.endswith(".dist-info")]  # noqa: PTH116


def _below(path: str) -> _Files:
    """A file, or every file below a folder, in the order of their names."""
    found: _Files = []
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return found
    if S_ISDIR(stat.st_mode):
        _gather(path, found)
    else:
        found.append((path, stat))
    return found


def _gather(folder: str, found: _Files) -> None:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=_BY_NAME)
    for entry in entries:
        if entry.is_dir():
            if not entry.name.startswith(".") and entry.name != "__pycache__":
                _gather(entry.path, found)
        elif entry.name != "README.md":
            found.append((entry.path, entry.stat()))
