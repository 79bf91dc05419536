"""Units that returned nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns
from tongbao.definition.model import Text


class BlankReturns(Check):
    """A unit left every item of a table blank (零上报): noted, and no zero."""

    check: Literal["blank_returns"]
    level: Level = "note"

    called = Text(zh="整表未报", en="blank returns")
    standard = True
    says = Text(
        zh="{unit}在《{table}》中各项为空，不参加排名。",
        en="{unit} left every item of {table} blank and is not ranked.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units that returned nothing at all in a table; of counted tables, only those that are printed."""
        printed = {annex.table for annex in returns.series.annexes}
        for table, received in returns.indicators.received.tables.items():
            definition = returns.series.tables[table]
            if definition.partial or (definition.records and table not in printed):
                continue
            for unit, row in received.rows.items():
                if row and all(cell.value is None for cell in row.values()):
                    when = " and ".join(f"blank({column})" for column in row)
                    title = Text(zh=definition.title.zh, en=definition.title.en or "the table")
                    yield self.issue(returns, unit, tuple(row.values()), when, {"table": title}, check="blank-return")
