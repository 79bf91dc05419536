"""Every figure of a period computed from the cells received, over fractions; other periods as received, or summed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

from oracles.arithmetic import (
    AREA,
    Value,
    decimals_of,
    evaluate,
    facing,
    merged,
    names_of,
    operands_of,
    partners,
    printed,
)
from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.definition.series import Series
from tongbao.reading.cell import Cell
from tongbao.reading.received import Received

PERIODS = ("last_year", "previous", "year_to_date")
_OF_AREA = ("fact.", "param.", "area.", "mean.", "enterprises.")
# Enterprises told apart by their code: one visited in two months would count twice in their sum.
_TOLD_APART = "enterprises"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: its exact value (``None`` for a blank), its text as printed, its unit of measurement."""

    value: Value
    text: str
    unit: str = ""


class UnknownNameError(Exception):
    """A name that is no measure, fact or parameter here."""


class Books:
    """The figures of one period, by name and scope.

    ``other`` gives the books of another period by its head (``last_year``).
    """

    def __init__(
        self,
        series: Series,
        received: Received,
        parameters: Mapping[str, Decimal],
        other: Callable[[str], Books | None] = lambda _head: None,
    ) -> None:
        self.series, self.received, self.parameters, self.other = series, received, parameters, other
        self.units = [unit.id for unit in series.units]
        self.tables = {column: name for name, table in series.tables.items() for column in table.columns}
        self.period: Period | None = None
        self._known: dict[tuple[str, str], Amount] = {}

    @property
    def any_received(self) -> bool:
        return True

    def amount(self, name: str, scope: str = AREA) -> Amount:
        """A measure of a unit or of the area, a fact or a parameter, also with heads before it."""
        if (name, scope) not in self._known:
            self._known[name, scope] = self._find(name, scope)
        return self._known[name, scope]

    def evaluate(
        self, formula: str, scope: str = AREA, decimals: int | None = None, rounding: str = "half-up", beside: str = ""
    ) -> Amount:
        """A name's figure, or a formula's value printed to ``decimals``, with all its digits where there are none.

        As a part of the formula ``beside`` it is made of the units that report all that this one puts together.
        """
        formula = formula.strip()
        if not beside and all(part.isidentifier() for part in formula.split(".")):
            amount = self.amount(formula, scope)
            if decimals is None or amount.value is None:
                return amount
            return replace(amount, text=printed(amount.value, decimals, rounding))
        shared = self._shared(beside or formula) if scope == AREA else {}

        def lookup(name: str, scope: str) -> Value:
            if scope != AREA or name not in shared:
                return self._lookup(name, scope)
            return self._among(name, shared[name])

        value = evaluate(formula, lookup, scope, self.units)
        if value is None:
            return Amount(None, "")
        return Amount(value, exactly(value) if decimals is None else printed(value, decimals, rounding))

    def value(self, declared: Any, scope: str = AREA) -> Amount:
        """A declared value as series.yml has it: a name, a number, or ``{formula, decimals, rounding, unit}``."""
        options = declared if isinstance(declared, Mapping) else {"formula": str(declared)}
        amount = self.evaluate(
            str(options["formula"]), scope, options.get("decimals"), options.get("rounding", "half-up")
        )
        return replace(amount, unit=options.get("unit") or amount.unit)

    def values(self, formula: str) -> dict[str, Fraction]:
        """A measure or formula of every unit that has a figure, in official order."""
        found = {unit: self.evaluate(formula, unit).value for unit in self.units}
        return {unit: value for unit, value in found.items() if value is not None}

    def falls(self, measure: str) -> bool:
        """Whether the largest figure of a measure is first."""
        declared = self.series.indicators.get(bare(measure)) or self.series.columns[bare(measure)]
        return declared.rank == "descending"

    def ranks(self, measure: str) -> dict[str, int]:
        """Ranks: one more than the number of units that are better."""
        return places(self.values(measure), falling=self.falls(measure))

    def cells(self, formula: str, scope: str = AREA) -> list[Cell]:
        """The cells that a formula over a unit or the area is computed from, blank ones too, without repeats."""
        found = chain.from_iterable(
            self._cells(n, AREA if n.startswith(_OF_AREA) else scope) for n in names_of(formula)
        )
        return list({id(cell): cell for cell in found}.values())

    def _shared(self, formula: str) -> dict[str, set[str]]:
        """By columns that the area's figure puts together: the units that report each of them."""
        found: dict[str, set[str]] = {}
        groups = [{name for name in group if self._is_summed_up(name)} for group in partners(formula)]
        for sides in facing(formula):
            one, other = (_spans(self._sums(side)) for side in sides)
            if one and other and one != other:
                groups.append({name for side in sides for name in side if self._sums({name})})
        for names in merged(groups):
            told = [{u for u in self.units if self.amount(one, u).value is not None} for one in self._sums(names)]
            # Where nobody reports one of them, there is no figure; where nobody reports all of them, neither.
            found |= {name: set.intersection(*told) for name in names if told and all(told)}
        return found

    def _sums(self, names: set[str]) -> set[str]:
        """The columns summed over units that names are made of, with the heads before them."""
        found = {name for name in names if self._is_summed_up(name)}
        for name in names - found:
            own = bare(name)
            heads = name.removesuffix(own)
            if own in self.series.indicators and not {"area", "mean"} & set(heads.split(".")):
                parts = operands_of(self.series.indicators[own].formula)
                found |= {heads + one for one in self._sums(parts)}
        return found

    def _among(self, name: str, units: set[str]) -> Value:
        """The figure of the area made of some units alone."""
        if self._is_summed_up(name):
            values = [self.amount(name, unit).value or Fraction(0) for unit in units]
            return sum(values, Fraction(0)) if values else None
        head, _, rest = name.partition(".")
        if head in PERIODS:
            other = self.other(head)
            return other._among(rest, units) if other else None
        if not self._sums({name}):
            return self._lookup(name, AREA)
        return evaluate(self.series.indicators[name].formula, lambda one, _: self._among(one, units), AREA, self.units)

    def _is_summed_up(self, name: str) -> bool:
        *heads, column = name.split(".")
        if column not in self.tables or not set(heads) <= set(PERIODS):
            return False
        return self.series.columns[column].area == "sum" and not self.series.tables[self.tables[column]].partial

    def _lookup(self, name: str, scope: str) -> Value:
        return self.amount(name, AREA if name.startswith(_OF_AREA) else scope).value

    def _cells(self, name: str, scope: str) -> list[Cell]:
        head, _, rest = name.partition(".")
        if head == "fact":
            return [self.received.facts[rest].cell] if rest in self.received.facts else []
        if head == "area":
            return self.cells(rest)
        if head in PERIODS:
            other = self.other(head)
            return other.cells(rest, scope) if other else []
        if name in self.series.indicators:
            return self.cells(self.series.indicators[name].formula, scope)
        return self._cells_of_column(name, scope) if name in self.tables else []

    def _cells_of_column(self, name: str, scope: str) -> list[Cell]:
        received = self.received.tables[self.tables[name]]
        if scope != AREA:
            return [cell] if (cell := received.cell(scope, name)) else []
        lines = [received.total] if self.series.tables[self.tables[name]].partial else list(received.rows.values())
        return [line[name] for line in lines if name in line and line[name].value is not None]

    def _find(self, name: str, scope: str) -> Amount:
        head, dot, rest = name.partition(".")
        if dot and head == "fact" and rest in self.received.facts:
            fact = self.received.facts[rest]
            return Amount(None if fact.value is None else Fraction(fact.value), fact.text, fact.unit)
        if dot and head == "param" and rest in self.parameters:
            return Amount(Fraction(self.parameters[rest]), format(self.parameters[rest], "f"))
        if dot and head == "area":
            return self.amount(rest)
        if dot and head == "mean":
            return self._mean(rest)
        if dot and head in PERIODS:
            other = self.other(head)
            with suppress(UnknownNameError):
                received = other and (other.any_received or rest.split(".")[0] in (*PERIODS, "param"))
                return other.amount(rest, scope) if other and received else Amount(None, "")
            return Amount(None, "")
        if name in self.series.indicators:
            indicator = self.series.indicators[name]
            amount = self.evaluate(indicator.formula, scope, indicator.decimals, indicator.rounding)
            if indicator.score and all(self.evaluate(item.measure, scope).value is None for item in indicator.score):
                return Amount(None, "", indicator.unit)  # points for nothing at all are no score
            return replace(amount, unit=indicator.unit)
        if name in self.tables:
            return replace(self._column(name, scope), unit=self.series.columns[name].unit)
        raise UnknownNameError(name)

    def _mean(self, name: str) -> Amount:
        amounts = [amount for unit in self.units if (amount := self.amount(name, unit)).value is not None]
        declared = self.series.indicators.get(name) or self.series.columns[name]
        if not amounts:
            return Amount(None, "", declared.unit)
        value = sum((amount.value or Fraction(0) for amount in amounts), Fraction(0)) / len(amounts)
        decimals = declared.decimals
        if decimals is None:
            decimals = max(decimals_of(amount.text) for amount in amounts)
        return Amount(value, printed(value, decimals), declared.unit)

    def _column(self, name: str, scope: str) -> Amount:
        column, table = self.series.columns[name], self.series.tables[self.tables[name]]
        received = self.received.tables[self.tables[name]]
        if scope != AREA:
            cell = received.cell(scope, name)
            return _summed([cell] if cell else [], None)
        if column.area == "none":
            return Amount(None, "")
        if column.area != "sum":
            return self.evaluate(column.area, decimals=column.decimals)
        lines = [received.total] if table.partial else received.rows.values()
        return _summed([line[name] for line in lines if name in line], column.decimals)


