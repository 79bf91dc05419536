"""Tables, lists and doubts of case records, each figure held against a plain recount of the same rows."""

import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import NAMES, doubted, draw_up, read_rows, recount

from conftest import ROOT, edit
from tongbao.basics.catalogue import catalogue
from tongbao.basics.errors import DataError, DefinitionError
from tongbao.basics.marks import places
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.case_records import ENTERPRISE_MEASURES, EnterpriseList
from tongbao.definition.project import Project
from tongbao.reading.tables import unit_names
from tongbao_records.enterprises import list_enterprises
from tongbao_records.files import open_records
from tongbao_records.tables import count_tables

ASSESSMENT = Project(ROOT).get_series("assessment")
YEAR = Period.parse("2021")
HEADERS = {name: header for header, name in NAMES.items()}


def written(path, rows):
    lines = [
        ",".join(HEADERS[name] for name in rows[0]),
        *(",".join(str(row[name]) for name in rows[0]) for row in rows),
    ]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def defaults(series):
    return {name: parameter.default for name, parameter in series.parameters.items()}


@pytest.mark.parametrize(
    ("name", "period"), [("assessment", "2020"), ("assessment", "2021"), ("wenzhou-records", "2021-01-to-02")]
)
def test_every_counted_cell_and_list_of_the_projects_series(name, period):
    project, covered = Project(ROOT), Period.parse(period)
    series = project.get_series(name)
    (path,) = project.records(name, covered)
    found = count_tables(series, covered, [(path, "cases.csv")], defaults(series))
    rows = read_rows(path, series)
    cells = {(table, unit, key): (cell.value, cell.source.records)
             for table, there in found.tables.items() for unit, row in there.rows.items()
             for key, cell in row.items()}  # fmt: skip
    assert cells == recount(series, covered, rows)
    assert len(cells) > 100
    parameters = {f"param.{key}": value for key, value in defaults(series).items()}
    for key, declared in series.enterprises.items():
        assert found.enterprises[key] == draw_up(declared, series, rows, covered, parameters, "cases.csv")
        assert found.enterprises[key]
    assert found.doubts == ()


days = st.one_of(st.just(""), st.dates(YEAR.start, YEAR.end).map(str))
visits = st.lists(
    st.fixed_dictionaries(
        {
            "inspection_date": st.dates(YEAR.start, YEAR.end).map(str),
            "unit": st.sampled_from(["甲县", "甲", "County A", "乙县", "丙"]),
            "enterprise": st.sampled_from(["", "西厂", "东厂"]),
            "enterprise_code": st.sampled_from(["", "A", "B", "C"]),
            "industry": st.sampled_from(["", "工贸", "矿山"]),
            "hazards": st.integers(2, 9),
            "serious_hazards": st.integers(0, 2),
            "rectification_due": days,
            "rectification_done": days,
            "penalty_date": days,
        }
    ),
    min_size=1,
    max_size=14,
)
lists = st.fixed_dictionaries(
    {
        "months": st.sampled_from([None, 1, 6]),
        "criteria": st.dictionaries(
            st.sampled_from("abc"),
            st.fixed_dictionaries(
                {
                    "measure": st.sampled_from(list(ENTERPRISE_MEASURES)),
                    "at_least": st.sampled_from([1, 2, 4, 30, "param.many"]),
                    "reason": st.just("{{ value }}"),
                }
            ),
            min_size=1,
        ),
    }
)


@pytest.mark.further
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=visits, declared=lists)
def test_any_list_is_the_one_drawn_up_row_by_row(tmp_path, records, declared):
    rows = [{"record_id": number} | record for number, record in enumerate(records)]
    path = written(tmp_path / "cases.csv", rows)
    wanted, order = EnterpriseList.model_validate(declared), [unit.id for unit in ASSESSMENT.units]
    with open_records([(path, "cases.csv")], ASSESSMENT.records) as opened:
        found = list_enterprises(
            opened, wanted, wanted.thresholds({"many": 3}), YEAR, unit_names(ASSESSMENT), order, "cases.csv"
        )
    rows = read_rows(path, ASSESSMENT)
    assert found == draw_up(wanted, ASSESSMENT, rows, YEAR, {"param.many": 3}, "cases.csv")


@pytest.mark.parametrize("seed", range(5))
def test_any_records_are_counted_as_row_by_row(tmp_path, seed):
    """The project's own records, shuffled, some dropped, some of their fields made blank or another's."""
    draw = random.Random(seed)  # noqa: S311  # draws, not secrets
    (path,) = Project(ROOT).records("assessment", YEAR)
    rows = draw.sample(read_rows(path, ASSESSMENT), 120)
    for row in rows:
        for name in draw.sample(["industry", "kind", "terminal", "enterprise_code", "unit", "random_task_due"], 2):
            other = draw.choice(rows)[name]
            row[name] = other if name == "unit" else draw.choice(["", other])
    names = {unit.id: unit.zh for unit in ASSESSMENT.units}
    spelled = [row | {"unit": draw.choice([names[row["unit"]], names[row["unit"]][0]])} for row in rows]
    path = written(tmp_path / "cases.csv", spelled)
    found = count_tables(ASSESSMENT, YEAR, [(path, "cases.csv")], defaults(ASSESSMENT))
    cells = {(table, unit, key): (cell.value, cell.source.records)
             for table, there in found.tables.items() for unit, row in there.rows.items()
             for key, cell in row.items()}  # fmt: skip
    assert cells == recount(ASSESSMENT, YEAR, rows)
    counts = {(doubt.rule, doubt.unit): doubt.count for doubt in found.doubts}
    assert list(counts.items()) == list(doubted(ASSESSMENT, rows, YEAR).items())


