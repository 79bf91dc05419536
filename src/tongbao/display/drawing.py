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

ACCENT, GREY, INK, RULE, LINE = "#b3261e", "#8a9199", "#1f2328", "#5b6270", "#c8ccd1"
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
# What the page's style sheet calls the colours: it has others for dark screens.
VARIABLES = {ACCENT: "accent", GREY: "bar", INK: "ink", RULE: "quiet", LINE: "line", "white": "paper"}
disable_debug_mode()  # a test holds our charts to Vega-Lite's schema: no need to do so each time one is drawn
# The numbers of an axis; or one text of a drawing, or a line of it.
_AXIS = r'<g class="mark-text role-axis-label"(?=[^>]*>(?:<text\b[^>]*>[\d.,%−]+</text>)+</g>)'
_VIEW = re.compile(r"view_[0-9a-f]{16}(?:_\d+)?")
_TEXT = re.compile(rf"(?P<axis>{_AXIS})(?P<rest>.*?</g>)|(?P<start><(?:text|tspan)\b[^>]*>)(?P<text>[^<]+)")
_HEAD = re.compile(r'<svg (.*?)class="marks" ')
_COLOUR = re.compile(rf'\b(fill|stroke)="({"|".join(VARIABLES)})"')
# What Vega writes beside shapes and texts: what a drawing needs once, or not at all.
_IDLE = re.compile(
    r'<path class="(?:background|foreground)"[^>]*/>| (?:role|aria-hidden|aria-roledescription|pointer-events)="[^"]*"'
    rf'| font-family="{re.escape(FONT)}"| (?:fill-|stroke-)?opacity="1"| text-anchor="start"| xmlns:xlink="[^"]*"'
)
_LABEL = re.compile(r' aria-label="(?:(key|row):([^" ]*)(?: ([^"]*))?)?[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-\d+)?(?=[^<>]*>)")


HOUSE: dict[str, Any] = {
    "font": FONT,
    "title": alt.TitleConfig(
        font=FONT,
        fontSize=15,
        color=INK,
        subtitleFont=FONT,
        subtitleFontSize=12,
        subtitleColor=RULE,
        subtitlePadding=6,
    ),
    "axis": alt.AxisConfig(labelFontSize=13, labelColor=INK, labelLimit=150, tickColor=LINE, domainColor=LINE),
    "view": alt.ViewConfig(stroke=None),
}


def in_house_style(layered: alt.LayerChart | alt.FacetChart) -> alt.LayerChart:
    """The faces, sizes and colours that all charts share."""
    configured: alt.LayerChart = layered.properties(background="white").configure(**HOUSE)
    return configured


def specification(drawing: alt.LayerChart | alt.TopLevelLayerSpec) -> dict[str, Any]:
    """What Vega-Lite draws, as JSON data; the same wherever it is made.

    Altair names a view after how its table prints, which depends on the width of the terminal: here views are numbered.
    """
    names: dict[str, str] = {}
    text = json.dumps(drawing.to_dict(validate=False), ensure_ascii=False)
    numbered = _VIEW.sub(lambda found: names.setdefault(found[0], f"view_{len(names)}"), text)
    return json.loads(numbered)  # type: ignore[no-any-return]


def on_page(drawn: str, element_id: str, data: str, scrolls: str = "", head: str = "") -> str:
    """Drawings of the same for the page, their numbers below.

    Arguments:
        drawn: one or more of ``svg_on_page``, for different widths.
        element_id: the id of the whole.
        data: the summary and the table of its numbers, HTML; of its rows the page's script tells beside the pointer.
            Empty where nothing is drawn.
        scrolls: what a drawing of one width is called, which scrolls where that is more than there is.
        head: its title and what is measured, HTML, where the drawing itself does not say them.
    """
    region = f' role="region" tabindex="0" aria-label="{html.escape(scrolls)}"' if scrolls else ""
    details = f'<details class="chart-data">{data}</details>\n' if data else ""
    drawing = f'{head}<div class="chart-drawing"{region}>{drawn}</div>\n'
    return f'<div class="chart" id="{element_id}">\n{drawing}{details}</div>'


def svg_on_page(svg: str, message: str, texts: Iterable[str], kind: str = "") -> str:
    """A drawing for the page: its message as text alternative, its numbers marked, its colours those of the page.

    Arguments:
        svg: as Vega draws it. What it describes as ``key:a`` is the shape of the figure ``a``, which is the one across
            with ``key:a b`` too; with ``row:a`` it answers to the pointer for the row of ``a``.
        message: the text alternative.
        texts: the texts of the drawing with their marks; see ``marked_svg``.
        kind: of which width it is: ``wide``, ``narrow``; of any without it.
    """
    style = f'role="img" aria-label="{html.escape(message)}" style="background:var(--chart-paper,#fff)"'
    named = f'class="chart-{kind}" ' if kind else ""
    coloured = _COLOUR.sub(
        lambda found: f'{found[1]}="var(--chart-{VARIABLES[found[2]]},{found[2]})"', slim(svg, keyed=True)
    )
    return marked_svg(_HEAD.sub(lambda head: f"<svg {head[1]}{named}{style} ", coloured, count=1), texts)


def slim(svg: str, *, keyed: bool = False) -> str:
    """A drawing as Vega draws it without what it repeats; ``keyed``, its shapes name their figures."""

    def label(found: re.Match[str]) -> str:
        if not keyed or not found[1]:
            return ""
        across = f' data-across="{found[3]}"' if found[3] else ""
        return f' data-{"figure" if found[1] == "key" else "row"}="{found[2]}"{across}'

    bare = _LABEL.sub(label, _LONG.sub(lambda found: f"{round(float(found[0]), 2):g}", _IDLE.sub("", svg)))
    return bare.replace("<svg ", f'<svg font-family="{FONT}" ', 1)


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
