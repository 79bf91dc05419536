"""Who reported, but has no figure because its base is zero, is not said not to have reported (synthetic figures)."""

import pytest

from province import define, findings_of, indicators_of, receive, say
from tongbao.basics.errors import DefinitionError
from tongbao.figures.lacking import lack_of

COLUMNS = {
    "visits": {"header": "检查（家次）", "short": {"zh": "检查数", "en": "visits"}, "unit": "家次"},
    "cases": {"header": "立案（起）", "short": {"zh": "立案数", "en": "cases"}, "unit": "起"},
}
RATE = {"label": {"zh": "处罚率", "en": "penalty rate"}, "unit": "%", "formula": "cases / visits * 100", "decimals": 1}
# 丁县 reported 0 of 0, 戊县 nothing.
NOW = {"visits": [10, 20, 30, 0, None], "cases": [1, 2, 6, 0, None]}
BEFORE = {"visits": [10, 20, 0, 10, 10], "cases": [1, 4, 0, 3, 1]}
ITEM = {"rule": "list", "measure": "rate"}


def tell(rule, now=NOW, before=BEFORE):
    series = define({"work": COLUMNS}, {"it": rule}, 5, indicators={"rate": RATE})
    periods = {"2026-06": receive(series, "2026-06", now), "2025-06": receive(series, "2025-06", before)}
    return findings_of(series, periods, "2026-06")["it"].text


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ({"below": 5}, "有数据的3个县（市、区）处罚率均达到5%，丁县无法计算，戊县未报送",
         ("penalty rate of the 3 counties with a figure: at or above 5% everywhere; "
         "it cannot be computed for Ding; Wu did not report")),
        ({"below": 90}, "有数据的3个县（市、区）处罚率均低于90%，丁县无法计算，戊县未报送",
         ("penalty rate of the 3 counties with a figure: below 90% everywhere; "
         "it cannot be computed for Ding; Wu did not report")),
        ({"at": 0, "blank": True}, "处罚率为零或无数据的有丁县和戊县",
         "penalty rate zero or without a figure: Ding and Wu"),
        ({"blank": True, "naming": {"value": True}}, "处罚率无数据的有丁县（无法计算）和戊县（未报送）",
         "penalty rate without a figure: Ding (cannot be computed) and Wu (not reported)"),
        ({"focus": "ding"}, "丁县处罚率无法计算，不参加排名（不含戊县）",
         "Ding: the penalty rate cannot be computed, no place (without Wu)"),
        ({"focus": "wu"}, "戊县未报送处罚率，不参加排名（不含丁县）",
         "Wu did not report the penalty rate and has no place (without Ding)"),
        ({"order": "descending"}, "处罚率由高到低依次为丙县、甲县和乙县，戊县无数据，丁县无法计算",
         "penalty rate, from the highest down: Bing, Jia and Yi; no figures from Wu; it cannot be computed for Ding"),
        ({"measure": "cases", "take": 4, "naming": {"figures": ["rate", {"formula": "rate", "change": "last_year"}]}},
         ("立案数列前四位的是丙县（20.0%，上年同期无法计算）、乙县（10.0%，同比下降10.00个百分点）、"
         "甲县（10.0%，同比持平）和丁县（无法计算），不含戊县"),
         ("the first 4 in cases: Bing (20.0%; cannot be computed for the same period last year), "
         "Yi (10.0%; down 10.00 percentage points year on year), Jia (10.0%; unchanged year on year) and "
         "Ding (cannot be computed), without Wu")),
        ({"below": 15, "wording": "低于15%：{{ units }}；未报：{{ unreported }}；无法计算：{{ uncomputed }}"},
         "低于15%：甲县和乙县；未报：戊县；无法计算：丁县", None),
    ],
)  # fmt: skip
def test_who_has_no_rate_is_told_from_who_did_not_report(rule, zh, en):
    assert tell(ITEM | rule) == ({"zh": zh, "en": en} if en else {"zh": zh})


def test_where_nobody_has_a_rate_nobody_is_said_not_to_have_reported():
    nothing = {"visits": [0] * 5, "cases": [0] * 5}
    assert tell(ITEM | {"below": 5}, nothing) == {
        "zh": "各地处罚率均无数据",
        "en": "no unit has a figure for the penalty rate",
    }


def test_equal_rates_of_who_has_one():
    rows = {"visits": [10, 20, 30, 0, None], "cases": [1, 2, 3, 0, None]}
    assert tell({"rule": "range", "measure": "rate"}, rows)["zh"] == (
        "有数据的3个县（市、区）处罚率均为10.0%，丁县无法计算，戊县未报送"
    )


