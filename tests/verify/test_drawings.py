"""The checker holds a drawing's shapes to their figures: where they stand, and on what scale."""

from fractions import Fraction

import pytest

from tongbao_verify.drawing import misplaced
from tongbao_verify.page import read_page

BARS = (
    '<g transform="translate(50,2)"><path data-figure="a" d="M0,5h100v16h-100Z"/>'
    '<path data-figure="b" d="M0,30h50v16h-50Z"/><path data-figure="c" d="M-25,55h25v16h-25Z"/></g>'
)
AXIS = (
    '<g class="mark-text role-axis-label" data-proof="axis" transform="translate(0.5,80)">'
    '<text transform="translate(50,12)">0</text><text transform="translate(150,12)">20</text></g>'
)
POINTS = (
    '<path data-figure="a" data-across="n" transform="translate(60,10)" d="M4,0Z"/>'
    '<path data-figure="b" data-across="m" transform="translate(110,20)" d="M4,0Z"/>'
    '<path data-figure="c" data-across="k" transform="translate(80,35)" d="M4,0Z"/>'
)
BELOW = AXIS.replace('translate(50,12)">0<', 'translate(25,12)">\u22125<')
VALUES = {"a": 20, "b": 10, "c": -5, "n": 1, "m": 6, "k": 3, "blank": None}


def fault(tmp_path, drawing):
    path = tmp_path / "page.html"
    path.write_text(f"<main><svg>{drawing}</svg></main>", "utf-8")
    return misplaced(read_page(path), lambda key: None if VALUES[key] is None else Fraction(VALUES[key]))


@pytest.mark.parametrize("drawing", [BARS, BARS + AXIS, BARS + BELOW, POINTS, "<g></g>"])
def test_shapes_that_stand_where_their_figures_put_them_are_right(tmp_path, drawing):
    assert fault(tmp_path, drawing) == ""


@pytest.mark.parametrize(
    ("drawing", "old", "new"),
    [
        (BARS, "h50v16h-50", "h52v16h-52"),  # too long
        (BARS, "M0,30h50v16h-50", "M10,30h40v16h-40"),  # not from zero
        (BARS, 'data-figure="b"', 'data-figure="a"'),  # another's
        (BARS + AXIS, ">20<", ">25<"),  # an axis that says something else
        (BARS + BELOW, ">\u22125<", ">5<"),
        (POINTS, "translate(110,20)", "translate(110,19)"),
        (POINTS, 'data-across="m"', 'data-across="n"'),
        (BARS, 'data-figure="c"', 'data-figure="blank"'),
    ],
)
def test_shapes_that_stand_elsewhere_are_left_over(tmp_path, drawing, old, new):
    assert old in drawing
    assert fault(tmp_path, drawing.replace(old, new)) != ""
