"""The whole area's figures over periods."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from tongbao.basics.language import join_names
from tongbao.bulletin.printed import chart_periods
from tongbao.display.canvas import GAP, Canvas, Rows, range_of, width_of
from tongbao.display.charted import Charted, Row, measure_title, value_of
from tongbao.display.drawing import ACCENT, GREY, INK, RULE
from tongbao.figures.figure import Figure
from tongbao.figures.indicators import Indicators
from tongbao.figures.lacking import Lack, lack_of_total
from tongbao.findings.lacking import said_of
from tongbao.findings.leaving_out import told


class Line(Charted):
    """The whole area over periods."""

    @cached_property
    def _periods(self) -> list[tuple[Indicators, Figure]]:
        return chart_periods(self.indicators, self.declared)

    @property
    def _all(self) -> list[Figure]:
        return [figure for _, figure in self._periods]

    @cached_property
    def rows(self) -> list[Row]:
        """Each period with its figure."""
        return [Row(self._label(figure), (figure,)) for figure in self._all if figure.value is not None]

    @property
    def rows_are(self) -> str:
        """Periods."""
        return self.words.period_column

    def _label(self, figure: Figure) -> str:
        return (figure.period or self.bulletin.period).label(self.lang)

    @property
    def heads(self) -> list[str]:
        """The measure."""
        return [measure_title(self.bulletin, self.measure)]

    @property
    def _lacking(self) -> list[tuple[Indicators, Lack, str]]:
        """The periods without a figure, each with its figures and why it has none."""
        periods = [(then, figure) for then, figure in self._periods if figure.value is None]
        return [(then, lack_of_total(then, self.measure), self._label(figure)) for then, figure in periods]

    @property
    def not_drawn(self) -> dict[Lack, list[str]]:
        """The periods without a figure, by why they have none."""
        found: dict[Lack, list[str]] = {}
        for _, lack, label in self._lacking:
            found.setdefault(lack, []).append(label)
        return found

    def _why_not_drawn(self) -> dict[str, list[str]]:
        """The same by what is said of each: another period that one lacks is counted from its own."""
        found: dict[str, list[str]] = {}
        for then, lack, label in self._lacking:
            found.setdefault(said_of(then, lack, self.lang), []).append(label)
        return found

    @property
    def period(self) -> str:
        """Whose figures."""
        return self.bulletin.series.area.get(self.lang)

    @property
    def ends(self) -> str:
        """The first period's figure and the last one's, with whom they leave out.

        Of other units they are no change from the one to the other, and are told side by side.
        """
        name = self.indicators.measure_name(self.measure, self.lang)
        if not self.rows:
            return super().ends
        first, last = self.rows[0], self.rows[-1]
        said = [text for row in (first, last) for text in (row.name, self.full(row.figures[0]))]
        if first is last:
            text = self.words.only_one.format(name, *said[:2])
        elif _lacking(first) == _lacking(last):
            text = self.words.from_to.format(name, *said)
        else:
            text = self.words.then_and_last.format(name, *said)
        behind = {str(row.figures[0].key): row.figures[0] for row in (first, last)}
        return told(text, behind, self.indicators, self.lang, f"chart-{self.name}")

    @property
    def notes(self) -> list[str]:
        """Whom the points leave out, marked, where the title does not say it of its own two."""
        rows = self.rows
        if self.title == self.entitled(self.ends) and self.bulletin.series.left_out == "sentence":
            rows = rows[1:-1]
        lacking: dict[frozenset[str], list[str]] = {}
        for row in rows:
            lacking.setdefault(_lacking(row), []).append(row.name)
        return [
            self.words.without.format(
                period="" if len(names) == len(self.rows) else self.words.comma.join(names),
                names=join_names([self.unit(one) for one in self.indicators.units if one in units], lang=self.lang),
            ).strip()
            for units, names in lacking.items()
            if units
        ]

    def canvas(self, width: float) -> Canvas:
        """Points joined where they follow one another, labelled as far as there is room, the ends first."""
        if len(self.rows) == 1:
            return self._bar(width)
        canvas, figures = Canvas(width, 0, 0, 220, upright=True), self._all
        known = {index: value_of(figure) for index, figure in enumerate(figures) if figure.value is not None}
        if not known:
            return Rows(width, [])  # nothing, as wide as the other forms draw it: no width at all makes no picture
        canvas.low, canvas.high, _ = range_of([*known.values()], None)
        span = canvas.high - canvas.low
        canvas.low, canvas.high = canvas.low - span * 0.3, canvas.high + span * 0.15
        names = max(width_of(self._label(figure)) for figure in figures)
        numbers = max(width_of(self.number(figure)) for figure in figures)
        apart = (width - names) / max(len(figures) - 1, 1)
        places = [round(names / 2 + apart * index, 2) for index in range(len(figures))]
        told = _spread(places, numbers + GAP, [0, max(known, key=known.__getitem__), min(known, key=known.__getitem__)])
        for index in _spread(places, names + GAP, [0]):
            canvas.write(self._label(figures[index]), places[index], canvas.height - 10, "center", RULE)
        for index, value in known.items():
            if index - 1 in known:
                ends = {"value": known[index - 1], "to": value, "place": places[index - 1], "until": places[index]}
                canvas.rules.append({**ends, "colour": GREY})
            self._point(canvas, figures[index], places[index], last=index == len(places) - 1, told=index in told)
        return canvas

    def _bar(self, width: float) -> Canvas:
        """A bar from zero: one period makes no line."""
        row = self.rows[0]
        canvas = Rows(width, [row.name])
        canvas.low, canvas.high = min(0.0, row.value), max(0.0, row.value) or 1.0
        canvas.leave_room(0, width_of(self.number(row.figures[0])) + 2 * GAP)
        canvas.hit(0, row.figures[0].key)
        middle, key = canvas.middle(0), f"key:{row.figures[0].key}"
        ends = {"value": 0, "to": row.value, "place": middle - 8, "until": middle + 8}
        canvas.rects.append({**ends, "colour": GREY, "key": key})
        canvas.write(self.marked(row.figures[0]), canvas.at(max(0.0, row.value)) + GAP, middle)
        return canvas

    def _point(self, canvas: Canvas, figure: Figure, place: float, *, last: bool, told: bool) -> None:
        value, colour = value_of(figure), ACCENT if last else INK
        band = {"x": place - 12, "x2": place + 12, "y": 0, "y2": canvas.height}
        canvas.hits.append({**band, "key": f"row:{figure.key}"})
        dot = {"value": value, "place": place, "fill": colour, "colour": colour, "key": f"key:{figure.key}"}
        canvas.points.append(dot)
        if told:
            canvas.write(self.marked(figure), place, round(canvas.at(value) - 15, 2), "center", colour)


def _lacking(row: Row) -> frozenset[str]:
    """The units that a point leaves out."""
    return frozenset(absent.unit for absent in row.figures[0].without)


def _spread(places: Sequence[float], room: float, first: Sequence[int]) -> set[int]:
    """Which of some places have room for a text: the last, the first ones named, then each that is clear of those."""
    taken: list[int] = []
    for index in [len(places) - 1, *first, *range(len(places))]:
        if all(abs(places[index] - places[other]) >= room for other in taken):
            taken.append(index)
    return set(taken)
