"""Annexes with many columns of long figures: smaller letters, never one figure over another."""

from itertools import pairwise

import pypandoc
import pytest
import typst

from conftest import ROOT
from paper import Paper
from tongbao.bulletin.paper import has_room
from tongbao.display.fonts import find_fonts

FONTS = sorted({path.parent for path in find_fonts(ROOT)})
NAMES = ("甲县", "甲东经济技术开发区")


def table_of(columns: int, digits: int, header: str = "检查罚款（元）") -> list[list[str]]:
    """A header, two units and the totals; every figure has so many digits."""
    rows = [
        [name, *(str(10 ** (digits - 1) + at + 20 * row) for at in range(columns))]
        for row, name in enumerate((*NAMES, "合计"))
    ]
    return [["单位", *[header] * columns], *rows]


def printed(place, table: list[list[str]], *, turned: bool) -> Paper:
    """A table as an annex on a page."""
    lines = ["| " + " | ".join(row) + " |" for row in table]
    lines.insert(1, "|" + ":--|" + "--:|" * (len(table[0]) - 1))
    kind = "annex wide" if turned else "annex"
    text = "\n".join(
        ["<!-- head\ntotals: [合计]\ntitle: 通报\n-->\n", f"## 附件 {{#annex-1 .{kind.replace(' ', ' .')}}}\n", *lines]
    )
    body = pypandoc.convert_text(
        text, "typst", format="markdown", extra_args=[f"--lua-filter={ROOT / 'theme/bulletin.lua'}"]
    )
    head = (ROOT / "theme/typst-template.typ").read_text("utf-8")
    (place / "page.typ").write_text(f"{head}\n#show: doc => bulletin(title: [附件], doc)\n\n{body}", "utf-8")
    typst.compile(place / "page.typ", place / "page.pdf", font_paths=FONTS, ignore_system_fonts=True)
    return Paper(place / "page.pdf")


@pytest.mark.parametrize(
    ("columns", "digits", "header"),
    [
        *((columns, digits, "检查罚款（元）") for columns, digits in [(12, 8), (14, 8), (16, 7), (19, 3)]),
        (24, 4, "食用农产品抽检（批次）"),  # the unit of measurement takes two lines
        (24, 4, "食用农产品合格率（%）"),
    ],
)
def test_long_figures_stand_apart_on_a_turned_page(tmp_path, columns, digits, header):
    table = table_of(columns, digits, header)
    assert has_room(table, turned=True)
    paper = printed(tmp_path, table, turned=True)
    for row in table[2:]:
        first = paper.text(row[1])
        line = sorted(
            (
                box
                for sign, box in paper.ink
                if sign.isdigit() and box.page == first.page and first.top - 1 < box.top < first.bottom
            ),
            key=lambda box: box.left,
        )
        assert len(line) == columns * digits
        apart = [after.left - before.right > 1.5 for before, after in pairwise(line)]  # mm
        assert [at % digits == digits - 1 for at in range(len(apart))] == apart, row[0]
        assert line[-1].right < 297 - 37
        assert first.bottom - first.top > 1.6  # of digits in 7 pt


def test_names_stay_whole_and_letters_large_where_there_is_room(tmp_path):
    paper = printed(tmp_path, table_of(6, 4), turned=False)
    assert paper.text(NAMES[1]).bottom - paper.text(NAMES[1]).top < 4  # one line
    figure = paper.text("1001")
    assert figure.bottom - figure.top == pytest.approx(2.7, abs=0.3)  # 5号


def test_what_has_no_room_in_the_smallest_letters_is_known():
    assert not has_room(table_of(22, 8), turned=True)
    assert not has_room(table_of(14, 8), turned=False)
