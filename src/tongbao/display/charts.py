"""Charts: sorted horizontal bars with a reference line; SVG for print, the same drawing interactive on the page."""

from __future__ import annotations

import html
import json
from functools import cache
from typing import Any

import altair as alt
import pandas as pd
import pylopdf_fonts_zh_cn
import vl_convert

from tongbao.basics.language import join_names, number_text, unit_name
from tongbao.basics.marks import Mark, plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.model import Lang
from tongbao.definition.series import Chart
from tongbao.display.mime import Display, Part
from tongbao.display.words import WORDS
from tongbao.figures.figure import AREA, Figure
from tongbao.findings.templates import fill

ACCENT, GREY, INK, RULE = "#b3261e", "#8a9199", "#1f2328", "#5b6270"
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_ROW, _WIDTH = 26, 470


def chart(bulletin: Bulletin, name: str) -> Display:
    """The chart ``name`` of the series as a numbered figure: SVG, the same interactive, its numbers as a table.

    Raises:
        KeyError: the series declares no such chart.
    """
    declared = bulletin.series.charts[name]
    frame = chart_frame(bulletin, declared)
    reference, label = _reference(bulletin, declared)
    drawing = draw(bulletin, declared, frame, reference, label)
    svg = to_svg(drawing)
    message = describe(bulletin, declared, frame, label)
    caption = bulletin.narrative.heading(declared.caption or declared.title, "charts")
    return Display.of(
        Part.markdown(f"::: {{#fig-{name.replace('_', '-')}}}\n"),
        Part(
            {
                "text/html": _to_html(bulletin, name, drawing, svg, message, frame),
                "image/svg+xml": svg,
                "text/plain": message,
            }
        ),
        Part.markdown(f"\n{caption}\n\n:::\n"),  # after a blank line: Quarto puts an image right before
    )


def chart_frame(bulletin: Bulletin, declared: Chart) -> pd.DataFrame:
    """The rows of a chart, highest first; units without a figure are left out.

    Returns:
        ``unit`` (name), ``value`` (float, for drawing only), ``text`` (as printed), ``label``, ``rank`` and
        ``low`` (below the reference line).
    """
    indicators = bulletin.indicators
    reference, _ = _reference(bulletin, declared)
    ranks = indicators.ranks(declared.measure)
    rows = []
    for unit in sorted(ranks, key=ranks.__getitem__):
        figure = indicators.figure(declared.measure, unit)
        if figure.value is None:
            continue
        text = number_text(figure.text, bulletin.lang)
        low = reference is not None and reference.value is not None and figure.value < reference.value
        rows.append(
            {
                "unit": bulletin.series.unit(unit).name(bulletin.lang),
                "value": float(figure.value),
                "text": text,
                "label": f"{text} ▼" if low else text,
                "rank": ranks[unit],
                "low": low,
            }
        )
    return pd.DataFrame(rows, columns=["unit", "value", "text", "label", "rank", "low"])


def draw(
    bulletin: Bulletin, declared: Chart, frame: pd.DataFrame, reference: Figure | None, label: str
) -> alt.LayerChart:
    """The Altair chart: bars from zero, direct labels, the reference line named."""
    words = WORDS[bulletin.lang]
    reference_value = float(reference.value) if reference is not None and reference.value is not None else 0.0
    top = max([*frame["value"], reference_value, 1.0]) * 1.12
    x = alt.X(
        "value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(title=None, tickCount=5, grid=False)
    )
    y = alt.Y("unit:N", sort=list(frame["unit"]), axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8))
    tooltip = [
        alt.Tooltip("unit:N", title=words.unit),
        alt.Tooltip("text:N", title=measure_title(bulletin, declared.measure)),
        alt.Tooltip("rank:Q", title=words.rank),
    ]
    colour = alt.condition("datum.low", alt.value(ACCENT), alt.value(GREY))
    hover = alt.selection_point(name="hover", on="pointerover", fields=["unit"], empty=True, clear="pointerout")
    bars = (
        alt.Chart(frame)
        .mark_bar(height=15)
        .encode(x=x, y=y, color=colour, tooltip=tooltip, opacity=alt.condition(hover, alt.value(1), alt.value(0.45)))
        .add_params(hover)
    )
    text = alt.Chart(frame).mark_text(align="left", dx=5, fontSize=12).encode(x=x, y=y, text="label:N")
    # A white rim keeps a label legible where the reference line runs behind it.
    rim = text.mark_text(align="left", dx=5, fontSize=12, stroke="white", strokeWidth=4, strokeJoin="round")
    labels = text.encode(color=alt.condition("datum.low", alt.value(ACCENT), alt.value(INK)))
    layers: list[Any] = [bars]
    if reference is not None:
        line = pd.DataFrame({"value": [reference_value], "label": [label]})
        layers.append(alt.Chart(line).mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.2).encode(x="value:Q"))
        layers.append(
            alt.Chart(line)
            .mark_text(align="left", baseline="bottom", dx=4, y=-4, fontSize=12, color=INK)
            .encode(x="value:Q", text="label:N")
        )
    layers += [rim, labels]
    subtitle = [plain(bulletin.narrative.text(declared.subtitle, "charts"))]
    blank = _blank_units(bulletin, declared)
    if blank:
        subtitle.append(words.not_drawn.format(blank))
    title = alt.TitleParams(
        bulletin.narrative.heading(declared.title, "charts"),
        subtitle=subtitle,
        anchor="start",
        frame="group",
        offset=26,
    )
    layered = alt.layer(*layers).properties(width=_WIDTH, height=_ROW * len(frame), title=title)
    return in_house_style(layered)


