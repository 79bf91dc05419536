"""Case records read afresh, row by row, without a database."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from tongbao.audit.arithmetic import NotComputableError
from tongbao.definition.series import Series
from tongbao.reading.cell import Source, column_letter
from tongbao.reading.labels import normalise
from tongbao_records.layout import FIELDS

LARGEST = 50_000_000  # bytes; reading more row by row takes minutes
YES = frozenset({"是", "有", "Y", "YES", "1", "TRUE", "√"})


@dataclass(frozen=True, slots=True)
class Row:
    """A case record: the unit's id (empty where it is none), its fields, what was written, and where.

    ``columns`` are the letters of the file's columns by field.
    """

    unit: str
    fields: Mapping[str, str]
    written: Mapping[str, str]
    file: str
    number: int
    columns: Mapping[str, str]

    def get(self, name: str) -> str:
        """A field; empty where it is blank, or where the file has no such column."""
        return self.fields.get(name, "")

    def day(self, name: str) -> date | None:
        """A date; ``None`` for a blank.

        Raises:
            NotComputableError: it is not written as 2021-01-05.
        """
        text = self.get(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise NotComputableError(f"{text} is not written as a plain date") from None

    def amount(self, name: str) -> Fraction | None:
        """A number; ``None`` for a blank.

        Raises:
            NotComputableError: it is not written in plain digits.
        """
        text = self.get(name)
        try:
            return Fraction(text) if text else None
        except ValueError:
            raise NotComputableError(f"{text} is not written as a plain number") from None

    def place(self, name: str) -> Source:
        """Where a field stands."""
        return Source(self.file, None, self.number, self.columns.get(name, "A"))


def read_rows(series: Series, paths: Iterable[Path], root: Path) -> list[Row]:
    """Every case record of some files, which are named relative to ``root``.

    Raises:
        NotComputableError: files that are no plain CSV of the layout's headers, or too large to read row by row.
    """
    names = {normalise(name): unit.id for unit in series.units
             for name in (unit.zh, unit.short, unit.en, *unit.aliases) if name}  # fmt: skip
    return [row for path in paths for row in _rows(path, series, names, root)]


def _rows(path: Path, series: Series, units: Mapping[str, str], root: Path) -> Iterator[Row]:
    if path.suffix.lower() != ".csv" or path.stat().st_size > LARGEST:
        raise NotComputableError(f"{path.name} is no CSV, or too large to read row by row")
    source = series.records
    known = {field.header: field.name for field in FIELDS} | {field.name: field.name for field in FIELDS}
    known |= source.headers if source else {}
    words = source.values if source else {}
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        header = [known.get(cell.strip(), "") for cell in next(reader, [])]
        if "" in header:
            raise NotComputableError(f"{path.name} has columns that are not the layout's")
        columns = {name: column_letter(index) for index, name in enumerate(header)}
        for number, line in enumerate(reader, start=2):
            if line:
                written = {name: cell.strip() for name, cell in zip(header, line, strict=False)}
                fields = {name: words.get(name, {}).get(cell, cell) for name, cell in written.items()}
                yield Row(units.get(normalise(fields["unit"]), ""), fields, written, file, number, columns)
