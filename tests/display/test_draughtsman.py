"""A drawing is the same bytes, whatever was drawn before it and whoever draws."""

import json
import os
import re
import subprocess
import sys
from itertools import product

import altair as alt
import pandas as pd
import pytest
import vl_convert

from conftest import ROOT
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.display.canvas import NARROW, WIDE
from tongbao.display.charts import charted
from tongbao.display.draughtsman import at_work, to_svg
from tongbao.display.drawing import FONT, specification

SCRIPT = (
    "import json, sys; from tongbao.display.draughtsman import to_svg; sys.stdout.write(to_svg(json.load(sys.stdin)))"
)


def clipped(values):
    """A chart that Vega draws with a clip."""
    frame = pd.DataFrame({"x": values})
    scale = alt.Scale(domain=[0, 10])
    return alt.Chart(frame).mark_bar(clip=True).encode(x=alt.X("x:Q", scale=scale)).to_dict()


def test_what_was_drawn_before_leaves_no_trace():
    first, second = clipped([1, 2]), clipped([3, 4])
    alone = to_svg(first)
    to_svg(second)
    assert to_svg(first) == alone
    names = set(re.findall(r'id="(clip[^"]*)"', alone)), set(re.findall(r'id="(clip[^"]*)"', to_svg(second)))
    assert all(names)
    assert not names[0] & names[1]  # both may stand on a page
    for name in names[0]:
        assert f"url(#{name})" in alone


def test_a_process_of_its_own_draws_the_same():
    spec = clipped([5, 6])
    command = [sys.executable, "-c", SCRIPT]
    finished = subprocess.run(command, input=json.dumps(spec), capture_output=True, text=True, check=True)
    assert finished.stdout == to_svg(spec)


def test_by_the_socket_as_by_hand(monkeypatch):
    spec = clipped([7, 8])
    alone = to_svg(spec)
    for name, value in at_work().items():
        monkeypatch.setitem(os.environ, name, value)
    assert to_svg(spec) == alone


LETTERS = [chr(code) * 3 for code in range(0x20, 0x7F)]
LETTERS += map(chr, (*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F)))
TEXTS = [
    *("永嘉县应急管理局", "（一）“检查处罚率”：20%", "㐀𠀀龘", "Yongjia AVATAR To. Ty fi", "Ωé ½ —…", "1,234.5‰", " "),
    *("".join(LETTERS[at : at + 4]) for at in range(0, len(LETTERS), 4)),
]


@pytest.mark.further
@pytest.mark.parametrize("weight", ["normal", pytest.param("bold", marks=pytest.mark.long)])
def test_texts_are_as_wide_as_in_the_real_face(weight):
    """Charts are measured with a lighter font: Vega lays all out as with the one that they are drawn in."""
    rows = [{"text": text, "at": at} for at, text in enumerate(TEXTS)]
    mark = {"type": "text", "font": FONT, "fontWeight": weight, "align": "left"}
    shown = {"y": {"field": "at", "axis": None}, "text": {"field": "text"}}
    for row in rows:
        spec = {"data": {"values": [row]}, "mark": mark, "encoding": shown}
        assert to_svg(spec) == vl_convert.vegalite_to_svg(spec, vl_version="6.4")


@pytest.mark.further
@pytest.mark.parametrize(
    "bulletin",
    ["wenzhou-monthly@2021-01-to-02", "taizhou-andun@2019-04-to-06", "hotline-monthly@2026-10", "assessment@2021"],
)
def test_placed_texts_stand_where_they_would_in_the_real_face(bulletin):
    """Charts that place each text themselves are measured with a font of a single letter."""
    opened = Bulletin.open(Project(ROOT), *bulletin.split("@"), {})
    assert opened.series.charts
    for name, width in product(opened.series.charts, (WIDE, NARROW)):
        spec = specification(charted(opened, name).canvas(width).draw())
        assert spec["autosize"] == {"type": "none"}
        assert to_svg(spec) == vl_convert.vegalite_to_svg(spec, vl_version="6.4")
