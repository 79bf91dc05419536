"""Cumulative figures (synthetic) held to the sum of the months received."""

from datetime import date

import pytest

from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.reading.prose import Header
from tongbao.reading.received import Received
from tongbao.reading.tables import Table

COLUMNS = {
    "cases": {"header": "立案（起）", "short": {"zh": "立案数", "en": "cases"}, "unit": "起"},
    "rate": {"header": "处罚率（%）", "unit": "%", "area": "none"},
}
MONTHS = {
    "2021-01": {"cases": [3, 4, 2], "rate": [50, 60, 70]},
    "2021-02": {"cases": [5, None, 1], "rate": [50, 60, 70]},
    "2021-03": {"cases": [7, 6, 0], "rate": [50, 60, 70]},
}


def found(quarter, period="2021-q1", column=(), months=MONTHS, rule=None, **more):
    """What the check finds where a quarter and its months were received."""
    columns = COLUMNS | {"cases": COLUMNS["cases"] | dict(column)}
    series = define({"annex": columns}, {"it": rule} if rule else {}, 3, **more)
    rows = months | {"2021-q1": {"cases": quarter, "rate": [55, 65, 75]}}
    indicators = indicators_of(series, {name: receive(series, name, given) for name, given in rows.items()}, period)
    issues = check(indicators, Header(issued=date(2021, 4, 10)), Period.parse(period))
    return [issue for issue in issues if issue.kind == "cumulative"]


def test_a_cumulative_figure_that_is_the_sum_is_quiet():
    assert found([15, 10, 3]) == []  # the second sent nothing for February: there is no sum to hold it to


def test_one_that_is_not_names_table_unit_column_and_both_figures():
    (issue,) = found([16, 11, 3])
    assert (issue.level, issue.unit, issue.table, issue.columns) == ("warning", "jia", "annex", ("cases",))
    assert issue.message == {
        "zh": "甲县《annex表》2021年一季度的立案数为16，2021年1月、2021年2月、2021年3月之和为15，请核实。",
        "en": "Jia: cases in table annex is 16 for Q1 2021, but January 2021, February 2021, March 2021 add up to 15.",
    }
    assert [str(cell.source).rpartition("/")[0][-7:] for cell in issue.cells] == [
        *("2021-q1", "2021-01", "2021-02", "2021-03"),
    ]
    assert issue.claims[0].says["when"] == "cases != 3 + 5 + 7"


def test_what_most_units_have_in_common_is_told_once():
    months = {name: {"cases": [1, 2, 3], "rate": [1, 1, 1]} for name in MONTHS}
    (issue,) = found([1, 2, 3], months=months)  # what stands at the end of a month, and is not summed
    assert (issue.unit, issue.message["zh"]) == (
        None,
        "甲县、乙县、丙县《annex表》2021年一季度的立案数不是2021年1月、2021年2月、2021年3月之和，合计分别为6和18，请核实。",
    )
    assert "give it `stated: allowed`" in issue.hint
    assert found([1, 2, 3], months=months, column={"stated": "allowed"}) == []


@pytest.mark.parametrize(
    ("column", "levels"),
    [
        ({"stated": "note"}, ["note"]),
        ({"stated": {"tolerance": 1}}, []),
        ({"stated": {"tolerance": "0.5"}}, ["warning"]),
    ],
)
def test_a_column_says_how_grave_it_is_and_how_far_it_may_be_off(column, levels):
    assert [issue.level for issue in found([16, 10, 3], column=column)] == levels


def test_the_level_of_the_check_is_declared():
    (issue,) = found([16, 10, 3], checks={"sums": {"check": "cumulative", "level": "error"}})
    assert (issue.check, issue.level) == ("sums", "error")


def test_a_reason_stands_behind_the_message():
    (issue,) = found(
        [16, 10, 3], column={"stated": {"reason": {"zh": "1月数据已追溯调整", "en": "January was revised"}}}
    )
    assert issue.message["zh"].endswith("之和为15，请核实。1月数据已追溯调整。")
    assert issue.message["en"].endswith("add up to 15. January was revised.")


def test_a_month_that_looks_at_the_year_to_date_is_told_too():
    rule = {"rule": "list", "measure": "year_to_date.cases", "take": 1}
    (issue,) = found([16, 10, 3], "2021-03", rule=rule)
    assert issue.message["zh"].startswith("甲县《annex表》2021年一季度的立案数为16，")
    assert issue.claims[0].says["when"] == "year_to_date.cases != 3 + 5 + 7"
    assert found([16, 10, 3], "2021-03") == []


YEAR = {f"2026-0{month}": {"cases": [1, 5, month], "rate": [1, 1, 1]} for month in range(1, 7)}
TO_DATE = {"rule": "state", "values": {"n": "year_to_date.cases"}, "wording": "今年累计立案{{ n }}起"}


def found_in_june(quarter, rule=TO_DATE, period="2026-06", absent="error"):
    """What the check finds in June, or in the half-year, where the months and the first quarter were received."""
    table = {"file": "annex.csv", "title": "annex表", "columns": COLUMNS, "absent": absent}
    series = define({"annex": COLUMNS}, {"it": rule} if rule else {}, 3, tables={"annex": table})
    rows = {name: receive(series, name, given) for name, given in YEAR.items()}
    rows["2026-q1"] = receive(series, "2026-q1", {"cases": quarter, "rate": [1, 1, 1]})
    if period == "2026-h1":
        rows[period] = Received({"annex": Table("annex", {})}, {}, {}, absent=frozenset({"annex"}))
    indicators = indicators_of(series, rows, period)
    issues = check(indicators, Header(issued=date(2026, 7, 10)), Period.parse(period))
    return [issue for issue in issues if issue.kind == "cumulative"]


def test_a_quarter_that_the_year_to_date_is_summed_from_is_held_to_its_months():
    (issue,) = found_in_june([3, 15, 99])
    assert (issue.level, issue.unit, issue.place) == ("warning", "bing", "data/raw/synthetic/2026-q1/annex.csv B4")
    assert issue.message == {
        "zh": "丙县《annex表》2026年一季度的立案数为99，2026年1月、2026年2月、2026年3月之和为6，请核实。",
        "en": "Bing: cases in the table is 99 for Q1 2026, but January 2026, February 2026, March 2026 add up to 6.",
    }
    assert list(issue.figures) == ["cases@bing~2026-q1", "1 + 2 + 3@bing"]
    assert issue.claims[0].says["when"] == "99 != 1 + 2 + 3"
    assert found_in_june([3, 15, 6]) == []
    assert found_in_june([3, 15, 99], rule=None) == []  # nothing is made of it


def test_so_is_one_that_a_table_is_summed_from():
    (issue,) = found_in_june([3, 15, 99], rule=None, period="2026-h1", absent="summed")
    assert issue.message["zh"].startswith("丙县《annex表》2026年一季度的立案数为99，")


def test_without_all_months_there_is_no_sum():
    assert found([16, 10, 3], months={name: MONTHS[name] for name in ("2021-01", "2021-03")}) == []
