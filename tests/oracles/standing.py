"""Where units stand when a wrong figure is put right: every two of them are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from oracles.arithmetic import printed
from oracles.books import Books

# Whether one unit stands before another: the answers that are possible.
Ways = set[bool]


class Standing:
    """The units with a figure, with the rates reported for some of them and the ranks reported for all."""

    def __init__(
        self, books: Books, measure: str, rates: Mapping[str, Fraction], ranks: Mapping[str, Decimal | None]
    ) -> None:
        self.values = {unit: books.amount(measure, unit).value for unit in books.units}
        self.rates, self.ranks = rates, ranks
        self.units = [unit for unit in books.units if self.values[unit] is not None or unit in rates]
        self.falls, self.places = books.falls(measure), books.ranks(measure)
        indicator = books.series.indicators.get(measure)
        self.rounding = indicator.rounding if indicator else "half-up"
        self.digits: dict[str, int] = {}

    def _better(self, one: Fraction | None, other: Fraction | None) -> bool:
        return one is not None and other is not None and one != other and (one > other) == self.falls

    def computed(self, one: str, other: str) -> Ways:
        return {self._better(self.values[one], self.values[other])}

    def by_rate(self, one: str, other: str) -> Ways:
        sides = [self.rates.get(unit, self.values[unit]) for unit in (one, other)]
        digits = [self.digits[unit] for unit in (one, other) if unit in self.rates]
        if not digits or None in sides:
            return {self._better(*sides)}
        shown = [Fraction(printed(side, min(digits), self.rounding)) for side in sides if side is not None]
        return {True, False} if shown[0] == shown[1] else {self._better(*shown)}

    def by_place(self, moved: str) -> Callable[[str, str], Ways]:
        def before(one: str, other: str) -> Ways:
            first, second = self.ranks[one], self.ranks[other]
            return {bool(first and second and first < second)} if moved in (one, other) else self.computed(one, other)

        return before

    def fits(self, unit: str, before: Callable[[str, str], Ways]) -> bool:
        ways = [before(other, unit) for other in self.units if other != unit]
        rank = self.ranks.get(unit)
        return rank is not None and ways.count({True}) < rank <= 1 + sum(True in way for way in ways)

    def follows_from(self, wrong: str, unit: str) -> bool:
        """Whether the rank of a unit is right once those with a wrong rate stand where their reported rate is."""
        if unit not in self.units or not self.fits(unit, self.by_rate):
            return False
        return unit == wrong or self.by_rate(wrong, unit) != self.computed(wrong, unit)

    def moved(self) -> str | None:
        """The one unit that explains all by its reported rank."""
        off = {unit: abs(rank - self.places[unit]) for unit, rank in self.ranks.items() if rank and unit in self.places}
        most = [unit for unit in off if off[unit] and off[unit] == max(off.values())]
        if len(most) != 1 or len(off) < len(self.places):
            return None
        return most[0] if all(self.fits(unit, self.by_place(most[0])) for unit in self.units) else None
