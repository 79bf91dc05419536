from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tongbao.findings import select

values = st.dictionaries(st.integers(0, 30), st.integers(0, 9).map(Decimal), max_size=20)


@given(values, st.booleans())
def test_order_follows_the_figure_and_ties_keep_the_official_order(figures, descending):
    units = select.ordered(figures, descending=descending)
    official = list(figures)
    for earlier, later in pairwise(units):
        a, b = figures[earlier], figures[later]
        assert (a > b if descending else a < b) or (a == b and official.index(earlier) < official.index(later))


@given(values, st.integers(0, 25))
def test_a_list_never_cuts_a_tie(figures, n):
    units = select.ordered(figures, descending=True)
    taken = select.take(units, figures, n)
    assert len(taken) >= min(n, len(units))
    if taken:
        assert all(figures[unit] < figures[taken[-1]] for unit in units[len(taken) :])


@given(values, st.integers(0, 25))
def test_a_list_cut_on_request_has_exactly_n(figures, n):
    units = select.ordered(figures, descending=True)
    assert select.take(units, figures, n, ties="cut") == units[:n]


@given(values, st.integers(0, 9).map(Decimal))
def test_complementary_lists_part_the_units(figures, threshold):
    below = set(select.where(figures, lambda value: value < threshold))
    reached = set(select.where(figures, lambda value: value >= threshold))
    assert below | reached == set(figures)
    assert not below & reached


def test_blanks_take_no_part():
    assert select.reporting({"a": None, "b": Decimal(0)}) == {"b": Decimal(0)}
