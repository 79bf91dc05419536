"""Tables that by their own words cover other months than the period whose figures they are taken for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, received_beside, said_of
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA
from tongbao.reading.periods import other_span

_HINT = "name the period's folder by all their months (2026-01-to-06), with `cumulative: monthly`, or correct the title"
_HINT_OF_PART = "correct the title; a table whose title means it so: `cumulative: [table]` at a check `span`"


class Span(Check):
    """A table is of its period's months, not of all since January; what names another period's end is not read at all.

    In a series whose figures count from January on it is of all of them, not of the last month or quarter alone.

    Options:
        cumulative: the tables whose titles may name other months: they are never summed or compared as single periods.
    """

    check: Literal["span"]
    cumulative: tuple[str, ...] = ()

    called = Text(zh="统计时段不符", en="tables of other months")
    standard = True
    says = Text(
        zh="《{table}》写明的是{said}，却是作为{period}的数据报送的；如是累计数，环比、各期相加和年初以来的合计都会重复计算。",
        en="{table} says {said}, but was received for {period}; figures that run from January overlap where "
        "periods are compared or summed.",
    )

    says_of_part: ClassVar[Text] = Text(
        zh="《{table}》写明的是{said}，而本系列的数据自1月起累计，本期应为{period}，请核实是否用错了表。",
        en="{table} says {said}, but the figures of this series count from January on, here for {period}; "
        "is it the right table?",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Tables of the period, and of those that it is compared with, whose words name another span."""
        counted, told = returns.series.cumulative is not None, False
        for indicators in (returns.indicators, *received_beside(returns)):
            period = indicators.period or returns.period
            for name, table in indicators.received.tables.items():
                for heading in table.headings if name not in self.cumulative else ():
                    titles = [row[0] for row in heading.rows if len(row) == 1]  # others are headers over columns
                    if (said := other_span([*heading.names, *titles], period, cumulative=counted)) is None:
                        continue
                    words: Words = {
                        "table": returns.title(name),
                        "said": returns.when(said),
                        "period": returns.when(period),
                    }
                    cells = [cell for unit in heading.units[:1] for cell in table.rows[unit].values()]
                    scope = heading.units[0] if len(heading.units) == 1 else AREA
                    when = f"title.{name} != period"
                    says = said_of(scope, self.says_of_part if counted else self.says)
                    issue = self.issue(returns, scope, cells, when, words, says=says)
                    yield issue if told else replace(issue, hint=_HINT_OF_PART if counted else _HINT)
                    told = True
