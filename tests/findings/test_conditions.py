"""Conditions on other figures of a unit: whom they cannot tell is said (synthetic figures)."""

import pytest

from province import say
from whole import hold, told

NOT_TOLD = {"default": {"zh": "少于上年的有{{ units }}", "en": "fewer than a year before: {{ units }}"},
            "none": {"zh": "无一少于上年", "en": "nowhere fewer"}}  # fmt: skip
WORDED = NOT_TOLD | {"incomplete": {"zh": "可比的均不少于上年", "en": "not fewer where known"}}
FEWER = {"rule": "list", "measure": "cases", "where": [{"value": "cases", "below": "last_year.cases"}]}
LAST_YEAR = {"cases": [5, 5, None]}


@pytest.mark.parametrize(
    ("wording", "now", "case", "zh", "en"),
    [
        (NOT_TOLD, [9, 9, 1], "none", "无一少于上年（不含丙县）", "nowhere fewer (without Bing)"),
        (WORDED, [9, 9, 1], "incomplete", "可比的均不少于上年（不含丙县）", "not fewer where known (without Bing)"),
        (WORDED, [1, 9, 1], "default", "少于上年的有甲县，不含丙县", "fewer than a year before: Jia, without Bing"),
        (WORDED, [1, 1, 1], "default", "少于上年的有甲县和乙县，不含丙县",
         "fewer than a year before: Jia and Yi, without Bing"),
    ],
)  # fmt: skip
def test_whom_a_bound_of_their_own_cannot_tell_is_said(tmp_path, wording, now, case, zh, en):
    rule, now = FEWER | {"wording": wording}, {"cases": now}
    found = say(rule, now, last_year=LAST_YEAR)
    assert (found.case, found.text) == (case, {"zh": zh, "en": en})
    hold(tmp_path, rule, now, last_year=LAST_YEAR)


@pytest.mark.parametrize(("wording", "said"), [(NOT_TOLD, "无一少于上年"), (WORDED, "可比的均不少于上年")])
def test_whom_a_blank_value_cannot_tell_is_said(tmp_path, wording, said):
    rule = {"rule": "list", "measure": "cases", "where": [{"value": "visits", "below": 5}], "wording": wording}
    now = {"cases": [9, 9, 1], "visits": [9, 9, None]}
    assert told(rule, now)["zh"] == f"{said}（不含丙县）"
    hold(tmp_path, rule, now)


def test_not_all_but_one_where_that_one_cannot_be_told():
    words = WORDED | {"all_but_one": {"zh": "除{{ rest }}外均少于上年"}, "one": {"zh": "仅{{ units }}少于上年"}}
    rule = FEWER | {"wording": words}
    assert say(rule, {"cases": [1, 1, 1]}, last_year=LAST_YEAR).text["zh"] == "少于上年的有甲县和乙县，不含丙县"
    assert say(rule, {"cases": [1, 9, 9]}, last_year=LAST_YEAR).text["zh"] == "少于上年的有甲县，不含丙县"
    assert say(rule, {"cases": [1, 9, 9]}, last_year={"cases": [5] * 3}).text["zh"] == "仅甲县少于上年"


@pytest.mark.parametrize("last_year", [None, {"cases": [None] * 3}])
@pytest.mark.parametrize("more", [{}, {"blank": True}, {"below": 5}, {"since": "previous"}], ids=str)
def test_without_the_other_period_there_is_nothing_to_compare(tmp_path, last_year, more):
    rule, now = FEWER | more | {"wording": WORDED}, {"cases": [1, 9, None]}
    assert told(rule, now, last_year=last_year) == {
        "zh": "无上年同期数据，立案数不作比较",
        "en": "there are no figures of the same period last year to compare the cases with",
    }
    hold(tmp_path, rule, now, last_year=last_year)


def test_whom_a_condition_could_not_tell_then_is_said_of_that_period(tmp_path):
    rule = FEWER | {"wording": WORDED | {"shrunk": "由{{ before_count }}个减少到{{ count }}个"}, "since": "last_year"}
    rule["where"] = [{"value": "visits", "below": 5}]
    now, before = {"cases": [9, 9, 9], "visits": [9, 1, 9]}, {"cases": [9, 9, 9], "visits": [1, 1, None]}
    assert told(rule, now, last_year=before)["zh"] == "由2个减少到1个（2019年12月不含丙县）"
    hold(tmp_path, rule, now, last_year=before)
