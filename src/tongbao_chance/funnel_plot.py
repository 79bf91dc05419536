"""The funnel plot: units by size and rate between the limits that chance alone would keep them in."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from tongbao.definition import Series
from tongbao.definition.model import Lang
from tongbao.display.drawing import ACCENT, GREY, INK, RULE, in_house_style
from tongbao.words import WORDS
from tongbao_chance.assess import RateAssessment, Standing
from tongbao_chance.funnel import funnel_limits

Side = Literal["right", "left", "above", "below"]
_WIDTH, _HEIGHT, _STEPS = 470, 330, 90
# The size of a letter and of a point's surroundings, in the drawing's pixels.
_LETTER, _LINE, _GAP = 12, 14, 8
_MARKS: dict[Side, dict[str, Any]] = {
    "right": {"align": "left", "baseline": "middle", "dx": _GAP},
    "left": {"align": "right", "baseline": "middle", "dx": -_GAP},
    "above": {"align": "center", "baseline": "bottom", "dy": -_GAP},
    "below": {"align": "center", "baseline": "top", "dy": _GAP},
}


def draw(
    rate: RateAssessment, series: Series, lang: Lang, *, title: str, subtitle: list[str], x_title: str, y_title: str
) -> alt.LayerChart:
    """The Altair chart: denominator across, rate up, the area's line, dashed 95 % and solid 99.8 % limits.

    Units outside the limits are named, marked by shape and, outside 99.8 %, by colour.
    """
    widest = max(standing.count.whole for standing in rate.standings) * 1.08
    points = _points(rate, series, widest, lang)
    top = _top(rate)
    x = alt.X(
        "whole:Q",
        scale=alt.Scale(domain=[0, widest], nice=False),
        axis=alt.Axis(title=x_title, format="d", grid=False, tickCount=5, titleFontWeight="normal", titleFontSize=12),
    )
    y_axis = alt.Axis(
        title=y_title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-10,
        grid=False,
        tickCount=5,
        titleFontWeight="normal",
        titleFontSize=12,
    )
    y = alt.Y("rate:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=y_axis)
    layers: list[Any] = []
    for name, dash in {"inner": [4, 3], "outer": [1, 0]}.items():
        for end in ("lower", "upper"):
            line = alt.Chart(_limit(rate, widest, name, end))
            layers.append(line.mark_line(color=RULE, strokeDash=dash, strokeWidth=1.2, clip=True).encode(x=x, y=y))
    area = pd.DataFrame({"rate": [round(float(rate.target * rate.scale), 6)]})
    layers.append(alt.Chart(area).mark_rule(color=INK, strokeWidth=1.2).encode(y=y))
    tooltip = [
        alt.Tooltip("unit:N", title=WORDS[lang].unit),
        alt.Tooltip("text:N", title=y_title),
        alt.Tooltip("whole:Q", title=x_title),
        alt.Tooltip("rank:Q", title=WORDS[lang].place),
    ]
    shape = alt.Shape(
        "place:N", scale=alt.Scale(domain=["inside", "95", "998"], range=["circle", "square", "diamond"]), legend=None
    )
    colour = alt.Color(
        "place:N", scale=alt.Scale(domain=["inside", "95", "998"], range=[GREY, INK, ACCENT]), legend=None
    )
    layers.append(
        alt.Chart(points)
        .mark_point(filled=True, size=75, opacity=1)
        .encode(x=x, y=y, shape=shape, color=colour, tooltip=tooltip)
    )
    for side, mark in _MARKS.items():
        named = points[points["side"] == side]
        if len(named):
            text = alt.Chart(named).encode(x=x, y=y, text="label:N")
            # A white rim keeps a name legible where a limit runs behind it.
            layers.append(text.mark_text(fontSize=_LETTER, stroke="white", strokeWidth=4, strokeJoin="round", **mark))
            layers.append(text.mark_text(fontSize=_LETTER, color=INK, **mark))
    head = alt.TitleParams(title, subtitle=subtitle, anchor="start", frame="group", offset=26)
    return in_house_style(alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT, title=head))


def _points(rate: RateAssessment, series: Series, widest: float, lang: Lang) -> pd.DataFrame:
    """A row per unit: position, mark, and for the units outside their name and the side it stands on."""
    named = [standing for standing in rate.standings if standing.position != "inside"]
    sides = _sides(rate, named, series, widest, lang)
    rows = [
        {
            "unit": series.unit(standing.unit).name(lang),
            "whole": standing.count.whole,
            "rate": round(float(standing.count.share * rate.scale), 6),
            "text": WORDS[lang].brackets.format(standing.figure.text, f"{standing.count.part}÷{standing.count.whole}"),
            "rank": standing.rank,
            "place": standing.position.rpartition("_")[2],
            "label": series.unit(standing.unit).name(lang, short=True),
            "side": sides.get(standing.unit, ""),
        }
        for standing in rate.standings
    ]
    return pd.DataFrame(rows)


def _sides(rate: RateAssessment, named: list[Standing], series: Series, widest: float, lang: Lang) -> dict[str, Side]:
    """On which side of its point a name stands: the first where it covers no other point or name."""
    top = _top(rate)

    def place(standing: Standing) -> tuple[float, float]:
        across = standing.count.whole / widest * _WIDTH
        return across, _HEIGHT - float(standing.count.share * rate.scale) / top * _HEIGHT

    points = {standing.unit: place(standing) for standing in rate.standings}
    taken: list[tuple[float, float, float, float]] = []
    sides: dict[str, Side] = {}
    for standing in named:
        x, y = points[standing.unit]
        name = series.unit(standing.unit).name(lang, short=True)
        long = _LETTER * len(name) if lang == "zh" else _LETTER * len(name) * 0.6
        boxes: dict[Side, tuple[float, float, float, float]] = {
            "right": (x + _GAP, y - _LINE / 2, x + _GAP + long, y + _LINE / 2),
            "left": (x - _GAP - long, y - _LINE / 2, x - _GAP, y + _LINE / 2),
            "above": (x - long / 2, y - _GAP - _LINE, x + long / 2, y - _GAP),
            "below": (x - long / 2, y + _GAP, x + long / 2, y + _GAP + _LINE),
        }
        others = [(a - 5, b - 5, a + 5, b + 5) for unit, (a, b) in points.items() if unit != standing.unit]
        free = [
            side
            for side, box in boxes.items()
            if box[0] >= 0 and box[2] <= _WIDTH + 40 and box[3] <= _HEIGHT
            and not any(_overlap(box, other) for other in (*others, *taken))
        ]  # fmt: skip
        sides[standing.unit] = free[0] if free else "right"
        taken.append(boxes[sides[standing.unit]])
    return sides


def _overlap(first: tuple[float, float, float, float], second: tuple[float, float, float, float]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _limit(rate: RateAssessment, widest: float, name: str, end: str) -> pd.DataFrame:
    """One limit as a line over sizes; closer together where the funnel is narrow at its left."""
    sizes = sorted({max(1, round(widest * (step / _STEPS) ** 2)) for step in range(1, _STEPS + 1)})
    values = [getattr(getattr(funnel_limits(size, rate.target, rate.model), name), end) for size in sizes]
    return pd.DataFrame({"whole": sizes, "rate": [round(float(value * rate.scale), 6) for value in values]})


def _top(rate: RateAssessment) -> float:
    """The end of the rate's axis: above every unit and above the limits of all but the smallest."""
    outer = sorted(standing.limits.outer.upper for standing in rate.standings)
    highest = max(*(standing.count.share * rate.scale for standing in rate.standings), outer[len(outer) // 2])
    return float(highest) * 1.12 or 1.0
