"""tongbao new SERIES@PERIOD: figures in place, last period's words to revise, facts to fill in; or nothing at all."""

import csv
import re

import pytest
from tables import as_xlsx

from conftest import edit, tongbao
from tongbao.basics.errors import DataError, UsageError
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.reading.draft import open_points
from tongbao_desk.draft import begin

TAIZHOU, JULY = "taizhou-andun", Period.parse("2019-07-to-09")
LAST = f"data/raw/{TAIZHOU}/2019-04-to-06"


def begun(project, series, period, *received):
    return begin(Project(project), series, period, received)


def files(project):
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in project.rglob("*") if path.is_file()}


@pytest.fixture
def workbook(project, tmp_path):
    """Taizhou's first table as a workbook, as received anew."""
    with (project / LAST / "annex.csv").open(encoding="utf-8") as rows:
        return as_xlsx(tmp_path / "七至九月.xlsx", [[number(text) for text in row] for row in csv.reader(rows)])


def number(text):
    return float(text) if text.replace(".", "").isdigit() else text


def test_everything_a_period_needs_is_put_in_place(project, workbook):
    made = begun(project, TAIZHOU, JULY, workbook, project / LAST / "serious-cases.csv")
    assert [path.as_posix() for path in made.files] == [
        f"data/raw/{TAIZHOU}/{JULY}/annex.xlsx",
        f"data/raw/{TAIZHOU}/{JULY}/facts.csv",
        f"data/raw/{TAIZHOU}/{JULY}/serious-cases.csv",
        f"reports/{TAIZHOU}/{JULY}.md",
    ]
    assert (project / made.files[0]).read_bytes() == workbook.read_bytes()


def test_the_text_has_last_periods_words_and_every_decision_is_marked(project, workbook):
    begun(project, TAIZHOU, JULY, workbook)
    text = (project / f"reports/{TAIZHOU}/{JULY}.md").read_text("utf-8")
    before = (project / f"reports/{TAIZHOU}/2019-04-to-06.md").read_text("utf-8")
    assert text.startswith("---\nissued: 2019-10-01 # CHECK: the date of issue")
    assert "\nnumber: 0 # CHECK: the running number; last period's was 69\n" in text
    body = [line for line in text.split("---\n", 2)[2].splitlines() if line and "CHECK" not in line]
    assert body == [line for line in before.split("---\n", 2)[2].splitlines() if line]
    marks = [point for point in open_points(Project(project), TAIZHOU, JULY) if point.file.endswith(".md")]
    assert [point.line for point in marks] == [2, 3, 4, 9, 29]


