"""Counts and what is said of them: how many of how many, and between which rates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

# "binomial": each of the whole counts at most once in the part. "poisson": one of the whole may count several times.
Model = Literal["binomial", "poisson"]


@dataclass(frozen=True, slots=True)
class Count:
    """``part`` of ``whole``, both whole numbers; ``whole`` is above zero."""

    part: int
    whole: int

    @property
    def share(self) -> Decimal:
        """Part ÷ whole, unrounded and unscaled."""
        return Decimal(self.part) / self.whole


@dataclass(frozen=True, slots=True)
class Interval:
    """The rates from ``lower`` to ``upper``."""

    lower: Decimal
    upper: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether a rate lies in the interval, its ends included."""
        return self.lower <= value <= self.upper

    def scaled(self, scale: Decimal) -> Interval:
        """The interval in the measure's own unit: 100 for percent."""
        return Interval(self.lower * scale, self.upper * scale)
