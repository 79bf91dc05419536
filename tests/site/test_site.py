"""The pages around the bulletins: index, series, units, tables, feeds, search, preview."""

import csv
import io
import json
import shutil
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from bs4 import BeautifulSoup

from pages import at_widths, faults_in_browser, fresh_soup, soup
from tongbao.build.build import outlived
from tongbao.definition.files import file_hash
from tongbao.definition.project import Project
from tongbao_site import built, make
from tongbao_site.built import Pages, update_site
from tongbao_site.entry import Shown, read_entries
from tongbao_site.frame import Frame
from tongbao_site.pages import index_page, series_page, unit_page
from tongbao_site.tables import table_files

BASE = "https://tongbao.example/office/"
ATOM, SITEMAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SERIES = "reports/hotline-monthly"
HOTLINE = f"_site/{SERIES}"


def xml(path):
    return ET.fromstring(path.read_bytes())  # noqa: S314  # our own


def test_the_index_lists_by_issuer_and_series_latest_first(whole):
    page = soup(whole / "_site/index.html")
    issuers = [heading.get_text() for heading in page.select(".issuer > h2")]
    assert issuers == ["温州市应急管理局", "台州市应急管理局", "云川市12345热线工作办公室"]
    assert [link["href"] for link in page.select(".synthetic-list h4 a")] == ["reports/hotline-monthly/2026-10.html"]
    earlier = [(line.select_one("span").get_text(), line.a["href"]) for line in page.select(".earlier")]
    assert earlier == [
        ("2026年", "reports/hotline-monthly/2026-09.html"),
        ("2025年", "reports/hotline-monthly/2025-10.html"),
    ]
    for lang, other in (("", ".en"), (".en", "")):
        page = soup(whole / f"_site/index{lang}.html")
        assert page.select_one("a.edition[hreflang]")["href"] == f"index{other}.html"


def test_english_editions_lead_to_an_english_index(whole):
    pages = [path for path in (whole / "_site").rglob("*.en.html") if "raw" not in path.parts]
    assert len(pages) == 3 + 4 + 2 + 13 + 8
    for path in pages:
        homes = [path.parent / link["href"] for link in soup(path).select(".site-header a")]
        if path.name != "404.en.html":  # whose links begin with the site's path
            assert [home.resolve() for home in homes] == [whole / "_site/index.en.html"] * 2, path.name
    titles = [link.get_text() for link in soup(whole / "_site/index.en.html").select("h4 a")]
    assert titles[0] == "Circular on work-safety enforcement, January–February 2021"


def test_every_link_of_the_site_leads_somewhere(whole):
    site = whole / "_site"
    own = [*site.glob("*.html"), *site.glob("reports/*/index*.html"), *site.glob("reports/*/units/*.html")]
    assert len(own) == 2 * 3 + 3 + 2 + (13 + 9 + 8) + 13 + 8
    for path in own:
        for link in soup(path).select("a[href], link[href], script[src]"):
            address, _, anchor = (link.get("href") or link["src"]).partition("#")
            if address.startswith("http"):
                continue
            if address and path.name.startswith("404"):  # shown at any address
                assert address.startswith("/office/")
                address = address.removeprefix("/office/")
            target = (path.parent / address).resolve() if address else path
            assert target.is_file(), f"{path.name}: {address}"
            if anchor:
                assert soup(target).find(id=anchor) is not None, f"{path.name}: {address}#{anchor}"


def test_a_unit_has_its_figures_ranks_and_findings_over_the_periods(whole):
    page = soup(whole / HOTLINE / "units/tangxi.html")
    assert "3期中，棠溪区在3期的" in page.get_text()
    heads = [cell.get_text() for cell in page.select("table.periods thead th")]
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.select("table.periods tbody tr")]
    assert [row[0] for row in rows] == ["2026年10月", "2026年9月", "2025年10月"]
    at = heads.index("群众满意率（%）")
    with (whole / HOTLINE / "2026-10.csv").open(encoding="utf-8-sig") as file:
        stored = {(row["measure"], row["unit"]): row for row in csv.DictReader(file)}
    own = stored["satisfaction", "tangxi"]
    assert rows[0][at : at + 2] == [own["text"], own["rank"]]
    (link,) = [a["href"] for a in page.select("table.periods tbody tr:first-child a") if a.get_text() == "2210"]
    assert link == "../2026-10.html#cell-accepted-tangxi"
    named = page.select_one("table.named tbody tr")
    assert named.select("td")[1].get_text() == "3"
    assert "棠溪区" in named.td.get_text()


