"""The methods on chance against SciPy's: intervals, limits, tests of pairs, dispersion."""

from itertools import permutations

import numpy as np
import pytest
import scipy
from hypothesis import assume, given
from hypothesis import strategies as st

from tongbao_chance.funnel import chi_square_95, dispersion, funnel_limits
from tongbao_chance.intervals import Count, score_interval
from tongbao_chance.ranks import difference_score, rank_ranges, surely_higher

pytestmark = pytest.mark.xdist_group("scipy")  # loaded once
within = st.integers(1, 50_000).flatmap(lambda whole: st.builds(Count, st.integers(0, whole), st.just(whole)))
beyond = st.builds(Count, st.integers(0, 5000), st.integers(1, 5000))
tables = {
    "binomial": st.dictionaries(st.sampled_from("abcdefghij"), within, min_size=2),
    "poisson": st.dictionaries(st.sampled_from("abcdefghij"), beyond, min_size=2),
}
models = pytest.mark.parametrize("model", ["binomial", "poisson"])


def distribution(model, size, share):
    return scipy.stats.binom(size, float(share)) if model == "binomial" else scipy.stats.poisson(size * float(share))


@pytest.mark.further
@given(within, st.sampled_from([0.9, 0.95, 0.998]))
def test_wilson_intervals(count, confidence):
    expected = scipy.stats.binomtest(count.part, count.whole).proportion_ci(confidence, method="wilson")
    found = score_interval(count, "binomial", confidence)
    assert [float(end) for end in found] == pytest.approx([expected.low, expected.high], rel=1e-9, abs=1e-12)


@given(beyond, st.sampled_from([0.9, 0.95, 0.998]))
def test_poisson_score_intervals_are_the_roots_of_the_score_test(count, confidence):
    z, x = scipy.stats.norm.ppf((1 + confidence) / 2), count.part

    def score(rate):
        mean = rate * count.whole
        return (x - mean) ** 2 - z**2 * mean

    lower = scipy.optimize.brentq(score, 0, x / count.whole, xtol=1e-14) if x else 0
    upper = scipy.optimize.brentq(
        score, x / count.whole + 1e-15, (x + 10 * z * (x + z) ** 0.5 + z**2) / count.whole, xtol=1e-14
    )
    found = score_interval(count, "poisson", confidence)
    assert [float(end) for end in found] == pytest.approx([lower, upper], rel=1e-7, abs=1e-11)


@pytest.mark.further
@models
@given(size=st.integers(1, 100_000), share=st.decimals("0.001", "0.999", places=3))
def test_limits_at_every_size(model, size, share):
    law, limits = distribution(model, size, share), funnel_limits(size, share, model)
    for tail, found in ((0.025, limits.inner), (0.001, limits.outer)):
        low, high = law.ppf(tail), law.isf(tail)
        # A probability that a count reaches but for the last digit may be that count's or the next one's.
        assume(abs(law.cdf(low) - tail) > 1e-9 and abs(law.sf(high) - tail) > 1e-9)
        assert [float(end) for end in found] == pytest.approx([low / size, high / size], rel=1e-12)


@models
@given(size=st.integers(1, 3000), share=st.decimals("0.001", "0.999", places=3), data=st.data())
def test_who_is_outside_is_who_has_so_small_a_tail(model, size, share, data):
    """P of so many or more, or of so few or fewer, decides; for the binomial as SciPy's own exact test has it."""
    law = distribution(model, size, share)
    middle = int(size * share)
    part = data.draw(st.integers(max(0, middle - 200), min(size, middle + 200)))
    position = funnel_limits(size, share, model).position(Count(part, size).share)
    above, below = law.sf(part - 1), law.cdf(part)
    assume(all(abs(tail - p) > 1e-9 for tail in (0.001, 0.025) for p in (above, below)))
    expected = "998" if min(above, below) < 0.001 else "95" if min(above, below) < 0.025 else ""
    assert position == (f"{'above' if above < below else 'below'}_{expected}" if expected else "inside")
    if model == "binomial":
        assert scipy.stats.binomtest(part, size, float(share), "greater").pvalue == pytest.approx(above)


