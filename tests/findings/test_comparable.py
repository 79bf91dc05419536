"""What can be held against each other: figures in one unit of measurement, of units that have both sides."""

import pytest

from province import say
from tongbao.basics.errors import DefinitionError

FINES = {"fines": [10, 20, 9]}
GIVEN = {"east": ("1.2", "亿元"), "before": ("35", "万元"), "plain": ("30", ""), "visits": ("30", "家次")}
FACTS = {name: (name, *given) for name, given in GIVEN.items()}
ITEMS = {"a": {"value": "fact.east", "label": "东市"}, "b": {"value": "fines", "label": "我市"}}
WORDING = {case: {"zh": "有", "en": "some"} for case in ("default", "none")}


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "change", "value": "fines", "against": "fact.east"},
        {"rule": "target", "value": "fines", "target": "fact.east"},
        {"rule": "list", "measure": "fines", "below": "fact.east"},
        {"rule": "list", "measure": "fines", "take": 1, "also": {"above": "fact.east"}},
        {"rule": "list", "measure": "fines", "where": [{"value": "fines", "above": "fact.east"}], "wording": WORDING},
        {"rule": "split", "measure": "fines", "at": "fact.east"},
        {"rule": "list", "items": ITEMS, "label": "罚款"},
        {"rule": "range", "items": ITEMS, "label": "罚款"},
        {
            "rule": "judge",
            "when": {"much": [{"value": "fines", "above": "fact.east"}]},
            "wording": {"much": {"zh": "多", "en": "much"}, "otherwise": {"zh": "少", "en": "little"}},
        },
    ],
    ids=lambda rule: "-".join(map(str, list(rule)[:3])) + rule["rule"],
)  # fmt: skip
def test_figures_in_different_units_are_not_compared(rule):
    with pytest.raises(DefinitionError, match="figures in different units cannot be compared") as raised:
        say(rule, FINES, facts=FACTS, unit="万元")
    assert set(raised.value.found.split(", ")) == {"亿元", "万元"}


@pytest.mark.parametrize("kind", ["list", "range", "split"])
def test_a_percentage_stands_in_no_list_of_amounts(kind):
    items = {"a": {"value": "fact.visits", "label": "东市"}, "b": {"value": "rate", "label": "我市"}}
    rule = {"rule": kind, "items": items, "label": "检查"} | ({"at": 2} if kind == "split" else {})
    with pytest.raises(DefinitionError, match="figures in different units cannot be compared") as raised:
        say(rule, {"rate": [10, 20, 30]}, facts=FACTS, unit="%")
    assert set(raised.value.found.split(", ")) == {"家次", "%"}


@pytest.mark.parametrize(
    ("unit", "given", "refused"),
    [
        ("%", "‰", True),
        ("‰", "%", True),
        ("小时", "分钟", True),
        ("吨", "公斤", True),
        ("公顷", "亩", True),
        ("公斤", "千克", False),
        ("‰", "‰", False),
    ],
)
def test_a_unit_is_known_to_be_a_multiple_of_another(unit, given, refused):
    rule = {"rule": "list", "measure": "fines", "below": "fact.bound"}
    facts = {"bound": ("bound", "15", given)}
    if refused:
        with pytest.raises(DefinitionError, match="figures in different units cannot be compared"):
            say(rule, FINES, facts=facts, unit=unit)
    else:
        assert set(say(rule, FINES, facts=facts, unit=unit).units) == {"jia", "bing"}


def test_a_change_in_per_mille_is_none_of_percentage_points():
    rule = {"rule": "list", "measure": "fines", "change": "last_year", "change_in": "points", "above": 0}
    rule |= {"naming": {"value": True}}
    told = say(rule, {"fines": [20, 10, 9]}, last_year={"fines": [15, 11, 9]}, unit="‰")
    assert "甲县（上升5.00‰）" in told.text["zh"]
    assert "百分点" not in told.text["zh"]


