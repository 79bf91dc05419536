"""A draft for comment: marked wherever readers meet it, and gone when the version is out."""

import json
import re
import shutil
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from published_copies import checked

from conftest import served_site, tongbao
from pages import docx_text, faults_in_browser, fresh_soup, pdf_text, soup, squeeze
from tongbao_office.tree import read_list

ATOM = "{http://www.w3.org/2005/Atom}"
of_draft = pytest.mark.xdist_group("draft")  # what they look at is made once


@pytest.fixture(scope="module")
def draft(site, tmp_path_factory):
    """The Wenzhou circular in both languages, as a draft for comment."""
    place = tmp_path_factory.mktemp("draft")
    project = shutil.copytree(site, place / "project", symlinks=True)
    tongbao(project, "publish", str(place / "site"), "wenzhou-monthly", "--draft")
    return place


WENZHOU = "reports/wenzhou-monthly/2021-01-to-02"


def _first_in_feed(path):
    """Title and summary of the latest entry."""
    entry = ET.fromstring(path.read_bytes()).find(f"{ATOM}entry")  # noqa: S314  # our own
    return entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}summary")


@pytest.mark.parametrize(("lang", "mark"), [("", "征求意见稿"), (".en", "DRAFT FOR COMMENT")])
@of_draft
def test_a_draft_for_comment_is_marked_on_page_pdf_and_word(draft, lang, mark):
    page = draft / "site" / f"{WENZHOU}{lang}.html"
    assert fresh_soup(page).find(class_="watermark")["data-mark"] == mark
    with pypdfium2.PdfDocument(page.with_suffix(".pdf")) as document:
        assert all(sheet.get_textpage().get_text_range().count(mark) == 2 for sheet in document)
    assert docx_text(page.with_suffix(".docx")).startswith(squeeze(mark))


@pytest.mark.chromium
@pytest.mark.long
@of_draft
@pytest.mark.parametrize("name", [f"{WENZHOU}.html", f"{WENZHOU}.en.html"])
def test_a_draft_has_no_fault_for_its_readers(draft, browser, name):
    with served_site(draft / "site") as home:
        assert faults_in_browser(browser, home + name, home, width=390) == []


@of_draft
@pytest.mark.parametrize(
    ("lang", "mark", "said"),
    [("", "【征求意见稿】关于", "尚未印发"), (".en", "[Draft for comment] Circular", "not issued yet")],
)
def test_a_feed_says_that_a_draft_is_one_and_tells_no_figure_of_it(draft, lang, mark, said):
    for folder in (draft / "site", (draft / "site" / WENZHOU).parent):
        title, summary = _first_in_feed(folder / f"feed{lang}.xml")
        assert title.startswith(mark)
        assert said in summary
        assert not re.search(r"\d", summary)


@pytest.mark.further
@of_draft
def test_a_draft_verifies_and_makes_way_for_the_version(draft, tmp_path):
    place = shutil.copytree(draft, tmp_path / "place", symlinks=True)
    project, site = place / "project", place / "site"
    assert checked(site).returncode == 0
    (bulletin,) = read_list(site).bulletins
    assert bulletin.versions == ()
    assert "征求意见稿" in soup(site / "index.html").get_text()
    tongbao(project, "approve", "wenzhou-monthly@2021-01-to-02", "--by", "王芳")
    tongbao(project, "publish", str(site), "wenzhou-monthly")
    assert not (site / WENZHOU / "draft").exists()
    assert fresh_soup(site / f"{WENZHOU}.html").find(class_="publication") is None
    assert "征求意见稿" not in pdf_text(site / f"{WENZHOU}.pdf")
    built = (project / f"_site/{WENZHOU}.pdf").read_bytes()
    assert (site / f"{WENZHOU}.pdf").read_bytes() == built
    title, summary = _first_in_feed(site / "feed.xml")
    assert title.startswith("关于")
    assert "万元" in summary
    assert json.loads((site / "published.json").read_text("utf-8"))["bulletins"][0]["draft"] is None
