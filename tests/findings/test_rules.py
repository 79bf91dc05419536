"""Each kind of rule over small tables (synthetic figures): ties, blanks, no, one, two, three, many units; zh and en."""

import pytest
from pydantic import ValidationError

from province import define, findings_of, receive, say

BELOW = {"rule": "list", "measure": "rate", "below": 20}
MISSING = [None] * 4


def both(finding):
    return finding.case, finding.text["zh"], finding.text["en"]


@pytest.mark.parametrize(
    ("rates", "case", "zh", "en"),
    [
        ([30, 25, 20, 40], "none", "各地检查处罚率均达到20%", "penalty rate at or above 20% everywhere"),
        ([30, 15, 20, 40], "one", "仅乙县检查处罚率低于20%", "penalty rate below 20%: only Yi"),
        ([30, 15, 10, 40], "default", "检查处罚率低于20%的有丙县和乙县", "penalty rate below 20%: Bing and Yi"),
        ([5, 15, 10, 40], "all_but_one",
         "除丁县外，其余各地检查处罚率均低于20%", "penalty rate below 20% everywhere but in Ding"),
        ([5, 15, 10, 4], "all", "各地检查处罚率均低于20%", "penalty rate below 20% everywhere"),
        ([5, 15, 10, 4, 30, 60], "default", "检查处罚率低于20%的有丁县、甲县、丙县和乙县",
         "penalty rate below 20%: Ding, Jia, Bing and Yi"),
        ([5, None, 30, 40], "default",
         "检查处罚率低于20%的有甲县，不含乙县", "penalty rate below 20%: Jia, without Yi"),
        ([50, None, 30, 40], "incomplete", "已报送的3个县（市、区）检查处罚率均达到20%，乙县未报送",
         "penalty rate of the 3 counties that reported: at or above 20% everywhere; Yi did not report"),
        ([5, None, 3, 4], "all_reporting", "已报送的3个县（市、区）检查处罚率均低于20%，乙县未报送",
         "penalty rate of the 3 counties that reported: below 20% everywhere; Yi did not report"),
        (MISSING, "unreported", "各地均未报送检查处罚率", "no unit reported the penalty rate"),
    ],
)  # fmt: skip
def test_a_filter_says_what_is_true_of_how_many(rates, case, zh, en):
    assert both(say(BELOW, {"rate": rates})) == (case, zh, en)


@pytest.mark.parametrize(
    ("bounds", "zh"),
    [
        ({"at_most": 20}, "检查处罚率不高于20%的有己县、甲县和丙县"),
        ({"above": 20}, "检查处罚率高于20%的有丁县、乙县和戊县"),
        ({"at_least": 20}, "检查处罚率达到20%的有丁县、乙县、戊县和丙县"),
        ({"at": 20}, "仅丙县检查处罚率为20%"),
        ({"at_least": 20, "below": 60}, "检查处罚率达到20%、低于60%的有乙县、戊县和丙县"),
        ({"above": "mean.rate"}, "检查处罚率高于各地平均数（25%）的有丁县和乙县"),
        ({"below": "last_year.rate"}, "检查处罚率低于上年同期的有己县和乙县"),
        ({"below": "param.line"}, "检查处罚率低于12%的有己县和甲县"),
    ],
)
def test_bounds_in_words(bounds, zh):
    line = {"parameters": {"line": {"default": 12, "label": "警戒线"}}}
    before = {"rate": [9, 31, 20, 50, 25, 6]}
    finding = say(
        {"rule": "list", "measure": "rate", **bounds}, {"rate": [10, 30, 20, 60, 25, 5]}, last_year=before, **line
    )
    assert finding.text["zh"] == zh


