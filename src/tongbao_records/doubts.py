"""Case records that may be wrong: each kind of fault once for each unit, with the records to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from tongbao.definition.series import Series
from tongbao.reading.cell import Cell
from tongbao.reading.gathered import Doubt
from tongbao.reading.labels import normalise
from tongbao.reading.tables import unit_names
from tongbao_records.examine import Fault


def doubts_of(faults: Iterable[Fault], series: Series) -> Iterator[Doubt]:
    """What the examination of case records left in doubt, as it is asked of each unit."""
    names, units = unit_names(series), {unit.id: unit for unit in series.units}

    def kind(fault: Fault) -> tuple[str, str]:
        return fault.rule, names.get(normalise(fault.unit), "")

    for (rule, unit), group in groupby(sorted(faults, key=kind), kind):
        alike = list(group)
        first, count = alike[0], len(alike) + sum(fault.more for fault in alike)
        zh, en = (units[unit].zh, f"{units[unit].en}: ") if unit else ("", "")
        message = {"zh": f"{zh}案件记录{first.zh}（{count}条），请核实。", "en": f"{en}{first.en} ({count} records)."}
        cells = tuple(Cell("records", unit or None, rule, fault.found, None, fault.source) for fault in alike)
        yield Doubt("records", rule, "warning", unit or None, message, cells)
