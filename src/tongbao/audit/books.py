"""The books: every figure computed again from the cells received, by fractions, with what backs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from tongbao.audit.arithmetic import decimals_of, evaluate, names_of, printed
from tongbao.audit.issues import Issue
from tongbao.basics.period import Period
from tongbao.basics.rounding import Rounding
from tongbao.definition.expressions import Value
from tongbao.definition.names import OTHER_PERIODS, bare
from tongbao.definition.series import Series
from tongbao.reading.cell import Cell, RecordCount, Source
from tongbao.reading.received import Received

AREA = "area"
_OF_AREA = ("fact.", "param.", "area.", "mean.", "enterprises.")
# Names and numbers of a formula, without the names of functions.
_PARTS = re.compile(r"[a-z_][\w.]*\b(?!\s*\()|\d+(?:\.\d+)?")
Kind = Literal["cell", "computed", "fact", "parameter"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as the books have it.

    ``text`` is what must be printed, ``backing`` says from what it comes; ``operands`` are the numbers of its
    calculation, in order, and ``formula`` is what it is computed by; ``rounded`` says that some operand is itself a
    rounded figure, so that its calculation holds only within their rounding.
    """

    value: Fraction | None
    text: str
    kind: Kind
    backing: str
    unit: str = ""
    qualifier: str = ""
    operands: tuple[str, ...] = ()
    formula: str = ""
    rounded: bool = False


class UnknownNameError(Exception):
    """A name that is no measure, fact or parameter of the series."""