class SummedBooks(Books):
    """A period that was not received itself: what is summed over units is summed over its parts, unit by unit.

    A figure that is blank in one part is blank, as is every figure where there are no parts; so are facts, reported
    rates, enterprises told apart, of which one may stand in two parts, and what there is at the end of each.
    """

    def __init__(self, series: Series, parameters: Mapping[str, Decimal], parts: Sequence[Books]) -> None:
        super().__init__(series, Received({}, {}, {}), parameters)
        self._parts = parts

    @property
    def any_received(self) -> bool:
        return bool(self._parts)

    def _column(self, name: str, scope: str) -> Amount:
        column = self.series.columns[name]
        amounts = [part.amount(name, scope) for part in self._parts]
        values = [amount.value for amount in amounts if amount.value is not None]
        told_apart = (column.measure == _TOLD_APART or column.stated.level == "allowed") and len(amounts) > 1
        if not values or len(values) < len(amounts) or column.area != "sum" or told_apart:
            return Amount(None, "")
        decimals = column.decimals if scope == AREA else None
        if scope == AREA and len(amounts) > 1 and self._is_summed_up(name):  # of those that lack no part
            amounts = [amount for unit in self.units if (amount := self.amount(name, unit)).value is not None]
            values = [amount.value for amount in amounts if amount.value is not None]
            if not values:
                return Amount(None, "")
        if decimals is None:
            decimals = max(decimals_of(amount.text) for amount in amounts)
        return Amount(sum(values, Fraction(0)), printed(sum(values, Fraction(0)), decimals))

    def _cells_of_column(self, name: str, scope: str) -> list[Cell]:
        return [cell for part in self._parts for cell in part.cells(name, scope)]