def test_facts_come_without_values_and_each_is_named(project, workbook):
    begun(project, TAIZHOU, JULY, workbook, project / LAST / "serious-cases.csv")
    with (project / f"data/raw/{TAIZHOU}/{JULY}/facts.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["编号"] for row in rows][:2] == ["inspection_teams", "cases_trend"]
    assert {row["数值"] for row in rows} == {""}
    assert (rows[0]["名称"], rows[0]["单位"]) == ("市局牵头组成的检查小组", "个")
    assert rows[0]["来源"] == "CHECK: 台应急便函〔2019〕69号 一、基本情况"
    with pytest.raises(DataError) as caught:
        Bulletin.open(Project(project), TAIZHOU, str(JULY), {})
    assert "facts.csv C2: a fact without a value" in str(caught.value)
    assert "the value of inspection_teams: 市局牵头组成的检查小组, in 个" in str(caught.value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_period_begun_from_a_draft_has_each_mark_once(project, workbook, lang):
    begin(Project(project), TAIZHOU, JULY, [workbook], lang)
    own = "<!-- CHECK: ask the bureau -->"
    first = project / f"reports/{TAIZHOU}/{JULY}.md"
    first.write_text(f"{first.read_text('utf-8')}\n{own}\n", "utf-8")
    begin(Project(project), TAIZHOU, Period.parse("2019-10-to-12"), [], lang)
    text = (project / f"reports/{TAIZHOU}/2019-10-to-12.md").read_text("utf-8")
    assert text.split("---\n", 2)[2].strip() == first.read_text("utf-8").split("---\n", 2)[2].strip()
    assert text.count("<!-- CHECK") == 3
    facts = (project / f"data/raw/{TAIZHOU}/2019-10-to-12/facts.csv").read_text("utf-8")
    assert "CHECK: 台应急便函" in facts
    assert "CHECK: CHECK" not in facts


def test_filled_in_it_is_a_draft_and_without_marks_it_is_none(project, workbook):
    begun(project, TAIZHOU, JULY, workbook, project / LAST / "serious-cases.csv")
    facts = project / f"data/raw/{TAIZHOU}/{JULY}/facts.csv"
    facts.write_text(re.sub("^([^,]+,[^,]+),,", r"\1,5,", facts.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    bulletin = Bulletin.open(Project(project), TAIZHOU, str(JULY), {})
    bulletin.require_sound()
    assert bulletin.narrative.title.endswith("（草稿）")
    for path in (project / f"data/raw/{TAIZHOU}/{JULY}/facts.csv", project / f"reports/{TAIZHOU}/{JULY}.md"):
        path.write_text(path.read_text("utf-8").replace("CHECK:", ""), "utf-8")
    assert not Bulletin.open(Project(project), TAIZHOU, str(JULY), {}).narrative.title.endswith("（草稿）")


def test_every_edition_gets_a_text(project):
    november = Period.parse("2026-11")
    made = begun(project, "hotline-monthly", november)
    assert "reports/hotline-monthly/2026-11.en.md" in [path.as_posix() for path in made.files]
    english = (project / "reports/hotline-monthly/2026-11.en.md").read_text("utf-8")
    assert english.startswith("# Main problems\n\n<!-- CHECK: last period's words")
    assert "still to be put into data/raw/hotline-monthly/2026-11/: synthetic-annex.csv" in made.remarks


def test_a_workbook_with_two_tables_serves_both(project, tmp_path):
    march, folder = Period.parse("2021-03"), project / "data/raw/wenzhou-monthly/2021-01-to-02"
    tables = []
    for name in ("annex1", "annex2"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as rows:
            tables.append([[number(text) for text in row] for row in csv.reader(rows)])
    book = as_xlsx(tmp_path / "both.xlsx", tables[0], 附件2=tables[1])
    made = begun(project, "wenzhou-monthly", march, book)
    assert [path.name for path in made.files] == [
        "annex1.xlsx",
        "annex2.xlsx",
        "facts.csv",
        "2021-03.en.md",
        "2021-03.md",
    ]


@pytest.mark.parametrize("taken", [f"reports/{TAIZHOU}/{JULY}.md", f"data/raw/{TAIZHOU}/{JULY}/annex.ods"])
def test_nothing_is_overwritten(project, workbook, taken):
    (project / taken).parent.mkdir(parents=True, exist_ok=True)
    (project / taken).write_text("mine", "utf-8")
    before = files(project)
    with pytest.raises(UsageError) as caught:
        begun(project, TAIZHOU, JULY, workbook)
    assert taken in str(caught.value)
    assert files(project) == before


def test_a_table_of_another_series_is_named_by_its_own_name_and_leaves_nothing(project, tmp_path):
    book = as_xlsx(tmp_path / "other.xlsx", [("单位", "来电（次）"), ("甲县", 1)])
    before = files(project)
    with pytest.raises(DataError) as caught:
        begun(project, TAIZHOU, JULY, book)
    assert str(caught.value).startswith(f"{book} [汇总]")
    assert files(project) == before


def test_a_series_that_reads_no_single_file_says_where_its_figures_go(project, workbook):
    with pytest.raises(UsageError, match="reads no single file"):
        begun(project, "wenzhou-records", Period.parse("2021-03"), workbook)


def test_a_second_period_of_a_drawn_up_series_by_the_command(project, workbook):
    said = tongbao(project, "new", f"{TAIZHOU}@{JULY}", "--from", str(workbook)).stdout
    assert f"written     data/raw/{TAIZHOU}/{JULY}/annex.xlsx" in said
    assert f"to check    reports/{TAIZHOU}/{JULY}.md:2  CHECK: the date of issue" in said
    assert f"still to be put into data/raw/{TAIZHOU}/{JULY}/: serious-cases.csv" in said
    edit(
        project / f"reports/{TAIZHOU}/{JULY}.md",
        " # CHECK: the date of issue; this is the first day after the period",
        "",
    )
    said = tongbao(project, "check", f"{TAIZHOU}@{JULY}", code=1).stdout
    assert f"reports/{TAIZHOU}/{JULY}.md:4  CHECK: the running number; last period's was 69" in said
    assert f"{JULY}.md:2  " not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["taizhou-andum@2019-07"], ["no series taizhou-andum", "did you mean taizhou-andun?"]),
        (["taizhou-andun@2019-07", "--title", "x"], ["only a new series takes these options", "--title"]),
        (["taizhou-andun@2019-13"], ["not a period"]),
        (["other"], ["a new series is drawn up from one table"]),
    ],
)
def test_usage_errors_exit_2(project, arguments, words):
    said = tongbao(project, "new", *arguments, code=2).stderr
    assert all(word in said for word in words), said
