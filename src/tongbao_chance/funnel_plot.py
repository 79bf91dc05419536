"""The funnel plot: units by size and rate between the limits that chance alone would keep them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import altair as alt
import pandas as pd

from tongbao.definition.model import Lang
from tongbao.display.drawing import ACCENT, GREY, INK, RULE, in_house_style
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao_chance.funnel import funnel_lines
from tongbao_chance.page_words import CHANCE_WORDS
from tongbao_chance.printed import Printed
from tongbao_chance.records import RateRecord

Side = Literal["right", "left", "above", "below"]
Box = tuple[float, float, float, float]
_WIDTH, _HEIGHT, _STEPS = 470, 330, 90
# The size of a letter and of a point's surroundings, in the drawing's pixels.
_LETTER, _LINE, _GAP = 12, 14, 8
_AXIS: dict[str, Any] = {"grid": False, "tickCount": 5, "titleFontWeight": "normal", "titleFontSize": 12}
_MARKS: dict[Side, dict[str, Any]] = {
    "right": {"align": "left", "baseline": "middle", "dx": _GAP},
    "left": {"align": "right", "baseline": "middle", "dx": -_GAP},
    "above": {"align": "center", "baseline": "bottom", "dy": -_GAP},
    "below": {"align": "center", "baseline": "top", "dy": _GAP},
}


def draw(rate: RateRecord, indicators: Indicators, lang: Lang, *, x_title: str, y_title: str) -> alt.LayerChart:
    """The Altair chart: denominator across, rate up, the area's line, dashed 95 % and solid 99.8 % limits.

    Units outside the limits are named, marked by shape and, outside 99.8 %, by colour.
    """
    widest = max(standing.whole for standing in rate.units) * 1.08
    points = _points(rate, indicators, widest, lang)
    x_axis = alt.Axis(title=x_title, format="d", **_AXIS)
    y_axis = alt.Axis(title=y_title, titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0, titleY=-10, **_AXIS)
    x = alt.X("whole:Q", scale=alt.Scale(domain=[0, widest], nice=False), axis=x_axis)
    y = alt.Y("rate:Q", scale=alt.Scale(domain=_span(rate), nice=False, zero=False), axis=y_axis)
    layers: list[Any] = []
    for dash, limit in _limits(rate, widest):
        line = alt.Chart(limit).mark_line(color=RULE, strokeDash=dash, strokeWidth=1.2, clip=True)
        layers.append(line.encode(x=x, y=y))
    key = Printed(rate, indicators).figure("rate", AREA).key
    area = pd.DataFrame({"rate": [round(float(rate.area), 6)], "key": [key]})
    layers.append(alt.Chart(area).mark_rule(color=INK, strokeWidth=1.2).encode(y=y))
    told = {
        "unit:N": CHANCE_WORDS[lang].unit,
        "text:N": y_title,
        "whole:Q": x_title,
        "rank:Q": CHANCE_WORDS[lang].place,
    }
    tooltip = [alt.Tooltip(column, title=title) for column, title in told.items()]
    shape, colour = (
        encoding("place:N", scale=alt.Scale(domain=["inside", "95", "998"], range=marks), legend=None)
        for encoding, marks in ((alt.Shape, ["circle", "square", "diamond"]), (alt.Color, [GREY, INK, ACCENT]))
    )
    dots = alt.Chart(points).mark_point(filled=True, size=75, opacity=1)
    layers.append(dots.encode(x=x, y=y, shape=shape, color=colour, tooltip=tooltip, description="drawn:N"))
    for side, mark in _MARKS.items():
        named = points[points["side"] == side]
        if len(named):
            text = alt.Chart(named).encode(x=x, y=y, text="label:N")
            # A white rim keeps a name legible where a limit runs behind it.
            layers.append(text.mark_text(fontSize=_LETTER, stroke="white", strokeWidth=4, strokeJoin="round", **mark))
            layers.append(text.mark_text(fontSize=_LETTER, color=INK, **mark))
    return in_house_style(alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT))


def _points(rate: RateRecord, indicators: Indicators, widest: float, lang: Lang) -> pd.DataFrame:
    """A row per unit: position, mark, keys of its figures, and for the units outside the side their name stands on."""
    marks = Printed(rate, indicators)
    keys = {"key": "rate", "part_key": "part", "whole_key": "whole", "rank_key": "rank"}
    names = {one.unit: indicators.series.unit(one.unit) for one in rate.units}
    outside = {one.unit: names[one.unit].name(lang, short=True) for one in rate.units if one.position != "inside"}
    sides = _sides(rate, outside, widest, _LETTER if lang == "zh" else _LETTER * 0.6)
    rows = []
    for one in rate.units:
        printed, counts = indicators.figure(rate.measure, one.unit).text, f"{one.part}÷{one.whole}"
        row = {
            "unit": names[one.unit].name(lang),
            "whole": one.whole,
            "rate": round(float(one.rate), 6),
            "text": CHANCE_WORDS[lang].brackets.format(printed, counts),
            "rank": one.rank,
            "place": one.position.rpartition("_")[2],
            "label": names[one.unit].name(lang, short=True),
            "side": sides.get(one.unit, ""),
            **{key: marks.figure(name, one.unit).key for key, name in keys.items()},
        }
        row["drawn"] = f"key:{row['key']} {row['whole_key']}"
        rows.append(row)
    return pd.DataFrame(rows)


def _sides(rate: RateRecord, named: Mapping[str, str], widest: float, letter: float) -> dict[str, Side]:
    """On which side of its point a name stands: the first where it covers no other point or name."""
    low, top = _span(rate)
    points = {
        one.unit: (one.whole / widest * _WIDTH, _HEIGHT * (1 - (float(one.rate) - low) / (top - low)))
        for one in rate.units
    }
    taken: list[Box] = []
    sides: dict[str, Side] = {}
    for own, name in named.items():
        (x, y), long = points[own], letter * len(name)
        boxes: dict[Side, Box] = {
            "right": (x + _GAP, y - _LINE / 2, x + _GAP + long, y + _LINE / 2),
            "left": (x - _GAP - long, y - _LINE / 2, x - _GAP, y + _LINE / 2),
            "above": (x - long / 2, y - _GAP - _LINE, x + long / 2, y - _GAP),
            "below": (x - long / 2, y + _GAP, x + long / 2, y + _GAP + _LINE),
        }
        others = [*((a - 5, b - 5, a + 5, b + 5) for unit, (a, b) in points.items() if unit != own), *taken]
        inside = (side for side, box in boxes.items() if box[0] >= 0 and box[2] <= _WIDTH + 40 and box[3] <= _HEIGHT)
        sides[own] = next((side for side in inside if not any(_overlap(boxes[side], box) for box in others)), "right")
        taken.append(boxes[sides[own]])
    return sides


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _limits(rate: RateRecord, widest: float) -> Iterator[tuple[list[int], pd.DataFrame]]:
    """The limits as lines over sizes, each with its dashes; closer together where the funnel is narrow at its left."""
    sizes = sorted({max(1, round(widest * (step / _STEPS) ** 2)) for step in range(1, _STEPS + 1)})
    limits = [funnel_lines(size, rate.target, rate.model) for size in sizes]
    for dash, intervals in (([4, 3], [one.inner for one in limits]), ([1, 0], [one.outer for one in limits])):
        for ends in zip(*intervals, strict=True):
            rates = [round(float(end * Decimal(rate.scale)), 6) for end in ends]
            yield dash, pd.DataFrame({"whole": sizes, "rate": rates})


def _span(rate: RateRecord) -> list[float]:
    """Both ends of the rate's axis: around every unit and the limits of all but the smallest.

    It begins at zero, unless all lies in the upper half: rates near 100 % are told apart on a range of their own.
    """
    half = sorted(rate.units, key=lambda one: one.whole)[len(rate.units) // 2 :]
    ends = [*(float(one.rate) for one in rate.units), *(float(end) for one in half for end in one.limits_998)]
    low, high = min(ends), max(ends)
    start = low - 0.06 * (high - low) if high / 2 < low < high else 0.0
    return [start, high + 0.12 * (high - start) or 1.0]
