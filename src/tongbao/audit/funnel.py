"""The funnel drawing: its words, the numbers beside its marks, and the data of the interactive one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tongbao.audit.arithmetic import NotComputableError
from tongbao.audit.chance import Rate
from tongbao.audit.chance_numbers import agrees, limits
from tongbao.audit.chance_words import Words
from tongbao.audit.page import Element
from tongbao.audit.text import Reader
from tongbao.basics.period import Period

_STORED = 6
_TICK = re.compile(r"[\d,]+(?:\.\d+)?")
# Vega's own names for the parts of a drawing; the numbers in them are the scale's and the marks'.
_MARK = re.compile(r"whole: (?P<whole>\d+); rate: (?P<rate>[\d.]+)(?P<rest>.*)")
_RULE = re.compile(r"rate: (?P<rate>[\d.]+)")


def audit_funnel(drawing: Element, rate: Rate, words: Words, period: Period, reader: Reader) -> None:
    """Account for one drawing."""
    place = f"{words.say('title')}, {words.measure(rate.measure)}, drawing"
    said = words.drawing(rate, period)
    _Funnel(rate, words, said, place, reader).run(drawing)


class _Funnel:
    def __init__(self, rate: Rate, words: Words, said: Mapping[str, str], place: str, reader: Reader) -> None:
        self.rate, self.words, self.said = rate, words, said
        self.place, self.reader = place, reader
        series = words.series
        self.points = {series.unit(one.unit).name(words.lang): one for one in rate.standings}
        self.short = {one.unit: series.unit(one.unit).name(words.lang, short=True) for one in rate.standings}

    def run(self, drawing: Element) -> None:
        for svg in drawing.find("svg"):
            self._equal(svg.attributes.get("aria-label", ""), self.said["alternative"], "description")
            self._texts(svg)
            for element in svg.walk():
                if element is not svg and "aria-label" in element.attributes:
                    self._label(element.attributes["aria-label"])
        self._data(json.loads(drawing.attributes.get("data-spec", "{}")))

    def _equal(self, shown: str, right: str, where: str) -> None:
        if shown != right:
            self.reader.leave(f"{self.place}, {where}", shown, shown, f"recomputed {right}")
        else:
            self.reader.enter(f"{self.place}, {where}", shown, "computed", "worked out again")

    def _texts(self, svg: Element) -> None:
        """Every text drawn: title, subtitle, ticks of a scale, names of the units outside."""
        outside = {self.short[one.unit] for one in self.rate.standings if one.position != "inside"}
        known = {self.said[name] for name in ("title", "x", "y")}
        known.add("".join((self.said["lines"] + self.said["marks"]).split()))
        named = set()
        for group in svg.find("g"):
            texts = [child.text() for child in group.children if isinstance(child, Element) and child.tag == "text"]
            if "role-axis-label" in group.classes:
                values = [Fraction(text.replace(",", "")) for text in texts if _TICK.fullmatch(text)]
                if len({after - before for before, after in pairwise(values)}) > 1 or len(values) != len(texts):
                    self.reader.leave(self.place, " ".join(texts), " ".join(texts), "an uneven scale")
                continue
            for text in texts:
                if text in outside:
                    named.add(text)
                elif "".join(text.split()) not in {"".join(one.split()) for one in known}:
                    self.reader.leave(self.place, text, text, "not a text of this drawing")
        for name in outside - named:
            self.reader.leave(self.place, name, "", "a unit outside the limits that is not named")

    def _label(self, label: str) -> None:
        """The words that a screen reader says of a mark."""
        mark = _MARK.fullmatch(label)
        if mark is None:
            rule = _RULE.fullmatch(label)
            if rule and not self._is(rule["rate"], self.rate.target):
                self.reader.leave(self.place, label, label, f"the area's rate is {self.rate.area.text}")
            return
        shown = mark["rest"]
        fitting = [one for one in self.rate.standings
                   if str(one.count[1]) == mark["whole"] and self._is(mark["rate"], one.share)]  # fmt: skip
        if not shown:
            if not any(self._is(mark["rate"], end) for ends in self._limits(int(mark["whole"])) for end in ends):
                self.reader.leave(self.place, label, label, "no limit for this size")
            return
        rights = [f"; label: {self.short[one.unit]}" for one in fitting]
        unit, rank = self.words.say("unit"), self.words.say("rank")
        rights += [
            f"; place: {one.position.rpartition('_')[2]}; {unit}: {self.words.name(one.unit)}; "
            f"{self.said['y']}: {self.words.point(one)}; {self.said['x']}: {one.count[1]}; {rank}: {one.rank}"
            for one in fitting
        ]
        if shown not in rights:
            self.reader.leave(self.place, label, label, "no unit has these figures")

    def _data(self, spec: Mapping[str, Any]) -> None:
        """The interactive drawing: its layers are four limits, the area's rate, the units, and their names."""
        title = spec.get("title", {})
        self._equal(title.get("text", ""), self.said["title"], "data")
        self._equal("\n".join(title.get("subtitle", [])), f"{self.said['lines']}\n{self.said['marks']}", "data")
        sets = spec.get("datasets", {})
        layers = [
            (layer["mark"]["type"], sets.get(layer["data"]["name"], []), layer) for layer in spec.get("layer", [])
        ]
        lines = [(rows, layer) for kind, rows, layer in layers if kind == "line"]
        for number, (rows, layer) in enumerate(lines):
            dashed = layer["mark"].get("strokeDash", [1, 0])[1] > 0
            self._line(rows, 0 if dashed else 1, number % 2)
        kinds = [kind for kind, _, _ in layers]
        if kinds.count("line") != 4 or kinds.count("rule") != 1 or kinds.count("point") != 1:
            self.reader.leave(self.place, " ".join(kinds), "data", "four limits, one line of the area, the units")
        for kind, rows, layer in layers:
            for axis in ("x", "y"):
                named = layer["encoding"].get(axis, {}).get("axis", {}).get("title")
                if named is not None and named != self.said[axis]:
                    self.reader.leave(f"{self.place}, data", named, named, f"the axis is {self.said[axis]}")
            for tip in layer["encoding"].get("tooltip", []):
                if tip["title"] not in (self.words.say("unit"), self.words.say("rank"), self.said["x"], self.said["y"]):
                    self.reader.leave(f"{self.place}, data", tip["title"], tip["title"], "no such column")
            if kind == "rule" and not all(self._is(row["rate"], self.rate.target) for row in rows):
                self.reader.leave(
                    f"{self.place}, data", str(rows), str(rows), f"the area's rate is {self.rate.area.text}"
                )
            if kind in ("point", "text"):
                self._rows(rows, whole=kind == "point")

    def _line(self, rows: list[Mapping[str, Any]], which: int, end: int) -> None:
        sizes = [row["whole"] for row in rows]
        if sizes != sorted(set(sizes)) or not sizes or sizes[-1] < max(one.count[1] for one in self.rate.standings):
            self.reader.leave(f"{self.place}, data", str(sizes), "data", "a limit does not reach over all sizes")
        for row in rows:
            right = self._limits(row["whole"])[which][end]
            if not self._is(row["rate"], right):
                shown = f"{float(Fraction(right) * self.rate.scale):.6f}"
                self.reader.leave(f"{self.place}, data", str(row["rate"]), str(row), f"recomputed {shown}")

    def _rows(self, rows: list[Mapping[str, Any]], *, whole: bool) -> None:
        for row in rows:
            for key, value in self._right(row):
                shown = row.get(key)
                same = self._is(shown, value) if key == "rate" and isinstance(value, Fraction) else shown == value
                if not same:
                    self.reader.leave(f"{self.place}, data", str(shown), str(row), f"{key}: recomputed {value}")
        units = [row.get("unit") for row in rows]
        if whole and units != list(self.points):
            self.reader.leave(f"{self.place}, data", "、".join(map(str, units)), "data", "、".join(self.points))

    def _right(self, row: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
        one = self.points.get(row.get("unit", ""))
        if one is None:
            yield "unit", "a unit with a figure"
            return
        yield "whole", one.count[1]
        yield "rate", one.share
        yield "text", self.words.point(one)
        yield "rank", one.rank
        yield "place", one.position.rpartition("_")[2]
        yield "label", self.short[one.unit]

    def _limits(self, size: int) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        try:
            return limits(size, self.rate.target, self.rate.model)
        except NotComputableError:
            return (None, None), (None, None)

    def _is(self, shown: object, share: Any) -> bool:
        """Whether a number in the drawing, to six decimals at most, is a share in the measure's unit."""
        if share is None:
            return False
        text = f"{float(str(shown)):.{_STORED}f}"
        return agrees(text, Fraction(share) * self.rate.scale, _STORED, self.rate.scale)
