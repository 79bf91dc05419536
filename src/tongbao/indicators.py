"""Cells → figures: rates, shares, totals and ranks, each with its formula and the cells behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pandas as pd

from tongbao.cells import Cell
from tongbao.errors import DefinitionError, did_you_mean
from tongbao.formula import Formula
from tongbao.ingest import Fact, Received
from tongbao.rounding import Rounding, competition_ranks, print_decimal
from tongbao.series.models import Series

AREA = "area"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with all that is needed to print and to explain it.

    Arguments:
        name: the measure, fact or parameter, or the formula where it has no name.
        scope: a unit's id, or ``area`` for the whole area.
        value: unrounded; ``None`` for a blank.
        text: as printed; empty for a blank.
        unit: 家次, %, 万元 ….
        origin: ``reported``, ``computed``, ``fact`` or ``parameter``.
        formula: as declared; ``None`` where nothing was computed.
        calculation: the formula with its numbers: ``87 ÷ 248 × 100 = 35.08``.
        cells: what it was read or computed from.
    """

    name: str
    scope: str
    value: Decimal | None
    text: str
    unit: str
    origin: Literal["reported", "computed", "fact", "parameter"]
    formula: str | None = None
    calculation: str | None = None
    cells: tuple[Cell, ...] = ()
    qualifier: str = ""


