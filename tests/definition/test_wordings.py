"""Wordings that contradict their rule are told by `tongbao check`; right ones never."""

import pytest
import yaml

import examples as tool
from conftest import ROOT, edit, tongbao
from province import define
from tongbao.definition.project import Project
from tongbao.definition.wordings import contrary_wordings

COLUMNS = {
    "work": {
        "cases": {"header": "立案", "unit": "起"},
        "rate": {"header": "合格率（%）", "unit": "%", "area": "none"},
        "bad": {"header": "投诉", "unit": "件", "rank": "ascending"},
    }
}
CHANGE = {"rule": "change", "value": "cases", "against": "previous"}
YEAR = {"rule": "change", "value": "cases", "against": "last_year"}
PERIOD, YEARS = "同比 is said, but compared is the period before", "环比 is said, but compared is the same period"
LIST = {"rule": "list", "measure": "rate"}


def told(rule, wording):
    series = define(COLUMNS, {"f": rule | {"wording": wording}}, 4)
    return [f"{'.'.join(map(str, place))}: {problem}" for place, problem in contrary_wordings(series)]


@pytest.mark.parametrize(
    ("rule", "wording", "word"),
    [
        (CHANGE, {"rise": "立案环比下降{{ change }}%"}, "下降 is said of a rise"),
        (CHANGE, {"fall": "立案环比增长{{ change }}%"}, "增长 is said of a fall"),
        (CHANGE, {"rise": {"zh": "上升{{ change }}%", "en": "cases down {{ change }}%"}}, "down is said of a rise"),
        (CHANGE, {"rise": "立案同比上升{{ change }}%"}, PERIOD),
        (YEAR, {"flat": "立案环比持平"}, YEARS),
        (
            LIST | {"change": "previous", "above": 0},
            "合格率同比上升的有{{ units }}",
            PERIOD,
        ),
        (LIST | {"below": 90}, "合格率高于{{ threshold }}的有{{ units }}", "高于 is said of what is below"),
        (LIST | {"below": 90}, "合格率不低于90%的有{{ units }}", "不低于 is said of what is below"),
        (LIST | {"above": 90}, "合格率不足90%的有{{ units }}", "不足 is said of what is above"),
        (LIST | {"take": 2}, "合格率居后两位的是{{ units }}", "居后 is said of the first"),
        (LIST | {"take": 2, "order": "worst"}, "合格率列前两位的是{{ units }}", "列前 is said of the last"),
    ],
)
def test_words_that_contradict_their_rule_are_told(rule, wording, word):
    (problem,) = told(rule, wording)
    assert word in problem


@pytest.mark.parametrize(
    ("rule", "wording"),
    [
        (CHANGE, {"rise": "立案上升{{ change }}%，降幅收窄，上月为下降", "fall": "{{ compared }}下降{{ change }}%"}),
        (CHANGE | {"values": {"y": "last_year.cases"}}, {"rise": "较5月上升{{ change }}%，同比原为{{ y }}起"}),
        (YEAR, {"rise": "同比上升{{ change }}%，环比另见下文"}),
        (LIST | {"below": 90}, "合格率低于{{ threshold }}的有{{ units }}，不高于全市水平"),
        (LIST | {"below": 90}, {"default": "未达到90%的有{{ units }}", "none": "各地均高于90%"}),
        (LIST | {"above": 90}, {"default": "达到90%以上的有{{ units }}", "none": "各地均低于90%"}),
        (LIST | {"at_least": 90}, "不低于{{ threshold }}的有{{ units }}"),
        (LIST | {"take": 2, "order": "worst"}, "合格率列倒数第一、第二的是{{ units }}"),
        (LIST | {"measure": "bad", "take": 2, "order": "worst"}, "投诉量居前两位的是{{ units }}"),
        (LIST | {"measure": "bad", "take": 2}, "投诉量居后两位的是{{ units }}"),
    ],
)
def test_right_words_are_left_alone(rule, wording):
    assert told(rule, wording) == []


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("reports/*/series.yml")))
def test_the_series_at_hand_contradict_nothing(name):
    assert list(contrary_wordings(Project(ROOT).get_series(name))) == []


def test_no_example_of_the_docs_contradicts_its_rule():
    page = tool.text("statements", "en")
    series = yaml.safe_load(page.split("```yaml series\n", 1)[1].split("```", 1)[0])
    from test_statements import COLUMNS as TABLE
    from test_statements import HAZCHEM

    rules = {
        f"f{at}": yaml.safe_load(part["rule"]) for at, part in enumerate(tool.parts("statements")) if "rule" in part
    }
    defined = define({"annex": TABLE, "hazchem": HAZCHEM}, rules, 8, **series)
    assert list(contrary_wordings(defined)) == []


CONTRARY = """\
  contrary:
    rule: change
    value: accepted
    against: last_year
    wording: {rise: {zh: "同比下降{{ change }}%", en: "up {{ change }}% on last year"}}
"""


def test_check_tells_them_with_their_place(project):
    definition = project / "reports/hotline-monthly/series.yml"
    assert "wording" not in tongbao(project, "check", "hotline-monthly").stdout
    edit(definition, "findings:\n", f"findings:\n{CONTRARY}")
    said = tongbao(project, "check", "hotline-monthly").stdout
    assert "reports/hotline-monthly/series.yml" in said
    assert "findings.contrary.wording.rise.zh: 下降 is said of a rise: is that meant?" in said
