"""The parts that rules are made of: filter, order, take. Pure functions over units and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Literal

from tongbao.basics.rounding import Number


def reporting(values: Mapping[str, Number | None]) -> dict[str, Number]:
    """The units that have a figure; a blank takes no part in any comparison."""
    return {unit: value for unit, value in values.items() if value is not None}


def where(values: Mapping[str, Number], holds: Callable[[Number], bool]) -> list[str]:
    """The units whose value fulfils a condition, in the order given."""
    return [unit for unit, value in values.items() if holds(value)]


def ordered(values: Mapping[str, Number], *, descending: bool) -> list[str]:
    """Units by value; ties keep the order given (the official one)."""
    return sorted(values, key=values.__getitem__, reverse=descending)


def take(
    units: list[str], values: Mapping[str, Number], n: int, *, ties: Literal["extend", "cut"] = "extend"
) -> list[str]:
    """The first ``n`` of an ordered list; a tie at the end extends it, unless it is to be cut.

    >>> from decimal import Decimal
    >>> place = {"a": Decimal(9), "b": Decimal(7), "c": Decimal(7)}
    >>> take(["a", "b", "c"], place, 2)
    ['a', 'b', 'c']
    >>> take(["a", "b", "c"], place, 2, ties="cut")
    ['a', 'b']
    """
    if n <= 0:
        return []
    taken = units[:n]
    if ties == "extend" and len(units) > n:
        last = values[taken[-1]]
        taken += takewhile(lambda unit: values[unit] == last, units[n:])
    return taken
