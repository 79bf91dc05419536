"""Case records worked out again in plain Python, row by row: what DuckDB's answers are held against."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tongbao.definition.model import Text
from tongbao.reading.cell import RecordCount
from tongbao.reading.gathered import Enterprise
from tongbao.reading.labels import normalise
from tongbao_records.layout import FIELDS
from tongbao_records.measures import MEASURES, SCALES

NAMES = {field.header: field.name for field in FIELDS}


def read_rows(path: Path, series) -> list[dict[str, str]]:
    """Plain CSV under the layout's headers; a unit's name becomes its id."""
    units = {normalise(name): unit.id for unit in series.units for name in (unit.zh, unit.short, unit.en, *unit.aliases)
             if name}  # fmt: skip
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [{NAMES[header]: text for header, text in row.items()} for row in csv.DictReader(stream)]
    return [row | {"unit": units[normalise(row["unit"])]} for row in rows]


def day(row, name):
    text = row.get(name)
    return date.fromisoformat(text) if text else None


def in_time(row, what):
    due, done = day(row, f"{what}_due"), day(row, f"{what}_done")
    return due is not None and done is not None and done <= due


ONLY = {
    "mobile_inspections": lambda row: row["terminal"] == "移动端",
    "random_tasks_on_time": lambda row: in_time(row, "random_task"),
    "rectifications_on_time": lambda row: in_time(row, "rectification"),
    "suspensions": lambda row: row["suspended"] == "是",
    "serious_cases": lambda row: row["serious_violation"] == "是",
    "non_accident_penalties": lambda row: row["accident_fine"] != "是",
    "non_accident_fines": lambda row: row["accident_fine"] != "是",
    "transferred": lambda row: row["transferred"] == "是",
}
assert set(ONLY) == {name for name, measure in MEASURES.items() if measure.condition}


def fulfils(word, condition):
    """Whether a field is as declared; a blank one only where it must not be something."""
    if condition.not_ is not None and word in condition.not_:
        return False
    if isinstance(condition.is_, bool):
        return bool(word) and (word == "是") == condition.is_
    if condition.is_ is not None and word not in condition.is_:
        return False
    if condition.below is not None and not (word and Fraction(word) < Fraction(condition.below)):
        return False
    return condition.at_least is None or bool(word and Fraction(word) >= Fraction(condition.at_least))


# What a measure's own condition looks at; and of which records a field is asked, by the day that they then have.
LOOKS_AT = {
    "mobile_inspections": "terminal",
    "suspensions": "suspended",
    "serious_cases": "serious_violation",
    "non_accident_penalties": "accident_fine",
    "non_accident_fines": "accident_fine",
    "transferred": "transferred",
}
ASKED_WITH = {"serious_violation": "case_date"} | dict.fromkeys(
    ("fine", "accident_fine", "collected", "transferred", "detained"), "penalty_date"
)
NEVER_ASKED = {"random_task_due", "random_task_done", "rectification_due", "rectification_done", "case_date",
               "penalty_date", "seized", "note"}  # fmt: skip


def is_asked(row, name):
    return name not in NEVER_ASKED and (name not in ASKED_WITH or bool(row[ASKED_WITH[name]]))


def needed(measure_name, conditions):
    """The fields without which it cannot be told whether, or as what, a record counts."""
    names = {MEASURES[measure_name].of, LOOKS_AT.get(measure_name, "")} - {""}
    return names | {name for name, c in conditions.items() if c.is_ is not None or c.below or c.at_least}


def needing(name, measure_name, conditions, rows, period):
    """The records whose field would have to be known: those that nothing else leaves out."""
    for row in rows:
        on, looked_at = day(row, MEASURES[measure_name].date), LOOKS_AT.get(measure_name)
        only = ONLY.get(measure_name, lambda _row: True)
        may_be = only(row) or looked_at == name or (looked_at and not row[looked_at] and is_asked(row, looked_at))
        others = (
            fulfils(row[other], condition) or (not row[other] and is_asked(row, other))
            for other, condition in conditions.items()
            if other != name
        )
        if on and period.start <= on <= period.end and is_asked(row, name) and may_be and all(others):
            yield row


def count(measure_name, unit_of_column, conditions, rows, period):
    """A figure, and how many records are behind it; blank where all records leave out what it is counted from."""
    number, behind = _count(measure_name, unit_of_column, conditions, rows, period)
    for name in needed(measure_name, conditions):
        concerned = [*needing(name, measure_name, conditions, rows, period)]
        if concerned and not any(row[name] for row in concerned):
            return None, behind
    return number, behind


def _count(measure_name, unit_of_column, conditions, rows, period):
    measure = MEASURES[measure_name]
    only = ONLY.get(measure_name, lambda _row: True)
    kept = [row for row in rows if only(row) and (on := day(row, measure.date)) and period.start <= on <= period.end
            and all(fulfils(row[name], condition) for name, condition in conditions.items())]  # fmt: skip
    if measure.what == "distinct":
        number = len({row[measure.of] for row in kept} - {""})
        return Fraction(number), number
    value = Fraction(len(kept))
    if measure.what == "sum" and measure.of not in NEVER_ASKED and kept and not any(row[measure.of] for row in kept):
        return None, len(kept)
    if measure.what == "sum":
        value = sum((Fraction(row[measure.of] or 0) for row in kept), Fraction(0))
    return value / SCALES.get((measure.unit, unit_of_column), 1), len(kept)


def recount(series, period, rows):
    """Every counted cell by table, unit and column: value (``None`` for a blank) and records."""
    found = {}
    for name, table in series.tables.items():
        for unit in series.units if table.records else ():
            own = [row for row in rows if row["unit"] == unit.id]
            line = {key: count(column.measure, column.unit, {**table.where, **column.where}, own, period)
                    for key, column in table.columns.items() if column.measure}  # fmt: skip
            visits = count("inspections", "家次", table.where, own, period)[1]
            if not visits and not any(records for _, records in line.values()):
                nothing = Fraction(0) if table.without_records == "zero" else None
                line = {key: (None if value is None else nothing, 0) for key, (value, _) in line.items()}
            found |= {(name, unit.id, key): counted for key, counted in line.items()}
    return found


def days_late(row, end):
    """By how many days a rectification was late at the end of a period; 0 where not due, or done in time."""
    due, done = day(row, "rectification_due"), day(row, "rectification_done")
    if due is None or due > end or (done is not None and done <= due):
        return 0
    return (min(done or end, end) - due).days


def is_overdue(row, end):
    due, done = day(row, "rectification_due"), day(row, "rectification_done")
    return due is not None and due <= end and (done is None or done > due)


OF_ENTERPRISES = {
    "inspections": lambda rows, _end: len(rows),
    "hazards": lambda rows, _end: sum(int(row["hazards"] or 0) for row in rows),
    "serious_hazards": lambda rows, _end: sum(int(row["serious_hazards"] or 0) for row in rows),
    "overdue": lambda rows, end: sum(is_overdue(row, end) for row in rows),
    "days_late": lambda rows, end: max(days_late(row, end) for row in rows),
    "penalties": lambda rows, end: sum((on := day(row, "penalty_date")) is not None and on <= end for row in rows),
}


def draw_up(declared, series, rows, period, parameters, file):
    """A list of enterprises."""
    months = range(max(period.first, period.last - (declared.months or 12) + 1), period.last + 1)
    visits = defaultdict(list)
    for row in rows:
        on = day(row, "inspection_date")
        if row["enterprise_code"] and on.year == period.year and on.month in months:
            visits[row["unit"], row["enterprise_code"]].append(row)
    found = []
    for (unit, code), own in visits.items():
        figures = {criterion.measure: Decimal(OF_ENTERPRISES[criterion.measure](own, period.end))
                   for criterion in declared.criteria.values()}  # fmt: skip
        met = tuple(
            name
            for name, criterion in declared.criteria.items()
            if figures[criterion.measure] >= Decimal(parameters.get(criterion.at_least, criterion.at_least))
        )
        if met:
            name, industry = max(row["enterprise"] for row in own) or code, max(row["industry"] for row in own)
            source = RecordCount(file, len(own), Text(zh=f"统一社会信用代码{code}", en=f"enterprise code {code}"))
            found.append(Enterprise(code, name, unit, industry, figures, met, source))
    order = [unit.id for unit in series.units]
    found.sort(key=lambda one: (order.index(one.unit), one.code))
    found.sort(key=lambda one: (len(one.met), *one.figures.values()), reverse=True)
    return tuple(found)


def earlier(first, second):
    return lambda row: bool((a := day(row, first)) and (b := day(row, second)) and a < b)


DOUBTS = {
    "case_after_inspection": earlier("case_date", "inspection_date"),
    "decision_needs_fine": lambda row: bool(row["penalty_date"]) and not row["fine"],
    "mended_after_inspection": earlier("rectification_done", "inspection_date"),
    "penalty_after_case": earlier("penalty_date", "case_date"),
    "task_needs_due": lambda row: bool(row["random_task_done"]) and not row["random_task_due"],
}


def doubted(series, rows, period):
    """How many records of each unit each rule doubts, in the order of rules and units."""
    found = defaultdict(int)
    asked = [(column.measure, {**table.where, **column.where}) for table in series.tables.values()
             for column in table.columns.values() if column.measure]  # fmt: skip
    asked += [("inspections", table.where) for table in series.tables.values() if table.records]
    listed = {criterion.measure for one in series.enterprises.values() for criterion in one.criteria.values()}
    asked += [(measure, {}) for measure in ("hazards", "serious_hazards") if measure in listed]
    lacking = defaultdict(dict)
    for measure, conditions in asked:
        for name in needed(measure, conditions) - {"enterprise_code", "fine", "accident_fine", "serious_violation"}:
            for row in needing(name, measure, conditions, rows, period):
                lacking[name][id(row)] = row
    for name, concerned in lacking.items():
        for row in concerned.values():
            found[f"{name}_blank", row["unit"]] += not row[name]
    counted_by = {measure.date for measure in MEASURES.values()}
    names, first = defaultdict(set), {}
    for row in rows:
        days = [on for name in counted_by if (on := day(row, name))]
        over = [on for name in counted_by if not name.endswith("_due") and (on := day(row, name))]
        broken = {name: broken(row) for name, broken in DOUBTS.items()} | {
            "code_of_enterprise": not row["enterprise_code"],
            "day_after_period": any(on > period.end for on in over),
            "days_before_period": all(on < period.start for on in days),
        }
        for name in filter(broken.get, broken):
            found[name, row["unit"]] += 1
        if row["enterprise_code"]:
            names[row["enterprise_code"]].add(row["enterprise"])
            first.setdefault((row["enterprise_code"], row["enterprise"]), row["unit"])
    for (code, _), unit in first.items():
        found["one_name_for_a_code", unit] += len(names[code]) > 1
    return {key: count for key, count in sorted(found.items()) if count}
