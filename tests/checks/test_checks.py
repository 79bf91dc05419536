import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from province import define, indicators_of, receive
from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.basics.rounding import round_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.checks import check
from tongbao.checks.feasible_rate import fractions, is_ratio, solve
from tongbao.definition.project import Project
from tongbao.reading.prose import Header

TAIZHOU = ("taizhou-andun", "2019-04-to-06")
WENZHOU = ("wenzhou-monthly", "2021-01-to-02")
HEADER = Header.model_validate({"issued": "2026-07-10"})


def issues(project: Path, which: tuple[str, str], kind: str = ""):
    """The issues of a period whose check's name starts with ``kind``."""
    found = Bulletin.open(Project.find(project), *which, {}).quality
    return [issue for issue in found if issue.check.startswith(kind)]


def rewrite(project: Path, which: tuple[str, str], name: str, old: str, new: str) -> None:
    path = project / "data" / "raw" / "/".join(which) / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_source_documents_reported_figures_agree_with_their_own(project):
    assert issues(project, TAIZHOU, "reported") == []
    assert issues(project, WENZHOU, "reported") == []


def test_blank_returns_are_noted_by_unit(project):
    assert [issue.unit for issue in issues(project, WENZHOU, "blank-return")] == ["wencheng", "pingyang", "zhenan"]


def test_a_reported_rate_that_the_counts_do_not_give(project):
    rewrite(project, TAIZHOU, "annex.csv", ",21,2.3,8", ",21,2.4,8")
    (issue,) = issues(project, TAIZHOU, "reported")
    assert (issue.check, issue.unit, issue.level) == ("reported-rate", "jiaojiang", "warning")
    assert issue.message["zh"] == "椒江区填报的检查处罚率%为2.4，按数据计算为2.3。"
    assert str(issue.cells[0].source) == "data/raw/taizhou-andun/2019-04-to-06/annex.csv I2"


def test_the_computed_rate_is_shown_as_the_issuer_rounds(project):
    series = project / "reports" / "taizhou-andun" / "series.yml"
    text = series.read_text("utf-8")
    assert text.count("    decimals: 1\n") == 1
    series.write_text(text.replace("    decimals: 1\n", "    decimals: 1\n    rounding: truncate\n"), "utf-8")
    message = next(issue for issue in issues(project, TAIZHOU, "reported-rate") if issue.unit == "linhai").message
    assert message["zh"] == "临海市填报的检查处罚率%为7.7，按数据计算为7.6。"


def test_a_reported_rank_out_of_place(project):
    rewrite(project, TAIZHOU, "annex.csv", "2.3,8", "2.3,7")
    (issue,) = issues(project, TAIZHOU, "reported")
    assert (issue.check, issue.unit) == ("reported-rank", "jiaojiang")
    assert issue.message["en"].endswith("is reported as 7, but computes to 8.")


def test_a_total_that_is_not_the_sum(project):
    rewrite(project, TAIZHOU, "annex.csv", "合计,5800,5633", "合计,5800,5634")
    (issue,) = issues(project, TAIZHOU, "reported")
    assert (issue.check, issue.columns) == ("reported-total", ("records",))
    assert "5634" in issue.message["zh"]
    assert "5633" in issue.message["zh"]


def test_the_bulletin_prints_the_computed_figure_not_the_wrong_one(project):
    rewrite(project, TAIZHOU, "annex.csv", "2.3,8", "9.9,1")
    bulletin = Bulletin.open(Project.find(project), *TAIZHOU, {})
    assert bulletin.findings["rate_last"].text["zh"].startswith("路桥、椒江、天台、仙居")


def test_more_records_than_inspections(project):
    found = issues(project, TAIZHOU, "records_within_inspections")
    assert [(issue.unit, issue.level) for issue in found] == [("luqiao", "warning"), ("wenling", "warning")]
    assert found[0].message["zh"].startswith("路桥区的现场检查记录（696份）大于检查家次（652家次）")
    assert [str(cell.source).rpartition("/")[2] for cell in found[0].cells] == ["annex.csv C4", "annex.csv B4"]


