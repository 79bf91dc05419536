"""Records of one period beside those of others: counted in two, or of a year that has no folder."""

import pytest
from cases import as_csv, rows

from conftest import ROOT, edit
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_records.across import beside_others

ASSESSMENT = Project(ROOT).get_series("assessment")
MARCH = Period.parse("2021-03")
JANUARY = {"record_id": "R1", "unit": "甲县", "inspection_date": "2021-01-05"} | dict.fromkeys(
    ("case_date", "penalty_date", "fine", "collected")
)


def doubts(folder, **files):
    """What is said of March, from a record's fields in the file of each month."""
    found = {}
    for name, changes in files.items():
        path = folder / f"{name}.csv"
        path.write_text(as_csv(rows(*changes)), "utf-8")
        found[Period.parse(f"2021-{name[1:].replace('_', '-')}")] = [(path, path.name)]
    return beside_others(ASSESSMENT, MARCH, found)


def test_a_record_that_a_correction_moved_to_another_month_and_counts_in_both_is_told(tmp_path):
    other = JANUARY | {"record_id": "R2"}
    moved = JANUARY | {"inspection_date": "2021-02-20"}
    (doubt,) = doubts(tmp_path, m01=[other, JANUARY], m02=[moved])
    assert (doubt.level, doubt.rule, doubt.unit, doubt.count) == ("warning", "number_in_two_periods", "jia", 1)
    assert [(str(cell.source), cell.text) for cell in doubt.cells] == [
        ("m02.csv A2", "检查编号 R1，检查日期 2021-02-20"),
        ("m01.csv A3", "检查编号 R1，检查日期 2021-01-05"),
    ]


@pytest.mark.parametrize(
    "later",
    [
        {"case_date": "2021-02-01", "penalty_date": "2021-02-20", "fine": "5", "collected": "5"},
        {"record_id": "R2", "inspection_date": "2021-02-20"},
        {},
        {"inspection_date": "2021-03-20"},
    ],
    ids=["penalised later", "another number", "not of the month", "of no month whose file holds it"],
)
def test_a_record_that_stands_again_and_counts_once_by_each_day_is_none(tmp_path, later):
    assert doubts(tmp_path, m01=[JANUARY], m02=[JANUARY | later]) == ()


def test_files_of_months_and_of_the_quarter_over_them_hold_the_same_records(tmp_path):
    moved = JANUARY | {"inspection_date": "2021-02-20"}
    assert doubts(tmp_path, m01=[JANUARY], m01_to_03=[JANUARY]) == ()
    (doubt,) = doubts(tmp_path, m01=[JANUARY], m02=[moved], m01_to_03=[moved])
    assert [cell.source.file for cell in doubt.cells] == ["m02.csv", "m01.csv"]


def test_an_unreadable_file_of_another_month_is_for_who_needs_it(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text("x,y\n1,2\n", "utf-8")
    assert beside_others(ASSESSMENT, MARCH, {MARCH: [(path, "a")], Period.parse("2021-02"): [(path, "b")]}) == ()


def test_it_stands_among_what_is_doubtful_in_the_returns(project):
    (path,) = Project(project).records("assessment", Period.parse("2021"))
    edit(path, '"SYN2021-1286"', '"SYN2020-1286"')
    (issue,) = Bulletin.open(Project(project), "assessment", "2021", {}).quality
    assert (issue.level, issue.unit) == ("warning", "ding")
    assert issue.message["zh"] == (
        "丁县案件记录检查编号在另一期的文件中也有，两期各计一次，合计或比较时会重复（1条），请核实。"
    )
    assert [str(cell.source) for cell in issue.cells] == [
        f"data/raw/assessment/{year}/synthetic-cases.csv A2" for year in (2021, 2020)
    ]


def one_file(project, *, folder):
    """The records of both years in one place, with or without a folder of the earlier one."""
    edit(project / "reports/assessment/series.yml", "assessment/{period}/*cases.*", "a3/*cases.*")
    place = project / "data/raw/a3"
    place.mkdir()
    for year in ("2020", "2021"):
        path = project / f"data/raw/assessment/{year}/synthetic-cases.csv"
        path.rename(place / f"{year}-cases.csv")
    if not folder:
        (project / "data/raw/assessment/2020/synthetic-base.csv").unlink()
        (project / "data/raw/assessment/2020").rmdir()
    return Bulletin.open(Project(project), "assessment", "2021", {}).quality


def test_last_years_records_in_a_file_of_many_years_are_not_passed_over_in_silence(project):
    (issue,) = one_file(project, folder=False)
    assert (issue.level, issue.unit) == ("note", None)
    assert issue.message["zh"].startswith("案件记录中有上年同期的，但没有该期的文件夹，不作比较")
    assert issue.message["en"].startswith("records of the same period last year are in the files")


def test_with_a_folder_they_are_compared_with(project):
    assert one_file(project, folder=True) == ()
