"""Which units a rule names, picked again from the declared rule: a registry with one function per kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tongbao.audit.books import AREA, Books
from tongbao.series.rules import Rule

COMMON = frozenset({"rule", "wording", "naming", "values"})


@dataclass(frozen=True)
class Members:
    """The units a sentence must name, in order, and the wording that the figures make true."""

    units: tuple[str, ...]
    case: str


Pick = Callable[[Rule, Books], Members]
_PICKS: dict[str, tuple[frozenset[str], Pick]] = {}


def picks(kind: str, *options: str) -> Callable[[Pick], Pick]:
    """Register how a kind of rule picks its units; ``options`` are those the function takes into account."""

    def register(function: Pick) -> Pick:
        _PICKS[kind] = (COMMON | set(options), function)
        return function

    return register


def members(rule: Rule, books: Books) -> Members | None:
    """The units of a rule, or ``None`` where its kind, or an option it sets, is not known here."""
    known, function = _PICKS.get(_option(rule, "rule"), (COMMON, None))
    if function is None:
        return None
    fields = type(rule).model_fields
    unknown = [name for name in fields if name not in known and _option(rule, name) != fields[name].default]
    return None if unknown else function(rule, books)


@picks("state")
def _state(_rule: Rule, _books: Books) -> Members:
    return Members((), "default")


@picks("top", "measure", "n", "ties")
def _top(rule: Rule, books: Books) -> Members:
    units = _first(rule, books, best=True)
    return Members(units, "default" if units else "unreported")


@picks("bottom", "measure", "n", "ties")
def _bottom(rule: Rule, books: Books) -> Members:
    units = _first(rule, books, best=False)
    values, area = books.values(_option(rule, "measure")), books.amount(_option(rule, "measure"), AREA).value
    below = area is not None and all(values[unit] < area for unit in units)
    return Members(units, ("all_below" if below else "default") if units else "unreported")


@picks("below", "measure", "threshold", "order")
def _below(rule: Rule, books: Books) -> Members:
    values = books.values(_option(rule, "measure"))
    limit = _number(rule, "threshold", books)
    units = [unit for unit, value in values.items() if value < limit]
    if _option(rule, "order") == "ascending":
        units = _by_value(units, values, falling=False)
    return Members(tuple(units), ("default" if units else "none") if values else "unreported")


@picks("all_at", "measure", "value")
def _all_at(rule: Rule, books: Books) -> Members:
    values = books.values(_option(rule, "measure"))
    level = _number(rule, "value", books)
    units = tuple(unit for unit, value in values.items() if value < level)
    return Members(units, ("some_not" if units else "default") if values else "unreported")


@picks("zero", "measure")
def _zero(rule: Rule, books: Books) -> Members:
    values = books.values(_option(rule, "measure"))
    units = tuple(unit for unit, value in values.items() if value == 0)
    if units or not values:
        return Members(units, "default" if units else "unreported")
    return Members((), "none" if len(values) == len(books.series.units) else "incomplete")


@picks("blank", "table")
def _blank(rule: Rule, books: Books) -> Members:
    rows = books.received.tables[_option(rule, "table")].rows
    units = tuple(unit for unit, row in rows.items() if not any(cell.value is not None for cell in row.values()))
    return Members(units, "default" if units else "none")


@picks("against_target", "value", "target")
def _against_target(rule: Rule, books: Books) -> Members:
    value, target = books.value(getattr(rule, "value")).value, _number(rule, "target", books)  # noqa: B009  # as below
    return Members((), "met" if value is not None and value >= target else "missed")


def _first(rule: Rule, books: Books, *, best: bool) -> tuple[str, ...]:
    values = books.values(_option(rule, "measure"))
    n = _number(rule, "n", books)
    falling = books.descending(_option(rule, "measure")) == best
    order = _by_value(list(values), values, falling=falling)
    if _option(rule, "ties") == "cut":
        return tuple(order[: int(n)])
    ahead = {unit: sum((values[o] > values[unit]) if falling else (values[o] < values[unit]) for o in values)
             for unit in values}  # fmt: skip
    return tuple(unit for unit in order if ahead[unit] < n)


def _by_value(units: Sequence[str], values: dict[str, Fraction], *, falling: bool) -> list[str]:
    official = list(values)
    return sorted(units, key=lambda unit: (-values[unit] if falling else values[unit], official.index(unit)))


def _number(rule: Rule, name: str, books: Books) -> Fraction:
    return books.evaluate(_option(rule, name)).value or Fraction(0)


def _option(rule: Rule, name: str) -> str:
    # The kinds of rules differ in their options; each function above names the ones of its own kind.
    found: str = getattr(rule, name)
    return found
