"""What chance could do to rates of counts, worked out again: intervals, limits, ranks and dispersion.

Intervals are the roots of the score test's quadratic, limits exact tail sums, both over decimals of fifty digits; see
docs/methodology.md for the sources.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Literal

from tongbao.audit.arithmetic import NotComputableError, printed

Model = Literal["binomial", "poisson"]
Ends = tuple[Decimal, Decimal]
Count = tuple[int, int]
_DIGITS = 50
# The points of the normal distribution that leave 2.5 % and 5 % above them, from tables.
_Z, _Z_ONE_SIDED = Decimal("1.959963984540"), 1.6448536269514722
_LEVEL = 0.05
_TAILS = tuple(map(Decimal, ("0.001", "0.025", "0.975", "0.999")))
# Sums over more counts than this take too long.
_MOST = 100_000
# How far a figure may be off where it was worked out with less digits, in parts of its scale.
_SLACK = Fraction(1, 10**9)


def interval(count: Count, model: Model) -> Ends:
    """The 95 % score interval of a share: where (part − whole × p)² = z² × whole × p × (1 − p), or without 1 − p.

    >>> [str(round(end, 4)) for end in interval((15, 148), "binomial")]
    ['0.0624', '0.1605']
    """
    with localcontext() as context:
        context.prec = _DIGITS
        part, whole = map(Decimal, count)
        square = _Z * _Z * whole
        a = whole * whole + (square if model == "binomial" else 0)
        b = 2 * part * whole + square
        reach = (b * b - 4 * a * part * part).sqrt()
        return (b - reach) / (2 * a), (b + reach) / (2 * a)


@cache
def limits(size: int, target: Fraction, model: Model) -> tuple[Ends, Ends]:
    """The 95 % and the 99.8 % limits of a share for a unit of a size, interpolated between counts.

    Raises:
        NotComputableError: too many counts to sum over.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        lowest, low, high, highest = (count / size for count in _quantiles(size, target, model))
        return (low, high), (lowest, highest)


def _quantiles(size: int, target: Fraction, model: Model) -> list[Decimal]:
    """R − (F(r) − p) ÷ P(r) for each tail p, r the first count whose F(r) reaches it; 0 and all of a whole stay."""
    share = Decimal(target.numerator) / target.denominator
    if share == 0 or (model == "binomial" and share == 1):
        return [Decimal(size) * share] * len(_TAILS)
    if size * share > _MOST:
        raise NotComputableError(f"limits for {size}")
    mean = size * share
    chance = (1 - share) ** size if model == "binomial" else (-mean).exp()
    found: list[Decimal] = []
    reached, count = chance, 0
    while len(found) < len(_TAILS):
        if reached >= _TAILS[len(found)]:
            inside = count - (reached - _TAILS[len(found)]) / chance
            all_of_it = model == "binomial" and count == size
            found.append(Decimal(count) if all_of_it else max(Decimal(0), inside))
            continue
        count += 1
        chance *= (size - count + 1) * share / (count * (1 - share)) if model == "binomial" else mean / count
        reached += chance
    return found


def surely_higher(counts: Mapping[str, Count], model: Model) -> set[tuple[str, str]]:
    """Pairs of which the first is higher, and not by chance: one-sided score tests, together at 5 % (Holm)."""
    chances = sorted(
        (_chance_of(counts[high], counts[low], model), high, low) for high in counts for low in counts if high != low
    )
    found: set[tuple[str, str]] = set()
    for place, (chance, high, low) in enumerate(chances):
        if chance * (len(chances) - place) > _LEVEL:
            break
        found.add((high, low))
    return found


def _chance_of(first: Count, second: Count, model: Model) -> float:
    """How likely a difference as large is where both have the pooled rate."""
    pooled = Fraction(first[0] + second[0], first[1] + second[1])
    variance = pooled * (1 - pooled if model == "binomial" else 1) * (Fraction(1, first[1]) + Fraction(1, second[1]))
    if variance <= 0:
        return 0.5
    difference = Fraction(*first) - Fraction(*second)
    z = math.copysign(math.sqrt(difference * difference / variance), difference)
    return math.erfc(z / math.sqrt(2)) / 2


def possible_ranks(units: Sequence[str], higher: set[tuple[str, str]], *, falling: bool) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each unit: behind those surely before it, before those surely behind it."""
    ahead = higher if falling else {(low, high) for high, low in higher}
    return {unit: (1 + sum(last == unit for _, last in ahead), len(units) - sum(first == unit for first, _ in ahead))
            for unit in units}  # fmt: skip


def dispersion(counts: Sequence[Count], target: Fraction, model: Model) -> tuple[float, bool]:
    """φ, the mean square of the z-scores with a tenth at each end drawn in, and whether χ² finds it beyond chance."""
    variance = target * (1 - target) if model == "binomial" else target
    if variance <= 0:
        return 1.0, False
    scores = sorted(math.copysign(math.sqrt((Fraction(*count) - target) ** 2 / (variance / count[1])),
                                  Fraction(*count) - target) for count in counts)  # fmt: skip
    place = (len(scores) - 1) / 10
    at, between = int(place), place - int(place)
    ends = [(1 - between) * scores[a] + between * scores[b] for a, b in ((at, at + 1), (-1 - at, -2 - at))]
    total = math.fsum(min(max(score, ends[0]), ends[1]) ** 2 for score in scores)
    freedom = len(scores) - 1
    ninth = 2 / (9 * freedom)
    return total / len(scores), total > freedom * (1 - ninth + _Z_ONE_SIDED * math.sqrt(ninth)) ** 3


def agrees(shown: str, value: Decimal | Fraction | float, decimals: int, scale: Fraction) -> bool:
    """Whether a text prints a value, which the last digits of a shorter calculation may carry over an edge."""
    exact = Fraction(value)
    return shown in {printed(exact + sign * _SLACK * scale, decimals) for sign in (-1, 0, 1)}
