"""Find a table in a sheet: the header below title rows, over one to three rows, and each declared column's place."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from tongbao.basics.errors import DataError, did_you_mean
from tongbao.basics.measurement import is_another_scale
from tongbao.basics.workbook import column_letter
from tongbao.definition.tables import Column, TableDef
from tongbao.reading.grid import Sheet
from tongbao.reading.labels import BLANK_MARKS, normalise, split_unit

SEARCHED_ROWS = 30
MAX_HEADER_ROWS = 3
# Columns that forms have and no bulletin prints.
IGNORED = frozenset({"序号", "备注", "说明"})
# Units of measurement as a line above a table gives them (单位：元、人), not who fills it in (填报单位：…).
_UNITS = (
    re.compile(r"(?:^|[\s(\[【,;。])(?:(?:计量|金额|货币)?单\s*位\s*[:为(]|金额\s*:)(.+)", re.DOTALL),
    re.compile(r"(?:^|[\s(\[【,;。])(?:计量|金额|货币)?单\s*位\s+([^\s()]+)[\s)]*$"),
    re.compile(r"以(.+?)为\s*单\s*位"),
    re.compile(r"\(([^()]+)\)\s*$"),
)
# What stands over the units' names where a row numbers the columns.
_NUMBERED = frozenset({"", "甲", "乙", "栏次", "行次", "序号", "0", "1", "A"})
_BETWEEN = re.compile(r"[\s、,;:/。和及与()\[\]【】]+")


@dataclass(frozen=True)
class Header:
    """Where a table starts: 0-based last header row, the units' column, each declared column's place; its first row."""

    row: int
    unit_column: int
    columns: dict[str, int]
    first: int


@dataclass(frozen=True)
class _Match:
    row: int
    labels: list[str]
    unit_column: int | None
    columns: dict[str, int]

    @property
    def score(self) -> tuple[bool, int]:
        return (self.unit_column is not None, len(self.columns))

    def lacks(self, definition: TableDef) -> list[str]:
        """Columns that must be there and are not; ranks and rates that are computed may be left out."""
        return [name for name, column in definition.columns.items() if column.is_measure and name not in self.columns]


def find_header(sheet: Sheet, definition: TableDef) -> Header:
    """Find the declared columns in a sheet.

    Raises:
        DataError: no header row, a column that is missing, in another unit, or not declared.
    """
    best: _Match | None = None
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for depth in range(1, MAX_HEADER_ROWS + 1):
            if row + depth > len(sheet.rows):
                break
            match = _match(_labels(sheet, row, depth), row + depth - 1, definition)
            if best is None or match.score > best.score:
                best = match
        if best and best.score == (True, len(definition.columns)):
            break
    if best is None or best.score < (True, 1):
        found = "、".join(filter(None, best.labels)) if best else None
        wanted = "、".join(column.header for column in definition.columns.values())
        expected = f"a row with {definition.unit_header.zh}, {wanted}"
        if best and best.unit_column is not None and (other := _in_another_unit(best, definition, sheet.place)):
            raise other
        hint = "where the column of the units' names is headed otherwise, declare that with the table: unit_header"
        raise DataError(
            "no header row with the units' names",
            place=sheet.place,
            found=found,
            expected=expected,
            hint=hint if best and best.columns else None,
        )
    if best.lacks(definition):
        raise _missing(best, definition, sheet.place)
    first = _first_row(sheet, best, definition)
    best = _with_units_below(sheet, best, definition)
    _refuse_other_units(sheet, best, definition)
    _refuse_undeclared(sheet, best, IGNORED | set(map(normalise, definition.ignore)))
    assert best.unit_column is not None  # noqa: S101  # its score says so
    return Header(best.row + _numbers_below(sheet, best), best.unit_column, best.columns, first)


def _first_row(sheet: Sheet, best: _Match, definition: TableDef) -> int:
    """Where the header begins: its last row alone, or with as many above it as the columns are not told without."""
    rows = range(best.row, max(best.row - MAX_HEADER_ROWS, -1), -1)
    matches = ((row, _match(_labels(sheet, row, best.row - row + 1), best.row, definition)) for row in rows)
    return next((row for row, match in matches if match.score == best.score), best.row)


def _with_units_below(sheet: Sheet, match: _Match, definition: TableDef) -> _Match:
    """The header with a row below it that gives the columns' units of measurement, as forms have it."""
    below = _row_below(sheet, match)
    told = {name: below[at] for name, at in match.columns.items() if at < len(below) and below[at] not in BLANK_MARKS}
    known = {name: _unit_of(definition.columns[name]) for name in told}
    if not told or _first(below, match) not in (
        "",
        "单位",
        "计量单位",
        *_readings(match.labels[match.unit_column or 0]),
    ):
        return match
    if not all(unit == known[name] or is_another_scale(known[name], unit) for name, unit in told.items()):
        return match
    labels = [f"{label}\n({unit})" if unit else label for label, unit in zip(match.labels, below, strict=True)]
    return replace(match, row=match.row + 1, labels=labels)


