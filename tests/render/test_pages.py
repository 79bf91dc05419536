"""The rendered pages as a browser and an assistive reader meet them."""

import re
from itertools import pairwise

import pypdfium2
import pytest

from pages import GOLDEN, docx_text, page_path, pdf_text, soup, squeeze

documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])
pages = pytest.mark.parametrize(
    "name", ["index.html", *(f"reports/{golden['series']}/{golden['period']}.html" for golden in GOLDEN)]
)


@pages
def test_no_page_asks_anything_of_another_host(site, name):
    page = soup(site / "_site" / name)
    for tag, attribute in [("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")]:
        for element in page.find_all(tag):
            assert not re.match(r"(https?:)?//", element.get(attribute, "")), element
    for path in (site / "_site" / "theme").glob("*"):
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import", path.read_text("utf-8"))


@pages
def test_every_link_leads_somewhere(site, name):
    path = site / "_site" / name
    page = soup(path)
    ids = {element["id"] for element in page.find_all(id=True)}
    for link in page.find_all("a", href=True):
        target, _, anchor = link["href"].partition("#")
        if target:
            assert (path.parent / target).is_file(), link
        elif anchor:
            assert anchor in ids, link


@pages
def test_ids_are_unique_and_the_page_has_one_title(site, name):
    page = soup(site / "_site" / name)
    ids = [element["id"] for element in page.find_all(id=True) if not element.find_parent("svg")]
    assert len(ids) == len(set(ids))
    assert page.html["lang"] == "zh"
    assert len(page.find_all("h1")) == 1
    assert page.title.get_text().strip()
    assert page.find("meta", attrs={"name": "viewport"})


@documents
def test_headings_go_down_one_level_at_a_time(site, golden):
    levels = [
        int(heading.name[1]) for heading in soup(page_path(site, golden, "html")).main.find_all(re.compile("^h[1-6]$"))
    ]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@documents
def test_main_points_and_key_figures_come_before_any_table(site, golden):
    page = soup(page_path(site, golden, "html"))
    points = page.select(".main-points li")
    assert 1 <= len(points) <= 6
    assert all(re.search(r"\d|[、和]", point.get_text()) for point in points)
    assert 3 <= len(page.select(".key-figure")) <= 5
    order = [element.get("class", [""])[0] for element in page.select(".main-points, .key-figures, table")]
    assert order[:2] == ["main-points", "key-figures"]


@documents
def test_tables_have_scoped_headers_and_addressable_cells(site, golden):
    page = soup(page_path(site, golden, "html"))
    for table in page.select("table.annex-table"):
        assert all(header["scope"] == "col" for header in table.select("thead th"))
        assert all(row.find("th")["scope"] == "row" for row in table.select("tbody tr"))
        assert all(cell.get("id") for cell in table.select("td"))


@documents
def test_the_chart_says_its_message_and_gives_its_numbers(site, golden):
    page = soup(page_path(site, golden, "html"))
    chart = page.select_one("figure .chart")
    assert "最高为" in chart.svg["aria-label"]
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in chart.select(".chart-data tbody tr")]
    rows = [[row[0], row[1], row[-1]] for row in rows]  # between them the counts that a rate divides
    printed = {row[0]: row for row in golden["annexes"][0]["rows"]}
    column = next(i for i, name in enumerate(golden["annexes"][0]["columns"]) if name.startswith("检查处罚率"))
    assert rows == sorted(
        [
            [name, row[column], row[column + 1]]
            for name, row in printed.items()
            if row[column] and row[column + 1] != "/"
        ],
        key=lambda row: int(row[2]),
    )
    says = {
        "wenzhou-monthly": ("检查处罚率未达20%为龙港市、苍南县和泰顺县", "检查处罚率（%）：", "未报送，不画：文成县"),
        "taizhou-andun": ("检查处罚率：路桥、椒江、天台、仙居等地分列全市后四位", "检查处罚率（%），", "数据来源："),
    }
    parts = (page.select_one(".chart-title"), page.select_one(".chart-subtitle"), page.figcaption)
    title, subtitle, caption = (part.get_text().strip().replace("\xa0", " ") for part in parts)
    assert title.startswith(says[golden["series"]][0])
    assert subtitle.startswith(says[golden["series"]][1])
    assert caption.startswith(f"图 1 {says[golden['series']][2]}")
    assert "数据来源：" in caption


