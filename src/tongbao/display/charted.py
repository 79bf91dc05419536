"""What all forms of chart share: title, subtitle and caption, the message, the table of numbers."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tongbao.basics.key import Key
from tongbao.basics.language import join_names, unit_name
from tongbao.basics.marks import Mark, backed, capital, findings_in, marked_text, plain, to_bare_html, unlinked
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import chart_line
from tongbao.definition.model import Text
from tongbao.display.canvas import Canvas
from tongbao.figures.figure import Figure
from tongbao.figures.kept import not_kept, outside
from tongbao.figures.lacking import Lack, lack_of
from tongbao.findings.lacking import said_of
from tongbao.findings.leaving_out import told
from tongbao.findings.templates import fill
from tongbao.words import WORDS


def measure_title(bulletin: Bulletin, measure: str) -> str:
    """A measure with its unit of measurement, as axes and headers name it: 检查处罚率（%）."""
    unit = unit_name(bulletin.indicators.unit_of(measure), bulletin.lang).strip()
    name = bulletin.indicators.measure_name(measure, bulletin.lang)
    return WORDS[bulletin.lang].brackets.format(name, unit) if unit else name


@dataclass(frozen=True)
class Row:
    """A row of the chart's table: its name with its mark, and its figures; the first is what is drawn."""

    name: str
    figures: tuple[Figure, ...]

    @property
    def value(self) -> float:
        """What is drawn, as a number for drawing."""
        return value_of(self.figures[0])


def value_of(figure: Figure) -> float:
    """A figure that is not blank as a number for drawing."""
    return float(figure.value or 0)


