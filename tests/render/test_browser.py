"""The pages in a real browser: alive, readable on a phone, silent towards other hosts."""

import pytest

from pages import EDITIONS, page_path

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]
documents = pytest.mark.parametrize("golden", EDITIONS, ids=lambda golden: f"{golden['series']}-{golden['period']}")


@pytest.fixture
def visit(browser, site):
    """Open a page at a width; returns it with the addresses it asked for."""
    opened = []

    def call(golden, width):
        page = browser.new_page(viewport={"width": width, "height": 900})
        opened.append(page)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_path(site, golden, "html").as_uri())
        page.wait_for_selector(".chart.is-live", timeout=30_000)
        return page, asked

    yield call
    for page in opened:
        page.close()


@documents
def test_the_chart_comes_alive_and_no_other_host_is_asked(visit, golden):
    page, asked = visit(golden, 1280)
    assert all(url.startswith("file:") for url in asked)
    labels = page.eval_on_selector_all(".chart.is-live svg", "all => all.map(svg => svg.getAttribute('aria-label'))")
    assert labels
    assert all(labels)
    page.locator(".chart svg path.mark-rect, .chart svg .mark-rect path").first.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    rank = "Rank" if golden["period"].endswith(".en") else "排名"
    assert rank in page.locator("#vg-tooltip-element").inner_text()


@documents
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_overflows_but_the_tables_scroll(visit, golden, width):
    page, _ = visit(golden, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator(".annex-table tbody th").first
    before = first.bounding_box()["x"]
    page.evaluate("document.querySelector('.table-scroll').scrollLeft = 200")
    assert first.bounding_box()["x"] == pytest.approx(before, abs=1)


@documents
def test_on_a_phone_the_letters_of_the_chart_stay_readable(visit, golden):
    page, _ = visit(golden, 390)
    heights = page.eval_on_selector_all(
        ".chart svg text", "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert min(height for height in heights if height) >= 11
    ends = page.eval_on_selector_all(".chart svg", "all => all.map(svg => svg.getBoundingClientRect().right)")
    assert max(ends) <= 390


@documents
def test_a_cell_named_as_evidence_lights_up(visit, golden):
    page, _ = visit(golden, 1280)
    page.locator(".evidence summary").first.click()
    link = page.locator(".evidence details[open] .cells a").first
    target = link.get_attribute("href")
    plain = page.eval_on_selector(target, "cell => getComputedStyle(cell).backgroundColor")
    link.press("Enter")
    assert page.eval_on_selector(target, "cell => getComputedStyle(cell).backgroundColor") != plain
    assert page.locator(target).is_visible()
