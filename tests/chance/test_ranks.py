"""Ranks that chance could move: pairwise tests held together by Holm's procedure."""

import random
from itertools import permutations
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao_chance.intervals import Count
from tongbao_chance.ranks import difference_score, rank_ranges, surely_higher

counts = st.integers(1, 2000).flatmap(lambda whole: st.builds(Count, st.integers(0, whole), st.just(whole)))
units = st.dictionaries(st.sampled_from("abcdefghij"), counts, min_size=2)
models = st.sampled_from(["binomial", "poisson"])


def test_the_score_statistic_is_the_root_of_pearsons_chi_square():
    """Two by two table 15, 85 / 30, 70: χ² = n (ad − bc)² / (row and column sums)."""
    square = 200 * (15 * 70 - 85 * 30) ** 2 / (100 * 100 * 45 * 155)
    assert difference_score(Count(30, 100), Count(15, 100), "binomial") == pytest.approx(square**0.5)


def test_poisson_score_of_two_rates():
    """Przyborowski and Wilenski's normal form: (x₁ − x₂) / √(x₁ + x₂) for equal exposures."""
    assert difference_score(Count(30, 10), Count(15, 10), "poisson") == pytest.approx(15 / 45**0.5)


def test_far_apart_is_sure_and_near_is_not():
    found = surely_higher({"a": Count(90, 100), "b": Count(12, 100), "c": Count(10, 100)}, "binomial")
    assert found == {("a", "b"), ("a", "c")}


def test_holm_goes_on_where_bonferroni_would_stop():
    """Six hypotheses: a–b is too near for 0.05 / 6, but not for 0.05 / 4 once the two surer pairs are found."""
    three = {"a": Count(150, 1000), "b": Count(115, 1000), "c": Count(600, 1000)}
    chance = NormalDist().cdf(-difference_score(three["a"], three["b"], "binomial"))
    assert 0.05 / 6 < chance < 0.05 / 4
    assert surely_higher(three, "binomial") == {("c", "a"), ("c", "b"), ("a", "b")}


def test_nothing_counted_anywhere_says_nothing():
    none = {"a": Count(0, 10), "b": Count(0, 20)}
    assert surely_higher(none, "binomial") == set()
    assert rank_ranges(none, set()) == {"a": (1, 2), "b": (1, 2)}


def test_the_lowest_rate_first_turns_the_ranges_round():
    pairs = [("a", "c"), ("b", "c")]
    assert rank_ranges("abc", pairs) == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}
    assert rank_ranges("abc", pairs, descending=False) == {"a": (2, 3), "b": (2, 3), "c": (1, 1)}


def test_of_a_hundred_circulars_about_units_all_alike_at_most_five_see_a_difference():
    """The promise of Holm's procedure, on the sizes of a real circular; the draws are the same each time."""
    draw = random.Random(7)  # noqa: S311  # draws, not secrets
    sizes = [90, 23, 65, 65, 137, 60, 64, 40, 34]
    circulars = [
        {str(n): Count(sum(draw.random() < 0.1 for _ in range(size)), size) for n, size in enumerate(sizes)}
        for _ in range(400)
    ]
    wrong = sum(bool(surely_higher(circular, "binomial")) for circular in circulars)
    assert 0 < wrong <= 400 * 0.05


@given(units, models)
def test_the_rank_as_printed_is_always_possible(table, model):
    if model == "binomial":
        assert all(count.part <= count.whole for count in table.values())
    ranges = rank_ranges(table, surely_higher(table, model))
    for unit, count in table.items():
        best, worst = ranges[unit]
        ahead = sum(other.share > count.share for other in table.values())
        assert 1 <= best <= ahead + 1 <= worst <= len(table)


@given(units, models)
def test_no_pair_is_sure_in_both_directions_or_against_its_rates(table, model):
    found = surely_higher(table, model)
    for high, low in permutations(table, 2):
        if (high, low) in found:
            assert (low, high) not in found
            assert table[high].share > table[low].share


@given(units, models)
def test_more_figures_never_make_a_sure_pair_unsure(table, model):
    more = {unit: Count(count.part * 9, count.whole * 9) for unit, count in table.items()}
    assert surely_higher(table, model) <= surely_higher(more, model)