@pytest.mark.parametrize(
    ("rule", "rates", "zh", "en"),
    [
        ({"at_least": 90, "below": 95}, [90, 95, "94.99", 80], "检查处罚率达到90%、低于95%的有丙县和甲县",
         "penalty rate at or above 90% and below 95%: Bing and Jia"),
        ({"above": 90, "at_most": 95}, [90, 95, "94.99", 96], "检查处罚率高于90%、不高于95%的有乙县和丙县",
         "penalty rate above 90% and not above 95%: Yi and Bing"),
        ({"at_least": 90, "below": 95}, [80, 95, 99, 99], "各地检查处罚率均低于90%或达到95%",
         "penalty rate below 90% or at or above 95% everywhere"),
        ({"at_least": 90, "below": 95, "blank": True}, [90, 95, None, 99],
         "检查处罚率达到90%、低于95%或未报送的有甲县和丙县",
         "penalty rate at or above 90% and below 95% or not reported: Jia and Bing"),
        ({"above": 0, "below": 5, "change": "last_year"}, [93, 90, 99, 98],
         "仅甲县检查处罚率同比变化高于0个百分点、低于5个百分点",
         "penalty rate year on year, change above 0 percentage points and below 5 percentage points: only Jia"),
        ({"blank": True, "change": "last_year"}, [93, 90, None, 98], "仅丙县检查处罚率同比不可比",
         "penalty rate not comparable year on year: only Bing"),
        ({"below": 0, "blank": True, "change": "last_year"}, [83, 90, None, 98],
         "检查处罚率同比下降或不可比的有甲县和丙县",
         "penalty rate down year on year or not comparable: Jia and Bing"),
    ],
)  # fmt: skip
def test_two_bounds_are_said_as_they_are(rule, rates, zh, en):
    finding = say({"rule": "list", "measure": "rate"} | rule, {"rate": rates}, last_year={"rate": [90, 90, 90, 90]})
    assert finding.text == {"zh": zh, "en": en}
    bounds = {key: figure.text for key, figure in finding.figures.items() if key in ("it:lower", "it:upper")}
    two = {"lower": rule.get("at_least", rule.get("above")), "upper": rule.get("below", rule.get("at_most"))}
    assert bounds == ({f"it:{side}": str(two[side]) for side in two} if None not in two.values() else {})


@pytest.mark.parametrize(
    ("take", "ties", "names"),
    [
        (1, "extend", "乙县"),
        (2, "extend", "乙县、丙县和丁县"),
        (2, "cut", "乙县和丙县"),
        (3, "extend", "乙县、丙县和丁县"),
        (9, "extend", "乙县、丙县、丁县和甲县"),
    ],
)
def test_a_list_of_the_first_never_cuts_a_tie_unless_told_to(take, ties, names):
    finding = say({"rule": "list", "measure": "cases", "take": take, "ties": ties}, {"cases": [1, 9, 5, 5, None]})
    assert finding.text["zh"].endswith(f"位的是{names}，不含戊县")


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        ([103, 102, 120], "立案数同比变化高于5%的有1个：丙县；低于5%的有2个：甲县和乙县",
         "change of cases year on year: above 5% in 1 (Bing), below 5% in 2 (Jia and Yi)"),
        ([103, 105, 120], "立案数同比变化高于5%的有1个：丙县；低于5%的有1个：甲县；为5%的有1个：乙县",
         "change of cases year on year: above 5% in 1 (Bing), below 5% in 1 (Jia), at 5% in 1 (Yi)"),
        ([103, None, 102], "可比的2个县（市、区）立案数同比变化均低于5%（不含乙县）",
         "change of cases year on year: below 5% in all 2 counties that can be compared (without Yi)"),
    ],
)  # fmt: skip
def test_changes_on_both_sides_of_a_figure_are_not_called_rises_and_falls(now, zh, en):
    rule = {"rule": "split", "measure": "cases", "change": "last_year", "at": 5}
    assert both(say(rule, {"cases": now}, last_year={"cases": [100, 100, 100]}))[1:] == (zh, en)


@pytest.mark.parametrize(
    ("rule", "now", "zh", "en"),
    [
        ({"below": 10}, [103, 102, 150, 150], "其中升幅最小的是乙县（上升2.0%）",
         "the smallest rise being Yi (up 2.0%)"),
        ({"below": 10}, [103, 98, 99, 150], "其中降幅最大的是乙县（下降2.0%）",
         "the largest fall being Yi (down 2.0%)"),
        ({"below": 10}, [103, 100, 101, 150], "其中变化最低的是乙县（持平）", "the lowest change being Yi (unchanged)"),
        ({"above": -10}, [97, 98, 99, 50], "其中降幅最小的是丙县（下降1.0%）",
         "the smallest fall being Bing (down 1.0%)"),
        ({"above": -10}, [97, 98, 109, 50], "其中升幅最大的是丙县（上升9.0%）",
         "the largest rise being Bing (up 9.0%)"),
        ({"above": -10, "take": 2}, [97, 98, 109, 50], "其中变化最高的是丙县（上升9.0%）和乙县（下降2.0%）",
         "the highest change being Bing (up 9.0%) and Yi (down 2.0%)"),
    ],
)  # fmt: skip
def test_the_end_of_a_list_of_changes_is_called_what_it_is(rule, now, zh, en):
    shown = {"rule": "list", "measure": "cases", "change": "last_year", "take": 1, "naming": {"value": True}}
    finding = say(shown | rule, {"cases": now}, last_year={"cases": [100, 100, 100, 100]})
    assert (finding.text["zh"].split("，")[1], finding.text["en"].split(", ")[-1]) == (zh, en)


