"""Hostile names, headers, facts and texts end to end: shown as text in every form, nothing run, nothing read."""

import csv
import re

import openpyxl
import pytest

from conftest import built_once, copy_project, tongbao
from enemy import FACT, NAMES, write_enemy
from pages import pdf_text
from tongbao_verify.page import read_docx

HANDLERS = """
[...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((own) => /^on/.test(own.name))).length
"""
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
        page, found = browser.new_page(), []
        page.on("dialog", lambda dialog, found=found: (found.append(dialog.message), dialog.dismiss()))
        page.on(
            "request", lambda request, found=found: found.append(request.url) if request.url[:5] != "file:" else None
        )
        page.on("pageerror", lambda error, found=found: found.append(str(error)))
        page.goto(path.as_uri())
        assert page.title() != "OWNED"
        if "_review" not in path.parts:  # which has its scripts inside, by their hash
            assert page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0
        assert page.evaluate(HANDLERS) == 0
        assert page.locator("a[href^='javascript:'], iframe, main img:not([src^='data:'])").count() == 0
        if path == bulletin(enemy, "html"):
            shown = squeeze(page.inner_text("main"))
            assert [name for name in (*NAMES.values(), FACT) if squeeze(name) not in shown] == []
        page.close()
        assert found == []


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
