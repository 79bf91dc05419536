"""What a reconstruction and made-up figures say of themselves, at the head of every form."""

import json
import zipfile
from xml.etree import ElementTree as ET

import pypdfium2
import pytest

from pages import EDITIONS, page_path, pdf_pages, soup, squeeze

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NOTICES = {
    "2019-04-to-06": "【示例】数据按公开原文，文字有删节，非原件。原文：台州市应急管理局，台应急便函〔2019〕69号，"
    "关于“2019安盾”2号专项执法行动情况的通报，2019年7月22日。",
    "2021-01-to-02": "【示例】数据按公开原文，文字有删节，非原件。原文：温州市应急管理局，"
    "关于2021年1-2月全市安全生产执法工作情况的通报，2021年3月10日。",
    "2021-01-to-02.en": "[Example] Figures as published, text abridged; not the original document. Original: Wenzhou "
    "Emergency Management Bureau, circular on work-safety enforcement in January–February 2021 (in Chinese), "
    "10 March 2021.",
}
documents = pytest.mark.parametrize("golden", EDITIONS, ids=lambda golden: f"{golden['series']}-{golden['period']}")


def notice_of(golden):
    return NOTICES[golden["period"]]


@documents
def test_a_reconstruction_says_so_under_the_title_of_the_page(site, golden):
    page = soup(page_path(site, golden, "html"))
    assert page.select_one("header.masthead h1 ~ .notice").get_text() == notice_of(golden)
    assert page.select_one(".notice").find_next(class_="addressees")


@documents
def test_every_page_of_the_pdf_says_so_in_its_margin(site, golden):
    """The type area begins 37 mm below the edge, a letter's head at 30 mm, a turned page at 28 mm: nothing is moved."""
    path = page_path(site, golden, "pdf")
    assert all(squeeze(text).startswith(squeeze(notice_of(golden))) for text in pdf_pages(path))
    for page in pypdfium2.PdfDocument(path):
        text, (width, height) = page.get_textpage(), page.get_size()
        top = 37 if height > width else 28
        end = squeeze(text.get_text_range()).index(squeeze(notice_of(golden))) + len(notice_of(golden)) // 2
        _, bottom, _, _ = text.get_charbox(end)
        assert height - bottom < (top - 8) / 25.4 * 72


@documents
def test_word_says_so_in_a_frame_in_the_margin(site, golden):
    with zipfile.ZipFile(page_path(site, golden, "docx")) as archive:
        first = next(ET.fromstring(archive.read("word/document.xml")).iter(f"{W}p"))  # noqa: S314  # the bulletin's own file
        styles = {one.get(f"{W}styleId") for one in ET.fromstring(archive.read("word/styles.xml")).iter(f"{W}style")}  # noqa: S314  # the bulletin's own file
    assert "".join(part.text for part in first.iter(f"{W}t")) == notice_of(golden)
    assert first.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "HeadNotice"
    assert "HeadNotice" in styles
    frame = first.find(f"{W}pPr/{W}framePr")
    assert int(frame.get(f"{W}y")) / 1440 * 25.4 < 30 - 8  # twentieths of a point; two lines above a letter's head


def test_the_index_has_a_badge_and_the_record_says_it(site):
    entries = soup(site / "_site/index.html").select(".bulletin-entry")
    assert [entry.select_one(".badge").get_text() for entry in entries] == ["示例", "示例"]
    for name, period in (("taizhou-andun", "2019-04-to-06"), ("wenzhou-monthly", "2021-01-to-02")):
        record = json.loads((site / f"_site/reports/{name}/{period}.json").read_text("utf-8"))
        assert (record["reconstruction"], record["synthetic"], record["notice"]) == (True, False, NOTICES[period])
    assert record["editions"]["en"]["notice"] == NOTICES["2021-01-to-02.en"]


def test_made_up_figures_say_so_in_the_same_places(records_site):
    """Case records that were made up under an abridged text: what is true of each is said."""
    folder = records_site / "_site/reports/wenzhou-records"
    text = soup(folder / "2021-01-to-02.html").select_one("header.masthead h1 ~ .notice").get_text()
    assert text.startswith("【合成数据】本文所依据的案件记录为合成数据")
    assert "文字据该通报删节，非原件" in text
    assert all(squeeze(page).startswith(squeeze(text)) for page in pdf_pages(folder / "2021-01-to-02.pdf"))
    record = json.loads((folder / "2021-01-to-02.json").read_text("utf-8"))
    assert (record["reconstruction"], record["synthetic"], record["notice"]) == (False, True, text)
    badges = {
        entry.a["href"].split("/")[1]: entry.select_one(".badge").get_text()
        for entry in soup(records_site / "_site/index.html").select(".bulletin-entry")
    }
    assert badges == {"wenzhou-monthly": "示例", "taizhou-andun": "示例", "wenzhou-records": "合成数据"}


@pytest.mark.quarto
@documents
def test_quarto_says_it_in_the_same_places(quarto_site, golden):
    test_a_reconstruction_says_so_under_the_title_of_the_page(quarto_site, golden)
    test_every_page_of_the_pdf_says_so_in_its_margin(quarto_site, golden)
    test_word_says_so_in_a_frame_in_the_margin(quarto_site, golden)
