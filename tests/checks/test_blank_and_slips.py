"""Blanks in a row that is otherwise reported, and figures that look mistyped (synthetic figures)."""

from datetime import date

import pytest

from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.reading.prose import Header

COLUMNS = {
    "cases": {"header": "交办总量（件）", "short": "交办总量", "unit": "件"},
    "rate": {"header": "办结率（%）", "short": "办结率", "unit": "%", "area": "none"},
}
CASES, RATES = [310, 420, 150, 275, 198, 333], ["98.50", "99.00", "97.20", "99.31", "98.00", "96.40"]


def found(rows, *, lang="zh", **more):
    return [(issue.level, issue.message[lang]) for issue in issues(rows, **more)]


def issues(rows, *, before=None, columns=COLUMNS, **more):
    series = define({"annex": columns}, {}, 6, **more)
    periods = {"2020-12": receive(series, "2020-12", rows)}
    if before:
        periods["2020-11"] = receive(series, "2020-11", before)
    header = Header(issued=date(2021, 1, 10), statistics_date=None)
    return check(indicators_of(series, periods, "2020-12"), header, Period.parse("2020-12"))


def changed(values, index, value):
    return [value if place == index else old for place, old in enumerate(values)]


def test_honest_figures_are_not_talked_about():
    assert found({"cases": CASES, "rate": RATES}, before={"cases": [v + 31 for v in CASES], "rate": RATES}) == []


def test_a_blank_in_a_reported_row_is_an_error_and_is_named():
    ((level, message),) = found({"cases": changed(CASES, 1, None), "rate": RATES})
    assert level == "error"
    assert message == "乙县的交办总量为空白，而同行其他数据已报；合计、平均数和排名会缺少该地，请补报。"


@pytest.mark.parametrize(("blank", "levels"), [("warning", ["warning"]), ("note", ["note"]), ("allowed", [])])
def test_a_column_says_what_a_blank_in_it_is(blank, levels):
    columns = COLUMNS | {"cases": COLUMNS["cases"] | {"blank": blank}}
    assert [level for level, _ in found({"cases": changed(CASES, 1, None), "rate": RATES}, columns=columns)] == levels


def test_a_series_can_take_blanks_less_seriously():
    checks = {"blanks": {"check": "incomplete", "level": "warning"}}
    assert [level for level, _ in found({"cases": changed(CASES, 1, None), "rate": RATES}, checks=checks)] == [
        "warning"
    ]


def test_a_unit_that_sent_nothing_is_noted_once_and_is_no_error():
    rows = {"cases": changed(CASES, 1, None), "rate": changed(RATES, 1, None)}
    ((level, message),) = found(rows)
    assert (level, message) == ("note", "乙县在《annex表》中各项为空，不参加排名。")


@pytest.mark.parametrize(
    ("column", "index", "typed", "message"),
    [
        ("cases", 1, 4200, "乙县的交办总量为4200，与其他地区（150至333）相差悬殊，是否小数点有误（420）？请核实。"),
        ("cases", 0, 31000, "甲县的交办总量为31000，与其他地区（150至420）相差悬殊，是否小数点有误（310）？请核实。"),
        (
            "rate",
            1,
            "9.90",
            "乙县的办结率为9.90，与其他地区（96.40至99.31）相差悬殊，是否小数点有误（99.00）？请核实。",
        ),
    ],
)
def test_a_decimal_point_out_of_place_is_told_with_what_was_meant(column, index, typed, message):
    rows = {"cases": CASES, "rate": RATES}
    assert found(rows | {column: changed(rows[column], index, typed)}) == [("warning", message)]


def test_a_figure_ten_times_its_own_last_one():
    last = {"cases": changed(CASES, 2, 1500), "rate": RATES}
    ((level, message),) = found({"cases": CASES, "rate": RATES}, before=last)
    assert level == "warning"
    assert message == "丙县的交办总量为150，2020年11月为1500，是否小数点有误（1500）？请核实。"


def test_a_message_in_english_sets_thousands_apart():
    ((_, message),) = found({"cases": changed(CASES, 1, 42000), "rate": RATES}, lang="en")
    assert message == "Yi: 交办总量 is 42,000, far from the others (150 to 333); a decimal point? (420)"


JUMP = {"jump": {"check": "change", "measure": "cases", "factor": 3}}


def test_one_mistyped_count_is_one_message_though_neighbours_and_last_month_both_tell_it():
    typed, last = {"cases": changed(CASES, 1, 4200), "rate": RATES}, {"cases": CASES, "rate": RATES}
    message = "乙县的交办总量为4200，与其他地区（150至333）相差悬殊，是否小数点有误（420）？请核实。"
    assert found(typed, before=last) == [("warning", message)]
    assert found(typed, before=last, checks=JUMP) == [("warning", message)]


def test_a_declared_change_that_is_graver_stands_and_so_does_one_that_is_no_slip():
    last = {"cases": CASES, "rate": RATES}
    error = {"jump": JUMP["jump"] | {"level": "error"}}
    issues = found({"cases": changed(CASES, 1, 4200), "rate": RATES}, before=last, checks=error)
    assert [level for level, _ in issues] == ["error", "warning"]
    ((_, message),) = found({"cases": changed(CASES, 2, 500), "rate": RATES}, before=last, checks=JUMP)
    assert message == "丙县交办总量为500，2020年11月为150，变化超过3倍，请核实。"


def test_a_large_county_is_no_slip_when_it_always_was_large():
    large = changed(CASES, 1, 4200)
    assert found({"cases": large, "rate": RATES}, before={"cases": changed(CASES, 1, 4100), "rate": RATES}) == []


def test_a_rate_with_a_decimal_left_off_is_a_note():
    ((level, message),) = found({"cases": CASES, "rate": changed(RATES, 3, "99.3")})
    assert (level, message) == ("note", "丁县的办结率填为99.3，其他地区为2位小数，请核实。")


def test_two_rows_swapped_are_told_where_the_last_period_says_so():
    last = {"cases": [v + 7 for v in CASES], "rate": RATES}
    first, second = 1, 2
    cases = changed(changed(CASES, first, CASES[second]), second, CASES[first])
    rates = changed(changed(RATES, first, RATES[second]), second, RATES[first])
    ((level, message),) = found({"cases": cases, "rate": rates}, before=last)
    assert level == "warning"
    assert message == "乙县与丙县的《annex表》各项数据像是互换了：对调后才与2020年11月相近，请核实。"


def test_what_two_swapped_rows_claim_is_a_figure_that_differs():
    columns = {"handed": {"header": "移送（件）", "short": "移送", "unit": "件"}} | COLUMNS
    rows = {"handed": [0] * 6, "cases": changed(changed(CASES, 1, CASES[2]), 2, CASES[1]), "rate": RATES}
    last = {"handed": [0] * 6, "cases": CASES, "rate": ["98.51", "99.02", "97.25", "99.33", "98.02", "96.41"]}
    (issue,) = issues(rows, before=last, columns=columns)
    assert "互换" in issue.message["zh"]
    assert [claim.says["when"] for claim in issue.claims] == ["cases != previous.cases"]
