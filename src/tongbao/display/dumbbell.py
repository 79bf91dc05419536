"""Units in another period and now."""

from __future__ import annotations

from functools import cached_property

from tongbao.display.canvas import DOT, LETTER, Canvas, Rows, width_of
from tongbao.display.charted import Charted, Row, value_of
from tongbao.display.drawing import ACCENT, GREY, INK, RULE
from tongbao.findings.other_periods import base_name


class Dumbbell(Charted):
    """Each unit in another period and now, joined by a line."""

    @cached_property
    def rows(self) -> list[Row]:
        """Each unit with its figure now and, where it is known, then."""
        rows = []
        for unit in self.ranked:
            figures = [self.indicators.figure(self.measure, unit)]
            if self._known:
                figures.append(self.indicators.before(self.declared.head, self.measure, unit))
            rows.append(Row(self.unit(unit), tuple(figures)))
        return rows

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
        room = max(width_of(self.number(figure)) for row in self.rows for figure in row.figures) + DOT + 4
        canvas.leave_room(room + 2 * LETTER, room + 2 * LETTER)
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
        for value, figure, fill, edge in sorted(ends, key=lambda end: end[0]):  # print reads from left to right
            dot = {"value": value, "place": middle, "fill": fill, "colour": edge, "key": f"key:{figure.key}"}
            canvas.points.append(dot)
            behind = value == highest and (figure is row.figures[0] or then != row.value)
            at = canvas.at(value) + (DOT + 4 if behind else -DOT - 4)
            label = self.marked(figure) + (sign if figure is row.figures[0] else "")
            canvas.write(label, at, middle, "left" if behind else "right", edge)

    @property
    def message(self) -> str:
        """Who is highest and lowest, and who has less than then."""
        falling = [row for row in self.rows if self._falls(row)]
        then = base_name(self.indicators, self.declared.head, self.lang)
        if not self._known or not self.rows:
            return self.ends
        if not falling:
            return self.ends + self.words.none_fell.format(then)
        return self.ends + self.words.fell.format(then, len(falling), self.joined(falling))
