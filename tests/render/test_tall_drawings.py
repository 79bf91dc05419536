"""Drawings of many units in print: legible letters, each with its caption, none before one that comes earlier."""

import pytest
import typst

from conftest import ROOT
from paper import Paper
from tongbao.display.fonts import find_fonts

FONTS = sorted({path.parent for path in find_fonts(ROOT)})
SENTENCE = "各地要对照通报查找原因，采取有针对性的措施，切实解决检查不执法、执法不处罚、处罚走形式的问题。"


def drawing(place, name: str, height: int) -> str:
    """An image as wide as charts are, with a letter of their size at its head and at its foot."""
    words = "".join(
        f'<text x="20" y="{y}" font-size="13" font-family="Noto Sans SC">{word}</text>'
        for word, y in ((f"{name}头", 20), (f"{name}尾", height - 8))
    )
    size = f'width="640" height="{height}"'
    (place / f"{name}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{words}</svg>', "utf-8")
    return f'#image("{name}.svg")'


@pytest.fixture
def printed(tmp_path):
    """Figures (each of the heights of its pieces) after so many sentences each."""

    def call(sentences: int, *figures: tuple[int, ...]) -> Paper:
        parts = [(ROOT / "theme/typst-template.typ").read_text("utf-8"), "#show: doc => bulletin(title: [通报], doc)"]
        for number, heights in zip("甲乙丙丁戊", figures, strict=False):
            drawn = [drawing(tmp_path, f"{number}{at}", height) for at, height in enumerate(heights)]
            head = f"#chart-title([{number}题])"
            body = "\n\n".join([head, *drawn])
            parts += [SENTENCE * sentences, f"#figure([{body}], kind: image, supplement: [图], caption: [{number}注])"]
        (tmp_path / "page.typ").write_text("\n\n".join([*parts, SENTENCE]), "utf-8")
        typst.compile(tmp_path / "page.typ", tmp_path / "page.pdf", font_paths=FONTS, ignore_system_fonts=True)
        return Paper(tmp_path / "page.pdf")

    return call


@pytest.mark.parametrize("sentences", [1, 4, 9])
@pytest.mark.parametrize("heights", [(940, 940, 940), (940, 200, 940, 120, 300), (120, 940, 400, 940, 940)])
def test_drawings_keep_their_order_their_captions_and_legible_letters(printed, sentences, heights):
    paper = printed(sentences, *((height,) for height in heights))
    order = []
    for number in "甲乙丙丁戊"[: len(heights)]:
        parts = [paper.text(word) for word in (f"{number}题", f"{number}0头", f"{number}0尾", f"{number}注")]
        assert len({part.page for part in parts}) == 1, number
        assert [part.top for part in parts] == sorted(part.top for part in parts), number
        assert parts[-1].bottom < 262.5
        assert parts[1].bottom - parts[1].top > 2.1  # mm: a character of 7 pt
        order += [(parts[0].page, parts[0].top)]
    assert order == sorted(order)


def test_what_is_higher_than_a_page_runs_over_several(printed):
    paper = printed(3, (940,), (940, 940, 500), (200,))
    pieces = [paper.text(f"乙{at}{end}") for at in range(3) for end in "头尾"]
    assert [piece.page for piece in pieces] == sorted(piece.page for piece in pieces)
    assert all(head.page == foot.page for head, foot in zip(pieces[::2], pieces[1::2], strict=True))
    assert paper.text("甲注").page < paper.text("乙题").page
    assert paper.text("乙注").page == pieces[-1].page
    assert (paper.text("丙题").page, paper.text("丙题").top) > (pieces[-1].page, pieces[-1].bottom)
    assert min(piece.bottom - piece.top for piece in pieces) > 2.1
