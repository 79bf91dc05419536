"""A figure left out of a return that is otherwise there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns
from tongbao.definition.model import Text


class Incomplete(Check):
    """A unit that reports a row leaves none of its figures blank; a column can say otherwise (``blank: allowed``).

    Else a total would be the sum of the others, and the lowest of a list could be missing from it.
    """

    check: Literal["incomplete"]
    level: Level = "error"

    called = Text(zh="单项空白", en="blank figures")
    standard = True
    says = Text(
        zh="{unit}的{measure}为空白，而同行其他数据已报；合计、平均数和排名会缺少该地，请补报。",
        en="{unit}: {measure} is blank although the rest of its row is reported; totals and ranks would lack it.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Blank cells of measures in rows that hold a figure; not those of tables counted from records."""
        for table, received in returns.indicators.received.tables.items():
            definition = returns.series.tables[table]
            measures = [name for name, column in definition.columns.items() if column.is_measure]
            for unit, row in received.rows.items():
                given = [name for name in measures if row[name].value is not None]
                if definition.records or not given:
                    continue
                for name in (name for name in measures if row[name].value is None):
                    level = definition.columns[name].blank or self.level
                    if level != "allowed":
                        words = {"measure": returns.named(name)}
                        when = f"blank({name}) and reported({given[0]})"
                        yield self.issue(returns, unit, (row[name],), when, words, level=level)
