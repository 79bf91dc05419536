"""What a drafted series says of tables that are wide, in English, grouped, tied or full of zeros."""

import pytest
from tables import as_csv, as_xlsx

from conftest import bare_project
from tongbao.basics.errors import DataError
from tongbao.basics.marks import plain
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_desk.draft import create


@pytest.fixture
def empty(tmp_path):
    return Project(bare_project(tmp_path / "project"))


def test_a_table_in_english_with_a_row_of_units_is_read_back_as_drawn_up(empty):
    rows = [
        ("District", "Spent", "Calls"),
        ("", "万元", "件"),
        ("North Bay", 1, 2),
        ("South Quay", 2, 3),
        ("Total", 3, 5),
    ]
    create(empty, "bay", as_xlsx(empty.root / "t.xlsx", rows), Period.parse("2026-10"))
    series = empty.get_series("bay")
    assert [(unit.id, unit.zh, unit.en) for unit in series.units] == [
        ("north_bay", "North Bay", "North Bay"),
        ("south_quay", "South Quay", "South Quay"),
    ]
    bulletin = Bulletin.open(empty, "bay", "2026-10", {})
    assert bulletin.received.tables["main"].total["calls"].value == 5
    assert "Spent列前两位的是South Quay和North Bay" in plain(bulletin.findings["spent_top"].marked["zh"])


@pytest.mark.parametrize("count", [1, 30, 100])
def test_a_table_of_any_width_is_drafted_so_that_it_can_be_built(empty, count):
    heads = [f"第{at}类案件（件）" for at in range(count)]
    rows = [
        ("单位", *heads),
        *((unit, *(at * 7 % 31 + 1000 for at in range(count))) for unit in ("甲县", "乙县", "丙县")),
    ]
    made = create(empty, "wide", as_xlsx(empty.root / "t.xlsx", rows), Period.parse("2026-10"))
    bulletin = Bulletin.open(empty, "wide", "2026-10", {})
    bulletin.require_sound()
    annexes = bulletin.series.annexes
    printed = [name for annex in annexes for name in bulletin.series.columns_printed(annex)]
    assert printed == list(bulletin.series.tables["main"].columns)
    assert len({annex.title.zh for annex in annexes}) == len(annexes)
    notebook = (empty.root / "notebooks/wide.ipynb").read_text("utf-8")
    assert notebook.count("bulletin.annex(") == len(annexes)
    assert any(remark.startswith("annexes: no page takes all columns") for remark in made.remarks) is (count > 24)


@pytest.mark.parametrize(
    ("header", "drafted", "asked"),
    [
        ("事故（起）", False, False),
        ("检查（家次）", True, False),
        ("受理（件）", True, True),
        ("超期（件）", False, False),
    ],
)
def test_none_is_a_problem_only_of_what_is_to_be_done(empty, header, drafted, asked):
    rows = [("单位", header), ("甲县", "0"), ("乙县", "0"), ("丙县", "3")]
    made = create(empty, "none", as_csv(empty.root / "t.csv", rows), Period.parse("2026-10"), lang="en")
    text, prose = ((empty.root / made.files[at]).read_text("utf-8") for at in (0, 1))
    assert ("zero" in empty.get_series("none").findings) is drafted is ("finding.zero" in prose)
    assert ("# CHECK: is a zero a shortcoming?" in text) is asked
    assert any("is a zero a shortcoming?" in remark for remark in made.remarks) is asked


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((9, 8, 7, 7, 7), "列前两位的是甲县和乙县"),
        ((9, 8, 8, 8, 7), "列首位的是甲县"),
        ((9, 9, 9, 9, 7), None),
        ((0, 0, 0, 0, 0), None),
        ((9, 8, 8, 7, 6), "列前三位的是甲县、乙县和丙县"),
    ],
)
def test_as_many_places_are_told_as_units_are_named(empty, figures, words):
    rows = [("单位", "检查（家次）"), *zip(("甲县", "乙县", "丙县", "丁县", "戊县"), figures, strict=True)]
    create(empty, "tied", as_xlsx(empty.root / "t.xlsx", rows), Period.parse("2026-10"))
    found = Bulletin.open(empty, "tied", "2026-10", {}).findings
    said = [plain(finding.marked["zh"]) for name, finding in found.items() if name.endswith("_top")]
    assert said == ([f"检查{words}"] if words else [])


@pytest.mark.parametrize("merged", [["A2:A3", "A4:A5"], []])
def test_a_column_that_groups_the_units_is_not_theirs(empty, merged):
    rows = [
        ("片区", "单位", "报修（件）"),
        ("东片", "甲县", 1),
        ("东片", "乙县", 2),
        ("西片", "丙县", 3),
        ("西片", "丁县", 4),
    ]
    made = create(empty, "grouped", as_xlsx(empty.root / "t.xlsx", rows, merged), Period.parse("2026-10"))
    assert [unit.zh for unit in empty.get_series("grouped").units] == ["甲县", "乙县", "丙县", "丁县"]
    assert "片区: a column of words, which is not read" in made.remarks


def test_a_unit_that_stands_twice_is_refused_with_what_to_do(empty):
    rows = [("单位", "联系人", "报修（件）"), ("甲县", "张三", 1), ("甲县", "李四", 2), ("乙县", "王五", 3)]
    with pytest.raises(DataError, match="reporting unit stands twice") as refused:
        create(empty, "twice", as_xlsx(empty.root / "t.xlsx", rows), Period.parse("2026-10"))
    assert refused.value.hint == "if units are named in another column, delete this one"
