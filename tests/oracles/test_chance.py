"""What chance leaves of rates, ranks and findings, on two paths."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao_chance.counts import Count

from oracles import chance
from oracles.books import Archive
from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.findings import find
from tongbao_chance import funnel, intervals, ranks
from tongbao_chance.assess import assess

models = st.sampled_from(["binomial", "poisson"])
counts = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda pair: (min(pair), max(pair)))


def near(one, other, slack="1e-8"):
    return abs(Decimal(other) - Decimal(one)) <= Decimal(slack)


@given(count=counts, model=models)
def test_intervals(count, model):
    theirs, ours = intervals.score_interval(Count(*count), model), chance.interval(count, model)
    assert near(ours[0], theirs.lower)
    assert near(ours[1], theirs.upper)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 400), target=counts, model=models)
def test_limits(size, target, model):
    theirs = funnel.funnel_limits(size, Decimal(target[0]) / target[1], model)
    inner, outer = chance.limits(size, Fraction(*target), model)
    for ends, right in ((inner, theirs.inner), (outer, theirs.outer)):
        assert near(ends[0], right.lower)
        assert near(ends[1], right.upper)


@settings(max_examples=60, deadline=None)
@given(units=st.lists(counts, min_size=2, max_size=8), target=counts, model=models, falling=st.booleans())
def test_ranks_and_dispersion(units, target, model, falling):
    known = {f"u{number}": count for number, count in enumerate(units)}
    theirs = ranks.surely_higher({unit: Count(*count) for unit, count in known.items()}, model)
    ours = chance.surely_higher(known, model)
    assert ours == theirs
    possible = ranks.rank_ranges(list(known), theirs, descending=falling)
    assert chance.possible_ranks(list(known), ours, falling=falling) == possible
    spread = funnel.dispersion([Count(*count) for count in units], Decimal(target[0]) / target[1], model)
    factor, beyond = chance.dispersion(units, Fraction(*target), model)
    assert near(factor, spread.factor, "0.005000001")
    assert beyond == spread.beyond_chance


COLUMNS = {
    "cases": {"header": "立案", "unit": "起"},
    "visits": {"header": "检查", "unit": "家次"},
    "fines": {"header": "罚款", "unit": "万元"},
    "told": {"header": "填报率", "unit": "%", "area": "none"},
}
INDICATORS = {
    "rate": {"label": "率", "formula": "cases / visits * 100", "decimals": 1, "unit": "%"},
    "low": {
        "label": "低",
        "formula": "100 * cases / (visits + cases)",
        "decimals": 2,
        "unit": "%",
        "rank": "ascending",
    },
    "sure": {"label": "算", "formula": "fines / visits", "decimals": 1, "counts": True},
    "money": {"label": "钱", "formula": "fines / visits * 100", "decimals": 1, "unit": "%"},
    "not_counted": {"label": "否", "formula": "cases / visits * 100", "decimals": 1, "unit": "%", "counts": False},
}
CHECKS = {
    "within": {"check": "holds", "left": "cases", "relation": "<=", "right": "visits + cases"},
    "turned": {"check": "holds", "left": "visits", "relation": ">=", "right": "cases"},
    "weak": {"check": "holds", "left": "fines", "relation": "<=", "right": "visits", "level": "warning"},
}
RULES = {
    "top": {"rule": "list", "measure": "rate", "take": 2},
    "last": {
        "rule": "list",
        "measure": "rate",
        "order": "worst",
        "take": 2,
        "also": {"below": "area.rate"},
        "wording": {"default": "{{ units }}", "also": "{{ units }}均低"},
    },
    "below": {"rule": "list", "measure": "rate", "below": 20},
    "short": {"rule": "list", "measure": "low", "at_most": "mean.low"},
    "best": {"rule": "list", "measure": "low", "take": 1, "order": "best"},
    "large": {"rule": "list", "measure": "sure", "take": 2, "order": "descending", "ties": "cut"},
    "own": {"rule": "list", "measure": "rate", "below": "visits"},
}
SERIES = define({"annex": COLUMNS}, RULES, 5, indicators=INDICATORS, checks=CHECKS)
numbers = st.lists(st.sampled_from([None, 0, 1, 2, 5, 9, 12, 20, 31, 47, 60]), min_size=5, max_size=5)


@settings(max_examples=80, deadline=None)
@given(cases=numbers, visits=numbers, fines=numbers, told=numbers)
def test_what_chance_leaves_of_a_bulletin(cases, visits, fines, told):
    pairs = zip(cases, visits, strict=True)  # the checks that are errors hold, or nothing is built
    cases = [a if a is None or b is None else min(a, b) for a, b in pairs]
    received = receive(SERIES, "2021", {"cases": cases, "visits": visits, "fines": fines, "told": told})
    indicators, period = indicators_of(SERIES, {"2021": received}, "2021"), Period.parse("2021")
    theirs = assess(indicators, find(indicators, period))
    ours, without = chance.find_rates(Archive(SERIES, {period: received}).at(period), RULES, CHECKS)
    assert dict(theirs.without) == without
    assert [rate.measure for rate in theirs.rates] == [rate.measure for rate in ours]
    for mine, other in zip(ours, theirs.rates, strict=True):
        assert (other.model, near(Decimal(mine.target.numerator) / mine.target.denominator, other.target)) == (
            mine.model,
            True,
        )
        assert (other.swaps, other.dispersion.beyond_chance) == (mine.swaps, mine.beyond)
        assert tuple((miss.finding, miss.unit) for miss in other.near_misses) == mine.near
        assert tuple((doubt.finding, doubt.may_not_belong, doubt.may_belong) for doubt in other.lists) == mine.lists
        for standing, right in zip(other.standings, mine.standings, strict=True):
            assert (standing.unit, (standing.count.part, standing.count.whole)) == (right.unit, right.count)
            assert (standing.rank, standing.ranks, standing.position) == (right.rank, right.ranks, right.position)
            for ends, exact in (
                (standing.interval, right.interval),
                (standing.limits.inner, right.inner),
                (standing.limits.outer, right.outer),
            ):
                assert near(exact[0] * other.scale, ends.lower, "1e-6")
                assert near(exact[1] * other.scale, ends.upper, "1e-6")
