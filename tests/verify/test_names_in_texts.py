"""Texts of the series that hold the name of a unit, and annexes of some columns: the audit accounts for what is right."""

import pytest

from conftest import bare_project, edit, tongbao
from demo import left, write_demo

NAME = ("demo", "2021-q2")
ANNEX = "annexes: [{table: work, title: 执法情况表}, {table: more, title: 其他情况表}]"
PARTS = """annexes:
  - {table: work, title: 执法情况表（一）, columns: [visits, cases, col_rate]}
  - {table: work, title: 执法情况表（二）, columns: [rank, cases, fines], order: rate}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = bare_project(tmp_path_factory.mktemp("names") / "project", to_build=True)
    write_demo(root)
    definition = root / "reports/demo/series.yml"
    edit(definition, "各县应急管理局", "各县应急管理局，乙县分局")
    edit(definition, "source: 各县填报", "source: 丙县平台")
    edit(
        definition,
        "reports: rate}",
        "reports: rate, stated: {tolerance: 0.01, printed: true, reason: 己区数据含在甲县内}}",
    )
    edit(definition, "rank_of: rate}", "rank_of: rate, stated: {printed: true, level: note, reason: 戊县另排}}")
    edit(definition, ANNEX, PARTS)
    edit(root / "data/raw/demo/2021-q2/work.csv", "甲县,300,33,9.9,11.0", "甲县,300,33,9.9,11.5")
    edit(definition, "checks:\n", "checks:\n  rates: {check: reported, level: warning}\n")
    tongbao(root, "notebook", "demo")
    tongbao(root, "build", "demo@2021-q2", "--engine", "embedded", "--format", "html")
    return root


def test_declared_texts_may_hold_the_name_of_a_unit(built):
    page = (built / "_site/reports/demo/2021-q2.html").read_text("utf-8")
    for said in ("乙县分局", "丙县平台", "己区数据含在甲县内", "戊县另排"):
        assert said in page
    assert left(built, NAME) == []


def test_a_table_is_printed_as_two_annexes(built):
    page = (built / "_site/reports/demo/2021-q2.html").read_text("utf-8")
    assert page.count('id="cell-cases-jia"') == page.count('id="cell-fines-jia"') == 1
    header, first = (built / "_site/reports/demo/2021-q2.annex-2.csv").read_text("utf-8-sig").splitlines()[:2]
    assert header == "单位,处罚率排名,立案（起）,罚款（万元）"
    assert first == "乙县,1,22,4.0"


def test_a_name_that_stands_elsewhere_is_left_over(built, tmp_path):
    page = built / "_site/reports/demo/2021-q2.html"
    text = page.read_text("utf-8")
    try:
        page.write_text(text.replace("现将情况通报如下：", "现将甲县情况通报如下：", 1), "utf-8")
        assert [item.text for item in left(built, NAME, ".html")] == ["甲县"]
        page.write_text(text.replace(">立案 <span", ">罚款 <span"), "utf-8")
        assert left(built, NAME, ".html")
    finally:
        page.write_text(text, "utf-8")
