"""The reviewer's view of rates and ranks: what chance alone could have done to them. On the page only."""

from __future__ import annotations

import html
import json

from tongbao.bulletin import Bulletin
from tongbao.chance import words
from tongbao.chance.assess import RateAssessment
from tongbao.display import funnel_plot
from tongbao.display.charts import to_svg
from tongbao.display.mime import Display, Part
from tongbao.formula import Formula

_POSITIONS = {
    "inside": "界限内",
    "above_95": "高于95%界限",
    "below_95": "低于95%界限",
    "above_998": "高于99.8%界限",
    "below_998": "低于99.8%界限",
}


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
        blocks.append(f"<p>{html.escape(left_out['zh'])}</p>")
    return Display.of(
        Part.web(
            '<section class="robustness" aria-labelledby="robustness">\n'
            f'<h2 id="robustness">比率和名次的偶然波动</h2>\n{chr(10).join(blocks)}\n</section>'
        )
    )


def _rate(bulletin: Bulletin, rate: RateAssessment) -> str:
    said = words.statements(rate, bulletin.indicators, bulletin.findings)
    items = "\n".join(f"<li>{html.escape(sentence['zh'])}</li>" for sentence in said)
    name = html.escape(bulletin.indicators.measure_name(rate.measure))
    return (
        f"<h3>{name}</h3>\n<p>供审核，不进入通报正文。{html.escape(words.meaning(rate)['zh'])}</p>\n"
        f"<ul>\n{items}\n</ul>\n{_plot(bulletin, rate, said[0]['zh'])}\n{_table(bulletin, rate)}"
    )


def _plot(bulletin: Bulletin, rate: RateAssessment, message: str) -> str:
    """The funnel plot with its message as text alternative; its numbers are in the table below it and here."""
    indicators, series = bulletin.indicators, bulletin.series
    name, unit = indicators.measure_name(rate.measure), indicators.unit_of(rate.measure)
    outside = len(rate.at("above_998", "below_998"))
    drawing = funnel_plot.draw(
        rate,
        series,
        title=f"{name}：{f'{outside}个单位在偶然波动的界限外' if outside else '各单位都在偶然波动的界限内'}",
        subtitle=[
            f"横线：{series.area.zh}{rate.area.text}{unit}；虚线：95%界限；实线：99.8%界限",
            f"红色菱形：在99.8%界限外；黑色方形：在两条界限之间；{bulletin.period.label()}",
        ],
        x_title=_side(bulletin, rate, "whole"),
        y_title=f"{name}（{unit}）",
    )
    alternative = f"{name}漏斗图，{series.area.zh}{rate.area.text}{unit}。{message}"
    drawn = to_svg(drawing).replace("<svg ", f'<svg role="img" aria-label="{html.escape(alternative)}" ', 1)
    spec = html.escape(json.dumps(drawing.to_dict(), ensure_ascii=False, sort_keys=True))
    decimals = series.indicators[rate.measure].decimals
    rows = "".join(
        f'<tr><th scope="row">{html.escape(series.unit(standing.unit).zh)}</th><td>{standing.count.whole}</td>'
        f"<td>{html.escape(standing.figure.text)}</td>"
        f"<td>{words.print_interval(standing.limits.inner, decimals)}</td>"
        f"<td>{words.print_interval(standing.limits.outer, decimals)}</td></tr>"
        for standing in rate.standings
    )
    heads = (_side(bulletin, rate, "whole"), f"{name}（{unit}）", "95%界限", "99.8%界限")
    return (
        f'<div class="chart" id="funnel-{rate.measure}" data-spec="{spec}">\n<div class="chart-drawing">{drawn}</div>\n'
        f'<details class="chart-data"><summary>图中数据</summary>\n<div class="table-scroll" role="region" '
        f'aria-label="{html.escape(name)}漏斗图数据" tabindex="0"><table class="reviewer-table">{_head(heads)}'
        f"<tbody>{rows}</tbody></table></div></details>\n</div>"
    )


def _table(bulletin: Bulletin, rate: RateAssessment) -> str:
    indicators, series = bulletin.indicators, bulletin.series
    name, unit = indicators.measure_name(rate.measure), indicators.unit_of(rate.measure)
    decimals = series.indicators[rate.measure].decimals
    heads = (
        f"{name}（{unit}）",
        f"{_side(bulletin, rate, 'part')} ÷ {_side(bulletin, rate, 'whole')}",
        f"95%区间（{unit}）",
        "名次",
        "可能名次",
        "与界限相比",
    )
    rows = "\n".join(
        f'<tr><th scope="row">{html.escape(series.unit(standing.unit).zh)}</th>'
        f"<td>{html.escape(standing.figure.text)}</td><td>{standing.count.part} ÷ {standing.count.whole}</td>"
        f"<td>{words.print_interval(standing.interval, decimals)}</td><td>{standing.rank}</td>"
        f"<td>{_ranks(standing.ranks)}</td><td>{_POSITIONS[standing.position]}</td></tr>"
        for standing in rate.standings
    )
    return (
        f'<div class="table-scroll" role="region" aria-label="{html.escape(name)}的区间和可能名次" tabindex="0">\n'
        f'<table class="reviewer-table">{_head(heads)}\n<tbody>\n{rows}\n</tbody></table>\n</div>'
    )


def _head(names: tuple[str, ...]) -> str:
    cells = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in ("单位", *names))
    return f"<thead><tr>{cells}</tr></thead>"


def _ranks(ranks: tuple[int, int]) -> str:
    return str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}～{ranks[1]}"


def _side(bulletin: Bulletin, rate: RateAssessment, side: str) -> str:
    """What is divided, in words: the measure's name, or the sum of several."""
    declared = Formula.parse(bulletin.series.indicators[rate.measure].formula).ratio
    return Formula.parse(getattr(declared, side)).show(bulletin.indicators.measure_name)
