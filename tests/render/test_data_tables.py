"""Annex tables in a real browser: sorted by their headers, names and header in sight, nothing lost without scripts."""

import pytest

from pages import GOLDEN, page_path

TAIZHOU, WENZHOU = GOLDEN
ASSESSMENT = {"series": "assessment", "period": "2021"}
pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]
ISSUED = [
    *("鹿城区", "龙湾区", "瓯海区", "洞头区", "乐清市", "瑞安市", "永嘉县", "文成县", "平阳县", "泰顺县", "苍南县"),
    *("浙南产业集聚区", "龙港市"),
]
BLANK = ["文成县", "平阳县", "浙南产业集聚区"]


@pytest.fixture
def visit(browser):
    """Open a page of a site at a size, with scripts or without."""
    opened = []

    def call(site, golden, width=1280, **options):
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        opened.append(page)
        page.goto(page_path(site, golden, "html").as_uri())
        return page

    yield call
    for page in opened:
        page.close()


def names(page, table=0):
    return page.locator(".annex-table").nth(table).locator("tbody th").all_inner_texts()


def header(page, text):
    return page.locator(".annex-table").first.get_by_role("button", name=text, exact=True)


def test_a_header_sorts_by_its_column_both_ways_and_back(visit, site):
    page = visit(site, WENZHOU)
    fines = header(page, "罚款总数 （万元）")
    fines.click()
    assert names(page) == [
        *("乐清市", "永嘉县", "鹿城区", "龙湾区", "瑞安市", "瓯海区", "龙港市", "洞头区", "泰顺县", "苍南县"),
        *BLANK,
    ]
    assert page.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
    assert page.get_by_role("status").first.inner_text() == "已排序：罚款总数 （万元），从高到低"
    fines.click()
    assert names(page)[:3] == ["苍南县", "泰顺县", "洞头区"]
    assert names(page)[-3:] == BLANK
    fines.click()
    assert names(page) == ISSUED
    assert page.locator("[aria-sort]").count() == 0


@pytest.mark.further
def test_sorting_works_by_keyboard_and_the_issuers_order_comes_back(visit, site):
    page = visit(site, WENZHOU)
    page.locator(".table-scroll:has(.annex-table)").first.focus()
    for _ in range(4):  # 单位, 罚款总数, 非事故类罚款额, its rank
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "非事故类罚款额排序"
    page.keyboard.press("Enter")
    assert names(page)[:3] == ["乐清市", "永嘉县", "鹿城区"]  # the first rank first
    page.keyboard.press("Space")
    assert names(page)[0] == "苍南县"
    restore = page.get_by_role("button", name="恢复原来的顺序")
    restore.press("Enter")
    assert names(page) == ISSUED
    assert restore.count() == 0
    assert page.evaluate("document.activeElement.textContent") == "非事故类罚款额排序"


def test_the_totals_row_stays_where_it_is_and_names_sort_as_words(visit, site):
    page = visit(site, TAIZHOU)
    header(page, "立案调查 （起）").click()
    assert names(page)[:2] == ["温岭市", "玉环市"]
    assert names(page)[-1] == "合计"
    header(page, "单位").click()
    assert names(page)[-1] == "合计"
    assert names(page)[:3] == ["黄岩区", "椒江区", "临海市"]  # by sound: Huangyan, Jiaojiang, Linhai


@pytest.mark.further
@pytest.mark.parametrize("width", [390, 1280])
def test_header_and_names_stay_in_sight(visit, assessment_site, width):
    page = visit(assessment_site, ASSESSMENT, width)
    table = page.locator(".annex-figure").nth(3)
    scroll, head = table.locator(".table-scroll"), table.locator("thead th").nth(1)
    name = table.locator("tbody tr").nth(12).locator("th")
    assert name.inner_text().startswith("合成企业")
    name.scroll_into_view_if_needed()
    before = name.bounding_box()["x"]
    scroll.evaluate("box => { box.scrollTop = 300; box.scrollLeft = 250 }")
    if width == 390:
        assert scroll.evaluate("box => box.scrollLeft") == 250
        assert name.bounding_box()["x"] == pytest.approx(scroll.bounding_box()["x"], abs=1)
        assert table.locator("tbody td").first.bounding_box()["x"] < 0  # the number goes
        assert head.bounding_box()["y"] == pytest.approx(scroll.bounding_box()["y"], abs=2)
    else:
        assert name.bounding_box()["x"] == before
        name.evaluate("cell => cell.scrollIntoView()")
        assert head.bounding_box()["y"] == pytest.approx(0, abs=2)
    assert head.inner_text().startswith("企业名称")


@pytest.mark.further
def test_decimal_points_stand_under_each_other(visit, site):
    page = visit(site, WENZHOU)
    figures = page.locator(".annex-table").first.locator("tbody td:nth-child(2):not(.blank)")
    ends = figures.evaluate_all(
        """cells => cells.map((cell) => {
            const range = document.createRange(), text = cell.firstChild;
            range.setStart(text, 0);
            range.setEnd(text, `${text.data}.`.indexOf("."));
            return range.getBoundingClientRect().right;
        })""",
    )
    assert len(ends) == 10
    assert max(ends) - min(ends) < 0.2


@pytest.mark.further
def test_more_columns_are_announced_only_where_there_are_more(visit, site):
    phone, desk = visit(site, WENZHOU, 390), visit(site, WENZHOU, 1280)
    assert phone.locator(".table-hint").first.is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not desk.locator(".table-hint").first.is_visible()
    frame, text = (desk.locator(name).first.bounding_box() for name in (".annex-figure", ".main-points"))
    assert frame["width"] > text["width"] + 100  # it uses the room beside the text
    assert desk.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_blank_is_shown_as_a_mark_and_read_out_as_what_it_is(visit, site):
    page = visit(site, WENZHOU)
    row = page.locator(".annex-table").first.get_by_role("row", name="文成县")
    told = row.aria_snapshot()
    assert told.count('cell "未报送"') == 4
    assert "不排名" in told
    assert page.locator(".table-note").first.inner_text().startswith("—　无数据（未报送、不排名、无法计算）")


def test_without_scripts_the_table_is_complete(visit, site):
    page = visit(site, WENZHOU, 390, java_script_enabled=False)
    assert names(page) == ISSUED
    assert page.locator(".annex-table button").count() == 0
    assert page.locator(".table-hint").first.is_visible()
    links = page.locator(".table-files").first.locator("a")
    assert links.all_inner_texts() == ["本表CSV", "本表XLSX"]
