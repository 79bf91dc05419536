"""Units of measurement in English, where a measure declares its own (synthetic figures)."""

import copy

import pytest
from pydantic import ValidationError

from province import define, findings_of, receive
from tongbao.definition.editions import missing_translations

DRILLS = {
    "header": "应急演练（次）",
    "short": {"zh": "应急演练", "en": "emergency drills"},
    "unit": "次",
    "unit_en": "drills",
}
VISITS = {"header": "检查（次）", "short": {"zh": "检查", "en": "inspections"}, "unit": "次"}
BOTH = {
    "label": {"zh": "活动", "en": "activities"},
    "unit": "次",
    "unit_en": "activities",
    "formula": "drills + visits",
    "decimals": 0,
}
FULL = {"zh": "{{ all.full }}", "en": "{{ all.full }}"}
RULES = {
    "top": ({"rule": "list", "measure": "drills", "take": 1, "naming": {"value": True, "figures": ["visits", "both"]}},
            "first in emergency drills: Yi (7 drills; 2 visits; 9 activities)"),
    "low": ({"rule": "list", "measure": "drills", "below": 2}, "emergency drills below 2 drills: only Jia"),
    "total": ({"rule": "state", "values": {"all": "drills"}, "wording": FULL}, "8 drills"),
    "change": ({"rule": "change", "value": "drills", "against": "last_year", "change_in": "absolute"},
               "emergency drills: 8 drills, down 1 drill year on year"),
    "goal": ({"rule": "target", "value": "drills", "target": 9},
             "emergency drills: 8 drills, 1 drill short of the target of 9 drills"),
    "range": ({"rule": "range", "measure": "both"}, "activities: highest Yi (9 activities), lowest Jia (1 activity)"),
}  # fmt: skip


def series(**more):
    rules = {name: rule for name, (rule, _) in RULES.items()}
    return define({"annex": {"drills": DRILLS | more, "visits": VISITS}}, rules, 2, indicators={"both": BOTH})


def test_a_measure_is_counted_in_its_own_unit_in_english():
    defined = copy.deepcopy(series())  # as another process gets it
    now = receive(defined, "2021-01", {"drills": [1, 7], "visits": [0, 2]})
    before = receive(defined, "2020-01", {"drills": [2, 7], "visits": [1, 2]})
    found = findings_of(defined, {"2021-01": now, "2020-01": before}, "2021-01")
    assert {name: finding.text["en"] for name, finding in found.items()} == {
        name: en for name, (_, en) in RULES.items()
    }
    assert found["low"].text["zh"] == "仅甲县应急演练低于2次"


@pytest.mark.parametrize("unit", ["", "万元"])
def test_english_of_no_unit_or_of_money_is_refused(unit):
    with pytest.raises(ValidationError, match="unit_en is the English of a unit that is declared and is no money"):
        series(unit=unit)


def test_a_unit_without_a_usual_english_name_takes_its_own():
    def problems(**more):
        found = missing_translations(series(**more).model_copy(update={"languages": ("zh", "en")}))
        return [problem for place, problem in found if place[-1] == "unit"]

    assert problems(unit="挑", unit_en="loads") == []
    assert problems(unit="挑", unit_en="") == ["the unit of measurement 挑 has no English name here: give unit_en"]


@pytest.mark.parametrize("target", ["100", "param.goal"])
def test_a_target_of_money_has_its_unit_as_money_has_in_english(target):
    columns = {"output": {"header": "产值（亿元）", "short": {"zh": "产值", "en": "output"}, "unit": "亿元"}}
    rule = {"rule": "target", "value": "output", "target": target}
    parameters = {"goal": {"default": 100, "label": "目标"}}
    series = define({"annex": columns}, {"it": rule}, 2, parameters=parameters)
    finding = findings_of(series, {"2021-01": receive(series, "2021-01", {"output": [40, 57]})}, "2021-01")["it"]
    assert finding.text["zh"] == "产值为97亿元，距100亿元的目标还差3亿元"
    assert finding.text["en"] == "output: CNY 9.7 billion, CNY 300 million short of the target of CNY 10 billion"
