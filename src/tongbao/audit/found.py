"""What a rule finds, before it is held against what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tongbao.audit.books import Amount

Cases = tuple[str, ...]


@dataclass
class Found:
    """The cases that are true, the units in order, further lists and numbers by name.

    ``labels`` are words that must stand before a number, by its name and language.
    """

    cases: Cases
    units: Sequence[str] = ()
    lists: dict[str, Sequence[str]] = field(default_factory=dict)
    amounts: dict[str, Amount] = field(default_factory=dict)
    labels: dict[str, Mapping[str, str]] = field(default_factory=dict)


def count(names: Sequence[str]) -> Amount:
    """How many there are."""
    return Amount(Fraction(len(names)), str(len(names)), "computed", f"the number of {len(names)} names", "个")


def number(value: int, backing: str) -> Amount:
    """A whole number that was worked out."""
    return Amount(Fraction(value), str(value), "computed", backing)
