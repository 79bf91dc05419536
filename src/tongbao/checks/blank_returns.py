"""Units that returned nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

LEFT_OUT = "left-out-table"  # no fault, and counted by no rule: the series says that the table may be absent


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
        en="{table}: there is none for {period}; what depends on it is left out.",
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

        Of counted tables, only those that are printed. What a unit left blank in all tables of a file is told once.
        """
        printed = {annex.table for annex in returns.series.annexes}
        files: dict[str, list[str]] = {}
        for table in returns.indicators.received.tables:
            definition = returns.series.tables[table]
            is_asked = not definition.partial and not (definition.records and table not in printed)
            if table in returns.indicators.received.absent or is_asked:
                files.setdefault(definition.file or table, []).append(table)
        for tables in files.values():
            if returns.indicators.received.absent.isdisjoint(tables):
                yield from self._of_file(returns, tables)
                continue
            for table in tables:
                yield from self._absent(returns, table)

    def _of_file(self, returns: Returns, tables: Sequence[str]) -> Iterator[QualityIssue]:
        """Units that left everything blank in all tables of a file, then those that did in one of them."""
        received = returns.indicators.received.tables
        blank = {table: [u for u, row in received[table].rows.items() if _is_blank(row)] for table in tables}
        whole = [unit for unit in blank[tables[0]] if all(unit in units for units in blank.values())]
        if len(tables) > 1 and whole:
            yield from self._blank(returns, tables, whole, len(whole))
        for table, units in blank.items():
            told = whole if len(tables) > 1 else []
            yield from self._blank(returns, [table], [unit for unit in units if unit not in told], len(units))

    def _blank(
        self, returns: Returns, tables: Sequence[str], units: Sequence[str], count: int
    ) -> Iterator[QualityIssue]:
        """Units, of the ``count`` that left some tables blank; once where they are most of all."""
        rows = [returns.indicators.received.tables[table].rows for table in tables]
        cells = {unit: tuple(cell for table in rows for cell in table[unit].values()) for unit in units}
        titles = [returns.title(table) for table in tables]
        title = Text(zh="》《".join(dict.fromkeys(one.zh for one in titles)), en=_joined(titles))
        words: Words = {"table": title, "units": returns.units(units)}
        if is_many(units, rows[0]):
            columns = (column for table in tables for column in returns.series.tables[table].columns)
            when = f"count({' and '.join(f'blank({column})' for column in columns)}) == {count}"
            every = tuple(cell for one in cells.values() for cell in one)
            yield self.issue(returns, AREA, every, when, words, check="blank-return", says=self.says_of_many)
            return
        for unit, own in cells.items():
            when = " and ".join(f"blank({cell.column})" for cell in own)
            yield self.issue(returns, unit, own, when, words, check="blank-return")

    def _absent(self, returns: Returns, table: str) -> Iterator[QualityIssue]:
        """A table that the period does not have: that it has none, or that there is nothing to sum it from."""
        words: Words = {"table": returns.title(table), "period": returns.when(None)}
        when = f"count(reported({next(iter(returns.series.tables[table].columns))})) == 0"
        wanted = returns.series.tables[table].absent == "summed"
        says = self.says_of_sum if wanted else self.says_of_table
        level: Level | None = "error" if wanted else None
        check = "absent-table" if wanted else LEFT_OUT
        if not returns.indicators.is_summed(table):
            yield self.issue(returns, AREA, (), when, words, check=check, says=says, level=level)
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


def _joined(titles: Sequence[Text]) -> str:
    return ", ".join(dict.fromkeys(title.get("en") for title in titles))


def _is_blank(row: Mapping[str, Cell]) -> bool:
    return bool(row) and all(cell.value is None for cell in row.values())
