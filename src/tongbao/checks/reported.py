"""Rates and ranks as reported against those that the figures give."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from tongbao.basics.rounding import decimals_of
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import BLANK, Check, Returns, Words, as_received
from tongbao.definition.model import Text
from tongbao.definition.tables import Column
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell


class Reported(Check):
    """Reported ranks and rates are the computed ones, at their printed precision."""

    check: Literal["reported"]

    called = Text(zh="填报值与计算值不符", en="reported figures that differ from the computed ones")
    standard = True
    says = Text(
        zh="{unit}填报的{column}为{shown}，按数据计算为{right}。",
        en="{unit}: {column} is reported as {shown}, but computes to {right}.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Reported rates and ranks that differ from the computed ones; a blank in the totals' row does not."""
        for table, definition in returns.series.tables.items():
            received = returns.indicators.received.tables[table]
            for scope, row in (*received.rows.items(), (AREA, received.total)):
                for name, cell in row.items():
                    column = definition.columns[name]
                    right = _computed(returns.indicators, column, cell, scope)
                    if right is None or _agrees(cell, right, scope):
                        continue
                    words: Words = {
                        "column": Text(zh=column.header, en=column.name("en")),
                        "shown": as_received(cell),
                        "right": right if right.text else BLANK,
                    }
                    here, there = right.name, f"total.{name}" if scope == AREA else name
                    when = f"not ({here} == {there} or blank({here}) and blank({there}))"
                    check = "reported-rank" if column.rank_of else "reported-rate"
                    yield self.issue(returns, scope, (cell,), when, words, check=check)


def repeats_figures(indicators: Indicators) -> bool:
    """Whether the tables received repeat anything that is computed: a total, a rate, a rank."""
    return any(
        any(column.reports or column.rank_of for column in definition.columns.values())
        or any(cell.value is not None for cell in indicators.received.tables[name].total.values())
        for name, definition in indicators.series.tables.items()
    )


def _computed(indicators: Indicators, column: Column, cell: Cell, scope: str) -> Figure | None:
    """The figure that a column repeats, with the decimals of the cell; ``None`` where it repeats none."""
    if column.reports:
        return _rounded(indicators, column.reports, scope, 0 if cell.value is None else decimals_of(cell.value))
    if column.rank_of and scope != AREA:
        return indicators.figure(f"rank({'' if indicators.descending(column.rank_of) else '-'}{column.rank_of})", scope)
    return None


def _rounded(indicators: Indicators, measure: str, scope: str, decimals: int) -> Figure:
    """A figure rounded or cut off, as the issuer does, to so many decimals."""
    formula, declared = f"round({measure}, {decimals})", indicators.series.indicators.get(measure)
    if declared is not None and declared.rounding == "truncate":
        value = indicators.figure(measure, scope).value
        towards_zero = "ceil" if value is not None and value < 0 else "floor"
        formula = f"{towards_zero}({measure}, {Decimal(1).scaleb(-decimals):f})"
    return indicators.evaluate(formula, scope, decimals=decimals)


def _agrees(cell: Cell, right: Figure, scope: str) -> bool:
    return cell.value == right.value or (cell.value is None and scope == AREA)
