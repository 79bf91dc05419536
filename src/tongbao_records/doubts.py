"""Case records that may be wrong: each kind of fault once for each unit, with the records to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from tongbao.definition.model import Text
from tongbao.definition.series import Series
from tongbao.reading.cell import Cell
from tongbao.reading.gathered import Doubt
from tongbao.reading.labels import normalise
from tongbao.reading.tables import unit_names
from tongbao_records.examine import Fault


def doubts_of(faults: Iterable[Fault], series: Series) -> Iterator[Doubt]:
    """What the examination of case records left in doubt, as it is asked of each unit."""
    names = unit_names(series)

    def kind(fault: Fault) -> tuple[str, str]:
        return fault.rule, names.get(normalise(fault.unit), "")

    for (rule, unit), group in groupby(sorted(faults, key=kind), kind):
        alike = list(group)
        count = len(alike) + sum(fault.more for fault in alike)
        cells = tuple(Cell("records", unit or None, rule, fault.found, None, fault.source) for fault in alike)
        what = Text(zh=alike[0].zh, en=alike[0].en)
        yield Doubt("records", rule, "warning", unit or None, what, count, cells)