def test_all_periods_are_one_table_as_csv_and_xlsx(whole):
    text = (whole / HOTLINE / "all.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    parts = []
    for period in ("2025-10", "2026-09", "2026-10"):
        parts += list(csv.reader(io.StringIO((whole / HOTLINE / f"{period}.csv").read_text("utf-8-sig"))))[1:]
    assert [row[:-2] for row in rows[1:]] == parts
    assert {tuple(row[-2:]) for row in rows} == {("parameters", "without"), ("", "")}
    sheet = openpyxl.load_workbook(whole / HOTLINE / "all.xlsx").active
    read = list(sheet.iter_rows(values_only=True))
    assert list(read[0]) == rows[0]
    assert len(read) == len(rows)
    for name, *column in zip(rows[0], *rows[1:], strict=True):
        own = [row[rows[0].index(name)] for row in read[1:]]
        if name in ("value", "rank"):
            own = [None if value is None else Decimal(str(value)) for value in own]
            assert own == [Decimal(text) if text else None for text in column]
        else:
            assert [value or "" for value in own] == column, name
    with zipfile.ZipFile(whole / HOTLINE / "all.xlsx") as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {2000}


@pytest.mark.parametrize(
    ("name", "title", "count"),
    [
        ("feed.xml", "通报", 5),
        ("feed.en.xml", "Circulars", 4),
        ("reports/hotline-monthly/feed.xml", "12345热线办理情况月通报（合成数据）", 3),
    ],
)
def test_a_feed_is_atom_with_an_identity_of_its_own(whole, name, title, count):
    feed = xml(whole / "_site" / name)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}title") == title
    assert feed.findtext(f"{ATOM}id") == feed.find(f"{ATOM}link[@rel='self']").get("href") == BASE + name
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len({entry.findtext(f"{ATOM}id") for entry in entries}) == count
    times = [datetime.fromisoformat(one.findtext(f"{ATOM}updated")) for one in (feed, *entries)]
    assert times == sorted(times, reverse=True)
    assert all(time.tzinfo for time in times)
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.findtext(f"{ATOM}summary")
        place = entry.find(f"{ATOM}link").get("href").removeprefix(BASE)
        assert entry.findtext(f"{ATOM}title") in soup(whole / "_site" / place).h1.get_text()


def test_no_two_entries_of_feeds_in_two_languages_are_the_same(whole):
    names = [
        {entry.findtext(f"{ATOM}id") for entry in xml(whole / "_site" / name).iter(f"{ATOM}entry")}
        for name in ("feed.xml", "feed.en.xml")
    ]
    assert len(names[0] | names[1]) == 5 + 4


@pytest.mark.further
def test_the_sitemap_names_every_page_at_its_canonical_address(whole):
    places = {place.text for place in xml(whole / "_site/sitemap.xml").iter(f"{SITEMAP}loc")}
    pages = {path.relative_to(whole / "_site").as_posix() for path in (whole / "_site").rglob("*.html")}
    assert places == {f"{BASE}{page}" for page in pages if not page.startswith(("404", "search"))}
    for page in pages:
        assert [link["href"] for link in soup(whole / "_site" / page).select("link[rel=canonical]")] == [BASE + page]


def test_what_is_gone_leaves_every_page(whole, tmp_path):
    project = Path(shutil.copytree(whole, tmp_path / "p", symlinks=True))
    for source in (
        project / "data/raw/hotline-monthly/2026-09",
        *(project / "reports/hotline-monthly").glob("2026-09*"),
    ):
        shutil.rmtree(source) if source.is_dir() else source.unlink()
    update_site_of(project, "2026-09", searched=(5 - 1) + 3 + (13 + 9 + 8))
    assert len(soup(project / HOTLINE / "units/tangxi.html").select("table.periods tbody tr")) == 2
    shutil.rmtree(project / "reports/hotline-monthly")
    update_site_of(project, "hotline", searched=2 + 2 + (13 + 9))
    assert not (project / HOTLINE).exists()


