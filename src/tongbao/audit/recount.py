"""Case records counted again, row by row: a second path to every counted cell, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from tongbao.audit.arithmetic import NotComputableError
from tongbao.audit.rows import YES, Row
from tongbao.basics.period import Period
from tongbao.definition.case_records import RecordCondition
from tongbao.definition.series import Column, Series, TableDef
from tongbao_records.measures import MEASURES, SCALES

Recounted = dict[tuple[str, str, str], tuple[Fraction | None, int]]


def _yes(name: str) -> Callable[[Row], bool]:
    return lambda row: row.get(name).upper() in YES


def _no(name: str) -> Callable[[Row], bool]:
    return lambda row: row.get(name).upper() not in YES


def _in_time(name: str) -> Callable[[Row], bool]:
    return lambda row: bool((done := row.day(f"{name}_done")) and (due := row.day(f"{name}_due")) and done <= due)


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


def recount(series: Series, period: Period, rows: Iterable[Row]) -> Recounted:
    """Every counted cell by table, unit and column: its value (``None`` for a blank) and the records behind it.

    Raises:
        NotComputableError: a measure or a date that is not known here.
    """
    by_unit: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit].append(row)
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
    kept = [row for row in rows if (day := row.day(measure.date)) and period.start <= day <= period.end
            and all(_fulfils(row.get(f), c) for f, c in conditions.items())]  # fmt: skip
    if measure.what == "distinct":
        number = len({row.get(measure.of) for row in kept if row.get(measure.of)})
        return Fraction(number), number
    value = Fraction(len(kept))
    if measure.what == "sum":
        value = sum((row.amount(measure.of) or Fraction(0) for row in kept), Fraction(0))
    return value / SCALES.get((measure.unit, column.unit), 1), len(kept)


def _fulfils(word: str, condition: RecordCondition) -> bool:
    """Whether a field is as a condition asks; a blank one only where it must not be something."""
    if condition.not_ is not None and word in condition.not_:
        return False
    if isinstance(condition.is_, bool):
        return bool(word) and (word.upper() in YES) == condition.is_
    if condition.is_ is not None and word not in condition.is_:
        return False
    if condition.below is not None and not (word and Fraction(word) < Fraction(condition.below)):
        return False
    return condition.at_least is None or bool(word and Fraction(word) >= Fraction(condition.at_least))