def test_the_end_of_a_list_is_that_of_its_figures_where_the_smallest_is_the_best():
    late = {"formula": "cases - visits", "label": {"zh": "超期", "en": "late"}, "decimals": 0, "rank": "ascending"}
    rule = {"rule": "list", "measure": late, "above": 0, "order": "worst", "take": 1}
    finding = say(rule, {"cases": [5, 9, 3, 1], "visits": [1, 1, 1, 1]})
    assert finding.text["zh"] == "超期高于0的有3个县（市、区），其中最高的是乙县"


def test_ties_share_a_place_and_leave_a_gap():
    rule = {"rule": "list", "measure": "cases", "naming": {"places": True, "name": "short"}}
    finding = say(rule, {"cases": [5, 9, 5, 3]})
    assert finding.text["zh"] == "立案数依次为乙第一，甲、丙并列第二，丁第四"
    assert finding.text["en"] == "cases, in order: 1st Yi; joint 2nd Jia and Bing; 4th Ding"
    assert finding.figures["it:place@jia"].value == 2


@pytest.mark.parametrize(
    ("naming", "zh"),
    [
        ({"tail": "等地"}, "甲县、乙县和丙县等地"),
        ({"tail": "N地", "last": "、", "name": "short"}, "甲、乙、丙三地"),
        ({"show": 2}, "甲县、乙县等3个县（市、区）"),
        ({"show": 3}, "甲县、乙县和丙县"),
        ({"value": True}, "甲县（0起）、乙县（0起）和丙县（0起）"),
    ],
)
def test_how_names_are_written(naming, zh):
    finding = say({"rule": "list", "measure": "cases", "at": 0, "naming": naming}, {"cases": [0, 0, 0, 4, 7]})
    assert finding.text["zh"] == f"立案数为零的有{zh}"


def test_zero_blank_and_both():
    rows = {"cases": [0, None, 3, 0]}
    assert say({"rule": "list", "measure": "cases", "at": 0}, rows).units == ("jia", "ding")
    assert say({"rule": "list", "measure": "cases", "blank": True}, rows).text["zh"] == "仅乙县立案数未报送"
    assert say({"rule": "list", "measure": "cases", "at": 0, "blank": True}, rows).units == ("jia", "yi", "ding")
    assert say({"rule": "list", "measure": "cases", "blank": True}, {"cases": [0, 1, 3, 0]}).case == "none"


def test_zero_before_and_zero_now():
    rule = {
        "rule": "list",
        "measure": "cases",
        "at": 0,
        "where": [{"value": "last_year.cases", "at": 0}],
        "wording": {"default": "{{ units }}连续两年没有立案", "none": "没有地区连续两年没有立案"},
    }
    rows, before = {"cases": [0, 0, 2, 5]}, {"cases": [0, 3, 0, 4]}
    assert say(rule, rows, last_year=before).text["zh"] == "甲县连续两年没有立案"
    assert say(rule, rows, last_year={"cases": [1, 1, 1, 1]}).case == "none"


@pytest.mark.parametrize(
    ("now", "before", "case", "zh"),
    [
        ([0, 1, 1, 1], [0, 0, 0, 1], "shrunk", "立案数为零的由上期的3个减少到1个，为甲县"),
        ([0, 0, 0, 1], [0, 1, 1, 1], "grown", "立案数为零的由上期的1个增加到3个，为甲县、乙县和丙县"),
        ([0, 1, 1, 1], [0, 1, 1, 1], "unchanged", "立案数为零的仍为1个，为甲县，与上期相同"),
        ([0, 1, 1, 1], [1, 0, 1, 1], "changed", "立案数为零的仍为1个，为甲县，其中甲县为新增"),
        ([1, 1, 1, 1], [0, 0, 1, 1], "cleared", "立案数为零的由上期的2个减少到零"),
        ([1, 1, 1, 1], [1, 1, 1, 1], "none", "各地立案数均不为零"),
        ([0, 1, 1, 1], None, "no_earlier", "立案数为零的有甲县，无上期数据可比"),
        ([None, 1, 1, 1], [0, 1, 1, 1], "incomplete", "已报送的3个县（市、区）立案数均不为零，甲县未报送"),
    ],
)
def test_how_a_list_has_changed(now, before, case, zh):
    rule = {"rule": "list", "measure": "cases", "at": 0, "since": "previous"}
    finding = say(rule, {"cases": now}, previous=None if before is None else {"cases": before})
    assert (finding.case, finding.text["zh"]) == (case, zh)