def update_site_of(project, gone, searched):
    """Prune and make the site again; what is gone stands in none of its pages, and the search holds that many."""
    assert outlived(Project(project))
    update_site(Project(project), Pages(search=True))
    site = project / "_site"
    own = [
        *site.glob("*.*ml"),
        *site.glob("reports/*/index*"),
        *site.glob("reports/*/units/*"),
        *site.glob("reports/*/*.js"),
    ]
    own += [*site.glob("reports/*/all.csv"), *site.glob("reports/*/feed*")]
    assert [path.name for path in own if gone in path.read_text("utf-8")] == []
    assert len(json.loads((site / "search/zh/index.json").read_text("utf-8"))["pages"]) == searched


def test_the_site_is_the_same_bytes_again_and_nothing_when_nothing_changed(whole, tmp_path):
    project = Path(shutil.copytree(whole, tmp_path / "p", symlinks=True))
    before = {path: path.read_bytes() for path in (project / "_site").rglob("*") if path.is_file()}
    shutil.rmtree(project / ".tongbao/site")
    assert update_site(Project(project), Pages(search=True, force=True)) == []
    assert {path: path.read_bytes() for path in before} == before
    assert update_site(Project(project), Pages(search=True)) == []


@pytest.mark.further
@pytest.mark.chromium
def test_only_the_series_in_which_something_changed_is_made_again(whole, tmp_path, monkeypatch):
    project = Project(shutil.copytree(whole, tmp_path / "p", symlinks=True))
    made, unit_page = [], make.unit_page
    monkeypatch.setattr(make, "unit_page", lambda of, *more: made.append(of[0].series) or unit_page(of, *more))
    update_site(project, Pages(force=True))
    assert made == []  # wherever the project lies
    before = {path: path.read_bytes() for path in project.site.rglob("*.*") if path.is_file()}
    made.clear()
    page = next((project.root / HOTLINE / "units").glob("*.html"))
    page.write_text(page.read_text("utf-8").replace("</h1>", "！</h1>"), "utf-8")
    assert update_site(project) == [page]
    assert set(made) == {"hotline-monthly"}
    assert before == {path: path.read_bytes() for path in project.site.rglob("*.*") if path.is_file()}
    made.clear()
    (project.root / HOTLINE / "2026-10.pdf").unlink(missing_ok=True)
    (project.root / HOTLINE / "2026-09.docx").write_bytes(b"")
    update_site(project, Pages(force=True))
    assert set(made) == {"hotline-monthly"}


def test_another_version_of_what_makes_the_pages_makes_them_again(whole, monkeypatch):
    """Wherever the package is installed."""
    project = Project(whole)
    assert Pages(search=True).reasons(project) == []
    monkeypatch.setattr(built, "own_code", lambda: "another")
    assert Pages(search=True).reasons(project) == ["bulletins or theme changed"]