def test_a_chemical_case_without_a_row_in_the_first_annex(project):
    (issue,) = issues(project, WENZHOU, "hazchem_also_in_annex1")
    assert issue.unit == "zhenan"
    assert issue.message["zh"] == "浙南产业集聚区案件数为1起，罚款额却为空白。"


def test_the_printed_rates_fit_the_totals(project):
    assert issues(project, WENZHOU, "rates_fit") == []


def test_a_rate_that_no_whole_numbers_give(project):
    rewrite(project, WENZHOU, "annex1.csv", "7.69,10", "0.11,10")
    (issue,) = issues(project, WENZHOU, "rates_fit")
    assert (issue.unit, issue.place.rpartition("/")[2]) == ("longgang", "annex1.csv G14")


def test_rates_that_do_not_fit_the_totals_together(project):
    rewrite(project, WENZHOU, "facts.csv", "实施行政处罚,87,", "实施行政处罚,248,")
    (issue,) = issues(project, WENZHOU, "rates_fit")
    assert issue.unit is None
    assert "不能同时成立" in issue.message["zh"]


def test_an_error_stops_the_bulletin_with_all_its_places(project):
    rewrite(project, WENZHOU, "annex1.csv", "龙湾区,34.3,34.3", "龙湾区,34.3,34.4")
    rewrite(project, WENZHOU, "annex1.csv", "瓯海区,23,23", "瓯海区,23,230")
    with pytest.raises(DataError) as caught:
        Bulletin.open(Project.find(project), *WENZHOU, {}).require_sound()
    assert "annex1.csv C3" in str(caught.value)
    assert "annex1.csv C4" in str(caught.value)


def test_a_figure_that_jumped_against_the_period_before(project):
    before = project / "data" / "raw" / "wenzhou-monthly" / "2020-11-to-12"
    shutil.copytree(project / "data" / "raw" / "/".join(WENZHOU), before)
    path = before / "annex1.csv"
    path.write_text(path.read_text("utf-8").replace("鹿城区,42.5,42.5", "鹿城区,4.25,4.25"), "utf-8")
    (issue,) = issues(project, WENZHOU, "fines_jump")
    assert issue.message["zh"] == "鹿城区罚款额为42.5，2020年11-12月为4.25，变化超过5倍，请核实。"


def test_a_rate_is_never_computed_over_different_sets_of_units(project):
    rewrite(project, TAIZHOU, "annex.csv", "椒江区,908", "椒江区,")
    (issue,) = [issue for issue in issues(project, TAIZHOU) if issue.level == "error"]
    assert issue.check == "incomplete"
    assert (issue.level, issue.unit, issue.place.rpartition("/")[2]) == ("error", "jiaojiang", "annex.csv B2")


@pytest.mark.parametrize("level", ["allowed", "note", "warning"])
def test_a_blank_that_a_column_allows_still_stops_the_rate_computed_from_it(project, level):
    rewrite(project, TAIZHOU, "annex.csv", "椒江区,908", "椒江区,")
    series = project / "reports" / "taizhou-andun" / "series.yml"
    text = series.read_text("utf-8")
    series.write_text(
        text.replace("short: 检查家次, unit: 家次}", "short: 检查家次, unit: 家次, blank: " + level + "}"), "utf-8"
    )
    (issue,) = [issue for issue in issues(project, TAIZHOU) if issue.level == "error"]
    assert (issue.check, issue.unit) == ("complete", "jiaojiang")


def test_whom_a_table_of_some_does_not_ask_lacks_nothing_for_a_rate():
    cases, few = ({"header": name, "short": name, "unit": "件", "blank": "note"} for name in ("立案", "任务"))
    work = {"file": "work.csv", "title": "表", "columns": {"cases": cases}}
    some = {"file": "some.csv", "title": "部分", "partial": True, "columns": {"few": few}}
    rate = {"label": "每起", "unit": "件", "formula": "few / cases", "decimals": 1}
    series = define({"work": {"cases": cases}}, {}, 3, indicators={"q": rate}, tables={"work": work, "some": some})
    received = receive(series, "2026-06", {"cases": [4, 5, 6], "few": [1, None, None]})
    del received.tables["some"].rows["bing"]
    found = check(indicators_of(series, {"2026-06": received}, "2026-06"), HEADER, Period.parse("2026-06"))
    assert [issue.unit for issue in found if issue.check == "complete"] == ["yi"]


