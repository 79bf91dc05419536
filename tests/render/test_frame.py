"""The frame of every page: contents, foot, what machines read in its head; nothing that axe finds fault with."""

import json
import re

import pytest

from conftest import edit, tongbao
from pages import EDITIONS, GOLDEN, at_widths, faults_by_axe, page_path, soup, squeeze

documents = pytest.mark.parametrize("golden", EDITIONS, ids=lambda golden: f"{golden['series']}-{golden['period']}")


def name_of(heading):
    """A heading's identifier; Pandoc puts it on the section around it."""
    return heading.get("id") or heading.parent["id"]


@documents
def test_the_contents_name_every_part_of_the_page(site, golden):
    page = soup(page_path(site, golden, "html"))
    listed = [(link["href"], squeeze(link.get_text())) for link in page.select(".contents nav a")]
    assert listed == [(f"#{name_of(part)}", squeeze(part.get_text())) for part in page.select(".text h2")]
    assert {"#main-points", "#notes", "#evidence", "#provenance"} < {href for href, _ in listed}


@documents
def test_the_frame_speaks_the_language_of_its_page(site, golden):
    page = soup(page_path(site, golden, "html"))
    words = " ".join(part.get_text() for part in page.select(".site-header, .contents summary, .site-footer dt, .skip"))
    if golden["period"].endswith(".en"):
        assert not re.search("[\u4e00-\u9fff]", page.select_one(".site-footer").get_text() + words)
        assert "How to cite" in words
    else:
        assert not re.search("[A-Za-z]", words)
        assert "引用格式" in words


def test_a_head_gives_machines_the_dataset_its_dates_and_its_files(site):
    page = soup(page_path(site, GOLDEN[1], "html"))
    data = json.loads(page.find("script", type="application/ld+json").string)
    assert data["name"] == GOLDEN[1]["head"][1]
    assert data["temporalCoverage"] == "2021-01-01/2021-02-28"
    assert data["datePublished"] == page.select_one(".document-facts time")["datetime"] == "2021-03-10"
    assert [one["contentUrl"] for one in data["distribution"]] == ["2021-01-to-02.csv", "2021-01-to-02.json"]
    said = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}
    assert said["og:title"] == GOLDEN[1]["head"][1]
    assert page.find("meta", attrs={"name": "description"})["content"].startswith("全市检查企业248家次")
    icon = page.find("link", rel="icon")["href"]
    assert (page_path(site, GOLDEN[1], "html").parent / icon).is_file()


@pytest.mark.long
def test_a_foot_says_what_the_series_and_the_period_declare(project):
    edit(
        project / "reports/taizhou-andun/series.yml",
        "units:",
        "site: https://tj.example.org/tongbao\ncontact: 统计科，0576-1234\nlicence: CC BY 4.0\nunits:",
    )
    text = project / "reports/taizhou-andun/2019-04-to-06.md"
    edit(text, "statistics_date", "corrections:\n  - {day: 2019-08-02, says: 附件中A县的数由3改为4。}\nstatistics_date")
    tongbao(project, "build", "taizhou-andun", "--format", "html")
    page = soup(page_path(project, GOLDEN[0], "html"))
    foot = {item.dt.get_text(): item.dd.get_text() for item in page.select(".site-footer dl > div")}
    address = "https://tj.example.org/tongbao/reports/taizhou-andun/2019-04-to-06.html"
    assert foot["发布机关"] == "台州市应急管理局"
    assert foot["联系方式"] == "统计科，0576-1234"
    assert foot["使用许可"] == "CC BY 4.0"
    assert foot["固定网址"] == address == page.find("link", rel="canonical")["href"]
    assert foot["更新与更正"].endswith("2019-08-02：附件中A县的数由3改为4。")
    assert foot["引用格式"] == f"台州市应急管理局. {GOLDEN[0]['head'][1]}[EB/OL]. (2019-07-22). {address}."
    data = json.loads(page.find("script", type="application/ld+json").string)
    assert (data["license"], data["dateModified"], data["url"]) == ("CC BY 4.0", "2019-08-02", address)
    tongbao(project, "verify", "--audit", "taizhou-andun")
    # The proofs of the foot are held, too.
    page = page_path(project, GOLDEN[0], "html")
    for right, wrong in (("由3改为4", "由3改为5"), (f">{address}<", f">{address.replace('2019', '2018')}<")):
        kept = page.read_text("utf-8")
        edit(page, right, wrong)
        assert tongbao(project, "verify", "--audit", "taizhou-andun", code=1)
        page.write_text(kept, "utf-8")


def test_a_title_keeps_its_words_whole(site):
    title = soup(page_path(site, GOLDEN[1], "html")).h1
    assert [word.get_text() for word in title.select(".unbroken")] == [
        "2021年1-2月", "全市", "安全生产", "执法", "工作", "情况", "的通报",
    ]  # fmt: skip
    assert title.get_text() == GOLDEN[1]["head"][1]


class TestInTheBrowser:
    pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]

    @pytest.fixture
    def visit(self, browser, site):
        opened = []

        def call(name, width, **options):
            page = browser.new_page(viewport={"width": width, "height": 900}, **options)
            opened.append(page)
            page.goto((site / "_site" / name).as_uri())
            return page

        yield call
        for page in opened:
            page.close()

    @pytest.mark.parametrize(("width", "unfolded"), [(390, False), (768, False), (1280, True)])
    def test_the_contents_are_there_at_every_width(self, visit, width, unfolded):
        page = visit("reports/wenzhou-monthly/2021-01-to-02.html", width)
        link = page.locator('.contents a[href="#annex-2"]')
        assert link.is_visible() is unfolded
        if not unfolded:
            page.locator(".contents summary").click()
        link.click()
        assert page.evaluate("document.getElementById('annex-2').getBoundingClientRect().top") < 200
        page.locator(".to-top a").click()
        page.wait_for_function("scrollY === 0")

    @pytest.mark.further
    @pytest.mark.parametrize(
        ("name", "width"),
        at_widths(
            ["index.html", *(f"reports/{golden['series']}/{golden['period']}.html" for golden in EDITIONS)],
            ("reports/wenzhou-monthly/2021-01-to-02.html", 390),
            ("reports/taizhou-andun/2019-04-to-06.html", 1280),
        ),
    )
    def test_axe_finds_nothing_wrong(self, visit, name, width):
        page = visit(name, width)
        assert faults_by_axe(page) == []
