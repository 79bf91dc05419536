"""tongbao new: a table as received becomes a series that builds, fits the schema and is accounted for."""

import json
import shutil
import sys
from decimal import Decimal

import nbformat
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tables import (
    GROUPED,
    GROUPED_MERGED,
    GROUPED_PERCENT,
    OFFICE,
    OFFICE_MERGED,
    RATES,
    TITLED,
    as_csv,
    as_ods,
    as_xlsx,
)

from conftest import ROOT, bare_project, tongbao
from pages import pdf_pages
from tongbao.basics.catalogue import catalogue
from tongbao.basics.errors import DataError, TongbaoError, UsageError
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.cli import main
from tongbao.definition.project import Project
from tongbao_desk.draft import create
from tongbao_desk.draft.notebook import notebook_text
from tongbao_verify.page import read_docx, read_page


def from_one_build(test):
    """A long test that looks at what was built once."""
    return pytest.mark.long(pytest.mark.xdist_group("draft")(test))


SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas/series.schema.json").read_text("utf-8")))


@pytest.fixture
def empty(tmp_path):
    return Project(bare_project(tmp_path / "project"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Three tables, each of its kind, made into series and built together by the command."""
    folder = bare_project(tmp_path_factory.mktemp("new") / "project", to_build=True)
    as_csv(folder / "2026年10月.csv", TITLED, "gb18030")
    as_xlsx(folder / "t.xlsx", GROUPED, GROUPED_MERGED, GROUPED_PERCENT, 明细=(("单位", "数"), ("甲县", 5)))
    as_ods(folder / "r.ods", RATES)
    said = [
        tongbao(folder, "new", "hotline", "--from", "2026年10月.csv", "--authority", "云川市热线办").stdout,
        tongbao(folder, "new", "checks", "--from", "t.xlsx", "--synthetic").stdout,
        tongbao(
            folder, "new", "rates", "--from", "r.ods", "--period", "2026-q4", "--title", "12345热线回访情况"
        ).stdout,
    ]
    said.append(tongbao(folder, "build", "--engine", "embedded").stdout)
    return folder, said


def test_a_table_as_offices_have_it(empty, tmp_path):
    path = as_xlsx(tmp_path / "t.xlsx", OFFICE, OFFICE_MERGED, [f"H{row}" for row in range(4, 8)])
    made = create(empty, "office", path, lang="zh")
    said = [catalogue("zh")(remark) for remark in made.remarks]
    assert "整改率: 整改÷发现隐患，除青崖县外各填报单位都相符：照填报印出，没有全市的数据" in said
    assert empty.get_series("office").unbroken == ("行政执法", "情况", "的通报")
    figure = Bulletin.open(empty, "office", "2026-10", {}).indicators.figure("zhenggailv", "xishan")
    assert (figure.text, round(figure.value, 8)) == ("98.71", Decimal("98.71382637")), "printed short, counted in full"


def files(root):
    """All but the locks of a command that is done."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.startswith(".tongbao/"))


@from_one_build
def test_the_files_are_where_they_belong_and_named(built):
    folder, said = built
    expected = ["reports/hotline/series.yml", "reports/hotline/2026-10.md", "notebooks/hotline.ipynb",
                "data/raw/hotline/2026-10/annex.csv"]  # fmt: skip
    assert [line.split()[1] for line in said[0].splitlines() if line.startswith("written")] == expected
    assert all((folder / path).is_file() for path in expected)
    assert (folder / "data/raw/checks/2026-q3/synthetic-annex.xlsx").is_file()
    assert "other sheets were not read: 明细" in said[1]
    assert "tongbao verify --audit rates@2026-q4" in said[2]


@from_one_build
def test_what_is_not_known_is_said_in_the_file_and_in_the_printout(built):
    folder, said = built
    text = (folder / "reports/hotline/series.yml").read_text("utf-8")
    remarks = [line.split(maxsplit=2)[2] for line in said[0].splitlines() if line.startswith("to check")]
    assert any("满意率: no two columns give it for every unit" in remark for remark in remarks)
    assert "# CHECK: no two columns give it for every unit" in text
    assert "addressees: （待填：主送单位） # CHECK" in text
    assert "CHECK: the issuer" not in text, "it was given"
    assert "CHECK: the issuer" in (folder / "reports/checks/series.yml").read_text("utf-8")


@from_one_build
def test_a_draft_says_that_it_is_one(built):
    folder, said = built
    page = folder / "_site/reports/hotline/2026-10"
    blocks = [block.text for block in read_page(page.with_suffix(".html"))]
    assert "【草稿】本文尚有待定内容，不得发布。" in blocks
    assert any(text.endswith("的通报（草稿）") for text in blocks)
    assert all(text.startswith("草稿\r\n") for text in pdf_pages(page.with_suffix(".pdf")))
    assert read_docx(page.with_suffix(".docx")).startswith("草稿\n")
    assert (folder / "_site/index.html").read_text("utf-8").count("（草稿）") == 3
    for record in ("findings", "quality"):
        assert json.loads((folder / f"data/processed/hotline/2026-10/{record}.json").read_text("utf-8"))["draft"]
    assert "reports/hotline/series.yml:10  （待填：主送单位）" in tongbao(folder, "check", "hotline").stdout
    assert "points left to settle, not for publication: tongbao check hotline@2026-10 lists them" in said[3]
    # What is built in vain is still said to be a draft.
    assert "left to settle" in tongbao(folder, "build", "hotline", "--engine", "embedded").stdout


@from_one_build
def test_what_is_known_is_declared(built):
    folder, _ = built
    series = Project(folder).get_series("hotline")
    assert series.subject.zh == "云川市12345热线办理情况"
    assert series.title.zh == "关于{{ period }}云川市12345热线办理情况的通报"
    assert series.names == ("12345热线",)
    assert series.tables["main"].total_row.zh == "合计"
    assert series.tables["main"].total_mark == "/"
    assert [(unit.id, unit.zh, unit.short, unit.en) for unit in series.units][1:] == [
        ("donghu", "东湖区", "东湖", "Donghu"),
        ("qingshi", "青石县", "青石", "Qingshi"),
        ("bailu", "白鹭镇", "白鹭", "Bailu Town"),
    ]
    assert series.indicators["anshibanjielv"].formula == "anshibanjie / yingbanjie * 100"
    checks = Project(folder).get_series("checks")
    assert (checks.area.zh, checks.tables["main"].total_row.zh, checks.unit_kind.zh) == ("全县", "全县", "镇（街道）")
    assert checks.synthetic


@from_one_build
@pytest.mark.parametrize("name", ["hotline", "checks", "rates"])
def test_the_definition_fits_the_schema_and_the_notebook_is_thin(built, name):
    folder, _ = built
    assert (
        list(
            SCHEMA.iter_errors(yaml.load((folder / f"reports/{name}/series.yml").read_text("utf-8"), yaml.CSafeLoader))
        )
        == []
    )
    path = folder / f"notebooks/{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [f"c{number:02d}" for number in range(len(notebook.cells))]
    assert not any(cell.get("outputs") for cell in notebook.cells)


@from_one_build
@pytest.mark.parametrize("name", ["hotline", "checks", "rates"])
def test_it_builds_in_all_formats_and_its_checks_pass(built, name):
    folder, _ = built
    period = Project(folder).periods(name)[0]
    for suffix in ("html", "pdf", "docx"):
        assert (folder / f"_site/reports/{name}/{period}.{suffix}").stat().st_size > 5000
    assert "error" not in tongbao(folder, "check", name).stdout


@from_one_build
@pytest.mark.parametrize("name", ["hotline", "rates"])
def test_every_number_is_accounted_for(built, name):
    folder, _ = built
    (record,) = json.loads(tongbao(folder, "verify", "--audit", "--json", name).stdout)
    assert record["changes"] == []
    assert record["audit"]["left_over"] == []


@from_one_build
def test_the_page_says_what_the_table_gives(built):
    folder, _ = built
    record = json.loads((folder / "data/processed/hotline/2026-10/findings.json").read_text("utf-8"))
    said = {finding["id"]: finding["text"]["zh"] for finding in record["findings"]}
    assert said == {
        "headline": "2026年10月，全市受理量2550件，应办结2480件（不含青石县），按时办结2418件，按时办结率97.50%",
        "anshibanjielv_top": "按时办结率列前三位的是云江区、东湖区和白鹭镇，不含青石县",
        "shouliliang_top": "受理量列前三位的是云江区、东湖区和白鹭镇",
        "rate_below": "按时办结率低于95%的有白鹭镇，不含青石县",
        "zero": "仅青石县受理量为零或未报送",
        "nothing_reported": "各地均已报送《云川市12345热线办理情况统计表》",
    }


@from_one_build
def test_parameters_reach_the_sentences(built):
    folder, _ = built
    shown = tongbao(folder, "diff", "hotline@2026-10", "-p", "below_rate=98.5", "-p", "top_n=1").stdout
    assert "按时办结率低于98.5%的有白鹭镇和东湖区" in shown
    assert "按时办结率列首位的是云江区" in shown


@from_one_build
def test_an_existing_series_is_never_touched(built):
    folder, _ = built
    before = {path: (folder / path).read_bytes() for path in files(folder) if not path.startswith(".tongbao")}
    for name in ("hotline", "index"):
        said = tongbao(folder, "new", name, "--from", "2026年10月.csv", code=2).stderr
        assert f"series {name} exists already" in said
        assert "take another id" in said
    assert {path: (folder / path).read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Hot Line", "--from", "t.csv"], ["not a series' id", "small letters"]),
        (["hot", "--from", "t.csv"], ["the period is not known", "--period 2026-10"]),
        (["hot", "--from", "t.csv", "--period", "2026-13"], ["not a period"]),
        (["hot"], ["--from"]),
    ],
)
def test_usage_errors_exit_2_and_write_nothing(empty, monkeypatch, capsys, arguments, words):
    as_csv(empty.root / "t.csv", RATES)
    before = files(empty.root)
    monkeypatch.chdir(empty.root)
    monkeypatch.setattr(sys, "argv", ["tongbao", "new", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert all(word in said for word in words), said
    assert files(empty.root) == before


FAULTY = {
    "no header": ([("甲县", "1"), ("乙县", "2")], "no table found", "t.csv"),
    "no figures": ([("单位", "受理（件）"), ("甲县", ""), ("乙县", "")], "no table found", "t.csv"),
    "a word for a figure": ([("单位", "受理（件）"), ("甲县", "1"), ("乙县", "两件")], "not a number", "t.csv B3"),
    "a percentage": ([("单位", "受理（件）"), ("甲县", "1"), ("乙县", "2%")], "a percentage where none", "t.csv B3"),
    "a unit twice": ([("单位", "受理（件）"), ("甲县", "1"), ("甲县", "2")], "stands twice", "t.csv A3"),
    "a figure without a unit": ([("单位", "受理"), ("甲县", "1"), ("", "2")], "without a unit's name", "t.csv A3"),
    "no header above a figure": ([("单位", "受理（件）", ""), ("甲县", "1", "3")], "without a header", "t.csv C1"),
    "numbered columns": ([("单位", "受理", "办结"), ("甲", "1", "2"), ("甲县", "5", "4")], "numbers the", "t.csv A2"),
    "words below": ([("单位", "受理"), ("甲县", "5"), ("合计", "5"), ("张三", "")], "words below", "t.csv A4"),
    "two totals": ([("单位", "受理"), ("甲县", "5"), ("合计", "5"), ("总计", "5")], "a second totals' row", "t.csv A4"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_a_table_that_cannot_be_read_is_named_by_its_place_and_leaves_nothing(empty, name):
    rows, words, place = FAULTY[name]
    path = as_csv(empty.root / "t.csv", rows)
    before = files(empty.root)
    with pytest.raises(DataError) as caught:
        create(empty, "hot", path, Period.parse("2026-10"))
    assert words in str(caught.value)
    assert place in str(caught.value)
    assert "data/raw" not in str(caught.value), "the file is named as it was given"
    assert files(empty.root) == before
    assert not list(empty.work.glob("new-*"))


def test_a_fault_in_a_workbook_is_named_with_its_sheet(empty):
    path = as_xlsx(empty.root / "t.xlsx", [("单位", "受理（件）"), ("甲县", 1), ("乙县", "?")])
    with pytest.raises(DataError) as caught:
        create(empty, "hot", path, Period.parse("2026-10"))
    assert "t.xlsx [汇总] B3" in str(caught.value)


@pytest.mark.parametrize("name", ["t.pdf", "nowhere.csv"])
def test_a_file_that_is_none_is_refused(empty, name):
    if name == "t.pdf":
        (empty.root / name).write_bytes(b"%PDF")
    with pytest.raises(DataError):
        create(empty, "hot", empty.root / name, Period.parse("2026-10"))


def test_a_failure_while_files_are_put_in_place_takes_them_back(empty, monkeypatch):
    path = as_csv(empty.root / "t.csv", RATES)
    before = files(empty.root)
    (empty.root / "notebooks/hot.ipynb").mkdir()
    with pytest.raises(UsageError):
        create(empty, "hot", path, Period.parse("2026-10"))
    (empty.root / "notebooks/hot.ipynb").rmdir()
    (empty.root / "notebooks").chmod(0o555)
    shutil.rmtree(empty.root / "reports")
    (empty.root / "reports").write_text("a file where a folder should be", "utf-8")
    with pytest.raises((OSError, TongbaoError)):
        create(empty, "hot", path, Period.parse("2026-10"))
    (empty.root / "notebooks").chmod(0o755)
    assert [name for name in files(empty.root) if name not in before] == ["reports"]


def test_the_notebook_passes_every_parameter_and_shows_every_part():
    project = Project(ROOT)
    for name in project.series_names:
        series = project.get_series(name)
        text = notebook_text(series, "2026-10")
        for parameter in series.parameters:
            assert f"{parameter}={parameter}" in text
        for section in series.sections:
            assert f'bulletin.section(\\"{section.id}\\")' in text
        for chart in series.charts:
            assert f'bulletin.chart(\\"{chart}\\")' in text
        assert text.count("bulletin.annex(") == len(series.annexes)


def test_percentages_of_which_none_is_above_1_are_drafted_as_they_are_and_asked_about(empty):
    rows = [("单位", "事故率（%）", "受理（件）"), ("甲县", "1", "3"), ("乙县", "0.3", "4"), ("丙县", "0", "5")]
    made = create(empty, "small", as_csv(empty.root / "t.csv", rows), Period.parse("2026-10"))
    assert "事故率: no figure is above 1 %: right, or is 0.97 meant as 97 %?" in made.remarks
    bulletin = Bulletin.open(empty, "small", "2026-10", {})
    (rate,) = [name for name, column in bulletin.series.columns.items() if column.unit == "%"]
    assert list(bulletin.indicators.values(rate).values()) == [Decimal(1), Decimal("0.3"), Decimal(0)]


UNITS = st.lists(st.text("云川江湖石鹭白青山水南北东西", min_size=2, max_size=3).map(lambda stem: f"{stem}县"),
                 min_size=2, max_size=6, unique=True)  # fmt: skip
HEADERS = st.lists(
    st.sampled_from(["受理量（件）", "应办结（件）", "按时办结率（%）", "满意率", "平均时长（小时）", "同比增长（%）",
                     "12345热线来电（次）", "数量", "罚款(万元)", "其中：退回", "no", "null", "a: b", "# 号",
                     "（本月）", "排名"]),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip
FIGURES = st.one_of(
    st.integers(0, 3000).map(str), st.decimals(0, 100, places=2).map(str), st.sampled_from(["", "0", "—"])
)


@given(st.data())
def test_whatever_is_written_loads_fits_the_schema_and_can_be_filled(tmp_path_factory, data):
    units, headers = data.draw(UNITS), data.draw(HEADERS)
    body = [[unit, *(data.draw(FIGURES) for _ in headers)] for unit in units]
    body[0][1] = "17"  # a table has a figure
    total = data.draw(st.booleans())
    rows = [["单位", *headers], *body, *([["合计", *[""] * len(headers)]] if total else [])]
    project = Project(bare_project(tmp_path_factory.mktemp("any") / "project"))
    made = create(project, "any", as_csv(project.root / "t.csv", rows), Period.parse("2026-10"))
    text = (project.root / made.files[0]).read_text("utf-8")
    assert list(SCHEMA.iter_errors(yaml.load(text, yaml.CSafeLoader))) == []
    assert [unit.zh for unit in project.get_series("any").units] == units
    Bulletin.open(project, "any", "2026-10", {}).narrative.compose()


def test_words_and_a_total_before_the_names_are_read_as_drawn_up(empty):
    rows = [
        ("序号", "断面", "水质状况", "取水（次）"),
        (1, "甲河", "Ⅳ类", 3),
        (2, "乙河", "Ⅲ类", 4),
        ("合计", "", "", 7),
    ]
    made = create(empty, "water", as_xlsx(empty.root / "t.xlsx", rows), Period.parse("2026-10"))
    assert empty.get_series("water").tables["main"].ignore == ("水质状况",)
    assert "水质状况: a column of words, which is not read" in made.remarks
    bulletin = Bulletin.open(empty, "water", "2026-10", {})
    assert bulletin.received.tables["main"].total["qushui"].value == 7
    assert bulletin.quality == ()


def test_what_is_not_known_is_neither_summed_nor_ranked(empty):
    rows = [("地区", "PM2.5（μg/m³）"), ("甲区", "31"), ("乙区", "42")]
    create(empty, "air", as_csv(empty.root / "t.csv", rows), Period.parse("2026-10"))
    series = empty.get_series("air")
    (column,) = series.columns.values()
    assert (column.unit, column.area) == ("μg/m³", "none")
    assert set(series.findings) == {"spread", "nothing_reported"}


def test_a_totals_row_that_is_no_sum_gives_the_figure_of_the_whole_area(empty):
    rows = [
        ("单位", "产值（亿元）", "增速（%）", "满意率（%）", "排名"),
        ("甲县", "20.1", "1.5", "98.5", "1"),
        ("乙县", "30.2", "7.5", "97.1", "2"),
        ("合计", "50.3", "5.5", "", "/"),
    ]
    made = create(empty, "growth", as_csv(empty.root / "t.csv", rows), Period.parse("2026-10"))
    areas = {name: column.area for name, column in empty.get_series("growth").columns.items()}
    assert list(areas.values()) == ["sum", "reported", "none", "sum"]
    assert "also for the whole area" in " ".join(made.remarks)
    bulletin = Bulletin.open(empty, "growth", "2026-10", {})
    assert bulletin.indicators.figure(list(areas)[1]).text == "5.5"
    assert [issue for issue in bulletin.quality if issue.level != "note"] == []


def test_rows_that_are_no_units_are_read_past(empty):
    rows = [
        ("序号", "单位", "受理（件）"),
        ("1", "甲县", "1"),
        ("", "其中：高新区", "1"),
        ("市区小计", "", "1"),
        ("2", "乙县", "4"),
        ("", "平均", "2.5"),
        ("", "合计", "5"),
    ]
    made = create(empty, "past", as_csv(empty.root / "t.csv", rows), Period.parse("2026-10"))
    table = empty.get_series("past").tables["main"]
    assert table.ignore_rows == ("其中：高新区", "市区小计", "平均")
    assert "其中：高新区: a row that is no unit, which is read past" in made.remarks
    bulletin = Bulletin.open(empty, "past", "2026-10", {})
    assert [bulletin.indicators.figure(name).text for name in table.columns] == ["5"]
    assert bulletin.quality == ()
