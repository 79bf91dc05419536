"""Which ranks could change places by chance.

Every pair of units is tested, all tests together wrong in at most 5 of 100 such circulars; a unit's rank lies behind
those that are surely before it and before those surely behind it. No simulation.

Sources: D. Al Mohamad, J. J. Goeman, E. W. van Zwet (2022), Simultaneous confidence intervals for ranks with
application to ranking institutions, Biometrics 78, 238–247, for ranks from pairwise tests; S. Holm (1979), A simple
sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65–70, for testing them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from itertools import permutations
from statistics import NormalDist

from tongbao_chance.intervals import CONFIDENCE, Count, Model

Pair = tuple[str, str]


def surely_higher(counts: Mapping[str, Count], model: Model) -> set[Pair]:
    """The pairs of units of which the first has the higher rate, and not by chance.

    Each of the two directions of each pair is a hypothesis of its own, tested by the one-sided score test with the
    pooled rate; Holm's procedure keeps the chance of even one false pair at 5 %.

    Arguments:
        counts: by unit.
        model: binomial or poisson.

    Returns:
        ``(higher, lower)`` pairs.
    """
    normal, level = NormalDist(), 1 - CONFIDENCE
    chances = {
        (high, low): normal.cdf(-difference_score(counts[high], counts[low], model))
        for high, low in permutations(counts, 2)
    }
    found: set[Pair] = set()
    for pair, chance in sorted(chances.items(), key=lambda item: item[1]):
        if chance * (len(chances) - len(found)) > level:
            break
        found.add(pair)
    return found


def difference_score(first: Count, second: Count, model: Model) -> float:
    """The score statistic z of ``first``'s rate minus ``second``'s, with the standard error of the pooled rate."""
    pooled = Decimal(first.part + second.part) / (first.whole + second.whole)
    variance = pooled * (1 - pooled) if model == "binomial" else pooled
    if variance <= 0:
        return 0.0
    error = variance * (1 / Decimal(first.whole) + 1 / Decimal(second.whole))
    return float((first.share - second.share) / error.sqrt())


def rank_ranges(
    units: Collection[str], higher: Iterable[Pair], *, descending: bool = True
) -> dict[str, tuple[int, int]]:
    """The best and the worst rank that each unit can have, given which are surely higher than which.

    Arguments:
        units: all that are ranked.
        higher: ``(higher, lower)`` pairs.
        descending: the highest rate ranks first.

    >>> rank_ranges(["a", "b", "c"], [("a", "b"), ("a", "c")])
    {'a': (1, 1), 'b': (2, 3), 'c': (2, 3)}
    """
    pairs = [(high, low) if descending else (low, high) for high, low in higher]
    behind, before = Counter(first for first, _ in pairs), Counter(last for _, last in pairs)
    return {unit: (before[unit] + 1, len(units) - behind[unit]) for unit in units}
