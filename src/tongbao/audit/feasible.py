"""Rates reported without their parts, tried again: whole numbers that give them, one by one and all together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tongbao.audit.arithmetic import NotComputableError, decimals_of

# Beyond so many steps over the table of sums this takes minutes.
_MOST = 5_000_000_000


def is_ratio(rate: str, part: Fraction, whole: Fraction) -> bool:
    """Whether whole numbers within the totals give a rate in percent as it is printed, rounded half up.

    >>> is_ratio("33.3", Fraction(3), Fraction(5)), is_ratio("99.9", Fraction(3), Fraction(5))
    (True, False)
    """
    return next(_ratios(rate, int(part), int(whole)), None) is not None


def fits_together(rates: Sequence[str], part: int, whole: int) -> bool:
    """Whether each rate can be given whole numbers so that they add up to the totals.

    A sum of parts p and of wholes w is the bit p × width + w of one number; a rate's choices shift it.

    >>> fits_together(["50.0", "33.3"], 2, 5), fits_together(["50.0", "33.3"], 3, 5)
    (True, False)

    Raises:
        NotComputableError: the totals are too large to try all.
    """
    width = 2 * whole + 2  # one row more than twice as wide: no sum runs over into the next
    inside = sum(((1 << (whole + 1)) - 1) << (row * width) for row in range(part + 1))
    sums = 1
    for rate in rates:
        choices = list(_ratios(rate, part, whole))
        if len(choices) * part * width > _MOST:
            raise NotComputableError(f"whether {len(rates)} rates fit {part} of {whole} together")
        reached = 0
        for above, below in choices:
            reached |= sums << (above * width + below)
        sums = reached & inside
    return bool(sums >> (part * width + whole) & 1)


def _ratios(rate: str, part: int, whole: int) -> Iterator[tuple[int, int]]:
    """Every (p, w) with p ≤ part and w ≤ whole whose percentage is printed so: p ÷ w × 100 in [r − half, r + half)."""
    digits = 10 ** decimals_of(rate)
    shown = int(Fraction(rate) * digits)
    for below in range(1, whole + 1):
        # (2 × shown − 1) × below ≤ 200 × digits × p < (2 × shown + 1) × below
        first = -(-(2 * shown - 1) * below // (200 * digits))
        for above in range(max(0, first), part + 1):
            if 200 * digits * above >= (2 * shown + 1) * below:
                break
            yield above, below
