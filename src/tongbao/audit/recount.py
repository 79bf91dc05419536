"""Case records counted again, row by row: a second path to every counted cell, without a database."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from tongbao.audit.arithmetic import NotComputableError
from tongbao.ingest.labels import normalise
from tongbao.period import Period
from tongbao.records.layout import FIELDS
from tongbao.records.measures import MEASURES, SCALES
from tongbao.series.models import Column, Series, TableDef
from tongbao.series.records import RecordCondition

LARGEST = 50_000_000  # bytes; reading more row by row takes minutes
Row = Mapping[str, str]
Recounted = dict[tuple[str, str, str], tuple[Fraction | None, int]]
_YES = frozenset({"是", "有", "Y", "YES", "1", "TRUE", "√"})


def _yes(name: str) -> Callable[[Row], bool]:
    return lambda row: row.get(name, "").upper() in _YES


def _no(name: str) -> Callable[[Row], bool]:
    return lambda row: row.get(name, "").upper() not in _YES


def _in_time(name: str) -> Callable[[Row], bool]:
    return lambda row: bool(row.get(f"{name}_done")) and _day(row[f"{name}_done"]) <= _day(row[f"{name}_due"])


_ONLY: dict[str, Callable[[Row], bool]] = {
    "mobile_inspections": lambda row: row.get("terminal") == "移动端",
    "random_tasks_on_time": _in_time("random_task"),
    "rectifications_on_time": _in_time("rectification"),
    "suspensions": _yes("suspended"),
    "serious_cases": _yes("serious_violation"),
    "non_accident_penalties": _no("accident_fine"),
    "non_accident_fines": _no("accident_fine"),
    "transferred": _yes("transferred"),
}


def recount(series: Series, period: Period, paths: Iterable[Path]) -> Recounted:
    """Every counted cell by table, unit and column: its value (``None`` for a blank) and the records behind it.

    Raises:
        NotComputableError: files that are no plain CSV of the layout's headers, or too large to read row by row.
    """
    rows = [row for path in paths for row in _rows(path, series)]
    by_unit: dict[str, list[Row]] = defaultdict(list)
    names = {normalise(name): unit.id for unit in series.units
             for name in (unit.zh, unit.short, unit.en, *unit.aliases) if name}  # fmt: skip
    for row in rows:
        by_unit[names.get(normalise(row["unit"]), "")].append(row)
    found: Recounted = {}
    for name, table in series.tables.items():
        if table.records:
            for unit in series.units:
                found |= {(name, unit.id, key): counted for key, counted in _line(table, by_unit[unit.id], period)}
    return found


def _line(table: TableDef, rows: list[Row], period: Period) -> Iterator[tuple[str, tuple[Fraction | None, int]]]:
    columns = {key: column for key, column in table.columns.items() if column.measure is not None}
    counted = {key: _count(column, table.where, rows, period) for key, column in columns.items()}
    visits = _count(Column(header="", measure="inspections", unit="家次"), table.where, rows, period)
    if not visits[1] and not any(records for _, records in counted.values()):
        blank = Fraction(0) if table.without_records == "zero" else None
        yield from ((key, (blank, 0)) for key in columns)
    else:
        yield from counted.items()


def _count(
    column: Column, where: Mapping[str, RecordCondition], rows: list[Row], period: Period
) -> tuple[Fraction, int]:
    name = column.measure or ""
    measure, conditions = MEASURES[name], {**where, **column.where}
    if measure.condition and name not in _ONLY:
        raise NotComputableError(f"which records {name} counts")
    only = _ONLY.get(name)
    if only is not None:
        rows = [row for row in rows if only(row)]
    kept = [row for row in rows if row.get(measure.date) and period.start <= _day(row[measure.date]) <= period.end
            and all(_fulfils(row.get(f, ""), c) for f, c in conditions.items())]  # fmt: skip
    if measure.what == "distinct":
        number = len({row[measure.of] for row in kept if row.get(measure.of)})
        return Fraction(number), number
    value = Fraction(len(kept))
    if measure.what == "sum":
        value = sum((Fraction(row[measure.of]) for row in kept if row.get(measure.of)), Fraction(0))
    return value / SCALES.get((measure.unit, column.unit), 1), len(kept)


def _fulfils(word: str, condition: RecordCondition) -> bool:
    """Whether a field is as a condition asks; a blank one only where it must not be something."""
    if condition.not_ is not None and word in condition.not_:
        return False
    if isinstance(condition.is_, bool):
        return bool(word) and (word.upper() in _YES) == condition.is_
    if condition.is_ is not None and word not in condition.is_:
        return False
    if condition.below is not None and not (word and Fraction(word) < Fraction(condition.below)):
        return False
    return condition.at_least is None or bool(word and Fraction(word) >= Fraction(condition.at_least))


def _rows(path: Path, series: Series) -> Iterator[Row]:
    if path.suffix.lower() != ".csv" or path.stat().st_size > LARGEST:
        raise NotComputableError(f"{path.name} is no CSV, or too large to read row by row")
    source = series.records
    known = {field.header: field.name for field in FIELDS} | {field.name: field.name for field in FIELDS}
    known |= source.headers if source else {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        header = [known.get(cell.strip()) for cell in next(reader, [])]
        if None in header:
            raise NotComputableError(f"{path.name} has columns that are not the layout's")
        values = source.values if source else {}
        for line in reader:
            if line:
                cells = ((name or "", cell.strip()) for name, cell in zip(header, line, strict=False))
                yield {name: values.get(name, {}).get(cell, cell) for name, cell in cells}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotComputableError(f"{text} is not written as a plain date") from None
