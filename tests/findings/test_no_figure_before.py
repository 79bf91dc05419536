"""A figure that looks at another period, which has none: nobody is said not to have reported (synthetic figures)."""

import pytest

from province import define, indicators_of, receive, say
from tongbao.figures.lacking import lack_of_total
from tongbao.findings.lacking import said_of

RISE = {"indicators": {"rise": {"label": "增速较上期", "formula": "cases - previous.cases", "decimals": 0}}}
NOW, BEFORE = {"cases": [3, 4, 5]}, {"cases": [1, 2, None]}
NOTHING = "无上期数据，增速较上期不作比较"


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "list", "measure": "rise", "above": 0},
        {"rule": "list", "measure": "rise", "above": 0, "blank": True},
        {"rule": "list", "measure": "rise", "take": 1},
        {"rule": "list", "measure": "rise", "focus": "jia"},
        {"rule": "range", "measure": "rise"},
        {"rule": "split", "measure": "rise", "at": 0},
    ],
    ids=str,
)
def test_without_the_other_periods_figures_there_is_nothing_to_compare(rule):
    assert say(rule, NOW, **RISE).text["zh"] == NOTHING
    assert say(rule, NOW, previous={"cases": [None] * 3}, **RISE).text["zh"] == NOTHING


def test_of_whom_nothing_came_this_period_it_is_still_said():
    rule = {"rule": "range", "measure": "rise"}
    assert say(rule, {"cases": [None] * 3}, previous=NOW, **RISE).text["zh"] == "各地均未报送增速较上期"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            {"rule": "list", "measure": "rise", "blank": True, "naming": {"value": True}},
            "仅丙县（无上期数据）增速较上期无数据",
        ),
        ({"rule": "list", "measure": "rise", "focus": "bing"}, "丙县无上期数据，不参加排名"),
        ({"rule": "range", "measure": "rise"}, "有数据的2个县（市、区）增速较上期均为2，丙县无法计算"),
    ],
    ids=str,
)
def test_who_lacks_the_other_period_alone_is_not_said_not_to_have_reported(rule, said):
    assert say(rule, NOW, previous=BEFORE, **RISE).text["zh"] == said


def test_a_key_figure_or_point_of_a_line_without_the_other_period_says_so():
    columns = {"annex": {"cases": {"header": "立案", "unit": "起"}}}
    series = define(columns, {}, 3, **RISE)
    found = indicators_of(series, {"2021-02": receive(series, "2021-02", NOW)}, "2021-02")
    assert said_of(found, lack_of_total(found, "rise"), "zh") == "无上期数据"
    assert said_of(found, lack_of_total(found, "rise"), "en") == "no figure of the previous period"
