"""Which files in a period's folder a table is read from, and which lie there under no name that is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tongbao.basics.errors import DataError
from tongbao.definition.files import relative
from tongbao.definition.series import Series
from tongbao.reading.grid import SUFFIXES

_SYSTEMS = ("thumbs.db", "desktop.ini")


def find_files(folder: Path, pattern: str, root: Path) -> list[Path]:
    """The files a table is read from: all that match a pattern, or the one of that name with any known ending.

    Raises:
        DataError: none, or two of the same name.
    """
    if "*" in pattern:
        found = sorted(path for path in folder.glob(pattern) if path.is_file() and _is_ours(path))
        if not found:
            raise DataError("no file matches", place=relative(folder, root), expected=pattern)
        return found
    wanted = folder / pattern
    found = [path for suffix in SUFFIXES if (path := wanted.with_suffix(suffix)).is_file()]
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise DataError("the same table twice", place=relative(folder, root), found=names, expected="one of them")
    return found or [wanted]


def is_there(folder: Path, pattern: str) -> bool:
    """Whether a table has any file, under whatever ending."""
    return any(path.is_file() for path in _files_of(folder, pattern))


def strays(folder: Path, series: Series) -> list[Path]:
    """The files in a period's folder that by their names are no table and not the facts: misnamed, perhaps."""
    tables = [path for table in series.tables.values() if table.file for path in _files_of(folder, table.file)]
    others = {path for path in folder.rglob("*") if path.is_file()} - {*tables, folder / "facts.csv"}
    return sorted(filter(_is_ours, others))


def _is_ours(path: Path) -> bool:
    """Whether a person has put a file there, and no program that looked at the folder or has a file open."""
    return not path.name.startswith(("~$", ".")) and path.name.lower() not in _SYSTEMS


def _files_of(folder: Path, pattern: str) -> Iterator[Path]:
    names = [pattern] if "*" in pattern else [Path(pattern).with_suffix(suffix).as_posix() for suffix in SUFFIXES]
    return chain.from_iterable(map(folder.glob, names))
