"""The reviewer's view of rates and ranks: what chance alone could have done to them."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from tongbao.basics.formula import Formula
from tongbao.basics.marks import capital, furniture, plain, to_bare_html
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.reviews import ReviewSection
from tongbao.display.charts import measure_title
from tongbao.display.draughtsman import to_svg
from tongbao.display.drawing import on_page, specification, svg_on_page
from tongbao.figures.figure import AREA
from tongbao.figures.in_words import formula_in_words
from tongbao_chance import funnel_plot, words
from tongbao_chance.page_words import CHANCE_WORDS
from tongbao_chance.printed import Printed
from tongbao_chance.records import RateRecord, RobustnessRecord, StandingRecord


def sections(bulletin: Bulletin, robustness: RobustnessRecord) -> tuple[ReviewSection, ...]:
    """Findings in doubt, then 比率和名次的偶然波动: funnel plot, intervals and possible ranks of each rate.

    What holds for all rates is said once. A series without any rate shows nothing; one whose rates have no counts says
    so in a line.
    """
    lang, indicators, own = bulletin.lang, bulletin.indicators, CHANCE_WORDS[bulletin.lang]
    left_out = words.without(robustness, indicators, lang)
    if not robustness.rates and left_out is None:
        return ()
    blocks = [_paragraph(text) for text in words.meaning(robustness, indicators, lang)]
    blocks += [_Shown(bulletin, rate).block() for rate in robustness.rates]
    blocks += [_paragraph(capital(left_out))] if left_out is not None else []
    chance = ReviewSection("robustness", own.chance, "\n".join(blocks))
    if not robustness.rates:
        return (chance,)
    doubts = [one for rate in robustness.rates for one in words.doubts(rate, indicators, bulletin.findings, lang)]
    return ReviewSection("doubts", own.in_doubt, _list(doubts) if doubts else _paragraph(own.no_doubt)), chance


def _paragraph(marked: str) -> str:
    return f"<p>{to_bare_html(marked)}</p>"


def _list(marked: Sequence[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{to_bare_html(capital(one))}</li>" for one in marked) + "\n</ul>"


class _Shown:
    """One rate on the page."""

    def __init__(self, bulletin: Bulletin, rate: RateRecord) -> None:
        self._bulletin, self._rate, self._lang, self._own = bulletin, rate, bulletin.lang, CHANCE_WORDS[bulletin.lang]
        self._indicators, declared = bulletin.indicators, bulletin.series.indicators[rate.measure]
        self._name = self._indicators.measure_name(rate.measure, self._lang)
        self._printed = Printed(rate, bulletin.indicators, bulletin.lang)
        self._title, ratio = measure_title(bulletin, rate.measure), Formula.parse(declared.formula).ratio
        # What is divided, in words: the measure's name, or the sum of several.
        self._part, self._whole = (
            formula_in_words(self._indicators, self._lang, getattr(ratio, side)) for side in ("part", "whole")
        )

    def block(self) -> str:
        """Heading, sentences, plot and table."""
        said = words.statements(self._rate, self._indicators, self._lang)
        return f"<h3>{html.escape(capital(self._name))}</h3>\n{_list(said)}\n{self._plot(said[0])}\n{self._table()}"

    def _plot(self, message: str) -> str:
        """The funnel plot with its message as text alternative; its numbers are in the table below it and here."""
        own, rate, area = self._own, self._rate, self._bulletin.series.area.get(self._lang)
        outside, level = len(rate.at("above_998", "below_998")), self._printed.figure("rate", AREA).full
        count = self._printed.statistic("outside")
        title = capital(own.outside.format(self._name, count) if outside else own.all_inside.format(self._name))
        lines = [
            furniture(own.funnel_lines).format(area, level),
            furniture(own.funnel_marks).format(self._bulletin.period.label(self._lang)),
        ]
        titles = {"x_title": self._whole, "y_title": self._title}
        spec = specification(funnel_plot.draw(rate, self._indicators, self._lang, **titles))
        # Above the drawing, which scrolls on a phone, they break as any text does.
        subtitle = "".join(map(_paragraph, lines))
        head = f'<div class="chart-title">{_paragraph(title)}</div>\n<div class="chart-subtitle">{subtitle}</div>\n'
        # Each name is drawn twice, on its rim.
        names = [self._printed.unit(one.unit, short=True) for one in rate.units] * 2
        table = self._rows(
            own.funnel_data,
            (self._whole, self._title, furniture(own.limits_95), furniture(own.limits_998)),
            lambda one: (
                self._printed.figure("whole", one.unit),
                self._printed.figure("rate", one.unit),
                self._range(one, "lower_95", "upper_95"),
                self._range(one, "lower_998", "upper_998"),
            ),
        )
        told = plain(own.funnel.format(self._name, area, level, message))
        drawn = svg_on_page(to_svg(spec), told, names)
        data = f"<summary>{own.chart_data}</summary>\n{table}"
        return on_page(drawn, f"funnel-{rate.measure}", data, plain(title), head)

    def _table(self) -> str:
        own, unit = self._own, self._indicators.unit_of(self._rate.measure)
        counts, interval = f"{self._part} ÷ {self._whole}", furniture(own.interval_95).format(unit)
        return self._rows(
            own.interval_table,
            (self._title, counts, interval, own.place, own.possible_ranks, own.against_limits),
            lambda one: (
                self._printed.figure("rate", one.unit),
                " ÷ ".join(str(self._printed.figure(side, one.unit)) for side in ("part", "whole")),
                self._range(one, "lower", "upper"),
                self._printed.figure("rank", one.unit),
                self._range(one, *("best", "worst")[: len(set(one.possible_ranks))]),
                furniture(getattr(own, one.position)),
            ),
        )

    def _rows(self, label: str, heads: Sequence[str], cells: Callable[[StandingRecord], Sequence[object]]) -> str:
        """A table with a row for each unit; ``label`` takes the measure's name."""
        head = "".join(f'<th scope="col">{to_bare_html(name)}</th>' for name in (self._own.unit, *heads))
        rows = "\n".join(
            f'<tr><th scope="row">{to_bare_html(self._printed.unit(one.unit))}</th>'
            + "".join(f"<td>{to_bare_html(str(text))}</td>" for text in cells(one))
            + "</tr>"
            for one in self._rate.units
        )
        name = html.escape(label.format(self._name))
        return (
            f'<div class="table-scroll" role="region" aria-label="{name}" tabindex="0"><table class="reviewer-table">\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n</div>"
        )

    def _range(self, standing: StandingRecord, *names: str) -> str:
        """Both ends of an interval, without the unit; or the one that there is."""
        ends = (str(self._printed.statistic(name, standing.unit)) for name in names)
        return words.TEXTS["range"][self._lang].join(ends)
