"""Case records on two paths: read and counted row by row, and as tongbao reads a period that has them."""

import csv

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracles.records import MEASURES, doubts, draw_up, read_rows, recount
from province import units
from tongbao.basics.period import Period
from tongbao.definition.project import Project
from tongbao.reading.received import read_received

PERIOD, YEAR = Period.parse("2021-03-to-05"), "2021"
FIELDS = {
    "检查编号": "record_id",
    "检查日期": "inspection_date",
    "填报单位": "unit",
    "被检查单位": "enterprise",
    "统一社会信用代码": "enterprise_code",
    "行业领域": "industry",
    "录入终端": "terminal",
    "双随机任务期限": "random_task_due",
    "双随机任务完成日期": "random_task_done",
    "现场检查记录（份）": "site_records",
    "现场处理措施决定书（份）": "measures_ordered",
    "责令限期整改指令书（份）": "rectification_orders",
    "强制措施决定书（份）": "compulsory_measures",
    "责令停产停业": "suspended",
    "隐患数（项）": "hazards",
    "重大隐患数（项）": "serious_hazards",
    "整改期限": "rectification_due",
    "整改完成日期": "rectification_done",
    "立案日期": "case_date",
    "重大违法行为": "serious_violation",
    "处罚决定日期": "penalty_date",
    "罚款金额（元）": "fine",
    "事故罚款": "accident_fine",
    "已收缴罚款（元）": "collected",
    "查获危险化学品（吨）": "seized",
    "移送公安": "transferred",
    "刑事强制措施（人）": "detained",
    "备注": "note",
}
UNITS = {
    "inspections": "家次",
    "enterprises": "家",
    "mobile_inspections": "家次",
    "random_tasks_due": "项",
    "random_tasks_on_time": "项",
    "suspensions": "家次",
    "rectifications_due": "项",
    "rectifications_on_time": "项",
    "cases": "起",
    "serious_cases": "起",
    "penalties": "起",
    "non_accident_penalties": "起",
    "fines": "万元",
    "non_accident_fines": "元",
    "collected": "亿元",
    "seized": "吨",
    "transferred": "起",
    "detained": "人",
    "hazards": "项",
    "serious_hazards": "项",
}
WHERE = {
    "is": ("inspections", {"industry": "矿山"}),
    "one_of": ("cases", {"industry": ["矿山", "工贸"]}),
    "not_": ("inspections", {"industry": {"not": "矿山"}}),
    "below": ("penalties", {"fine": {"below": 3000}}),
    "at_least": ("penalties", {"fine": {"at_least": 3000}, "suspended": True}),
    "no": ("inspections", {"suspended": False}),
}


def columns(measures):
    return {name: {"header": name, "measure": name, "unit": UNITS.get(name, "份")} for name in measures}


TABLES = {
    "every": {"records": True, "title": "各项", "columns": columns(MEASURES)},
    "some": {
        "records": True,
        "title": "条件",
        "without_records": "zero",
        "columns": {
            name: {"header": name, "measure": measure, "where": where, "unit": UNITS[measure]}
            for name, (measure, where) in WHERE.items()
        },
    },
    "mobile": {
        "records": True,
        "title": "移动端",
        "where": {"terminal": "移动端"},
        "columns": {f"m_{name}": one for name, one in columns(["inspections", "hazards", "enterprises"]).items()},
    },
}
LISTS = {
    "all": {
        "criteria": {
            name: {"measure": name, "at_least": number, "reason": "{{ value }}"}
            for name, number in (("hazards", 9), ("serious_hazards", "param.many"), ("days_late", 30), ("overdue", 2))
        }
    },
    "late": {
        "months": 1,
        "criteria": {
            "seen": {"measure": "inspections", "at_least": 2, "reason": "{{ value }}"},
            "fined": {"measure": "penalties", "at_least": 1, "reason": "{{ value }}"},
        },
    },
}
SERIES = {
    "notebook": "none",
    "synthetic": True,
    "authority": "局",
    "area": "全市",
    "subject": "月报",
    "title": "通报",
    "addressees": "各县",
    "source": "合成",
    "records": {"files": "cases/{period}/cases.csv"},
    "units": units(3),
    "tables": TABLES,
    "enterprises": LISTS,
    "parameters": {"many": {"default": 2, "label": "多"}},
    "findings": {},
    "main_points": [],
    "key_figures": [{"label": "x", "value": "cases"}],
    "opening": "如下：",
    "sections": [],
    "annexes": [{"table": "every", "title": "表"}],
}
NAMES = {name: unit["id"] for unit in units(3) for name in (unit["zh"], unit["short"], unit["en"])}

