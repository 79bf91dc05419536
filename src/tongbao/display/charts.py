"""A chart of the series as the page, the notebook and print take it."""

from __future__ import annotations

import html

from tongbao.basics.marks import to_bare_html, to_markdown
from tongbao.bulletin.bulletin import Bulletin
from tongbao.display.bars import Bars
from tongbao.display.canvas import NARROW, WIDE
from tongbao.display.charted import Charted, measure_title
from tongbao.display.draughtsman import to_svg
from tongbao.display.drawing import on_page, slim, specification, svg_on_page
from tongbao.display.dumbbell import Dumbbell
from tongbao.display.heat import Heat
from tongbao.display.mime import Display, Part, block
from tongbao.display.over_periods import Line

__all__ = ["chart", "charted", "measure_title"]

_ABOVE = "<!-- drawn above -->"
_FORMS: dict[str | None, type[Charted]] = {"dumbbell": Dumbbell, "line": Line, "heat": Heat}


def charted(bulletin: Bulletin, name: str) -> Charted:
    """The chart ``name`` of the series in its form.

    Raises:
        KeyError: the series declares no such chart.
    """
    return _FORMS.get(bulletin.series.charts[name].form, Bars)(bulletin, name)


def chart(bulletin: Bulletin, name: str) -> Display:
    """The chart ``name`` as a numbered figure: title, subtitle, drawing, numbers, and who is missing and the source.

    The page gets two drawings, of which its style sheet shows the one that fits; print the wide one, which is in pieces
    where it is higher than a page of paper.

    Raises:
        KeyError: the series declares no such chart.
    """
    made, drawn, printed = charted(bulletin, name), "", list[str]()
    pieces = made.canvas(WIDE).pieces()
    for piece in pieces:
        svg = to_svg(specification(piece.draw()))
        printed.append(slim(svg))
        said = made.alternative if len(pieces) == 1 else made.span(piece)
        drawn += svg_on_page(svg, said, piece.written, "wide")
    narrow = made.canvas(NARROW)
    drawn += svg_on_page(to_svg(specification(narrow.draw())), made.alternative, narrow.written, "narrow")
    head = "\n\n".join(
        block(to_markdown(text, bulletin.lang), classes=f"chart-{part}")
        for part, text in (("title", made.title), ("subtitle", made.subtitle))
    )
    page = on_page(drawn, f"chart-{name}", made.table() if made.rows else "")
    return Display.of(
        Part.markdown(f'<div id="fig-{name.replace("_", "-")}" fig-alt="{html.escape(made.alternative)}">\n\n{head}\n'),
        Part({"text/html": page, "image/svg+xml": printed[0], "text/plain": made.alternative}),
        *(Part({"text/html": _ABOVE, "image/svg+xml": further, "text/plain": ""}) for further in printed[1:]),
        # After a blank line: Quarto puts an image right before.
        Part.markdown(f"\n{to_bare_html(made.caption)}\n\n</div>\n"),
    )