def test_doubtful_records_are_asked_of_each_county(project):
    """Thirty cases opened before their inspection in one county, three faults of one record in another."""
    path = project / "data/raw/wenzhou-records/2021-01-to-02/synthetic-cases.csv"
    one = dict.fromkeys(HEADERS, "") | {
        "inspection_date": "2021-01-10", "unit": "鹿城区", "serious_violation": "否", "penalty_date": "2021-01-20",
        "fine": "5", "accident_fine": "否", "note": "合成数据", "industry": "工贸", "suspended": "否", "collected": "0",
        "transferred": "否", "detained": "0",
    }  # fmt: skip
    rows = [one | {"record_id": f"D{n}", "case_date": f"2021-01-0{n % 9 + 1}"} for n in range(30)]
    faults = {"case_date": "2021-01-12", "penalty_date": "2021-01-11", "fine": "", "rectification_done": "2021-01-09"}
    rows.append(one | {"record_id": "D30", "unit": "龙湾区"} | faults)
    written(path.with_name("more-cases.csv"), rows)
    quality = Bulletin.open(Project(project), "wenzhou-records", "2021-01-to-02", {}).quality
    (issue, *others) = [issue for issue in quality if issue.kind == "records"]
    assert issue.message == {
        "zh": "鹿城区案件记录立案日期早于检查日期（30条），请核实。",
        "en": "Lucheng: the case was opened before the inspection (30 records).",
    }
    assert [(place.key, place.text) for place in places(issue.marked["zh"])] == [
        ("issue:unit@lucheng", "鹿城区"),
        ("records.case_after_inspection@lucheng", "30"),
    ]
    assert len(issue.cells) == 20
    assert str(issue.cells[0].source).endswith("more-cases.csv T2")
    assert issue.cells[0].text == "立案日期 2021-01-01，检查日期 2021-01-10"
    assert [(other.check, other.unit) for other in others] == [
        ("decision_needs_fine", "longwan"), ("mended_after_inspection", "longwan"), ("penalty_after_case", "longwan"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def as_received():
    """The assessment of that year as its records are."""
    return Bulletin.open(Project(ROOT), "assessment", "2021", {})


def blank(project, unit, name, which=slice(None)):
    """In the assessment of a year a county leaves a field of its records blank: in how many."""
    (path,) = Project(project).records("assessment", YEAR)
    lines = path.read_text("utf-8").splitlines()
    at = lines[0].split(",").index(f'"{HEADERS[name]}"')
    chosen = [index for index, line in enumerate(lines) if f'"{unit}"' in line.split(",")[2]][which]
    cells = {index: lines[index].split(",") for index in chosen}
    said = sum(bool(row[at].strip('"')) for row in cells.values())
    lines = [",".join((*row[:at], "", *row[at + 1 :])) if (row := cells.get(n)) else line
             for n, line in enumerate(lines)]  # fmt: skip
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return said


def blanked(project, unit, name, which=slice(None)):
    """The assessment of a year in which a county left a field blank, and how many records it did that in."""
    said = blank(project, unit, name, which)
    return Bulletin.open(Project(project), "assessment", "2021", {}), said


def test_a_field_that_a_county_left_blank_in_all_its_records_is_blank_and_no_zero(project):
    bulletin, said = blanked(project, "乙县", "collected")
    assert [bulletin.indicators.figure("collected", unit).value is None for unit in ("jia", "yi")] == [False, True]
    issues = [issue for issue in bulletin.quality if issue.unit == "yi" and "空白" in issue.message["zh"]]
    assert [(issue.level, issue.message["zh"]) for issue in issues] == [
        ("error", "乙县的已收缴罚款为空白，而同行其他数据已报；合计、平均数和排名会缺少该地，请补报。"),
        ("warning", f"乙县案件记录已收缴罚款（元）为空白，按此统计的数未计入（{said}条），请核实。"),
    ]
    assert "已收缴罚款（元） 空白" in issues[1].cells[0].text
    with pytest.raises(DataError, match="County B: 已收缴罚款 is blank although"):
        bulletin.require_sound()


@pytest.mark.further
def test_conditions_on_a_field_that_a_county_left_blank_have_no_zero_either(project):
    """Although a county without any such record has zero."""
    bulletin, _ = blanked(project, "乙县", "industry")
    columns = bulletin.series.tables["industries"].columns
    assert {bulletin.indicators.figure(name, "yi").value for name in columns} == {None}
    assert None not in {bulletin.indicators.figure(name, "jia").value for name in columns}
    (issue,) = [issue for issue in bulletin.quality if issue.check == "industry_blank"]
    assert (issue.level, issue.unit) == ("warning", "yi")
    assert issue.message["en"].startswith("County B: industry is blank, so that what is counted by it lacks the record")


@pytest.mark.further
def test_a_field_that_a_county_left_blank_in_some_records_is_told_with_their_number(project, as_received):
    full = as_received.indicators.figure("mobile_inspections", "yi")
    bulletin, said = blanked(project, "乙县", "terminal", slice(0, 40))
    figure = bulletin.indicators.figure("mobile_inspections", "yi")
    assert full.value - 40 <= figure.value < full.value
    (issue,) = bulletin.quality
    assert (issue.level, issue.check, issue.unit) == ("warning", "terminal_blank", "yi")
    assert said == 40
    assert f"（{said}条）" in issue.message["zh"]
    assert str(issue.cells[0].source).endswith(f"synthetic-cases.csv H{issue.cells[0].source.row}")


@pytest.mark.further
def test_what_may_be_blank_is_not_asked_for(project):
    """A task that is not done yet, and hazardous chemicals where none were seized."""
    for name in ("random_task_done", "rectification_done", "seized"):
        blank(project, "乙县", name)
    bulletin = Bulletin.open(Project(project), "assessment", "2021", {})
    assert bulletin.quality == ()
    assert bulletin.indicators.figure("random_tasks_on_time", "yi").value == 0


@pytest.mark.further
def test_a_source_is_loaded_only_by_a_series_that_declares_it(project):
    """Reading a series of files waits for neither DuckDB nor the reviewers' chance."""
    script = (
        "import sys; from tongbao.definition.project import Project; from tongbao.bulletin.bulletin import Bulletin\n"
        "Bulletin.open(Project.find(), 'wenzhou-monthly', '2021-01-to-02', {})\n"
        "assert not {'tongbao_records', 'duckdb', 'tongbao_chance'} & set(sys.modules), 'loaded by a series of files'\n"
        "Project.find().get_series('assessment')\n"
        "assert 'tongbao_records' in sys.modules and 'duckdb' not in sys.modules, 'loaded to check a definition'\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_records_that_are_not_there_are_asked_for(project):
    (path,) = Project(project).records("assessment", YEAR)
    path.unlink()
    with pytest.raises(DataError, match="assessment@2021: no file of case records") as caught:
        Bulletin.open(Project(project), "assessment", "2021", {})
    assert "data/raw/assessment/2021/*cases.*" in str(caught.value)


def abolished(project, *years):
    """A county that the series knows as a former one, with ten records in each of some years."""
    edit(project / "reports/assessment/series.yml", "\nrecords:\n",
         "\nformer_units: [{zh: 癸县, en: County K}]\n\nrecords:\n")  # fmt: skip
    for year in years:
        (path,) = Project(project).records("assessment", Period.parse(year))
        path.write_text(path.read_text("utf-8").replace('"甲县"', '"癸县"', 10), "utf-8")
    return Project(project)


@pytest.mark.further
def test_records_of_a_former_county_are_read_past_in_earlier_periods(project, as_received):
    changed = abolished(project, "2020")
    bulletin = Bulletin.open(changed, "assessment", "2021", {})
    before = bulletin.indicators.figure("last_year.inspections", "jia")
    plain = as_received.indicators.figure("last_year.inspections", "jia")
    assert before.value == plain.value - 10
    bulletin.require_sound()
    assert {str(period): [name.zh for name in names] for period, names in bulletin.former_units.items()} == {
        "2020": ["癸县"]
    }


@pytest.mark.further
def test_a_record_of_a_former_county_in_the_bulletins_own_period_is_refused(project):
    with pytest.raises(DataError, match="a row of a former unit") as caught:
        Bulletin.open(abolished(project, "2021"), "assessment", "2021", {})
    assert "synthetic-cases.csv C" in str(caught.value)
    assert str(caught.value).count("癸县") == 1


def test_a_county_that_nobody_knows_may_be_a_former_one(project):
    (path,) = Project(project).records("assessment", YEAR)
    path.write_text(path.read_text("utf-8").replace('"甲县"', '"癸县"', 10), "utf-8")
    with pytest.raises(DataError, match="unknown reporting unit in case records") as caught:
        Bulletin.open(Project(project), "assessment", "2021", {})
    assert "former_units" in str(caught.value)
    assert "已撤并的单位应列入系列的 former_units" in caught.value.told("zh", catalogue("zh"))


def test_tables_that_are_counted_are_not_summed_or_left_out_by_declaration(project):
    edit(project / "reports/assessment/series.yml", "    title: 计算考核指标所用的起数\n",
         "    title: 计算考核指标所用的起数\n    absent: summed\n")  # fmt: skip
    with pytest.raises(DefinitionError, match="absent is for tables read from a file"):
        Project(project).get_series("assessment")
