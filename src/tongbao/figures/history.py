"""Other periods' figures to compare with: as received, else summed from shorter periods, else blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.basics.rounding import Number, print_decimal, total
from tongbao.definition.series import Series
from tongbao.definition.sources import sources_of
from tongbao.figures.figure import AREA, Figure, Reading, left_out
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import is_sum
from tongbao.reading.cell import Cell, unique
from tongbao.reading.received import Received

_NOTHING = Received({}, {}, {})


@dataclass
class History:
    """The figures of a series, period by period; each is made once.

    Arguments:
        series: the definition; its tables, units and rules are taken to hold for all periods.
        parameters: values of the series' parameters.
        received: reads a period's figures; ``None`` where none were received.
    """

    series: Series
    parameters: Mapping[str, Decimal]
    received: Callable[[Period], Received | None]
    _made: dict[Period, Indicators] = field(default_factory=dict)
    _read: dict[Period, Received | None] = field(default_factory=dict)

    def at(self, period: Period) -> Indicators:
        """A period's figures: received under any of its ids, else summed, else all blank."""
        if period not in self._made:
            self._made[period] = self._make(period)
        return self._made[period]

    @property
    def known(self) -> Mapping[Period, Indicators]:
        """The figures asked for so far, by period."""
        return self._made

    def compared(self, period: Period, head: str) -> Indicators:
        """The figures that ``last_year``, ``previous`` or ``year_to_date`` means for a period.

        ``parts`` are those of the same months, summed from the shorter periods received that cover them.
        """
        if head == "parts":
            parts = self._parts(period.year, period.first, period.last, shorter=True) or ()
            return Summed(
                self.series, self.parameters, period, list(map(self.at, parts)), partial(self.compared, period)
            )
        if head == "last_year":
            return self.at(period.same_period_last_year())
        if head == "year_to_date":
            return self.at(period.to_date())
        try:
            return self.at(period.previous(self.series.cumulative))
        except UsageError:  # none ends before this one inside a year
            return self._nothing(period, head)

    def _nothing(self, period: Period, _head: str) -> Indicators:
        """The figures of what is no period: none, and of those before it neither."""
        return Summed(self.series, self.parameters, period, (), partial(self._nothing, period))

    def _make(self, period: Period) -> Indicators:
        compared = partial(self.compared, period)
        for name in period.same_span():
            received = self._received(name)
            if received is not None:
                return Indicators(self.series, received, self.parameters, period, compared, (name,))
        parts = [self.at(part) for part in self._parts(period.year, period.first, period.last) or ()]
        return Summed(self.series, self.parameters, period, parts, compared)

    def _parts(self, year: int, first: int, last: int, *, shorter: bool = False) -> list[Period] | None:
        """Periods received that follow one another and cover the months exactly, the longest first.

        ``shorter`` leaves out the one that covers them all.
        """
        if first > last:
            return []
        for end in range(last - shorter, first - 1, -1):
            span = Period(year, first, end, "month" if first == end else "months")
            known = next((name for name in span.same_span() if self._received(name) is not None), None)
            if known is not None:
                rest = self._parts(year, end + 1, last)
                if rest is not None:
                    return [known, *rest]
        return None

    def _received(self, period: Period) -> Received | None:
        if period not in self._read:
            self._read[period] = self.received(period)
        return self._read[period]


class Summed(Indicators):
    """The figures of a period that was not received itself, summed over the periods that cover it.

    Only what is summed over units (``area: sum``) is summed over time: counts and amounts. Rates that the project
    computes follow from those sums; reported rates, formulas of facts, and facts themselves are blank, and so are
    enterprises told apart by their code: one that was visited in two parts would count twice; and what there is at the
    end of each part (``stated: allowed``). A unit that is blank in one part is blank. Without parts, every figure is.
    """

    def __init__(
        self,
        series: Series,
        parameters: Mapping[str, Decimal],
        period: Period,
        parts: Sequence[Indicators],
        compared: Callable[[str], Indicators],
    ) -> None:
        made_of = tuple(part for indicators in parts for part in indicators.made_of)
        super().__init__(series, _NOTHING, parameters, period, compared, made_of)
        self._parts = parts

    @property
    def any_received(self) -> bool:
        """Whether there is anything to sum."""
        return bool(self._parts)

    @property
    def summed_from(self) -> Sequence[Indicators]:
        """The figures of the periods that cover this one."""
        return self._parts

    def _column_values(self, column: str) -> dict[str, Number | None]:
        return {unit: self.figure(column, unit).value for unit in self.units}

    def _column_cells(self, column: str) -> tuple[Cell, ...]:
        return tuple(cell for part in self._parts for cell in part.cells_behind(column))

    def _reading(self, column: str, unit: str) -> Reading:
        figure = self.figure(column, unit)
        return Reading(figure.value, figure.text, figure.cells)

    def column(self, name: str, scope: str, apart: frozenset[str] = frozenset()) -> Figure:
        """A column's figure, summed over the parts; the area's without the units ``apart`` and those that lack one."""
        column = self._columns[name]
        if scope == AREA and len(self._parts) > 1 and is_sum(self.series, name):
            apart |= {unit for unit, value in self.values(name).items() if value is None}
        figures = [part.column(name, scope, apart) for part in self._parts]
        values = [figure.value for figure in figures if figure.value is not None]
        sources = sources_of(self.series)
        adds_up = len(figures) == 1 or (column.adds_up_over_time and all(source.adds_up(column) for source in sources))
        if column.area != "sum" or not figures or len(values) < len(figures) or not adds_up:
            return Figure(name, scope, None, "", column.unit, "computed", name, period=self.period)
        value = total(values)
        text = print_decimal(value, column.decimals if scope == AREA else None)
        cells = unique(cell for figure in figures for cell in figure.cells)
        calculation = " + ".join(figure.text for figure in figures) + f" = {text}"
        without = tuple({absent.unit: absent for absent in left_out(figures)}.values())
        return Figure(
            name,
            scope,
            value,
            text,
            column.unit,
            "computed",
            name,
            calculation,
            cells,
            without=without,
        )
