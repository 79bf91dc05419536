"""Funnel limits against printed tables and exact fractions; who is outside; over-dispersion."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao_chance.funnel import chi_square_95, dispersion, funnel_limits, funnel_lines
from tongbao_chance.intervals import Count

shares = st.decimals("0.001", "0.999", places=3)
sizes = st.integers(1, 3000)
TAILS = (("0.025", "inner"), ("0.001", "outer"))


def exact_chances(model, size, share):
    """The probability of each count: over fractions, or over 60 digits for the Poisson distribution."""
    if model == "binomial":
        p = Fraction(share)
        return [math.comb(size, count) * p**count * (1 - p) ** (size - count) for count in range(size + 1)]
    with localcontext() as context:
        context.prec = 60
        mean = size * share
        chances = [(-mean).exp()]
        while sum(chances) < 1 - Decimal("1e-12"):
            chances.append(chances[-1] * mean / len(chances))
        return list(map(Fraction, chances))


def exact_ends(chances, tail):
    """The first and the last count of which so few or fewer, so many or more, are likelier than the tail."""
    low = next(count for count in range(len(chances)) if sum(chances[: count + 1]) > Fraction(tail))
    high = next(count for count in reversed(range(len(chances))) if 1 - sum(chances[:count]) > Fraction(tail))
    return low, high


@pytest.mark.parametrize(("part", "whole", "target"), [(46, 46, "0.9802"), (0, 46, "0.0198"), (3, 3, "0.9")])
def test_all_or_none_that_chance_often_gives_is_inside(part, whole, target):
    """46 of 46 at 98.02 % has a probability of 0.40: no limit lies below it."""
    limits = funnel_limits(whole, Decimal(target), "binomial")
    assert limits.position(Decimal(part) / whole) == "inside"


@pytest.mark.parametrize(("target", "position"), [("0.92", "above_95"), ("0.8", "above_998")])
def test_all_that_chance_hardly_gives_is_outside(target, position):
    """0.92 to the power of 46 is 0.022, 0.8 to the power of 46 is 0.00003."""
    assert funnel_limits(46, Decimal(target), "binomial").position(Decimal(1)) == position


def test_binomial_by_the_printed_table():
    """Cumulative binomial, n = 20, p = 0.5: F(5) = 0.0207, F(6) = 0.0577 in any table; so 6 and 14 are inside."""
    inner = funnel_limits(20, Decimal("0.5"), "binomial").inner
    assert inner == (Decimal(6) / 20, Decimal(14) / 20)


def test_poisson_by_the_printed_table():
    """Cumulative Poisson, mean 10: F(3) = 0.0103, F(4) = 0.0293, F(16) = 0.9730, F(17) = 0.9857 in any table."""
    inner = funnel_limits(100, Decimal("0.1"), "poisson").inner
    assert inner == (Decimal(4) / 100, Decimal(17) / 100)


def test_the_last_count_that_chance_explains_is_inside_where_interpolation_puts_it_outside():
    """n = 20, p = 0.1: P(X ≥ 5) = 0.0432 exceeds 0.025, P(X ≥ 6) = 0.0113 does not. Between counts Spiegelhalter's
    upper limit is 5 − (F(5) − 0.975) ÷ P(5) = 5 − (0.9887 − 0.975) ÷ 0.0319 = 4.57, which leaves 5 outside."""
    limits = funnel_limits(20, Decimal("0.1"), "binomial")
    assert limits.inner.upper == Decimal(5) / 20
    assert limits.position(Decimal(5) / 20) == "inside"
    assert limits.position(Decimal(6) / 20) == "above_95"


@given(st.integers(1, 120), st.decimals("0.01", "0.99", places=2), st.sampled_from(["binomial", "poisson"]))
def test_limits_are_the_counts_whose_tails_exceed_their_share_exactly(size, share, model):
    chances, limits = exact_chances(model, size, share), funnel_limits(size, share, model)
    for tail, name in TAILS:
        assert tuple(getattr(limits, name)) == tuple(Decimal(count) / size for count in exact_ends(chances, tail))


@given(st.integers(1, 2000), shares, st.sampled_from(["binomial", "poisson"]))
def test_lines_are_drawn_between_the_last_count_inside_and_the_first_outside(size, share, model):
    limits, lines = funnel_limits(size, share, model), funnel_lines(size, share, model)
    for exact, line in ((limits.inner, lines.inner), (limits.outer, lines.outer)):
        slack = Decimal("1e-8")
        assert exact.lower * size - 1 - slack <= line.lower * size <= exact.lower * size + slack
        assert exact.upper * size - slack <= line.upper * size <= exact.upper * size + 1 + slack
        assert line.lower >= 0
        assert model == "poisson" or line.upper <= 1


@given(sizes, shares, st.sampled_from(["binomial", "poisson"]))
def test_limits_lie_in_order_around_the_target(size, share, model):
    limits = funnel_limits(size, share, model)
    outer, inner = limits.outer, limits.inner
    assert 0 <= outer.lower <= inner.lower <= inner.upper <= outer.upper
    count = Decimal(1) / size  # with one inspection of a rare kind, none is all that chance explains
    assert inner.lower - count < share < inner.upper + count
    if model == "binomial":
        assert outer.upper <= 1


@given(st.integers(50, 2000), st.decimals("0.05", "0.95", places=2), st.sampled_from(["binomial", "poisson"]))
def test_the_funnel_narrows(size, share, model):
    near, far = funnel_lines(size, share, model), funnel_lines(4 * size, share, model)
    assert far.outer.upper - far.outer.lower < near.outer.upper - near.outer.lower
    assert far.inner.upper - far.inner.lower < near.inner.upper - near.inner.lower


def test_large_units_have_nearly_normal_limits():
    size, share = 200_000, Decimal("0.06")
    error = math.sqrt(0.06 * 0.94 / size)
    inner = funnel_limits(size, share, "binomial").inner
    assert float(inner.lower) == pytest.approx(0.06 - 1.95996 * error, rel=2e-4)
    assert float(inner.upper) == pytest.approx(0.06 + 1.95996 * error, rel=2e-4)


@pytest.mark.parametrize(("target", "model"), [("0", "binomial"), ("1", "binomial"), ("0", "poisson")])
def test_a_target_that_allows_no_variation(target, model):
    limits = funnel_limits(30, Decimal(target), model)
    assert limits.inner.lower == limits.outer.upper == Decimal(target)
    assert limits.position(Decimal(target)) == "inside"
    assert dispersion([Count(0, 3), Count(0, 9)], Decimal(target), model).factor == 1


def test_positions_and_that_a_limit_is_inside():
    limits = funnel_limits(400, Decimal("0.1"), "binomial")
    places = [
        (limits.inner.upper, "inside"),
        (limits.outer.upper, "above_95"),
        (limits.outer.upper + Decimal("1e-9"), "above_998"),
        (limits.outer.lower, "below_95"),
        (limits.outer.lower - Decimal("1e-9"), "below_998"),
    ]
    assert [limits.position(share) for share, _ in places] == [place for _, place in places]


def test_more_penalties_than_inspections_stay_in_a_poisson_funnel():
    assert funnel_limits(40, Decimal("1.1"), "poisson").position(Decimal("1.2")) == "inside"
    assert funnel_limits(40, Decimal("1.1"), "poisson").position(Decimal("2.2")) == "above_998"


@pytest.mark.parametrize(("freedom", "printed"), [(1, 3.841), (5, 11.070), (8, 15.507), (30, 43.773)])
def test_chi_square_by_the_printed_table(freedom, printed):
    assert chi_square_95(freedom) == pytest.approx(printed, rel=0.03 if freedom == 1 else 0.003)


def test_alike_units_are_not_overdispersed_and_unlike_ones_are():
    alike = [Count(10, 100), Count(21, 200), Count(29, 300), Count(41, 400)]
    unlike = [Count(1, 100), Count(60, 200), Count(3, 300), Count(36, 400)]
    assert not dispersion(alike, Decimal("0.1"), "binomial").beyond_chance
    found = dispersion(unlike, Decimal("0.1"), "binomial")
    assert found.beyond_chance
    assert found.factor > 10


def test_one_extreme_unit_is_drawn_in():
    """z = 20 of one unit among twenty that sit on the target would alone make φ = 400 / 21."""
    ordinary = [Count(10, 100)] * 20
    assert dispersion([*ordinary, Count(70, 100)], Decimal("0.1"), "binomial").factor == 0
