"""The forms of charts: bars and dots for units, then and now, the whole area over periods, units by measures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from tongbao.basics.marks import plain
from tongbao.bulletin.printed import chart_counts, chart_periods
from tongbao.display.canvas import GAP, LETTER, Canvas, Rows, range_of, width_of
from tongbao.display.charted import Charted, Row, measure_title, value_of
from tongbao.display.drawing import ACCENT, GREY, INK, RULE
from tongbao.figures.figure import Figure
from tongbao.figures.in_words import formula_in_words

_DOT = 6


class Bars(Charted):
    """Units by one measure, the best on top: bars from zero, or dots on a range of their own."""

    @cached_property
    def rows(self) -> list[Row]:
        """Each unit with its figure, the counts behind it, and its rank; the best on top."""
        ranks, indicators = self.indicators.ranks(self.measure), self.indicators
        rank = indicators.rank_formula(self.measure)
        return [
            Row(
                self.unit(unit),
                (indicators.figure(self.measure, unit), *self.counts(unit), indicators.figure(rank, unit)),
            )
            for unit in sorted(ranks, key=ranks.__getitem__)
        ]

    def counts(self, unit: str) -> list[Figure]:
        """The counts that a unit's rate divides; none where it is no such rate."""
        return chart_counts(self.indicators, self.declared, unit)

    @property
    def _counted(self) -> list[str]:
        """What is divided, in words: a measure's name, or the formula."""
        counts = self.counts(self.bulletin.series.units[0].id)
        return [formula_in_words(self.indicators, self.lang, one.name) for one in counts]

    @property
    def heads(self) -> list[str]:
        """The measure, what it divides, the rank."""
        return [measure_title(self.bulletin, self.measure), *self._counted, self.words.rank]

    @property
    def measured(self) -> str:
        """The measure, and what stands in brackets behind its figures."""
        return self.words.divided.format(super().measured, *self._counted) if self._counted else super().measured

    @property
    def dotted(self) -> bool:
        """Whether dots are drawn: as declared; else where the lowest has more than two thirds of the highest."""
        values = [row.value for row in self.rows]
        return self.declared.form == "dots" or (
            self.declared.form is None and min(values, default=0) * 3 > max(values) * 2
        )

    def low(self, row: Row) -> bool:
        """Whether a row's figure is below the line."""
        figure = row.figures[0]
        below = self.line is not None and self.line.value is not None and figure.value is not None
        return below and figure.value < self.line.value  # type: ignore[operator, union-attr]  # as just seen

    def label(self, row: Row) -> str:
        """What stands behind a shape: the figure, what it divides, and whether it is below the line."""
        figure, *counts, _ = row.figures
        label = self.marked(figure)
        if counts:
            label = self.words.brackets.format(label, "/".join(map(self.marked, counts)))
        return f"{label}{' ▼' if self.low(row) else ''}"

    def canvas(self, width: float) -> Canvas:
        """Shapes with their labels behind them, or behind the line where that would cross them."""
        canvas = Rows(width, [row.name for row in self.rows], head=22 if self.line_label else 0)
        if not self.rows:
            return canvas
        line = None if self.line is None or self.line.value is None else float(self.line.value)
        values = [row.value for row in self.rows] + ([] if line is None else [line])
        if self.dotted:
            most = 100.0 if self.indicators.unit_of(self.measure) == "%" and max(values) <= 100 else None
            canvas.low, canvas.high, canvas.ticks = range_of(values, most)
            if self.declared.range:
                canvas.low, canvas.high, canvas.ticks = range_of([*map(float, self.declared.range)], None)
        else:
            canvas.low, canvas.high = min(0.0, *values), max(0.0, *values) or 1.0
        labels = [self.label(row) for row in self.rows]
        canvas.leave_room(_DOT if self.dotted else 0, max(width_of(plain(label)) for label in labels) + 2 * GAP)
        for index, (row, label) in enumerate(zip(self.rows, labels, strict=True)):
            self._shape(canvas, index, row)
            start = canvas.at(row.value if self.dotted else max(0.0, row.value)) + (_DOT + 4 if self.dotted else GAP)
            if line is not None and start - 2 < canvas.at(line) < start + width_of(plain(label)):
                start = canvas.at(line) + GAP
            canvas.write(label, start, canvas.middle(index), colour=ACCENT if self.low(row) else INK)
        if line is not None:
            self._reference(canvas, line)
        return canvas

    def _shape(self, canvas: Rows, index: int, row: Row) -> None:
        middle, key = canvas.middle(index), f"key:{row.figures[0].key}"
        colour = ACCENT if self.low(row) else GREY
        canvas.hit(index, row.figures[0].key)
        if self.dotted:
            canvas.points.append({"value": row.value, "place": middle, "fill": colour, "colour": colour, "key": key})
        else:
            ends = {"value": 0, "to": row.value, "place": middle - 8, "until": middle + 8}
            canvas.rects.append({**ends, "colour": colour, "key": key})

    def _reference(self, canvas: Rows, line: float) -> None:
        """The line, through shapes only where names stand above them; its label on the side where there is room."""
        for index in range(len(self.rows)):
            top, bottom = canvas.band(index)
            if canvas.stacked:
                top, bottom = canvas.middle(index) - 12, canvas.middle(index) + 12
            row = {"value": line, "to": line, "place": top, "until": bottom, "key": f"key:{self.line.key}"}  # type: ignore[union-attr]
            canvas.dashes.append(row)
        room = width_of(plain(self.line_label))
        at = min(canvas.at(line), canvas.plot - room)
        canvas.write(self.line_label, max(at, -canvas.left), 10)

    @property
    def message(self) -> str:
        """Who is highest and lowest, and who is below the line."""
        low = [row for row in reversed(self.rows) if self.low(row)]
        if not self.line_label or not self.rows:
            return self.ends
        if not low:
            return self.ends + self.words.below_line.format(self.line_label, 0)
        return self.ends + self.words.below_line_are.format(self.line_label, len(low), self.joined(low))


