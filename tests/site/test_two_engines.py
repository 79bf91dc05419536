"""The site by Quarto: the same pages around its bulletins, the same search within them, the same way out."""

import shutil

import pytest

from conftest import copy_project, edit, served_site, tongbao
from demo import write_demo
from pages import pdf_pages, soup, squeeze
from tongbao.definition.project import Project
from tongbao_site.built import Pages, update_site
from tongbao_site.make import Site

pytestmark = pytest.mark.quarto


def test_the_pages_around_the_bulletins_are_the_same_bytes(site, quarto_site):
    ours, theirs = (
        {path.relative_to(project).as_posix(): path.read_bytes() for path in Site(project / "_site", None, None).own()}
        for project in (site, quarto_site)
    )
    assert len(ours) >= 5 + 2 * (13 + 9)
    assert ours == theirs


def test_quarto_leaves_no_search_of_its_own(quarto_site):
    assert not (quarto_site / "_site/search.json").exists()


@pytest.mark.chromium
def test_search_finds_chinese_words_in_pages_by_quarto(quarto_site, browser, tmp_path):
    project = shutil.copytree(quarto_site, tmp_path / "p", symlinks=True)
    update_site(Project(project), Pages(search=True))
    with served_site(project) as address:
        page = browser.new_page()
        page.goto(f"{address}_site/search.html?q=处罚率")
        page.wait_for_selector("#search-results li")
        found = page.eval_on_selector_all("#search-results a", "links => links.map(link => link.href)")
        page.close()
    assert f"{address}_site/reports/wenzhou-monthly/2021-01-to-02.html" in found


def test_a_page_of_several_drawings_is_accounted_for_and_published(tmp_path):
    """Quarto puts a drawing's id on what stands around it: 图 2 is the second drawing all the same."""
    project, name = copy_project(tmp_path / "p", "hotline-monthly"), "hotline-monthly@2026-09"
    tongbao(project, "build", name, "--engine", "quarto")
    page = soup(project / "_site/reports/hotline-monthly/2026-09.html")
    assert "图 2" in page.get_text().replace("\xa0", " ")
    assert "0 left over" in tongbao(project, "verify", "--audit", name).stdout
    tongbao(project, "approve", name, "--by", "王芳")
    tongbao(project, "publish", "../site", name)
    assert "as published" in tongbao(project, "published", "../site").stdout


@pytest.mark.long
def test_drafts_and_corrections_by_quarto(tmp_path):
    project, page = copy_project(tmp_path / "p", "demo"), "reports/demo/2021-q2"
    write_demo(project)
    edit(project / "reports/demo/series.yml", "formats: [html]", "formats: [html, pdf]")
    build = ("build", "demo@2021-q2", "--engine", "quarto", "--jobs", "1")
    tongbao(project, *build)
    tongbao(project, "publish", "../site", "--draft")
    published = tmp_path / "site"
    assert soup(published / f"{page}.html").select_one(".watermark")["data-mark"] == "征求意见稿"
    assert soup(published / f"{page}.html").select_one(".publication").get_text().startswith("征求意见稿")
    assert all("征求意见稿" in squeeze(one) for one in pdf_pages(published / f"{page}.pdf"))

    tongbao(project, "approve", "demo@2021-q2", "--by", "王芳")
    tongbao(project, "publish", "../site")
    edit(project / "data/raw/demo/2021-q2/work.csv", "300,33,9.9", "300,33,10.9")
    tongbao(project, *build)
    tongbao(project, "approve", "demo@2021-q2", "--by", "王芳")
    tongbao(project, "publish", "../site", "--note", "甲县罚款有误。")
    newest, old = soup(published / f"{page}.html"), soup(published / f"{page}/v1/2021-q2.html")
    assert newest.select_one(".publication").get_text().startswith("更正说明")
    assert not newest.select(".watermark")
    banner = old.select_one("main > .publication")
    assert "已被更正" in banner.get_text()
    assert (published / f"{page}/v1" / banner.a["href"]).resolve() == published / f"{page}.html"
    assert not any("征求意见稿" in squeeze(one) for one in pdf_pages(published / f"{page}.pdf"))
    tongbao(project, "published", "../site")
