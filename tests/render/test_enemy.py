"""Hostile names, headers, facts and texts end to end: shown as text in every form, nothing run, nothing read."""

import csv
import re
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from conftest import built_once, copy_project, edit, served_site, tongbao
from demo import ID
from enemy import FACT, NAMES, write_enemy
from pages import fresh_soup, pdf_text
from tongbao_verify.page import read_docx

HANDLERS = """
[...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((own) => /^on/.test(own.name))).length
"""
# What the office says of a correction, and who decides: text everywhere.
WHY = '=更正<script>document.title="OWNED"</script><img src=x onerror="alert(1)">&lt;{{ 7*7 }}[a](javascript:x)]]>'
pytestmark = pytest.mark.long


@pytest.fixture(scope="session", params=["embedded", pytest.param("quarto", marks=pytest.mark.quarto)])
def enemy(request, tmp_path_factory):
    arguments = ("demo", "--format", "html,pdf,docx")
    if request.param == "embedded":
        return built_once(tmp_path_factory, "enemy", *arguments, series=("demo",), prepare=write_enemy)
    project = copy_project(tmp_path_factory.mktemp("quarto") / "enemy", "demo")
    write_enemy(project)
    tongbao(project, "build", *arguments, "--engine", "quarto")
    return project


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A bulletin published, corrected, and out again as a draft for comment in another place."""
    place = tmp_path_factory.mktemp("published")
    project, site, draft = copy_project(place / "project", "demo"), place / "site", place / "draft"
    write_enemy(project)
    raw, build = project / "data/raw/demo/2021-q2/work.csv", ("build", "demo", "--format", "html")
    decide = ("approve", ID, "--by", WHY, "--note", WHY)
    tongbao(project, *build)
    tongbao(project, *decide)
    tongbao(project, "publish", str(site))
    edit(raw, "300,33,9.9", "300,33,10.9")
    tongbao(project, *build)
    tongbao(project, *decide)
    unseen = [
        tongbao(project, *arguments, code=2).stderr
        for arguments in (("publish", str(site), "--note", "甲\u202e乙"), ("approve", ID, "--by", "甲\x0b乙"))
    ]
    tongbao(project, "publish", str(site), "--note", WHY)
    edit(raw, "300,33,10.9", "300,33,11.9")
    tongbao(project, *build)
    tongbao(project, "publish", str(draft), "--draft")
    return SimpleNamespace(project=project, site=site, draft=draft, unseen=unseen)


def squeeze(text):
    return re.sub(r"\s+", "", text)


def bulletin(project, suffix):
    return project / "_site/reports/demo" / f"2021-q2.{suffix}"


@pytest.mark.chromium
@pytest.mark.xdist_group("browser")
def test_no_page_runs_or_asks_for_anything(enemy, browser):
    tongbao(enemy, "check", "demo")
    tongbao(enemy, "review", "demo@2021-q2")
    pages = [path for place in ("_site", "_review", "data/processed/demo") for path in enemy.glob(f"{place}/**/*.html")]
    assert len(pages) > 13
    for path in pages:
        shown = shown_by(browser, path)
        if path == bulletin(enemy, "html"):
            assert [name for name in (*NAMES.values(), FACT) if squeeze(name) not in squeeze(shown)] == []


def shown_by(browser, path):
    """The text of a page that neither runs nor asks for anything."""
    page, found = browser.new_page(), []
    page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: found.append(request.url) if request.url[:5] != "file:" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.goto(path.as_uri())
    assert page.title() != "OWNED"
    if "_review" not in path.parts:  # which has its scripts inside, by their hash
        assert page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0
    assert page.evaluate(HANDLERS) == 0
    assert page.locator("a[href^='javascript:'], iframe, main img:not([src^='data:'])").count() == 0
    shown = page.inner_text("body")
    page.close()
    assert found == []
    return shown


@pytest.mark.chromium
@pytest.mark.xdist_group("browser")
def test_nothing_runs_in_versions_corrections_and_drafts(published, browser):
    pages = [path for place in (published.site, published.draft) for path in place.rglob("*.html")]
    told = {path for path in pages if squeeze(WHY) in squeeze(shown_by(browser, path))}
    bulletin = published.site / "reports/demo/2021-q2.html"
    assert {bulletin, published.site / "reports/demo/2021-q2/v2/2021-q2.html", published.site / "index.html"} <= told
    assert (
        "征求意见稿" in fresh_soup(published.draft / "reports/demo/2021-q2.html").find(class_="publication").get_text()
    )


@pytest.mark.chromium
@pytest.mark.xdist_group("browser")
def test_what_is_searched_is_found_as_text(published, browser):
    with served_site(published.site) as home:
        page = browser.new_page()
        page.goto(f"{home}search.html?q=OWNED")
        page.wait_for_selector("#search-results li")
        assert "<script>" in page.inner_text("#search-results")
        assert page.locator("#search-results").locator("script, img").count() == page.evaluate(HANDLERS) == 0
        assert page.title() != "OWNED"
        page.close()


def test_feeds_are_atom_whatever_they_say(published):
    feeds = [*published.site.rglob("feed*.xml"), *published.draft.rglob("feed*.xml")]
    assert len(feeds) > 3
    for path in feeds:
        elements = list(ET.fromstring(path.read_bytes()).iter())  # noqa: S314  # as we wrote it
        assert {element.tag.partition("}")[0] for element in elements} == {"{http://www.w3.org/2005/Atom"}
        summaries = [element.text or "" for element in elements if element.tag.endswith("summary")]
        assert [summary.startswith(WHY) for summary in summaries] == [path.is_relative_to(published.site)]


def test_signs_that_are_not_seen_are_refused(published):
    assert ["\\u202e" in published.unseen[0], "U+000B" in published.unseen[1]] == [True, True]


@pytest.mark.parametrize(("suffix", "read"), [("pdf", pdf_text), ("docx", read_docx)])
def test_print_shows_text(enemy, suffix, read):
    shown = squeeze(read(bulletin(enemy, suffix)))
    assert [name for name in (*NAMES.values(), FACT) if squeeze(name) not in shown] == []
    assert "root:" not in shown


def test_no_spreadsheet_finds_a_formula(enemy):
    books = [*enemy.glob("_site/**/*.xlsx"), *enemy.glob("data/processed/**/*.xlsx")]
    assert len(books) > 2
    for path in books:
        cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
    texts = list(enemy.glob("_site/**/*.csv"))
    assert len(texts) > 2
    for path in texts:  # raw files with such cells are not published
        cells = [cell for row in csv.reader(path.open(encoding="utf-8-sig", newline="")) for cell in row]
        assert [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.]+$|$)", cell)] == []
