"""What was reported against what the figures give: totals, rates, ranks, blanks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tongbao.basics.rounding import print_decimal, round_decimal
from tongbao.checks.issue import QualityIssue, unit_name
from tongbao.definition.checks_tmp import BlankReturns, Reported, Totals
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators


def repeats_figures(indicators: Indicators) -> bool:
    """Whether the tables received repeat anything that is computed: a total, a rate, a rank."""
    return any(
        any(column.reports or column.rank_of for column in definition.columns.values())
        or any(cell.value is not None for cell in indicators.received.tables[name].total.values())
        for name, definition in indicators.series.tables.items()
    )


def reported(rule: Reported, indicators: Indicators) -> Iterator[QualityIssue]:
    """Reported rates and ranks against computed ones, at the printed precision."""
    for table in indicators.series.tables:
        yield from _reported(rule, indicators, table)


def _reported(rule: Reported, indicators: Indicators, table: str) -> Iterator[QualityIssue]:
    definition = indicators.series.tables[table]
    received = indicators.received.tables[table]
    rows = [*received.rows.items(), *([(AREA, received.total)] if received.total else [])]
    for scope, row in rows:
        for column, cell in row.items():
            declared = definition.columns[column]
            expected: Decimal | None = None
            if declared.reports:
                expected = indicators.figure(declared.reports, scope).value
            elif declared.rank_of and scope != AREA:
                rank = indicators.ranks(declared.rank_of).get(scope)
                expected = None if rank is None else Decimal(rank)
            else:
                continue
            if expected is None and cell.value is None:
                continue
            decimals = _decimals(cell.value)
            indicator = indicators.series.indicators.get(declared.reports or "")
            rounding = indicator.rounding if indicator else "half-up"
            if (
                expected is not None
                and cell.value is not None
                and round_decimal(expected, decimals, rounding) == cell.value
            ):
                continue
            if cell.value is None and scope == AREA:
                continue
            shown = "" if expected is None else print_decimal(expected, decimals, rounding)
            yield QualityIssue(
                "reported-rank" if declared.rank_of else "reported-rate",
                rule.level,
                table,
                None if scope == AREA else scope,
                (column,),
                {
                    "zh": f"{unit_name(indicators, scope)}填报的{declared.header}为{cell.text.strip() or '空白'}，"
                    f"按数据计算为{shown or '空白'}。",
                    "en": f"{unit_name(indicators, scope, 'en')}: {declared.name('en')} is reported as "
                    f"{cell.text.strip() or 'blank'}, but computes to {shown or 'blank'}.",
                },
                (cell,),
            )


def totals(rule: Totals, indicators: Indicators) -> Iterator[QualityIssue]:
    """Reported totals against the sums of the units."""
    for table, column, cell in (
        (table, column, cell)
        for table, received in indicators.received.tables.items()
        for column, cell in received.total.items()
    ):
        definition = indicators.series.tables[table]
        declared = definition.columns[column]
        if not declared.is_measure or declared.area != "sum" or cell.value is None or definition.partial:
            continue
        total = indicators.figure(column, AREA)
        if total.value != cell.value:
            yield QualityIssue(
                "reported-total",
                rule.level,
                table,
                None,
                (column,),
                {
                    "zh": f"合计行的{declared.header}为{cell.text.strip()}，各单位之和为{total.text}。",
                    "en": f"The total of {declared.name('en')} is reported as {cell.text.strip()}, "
                    f"but the units add up to {total.text}.",
                },
                (cell, *total.cells),
            )


def blank_returns(rule: BlankReturns, indicators: Indicators) -> Iterator[QualityIssue]:
    """Units that returned nothing at all in a table (零上报); of counted tables, only those that are printed."""
    printed = {annex.table for annex in indicators.series.annexes}
    for table, unit, row in (
        (table, unit, row)
        for table, received in indicators.received.tables.items()
        for unit, row in received.rows.items()
    ):
        definition = indicators.series.tables[table]
        if definition.partial or (definition.records and table not in printed):
            continue
        if row and all(cell.value is None for cell in row.values()):
            yield QualityIssue(
                "blank-return",
                rule.level,
                table,
                unit,
                tuple(row),
                {
                    "zh": f"{unit_name(indicators, unit)}在《{definition.title.zh}》中各项为空，不参加排名。",
                    "en": f"{unit_name(indicators, unit, 'en')} left every item of "
                    f"{definition.title.en or 'the table'} blank and is not ranked.",
                },
                tuple(row.values()),
            )


def _decimals(value: Decimal | None) -> int:
    exponent = 0 if value is None else value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
