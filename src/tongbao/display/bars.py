"""Units by one measure: bars from zero, or dots on a range of their own."""

from __future__ import annotations

from functools import cached_property

from tongbao.basics.formula import Formula
from tongbao.basics.marks import plain
from tongbao.bulletin.printed import chart_counts
from tongbao.display.canvas import DOT, GAP, Canvas, Rows, range_of, width_of
from tongbao.display.charted import Charted, Row, measure_title
from tongbao.display.drawing import ACCENT, GREY, INK
from tongbao.figures.figure import Figure
from tongbao.figures.in_words import formula_in_words


class Bars(Charted):
    """Units by one measure, the best on top: bars from zero, or dots on a range of their own."""

    @cached_property
    def rows(self) -> list[Row]:
        """Each unit with its figure, the counts behind it, and its rank; the best on top."""
        indicators, rank = self.indicators, self.indicators.rank_formula(self.measure)
        return [
            Row(
                self.unit(unit),
                (indicators.figure(self.measure, unit), *self.counts(unit), indicators.figure(rank, unit)),
            )
            for unit in self.ranked
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
    def _divided(self) -> list[str]:
        """The same as they stand beside a stroke: a sum or difference in brackets."""
        names = [one.name for one in self.counts(self.bulletin.series.units[0].id)]
        return [
            said if Formula.parse(name).is_name else f"({said})"
            for name, said in zip(names, self._counted, strict=True)
        ]

    @property
    def heads(self) -> list[str]:
        """The measure, what it divides, the rank."""
        return [measure_title(self.bulletin, self.measure), *self._counted, self.words.rank]

    @property
    def measured(self) -> str:
        """The measure, and what stands in brackets behind its figures."""
        return self.words.divided.format(super().measured, *self._divided) if self._counted else super().measured

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
        """What stands behind a shape: the figure, and what it divides; a sign of who is below the line is colour alone.

        The shape itself ends before the line, and the message names them; ▼ behind a number would be read as its sign.
        """
        figure, *counts, _ = row.figures
        label = self.marked(figure)
        if counts:
            label = self.words.brackets.format(label, "/".join(map(self.marked, counts)))
        return label

    def canvas(self, width: float) -> Canvas:
        """Shapes with their labels behind them, or behind the line where that would cross them."""
        canvas = Rows(width, [row.name for row in self.rows], head=22 if self.line_label else 0)
        if not self.rows:
            return canvas
        line = None if self.line is None or self.line.value is None else float(self.line.value)
        values = [row.value for row in self.rows] + ([] if line is None else [line])
        if self.dotted:
            ends = [*values, *map(float, self.declared.range or ())]  # a range hides no one
            most = 100.0 if self.indicators.unit_of(self.measure) == "%" and max(ends) <= 100 else None
            canvas.low, canvas.high, canvas.ticks = range_of(ends, most)
        else:
            canvas.low, canvas.high = min(0.0, *values), max(0.0, *values) or 1.0
        labels = [self.label(row) for row in self.rows]
        canvas.leave_room(DOT if self.dotted else 0, max(width_of(plain(label)) for label in labels) + 2 * GAP)
        for index, (row, label) in enumerate(zip(self.rows, labels, strict=True)):
            self._shape(canvas, index, row)
            start = canvas.at(row.value if self.dotted else max(0.0, row.value)) + (DOT + 4 if self.dotted else GAP)
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
