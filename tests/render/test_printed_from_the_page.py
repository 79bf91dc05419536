"""What a reader prints from the browser on A4: every column of every annex is on the sheet, no text over another."""

import pytest

from paper import Paper

MARGIN = 10  # mm
PAGES = (
    "reports/wenzhou-monthly/2021-01-to-02.html",
    "reports/hotline-monthly/2026-10.html",
    *(
        pytest.param(f"reports/{name}.html", marks=pytest.mark.long)
        for name in (
            "taizhou-andun/2019-04-to-06",
            "wenzhou-monthly/2021-01-to-02.en",
            "hotline-monthly/2026-10.en",
            "hotline-monthly/units/tangxi",
        )
    ),
)
pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]
_LAST_OF_ROWS = """() => [...document.querySelectorAll(".annex-figure table tr")].map((row) => {
  const cell = row.lastElementChild.cloneNode(true);
  cell.querySelectorAll(".visually-hidden").forEach((one) => one.remove());
  return cell.textContent.replace(/\\s/g, "");
})"""


def printed(browser, path, target):
    """A page as printed, and what stands in the last column of its tables."""
    page = browser.new_page()
    page.goto(path.as_uri())
    last = page.evaluate(_LAST_OF_ROWS)
    margin = dict.fromkeys(("top", "right", "bottom", "left"), f"{MARGIN}mm")
    page.pdf(path=target, format="A4", margin=margin)
    page.close()
    return Paper(target), last


def held(paper, last):
    """All of the last column is there, nothing reaches into the margins, and no page is empty."""
    for _, box in paper.ink:
        width, _ = paper.sizes[box.page - 1]
        assert box.left >= MARGIN - 0.5
        assert box.right <= width - MARGIN + 0.5
    assert {box.page for _, box in paper.ink} == set(range(1, len(paper.sizes) + 1))
    assert last
    text = "".join(sign for sign, _ in paper.ink)
    for said in last:
        assert said in text, said


@pytest.mark.further
@pytest.mark.parametrize("name", PAGES)
def test_the_last_column_is_on_the_sheet(whole, browser, tmp_path, name):
    held(*printed(browser, whole / "_site" / name, tmp_path / "page.pdf"))


@pytest.mark.further
def test_an_annex_of_many_columns_turns_the_page(whole, browser, tmp_path):
    paper, _ = printed(browser, whole / "_site/reports/hotline-monthly/2026-10.html", tmp_path / "page.pdf")
    assert [width > height for width, height in paper.sizes] == [False] * (len(paper.sizes) - 1) + [True]


@pytest.mark.further
def test_figures_of_many_columns_stand_apart(whole, browser, tmp_path):
    """The hotline's annex with its figures once more beside them, up to 26 columns."""
    page = browser.new_page()
    page.goto((whole / "_site/reports/hotline-monthly/2026-10.html").as_uri())
    page.evaluate("""() => document.querySelectorAll(".annex-table tr").forEach((row) => {
      [...row.cells].slice(1, 13).forEach((cell) => row.append(cell.cloneNode(true)));
    })""")
    margin = dict.fromkeys(("top", "right", "bottom", "left"), f"{MARGIN}mm")
    page.pdf(path=tmp_path / "page.pdf", format="A4", margin=margin)
    page.close()
    held(Paper(tmp_path / "page.pdf"), ["13"])


def test_what_only_the_web_has_leaves_nothing_over_the_text(assessment_site, browser, tmp_path):
    """That there is nothing to compare with stands under the key figures, which are not printed."""
    path = assessment_site / "_site/reports/assessment/2021.html"
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("""() => {
      const said = document.createElement("p");
      said.className = "not-compared";
      said.textContent = "无上年同期数据。";
      document.querySelector(".key-figures").after(said);
    }""")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    page.close()
    paper = Paper(tmp_path / "page.pdf")
    assert "无上年同期数据" not in "".join(sign for sign, _ in paper.ink)
    held(*printed(browser, path, tmp_path / "again.pdf"))
