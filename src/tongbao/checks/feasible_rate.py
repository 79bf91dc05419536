"""Rates reported without their parts: could whole numbers give them, and do they fit the area's totals together?

A printed rate r stands for the fractions part ÷ whole that round to it. Each unit's fractions within the totals are
listed; then it is asked whether one fraction per unit can be chosen so that parts and wholes add up to the totals (a
two-dimensional subset sum, solved with one bit set per possible part).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from operator import itemgetter
from typing import ClassVar, Literal

from tongbao.basics.errors import DataError
from tongbao.basics.rounding import decimals_of
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words
from tongbao.definition.model import Expression, Text
from tongbao.figures.figure import AREA

Pair = tuple[int, int]
MOST, MOST_STEPS = 2_000, 1_000_000  # the whole, and steps of choosing fractions, where all rates are held together


class FeasibleRate(Check):
    """A rate reported without its parts is a ratio of whole numbers, and all rates together fit the area's totals.

    Options:
        rate: the reported rate.
        part, whole: the area's totals that it divides. Above a whole of 2,000 it is not asked whether all rates fit
            together: they nearly always do.
    """

    check: Literal["feasible_rate"]
    rate: str
    part: Expression
    whole: Expression

    called = Text(zh="比率不合理", en="rates that cannot be")
    measures = ("rate",)
    formulas = ("part", "whole")
    says = Text(
        zh="{unit}{rate}{figure}%不是全市合计（{part}÷{whole}）以内任何整数之比，请核实。",
        en="{unit}: no whole numbers within {part} of {whole} give a {rate} of {figure}%.",
    )
    says_of_all: ClassVar[Text] = Text(
        zh="各地{rate}与全市合计（{part}÷{whole}）不能同时成立，请核实。",
        en="The units' {rate} and the totals ({part} of {whole}) cannot all be right.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units whose rate no whole numbers within the totals give; or all of them, if they do not fit together.

        Raises:
            DataError: the totals are no whole numbers.
        """
        figures = returns.indicators
        part, whole = figures.evaluate(self.part), figures.evaluate(self.whole)
        if part.value is None or whole.value is None:
            return
        totals = (int(part.value), int(whole.value))
        if totals[0] != part.value or totals[1] != whole.value:
            places = ", ".join(str(cell.source) for cell in (*part.cells, *whole.cells))
            found = f"{part.text}, {whole.text}"
            raise DataError("totals of a rate are whole numbers", place=places, found=found, expected="counts")
        words: Words = {"rate": returns.named(self.rate), "part": part, "whole": whole}
        when = f"not ratio({self.rate}, {totals[0]}, {totals[1]})"
        rates, impossible = dict[str, Decimal](), False
        for unit in figures.units:
            figure = figures.figure(self.rate, unit)
            if figure.value is None:
                continue
            rates[unit] = Decimal(figure.text)
            if not is_ratio(rates[unit], *totals):
                impossible = True
                yield self.issue(returns, unit, figure.cells, when, {**words, "figure": figure})
        if impossible or totals[1] > MOST:
            return
        choices = {unit: fractions(rate, *totals) for unit, rate in rates.items()}
        steps = sum(map(len, choices.values())) * totals[0]
        if choices and steps <= MOST_STEPS and solve(choices, *totals) is None:
            yield self.issue(returns, AREA, (*part.cells, *whole.cells), when, words, says=self.says_of_all)


def fractions(rate: Decimal, part: int, whole: int) -> list[Pair]:
    """Every (part, whole) within bounds whose percentage rounds, half up, to ``rate`` at its decimals.

    >>> fractions(Decimal("7.69"), 87, 30)
    [(1, 13), (2, 26)]
    """
    first, beyond, scale = _rounded_from(rate)
    if beyond <= 0:
        return []
    found = [
        (above, below)
        for above in range(min(part, beyond * whole // scale) + 1)  # far fewer than wholes
        for below in range(above * scale // beyond + 1, min(above * scale // first if first > 0 else whole, whole) + 1)
    ]
    return sorted(found, key=itemgetter(1, 0))


def is_ratio(rate: Decimal, part: int, whole: int) -> bool:
    """Whether ``fractions`` would find any, however large the bounds.

    >>> is_ratio(Decimal("0.01"), 10**9, 6666), is_ratio(Decimal("0.01"), 10**9, 10**9)
    (False, True)
    """
    first, beyond, scale = _rounded_from(rate)
    if beyond <= 0 or whole < 1:
        return False
    least = _least(Fraction(max(first, 0), scale), Fraction(beyond, scale))
    return least.numerator <= part and least.denominator <= whole


def _rounded_from(rate: Decimal) -> tuple[int, int, int]:
    """What ratios are printed as a rate: from the first over the third, below the second over it."""
    decimals = decimals_of(rate)
    twice = 2 * int(rate.scaleb(decimals))
    return twice - 1, twice + 1, 200 * 10**decimals


def _least(low: Fraction, high: Fraction | None, *, with_low: bool = True) -> Fraction:
    """The fraction of the smallest numerator and denominator from ``low`` to below ``high``; else above to ``high``.

    By continued fractions: all others between the two lie below it in the tree of Stern and Brocot.
    """
    integer = Fraction(ceil(low) if with_low else floor(low) + 1)
    if high is None or integer < high or (integer == high and not with_low):
        return integer
    below = floor(low)
    up = None if low == below else 1 / (low - below)
    return below + 1 / _least(1 / (high - below), up, with_low=not with_low)


def solve(choices: Mapping[str, list[Pair]], part: int, whole: int) -> dict[str, Pair] | None:
    """One pair per unit so that parts add up to ``part`` and wholes to ``whole``; ``None`` if there is no such choice.

    >>> solve({"a": [(1, 13), (2, 26)], "b": [(1, 2), (2, 4)]}, 3, 28)
    {'a': (2, 26), 'b': (1, 2)}
    """
    # reached[k][a] has bit b set if the first k units can add up to (a, b).
    mask = (1 << (whole + 1)) - 1
    reached: list[list[int]] = [[1] + [0] * part]
    for pairs in choices.values():
        following = [0] * (part + 1)
        for above, below in pairs:
            for have, bits in enumerate(reached[-1][: part + 1 - above]):
                if bits:
                    following[have + above] |= (bits << below) & mask
        reached.append(following)
    if not reached[-1][part] >> whole & 1:
        return None
    chosen: dict[str, Pair] = {}
    a, b = part, whole
    for level, (unit, pairs) in reversed(list(enumerate(choices.items()))):
        above, below = next(
            (above, below)
            for above, below in pairs
            if a >= above and b >= below and reached[level][a - above] >> (b - below) & 1
        )
        chosen[unit] = (above, below)
        a, b = a - above, b - below
    return {unit: chosen[unit] for unit in choices}
