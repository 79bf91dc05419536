"""Totals as reported against those of the units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, as_received
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
        """Reported totals that are not the sums of the units; a table of some units only has none."""
        for table, received in returns.indicators.received.tables.items():
            definition = returns.series.tables[table]
            for name, cell in received.total.items():
                column = definition.columns[name]
                if not column.is_measure or column.area != "sum" or cell.value is None or definition.partial:
                    continue
                total = returns.indicators.figure(name)
                declared = column.stated
                if not declared.allows(cell.value, total.value):
                    names = Text(zh=column.header, en=column.name("en"))
                    words: Words = {"column": names, "shown": as_received(cell), "right": total}
                    when = f"not total.{name} == {name}"
                    cells = (cell, *total.cells)
                    says, level = declared.reasoned(self.says), declared.gravity
                    yield self.issue(returns, AREA, cells, when, words, check="reported-total", says=says, level=level)
