"""The reviewer's view of rates and ranks: what chance alone could have done to them. On the page only."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from decimal import Decimal

from tongbao.basics.formula import Formula
from tongbao.basics.marks import capital
from tongbao.bulletin.bulletin import Bulletin
from tongbao.display.charts import measure_title
from tongbao.display.drawing import to_svg
from tongbao.display.mime import Display, Part
from tongbao.words import WORDS
from tongbao_chance import funnel_plot, words
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
        blocks.append(f"<p>{html.escape(capital(left_out))}</p>")
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
        self._name, self._decimals = self._indicators.measure_name(rate.measure, self._lang), declared.decimals
        self._title, ratio = measure_title(bulletin, rate.measure), Formula.parse(declared.formula).ratio
        # What is divided, in words: the measure's name, or the sum of several.
        self._part, self._whole = (
            Formula.parse(getattr(ratio, side)).show(lambda name: self._indicators.measure_name(name, self._lang))
            for side in ("part", "whole")
        )

    def block(self) -> str:
        """Heading, method, sentences, plot and table."""
        own, method = self._own, html.escape(words.meaning(self._rate, self._lang))
        said = words.statements(self._rate, self._indicators, self._bulletin.findings, self._lang)
        items = "\n".join(f"<li>{html.escape(capital(sentence))}</li>" for sentence in said)
        return (
            f"<h3>{html.escape(capital(self._name))}</h3>\n"
            f"<p>{own.for_reviewers}{'' if self._lang == 'zh' else ' '}{method}</p>\n"
            f"<ul>\n{items}\n</ul>\n{self._plot(said[0])}\n{self._table()}"
        )

    def _plot(self, message: str) -> str:
        """The funnel plot with its message as text alternative; its numbers are in the table below it and here."""
        own, rate, area = self._own, self._rate, self._bulletin.series.area.get(self._lang)
        figure, outside = self._indicators.figure(rate.measure), len(rate.at("above_998", "below_998"))
        drawing = funnel_plot.draw(
            rate,
            self._indicators,
            self._lang,
            title=capital(own.outside.format(self._name, outside) if outside else own.all_inside.format(self._name)),
            subtitle=[
                own.funnel_lines.format(area, figure.text + figure.unit),
                own.funnel_marks.format(self._bulletin.period.label(self._lang)),
            ],
            x_title=self._whole,
            y_title=self._title,
        )
        alternative = html.escape(own.funnel.format(self._name, area, figure.text + figure.unit, message))
        drawn = to_svg(drawing).replace("<svg ", f'<svg role="img" aria-label="{alternative}" ', 1)
        spec = html.escape(json.dumps(drawing.to_dict(), ensure_ascii=False, sort_keys=True))
        head = self._head(self._whole, self._title, own.limits_95, own.limits_998)
        rows = "".join(
            self._row(one, str(one.whole), self._text(one), self._ends(one.limits_95), self._ends(one.limits_998))
            for one in rate.units
        )
        return (
            f'<div class="chart" id="funnel-{rate.measure}" data-spec="{spec}">\n'
            f'<div class="chart-drawing">{drawn}</div>\n'
            f'<details class="chart-data"><summary>{own.chart_data}</summary>\n'
            f'<div class="table-scroll" role="region" aria-label="{html.escape(own.funnel_data.format(self._name))}" '
            f'tabindex="0"><table class="reviewer-table">{head}<tbody>{rows}</tbody></table></div></details>\n</div>'
        )

    def _table(self) -> str:
        own, unit = self._own, self._indicators.unit_of(self._rate.measure)
        head = self._head(
            self._title, f"{self._part} ÷ {self._whole}", own.interval_95.format(unit), own.place, own.possible_ranks,
            own.against_limits,
        )  # fmt: skip
        rows = "\n".join(
            self._row(
                standing, self._text(standing), f"{standing.part} ÷ {standing.whole}", self._ends(standing.interval_95),
                str(standing.rank), self._ranks(standing.possible_ranks), getattr(own, standing.position),
            )
            for standing in self._rate.units
        )  # fmt: skip
        label = html.escape(own.interval_table.format(self._name))
        return (
            f'<div class="table-scroll" role="region" aria-label="{label}" '
            f'tabindex="0">\n<table class="reviewer-table">{head}\n<tbody>\n{rows}\n</tbody></table>\n</div>'
        )

    def _head(self, *names: str) -> str:
        cells = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in (self._own.unit, *names))
        return f"<thead><tr>{cells}</tr></thead>"

    def _row(self, standing: StandingRecord, *texts: str) -> str:
        name = html.escape(self._bulletin.series.unit(standing.unit).name(self._lang))
        return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{text}</td>" for text in texts)}</tr>'

    def _text(self, standing: StandingRecord) -> str:
        return html.escape(self._indicators.figure(self._rate.measure, standing.unit).text)

    def _ends(self, ends: tuple[Decimal, Decimal]) -> str:
        return words.print_interval(ends, self._decimals, "", self._lang)

    def _ranks(self, ranks: Iterable[int]) -> str:
        return words.TEXTS[self._lang]["range"].join(map(str, dict.fromkeys(ranks)))
