"""Numbers with a sign in words: given growth rates say 增长, 下降 or 持平 (synthetic figures)."""

import pytest

from province import define, findings_of, receive
from tongbao.basics.errors import DefinitionError

GROWTH = {"g": [5.2, -2.0, 0, -0.04]}
TABLE = {
    "growth": {
        "g": {"header": "产值同比增长（%）", "short": {"zh": "增速", "en": "growth"}, "unit": "%", "area": "none"}
    }
}


def told(g, wording, **more):
    """A statement on the given growth of the first county."""
    rule = {"rule": "state", "values": {"x": {"formula": f"sum(g, g == {g})", "decimals": 1, "unit": "%"}}}
    defined = define(TABLE, {"f": rule | {"wording": {"default": wording}} | more}, 4)
    return findings_of(defined, {"2026-06": receive(defined, "2026-06", GROWTH)}, "2026-06")["f"]


@pytest.mark.parametrize(
    ("g", "zh", "en"),
    [
        (5.2, "增长5.2%", "up 5.2%"),
        (-2.0, "下降2.0%", "down 2.0%"),
        (0, "持平", "unchanged"),
        (-0.04, "基本持平", "nearly unchanged"),
    ],
)
def test_a_number_says_which_way_it_went(g, zh, en):
    finding = told(g, {"zh": "同比{{ x | change }}", "en": "growth: {{ x | change }}"})
    assert finding.text == {"zh": f"同比{zh}", "en": f"growth: {en}"}
    (sign,) = (claim.says["case"] for claim in finding.claims if claim.claim == "sign")
    assert sign == ("rise" if g > 0 else "fall" if g < 0 else "flat")


def test_the_mark_holds_the_number_without_its_minus():
    finding = told(-2.0, "同比{{ x | change }}")
    key = "f:minus.x"
    assert f"\ue000{key}\ue0012.0\ue002%" in finding.marked["zh"]
    assert (str(finding.figures[key].value), finding.figures[key].calculation) == ("2.0", "0 − (-2.0) = 2.0")


def test_a_list_puts_signs_into_words():
    rule = {"rule": "list", "measure": "g", "order": "descending", "naming": {"value": "change"}}
    rule["wording"] = {"zh": "{{ units }}", "en": "{{ units }}"}
    defined = define(
        TABLE, {"f": rule, "g": rule | {"naming": {"value": "change", "fall": {"zh": "回落", "en": "a drop of"}}}}, 4
    )
    found = findings_of(defined, {"2026-06": receive(defined, "2026-06", GROWTH)}, "2026-06")
    assert found["f"].text["zh"] == "甲县（增长5.2%）、丙县（持平）、丁县（下降0.04%）和乙县（下降2.0%）"
    assert found["f"].text["en"] == "Jia (up 5.2%), Bing (unchanged), Ding (down 0.04%) and Yi (down 2.0%)"
    assert found["g"].text["en"].endswith("Yi (a drop of 2.0%)")


@pytest.mark.parametrize(
    "wording", ["同比增长{{ x }}%", "下降了{{ x }}%", {"zh": "{{ x }}%", "en": "output was up {{ x }}%"}]
)
def test_a_minus_behind_a_word_of_direction_is_refused_with_what_to_write(wording):
    with pytest.raises(DefinitionError, match=r"findings.f.wording.default.*(?s:minus.*-2.0.*x \| change)"):
        told(-2.0, wording)
    assert told(5.2, wording).text["zh"].endswith("5.2%")
    assert told(-2.0, "增速为{{ x }}%").text["zh"] == "增速为-2.0%"


def test_change_is_for_numbers():
    with pytest.raises(DefinitionError, match="change is for numbers"):
        told(5.2, "{{ period | change }}")


def test_a_number_with_words_behind_it_is_not_put_into_words_without_them():
    facts = {"q": ("增速", "5", "%", "左右")}
    rule = {"rule": "state", "values": {"x": "fact.q"}, "wording": {"default": "同比{{ x | change }}"}}
    defined = define(TABLE, {"f": rule}, 4)
    with pytest.raises(DefinitionError, match="no exact number"):
        findings_of(defined, {"2026-06": receive(defined, "2026-06", GROWTH, facts)}, "2026-06")


def test_a_space_before_the_minus_makes_no_difference():
    with pytest.raises(DefinitionError):
        told(-2.0, "同比增长 {{ x }}%")
