"""Whether anything at all has changed since everything was built: one look at the folder, before anything is loaded.

After a build of all bulletins ``.tongbao/fresh.json`` holds what was up to date, and a hash over name, size, time and
inode of every file that a build looks at. Where the hash is the same and no file is younger than the record, there is
nothing to do. In all other cases the files themselves are asked. A build looks while its workers are busy, and in the
end once more at what it has written itself; nothing is remembered where somebody else has written since it began.
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
from pathlib import Path
from time import time_ns
from typing import Any

from tongbao.definition.files import PART, read_kept, write_whole
from tongbao.display.fonts import font_folders

FILE = "fresh.json"
# Below the project, what is changed most often first; what begins with a dot is not looked at.
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


class _YoungerError(OSError):
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


def is_unbuilt(root: Path, targets: Iterable[str]) -> bool:
    """Whether one of ``SERIES@PERIOD`` has figures and was never built."""
    named = (target.replace("@", "/") for target in targets if "@" in target)
    return any((root / "data/raw" / one).is_dir() and not (root / "data/processed" / one).exists() for one in named)


def what_is_fresh(root: Path, engine: str) -> dict[str, Any] | None:
    """What was remembered after the last build of everything, if nothing has changed since."""
    record = root / ".tongbao" / FILE
    try:
        # A file of the same tick of the clock may have been written after the record.
        seen = Seen(root, engine, until=record.stat().st_mtime_ns)
    except OSError:
        return None
    known = read_kept(record)
    return known if known.get("key") == seen.key else None


class Seen:
    """Every file that a build looks at, as it was when it was looked at.

    Raises:
        _YoungerError: one is not older than ``until``, in nanoseconds, but for those that every build writes.
    """

    def __init__(self, root: Path, engine: str, until: float = inf) -> None:
        self._root, self._files = root, dict[str, str]()
        self._beside = [engine, str(shutil.which("quarto")), sys.version]
        for folder in font_folders():
            self._beside += [f"{path} {sorted(names)}" for path, _, names in os.walk(folder)]
        for path in (*(f"{root}/{name}" for name in _WATCHED), *map(str, Path(__file__).parents[2].glob("tongbao*/"))):
            _gather(path, self._files, until)
        for name in _OWN:
            _gather(f"{root}/{name}", self._files)
        for place in sys.path:
            if place.endswith("site-packages") and os.path.isdir(place):  # noqa: PTH112  # as all of this, for its speed
                # What is installed is known by the names of its records.
                names = sorted(name for name in os.listdir(place) if name.endswith(".dist-info"))  # noqa: PTH208
                self._beside += [*names, _sign(os.stat(place), until)]  # noqa: PTH116

    def again(self, paths: Iterable[Path], removed: Iterable[Path]) -> None:
        """Look once more at files that were written or taken out, and at what every build writes.

        What lay below ``removed``, which may be folders, is seen no more.
        """
        if gone := tuple(f"{path}/" for path in removed):
            self._files = {path: sign for path, sign in self._files.items() if not path.startswith(gone)}
        for path in (*map(str, paths), *(f"{self._root}/{name}" for name in _OWN)):
            self._files.pop(path, None)
            _gather(path, self._files)

    @property
    def key(self) -> str:
        """A hash over all of it."""
        lines = (f"{path}\0{sign}" for path, sign in sorted(self._files.items()))
        return sha256("\n".join((*self._beside, *lines)).encode()).hexdigest()

    def remember(self, told: dict[str, Any]) -> None:
        """Keep what is up to date now, after a build of everything; nothing is lost where that cannot be."""
        with suppress(OSError):
            written = json.dumps({"key": self.key, **told}, ensure_ascii=False)
            write_whole(self._root / ".tongbao" / FILE, written)


def now() -> float:
    """The time in nanoseconds that a file written from now on has at least: file systems' clocks tick seldom."""
    return time_ns() - 50_000_000


def look_at_sources(root: Path) -> str:
    """A hash over what bulletins are made from: another one whenever a source is written."""
    found: dict[str, str] = {}
    for name in ("_quarto.yml", "data/raw", "fonts", "notebooks", "reports", "theme"):
        _gather(f"{root}/{name}", found)
    # Beside texts and definitions stands what is built.
    sources = sorted(
        one for one in found.items() if not one[0].startswith(f"{root}/reports/") or one[0].endswith((".md", ".yml"))
    )
    return sha256(repr(sources).encode()).hexdigest()


def _gather(path: str, found: dict[str, str], until: float = inf) -> None:
    """Add a file, or all that are in a folder and below.

    Raises:
        _YoungerError: one is not older than ``until``, in nanoseconds.
    """
    try:
        with os.scandir(path) as listed:
            entries = list(listed)
    except NotADirectoryError:
        found[path] = _sign(os.stat(path), until)  # noqa: PTH116  # as all of this, for its speed
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in ("README.md", "__pycache__"):  # an editor's, or ours
            continue
        if entry.is_dir():
            _gather(entry.path, found, until)
            continue
        try:
            found[entry.path] = _sign(entry.stat(), until)
        except FileNotFoundError:  # it goes away, or leads nowhere
            continue


def _sign(stat: os.stat_result, until: float) -> str:
    if stat.st_mtime_ns >= until:
        raise _YoungerError
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}"
