"""How a list has changed since another period: what is said of both is true of both (synthetic figures)."""

import pytest

from whole import hold, told

CASES, BEFORE = {"cases": [1, 2, 30]}, {"cases": [10, 20, 300]}
VISITED = {"cases": [1, 2, 30], "visits": [1, 2, 30]}


def since(measure="cases", period="previous", **options):
    return {"rule": "list", "measure": measure, "since": period, **options}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (since(below="mean.cases / 2"), "立案数低于当期标准的仍为2个，为甲县和乙县，与上期相同",
         "cases below each period's own standard: the same as in the previous period, 2: Jia and Yi"),
        (since(below="mean.cases"), "立案数低于各地平均数的仍为2个，为甲县和乙县，与上期相同",
         "cases below the mean: the same as in the previous period, 2: Jia and Yi"),
        (since(below="area.cases"), "立案数低于全市水平的仍为3个，为甲县、乙县和丙县，与上期相同",
         "cases below the city's level: the same as in the previous period, 3: Jia, Yi and Bing"),
        (since(above="mean.cases", below="area.cases"),
         "立案数高于各地平均数、低于全市水平的仍为1个，为丙县，与上期相同",
         "cases above the mean and below the city's level: the same as in the previous period, 1: Bing"),
    ],
)  # fmt: skip
def test_a_bound_that_each_period_has_of_its_own_is_said_without_its_number(tmp_path, rule, zh, en):
    found = told(rule, CASES, previous=BEFORE)
    assert found == {"zh": zh, "en": en}
    hold(tmp_path, rule, CASES, previous=BEFORE)


def test_of_another_measure_it_is_named_by_that(tmp_path):
    rule, before = since(below="mean.visits"), BEFORE | {"visits": [15, 30, 30]}
    assert told(rule, VISITED, previous=before)["zh"] == "立案数低于各地平均检查数的仍为2个，为甲县和乙县，与上期相同"
    hold(tmp_path, rule, VISITED, previous=before)


def test_whom_the_other_periods_bound_leaves_out_is_said(tmp_path):
    rule, before = since(below="visits"), {"cases": [10, 20, 300], "visits": [30, 30, None]}
    now = VISITED | {"visits": [5, 1, 5]}
    said = "立案数低于检查数的由上期的2个减少到1个，为甲县，2020年11月不含丙县"
    assert told(rule, now, previous=before)["zh"] == said
    hold(tmp_path, rule, now, previous=before)


def test_own_words_of_both_periods_have_no_number_of_one_of_them():
    worded = {"unchanged": "低于{{ than_below }}的仍为{{ count }}个", "default": "低于{{ than_below }}的为{{ units }}"}
    rule = since(below="mean.cases", wording=worded)
    assert told(rule, CASES, previous=BEFORE)["zh"] == "低于各地平均数的仍为2个"
    only = since(below="mean.cases", wording={"default": worded["default"]})
    assert told(only, CASES, previous=BEFORE)["zh"] == "低于各地平均数（11起）的为甲县和乙县"


def test_a_number_bounds_both_and_is_said(tmp_path):
    rule = since(below=5)
    assert told(rule, CASES, previous=BEFORE)["zh"] == "立案数低于5起的由上期的0个增加到2个，为甲县和乙县"
    hold(tmp_path, rule, CASES, previous=BEFORE)


LAST_YEAR = {"formula": "last_year.cases", "label": {"zh": "上年立案", "en": "cases last year"}}


@pytest.mark.parametrize("previous", [CASES, None])
def test_where_nothing_was_asked_for_then_nobody_was_blank_then(tmp_path, previous):
    rule, last_year = since(LAST_YEAR, blank=True), {"cases": [1, 2, None]}
    assert told(rule, CASES, last_year=last_year, previous=previous) == {
        "zh": "上年立案未报送的有丙县，无从与上期的名单比较",
        "en": "cases last year not reported: Bing; which there were in the previous period is not known",
    }
    hold(tmp_path, rule, CASES, last_year=last_year, previous=previous)


def test_what_is_not_added_up_was_not_left_blank(tmp_path):
    rule = {"rule": "list", "measure": "rate", "blank": True, "since": "previous"}
    months = {"2020-07": {"rate": [1, 2, 3]}, "2020-08": {"rate": [1, 2, 3]}, "2020-09": {"rate": [1, 2, 3]}}
    periods = {"2020-q4": {"rate": [1, 2, None]}, **months}
    assert told(rule, periods=periods)["zh"] == "检查处罚率未报送的有丙县，无上期数据可比"
    hold(tmp_path, rule, periods=periods)


def test_all_blank_then_were_blank_then(tmp_path):
    rule, now = since(blank=True), {"cases": [1, 2, None]}
    assert told(rule, now, previous={"cases": [None] * 3})["zh"] == "立案数未报送的由上期的3个减少到1个，为丙县"
    hold(tmp_path, rule, now, previous={"cases": [None] * 3})


@pytest.mark.parametrize(("period", "base"), [("last_year", "上年同期"), ("previous", "上期")])
def test_a_bound_of_another_period_is_known_where_the_list_of_that_period_is_not(tmp_path, period, base):
    rule, given = since(period=period, below="last_year.cases"), {"last_year": {"cases": [5] * 3}}
    now = {"cases": [1, 9, 1]}
    given |= {"previous": {"cases": [5] * 3}}
    assert told(rule, now, **given)["zh"] == f"立案数低于上年同期的有甲县和丙县，无从与{base}的名单比较"
    hold(tmp_path, rule, now, **given)


@pytest.mark.parametrize("formula", ["default(cases, 0)", "default(cases, 0) + 0 * param.k"])
def test_of_a_period_never_received_no_formula_makes_a_list(tmp_path, formula):
    measure = {"formula": formula, "label": {"zh": "补零", "en": "cases or 0"}, "decimals": 0}
    rule, more = since(measure, below=2), {"parameters": {"k": {"default": 1, "label": {"zh": "k", "en": "k"}}}}
    assert told(rule, CASES, **more)["zh"] == "补零低于2的有甲县，无上期数据可比"
    hold(tmp_path, rule, CASES, **more)