@pytest.mark.parametrize(
    "other", ["fact.before", "fact.plain", "fact.visits", {"formula": "fact.east * 10000", "unit": "万元"}]
)
def test_all_else_may_be(other):
    against = other if isinstance(other, str) else other["formula"]
    assert say({"rule": "target", "value": "fines", "target": against}, FINES, facts=FACTS, unit="万元").case in (
        "met",
        "missed",
    )


def test_who_has_reported_and_has_nothing_to_be_held_against_is_not_said_to_have_reported_nothing():
    rule = {"rule": "list", "measure": "rate", "above": "last_year.rate"}
    finding = say(rule, {"rate": [10, 20, 30]}, last_year={"rate": [10, None, 40]})
    assert finding.case == "incomplete"
    assert finding.text["zh"] == "可比的2个县（市、区）检查处罚率均不高于上年同期（不含乙县）"
    assert "not above the same period last year everywhere (without Yi)" in finding.text["en"]


@pytest.mark.parametrize(
    ("wording", "unit", "other"),
    [
        ("罚款{{ f }}元", "万元", "元"),
        ("罚款{{ f }}亿元", "万元", "亿元"),
        ("处罚率{{ f }}‰", "%", "‰"),
        ("用时{{ f }} 分钟", "小时", "分钟"),
        ("处罚率{{ f }}%", "万元", "%"),
        ("处罚率{{ f }}％", "起", "％"),
        ("提高{{ f }}个百分点", "万元", "个百分点"),
        ("提高{{ f }}％", "个百分点", "％"),
        ("up {{ f }} percentage points", "%", "percentage points"),
        ("up {{ f }} percentage points", "个百分点", None),
        ("处罚率{{ f }}％", "%", None),
        ("处罚率{{ f }}%", "", None),
        ("罚款{{ f }}万元", "万元", None),
        ("罚款{{ f.full }}", "万元", None),
        ("罚款{{ f }}", "万元", None),
        ("检查{{ f }}家次", "起", None),
    ],
)
def test_a_text_writes_no_other_unit_behind_a_number(wording, unit, other):
    rule = {"rule": "state", "values": {"f": "fines"}, "wording": {"default": {"zh": wording, "en": "{{ f }}"}}}
    if other is None:
        assert "39" in say(rule, FINES, unit=unit).text["zh"]
    else:
        with pytest.raises(DefinitionError, match="another unit behind a number") as raised:
            say(rule, FINES, unit=unit)
        assert raised.value.found == f"39{other}"


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "change", "value": "fines", "against": "fact.bound"},
        {"rule": "target", "value": "fines", "target": "fact.bound"},
        {"rule": "list", "measure": "fines", "below": "fact.bound"},
        {"rule": "list", "items": ITEMS | {"b": {"value": "fact.bound", "label": "西市"}}, "label": "罚款"},
        {
            "rule": "state",
            "values": {"f": {"formula": "fines / fact.bound * 100", "decimals": 1, "unit": "%"}},
            "wording": {"default": {"zh": "{{ f }}", "en": "{{ f }}"}},
        },
    ],
    ids=lambda rule: rule["rule"] + str(len(rule)),
)
def test_what_is_no_exact_number_is_neither_compared_nor_computed_with(rule):
    given = {name: (*given, "") for name, given in FACTS.items()} | {"bound": ("上限", "15", "亿元", "以上")}
    with pytest.raises(DefinitionError, match="no exact number") as raised:
        say(rule, FINES, facts=given, unit="亿元")
    assert "15亿元以上" in raised.value.found