@pytest.mark.parametrize(
    ("below", "case"),
    [("area.cases / 4", "unchanged"), ("mean.cases", "unchanged"), ("mean(cases)", "unchanged"), ("20", "shrunk")],
)
def test_what_is_below_the_mean_of_last_period_was_below_that_mean(below, case):
    """5 and 8 of a mean of 10, then 10 and 15 of a mean of 20; below 20 were all four."""
    rule = {"rule": "list", "measure": "cases", "below": below, "since": "previous"}
    finding = say(rule, {"cases": [10, 15, 30, 25]}, previous={"cases": [5, 8, 12, 15]})
    assert finding.case == case, finding.text["zh"]
    assert finding.units == ("jia", "yi")


@pytest.mark.parametrize(
    ("now", "before", "case", "zh", "en"),
    [
        (30, 20, "rise", "立案数为30起，同比上升50.0%", "cases: 30 cases, up 50.0% year on year"),
        (15, 20, "fall", "立案数为15起，同比下降25.0%", "cases: 15 cases, down 25.0% year on year"),
        (20, 20, "flat", "立案数为20起，同比持平", "cases: 20 cases, unchanged year on year"),
        (10001, 10000, "about_flat", "立案数为10001起，同比基本持平",
         "cases: 10,001 cases, nearly unchanged year on year"),
        (5, 0, "zero_base", "立案数为5起，同比—（上年同期为零）",
         "cases: 5 cases, — year on year (the same period last year was zero)"),
        (0, 0, "flat", "立案数为0起，同比持平", "cases: 0 cases, unchanged year on year"),
        (5, None, "no_comparison", "立案数为5起，无上年同期数据可比",
         "cases: 5 cases, with no figure of the same period last year to compare"),
        (None, 5, "unreported", "尚无立案数数据", "there is no figure for the cases yet"),
    ],
)  # fmt: skip
def test_a_change_and_why_there_may_be_none(now, before, case, zh, en):
    rule = {"rule": "change", "value": "cases", "against": "last_year"}
    assert both(say(rule, {"cases": [now]}, last_year={"cases": [before]})) == (case, zh, en)


def test_a_period_that_was_not_received_is_said_to_be_missing():
    rows = {"cases": [3, 4, 5]}
    assert say({"rule": "change", "value": "cases", "against": "previous"}, rows).case == "no_comparison"
    finding = say({"rule": "list", "measure": "cases", "change": "last_year", "above": 0}, rows)
    assert finding.text["zh"] == "无上年同期数据，立案数不作同比比较"
    finding = say({"rule": "list", "measure": "cases", "below": "last_year.cases"}, rows)
    assert finding.text["en"] == "there are no figures of the same period last year to compare the cases with"


def test_a_rate_changes_in_points():
    rows, before = {"rate": [30, 12, 20]}, {"rate": [20, 15.5, 20]}
    rule = {"rule": "list", "measure": "rate", "change": "last_year", "order": "descending", "naming": {"value": True}}
    finding = say(rule, rows, last_year=before)
    assert finding.text["zh"] == (
        "检查处罚率同比变化由高到低依次为甲县（上升10.00个百分点）、丙县（持平）和乙县（下降3.50个百分点）"
    )
    assert finding.figures["it:unit@yi"].calculation == "15.5 − 12 = 3.50"
    periods = {cell.source.file for cell in finding.figures["it:unit@yi"].cells}
    assert periods == {"data/raw/synthetic/2020-12/annex.csv", "data/raw/synthetic/2019-12/annex.csv"}


