"""Marks on the texts of a drawing."""

from tongbao.basics.marks import Mark
from tongbao.display.drawing import marked_svg, slim, svg_on_page


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


DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="9"><g aria-label="X-axis for 3 values">'
    '<path aria-label="key:a@x b@x" role="graphics-symbol" aria-roledescription="circle" '
    'transform="translate(1.23456,2)" fill="#b3261e" opacity="1"/>'
    '<path aria-label="row:a@x" d="M0,0.5h1"/><text fill="#1f2328">1.23456</text></g></svg>'
)


def test_a_drawing_for_the_page_names_its_shapes_and_takes_the_colours_of_the_page():
    drawn = svg_on_page(DRAWN, 'a "b"', [str(Mark("a@x", "1.23456"))], "wide")
    assert 'class="chart-wide" role="img" aria-label="a &quot;b&quot;"' in drawn
    assert '<path data-figure="a@x" data-across="b@x" transform="translate(1.23,2)"' in drawn
    assert 'fill="var(--chart-accent,#b3261e)"' in drawn
    assert '<path data-row="a@x" d="M0,0.5h1"/>' in drawn
    assert '<tspan data-figure="a@x">1.23456</tspan>' in drawn  # a number of a text is no length
    assert drawn.count("aria-") == 1


def test_a_drawing_for_print_keeps_its_colours_and_says_its_faces_once():
    drawn = slim(DRAWN)
    assert "data-" not in drawn
    assert "aria-" not in drawn
    assert 'fill="#b3261e"' in drawn
    assert drawn.count("font-family") == 1