def in_house_style(layered: alt.LayerChart | alt.FacetChart) -> alt.LayerChart:
    """The faces, sizes and colours that all charts share."""
    configured: alt.LayerChart = layered.properties(background="white").configure(
        font=FONT,
        title=alt.TitleConfig(
            font=FONT,
            fontSize=15,
            color=INK,
            subtitleFont=FONT,
            subtitleFontSize=12,
            subtitleColor=RULE,
            subtitlePadding=6,
        ),
        axis=alt.AxisConfig(
            labelFontSize=13, labelColor=INK, labelLimit=150, tickColor="#c8ccd1", domainColor="#c8ccd1"
        ),
        view=alt.ViewConfig(stroke=None),
    )
    return configured


def to_svg(drawing: alt.LayerChart) -> str:
    """The chart as SVG, text measured with the bundled fonts so that every machine draws the same."""
    _register_fonts()
    return str(vl_convert.vegalite_to_svg(drawing.to_dict(), vl_version="6.4"))


def describe(bulletin: Bulletin, declared: Chart, frame: pd.DataFrame, label: str) -> str:
    """The chart's message in words, as its text alternative."""
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    name = bulletin.indicators.measure_name(declared.measure, lang)
    if frame.empty:
        return words.none_reported.format(name)
    unit = bulletin.indicators.unit_of(declared.measure)
    highest, lowest = frame[frame["value"] == frame["value"].max()], frame[frame["value"] == frame["value"].min()]
    if len(highest) == len(frame):
        message = words.all_equal.format(name, _with_unit(highest["text"].iloc[0], unit, lang))
    else:
        ends = (
            text
            for end in (highest, lowest)
            for text in (join_names(list(end["unit"]), lang=lang), _with_unit(end["text"].iloc[0], unit, lang))
        )
        message = words.highest_lowest.format(name, *ends)
    low = list(frame.loc[frame["low"], "unit"])[::-1]
    if label:
        named = f"{words.colon if lang == 'zh' else ' – '}{join_names(low, lang=lang)}" if low else ""
        space = "" if lang == "zh" else " "
        message += space + words.sentence.format(words.below_line.format(label, len(low)) + named)
    return message


def measure_title(bulletin: Bulletin, measure: str) -> str:
    """A measure with its unit of measurement, as axes and headers name it: 检查处罚率（%）."""
    unit = unit_name(bulletin.indicators.unit_of(measure), bulletin.lang).strip()
    name = bulletin.indicators.measure_name(measure, bulletin.lang)
    return WORDS[bulletin.lang].brackets.format(name, unit) if unit else name


def _with_unit(text: str, unit: str, lang: Lang) -> str:
    return text + unit_name(unit, lang, text)


def _reference(bulletin: Bulletin, declared: Chart) -> tuple[Figure | None, str]:
    if declared.reference is None:
        return None, ""
    expression = declared.measure if declared.reference.value == "area" else declared.reference.value
    figure = bulletin.indicators.evaluate(expression, AREA)
    lang = bulletin.lang
    context = {"value": Mark("reference", number_text(figure.text, lang)), "area": bulletin.series.area.get(lang)}
    place = f"reports/{bulletin.series.id}/series.yml: charts"
    return figure, plain(fill(declared.reference.label.get(lang), context, place))


def _blank_units(bulletin: Bulletin, declared: Chart) -> str:
    values = bulletin.indicators.values(declared.measure)
    return WORDS[bulletin.lang].comma.join(
        bulletin.series.unit(unit).name(bulletin.lang) for unit, value in values.items() if value is None
    )


def _to_html(
    bulletin: Bulletin, name: str, drawing: alt.LayerChart, svg: str, message: str, frame: pd.DataFrame
) -> str:
    words = WORDS[bulletin.lang]
    unit = unit_name(bulletin.indicators.unit_of(bulletin.series.charts[name].measure), bulletin.lang).strip()
    drawn = svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(message)}" ', 1)
    # In an attribute: it survives JupyterLab's and Pandoc's cleaning of scripts.
    spec = html.escape(json.dumps(drawing.to_dict(), ensure_ascii=False, sort_keys=True))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(str(row.unit))}</th><td>{html.escape(str(row.text))}</td>'
        f"<td>{row.rank}</td></tr>"
        for row in frame.itertuples()
    )
    return (
        f'<div class="chart" id="chart-{name}" data-spec="{spec}">\n<div class="chart-drawing">{drawn}</div>\n'
        f'<details class="chart-data"><summary>{words.chart_data}</summary>\n<table><thead><tr>'
        f'<th scope="col">{words.unit}</th><th scope="col">{html.escape(words.value.format(unit))}</th>'
        f'<th scope="col">{words.rank}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>\n</div>"
    )


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(pylopdf_fonts_zh_cn.sans_path().parent))