@pytest.mark.parametrize(
    ("now", "zh", "calculation"),
    [
        (67, "下降30%以上", "floor((100 − 67) ÷ 100 × 100, 10) = 30"),
        (70, "下降30%", "floor((100 − 70) ÷ 100 × 100, 10) = 30"),
        (71, "下降近30%", "ceil((100 − 71) ÷ 100 × 100, 10) = 30"),
        (95, "下降不足10%", "ceil((100 − 95) ÷ 100 × 100, 10) = 10"),
        (141, "上升40%以上", "floor((141 − 100) ÷ 100 × 100, 10) = 40"),
    ],
)
def test_a_bounded_change(now, zh, calculation):
    rule = {"rule": "change", "value": "cases", "against": "previous", "bounded": 10}
    finding = say(rule, {"cases": [now]}, previous={"cases": [100]})
    assert finding.text["zh"] == f"立案数为{now}起，环比{zh}"
    assert finding.figures["it:bounded"].calculation == calculation


@pytest.mark.parametrize(
    ("values", "case", "zh"),
    [
        ([3, 9, 3, 5], "default", "立案数最高的是乙县，为9起，最低的是甲县和丙县，为3起"),
        ([4, 4, 4], "equal", "各地立案数均为4起"),
        ([4, None, 4], "equal_reporting", "已报送的2个县（市、区）立案数均为4起，乙县未报送"),
        ([None, 6, None], "one", "立案数仅乙县有数据，为6起（不含甲县和丙县）"),
        ([None, None], "unreported", "各地均未报送立案数"),
    ],
)
def test_the_highest_and_the_lowest(values, case, zh):
    finding = say({"rule": "range", "measure": "cases"}, {"cases": values})
    assert (finding.case, finding.text["zh"]) == (case, zh)


@pytest.mark.parametrize(
    ("values", "case"),
    [
        ([1, 9], "default"),
        ([1, 5, 9], "some_level"),
        ([6, 7], "all_above"),
        ([1, 2], "all_below"),
        ([5, 5], "all_level"),
    ],
)
def test_two_sides(values, case):
    finding = say({"rule": "split", "measure": "cases", "at": 5}, {"cases": values})
    assert finding.case == case
    assert all(finding.text.values())


@pytest.mark.parametrize(("value", "case"), [(24, "missed"), (25, "met"), (26, "met"), (None, "unreported")])
@pytest.mark.parametrize("limit", [False, True])
def test_a_target_and_a_limit(value, case, limit):
    rule = {"rule": "target", "value": "cases", "target": 25, "limit": limit}
    finding = say(rule, {"cases": [value]})
    expected = {24: "met", 25: "met", 26: "missed", None: "unreported"}[value] if limit else case
    assert finding.case == expected
    assert finding.level == ("attention" if expected == "missed" else "note")


def test_a_judgement_needs_its_figures():
    rule = {
        "rule": "judge",
        "when": {"weak": [{"value": "cases", "below": "last_year.cases"}]},
        "wording": {"weak": "力度有待加强", "otherwise": "力度有所加大"},
    }
    assert say(rule, {"cases": [3]}, last_year={"cases": [5]}).text["zh"] == "力度有待加强"
    assert say(rule, {"cases": [7]}, last_year={"cases": [5]}).case == "otherwise"
    assert say(rule, {"cases": [7]}).text["zh"] == "有关数据不全，暂不作判断"
    evidence = say(rule, {"cases": [3]}, last_year={"cases": [5]}).figures
    assert [figure.value for figure in evidence.values()] == [3, 5]


def test_a_clause_is_said_only_if_it_is_true_of_every_unit_named():
    rule = {
        "rule": "list",
        "measure": "cases",
        "order": "worst",
        "take": "param.n",
        "also": {"below": "mean.cases"},
        "wording": {
            "default": "后{{ n | han }}位为{{ units }}",
            "also": "后{{ n | han }}位为{{ units }}，均低于{{ also }}",
        },
    }

    def said(n):
        parameters = {"n": {"type": "integer", "default": n, "label": "n"}}
        return say(rule, {"cases": [1, 2, 9, 8]}, parameters=parameters).text["zh"]

    assert said(2) == "后二位为甲县和乙县，均低于各地平均数（5起）"
    assert said(3) == "后三位为甲县、乙县和丁县"


def test_items_without_a_figure_are_named_as_missing():
    rule = {
        "rule": "list",
        "items": {
            "own": {"label": "我市", "value": "cases"},
            "east": {"label": "东市", "value": "fact.east"},
            "west": {"label": "西市", "value": "fact.west"},
        },
        "label": "立案数",
        "order": "descending",
    }
    rows, east = {"cases": [3, 4]}, {"east": ("东市立案数", "9", "起")}
    assert say(rule, rows, facts=east).text["zh"] == "立案数由高到低依次为东市和我市，西市无数据"
    assert say(rule | {"focus": "own"}, rows, facts=east).case == "default"
    west = east | {"west": ("西市立案数", "7", "起")}
    assert say(rule | {"focus": "own"}, rows, facts=west).case == "tied"
    assert say(rule | {"focus": "west"}, rows, facts=east).case == "focus_unreported"


