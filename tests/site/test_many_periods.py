"""Three years of a monthly series and thirteen units (synthetic figures): what the site shows, held to raw figures."""

import csv
import itertools
import shutil
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

import monthly_series
from conftest import served_site, tongbao
from pages import faults_in_browser, soup
from tongbao.definition.project import Project
from tongbao_site.built import Pages, update_site

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("many")]
SERIES = "monthly-demo-01"
FOLDER = f"_site/reports/{SERIES}"
UNITS = {"鹿城区": "lucheng", "龙港市": "longgang", "浙南产业集聚区": "zhenan"}  # first, last, longest name


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Thirty-six months on end, as pages, with search."""
    project = tmp_path_factory.mktemp("many") / "p"
    assert len(monthly_series.write_project(project, 36, "html")) == 36
    tongbao(project, "build", "--engine", "embedded")
    update_site(Project(project), Pages(search=True))
    return project


@pytest.fixture(scope="module")
def served(many):
    with served_site(many) as address:
        yield f"{address}_site/"


def raw(project, file, column):
    """A column of the returns: by period, latest first, and unit."""
    found = {}
    for folder in sorted((project / "data/raw" / SERIES).iterdir(), reverse=True):
        with (folder / file).open(encoding="utf-8") as lines:
            rows = list(csv.reader(lines))
        found[folder.name] = {
            row[0].replace(" ", ""): Decimal(row[column]) for row in rows[1:] if len(row) > column and row[0] != "合计"
        }
    return found


def place(values, unit):
    """First are the highest; who has the same shares a place and leaves a gap."""
    return 1 + sum(value > values[unit] for value in values.values())


def column(page, name):
    """The cells below a header of the table of all periods, and those right of them."""
    heads = [cell.get_text() for cell in page.select("table.periods thead th")]
    (at,) = [at for at, head in enumerate(heads) if head == name]
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.select("table.periods tbody tr")]
    return heads[at + 1], [row[at] for row in rows], [row[at + 1] for row in rows if at + 1 < len(row)]


def test_a_unit_page_has_each_period_s_rate_and_rank(many):
    rates = raw(many, "annex1.csv", 6)
    assert len(rates) == 36
    for unit, name in UNITS.items():
        page = soup(many / FOLDER / f"units/{name}.html")
        head, shown, ranks = column(page, "检查处罚率（%）")
        assert head == "检查处罚率排名"
        assert shown == [f"{of_period[unit]:.2f}" for of_period in rates.values()]
        assert ranks == [str(place(of_period, unit)) for of_period in rates.values()]
        low = sum(of_period[unit] < 20 for of_period in rates.values())
        assert f"36期中，{unit}在{low}期的{low}条问题中被点名。" in page.get_text()
        assert page.select_one("table.named .attention td:nth-of-type(2)").get_text() == str(low)


def test_how_often_a_unit_is_among_the_first_three(many):
    fines = raw(many, "annex2.csv", 3)
    for unit, name in UNITS.items():
        rows = soup(many / FOLDER / f"units/{name}.html").select("table.named tbody tr")
        times = [row.select("td")[1].get_text() for row in rows if "危化品打非" in row.td.get_text()]
        assert times == [str(sum(place(of_period, unit) <= 3 for of_period in fines.values()))]


def test_the_series_page_has_the_sums_of_all_periods(many):
    page = soup(many / FOLDER / "index.html")
    _, shown, _ = column(page, "罚款总数（万元）")
    assert shown == [f"{sum(of_period.values()):.1f}" for of_period in raw(many, "annex1.csv", 1).values()]
    assert len(page.select("ul.units a")) == 13
    with (many / FOLDER / "all.csv").open(encoding="utf-8-sig") as lines:
        rows = [row for row in csv.DictReader(lines) if row["measure"] == "penalty_rate" and row["unit"] != "area"]
    assert len(rows) == 36 * 13
    assert {row["synthetic"] for row in rows} == {"True"}


def test_a_trend_goes_through_every_figure(many):
    rates = [of_period["鹿城区"] for of_period in reversed(raw(many, "annex1.csv", 6).values())]
    drawing = soup(many / FOLDER / "units/lucheng.html").select_one(".trend svg")
    points = [(float(one["cx"]), float(one["cy"])) for one in drawing.select("circle")]
    assert [one.get_text() for one in drawing.select("circle title")][-1] == f"2019年12月 {rates[-1]:.2f}"
    steps = [right[0] - left[0] for left, right in itertools.pairwise(points)]
    assert max(steps) - min(steps) < 0.11  # months are as far apart as they are; drawn to a tenth
    (low, bottom), (high, top) = (
        (float(one.get_text()), float(one["y"]))
        for one in (drawing.select("text.value")[0], drawing.select("text.value")[-1])
    )
    scale = (bottom - top) / (high - low)
    for rate, (_, height) in zip(rates, points, strict=True):
        assert height == pytest.approx(bottom - 4 - (float(rate) - low) * scale, abs=0.11)
    assert len(soup(many / FOLDER / "index.html").select_one(".trend svg").select("path.many")) == 13
    assert [one.get_text() for one in drawing.select("text.period")] == ["2019", "2018", "2017"]


def test_the_feed_has_every_period_latest_first(many):
    feed = ET.fromstring((many / "_site/feed.xml").read_bytes())  # noqa: S314  # our own
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")][1:]
    assert len(titles) == 36
    assert titles[0] == "关于2019年12月全市安全生产执法工作情况的通报（合成数据）"
    assert all(title.endswith("（合成数据）") for title in titles)


def test_every_page_says_that_its_figures_are_made_up(many):
    pages = [path for path in (many / "_site").rglob("*.html") if not path.name.startswith(("404", "search"))]
    assert len(pages) == 1 + 36 + 1 + 13
    assert [path.name for path in pages if "合成数据" not in soup(path).main.get_text()] == []


@pytest.mark.chromium
def test_search_finds_every_period_and_unit(served, browser):
    page = browser.new_page()
    page.goto(f"{served}search.html?q=处罚率")
    page.wait_for_selector("#search-results li")
    assert page.inner_text("#search-status") == "找到50页"  # 36 months, the series, 13 units
    page.goto(f"{served}index.html?year=2018&unit=longgang")
    assert page.inner_text(".filters [role=status]") == "显示12期"
    page.close()


@pytest.mark.chromium
@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("name", ["index.html", f"reports/{SERIES}/index.html", f"reports/{SERIES}/units/zhenan.html"])
def test_no_page_is_wider_than_the_screen_and_its_letters_can_be_read(served, browser, name, width):
    assert faults_in_browser(browser, served + name, served, width=width) == []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(served + name)
    heights = page.eval_on_selector_all(".trend text", "all => all.map(one => one.getBoundingClientRect().height)")
    assert all(height >= 12 for height in heights)
    boxes = page.eval_on_selector_all(
        ".trend text.period", "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    for later, earlier in itertools.pairwise(boxes):
        assert earlier[1] < later[0] or earlier[0] > later[0]  # of the next drawing
    page.close()


def test_what_is_gone_leaves_all_pages_and_the_rest_stays(many, tmp_path):
    project = shutil.copytree(many, tmp_path / "p", symlinks=True)
    shutil.rmtree(project / "data/raw" / SERIES / "2018-05")
    (project / f"reports/{SERIES}/2018-05.md").unlink()
    tongbao(project, "build", "--engine", "embedded")
    update_site(Project(project), Pages(search=True))
    for path in (*(project / "_site").glob("*.*ml"), *(project / FOLDER).rglob("*.*")):
        if path.suffix in (".html", ".xml", ".js", ".csv") and not path.name[0].isdigit():
            text = path.read_text("utf-8")
            assert "2018-05" not in text, path.name
            assert path.name not in ("index.html", "all.csv", "feed.xml") or "2018-06" in text, path.name
    assert len(soup(project / FOLDER / "units/lucheng.html").select("table.periods tbody tr")) == 35
