"""Score intervals against published examples, and what must hold for any count."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao_chance.intervals import Count, score_interval

# part, whole, lower, upper: R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3.
NEWCOMBE = [
    (81, 263, "0.2553", "0.3662"),
    (15, 148, "0.0624", "0.1605"),
    (0, 20, "0.0000", "0.1611"),
    (1, 29, "0.0061", "0.1718"),
]
counts = st.integers(1, 10_000).flatmap(lambda whole: st.builds(Count, st.integers(0, whole), st.just(whole)))
models = st.sampled_from(["binomial", "poisson"])


def width(interval):
    return interval.upper - interval.lower


@pytest.mark.parametrize(("part", "whole", "lower", "upper"), NEWCOMBE)
def test_published_wilson_intervals(part, whole, lower, upper):
    interval = score_interval(Count(part, whole))
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (Decimal(lower), Decimal(upper))


def test_poisson_ends_are_the_rates_at_which_the_score_test_is_on_its_edge():
    interval, z = score_interval(Count(12, 10), "poisson"), Decimal("1.959963984540")
    for rate, sign in ((interval.lower, 1), (interval.upper, -1)):
        assert abs((Decimal(12) - 10 * rate) / (10 * rate).sqrt() - sign * z) < Decimal("1e-20")


def test_more_than_everything_has_an_interval_too():
    interval = score_interval(Count(24, 20), "poisson")
    assert interval.lower < Decimal("1.2") < interval.upper
    assert interval.upper > 1


@given(counts, models)
def test_contains_its_rate_and_never_leaves_what_is_possible(count, model):
    interval = score_interval(count, model)
    assert interval.holds(count.share)
    assert interval.lower >= 0
    if model == "binomial":
        assert interval.upper <= 1


@given(counts, models)
def test_more_figures_make_it_narrower_and_more_confidence_wider(count, model):
    interval = score_interval(count, model)
    assert width(score_interval(Count(count.part * 4, count.whole * 4), model)) < width(interval)
    wider = score_interval(count, model, 0.998)
    assert wider.lower <= interval.lower
    assert wider.upper >= interval.upper


@given(counts)
def test_where_hits_are_rare_both_models_agree(count):
    rare = Count(count.part, count.whole * 10_000)
    binomial, poisson = score_interval(rare), score_interval(rare, "poisson")
    assert abs(binomial.upper - poisson.upper) < poisson.upper / 100


@given(counts)
def test_hits_and_misses_mirror_each_other(count):
    hits, misses = score_interval(count), score_interval(Count(count.whole - count.part, count.whole))
    assert abs(hits.lower - (1 - misses.upper)) < Decimal("1e-20")
