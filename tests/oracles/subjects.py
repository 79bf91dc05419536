"""What a rule compares, over fractions: figures by unit or item, their changes, the bounds they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracles.arithmetic import AREA, Value, decimals_of, names_of, printed
from oracles.books import Amount, Books, UnknownNameError, bare
from tongbao.reading.cell import Cell

POINTS = "个百分点"
BOUNDS = ("below", "at_most", "above", "at_least", "at")
Rule = Mapping[str, Any]
Figures = dict[str, Fraction]


@dataclass(frozen=True)
class Compared:
    """What a rule compares: signed ``values`` and printed ``amounts``, by unit or item in official order."""

    values: Mapping[str, Value]
    amounts: Mapping[str, Amount]
    falling: bool = True
    other_missing: bool = False
    no_base: bool = False
    undefined: frozenset[str] = frozenset()

    @property
    def known(self) -> Figures:
        return {name: value for name, value in self.values.items() if value is not None}


@dataclass(frozen=True)
class Limit:
    """A bound: one amount for all, or one for each unit."""

    amount: Amount | None = None
    of_each: Mapping[str, Fraction] | None = None

    def at(self, name: str) -> Value:
        if self.of_each is not None:
            return self.of_each.get(name)
        return self.amount.value if self.amount else None


def compared_by(rule: Rule, books: Books) -> Compared:
    """What a rule compares."""
    if "items" in rule:
        amounts = {name: optional(item["value"], books) for name, item in rule["items"].items()}
        return Compared({name: amount.value for name, amount in amounts.items()}, amounts)
    measure = rule["measure"]
    now = {unit: books.value(measure, unit) for unit in books.units}
    falling = _falls(measure, books)
    head = rule.get("change")
    formula = str(measure["formula"] if isinstance(measure, Mapping) else measure)
    # All that it is made of was reported, and it has no figure all the same: 0 of 0.
    undefined = {unit for unit, one in now.items() if one.value is None and _all_reported(books.cells(formula, unit))}
    if head is None:
        values = {unit: amount.value for unit, amount in now.items()}
        return Compared(values, now, falling, undefined=frozenset(undefined))
    other = books.other(head)
    before = {unit: before_of(other, measure, unit) for unit in now}
    changes = {unit: change(now[unit], before[unit], rule.get("change_in")) for unit in now}
    missing = any(one.value is not None for one in now.values()) and all(one.value is None for one in before.values())
    no_base = all(any(one.value is not None for one in side.values()) for side in (now, before))
    return Compared(
        {unit: size for unit, (size, _) in changes.items()},
        {unit: amount for unit, (_, amount) in changes.items()},
        falling,
        missing,
        no_base and all(size is None for size, _ in changes.values()),
        frozenset(
            undefined | {unit for unit, (size, _) in changes.items() if size is None and now[unit].value is not None}
        ),
    )


def _all_reported(cells: Sequence[Cell]) -> bool:
    return bool(cells) and all(cell.value is not None for cell in cells)


def change(now: Amount, before: Amount, how: str | None, decimals: int | None = None) -> tuple[Value, Amount]:
    """A change with its sign, and its size as printed."""
    kind = how or ("points" if now.unit == "%" else "percent")
    if now.value is None or before.value is None:
        return None, Amount(None, "")
    size: Value = now.value - before.value
    if kind == "percent" and size:
        size = size / before.value * 100 if before.value > 0 else None
    if size is None:
        return None, Amount(None, "")
    if decimals is None:
        decimals = {"percent": 1, "points": 2}.get(kind, max(decimals_of(now.text), decimals_of(before.text)))
    unit = "%" if kind == "percent" else POINTS if now.unit == "%" else now.unit
    return size, Amount(abs(size), printed(abs(size), decimals), unit)


def limits_of(bounds: Rule, books: Books, *, area: bool = False) -> dict[str, Limit]:
    """Bounds by relation; ``area`` takes a measure's figure of the whole area."""
    return {name: limit(str(bounds[name]), books, area=area) for name in BOUNDS if name in bounds}


def keeps(name: str, value: Value, limits: Mapping[str, Limit]) -> bool:
    """Whether a figure keeps every bound; blanks keep none."""
    for relation, bound in limits.items():
        against = bound.at(name)
        if value is None or against is None:
            return False
        sign = (value > against) - (value < against)
        if sign not in {"below": (-1,), "at_most": (-1, 0), "above": (1,), "at_least": (0, 1), "at": (0,)}[relation]:
            return False
    return value is not None


def limit(expression: str, books: Books, *, area: bool = False) -> Limit:
    own = is_of_unit(expression) and not area
    return Limit(None, books.values(expression)) if own else Limit(books.evaluate(expression))


def is_of_unit(expression: str) -> bool:
    """Whether each unit has a figure of its own."""
    return any(
        name.split(".")[0] not in ("area", "mean") and not bare(name).startswith(("fact.", "param.", "enterprises."))
        for name in names_of(expression)
    )


def comparable(subject: Compared, limits: Mapping[str, Limit]) -> Figures:
    """What has a figure, and bounds to be held against."""
    if any(bound.of_each is None and bound.at("") is None for bound in limits.values()):
        return {}
    each = [bound for bound in limits.values() if bound.of_each is not None]
    return {name: value for name, value in subject.known.items() if all(bound.at(name) is not None for bound in each)}


def optional(declared: Any, books: Books) -> Amount:
    try:
        return books.value(declared)
    except UnknownNameError:  # a peer's fact that the period does not declare
        return Amount(None, "")


def before_of(other: Books | None, declared: Any, scope: str = AREA) -> Amount:
    """Another period's figure; blank where there is none, and of a period never received whatever it is made by."""
    if other is not None and other.any_received:
        try:
            return other.value(declared, scope)
        except UnknownNameError:
            pass
    return Amount(None, "")


def _falls(measure: Any, books: Books) -> bool:
    options = measure if isinstance(measure, Mapping) else {"formula": measure}
    if bare(options["formula"]) in books.series.measures:
        return books.falls(options["formula"])
    return options.get("rank", "descending") == "descending"
