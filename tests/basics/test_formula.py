from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.basics.formula import Formula


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_exact_to_the_printed_digits(part, whole):
    value = Formula.parse("a / b * 100").evaluate({"a": Decimal(part), "b": Decimal(whole)}.get)
    assert value is not None
    assert abs(Fraction(value) - Fraction(part * 100, whole)) < Fraction(1, 10**15)


def test_blank_operand_gives_no_figure():
    assert Formula.parse("a / b").evaluate({"a": None, "b": Decimal(2)}.get) is None


def test_zero_denominator_gives_no_figure():
    assert Formula.parse("a / b").evaluate({"a": Decimal(1), "b": Decimal(0)}.get) is None


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a / b * 100", "a ÷ b × 100"),
        ("(a - b) / b * 100", "(a − b) ÷ b × 100"),
        ("a - (b - c)", "a − (b − c)"),
        ("a / (b / c)", "a ÷ (b ÷ c)"),
        ("-(a + b)", "−(a + b)"),
        ("b / (a + b) * 100", "b ÷ (a + b) × 100"),
        ("fact.x + 1.50", "fact.x + 1.5"),
    ],
)
def test_shown_as_printed(source, shown):
    assert Formula.parse(source).show(str) == shown


@pytest.mark.parametrize("source", ["a.b", "(a.b)", " a . b ", "ａ.b"])
def test_a_name_is_the_same_however_it_is_written(source):
    found = Formula.parse(source)
    assert (found.source, found.names, found.is_name) == ("a.b", ("a.b",), True)


@pytest.mark.parametrize(
    "source",
    ["a ** b", "f(a)", "a if b else c", "a.b().c", "a[0].b", "'x'", "a >", "", "1e5", "True", "a // b", "a # / b"],
)
def test_nothing_but_arithmetic(source):
    with pytest.raises(ValueError, match="formula"):
        Formula.parse(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("min(a, b)", 2),
        ("max(a, b)", 7),
        ("default(a, b)", 2),
        ("default(c, b)", 7),
        ("default(a / z, 1)", 1),
        ("min(b / 10, 1) * 20", 14),
        ("min(a, c)", None),
        ("max(c, 1)", None),
        ("-(b - a * b)", 7),
        ("-c", None),
    ],
)
def test_functions(source, expected):
    figures = {"a": Decimal(2), "b": Decimal(7), "c": None, "z": Decimal(0)}
    assert Formula.parse(source).evaluate(figures.get) == expected


@pytest.mark.parametrize("source", ["min(a)", "max(a, b, c)", "sum(a, b)", "min(a, b=2)", "__import__(a, b)"])
def test_no_other_functions(source):
    with pytest.raises(ValueError, match="a formula holds only"):
        Formula.parse(source)
