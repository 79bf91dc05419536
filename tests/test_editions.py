"""The English edition of a bulletin: the same figures, every word in English, dates and numbers as English has them."""

import re
import shutil
from pathlib import Path

import pytest

from conftest import edit, tongbao
from pages import circular_text, docx_text, fresh_soup, pdf_text, printed, soup
from tongbao.basics.errors import DataError, DefinitionError, UsageError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

SERIES, PERIOD = "wenzhou-monthly", "2021-01-to-02"
PAGES = Path("_site") / "reports" / SERIES
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def source(project, name):
    return project / "reports" / SERIES / name


def page(site, name):
    return soup(site / PAGES / name)


def numbers(found):
    return {(span["data-figure"], span.get_text().replace(",", "")) for span in found.main.select("span.figure-value")}


def open_edition(project, lang="en"):
    return Bulletin.open(Project.find(project), SERIES, PERIOD, {}, lang)


def test_nothing_on_the_page_is_left_in_chinese(site):
    found = fresh_soup(site / PAGES / f"{PERIOD}.en.html")
    assert found.html["lang"] == "en"
    assert found.title.get_text().startswith("Circular on work-safety enforcement")
    for other in found.select("header.site-header, a.edition, title"):  # the site's own name, the other edition
        other.decompose()
    assert CHINESE.findall(str(found)) == []


@pytest.mark.parametrize(("suffix", "read"), [("pdf", pdf_text), ("docx", docx_text)])
def test_nothing_in_print_is_left_in_chinese(site, suffix, read):
    text = read(site / PAGES / f"{PERIOD}.en.{suffix}")
    assert "WenzhouEmergencyManagementBureau" in text
    assert CHINESE.findall(text) == []


def test_both_editions_state_the_same_figures(site):
    """Counts that Chinese spells out (三), what stands behind a figure (以上) and money differ in words only."""
    words = {"三": "3", "30%以上": "30% or more", "299.74": "CNY 2.9974 million"}
    chinese, english = (numbers(page(site, f"{PERIOD}{lang}.html")) for lang in ("", ".en"))
    assert {(key, words.get(text, text)) for key, text in chinese} == english


def test_a_figure_that_is_not_exact_stays_so(site):
    assert "30% or more" in page(site, f"{PERIOD}.en.html").main.get_text()


def test_the_cells_of_the_annexes_are_the_same(site):
    cells = [
        {cell["id"]: printed(cell).replace(",", "") for cell in page(site, f"{PERIOD}{lang}.html").select("td[id]")}
        for lang in ("", ".en")
    ]
    assert cells[0] == cells[1]


def test_each_edition_leads_to_the_other(site):
    assert page(site, f"{PERIOD}.html").select_one("a.edition[hreflang=en]")["href"] == f"{PERIOD}.en.html"
    assert page(site, f"{PERIOD}.en.html").select_one("a.edition[hreflang=zh]")["href"] == f"{PERIOD}.html"
    (link,) = soup(site / "_site" / "index.html").select("a.edition[href*=wenzhou-monthly]")
    assert link["href"] == f"reports/{SERIES}/{PERIOD}.en.html"


def test_the_english_words(site):
    text = " ".join(page(site, f"{PERIOD}.en.html").main.get_text().split())
    for words in (
        "Circular on work-safety enforcement, January–February 2021",
        "10 March 2021",
        "Translation; the original text is authoritative.",
        "In January–February 2021 the city’s emergency management system made 248 inspections and imposed 87 penalties",
        "penalty rates below 20%: Longgang, Cangnan and Taishun",
        "Figure 1 Not reported, not drawn: Wencheng, Pingyang and Zhenan Industrial Cluster.",
        "(1) Press on with the action",
        "Annexes: 1. Work-safety enforcement, January–February 2021",
    ):
        assert words in text.replace("\xa0", " ").replace("src", ""), words


