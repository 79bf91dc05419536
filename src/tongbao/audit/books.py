"""The books: every figure computed again from the cells received, by fractions, with what backs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from tongbao.audit.arithmetic import decimals_of, evaluate, printed
from tongbao.cells import Cell
from tongbao.ingest import Received
from tongbao.rounding import Rounding
from tongbao.series.models import Series
from tongbao.series.rules import Value

AREA = "area"
# Names and numbers of a formula, without the names of functions.
_PARTS = re.compile(r"[a-z_][\w.]*\b(?!\s*\()|\d+(?:\.\d+)?")
Kind = Literal["cell", "computed", "fact", "parameter"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as the books have it.

    ``text`` is what must be printed, ``backing`` says from what it comes; ``operands`` are the numbers of its
    calculation, in order, and ``formula`` is what it is computed by.
    """

    value: Fraction | None
    text: str
    kind: Kind
    backing: str
    unit: str = ""
    qualifier: str = ""
    operands: tuple[str, ...] = ()
    formula: str = ""


class UnknownNameError(Exception):
    """A name that is no measure, fact or parameter of the series."""


class Books:
    """Figures by name and scope, computed from the raw cells on demand."""

    def __init__(self, series: Series, received: Received, parameters: Mapping[str, Decimal]) -> None:
        self.series = series
        self.received = received
        self.parameters = parameters
        self._known: dict[tuple[str, str], Amount] = {}

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
            used[name] = self.amount(name, AREA if "." in name else scope)
            return used[name].value

        value = evaluate(expression, look)
        if not used:
            return Amount(value, expression.strip(), "parameter", "a number of the series' definition")
        given = ", ".join(f"{name} = {amount.text or 'blank'}" for name, amount in used.items())
        backing = f"{expression} with {given}"
        text = "" if value is None else printed(value, decimals or 0, rounding)
        shown = [used[part].text if part in used else part for part in _PARTS.findall(expression)]
        return Amount(value, text, "computed", backing, operands=tuple(shown), formula=expression.strip())

    def value(self, declared: Value) -> Amount:
        """A declared value of the area: its formula, decimals and rounding."""
        amount = self.evaluate(declared.formula, decimals=declared.decimals, rounding=declared.rounding)
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
        return {(c.source.file, c.source.sheet, c.source.row, c.source.column): c for c in cells}

    def _find(self, name: str, scope: str) -> Amount:
        head, dot, rest = name.partition(".")
        if dot and head == "fact" and rest in self.received.facts:
            fact = self.received.facts[rest]
            value = None if fact.value is None else Fraction(fact.value)
            return Amount(value, fact.text, "fact", f"{fact.cell.source}: {fact.source_document}", fact.unit,
                          fact.qualifier)  # fmt: skip
        if dot and head == "param" and rest in self.parameters:
            value = Fraction(self.parameters[rest])
            return Amount(value, format(self.parameters[rest], "f"), "parameter", f"parameter {rest}")
        if name in self.series.indicators:
            indicator = self.series.indicators[name]
            amount = self.evaluate(indicator.formula, scope, decimals=indicator.decimals, rounding=indicator.rounding)
            return replace(amount, kind="computed", unit=indicator.unit)
        if name in self.series.columns:
            return self._column(name, scope)
        raise UnknownNameError(name)

    def _column(self, name: str, scope: str) -> Amount:
        column = self.series.columns[name]
        table = next(table for table, definition in self.series.tables.items() if name in definition.columns)
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
            return _of_cell(total, column.unit) if total else Amount(None, "", "cell", f"no total in {table}")
        cells = [row[name] for row in received.rows.values() if row[name].value is not None]
        if not cells:
            return Amount(None, "", "computed", f"{name} is blank everywhere", column.unit)
        texts = [format(cell.value, "f") for cell in cells if cell.value is not None]
        decimals = column.decimals if column.decimals is not None else max(map(decimals_of, texts))
        value = sum(map(Fraction, texts), Fraction(0))
        backing = f"sum of {len(cells)} cells, {cells[0].source} to {cells[-1].source.column}{cells[-1].source.row}"
        if len(cells) == 1:
            return _of_cell(cells[0], column.unit)
        return Amount(value, printed(value, decimals), "computed", backing, column.unit, operands=tuple(texts))


def _of_cell(cell: Cell, unit: str) -> Amount:
    if cell.value is None:
        return Amount(None, "", "cell", str(cell.source), unit)
    return Amount(Fraction(cell.value), format(cell.value, "f"), "cell", str(cell.source), unit)


def _is_name(expression: str) -> bool:
    return all(part.isidentifier() for part in expression.strip().split("."))
