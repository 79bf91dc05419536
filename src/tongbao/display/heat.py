"""Units by several measures, as a table whose grounds show who is behind."""

from __future__ import annotations

import re
from functools import cached_property

from tongbao.display.canvas import GAP, Canvas, Rows, width_of
from tongbao.display.charted import Charted, Row, measure_title, value_of
from tongbao.display.drawing import RULE

_PIECE = re.compile(r"（[^）]*）|[!-~]+ *|.")


class Heat(Charted):
    """Units by measures: the further behind the best of its measure, the darker a figure's ground."""

    @property
    def _measures(self) -> tuple[str, ...]:
        return (self.measure, *self.declared.beside)

    @cached_property
    def rows(self) -> list[Row]:
        """Each unit with its figures, in the order of the first measure."""
        return [
            Row(self.unit(unit), tuple(self.indicators.figure(measure, unit) for measure in self._measures))
            for unit in self.ranked
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
    """A text in lines of a width: between words, Chinese anywhere but in brackets.

    >>> _broken("双随机任务按时完成率（%）", 120), _broken("inspections made in time (%)", 120)
    (['双随机任务按时完成', '率（%）'], ['inspections', 'made in time', '(%)'])
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