def test_the_original_says_nothing_of_a_translation(site):
    assert "译文" not in circular_text(site / PAGES / f"{PERIOD}.html")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("label: {zh: 检查企业, en: Inspections}", "label: 检查企业", "key_figures.0.label: no English text"),
        ("label: {zh: 检查处罚率（%）, en: Penalty rate (%)}\n        ", "", "columns.penalty_rate: no English header"),
        ("unit: 家次}}\n", "unit: 挑次}}\n", "the unit of measurement 挑次 has no English name"),
        ("heading: {zh: 基本情况, en: Overview}", "heading: 基本情况", "sections.0.heading: no English text"),
        ("languages: [zh, en]", "languages: [zh, de]", "languages"),
        ("languages: [zh, en]", "languages: [zh, zh]", "a language stands twice"),
    ],
)  # fmt: skip
def test_what_is_not_translated_is_named(project, old, new, complaint):
    edit(source(project, "series.yml"), old, new)
    with pytest.raises(DefinitionError) as caught:
        open_edition(project)
    assert complaint in str(caught.value)
    assert re.search(r"reports/wenzhou-monthly/series\.yml:\d+", str(caught.value))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# Next steps\n", "# Next step\n", "2021-01-to-02.en.md:13: not a section of the series"),
        ("# Next steps\n", "## Next steps\n", "a section has no text"),
        ("names: [Form A3]", "issued: 2021-03-10", "2021-01-to-02.en.md:2: issued: unknown key"),
        ("names: [Form A3]", "names: [Form A]", "a name without a numeral"),
        ("fact.mobile_target", "fact.mobile_targets", "2021-01-to-02.en.md:11: fact.mobile_targets is not declared"),
    ],
)  # fmt: skip
def test_a_fault_in_the_translation_is_named_with_file_and_line(project, old, new, complaint):
    edit(source(project, f"{PERIOD}.en.md"), old, new)
    with pytest.raises(DefinitionError) as caught:
        open_edition(project).require_sound()
    assert complaint in str(caught.value)


def test_a_missing_translation_says_what_is_needed(project):
    (project / "reports" / SERIES / f"{PERIOD}.en.md").unlink()
    with pytest.raises(DefinitionError, match=r"(?s)2021-01-to-02\.en\.md.*the authored sections"):
        open_edition(project)


def test_an_edition_that_is_not_declared(project):
    with pytest.raises(UsageError, match="taizhou-andun does not appear in this language") as caught:
        Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {}, "en")
    assert "list it under languages" in str(caught.value)


def test_a_fact_in_words_needs_its_words(project):
    facts = project / "data/raw" / SERIES / PERIOD / "facts.csv"
    facts.write_text(facts.read_text("utf-8") + "trend,走势,略有下降,,,温州市应急管理局,trend,,the bureau\n", "utf-8")
    edit(source(project, f"{PERIOD}.en.md"), "First, action", "The trend: {{ fact.trend }}. First, action")
    with pytest.raises(DefinitionError, match="a fact in words has no English") as caught:
        open_edition(project).require_sound()
    assert "facts.csv C7" in str(caught.value)
    facts.write_text(facts.read_text("utf-8").replace("trend,,the", "trend,slightly down,the"), "utf-8")
    assert "The trend: " in "".join(open_edition(project).narrative.section("problems"))


def test_other_columns_of_facts_are_refused(project):
    facts = project / "data/raw" / SERIES / PERIOD / "facts.csv"
    facts.write_text(facts.read_text("utf-8").replace("英文数值", "英文值"), "utf-8")
    with pytest.raises(DataError, match="not the columns of a facts file") as caught:
        open_edition(project)
    assert "英文名称, 英文数值, 英文来源" in str(caught.value)


def test_an_edition_that_is_given_up_leaves_no_pages(built):
    notebook = source(built, f"{PERIOD}.en.ipynb")
    assert notebook.is_file()
    edit(source(built, "series.yml"), "languages: [zh, en]", "languages: [zh]")
    said = tongbao(built, "build", "--format", "html", "--engine", "embedded").stdout  # without targets it tidies up
    assert f"removed     _site/reports/{SERIES}/{PERIOD}.en.html" in said
    assert not notebook.exists()
    assert not page(built, f"{PERIOD}.html").select("a.edition")


@pytest.mark.long
def test_an_issuer_that_writes_in_english(project):
    """The first language is the original: its pages have the plain name, and the others are translations."""
    reports = project / "reports" / "hotline-monthly"
    for name in ("2025-10", "2026-09"):
        shutil.rmtree(project / "data/raw/hotline-monthly" / name)
    definition = reports / "series.yml"
    definition.write_text(definition.read_text("utf-8").replace("[zh, en]", "[en, zh]"), "utf-8")
    chinese, english = reports / "2026-10.md", reports / "2026-10.en.md"
    head, _, passages = chinese.read_text("utf-8").partition("---\n\n")
    chinese.write_text(f"{head}---\n\n{english.read_text('utf-8')}", "utf-8")
    (reports / "2026-10.zh.md").write_text(passages, "utf-8")
    english.unlink()
    tongbao(project, "build", "hotline-monthly", "--format", "html", "--engine", "embedded")
    pages = {lang: soup(project / f"_site/reports/hotline-monthly/2026-10{lang}.html") for lang in ("", ".zh")}
    assert (pages[""].html["lang"], pages[".zh"].html["lang"]) == ("en", "zh")
    assert "Translation" not in pages[""].main.get_text()
    assert "本文为译文" in pages[".zh"].main.get_text()
    tongbao(project, "verify", "--audit", "hotline-monthly")
