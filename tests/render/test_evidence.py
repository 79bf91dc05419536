"""A reader opens a number: by mouse and by keyboard, on a phone and on a desk, with and without the script."""

import pypdfium2
import pytest
from playwright.sync_api import expect

from pages import GOLDEN, page_path, soup, squeeze

documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])
# What a browser does with the one, it does with the other.
in_browser = pytest.mark.parametrize(
    "golden", [pytest.param(GOLDEN[0], marks=pytest.mark.long), GOLDEN[1]], ids=lambda golden: golden["series"]
)
browser_only = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]
PANEL = ".evidence-panel[open]"
RATE = {
    "taizhou-andun": ("headline:rate", "342 ÷ 5800 × 100 = 5.9%"),
    "wenzhou-monthly": ("headline:rate", "87 ÷ 248 × 100 = 35.08%"),
}
NUMBERS = ".figure-value, .unit-name"
# Lines of the evidence whose text runs out of them.
OVERFLOWS = """() => [...document.querySelectorAll(".evidence :is(p, .cells > li)")]
    .filter((line) => line.scrollWidth > line.clientWidth + 1)
    .map((line) => line.textContent)"""


@documents
def test_every_marked_number_has_its_entry_on_the_page(site, golden):
    page = soup(page_path(site, golden, "html"))
    marked = {span["data-figure"] for span in page.select(NUMBERS)}
    marked = {key for key in marked if not key.startswith(("key-", "issue-"))}  # which say where they come from
    entries = {entry["data-evidence"] for entry in page.select(".evidence [data-evidence]")}
    assert len(marked) > 20
    assert marked <= entries


@documents
def test_an_entry_gives_value_formula_calculation_and_cells(site, golden):
    page = soup(page_path(site, golden, "html"))
    key, calculation = RATE[golden["series"]]
    entry = page.select_one(f'[data-evidence="{key}"]')
    assert calculation in entry.select_one(".calculation").get_text()
    assert "÷" in entry.select_one(".formula").get_text()
    assert entry.select_one(".file").get_text().startswith("data/raw/")
    assert "行" in entry.select_one(".cells .place").get_text()


@documents
def test_screen_readers_hear_plain_text_at_each_number(site, golden):
    """No role, label or title at a number: the page is read as the circular is."""
    page = soup(page_path(site, golden, "html"))
    for span in page.select(NUMBERS):
        assert set(span.attrs) == {"class", "data-figure"}
    for element in page.select("[data-figure], [data-proof]"):
        assert set(element.attrs) & {"role", "title", "aria-label", "tabindex"} == set()


@documents
def test_scripts_are_local_and_no_handler_stands_in_the_page(site, golden):
    page = soup(page_path(site, golden, "html"))
    assert {script["src"] for script in page.find_all("script") if "type" not in script.attrs} == {
        "../../theme/bulletin.js",
        "../../theme/charts.js",
        "../../theme/evidence.js",
        "../../theme/site.js",
        "../../theme/tables.js",
        "periods.js",
    }
    assert not [tag for tag in page.select("*") for name in tag.attrs if name.startswith("on")]


@pytest.fixture
def visit(browser, site):
    opened, faults = [], []

    def call(golden, width=1280, **options):
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        opened.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(page_path(site, golden, "html").as_uri())
        return page

    yield call
    for page in opened:
        page.close()
    assert faults == []


def number(page, golden):
    return page.locator(f'#situation [data-figure="{RATE[golden["series"]][0]}"]').first


def focused(page, what):
    return page.evaluate(f"document.activeElement.{what}")


