"""What a reader who hears the PDF gets: its tag tree, read by PDFium, which has no part in making it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from pages import GOLDEN, html_tables, page_path, read_once

ENGINES = ["site", pytest.param("quarto_site", marks=pytest.mark.quarto)]


@dataclass
class Tag:
    """An element of the tree as it stands on a page."""

    kind: str
    alt: str
    scope: str
    children: list[Tag] = field(default_factory=list)

    def walk(self) -> Iterator[Tag]:
        yield self
        for child in self.children:
            yield from child.walk()

    def of(self, kind: str) -> list[Tag]:
        return [tag for tag in self.walk() if tag.kind == kind]


def _text(read, *arguments) -> str:
    buffer = ctypes.create_string_buffer(4096)
    length = read(*arguments, buffer, len(buffer))
    return buffer.raw[:length].decode("utf-16-le").rstrip("\0")


def _tag(element) -> Tag:
    children = (
        pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
        for at in range(pdfium.FPDF_StructElement_CountChildren(element))
    )
    return Tag(
        _text(pdfium.FPDF_StructElement_GetType, element),
        _text(pdfium.FPDF_StructElement_GetAltText, element),
        _text(pdfium.FPDF_StructElement_GetStringAttribute, element, b"Scope"),
        [_tag(child) for child in children if child],
    )


@read_once
def tags(path: Path) -> list[Tag]:
    """The tree of each page."""
    found = []
    for page in pypdfium2.PdfDocument(path):
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        roots = (
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(pdfium.FPDF_StructTree_CountChildren(tree))
        )
        found.append(Tag("page", "", "", [_tag(root) for root in roots]))
        pdfium.FPDF_StructTree_Close(tree)
    return found


@pytest.fixture(params=ENGINES)
def site_of(request) -> Path:
    """The site of each engine."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=GOLDEN, ids=[golden["series"] for golden in GOLDEN])
def golden(request):
    return request.param


@pytest.fixture
def pdf(site_of, golden) -> Path:
    return page_path(site_of, golden, "pdf")


def test_it_says_that_it_is_accessible_and_whose_it_is_and_shows_its_title(pdf, golden):
    raw, metadata = pdf.read_bytes(), pypdfium2.PdfDocument(pdf).get_metadata_dict()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in raw
    assert b"/DisplayDocTitle true" in raw
    assert b"/Lang(zh-CN)" in raw
    assert metadata["Title"] in golden["head"]
    assert metadata["Author"] in golden["head"]
    assert metadata["Subject"]


def test_headings_are_headings_and_every_one_is_a_bookmark(pdf, golden):
    pages = tags(pdf)
    assert pdf.read_bytes().count(b"/S/Title") == 1
    bookmarks = [(mark.level + 1, mark.get_title()) for mark in pypdfium2.PdfDocument(pdf).get_toc()]
    expected = [*golden["headings"], *(annex["title"] for annex in golden["annexes"])]
    assert [title for _, title in bookmarks] == expected
    found = [tag for page in pages for tag in page.walk() if tag.kind in ("H1", "H2", "H3")]
    assert [int(tag.kind[1]) for tag in found] == [level for level, _ in bookmarks]
    assert not any(tag.of("P") for tag in found)


def test_the_name_of_an_annex_leads_to_it(pdf, golden):
    document = pypdfium2.PdfDocument(pdf)
    annexes = [mark.get_dest().get_index() for mark in document.get_toc()][-len(golden["annexes"]) :]
    named = [pdfium.FPDF_GetNamedDestByName(document, f"annex-{at + 1}".encode()) for at in range(len(annexes))]
    assert [pdfium.FPDFDest_GetDestPageIndex(document, place) for place in named] == annexes
    assert next(at for at, page in enumerate(tags(pdf)) if page.of("Table")) == annexes[0]
    assert sum(len(page.of("Link")) for page in tags(pdf)) >= len(annexes)


def test_drawings_say_what_they_show(pdf):
    drawings = [tag.alt for page in tags(pdf) for tag in page.of("Figure")]
    assert drawings
    assert all("最高" in alt for alt in drawings), drawings


def test_each_cell_has_the_headers_of_its_row_and_column(pdf):
    shown = html_tables(pdf.with_suffix(".html"))
    found = [table for page in tags(pdf) for table in page.of("Table")]
    assert [len(table.of("TR")) for table in found] == [len(table) for table in shown]
    for table in found:
        header, *rows = table.of("TR")
        assert {(cell.kind, cell.scope) for cell in header.children} == {("TH", "Column")}
        for row in rows:
            first, *others = row.children
            assert (first.kind, first.scope) == ("TH", "Row")
            assert {cell.kind for cell in others} <= {"TD"}  # PDFium leaves out empty ones
