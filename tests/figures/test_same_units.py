"""A figure of the area that puts columns together is made of the units that report each of them."""

from fractions import Fraction

import pytest

from province import define, indicators_of, receive

COLUMNS = {
    "cases": {"header": "立案", "unit": "起"},
    "visits": {"header": "检查", "unit": "家次"},
    "fines": {"header": "罚款", "unit": "万元", "decimals": 1},
}
RATE = {"rate": {"label": "处罚率", "formula": "cases / visits * 100", "decimals": 1, "unit": "%"}}
WHOLE = {"cases": [10, 20, 30], "visits": [100, 100, 200], "fines": [1, 2, 6]}


def made(**periods):
    """The figures of the last of some periods of three units."""
    series = define({"annex": COLUMNS}, {}, 3, indicators=RATE)
    months = {f"2021-{name[1:]}": receive(series, f"2021-{name[1:]}", WHOLE | given) for name, given in periods.items()}
    return indicators_of(series, months, max(months))


@pytest.mark.parametrize(
    ("given", "formula", "value", "without"),
    [
        ({}, "cases / visits", Fraction(60, 400), ()),
        ({"cases": [10, None, 30]}, "cases / visits", Fraction(40, 300), ("yi",)),
        ({"visits": [None, 100, 200]}, "cases / visits", Fraction(50, 300), ("jia",)),
        ({"cases": [10, None, 30], "visits": [None, 100, 200]}, "cases / visits", Fraction(30, 200), ("jia", "yi")),
        ({"cases": [10, None, 30], "visits": [100, None, 200]}, "cases / visits", Fraction(40, 300), ("yi",)),
        ({"cases": [10, None, 30]}, "visits - cases", 260, ("yi",)),
        ({"cases": [10, None, 30]}, "cases / visits - fines / visits", Fraction(33, 300), ("yi",)),
        ({"cases": [10, None, 30]}, "fines / 9 - cases / 40", 0, ("yi",)),
        ({"cases": [10, None, 30]}, "min(cases / visits, 1) * 300", 40, ("yi",)),
        ({"cases": [10, None, 30]}, "visits + default(cases, 0)", 440, ("yi",)),
        ({"cases": [10, None, 30]}, "area.cases / area.visits", Fraction(40, 400), ("yi",)),
        ({"cases": [None, None, None]}, "cases / visits", None, ()),
    ],
)
def test_columns_that_stand_together(given, formula, value, without):
    figure = made(m01=given).evaluate(formula)
    assert figure.value == value
    assert tuple(sorted({absent.unit for absent in figure.without})) == without


def test_a_rate_is_worked_out_from_the_sums_that_it_is_made_of():
    figure = made(m01={"cases": [10, None, 30]}).figure("rate")
    assert (figure.text, figure.calculation) == ("13.3", "40 ÷ 300 × 100 = 13.3")
    assert "yi" not in {cell.unit for cell in figure.cells}


def test_a_sum_over_months_leaves_out_who_lacks_one():
    year = made(m01={"cases": [10, None, 30]}, m02={})
    cases = year.figure("year_to_date.cases")
    assert (cases.value, cases.calculation) == (80, "40 + 40 = 80")
    assert [absent.unit for absent in cases.without] == ["yi"]
    assert year.figure("year_to_date.rate").value == Fraction(80, 600) * 100
    assert year.figure("year_to_date.visits").value == 800


def test_each_period_leaves_out_its_own():
    now = made(m01={"cases": [10, None, 30]}, m02={"visits": [None, 100, 200]})
    figure = now.evaluate("cases / visits - previous.cases / previous.visits")
    assert figure.value == Fraction(50, 300) - Fraction(40, 300)
    assert [(absent.unit, str(absent.period or "")) for absent in figure.without] == [("jia", ""), ("yi", "2021-01")]


@pytest.mark.parametrize("formula", ["cases / previous.cases", "1 + (cases - previous.cases) / previous.cases"])
def test_a_sum_is_compared_with_that_of_the_same_units(formula):
    now = made(m01={"cases": [10, None, 30]}, m02={"cases": [10, 20, 60]})
    figure = now.evaluate(formula)
    assert figure.value == Fraction(70, 40)
    assert [(absent.unit, absent.alike) for absent in figure.without] == [("yi", True)]
