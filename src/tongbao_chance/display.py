"""The reviewer's view of rates and ranks: what chance alone could have done to them. On the page only."""

from __future__ import annotations

import html
import json

from tongbao.basics.formula import Formula
from tongbao.basics.marks import capital
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.model import Lang
from tongbao.display.charts import measure_title
from tongbao.display.drawing import to_svg
from tongbao.display.mime import Display, Part
from tongbao.words import WORDS, Words
from tongbao_chance import funnel_plot, words
from tongbao_chance.assess import RateAssessment


def robustness(bulletin: Bulletin) -> Display:
    """比率和名次的偶然波动: funnel plot, intervals, possible ranks and what they mean for the findings.

    A series without any rate shows nothing; one whose rates have no counts says so in a line.
    """
    found = bulletin.robustness
    left_out = words.without(found, bulletin.indicators)
    if not found.rates and left_out is None:
        return Display(())
    blocks = [_rate(bulletin, rate) for rate in found.rates]
    if left_out is not None:
        blocks.append(f"<p>{html.escape(capital(left_out[bulletin.lang]))}</p>")
    return Display.of(
        Part.web(
            '<section class="robustness" aria-labelledby="robustness">\n'
            f'<h2 id="robustness">{WORDS[bulletin.lang].chance}</h2>\n{chr(10).join(blocks)}\n</section>'
        )
    )


def _rate(bulletin: Bulletin, rate: RateAssessment) -> str:
    said = words.statements(rate, bulletin.indicators, bulletin.findings)
    lang, own = bulletin.lang, WORDS[bulletin.lang]
    items = "\n".join(f"<li>{html.escape(capital(sentence[lang]))}</li>" for sentence in said)
    name = html.escape(capital(bulletin.indicators.measure_name(rate.measure, lang)))
    space = "" if lang == "zh" else " "
    return (
        f"<h3>{name}</h3>\n<p>{own.for_reviewers}{space}{html.escape(words.meaning(rate)[lang])}</p>\n"
        f"<ul>\n{items}\n</ul>\n{_plot(bulletin, rate, said[0][lang])}\n{_table(bulletin, rate)}"
    )


def _plot(bulletin: Bulletin, rate: RateAssessment, message: str) -> str:
    """The funnel plot with its message as text alternative; its numbers are in the table below it and here."""
    indicators, series = bulletin.indicators, bulletin.series
    lang, own = bulletin.lang, WORDS[bulletin.lang]
    name, unit = indicators.measure_name(rate.measure, lang), indicators.unit_of(rate.measure)
    outside = len(rate.at("above_998", "below_998"))
    drawing = funnel_plot.draw(
        rate,
        series,
        lang,
        title=capital(own.outside.format(name, outside) if outside else own.all_inside.format(name)),
        subtitle=[
            own.funnel_lines.format(series.area.get(lang), rate.area.text + unit),
            own.funnel_marks.format(bulletin.period.label(lang)),
        ],
        x_title=_side(bulletin, rate, "whole"),
        y_title=measure_title(bulletin, rate.measure),
    )
    alternative = own.funnel.format(name, series.area.get(lang), rate.area.text + unit, message)
    drawn = to_svg(drawing).replace("<svg ", f'<svg role="img" aria-label="{html.escape(alternative)}" ', 1)
    spec = html.escape(json.dumps(drawing.to_dict(), ensure_ascii=False, sort_keys=True))
    decimals = series.indicators[rate.measure].decimals
    rows = "".join(
        f'<tr><th scope="row">{html.escape(series.unit(standing.unit).name(lang))}</th><td>{standing.count.whole}</td>'
        f"<td>{html.escape(standing.figure.text)}</td>"
        f"<td>{words.print_interval(standing.limits.inner, decimals, lang=lang)}</td>"
        f"<td>{words.print_interval(standing.limits.outer, decimals, lang=lang)}</td></tr>"
        for standing in rate.standings
    )
    heads = (_side(bulletin, rate, "whole"), measure_title(bulletin, rate.measure), own.limits_95, own.limits_998)
    return (
        f'<div class="chart" id="funnel-{rate.measure}" data-spec="{spec}">\n<div class="chart-drawing">{drawn}</div>\n'
        f'<details class="chart-data"><summary>{own.chart_data}</summary>\n<div class="table-scroll" role="region" '
        f'aria-label="{html.escape(own.funnel_data.format(name))}" tabindex="0">'
        f'<table class="reviewer-table">{_head(own, heads)}'
        f"<tbody>{rows}</tbody></table></div></details>\n</div>"
    )


def _table(bulletin: Bulletin, rate: RateAssessment) -> str:
    indicators, series, lang, own = bulletin.indicators, bulletin.series, bulletin.lang, WORDS[bulletin.lang]
    name = indicators.measure_name(rate.measure, lang)
    decimals = series.indicators[rate.measure].decimals
    heads = (
        measure_title(bulletin, rate.measure),
        f"{_side(bulletin, rate, 'part')} ÷ {_side(bulletin, rate, 'whole')}",
        own.interval_95.format(indicators.unit_of(rate.measure)),
        own.place,
        own.possible_ranks,
        own.against_limits,
    )
    rows = "\n".join(
        f'<tr><th scope="row">{html.escape(series.unit(standing.unit).name(lang))}</th>'
        f"<td>{html.escape(standing.figure.text)}</td><td>{standing.count.part} ÷ {standing.count.whole}</td>"
        f"<td>{words.print_interval(standing.interval, decimals, lang=lang)}</td><td>{standing.rank}</td>"
        f"<td>{_ranks(standing.ranks, lang)}</td><td>{getattr(own, standing.position)}</td></tr>"
        for standing in rate.standings
    )
    label = html.escape(own.interval_table.format(name))
    return (
        f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0">\n'
        f'<table class="reviewer-table">{_head(own, heads)}\n<tbody>\n{rows}\n</tbody></table>\n</div>'
    )


def _head(own: Words, names: tuple[str, ...]) -> str:
    cells = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in (own.unit, *names))
    return f"<thead><tr>{cells}</tr></thead>"


def _ranks(ranks: tuple[int, int], lang: Lang) -> str:
    between = words.RANGE[lang]
    return str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}{between}{ranks[1]}"


def _side(bulletin: Bulletin, rate: RateAssessment, side: str) -> str:
    """What is divided, in words: the measure's name, or the sum of several."""
    declared = Formula.parse(bulletin.series.indicators[rate.measure].formula).ratio
    return Formula.parse(getattr(declared, side)).show(
        lambda name: bulletin.indicators.measure_name(name, bulletin.lang)
    )