def _unit_of(column: Column) -> str:
    return normalise(column.unit) or split_unit(column.header)[1]


def _row_below(sheet: Sheet, match: _Match) -> list[str]:
    """The cells below a header, folded and without brackets."""
    return [normalise(cell.text).strip("()") for row in sheet.rows[match.row + 1 : match.row + 2] for cell in row]


def _first(cells: Sequence[str], match: _Match) -> str:
    """What stands in the units' column."""
    return cells[match.unit_column] if match.unit_column is not None and cells else "?"


def _numbers_below(sheet: Sheet, match: _Match) -> bool:
    """Whether the row below a header only numbers the columns: 甲, 1, 2, 3."""
    below = _row_below(sheet, match)
    numbers = [below[at] for at in sorted(match.columns.values())] if below else []
    counted = [str(at) for start in (1, 2) for at in range(start, start + len(numbers)) if numbers[:1] == [str(start)]]
    return len(numbers) > 1 and numbers == counted and _first(below, match) in _NUMBERED


def _labels(sheet: Sheet, row: int, depth: int) -> list[str]:
    """Each column's header: what stands in it, top down, a merged cell counted once."""
    labels = []
    for column in range(len(sheet.rows[row])):
        parts: list[str] = []
        for step in range(depth):
            text = normalise(sheet.rows[row + step][column].text)
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        labels.append("\n".join(parts))
    return labels


def _match(labels: list[str], row: int, definition: TableDef) -> _Match:
    wanted = normalise(definition.unit_header.zh)
    unit_column = next((index for index, label in enumerate(labels) if wanted in _readings(label)), None)
    declared = {name: column.header for name, column in definition.columns.items()}
    repeated = {header for header, count in Counter(map(normalise, declared.values())).items() if count > 1}
    free = {index: label for index, label in enumerate(labels) if index != unit_column}
    columns: dict[str, int] = {}

    def put(name: str, after: int = -1, before: int | None = None) -> None:
        within = {at: label for at, label in free.items() if at > after and (before is None or at < before)}
        if (index := _place(declared[name], within)) is not None:
            columns[name] = index
            del free[index]

    alone = [name for name, header in declared.items() if normalise(header) not in repeated]
    for name in alone:
        put(name)
    previous = -1 if unit_column is None else unit_column
    for name in declared:
        if name not in alone:  # a header that stands several times (排序) belongs to the column before it
            put(name, previous, min((at for at in columns.values() if at > previous), default=None))
        previous = columns.get(name, previous)
    return _Match(row, labels, unit_column, {name: columns[name] for name in declared if name in columns})


@lru_cache(maxsize=65536)
def _readings(label: str) -> frozenset[str]:
    """What a header of several rows may be read as: all of it, or its last row."""
    return frozenset((label.replace("\n", ""), label.rpartition("\n")[2]))


