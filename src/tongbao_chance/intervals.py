"""A count, the rate it gives, and the score interval of that rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from statistics import NormalDist
from typing import Literal, NamedTuple

from tongbao.basics.rounding import Number

# "binomial": each of the whole counts at most once in the part. "poisson": one of the whole may count several times.
Model = Literal["binomial", "poisson"]
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Count:
    """``part`` of ``whole``, both whole numbers; ``whole`` is above zero."""

    part: int
    whole: int

    @property
    def share(self) -> Decimal:
        """Part ÷ whole, unrounded and unscaled."""
        return Decimal(self.part) / self.whole


class Interval(NamedTuple):
    """The rates from ``lower`` to ``upper``."""

    lower: Decimal
    upper: Decimal

    def holds(self, value: Number) -> bool:
        """Whether a rate lies in the interval, its ends included."""
        return self.lower <= value <= self.upper

    def scaled(self, scale: Decimal) -> Interval:
        """The interval in the measure's own unit: 100 for percent."""
        return Interval(self.lower * scale, self.upper * scale)


def score_interval(count: Count, model: Model = "binomial", confidence: float = CONFIDENCE) -> Interval:
    """The two-sided score interval of ``count.part / count.whole``: the rates that a score test does not reject.

    Arguments:
        count: whole numbers; for the binomial model ``part`` is at most ``whole``.
        model: binomial gives Wilson's interval, which never leaves 0 to 1 and holds its level also for small counts;
            poisson is the same construction for counts that may exceed their denominator.
        confidence: two-sided level, between 0 and 1.

    Returns:
        Shares, unscaled and unrounded.

    Sources:
        E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the
        American Statistical Association 22, 209–212. Recommended by L. D. Brown, T. T. Cai, A. DasGupta (2001),
        Interval estimation for a binomial proportion, Statistical Science 16, 101–133; for Poisson counts by the
        same (2003), Interval estimation in exponential families, Statistica Sinica 13, 19–49.

    >>> interval = score_interval(Count(15, 148))
    >>> round(interval.lower, 4), round(interval.upper, 4)
    (Decimal('0.0624'), Decimal('0.1605'))
    """
    z = normal_quantile(confidence)
    part, whole = Decimal(count.part), Decimal(count.whole)
    half_square = z * z / 2
    variance, base = (part, whole) if model == "poisson" else (part * (whole - part) / whole, whole + z * z)
    middle, reach = part + half_square, z * (variance + half_square / 2).sqrt()
    # At the ends the formula gives 0 and 1 but for the last digit.
    lower = Decimal(0) if count.part == 0 else (middle - reach) / base
    upper = Decimal(1) if model == "binomial" and count.part == count.whole else (middle + reach) / base
    return Interval(lower, upper)


@cache
def normal_quantile(confidence: float) -> Decimal:
    """The z of a two-sided level, to 12 decimals, the same on every machine.

    >>> normal_quantile(0.95)
    Decimal('1.959963984540')
    """
    return Decimal(f"{NormalDist().inv_cdf((1 + confidence) / 2):.12f}")
