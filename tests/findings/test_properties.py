"""What holds for any figures (synthetic): complementary lists, order, ties, changes, and the way a sum is made."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from province import define, indicators_of, receive, say, units
from tongbao.findings.changes import bounded, signed

counts = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=12)


def listed(rule, values):
    return say({"rule": "list", "measure": "cases", **rule}, {"cases": values})


@given(counts, st.integers(0, 12))
def test_a_unit_is_never_on_both_sides_of_a_bound(values, bound):
    below, reached = listed({"below": bound}, values), listed({"at_least": bound}, values)
    named = [*below.units, *reached.units]
    assert len(named) == len(set(named)) == sum(value is not None for value in values)


@given(counts, st.integers(0, 12))
def test_the_sides_of_a_split_and_the_level_ones_are_all_that_reported(values, bound):
    sides = say({"rule": "split", "measure": "cases", "at": bound,
                 "wording": dict.fromkeys(("default", "some_level", "all_above", "all_below", "all_level"),
                                          "{{ above_count }} {{ below_count }} {{ level_count }}")},
                {"cases": values})  # fmt: skip
    if sides.case != "unreported":
        assert sum(map(int, sides.text["zh"].partition("（")[0].split())) == sum(value is not None for value in values)
        assert len(set(sides.units)) == len(sides.units)


@given(counts, st.sampled_from(["best", "worst"]), st.integers(1, 8))
def test_order_follows_the_figure_and_a_tie_is_never_cut(values, order, take):
    finding = listed({"order": order, "take": take}, values)
    reported = {unit: value for unit, value in zip(units_of(values), values, strict=True) if value is not None}
    chosen = [reported[unit] for unit in finding.units]
    assert all(a >= b if order == "best" else a <= b for a, b in pairwise(chosen))
    rest = [value for unit, value in reported.items() if unit not in finding.units]
    if chosen and rest:
        assert max(rest) < chosen[-1] if order == "best" else min(rest) > chosen[-1]
    assert len(chosen) >= min(take, len(reported))


@given(counts)
def test_what_is_said_of_all_is_true_of_all(values):
    finding = listed({"below": 6}, values)
    if finding.case in ("none", "all"):
        assert None not in values
    if finding.case in ("none", "incomplete"):
        assert all(value is None or value >= 6 for value in values)
    if finding.case in ("all", "all_reporting"):
        assert all(value is None or value < 6 for value in values)
    if finding.case in ("one", "all_but_one"):
        assert None not in values


@given(counts, counts)
def test_a_rise_and_a_fall_exclude_each_other(now, before):
    size = min(len(now), len(before))
    rows, then = {"cases": now[:size]}, {"cases": before[:size]}
    up = say({"rule": "list", "measure": "cases", "change": "last_year", "above": 0}, rows, last_year=then)
    down = say({"rule": "list", "measure": "cases", "change": "last_year", "below": 0}, rows, last_year=then)
    assert not set(up.units) & set(down.units)
    for unit, value, earlier in zip(units_of(now[:size]), now[:size], before[:size], strict=True):
        assert (unit in up.units) == bool(value is not None and earlier and value > earlier)


@given(st.decimals(0, 1000, places=2), st.sampled_from([1, 5, 10, 25]))
def test_a_round_step_says_nothing_false(size, step):
    kind, edge = bounded(size, step)
    assert edge % step == 0
    if kind == "over":
        assert edge < size < edge + step
    elif kind == "under":
        assert size < edge
    elif kind == "near":
        assert 0 < edge - size <= Decimal(step) / 5
    else:
        assert size == edge


@given(st.decimals(0, 99, places=1), st.decimals(0, 99, places=1))
def test_a_change_leads_back(now, before):
    points = signed(now, before, "points")
    assert points is not None
    assert before + points == now
    percent = signed(now, before, "percent")
    assert (percent is None) == (before == 0 and now != 0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=6))
def test_fast_values_are_the_figures_values(rows):
    columns = {"cases": {"header": "cases"}, "visits": {"header": "visits"}}
    rate = {"label": "rate", "formula": "cases / visits * 100"}
    series = define({"annex": columns}, {}, len(rows), indicators={"rate": rate})
    received = receive(series, "2020-12", {"cases": [a for a, _ in rows], "visits": [b for _, b in rows]})
    indicators = indicators_of(series, {"2020-12": received}, "2020-12")
    for expression in (
        "cases",
        "rate",
        "area.rate",
        "mean.rate",
        "rate - area.rate",
        "cases / (cases + 1)",
        "5",
        "last_year.rate",
    ):
        values = indicators.values(expression)
        assert values == {unit: indicators.evaluate(expression, unit, decimals=9).value for unit in indicators.units}


def units_of(values):
    return [unit["id"] for unit in units(len(values))]
