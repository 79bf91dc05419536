"""Whether anything at all has changed since everything was built: one look at the folder, before anything is loaded.

After a build of all bulletins ``.tongbao/fresh.json`` holds what was up to date, and a hash over name, size, time and
inode of every file that a build looks at. Where the hash is the same and no file is younger than the record, there is
nothing to do. In all other cases the files themselves are asked. A build looks while its workers are busy, and in the
end once more where it has written: what somebody else has written meanwhile is then new to the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from math import inf
from operator import attrgetter
from pathlib import Path
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
    "data/processed",
    "_site",
)
# Written by every build that writes anything.
_OWN = ("index.ipynb", ".tongbao/site.json", ".tongbao/fonts")
_BY_NAME = attrgetter("name")


class _YoungerError(Exception):
    """A file that is not older than what it is held to."""


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
    """What was remembered after the last build of everything, if nothing has changed since."""
    record = root / ".tongbao" / FILE
    try:
        # A file of the same tick of the clock may have been written after the record.
        seen = Seen(root, engine, until=record.stat().st_mtime_ns)
    except (OSError, _YoungerError):
        return None
    known = read_kept(record)
    return known if known.get("key") == seen.key else None


class Seen:
    """Every file that a build looks at, as it was when it was looked at.

    Raises:
        _YoungerError: one is not older than ``until``, in nanoseconds.
    """

    def __init__(self, root: Path, engine: str, until: float = inf) -> None:
        self._root, self._files = root, dict[str, str]()  # by their folder
        self._beside = [engine, str(shutil.which("quarto")), sys.version]
        for folder in font_folders():
            self._beside += [f"{path} {sorted(names)}" for path, _, names in os.walk(folder)]
        packages = map(str, Path(__file__).parents[2].glob("tongbao*/"))
        for path in (*(f"{root}/{name}" for name in (*_WATCHED, *_OWN)), *packages):
            _gather(path, self._files, until=until)
        for place in sys.path:
            if place.endswith("site-packages") and os.path.isdir(place):  # noqa: PTH112  # as all of this, for its speed
                # What is installed is known by the names of its records.
                names = sorted(name for name in os.listdir(place) if name.endswith(".dist-info"))  # noqa: PTH208
                self._beside += [*names, _line(place, os.stat(place), until)]  # noqa: PTH116

    def again(self, names: Iterable[Path]) -> None:
        """Look once more into the folders of some files, and at what every build writes."""
        places = {path if path.parent == self._root else path.parent for path in names}
        for place in (*map(str, places), *(f"{self._root}/{name}" for name in _OWN)):
            self._files.pop(place, None)
            _gather(place, self._files, deep=False)

    @property
    def key(self) -> str:
        """A hash over all of it."""
        return sha256("\0".join((*self._beside, *map(str, sorted(self._files.items())))).encode()).hexdigest()

    def remember(self, told: dict[str, Any]) -> None:
        """Keep what is up to date now, after a build of everything; nothing is lost where that cannot be."""
        with suppress(OSError):
            written = json.dumps({"key": self.key, **told}, ensure_ascii=False)
            write_whole(self._root / ".tongbao" / FILE, written)


def look_at_sources(root: Path) -> str:
    """A hash over what bulletins are made from: another one whenever a source is written."""
    found: dict[str, str] = {}
    for name in ("_quarto.yml", "data/raw", "fonts", "notebooks", "reports", "theme"):
        # Beside texts and definitions stands what is built.
        _gather(str(root / name), found, ends=(".md", ".yml") if name == "reports" else ())
    return sha256(repr(found).encode()).hexdigest()


def _gather(
    path: str, found: dict[str, str], *, until: float = inf, ends: tuple[str, ...] = (), deep: bool = True
) -> None:
    """Add what is in a folder and below, the files of each folder as one text; or a single file.

    Raises:
        _YoungerError: one is not older than ``until``, in nanoseconds.
    """
    try:
        with os.scandir(path) as listed:
            entries = sorted(listed, key=_BY_NAME)
    except NotADirectoryError:
        found[path] = _line(path, os.stat(path), until)  # noqa: PTH116  # as all of this, for its speed
        return
    except FileNotFoundError:
        return
    lines = []
    for entry in entries:
        if entry.is_dir():
            if deep and not entry.name.startswith(".") and entry.name != "__pycache__":
                _gather(entry.path, found, until=until, ends=ends)
        elif entry.name != "README.md" and (not ends or entry.name.endswith(ends)):
            lines.append(_line(entry.name, entry.stat(), until))
    if lines:
        found[path] = "".join(lines)


def _line(name: str, stat: os.stat_result, until: float) -> str:
    if stat.st_mtime_ns >= until:
        raise _YoungerError
    return f"{name}\0{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}\n"
