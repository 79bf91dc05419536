"""Formulas that fill in blanks: of a period never received they make nothing, and nobody is said to have reported."""

import pytest

from whole import hold, told

OR_ZERO = {"formula": "default(cases, 0)", "label": {"zh": "补零", "en": "cases or 0"}, "decimals": 0}
MANY = {"formula": "count(cases > 1)", "label": {"zh": "多案地区", "en": "units with many"}, "decimals": 0}
FILLED = {"label": OR_ZERO["label"], "formula": "default(cases, 0)", "decimals": 0}
OWN = {"indicators": {"filled": FILLED}}


@pytest.mark.parametrize("more", [{}, OWN])
@pytest.mark.parametrize(
    ("rule", "now", "zh", "en"),
    [
        ({"rule": "change", "against": "previous"}, [1, 2, 3], "补零为6，无上期数据可比",
         "cases or 0: 6, with no figure of the previous period to compare"),
        ({"rule": "change", "against": "previous"}, [None] * 3, "补零为0，无上期数据可比",
         "cases or 0: 0, with no figure of the previous period to compare"),
        ({"rule": "split", "change": "previous", "at": 0}, [1, 0, 3], "无上期数据，补零不作环比比较",
         "there are no figures of the previous period to compare the cases or 0 with"),
        ({"rule": "list", "change": "previous", "above": 0}, [1, 0, 3], "无上期数据，补零不作环比比较",
         "there are no figures of the previous period to compare the cases or 0 with"),
        ({"rule": "range", "change": "last_year"}, [1, 0, 3], "无上年同期数据，补零不作同比比较",
         "there are no figures of the same period last year to compare the cases or 0 with"),
    ],
)  # fmt: skip
def test_of_a_period_never_received_there_is_nothing_to_compare(tmp_path, rule, now, zh, en, more):
    subject = "value" if rule["rule"] == "change" else "measure"
    rule = rule | {subject: "filled" if more else OR_ZERO}
    assert told(rule, {"cases": now}, **more) == {"zh": zh, "en": en}
    hold(tmp_path, rule, {"cases": now}, **more)


def test_nobody_is_counted_in_a_period_never_received(tmp_path):
    rule = {"rule": "change", "value": MANY, "against": "previous"}
    assert told(rule, {"cases": [1, 2, 3]})["zh"] == "多案地区为2，无上期数据可比"
    hold(tmp_path, rule, {"cases": [1, 2, 3]})


def test_what_fills_in_blanks_of_a_period_received_is_compared(tmp_path):
    rule = {"rule": "change", "value": OR_ZERO, "against": "previous"}
    before = {"cases": [None] * 3}
    assert told(rule, {"cases": [1, 2, 3]}, previous=before)["zh"] == "补零为6，环比—（上期为零）"
    hold(tmp_path, rule, {"cases": [1, 2, 3]}, previous=before)


def test_a_bound_of_a_period_never_received_is_none(tmp_path):
    rule = {"rule": "list", "measure": "cases", "above": "previous.filled"}
    assert told(rule, {"cases": [1, 0, 3]}, **OWN)["zh"] == "无上期数据，立案数不作环比比较"
    hold(tmp_path, rule, {"cases": [1, 0, 3]}, **OWN)


@pytest.mark.parametrize("more", [{}, OWN])
@pytest.mark.parametrize(
    ("rule", "now", "zh", "en"),
    [
        ({"rule": "list", "blank": True}, [1, None, 3], "各地补零均有数据", "cases or 0 with a figure everywhere"),
        ({"rule": "split", "at": -1}, [None] * 3, "有数据的3个县（市、区）补零均高于-1",
         "cases or 0: above -1 in all 3 counties with a figure"),
    ],
)  # fmt: skip
def test_whose_blank_is_filled_in_is_not_said_to_have_reported(tmp_path, rule, now, zh, en, more):
    rule = rule | {"measure": "filled" if more else OR_ZERO}
    assert told(rule, {"cases": now}, **more) == {"zh": zh, "en": en}
    hold(tmp_path, rule, {"cases": now}, **more)


def test_who_reported_is_said_to_have_where_nothing_is_filled_in():
    assert told({"rule": "list", "measure": "cases", "blank": True}, {"cases": [1, 2, 3]})["zh"] == "各地立案数均已报送"
