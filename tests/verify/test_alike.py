"""Totals that a condition compares are of the units that have both."""

from fractions import Fraction

import pytest

from tongbao_verify.formula import AREA, Evaluator, months_of, together

FIGURES = {"now": {"jia": 35, "yi": None}, "then": {"jia": 34, "yi": 30}, "other": {"jia": None, "yi": 5}}
UNITS = ["jia", "yi"]


def evaluator():
    def figure(name, scope, _period, without):
        values = {unit: value for unit, value in FIGURES[name].items() if unit not in without and value is not None}
        found = values.get(scope) if scope != AREA else sum(values.values()) if values else None
        return None if found is None else Fraction(found)

    def half_blank(node, _period):
        blank = {name: {unit for unit, value in FIGURES[name].items() if value is None} for name in FIGURES}
        return {name: frozenset().union(*(blank[one] for one in names)) for names in together(node) for name in names}

    return Evaluator(UNITS, months_of("2021-02"), figure, half_blank, lambda _: UNITS)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("now > then", True),
        ("then > 60", True),
        ("now > then and then > 60", True),
        ("then - now == -1", True),
        ("blank(now - other)", True),
        ("blank(now) or blank(other)", False),
        ("reported(now - then)", True),
    ],
)
def test_sides_of_a_condition_are_of_the_units_that_have_both(condition, holds):
    assert evaluator()(condition) is holds
