from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.basics.formula import change
from tongbao.basics.rounding import (
    competition_ranks,
    divide,
    minus,
    parse_decimal,
    plus,
    print_decimal,
    round_decimal,
    times,
)

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)
places = st.integers(0, 6)


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        ("38.095", 2, "38.10"),
        ("2.5", 0, "3"),
        ("0.125", 2, "0.13"),
        ("-2.5", 0, "-3"),
        ("-0.04", 1, "0.0"),
        ("9.3567", 0, "9"),
        ("40.643", 1, "40.6"),
        ("99.995", 2, "100.00"),
    ],
)
def test_half_up(value, digits, printed):
    assert print_decimal(Decimal(value), digits) == printed


def test_truncation_for_issuers_that_cut_off():
    assert print_decimal(Decimal(8) / Decimal(45) * 100, 2, "truncate") == "17.77"


@given(decimals, places)
def test_rounding_is_within_half_a_unit_and_away_from_zero_at_the_middle(value, digits):
    rounded = round_decimal(value, digits)
    unit = Fraction(1, 10**digits)
    distance = Fraction(rounded) - Fraction(value)
    assert abs(distance) <= unit / 2
    if abs(distance) == unit / 2:
        assert abs(rounded) > abs(value)


@given(decimals, places)
def test_rounding_twice_changes_nothing(value, digits):
    once = round_decimal(value, digits)
    assert round_decimal(once, digits) == once


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 50))
def test_equal_ratios_are_equal_figures(part, whole, factor):
    assert divide(Decimal(part), Decimal(whole)) == divide(Decimal(part * factor), Decimal(whole * factor))


@given(decimals, decimals.filter(bool), decimals, st.sampled_from([plus, minus, times, divide]))
def test_figures_are_computed_exactly(first, second, third, operation):
    quotient = divide(first, second)
    exact = Fraction(first) / Fraction(second)
    assert quotient == exact
    if third or operation is not divide:
        over = {plus: exact + Fraction(third), minus: exact - Fraction(third), times: exact * Fraction(third)}
        assert operation(quotient, third) == (exact / Fraction(third) if operation is divide else over[operation])


def test_a_change_between_two_quotients_that_never_end_is_exact():
    before, now = divide(Decimal(1), Decimal(6)), divide(Decimal(1), Decimal(4))
    assert change(now, before) == 50
    assert print_decimal(change(now, before), 0) == "50"


def test_a_quotient_that_never_ends_is_printed_to_two_decimals_where_none_are_declared():
    assert print_decimal(divide(Decimal(2), Decimal(3))) == "0.67"


def test_no_figure_without_a_denominator():
    assert divide(Decimal(3), Decimal(0)) is None


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.one_of(st.none(), st.integers(0, 9)), max_size=20))
def test_ranks_count_those_ahead(values):
    stored = {key: None if value is None else Decimal(value) for key, value in values.items()}
    ranks = competition_ranks(stored)
    assert ranks.keys() == {key for key, value in values.items() if value is not None}
    for key, rank in ranks.items():
        ahead = sum(1 for value in values.values() if value is not None and value > values[key])
        assert rank == ahead + 1


@given(st.dictionaries(st.integers(), st.integers(0, 9).map(Decimal), max_size=20))
def test_ascending_ranks_are_descending_ranks_of_the_negatives(values):
    negatives = {key: -value for key, value in values.items()}
    assert competition_ranks(values, descending=False) == competition_ranks(negatives)


@pytest.mark.parametrize("text", ["", "1e5", "NaN", "Infinity", "1,000", "一", "0x1", "1_000", "--1", "."])
def test_what_is_not_a_plain_decimal(text):
    assert parse_decimal(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=2))
def test_a_figure_as_reported_is_printed_as_reported(value):
    parsed = parse_decimal(format(value, "f"))
    assert parsed is not None
    assert print_decimal(parsed) == format(value, "f")
