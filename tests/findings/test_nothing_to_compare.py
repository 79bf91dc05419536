"""What figures are held against may lack, or be of other units: that is said, and nothing else (synthetic figures)."""

import pytest
from pydantic import ValidationError

from province import say
from whole import hold

N = None


def cases(*values):
    return {"cases": list(values)}


def beside(values, fines):
    return {"cases": list(values), "fines": list(fines)}


def measure(name="cases", **options):
    return {"rule": "list", "measure": name} | options


@pytest.mark.parametrize(
    "rule",
    [
        measure(change="last_year", above=0),
        measure(change="last_year", take=1),
        measure(change="last_year", focus="jia"),
        {"rule": "range", "measure": "cases", "change": "last_year"},
        {"rule": "split", "measure": "cases", "change": "last_year", "at": 0},
    ],
    ids=str,
)
def test_where_other_units_reported_last_year_no_change_can_be_told(rule):
    assert say(rule, cases(1, 2, N), last_year=cases(N, N, 3)).text["zh"] == "各地立案数均不可作同比比较"


def test_bounds_of_other_units_are_none():
    found = say(measure(below="last_year.cases"), cases(1, 2, N), last_year=cases(N, N, 3))
    assert found.text["zh"] == "没有可比的上年同期立案数，立案数无从比较"


@pytest.mark.parametrize("received", [{}, {"last_year": cases(N, N)}], ids=["not received", "blank"])
@pytest.mark.parametrize("bound", ["last_year.area.cases", "last_year.mean.cases", "last_year.area.cases / 2"])
def test_a_bound_of_a_period_that_has_none_is_said_of_that_period(bound, received):
    for rule in (measure(below=bound), {"rule": "split", "measure": "cases", "at": bound}):
        assert say(rule, cases(1, 2), **received).text["zh"] == "无上年同期数据，立案数不作同比比较"


@pytest.mark.parametrize(
    ("bound", "zh"),
    [
        ("mean.fines", "没有可比的各地平均fines，立案数无从比较"),
        ("area.fines / 2", "没有可比的全市fines，立案数无从比较"),
        ("fines", "没有可比的fines，立案数无从比较"),
        ("lowest(fines)", "没有可比的fines，立案数无从比较"),
    ],
)
def test_a_bound_that_nobody_reported_is_named(bound, zh):
    now = beside((1, 2), (N, N))
    assert say(measure(below=bound), now).text["zh"] == zh
    assert say({"rule": "split", "measure": "cases", "at": bound}, now).text["zh"] == zh
    wording = {"default": {"zh": "有{{ units }}"}, "none": {"zh": "无"}}
    if bound != "fines":  # of one unit each, they leave that one out
        further = measure(above=0, where=[{"value": "cases", "below": bound}], wording=wording)
        assert say(further, now).text["zh"] == zh


def test_what_is_made_of_all_units_is_nothing_that_one_did_not_report():
    subject = {"formula": "cases - mean.fines", "decimals": 1, "label": "差额"}
    assert say(measure(subject, below=2), beside((1, 2), (N, N))).text["zh"] == "各地差额均无数据"


def test_an_aggregate_is_one_number_for_all():
    assert say(measure(below="mean(fines)"), beside((1, 2, 3), (2, 2, 2))).text["zh"] == "仅甲县立案数低于2起"


@pytest.mark.parametrize(
    ("now", "zh"),
    [
        (beside((1, 2, 3), (5, 5, N)), "2个县（市、区）立案数低于fines或未报送（不含丙县）"),
        (beside((9, 9, 3), (5, 5, N)), "可比的2个县（市、区）立案数均达到fines（不含丙县）"),
        (beside((1, N, 3), (5, N, 5)), "各地立案数均低于fines或未报送"),
    ],
)
def test_who_has_a_figure_but_no_bound_is_not_among_all(now, zh):
    assert say(measure(below="fines", blank=True), now).text["zh"] == zh


@pytest.mark.parametrize(
    ("bounds", "zh"),
    [
        ({"at_least": "area.cases"}, "仅乙县立案数达到全市水平（10起）或未报送"),
        ({"below": "mean.cases / 2"}, "除丙县外，其余各地立案数均低于2.5起或未报送"),
    ],
)
def test_who_is_on_the_list_without_a_figure_is_not_said_to_be_left_out(bounds, zh):
    assert say(measure(blank=True, **bounds), cases(1, N, 9)).text["zh"] == zh


def test_where_nobody_reported_there_is_no_mean_to_print():
    assert say(measure(below="mean.cases", blank=True), cases(N, N)).text["zh"] == "各地均未报送立案数"


def test_the_first_of_those_without_a_figure_are_none():
    with pytest.raises(ValidationError, match="those without one"):
        say(measure(blank=True, take=2), cases(1, N, 9))


@pytest.mark.parametrize(
    ("rule", "received", "zh"),
    [
        (measure(at="last_year.cases"), (2, 2), "仅乙县立案数与上年同期持平"),
        (
            {"rule": "split", "measure": "cases", "at": "last_year.cases"},
            (1, 2),
            "可比的2个县（市、区）立案数均与上年同期持平",
        ),
    ],
    ids=str,
)  # fmt: skip
def test_as_much_as_last_year_is_level_with_it(rule, received, zh):
    assert say(rule, cases(1, 2), last_year=cases(*received)).text["zh"] == zh


def test_items_are_held_to_one_number():
    items = {"own": {"label": "我市", "value": "cases"}, "east": {"label": "东市", "value": "visits"}}
    rule = {"rule": "split", "items": items, "label": "立案数", "at": "cases"}
    with pytest.raises(AssertionError, match="items are held to one"):
        say(rule, beside((1, 2), (N, N)))


@pytest.mark.parametrize(("head", "zh"), [("mean", "各地平均数（1起）"), ("area", "全市水平（2起）")])
def test_a_mean_or_total_of_last_year_is_called_so(head, zh):
    found = say(measure(above=f"{head}.last_year.cases"), cases(3, 7), last_year=cases(1, 1))
    assert found.text["zh"] == f"各地立案数均高于上年同期{zh}"


@pytest.mark.parametrize(
    ("rule", "now", "received"),
    [
        (measure(at="visits", blank=True), {"cases": [N, 5], "visits": [N, 5]}, {}),
        (measure(below="visits", blank=True), {"cases": [1, N, 3, 9], "visits": [5, N, N, 5]}, {}),
        (
            measure(at="visits", blank=True, since="last_year"),
            {"cases": [3, 2], "visits": [4, 2]},
            {"last_year": {"cases": [N, 5], "visits": [N, 5]}},
        ),
        (measure(above="count(visits > 0)"), {"cases": [25, 3], "visits": [0, 1]}, {}),
    ],
    ids=str,
)
def test_the_checker_holds_lists_that_take_in_who_is_blank_beside_blank_bounds(tmp_path, rule, now, received):
    hold(tmp_path, rule, now, **received)
