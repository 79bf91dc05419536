"""What all drawings share: the house style, SVG that every machine draws the same, marks on the numbers in it."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from tongbao.basics.marks import plain, proved, to_bare_html

ACCENT, GREY, INK, RULE = "#b3261e", "#8a9199", "#1f2328", "#5b6270"
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
disable_debug_mode()  # a test holds our charts to Vega-Lite's schema: no need to do so each time one is drawn
# The numbers of an axis; or one text of a drawing, or a line of it.
_AXIS = r'<g class="mark-text role-axis-label"(?=[^>]*>(?:<text\b[^>]*>[\d.,%−]+</text>)+</g>)'
_VIEW = re.compile(r"view_[0-9a-f]{16}(?:_\d+)?")
_TEXT = re.compile(rf"(?P<axis>{_AXIS})(?P<rest>.*?</g>)|(?P<start><(?:text|tspan)\b[^>]*>)(?P<text>[^<]+)")


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


def specification(drawing: alt.LayerChart) -> dict[str, Any]:
    """What Vega-Lite draws, as JSON data; the same wherever it is made.

    Altair names a view after how its table prints, which depends on the width of the terminal: here views are numbered.
    """
    names: dict[str, str] = {}
    text = json.dumps(drawing.to_dict(validate=False), ensure_ascii=False)
    numbered = _VIEW.sub(lambda found: names.setdefault(found[0], f"view_{len(names)}"), text)
    return json.loads(numbered)  # type: ignore[no-any-return]


def on_page(spec: dict[str, Any], svg: str, element_id: str, message: str, texts: Iterable[str], data: str) -> str:
    """A drawing for the page: the SVG with its message as text alternative, its specification, its numbers below.

    Arguments:
        spec: the specification that the page's script makes interactive.
        svg: the same, drawn.
        element_id: the id of the whole.
        message: the text alternative.
        texts: the texts of the drawing with their marks; see ``marked_svg``.
        data: the summary and the table of its numbers, HTML.
    """
    drawn = marked_svg(svg, texts).replace("<svg ", f'<svg role="img" aria-label="{html.escape(message)}" ', 1)
    # In an attribute: it survives JupyterLab's and Pandoc's cleaning of scripts.
    escaped = html.escape(json.dumps(spec, ensure_ascii=False, sort_keys=True))
    return (
        f'<div class="chart" id="{element_id}" data-spec="{escaped}">\n'
        f'<div class="chart-drawing" tabindex="0">{drawn}</div>\n'
        f'<details class="chart-data">{data}</details>\n</div>'
    )


def marked_svg(svg: str, texts: Iterable[str]) -> str:
    """A drawing in which each number of a text has its mark, and each axis of numbers says that it is one.

    Arguments:
        svg: as Vega draws it.
        texts: marked, in any order but for those that read the same, which come as often as they are drawn.

    >>> from tongbao.basics.marks import Mark
    >>> marked_svg("<text>5 ▼</text>", [f"{Mark('a@b', '5')} ▼"])
    '<text><tspan data-figure="a@b">5</tspan> ▼</text>'
    """
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for text in texts:
        waiting[plain(text)].append(text)

    def mark(found: re.Match[str]) -> str:
        if found["axis"]:
            return f"{found['axis']}{proved('axis')}{found['rest']}"
        same = waiting[html.unescape(found["text"])]
        return found["start"] + (to_bare_html(same.popleft(), "tspan") if same else found["text"])

    return _TEXT.sub(mark, svg)
