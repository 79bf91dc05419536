"""Case records that may be wrong: each kind of fault once for each unit, with the records to look at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tongbao.checks.issue import QualityIssue
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell
from tongbao_records.examine import Fault


def doubtful_records(indicators: Indicators) -> Iterator[QualityIssue]:
    """What the reading of case records left in doubt."""

    def kind(fault: Fault) -> tuple[str, str]:
        return fault.rule, fault.unit

    for (rule, unit), group in groupby(sorted(indicators.received.doubtful, key=kind), kind):
        faults = list(group)
        first, count = faults[0], len(faults) + sum(fault.more for fault in faults)
        known = next((known for known in indicators.series.units if known.id == unit), None)
        yield QualityIssue(
            rule,
            first.level,
            "records",
            unit or None,
            (),
            {
                "zh": f"{known.zh if known else ''}案件记录{first.zh}（{count}条），请核实。",
                "en": (f"{known.en}: " if known else "") + f"{first.en} ({count} records).",
            },
            tuple(Cell("records", unit or None, rule, fault.found, None, fault.source) for fault in faults),
        )