class Indicators:
    """Every figure of one period. Figures are made on first use and kept."""

    def __init__(self, series: Series, received: Received, parameters: Mapping[str, Decimal]) -> None:
        self.series = series
        self.received = received
        self.parameters = parameters
        self._figures: dict[tuple[str, str], Figure] = {}
        self._ranks: dict[str, dict[str, int]] = {}

    def figure(self, name: str, scope: str = AREA) -> Figure:
        """A measure of a unit or of the whole area, a fact (``fact.x``) or a parameter (``param.x``).

        Raises:
            DefinitionError: a fact that this period does not declare.
        """
        if (name, scope) not in self._figures:
            self._figures[name, scope] = self._make(name, scope)
        return self._figures[name, scope]

    def evaluate(
        self,
        expression: str,
        scope: str = AREA,
        *,
        decimals: int | None = None,
        rounding: Rounding = "half-up",
        unit: str = "",
    ) -> Figure:
        """A named figure as it is, or a formula over a unit or the whole area, printed to ``decimals``."""
        formula = Formula.parse(expression)
        if formula.is_name:
            figure = self.figure(formula.source, scope)
            if decimals is None or figure.value is None:
                return figure
            text = print_decimal(figure.value, decimals, rounding)
            calculation = figure.calculation
            if calculation:
                calculation = calculation.rpartition(" = ")[0] + f" = {text}"
            return Figure(
                figure.name,
                scope,
                figure.value,
                text,
                unit or figure.unit,
                figure.origin,
                figure.formula,
                calculation,
                figure.cells,
                figure.qualifier,
            )
        return self._computed(expression, formula, scope, decimals, rounding, unit)

    def values(self, measure: str) -> dict[str, Decimal | None]:
        """A measure of every unit, in official order; ``None`` where blank."""
        return {unit.id: self.figure(measure, unit.id).value for unit in self.series.units}

    def ranks(self, measure: str) -> dict[str, int]:
        """Ranks of the units with a figure, on the stored values; ties share a rank and leave a gap."""
        if measure not in self._ranks:
            self._ranks[measure] = competition_ranks(self.values(measure), descending=self.descending(measure))
        return self._ranks[measure]

    def descending(self, measure: str) -> bool:
        """Whether the largest value of a measure ranks first."""
        declared = self.series.indicators.get(measure) or self.series.columns[measure]
        return declared.rank == "descending"

    def unit_of(self, measure: str) -> str:
        """The unit of measurement."""
        declared = self.series.indicators.get(measure) or self.series.columns[measure]
        return declared.unit

    def measure_name(self, measure: str, lang: str = "zh") -> str:
        """The name of a measure in words."""
        if measure in self.series.indicators:
            return self.series.indicators[measure].label.get(lang)
        return self.series.columns[measure].measure_name(lang)

    def fact(self, name: str) -> Fact:
        """A declared fact.

        Raises:
            DefinitionError: the period declares no such fact.
        """
        facts = self.received.facts
        if name not in facts:
            raise DefinitionError(
                f"fact.{name} is not declared for this period",
                expected=f"a row {name} in the period's facts.csv",
                hint=did_you_mean(name, facts),
            )
        return facts[name]

    def each(self) -> Iterator[Figure]:
        """Every measure of every unit and of the whole area, in declared order."""
        for measure in self.series.measures:
            for unit in self.series.units:
                yield self.figure(measure, unit.id)
            yield self.figure(measure, AREA)

    def frame(self) -> pd.DataFrame:
        """All figures as one tidy table.

        Returns:
            One row per measure and unit (or the whole area): ``measure``, ``measure_zh``, ``unit`` (id),
            ``unit_zh``, ``value`` (Decimal, unrounded, missing where blank), ``text`` (as printed),
            ``unit_of_measure``, ``rank`` (missing where blank), ``origin``, ``formula``, ``source`` (cells).
        """
        names = {unit.id: unit.zh for unit in self.series.units} | {AREA: self.series.area.zh}
        rows = [
            {
                "measure": figure.name,
                "measure_zh": self.measure_name(figure.name),
                "unit": figure.scope,
                "unit_zh": names[figure.scope],
                "value": figure.value,
                "text": figure.text,
                "unit_of_measure": figure.unit,
                "rank": self.ranks(figure.name).get(figure.scope) if figure.scope != AREA else None,
                "origin": figure.origin,
                "formula": figure.formula,
                "source": "; ".join(str(cell.source) for cell in figure.cells),
            }
            for figure in self.each()
        ]
        return pd.DataFrame(rows).astype({"rank": "Int64"})

    def _make(self, name: str, scope: str) -> Figure:
        prefix, _, rest = name.partition(".")
        if prefix == "fact":
            fact = self.fact(rest)
            return Figure(
                name, AREA, fact.value, fact.text, fact.unit, "fact", cells=(fact.cell,), qualifier=fact.qualifier
            )
        if prefix == "param":
            value = self.parameters[rest]
            return Figure(name, AREA, value, print_decimal(value), "", "parameter")
        if name in self.series.indicators:
            indicator = self.series.indicators[name]
            formula = Formula.parse(indicator.formula)
            return self._computed(name, formula, scope, indicator.decimals, indicator.rounding, indicator.unit)
        return self._column(name, scope)

    def _column(self, name: str, scope: str) -> Figure:
        column = self.series.columns[name]
        table = next(table for table, definition in self.series.tables.items() if name in definition.columns)
        received = self.received.tables[table]
        if scope != AREA:
            cell = received.cell(scope, name)
            if cell is None or cell.value is None:
                return Figure(name, scope, None, "", column.unit, "reported", cells=(cell,) if cell else ())
            return Figure(name, scope, cell.value, print_decimal(cell.value), column.unit, "reported", cells=(cell,))
        if column.area == "none":
            return Figure(name, AREA, None, "", column.unit, "reported")
        if column.area != "sum":
            formula = Formula.parse(column.area)
            return self._computed(name, formula, AREA, column.decimals, "half-up", column.unit)
        cells = tuple(row[name] for row in received.rows.values() if row[name].value is not None)
        if self.series.tables[table].partial:
            cells = (received.total[name],) if received.total and received.total[name].value is not None else ()
        total = sum((cell.value for cell in cells if cell.value is not None), Decimal(0)) if cells else None
        text = "" if total is None else print_decimal(total, column.decimals)
        if total is None or len(cells) == 1:
            return Figure(name, AREA, total, text, column.unit, "reported", cells=cells)
        calculation = " + ".join(print_decimal(cell.value) for cell in cells if cell.value is not None) + f" = {text}"
        return Figure(name, AREA, total, text, column.unit, "computed", f"sum({name})", calculation, cells)

    def _computed(
        self, name: str, formula: Formula, scope: str, decimals: int | None, rounding: Rounding, unit: str
    ) -> Figure:
        operands = {operand: self._operand(operand, scope) for operand in formula.names}
        cells = tuple(dict.fromkeys(cell for figure in operands.values() for cell in figure.cells))
        value = formula.evaluate(lambda operand: operands[operand].value)
        if value is None:
            return Figure(name, scope, None, "", unit, "computed", formula.source, cells=cells)
        text = print_decimal(value, decimals, rounding)
        if not operands:  # a plain number in a rule's option
            return Figure(name, scope, value, text, unit, "parameter")
        calculation = f"{formula.show(lambda operand: operands[operand].text)} = {text}"
        return Figure(name, scope, value, text, unit, "computed", formula.source, calculation, cells)

    def _operand(self, name: str, scope: str) -> Figure:
        return self.figure(name, AREA if "." in name else scope)
