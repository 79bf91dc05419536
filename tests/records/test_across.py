"""Records of one period beside those of others: counted in two, or of a year that has no folder."""

import pytest
from cases import as_csv, rows

from conftest import ROOT, edit, tongbao
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import cell_key
from tongbao.definition.model import Text
from tongbao.definition.project import Project
from tongbao_records.across import _PASSED_OVER, _TWICE, beside_others
from tongbao_records.count import Counted
from tongbao_records.examine import _CODED, _NAMED_TWICE, RULES, _of_days
from tongbao_records.lacking import lacking_rules
from tongbao_records.layout import BY_NAME
from tongbao_records.measures import MEASURES
from tongbao_verify.numerals import read_numerals

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


def test_records_of_a_former_county_count_in_no_period(tmp_path):
    own, moved = JANUARY | {"unit": "戊县"}, JANUARY | {"unit": "戊县", "inspection_date": "2021-02-20"}
    series = ASSESSMENT.model_copy(update={"former_units": (Text(zh="戊县", en="Wu"),)})
    found = {}
    for month, record in (("2021-01", own), ("2021-02", moved)):
        path = tmp_path / f"{month}.csv"
        path.write_text(as_csv(rows(record)), "utf-8")
        found[Period.parse(month)] = [(path, path.name)]
    assert beside_others(series, MARCH, found) == ()


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


@pytest.mark.further
def test_it_stands_among_what_is_doubtful_in_the_returns(project):
    (path,) = Project(project).records("assessment", Period.parse("2021"))
    edit(path, '"SYN2021-1286"', '"SYN2020-1286"')
    (issue,) = Bulletin.open(Project(project), "assessment", "2021", {}).quality
    assert (issue.level, issue.unit) == ("warning", "ding")
    assert issue.message["zh"] == (
        "丁县案件记录检查编号在其他期的文件中也有，并且重复计入，合计或比较时会多算（1条），请核实。"
    )
    assert [str(cell.source) for cell in issue.cells] == [
        f"data/raw/assessment/{year}/synthetic-cases.csv A2" for year in (2021, 2020)
    ]


def test_no_sentence_about_doubtful_records_holds_a_number_of_its_own():
    """The checker of the reviewers' page would leave it over."""
    lacking = lacking_rules(map(Counted, MEASURES), MARCH)
    words = [text for rule in (*RULES, *lacking, _CODED, _NAMED_TWICE) for text in (rule.zh, rule.en)]
    words += [text.get(lang) for text in (_TWICE, *_PASSED_OVER.values()) for lang in ("zh", "en")]
    words += [text for rule in _of_days(MARCH.start, MARCH.end, BY_NAME) for text in (rule.zh, rule.en)]
    assert [text for text in words if read_numerals(text)] == []


def test_each_record_in_doubt_for_one_reason_has_a_key_of_its_own(tmp_path):
    moved = [JANUARY | {"record_id": f"R{n}"} for n in range(3)]
    files = {"m01": moved, "m02": [one | {"inspection_date": "2021-02-20"} for one in moved]}
    (doubt,) = doubts(tmp_path, **files)
    assert len({cell_key(ASSESSMENT, MARCH, cell) for cell in doubt.cells}) == 6


@pytest.mark.long
def test_the_reviewers_page_of_doubtful_records_is_what_was_computed(project):
    (path,) = Project(project).records("assessment", Period.parse("2021"))
    edit(path, '"SYN2021-1286"', '"SYN2020-1286"')
    text = path.read_text("utf-8").replace('"日常检查","移动端"', '"日常检查",""', 90)
    path.write_text(text.replace('"合成企业3-8"', '"别名厂"', 1), "utf-8")
    tongbao(project, "build", "assessment@2021", "--engine", "embedded")
    assert tongbao(project, "review", "assessment@2021").returncode == 0


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


@pytest.mark.further
def test_last_years_records_in_a_file_of_many_years_are_not_passed_over_in_silence(project):
    (issue,) = one_file(project, folder=False)
    assert (issue.level, issue.unit) == ("note", None)
    assert issue.message["zh"].startswith("案件记录中有上年同期的，但没有该期的文件夹，不作比较")
    assert issue.message["en"].startswith("records of the same period last year are in the files")


def test_with_a_folder_they_are_compared_with(project):
    assert one_file(project, folder=True) == ()
