"""Totals as reported against those of the units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, as_received
from tongbao.checks.wrong_count import wrong_counts, wrong_totals
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA


class Totals(Check):
    """A reported total is the sum of the units."""

    check: Literal["totals"]

    called = Text(zh="合计不符", en="totals that differ from the sum")
    standard = True
    says = Text(
        zh="合计行的{column}为{shown}，各单位之和为{right}。",
        en="The total of {column} is reported as {shown}, but the units add up to {right}.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Reported totals that are not the sums of the units, but for those that a wrong count explains."""
        for table, definition in returns.series.tables.items():
            told = wrong_counts(returns.indicators, table)
            for name, cell in wrong_totals(returns.indicators, table):
                if name in told:
                    continue
                column, total = definition.columns[name], returns.indicators.figure(name)
                names = Text(zh=column.header, en=column.name("en"))
                words: Words = {"column": names, "shown": as_received(cell), "right": total}
                when, cells = f"not total.{name} == {name}", (cell, *total.cells)
                says, level = column.stated.reasoned(self.says), column.stated.gravity
                yield self.issue(returns, AREA, cells, when, words, check="reported-total", says=says, level=level)
