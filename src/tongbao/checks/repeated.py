"""Tables that hold the figures of another period: last month's file under this month's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from tongbao.basics.marks import proof
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, received_beside, said_of
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell

ENOUGH = 5  # so many figures above or below zero are not the same by chance
# What is held to what: each row's figures by column, this period's and the other one's.
_Rows = Mapping[str, Mapping[str, Cell]]


class Repeated(Check):
    """No table is, figure for figure, that of the period before or of the same period last year.

    Where each unit sends a file of its own, each is held to its own.

    Options:
        constant: the tables that may stay as they are: what they count hardly changes.
    """

    check: Literal["repeated"]
    constant: tuple[str, ...] = ()

    called = Text(zh="与他期数据雷同", en="figures of another period")
    standard = True
    says = Text(
        zh="《{table}》各项数据与{period}的（{file}）完全相同，是否误用了该期的表？请核实。",
        en="Every figure of {table} is that of {period} ({file}); is it that period's file?",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Tables whose figures are all those of the other period, with blanks where that has blanks."""
        others = list(received_beside(returns))
        for name, table in returns.indicators.received.tables.items():
            definition = returns.series.tables[name]
            if definition.records or name in self.constant:
                continue
            for other in others:
                theirs = other.received.tables[name].rows if name in other.received.tables else {}
                apart = len(table.headings) > 1
                parts = [{unit: row} for unit, row in table.rows.items()] if apart else [table.rows]
                for rows in parts:
                    if _are_the_same(rows, {unit: theirs.get(unit, {}) for unit in (rows if apart else theirs)}):
                        yield self._told(returns, name, rows, other)

    def _told(self, returns: Returns, table: str, rows: _Rows, other: Indicators) -> QualityIssue:
        definition, theirs = returns.series.tables[table], other.received.tables[table].rows
        scope = AREA if len(rows) > 1 else next(iter(rows))
        cells = [cell for unit, row in rows.items() for cell in (*row.values(), *theirs[unit].values())]
        file = next(cell.source.file for row in theirs.values() for cell in row.values() if cell.unit in rows)
        words: Words = {
            "table": returns.title(table),
            "period": returns.when(other.period),
            "file": proof(f"input {file}", file),
        }
        head = "previous" if other.period == returns.indicators.compared("previous").period else "last_year"
        measures = [name for name, column in definition.columns.items() if column.is_measure]
        differs = " or ".join(f"{name} != {head}.{name}" for name in measures)
        when = f"count({differs}) == 0" if scope == AREA else f"not ({differs})"
        return self.issue(returns, scope, cells, when, words, says=said_of(scope, self.says))


def _are_the_same(rows: _Rows, others: _Rows) -> bool:
    """Whether all figures are equal, and enough of them are not zero."""
    mine, theirs = ({unit: _values(row) for unit, row in table.items()} for table in (rows, others))
    known = [value for row in mine.values() for value in row.values() if value]
    return mine == theirs and len(known) >= ENOUGH


def _values(row: Mapping[str, Cell]) -> dict[str, Decimal | None]:
    return {name: cell.value for name, cell in row.items()}