@dataclass
class Archive:
    """The books of every period of a series: ``received`` holds what came for some of them."""

    series: Series
    received: Mapping[Period, Received]
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    opened: dict[Period, Books] = field(default_factory=dict)

    def at(self, period: Period) -> Books:
        """A period's books: received under any of its ids, else summed, else all blank."""
        if period not in self.opened:
            self.opened[period] = self._led(period, self._open(period))
        return self.opened[period]

    def _led(self, period: Period, books: Books) -> Books:
        books.period, books.other = period, lambda head: self._other(period, head)
        return books

    def _open(self, period: Period) -> Books:
        name = next((name for name in period.same_span() if name in self.received), None)
        if name is not None:
            return Books(self.series, self.received[name], self.parameters)
        inside = {(part.first, part.last): part for part in self.received if part.lies_in(period)}
        # Where several sets of periods cover the months, the one whose first is longest, then its second.
        covers = _covers(list(inside), period.first, period.last)
        cover = max(covers, key=lambda spans: [last - first for first, last in spans], default=[])
        return SummedBooks(self.series, self.parameters, [self.at(inside[span]) for span in cover])

    def _other(self, period: Period, head: str) -> Books:
        if head == "last_year":
            return self.at(period.same_period_last_year())
        if head == "year_to_date":
            return self.at(period.to_date())
        with suppress(UsageError):
            return self.at(period.previous())
        # No period as long ends before this one inside a year.
        return self._led(period, SummedBooks(self.series, self.parameters, ()))


def bare(name: str) -> str:
    """A name without the heads before it.

    >>> bare("last_year.year_to_date.fines")
    'fines'
    """
    head, dot, rest = name.partition(".")
    return bare(rest) if dot and head in ("area", "mean", *PERIODS) else name


def _spans(columns: set[str]) -> set[str]:
    """The heads of periods that columns have."""
    return {column.removesuffix(bare(column)) for column in columns}


def places(values: Mapping[str, Fraction], *, falling: bool) -> dict[str, int]:
    """Ranks: one more than the number of those that are before; ties share one and leave a gap."""
    return {
        name: 1 + sum((other > value) if falling else (other < value) for other in values.values())
        for name, value in values.items()
    }


def exactly(value: Fraction) -> str:
    """A fraction with all its decimals, if they end within 20."""
    return next((printed(value, n) for n in range(20) if (value * 10**n).denominator == 1), "")


def _summed(cells: Sequence[Cell], decimals: int | None) -> Amount:
    texts = [format(cell.value, "f") for cell in cells if cell.value is not None]
    if not texts:
        return Amount(None, "")
    value = sum(map(Fraction, texts), Fraction(0))
    return Amount(value, printed(value, max(map(decimals_of, texts)) if decimals is None else decimals))


def _covers(spans: Sequence[tuple[int, int]], first: int, last: int) -> Iterator[list[tuple[int, int]]]:
    """Every way to lay spans end to end from one month to another."""
    if first > last:
        yield []
    for start, end in spans:
        if start == first:
            yield from ([(start, end), *rest] for rest in _covers(spans, end + 1, last))