class Dumbbell(Charted):
    """Each unit in another period and now, joined by a line."""

    @cached_property
    def rows(self) -> list[Row]:
        """Each unit with its figure now and, where it is known, then."""
        ranks, indicators = self.indicators.ranks(self.measure), self.indicators
        then = {
            unit: [indicators.before(self.declared.head, self.measure, unit)] if self._known else [] for unit in ranks
        }
        return [
            Row(self.unit(unit), (indicators.figure(self.measure, unit), *then[unit]))
            for unit in sorted(ranks, key=ranks.__getitem__)
        ]

    @property
    def _known(self) -> bool:
        return self.indicators.compared(self.declared.head).any_received

    @property
    def _then(self) -> str:
        other = self.indicators.compared(self.declared.head).period
        return other.label(self.lang) if self._known and other else ""

    @property
    def heads(self) -> list[str]:
        """The periods."""
        return [self.bulletin.period.label(self.lang), *filter(None, [self._then])]

    @property
    def period(self) -> str:
        """Both periods with their signs."""
        now = self.bulletin.period.label(self.lang)
        return self.words.now_and_then.format(now, self._then) if self._known else now

    def before(self, row: Row) -> float | None:
        """A row's value in the other period."""
        return value_of(row.figures[1]) if len(row.figures) > 1 and row.figures[1].value is not None else None

    def _falls(self, row: Row) -> bool:
        then = self.before(row)
        return then is not None and row.value < then

    def _worse(self, row: Row) -> bool:
        then = self.before(row)
        return then is not None and row.value != then and self._falls(row) == self.indicators.descending(self.measure)

    def canvas(self, width: float) -> Canvas:
        """Two dots a row, the smaller's label before it, the larger's behind it."""
        canvas = Rows(width, [row.name for row in self.rows])
        if not self.rows:
            return canvas
        pairs = [[one for one in (row.value, self.before(row)) if one is not None] for row in self.rows]
        values = [value for pair in pairs for value in pair]
        canvas.low, canvas.high = min(values), max(values)
        if canvas.low == canvas.high:
            canvas.high += 1
        room = max(width_of(self.number(figure)) for row in self.rows for figure in row.figures) + _DOT + 4
        canvas.leave_room(room, room + 2 * LETTER)
        for index, row in enumerate(self.rows):
            self._pair(canvas, index, row)
        return canvas

    def _pair(self, canvas: Rows, index: int, row: Row) -> None:
        middle, then, colour = canvas.middle(index), self.before(row), ACCENT if self._worse(row) else INK
        canvas.hit(index, row.figures[0].key)
        sign = "" if then is None or then == row.value else " ▼" if self._falls(row) else " ▲"
        ends = [(row.value, row.figures[0], colour, colour)]
        if then is not None:
            canvas.rules.append({"value": then, "to": row.value, "place": middle, "until": middle, "colour": GREY})
            ends.insert(0, (then, row.figures[1], "white", RULE))
        highest = max(end[0] for end in ends)
        for value, figure, fill, edge in ends:
            dot = {"value": value, "place": middle, "fill": fill, "colour": edge, "key": f"key:{figure.key}"}
            canvas.points.append(dot)
            behind = value == highest and (figure is row.figures[0] or then != row.value)
            at = canvas.at(value) + (_DOT + 4 if behind else -_DOT - 4)
            label = self.marked(figure) + (sign if figure is row.figures[0] else "")
            canvas.write(label, at, middle, "left" if behind else "right", edge)

    @property
    def message(self) -> str:
        """Who is highest and lowest, and who has less than then."""
        falling = [row for row in self.rows if self._falls(row)]
        then = getattr(self.words, f"against_{self.declared.head}")
        if not self._known or not self.rows:
            return self.ends
        if not falling:
            return self.ends + self.words.none_fell.format(then)
        return self.ends + self.words.fell.format(then, len(falling), self.joined(falling))


