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
_PARAMETERS = "parameters"
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
    for entry in entries if len(entries) <= _KEPT else ():
        _part(site, entry)


def table_files(site: Path, entries: Sequence[Entry]) -> dict[str, bytes]:
    """The table as CSV and XLSX, oldest period first.

    Behind each figure stand the parameters that it was worked out with, which the formula only names.

    Arguments:
        site: where the bulletins stand.
        entries: those of a series, latest first.
    """
    parts = [part for entry in entries[::-1] if (part := _part(site, entry)).head]
    _READ.clear()
    heads = [_made([part.head]) for part in parts[:1]]
    listed = "".join([*(one.csv for one in heads), *(part.csv for part in parts)])
    sheet = "".join([*(one.sheet for one in heads), *(part.sheet for part in parts)])
    return {"all.csv": listed.encode("utf-8-sig"), "all.xlsx": workbook(sheet, About())}


def _part(site: Path, entry: Entry) -> Part:
    path = site / "reports" / entry.series / f"{entry.period}.csv"
    try:
        stat = os.stat(path)  # noqa: PTH116  # a series has many
    except FileNotFoundError:
        return Part((), "", "")
    sign = entry.digest, stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size
    if sign not in _READ:
        head, *rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")))) or [[]]
        of = {measure: "; ".join(map("=".join, made.items())) for measure, made in entry.held.parameters.items()}
        at = head.index("measure") if rows else 0
        _READ[sign] = _made([[*row, of.get(row[at], "")] for row in rows], (*head, _PARAMETERS) if head else ())
    return _READ[sign]


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
