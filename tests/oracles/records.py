"""Case records read and counted row by row, without a database: cells, lists of enterprises, doubtful records.

Tables, conditions and lists are taken as series.yml has them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from tongbao.basics.period import Period

_YES = frozenset({"是", "有", "Y", "YES", "1", "TRUE", "√"})
_SCALES = {"万元": 10_000, "亿元": 100_000_000}
Counted = tuple[Fraction | None, int]
"""A value (``None`` for a blank) and how many records count."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record: the unit's id, its fields by name of the layout, its number in the file."""

    unit: str
    fields: Mapping[str, str]
    number: int

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.get(name)) if self.get(name) else None

    def is_yes(self, name: str) -> bool:
        return self.get(name).upper() in _YES

    def in_time(self, name: str) -> bool:
        done, due = self.day(f"{name}_done"), self.day(f"{name}_due")
        return done is not None and due is not None and done <= due


def read_rows(path: Path, units: Mapping[str, str], fields: Mapping[str, str]) -> list[Row]:
    """Every record of a CSV file; ``units`` gives the id of each name, ``fields`` the layout's name of each header."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    rows = [dict(zip((fields[one] for one in header), line, strict=True)) for line in lines]
    return [Row(units[row["unit"]], row, number) for number, row in enumerate(rows, start=2)]


@dataclass(frozen=True)
class Measure:
    """What is counted: the day that decides the period, the field that is summed or told apart, which records."""

    day: str
    of: str = ""
    apart: bool = False
    only: Callable[[Row], bool] = lambda _row: True


_SEEN, _DECIDED = "inspection_date", "penalty_date"
MEASURES = {
    "inspections": Measure(_SEEN),
    "enterprises": Measure(_SEEN, "enterprise_code", apart=True),
    "mobile_inspections": Measure(_SEEN, only=lambda row: row.get("terminal") == "移动端"),
    "random_tasks_due": Measure("random_task_due"),
    "random_tasks_on_time": Measure("random_task_due", only=lambda row: row.in_time("random_task")),
    "suspensions": Measure(_SEEN, only=lambda row: row.is_yes("suspended")),
    "rectifications_due": Measure("rectification_due"),
    "rectifications_on_time": Measure("rectification_due", only=lambda row: row.in_time("rectification")),
    "cases": Measure("case_date"),
    "serious_cases": Measure("case_date", only=lambda row: row.is_yes("serious_violation")),
    "penalties": Measure(_DECIDED),
    "non_accident_penalties": Measure(_DECIDED, only=lambda row: not row.is_yes("accident_fine")),
    "fines": Measure(_DECIDED, "fine"),
    "non_accident_fines": Measure(_DECIDED, "fine", only=lambda row: not row.is_yes("accident_fine")),
    "collected": Measure(_DECIDED, "collected"),
    "seized": Measure(_DECIDED, "seized"),
    "transferred": Measure(_DECIDED, only=lambda row: row.is_yes("transferred")),
    "detained": Measure(_DECIDED, "detained"),
} | {
    name: Measure(_SEEN, name)
    for name in (
        "site_records",
        "measures_ordered",
        "rectification_orders",
        "compulsory_measures",
        "hazards",
        "serious_hazards",
    )
}


def recount(
    tables: Mapping[str, Any], units: Sequence[str], period: Period, rows: Sequence[Row]
) -> dict[tuple[str, str, str], Counted]:
    """Every counted cell by table, unit and column."""
    found: dict[tuple[str, str, str], Counted] = {}
    for name, table in tables.items():
        for unit in units:
            line = _line(table, [row for row in rows if row.unit == unit], period)
            found |= {(name, unit, column): counted for column, counted in line.items()}
    return found


def _line(table: Mapping[str, Any], rows: Sequence[Row], period: Period) -> dict[str, Counted]:
    where = table.get("where", {})
    counted = {name: _count(column, where, rows, period) for name, column in table["columns"].items()}
    visited = _count({"measure": "inspections"}, where, rows, period)[1]
    if visited or any(records for _, records in counted.values()):
        return counted
    blank = Fraction(0) if table.get("without_records") == "zero" else None
    return dict.fromkeys(counted, (blank, 0))


def _count(column: Mapping[str, Any], where: Mapping[str, Any], rows: Sequence[Row], period: Period) -> Counted:
    measure, conditions = MEASURES[column["measure"]], {**where, **column.get("where", {})}
    kept = [
        row
        for row in rows
        if (day := row.day(measure.day))
        and period.start <= day <= period.end
        and measure.only(row)
        and all(fulfils(row, name, one) for name, one in conditions.items())
    ]
    if measure.apart:
        number = len({row.get(measure.of) for row in kept} - {""})
        return Fraction(number), number
    value = (
        sum((Fraction(row.get(measure.of) or 0) for row in kept), Fraction(0)) if measure.of else Fraction(len(kept))
    )
    return value / _SCALES.get(column.get("unit", ""), 1), len(kept)


def fulfils(row: Row, name: str, condition: Any) -> bool:
    """Whether a field is as a condition asks; a blank one only where it must not be something."""
    asked = condition if isinstance(condition, Mapping) else {"is": condition}
    word, wanted, forbidden = row.get(name), asked.get("is"), asked.get("not", ())
    if word in ([forbidden] if isinstance(forbidden, str) else forbidden):
        return False
    if isinstance(wanted, bool):
        return bool(word) and row.is_yes(name) == wanted
    if wanted is not None and word not in ([wanted] if isinstance(wanted, str) else wanted):
        return False
    if "below" in asked and not (word and Fraction(word) < Fraction(str(asked["below"]))):
        return False
    return "at_least" not in asked or bool(word and Fraction(word) >= Fraction(str(asked["at_least"])))


@dataclass(frozen=True)
class Listed:
    """An enterprise on a list: its figures in the order of the criteria, and which it meets."""

    code: str
    name: str
    unit: str
    industry: str
    figures: Mapping[str, int]
    met: tuple[str, ...]
    records: int


def draw_up(
    declared: Mapping[str, Any],
    rows: Sequence[Row],
    period: Period,
    parameters: Mapping[str, Any],
    units: Sequence[str],
) -> list[Listed]:
    """A list: those that meet most criteria first, then by their figures, then by county and code."""
    first = max(period.first, period.last - declared.get("months", 12) + 1)
    visits: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        day = row.day("inspection_date")
        if row.get("enterprise_code") and day and day.year == period.year and first <= day.month <= period.last:
            visits[row.unit, row.get("enterprise_code")].append(row)
    found = []
    for (unit, code), records in visits.items():
        figures = {
            one["measure"]: _LISTED[one["measure"]](records, period.end) for one in declared["criteria"].values()
        }
        met = tuple(
            name
            for name, one in declared["criteria"].items()
            if figures[one["measure"]] >= _number(one["at_least"], parameters)
        )
        if met:
            name, industry = (max(row.get(field) for row in records) for field in ("enterprise", "industry"))
            found.append(Listed(code, name or code, unit, industry, figures, met, len(records)))
    found.sort(key=lambda one: (units.index(one.unit), one.code))
    found.sort(key=lambda one: (len(one.met), *one.figures.values()), reverse=True)
    return found


def _number(expression: object, parameters: Mapping[str, Any]) -> Fraction:
    head, dot, name = str(expression).partition(".")
    return Fraction(parameters[name]) if dot and head == "param" else Fraction(str(expression))


def _late(row: Row, end: date) -> int:
    """By how many days a rectification was late at the end of a period; none where it was not due, or done in time."""
    due, done = row.day("rectification_due"), row.day("rectification_done")
    if due is None or due > end or (done is not None and done <= due):
        return -1
    return (min(done or end, end) - due).days


def _sum(name: str) -> Callable[[Sequence[Row], date], int]:
    return lambda rows, _end: sum(int(row.get(name) or 0) for row in rows)


_LISTED: dict[str, Callable[[Sequence[Row], date], int]] = {
    "inspections": lambda rows, _end: len(rows),
    "hazards": _sum("hazards"),
    "serious_hazards": _sum("serious_hazards"),
    "overdue": lambda rows, end: sum(_late(row, end) >= 0 for row in rows),
    "days_late": lambda rows, end: max(0, *(_late(row, end) for row in rows)),
    "penalties": lambda rows, _end: sum(bool(row.get("penalty_date")) for row in rows),
}


def doubts(rows: Sequence[Row]) -> Iterator[tuple[str, str, list[int]]]:
    """Every kind of doubt with the unit and the numbers of its records."""
    for name, broken in _DOUBTS.items():
        found: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            if broken(row):
                found[row.unit].append(row.number)
        yield from ((name, unit, numbers) for unit, numbers in found.items())


def _earlier(first: str, second: str) -> Callable[[Row], bool]:
    return lambda row: bool((a := row.day(first)) and (b := row.day(second)) and a < b)


_DOUBTS: dict[str, Callable[[Row], bool]] = {
    "decision_needs_fine": lambda row: bool(row.get("penalty_date")) and not row.get("fine"),
    "case_after_inspection": _earlier("case_date", "inspection_date"),
    "penalty_after_case": _earlier("penalty_date", "case_date"),
    "mended_after_inspection": _earlier("rectification_done", "inspection_date"),
    "task_needs_due": lambda row: bool(row.get("random_task_done")) and not row.get("random_task_due"),
}