class TestInTheBrowser:
    pytestmark = browser_only

    @in_browser
    @pytest.mark.parametrize(
        ("width", "scheme"),
        [
            (390, "light"),
            (1280, "dark"),
            pytest.param(390, "dark", marks=pytest.mark.long),
            pytest.param(1280, "light", marks=pytest.mark.long),
        ],
    )
    def test_a_click_opens_the_calculation_inside_the_window(self, visit, golden, width, scheme):
        page = visit(golden, width, color_scheme=scheme)
        number(page, golden).click()
        panel = page.locator(PANEL)
        assert RATE[golden["series"]][1] in panel.inner_text()
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 900
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    @in_browser
    @pytest.mark.parametrize("key", ["Enter", "Space"])
    def test_keys_open_it_and_escape_leads_back_to_the_number(self, visit, golden, key):
        page = visit(golden)
        number(page, golden).focus()
        assert focused(page, "getAttribute('role')") == "button"
        page.keyboard.press(key)
        panel = page.locator(PANEL)
        assert panel.get_attribute("aria-labelledby") == "evidence-panel-name"
        assert page.evaluate("document.querySelector('.evidence-panel').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert panel.count() == 0
        assert focused(page, "dataset.figure") == RATE[golden["series"]][0]
        expect(page.locator(".is-lit")).to_have_count(0)  # the dialog tells of its end a moment later

    @pytest.mark.further
    @in_browser
    def test_one_tab_stop_a_sentence_and_arrows_inside_it(self, visit, golden):
        page = visit(golden)
        stops = page.eval_on_selector_all(
            "main .figure-value, main .unit-name",
            """numbers => {
                const stops = new Map();
                for (const n of numbers) {
                    const group = n.closest("p, li, dl");
                    stops.set(group, (stops.get(group) ?? 0) + (n.tabIndex === 0));
                }
                return [...stops.values()];
            }""",
        )
        assert set(stops) == {1}
        first = page.locator("main .figure-value").first
        first.focus()
        page.keyboard.press("ArrowRight")
        assert focused(page, "tabIndex") == 0
        assert first.get_attribute("tabindex") == "-1"
        assert first.get_attribute("role") is None

    @in_browser
    @pytest.mark.parametrize("motion", ["reduce", "no-preference"])
    def test_cells_light_up_and_the_way_back_leads_to_the_number(self, visit, golden, motion):
        page = visit(golden, 390, reduced_motion=motion)
        name = page.locator(".main-points .unit-name").first
        name.click()
        link = page.locator(f"{PANEL} .cells a").first
        cell = link.get_attribute("href").removeprefix("#")
        link.press("Enter")
        assert page.locator(PANEL).count() == 0
        assert focused(page, "id") == cell
        page.wait_for_function(f"document.getElementById('{cell}').getBoundingClientRect().top < innerHeight")
        colour = "cell => getComputedStyle(cell).backgroundColor"
        lit = page.eval_on_selector(f"#{cell}", colour)
        assert lit != page.eval_on_selector(".annex-table td:not(.is-lit)", colour)
        assert page.locator(".is-lit").count() >= 1
        page.keyboard.press("Tab")
        assert focused(page, "textContent").startswith("↑ 回到正文")
        page.keyboard.press("Enter")
        assert focused(page, "dataset.figure") == name.get_attribute("data-figure")
        expect(page.locator(".is-lit")).to_have_count(0)  # the dialog tells of its end a moment later

    @pytest.mark.further
    @in_browser
    def test_without_the_script_the_sentence_leads_to_its_evidence(self, visit, golden):
        page = visit(golden, java_script_enabled=False)
        link = page.locator(".evidence-link").first
        assert page.locator(link.get_attribute("href")).count() == 1
        number(page, golden).click()
        assert page.locator(".evidence-panel").count() == 0
        page.locator(".evidence summary").first.click()
        assert page.locator(".evidence .cells").first.is_visible()

    @pytest.mark.further
    @in_browser
    def test_a_printed_page_is_the_circular_and_shows_the_evidence_where_it_is_chosen(self, visit, golden, tmp_path):
        page = visit(golden)
        calculation = squeeze(RATE[golden["series"]][1])

        def printed():
            page.pdf(path=tmp_path / "page.pdf")
            sheets = pypdfium2.PdfDocument(tmp_path / "page.pdf")
            return squeeze("".join(sheet.get_textpage().get_text_range() for sheet in sheets))

        number(page, golden).click()
        text = printed()
        for words in (*golden["head"], *golden["clauses"], golden["annexes"][-1]["columns"][0]):
            assert squeeze(words) in text
        for words in (
            "要点",
            "数据说明",
            "数字溯源",
            "来源与版本",
            "本页内容",
            "引用格式",
            "关闭",
            "×附件",
            calculation,
        ):
            assert words not in text
        page.keyboard.press("Escape")
        page.locator(".print-choice input").check()
        text = printed()
        assert "数字溯源" in text
        assert calculation in text
        assert "来源与版本" not in text

    @pytest.mark.further
    @in_browser
    @pytest.mark.parametrize("width", [390, 1280])
    def test_with_a_panel_open_the_next_click_opens_the_next_number(self, visit, golden, width):
        page = visit(golden, width)
        numbers = page.locator(".main-points .figure-value")
        numbers.nth(0).click()
        box = numbers.nth(1).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        key = numbers.nth(1).get_attribute("data-figure")
        expect(page.locator(f"{PANEL} .figure-evidence")).to_have_attribute("data-evidence", key)
        assert page.locator(".is-open").count() == 1
        page.keyboard.press("Escape")
        expect(numbers.nth(1)).to_be_focused()  # the browser tells of a closed panel a moment later

    @pytest.mark.further
    @in_browser
    @pytest.mark.parametrize("width", [320, 1280, *(pytest.param(one, marks=pytest.mark.long) for one in (390, 768))])
    def test_nothing_in_the_evidence_prints_over_anything(self, visit, golden, width):
        page = visit(golden, width)
        page.evaluate("document.querySelectorAll('.evidence details').forEach((one) => (one.open = true))")
        assert page.evaluate(OVERFLOWS) == []

    @pytest.mark.further
    @in_browser
    def test_the_links_to_the_evidence_are_targets_with_names_of_their_own(self, visit, golden):
        page = visit(golden, 390)
        links = page.eval_on_selector_all(
            ".evidence-link",
            "all => all.map(one => [one.getAttribute('aria-label'), one.getAttribute('href'), "
            "one.getBoundingClientRect().width, one.getBoundingClientRect().height])",
        )
        assert len(links) > 5
        assert min(min(width, height) for _, _, width, height in links) >= 24
        leads = {}
        for name, href, *_ in links:
            assert leads.setdefault(name, href) == href
