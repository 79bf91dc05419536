"""Totals as reported against those of the units, and against what else gives the whole area's figure."""

from __future__ import annotations

import re
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

_RATES = frozenset(("%", "％", "‰"))
_PARTS = re.compile("拉动|贡献|占全|contribution", re.IGNORECASE)  # percentages that add up over the units
# The least and the most of the units, and the condition.
_Outside = tuple[Figure, Figure, str]


class Totals(Check):
    """A reported total is the sum of the units, or what another figure gives for the whole area (``area: fact.x``).

    Where the issuer's total is taken as it is (``area: reported``), that it is not the sum is a note. A percentage of
    the whole area that lies outside those of all units is doubted, and so is a blank that would be the only figure.
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

    says_of_outside: ClassVar[Text] = Text(
        zh="合计行的{column}为{shown}，而各单位在{low}至{high}之间；{unit}数一般不会超出这个范围，请核实。",
        en="The total of {column} is reported as {shown}, but the units have {low} to {high}; "
        "a rate of {unit} lies between theirs.",
    )
    says_of_blank: ClassVar[Text] = Text(
        zh="合计行的{column}为空白，而{unit}数只取自合计行，请补报。",
        en="The total of {column} is blank, and nothing else gives the figure of {unit}.",
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
                elif beyond := _outside(indicators, name, cell):
                    yield self._beyond(returns, name, cell, beyond)
            for name, cell in _blank_totals(indicators, table).items():
                column = returns.series.columns[name]
                if column.blank != "allowed":
                    words: Words = {"column": _named(column)}
                    yield self.issue(
                        returns,
                        AREA,
                        (cell,),
                        f"blank({name})",
                        words,
                        check="blank-total",
                        says=self.says_of_blank,
                        level=column.blank,
                    )

    def _beyond(self, returns: Returns, name: str, cell: Cell, found: _Outside) -> QualityIssue:
        column, (low, high, when) = returns.series.columns[name], found
        words: Words = {"column": _named(column), "shown": as_received(cell), "low": low, "high": high}
        says, level = column.stated.reasoned(self.says_of_outside), column.stated.gravity
        cells = (cell, *low.cells, *high.cells)
        return self.issue(returns, AREA, cells, when, words, check="total-outside", says=says, level=level)

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
        words: Words = {"column": _named(column), "shown": as_received(cell), "right": right}
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


def _named(column: Column) -> Text:
    return Text(zh=column.header, en=column.name("en"))


def _blank_totals(indicators: Indicators, table: str) -> Mapping[str, Cell]:
    """The cells of a totals' row that are blank where they alone give the figure of the whole area, by column."""
    if table in indicators.received.absent or indicators.is_summed(table):
        return {}
    columns, row = indicators.series.tables[table].columns, indicators.received.tables[table].total
    return {
        name: cell
        for name, cell in row.items()
        if columns[name].area == "reported" and cell.value is None and any(indicators.values(name).values())
    }


def _outside(indicators: Indicators, name: str, cell: Cell) -> _Outside | None:
    """The least and the most of the units, and the condition that a reported percentage of the whole area lies beyond.

    The rate of a whole is a weighted mean of its parts' rates, whatever the weights. What adds up to it is none.
    """
    column, table = indicators.series.columns[name], indicators.series.tables[indicators.table_of[name]]
    given = {unit: value for unit, value in indicators.values(name).items() if value is not None}
    is_rate = column.area == "reported" and column.unit in _RATES and not _PARTS.search(column.header)
    if cell.value is None or not is_rate or table.partial or len(given) < len(indicators.values(name)) or not given:
        return None
    low, high = (indicators.figure(name, end(given, key=given.__getitem__)) for end in (min, max))
    if column.stated.level == "allowed" or low.value is None or high.value is None:
        return None
    if (added := indicators.evaluate(f"sum({name})")).value == cell.value == 100 and len(added.cells) > 1:
        return None
    for end, sign, way in ((high, ">", "+"), (low, "<", "-")):
        halves = [Decimal(1).scaleb(-decimals_of(one.value)) / 2 for one in (cell, *end.cells) if one.value is not None]
        slack = sum(halves, column.stated.tolerance)
        off = minus(cell.value, end.value)  # type: ignore[arg-type]
        if (off if end is high else -off) > slack:
            return low, high, f"{name} {sign} {'highest' if end is high else 'lowest'}({name}) {way} {slack}"
    return None


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
