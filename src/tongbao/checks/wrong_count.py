"""A wrong count shows in its unit's rate, in the total and in the area's rate: one fault, told where it was made.

The totals' row says by how much a column is off. Where the rate that one unit reports is the one which its count gives
once that is put right, it is this count that is wrong. The area's rate follows from the total wherever it is the one
which the totals' row gives by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Number, decimals_of, minus, plus, round_decimal
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell


class WrongCount(NamedTuple):
    """A count that a reported rate and the totals' row contradict: its cell, by how much it is off, both witnesses."""

    cell: Cell
    off: Number
    rate: Cell
    total: Cell

    def explains(self, indicators: Indicators, rate: Cell) -> bool:
        """Whether another reported rate of the unit is right, too, once the count is."""
        if self.cell.value is None or rate.unit != self.cell.unit or rate == self.rate:
            return False
        return gives(indicators, rate, rate.unit or AREA, {self.cell.column: plus(self.cell.value, self.off)})


def wrong_totals(indicators: Indicators, table: str) -> Iterator[tuple[str, Cell]]:
    """The columns of a table whose reported total is not the sum of the units; one of some units only has none."""
    definition = indicators.series.tables[table]
    for name, cell in indicators.received.tables[table].total.items():
        column = definition.columns[name]
        is_summed = column.is_measure and column.area == "sum" and not definition.partial and cell.value is not None
        if is_summed and not column.stated.allows(cell.value, indicators.figure(name).value):
            yield name, cell


def wrong_counts(indicators: Indicators, table: str) -> dict[str, WrongCount]:
    """The counts of a table that are wrong for all that the table says, by column."""
    found = {}
    for name, total in wrong_totals(indicators, table):
        right = indicators.figure(name).value
        if total.value is None or right is None:
            continue
        off = minus(total.value, right)
        counts = [
            WrongCount(row[name], off, rate, total)
            for unit, row in indicators.received.tables[table].rows.items()
            if (value := row[name].value) is not None
            for rate in row.values()
            if gives(indicators, rate, unit, {name: plus(value, off)}) and not gives(indicators, rate, unit, {})
        ]
        if len({count.cell.unit for count in counts}) == 1:
            found[name] = counts[0]
    return found


def gives(indicators: Indicators, rate: Cell, scope: str, instead: Mapping[str, Number]) -> bool:
    """Whether a reported rate is the computed one, with some figures taken instead of those received."""
    measure = indicators.series.columns[rate.column].reports
    indicator = indicators.series.indicators.get(measure or "")
    if indicator is None or rate.value is None:
        return False
    formula = Formula.parse(indicator.formula)
    names = formula.names
    value = formula.compute([instead.get(name, indicators.figure(name, scope).value) for name in names])
    return value is not None and round_decimal(value, decimals_of(rate.value), indicator.rounding) == rate.value


def follows_from_totals(indicators: Indicators, rate: Cell) -> bool:
    """Whether the area's reported rate is the one that the reported totals give, where these are not the sums."""
    totals = {name: cell.value for name, cell in wrong_totals(indicators, rate.table) if cell.value is not None}
    return rate.unit is None and gives(indicators, rate, AREA, totals)