@pytest.mark.further
@pytest.mark.chromium
def test_no_short_header_of_all_periods_breaks_within_its_words(whole, browser):
    for edition, head, kept in (
        ("index.html", "群众满意率（%）", "群众满意率"),
        ("index.en.html", "satisfaction rate (%)", "(%)"),
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((whole / HOTLINE / edition).as_uri())
        assert head in [" ".join(text.split()) for text in page.locator("table.periods thead th").all_inner_texts()]
        assert kept in page.locator("table.periods thead .unbroken").all_inner_texts()
        lines = (
            "(all) => Math.max(...all.map((one) => one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)))"
        )
        tallest = page.locator("table.periods thead .unbroken").evaluate_all(lines)
        assert tallest < 1.5
        page.close()


@pytest.mark.further
@pytest.mark.chromium
def test_filters_leave_what_fits_and_stand_in_the_address(served, browser):
    page = browser.new_page()
    page.goto(f"{served}index.html")
    page.select_option("select[name=unit]", "longgang")
    shown = page.eval_on_selector_all(
        "article:not([hidden]) h4 a", "all => all.filter(a => a.offsetParent).map(a => a.href)"
    )
    assert shown == [f"{served}reports/wenzhou-monthly/2021-01-to-02.html"]
    assert page.inner_text("[role=status]") == "显示1期"
    assert page.url.endswith("?unit=longgang")
    page.goto(f"{served}index.html?year=2025")
    assert page.eval_on_selector_all(".earlier a", "all => all.filter(a => a.offsetParent).length") == 1
    page.close()


@pytest.mark.further
@pytest.mark.chromium
def test_a_bulletin_leads_to_the_periods_before_and_after(served, browser):
    page, errors = browser.new_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{served}reports/hotline-monthly/2026-09.html")
    links = page.eval_on_selector_all(".neighbours a", "all => all.map(a => [a.textContent, a.href.split('/').pop()])")
    assert links == [
        ["上一期：2025年10月", "2025-10.html"],
        ["下一期：2026年10月", "2026-10.html"],
        ["本系列各期", "index.html"],
    ]
    assert errors == []
    page.close()


@pytest.mark.further
@pytest.mark.chromium
def test_from_a_file_everything_but_the_search_works(whole, browser):
    page = browser.new_page()
    page.goto((whole / HOTLINE / "2026-10.html").as_uri())
    assert page.inner_text(".neighbours a") == "上一期：2026年9月"
    first, second = (link.bounding_box() for link in page.query_selector_all(".neighbours a"))
    assert second["x"] - first["x"] - first["width"] > 8, "the two are not one word"
    page.set_viewport_size({"width": 390, "height": 900})
    box = page.query_selector(".provenance [data-figure='param.in_time_target']").bounding_box()
    assert box["height"] < 30, "98.5 is not broken over two lines"
    page.emulate_media(media="print")
    assert not page.is_visible(".neighbours")
    page.emulate_media(media="screen")
    page.click(".neighbours a:text('本系列各期')")
    page.click("ul.units a:text('棠溪区')")
    page.click("table.periods a:text('2025年10月')")
    assert page.inner_text("h1").startswith("关于2025年10月")
    page.goto((whole / "_site/index.html").as_uri())
    page.select_option("select[name=year]", "2025")
    assert page.inner_text("[role=status]") == "显示1期"
    page.goto((whole / "_site/search.html").as_uri() + "?q=x")
    page.wait_for_function("document.getElementById('search-status').textContent !== ''")
    assert page.inner_text("#search-status").startswith("搜索须经由网站")
    page.close()


@pytest.mark.chromium
@pytest.mark.parametrize(
    ("name", "width"),
    at_widths(
        [
            "index.html",
            "index.en.html",
            f"{SERIES}/index.html",
            f"{SERIES}/index.en.html",
            f"{SERIES}/units/tangxi.html",
            f"{SERIES}/2026-10.html",
            f"{SERIES}/2026-10.en.html",
            "reports/taizhou-andun/2019-04-to-06.html",
            "search.html?q=处罚率",
            "404.html",
        ],
        ("index.html", 390),
        (f"{SERIES}/index.html", 390),
        (f"{SERIES}/units/tangxi.html", 1280),
        ("search.html?q=处罚率", 390),
    ),
)
def test_no_page_has_a_fault_for_its_readers(served, browser, name, width):
    assert faults_in_browser(browser, served + name, served, width=width) == []


@pytest.mark.further
def test_an_index_that_was_changed_is_made_again_once(whole, tmp_path):
    project = Project(shutil.copytree(whole, tmp_path / "p", symlinks=True))
    update_site(project, Pages(force=True))
    with (project.root / "index.ipynb").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert Pages().reasons(project) == ["index.ipynb was changed after the build"]
    update_site(project)
    assert Pages().reasons(project) == []


def test_an_earlier_period_that_was_corrected_is_marked_wherever_it_is_listed(whole, tmp_path):
    records = (whole / "data/processed/hotline-monthly").glob("*/findings.json")
    entries = read_entries([(path, file_hash(path)) for path in records], tmp_path / "kept")
    said = {
        entries[-1].id: Shown(
            number=2,
            correction={"zh": "应为9件。", "en": "It is 9."},
            published="2026-01-01T08:00:00+08:00",
            versions=[],
        )
    }
    site = whole / "_site"
    pages = {
        "index": index_page(entries, "zh", site, shown=said),
        "series": series_page(entries, "zh", site, said),
        "unit": unit_page(entries, next(iter(entries[0].units)), "zh", site, said),
    }
    marked = {
        name: [one.parent.get_text() for one in BeautifulSoup(page.body, "html.parser").select("a .badge, th .badge")]
        for name, page in pages.items()
    }
    label = entries[-1].when.label("zh")
    assert marked == {
        "index": [f"{entries[-1].when.short_label('zh')} 更正，第2版"],
        "series": [f"{label} 更正，第2版"],
        "unit": [f"{label} 更正，第2版"],
    }


def test_a_column_that_older_bulletins_lack_is_blank_there(whole, tmp_path):
    records = (whole / "data/processed/hotline-monthly").glob("*/findings.json")
    entries = read_entries([(path, file_hash(path)) for path in records], tmp_path / "kept")
    site = shutil.copytree(whole / "_site", tmp_path / "site")
    path = site / SERIES / f"{entries[-1].period}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    at = rows[0].index("unit")
    written = io.StringIO()
    csv.writer(written).writerows([row[:at] + row[at + 1 :] for row in rows])
    path.write_text(written.getvalue(), "utf-8")
    made = table_files(site, entries)["all.csv"].decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(made)))
    whole_table = list(
        csv.DictReader(io.StringIO(table_files(whole / "_site", entries)["all.csv"].decode("utf-8-sig")))
    )
    lacking = [row | {"unit": ""} if row["period"] == entries[-1].period else row for row in whole_table]
    assert found == lacking