def _place(header: str, free: dict[int, str]) -> int | None:
    wanted = normalise(header)
    for index, label in free.items():
        if wanted in _readings(label):
            return index
    base, unit = split_unit(header)
    for index, label in free.items():
        for reading in _readings(label):
            found, found_unit = split_unit(reading)
            if found == base and (not unit or not found_unit or unit == found_unit):
                return index
    return None


def _missing(best: _Match, definition: TableDef, place: str) -> DataError:
    header = definition.columns[best.lacks(definition)[0]].header
    taken = set(best.columns.values())
    others = [label.replace("\n", "") for index, label in enumerate(best.labels) if index not in taken and label]
    return _in_another_unit(best, definition, place) or DataError(
        "a column is missing",
        place=f"{place} row {best.row + 1}",
        found="、".join(label.replace("\n", "") for label in best.labels if label),
        expected=header,
        hint=did_you_mean(normalise(header), others) if others else None,
    )


def _in_another_unit(best: _Match, definition: TableDef, place: str) -> DataError | None:
    """The complaint about a column that is missed because its header gives another unit of measurement."""
    taken = set(best.columns.values())
    for name in best.lacks(definition):
        header = definition.columns[name].header
        base, unit = split_unit(header)
        for label in (one.replace("\n", "") for index, one in enumerate(best.labels) if index not in taken and one):
            if unit and split_unit(label)[0] == base:
                return DataError(
                    "a column is in another unit",
                    place=f"{place} row {best.row + 1}",
                    found=label,
                    expected=f"{header}: figures in {unit}",
                    hint="convert the figures, never only the header",
                )
    return None


def columns_told(sheet: Sheet, definition: TableDef) -> int:
    """How many of a table's columns a sheet names near its top, be it in another unit: is it meant to be that table?"""
    said = {split_unit(cell.text)[0] for row in sheet.rows[:SEARCHED_ROWS] for cell in row}
    return len({split_unit(column.header)[0] for column in definition.columns.values()} & said)


def _refuse_other_units(sheet: Sheet, match: _Match, definition: TableDef) -> None:
    """Refuse figures that by their header, or else by a line above the table, are in 元 where 万元 is declared."""
    above = list(units_told((cell.text for cell in row) for row in sheet.rows[: match.row]))
    for name, at in match.columns.items():
        column, label = definition.columns[name], match.labels[at]
        unit = _unit_of(column)
        own = {one for part in label.split("\n") for one in _BETWEEN.split(split_unit(part)[1])} - {""}
        told = [(match.row + 1, label.replace("\n", ""), own)] if own else above
        is_told = not unit or any(unit in units for _, _, units in told)
        for row, text, units in told:
            if not is_told and any(is_another_scale(unit, other) for other in units):
                raise DataError(
                    "a column is in another unit",
                    place=f"{sheet.place} row {row}",
                    found=text,
                    expected=f"{column.header}: figures in {unit}",
                    hint="convert the figures, never only the header",
                )


def units_told(rows: Iterable[Iterable[str]]) -> Iterator[tuple[int, str, set[str]]]:
    """The lines above a header that tell units of measurement: row (1-based), words, and the units."""
    for row, cells in enumerate(rows, start=1):
        line = unicodedata.normalize("NFKC", " ".join(dict.fromkeys(cells))).strip()
        if found := next(filter(None, (pattern.search(line) for pattern in _UNITS)), None):
            yield row, found[0].strip(), {one.removeprefix("人民币") for one in _BETWEEN.split(found[1])} - {""}


def _refuse_undeclared(sheet: Sheet, match: _Match, ignored: AbstractSet[str]) -> None:
    taken = {match.unit_column, *match.columns.values()}
    for index, label in enumerate(match.labels):
        if index in taken or _readings(label) & ignored:
            continue
        below = any(row[index].text.strip() for row in sheet.rows[match.row + 1 :])
        if label or below:
            raise DataError(
                "a column that the series does not declare",
                place=f"{sheet.place} {column_letter(index)}{match.row + 1}",
                found=label.replace("\n", "") or "(no header)",
                hint="declare it in series.yml, or name it under ignore there, or take it out",
            )