def test_why_a_unit_has_no_figure():
    score = {"label": "得分", "score": [{"measure": "rate", "target": 20, "weight": 100}]}
    some = {"file": "some.csv", "title": "部分", "partial": True, "columns": {"few": {"header": "件数", "unit": "件"}}}
    work = {"file": "work.csv", "title": "表", "columns": COLUMNS}
    series = define(
        {"work": COLUMNS}, {}, 5, indicators={"rate": RATE, "score": score}, tables={"work": work, "a": some}
    )
    now = receive(series, "2026-06", NOW | {"few": [0, 1, 2, 3, 4]})
    del now.tables["a"].rows["ding"]
    found = indicators_of(series, {"2026-06": now, "2025-05": receive(series, "2025-05", BEFORE)}, "2026-06")
    formulas = ("rate", "score", "cases / area.cases / cases", "last_year.rate", "few - last_year.few", "few / cases")
    assert {formula: [lack_of(found, formula, unit) for unit in ("ding", "wu")] for formula in formulas} == {
        "rate": ["undefined", "blank"],
        "score": ["undefined", "blank"],
        "cases / area.cases / cases": ["undefined", "blank"],
        "last_year.rate": ["blank", "blank"],
        "few - last_year.few": ["outside", "last_year"],
        "few / cases": ["outside", "blank"],
    }


def test_a_list_of_blanks_told_apart_from_last_years_leaves_none_of_them_out():
    rows = {"visits": [10, 20, 30, 40, None], "cases": [1, 2, 6, 5, None]}
    rule = ITEM | {"blank": True, "since": "last_year"}
    assert tell(rule, rows)["zh"] == "处罚率无数据的仍为1个，为戊县，其中戊县为新增"
    counted = {"rule": "list", "measure": "cases", "at": 0, "blank": True, "since": "last_year"}
    before = {"visits": [10] * 5, "cases": [1, 2, 3, None, 0]}
    assert tell(counted, NOW, before) == {
        "zh": "立案数为零或未报送的仍为2个，为丁县和戊县，与上年同期相同",
        "en": "cases zero or not reported: the same as in the same period last year, 2: Ding and Wu",
    }


def test_the_only_one_with_a_figure_has_no_place():
    rows = {"visits": [10, 0, 0, 0, None], "cases": [1, 0, 0, 0, None]}
    assert tell(ITEM | {"take": 2, "naming": {"places": True, "value": True}}, rows) == {
        "zh": "处罚率仅甲县（10.0%）有数据（不含乙县、丙县、丁县和戊县）",
        "en": "only Jia (10.0%) has a figure for penalty rate (without Yi, Bing, Ding and Wu)",
    }


@pytest.mark.parametrize(
    ("value", "target", "distance"), [(-5, "0 - 3", 2), (-5, "3", 8), (5, "0 - 3", 8), (5, "0", 5)]
)
def test_below_zero_there_is_no_progress(value, target, distance):
    rule, now = {"rule": "target", "value": "cases", "target": target}, {"cases": [value, 0]}
    words = "相差{{ distance }}{% if progress.text %}，完成{{ progress }}%{% endif %}"
    assert say(rule | {"wording": {"met": words, "missed": words}}, now).text["zh"] == f"相差{distance}"
    words = "完成{{ progress }}%"
    with pytest.raises(DefinitionError, match="a blank figure cannot stand in a sentence"):
        say(rule | {"wording": {"met": words, "missed": words}}, now)


def test_of_nothing_yet_the_progress_is_none():
    rule = {"rule": "target", "value": "cases", "target": 4, "wording": {"missed": "完成{{ progress }}%"}}
    assert say(rule, {"cases": [0, 0]}).text["zh"] == "完成0.0%"


@pytest.mark.parametrize("against", ["visits * 2", "visits", "fact.gone"])
def test_an_earlier_figure_without_a_name_that_is_blank_is_not_named(against):
    rule = {"rule": "change", "value": "cases", "against": against}
    assert say(rule, {"cases": [1, 2], "visits": [None, None]}).text == {
        "zh": "立案数为3起，没有可比的数据",
        "en": "cases: 3 cases, with nothing to compare it with",
    }


def test_a_fact_without_a_number_is_named():
    rule, facts = {"rule": "change", "value": "cases", "against": "fact.goal"}, {"goal": ("去年定案数", "较多", "起")}
    assert say(rule, {"cases": [1, 2]}, facts=facts).text["zh"] == "立案数为3起，无去年定案数数据可比"
