"""Arithmetic as the issuers do it: exact, half up, never binary floating point.

A number is a decimal as long as decimals can hold it, and a fraction where they cannot (1 ÷ 3), so that two equal
figures are equal however they were computed: 1/6 → 1/4 is a rise of exactly 50 %. Decimals and fractions compare with
each other; they are added, subtracted, multiplied and divided by the functions here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, getcontext, localcontext
from fractions import Fraction
from functools import cache, reduce
from typing import Literal, TypeVar

Number = Decimal | Fraction
Rounding = Literal["half-up", "truncate"]
Key = TypeVar("Key")
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
# What records keep of a number that was typed; what is computed from such numbers has room beside them.
WHOLE_DIGITS, DECIMALS = 18, 12
TYPED = 6  # more decimals than this nobody types: a formula of Excel's has computed them
_LONGEST = 60  # characters, with zeros at the end
_MANY_TENS = 10**20  # what a denominator divides if its fraction ends within 20 decimals


def _exactly(
    of_decimals: Callable[[Decimal, Decimal], Decimal], of_fractions: Callable[[Fraction, Fraction], Fraction]
) -> Callable[[Number, Number], Number]:
    def compute(first: Number, second: Number) -> Number:
        if type(first) is Decimal and type(second) is Decimal:
            try:
                return of_decimals(first, second)
            except Inexact:
                return of_fractions(Fraction(first), Fraction(second))
        exact = of_fractions(Fraction(first), Fraction(second))
        if _MANY_TENS % exact.denominator:
            return exact
        with suppress(Inexact):
            return _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
        return exact

    return compute


plus = _exactly(_EXACT.add, operator.add)
minus = _exactly(_EXACT.subtract, operator.sub)
times = _exactly(_EXACT.multiply, operator.mul)
_quotient = _exactly(_EXACT.divide, operator.truediv)


def divide(numerator: Number, denominator: Number) -> Number | None:
    """A quotient, or ``None`` where the denominator is zero: no figure, rather than a wrong one.

    >>> divide(Decimal(1), Decimal(4)), divide(Decimal(1), Decimal(3)), divide(Decimal(1), Decimal(0))
    (Decimal('0.25'), Fraction(1, 3), None)
    """
    return None if denominator == 0 else _quotient(numerator, denominator)


def total(numbers: Iterable[Number]) -> Number:
    """The sum; zero of none."""
    zero: Number = Decimal(0)
    return reduce(plus, numbers, zero)


def to_decimal(value: Number | None) -> Decimal | None:
    """A number as a decimal of 28 digits, for where fractions are not known; ``None`` stays."""
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def round_decimal(value: Number, decimals: int, rounding: Rounding = "half-up") -> Decimal:
    """Round to ``decimals`` places; half up away from zero, or cut off.

    >>> round_decimal(Decimal("38.095"), 2)
    Decimal('38.10')
    >>> round_decimal(Decimal("17.777"), 2, "truncate")
    Decimal('17.77')
    """
    if isinstance(value, Fraction):
        steps = abs(value) * 10**decimals + (Fraction(1, 2) if rounding == "half-up" else 0)
        rounded = Decimal(int(steps) if value > 0 else -int(steps)).scaleb(-decimals)
        return abs(rounded) if rounded.is_zero() else rounded
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


def print_decimal(value: Number, decimals: int | None = None, rounding: Rounding = "half-up") -> str:
    """A number as printed: rounded to ``decimals``, or with the digits it came with; to two where they never end.

    >>> print_decimal(Decimal("5.10"))
    '5.10'
    >>> print_decimal(Decimal("5.897"), 1)
    '5.9'
    """
    if decimals is None and isinstance(value, Fraction):
        decimals = 2
    return format(value if decimals is None else round_decimal(value, decimals, rounding), "f")


def print_received(value: Decimal, decimals: int | None) -> str:
    """A number received as printed: to ``decimals``, else as it came; to two where a formula of Excel has no end.

    >>> print_received(Decimal("98.5"), 2), print_received(Decimal("99.21875"), 2)
    ('98.5', '99.22')
    >>> print_received(Decimal("99.21875"), None), print_received(Decimal("98.7138263666"), None)
    ('99.21875', '98.71')
    """
    most = TYPED if decimals is None else decimals
    return print_decimal(value, (2 if decimals is None else decimals) if decimals_of(value) > most else None)


def parse_decimal(text: str) -> Decimal | None:
    """Read a plain decimal number and keep its digits; ``None`` if it is not one, or has more than records keep.

    >>> parse_decimal("42.50")
    Decimal('42.50')
    >>> parse_decimal("1e5") is None, parse_decimal("0.0000000000001") is None
    (True, True)
    """
    whole, _, decimals = text.lstrip("+-").partition(".")
    if not text or len(whole) > WHOLE_DIGITS or len(decimals.rstrip("0")) > DECIMALS or len(text) > _LONGEST:
        return None
    if any(character not in "+-.0123456789" for character in text):
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


def competition_ranks(values: Mapping[Key, Number | None], *, descending: bool = True) -> dict[Key, int]:
    """Ranks in which ties share a place and leave a gap (1, 2, 2, 4); blanks get none.

    Arguments:
        values: the stored values, not the displayed ones.
        descending: the largest value is first.

    >>> competition_ranks({"a": Decimal(3), "b": Decimal(5), "c": Decimal(5), "d": None})
    {'b': 1, 'c': 1, 'a': 3}
    """
    present: Sequence[tuple[Key, Number]] = [(key, value) for key, value in values.items() if value is not None]
    ordered = sorted(present, key=lambda item: item[1], reverse=descending)
    ranks: dict[Key, int] = {}
    for place, (key, value) in enumerate(ordered, start=1):
        tied = place > 1 and value == ordered[place - 2][1]
        ranks[key] = ranks[ordered[place - 2][0]] if tied else place
    return ranks
