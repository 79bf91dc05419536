"""Interpolated quantiles of the binomial and the Poisson distribution."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from tongbao_chance.counts import Model

# Beyond so many standard deviations and so many counts from its mean a count has no probability that matters; the
# counts are for skewed distributions, whose long tail a standard deviation does not measure.
_FAR, _FEW = 12, 60


def interpolated_quantiles(
    model: Model, size: int, share: Decimal, probabilities: Sequence[float]
) -> tuple[Decimal, ...]:
    """Quantiles of a count, made continuous: r − α, with r the smallest count whose F(r) ≥ p.

    α = (F(r) − p) / (F(r) − F(r − 1)), as in D. J. Spiegelhalter (2005), Funnel plots for comparing institutional
    performance, Statistics in Medicine 24, 1185–1202, appendix A.1. Where r is the last count there is (0, or all of a
    binomial whole), chance alone reaches it often enough: the quantile is that count, so that no unit lies beyond it.

    Arguments:
        model: binomial(size, share) or poisson(size × share).
        size: trials, above zero.
        share: 0 to 1; for the Poisson model also more.
        probabilities: ascending, each between 0 and 1.

    Returns:
        Counts, one per probability, written to 9 decimals; sums of doubles keep them right to 0.00001 where tens of
        thousands are expected, and closer where fewer are.
    """
    if share == 0 or (model == "binomial" and share == 1):
        return (Decimal(size) * share,) * len(probabilities)
    found: list[Decimal] = []
    below = 0.0
    for count, chance in _chances(model, size, float(share)):
        reached = below + chance
        while len(found) < len(probabilities) and reached >= probabilities[len(found)]:
            alpha = (reached - probabilities[len(found)]) / chance
            is_last = model == "binomial" and count == size
            found.append(Decimal(f"{count if is_last else max(0.0, count - alpha):.9f}"))
        below = reached
        if len(found) == len(probabilities):
            return tuple(found)
    # A sum of doubles may end a hair below a probability close to one.
    return (*found, *(Decimal(size),) * (len(probabilities) - len(found)))


def _chances(model: Model, size: int, share: float) -> Iterator[tuple[int, float]]:
    """Counts with their probabilities, from the first that has any; each from the one before."""
    mean = size * share
    spread = math.sqrt(mean * (1 - share) if model == "binomial" else mean)
    count = max(0, math.floor(mean - _FAR * spread) - _FEW)
    if model == "binomial":
        log = math.lgamma(size + 1) - math.lgamma(count + 1) - math.lgamma(size - count + 1)
        chance = math.exp(log + count * math.log(share) + (size - count) * math.log1p(-share))
        odds = share / (1 - share)
        while count <= size:
            yield count, chance
            chance *= (size - count) / (count + 1) * odds
            count += 1
    else:
        chance = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        last = math.ceil(mean + _FAR * spread) + _FEW
        while count <= last:
            yield count, chance
            count += 1
            chance *= mean / count
