"""Units that returned nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Literal

from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns, Words, is_many
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA
from tongbao.reading.cell import Cell

_STOCK = (
    "give the period a file of its own with that column; `blank: allowed` at the column leaves it blank; "
    "where months do add up, give it `stated: note`"
)


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

    says_of_table: ClassVar[Text] = Text(
        zh="{period}无《{table}》，有关数据从略。",
        en="There is no {table} for {period}; what depends on it is left out.",
    )
    says_of_sum: ClassVar[Text] = Text(
        zh="{period}未收到《{table}》，也没有各月完整数据可以汇总，请补报。",
        en="{table} was not received for {period}, nor for all of its months, so that it cannot be summed.",
    )

    says_of_stock: ClassVar[Text] = Text(
        zh="{period}未收到《{table}》，而{measure}不能由各月相加，请补报。",
        en="{table} was not received for {period}, and {measure} cannot be summed from its months.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units that returned nothing at all in a table, or tables that the period has none of.

        Of counted tables, only those that are printed.
        """
        printed = {annex.table for annex in returns.series.annexes}
        for table, received in returns.indicators.received.tables.items():
            definition = returns.series.tables[table]
            if table in returns.indicators.received.absent:
                yield from self._absent(returns, table)
                continue
            if definition.partial or (definition.records and table not in printed):
                continue
            rows = {unit: row for unit, row in received.rows.items() if _is_blank(row)}
            words: Words = {"table": returns.title(table), "units": returns.units(rows)}
            if is_many([*rows], received.rows):
                cells = tuple(cell for row in rows.values() for cell in row.values())
                blank = " and ".join(f"blank({column})" for column in definition.columns)
                when = f"count({blank}) == {len(rows)}"
                yield self.issue(returns, AREA, cells, when, words, check="blank-return", says=self.says_of_many)
                continue
            for unit, row in rows.items():
                when = " and ".join(f"blank({column})" for column in row)
                yield self.issue(returns, unit, tuple(row.values()), when, words, check="blank-return")

    def _absent(self, returns: Returns, table: str) -> Iterator[QualityIssue]:
        """A table that the period does not have: that it has none, or that there is nothing to sum it from."""
        words: Words = {"table": returns.title(table), "period": returns.when(None)}
        when = f"count(reported({next(iter(returns.series.tables[table].columns))})) == 0"
        wanted = returns.series.tables[table].absent == "summed"
        says = self.says_of_sum if wanted else self.says_of_table
        level: Level | None = "error" if wanted else None
        if not returns.indicators.is_summed(table):
            yield self.issue(returns, AREA, (), when, words, check="absent-table", says=says, level=level)
        elif len(returns.indicators.compared("parts").made_of) > 1:
            yield from self._not_summed(returns, table, words)

    def _not_summed(self, returns: Returns, table: str, words: Words) -> Iterator[QualityIssue]:
        """Columns of a table summed from shorter periods that are blank, because theirs do not add up."""
        for name, column in returns.series.tables[table].columns.items():
            level = column.blank or "error"
            if column.is_measure and column.area == "sum" and not column.adds_up_over_time and level != "allowed":
                told = {**words, "measure": returns.named(name)}
                when, says = f"count(reported({name})) == 0", self.says_of_stock
                issue = self.issue(returns, AREA, (), when, told, check="absent-table", says=says, level=level)
                yield replace(issue, hint=_STOCK)


def _is_blank(row: Mapping[str, Cell]) -> bool:
    return bool(row) and all(cell.value is None for cell in row.values())
