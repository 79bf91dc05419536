"""Periods worked out with different parameters: no line joins them, and every page and table says so."""

import csv
import json
import shutil

import pytest

from conftest import tongbao
from pages import soup
from tongbao.definition.project import Project
from tongbao_site.entry import entry_of
from tongbao_site.pages import series_page
from tongbao_site.trends import changed_settings

FOLDER = "_site/reports/assessment"
SAID = "2021年起检查处罚率目标（%）由20改为35，与此前不可比。"


pytestmark = pytest.mark.xdist_group("assessment")  # what they look at is made once


@pytest.fixture(scope="module")
def two_years(assessment_site, tmp_path_factory):
    """A year assessed by default targets, the next by another one."""
    project = shutil.copytree(assessment_site, tmp_path_factory.mktemp("two") / "project", symlinks=True)
    chosen = ("--format", "html", "--engine", "embedded")
    tongbao(project, "build", "assessment@2020", *chosen)
    tongbao(project, "build", "assessment@2021", *chosen, "-p", "target_rate=35", "-p", "slow_days=200")
    return project


@pytest.mark.further
@pytest.mark.parametrize("page", ["index.html", "units/jia.html"])
def test_a_trend_joins_no_scores_by_different_targets_and_says_so(two_years, page):
    score, *others = soup(two_years / FOLDER / page).select(".trend")
    assert score.strong.get_text() == "考核得分（分）"
    assert score.select_one(".not-comparable").get_text() == SAID
    assert score.svg["aria-label"].endswith(f"。{SAID}")
    assert len(score.select(".break")) == 1
    lines = score.select("path.own, path.many, path.one")
    assert lines
    assert not any("L" in line["d"] for line in lines)
    for other in others:
        assert not other.select(".break, .not-comparable")
        assert "L" in other.select_one("path.own")["d"]


def test_the_table_of_all_periods_says_which_figures_are_not_comparable(two_years):
    said = [one.get_text() for one in soup(two_years / FOLDER / "index.html").select("p.not-comparable")]
    assert said == ["2021年起检查处罚率目标（%）由20改为35，考核得分与此前不可比。"]


def test_all_periods_as_csv_say_the_parameters_of_each_figure(two_years):
    with (two_years / FOLDER / "all.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    said = {(row["period"], row["measure"]): row["parameters"] for row in rows}
    assert said["2020", "score"] == "target_rate=20; target_serious=25"
    assert said["2021", "score"] == "target_rate=35; target_serious=25"
    assert {measure for (_, measure), parameters in said.items() if parameters} == {"score"}


@pytest.mark.long
def test_equal_parameters_do_not_break_a_trend(two_years, tmp_path):
    project = shutil.copytree(two_years, tmp_path / "project", symlinks=True)
    tongbao(project, "build", "assessment@2021", "--format", "html", "--engine", "embedded", "-p", "slow_days=200")
    page = soup(project / FOLDER / "index.html")
    assert not page.select(".not-comparable, .break")
    assert "L" in page.select_one(".trend path.own")["d"]


def test_parameters_are_found_behind_other_measures_and_lists(two_years):
    project = Project(two_years)
    record = json.loads((project.processed("assessment", "2021") / "findings.json").read_text("utf-8"))
    for formula in ("last_year.score / 2", "enterprises.key / area.score", "rank(score) + enterprises.key_slow"):
        for key in ("coverage@jia", "coverage@area"):
            record["figures"][key]["formula"] = formula
        found = entry_of(record).held.parameters["coverage"]
        assert ("target_rate" in found) is ("score" in formula), formula
        assert ("slow_days" in found) is ("enterprises" in formula), formula


def test_a_parameter_that_changes_back_is_said_twice(two_years):
    project = Project(two_years)
    record = json.loads((project.processed("assessment", "2021") / "findings.json").read_text("utf-8"))
    entries = []
    for period, target in (("2019", "20"), ("2020", "20"), ("2021", "35"), ("2022", "20")):
        entries.append(entry_of(record | {"period": period, "parameters": {"target_rate": target}}))
    changed = [(entry.period, one.before, one.now) for entry, (one,) in changed_settings(entries, "score")]
    assert changed == [("2021", "20", "35"), ("2022", "35", "20")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"formula": "rate + coverage"}, "2021年起计算方法有变，与此前不可比。"),
        ({"unit": "‰"}, "2021年起计量单位有变，检查覆盖率与此前不可比。"),
    ],
    ids=["formula", "unit"],
)
def test_another_formula_or_unit_breaks_a_line_too(two_years, changed, said):
    """As published bulletins may have been made by other definitions than that of today."""
    project = Project(two_years)
    first, second = (
        json.loads((project.processed("assessment", period) / "findings.json").read_text("utf-8"))
        for period in ("2020", "2021")
    )
    second["parameters"] = first["parameters"]
    assert not list(changed_settings([entry_of(first), entry_of(second)], "coverage"))
    second["definition"]["indicators"]["coverage"] |= changed
    is_way = "formula" in changed
    assert bool(list(changed_settings([entry_of(first), entry_of(second)], "score"))) is is_way  # which rests on it
    page = series_page([entry_of(second), entry_of(first)], "zh", two_years / "_site", {})
    assert said in page.body


@pytest.mark.parametrize(
    ("place", "changed", "measure"),
    [
        (("indicators", "score", "score", 0), {"weight": 10}, "score"),
        (("tables", "work", "columns", "small_penalties"), {"where": {"fine": {"below": 5000}}}, "small_penalties"),
    ],
    ids=["weight", "condition"],
)
def test_other_weights_and_conditions_break_a_line_too(two_years, place, changed, measure):
    project = Project(two_years)
    record = json.loads((project.processed("assessment", "2020") / "findings.json").read_text("utf-8"))
    before = entry_of(record)
    part = record["definition"]
    for step in place:
        part = part[step]
    part |= changed
    ((_, (setting,)),) = changed_settings([before, entry_of(record | {"period": "2021"})], measure)
    assert setting.label["zh"] == "计算方法"
