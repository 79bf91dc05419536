"""Forms: right rows, limits, protection; a filled form is read back without any setting."""

import csv
import datetime as dt

import openpyxl
import pytest

from conftest import tongbao
from province import define
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.case_records import RecordSource
from tongbao.definition.project import Project
from tongbao.reading.tables import read_table
from tongbao_desk.forms import write_forms
from tongbao_records.count import Counted, count_records
from tongbao_records.examine import examine
from tongbao_records.files import open_records

RAW = "data/raw/wenzhou-monthly/2021-01-to-02"


@pytest.fixture
def forms(project):
    said = tongbao(project, "form", "wenzhou-monthly@2021-01-to-02").stdout
    assert "forms/wenzhou-monthly/2021-01-to-02/annex1.xlsx" in said
    return project / "forms/wenzhou-monthly/2021-01-to-02"


def test_rows_headers_limits_and_protection(forms):
    sheet = openpyxl.load_workbook(forms / "annex1.xlsx").active
    assert sheet["A1"].value == "2021年1-2月全市安全生产执法有关数据汇总表"
    header = [cell.value for cell in sheet[4]]
    assert header == ["单位", "罚款总数（万元）", "非事故类罚款额（万元）", "检查处罚率（%）", "收缴率（%）"]
    assert [sheet.cell(row, 1).value for row in range(5, 18)][:3] == ["鹿城区", "龙湾区", "瓯海区"]
    assert sheet.protection.sheet
    assert sheet["A5"].protection.locked
    assert sheet["B4"].protection.locked
    assert not sheet["B5"].protection.locked
    (limit,) = [rule for rule in sheet.data_validations.dataValidation if "B5" in rule.sqref]
    assert (limit.type, limit.operator, limit.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert "单位：万元" in sheet["B4"].comment.text


def test_a_filled_form_gives_the_same_bulletin(project, forms):
    before = {k: f.text for k, f in open_wenzhou(project).findings.items()}
    for name in ("annex1", "annex2"):
        path = project / RAW / f"{name}.csv"
        received = {row[0].replace(" ", ""): row for row in csv.reader(path.read_text("utf-8").splitlines())}
        header = ["".join(text.split()) for text in next(csv.reader(path.read_text("utf-8").splitlines()))]
        book = openpyxl.load_workbook(forms / f"{name}.xlsx")
        sheet = book.active
        columns = [header.index(cell.value) for cell in sheet[4]]
        for row in range(5, 18):
            for column, at in enumerate(columns[1:], start=2):
                text = received[sheet.cell(row, 1).value][at]
                sheet.cell(row, column).value = float(text) if text else None
        path.unlink()
        book.save(project / RAW / f"{name}.xlsx")
    after = open_wenzhou(project)
    assert {k: f.text for k, f in after.findings.items()} == before
    assert str(after.received.tables["enforcement"].cell("lucheng", "penalty_rate").value) == "40.00"


def test_the_totals_row_that_a_table_is_to_have_adds_up_by_itself(project):
    tongbao(project, "form", "taizhou-andun@2019-07-to-09")
    path = project / "forms/taizhou-andun/2019-07-to-09/annex.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    units = len(Project.find(project).get_series("taizhou-andun").units)
    row = 5 + units
    assert [sheet.cell(row, column).value for column in (1, 2)] == [
        "合计",
        f'=IF(COUNT(B5:B{row - 1})=0,"",SUM(B5:B{row - 1}))',
    ]
    assert sheet.cell(row, 2).protection.locked
    for column in range(2, sheet.max_column + 1):
        for unit in range(5, row):
            sheet.cell(unit, column).value = 100 - column
        sheet.cell(row, column).value = units * (100 - column)  # as Excel computes it
    place = project / "data/raw/taizhou-andun/2019-07-to-09/annex.xlsx"
    place.parent.mkdir()
    book.save(place)
    series = Project.find(project).get_series("taizhou-andun")
    errors = []
    table, _ = read_table("action", series.tables["action"], series, place.parent, project, errors)
    assert errors == []
    assert len(table.total) > 0


def open_wenzhou(project):
    return Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})


def test_a_column_of_words_has_a_drop_down_of_them(tmp_path):
    words = {"Ⅱ类": 2, "Ⅳ类": {"value": 4, "en": "class IV"}}
    columns = {
        "grade": {"header": "水质状况", "area": "none", "words": words},
        "other": {"header": "类别", "area": "none", "words": {"甲,乙": 1, "丙": 2}},  # Excel would list 甲 and 乙
        "days": {"header": "天数（天）", "unit": "天"},
    }
    (path,) = write_forms(define({"annex": columns}, {}, 2), Period.parse("2021-02"), tmp_path)
    sheet = openpyxl.load_workbook(path).active
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert rules == {"B5:B6": ("list", '"Ⅱ类,Ⅳ类"'), "D5:D6": ("decimal", "0")}
    assert "请从下拉列表中选择：Ⅱ类、Ⅳ类" in sheet["B4"].comment.text


def test_a_share_has_both_limits_and_a_growth_none(tmp_path):
    shares = {"share": "占比（%）", "growth": "同比增长（%）"}
    columns = {name: {"header": header, "unit": "%", "area": "none"} for name, header in shares.items()}
    (path,) = write_forms(define({"annex": columns}, {}, 2), Period.parse("2021-02"), tmp_path)
    share, growth = openpyxl.load_workbook(path).active.data_validations.dataValidation
    assert (share.operator, share.formula1, share.formula2) == ("between", "0", "100")
    assert (growth.operator, growth.formula1) == ("greaterThanOrEqual", str(-(10**15)))


def test_one_county_s_form_has_its_row_only(project):
    tongbao(project, "form", "wenzhou-monthly@2021-03", "--unit", "鹿城")
    sheet = openpyxl.load_workbook(project / "forms/wenzhou-monthly/2021-03/annex2.xlsx").active
    assert [sheet.cell(row, 1).value for row in (5, 6)] == ["鹿城区", None]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["wenzhou-monthly"], "a form is for one period"),
        (["wenzhou-monthly@2021-03", "--unit", "路桥区"], "no unit 路桥区"),
        (["wenzhou-month@2021-03"], "did you mean wenzhou-monthly?"),
    ],
)
def test_what_a_form_cannot_be_for(project, arguments, words):
    assert words in tongbao(project, "form", *arguments, code=2).stderr


def test_the_form_for_case_records_has_drop_downs_and_is_read_back(project):
    tongbao(project, "form", "assessment@2022")
    path = project / "forms/assessment/2022/cases-all.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    headers = {cell.value.removeprefix("*"): cell.column for cell in sheet[4]}
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert '"移动端,电脑端"' in lists
    assert '"是,否"' in lists
    assert any("甲县" in words for words in lists)
    filled = {"检查编号": "1", "检查日期": dt.date(2022, 3, 1), "填报单位": "甲县", "检查类型": "日常检查",
              "处罚决定日期": dt.date(2022, 3, 9), "罚款金额（元）": 5000, "事故罚款": "否", "隐患数（项）": 2,
              "备注": "合成数据"}  # fmt: skip
    for header, value in filled.items():
        sheet.cell(5, headers[header]).value = value
    book.save(path)
    with open_records([(path, "cases-all.xlsx")], RecordSource(files=("x",))) as records:
        assert examine(records, synthetic=True) == []
        period = Period.parse("2022-03")
        wanted = {name: Counted(name) for name in ("inspections", "fines", "hazards")}
        totals = count_records(records, wanted, [period], {"甲县": "jia"})[period, "jia"]
    assert [int(total.value) for total in totals.values()] == [1, 5000, 2]
