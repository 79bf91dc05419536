"""Names of units in declared texts, some columns in an annex, signs in words: the audit accounts for what is right."""

import json

import pytest
from bs4 import BeautifulSoup

from conftest import bare_project, edit, tongbao
from demo import left, write_demo

NAME = ("demo", "2021-q2")
ANNEX = "annexes: [{table: work, title: 执法情况表}, {table: more, title: 其他情况表}]"
PARTS = """annexes:
  - {table: work, title: 执法情况表（一）, columns: [visits, cases, col_rate]}
  - {table: work, title: 执法情况表（二）, columns: [rank, cases, fines], order: rate}
"""


SIGNS = """\
  grown:
    rule: state
    values: {more: {formula: visits - last_year.visits, decimals: 0, unit: 家次}, same: {formula: visits - visits, decimals: 0}}
    wording: 检查{{ more | change }}，产值{{ fact.growth | change }}，其余{{ same | change }}
  over:
    rule: list
    measure: {formula: cases - 25, decimals: 0, unit: 起, label: 立案}
    order: descending
    naming: {value: change}
    wording: 立案{{ units }}
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
    edit(definition, "main_points: [", 'main_points: ["产值同比{{ fact.growth | change }}。", ')
    edit(definition, "findings:\n", f"findings:\n{SIGNS}")
    edit(definition, "{{ finding.rising }}。", "{{ finding.rising }}。{{ finding.grown }}；{{ finding.over }}。")
    facts, text = root / "data/raw/demo/2021-q2/facts.csv", root / "reports/demo/2021-q2.md"
    facts.write_text(f"{facts.read_text('utf-8')}growth,产值增速,-5.2,%,,台账\n", "utf-8")
    text.write_text(f"{text.read_text('utf-8')}\n产值{{{{ fact.growth | change }}}}。\n", "utf-8")
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


def test_signs_are_said_in_words_everywhere(built):
    page = BeautifulSoup((built / "_site/reports/demo/2021-q2.html").read_text("utf-8"), "html.parser").main.get_text()
    assert page.count("产值同比下降5.2%。") == 1
    assert page.count("产值下降5.2%。") == 1
    assert "检查下降170家次（不含戊县），产值下降5.2%，其余持平" in page
    assert "立案丙县（增长11起）、甲县（增长8起）、乙县（下降3起）和丁县（下降20起）" in page


def test_a_sign_that_is_not_the_number_s_is_left_over(built):
    record = built / "data/processed/demo/2021-q2/findings.json"
    text = record.read_text("utf-8")
    try:
        found = json.loads(text)
        claims = next(one["claims"] for one in found["findings"] if one["id"] == "grown")
        next(one for one in claims if one["claim"] == "sign")["case"] = "rise"
        record.write_text(json.dumps(found), "utf-8")
        assert "the figure is -170" in [item.reason for item in left(built, NAME, "findings.json")]
    finally:
        record.write_text(text, "utf-8")


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
