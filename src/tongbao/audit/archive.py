"""The books of every period: as received, or summed here from the shorter periods that cover one exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tongbao.audit.arithmetic import decimals_of, printed
from tongbao.audit.books import AREA, Amount, Books
from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.definition.series import Series
from tongbao.reading.cell import Cell
from tongbao.reading.received import Received
from tongbao_records.measures import MEASURES


class SummedBooks(Books):
    """A period that was not received itself: counts and amounts are the sums of its parts, unit by unit.

    A figure that is blank in one part is blank, as is every figure where there are no parts; so are facts, reported
    rates, and what is told apart (enterprises visited), which counts twice what was visited in two parts.
    """

    def __init__(
        self, series: Series, parameters: Mapping[str, Decimal], parts: Sequence[tuple[Period, Books]]
    ) -> None:
        super().__init__(series, Received({}, {}, {}), parameters)
        self._parts = parts

    @property
    def any_received(self) -> bool:
        """Whether there is anything to sum."""
        return bool(self._parts)

    def _column(self, name: str, scope: str) -> Amount:
        column = self.series.columns[name]
        amounts = [books.amount(name, scope) for _, books in self._parts]
        told_apart = column.measure is not None and MEASURES[column.measure].what == "distinct"
        if (
            not amounts
            or column.area != "sum"
            or any(amount.value is None for amount in amounts)
            or (told_apart and amounts[1:])
        ):
            return Amount(None, "", "computed", f"{name} is not given in every part", column.unit)
        value = sum((amount.value for amount in amounts if amount.value is not None), Fraction(0))
        texts = tuple(amount.text for amount in amounts)
        decimals = column.decimals if scope == AREA else None
        if decimals is None:
            decimals = max(map(decimals_of, texts))
        periods = " + ".join(str(period) for period, _ in self._parts)
        return Amount(value, printed(value, decimals), "computed", f"{name} summed over {periods}", column.unit,
                      operands=texts, formula=f"{name}: {periods}",
                      rounded=any(Fraction(a.text) != a.value for a in amounts))  # fmt: skip

    def _cells_of_column(self, name: str, scope: str) -> list[Cell]:
        return [cell for _, books in self._parts for cell in books.cells(name, scope)]


@dataclass
class Archive:
    """The books of every period, opened once.

    Arguments:
        series: the definition.
        parameters: values of its parameters.
        periods: those that were received.
        read: reads what was received for one of them.

    ``opened`` are the books by the period asked for, ``received`` those that were received, by the id they came under.
    """

    series: Series
    parameters: Mapping[str, Decimal]
    periods: Sequence[Period]
    read: Callable[[Period], Received]
    opened: dict[Period, Books] = field(default_factory=dict)
    received: dict[Period, Books] = field(default_factory=dict)

    def at(self, period: Period) -> Books:
        """A period's books: received under any of its ids, else summed, else all blank."""
        if period not in self.opened:
            self.opened[period] = self._led(period, self._open(period))
        return self.opened[period]

    def books(self) -> list[Books]:
        """All that were opened so far."""
        return list(self.opened.values())

    def _led(self, period: Period, books: Books) -> Books:
        """Books that know their period and lead to the other ones."""
        books.period, books.other = period, lambda head: self._other(period, head)
        return books

    def _open(self, period: Period) -> Books:
        name = next((name for name in period.same_span() if name in self.periods), None)
        if name is not None:
            self.received[name] = Books(self.series, self.read(name), self.parameters)
            return self.received[name]
        inside = {(part.first, part.last): part for part in self.periods if part.lies_in(period)}
        # Where several sets of periods cover the months, the one whose first is longest, then its second.
        covers = _covers(inside, period.first, period.last)
        cover: list[tuple[int, int]] = max(
            covers, key=lambda spans: [last - first for first, last in spans], default=[]
        )
        return SummedBooks(self.series, self.parameters, [(inside[span], self.at(inside[span])) for span in cover])

    def _other(self, period: Period, head: str) -> Books:
        if head == "last_year":
            return self.at(period.same_period_last_year())
        if head == "year_to_date":
            return self.at(period.to_date())
        if head != "previous":
            return self.at(Period.parse(head))
        try:
            return self.at(period.previous())
        except UsageError:  # no period as long ends before this one inside a year
            return self._led(period, SummedBooks(self.series, self.parameters, ()))


def _covers(spans: Mapping[tuple[int, int], Period], first: int, last: int) -> Iterator[list[tuple[int, int]]]:
    """Every way to lay spans end to end from one month to another."""
    if first > last:
        yield []
    for start, end in spans:
        if start == first:
            yield from ([(start, end), *rest] for rest in _covers(spans, end + 1, last))
