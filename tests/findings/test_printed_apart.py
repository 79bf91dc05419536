"""Figures that round onto a declared number which they are held against (synthetic figures)."""

import pytest

from province import define, findings_of, receive, say

ALMOST = {"cases": [1999, 2000, 1500, 2001], "visits": [10000, 10000, 10000, 10000]}
RATE = {"formula": "cases / visits * 100", "decimals": 1, "unit": "%", "label": {"zh": "处罚率", "en": "penalty rate"}}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ({"below": 20}, "处罚率低于20%的有丙县（15.0%）和甲县（19.99%）",
         "penalty rate below 20%: Bing (15.0%) and Jia (19.99%)"),
        ({"above": "param.line"}, "仅丁县（20.01%）处罚率高于20%", "penalty rate above 20%: only Ding (20.01%)"),
        ({"at": 20}, "仅乙县（20.0%）处罚率为20%", "penalty rate at 20%: only Yi (20.0%)"),
        ({"at_least": 20}, "处罚率达到20%的有丁县（20.01%）和乙县（20.0%）",
         "penalty rate at or above 20%: Ding (20.01%) and Yi (20.0%)"),
        ({"below": "20.008", "above": 15}, "处罚率高于15%、低于20.008%的有乙县（20.0%）和甲县（20.0%）",
         "penalty rate above 15% and below 20.008%: Yi (20.0%) and Jia (20.0%)"),
    ],
)  # fmt: skip
def test_a_figure_is_printed_on_its_side_of_a_declared_bound(rule, zh, en):
    line = {"parameters": {"line": {"default": 20, "label": "警戒线"}}}
    finding = say({"rule": "list", "measure": RATE, "naming": {"value": True}} | rule, ALMOST, **line)
    assert finding.text == {"zh": zh, "en": en}


def test_a_figure_of_a_further_condition_or_a_judgement_is_printed_on_its_side():
    figure = {name: RATE[name] for name in ("formula", "decimals", "unit")}
    where = [{"value": RATE["formula"], "below": 20}]
    wording = {"default": "{{ units }}", "none": "无"}
    rule = {"rule": "list", "measure": "cases", "where": where, "naming": {"figures": [figure]}, "wording": wording}
    assert say(rule, ALMOST).text["zh"] == "甲县（19.99%）和丙县（15.0%）"
    judge = {"rule": "judge", "when": {"low": where}, "values": {"rate": figure}}
    judge["wording"] = {"low": "{{ rate }}%，未达到20%", "otherwise": "{{ rate }}%"}
    assert say(judge, {"cases": [1999], "visits": [10000]}).text["zh"] == "19.99%，未达到20%"


@pytest.mark.parametrize(
    ("cases", "limit", "zh"),
    [
        (1999, False, "处罚率为19.99%，距20%的目标还差0.01个百分点"),
        (2000, False, "处罚率为20.0%，达到20%的目标"),
        (1500, False, "处罚率为15.0%，距20%的目标还差5.0个百分点"),
        (2001, True, "处罚率为20.01%，超过20%的控制目标0.01个百分点"),
    ],
)
def test_a_target_that_is_just_missed_does_not_look_met(cases, limit, zh):
    rule = {"rule": "target", "value": RATE, "target": 20, "limit": limit}
    assert say(rule, {"cases": [cases], "visits": [10000]}).text["zh"] == zh


def test_a_small_change_is_not_printed_as_none_where_it_is_said_to_be_a_rise():
    rule = {"rule": "list", "measure": "cases", "change": "last_year", "above": 0, "naming": {"value": True}}
    finding = say(rule, {"cases": [10004, 12, 9, 8]}, last_year={"cases": [10000, 10, 10, 8]})
    assert finding.text["zh"] == "立案数同比上升的有乙县（上升20.0%）和甲县（上升0.04%）"


def test_a_figure_that_is_cut_off_is_cut_off_also_as_a_bound_and_beside_one():
    columns = {"visits": {"header": "检查", "unit": "家次"}, "cases": {"header": "立案", "unit": "起"}}
    rate = {"label": "处罚率", "unit": "%", "formula": "cases / visits * 100", "decimals": 1, "rounding": "truncate"}
    rules = {
        "sides": {"rule": "split", "measure": "rate", "at": "area.rate"},
        "state": {"rule": "state", "values": {"rate": "rate"}, "wording": "全市处罚率为{{ rate }}%"},
        "target": {"rule": "target", "value": "rate", "target": 20},
        "above": {"rule": "list", "measure": "rate", "above": 20, "naming": {"value": True}},
        "below": {"rule": "list", "measure": "rate", "below": 20, "naming": {"value": True}},
    }
    series = define({"work": columns}, rules, 3, indicators={"rate": rate})
    received = receive(series, "2026-06", {"visits": [25000, 10, 11], "cases": [5002, 1, 2]})
    found = {
        name: finding.text["zh"] for name, finding in findings_of(series, {"2026-06": received}, "2026-06").items()
    }
    assert found == {
        "sides": "处罚率高于全市水平（20.003%）的有1个：甲县；低于全市水平（20.003%）的有2个：乙县和丙县",
        "state": "全市处罚率为20.0%",
        "target": "处罚率为20.003%，达到20%的目标",
        "above": "仅甲县（20.008%）处罚率高于20%",
        "below": "除甲县外，其余各地处罚率均低于20%",
    }