days = st.dates(Period.parse("2021-02").start, Period.parse("2021-06").end).map(str)
blank_or_day = st.one_of(st.just(""), days)
yes_no = st.sampled_from(["是", "否", "Y", ""])
number = st.sampled_from(["", "0", "1", "3"])


@st.composite
def records(draw):
    """A record that may be doubtful, but is none that would be refused."""
    hazards = draw(st.integers(0, 9))
    case, decided = draw(blank_or_day), draw(blank_or_day)
    fine = draw(st.sampled_from(["", "0", "2999.99", "3000", "50000"])) if decided else ""
    return {
        "inspection_date": draw(days),
        "unit": draw(st.sampled_from(list(NAMES))),
        "enterprise": draw(st.sampled_from(["", "西厂", "东厂"])),
        "enterprise_code": draw(st.sampled_from(["", "A", "B"])),
        "industry": draw(st.sampled_from(["", "工贸", "矿山", "危险化学品"])),
        "terminal": draw(st.sampled_from(["", "移动端", "电脑端"])),
        "random_task_due": draw(blank_or_day),
        "random_task_done": draw(blank_or_day),
        "suspended": draw(yes_no),
        "hazards": str(hazards),
        "serious_hazards": str(draw(st.integers(0, min(hazards, 2)))),
        "rectification_due": draw(blank_or_day),
        "rectification_done": draw(blank_or_day),
        "case_date": case,
        "serious_violation": draw(st.sampled_from(["是", "否"])) if case else "",
        "penalty_date": decided,
        "fine": fine,
        "accident_fine": draw(st.sampled_from(["是", "否"])) if decided else "",
        "collected": draw(st.sampled_from(["", "0", fine])) if fine else "",
        "seized": draw(st.sampled_from(["", "0.25"])),
        "transferred": draw(yes_no),
        "detained": draw(number),
        "note": "合成数据",
        **{
            name: draw(number)
            for name in ("site_records", "measures_ordered", "rectification_orders", "compulsory_measures")
        },
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("records")
    for folder in ("reports/cases", f"data/raw/cases/{PERIOD}", "notebooks"):
        (root / folder).mkdir(parents=True)
    (root / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    (root / "reports" / "cases" / "series.yml").write_text(
        yaml.safe_dump(SERIES, allow_unicode=True, sort_keys=False), "utf-8"
    )
    project = Project(root)
    project.get_series("cases")  # before any example: a fault of the definition is none of the records
    return project


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(records(), min_size=6, max_size=24), many=st.booleans())
def test_cells_lists_and_doubts(project, made, many):
    made = made * 9 if many else made  # more doubtful records than are named
    path = project.root / "data" / "raw" / "cases" / str(PERIOD) / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(FIELDS)
        writer.writerows(
            [str(n), *(one.get(field, "") for field in list(FIELDS.values())[1:])] for n, one in enumerate(made)
        )
    series = project.get_series("cases")
    received, rows = read_received(project, series, PERIOD), read_rows(path, NAMES, FIELDS)
    ids = [unit.id for unit in series.units]
    for (table, unit, column), (value, count) in recount(TABLES, ids, PERIOD, rows).items():
        cell = received.tables[table].cell(unit, column)
        assert cell.value == value, (table, unit, column)
        assert value is None or cell.source.records == count, (table, unit, column)
    for name, declared in LISTS.items():
        right = draw_up(declared, rows, PERIOD, {"many": 2}, ids)
        found = received.enterprises[name]
        assert [
            (one.code, one.name, one.unit, one.industry, dict(one.figures), one.met, one.source.records)
            for one in found
        ] == [(one.code, one.name, one.unit, one.industry, one.figures, one.met, one.records) for one in right]
    told = {}
    for fault in received.doubtful:
        rows_, more = told.get((fault.rule, fault.unit), ([], 0))
        told[fault.rule, fault.unit] = ([*rows_, fault.source.row], more + fault.more)
    expected = {(name, unit): numbers for name, unit, numbers in doubts(rows)}
    assert {key: len(rows_) + more for key, (rows_, more) in told.items()} == {
        key: len(numbers) for key, numbers in expected.items()
    }
    for key, (rows_, _) in told.items():  # the first twenty of each spelling of the county are named
        assert set(rows_) <= set(expected[key])
        assert len(rows_) >= min(20, len(expected[key]))
