"""Marks on the texts of a drawing."""

from tongbao.basics.marks import Mark
from tongbao.display.drawing import marked_svg


def axis(*labels):
    texts = "".join(f'<text x="1">{label}</text>' for label in labels)
    return f'<g class="mark-text role-axis-label" pointer-events="none">{texts}</g>'


def test_texts_that_read_the_same_take_their_marks_in_the_order_drawn():
    drawn = "<text>0</text><text>0</text>"
    marked = marked_svg(drawn, [str(Mark("a@x", "0")), str(Mark("a@y", "0"))])
    assert marked == ('<text><tspan data-figure="a@x">0</tspan></text><text><tspan data-figure="a@y">0</tspan></text>')


def test_the_numbers_of_an_axis_are_no_figures_even_where_they_read_the_same():
    marked = marked_svg(axis("0", "−5", "1,000") + "<text>0</text>", [str(Mark("a@x", "0"))])
    start, _, rest = marked.partition(axis("0", "−5", "1,000").partition(">")[2])
    assert start.endswith('pointer-events="none" data-proof="axis">') or 'data-proof="axis"' in start
    assert rest == '<text><tspan data-figure="a@x">0</tspan></text>'


def test_an_axis_of_names_marks_each_name():
    marked = marked_svg(axis("甲县", "乙县"), [str(Mark("c:unit@jia", "甲县")), str(Mark("c:unit@yi", "乙县"))])
    assert 'data-proof="axis"' not in marked
    assert marked.count("<tspan data-figure") == 2


def test_lines_and_escaped_texts_are_found():
    marked = marked_svg("<text><tspan>a &lt; 5</tspan><tspan dy='1'>b</tspan></text>", [f"a < {Mark('k', '5')}"])
    assert marked == "<text><tspan>a &lt; <tspan data-figure=\"k\">5</tspan></tspan><tspan dy='1'>b</tspan></text>"


def test_what_is_not_named_stays_as_it_is():
    assert marked_svg("<text>7</text>", ["8"]) == "<text>7</text>"