class Line(Charted):
    """The whole area over periods."""

    @cached_property
    def _all(self) -> list[Figure]:
        return chart_periods(self.indicators, self.declared)

    @cached_property
    def rows(self) -> list[Row]:
        """Each period with its figure."""
        return [Row(self._label(figure), (figure,)) for figure in self._all if figure.value is not None]

    def _label(self, figure: Figure) -> str:
        return (figure.period or self.bulletin.period).label(self.lang)

    @property
    def heads(self) -> list[str]:
        """The measure."""
        return [measure_title(self.bulletin, self.measure)]

    @property
    def not_drawn(self) -> list[str]:
        """The periods without a figure."""
        return [self._label(figure) for figure in self._all if figure.value is None]

    @property
    def period(self) -> str:
        """Whose figures."""
        return self.bulletin.series.area.get(self.lang)

    @property
    def ends(self) -> str:
        """The first period's figure and the last one's."""
        name = self.indicators.measure_name(self.measure, self.lang)
        if not self.rows:
            return super().ends
        first, last = self.rows[0], self.rows[-1]
        if first is last:
            return self.words.only_period.format(name, first.name, self.full(first.figures[0]))
        said = [text for row in (first, last) for text in (row.name, self.full(row.figures[0]))]
        return self.words.from_to.format(name, *said)

    def canvas(self, width: float) -> Canvas:
        """Points joined where they follow one another, labelled as far as there is room, the ends first."""
        canvas, figures = Canvas(width, 0, 0, 220, upright=True), self._all
        known = {index: value_of(figure) for index, figure in enumerate(figures) if figure.value is not None}
        if not known:
            return canvas
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

    def _point(self, canvas: Canvas, figure: Figure, place: float, *, last: bool, told: bool) -> None:
        value, colour = value_of(figure), ACCENT if last else INK
        band = {"x": place - 12, "x2": place + 12, "y": 0, "y2": canvas.height}
        canvas.hits.append({**band, "key": f"row:{figure.key}"})
        dot = {"value": value, "place": place, "fill": colour, "colour": colour, "key": f"key:{figure.key}"}
        canvas.points.append(dot)
        if told:
            canvas.write(self.marked(figure), place, round(canvas.at(value) - 15, 2), "center", colour)


def _spread(places: Sequence[float], room: float, first: Sequence[int]) -> set[int]:
    """Which of some places have room for a text: the last, the first ones named, then each that is clear of those."""
    taken: list[int] = []
    for index in [len(places) - 1, *first, *range(len(places))]:
        if all(abs(places[index] - places[other]) >= room for other in taken):
            taken.append(index)
    return set(taken)


class Heat(Charted):
    """Units by measures: the further behind the best of its measure, the darker a figure's ground."""

    @property
    def _measures(self) -> tuple[str, ...]:
        return (self.measure, *self.declared.beside)

    @cached_property
    def rows(self) -> list[Row]:
        """Each unit with its figures, in the order of the first measure."""
        ranks = self.indicators.ranks(self.measure)
        return [
            Row(self.unit(unit), tuple(self.indicators.figure(measure, unit) for measure in self._measures))
            for unit in sorted(ranks, key=ranks.__getitem__)
        ]

    @property
    def heads(self) -> list[str]:
        """The measures."""
        return [measure_title(self.bulletin, measure) for measure in self._measures]

    @property
    def subtitle(self) -> str:
        """What is measured, if that is declared; else the period, and what the ground means."""
        if self.declared.subtitle is not None:
            return super().subtitle
        return self.words.measured.format(self.period, self.words.darker)

    def canvas(self, width: float) -> Canvas:
        """A cell for each figure, headers broken to the width of their column."""
        numbers = [self.number(figure) for row in self.rows for figure in row.figures]
        least = max(map(width_of, numbers), default=0) + 2 * GAP
        names = [row.name for row in self.rows]
        bare = Rows(width, names)
        column = max(least, bare.plot / len(self._measures))
        heads = [_broken(head, column - GAP) for head in self.heads]
        top = 17 * max(map(len, heads)) + 8
        canvas = Rows(bare.left + column * len(heads), names, head=top)
        for at, (measure, head) in enumerate(zip(self._measures, heads, strict=True)):
            middle = column * (at + 0.5)
            for number, words in enumerate(head):
                canvas.write(words, middle, top - 14 - 17 * (len(head) - 1 - number), "center", RULE)
            values = [value for value in self.indicators.values(measure).values() if value is not None]
            for index, row in enumerate(self.rows):
                figure = row.figures[at]
                if figure.value is None:
                    continue
                best, worst = (
                    (max(values), min(values)) if self.indicators.descending(measure) else (min(values), max(values))
                )
                behind = (float(best) - value_of(figure)) / (float(best) - float(worst)) if best != worst else 0.0
                box = {"x": column * at + 1, "x2": column * (at + 1) - 1}
                across = {"y": canvas.middle(index) - 12, "y2": canvas.middle(index) + 12}
                canvas.cells.append({**box, **across, "shade": round(0.42 * behind, 3)})
                canvas.write(self.marked(figure), middle, canvas.middle(index), "center")
        return canvas


def _broken(text: str, room: float) -> list[str]:
    """A text in lines of a width: between words, Chinese anywhere."""
    parts = text.split(" ")
    pieces = [part + " " for part in parts[:-1]] + [parts[-1]] if text.isascii() else list(text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