def test_a_state_with_a_missing_figure_can_be_worded():
    rule = {"rule": "state", "values": {"c": "cases"}, "wording": {"default": "{{ c }}起", "missing": "未报"}}
    assert say(rule, {"cases": [None]}).text["zh"] == "未报"
    assert say(rule, {"cases": [2]}).text["zh"] == "2起"


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"rule": "list"}, "one of measure, items and table"),
        ({"rule": "list", "measure": "cases", "below": 1, "at_most": 2}, "at most one lower and one upper"),
        ({"rule": "list", "measure": "cases", "take": 3, "order": "official"}, "take needs an order"),
        ({"rule": "list", "measure": "cases", "since": "previous"}, "since tells how a filtered list changed"),
        ({"rule": "list", "measure": "cases", "naming": {"tail": "等地", "show": 2}}, "a list ends in one way"),
        ({"rule": "list", "measure": {"formula": "cases / 2", "decimals": 1}}, "a label is needed"),
        ({"rule": "list", "measure": "cases", "at": 0, "where": [{"value": "cases"}]}, "a condition needs a bound"),
        ({"rule": "list", "measure": "cases", "take": 3, "wording": {"none": "x"}}, "knows only default, one"),
        ({"rule": "range", "items": {"a": {"label": "x", "value": "cases"}}}, "items need a label"),
        ({"rule": "state", "values": {"period": "cases"}, "wording": "x"}, "the name period is taken"),
    ],
)
def test_options_that_say_nothing_are_refused(rule, complaint):
    with pytest.raises(ValidationError, match=complaint):
        say(rule, {"cases": [1]})


def test_what_backs_a_sentence_stands_in_its_order():
    """Not in that of a set, which differs from run to run: the same inputs give the same bytes."""
    values = {name: {"formula": "cases", "decimals": 1} for name in "zyxwvutsrqponm"}
    wording = " ".join(f"{{{{ {name} }}}}" for name in values)
    finding = say({"rule": "state", "values": values, "wording": wording}, {"cases": [3, 4]})
    assert list(finding.figures) == [f"it:{name}" for name in values]


def test_some_of_the_units_have_faults_however_many_faults_they_are():
    above = {"check": "holds", "left": "cases", "relation": "<=", "level": "warning"}
    checks = {"a": above | {"right": "visits"}, "b": above | {"right": "visits * 2"}, "c": above | {"right": "5"}}
    wording = {"zh": "{{ some }}县填报有误", "en": "{{ some }} counties"}
    rows = {"cases": [9, 1, 1, 1], "visits": [1, 1, 1, 1]}
    finding = say({"rule": "faults", "checks": ["holds"], "wording": wording}, rows, checks=checks)
    assert both(finding)[1:] == ("个别县填报有误", "a few counties")
    assert {key: figure.text for key, figure in finding.figures.items()} == {"it:unit_count": "1"}


def test_one_fault_is_no_faults():
    checks = {"a": {"check": "holds", "left": "cases", "relation": "<=", "right": "visits", "level": "warning"}}
    finding = say({"rule": "faults", "checks": ["holds"]}, {"cases": [9, 1], "visits": [1, 1]}, checks=checks)
    assert both(finding)[2].startswith("1 fault in the returns: ")


