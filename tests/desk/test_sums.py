"""Which columns a draft adds up, by name, unit of measurement and totals' row."""

import pytest
from drafted import of


@pytest.mark.parametrize(
    "header",
    ["群众满意度（分）", "水位（米）", "响应时间（分钟）", "每万人事故数（起）", "万人发案（起）", "工资水平（元）",
     "中位数（元）", "标准差（件）", "每亩产量（公斤）", "单产（公斤）", "名次变化（位）", "最高气温（度）",
     "出警用时（分钟）", "亿元GDP死亡（人）", "房价（元）", "考核（分）", "服务（小时）", "单位成本（元/件）",
     "Mean time (hours)", "自然增长（‰）", "出生性别比（人）", "年龄（岁）", "幸福度（分）"],
)  # fmt: skip
def test_scores_levels_times_of_one_case_and_what_is_per_something_get_no_total_and_an_open_point(header):
    (draft,) = of((header, "31", "42", "35"))
    assert not draft.sums
    assert draft.doubts[0].startswith(("not summed: ", "no unit of measurement"))


@pytest.mark.parametrize(
    "header",
    ["受理量（件）", "工资总额（万元）", "总时长（小时）", "新建管道（米）", "道路里程（公里）", "年末常住人口（万人）",
     "用电量（度）", "去年同期（件）", "目标值（件）", "投放车次（次）",
     "每月检查（家次）", "万元以上案件（起）", "罚款额度（元）",
     "累计出动天数（天）"],
)  # fmt: skip
def test_what_is_a_quantity_is_summed_without_a_question(header):
    (draft,) = of((header, "31", "42", "35"))
    assert draft.sums
    assert draft.doubts == []


@pytest.mark.parametrize(
    ("total", "sums", "said"),
    [
        ("90.3", False, "not summed: the totals' row says 90.3, the units add up to 271"),
        ("93", False, "not summed: the totals' row says 93, the units add up to 271"),
        ("140", False, "not summed: the totals' row says 140, the units add up to 271"),
        ("271", True, None),
        ("277", True, "the totals' row says 277, the units add up to 271"),  # more like a slip
    ],
)
def test_a_totals_row_that_holds_no_sum_makes_the_column_none(total, sums, said):
    (draft,) = of(("得票（件）", "90", "88", "93"), total=(total,))
    assert (draft.sums, *draft.doubts) == (sums, *filter(None, [said]))


def test_one_figure_beside_zeros_proves_no_sum():
    (draft,) = of(("平均时长（小时）", "0", "0", "3"), total=("3",))
    assert not draft.sums