@given(within, st.decimals("0.01", "0.99", places=2))
def test_inside_is_where_the_exact_interval_holds_the_target(count, share):
    """Clopper and Pearson's interval and the limits are the same test turned round."""
    interval = scipy.stats.binomtest(count.part, count.whole).proportion_ci(0.95, method="exact")
    assume(min(abs(interval.low - float(share)), abs(interval.high - float(share))) > 1e-9)
    inside = funnel_limits(count.whole, share, "binomial").position(count.share) == "inside"
    assert inside == (interval.low < float(share) < interval.high)


@pytest.mark.further
@models
@given(data=st.data())
def test_the_score_statistic_of_a_pair_is_pearsons_chi_square(model, data):
    first, second = (data.draw(within if model == "binomial" else beyond) for _ in "ab")
    parts, wholes = np.array([first.part, second.part]), np.array([first.whole, second.whole])
    assume(parts.sum() > 0 and (model == "poisson" or parts.sum() < wholes.sum()))
    if model == "binomial":
        expected = scipy.stats.chi2_contingency([parts, wholes - parts], correction=False).statistic
    else:
        expected = scipy.stats.chisquare(parts, wholes * parts.sum() / wholes.sum()).statistic
    found = difference_score(first, second, model)
    assert found**2 == pytest.approx(expected, rel=1e-8, abs=1e-9)
    assert found == 0 or (found > 0) == (first.share > second.share)


@models
@given(data=st.data())
def test_sure_pairs_are_those_that_holms_adjusted_chances_leave(model, data):
    table = data.draw(tables[model])
    pairs = list(permutations(table, 2))
    chances = np.array([scipy.stats.norm.sf(difference_score(table[high], table[low], model)) for high, low in pairs])
    order = np.argsort(chances, kind="stable")
    adjusted = np.empty(len(pairs))
    adjusted[order] = np.maximum.accumulate(chances[order] * (len(pairs) - np.arange(len(pairs))))
    assume(np.abs(adjusted - 0.05).min() > 1e-9)
    expected = {pair for pair, chance in zip(pairs, adjusted, strict=True) if chance <= 0.05}
    assert surely_higher(table, model) == expected
    ahead = {unit: sum((other, unit) in expected for other in table) for unit in table}
    behind = {unit: sum((unit, other) in expected for other in table) for unit in table}
    assert rank_ranges(table, expected) == {unit: (ahead[unit] + 1, len(table) - behind[unit]) for unit in table}


@models
@given(data=st.data(), share=st.decimals("0.02", "0.98", places=2))
def test_dispersion_is_the_mean_square_of_scores_drawn_in_at_the_tenths(model, data, share):
    counts = list(data.draw(tables[model]).values())
    deviation = float(share * (1 - share) if model == "binomial" else share) ** 0.5
    scores = np.array([(c.part / c.whole - float(share)) / (deviation / c.whole**0.5) for c in counts])
    square = np.mean(np.clip(scores, *np.quantile(scores, [0.1, 0.9])) ** 2)
    found = dispersion(counts, share, model)
    assert float(found.factor) == pytest.approx(square, rel=1e-9, abs=0.00501)
    ratio = square * len(counts) / scipy.stats.chi2.ppf(0.95, len(counts) - 1)
    if abs(ratio - 1) > 0.03:  # as near as the approximation of the 95 % point is with one degree of freedom
        assert found.beyond_chance == (ratio > 1)


@pytest.mark.parametrize("freedom", [1, 2, 3, 5, 8, 20, 89, 500])
def test_the_95_point_of_chi_square(freedom):
    """Wilson and Hilferty's approximation is 2.5 % off with one degree of freedom, and soon much nearer."""
    assert chi_square_95(freedom) == pytest.approx(scipy.stats.chi2.ppf(0.95, freedom), rel=0.025 / freedom)
