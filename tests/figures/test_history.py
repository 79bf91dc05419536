"""Other periods: as received, under any of their ids, else summed from what covers them exactly, else blank."""

from fractions import Fraction

import pytest

from province import define, indicators_of, receive
from tongbao.basics.errors import DefinitionError
from tongbao.basics.period import Period
from tongbao.definition.references import broken_references

COLUMNS = {
    "cases": {"header": "立案", "unit": "起"},
    "visits": {"header": "检查", "unit": "家次"},
    "rate": {"header": "填报处罚率", "unit": "%", "area": "none"},
    "city_rate": {"header": "全市率", "unit": "%", "area": "fact.a / fact.b * 100", "decimals": 2},
}
SHARE = {"share": {"label": "处罚率", "formula": "cases / visits * 100", "decimals": 1, "unit": "%"}}


def figures(received: dict[str, int], period: str):
    """Each period's two units report that number of cases and twice and four times as many visits."""
    series = define({"annex": COLUMNS}, {}, 2, indicators=SHARE)
    periods = {
        name: receive(series, name, {"cases": [n, n], "visits": [2 * n, 4 * n], "rate": [50, 25], "city_rate": [1, 1]})
        for name, n in received.items()
    }
    return indicators_of(series, periods, period)


@pytest.mark.parametrize(
    ("received", "total"),
    [
        ({"2021-06": 6, "2021-h1": 40}, 80),
        ({"2021-06": 6, "2021-01-to-06": 40}, 80),
        ({"2021-06": 6, "2021-q1": 10, "2021-04": 4, "2021-05": 5}, 50),
        ({"2021-06": 6, "2021-01-to-02": 3, "2021-03": 3, "2021-04-to-05": 9}, 42),
        ({"2021-06": 6, "2021-q1": 10, "2021-05": 5}, None),
        ({"2021-06": 6, "2021-q1": 10, "2021-q2": 20}, 60),
    ],
)
def test_the_year_to_date(received, total):
    figure = figures(received, "2021-06").figure("year_to_date.cases")
    assert figure.value == total


def test_a_sum_knows_its_cells_and_rates_follow_from_sums():
    indicators = figures({"2021-01": 1, "2021-02": 3}, "2021-02")
    cases = indicators.figure("year_to_date.cases", "jia")
    assert cases.calculation == "1 + 3 = 4"
    assert [cell.source.file.split("/")[3] for cell in cases.cells] == ["2021-01", "2021-02"]
    assert indicators.figure("year_to_date.share", "jia").text == "50.0"
    assert indicators.figure("year_to_date.share").value == Fraction(100, 3)
    assert indicators.values("year_to_date.share")["yi"] == 25
    assert indicators.figure("year_to_date.rate", "jia").value is None
    assert indicators.figure("year_to_date.city_rate").value is None


def test_a_unit_that_is_blank_in_one_month_has_no_sum():
    """1 + 3 would be a year's figure that lacks February."""
    series = define({"annex": COLUMNS}, {}, 2, indicators=SHARE)
    months = {"2021-01": [1, 1], "2021-02": [None, 2], "2021-03": [3, 3]}
    whole = {"visits": [8, 8], "rate": [50, 25], "city_rate": [1, 1]}
    periods = {name: receive(series, name, {"cases": cases, **whole}) for name, cases in months.items()}
    indicators = indicators_of(series, periods, "2021-03")
    assert indicators.figure("year_to_date.cases", "jia").value is None
    assert indicators.figure("year_to_date.cases", "yi").value == 6
    assert indicators.figure("year_to_date.share", "jia").value is None


def test_last_years_year_to_date():
    indicators = figures({"2021-02": 3, "2020-01": 1, "2020-02": 2}, "2021-02")
    assert indicators.figure("last_year.year_to_date.cases").value == 6
    assert indicators.figure("last_year.cases").value == 4
    assert indicators.figure("year_to_date.cases").value is None


def test_the_figure_says_which_period_it_is_of():
    indicators = figures({"2021-02": 3, "2020-02": 2}, "2021-02")
    assert indicators.figure("last_year.cases").period == Period.parse("2020-02")
    assert indicators.figure("cases").period is None
    assert indicators.measure_name("last_year.cases") == "上年同期立案"


def test_what_was_not_received_is_blank():
    indicators = figures({"2021-02": 3}, "2021-02")
    for name in ("last_year.cases", "previous.share", "last_year.fact.target"):
        assert indicators.figure(name).value is None
    assert not indicators.compared("last_year").any_received
    with pytest.raises(DefinitionError, match="not declared for this period"):
        indicators.figure("fact.target")


def test_no_period_as_long_before_this_one():
    indicators = figures({"2021-01-to-05": 3}, "2021-01-to-05")
    assert indicators.figure("previous.cases").value is None


def test_enterprises_told_apart_are_not_summed():
    """One that was visited in January and in February would count twice."""
    counts = {"visits": ("inspections", "家次"), "enterprises": ("enterprises", "家")}
    columns = {name: {"header": name, "measure": of, "unit": unit} for name, (of, unit) in counts.items()}
    counted = {"annex": {"records": True, "title": "表", "columns": columns}}
    series = define({"annex": columns}, {}, 2, records={"files": "x"}, tables=counted)
    months = {name: receive(series, name, {"visits": [3, 4], "enterprises": [2, 2]}) for name in ("2021-01", "2021-02")}
    indicators = indicators_of(series, months, "2021-02")
    assert indicators.figure("year_to_date.visits", "jia").value == 6
    assert indicators.figure("year_to_date.enterprises", "jia").value is None
    assert indicators_of(series, months, "2021-01").figure("year_to_date.enterprises", "jia").value == 2


def test_another_periods_figure_stays_its_own_however_it_is_printed():
    """Printed with other decimals it once took the name of this period's, and so its key."""
    figure = figures({"2021-02": 3, "2020-02": 2}, "2021-02").evaluate("last_year.share", decimals=0)
    assert (figure.text, str(figure.period)) == ("33", "2020-02")
    assert figure.key.period == "2020-02"


def test_an_indicator_can_look_at_the_area_and_at_another_period():
    series = define(
        {"annex": {"cases": {"header": "案件", "unit": "起"}}},
        {},
        2,
        indicators={
            "growth": {"label": "增长", "unit": "%", "formula": "change(cases, last_year.cases)", "decimals": 1},
            "share": {"label": "占比", "unit": "%", "formula": "cases / area.cases * 100", "decimals": 1},
        },
    )
    periods = {
        "2021-01": receive(series, "2021-01", {"cases": [6, 2]}),
        "2020-01": receive(series, "2020-01", {"cases": [4, 0]}),
    }
    indicators = indicators_of(series, periods, "2021-01")
    assert [indicators.figure("growth", unit).text for unit in ("jia", "yi")] == ["50.0", ""]
    assert [indicators.figure("share", unit).text for unit in ("jia", "yi")] == ["75.0", "25.0"]
    assert indicators.ranks("share") == {"jia": 1, "yi": 2}


def test_an_indicator_that_needs_its_own_last_value_is_refused(monkeypatch):
    monkeypatch.setattr("province.broken_references", lambda _: [])
    columns = {"annex": {"cases": {"header": "案件", "unit": "起"}}}
    series = define(columns, {}, 2, indicators={"x": {"label": "x", "formula": "cases + last_year.x"}})
    assert list(broken_references(series)) == [(("indicators", "x", "formula"), "x is computed from itself")]
