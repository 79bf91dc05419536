"""One raw figure changed after approval: the review page shows that cell, what rests on it, and nothing else."""

import re

import pytest

from conftest import of_story
from demo import WHY
from pages import faults_by_axe, fresh_soup, soup
from tongbao_office.tree import read_list

PAGE = "_review/demo/2021-q2.html"


@pytest.fixture(scope="module")
def changes(story):
    return soup(story.project / PAGE).find("section", id="changes")


@of_story
def test_the_approval_fell_and_publication_is_refused(story):
    """The fixture holds each `publish` to exit code 1."""
    for said in (story.fallen, story.status, story.rebuilt):
        assert "data/raw/demo/2021-q2/work.csv changed" in said


@of_story
def test_the_page_shows_one_cell_its_figures_its_sentences_and_nothing_else(changes):
    """甲县's fines 9.9 → 10.9: with the city's sum, which no longer is the total of the return: a fourteenth fault."""
    heads = [head.get_text() for head in changes.find_all("h3")]
    assert heads == ["原始数据（1个单元格）", "数字（4个）", "结论（1条）"]
    (cell,) = changes.select(".changed-cells > li")
    assert [part.get_text() for part in cell.find_all("p", recursive=False)] == [
        "甲县 罚款：9.9 → 10.9",
        "data/raw/demo/2021-q2/work.csv 第2行D列",
        "影响：",
    ]
    figures = [[part.get_text() for part in row.find_all(["th", "td"])] for row in changes.select("tbody tr")]
    assert figures == [
        ["填报数据中的问题", "13个", "14个"],
        ["合计不符", "1个", "2个"],
        ["全市罚款", "28.4万元", "29.4万元"],
        ["甲县罚款", "9.9万元", "10.9万元"],
    ]
    (sentence,) = changes.select(".sides > li")
    before, now = (side.p.get_text() for side in sentence.find_all("div"))
    same = (
        "其中单项空白1项、整表未报3项、逻辑错误1项、比率不合理1项、填报值与计算值不符1项、合计不符{}项、"
        "与他期数据雷同1项、数值疑误1项、数据异常波动2项、日期有误1项"
    )
    assert before == "填报数据存在问题13项，" + same.format(1)
    assert now == "填报数据存在问题14项，" + same.format(2)
    assert [part.get_text() for part in sentence.find_all(["del", "ins"])] == ["13", "1", "14", "2"]


@of_story
def test_the_cell_leads_to_what_it_touches_and_that_to_the_public_page(story, changes):
    touched = changes.select(".touches a")
    assert [link.get_text() for link in touched] == ["填报数据中的问题", "合计不符", "全市罚款", "甲县罚款", "结论1"]
    assert all(changes.find(id=link["href"].removeprefix("#")) for link in touched)
    public = "../../_site/reports/demo/2021-q2.html#"
    leads = {
        link.get_text(): link["href"].removeprefix(public) for link in changes.find_all("a") if link not in touched
    }
    assert leads == {
        "甲县 罚款": "cell-fines-jia",
        "填报数据中的问题": "finding-faults",
        "合计不符": "finding-faults",
        "全市罚款": "cell-fines-area",
        "甲县罚款": "cell-fines-jia",
        "二、填报质量": "problems",
        "依据": "finding-faults",
    }
    there = fresh_soup(story.project / "_site/reports/demo/2021-q2.html")
    assert all(there.find(id=name) for name in leads.values())


@of_story
def test_it_says_where_the_bulletin_stands_and_what_is_left(story):
    page = soup(story.project / PAGE)
    standing = page.find("section", id="standing").get_text()
    assert "王芳的批准已不算数：data/raw/demo/2021-q2/work.csv 有改动" in standing
    assert "需1人，有效0人" in standing
    audit = [row.get_text(" ") for row in page.find("section", id="audit").select("tbody tr")]
    assert re.fullmatch(r"原始数据和记录 \d+ 0", audit[0])
    assert [row.split()[0] for row in audit[1:]] == ["2021-q2.csv", "2021-q2.html"]
    assert all(re.fullmatch(r"\S+ \d+ 0", row) for row in audit[1:])
    states = {issue.select_one(".badge").get_text() for issue in page.select(".issue")}
    assert states == {"未决", "仅作说明"}
    said = story.review
    assert "built       demo@2021-q2" in said
    assert "compared    with version 1: cells: 1, figures: 4, sentences: 1" in said
    assert re.search(r"audit       \d+ held, 0 left over", said)
    assert "approvals   0 of 1" in said


@of_story
def test_after_approval_with_a_note_version_2_is_out_and_says_so(story):
    (bulletin,) = read_list(story.site).bulletins
    assert [(version.number, version.note) for version in bulletin.versions] == [(1, ""), (2, WHY)]
    folder = story.site / "reports/demo/2021-q2/v1"
    banner = soup(folder / "2021-q2.html").find(class_="publication")
    assert "已被更正" in banner.get_text()
    assert (folder / banner.a["href"]).resolve() == (story.site / "reports/demo/2021-q2.html").resolve()
    for name in ("index.html", "feed.xml"):
        text = (story.site / name).read_text("utf-8")
        assert "更正" in text
        assert WHY in text
    assert not list(story.site.rglob("_review"))


@pytest.mark.further
@of_story
@pytest.mark.chromium
@pytest.mark.parametrize("width", [pytest.param(390, marks=pytest.mark.long), 1280])
def test_axe_finds_nothing_wrong(story, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((story.project / PAGE).as_uri())
    assert faults_by_axe(page) == []
    page.close()


@pytest.mark.further
@of_story
@pytest.mark.chromium
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(story, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((story.project / PAGE).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@of_story
@pytest.mark.chromium
def test_ticks_survive_a_reload_and_are_set_by_key(story, browser):
    page = browser.new_context().new_page()
    page.goto((story.project / PAGE).as_uri())
    boxes = page.locator(".ticks input")
    page.wait_for_selector("#ticked[data-kept='0']")
    assert page.inner_text("#ticked") == "0 / 18"  # 8 findings, 10 issues that are not notes
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "查看"
    page.wait_for_selector("#ticked[data-kept='1']")
    page.reload()
    page.wait_for_selector("#ticked[data-kept='1']")
    assert page.inner_text("#ticked") == "1 / 18"
    assert [boxes.nth(number).is_checked() for number in range(3)] == [False, True, False]
    page.close()


@pytest.mark.further
@of_story
@pytest.mark.chromium
def test_on_paper_the_boxes_are_empty_and_there_are_lines_to_sign(story, browser):
    page = browser.new_context().new_page()
    page.goto((story.project / PAGE).as_uri())
    page.locator(".ticks input").first.check()
    page.emulate_media(media="print")
    shown = "(one) => getComputedStyle(document.querySelector(one))"
    assert page.evaluate(f"({shown})('.ticks input').appearance") == "none"
    assert page.locator(".to-sign p").all_inner_texts() == ["审核人", "日期", "签名"]
    for name in ("#robustness", "#changes", "#audit", ".issue .cells"):
        assert page.locator(name).first.is_visible(), name
    assert not page.locator("#ticked").is_visible()
    page.close()
