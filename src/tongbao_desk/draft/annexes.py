"""Over how many annexes a table goes, so that its figures have room beside each other on a turned page."""

from __future__ import annotations

from tongbao.bulletin.annexes import annex_tables
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.paper import has_room


def columns_by_annex(drafted: Bulletin) -> list[list[str]]:
    """The columns of a drafted series' only table, annex by annex, about as many in each.

    A rank stays beside the column before it. One annex takes them all where a page does.
    """
    texts = annex_tables(drafted.indicators, "zh")[1].texts
    (table,) = drafted.series.tables.values()
    groups: list[list[int]] = []
    for at, column in enumerate(table.columns.values(), start=1):
        if column.rank_of and groups:
            groups[-1].append(at)
        else:
            groups.append([at])
    names = list(table.columns)
    for count in range(1, len(groups) + 1):
        size = -(-len(groups) // count)
        parts = [
            [at for group in groups[start : start + size] for at in group] for start in range(0, len(groups), size)
        ]
        if all(has_room([[row[at] for at in (0, *part)] for row in texts], turned=True) for part in parts):
            break
    return [[names[at - 1] for at in part] for part in parts]
