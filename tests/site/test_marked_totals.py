"""Pages over the periods say whom a figure of all units leaves out (synthetic figures)."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup

from conftest import bare_project
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao_site.entry import entry_of
from tongbao_site.pages import series_page, unit_page
from tongbao_site.tables import table_files

SERIES = """\
notebook: none
synthetic: true
languages: [zh, en]
authority: {zh: 示例市统计局, en: Example}
area: {zh: 全市, en: the city}
subject: {zh: 月报, en: Report}
title: {zh: 月报, en: Report}
addressees: {zh: 各县, en: counties}
source: {zh: 各县填报（合成数据）, en: counties (synthetic)}
units: [{id: jia, zh: 甲县, en: Jia}, {id: yi, zh: 乙县, en: Yi}]
tables:
  work:
    file: work.csv
    title: {zh: 工作表, en: Work}
    total_row: {zh: 合计, en: Total}
    columns:
      cases: {header: 立案（起）, label: {zh: 立案（起）, en: cases}, unit: 起, blank: note}
      visits: {header: 检查（次）, label: {zh: 检查（次）, en: visits}, unit: 次}
      growth: {header: 增速（%）, label: {zh: 增速（%）, en: growth}, unit: "%", area: reported, blank: note}
indicators: {rate: {label: {zh: 立案率, en: rate}, unit: "%", formula: cases / visits * 100, decimals: 1}}
findings:
  told:
    rule: state
    values: {n: visits}
    wording: {zh: "检查{{ n }}次", en: "{{ n }} visits"}
main_points: []
opening: {zh: 现通报如下：, en: These are the figures.}
sections: []
annexes: [{table: work, title: {zh: 工作表, en: Work}}]
"""
ROWS = {"2026-05": "甲县,3,10,1.0 乙县,4,0,2.0 合计,7,10,1.5", "2026-06": "甲县,,10,1.0 乙县,4,20, 合计,4,30,1.5"}


@pytest.fixture
def entries(tmp_path):
    """Two months, latest first: in the second a county is without cases, and in the first one cannot have a rate."""
    root = bare_project(tmp_path / "project")
    (root / "reports/labour").mkdir(parents=True)
    (root / "reports/labour/series.yml").write_text(SERIES, "utf-8")
    found = []
    for period, rows in ROWS.items():
        raw = root / "data/raw/labour" / period
        raw.mkdir(parents=True)
        lines = ["单位,立案（起）,检查（次）,增速（%）", *rows.split()]
        (raw / "work.csv").write_text("\n".join(lines) + "\n", "utf-8")
        (root / f"reports/labour/{period}.md").write_text("---\nissued: 2026-07-10\n---\n", "utf-8")
        bulletin = Bulletin.open(Project(root), "labour", period, {})
        found.append(entry_of(json.loads(Proof(bulletin).record().model_dump_json(by_alias=True))))
    return found[::-1]


def test_the_table_of_all_periods_marks_a_total_without_a_county_and_names_it(entries, tmp_path):
    page = BeautifulSoup(series_page(entries, "zh", tmp_path, {}).body, "html.parser")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.select("table.periods tbody tr")]
    assert rows == [["2026年6月", "4*", "30", "1.5", "20.0*"], ["2026年5月", "7", "10", "1.5", "70.0"]]
    assert [one.get_text() for one in page.select("p.left-out")] == ["* 2026年6月立案、立案率不含甲县。"]
    english = BeautifulSoup(series_page(entries, "en", tmp_path, {}).body, "html.parser")
    assert [one.get_text() for one in english.select("p.left-out")] == ["* June 2026: cases, rate without Jia."]
    own = unit_page(entries, "yi", "zh", tmp_path, {}).body
    assert "left-out" not in own
    assert "*" not in BeautifulSoup(own, "html.parser").get_text()


def test_all_periods_as_csv_name_whom_a_figure_leaves_out(entries, tmp_path):
    folder = tmp_path / "reports/labour"
    folder.mkdir(parents=True)
    for entry in entries:
        lines = ["measure,unit,text", "cases,area,4", "visits,area,30", "cases,yi,4"]
        (folder / f"{entry.period}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    rows = csv.DictReader(io.StringIO(table_files(tmp_path, entries)["all.csv"].decode("utf-8-sig")))
    said = [row["without"] for row in rows]
    assert said == ["", "", "", "jia", "", ""]
