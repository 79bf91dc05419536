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
from pathlib import Path
from typing import Any

from tongbao.definition.files import PART, read_kept, write_whole
from tongbao.display.fonts import font_folders

FILE = "fresh.json"
# Below the project; and what is not looked at in it: folders that begin with a dot, and those of nobody's interest.
_WATCHED = (
    "_quarto.yml",
    "requirements.lock",
    "data",
    "fonts",
    "index.ipynb",
    "notebooks",
    "reports",
    "theme",
    "_site",
)
_STATE = ("site.json", "fonts")


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
        written = record.stat().st_mtime_ns
        key, newest = _look(root, engine)
    except OSError:
        return None
    known = read_kept(record)
    # A file of the same tick of the clock may have been written after the record.
    return known if known.get("key") == key and newest < written else None


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
        key, _ = _look(root, engine)
        write_whole(root / ".tongbao" / FILE, json.dumps({"key": key, **told}, ensure_ascii=False))


def _look(root: Path, engine: str) -> tuple[str, int]:
    """The hash over all files that a build looks at, and when the youngest was written, in nanoseconds."""
    digest, newest = sha256(), 0
    digest.update(f"{engine}\0{shutil.which('quarto')}\0{sys.version}\0".encode())
    for folder in font_folders():
        for place, _, names in os.walk(folder):
            digest.update(f"{place}\0{sorted(names)}\n".encode())
    for name, stat in _files(root):
        digest.update(f"{name}\0{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n".encode())
        newest = max(newest, stat.st_mtime_ns)
    return digest.hexdigest(), newest


def _files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file of the project, of our packages, and every installed distribution by the name of its record."""
    for name in _WATCHED:
        yield from _below(str(root / name))
    for name in _STATE:
        yield from _below(str(root / ".tongbao" / name))
    source = Path(__file__).parents[2]
    for package in sorted(source.glob("tongbao*/")):
        yield from _below(str(package))
    for folder in sys.path:
        if folder.endswith("site-packages") and os.path.isdir(folder):  # noqa: PTH112  # as all of this, for its speed
            for name in sorted(os.listdir(folder)):  # noqa: PTH208
                if name.endswith(".dist-info"):
                    yield from [(name, os.stat(folder))]  # noqa: PTH116


def _below(path: str) -> Iterator[tuple[str, os.stat_result]]:
    """A file, or every file below a folder, in the order of their names."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return
    if not os.path.isdir(path):  # noqa: PTH112
        yield path, found
        return
    with os.scandir(path) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if not entry.name.startswith(".") and entry.name != "__pycache__":
                yield from _below(entry.path)
        elif entry.name != "README.md":
            yield entry.path, entry.stat()