class Charted(ABC):
    """The chart ``name`` of a bulletin: what it says, and its drawing at a width."""

    def __init__(self, bulletin: Bulletin, name: str) -> None:
        self.bulletin, self.name, self.declared = bulletin, name, bulletin.series.charts[name]
        self.indicators, self.measure = bulletin.indicators, self.declared.measure
        self.lang, self.words = bulletin.lang, WORDS[bulletin.lang]

    @property
    @abstractmethod
    def heads(self) -> list[str]:
        """What the figures of each row are."""

    @property
    def rows_are(self) -> str:
        """What the rows of the table are."""
        return self.words.unit

    @cached_property
    @abstractmethod
    def rows(self) -> list[Row]:
        """What is drawn, in its order."""

    @abstractmethod
    def canvas(self, width: float) -> Canvas:
        """The drawing at a width in pixels."""

    @property
    def ranked(self) -> list[str]:
        """The units with a figure of the measure, the best first."""
        ranks = self.indicators.ranks(self.measure)
        return sorted(ranks, key=ranks.__getitem__)

    @property
    def ends(self) -> str:
        """Who is highest and lowest, marked, without a stop at the end; or that there is nothing to draw."""
        rows, words = self.rows, self.words
        name = self.indicators.measure_name(self.measure, self.lang)
        if not rows and not_kept(self.indicators, [self.measure]):
            return words.no_table_of.format(name)
        if not rows:
            return (words.none_reported if self.not_drawn.keys() <= {"blank"} else words.none_known).format(name)
        values = [row.value for row in rows]
        highest, lowest = ([row for row in rows if row.value == end] for end in (max(values), min(values)))
        if len(highest) == len(rows):
            return self._equal(name)
        said = [[self.joined(end), self.full(end[0].figures[0])] for end in (highest, lowest)]
        if self.indicators.is_of_words(self.measure) and not self.indicators.descending(self.measure):
            return words.best_worst.format(name, *said[1], *said[0])  # no amounts: 优 1, 良 2, 差 3
        return words.highest_lowest.format(name, *said[0], *said[1])

    def _equal(self, name: str) -> str:
        """That all who are drawn have the same; the only one is named."""
        figure = self.full(self.rows[0].figures[0])
        if len(self.rows) == 1:
            return self.words.only_one.format(name, self.rows[0].name, figure)
        is_all = len(self.rows) == len(self.indicators.units)
        return (self.words.all_equal if is_all else self.words.all_known_equal).format(name, figure)

    @property
    def message(self) -> str:
        """What the drawing shows, marked: its text alternative."""
        return self.ends

    @property
    def title(self) -> str:
        """The sentence that the figures make true, marked: as declared, else the chart's message.

        A declared one that would say that nothing is known is none.
        """
        declared = self._text(self.declared.title, "title") if self.declared.title else self.ends
        unknown = any(self.bulletin.findings[name].empty for name in findings_in(declared))
        return self.entitled(self.ends if unknown else declared)

    def entitled(self, sentence: str) -> str:
        """A sentence as a title; one of made-up figures says so."""
        return capital(unlinked(sentence).rstrip("。.")) + self.bulletin.series.mark(self.lang)

    @property
    def subtitle(self) -> str:
        """What is measured, marked."""
        if self.declared.subtitle is not None:
            return self._text(self.declared.subtitle, "subtitle")
        return self.words.measured.format(self.measured, self.period)

    @property
    def measured(self) -> str:
        """The measure that is drawn, with its unit of measurement."""
        return capital(measure_title(self.bulletin, self.measure))

    @property
    def period(self) -> str:
        """The period that is drawn, in words."""
        return self.bulletin.period.label(self.lang)

    @property
    def caption(self) -> str:
        """What stands under the drawing, marked: the words declared, who is not drawn or left out, and the source."""
        declared = [self._text(self.declared.caption, "caption")] if self.declared.caption else []
        blank = [
            capital(self.words.not_drawn.format(why, join_names(names, lang=self.lang)))
            for why, names in self._why_not_drawn().items()
        ]
        source = self.words.source_line.format(self.bulletin.series.source.get(self.lang))
        said = [*declared, *blank, *map(capital, self.notes)]
        return self.words.space.join([*(self.words.sentence.format(text) for text in said), source])

    @property
    def notes(self) -> list[str]:
        """What else is said under the drawing, marked."""
        return []

    def _why_not_drawn(self) -> dict[str, list[str]]:
        """The marked names of those who are not drawn, by what is said of them."""
        return {said_of(self.indicators, lack, self.lang): names for lack, names in self.not_drawn.items()}

    @property
    def not_drawn(self) -> dict[Lack, list[str]]:
        """The units without a figure, by why they have none and their marked names; not those outside the table."""
        found: dict[Lack, list[str]] = {}
        others = outside(self.indicators, self.measure)
        for unit, value in self.indicators.values(self.measure).items():
            if value is None and unit not in others:
                found.setdefault(lack_of(self.indicators, self.measure, unit), []).append(self.unit(unit))
        return found

    def table(self) -> str:
        """The numbers of the chart as a table, HTML."""
        rows = "".join(
            f'<tr><th scope="row">{to_bare_html(row.name)}</th>'
            + "".join(f"<td{backed(one.key)}>{html.escape(self.number(one))}</td>" for one in row.figures)
            + "</tr>"
            for row in self.rows
        )
        heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in (self.rows_are, *self.heads))
        label = html.escape(f"{self.words.chart_data}{self.words.colon}{self.heads[0]}")
        return (
            f'<summary>{self.words.chart_data}</summary>\n<div class="table-scroll" role="region" tabindex="0" '
            f'aria-label="{label}"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        )

    def number(self, figure: Figure) -> str:
        """A figure as printed, without its unit of measurement."""
        return self.indicators.shown(figure, self.lang)

    def marked(self, figure: Figure) -> str:
        """A figure as printed, marked."""
        return marked_text(str(figure.key), self.number(figure))

    def full(self, figure: Figure) -> str:
        """A figure as printed with its unit of measurement, marked."""
        return self.marked(figure) + unit_name(figure.unit, self.lang, figure.text)

    def unit(self, unit: str) -> str:
        """A unit's name, marked."""
        key = Key("unit", unit, owner=f"chart-{self.name}")
        return marked_text(str(key), self.bulletin.series.unit(unit).name(self.lang))

    def joined(self, rows: Sequence[Row]) -> str:
        """The names of rows, marked."""
        return join_names([row.name for row in rows], lang=self.lang)

    def _text(self, template: Text, key: str) -> str:
        return self.bulletin.narrative.text(template, "charts", self.name, key)

    @cached_property
    def line(self) -> Figure | None:
        """What the values are read against."""
        return chart_line(self.indicators, self.declared)

    @cached_property
    def line_label(self) -> str:
        """The name of the reference line, marked, with whom its figure leaves out; empty without one."""
        if self.line is None or self.declared.reference is None:
            return ""
        series = self.bulletin.series
        value = Mark(str(self.line.key), self.number(self.line))
        context = {"value": value, "area": series.area.get(self.lang)}
        where = series.where("charts", self.name, "reference", "label", self.lang)
        label = fill(self.declared.reference.label.get(self.lang), context, where)
        return told(label, {str(self.line.key): self.line}, self.indicators, self.lang, f"chart-{self.name}")

    def span(self, piece: Canvas) -> str:
        """Whom a piece of the drawing shows: the first and the last."""
        names = [plain(text) for text in piece.names]
        return self.words.from_unit_to.format(names[0], names[-1])

    @property
    def alternative(self) -> str:
        """The message in plain words."""
        return plain(self.message)
