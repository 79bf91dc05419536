"""What a rule compares, over fractions: figures by unit or item, changes, and the bounds they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tongbao.audit.arithmetic import decimals_of, exactly, names_of, printed
from tongbao.audit.books import AREA, Amount, Books, UnknownNameError
from tongbao.definition.expressions import Bounds, Subject, Value
from tongbao.definition.names import OTHER_PERIODS, bare, of_unit
from tongbao.findings.compares import Compares

POINTS = "个百分点"
Fractions = dict[str, Fraction]


@dataclass(frozen=True)
class Compared:
    """Figures of one kind: signed ``values`` and the printed ``amounts``, by unit or item in official order."""

    values: Mapping[str, Fraction | None]
    amounts: Mapping[str, Amount]
    falling: bool = True
    of_units: bool = True
    other_missing: bool = False

    def reporting(self) -> Fractions:
        """Those that have a figure."""
        return {name: value for name, value in self.values.items() if value is not None}


@dataclass(frozen=True)
class Limit:
    """A bound: one amount for all, or one for each unit."""

    amount: Amount | None = None
    of_each: Mapping[str, Fraction | None] | None = None

    def at(self, name: str) -> Fraction | None:
        """The bound for a unit."""
        if self.of_each is not None:
            return self.of_each.get(name)
        return self.amount.value if self.amount else None


def compared_by(rule: Compares, books: Books) -> Compared:
    """What a rule compares."""
    if rule.measure is None:
        amounts = {name: _declared(item.value, books) for name, item in rule.items.items()}
        return Compared({name: amount.value for name, amount in amounts.items()}, amounts, of_units=False)
    measure = rule.measure
    now = {unit.id: books.value(measure, unit.id) for unit in books.series.units}
    falling = _falling(measure, books)
    if rule.change is None:
        return Compared({unit: amount.value for unit, amount in now.items()}, now, falling)
    other = books.other(rule.change)
    changes = {unit: change(amount, before_of(other, measure, unit), rule.change_in)
               for unit, amount in now.items()}  # fmt: skip
    values = {unit: value for unit, (value, _) in changes.items()}
    others = [before_of(other, measure, unit).value for unit in now]
    missing = any(amount.value is not None for amount in now.values()) and all(value is None for value in others)
    return Compared(values, {unit: amount for unit, (_, amount) in changes.items()}, falling, other_missing=missing)


def before_of(other: Books | None, measure: Value, scope: str = AREA) -> Amount:
    """Another period's figure; blank where there is none."""
    nothing = Amount(None, "", "computed", "no figure of the other period", measure.unit)
    if other is None:
        return nothing
    try:
        return other.value(measure, scope)
    except UnknownNameError:
        return nothing


def change(now: Amount, before: Amount, how: str | None, decimals: int | None = None) -> tuple[Fraction | None, Amount]:
    """A change with its sign, and its size as printed."""
    kind = how or ("points" if now.unit == "%" else "percent")
    unit = {"percent": "%"}.get(kind) or (POINTS if now.unit == "%" else now.unit)
    blank = Amount(None, "", "computed", "no change to state", "")
    if now.value is None or before.value is None:
        return None, blank
    size: Fraction | None = now.value - before.value
    if kind == "percent" and size:
        size = size / before.value * 100 if before.value > 0 else None
    if size is None:
        return None, blank
    if decimals is None:
        places = {"percent": 1, "points": 2}
        decimals = places.get(kind, max(decimals_of(now.text), decimals_of(before.text)))
    backing = f"{now.text} against {before.text}"
    formula = "(now - before) / before * 100" if kind == "percent" else "now - before"
    return size, Amount(abs(size), printed(abs(size), decimals), "computed", backing, unit, formula=formula)


def limits_of(bounds: Bounds, books: Books, *, area: bool = False) -> dict[str, Limit]:
    """Bounds by relation; ``area`` takes a measure's figure of the whole area."""
    return {name: limit(expression, books, area=area) for name, expression in bounds.bounds().items()}


def limit(expression: str, books: Books, *, area: bool = False) -> Limit:
    """One bound."""
    if not area and any(of_unit(name) for name in names_of(expression)):
        return Limit(None, {unit.id: books.evaluate(expression, unit.id).value for unit in books.series.units})
    return Limit(option(expression, books))


def option(expression: str, books: Books) -> Amount:
    """A number of the whole area that a rule is given, with all the digits it has."""
    amount = books.evaluate(expression)
    if amount.kind == "computed" and amount.value is not None and names_of(expression) != [expression.strip()]:
        return Amount(amount.value, exactly(amount.value), amount.kind, amount.backing, amount.unit)
    return amount


def keeps(name: str, value: Fraction | None, limits: Mapping[str, Limit]) -> bool:
    """Whether a figure keeps every bound; blanks keep none."""
    for relation, bound in limits.items():
        against = bound.at(name)
        if value is None or against is None:
            return False
        sign = (value > against) - (value < against)
        if sign not in {"below": (-1,), "at_most": (-1, 0), "above": (1,), "at_least": (0, 1), "at": (0,)}[relation]:
            return False
    return value is not None


def comparable(subject: Compared, limits: Mapping[str, Limit]) -> Fractions:
    """What has a figure, and bounds to be held against."""
    if any(bound.of_each is None and bound.at("") is None for bound in limits.values()):
        return {}
    each = [bound for bound in limits.values() if bound.of_each is not None]
    return {name: value for name, value in subject.reporting().items()
            if all(bound.at(name) is not None for bound in each)}  # fmt: skip


def head_of(expression: str) -> str:
    """The other period that a name looks at."""
    return next((part for part in expression.split(".") if part in OTHER_PERIODS), "")


def _declared(value: Value, books: Books) -> Amount:
    try:
        return books.value(value)
    except UnknownNameError:  # a peer's fact that the period does not declare
        return Amount(None, "", "fact", "not declared", value.unit)


def _falling(measure: Subject, books: Books) -> bool:
    if measure.is_name and bare(measure.formula) in books.series.measures:
        return books.descending(bare(measure.formula))
    return measure.rank == "descending"
