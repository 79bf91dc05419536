"""Which reported ranks differ only because one unit's figure is wrong: one fault, not one for each rank.

A wrong figure puts its unit in a wrong place, and every unit between that place and the right one is off by one. It is
found by putting the unit back and looking who agrees then:

- Where a unit's reported rate differs from the computed one, the unit is put where its reported rate belongs. Ranks
  that agree then follow from that rate. A rate is known to its printed decimals only, so that it may stand before or
  behind another that prints the same.
- Where no reported rate differs, one unit may have moved past several others, which each moved by one place: the one
  whose rank is off by most. If all ranks agree once it stands where its reported rank puts it, they follow from its.
  Two neighbours that changed places are nobody's more than the other's, and stand as two.

All other ranks are wrong by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from tongbao.basics.rounding import Number, Rounding, decimals_of, round_decimal

# Whether a unit stands before another; ``None`` where both orders are possible.
Before = Callable[[str, str], bool | None]


def by_rate(
    values: Mapping[str, Number | None], reported: Mapping[str, Decimal], rounding: Rounding, *, descending: bool
) -> Before:
    """The order of units in which some stand where their reported rate puts them, the others where computed.

    Arguments:
        values: the computed figure of each unit.
        reported: the rates of those units whose reported rate differs.
        rounding: how the issuer rounds.
        descending: whether the largest is first.
    """

    def before(one: str, other: str) -> bool | None:
        figures: list[Number | None] = [reported.get(unit, values[unit]) for unit in (one, other)]
        digits = [decimals_of(reported[unit]) for unit in (one, other) if unit in reported]
        first, second = figures
        if first is None or second is None:
            return False
        if digits:
            first, second = (round_decimal(figure, min(digits), rounding) for figure in (first, second))
        return (first > second) is descending if first != second else (None if digits else False)

    return before


def by_place(
    values: Mapping[str, Number | None], moved: str, ranks: Mapping[str, Number | None], *, descending: bool
) -> Before:
    """The order of units in which one stands where its reported rank puts it among the others' reported ranks."""

    def before(one: str, other: str) -> bool:
        sides, falls = (values, descending) if moved not in (one, other) else (ranks, False)
        first, second = sides.get(one), sides.get(other)
        return first is not None and second is not None and first != second and (first > second) is falls

    return before


def agree(units: Sequence[str], ranks: Mapping[str, Number | None], before: Before) -> set[str]:
    """The units whose rank is possible in an order."""
    found = set()
    for unit in units:
        ahead = [before(other, unit) for other in units if other != unit]
        rank, first = ranks.get(unit), 1 + ahead.count(True)
        if rank is not None and first <= rank <= first + ahead.count(None):
            found.add(unit)
    return found


def passed(
    units: Sequence[str], values: Mapping[str, Number | None], moved: str, before: Before, *, descending: bool
) -> set[str]:
    """The units that one stands otherwise to in an order than by the computed figures, itself among them."""
    computed = by_rate(values, {}, "half-up", descending=descending)
    return {unit for unit in units if unit == moved or before(moved, unit) is not computed(moved, unit)}


def farthest(computed: Mapping[str, int], ranks: Mapping[str, Number | None]) -> str | None:
    """The unit whose reported rank is off by most; ``None`` where several are, or any has none."""
    off = [(abs(int(rank) - computed[unit]), unit) for unit, rank in ranks.items() if rank and unit in computed]
    (most, unit), *rest = sorted(off, reverse=True) or [(0, "")]
    return unit if most and len(off) == len(computed) and (not rest or rest[0][0] < most) else None
