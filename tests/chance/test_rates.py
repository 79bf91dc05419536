"""Which measures of a series are rates of counts."""

from decimal import Decimal
from pathlib import Path

import pytest

from tongbao.basics.errors import DefinitionError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_chance.intervals import Count
from tongbao_chance.rates import find_rates

TAIZHOU = ("taizhou-andun", "2019-04-to-06")
WENZHOU = ("wenzhou-monthly", "2021-01-to-02")


def rates(project: Path, which: tuple[str, str]):
    return find_rates(Bulletin.open(Project.find(project), *which, {}).indicators)


def edit(project: Path, path: str, old: str, new: str) -> None:
    file = project / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def edit_series(project: Path, old: str, new: str) -> None:
    edit(project, "reports/taizhou-andun/series.yml", old, new)


def test_penalties_per_inspection_are_a_rate_of_counts(project):
    (rate,), without = rates(project, TAIZHOU)
    assert without == {}
    assert (rate.measure, rate.model, rate.ratio.scale) == ("penalty_rate", "binomial", Decimal(100))
    assert rate.area == Count(342, 5800)
    assert rate.counts["huangyan"] == Count(49, 233)
    assert len(rate.counts) == 9


def test_money_and_rates_reported_without_their_parts_are_none(project):
    found, without = rates(project, WENZHOU)
    assert found == []
    assert without == {
        "penalty_rate": "parts_unknown",
        "collection_rate": "parts_unknown",
        "non_accident_share": "no_counts",
    }


@pytest.mark.parametrize("formula", ["100 * cases / inspections", "cases * 100 / inspections", "cases / inspections"])
def test_however_the_formula_is_written(project, formula):
    edit_series(project, "formula: cases / inspections * 100", f"formula: {formula}")
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.counts["sanmen"] == Count(21, 342)


def test_a_sum_of_counts_is_a_count(project):
    edit_series(project, "formula: cases / inspections * 100", "formula: (cases + suspensions) / inspections * 100")
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.counts["wenling"] == Count(186, 1371)
    assert rate.model == "poisson"


def test_without_a_check_that_forbids_it_a_part_may_exceed_its_whole(project):
    edit_series(
        project, "cases_within_inspections: {check: holds,", "cases_within_inspections: {check: holds, level: note,"
    )
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.model == "poisson"


def test_the_check_may_be_written_the_other_way_round(project):
    edit_series(
        project, "left: cases, relation: <=, right: inspections", "left: inspections, relation: '>=', right: cases"
    )
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.model == "binomial"


def test_a_series_may_say_that_its_parts_are_no_counts(project):
    edit_series(project, "    decimals: 1\n", "    decimals: 1\n    counts: false\n")
    assert rates(project, TAIZHOU) == ([], {"penalty_rate": "no_counts"})


def test_a_series_may_say_that_its_parts_are_counts(project):
    edit_series(
        project,
        "header: 立案调查（起）, short: 立案调查, unit: 起",
        "header: 立案调查（起）, short: 立案调查, unit: 宗案",
    )
    assert rates(project, TAIZHOU) == ([], {"penalty_rate": "no_counts"})
    edit_series(project, "    decimals: 1\n", "    decimals: 1\n    counts: true\n")
    assert len(rates(project, TAIZHOU)[0]) == 1


def test_counts_of_what_is_no_ratio_are_refused_with_their_line(project):
    edit_series(project, "formula: cases / inspections * 100\n", "formula: cases - inspections\n    counts: true\n")
    with pytest.raises(
        DefinitionError, match=r"series\.yml:\d+: indicators.penalty_rate: counts: true needs a formula"
    ):
        Project.find(project).get_series("taizhou-andun")


def test_a_unit_that_reported_nothing_is_left_out(project):
    edit(
        project,
        "data/raw/taizhou-andun/2019-04-to-06/annex.csv",
        "仙居县,397,310,21,217,0,21,16,4.0,6",
        "仙居县,,,,,,,,,",
    )
    (rate,), _ = rates(project, TAIZHOU)
    assert "xianju" not in rate.counts
    assert len(rate.counts) == 8


def test_half_a_case_is_no_count(project):
    edit(project, "data/raw/taizhou-andun/2019-04-to-06/annex.csv", "21,217,0,21,16,", "21,217,0,21,16.5,")
    edit(
        project,
        "reports/taizhou-andun/series.yml",
        "short: 立案调查, unit: 起",
        "short: 立案调查, unit: 起, whole: false",
    )
    assert rates(project, TAIZHOU) == ([], {"penalty_rate": "no_counts"})


def test_one_unit_alone_is_compared_with_nothing(project):
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    header, first, *others = path.read_text("utf-8").splitlines()[:-1]
    blank = [row.split(",")[0] + "," * 9 for row in others]
    path.write_text("\n".join([header, first, *blank, "合计" + "," * 9]), "utf-8")
    assert rates(project, TAIZHOU) == ([], {"penalty_rate": "too_few"})
