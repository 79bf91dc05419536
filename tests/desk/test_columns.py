"""What a column is, found from its header and figures; and the safe choice where they do not tell."""

from decimal import Decimal

import pytest
from drafted import cell, drafts, of
from hypothesis import given
from hypothesis import strategies as st
from tables import (
    GROUPED,
    GROUPED_MERGED,
    GROUPED_PERCENT,
    OFFICE,
    OFFICE_MERGED,
    RATES,
    TITLED,
    as_csv,
    as_xlsx,
)

from tongbao.basics.errors import DataError
from tongbao.reading.grid import BLANK
from tongbao_desk.draft.columns import draft_columns
from tongbao_desk.draft.survey import Survey, SurveyedColumn, survey


def test_measures_rates_and_ranks_of_a_titled_table(tmp_path):
    found = drafts(as_csv(tmp_path / "t.csv", TITLED))
    assert "序号" not in found
    assert (found["受理量（件）"].label, found["受理量（件）"].unit, found["受理量（件）"].sums) == (
        "受理量",
        "件",
        True,
    )
    rate = found["按时办结率（%）"]
    assert (rate.kind, rate.part, rate.whole, rate.decimals) == ("rate", "anshibanjie", "yingbanjie", 2)
    assert found["排名"].rank_of == rate.id
    assert (found["满意率（%）"].kind, found["满意率（%）"].sums) == ("measure", False)
    assert "no two columns give it" in found["满意率（%）"].remark
    hours = found["平均办理时长（小时）"]
    assert (hours.sums, hours.descending) == (False, False)
    assert found["办理时长排名"].rank_of == hours.id


def test_a_table_as_offices_have_it(tmp_path):
    path = as_xlsx(tmp_path / "t.xlsx", OFFICE, OFFICE_MERGED, [f"H{row}" for row in range(4, 8)])
    found = survey(path, "t.xlsx")
    assert found.titles == ("望山市2026年10月行政执法情况统计表",)
    assert found.units == ("东湖区", "西山区", "临河县", "青崖县")
    columns = {draft.header: draft for draft in draft_columns(found)}
    assert list(columns)[:4] == ["检查（家次）", "发现隐患（项）", "立案（起）", "整改（项）"], "not 检查情况检查"
    assert columns["检查（家次）"].doubts == ["the totals' row says 1643, the units add up to 1636"]
    rate, mended = columns["处罚率（%）"], columns["整改率"]
    assert (rate.part, rate.whole, rate.decimals) == ("lian", "jiancha", 2)
    assert (mended.unit, mended.decimals) == ("%", 2)
    assert [doubt.partition(":")[0] for doubt in mended.doubts] == [
        "整改 ÷ 发现隐患 gives it for every unit but 青崖县",
        "blank for 青崖县",
    ]


def test_figures_typed_with_their_units_are_no_header(tmp_path):
    rows = [
        ["单位", "检查家次", "罚款（元）"],
        ["甲县", "5家次", "2,000元"],
        ["乙县", "6", "0"],
        ["丙县", "约7", "300元"],
    ]
    found = survey(as_csv(tmp_path / "t.csv", rows), "t.csv")
    assert found.units == ("甲县", "乙县", "丙县")
    assert [(draft.header, draft.unit) for draft in draft_columns(found)] == [
        ("检查家次", "家次"),
        ("罚款（元）", "元"),
    ]


def test_a_table_on_its_side_is_to_be_turned(tmp_path):
    rows = [["指标", "甲县", "乙县"], ["检查（家次）", "5", "6"], ["处罚（起）", "1", "2"]]
    with pytest.raises(DataError, match="the measures stand in rows") as refused:
        survey(as_csv(tmp_path / "t.csv", rows), "t.csv")
    assert (refused.value.place, refused.value.found) == ("t.csv A2", "检查（家次）、处罚（起）")


def test_a_rate_that_may_be_a_fraction_is_asked_about():
    small, _ = of(("满意率", "0.97", "0.95"), ("受理（件）", "3", "4"))
    assert (small.unit, small.doubts[-1]) == (
        "",
        "no figure is above 1: percentages of an .xls file? then save it as .xlsx",
    )


def test_a_header_over_two_rows_names_its_columns_by_both(tmp_path):
    path = as_xlsx(tmp_path / "t.xlsx", GROUPED, GROUPED_MERGED, GROUPED_PERCENT)
    found = drafts(path)
    assert list(found) == ["检查次数", "检查企业数", "处罚起数", "处罚金额（万元）", "处罚率"]
    assert found["检查次数"].unit == "起", "the line above the table gives the unit"
    assert found["处罚金额（万元）"].decimals == 1
    assert (found["处罚率"].kind, found["处罚率"].part, found["处罚率"].whole) == (
        "rate",
        found["处罚起数"].id,
        found["检查次数"].id,
    )


def test_a_column_that_a_workbook_shows_in_percent_is_one(tmp_path):
    rows = [["单位", "降幅"], ["甲县", 0.125], ["乙县", 1.5]]
    (fall,) = drafts(as_xlsx(tmp_path / "t.xlsx", rows, percent=("B2", "B3"))).values()
    assert (fall.unit, fall.figures) == ("%", [Decimal("12.5"), Decimal(150)])


