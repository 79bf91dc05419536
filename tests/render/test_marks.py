"""One door for numbers: whatever number a page prints says what it is, and it is that."""

import csv
import html
import json
import re
from itertools import pairwise

import pytest

from pages import EDITIONS, page_path, soup
from tongbao.basics.key import Key
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import printed_figures
from tongbao.definition.project import Project

ASSESSMENT = {"series": "assessment", "period": "2021"}
pages = pytest.mark.parametrize(
    "page", [*EDITIONS, ASSESSMENT], ids=lambda page: f"{page['series']}-{page['period']}", indirect=True
)
# Where numbers stand that no sentence brings. A figure's name may hold a date, or a numeral of a declared name.
PLACES = (".annex-table", ".chart-data", ".chart svg .role-mark", ".chart svg .role-axis", ".provenance table")


def built(request, series):
    return request.getfixturevalue("assessment_site" if series == "assessment" else "site")


@pytest.fixture
def page(request):
    return soup(page_path(built(request, request.param["series"]), request.param, "html"))


@pytest.fixture
def figures(request):
    """What ``indicators.csv`` says: text and rank by measure and unit."""
    site = built(request, request.node.callspec.params["page"]["series"])
    period = request.node.callspec.params["page"]["period"].removesuffix(".en")
    path = site / "data/processed" / request.node.callspec.params["page"]["series"] / period / "indicators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["measure"], row["unit"]): row for row in csv.DictReader(file)}


def is_marked(text):
    return any({"data-figure", "data-proof"} & set(parent.attrs) for parent in text.parents)


@pages
def test_no_number_outside_the_text_goes_without_a_mark(page):
    held = [text for place in PLACES for element in page.select(place) for text in element.find_all(string=True)]
    held += [
        text
        for entry in page.select(".figure-evidence")
        for text in entry.find_all(string=True)
        if not text.find_parent(class_="figure-name") or text.find_parent("b")
    ]
    # Where a fact was published stands as its row says, a column's name as it is declared.
    held = [text for text in held if not text.startswith(("出处：", "Source: "))]
    held = [text for text in held if not text.find_parent(scope="col") or text.find_parent(class_="provenance")]
    numbers = [text for text in held if re.search(r"\d", text) and not text.find_parent(class_="robustness")]
    assert len(numbers) > 150
    assert [text for text in numbers if not is_marked(text)] == []


@pages
def test_each_number_of_a_table_is_the_figure_that_it_says(page, figures):
    compared = 0
    for cell in page.select(".annex-table td[data-figure], .chart-data td[data-figure]"):
        key = Key.parse(cell["data-figure"])
        assert str(key) == cell["data-figure"]
        if key.owner:  # a list of enterprises
            continue
        row = cell.find_parent("tr").th.get("data-figure")
        assert row is None or Key.parse(row).scope == key.scope
        rank = re.fullmatch(r"rank\(-?(\w+)\)", key.name)
        figure = figures[rank[1] if rank else key.name, key.scope]
        shown = "" if "blank" in cell.get("class", ()) else cell.get_text().replace(",", "")
        assert shown == (figure["rank"] if rank else figure["text"])
        compared += 1
    assert compared > 30


def known_figures(bulletin):
    """All that the record of a bulletin may be asked for, by key."""
    found = {key: figure for finding in bulletin.findings.values() for key, figure in finding.figures.items()}
    found |= bulletin.figures_outside_findings(bulletin.lang) | printed_figures(bulletin.indicators)
    indicators = bulletin.indicators
    found |= {str(figure.key): figure for figure in indicators.each()}
    for column in indicators.series.columns.values():
        if column.rank_of is not None:
            name = indicators.rank_formula(column.rank_of)
            found |= {f"{name}@{unit}": indicators.figure(name, unit) for unit in indicators.units}
    return found


@pytest.mark.parametrize(
    ("series", "period", "lang"),
    [
        ("wenzhou-monthly", "2021-01-to-02", "en"),
        ("taizhou-andun", "2019-04-to-06", "zh"),
        ("assessment", "2021", "zh"),
    ],
)
def test_every_mark_of_a_page_is_a_figure_on_record(request, series, period, lang):
    site = built(request, series)
    bulletin = Bulletin.open(Project.find(site), series, period, {}, lang)
    known = known_figures(bulletin)
    name = f"{bulletin.project.edition(series, bulletin.period, lang)}"
    marked = 0
    for element in soup(site / "_site/reports" / series / f"{name}.html").select("main [data-figure]"):
        key = Key.parse(element["data-figure"])
        text = element.get_text()
        if element.find_parent(class_="robustness") or key.owner.startswith(("issue-", "key-")):
            continue
        if key.name == "unit":
            unit = bulletin.series.unit(key.scope)
            assert text in (unit.name(lang), unit.name(lang, short=True))
        else:
            figure = known[str(key)]
            if element.name in ("td", "tspan"):  # a sentence may say it in words: 四
                shown = "" if "blank" in element.get("class", ()) else text
                assert shown == bulletin.indicators.shown(figure, lang)
        marked += 1
    assert marked > 150