@pytest.mark.parametrize(
    ("formula", "unit", "refused"),
    [
        ("fines / fact.visits", "元", True),
        ("fines / fact.visits", "万元", False),
        ("fines / fact.east * 100", "%", True),
        ("fines * 10000 / fact.visits", "元", False),
        ("fines + fact.east", "", True),
        ("change(fines, fact.east)", "%", True),
    ],
)
def test_formulas_put_no_multiples_of_a_unit_together(formula, unit, refused):
    value = {"formula": formula, "unit": unit, "decimals": 1}
    rule = {"rule": "state", "values": {"f": value}, "wording": {"default": {"zh": "为{{ f.full }}", "en": "{{ f }}"}}}
    if refused:
        with pytest.raises(DefinitionError, match="in different units are put together"):
            say(rule, FINES, facts=FACTS, unit="万元")
    else:
        assert "为" in say(rule, FINES, facts=FACTS, unit="万元").text["zh"]


@pytest.mark.parametrize("rule", ["list", "range"])
def test_a_figure_is_not_printed_in_another_unit(rule):
    declared = {"rule": rule, "measure": {"formula": "fines", "unit": "元"}, "naming": {"value": True}}
    with pytest.raises(DefinitionError, match=r"another unit (behind a number )?than it has"):
        say(declared | ({"take": 1} if rule == "list" else {}), FINES, unit="万元")


TINY = {"fines": [13001, 20000, 90]}, {"last_year": {"fines": [13000, 20000, 100]}}


def test_a_change_that_rounds_to_nothing_is_none_of_none():
    rule = {"rule": "range", "measure": "fines", "change": "last_year"}
    assert "甲县，上升0.01%，" in say(rule, TINY[0], **TINY[1]).text["zh"]
    rule = {"rule": "list", "measure": "fines", "change": "last_year", "take": 2, "naming": {"value": True}}
    told = say(rule, TINY[0], **TINY[1]).text["zh"]
    assert ("甲县（上升0.01%）" in told, "乙县（持平）" in told) == (True, True)
    rule = {
        "rule": "list",
        "measure": "fines",
        "take": 2,
        "naming": {"figures": [{"formula": "fines", "change": "last_year"}]},
    }
    told = say(rule, TINY[0], **TINY[1]).text["zh"]
    assert ("甲县（同比基本持平）" in told, "乙县（同比持平）" in told) == (True, True)


CASES = {"cases": [3, 4, 5]}
NO_YEAR = "无年初以来各月完整数据，年初以来立案数不作"


@pytest.mark.parametrize("rule", [{"rule": "range"}, {"rule": "split", "at": 0}, {"rule": "list", "take": 1}], ids=str)
@pytest.mark.parametrize("against", ["last_year", "previous"])
def test_a_change_of_what_was_never_received_names_the_period_that_is_missing(rule, against):
    """In December alone nobody failed to report what the year has come to: its other months are not there."""
    rule |= {"measure": "year_to_date.cases", "change": against}
    compared = {"last_year": "同比", "previous": "环比"}[against]
    told = say(rule, CASES, last_year=CASES, previous=CASES)
    assert told.text["zh"] == f"{NO_YEAR}{compared}比较"
    assert told.text["en"].startswith("there are no figures of all months since January")


@pytest.mark.parametrize("bound", [{}, {"at": 0}, {"below": 9}], ids=str)
@pytest.mark.parametrize(
    ("measure", "missing"),
    [("year_to_date.cases", NO_YEAR), ("last_year.cases", "无上年同期数据，上年同期立案数不作")],
)
def test_nobody_is_called_blank_in_a_period_of_which_nothing_was_received(bound, measure, missing):
    told = say({"rule": "list", "measure": measure, "blank": True, **bound}, CASES)
    assert (told.case, told.text["zh"]) == ("no_comparison", f"{missing}比较")


def test_who_left_it_blank_last_year_is_named_where_something_was_received():
    rule = {"rule": "list", "measure": "last_year.cases", "blank": True}
    assert say(rule, CASES, last_year={"cases": [None, 1, 2]}).text["zh"] == "仅甲县上年同期立案数未报送"


def test_last_years_year_to_date_is_held_against_all_its_months():
    """Last year's December was received, its other months were not."""
    rule = {"rule": "range", "measure": "last_year.year_to_date.cases"}
    assert say(rule, CASES, last_year=CASES).case == "no_comparison"
