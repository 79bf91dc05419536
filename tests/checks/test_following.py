"""One wrong cell is one issue, with the ranks that it upsets; ranks that are wrong by themselves show one by one."""

import csv
import io

import pytest

from conftest import tongbao
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

TAIZHOU = ("taizhou-andun", "2019-04-to-06")
WENZHOU = ("wenzhou-monthly", "2021-01-to-02")
RATE, RANK, CASES = 8, 9, 7


def table(project, which, name="annex.csv"):
    return project / "data/raw" / "/".join(which) / name


def changed(project, *changes, which=TAIZHOU, name="annex.csv"):
    """The issues about reported figures of units, after some cells were given another text."""
    path = table(project, which, name)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    for unit, column, new in changes:
        next(row for row in rows if row[0] == unit)[column] = new
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    original = path.read_text("utf-8")
    path.write_text(text.getvalue(), "utf-8")
    found = Bulletin.open(Project(project), *which, {}).quality
    path.write_text(original, "utf-8")
    return [issue for issue in found if issue.kind == "reported" and issue.unit is not None]


def test_a_wrong_count_is_one_issue_that_counts_the_ranks_it_upsets(project):
    (issue,) = changed(project, ("黄岩区", CASES, "4"))
    assert (issue.check, issue.unit) == ("reported-rate", "huangyan")
    assert issue.message["zh"] == (
        "黄岩区的立案调查填为4，而合计342和该地填报的检查处罚率%21.0都按49计，由此9个名次不符。"
    )
    assert issue.message["en"].endswith("21.0 go by 49; 9 ranks follow from it.")
    assert [figure.formula for figure in issue.figures.values() if figure.text == "9"] == [
        "count(not (rank(penalty_rate) == reported_rank or blank(rank(penalty_rate)) and blank(reported_rank)))"
    ]


def test_only_its_county_gets_a_return_sheet(project):
    path = table(project, TAIZHOU)
    path.write_text(path.read_text("utf-8").replace(",4,49,21.0", ",4,4,21.0"), "utf-8")
    tongbao(project, "check", TAIZHOU[0])
    folder = project / f"data/processed/{'/'.join(TAIZHOU)}/feedback"
    # 路桥区 and 温岭市 are asked about more records than inspections, as ever.
    assert {path.stem for path in folder.iterdir()} == {"黄岩区", "路桥区", "温岭市"}


@pytest.mark.parametrize("column", [1, CASES])
def test_whatever_a_count_is_changed_to_only_its_own_unit_is_named(project, column):
    path = table(project, TAIZHOU)
    for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
        if row[0] in ("单位", "合计"):
            continue
        for new in (row[column] + "0", row[column][:-1] or "0", str(int(row[column]) * 2)):
            issues = changed(project, (row[0], column, new))
            assert len({issue.unit for issue in issues}) == 1
            assert [issue.check for issue in issues] == ["reported-rate"]


def test_one_rank_that_follows_is_one(project):
    """5.5 % puts 三门县 behind nobody but itself and one more: 6.1 and 5.5 lie between 6.7 and 4.0, so none moves."""
    (issue,) = changed(project, ("三门县", CASES, "19"))
    assert "名次" not in issue.message["zh"]
    (issue,) = changed(project, ("仙居县", CASES, "25"))  # 6.3 %: before 三门县's 6.1 %
    assert issue.message["zh"].endswith("都按16计，由此2个名次不符。")


def test_a_rank_that_is_wrong_by_itself_shows_beside_what_follows(project):
    rate, rank = changed(project, ("黄岩区", CASES, "4"), ("玉环市", RANK, "7"))
    assert (rate.unit, rank.unit, rank.check) == ("huangyan", "yuhuan", "reported-rank")
    assert "由此8个名次不符" in rate.message["zh"]
    assert rank.message["zh"] == "玉环市填报的排名为7，按数据计算为1。"


def test_two_wrong_counts_are_two_issues(project):
    issues = changed(project, ("黄岩区", CASES, "4"), ("路桥区", CASES, "120"))
    assert [(issue.check, issue.unit) for issue in issues] == [
        ("reported-rate", "huangyan"),
        ("reported-rate", "luqiao"),
    ]
    assert all("由此" in issue.message["zh"] for issue in issues)


def test_ranks_that_changed_places_are_two_issues(project):
    issues = changed(project, ("椒江区", RANK, "7"), ("天台县", RANK, "8"))
    assert [(issue.check, issue.unit) for issue in issues] == [
        ("reported-rank", "jiaojiang"),
        ("reported-rank", "tiantai"),
    ]


def test_a_rate_and_a_rank_mistyped_together_are_two(project):
    issues = changed(project, ("椒江区", RATE, "9.9"), ("椒江区", RANK, "1"))
    assert [issue.check for issue in issues] == ["reported-rate", "reported-rank"]
    assert not any("由此" in issue.message["zh"] for issue in issues)


def test_where_no_rate_is_reported_the_one_that_moved_is_named(project):
    """鹿城区's fines with a digit lost: third by its own rank, seventh by its figure."""
    (issue,) = changed(project, ("鹿城区", 1, "4.25"), ("鹿城区", 2, "4.25"), which=WENZHOU, name="annex1.csv")
    assert (issue.check, issue.unit) == ("reported-rank", "lucheng")
    assert issue.message["zh"] == "鹿城区填报的排序为3，按数据计算为7，由此4个名次不符。"


def blanks(project, kind):
    found = Bulletin.open(Project(project), *WENZHOU, {}).quality
    return [issue for issue in found if issue.kind == kind]


def rewrite(project, keep):
    path = table(project, WENZHOU, "annex1.csv")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([row if at == 0 else keep(at, row) for at, row in enumerate(rows)])
    path.write_text(text.getvalue(), "utf-8")


def test_a_table_that_most_units_left_blank_is_one_issue_that_names_them(project):
    rewrite(project, lambda at, row: row if at in (1, 2) else [row[0], *[""] * (len(row) - 1)])
    (issue,) = blanks(project, "blank_returns")
    assert issue.unit is None
    assert issue.message["zh"].startswith("瓯海区、洞头区、乐清市、")
    assert issue.message["zh"].endswith("龙港市在《全市安全生产执法有关数据汇总表》中各项为空，不参加排名。")
    assert len({cell.unit for cell in issue.cells}) == 11


def test_columns_that_most_units_left_blank_are_one_error_that_names_them(project):
    rewrite(project, lambda at, row: row if at in (1, 2) or not row[1] else [*row[:6], "", *row[7:]])
    (issue,) = blanks(project, "incomplete")
    assert (issue.unit, issue.level) == (None, "error")
    assert issue.message["zh"].startswith(
        "瓯海区、洞头区、乐清市、瑞安市、永嘉县、泰顺县、苍南县、龙港市的检查处罚率为空白"
    )


def test_blanks_of_a_few_units_stand_one_by_one(project):
    rewrite(project, lambda at, row: row if at != 1 else [*row[:6], "", *row[7:8], "", *row[9:]])
    assert [issue.unit for issue in blanks(project, "incomplete")] == ["lucheng", "lucheng"]