@pages
@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_a_chart_says_of_each_label_and_shape_whose_it_is(page, figures, kind):
    charts = page.select("figure .chart")
    assert charts
    for chart in charts:
        rows = chart.select(".chart-data tbody tr")
        units = [Key.parse(row.th.select_one("[data-figure]")["data-figure"]).scope for row in rows]
        drawn = chart.select_one(f"svg.chart-{kind}")
        for row, unit in zip(rows, units, strict=True):
            for cell in row.select("td"):
                assert Key.parse(cell["data-figure"]).scope == unit
            key, rank = Key.parse(row.td["data-figure"]), row.select("td")[-1]
            assert row.td.get_text().replace(",", "") == figures[key.name, unit]["text"]
            if Key.parse(rank["data-figure"]).name.startswith("rank("):
                assert rank.get_text() == figures[key.name, unit]["rank"]
            labels = drawn.select(f'tspan[data-figure="{key}"]')
            assert [label.get_text() for label in labels] == [row.td.get_text()]
            if drawn.select("path[data-figure]"):  # a heat table has no shapes by its figures
                assert len(drawn.select(f'path[data-figure="{key}"]')) == 1
                assert len(drawn.select(f'[data-row="{key}"]')) == 1
        names = [Key.parse(name["data-figure"]) for name in drawn.select('tspan[data-figure*=":unit@"]')]
        assert [name.scope for name in names] == units
        ticks = [float(tick.get_text()) for tick in drawn.select('[data-proof="axis"] text')]
        assert len({round(later - tick, 6) for tick, later in pairwise(ticks)}) <= 1


@pages
def test_evidence_says_which_cell_it_shows_and_where_it_stands(page):
    cells = page.select(".figure-evidence .cells [data-proof^=cell]")
    assert len(cells) > 20
    for cell in cells:
        what, _, name = cell["data-proof"].partition(" ")
        place = cell.find_next_sibling(class_="place")
        assert (what, place["data-proof"]) == ("cell", f"place {name}")
        if cell.name == "a":
            key = Key.parse(name)
            assert cell["href"] == f"#cell-{key.name}-{key.scope}"
    for entry in page.select(".figure-evidence"):
        value, key = entry.select_one("b"), entry["data-evidence"]
        if Key.parse(key).is_name:
            assert value.get("data-proof", f"value {key}") == f"value {key}"
        else:
            assert value.get("data-figure", key) == key
        assert value.attrs or value.get_text() in ("空白", "blank")


def test_a_list_of_enterprises_says_what_it_prints_of_each(assessment_site):
    rows = soup(page_path(assessment_site, ASSESSMENT, "html")).select("#annex-4 .annex-table tbody tr")
    assert rows
    for number, row in enumerate(rows, start=1):
        place = row.td.span
        assert (place.get_text(), place["data-proof"]) == (str(number), f"row {number}")
        assert row.th.get_text() == row.select_one('[data-figure*=":enterprise@"]').get_text()
        marks = {mark["data-figure"]: mark.get_text() for mark in row.select("[data-figure]")}
        names = {Key.parse(mark).name: mark for mark in marks}
        assert {"enterprise", "unit", "industry"} < set(names)
        assert {Key.parse(mark).owner for mark in marks} == {"enterprises.key"}
        for mark in set(marks) - {names["unit"]}:
            assert Key.parse(mark).scope == str(number)
        reason = row.select("td")[-1]
        for mark in reason.select("[data-figure]"):
            assert marks[mark["data-figure"]] == mark.get_text()


def test_marks_of_the_page_leave_print_as_it_is(site):
    """An annex in Markdown has no marks: each would stand in the cell's text."""
    notebook = json.loads((site / "reports/wenzhou-monthly/2021-01-to-02.ipynb").read_text("utf-8"))
    tables = [
        "".join(output["data"]["text/markdown"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "annex-table" in "".join(output.get("data", {}).get("text/html", ""))
    ]
    assert len(tables) == 2
    assert not re.search(r"data-|<span", html.unescape("".join(tables)))
