"""Annexes: the order of rows, the totals' row, and what stands in cells without a figure."""

import re

import pytest
from bs4 import BeautifulSoup

from conftest import edit, tongbao
from tongbao.basics.errors import DefinitionError
from tongbao.bulletin.annexes import Heading, PrintedCell, PrintedTable
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.display.tables import _to_html, annex


def rows(project, series, period, number):
    bulletin = Bulletin.open(Project.find(project), series, period, {})
    parts = annex(bulletin, number).parts
    page = next(part.content["text/html"] for part in parts if "<table" in part.content.get("text/html", ""))
    table = BeautifulSoup(page, "html.parser").table
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


def test_units_stand_in_the_order_of_a_rank_and_those_without_a_figure_last(project):
    title = "  - table: enforcement\n"
    edit(project / "reports/wenzhou-monthly/series.yml", title, f"{title}    order: penalty_rate\n    blank: —\n")
    found = rows(project, "wenzhou-monthly", "2021-01-to-02", 1)
    assert [row[0] for row in found] == [
        *("龙湾区", "永嘉县", "洞头区", "鹿城区", "乐清市", "瓯海区", "瑞安市", "泰顺县", "苍南县", "龙港市"),
        *("文成县", "平阳县", "浙南产业集聚区"),
    ]
    blank, unranked, uncomputed = "—未报送", "—不排名", "—无法计算"  # the mark, and what is read out
    assert found[-1][1:] == [blank, blank, unranked, uncomputed, unranked, blank, unranked, blank, unranked]
    assert not re.search("—", "".join(found[0]))


def test_the_totals_row_can_stand_first(project):
    edit(project / "reports/taizhou-andun/series.yml", "  - table: action\n", "  - table: action\n    total: first\n")
    found = rows(project, "taizhou-andun", "2019-04-to-06", 1)
    assert (found[0][:2], found[1][0], found[-1][0]) == (["合计", "5800"], "椒江区", "三门县")


def heads(table):
    page = BeautifulSoup(_to_html(table, "表", "zh"), "html.parser")
    return [list(cell.stripped_strings) for cell in page.select("thead th")]


def test_a_unit_of_measurement_that_all_figures_share_stands_once():
    fines, others = (
        Heading("罚款（万元）", "figure", "a", unit="万元"),
        Heading("其中事故（万元）", "figure", "b", unit="万元"),
    )
    name, rank = Heading("单位", "name", "unit"), Heading("排序", "rank", "c", ranks="罚款")
    rows = ((PrintedCell("甲县"), PrintedCell("1"), PrintedCell("2"), PrintedCell("1")),)
    table = PrintedTable((name, fines, others, rank), rows)
    assert table.common_unit == "万元"
    assert heads(table) == [["单位"], ["罚款"], ["其中事故"], ["罚款", "排序"]]
    mixed = PrintedTable((name, fines, Heading("案件（起）", "figure", "d", unit="起"), rank), rows)
    assert mixed.common_unit == ""
    assert heads(mixed) == [["单位"], ["罚款", "（万元）"], ["案件", "（起）"], ["罚款", "排序"]]


def test_a_table_without_room_on_paper_is_refused(project, monkeypatch):
    monkeypatch.setattr("tongbao.bulletin.annexes.has_room", lambda rows, *, turned: False)
    refused = r"(?s)series.yml:\d+: annexes.0: an annex is too wide.*10 columns.*wide: .*columns: "
    assert re.search(refused, tongbao(project, "check", "wenzhou-monthly", code=2).stderr)
    with pytest.raises(DefinitionError, match=refused):  # in a build before any notebook is run
        Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {}).require_sound()
    edit(project / "reports/wenzhou-monthly/series.yml", "languages:", "formats: [html]\nlanguages:")
    tongbao(project, "check", "wenzhou-monthly")


def test_an_annex_prints_the_columns_that_it_names_in_their_order(project):
    definition = project / "reports/wenzhou-monthly/series.yml"
    names = list(Project.find(project).get_series("wenzhou-monthly").tables["enforcement"].columns)
    whole = rows(project, "wenzhou-monthly", "2021-01-to-02", 1)
    edit(definition, "  - table: enforcement\n", f"  - table: enforcement\n    columns: [{names[2]}, {names[0]}]\n")
    found = rows(project, "wenzhou-monthly", "2021-01-to-02", 1)
    assert found == [[row[0], row[3], row[1]] for row in whole]


@pytest.mark.parametrize(
    ("columns", "said"),
    [("inspectd", "inspectd is not declared; did you mean"), ("{0}, {0}", "a column stands twice")],
)
def test_a_column_that_a_table_does_not_have_is_refused(project, columns, said):
    definition = project / "reports/wenzhou-monthly/series.yml"
    name = next(iter(Project.find(project).get_series("wenzhou-monthly").tables["enforcement"].columns))
    added = f"  - table: enforcement\n    columns: [{columns.format(name).replace('inspectd', name[:-1])}]\n"
    edit(definition, "  - table: enforcement\n", added)
    with pytest.raises(DefinitionError, match=said.replace("inspectd", name[:-1])):
        Project.find(project).get_series("wenzhou-monthly")
