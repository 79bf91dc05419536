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


AMOUNTS = {
    "value": {"header": "产值（亿元）", "short": "产值", "unit": "亿元", "decimals": 2},
    "cases": COLUMNS["cases"],
}
VALUES = ["10.00", "20.05", "30.00", "6.80", "14.20", "9.10"]


@pytest.mark.parametrize(
    ("index", "typed", "likely"),
    [(0, "10000.00", "10.00"), (0, "100000.00", "10.00"), (3, "680000000.00", "6.80"), (1, "0.02", "20.00")],
)
def test_yuan_for_ten_thousand_or_a_hundred_million_is_told_against_the_others(index, typed, likely):
    close = ["10.00", "20.05", "15.00", "16.80", "14.20", "19.10"] if typed.startswith("0") else VALUES
    rows = {"value": changed(close, index, typed), "cases": CASES}
    ((level, message),) = found(rows, columns=AMOUNTS)
    assert level == "warning"
    assert f"的产值为{typed}，与其他地区（" in message
    assert f"是否计量单位或小数点有误（{likely}）？请核实。" in message


@pytest.mark.parametrize(
    ("now", "then"),
    [("10000.00", "7.00"), ("100000.00", "9.00"), ("1000000000.00", "11.00"), ("7.00", "70000.00"), ("0.01", "9.00")],
)
def test_and_against_its_own_last_figure_where_the_others_are_few(now, then):
    columns = {"value": AMOUNTS["value"]}
    series = define({"annex": columns}, {}, 4)
    rows = {"2020-12": {"value": [now, "20.05", "8.00", None]}, "2020-11": {"value": [then, "19.80", "8.10", "5.00"]}}
    if now == "0.01":  # a small amount needs others that hardly moved
        rows["2020-12"]["value"][3] = "5.10"
    indicators = indicators_of(series, {name: receive(series, name, given) for name, given in rows.items()}, "2020-12")
    issues = check(indicators, Header(issued=date(2021, 1, 10)), Period.parse("2020-12"))
    ((unit, message),) = [(issue.unit, issue.message["zh"]) for issue in issues if issue.kind == "plausible"]
    assert unit == "jia"
    assert f"甲县的产值为{now}，" in message
    assert "是否计量单位或小数点有误（" in message


def test_what_was_likely_meant_is_nearest_to_the_last_figure():
    rows = {"value": changed(["0.50", *VALUES[1:]], 0, "3000.00"), "cases": CASES}
    last = {"value": ["0.31", *VALUES[1:]], "cases": [v + 31 for v in CASES]}
    assert [message for _, message in found(rows, columns=AMOUNTS, before=last)] == [
        "甲县的产值为3000.00，与其他地区（6.80至30.00）相差悬殊，是否小数点有误（30.00）？请核实。",
    ]


@pytest.mark.parametrize("unit", ["%", "个百分点"])
@pytest.mark.parametrize("signed", [True, False])
def test_percentages_move_as_a_matter_of_course(unit, signed):
    growth = {"header": f"增速（{unit}）", "short": "增速", "unit": unit, "area": "none"}
    columns = {"rate": growth | ({"min": None} if signed else {})}
    then = {"rate": ["4.0", "0.4", "6.5", "8.6", "5.9", "2.0"]}
    now = {"rate": ["0.5", "4.1", "0.7", "0.1", "0.5", "19.0"]}
    assert found(now, before=then, columns=columns) == []
    low = {"rate": ["0.4", "4.1", "4.7", "4.2", "3.5", "5.0"]}
    assert found(low, columns=columns) == []


def test_a_growth_rate_above_100_and_a_rate_that_fell_to_a_tenth_alone_are_told():
    signed = {"rate": {"header": "增速（%）", "unit": "%", "area": "none", "min": None, "over_100": True}}
    assert len(found({"rate": ["450.0", "4.1", "-4.7", "4.2", "13.5", "45.0"]}, columns=signed)) == 1
    last = {"cases": [v + 31 for v in CASES], "rate": RATES}
    few = {"cases": [*CASES[:3], None, None, None], "rate": [*changed(RATES[:3], 1, "9.90"), None, None, None]}
    assert [message for level, message in found(few, before=last) if level == "warning"] == [
        "乙县的办结率为9.90，2020年11月为99.00，是否小数点有误（99.00）？请核实。"
    ]


def of_one_file(*files):
    """A series with a table for each file named."""
    return {
        f"t{n}": {"file": file, "title": f"第{n}张表", "columns": {f"c{n}": {"header": f"立案{n}（起）", "unit": "起"}}}
        for n, file in enumerate(files, start=1)
    }


def blanks_of(rows, *files):
    tables = of_one_file(*files)
    series = define({name: table["columns"] for name, table in tables.items()}, {}, 5, tables=tables)
    indicators = indicators_of(series, {"2020-12": receive(series, "2020-12", rows)}, "2020-12")
    issues = check(indicators, Header(issued=date(2021, 1, 10)), Period.parse("2020-12"))
    assert all(issue.kind == "blank_returns" for issue in issues)
    return [(issue.unit, issue.message["zh"], issue.claims[0].says["when"]) for issue in issues]


def test_a_file_left_blank_that_is_read_as_several_tables_is_one_problem():
    rows = {"c1": [1, 2, None, 4, 5], "c2": [1, None, None, 4, 5], "c3": [1, 2, None, 4, 5]}
    whole = (
        "bing",
        "丙县在《第1张表》《第2张表》《第3张表》中各项为空，不参加排名。",
        "blank(c1) and blank(c2) and blank(c3)",
    )
    part = ("yi", "乙县在《第2张表》中各项为空，不参加排名。", "blank(c2)")
    assert blanks_of(rows, "a.csv", "a.csv", "a.csv") == [whole, part]
    assert len(blanks_of(rows, "a.csv", "b.csv", "c.csv")) == 4


def test_and_where_most_left_it_blank_they_are_told_together():
    rows = {"c1": [1, None, None, None, 5], "c2": [1, None, None, None, None]}
    assert blanks_of(rows, "a.csv", "a.csv") == [
        (
            None,
            "乙县、丙县、丁县在《第1张表》《第2张表》中各项为空，不参加排名。",
            "count(blank(c1) and blank(c2)) == 3",
        ),
        ("wu", "戊县在《第2张表》中各项为空，不参加排名。", "blank(c2)"),
    ]