def test_dates_out_of_order(project):
    path = project / "reports" / "wenzhou-monthly" / "2021-01-to-02.md"
    path.write_text(path.read_text("utf-8").replace("2021-03-10", "2021-02-10\nstatistics_date: 2021-03-01"), "utf-8")
    assert [issue.check for issue in issues(project, WENZHOU, "dates")] == ["dates", "dates"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2021-03-12", "2021-03-12", "2021-04-01"], []),
        (["2021-03-10"], []),
        (["2021-03-09"], ["更正日期2021年3月9日早于发文日期2021年3月10日。"]),
        (["2020-03-12", "2021-04-01"], ["更正日期2020年3月12日早于发文日期2021年3月10日。"]),
        (["2021-04-01", "2021-03-12"], ["2021年3月12日的更正排在2021年4月1日的更正之后。"]),
    ],
)
def test_corrections_follow_the_issue_and_each_other(project, days, told):
    path = project / "reports" / "wenzhou-monthly" / "2021-01-to-02.md"
    listed = "".join(f"\n  - {{day: {day}, says: 合计改为248}}" for day in days)
    text = path.read_text("utf-8")
    path.write_text(text.replace("issued: 2021-03-10", f"issued: 2021-03-10\ncorrections:{listed}"), "utf-8")
    found = issues(project, WENZHOU, "dates")
    assert [(issue.level, issue.message["zh"]) for issue in found] == [("warning", one) for one in told]


@pytest.mark.parametrize(("penalties", "inspections"), [("87", "9" * 18), ("9" * 11, "248")])
def test_totals_too_large_to_hold_all_rates_together(project, penalties, inspections):
    """What would take hours and more memory than there is; each rate for itself is a ratio."""
    rewrite(project, WENZHOU, "facts.csv", "全市检查企业,248", f"全市检查企业,{inspections}")
    rewrite(project, WENZHOU, "facts.csv", "全市实施行政处罚,87", f"全市实施行政处罚,{penalties}")
    assert issues(project, WENZHOU, "rates_fit") == []


@given(st.decimals(-1, 130, places=2) | st.decimals(0, 101, places=1), st.integers(0, 90), st.integers(0, 130))
def test_a_rate_is_a_ratio_when_one_is_found_by_trying_all(rate, part, whole):
    half = Decimal(1).scaleb(rate.as_tuple().exponent) / 2
    tried = [
        (above, below)
        for below in range(1, whole + 1)
        for above in range(part + 1)
        if rate - half <= Decimal(100 * above) / below < rate + half
    ]
    assert fractions(rate, part, whole) == tried
    assert is_ratio(rate, part, whole) == bool(tried)


def test_totals_that_are_no_counts_are_named_with_their_places(project):
    rewrite(project, WENZHOU, "facts.csv", "全市检查企业,248", "全市检查企业,248.5")
    with pytest.raises(DataError, match=r"facts.csv C3, \S+facts.csv C2: totals of a rate are whole numbers"):
        issues(project, WENZHOU, "rates_fit")


@given(st.dictionaries(st.integers(0, 5), st.tuples(st.integers(0, 9), st.integers(1, 12)), min_size=1, max_size=5))
def test_rates_printed_from_counts_always_fit_their_totals(counts):
    pairs = {unit: (min(part, whole), whole) for unit, (part, whole) in counts.items()}
    totals = [sum(pair[i] for pair in pairs.values()) for i in (0, 1)]
    choices = {
        str(unit): fractions(round_decimal(Decimal(part) / whole * 100, 2), *totals)
        for unit, (part, whole) in pairs.items()
    }
    chosen = solve(choices, *totals)
    assert chosen is not None
    assert [sum(pair[i] for pair in chosen.values()) for i in (0, 1)] == totals
    assert all(pair in choices[unit] for unit, pair in chosen.items())
