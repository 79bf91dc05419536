"""One wrong count is one fault, though total, rates and ranks all differ."""

from pathlib import Path

import pytest

from conftest import edit
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

TAIZHOU = ("taizhou-andun", "2019-04-to-06")


def found(project: Path, *edits: tuple[str, str], **more: str):
    """What the checks of stated figures find."""
    for old, new in edits:
        edit(project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", old, new)
    for old, new in more.values():
        edit(project / "reports/taizhou-andun/series.yml", old, new)
    quality = Bulletin.open(Project.find(project), *TAIZHOU, {}).quality
    return [issue for issue in quality if issue.kind in ("reported", "totals")]


def test_a_wrong_count_is_told_once_where_it_was_made(project):
    (issue,) = found(project, ("12,21,2.3", "12,31,2.3"))
    assert (issue.unit, issue.level, issue.columns) == ("jiaojiang", "warning", ("cases", "reported_rate"))
    assert issue.message == {
        "zh": "椒江区的立案调查填为31，而合计342和该地填报的检查处罚率%2.3都按21计，由此2个名次不符。",
        "en": "Jiaojiang: 立案调查 is given as 31, but the total 342 and its 检查处罚率% 2.3 go by 21; "
        "2 ranks follow from it.",
    }
    assert [str(cell.source).rpartition(" ")[2] for cell in issue.cells] == ["H2", "I2", "H11"]


def test_one_that_is_far_from_its_neighbours_too_is_still_told_once(project):
    edit(project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", "12,21,2.3", "12,2100,2.3")
    quality = Bulletin.open(Project.find(project), *TAIZHOU, {}).quality
    (issue,) = (issue for issue in quality if issue.unit == "jiaojiang" and issue.kind in ("reported", "plausible"))
    assert issue.message["zh"].startswith("椒江区的立案调查填为2100，而合计342和该地填报的检查处罚率%2.3都按21计")


def test_so_is_one_that_moves_no_rank(project):
    (issue,) = found(project, ("椒江区,908", "椒江区,980"))
    assert issue.message["zh"] == "椒江区的检查家次填为980，而合计5800和该地填报的检查处罚率%2.3都按908计，请核实。"


def test_a_rate_of_the_area_follows_from_a_wrong_total(project):
    (issue,) = found(project, ("157,342,5.9", "157,442,7.6"))  # 442 of 5800
    assert (issue.check, issue.unit) == ("reported-total", None)


def test_two_faults_are_two(project):
    checks = {issue.check: issue.unit for issue in found(project, ("12,21,2.3", "12,21,2.4"), ("342,5.9", "352,5.9"))}
    assert checks == {"reported-rate": "jiaojiang", "reported-total": None}


def test_a_count_that_two_units_could_have_wrong_is_told_at_the_total(project):
    # 10 too many in the first; the second's rate would also be right with 10 fewer
    rows = (("12,21,2.3", "12,31,2.3"), ("4,49,21.0", "4,49,16.7"))
    assert sorted(issue.check for issue in found(project, *rows)) == [
        "reported-rate",
        "reported-rate",
        "reported-total",
    ]


@pytest.mark.parametrize("level", ["error", "note"])
def test_it_is_as_grave_as_the_graver_of_both_checks(project, level):
    rule = ("checks:\n", f"checks:\n  sums: {{check: totals, level: {level}}}\n")
    (issue,) = found(project, ("12,21,2.3", "12,31,2.3"), rule=rule)
    assert issue.level == ("error" if level == "error" else "warning")