@pytest.mark.parametrize(
    ("rule", "rates", "zh", "en"),
    [
        ({"rule": "list", "below": 90}, [95, 100, 100], "已报送的3个县（市、区）检查处罚率均达到90%",
         "penalty rate of the 3 counties that reported: at or above 90% everywhere"),
        ({"rule": "list", "above": 90}, [95, 100, 100], "已报送的3个县（市、区）检查处罚率均高于90%",
         "penalty rate of the 3 counties that reported: above 90% everywhere"),
        ({"rule": "range"}, [100, 100, 100], "已报送的3个县（市、区）检查处罚率均为100%",
         "penalty rate of the 3 counties that reported: 100%"),
        ({"rule": "list", "below": 90}, [95, None, 100], "已报送的2个县（市、区）检查处罚率均达到90%，乙县未报送",
         "penalty rate of the 2 counties that reported: at or above 90% everywhere; Yi did not report"),
        ({"rule": "list", "below": 90}, MISSING[:3], "应报送的3个县（市、区）均未报送检查处罚率",
         "none of the 3 counties asked reported the penalty rate"),
        ({"rule": "list", "at": 0, "blank": True}, [5, None, None], "检查处罚率为零或未报送的有乙县和丙县",
         "penalty rate zero or not reported: Yi and Bing"),
        ({"rule": "list", "below": 3, "blank": True}, [5, 6, None], "检查处罚率低于3%或未报送的有丙县",
         "penalty rate below 3% or not reported: Bing"),
        ({"rule": "list", "blank": True}, [5, None, None], "检查处罚率未报送的有乙县和丙县",
         "penalty rate not reported: Yi and Bing"),
        ({"rule": "list", "at": 0, "blank": True}, [0, None, None], "应报送的3个县（市、区）检查处罚率均为零或未报送",
         "penalty rate of the 3 counties asked: zero or not reported everywhere"),
        ({"rule": "list", "blank": True}, MISSING[:3], "应报送的3个县（市、区）检查处罚率均未报送",
         "penalty rate of the 3 counties asked: not reported everywhere"),
    ],
)  # fmt: skip
def test_nothing_is_said_of_units_that_a_partial_table_is_not_about(rule, rates, zh, en):
    columns = {
        "rate": {"header": "率", "short": {"zh": "检查处罚率", "en": "penalty rate"}, "unit": "%", "area": "none"}
    }
    table = {"file": "annex.csv", "title": "港口表", "partial": True, "columns": columns}
    series = define({"annex": columns}, {"it": {"measure": "rate"} | rule}, 5, tables={"annex": table})
    received = receive(series, "2020-12", {"rate": [*rates, None, None]})
    for unit in ("ding", "wu"):
        del received.tables["annex"].rows[unit]
    assert both(findings_of(series, {"2020-12": received}, "2020-12")["it"])[1:] == (zh, en)


ITEMS = {
    "items": {
        name: {"label": {"zh": zh, "en": en}, "value": f"fact.{name}"}
        for name, zh, en in (("own", "我市", "our city"), ("east", "东市", "East"), ("west", "西市", "West"))
    },
    "label": {"zh": "处罚率", "en": "penalty rate"},
}
THREE = {"own": ("我市", "20", "%"), "east": ("东市", "9.5", "%"), "west": ("西市", "30", "%")}
TWO = {"own": ("我市", "20", "%"), "east": ("东市", "9.5", "%")}


@pytest.mark.parametrize(
    ("rule", "facts", "zh", "en"),
    [
        ({"rule": "list", "focus": "own"}, THREE, "我市处罚率为20%，在3个中列第2位",
         "our city: penalty rate 20%, place 2 of 3"),
        ({"rule": "list", "below": 25, "take": 1}, THREE, "处罚率低于25%的有2个，其中最低的是东市",
         "penalty rate below 25%: 2, the lowest being East"),
        ({"rule": "list", "above": 10}, THREE, "除东市外，其余各项处罚率均高于10%",
         "penalty rate above 10% for all but East"),
        ({"rule": "list", "above": 5}, TWO, "有数据的2个处罚率均高于5%，西市无数据",
         "penalty rate of the 2 with a figure: above 5% for all; no figure for West"),
        ({"rule": "list", "focus": "west"}, TWO, "西市处罚率无数据，不参加排名",
         "West has no figure for the penalty rate and no place"),
        ({"rule": "split", "at": 5}, TWO, "有数据的2个处罚率均高于5%", "penalty rate: above 5% in all 2 with a figure"),
        ({"rule": "range"}, {"own": ("我市", "20", "%"), "east": ("东市", "20", "%"), "west": ("西市", "20", "%")},
         "各项处罚率均为20%", "penalty rate is 20% for all"),
        ({"rule": "range"}, {}, "处罚率均无数据", "there are no figures for the penalty rate"),
        ({"rule": "list", "naming": {"show": 1}}, THREE, "处罚率依次为西市等3个",
         "penalty rate, in order: West and others (3 in all)"),
        ({"rule": "list", "below": 25, "wording": "{{ some }}城市低于25%"}, THREE, "多数城市低于25%", None),
    ],
)  # fmt: skip
def test_items_are_not_counted_as_units(rule, facts, zh, en):
    finding = say(ITEMS | rule, {"cases": [1, 2, 3, 4, 5, 6, 7, 8, 9]}, facts=facts)
    assert finding.text == ({"zh": zh, "en": en} if en else {"zh": zh})