@documents
def test_each_finding_shows_its_calculation_and_leads_to_cells(site, golden):
    page = soup(page_path(site, golden, "html"))
    details = page.select(".evidence details")
    assert len(details) >= 5
    assert all(item.select("li") for item in details)
    assert page.select('.evidence .cells a[href^="#cell-"]')
    rate = {"taizhou-andun": "342 ÷ 5800 × 100 = 5.9", "wenzhou-monthly": "87 ÷ 248 × 100 = 35.08"}[golden["series"]]
    assert rate in page.select_one("#finding-headline").get_text()


@documents
def test_what_is_for_reviewers_is_not_printed(site, golden):
    page = page_path(site, golden, "pdf")
    for text in (pdf_text(page), docx_text(page.with_suffix(".docx"))):
        for word in ("偶然", "95%区间", "界限"):
            assert word not in text


@documents
def test_the_pdf_has_a_page_for_each_annex_page_numbers_and_a_title(site, golden):
    document = pypdfium2.PdfDocument(page_path(site, golden, "pdf"))
    pages = [squeeze(page.get_textpage().get_text_range()) for page in document]
    head = squeeze(soup(page_path(site, golden, "html")).select_one(".notice").get_text())
    assert [page for page in pages[-len(golden["annexes"]) :] if not page.startswith(f"{head}附件")] == []
    is_letter = golden["series"] == "taizhou-andun"  # whose first page bears no number
    unnumbered = [number for number, text in enumerate(pages, start=1) if f"—{number}—" not in text]
    assert unnumbered == [1] * is_letter
    assert document.get_metadata_dict()["Title"] == golden["head"][1]


@documents
def test_the_chart_in_the_pdf_is_vector(site, golden):
    document = pypdfium2.PdfDocument(page_path(site, golden, "pdf"))
    kinds = {item.type for page in document for item in page.get_objects(max_depth=4)}
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


@documents
def test_word_holds_the_circular(site, golden):
    text = docx_text(page_path(site, golden, "docx"))
    assert [words for part in ("head", "clauses") for words in golden[part] if squeeze(words) not in text] == []


@documents
def test_a_chart_marks_who_is_below_its_line(site, golden):
    chart = soup(page_path(site, golden, "html")).select_one(".chart")
    line = {"wenzhou-monthly": 20, "taizhou-andun": 342 / 5800 * 100}[golden["series"]]
    values = [float(row.td.get_text()) for row in chart.select(".chart-data tbody tr")]
    labels = [text for text in chart.select("svg.chart-wide text") if text.select_one("[data-figure*=rate]")]
    bars = [label for label in labels if label.get_text()[0].isdigit()]
    assert [float(re.match(r"[\d.]+", label.get_text())[0]) for label in bars] == values
    assert ["accent" in label["fill"] for label in bars] == [value < line for value in values]
    assert 0 < sum(value < line for value in values) < len(values)


KEY_FIGURES = {
    "wenzhou-monthly": ["检查企业248家次", "实施行政处罚87起", "罚款额299.74万元", "检查处罚率35.08%"],
    "taizhou-andun": ["检查生产经营单位5800家次", "立案调查342起", "检查处罚率5.9%", "重大违法行为占比9%"],
}


@documents
def test_the_key_figures_are_those_of_the_circular_each_under_its_label(site, golden):
    cards = soup(page_path(site, golden, "html")).select(".key-figure")
    shown = ["".join(part.get_text() for part in card.select("dt, .number, .unit")) for card in cards]
    assert shown == KEY_FIGURES[golden["series"]]