def test_a_change_is_neither_summed_nor_bounded_by_zero(tmp_path):
    found = drafts(as_csv(tmp_path / "t.csv", RATES))
    assert "备注" not in found
    assert found["同比（%）"].negative
    assert not found["同比（%）"].sums
    assert not found["同比（%）"].bad_when_low


@pytest.mark.parametrize(
    ("rates", "kind", "rounding"),
    [
        (("17.78", "38.10"), "rate", "half-up"),  # 8 of 45, 8 of 21
        (("17.77", "38.09"), "rate", "truncate"),
        (("17.78", "38.09"), "measure", "half-up"),
        (("17.78", ""), "measure", "half-up"),
    ],
)
def test_a_rate_is_computed_only_if_every_unit_agrees(rates, kind, rounding):
    part, whole, rate = of(("处罚（起）", "8", "8"), ("检查（次）", "45", "21"), ("处罚率（%）", *rates))
    assert (rate.kind, rate.rounding) == (kind, rounding)
    assert rate.remark == ("" if kind == "rate" else rate.remark)
    assert (rate.part, rate.whole) == ((part.id, whole.id) if kind == "rate" else ("", ""))


def test_of_two_pairs_the_one_named_like_the_rate_is_taken_else_none():
    columns = [
        ("应办结（件）", "10", "20"),
        ("按时办结（件）", "9", "19"),
        ("回访（件）", "10", "20"),
        ("满意（件）", "9", "19"),
    ]
    named = of(*columns, ("满意率（%）", "90.0", "95.0"))[-1]
    assert (named.part, named.whole) == ("manyi", "yingbanjie") or named.kind == "measure"
    other = of(*columns, ("甲指标率（%）", "90.0", "95.0"))[-1]
    assert other.kind == "measure"
    assert "several columns give it" in other.remark


def test_the_one_unit_that_disagrees_is_named():
    rate = of(("处罚（起）", "8", "8", "1", "3"), ("检查（次）", "45", "21", "4", "8"),
              ("处罚率（%）", "17.78", "38.10", "25.00", "37.55"))[-1]  # fmt: skip
    assert rate.kind == "measure"
    assert rate.remark.startswith("处罚 ÷ 检查 gives it for every unit but 丁")


def test_one_blank_operand_leaves_a_rate_as_reported():
    """Such an indicator could not be built: figures would be missing."""
    rate = of(("处罚（起）", "8", "8", "1"), ("检查（次）", "45", "21", ""), ("处罚率（%）", "17.78", "38.10", ""))[-1]
    assert rate.kind == "measure"


@pytest.mark.parametrize(
    ("header", "total", "sums"),
    [
        ("受理量（件）", "", True),
        ("受理量（件）", "6", True),
        ("受理量（件）", "7", True),  # a wrong total is what the check is for
        ("平均时长（小时）", "2", False),
        ("人均办件（件）", "", False),
        ("平均数之和（件）", "6", True),  # the totals' row adds it up
        ("得分", "", False),
    ],
)
def test_what_may_be_summed(header, total, sums):
    (draft,) = of((header, "1", "2", "3"), total=(total,) if total else ())
    assert draft.sums is sums


@pytest.mark.parametrize(("header", "unit"), [("数量（件）", "件"), ("数量（本月）", ""), ("占比%", "%"), ("数量", "")])
def test_what_stands_in_brackets_is_a_unit_only_if_it_is_one(header, unit):
    (draft,) = of((header, "1", "2"))
    assert draft.unit == unit
    assert bool(draft.remark) is (unit != "件")


def test_a_rank_that_ranks_nothing_is_printed_as_reported():
    _, rank = of(("数量（件）", "1", "2", "3", "4"), ("排名", "2", "1", "4", "3"))
    assert (rank.kind, rank.sums, rank.rank_of) == ("measure", False, "")


def test_a_rank_with_one_mistake_is_still_a_rank_and_says_so():
    measure, rank = of(("数量（件）", "1", "2", "3", "4", "5", "6"), ("排名", "6", "5", "4", "3", "1", "1"))
    assert rank.rank_of == measure.id
    assert "83%" in rank.remark


