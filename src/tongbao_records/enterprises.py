"""Case records → the enterprises to look at: serious or many hazards, slow rectification, each with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.definition.case_records import EnterpriseList, EnterpriseMeasure
from tongbao.definition.model import Text
from tongbao.reading.cell import RecordCount
from tongbao.reading.gathered import Enterprise
from tongbao_records.count import named_units
from tongbao_records.files import Records

# A rectification is overdue if it was due by the end of the period and not done by the day it was due.
_OVERDUE = "rectification_due <= {end} AND (rectification_done IS NULL OR rectification_done > rectification_due)"
_LATE = "date_diff('day', rectification_due, least(coalesce(rectification_done, {end}), {end}))"
_SQL: dict[EnterpriseMeasure, tuple[str, tuple[str, ...]]] = {
    "inspections": ("count(*)", ()),
    "hazards": ("coalesce(sum(hazards), 0)", ("hazards",)),
    "serious_hazards": ("coalesce(sum(serious_hazards), 0)", ("serious_hazards",)),
    "overdue": (f"count(*) FILTER (WHERE {_OVERDUE})", ("rectification_due", "rectification_done")),
    "days_late": (f"coalesce(max({_LATE}) FILTER (WHERE {_OVERDUE}), 0)", ("rectification_due", "rectification_done")),
    "penalties": ("count(*) FILTER (WHERE penalty_date <= {end})", ("penalty_date",)),
}
_NEEDED = ("unit", "enterprise", "enterprise_code", "industry", "inspection_date")


def list_enterprises(
    records: Records,
    declared: EnterpriseList,
    thresholds: Mapping[str, Decimal],
    period: Period,
    units: Mapping[str, str],
    order: Sequence[str],
    file: str,
    *,
    former: Collection[str] = (),
) -> tuple[Enterprise, ...]:
    """The enterprises that meet a criterion, those that meet most first, then by their figures.

    One that its county's records write under several names of the county is one.

    Arguments:
        records: the opened files; records without an enterprise's code are left out.
        declared: the criteria.
        thresholds: the number that each criterion asks for.
        period: inspections in its months count (or in its last ``months``).
        units: every folded name of a unit, with its id.
        order: the ids in official order.
        file: how the source is named.
        former: the folded names of units that are none any more.

    Raises:
        DataError: a field that a criterion needs is in no column, or a unit's name is unknown.
    """
    months = declared.months or period.last
    start = dt.date(period.year, max(period.first, period.last - months + 1), 1)
    end = f"DATE '{period.end.isoformat()}'"
    measures = declared.measures
    needed = dict.fromkeys((*_NEEDED, *(name for measure in measures for name in _SQL[measure][1])))
    missing, place = ", ".join(name for name in needed if name not in records.fields), records.files[0].name
    if missing:
        raise DataError("case records lack fields that a list of enterprises needs", place=place, found=missing)
    columns = ", ".join(f"{_SQL[measure][0].format(end=end)} AS m_{measure}" for measure in measures)
    having = " OR ".join(f"m_{c.measure} >= {thresholds[name]}" for name, c in declared.criteria.items())
    query = (
        f"SELECT of_unit, enterprise_code, max(enterprise), max(industry), count(*), {columns} "
        f"FROM {records.relation(list(needed))} JOIN {named_units(records, units, former)} ON unit = spelling "
        f"WHERE enterprise_code <> '' AND inspection_date BETWEEN DATE '{start.isoformat()}' AND {end} "
        f"GROUP BY of_unit, enterprise_code HAVING {having}"
    )
    found = []
    for unit, code, name, industry, visits, *numbers in records.connection.execute(query).fetchall():
        figures = {measure: Decimal(number) for measure, number in zip(measures, numbers, strict=True)}
        met = tuple(key for key, c in declared.criteria.items() if figures[c.measure] >= thresholds[key])
        source = RecordCount(file, visits, Text(zh=f"统一社会信用代码{code}", en=f"enterprise code {code}"))
        found.append(Enterprise(code, name or code, unit, industry or "", figures, met, source))
    found.sort(key=lambda e: (-len(e.met), *(-e.figures[m] for m in measures), order.index(e.unit), e.code))
    return tuple(found)
