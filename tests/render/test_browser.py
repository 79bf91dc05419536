"""The pages in a real browser: alive, readable on a phone, silent towards other hosts."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pages import EDITIONS, page_path

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]
documents = pytest.mark.parametrize("golden", EDITIONS, ids=lambda golden: f"{golden['series']}-{golden['period']}")


@pytest.fixture
def visit(browser, site):
    """Open a page at a width; returns it with the addresses it asked for."""
    opened = []

    def call(golden, width, **options):
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        opened.append(page)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_path(site, golden, "html").as_uri())
        return page, asked

    yield call
    for page in opened:
        page.close()


@pytest.mark.further
@documents
def test_a_row_of_a_chart_tells_its_numbers_beside_the_pointer(visit, golden):
    page, asked = visit(golden, 1280)
    assert all(url.startswith("file:") for url in asked)
    page.locator("svg.chart-wide [data-row]").nth(1).hover()
    chart = page.locator("figure .chart").first
    heads = chart.locator(".chart-data thead th").all_text_contents()
    cells = chart.locator(".chart-data tbody tr").nth(1).locator("th, td").all_text_contents()
    told = [cells[0], *(f"{head} {cell}" for head, cell in zip(heads[1:], cells[1:], strict=True))]
    assert page.locator(".chart-tip").inner_text().splitlines() == told
    page.locator("h1").hover()
    assert page.locator(".chart-tip").count() == 0


@pytest.mark.further
@documents
def test_a_page_is_light(visit, golden):
    """Under 200 kB with all that it loads: no library comes with its charts."""
    _, asked = visit(golden, 1280)
    files = {Path(unquote(urlsplit(url).path)) for url in asked}
    assert len(files) >= 5
    assert sum(file.stat().st_size for file in files) < 200_000


@pytest.mark.further
@documents
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_chart_draws_stands_out_on_its_ground(visit, golden, scheme):
    """Letters by 4.5 to 1, shapes by 3 to 1 (WCAG 2.2)."""
    page, _ = visit(golden, 390, color_scheme=scheme)
    colours = """all => all.map(one => {
      const style = getComputedStyle(one), ground = getComputedStyle(one.closest("svg")).backgroundColor;
      return [one.tagName, style.fill === "none" ? style.stroke : style.fill, ground];
    })"""
    shapes = page.eval_on_selector_all("svg.chart-narrow :is(text, [data-figure]:not(tspan))", colours)
    assert len({colour for _, colour, _ in shapes}) >= 3
    assert all(contrast(colour, ground) >= (4.5 if tag == "text" else 3) for tag, colour, ground in shapes)
    grounds = {ground for *_, ground in shapes}
    page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    assert {page.eval_on_selector("svg.chart-narrow", "one => getComputedStyle(one).backgroundColor")} != grounds


def contrast(first, second):
    """The contrast of two colours, ``rgb(r, g, b)``, as WCAG has it: from 1 to 21."""
    light, dark = sorted(map(luminance, (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_contrast_of_black_and_white_is_known():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)


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
@pytest.mark.parametrize("width", [320, 390, pytest.param(768, marks=pytest.mark.long), 1280])
def test_the_letters_of_a_chart_are_readable_at_every_width(visit, golden, width):
    page, _ = visit(golden, width)
    shown = page.locator("figure .chart svg:visible").evaluate_all("all => all.map(one => one.getAttribute('class'))")
    assert shown == ["chart-narrow" if width < 600 else "chart-wide"]
    boxes = page.locator("figure .chart svg:visible text").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.height, box.left, box.right])"
    )
    assert min(height for height, _, _ in boxes) >= (11 if width == 320 else 13)
    assert min(left for _, left, _ in boxes) >= 0
    assert max(right for _, _, right in boxes) <= width


@pytest.mark.further
@documents
@pytest.mark.parametrize("width", [390, 1280])
def test_no_label_of_a_chart_stands_under_its_line_or_on_another(visit, golden, width):
    page, _ = visit(golden, width)
    box = "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.top, box.right, box.bottom])"
    texts = page.locator("figure .chart svg:visible .mark-text text").evaluate_all(box)
    lines = page.locator("figure .chart svg:visible .mark-rule line").evaluate_all(box)
    assert len(texts) >= 19
    assert len(lines) >= 9
    for index, one in enumerate(texts):
        # The box of a text is a line high, its letters are lower.
        left, top, right, bottom = one[0] + 1, one[1] + 3, one[2] - 1, one[3] - 3
        others = [*texts[index + 1 :], *lines]
        assert not [o for o in others if o[0] < right and left < o[2] and o[1] < bottom and top < o[3]]


@pytest.mark.further
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


def test_on_a_phone_nothing_lies_over_the_text(visit):
    page, _ = visit(EDITIONS[0], 390)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    top = page.locator(".to-top a").bounding_box()
    assert top["y"] > 900  # far below what is seen
    page.locator(".to-top a").click()
    assert page.evaluate("window.scrollY") < 100
