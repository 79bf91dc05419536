"""The yearly assessment: measures, scores and lists summed from case records, checked against the records by hand."""

import csv
from decimal import Decimal
from fractions import Fraction

import pytest

from conftest import ROOT, tongbao
from pages import soup
from tongbao.basics.rounding import round_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project


@pytest.fixture(scope="module")
def year():
    return Bulletin.open(Project(ROOT), "assessment", "2021", {})


@pytest.fixture(scope="module")
def first():
    """The year before, which has none to compare with."""
    return Bulletin.open(Project(ROOT), "assessment", "2020", {})


def read(path):
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_measures_are_those_of_the_records(year):
    records = read(ROOT / "data/raw/assessment/2021/synthetic-cases.csv")
    base = {row["单位"]: row for row in read(ROOT / "data/raw/assessment/2021/synthetic-base.csv")}
    for unit in year.series.units:
        own = [row for row in records if row["填报单位"] == unit.zh]
        decided = [row for row in own if row["处罚决定日期"]]
        visited = {row["统一社会信用代码"] for row in own}

        def percent(part, whole):
            return Decimal(part) / whole * 100

        expected = {
            "coverage": percent(len(visited), int(base[unit.zh]["监管企业（家）"])),
            "mobile_rate": percent(sum(row["录入终端"] == "移动端" for row in own), len(own)),
            "penalty_rate": percent(len(decided), len(own)),
            "small_share": percent(sum(Decimal(row["罚款金额（元）"]) < 3000 for row in decided), len(decided)),
            "mean_fine": sum(Decimal(row["罚款金额（元）"]) for row in decided) / len(decided) / 10000,
        }
        for name, value in expected.items():
            figure = year.indicators.figure(name, unit.id)
            assert figure.text == str(round_decimal(value, 2 if name == "mean_fine" else 1)), (unit.zh, name)


def test_the_score_is_the_weighted_sum_of_what_was_reached(year):
    targets = {"coverage": (100, 15), "penalty_rate": (20, 20), "serious_share": (25, 15),
               "non_accident_mean_fine": (2, 10), "mobile_rate": (100, 15), "random_on_time": (100, 10),
               "mended_on_time": (100, 10), "collection_rate": (100, 5)}  # fmt: skip
    for unit in year.series.units:
        reached = {name: year.indicators.figure(name, unit.id).value for name in targets}
        expected = sum(weight * min(Fraction(reached[name]) / target, 1) for name, (target, weight) in targets.items())
        figure = year.indicators.figure("score", unit.id)
        assert figure.text == str(round_decimal(expected, 2))
        for name, (target, weight) in targets.items():  # what goes beyond its target counts no more
            assert (f"1 × {weight}" in figure.calculation) == (reached[name] > target) or weight in (10, 15)


@pytest.mark.further
def test_another_target_changes_scores_and_sentences(year):
    other = Bulletin.open(Project(ROOT), "assessment", "2021", {"target_rate": 10, "many_hazards": 100})
    assert other.indicators.figure("score", "yi").value > year.indicators.figure("score", "yi").value
    assert other.findings["rate_below"].text["zh"].startswith("检查处罚率未达10%")
    assert (
        other.indicators.figure("enterprises.key_many").value
        == 0
        < year.indicators.figure("enterprises.key_many").value
    )


@pytest.mark.further
def test_other_criteria_hold_for_last_years_list_too(first):
    changed = {"many_hazards": 100}
    year, before = (Bulletin.open(Project(ROOT), "assessment", name, changed) for name in ("2021", "2020"))
    listed = year.indicators.figure("last_year.enterprises.key_many").value
    assert listed == before.indicators.figure("enterprises.key_many").value == 0
    assert first.indicators.figure("enterprises.key_many").value > 0


def test_the_page_prints_list_reasons_and_last_years_change(assessment_site, first):
    page = soup(assessment_site / "_site/reports/assessment/2021.html").get_text()
    assert "重点检查企业名单（合成数据）" in page
    assert "存在重大隐患1项" in page
    assert "整改进度较慢，最长逾期" in page
    assert "同比" in page
    assert "无上年同期数据" not in page
    assert first.narrative.not_compared() == ["无上年同期数据。"]


def test_nobody_is_asked_to_fill_in_what_is_counted(project):
    written = tongbao(project, "form", "assessment@2022").stdout
    assert [line.split("/")[-1] for line in written.splitlines()] == ["synthetic-base.xlsx", "cases-all.xlsx"]
