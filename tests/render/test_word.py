"""The Word file: its properties, styles, sections, tables, drawings."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2
import pytest

from pages import EDITIONS, GOLDEN, html_tables, page_path, read_once, squeeze

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ENGINES = ["site", pytest.param("quarto_site", marks=pytest.mark.quarto)]
TURNED = [("16838", "11906")]
UPRIGHT = [("11906", "16838")]
editions = pytest.mark.parametrize("golden", EDITIONS, ids=lambda one: f"{one['series']}-{one['period']}")


@pytest.fixture(params=ENGINES)
def site_of(request) -> Path:
    """The site of each engine."""
    return request.getfixturevalue(request.param)


def _read(archive: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(archive.read(name))  # noqa: S314  # made by the build


@read_once
def parts(path: Path) -> dict[str, ET.Element]:
    with zipfile.ZipFile(path) as archive:
        return {name: _read(archive, name) for name in archive.namelist() if name.endswith(".xml")}


def body(path: Path) -> ET.Element:
    return parts(path)["word/document.xml"][0]


def text(element: ET.Element) -> str:
    return "".join(found.text or "" for found in element.iter(f"{W}t"))


def style_of(paragraph: ET.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val", "")


def in_style(path: Path, style: str) -> list[str]:
    return [text(paragraph) for paragraph in body(path).iter(f"{W}p") if style_of(paragraph) == style]


@editions
def test_the_files_properties_say_what_it_is_and_whose(site_of, golden):
    path = page_path(site_of, golden, "docx")
    core = {element.tag.rpartition("}")[2]: element.text for element in parts(path)["docProps/core.xml"]}
    assert core["title"] == re.sub(r"\n", "", "".join(in_style(path, "Title"))) or " " in core["title"]
    assert core["creator"] == in_style(path, "Issuer")[0]
    assert core["subject" if "subject" in core else "description"]


@editions
def test_every_part_has_a_style_that_word_lists(site_of, golden):
    path = page_path(site_of, golden, "docx")
    known = {style.get(f"{W}styleId") for style in parts(path)["word/styles.xml"].iter(f"{W}style")}
    used = {style_of(paragraph) for paragraph in body(path).iter(f"{W}p")}
    assert used <= known
    wanted = {"Issuer", "DocumentNumber", "Title", "Addressees", "Heading1", "Figure", "Caption", "Signature", "Date"}
    assert wanted | {"AnnexLabel", "AnnexTitle", "TableText"} <= used


@editions
def test_a_turned_annex_has_a_section_of_its_own(site_of, golden):
    path = page_path(site_of, golden, "docx")
    sizes = [(size.get(f"{W}w"), size.get(f"{W}h")) for size in body(path).iter(f"{W}pgSz")]
    pdf = pypdfium2.PdfDocument(page_path(site_of, golden, "pdf"))
    turned = [page.get_width() > page.get_height() for page in pdf]
    changes = sum(one != other for one, other in pairwise(turned))
    assert sizes == [*UPRIGHT, *TURNED][: changes + 1]
    last = body(path)[-1]
    assert last.tag == f"{W}sectPr"
    kind, place = (
        "turned-" if turned[-1] else "",
        "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    )
    shown = {one.get(f"{W}type"): one.get(place) for one in last.iter(f"{W}footerReference")}
    assert (shown["default"], shown["even"]) == (f"footer-{kind}odd", f"footer-{kind}even")
    above = {one.get(place) for one in last.iter(f"{W}headerReference")}
    assert above == {"header-notice"}  # on every page: a reconstruction
    assert {f"word/{name}.xml" for name in (*shown.values(), *above)} <= set(parts(path))
    margins = body(path).find(f".//{W}pgMar")
    assert [margins.get(f"{W}{side}") for side in ("top", "bottom", "left", "right")] == [
        "2098",
        "1984",
        "1588",
        "1474",
    ]


@editions
def test_tables_repeat_their_header_break_no_row_and_no_figure(site_of, golden):
    path = page_path(site_of, golden, "docx")
    tables = list(body(path).iter(f"{W}tbl"))
    said = [[[squeeze(text(cell)) for cell in row.iter(f"{W}tc")] for row in one.iter(f"{W}tr")] for one in tables]
    assert said == html_tables(path.with_suffix(".html"))
    for table in tables:
        rows = list(table.iter(f"{W}tr"))
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        for row in rows[1:]:
            for cell in row.iter(f"{W}tc"):
                width = int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))
                figure = text(cell)
                if re.fullmatch(r"[\d.,/%−-]+", figure):
                    assert len(figure) * 5.25 + 8 <= width / 20, figure  # half of 10.5 pt a digit


def test_decimals_stand_under_each_other(site_of):
    """吨 of chemicals are given to none, one and two decimals: 26.3, 1.25, 0."""
    path = page_path(site_of, EDITIONS[1], "docx")
    table = list(body(path).iter(f"{W}tbl"))[1]
    columns = list(zip(*(row.iter(f"{W}tc") for row in list(table.iter(f"{W}tr"))[1:]), strict=True))
    tabs = [
        {tab.get(f"{W}pos") for cell in column for tab in cell.iter(f"{W}tab") if tab.get(f"{W}val")}
        for column in columns
    ]
    mixed = [len({len(text(cell).partition(".")[2]) for cell in column}) > 1 for column in columns[1:]]
    assert [len(found) for found in tabs[1:]] == list(map(int, mixed))
    assert any(mixed)


@editions
def test_drawings_say_what_they_show(site_of, golden):
    drawings = list(body(page_path(site_of, golden, "docx")).iter(f"{A}docPr"))
    assert drawings
    assert all(re.search("最高|[Hh]ighest", drawing.get("descr", "")) for drawing in drawings)


def test_the_red_rule_stands_with_and_without_a_number(site_of):
    """Taizhou's is a letter, with a rule of two lines; Wenzhou's bears no number."""
    for golden, kind in zip(GOLDEN, ("thickThinSmallGap", "single"), strict=True):
        rules = [
            (rule.get(f"{W}val"), rule.get(f"{W}color"))
            for paragraph in body(page_path(site_of, golden, "docx")).iter(f"{W}p")
            if style_of(paragraph) in ("Issuer", "DocumentNumber")
            for rule in paragraph.iter(f"{W}bottom")
        ]
        assert (kind, "C7000B") in rules
