"""Which measures of a series are rates of counts."""

from decimal import Decimal
from pathlib import Path

import pytest

from tongbao.basics.errors import DefinitionError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_chance.assess import assess
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


DIRECT = "cases_within_inspections: {check: holds, left: cases, relation: <=, right: inspections}"
CHAIN = """cases_recorded: {check: holds, left: cases, relation: <=, right: records}
  records_of_inspections: {check: holds, left: inspections, relation: '>=', right: records, level: %s}"""


@pytest.mark.parametrize(("level", "model"), [("error", "binomial"), ("warning", "poisson")])
def test_a_proportion_is_known_in_steps_that_all_stop_the_build(project, level, model):
    """Cases ≤ records and records ≤ inspections: a case is one of the inspections."""
    edit_series(project, DIRECT, CHAIN % level)
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.model == model


@pytest.mark.parametrize(("said", "model"), [("true", "binomial"), ("false", "poisson")])
def test_a_series_may_say_whether_a_rate_is_a_proportion(project, said, model):
    edit_series(project, "    decimals: 1\n", f"    decimals: 1\n    proportion: {said}\n")
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.model == model


def test_a_proportion_beyond_its_whole_has_no_interval(project):
    """温岭 wrote 1715 records of 1371 inspections."""
    edit_series(project, "formula: cases / inspections * 100", "formula: records / inspections * 100")
    edit_series(project, "    decimals: 1\n", "    decimals: 1\n    proportion: true\n")
    assert rates(project, TAIZHOU) == ([], {"penalty_rate": "beyond_whole"})


ALL = ("21,217,0,21,16,", "21,217,0,21,397,")  # 仙居: a case of each of 397 inspections


def test_a_rate_that_may_be_a_share_gets_no_interval_beyond_100_percent(project):
    """397 of 397: a Poisson interval would end at 110 %, which no share can be."""
    edit(project, "data/raw/taizhou-andun/2019-04-to-06/annex.csv", *ALL)
    edit_series(project, DIRECT, "")
    assert rates(project, TAIZHOU) == ([], {"penalty_rate": "undeclared"})
    edit_series(project, "    decimals: 1\n", "    decimals: 1\n    proportion: false\n")
    (rate,), _ = rates(project, TAIZHOU)
    assert rate.model == "poisson"


def test_a_share_of_all_has_an_interval_that_ends_at_100_percent(project):
    edit(project, "data/raw/taizhou-andun/2019-04-to-06/annex.csv", *ALL)
    bulletin = Bulletin.open(Project.find(project), *TAIZHOU, {})
    (rate,) = assess(bulletin.indicators, bulletin.findings).rates
    first = rate.units[0]
    assert (first.unit, first.rate, first.interval_95[1]) == ("xianju", 100, 100)
    # By hand: 1 ÷ (1 + 1.9600² ÷ 397) = 0.99042
    assert round(first.interval_95[0], 2) == Decimal("99.04")
    assert max(end for one in rate.units for end in (*one.interval_95, *one.limits_998)) == 100


@pytest.mark.parametrize("name", ["counts", "proportion"])
def test_what_is_no_ratio_is_no_proportion(project, name):
    edit_series(project, "formula: cases / inspections * 100\n", f"formula: cases - inspections\n    {name}: true\n")
    with pytest.raises(
        DefinitionError, match=r"series\.yml:\d+: indicators.penalty_rate: counts or proportion needs a formula"
    ):
        Project.find(project).get_series("taizhou-andun")


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