@pytest.mark.parametrize(
    ("number", "retracted", "told_instead"),
    [
        (None, {}, "征求意见稿，数字见该期页面，以正式印发的通报为准"),
        (1, {"zh": "有误", "en": "wrong"}, "已撤回，数字不再列出"),
    ],
    ids=["for comment", "retracted"],
)
def test_figures_not_to_be_relied_on_are_on_no_line_and_in_no_table_of_others(
    whole, tmp_path, number, retracted, told_instead
):
    records = (whole / "data/processed/hotline-monthly").glob("*/findings.json")
    entries = read_entries([(path, file_hash(path)) for path in records], tmp_path / "kept")
    draft = Shown(number, {}, published="2026-01-01T08:00:00+08:00", versions=[], retracted=retracted)
    site, latest = shutil.copytree(whole / "_site", tmp_path / "site"), entries[0].when.label("zh")
    made = make.Site(site, Frame(Project(whole)), tmp_path / "cache")
    for shown in ({}, {entries[0].id: draft}):
        made.make(entries, shown=shown)
        with (site / SERIES / "all.csv").open(encoding="utf-8-sig") as file:
            periods = {row["period"] for row in csv.DictReader(file)}
        assert (entries[0].period in periods) is (not shown)
        for page in ("index.html", f"units/{next(iter(entries[0].units))}.html"):
            drawn = [title.get_text() for title in fresh_soup(site / SERIES / page).select(".trend circle title")]
            assert any(title.startswith(latest) for title in drawn) is (not shown)
            (row,) = (
                row
                for row in fresh_soup(site / SERIES / page).find(id="periods").find_next("table").select("tbody tr")
                if row.th.get_text().startswith(latest)
            )
            told = [cell.get_text() for cell in row.select("td")]
            assert told == [told_instead] if shown else len(told) > 5
        points = fresh_soup(site / "index.html").select_one("article.bulletin-entry").get_text()
        assert (entries[0].editions["zh"]["main_points"][0] in points) is (not shown)
    made.make(entries, shown={entry.id: draft for entry in entries})
    assert not (site / SERIES / "all.csv").exists()
    assert not fresh_soup(site / SERIES / "index.html").select('a[href="all.csv"], .trend')


@pytest.mark.further
def test_a_folder_among_the_styles_is_no_hindrance(whole, tmp_path):
    project = shutil.copytree(whole, tmp_path / "project", symlinks=True)
    logo = project / "_site/theme/img/logo.png"
    logo.parent.mkdir()
    logo.touch()
    update_site(Project(project), Pages(force=True))
    assert logo.is_file()
