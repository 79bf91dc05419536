"""Tables as files that read and write the same everywhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tongbao.basics.workbook import About, number, text, workbook

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV that a spreadsheet opens as UTF-8."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def workbook_bytes(rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> bytes:
    """XLSX of one sheet, the columns of these headers as numbers."""
    return workbook(_rows(rows, numbers), About(), placed=False)


def _rows(rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> Iterator[list[str]]:
    are_numbers = [False] * len(rows[0]) if rows else []
    for row in rows:
        yield [*map(_cell, row, are_numbers)]
        are_numbers = [name in numbers for name in rows[0]]


@lru_cache(2**14)
def _cell(value: str, is_number: bool) -> str:  # of which a table has many alike
    return number(value) if is_number and _NUMBER.fullmatch(value) else text(value)