class Books:
    """Figures by name and scope, computed from the raw cells on demand.

    Arguments:
        series: the definition.
        received: the period's cells.
        parameters: values of the series' parameters.
        other: the books of another period, by its head (``last_year``) or its id; ``None`` where it has no figures.
        period: what they cover.

    ``issues`` are what is wrong with the returns, once they were looked for; ``enterprises`` the lists as received,
    until they were drawn up again.
    """

    def __init__(
        self,
        series: Series,
        received: Received,
        parameters: Mapping[str, Decimal],
        other: Callable[[str], Books | None] = lambda _head: None,
        period: Period | None = None,
    ) -> None:
        self.series = series
        self.received = received
        self.parameters = parameters
        self.other = other
        self.period = period
        self.issues: Sequence[Issue] | None = None
        self.enterprises = received.enterprises
        self._known: dict[tuple[str, str], Amount] = {}

    @property
    def any_received(self) -> bool:
        """Whether there are figures of the period."""
        return True

    def amount(self, name: str, scope: str = AREA) -> Amount:
        """A measure of a unit or the area, ``fact.x`` or ``param.x``.

        Raises:
            UnknownNameError: no such name.
            NotComputableError: its formula is beyond this evaluator.
        """
        if (name, scope) not in self._known:
            self._known[name, scope] = self._find(name, scope)
        return self._known[name, scope]

    def evaluate(
        self, expression: str, scope: str = AREA, *, decimals: int | None = None, rounding: Rounding = "half-up"
    ) -> Amount:
        """An expression over a unit or the area, printed to ``decimals`` or with the digits it has."""
        if _is_name(expression):
            amount = self.amount(expression, scope)
            if decimals is None or amount.value is None:
                return amount
            text = printed(amount.value, decimals, rounding)
            return replace(amount, text=text)
        used: dict[str, Amount] = {}

        def look(name: str) -> Fraction | None:
            used[name] = self.amount(name, AREA if name.startswith(_OF_AREA) else scope)
            return used[name].value

        value = evaluate(expression, look)
        if not used:
            return Amount(value, expression.strip(), "parameter", "a number of the series' definition")
        given = ", ".join(f"{name} = {amount.text or 'blank'}" for name, amount in used.items())
        backing = f"{expression} with {given}"
        text = "" if value is None else printed(value, decimals or 0, rounding)
        shown = [used[part].text if part in used else part for part in _PARTS.findall(expression)]
        rounded = any(amount.value is not None and amount.kind == "computed" and Fraction(amount.text) != amount.value
                      for amount in used.values())  # fmt: skip
        return Amount(value, text, "computed", backing, operands=tuple(shown), formula=expression.strip(),
                      rounded=rounded)  # fmt: skip

    def value(self, declared: Value, scope: str = AREA) -> Amount:
        """A declared value of the area or a unit: its formula, decimals and rounding."""
        amount = self.evaluate(declared.formula, scope, decimals=declared.decimals, rounding=declared.rounding)
        if declared.is_name and (declared.decimals is None or amount.value is None):
            return amount
        return replace(amount, unit=declared.unit or amount.unit)

    def values(self, measure: str) -> dict[str, Fraction]:
        """A measure of every unit that has a figure, in official order."""
        amounts = {unit.id: self.amount(measure, unit.id).value for unit in self.series.units}
        return {unit: value for unit, value in amounts.items() if value is not None}

    def ranks(self, measure: str) -> dict[str, int]:
        """Ranks: one more than the number of units that are better."""
        values, falling = self.values(measure), self.descending(measure)
        return {
            unit: 1 + sum((other > value) if falling else (other < value) for other in values.values())
            for unit, value in values.items()
        }

    def descending(self, measure: str) -> bool:
        """Whether the largest value ranks first."""
        declared = self.series.indicators.get(measure) or self.series.columns[measure]
        return declared.rank == "descending"

    def cell(self, file: str, sheet: str | None, row: int, column: str) -> Cell | None:
        """What a raw file holds at a place, among the cells received."""
        return self._by_place.get((file, sheet, row, column))

    @cached_property
    def _by_place(self) -> dict[tuple[str, str | None, int, str], Cell]:
        cells: list[Cell] = [fact.cell for fact in self.received.facts.values()]
        for table in self.received.tables.values():
            for line in (*table.rows.values(), table.total):
                cells += line.values()
        return {(c.source.file, c.source.sheet, c.source.row, c.source.column): c
                for c in cells if isinstance(c.source, Source)}  # fmt: skip

    def cells(self, expression: str, scope: str = AREA) -> list[Cell]:
        """The cells that an expression over a unit or the area is computed from, blank ones too, without repeats.

        Raises:
            UnknownNameError: it names something that is not declared.
        """
        found = [cell for name in names_of(expression)
                 for cell in self._cells_of(name, AREA if name.startswith(_OF_AREA) else scope)]  # fmt: skip
        return list({(cell.table, cell.unit, cell.column, str(cell.source)): cell for cell in found}.values())

    def _cells_of(self, name: str, scope: str) -> list[Cell]:
        head, _, rest = name.partition(".")
        if head == "fact":
            return [self.received.facts[rest].cell] if rest in self.received.facts else []
        if head == "area":
            return self.cells(rest)
        if head == "mean":
            return [cell for unit in self.values(rest) for cell in self.cells(rest, unit)]
        if head in OTHER_PERIODS:
            other = self.other(head)
            return other.cells(rest, scope) if other else []
        if name in self.series.indicators:
            return self.cells(self.series.indicators[name].formula, scope)
        if name in self.series.columns:
            return self._cells_of_column(name, scope)
        return []

    def _cells_of_column(self, name: str, scope: str) -> list[Cell]:
        column, table = self.series.columns[name], self.table_of(name)
        received = self.received.tables[table]
        if scope != AREA:
            return [cell] if (cell := received.cell(scope, name)) else []
        if column.area not in ("sum", "none"):
            return self.cells(column.area)
        lines = [received.total] if self.series.tables[table].partial else list(received.rows.values())
        return [line[name] for line in lines if column.area == "sum" and name in line and line[name].value is not None]

    def table_of(self, column: str) -> str:
        """The table that a column stands in."""
        return next(name for name, definition in self.series.tables.items() if column in definition.columns)

    def counted(self, table: str, unit: str | None, column: str) -> Cell | None:
        """A cell counted from case records."""
        found = self.received.tables.get(table)
        return found.cell(unit, column) if found and unit else None

    def _find(self, name: str, scope: str) -> Amount:
        head, dot, rest = name.partition(".")
        if dot and head == "fact" and rest in self.received.facts:
            fact = self.received.facts[rest]
            value = None if fact.value is None else Fraction(fact.value)
            return Amount(value, fact.text, "fact", f"{fact.cell.source}: {fact.source_document.zh}", fact.unit,
                          fact.qualifier)  # fmt: skip
        if dot and head == "param" and rest in self.parameters:
            value = Fraction(self.parameters[rest])
            return Amount(value, format(self.parameters[rest], "f"), "parameter", f"parameter {rest}")
        if dot and head == "area":
            return self.amount(rest)
        if dot and head == "mean":
            return self._mean(rest)
        if dot and head in OTHER_PERIODS:
            return self._elsewhere(head, rest, scope)
        if dot and head == "enterprises":
            return self._enterprises(rest)
        if name in self.series.indicators:
            indicator = self.series.indicators[name]
            amount = self.evaluate(indicator.formula, scope, decimals=indicator.decimals, rounding=indicator.rounding)
            amount = replace(amount, kind="computed", unit=indicator.unit)
            parts = [self.evaluate(item.measure, scope).value for item in indicator.score]
            if parts and parts.count(None) == len(parts):  # points for nothing at all are no score
                return replace(amount, value=None, text="", operands=(), rounded=False)
            return amount
        if name in self.series.columns:
            return self._column(name, scope)
        raise UnknownNameError(name)

    def _elsewhere(self, head: str, name: str, scope: str) -> Amount:
        other = self.other(head)
        declared = self.series.indicators.get(bare(name)) or self.series.columns.get(bare(name))
        nothing = Amount(None, "", "computed", f"no figure for {head}", declared.unit if declared else "")
        if other is None:
            return nothing
        try:
            return other.amount(name, scope)
        except UnknownNameError:
            return nothing

    def _mean(self, name: str) -> Amount:
        amounts = [amount for unit in self.series.units if (amount := self.amount(name, unit.id)).value is not None]
        declared = self.series.indicators.get(name) or self.series.columns[name]
        if not amounts:
            return Amount(None, "", "computed", f"{name} is blank everywhere", declared.unit)
        value = sum((amount.value or Fraction(0) for amount in amounts), Fraction(0)) / len(amounts)
        decimals = declared.decimals
        if decimals is None:
            decimals = max(decimals_of(amount.text) for amount in amounts)
        texts = (*(amount.text for amount in amounts), str(len(amounts)))
        return Amount(value, printed(value, decimals), "computed", f"mean of {len(amounts)} units", declared.unit,
                      operands=texts, rounded=True)  # fmt: skip

    def _enterprises(self, name: str) -> Amount:
        """How many enterprises a list holds, or how many meet one of its criteria; a summed period has no lists."""
        cell = self.listed_counts().get(name)
        if cell is None:
            declared = self.series.enterprises
            if name not in {*declared, *(f"{key}_{met}" for key, one in declared.items() for met in one.criteria)}:
                raise UnknownNameError(name)
            return Amount(None, "", "cell", f"no list {name} was drawn up", "家")
        return Amount(Fraction(int(cell.text)), cell.text, "cell", f"enterprises of the list {name}", "家")

    def listed_counts(self) -> dict[str, Cell]:
        """The number of enterprises of each list, and of those that meet each criterion, by name."""
        found = {}
        for listed, declared in self.series.enterprises.items():
            if listed not in self.enterprises:
                continue
            every = self.enterprises[listed]
            files = "，".join(sorted({enterprise.source.file for enterprise in every}))
            for criterion in (None, *declared.criteria):
                met = [one for one in every if criterion is None or criterion in one.met]
                place = RecordCount(files, sum(one.source.records for one in met), f"名单{listed}的企业数")
                name = listed if criterion is None else f"{listed}_{criterion}"
                found[name] = Cell(listed, None, criterion or "count", str(len(met)), Decimal(len(met)), place)
        return found

    def _column(self, name: str, scope: str) -> Amount:
        column = self.series.columns[name]
        table = self.table_of(name)
        received = self.received.tables[table]
        if scope != AREA:
            cell = received.cell(scope, name)
            return _of_cell(cell, column.unit) if cell else Amount(None, "", "cell", f"no row in {table}", column.unit)
        if column.area == "none":
            return Amount(None, "", "cell", f"{name} has no figure of the whole area", column.unit)
        if column.area != "sum":
            amount = self.evaluate(column.area, decimals=column.decimals)
            return replace(amount, kind="computed", unit=column.unit)
        if self.series.tables[table].partial:
            total = received.total.get(name)
            return _of_cell(total, column.unit, column.decimals) if total else (
                Amount(None, "", "cell", f"no total in {table}", column.unit))  # fmt: skip
        cells = [row[name] for row in received.rows.values() if row[name].value is not None]
        if not cells:
            return Amount(None, "", "computed", f"{name} is blank everywhere", column.unit)
        texts = [format(cell.value, "f") for cell in cells if cell.value is not None]
        decimals = column.decimals if column.decimals is not None else max(map(decimals_of, texts))
        value = sum(map(Fraction, texts), Fraction(0))
        last = cells[-1].source
        end = f"{last.column}{last.row}" if isinstance(last, Source) else str(last)
        backing = f"sum of {len(cells)} cells, {cells[0].source} to {end}"
        if len(cells) == 1:
            return _of_cell(cells[0], column.unit, column.decimals)
        return Amount(value, printed(value, decimals), "computed", backing, column.unit, operands=tuple(texts))


def _of_cell(cell: Cell, unit: str, decimals: int | None = None) -> Amount:
    if cell.value is None:
        return Amount(None, "", "cell", str(cell.source), unit)
    value, text = Fraction(cell.value), format(cell.value, "f")
    return Amount(value, text if decimals is None else printed(value, decimals), "cell", str(cell.source), unit)


def _is_name(expression: str) -> bool:
    return all(part.isidentifier() for part in expression.strip().split("."))
