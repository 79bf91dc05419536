"""Both engines say the same: text, tables, numbering."""

import re
import subprocess
import sys

import pytest

from conftest import copy_project
from pages import (
    EDITIONS,
    GOLDEN,
    circular_text,
    docx_text,
    fresh_soup,
    html_tables,
    page_path,
    pdf_circular_text,
    pdf_pages,
    pdf_text,
    soup,
)

pytestmark = pytest.mark.quarto
documents = pytest.mark.parametrize("golden", EDITIONS, ids=lambda golden: f"{golden['series']}-{golden['period']}")


def whole_page(path):
    page = fresh_soup(path).find("main")
    for element in page.select("svg, script, nav"):
        element.decompose()
    return re.sub(r"\s+", "", page.get_text())


@documents
def test_pages_read_the_same(site, quarto_site, golden):
    ours, theirs = page_path(site, golden, "html"), page_path(quarto_site, golden, "html")
    assert circular_text(ours) == circular_text(theirs)
    assert whole_page(ours) == whole_page(theirs)
    assert html_tables(ours) == html_tables(theirs)


@documents
def test_prints_read_the_same(site, quarto_site, golden):
    ours, theirs = page_path(site, golden, "pdf"), page_path(quarto_site, golden, "pdf")
    assert pdf_circular_text(ours) == pdf_circular_text(theirs)
    assert len(pdf_pages(ours)) == len(pdf_pages(theirs))
    assert sorted(pdf_text(ours)) == sorted(pdf_text(theirs))


@documents
def test_word_files_read_the_same(site, quarto_site, golden):
    assert docx_text(page_path(site, golden, "docx")) == docx_text(page_path(quarto_site, golden, "docx"))


def test_links_lead_to_the_same_places(site, quarto_site):
    for golden in EDITIONS:
        links = [
            [link["href"] for link in soup(page_path(project, golden, "html")).find("main").select("a[href]")]
            for project in (site, quarto_site)
        ]
        assert links[0] == links[1]


def test_quarto_pages_ask_nothing_of_other_hosts(quarto_site):
    for path in (quarto_site / "_site").rglob("*.html"):
        page = soup(path)
        for element in [*page.find_all("script"), *page.find_all("link")]:
            assert not re.match(r"(https?:)?//", element.get("src", element.get("href", "")))


def test_the_frame_is_the_same(site, quarto_site):
    for golden in [*EDITIONS, None]:
        frames = []
        for project in (site, quarto_site):
            page = fresh_soup(page_path(project, golden, "html") if golden else project / "_site/index.html")
            page.select_one(".text").decompose()
            frames.append(
                re.sub(r"\s+(?=<)|\s+$|\s*defer(=\"\")?\s*|\./(?=theme)", "", page.decode(formatter="minimal"))
            )
        assert frames[0] == frames[1]


def test_by_hand_with_papermill_and_quarto_alone(quarto_site, tmp_path):
    """A fresh project, papermill on each notebook, then `quarto render`; tongbao's command is not used."""
    project = copy_project(tmp_path / "project")
    runs = [("index", "index.ipynb")] + [
        (kind, f"reports/{golden['series']}/{golden['period']}.ipynb")
        for kind, golden in zip(("special_action", "monthly"), GOLDEN, strict=True)
    ]
    commands = [
        [sys.executable, "-m", "papermill", f"notebooks/{kind}.ipynb", out, "-k", "python3"] for kind, out in runs[::-1]
    ]
    for command in [*commands, ["quarto", "render"]]:
        finished = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)
        assert finished.returncode == 0, finished.stderr
    for golden in GOLDEN:
        for suffix in ("html", "pdf", "docx"):
            assert page_path(project, golden, suffix).stat().st_size > 0
        assert circular_text(page_path(project, golden, "html")) == circular_text(
            page_path(quarto_site, golden, "html")
        )
        links = soup(page_path(project, golden, "html")).select("a.download")
        assert len(links) == 3 + 4 + 2 * len(golden["annexes"])  # at the head, of all figures, of each annex
        assert all((page_path(project, golden, "html").parent / link["href"]).is_file() for link in links)
    index = soup(project / "_site" / "index.html")
    assert "关于2021年1-2月" in index.get_text()
    inside = [link.get("href") or link["src"] for link in index.select("a[href], link[href], script[src]")]
    assert len(inside) >= 2 * 4 + 4
    dead = [link for link in inside if not link.startswith("#") and not (project / "_site" / link).is_file()]
    assert dead == ["reports/wenzhou-monthly/2021-01-to-02.en.html"]  # whose notebook was not run here


def test_a_quarto_failure_leaves_the_site_alone(project):
    from conftest import tongbao

    tongbao(project, "build", "taizhou-andun", "--engine", "embedded")
    page = page_path(project, GOLDEN[0], "html")
    before = page.read_bytes()
    with (project / "theme" / "typst-template.typ").open("a") as file:
        file.write("\n#panic()\n")
    finished = tongbao(project, "build", "taizhou-andun", "--engine", "quarto", code=3)
    assert "quarto failed" in finished.stderr
    assert page.read_bytes() == before
