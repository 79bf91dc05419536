"""Decimal arithmetic as the issuers do it: exact, half up, never binary floating point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation, getcontext, localcontext
from functools import cache
from typing import Literal, TypeVar

Rounding = Literal["half-up", "truncate"]
Key = TypeVar("Key")


def round_decimal(value: Decimal, decimals: int, rounding: Rounding = "half-up") -> Decimal:
    """Round to ``decimals`` places; half up away from zero, or cut off.

    >>> round_decimal(Decimal("38.095"), 2)
    Decimal('38.10')
    >>> round_decimal(Decimal("17.777"), 2, "truncate")
    Decimal('17.77')
    """
    mode = ROUND_HALF_UP if rounding == "half-up" else ROUND_DOWN
    if value.adjusted() + decimals + 2 <= getcontext().prec:
        rounded = value.quantize(_step(decimals), rounding=mode)
    else:
        with localcontext() as context:
            context.prec = value.adjusted() + decimals + 2
            rounded = value.quantize(_step(decimals), rounding=mode)
    return abs(rounded) if rounded.is_zero() else rounded


@cache
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def print_decimal(value: Decimal, decimals: int | None = None, rounding: Rounding = "half-up") -> str:
    """A number as printed: rounded to ``decimals``, or with the digits it came with.

    >>> print_decimal(Decimal("5.10"))
    '5.10'
    >>> print_decimal(Decimal("5.897"), 1)
    '5.9'
    """
    if decimals is not None:
        value = round_decimal(value, decimals, rounding)
    return format(value, "f")


def parse_decimal(text: str) -> Decimal | None:
    """Read a plain decimal number and keep its digits; ``None`` if it is not one.

    >>> parse_decimal("42.50")
    Decimal('42.50')
    >>> parse_decimal("1e5") is None
    True
    """
    if not text or any(character not in "+-.0123456789" for character in text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def decimals_of(value: Decimal) -> int:
    """How many decimals a number came with.

    >>> decimals_of(Decimal("7.690")), decimals_of(Decimal(12))
    (3, 0)
    """
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def divide(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """A quotient, or ``None`` where the denominator is zero: no figure, rather than a wrong one."""
    return None if denominator.is_zero() else numerator / denominator


def competition_ranks(values: Mapping[Key, Decimal | None], *, descending: bool = True) -> dict[Key, int]:
    """Ranks in which ties share a place and leave a gap (1, 2, 2, 4); blanks get none.

    Arguments:
        values: the stored values, not the displayed ones.
        descending: the largest value is first.

    >>> competition_ranks({"a": Decimal(3), "b": Decimal(5), "c": Decimal(5), "d": None})
    {'b': 1, 'c': 1, 'a': 3}
    """
    present: Sequence[tuple[Key, Decimal]] = [(key, value) for key, value in values.items() if value is not None]
    ordered = sorted(present, key=lambda item: item[1], reverse=descending)
    ranks: dict[Key, int] = {}
    for place, (key, value) in enumerate(ordered, start=1):
        tied = place > 1 and value == ordered[place - 2][1]
        ranks[key] = ranks[ordered[place - 2][0]] if tied else place
    return ranks
