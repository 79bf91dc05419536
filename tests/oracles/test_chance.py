"""What chance leaves of the rates, ranks and findings of a bulletin, on two paths."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oracles import chance
from oracles.books import Archive
from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.findings import find
from tongbao_chance.assess import assess


def near(one, other, slack="1e-6"):
    return abs(Decimal(other) - Decimal(one)) <= Decimal(slack)


COLUMNS = {
    "cases": {"header": "立案", "unit": "起"},
    "visits": {"header": "检查", "unit": "家次"},
    "fines": {"header": "罚款", "unit": "万元"},
    "told": {"header": "填报率", "unit": "%", "area": "none"},
    "told_of": {"header": "填报", "unit": "起"},
    "all": {"header": "全部", "unit": "家次"},
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
    "apart": {"label": "另", "formula": "told_of / visits * 100", "decimals": 1, "unit": "%"},
    "part": {"label": "部", "formula": "told_of / visits * 100", "decimals": 1, "unit": "%", "proportion": True},
    "steps": {"label": "级", "formula": "cases / all * 100", "decimals": 1, "unit": "%"},
    "not_counted": {"label": "否", "formula": "cases / visits * 100", "decimals": 1, "unit": "%", "counts": False},
}
CHECKS = {
    "within": {"check": "holds", "left": "cases", "relation": "<=", "right": "visits + cases"},
    "turned": {"check": "holds", "left": "visits", "relation": ">=", "right": "cases"},
    "step": {"check": "holds", "left": "visits", "relation": "<=", "right": "all"},
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
    "full": {"rule": "list", "measure": "rate", "below": 100},
    "nearly": {"rule": "list", "measure": "steps", "below": 90},
}
SERIES = define({"annex": COLUMNS}, RULES, 5, indicators=INDICATORS, checks=CHECKS)
numbers = st.lists(st.sampled_from([None, 0, 1, 2, 5, 9, 12, 20, 31, 47, 60]), min_size=5, max_size=5)


@given(cases=numbers, visits=numbers, fines=numbers, told=numbers, told_of=numbers, more=numbers)
def test_what_chance_leaves_of_a_bulletin(cases, visits, fines, told, told_of, more):
    pairs = zip(cases, visits, strict=True)  # the checks that are errors hold, or nothing is built
    cases = [a if a is None or b is None else min(a, b) for a, b in pairs]
    rows = {"cases": cases, "visits": visits, "fines": fines, "told": told, "told_of": told_of}
    rows["all"] = [
        None if a is None or b is None or c is None else max(a, b) + c
        for a, b, c in zip(cases, visits, more, strict=True)
    ]
    received = receive(SERIES, "2021", rows)
    indicators, period = indicators_of(SERIES, {"2021": received}, "2021"), Period.parse("2021")
    theirs = assess(indicators, find(indicators, period))
    ours, without = chance.find_rates(Archive(SERIES, {period: received}).at(period), RULES, CHECKS)
    assert dict(theirs.without) == without
    assert [rate.measure for rate in theirs.rates] == [rate.measure for rate in ours]
    for mine, other in zip(ours, theirs.rates, strict=True):
        assert (other.model, other.swaps, other.dispersion.beyond_chance) == (mine.model, mine.swaps, mine.beyond)
        assert near(mine.factor, other.dispersion.factor, "0.005000001")
        assert near(Decimal(mine.target.numerator) / mine.target.denominator * Decimal(other.scale), other.area)
        assert tuple((miss.finding, miss.unit) for miss in other.near_misses) == mine.near
        assert tuple((doubt.finding, doubt.may_not_belong, doubt.may_belong) for doubt in other.lists) == mine.lists
        for found, right in zip(other.units, mine.standings, strict=True):
            assert (found.unit, (found.part, found.whole)) == (right.unit, right.count)
            assert (found.rank, found.possible_ranks, found.position) == (right.rank, right.ranks, right.position)
            pairs = (found.interval_95, right.interval), (found.limits_95, right.inner), (found.limits_998, right.outer)
            for ends, exact in pairs:
                assert near(exact[0] * Decimal(other.scale), ends[0])
                assert near(exact[1] * Decimal(other.scale), ends[1])
