"""Where a table's header, units of measurement, reporting units and totals stand."""

import pytest
from drafted import drafts
from tables import as_xlsx

from tongbao_desk.draft.columns import draft_columns
from tongbao_desk.draft.survey import survey


@pytest.mark.parametrize("name", ["Total", "Sum", "All", "Grand total", "Whole city", "TOTALS", "总计", "全市", "小计"])
def test_a_totals_row_in_english_and_a_last_subtotal_are_no_unit(tmp_path, name):
    rows = [("District", "Calls (cases)"), ("North Bay", 10), ("St. John's", 11), ("东 湖 区", 3), (name, 24)]
    found = survey(as_xlsx(tmp_path / "t.xlsx", rows), "t.xlsx")
    assert (found.units, found.total_row) == (("North Bay", "St. John's", "东湖区"), name)
    (calls,) = draft_columns(found)
    assert (calls.label, calls.unit, calls.sums) == ("Calls", "件", True)


def test_subtotals_between_the_units_are_read_past(tmp_path):
    rows = [("单位", "报修（件）"), ("甲县", 1), ("小计", 1), ("乙县", 2), ("小计", 2), ("合计", 3)]
    found = survey(as_xlsx(tmp_path / "t.xlsx", rows), "t.xlsx")
    assert (found.units, found.past, found.total_row) == (("甲县", "乙县"), ("小计",), "合计")


@pytest.mark.parametrize(
    "rows",
    [
        [("地区", "投入资金", "满意率", "事故"), ("", "万元", "%", "起")],
        [
            ("2026年10月情况表", "", "", ""),
            ("地区", "投入资金", "满意率", "事故"),
            ("单位", "（万元）", "（%）", "（起）"),
        ],
        [("地区", "投入", "满意", "事故"), ("", "资金", "率", ""), ("", "万元", "%", "起")],
    ],
)
def test_a_row_of_units_of_measurement_gives_the_columns_units(tmp_path, rows):
    rows = [*rows, ("甲区", 10.5, 91, 3), ("乙区", 11.5, 92, 4), ("丙区", 12.5, 90, 0)]
    found = drafts(as_xlsx(tmp_path / "t.xlsx", rows))
    assert [(draft.header, draft.label, draft.unit) for draft in found.values()] == [
        ("投入资金", "投入资金", "万元"),
        ("满意率", "满意率", "%"),
        ("事故", "事故", "起"),
    ]


def test_a_row_of_units_may_leave_some_blank_and_a_header_of_units_is_one(tmp_path):
    given = [
        ("序号", "地区", "投入", "参与", "指数"),
        ("", "", "万元", "", ""),
        (1, "甲区", 1, 2, 3),
        (2, "乙区", 2, 3, 4),
    ]
    found = drafts(as_xlsx(tmp_path / "t.xlsx", given))
    assert [(draft.header, draft.unit) for draft in found.values()] == [("投入", "万元"), ("参与", ""), ("指数", "")]
    bare = [("事故情况", "", ""), ("地区", "起", "人"), ("甲区", 1, 2), ("乙区", 2, 3)]
    assert list(drafts(as_xlsx(tmp_path / "u.xlsx", bare, ["A1:C1"]))) == ["起", "人"]


def test_a_heading_that_its_column_repeats_is_said_once(tmp_path):
    rows = [
        ("单位", "检查", "", "处罚", ""),
        ("", "家次", "企业数", "起数", "处罚率"),
        *(("甲县", 9, 8, 3, 33.3), ("乙县", 8, 7, 4, 50.0)),
    ]
    merged = ["A1:A2", "B1:C1", "D1:E1"]
    assert list(drafts(as_xlsx(tmp_path / "t.xlsx", rows, merged))) == ["检查家次", "检查企业数", "处罚起数", "处罚率"]
