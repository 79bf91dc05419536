"""What a period does not have: tables that it lacks, units that a table of some is not about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from tongbao.basics.formula import Formula

if TYPE_CHECKING:
    from tongbao.figures.indicators import Indicators


def not_kept(indicators: Indicators, expressions: Iterable[str]) -> dict[str, str]:
    """The tables behind some expressions that this period does not have, each with a column that was looked for."""
    found: dict[str, str] = {}
    for name in chain.from_iterable(Formula.parse(expression).leaves for expression in expressions):
        column = name.removeprefix("area.").removeprefix("mean.")
        if column in indicators.series.indicators:
            found |= not_kept(indicators, [indicators.series.indicators[column].formula])
        table = indicators.table_of.get(column, "")
        if table in indicators.received.absent and not indicators.is_summed(table):
            found[table] = column
    return found


def outside(indicators: Indicators, expression: str) -> frozenset[str]:
    """The units that a partial table behind an expression is not about: they lack nothing; all where it is not kept."""
    if not_kept(indicators, [expression]):
        return frozenset(indicators.units)
    cells, tables = indicators.cells_behind(expression), indicators.series.tables
    partial = {cell.table for cell in cells if cell.table in tables and tables[cell.table].partial}
    about = [{cell.unit for cell in cells if cell.table == table} for table in partial]
    return frozenset(unit for unit in indicators.units if any(unit not in units for units in about))
