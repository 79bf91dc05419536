"""Units that returned nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns, Words, is_many, named
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA
from tongbao.reading.cell import Cell


class BlankReturns(Check):
    """A unit left every item of a table blank (零上报): noted, and no zero; once where most units did."""

    check: Literal["blank_returns"]
    level: Level = "note"

    called = Text(zh="整表未报", en="blank returns")
    standard = True
    says = Text(
        zh="{unit}在《{table}》中各项为空，不参加排名。",
        en="{unit} left every item of {table} blank and is not ranked.",
    )

    says_of_many: ClassVar[Text] = Text(
        zh="{units}在《{table}》中各项为空，不参加排名。",
        en="{units} left every item of {table} blank and are not ranked.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units that returned nothing at all in a table; of counted tables, only those that are printed."""
        printed = {annex.table for annex in returns.series.annexes}
        for table, received in returns.indicators.received.tables.items():
            definition = returns.series.tables[table]
            if definition.partial or (definition.records and table not in printed):
                continue
            rows = {unit: row for unit, row in received.rows.items() if _is_blank(row)}
            units = [unit for unit in returns.series.units if unit.id in rows]
            title = Text(zh=definition.title.zh, en=definition.title.en or "the table")
            words: Words = {"table": title, "units": named(units)}
            if is_many([*rows], received.rows):
                cells = tuple(cell for row in rows.values() for cell in row.values())
                blank = " and ".join(f"blank({column})" for column in definition.columns)
                when = f"count({blank}) == {len(rows)}"
                yield self.issue(returns, AREA, cells, when, words, check="blank-return", says=self.says_of_many)
                continue
            for unit, row in rows.items():
                when = " and ".join(f"blank({column})" for column in row)
                yield self.issue(returns, unit, tuple(row.values()), when, words, check="blank-return")


def _is_blank(row: Mapping[str, Cell]) -> bool:
    return bool(row) and all(cell.value is None for cell in row.values())