def test_ranks_that_stand_several_times_belong_to_the_column_before():
    found = of(
        ("罚款（元）", "1", "2", "3"), ("排序", "3", "2", "1"), ("案件（起）", "9", "8", "7"), ("排序", "1", "2", "3")
    )
    assert [draft.rank_of for draft in found] == ["", "fakuan", "", "anjian"]
    assert len({draft.id for draft in found}) == 4


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=3, max_size=8),
    st.integers(0, 3),
    st.booleans(),
)
def test_a_declared_rate_gives_what_was_reported(pairs, decimals, ascending):
    """Whatever pair is found: dividing it gives every reported rate, and the ranks are those reported."""
    shares = [Decimal(part) / whole * 100 for part, whole in pairs]
    rates = [str(share.quantize(Decimal(1).scaleb(-decimals), "ROUND_HALF_UP")) for share in shares]
    ranks = [str(1 + sum(other < share if ascending else other > share for other in shares)) for share in shares]
    found = of(
        ("部分（件）", *(str(part) for part, _ in pairs)),
        ("全部（件）", *(str(whole) for _, whole in pairs)),
        ("比率（%）", *rates),
        ("排名", *ranks),
    )
    rate = found[2]
    by_id = {draft.id: draft for draft in found}
    if rate.kind == "rate":
        for unit, reported in zip(rate.values, rates, strict=True):
            value = by_id[rate.part].values[unit] / by_id[rate.whole].values[unit] * 100
            assert str(value.quantize(Decimal(1).scaleb(-decimals), "ROUND_HALF_UP")) == reported
    else:
        assert "several columns give it" in rate.remark


@pytest.mark.parametrize(
    ("header", "unit", "sums", "known"),
    [
        ("PM2.5浓度（μg/m³）", "μg/m³", False, False),
        ("综合指数", "", False, False),
        ("数量", "", False, False),
        ("同比增长（%）", "%", False, False),
        ("交办总量_件", "件", True, True),
        ("办结率_%", "%", False, True),
        ("Received (cases)", "件", True, True),
        ("Share (percent)", "%", False, True),
    ],
)
def test_only_what_has_a_known_unit_of_measurement_is_summed_and_ranked(header, unit, sums, known):
    (draft,) = of((header, "31", "42"))
    assert (draft.unit, draft.sums, draft.is_known) == (unit, sums, known)
    assert sums or known or draft.doubts or "%" in unit


def test_figures_without_a_unit_are_summed_where_the_totals_row_does_so():
    (draft,) = of(("数量", "1", "2"), total=("3",))
    assert draft.sums
    assert not draft.is_known


def test_mixed_decimals_get_one_width():
    assert of(("时长（小时）", "1.5", "2", "3.25"))[0].decimals == 2
    assert of(("时长（小时）", "1.5", "2.0"))[0].decimals is None


def test_blanks_in_rows_that_are_reported_are_said():
    received, closed = of(("受理（件）", "1", "2", ""), ("办结（件）", "1", "", ""))
    assert closed.left_blank == ("乙",)
    assert closed.doubts == ["blank for 乙: right, or to be asked for?"]
    assert received.left_blank == ()


def test_words_are_kept_out_and_a_total_may_stand_before_the_names(tmp_path):
    rows = [
        ("序号", "断面", "水质状况", "取水（次）"),
        (1, "甲河", "Ⅳ类", 3),
        (2, "乙河", "Ⅲ类", 4),
        ("合计", "", "", 7),
    ]
    found = survey(as_xlsx(tmp_path / "t.xlsx", rows), "t.xlsx")
    assert found.words == ("水质状况",)
    assert [column.header for column in found.columns] == ["取水（次）"]
    assert (found.total_row, found.units) == ("合计", ("甲河", "乙河"))


@pytest.mark.parametrize(
    ("header", "unit"),
    [("检查家次", "家次"), ("案件数", "件"), ("立案数", ""), ("罚款", "万元"), ("检查（次）", "次"), ("到位率", "%")],
)
def test_the_unit_above_a_table_is_not_that_of_what_counts(header, unit):
    """单位：万元 over a table with a column 检查家次."""
    cells = {name: cell(text) for name, text in (("甲", "20"), ("乙", "31"), ("丙", "12"))}
    columns = (SurveyedColumn(header, cells, BLANK),)
    (found,) = draft_columns(Survey("t.csv", ("单位：万元",), "单位", ("甲", "乙", "丙"), columns, None))
    assert found.unit == unit


def test_headers_that_stand_twice_are_told_apart_and_asked_about():
    heads = ("数量（件）", "数量（件）", "增幅（%）", "金额（元）", "增幅（%）", "增幅（%）")
    found = of(*((head, "1", "2") for head in heads))
    assert [draft.label for draft in found] == [
        "数量",
        "数量（乙）",
        "数量（乙）增幅",
        "金额",
        "金额增幅",
        "金额增幅（乙）",
    ]
    assert "its header stands several times: say in short what it is" in found[1].doubts


@pytest.mark.parametrize(
    "header", ["1-10月累计（件）", "1—10月累计（件）", "前三季度累计（件）", "累计（1-10月）（件）", "10月累计（件）"]
)
def test_a_header_with_its_months_is_asked_about_and_its_name_stays_true(header):
    now, since = of(("本月（件）", "1", "2"), (header, "3", "4"))
    assert now.doubts == []
    assert since.label == "累计"
    assert since.header == header, "by it the column is found"
    assert any("the file of every period needs this header" in doubt for doubt in since.doubts)


def test_two_months_side_by_side_keep_their_names():
    assert [draft.label for draft in of(("1-9月累计（件）", "1", "2"), ("1-10月累计（件）", "3", "4"))] == [
        "1-9月累计",
        "1-10月累计",
    ]
