"""Funnel limits against printed tables and exact fractions; who is outside; over-dispersion."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao_chance.funnel import chi_square_95, dispersion, funnel_limits, interpolated_quantiles
from tongbao_chance.intervals import Count

shares = st.decimals("0.001", "0.999", places=3)
sizes = st.integers(1, 3000)
PROBABILITIES = (0.001, 0.025, 0.975, 0.999)


def exact_quantile(size, share, probability):
    """The definition, over fractions."""
    p, below = Fraction(str(probability)), Fraction(0)
    for count in range(size + 1):
        chance = math.comb(size, count) * Fraction(share) ** count * (1 - Fraction(share)) ** (size - count)
        if below + chance >= p:
            return Fraction(size) if count == size else max(Fraction(0), count - (below + chance - p) / chance)
        below += chance
    return Fraction(size)


def exact_poisson_quantile(mean, probability):
    """The same for the Poisson distribution, over 60 digits."""
    with localcontext() as context:
        context.prec = 60
        count, chance, below = 0, (-mean).exp(), Decimal(0)
        while below + chance < Decimal(str(probability)):
            below += chance
            count += 1
            chance *= mean / count
        return max(Decimal(0), count - (below + chance - Decimal(str(probability))) / chance)


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
    """Cumulative binomial, n = 20, p = 0.5: F(5) = 0.0207, F(6) = 0.0577 in any table."""
    (found,) = interpolated_quantiles("binomial", 20, Decimal("0.5"), [0.025])
    assert abs(float(found) - (6 - (0.0577 - 0.025) / (0.0577 - 0.0207))) < 0.005


def test_poisson_by_the_printed_table():
    """Cumulative Poisson, mean 10: F(3) = 0.0103, F(4) = 0.0293 in any table."""
    (found,) = interpolated_quantiles("poisson", 100, Decimal("0.1"), [0.025])
    assert abs(float(found) - (4 - (0.0293 - 0.025) / (0.0293 - 0.0103))) < 0.005


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 120), st.decimals("0.01", "0.99", places=2))
def test_binomial_by_its_definition_over_fractions(size, share):
    for found, probability in zip(
        interpolated_quantiles("binomial", size, share, PROBABILITIES), PROBABILITIES, strict=True
    ):
        assert abs(Fraction(found) - exact_quantile(size, share, probability)) < Fraction(1, 10**6)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 400), st.decimals("0.01", "3", places=2))
def test_poisson_by_its_definition_over_many_digits(size, share):
    for found, probability in zip(
        interpolated_quantiles("poisson", size, share, PROBABILITIES), PROBABILITIES, strict=True
    ):
        assert abs(found - exact_poisson_quantile(size * share, probability)) < Decimal("1e-6")


@given(sizes, shares, st.sampled_from(["binomial", "poisson"]))
def test_limits_lie_in_order_around_the_target(size, share, model):
    limits = funnel_limits(size, share, model)
    outer, inner = limits.outer, limits.inner
    assert 0 <= outer.lower <= inner.lower <= inner.upper <= outer.upper
    # A single inspection gives 0 or 1: only its interpolated limits need not enclose the target.
    if size * share > 5 and (model == "poisson" or size * (1 - share) > 5):
        assert inner.lower < share < inner.upper
    if model == "binomial":
        assert outer.upper <= 1


@given(st.integers(50, 2000), st.decimals("0.05", "0.95", places=2), st.sampled_from(["binomial", "poisson"]))
def test_the_funnel_narrows(size, share, model):
    near, far = funnel_limits(size, share, model), funnel_limits(4 * size, share, model)
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
