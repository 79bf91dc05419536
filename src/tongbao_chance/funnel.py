"""The funnel: between which rates a unit of a given size would lie if only chance set it apart from the area.

Limits are exact: a unit is outside where so many or more, or so few or fewer, has a probability of at most α/2 at the
area's rate, taken as known; that is where its exact interval (C. J. Clopper, E. S. Pearson 1934, Biometrika 26,
404–413; for Poisson counts F. Garwood 1936, Biometrika 28, 437–442) leaves out that rate. D. J. Spiegelhalter (2005,
Statistics in Medicine 24, 1185–1202, appendix A.1) interpolates between counts, so that the last count inside an upper
limit falls outside, though its probability exceeds α/2.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist, quantiles
from typing import Literal

from tongbao_chance.intervals import Count, Interval, Model

Position = Literal["inside", "above_95", "below_95", "above_998", "below_998"]
# One unit in twenty lies outside the inner limits by chance alone, one in five hundred outside the outer ones.
_INNER, _OUTER = 0.025, 0.001
_WINSORISED = 10
# Beyond so many standard deviations and so many counts from its mean a count has no probability that matters; the
# counts are for skewed distributions, whose long tail a standard deviation does not measure.
_FAR, _FEW = 12, 60


@dataclass(frozen=True, slots=True)
class Limits:
    """The 95 % and the 99.8 % limits for one size."""

    inner: Interval
    outer: Interval

    def position(self, share: Decimal) -> Position:
        """Where a rate lies; on a limit is inside it."""
        if self.inner.holds(share):
            return "inside"
        if share > self.inner.upper:
            return "above_998" if share > self.outer.upper else "above_95"
        return "below_998" if share < self.outer.lower else "below_95"


def funnel_limits(size: int, target: Decimal, model: Model) -> Limits:
    """The limits around ``target`` for a unit of ``size``: the rates of the first and the last count that are inside.

    Arguments:
        size: the denominator, above zero.
        target: the area's share; 0 to 1, for the Poisson model also more.
        model: binomial, or poisson where the numerator may exceed the denominator.

    Returns:
        Shares, unscaled.
    """
    return _limits(size, target, model, lines=False)


def funnel_lines(size: int, target: Decimal, model: Model) -> Limits:
    """Where the limits are drawn: between the last count inside and the first outside, by their probabilities.

    There the probability of so many or more, interpolated between counts, is α/2. Sizes differ little then where their
    counts jump, and each unit lies on that side of the line on which it is.
    """
    return _limits(size, target, model, lines=True)


@lru_cache(maxsize=2048)  # each edition draws the same lines
def _limits(size: int, target: Decimal, model: Model, *, lines: bool) -> Limits:
    if target == 0 or (model == "binomial" and target == 1):
        only = Interval(target, target)
        return Limits(only, only)
    lowest, low, high, highest = (Decimal(f"{count:.9f}") / size for count in _counts(size, target, model, lines=lines))
    return Limits(Interval(low, high), Interval(lowest, highest))


def _counts(size: int, target: Decimal, model: Model, *, lines: bool) -> list[float]:
    """The first and last counts inside: outer, inner, inner, outer; of lines, up to a count farther out."""
    tails, found, below = (_OUTER, _INNER, 1 - _INNER, 1 - _OUTER), list[float](), 0.0
    for count, chance in _chances(model, size, float(target)):
        reached = below + chance
        while len(found) < len(tails):
            tail, is_low = tails[len(found)], len(found) < 2
            if reached < tail or (is_low and reached == tail):
                break
            edge = count + (tail - (reached if is_low else below)) / chance if lines else count
            found.append(max(0.0, edge if model == "poisson" else min(edge, size)))
        below = reached
        if len(found) == len(tails):
            return found
    # A sum of doubles may end a hair below a probability close to one.
    return found + [float(size)] * (len(tails) - len(found))


def _chances(model: Model, size: int, share: float) -> Iterator[tuple[int, float]]:
    """Counts with their probabilities, from the first that has any."""
    mean = size * share
    reach = _FAR * math.sqrt(mean * (1 - share) if model == "binomial" else mean) + _FEW
    for count in range(
        max(0, math.floor(mean - reach)), (size if model == "binomial" else math.ceil(mean + reach)) + 1
    ):
        log = count * math.log(mean) - mean - math.lgamma(count + 1)
        if model == "binomial":
            ways = math.lgamma(size + 1) - math.lgamma(count + 1) - math.lgamma(size - count + 1)
            log = ways + count * math.log(share) + (size - count) * math.log1p(-share)
        yield count, math.exp(log)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much more the units differ than by chance.

    ``factor`` is φ: about 1 where only chance sets the units apart. ``beyond_chance`` says that it is too large for
    chance (5 % test); then limits widened by √φ are the fair ones for asking who stands out among such units.
    """

    factor: Decimal
    beyond_chance: bool


def dispersion(counts: Collection[Count], target: Decimal, model: Model) -> Dispersion:
    """φ: the mean square of the units' z-scores, after drawing in a tenth of them at each end (winsorising).

    z = (rate − target) / standard error under the target; the tenths are interpolated quantiles. φ is held against
    χ² with one degree less than there are units (Spiegelhalter 2005, section 5), whose 95 % point is
    E. B. Wilson and M. M. Hilferty's (1931) approximation.

    Arguments:
        counts: of at least two units.
        target: the area's share.
        model: gives the standard error.

    Returns:
        φ to 2 decimals; 1 where the target is 0, or all of a binomial whole.
    """
    variance = target * (1 - target) if model == "binomial" else target
    if variance <= 0:  # the target allows no variation
        return Dispersion(Decimal("1.00"), beyond_chance=False)
    known = [float((count.share - target) / (variance / count.whole).sqrt()) for count in counts]
    tenths = quantiles(known, n=_WINSORISED, method="inclusive")
    drawn_in = [min(max(score, tenths[0]), tenths[-1]) for score in known]
    factor = math.fsum(score * score for score in drawn_in) / len(drawn_in)
    beyond = factor * len(drawn_in) > chi_square_95(len(drawn_in) - 1)
    return Dispersion(Decimal(f"{factor:.2f}"), beyond_chance=beyond)


def chi_square_95(freedom: int) -> float:
    """The 95 % point of χ², by Wilson and Hilferty (1931).

    >>> round(chi_square_95(8), 1)  # 15.507 in tables
    15.5
    """
    step = 2 / (9 * freedom)
    return float(freedom * (1 - step + NormalDist().inv_cdf(0.95) * math.sqrt(step)) ** 3)
