"""The review page: what is for reviewers stands there and nowhere in the site, which can be copied as it is."""

import re

import pytest

from conftest import review_page
from pages import EDITIONS, GOLDEN, page_path, soup

documents = pytest.mark.parametrize("golden", EDITIONS, ids=lambda golden: f"{golden['series']}-{golden['period']}")
# What the pages of reviewers say, and what records hold of it.
FOR_REVIEWERS = (
    "偶然",
    "95%",
    "99.8%",
    "请核实",
    "by chance",
    "chance:",
    "robustness",
    '"origin": "statistic"',
    "_review",
)


def review_path(project, golden):
    return review_page(project, golden["series"], golden["period"])


def test_nothing_in_the_site_is_for_reviewers_or_leads_to_them(site):
    files = [file for suffix in ("html", "json", "csv", "js") for file in (site / "_site").rglob(f"*.{suffix}")]
    texts = {file.name: file.read_text("utf-8") for file in files if "theme" not in file.parts}
    assert len(texts) > 5
    assert [(name, word) for name, text in texts.items() for word in FOR_REVIEWERS if word in text] == []


@documents
def test_the_page_needs_no_other_file_and_leads_to_the_public_one(site, golden):
    path = review_path(site, golden)
    page = soup(path)
    assert page.select('link[rel="stylesheet"], script[src], img') == []
    assert "text-underline-offset" in page.style.get_text()
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"
    assert re.search("审核用，不公开|For review; not for publication", page.select_one(".review-only").get_text())
    targets = {link["href"] for link in page.select("main a") if not link["href"].startswith("#")}
    assert targets
    for target in targets:
        file, _, name = target.partition("#")
        public = (path.parent / file).resolve()
        page_of_it = page_path(site, golden, "html").resolve()
        assert public == page_of_it or public.is_relative_to(page_of_it.parent / "raw")
        assert public.is_file()
        assert not name or soup(public).find(id=name), target


@documents
def test_its_contents_are_complete_and_each_part_has_its_heading(site, golden):
    page = soup(review_path(site, golden))
    parts = [f"#{heading.find_parent('section')['id']}" for heading in page.select("main h2")]
    assert [link["href"] for link in page.select(".contents nav a")] == parts
    assert [part for part in parts if part != "#doubts"] == [
        *("#standing", "#changes", "#open-points", "#audit", "#returns", "#robustness", "#ticks")
    ]


def test_an_issue_names_its_cells_and_the_findings_that_rest_on_them(site):
    issues = soup(review_path(site, GOLDEN[0])).select("#returns .issue")
    assert [issue.b.get_text() for issue in issues] == ["警告", "警告"]
    first = issues[0]
    assert "路桥区的现场检查记录（696份）大于检查家次（652家次）" in first.get_text()
    assert [link.get_text()[:8] for link in first.select('a[href*="#finding-"]')] == [
        "全市共检查生产经",
        "路桥、椒江、天台",
    ]
    cells = [cell.get_text() for cell in first.select(".cells li")]
    assert cells == ["路桥区 现场检查记录 696 第4行C列", "路桥区 检查家次 652 第4行B列"]


def test_the_section_on_chance(site):
    page = soup(review_path(site, GOLDEN[0]))
    section = page.select_one("section#robustness")
    assert "5个单位：高于界限的黄岩区和玉环市" in section.svg["aria-label"]
    # What is measured breaks on a phone, where the drawing scrolls.
    assert "横线：全市" in section.select_one(".chart > .chart-subtitle").get_text()
    assert "横线" not in section.svg.get_text()
    *_, table = section.select("table")
    rows = {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr")}
    assert next(iter(rows)) == "黄岩区"
    assert rows["黄岩区"] == ["21.0", "49 ÷ 233", "16.3～26.7", "1", "1", "高于99.8%界限"]
    assert all(header["scope"] == "col" for header in table.select("thead th"))
    assert len(section.select(".chart-data tbody tr")) == len(rows) == 9
    (doubt,) = [item.get_text() for item in page.select("section#doubts li")]
    assert "仙居县和天台县列入可能只是偶然" in doubt
    assert "仙居县4.0%低于5.9%，但95%区间（2.5%～6.4%）包含5.9%" in doubt


def test_rates_without_their_counts_get_one_line_and_no_plot(site):
    section = soup(review_path(site, GOLDEN[1])).select_one("section#robustness")
    assert section.select("svg, table, li") == []
    (line,) = section.select("p")
    assert "检查处罚率和罚款收缴率按填报数刊印，各地没有报送分子和分母" in line.get_text()


def test_what_holds_for_all_rates_is_said_once(assessment_site):
    """Seven rates of counts: one account of what intervals mean, one list of findings in doubt."""
    page = soup(review_path(assessment_site, {"series": "assessment", "period": "2021"}))
    section = page.select_one("section#robustness")
    assert len(section.select("h3")) >= 7
    for words in ("不是抽样", "单凭偶然", "不说明原因和优劣", "Wilson"):
        assert section.get_text().count(words) == 1, words


def test_no_share_has_an_interval_or_a_limit_beyond_100_percent(assessment_site):
    page = soup(review_path(assessment_site, {"series": "assessment", "period": "2021"}))
    shares = [block for block in page.select("section#robustness h3") if "掌上执法" in block.get_text()]
    assert len(shares) == 3
    ends = [end for end in page.select('.reviewer-table [data-figure*="upper"]') if "mobile" in end["data-figure"]]
    ends = [float(end.get_text()) for end in ends]
    assert len(ends) > 20
    assert max(ends) == 100
    assert "100%，但" not in page.get_text()  # no test against all