@pytest.mark.parametrize(
    ("rule", "now", "zh", "en"),
    [
        ({"rule": "list", "take": 1}, [6, None], "立案数仅甲县有数据（不含乙县）",
         "only Jia has a figure for cases (without Yi)"),
        ({"rule": "list", "take": 3, "order": "worst"}, [6, None], "立案数仅甲县有数据（不含乙县）",
         "only Jia has a figure for cases (without Yi)"),
        ({"rule": "list", "order": "worst"}, [6, None], "立案数仅甲县有数据（不含乙县）",
         "only Jia has a figure for cases (without Yi)"),
        ({"rule": "split", "at": 5}, [6, None], "立案数仅甲县有数据，高于5起（不含乙县）",
         "cases: above 5 cases in Jia, the only one with a figure (without Yi)"),
        ({"rule": "split", "at": 0, "change": "last_year"}, [6, None], "立案数同比仅甲县可比，上升（不含乙县）",
         "cases year on year: up in Jia, the only one that can be compared (without Yi)"),
        ({"rule": "list", "at": 0, "change": "last_year", "naming": {"value": True}}, [6, 5, 9, 8],
         "立案数同比持平的有乙县和丁县", "cases unchanged year on year: Yi and Ding"),
        ({"rule": "list", "below": 9}, [10, None], "立案数仅甲县有数据，达到9起，乙县未报送",
         "cases at or above 9 cases in Jia, the only one with a figure; Yi did not report"),
        ({"rule": "list", "below": 9, "take": 1}, [10, 3], "仅乙县立案数低于9起", "cases below 9 cases: only Yi"),
        ({"rule": "list", "below": 9, "take": 1}, [10, 3, None],
         "立案数低于9起的有1个县（市、区），其中最低的是乙县，不含丙县",
         "cases below 9 cases: 1, the lowest being Yi, without Bing"),
    ],
)  # fmt: skip
def test_the_only_one_is_not_first_among_several(rule, now, zh, en):
    finding = say({"measure": "cases"} | rule, {"cases": now}, last_year={"cases": [5, 5, 5, 8][: len(now)]})
    assert finding.text == {"zh": zh, "en": en}


@pytest.mark.parametrize(("rank", "first", "place"), [("ascending", "乙县", 3), ("descending", "丙县", 1)])
def test_a_rule_says_which_end_is_first_also_of_a_single_measure(rank, first, place):
    measure = {"formula": "cases", "rank": rank, "label": "超期任务"}
    rows = {"cases": [4, 1, 5]}
    assert say({"rule": "list", "measure": measure, "take": 1}, rows).text["zh"] == f"超期任务列首位的是{first}"
    told = say({"rule": "list", "measure": measure, "focus": "bing"}, rows).text["zh"]
    assert told == f"丙县超期任务为5起，在3个县（市、区）中列第{place}位"


FAIL = {
    "formula": "cases / visits * 100",
    "label": {"zh": "不合格率", "en": "failures"},
    "decimals": 1,
    "unit": "%",
}
FAILED = {"cases": [4, 0, 1, 2], "visits": [100, 100, 100, 100]}


@pytest.mark.parametrize(
    ("rank", "order", "take", "zh", "en"),
    [
        ("ascending", "best", 2, "不合格率列前两位的是乙县和丙县", "the first 2 in failures: Yi and Bing"),
        (
            "ascending",
            "descending",
            2,
            "不合格率最高的前两位是甲县和丁县",
            "the highest 2 in failures: Jia and Ding",
        ),
        ("ascending", "ascending", 2, "不合格率最低的前两位是乙县和丙县", "the lowest 2 in failures: Yi and Bing"),
        ("ascending", "descending", 1, "不合格率最高的是甲县", "highest in failures: Jia"),
        ("ascending", "worst", 2, "不合格率列后两位的是甲县和丁县", "the last 2 in failures: Jia and Ding"),
        (
            "descending",
            "descending",
            2,
            "不合格率列前两位的是甲县和丁县",
            "the highest 2 in failures: Jia and Ding",
        ),
    ],
)
def test_first_and_highest_are_told_apart(rank, order, take, zh, en):
    """Where the smallest is the best, the largest are not said to be the first."""
    finding = say({"rule": "list", "measure": FAIL | {"rank": rank}, "order": order, "take": take}, FAILED)
    assert finding.text == {"zh": zh, "en": en}
