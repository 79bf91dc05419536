"""The search: what is found is what stands on the pages, and nothing else."""

import json
import re
import shutil
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import served_site
from pages import soup
from tongbao.definition.project import Project
from tongbao_site import search
from tongbao_site.built import Pages, update_site

pytestmark = pytest.mark.xdist_group("site")  # what they look at is made once
LEFT_OUT = "script, style, svg, table.periods thead, .evidence-list, .chart-data, .downloads, .neighbours"
PAGES = ("reports/*/*.html", "reports/*/units/*.html")
BLOCKS = "h1,h2,h3,h4,p,li,dt,td,th,summary,figcaption,div,dl,section,nav,header,ul,table,details,sup"
FIGURES = ["7.69", "35.08", "95.93", "99.03", "299.74", "248", "87", "92.86", "100", "3"]


@pytest.fixture(scope="module")
def texts(whole):
    """What the Chinese pages say, by their place: read by another parser, blocks told apart by the ends of lines."""
    site, found = whole / "_site", {}
    for path in (path for pattern in PAGES for path in site.glob(pattern)):
        page = soup(path)
        if page.html["lang"].startswith("zh"):
            main = page.main
            for one in main.select(LEFT_OUT):
                one.decompose()
            for block in main.select(BLOCKS):
                block.insert_before("\n")
                block.insert_after("\n")
            lines = (" ".join(line.split()) for line in main.get_text().splitlines())
            found[path.relative_to(site).as_posix()] = "\n".join(filter(None, lines))
    return found


def searched(page, served, query, name="search.html"):
    """The pages that a search lists, and what it says."""
    if page.url.startswith(served + name):
        page.fill("#q", query)
        page.press("#q", "Enter")
    else:
        page.goto(f"{served}{name}?q={quote(query)}")
    page.wait_for_function("document.getElementById('search-status').textContent !== ''")
    found = page.eval_on_selector_all("#search-results a", "all => all.map(one => one.href)")
    return {one.removeprefix(served) for one in found}, page.inner_text("#search-status")


@pytest.mark.chromium
@pytest.mark.long
def test_every_unit_and_figure_is_found_on_the_pages_that_hold_it_and_no_others(whole, served, texts, browser):
    full = {soup(path).h1.get_text().partition("：")[0] for path in whole.glob("_site/reports/*/units/*.html")}
    full = {name for name in full if not name.isascii()}
    assert {"鹿城区", "平阳县", "浙南产业集聚区"} <= full
    short = {re.sub("(产业集聚区|[县市区])$", "", name) for name in full}
    key = {
        one.get_text()
        for path in whole.glob("_site/reports/*/2*.html")
        for one in soup(path).select(".key-figure .number")
    }
    rates = {f"{one}%" for one in key if "." in one}
    page = browser.new_page()
    for query in sorted(full | short | key | rates | set(FIGURES)):
        number = r"(?<!\d)(?<!\d[.,]){}(?!\d|[.,]\d)" if query[-1].isdigit() else r"(?<!\d)(?<!\d[.,]){}"
        pattern = re.compile(number.format(re.escape(query)) if query[0].isdigit() else re.escape(query))
        expected = {place for place, text in texts.items() if pattern.search(text)}
        found, said = searched(page, served, query)
        if len(expected) <= 30:
            assert found == expected, query
        else:
            assert len(found) == 30, query
            assert found <= expected, query
        assert said == (f"找到{len(expected)}页" if expected else f"没有找到“{query}”。"), query
        marks = page.eval_on_selector_all("#search-results mark", "all => all.map(one => one.textContent)")
        assert set(marks) <= {query}
    page.close()


@pytest.mark.chromium
@pytest.mark.parametrize(
    ("query", "as_if"),
    [("２０％", "20%"), ("鹿城　处罚率", "处罚率 鹿城"), ("ＣＳＶ", "csv"), ("7.69％ 龙港", "龙港市 7.69%")],
)
def test_letters_of_full_width_and_the_order_of_words_make_no_difference(served, browser, query, as_if):
    page = browser.new_page()
    found, _ = searched(page, served, query)
    assert found
    assert found == searched(page, served, as_if)[0]
    page.close()


@pytest.mark.chromium
@pytest.mark.parametrize("query", ["檢查處罰率", "鹿城区 不在此处", "7.6 龙港", "17.69", "罚处", "<b>"])
def test_what_stands_on_no_page_is_not_found(served, browser, query):
    page = browser.new_page()
    assert searched(page, served, query) == (set(), f"没有找到“{query}”。")
    page.close()


@pytest.mark.further
@pytest.mark.chromium
def test_an_english_page_finds_english_words_by_how_they_begin(served, browser):
    page = browser.new_page()
    found, said = searched(page, served, "LUCHENG inspect", "search.en.html")
    assert "reports/wenzhou-monthly/2021-01-to-02.en.html" in found
    assert all(".en.html" in one for one in found)
    assert said.endswith("pages")
    assert searched(page, served, "ucheng", "search.en.html")[0] == set()
    page.close()


