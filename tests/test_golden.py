"""Both source documents, held to the rendered pages: every annex cell and every clause that states a figure."""

import re

import pytest

from pages import (
    GOLDEN,
    circular_text,
    html_tables,
    page_path,
    pdf_cells,
    pdf_circular_text,
    pdf_pages,
    pdf_text,
    soup,
    squeeze,
)

documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])
WORDS = ("head", "clauses", "headings")


def test_both_documents_are_held():
    assert [golden["series"] for golden in GOLDEN] == ["taizhou-andun", "wenzhou-monthly"]
    shapes = [[(len(annex["rows"]), len(annex["columns"])) for annex in golden["annexes"]] for golden in GOLDEN]
    assert shapes == [[(9 + 1, 10)], [(13, 10), (13, 7)]]


@documents
def test_html_states_every_figure_in_the_source_words(site, golden):
    text = circular_text(page_path(site, golden, "html"))
    assert [words for part in WORDS for words in golden[part] if squeeze(words) not in text] == []


@documents
def test_pdf_states_every_figure_in_the_source_words(site, golden):
    text = pdf_circular_text(page_path(site, golden, "pdf"))
    assert [words for part in WORDS for words in golden[part] if squeeze(words) not in text] == []


@documents
def test_clauses_stand_in_the_order_of_the_source(site, golden):
    text = circular_text(page_path(site, golden, "html"))
    places = [text.index(squeeze(clause)) for clause in golden["clauses"]]
    assert places == sorted(places)


@documents
def test_html_annexes_cell_by_cell(site, golden):
    page = page_path(site, golden, "html")
    tables = html_tables(page)
    assert len(tables) == len(golden["annexes"])
    for table, annex in zip(tables, golden["annexes"], strict=True):
        assert table == [annex["columns"], *annex["rows"]]
    headings = [squeeze(heading.get_text()) for heading in soup(page).select("h2.annex, section.annex > h2")]
    assert headings == [squeeze(annex["label"] + annex["title"]) for annex in golden["annexes"]]


@documents
def test_pdf_annexes_cell_by_cell(site, golden):
    """Each figure stands in its row and under its header: cells are found by where they are set on the page."""
    path = page_path(site, golden, "pdf")
    first = len(pdf_pages(path)) - len(golden["annexes"])
    for offset, annex in enumerate(golden["annexes"]):
        page = first + offset
        assert squeeze(annex["label"]) + squeeze(annex["title"]) in squeeze(pdf_pages(path)[page])
        assert read_grid(path, page, annex) == annex["rows"]


def read_grid(path, page, annex):
    """The cells of a printed annex; figures are right-aligned, so a column is known by its right-most cells."""
    cells = pdf_cells(path, page)
    names = {row[0] for row in annex["rows"]}
    lines = {text: y for x, y, text in cells if text in names}
    assert set(lines) == names
    full = max(annex["rows"], key=lambda row: sum(bool(cell) for cell in row))
    right = sorted(x for x, y, text in cells if abs(y - lines[full[0]]) < 3 and text != full[0])
    assert len(right) == len(annex["columns"]) - 1
    grid = []
    for name in sorted(lines, key=lines.__getitem__, reverse=True):
        row = [name] + [""] * len(right)
        for x, y, text in cells:
            if abs(y - lines[name]) < 3 and text != name:
                column = min(range(len(right)), key=lambda index: abs(right[index] - x))
                assert row[column + 1] == ""
                row[column + 1] = text
        grid.append(row)
    return grid


@documents
def test_annex_notes_are_printed(site, golden):
    for annex in golden["annexes"]:
        if "note" in annex:
            assert annex["note"] in circular_text(page_path(site, golden, "html"))
            assert annex["note"] in pdf_text(page_path(site, golden, "pdf"))


@documents
def test_prose_types_no_figure_of_its_own(golden):
    """What the authored text says in digits is a date, a name, or comes from a placeholder."""
    from conftest import ROOT

    path = ROOT / "reports" / golden["series"] / f"{golden['period']}.md"
    body = path.read_text("utf-8").split("---\n", 2)[2]
    body = re.sub(r"\{\{.*?\}\}|@[\w-]+|A3表|\d{1,2}(?:-\d{1,2})?月份?", "", body)
    assert re.findall(r"\d+", body) == []
