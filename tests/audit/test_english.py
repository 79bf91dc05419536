"""The audit of the English edition: a number, a name or a word for a number that is changed on its page is named."""

import shutil

import pytest
from tongbao.audit import audit
from tongbao.audit.numerals import read_numerals

from conftest import PARTS
from tongbao.definition.project import Project

NAME = ("wenzhou-monthly", "2021-01-to-02")


@pytest.fixture
def built(site, tmp_path):
    target = tmp_path / "built"
    for part in (*PARTS, "data/processed", "_site/reports"):
        source, copy = site / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy2(source, copy)
    return target


def left(project, document="html, en"):
    found = Project(project)
    return [item for item in audit(found, NAME[0], found.get_period(*NAME)).left if item.document == document]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"headline.rate">35.08<', '"headline.rate">35.09<', ["Overview", "recomputed 35.08"]),
        ("<li>The city made ", "<li>The city made 2 ", ["Main points", "2"]),
        ("30% or more", "30%", ["recomputed 30%", "facts.csv C5"]),
        ("30% or more", "40% or more", ["recomputed 30%"]),
        (">Longgang</span>", ">Longwan</span>", ["Longwan", "龙港市"]),
        ("Some districts were slow", "Two districts were slow", ["Main problems", "Two"]),
        ("Second, enforcement", "Third, enforcement", ["Third"]),
        ("Form A3", "Form A4", ["A4"]),
        ("<li>10 March 2021</li>", "<li>11 March 2021</li>", ["11"]),
        ('<h1 class="title">Circular on work-safety enforcement, January–February', '<h1 class="title">Circular on work-safety enforcement, January–March', ["March"]),
        ("(2) Make good use", "(3) Make good use", ["out of order"]),
        ('"cell-fines-yueqing">89.64<', '"cell-fines-yueqing">89.46<', ["Annex 1, Yueqing, Fines (CNY 10,000)", "89.64"]),
        ("Below threshold 20%: 3", "Below threshold 20%: 4", ["3 are below"]),
        ("Not reported, not drawn: Wencheng", "Not reported, not drawn: Longwan", ["Longwan"]),
        ("hazardous-chemicals cases is 1", "hazardous-chemicals cases is 2", ["recomputed 1"]),
        ("2 decimals", "3 decimals", ["Data notes"]),
        ("87 ÷ 248 × 100 = 35.08%", "87 ÷ 249 × 100 = 35.08%", ["Where the numbers come from", "does not hold"]),
        ("row 6, column B", "row 7, column B", ["89.64"]),
        ("collection rate: reported without the counts", "collection rate: reported with the counts", ["What chance can do"]),
    ],
)  # fmt: skip
def test_what_is_changed_on_the_english_page_is_named(built, old, new, words):
    path = built / "_site" / "reports" / NAME[0] / f"{NAME[1]}.en.html"
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), "utf-8")
    found = left(built)
    said = " ".join(f"{item.place} {item.text} {item.sentence} {item.reason}" for item in found)
    assert found
    for word in words:
        assert word in said, said


def test_a_digit_changed_in_the_translation_is_named(built):
    path = built / "reports" / NAME[0] / f"{NAME[1]}.en.md"
    path.write_text(path.read_text("utf-8").replace("in Form A3 late", "in Form A5 late"), "utf-8")
    assert any("A5" in f"{item.sentence}{item.reason}" for item in left(built))


def test_another_english_pdf_is_named(built):
    folder = built / "_site" / "reports" / NAME[0]
    shutil.copy2(folder / f"{NAME[1]}.pdf", folder / f"{NAME[1]}.en.pdf")
    assert left(built, "pdf, en")


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("the two lowest of twenty-four", ["two", "twenty", "four"]),
        ("fines of 299.74 ten thousand yuan", ["299.74"]),
        ("ten of them, one of which", ["ten"]),
        ("12,345.6 visits, half of them twice", ["12,345.6", "half", "twice"]),
        ("somewhere, often, fortunately", []),
    ],
)
def test_numbers_in_english_words_are_read(text, numerals):
    assert [numeral.text for numeral in read_numerals(text)] == numerals
