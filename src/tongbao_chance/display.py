"""The reviewer's view of rates and ranks: what chance alone could have done to them. On the page only."""

from __future__ import annotations

import html

from tongbao.basics.formula import Formula
from tongbao.basics.marks import capital, furniture, plain, to_bare_html
from tongbao.bulletin.bulletin import Bulletin
from tongbao.display.charts import measure_title
from tongbao.display.drawing import on_page, to_svg
from tongbao.display.mime import Display, Part
from tongbao.figures.figure import AREA
from tongbao.words import WORDS
from tongbao_chance import funnel_plot, words
from tongbao_chance.printed import Printed
from tongbao_chance.records import RateRecord, RobustnessRecord, StandingRecord


def section(bulletin: Bulletin, robustness: RobustnessRecord) -> Display:
    """比率和名次的偶然波动: funnel plot, intervals, possible ranks and what they mean for the findings.

    A series without any rate shows nothing; one whose rates have no counts says so in a line.
    """
    left_out = words.without(robustness, bulletin.indicators, bulletin.lang)
    if not robustness.rates and left_out is None:
        return Display(())
    blocks = [_Shown(bulletin, rate).block() for rate in robustness.rates]
    if left_out is not None:
        blocks.append(f"<p>{to_bare_html(capital(left_out))}</p>")
    return Display.of(
        Part.web(
            '<section class="robustness" aria-labelledby="robustness">\n'
            f'<h2 id="robustness">{WORDS[bulletin.lang].chance}</h2>\n{chr(10).join(blocks)}\n</section>'
        )
    )


class _Shown:
    """One rate on the page."""

    def __init__(self, bulletin: Bulletin, rate: RateRecord) -> None:
        self._bulletin, self._rate, self._lang, self._own = bulletin, rate, bulletin.lang, WORDS[bulletin.lang]
        self._indicators, declared = bulletin.indicators, bulletin.series.indicators[rate.measure]
        self._name = self._indicators.measure_name(rate.measure, self._lang)
        self._printed = Printed(rate, bulletin.indicators)
        self._title, ratio = measure_title(bulletin, rate.measure), Formula.parse(declared.formula).ratio
        # What is divided, in words: the measure's name, or the sum of several.
        self._part, self._whole = (
            Formula.parse(getattr(ratio, side)).show(lambda name: self._indicators.measure_name(name, self._lang))
            for side in ("part", "whole")
        )

    def block(self) -> str:
        """Heading, method, sentences, plot and table."""
        own, method = self._own, to_bare_html(words.meaning(self._rate, self._lang))
        said = words.statements(self._rate, self._indicators, self._bulletin.findings, self._lang)
        items = "\n".join(f"<li>{to_bare_html(capital(sentence))}</li>" for sentence in said)
        return (
            f"<h3>{html.escape(capital(self._name))}</h3>\n"
            f"<p>{own.for_reviewers}{'' if self._lang == 'zh' else ' '}{method}</p>\n"
            f"<ul>\n{items}\n</ul>\n{self._plot(said[0])}\n{self._table()}"
        )

    def _plot(self, message: str) -> str:
        """The funnel plot with its message as text alternative; its numbers are in the table below it and here."""
        own, rate, area = self._own, self._rate, self._bulletin.series.area.get(self._lang)
        outside, level = len(rate.at("above_998", "below_998")), self._printed.rate(AREA, self._lang).full
        count = self._printed.statistic("outside", self._lang)
        title = capital(own.outside.format(self._name, count) if outside else own.all_inside.format(self._name))
        lines = [
            furniture(own.funnel_lines).format(area, level),
            furniture(own.funnel_marks).format(self._bulletin.period.label(self._lang)),
        ]
        drawing = funnel_plot.draw(
            rate,
            self._indicators,
            self._lang,
            title=plain(title),
            subtitle=list(map(plain, lines)),
            x_title=self._whole,
            y_title=self._title,
        )
        # Each name is drawn twice, on its rim.
        names = [self._printed.unit(one.unit, self._lang, short=True) for one in rate.units] * 2
        head = self._head(self._whole, self._title, furniture(own.limits_95), furniture(own.limits_998))
        rows = "".join(
            self._row(
                one, self._printed.whole(one.unit, self._lang), self._printed.rate(one.unit, self._lang),
                self._range(one, "lower_95", "upper_95"), self._range(one, "lower_998", "upper_998"),
            )
            for one in rate.units
        )  # fmt: skip
        return on_page(
            drawing,
            to_svg(drawing),
            f"funnel-{rate.measure}",
            plain(own.funnel.format(self._name, area, level, message)),
            [title, *lines, *names],
            f"<summary>{own.chart_data}</summary>\n"
            f'<div class="table-scroll" role="region" aria-label="{html.escape(own.funnel_data.format(self._name))}" '
            f'tabindex="0"><table class="reviewer-table">{head}<tbody>{rows}</tbody></table></div>',
        )

    def _table(self) -> str:
        own, unit, lang = self._own, self._indicators.unit_of(self._rate.measure), self._lang
        head = self._head(
            self._title, f"{self._part} ÷ {self._whole}", furniture(own.interval_95).format(unit), own.place,
            own.possible_ranks, own.against_limits,
        )  # fmt: skip
        rows = "\n".join(
            self._row(
                one, self._printed.rate(one.unit, lang),
                f"{self._printed.part(one.unit, lang)} ÷ {self._printed.whole(one.unit, lang)}",
                self._range(one, "lower", "upper"), self._printed.rank(one.unit, lang),
                self._range(one, *("best", "worst")[: len(set(one.possible_ranks))]),
                furniture(getattr(own, one.position)),
            )
            for one in self._rate.units
        )  # fmt: skip
        label = html.escape(own.interval_table.format(self._name))
        return (
            f'<div class="table-scroll" role="region" aria-label="{label}" '
            f'tabindex="0">\n<table class="reviewer-table">{head}\n<tbody>\n{rows}\n</tbody></table>\n</div>'
        )

    def _head(self, *names: str) -> str:
        cells = "".join(f'<th scope="col">{to_bare_html(name)}</th>' for name in (self._own.unit, *names))
        return f"<thead><tr>{cells}</tr></thead>"

    def _row(self, standing: StandingRecord, *texts: object) -> str:
        name = to_bare_html(self._printed.unit(standing.unit, self._lang))
        cells = "".join(f"<td>{to_bare_html(str(text))}</td>" for text in texts)
        return f'<tr><th scope="row">{name}</th>{cells}</tr>'

    def _range(self, standing: StandingRecord, *names: str) -> str:
        """Both ends of an interval, without the unit; or the one that there is."""
        ends = (str(self._printed.statistic(name, self._lang, standing.unit)) for name in names)
        return words.TEXTS[self._lang]["range"].join(ends)
