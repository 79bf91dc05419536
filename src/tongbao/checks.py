"""Checks of what was reported against what the figures give: totals, rates, ranks, blanks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tongbao.cells import Cell
from tongbao.indicators import AREA, Indicators
from tongbao.rounding import print_decimal, round_decimal
from tongbao.series.models import TableDef


@dataclass(frozen=True)
class QualityIssue:
    """Something a reviewer must know about the figures received.

    ``level`` is ``error``, ``warning`` or ``note``; ``message`` is in Chinese (``zh``) and English (``en``).
    """

    check: str
    level: str
    table: str
    unit: str | None
    columns: tuple[str, ...]
    message: dict[str, str]
    cells: tuple[Cell, ...]


def check(indicators: Indicators) -> list[QualityIssue]:
    """All issues of a period, table by table."""
    issues: list[QualityIssue] = []
    for name, definition in indicators.series.tables.items():
        issues += _check_repeats(indicators, name, definition)
        issues += _check_totals(indicators, name, definition)
        if not definition.partial:
            issues += _check_blank_rows(indicators, name)
    return issues


def _check_repeats(indicators: Indicators, table: str, definition: TableDef) -> Iterator[QualityIssue]:
    """Reported rates and ranks against computed ones, at the printed precision."""
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
            if expected is not None and cell.value is not None and round_decimal(expected, decimals) == cell.value:
                continue
            if cell.value is None and scope == AREA:
                continue
            shown = "" if expected is None else print_decimal(expected, decimals)
            yield QualityIssue(
                "reported-rank" if declared.rank_of else "reported-rate",
                "warning",
                table,
                None if scope == AREA else scope,
                (column,),
                {
                    "zh": f"{_name(indicators, scope)}填报的{declared.header}为{cell.text.strip() or '空白'}，"
                    f"按数据计算为{shown or '空白'}。",
                    "en": f"{_name(indicators, scope, 'en')}: {declared.name('en')} is reported as "
                    f"{cell.text.strip() or 'blank'}, but computes to {shown or 'blank'}.",
                },
                (cell,),
            )


def _check_totals(indicators: Indicators, table: str, definition: TableDef) -> Iterator[QualityIssue]:
    received = indicators.received.tables[table]
    for column, cell in received.total.items():
        declared = definition.columns[column]
        if not declared.is_measure or declared.area != "sum" or cell.value is None or definition.partial:
            continue
        total = indicators.figure(column, AREA)
        if total.value != cell.value:
            yield QualityIssue(
                "reported-total",
                "warning",
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


def _check_blank_rows(indicators: Indicators, table: str) -> Iterator[QualityIssue]:
    """Units that returned nothing at all in a table (零上报)."""
    received = indicators.received.tables[table]
    for unit, row in received.rows.items():
        if all(cell.value is None for cell in row.values()):
            yield QualityIssue(
                "blank-return",
                "note",
                table,
                unit,
                tuple(row),
                {
                    "zh": f"{_name(indicators, unit)}在《{indicators.series.tables[table].title.zh}》中各项为空，"
                    "不参加排名。",
                    "en": f"{_name(indicators, unit, 'en')} left every item of the table blank and is not ranked.",
                },
                tuple(row.values()),
            )


def _decimals(value: Decimal | None) -> int:
    exponent = 0 if value is None else value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _name(indicators: Indicators, scope: str, lang: str = "zh") -> str:
    return indicators.series.area.get(lang) if scope == AREA else indicators.series.unit(scope).name(lang)
