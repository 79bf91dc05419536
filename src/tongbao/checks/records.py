"""Case records that may be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA, Figure


class Records(Check):
    """What the reading of case records left in doubt; no series declares it."""

    check: Literal["records"]

    called = Text(zh="案件记录存疑", en="doubtful case records")
    standard = True
    says = Text(zh="{unit}案件记录{what}（{count}条），请核实。", en="{unit}: {what} ({count} records).")
    says_of_no_unit: ClassVar[Text] = Text(zh="案件记录{what}（{count}条），请核实。", en="{what} ({count} records).")

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Each kind of doubt about each unit, with the records to look at."""
        for doubt in returns.indicators.received.doubts:
            scope, name = doubt.unit or AREA, f"{doubt.source}.{doubt.rule}"
            count = Figure(name, scope, Decimal(doubt.count), str(doubt.count), "条", "reported", cells=doubt.cells)
            words: Words = {"what": doubt.what, "count": count}
            says = self.says if doubt.unit else self.says_of_no_unit
            found = self.issue(returns, scope, doubt.cells, f"{name} > 0", words, check=doubt.rule, says=says)
            yield replace(found, level=doubt.level, columns=())
