"""A drawing of a given width: shapes stand where their values put them, texts where there is room; Altair makes it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any, Literal

import altair as alt

from tongbao.basics.marks import plain
from tongbao.display.drawing import ACCENT, HOUSE, INK

# The widths of a drawing, in pixels: beside text and in print, and on a phone.
WIDE, NARROW = 640, 330
LETTER, GAP = 13, 7
TALLEST = 960  # what a page of paper holds in legible letters
DOT = 6  # half as wide as a dot is drawn
Align = Literal["left", "right", "center"]


def width_of(text: str) -> float:
    """About how wide a text is drawn, in pixels: a Chinese character a letter wide, a Latin one a little over half.

    >>> width_of("乐清市"), round(width_of("35.08"))
    (39, 37)
    """
    return LETTER * sum(
        1 if unicodedata.east_asian_width(one) in "WFA" else 0.64 if one.isalpha() else 0.57 for one in text
    )


def step_of(span: float) -> float:
    """A round step that cuts a span into about three: 1, 2 or 5 times a power of ten.

    >>> step_of(17.0), step_of(3), step_of(0.4)
    (5.0, 1.0, 0.2)
    """
    power = 10.0 ** floor(log10(span / 3)) if span else 1.0
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power * 3.6 >= span)


def range_of(values: Sequence[float], most: float | None) -> tuple[float, float, list[float]]:
    """A round range around some values, ending at ``most`` where that is given, with the ticks in it."""
    step = step_of(max(values) - min(values))
    first, last = floor(min(values) / step), max(ceil(max(values) / step), floor(min(values) / step) + 1)
    if most is not None and last * step > most:
        last = floor(most / step)
    first = min(first, last - 1)
    return first * step, last * step, [round(at * step, 6) for at in range(first, last + 1)]


@dataclass
class Canvas:
    """What is drawn: shapes by values between ``low`` and ``high``, across or (``upright``) up; the rest in pixels.

    ``left`` is the room for names, ``top`` that for what stands above the first row, both part of ``width`` and height.
    """

    width: float
    left: float
    top: float
    height: float
    low: float = 0
    high: float = 1
    upright: bool = False
    ticks: list[float] = field(default_factory=list)
    rects: list[dict[str, Any]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    dashes: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    hits: list[dict[str, Any]] = field(default_factory=list)
    names: Sequence[str] = ()

    @property
    def plot(self) -> float:
        """How wide it is without the names."""
        return self.width - self.left

    def at(self, value: float) -> float:
        """Where a value stands, in pixels from the left of the plot, or from its top."""
        share = (value - self.low) / (self.high - self.low)
        return (1 - share) * self.height if self.upright else share * self.plot

    def leave_room(self, before: float, after: float) -> None:
        """Widen the scale so that texts of these widths fit before its lowest and behind its highest value."""
        one = (self.high - self.low) / max(self.plot - before - after, self.plot / 4)
        self.low, self.high = self.low - one * before, self.high + one * after

    def write(self, marked: str, x: float, y: float, align: Align = "left", colour: str = INK) -> None:
        """A text with its marks; ``y`` is its middle."""
        self.texts.append({"x": round(x, 2), "y": y, "text": marked, "align": align, "colour": colour})

    @property
    def written(self) -> list[str]:
        """Its texts with their marks."""
        return [text["text"] for text in self.texts]

    def pieces(self) -> Sequence[Canvas]:
        """The drawing in pieces of which each fits on a page of paper: itself."""
        return [self]

    def draw(self) -> alt.TopLevelLayerSpec:
        """The Altair chart, spelled out in its own terms: what it would find out by itself takes it long."""
        values: dict[str, Any] = {"type": "quantitative", "axis": None}
        place = values | {"scale": None}
        values["scale"] = alt.Scale(domain=[round(self.low, 6), round(self.high, 6)], nice=False, zero=False)
        if self.ticks:
            values["axis"] = alt.Axis(values=self.ticks, title=None, grid=False)
        ends: dict[str, Any] = {"x": alt.X(field="value", **values), "y": alt.Y(field="place", **place)}
        second: dict[str, Any] = {"x2": alt.X2(field="to"), "y2": alt.Y2(field="until")}
        if self.upright:
            ends = {"x": alt.X(field="place", **place), "y": alt.Y(field="value", **values)}
            second = {"x2": alt.X2(field="until"), "y2": alt.Y2(field="to")}
        pixels: dict[str, Any] = {"x": alt.X(field="x", **place), "y": alt.Y(field="y", **place)}
        box = pixels | {"x2": alt.X2(field="x2"), "y2": alt.Y2(field="y2")}
        align: Any = alt.ExprRef("datum.align")
        shade = alt.FillOpacity(field="shade", type="quantitative", scale=None)
        layers = [
            _layer(self.hits, box, type="rect", fill="transparent"),
            _layer(self.cells, box | {"fillOpacity": shade}, type="rect", fill=ACCENT),
            _layer(self.rects, ends | second | _COLOURED, type="rect"),
            _layer(self.rules, ends | second | _STROKED, type="rule", strokeWidth=2),
            _layer(self.dashes, ends | second, type="rule", strokeDash=[5, 3], strokeWidth=1.2, stroke=INK),
            _layer(self.points, ends | _STROKED | _FILLED, type="point", size=80, opacity=1, strokeWidth=2),
            _layer(
                [text | {"text": plain(text["text"])} for text in self.texts],
                pixels | _COLOURED | {"text": alt.Text(field="text", type="nominal")},
                type="text",
                fontSize=LETTER,
                baseline="middle",
                align=align,
            ),
        ]
        return alt.TopLevelLayerSpec(
            layer=[layer for layer in layers if layer is not None],
            width=self.plot,
            height=self.height,
            padding={"left": self.left, "top": 2, "right": 0, "bottom": 22 if self.ticks else 2},
            autosize=alt.AutoSizeParams(type="none"),
            background="transparent",
            config=_CONFIG,
        )


class _Config(alt.Config):
    """The house style, worked out once."""

    def to_dict(self, *_: Any, **__: Any) -> dict[str, Any]:
        return _HOUSE


_HOUSE = alt.Config(**HOUSE).to_dict(validate=False)
_CONFIG = _Config(**HOUSE)
_COLOURED = {"fill": alt.Fill(field="colour", type="nominal", scale=None)}
_STROKED = {"stroke": alt.Stroke(field="colour", type="nominal", scale=None)}
_FILLED = {"fill": alt.Fill(field="fill", type="nominal", scale=None)}
_KEYED = {"description": alt.Description(field="key", type="nominal")}


class _Table(alt.InlineData):
    """Rows of numbers and texts, which Altair need not look through one by one."""

    def to_dict(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"values": self.values}


def _layer(rows: list[dict[str, Any]], encoding: dict[str, Any], **mark: Any) -> alt.UnitSpec | None:
    if not rows:
        return None
    encoding = encoding | (_KEYED if "key" in rows[0] else {})
    data = _Table(values=rows)
    return alt.UnitSpec(data=data, mark=alt.MarkDef(**mark), encoding=alt.FacetedEncoding(**encoding))


class Rows(Canvas):
    """A drawing with a row for each name: beside its shape, or above it where the names are long."""

    def __init__(self, width: float, names: Sequence[str], *, head: float = 0) -> None:
        longest = max(map(width_of, map(plain, names)), default=0)
        self.stacked = longest > width * 0.36
        self.step = 45 if self.stacked else 26
        super().__init__(width, 0 if self.stacked else longest + 11, head, head + self.step * len(names))
        self.names = names
        for index, name in enumerate(names):
            middle = self.middle(index)
            x, y = (0.0, middle - 21) if self.stacked else (-11.0, middle)
            self.write(name, x, y, "left" if self.stacked else "right")

    def middle(self, index: int) -> float:
        """The middle of a row's shape, in pixels from the top."""
        return self.top + index * self.step + (31 if self.stacked else 13)

    def band(self, index: int) -> tuple[float, float]:
        """From where to where a row goes."""
        return self.top + index * self.step, self.top + (index + 1) * self.step

    def pieces(self) -> Sequence[Rows]:
        """The drawing as it is, or in pieces of about as many rows, each below the head and on the same scale."""
        most = int((TALLEST - self.top) // self.step)
        count = ceil(len(self.names) / most)
        size = ceil(len(self.names) / max(count, 1))
        return [self] if count < 2 else [self._piece(at, size) for at in range(0, len(self.names), size)]

    def _piece(self, first: int, size: int) -> Rows:
        """The drawing with so many of its rows."""
        piece = copy(self)
        piece.names = self.names[first : first + size]
        piece.height, up = self.top + self.step * len(piece.names), first * self.step

        def cut(shapes: list[dict[str, Any]], *sides: str) -> list[dict[str, Any]]:
            found = []
            for shape in shapes:
                middle = sum(shape[side] for side in sides) / len(sides)
                if middle < self.top:
                    found.append(shape)
                elif self.top <= middle - up < piece.height:
                    found.append(shape | {side: round(shape[side] - up, 2) for side in sides})
            return found

        for name in ("rects", "rules", "dashes"):
            setattr(piece, name, cut(getattr(self, name), "place", "until"))
        piece.points, piece.texts = cut(self.points, "place"), cut(self.texts, "y")
        piece.cells, piece.hits = cut(self.cells, "y", "y2"), cut(self.hits, "y", "y2")
        return piece

    def hit(self, index: int, key: object) -> None:
        """The whole row answers to the pointer, with what the table says of this figure."""
        top, bottom = self.band(index)
        self.hits.append({"x": -self.left, "x2": self.plot, "y": top, "y2": bottom, "key": f"row:{key}"})
