"""The figures of all periods of a series in one table, as files that read and write the same everywhere."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tongbao.basics.workbook import About, number, text, unplaced, workbook
from tongbao_site.entry import Entry

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NUMBERS = {"value", "rank"}
_PARAMETERS, _WITHOUT = "parameters", "without"
_KEPT = 128


class Part(NamedTuple):
    """One bulletin's rows: their headers, and what they are in CSV and in a sheet."""

    head: tuple[str, ...]
    csv: str
    sheet: str


_READ: dict[tuple[object, ...], Part] = {}
"""What was read ahead, by record and file."""


def read_ahead(site: Path, entries: Sequence[Entry]) -> None:
    """Read the rows of bulletins for the tables to be made next; not of more than a series has."""
    _READ.clear()
    for entry in entries if len(entries) <= _KEPT else ():
        if sign := _sign(site, entry):
            _READ[sign] = _part(site, entry)


def table_files(site: Path, entries: Sequence[Entry]) -> dict[str, bytes]:
    """The table as CSV and XLSX, oldest period first.

    Behind each figure stand the parameters that it was worked out with, which the formula only names, and the units
    that it leaves out. A column that some bulletins lack, as of an earlier version, is blank there.

    Arguments:
        site: where the bulletins stand.
        entries: those of a series, latest first.
    """
    there = [entry for entry in reversed(entries) if _sign(site, entry)]
    parts = [_READ.get(_sign(site, entry)) or _part(site, entry) for entry in there]
    head = tuple(dict.fromkeys(name for part in parts for name in part.head))
    parts = [part if part.head == head else _part(site, entry, head) for part, entry in zip(parts, there, strict=True)]
    first = [_made([head])] if head else []
    return {
        "all.csv": "".join(part.csv for part in (*first, *parts)).encode("utf-8-sig"),
        "all.xlsx": workbook("".join(part.sheet for part in (*first, *parts)), About()),
    }


def _file(site: Path, entry: Entry) -> Path:
    return site / "reports" / entry.series / f"{entry.period}.csv"


def _sign(site: Path, entry: Entry) -> tuple[object, ...]:
    """By what the rows of a bulletin are known; nothing where it has none."""
    try:
        stat = os.stat(_file(site, entry))  # noqa: PTH116  # a series has many
    except FileNotFoundError:
        return ()
    return entry.digest, stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size


def _part(site: Path, entry: Entry, head: tuple[str, ...] = ()) -> Part:
    """A bulletin's rows, under other headers where these are given."""
    own, *rows = list(csv.reader(io.StringIO(_file(site, entry).read_text("utf-8-sig")))) or [[]]
    of = {measure: "; ".join(map("=".join, made.items())) for measure, made in entry.held.parameters.items()}
    at = own.index("measure") if rows else 0
    whose = own.index("unit") if "unit" in own else None
    rows = [[*row, of.get(row[at], ""), "" if whose is None else _without(entry, row[at], row[whose])] for row in rows]
    own = [*own, _PARAMETERS, _WITHOUT] if own else []
    if head:
        rows = [[named.get(name, "") for name in head] for named in (dict(zip(own, row, strict=False)) for row in rows)]
    return _made(rows, head or tuple(own))


def _without(entry: Entry, measure: str, unit: str) -> str:
    """The ids of the units that a figure of all of them leaves out."""
    held = entry.held.values.get(measure, {}).get(unit) or ()
    return "; ".join(held[4]) if len(held) > 4 else ""


def _made(rows: Iterable[Sequence[str]], head: tuple[str, ...] = ()) -> Part:
    """Rows below these headers; without headers all cells are texts."""
    listed = list(rows)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(listed)
    return Part(head, written.getvalue(), unplaced(_cells(listed, head)))


def _cells(rows: Iterable[Sequence[str]], head: Sequence[str]) -> Iterator[list[str]]:
    are_numbers = [name in _NUMBERS for name in head]
    for row in rows:
        yield [*map(_cell, row, are_numbers or [False] * len(row))]


@lru_cache(2**14)
def _cell(value: str, is_number: bool) -> str:  # of which a table has many alike
    return number(value) if is_number and _NUMBER.fullmatch(value) else text(value)
