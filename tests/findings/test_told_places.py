"""The places that a list tells, and whom a list of items leaves out (synthetic figures)."""

import pytest

from province import say

PLACES = {"rule": "list", "measure": "rate", "naming": {"places": True}}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (
            {"order": "worst", "take": 2},
            "检查处罚率列后两位的是丁县倒数第一，甲县、丙县并列倒数第二",
            "the last 2 in penalty rate: last Ding; joint 2nd from last Jia and Bing",
        ),
        (
            {"order": "worst", "below": 9},
            "仅丁县倒数第一检查处罚率低于9%",
            "penalty rate below 9%: only last Ding",
        ),
        (
            {"below": 20},
            "检查处罚率低于20%的有丁县第五，甲县、丙县并列第三",
            "penalty rate below 20%: 5th Ding; joint 3rd Jia and Bing",
        ),
        (
            {"order": "ascending", "take": 1},
            "检查处罚率列末位的是丁县第五",
            "lowest in penalty rate: 5th Ding",
        ),
        (
            {"take": 1},
            "检查处罚率列首位的是乙县第一",
            "first in penalty rate: 1st Yi",
        ),
    ],
)
def test_a_place_is_the_measures_own_and_the_worst_are_counted_from_the_last(rule, zh, en):
    assert say(PLACES | rule, {"rate": [10, 30, 10, 8, 20]}).text == {"zh": zh, "en": en}


def test_the_place_of_one_is_its_own_in_the_order_of_the_worst_too():
    rule = {"rule": "list", "measure": "rate", "order": "worst", "focus": "ding"}
    assert say(rule, {"rate": [10, 20, 10, 8]}).text["zh"] == "丁县检查处罚率为8%，在4个县（市、区）中列第4位"


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("yi", "乙县立案数同比下降50.0%，在3个县（市、区）中列第3位",
         "Yi: cases year on year down 50.0%, place 3 of 3"),
        ("jia", "甲县立案数同比上升25.0%，在3个县（市、区）中列第1位",
         "Jia: cases year on year up 25.0%, place 1 of 3"),
        ("bing", "丙县立案数同比持平，在3个县（市、区）中列第2位",
         "Bing: cases year on year unchanged, place 2 of 3"),
        ("ding", "丁县立案数不可作同比比较，不参加排名",
         "Ding: the cases cannot be compared year on year, no place"),
    ],
)  # fmt: skip
def test_a_place_by_change_says_a_fall_as_a_fall(unit, zh, en):
    rule = {"rule": "list", "measure": "cases", "change": "last_year", "order": "descending", "focus": unit}
    said = say(rule, {"cases": [5, 2, 3, 7]}, last_year={"cases": [4, 4, 3, 0]}).text
    assert (said["zh"].partition("（丁县")[0], said["en"].partition(" (leaving")[0]) == (zh, en)


def test_who_has_no_figure_has_no_place():
    rule = PLACES | {"measure": "cases", "below": 9, "blank": True}
    found = say(rule, {"cases": [3, None, 5, 9, 12]}).text["zh"]
    assert found == "立案数低于9起或未报送的有甲县第四，丙县第三，乙县"


def test_a_list_of_items_says_whom_their_totals_leave_out():
    items = {name: {"label": label, "value": name} for name, label in (("cases", "立案"), ("visits", "检查"))}
    rule = {"rule": "list", "items": items, "label": "数", "order": "best"}
    assert say(rule, {"cases": [3, None], "visits": [9, 4]}).text["zh"] == "数依次为检查和立案，不含乙县"