@pytest.mark.further
@pytest.mark.chromium
def test_excerpts_show_what_was_searched_as_it_is_printed(served, browser):
    page = browser.new_page()
    searched(page, served, "龙港 7.69")
    excerpts = page.locator("#search-results p").all_inner_texts()
    assert all("龙港" in text and "7.69" in text for text in excerpts)
    assert not any(re.search(r"[\u4e00-\u9fff]\. ?[\u4e00-\u9fff]", text) for text in excerpts)
    page.close()


@pytest.mark.further
@pytest.mark.chromium
def test_of_two_searches_on_a_slow_line_the_last_one_is_shown(served, browser):
    page = browser.new_page()
    page.route("**/search/zh/texts-*", lambda route: (time.sleep(0.3), route.continue_()))
    page.goto(f"{served}search.html")
    for query in ("处罚率", "鹿城区", "鹿城区"):
        page.fill("#q", query)
        page.press("#q", "Enter")
    page.wait_for_function("document.querySelectorAll('#search-results li').length > 0")
    page.wait_for_timeout(500)
    count = page.locator("#search-results li").count()
    assert page.inner_text("#search-status") == f"找到{count}页"
    assert set(page.locator("#search-results mark").all_inner_texts()) == {"鹿城区"}
    page.unroute("**/search/zh/texts-*")
    page.close()


@pytest.mark.chromium
def test_a_long_query_makes_no_page_wide_and_the_hint_is_whole(served, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{served}search.html?q={'x' * 3000}")
    page.wait_for_function("document.getElementById('search-status').textContent !== ''")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(f"{served}search.html")
    assert page.evaluate("""(() => {
        const box = document.getElementById("q"), pen = document.createElement("canvas").getContext("2d");
        pen.font = getComputedStyle(box).font;
        return pen.measureText(box.placeholder).width < box.clientWidth - 24;
    })()""")
    page.close()


def test_without_scripts_the_page_says_that_the_search_needs_them(whole):
    assert soup(whole / "_site/search.html").noscript.get_text() == "搜索须启用浏览器的JavaScript。"


def test_the_index_is_the_same_bytes_each_time_and_nothing_of_what_is_gone(whole, tmp_path):
    project = Path(shutil.copytree(whole, tmp_path / "p", symlinks=True))
    folder = project / "_site/search"
    before = {path.name: path.read_bytes() for path in folder.glob("zh/*")}
    shutil.rmtree(folder)
    shutil.rmtree(project / ".tongbao/site")
    update_site(Project(project), Pages(search=True, force=True))
    assert {path.name: path.read_bytes() for path in folder.glob("zh/*")} == before
    update_site(Project(project), Pages(force=True))
    assert not folder.exists()


def test_many_pages_are_cut_into_parts_that_belong_together(tmp_path):
    for number in range(150):
        place = tmp_path / f"reports/s{number % 3}/20{number:02}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        text = f"第{number}期鹿城区。" * 400
        place.write_text(f'<html lang="zh"><main><h1>标题{number}</h1><p>{text}</p></main></html>', "utf-8")
    files = search.search_files(tmp_path, tmp_path / "cache")
    index = json.loads(files["search/zh/index.json"])
    assert index["shards"] == 32
    assert len(index["packs"]) > 3
    texts = [text for at in range(len(index["packs"])) for text in json.loads(files[f"search/zh/texts-{at}.json"])]
    assert len(texts) == len(index["pages"]) == 150
    part = json.loads(files[f"search/zh/terms-{search.shard('147', 32)}.json"])
    assert "第147期" in texts[part["147"][0]]


@pytest.mark.further
@pytest.mark.chromium
def test_of_many_pages_it_is_said_how_many_there_are_at_least(whole, tmp_path, browser):
    for number in range(650):
        place = tmp_path / f"reports/s/{1000 + number}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        said = "鹿城区" if number < 640 else "鹿城，城区"
        place.write_text(f'<html lang="zh"><main><h1>标题{number}</h1><p>{said}</p></main></html>', "utf-8")
    for name, content in search.search_files(tmp_path, tmp_path / "cache").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    shutil.copytree(whole / "_site/theme", tmp_path / "theme")
    page = browser.new_page()
    shutil.copy2(whole / "_site/search.html", tmp_path)
    with served_site(tmp_path) as address:
        found, said = searched(page, address, "鹿城区")
        assert (len(found), said) == (30, "找到490页以上")
        assert searched(page, address, "标题7 鹿城区") == ({"reports/s/1007.html"}, "找到1页")
        assert searched(page, address, "城，城")[1] == "找到10页"
    page.close()
