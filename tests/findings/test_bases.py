"""Changes whose base is zero or negative (synthetic figures)."""

import pytest

from province import say

PROFIT = {"formula": "cases - visits", "decimals": 0, "label": {"zh": "利润", "en": "profit"}, "unit": "万元"}


@pytest.mark.parametrize(
    ("before", "case", "zh", "en"),
    [
        ({"cases": [10, 8], "visits": [50, 20]}, "negative_base", "同比—（上年同期为负）", "last year was negative)"),
        ({"cases": [10, 8], "visits": [10, 8]}, "zero_base", "同比—（上年同期为零）", "last year was zero)"),
        ({"cases": [10, 8], "visits": [14, 2]}, "rise", "同比上升300.0%", "up 300.0% year on year"),
    ],
)
def test_a_negative_base_is_not_said_to_be_zero(before, case, zh, en):
    rule = {"rule": "change", "value": PROFIT, "against": "last_year"}
    finding = say(rule, {"cases": [10, 9], "visits": [6, 5]}, last_year=before)
    assert finding.case == case
    assert finding.text["zh"] == f"利润为8万元，{zh}"
    assert finding.text["en"].endswith(en)
    base = {"negative_base": "< 0", "zero_base": "== 0"}.get(case)
    assert base is None or [claim.says["when"] for claim in finding.claims if claim.claim == "case"] == [
        f"last_year.cases - last_year.visits {base}"
    ]


def test_lists_tell_a_negative_base_from_zero():
    now, then = {"cases": [9, 9, 9, 6], "visits": [4, 4, 4, 6]}, {"cases": [2, 5, 4, None], "visits": [5, 5, 1, 1]}
    figure = {"formula": "cases - visits", "unit": "万元", "change": "last_year", "decimals": 1}
    rule = {"rule": "list", "measure": "cases", "order": "official", "naming": {"figures": [figure]}}
    assert say(rule, now, last_year=then).text["zh"] == (
        "立案数分别为甲县（上年同期为负）、乙县（上年同期为零）、丙县（同比上升66.7%）和丁县（无上年同期数据）"
    )
    changed = {"rule": "list", "measure": PROFIT, "change": "last_year", "above": 0}
    assert tuple(say(changed, now, last_year=then).text.values()) == (
        "利润同比上升的有丙县，不含丁县；甲县上年同期为负；乙县上年同期为零",
        (
            "profit up year on year: Bing, without Ding; leaving out Jia, negative in the same period last year; "
            "leaving out Yi, zero in the same period last year"
        ),
    )


@pytest.mark.parametrize("rule", ["list", "range", "split"])
def test_no_unit_with_a_base_is_not_no_return(rule):
    options = {"split": {"at": 0}}.get(rule, {})
    finding = say(
        {"rule": rule, "measure": "cases", "change": "last_year"} | options,
        {"cases": [3, 4, None]},
        last_year={"cases": [0, 0, 5]},
    )
    assert (finding.case, *finding.text.values()) == (
        "no_base",
        "各地立案数均不可作同比比较（不含丙县；甲县和乙县上年同期为零）",
        (
            "the cases cannot be compared year on year in any unit (without Bing; leaving out Jia and Yi, zero in the "
            "same period last year)"
        ),
    )
