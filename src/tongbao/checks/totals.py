"""Totals as reported against those of the units, and against what else gives the whole area's figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from tongbao.basics.rounding import decimals_of, minus, round_decimal
from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns, Words, as_received
from tongbao.checks.wrong_count import wrong_counts, wrong_totals
from tongbao.definition.model import Text
from tongbao.definition.tables import Column
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell


class Totals(Check):
    """A reported total is the sum of the units, or what another figure gives for the whole area (``area: fact.x``).

    Where the issuer's total is taken as it is (``area: reported``), that it is not the sum is a note.
    """

    check: Literal["totals"]

    called = Text(zh="合计不符", en="totals that differ from the sum")
    standard = True
    says = Text(
        zh="合计行的{column}为{shown}，各单位之和为{right}。",
        en="The total of {column} is reported as {shown}, but the units add up to {right}.",
    )
    says_of_other: ClassVar[Text] = Text(
        zh="合计行的{column}为{shown}，而{unit}数为{right}。",
        en="The total of {column} is reported as {shown}, but the figure of {unit} is {right}.",
    )
    says_of_stated: ClassVar[Text] = Text(
        zh="合计行的{column}为{shown}，各单位之和为{right}；{unit}数采用合计行所填。",
        en="The total of {column} is reported as {shown}, the units add up to {right}; the total is taken as reported.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Reported totals that are not the sums of the units, but for those that a wrong count explains."""
        indicators = returns.indicators
        for table in returns.series.tables:
            told = wrong_counts(indicators, table)
            for name, cell in wrong_totals(indicators, table):
                if name not in told:
                    total = indicators.figure(name)
                    yield self._told(returns, name, cell, total, f"not total.{name} == {name}", self.says)
            for name, cell in stated_totals(indicators, table).items():
                column, total = returns.series.columns[name], indicators.figure(name)
                if column.area_is_computed and not _agrees(column, cell, total):
                    yield self._told(returns, name, cell, total, f"not total.{name} == {name}", self.says_of_other)
                elif (added := _sum_beside(indicators, name)) is not None and _is_off(column, cell, added):
                    when = f"{name} != {added.name}"
                    yield self._told(returns, name, cell, added, when, self.says_of_stated, "note")

    def _told(
        self,
        returns: Returns,
        name: str,
        cell: Cell,
        right: Figure,
        when: str,
        says: Text,
        level: Level | None = None,
    ) -> QualityIssue:
        column = returns.series.columns[name]
        names = Text(zh=column.header, en=column.name("en"))
        words: Words = {"column": names, "shown": as_received(cell), "right": right}
        says, level, cells = column.stated.reasoned(says), column.stated.gravity or level, (cell, *right.cells)
        return self.issue(returns, AREA, cells, when, words, check="reported-total", says=says, level=level)


def stated_totals(indicators: Indicators, table: str) -> Mapping[str, Cell]:
    """The cells of a table's totals' row that state a figure of a measure, by column."""
    columns, row = indicators.series.tables[table].columns, indicators.received.tables[table].total
    return {name: cell for name, cell in row.items() if columns[name].is_measure and cell.value is not None}


def unused_totals(indicators: Indicators) -> Iterator[tuple[Column, Cell]]:
    """What totals' rows state of columns that have no figure of the whole area (``area: none``)."""
    for table in indicators.received.tables:
        for name, cell in stated_totals(indicators, table).items():
            column = indicators.series.columns[name]
            if column.area == "none" and not column.words and column.stated.level != "allowed":
                yield column, cell


def are_compared(indicators: Indicators) -> bool:
    """Whether totals' rows state any figure, and each that they state is held to another one.

    A table of some units is left aside: what its row states is the only figure of the whole area.
    """
    found = [
        indicators.series.columns[name]
        for table in indicators.received.tables
        for name in stated_totals(indicators, table)
        if not indicators.series.tables[table].partial
    ]
    held = (column.area not in ("none", "reported") and column.stated.level != "allowed" for column in found)
    return bool(found) and all(held)


def _agrees(column: Column, stated: Cell, right: Figure) -> bool:
    """Whether a stated total is the whole area's figure, by the decimals that both of them have."""
    if stated.value is None or right.value is None or column.stated.allows(stated.value, right.value):
        return True
    decimals = min(decimals_of(stated.value), right.decimals)
    return round_decimal(stated.value, decimals) == round_decimal(right.value, decimals)


def _sum_beside(indicators: Indicators, name: str) -> Figure | None:
    """What the units add up to beside a total that is taken as reported; ``None`` where that says nothing."""
    column, table = indicators.series.columns[name], indicators.series.tables[indicators.table_of[name]]
    is_whole = not table.partial and None not in indicators.values(name).values()
    return indicators.evaluate(f"sum({name})") if column.area == "reported" and column.is_amount and is_whole else None


def _is_off(column: Column, stated: Cell, added: Figure) -> bool:
    """Whether a sum differs from a stated total by more than is allowed, or than rounding each of them accounts for."""
    if stated.value is None or added.value is None or column.stated.allows(stated.value, added.value):
        return False
    given = [stated, *added.cells]
    halves = [Decimal(1).scaleb(-decimals_of(cell.value)) / 2 for cell in given if cell.value is not None]
    most = Decimal(0) if column.is_whole else sum(halves, Decimal(0))
    return not -most <= minus(stated.value, added.value) <= most
