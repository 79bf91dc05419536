"""Case records that may be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA, Figure
from tongbao.reading.cell import Cell
from tongbao_records.examine import Fault


class Records(Check):
    """What the reading of case records left in doubt: each kind of fault once for each unit; no series declares it."""

    check: Literal["records"]

    called = Text(zh="案件记录存疑", en="doubtful case records")
    standard = True
    says = Text(zh="{unit}案件记录{fault}（{count}条），请核实。", en="{unit}: {fault} ({count} records).")
    says_of_no_unit: ClassVar[Text] = Text(zh="案件记录{fault}（{count}条），请核实。", en="{fault} ({count} records).")

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Each kind of fault of each unit, with the records to look at."""

        def kind(fault: Fault) -> tuple[str, str]:
            return fault.rule, fault.unit

        for (rule, unit), group in groupby(sorted(returns.indicators.received.doubtful, key=kind), kind):
            faults = list(group)
            count = len(faults) + sum(fault.more for fault in faults)
            cells = tuple(Cell("records", unit or None, rule, fault.found, None, fault.source) for fault in faults)
            figure = Figure(f"records.{rule}", unit or AREA, Decimal(count), str(count), "条", "reported", cells=cells)
            words: Words = {"fault": Text(zh=faults[0].zh, en=faults[0].en), "count": figure}
            says = self.says if unit else self.says_of_no_unit
            found = self.issue(returns, unit or AREA, cells, f"records.{rule} > 0", words, check=rule, says=says)
            yield replace(found, level=faults[0].level, columns=())
