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
RISE = {"rise": {"label": "升幅", "formula": "rate - previous.rate", "decimals": 2, "unit": "个百分点"}}
WHOLE = {"cases": [10, 20, 30], "visits": [100, 100, 200], "fines": [1, 2, 6]}


def made(**periods):
    """The figures of the last of some periods of three units."""
    series = define({"annex": COLUMNS}, {}, 3, indicators=RATE | RISE)
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


@pytest.mark.parametrize(
    "formula",
    [
        "cases / visits - previous.cases / previous.visits",
        "(rate - previous.rate) / 100",
        "change(rate, previous.rate) * previous.rate / 10000",
        "(cases / visits * 100 - previous.rate) / 100",
        "rise / 100",
        "(rate + 0 * previous.rate) / 100 - previous.rate / 100",
    ],
)
def test_a_rate_is_compared_with_that_of_the_same_units(formula):
    now = made(m01={"cases": [10, None, 30]}, m02={"visits": [None, 100, 200], "cases": [10, 20, 36]})
    figure = now.evaluate(formula)
    assert figure.value == Fraction(36, 200) - Fraction(30, 200)  # the third alone has both
    assert {(absent.unit, str(absent.period or ""), absent.alike) for absent in figure.without} == {
        ("jia", "", True), ("yi", "2021-01", True),
    }  # fmt: skip


def test_a_rate_of_two_tables_is_compared_without_whoever_lacks_either():
    tables = {"one": {"cases": COLUMNS["cases"]}, "two": {"visits": COLUMNS["visits"]}}
    series = define(tables, {}, 4, indicators=RATE)
    whole = {"cases": [10, 20, 30, 40], "visits": [100] * 4}
    months = {
        "2021-01": receive(series, "2021-01", whole | {"cases": [None, 20, 30, 50]}),
        "2021-02": receive(series, "2021-02", whole | {"visits": [100, None, 100, 100]}),
    }
    figure = indicators_of(series, months, "2021-02").evaluate("rate - previous.rate")
    assert (figure.value, figure.calculation) == (-5, "35.0 − 40.0 = -5.00")


def test_a_rate_by_itself_is_of_all_that_its_period_has():
    now = made(m01={"cases": [10, None, 30]}, m02={})
    assert now.figure("rate").value == 15
    assert now.figure("previous.rate").text == "13.3"


def test_rates_of_one_period_are_each_of_their_own_units():
    now = made(m01={"fines": [1, None, 6]})
    figure = now.evaluate("rate - fines / visits * 100")
    assert figure.value == Fraction(60, 4) - Fraction(700, 300)


def test_a_score_is_compared_with_that_of_the_same_units():
    score = {"label": "得分", "score": [{"measure": "rate", "target": 20, "weight": 100}], "decimals": 1}
    series = define({"annex": COLUMNS}, {}, 3, indicators=RATE | {"score": score})
    months = {
        "2021-01": receive(series, "2021-01", WHOLE | {"cases": [10, None, 30]}),
        "2021-02": receive(series, "2021-02", WHOLE),
    }
    figure = indicators_of(series, months, "2021-02").evaluate("score - previous.score")
    assert figure.value == 0
    assert [absent.unit for absent in figure.without] == ["yi"]


@pytest.mark.parametrize("formula", ["cases / previous.cases", "1 + (cases - previous.cases) / previous.cases"])
def test_a_sum_is_compared_with_that_of_the_same_units(formula):
    now = made(m01={"cases": [10, None, 30]}, m02={"cases": [10, 20, 60]})
    figure = now.evaluate(formula)
    assert figure.value == Fraction(70, 40)
    assert [(absent.unit, absent.alike) for absent in figure.without] == [("yi", True)]
