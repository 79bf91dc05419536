"""Lists of enterprises drawn up again, row by row: who meets the criteria, with which figures, in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tongbao.audit.rows import Row
from tongbao.basics.period import Period
from tongbao.definition.case_records import EnterpriseList, EnterpriseMeasure
from tongbao.definition.series import Series
from tongbao.reading.cell import RecordCount
from tongbao.reading.gathered import Enterprise


def draw_up(
    series: Series, rows: Sequence[Row], period: Period, parameters: Mapping[str, Decimal], file: str
) -> dict[str, tuple[Enterprise, ...]]:
    """Every list of a series; ``file`` is how the source is named.

    Raises:
        NotComputableError: a date or number that is not written plainly.
    """
    return {name: _list(declared, series, rows, period, parameters, file)
            for name, declared in series.enterprises.items()}  # fmt: skip


def _list(
    declared: EnterpriseList,
    series: Series,
    rows: Sequence[Row],
    period: Period,
    parameters: Mapping[str, Decimal],
    file: str,
) -> tuple[Enterprise, ...]:
    months = [month for month in range(period.first, period.last + 1)
              if declared.months is None or month > period.last - declared.months]  # fmt: skip
    visits: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        day = row.day("inspection_date")
        if row.get("enterprise_code") and day and day.year == period.year and day.month in months:
            visits[row.unit, row.get("enterprise_code")].append(row)
    found = []
    for (unit, code), records in visits.items():
        figures: dict[EnterpriseMeasure, Decimal] = {
            criterion.measure: Decimal(_MEASURES[criterion.measure](records, period.end))
            for criterion in declared.criteria.values()
        }
        met = tuple(name for name, criterion in declared.criteria.items()
                    if figures[criterion.measure] >= _number(criterion.at_least, parameters))  # fmt: skip
        if met:
            name = max(row.get("enterprise") for row in records) or code
            industry = max(row.get("industry") for row in records)
            source = RecordCount(file, len(records), f"统一社会信用代码{code}")
            found.append(Enterprise(code, name, unit, industry, figures, met, source))
    places = [unit.id for unit in series.units]
    # Those that meet most criteria first, then by their figures, then by county and code.
    found.sort(key=lambda one: (places.index(one.unit), one.code))
    found.sort(key=lambda one: (len(one.met), *one.figures.values()), reverse=True)
    return tuple(found)


def _number(expression: str, parameters: Mapping[str, Decimal]) -> Decimal:
    head, dot, name = expression.partition(".")
    return parameters[name] if dot and head == "param" else Decimal(expression)


def _late(row: Row, end: date) -> int:
    """By how many days a rectification was late at the end of a period; 0 where it was not due, or done in time."""
    due, done = row.day("rectification_due"), row.day("rectification_done")
    if due is None or due > end or (done is not None and done <= due):
        return 0
    return (min(done or end, end) - due).days


def _is_overdue(row: Row, end: date) -> bool:
    due, done = row.day("rectification_due"), row.day("rectification_done")
    return due is not None and due <= end and (done is None or done > due)


def _sum(name: str) -> Callable[[Sequence[Row], date], int]:
    return lambda rows, _end: int(sum(row.amount(name) or 0 for row in rows))


_MEASURES: dict[EnterpriseMeasure, Callable[[Sequence[Row], date], int]] = {
    "inspections": lambda rows, _end: len(rows),
    "hazards": _sum("hazards"),
    "serious_hazards": _sum("serious_hazards"),
    "overdue": lambda rows, end: sum(_is_overdue(row, end) for row in rows),
    "days_late": lambda rows, end: max(_late(row, end) for row in rows),
    "penalties": lambda rows, _end: sum(bool(row.get("penalty_date")) for row in rows),
}
