"""Changes against the same period last year: percent for quantities, percentage points for rates."""

import re
import shutil

import pytest

from conftest import edit
from tongbao.basics.errors import DefinitionError
from tongbao.basics.marks import plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

RAW = "data/raw/wenzhou-monthly"


def changes(project):
    bulletin = Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})
    return {figure.label: plain(figure.change or figure.missing) for figure in bulletin.narrative.key_figures()}


@pytest.fixture
def last_year(project):
    """Last year's figures: 200 inspections, 87 penalties (43.50 %), and no fact for one of them."""
    shutil.copytree(project / RAW / "2021-01-to-02", project / RAW / "2020-01-to-02")

    def change(old, new):
        path = project / RAW / "2020-01-to-02" / "facts.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def not_compared(project):
    bulletin = Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})
    return [bulletin.narratives[lang].not_compared() for lang in ("zh", "en")]


def test_without_last_year_it_says_so_once(project):
    assert set(changes(project).values()) == {"无上年同期数据"}
    assert not_compared(project) == [["无上年同期数据。"], ["No figures for the same period last year."]]


def test_one_figure_without_last_years_is_named(project, last_year):
    last_year("penalties,", "other,")
    assert not_compared(project)[0] == ["实施行政处罚、检查处罚率：上年同期未报送。"]


def test_main_points_state_nothing_that_is_missing(project):
    """A month without last year's or the month before: neither a change nor a list of changes is a main point."""
    rules = """findings:
  on_year: {rule: change, value: fines, against: last_year, wording: {rise: 升, fall: 降}}
  fallen: {rule: list, measure: penalty_rate, change: last_year, below: 0, wording: {default: "{{ units }}"}}
"""
    points = """main_points:
  - "{{ finding.on_year }}。"
  - "罚款额{{ figure.fines }}万元；{{ finding.fallen }}。"
"""
    file = project / "reports/wenzhou-monthly/series.yml"
    text = file.read_text("utf-8").replace("languages: [zh, en]\n", "")
    for name in ("rate_below", "hazchem_top"):  # at most six points
        text = re.sub(rf"  - {{zh: .{{4}}finding.{name} }}}}.*\n", "", text)
    file.write_text(text.replace("findings:\n", rules, 1).replace("main_points:\n", points, 1), "utf-8")
    for path in project.glob("reports/wenzhou-monthly/*.en.md"):
        path.unlink()
    found = []
    for name in ("2021-01-to-02", "2020-01-to-02"):  # without last year's, then with
        bulletin = Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})
        found.append([plain(point) for point in bulletin.narrative.main_points()])
        if name == "2021-01-to-02":
            shutil.copytree(project / RAW / name, project / RAW / "2020-01-to-02")
    without, compared = found
    assert not any("无上年同期" in point or "未报送" in point for point in without)
    assert len(compared) == len(without) + 2
    assert without[0].startswith("全市检查企业248家次")


def test_quantities_in_percent_and_rates_in_points(project, last_year):
    last_year("检查企业,248", "检查企业,200")
    assert changes(project) == {
        "检查企业": "同比上升24.0%",
        "实施行政处罚": "同比持平",
        "罚款额": "同比持平",
        "检查处罚率": "同比下降8.42个百分点",
    }


def test_a_zero_base_has_no_percentage(project, last_year):
    last_year("行政处罚,87", "行政处罚,0")
    assert changes(project)["实施行政处罚"] == "同比—（上年同期为零）"


def test_a_negative_base_is_said_to_be_so(project, last_year):
    last_year("行政处罚,87", "行政处罚,-87")
    assert changes(project)["实施行政处罚"] == "同比—（上年同期为负）"


def test_what_last_year_did_not_report_is_said(project, last_year):
    last_year("penalties,", "other,")
    assert changes(project)["实施行政处罚"] == "上年同期未报送"


def test_what_last_year_had_nothing_to_divide_by_is_said_to_be_so(project, last_year):
    last_year("检查企业,248", "检查企业,0")
    assert changes(project)["检查处罚率"] == "上年同期无法计算"


def opened(project, *edits, series="wenzhou-monthly", period="2021-01-to-02"):
    for old, new in edits:
        edit(project / f"reports/{series}/series.yml", old, new)
    return Bulletin.open(Project.find(project), series, period, {})


def test_a_key_figure_says_what_it_is_compared_with(project, last_year):
    last_year("检查企业,248", "检查企业,200")
    none = "value: {formula: fact.inspections, unit: 家次}"
    opened(project, (none, f"{none}, against: none"))
    fines = "value: {formula: fines, unit: 万元}"
    opened(project, (fines, f"{fines}, against: non_accident_fines"))
    assert changes(project) | {"检查处罚率": ""} == {
        "检查企业": "",
        "实施行政处罚": "同比持平",
        "罚款额": "同比持平",  # against another column of the same table, which holds the same figures
        "检查处罚率": "",
    }


def test_an_issuer_that_cuts_off_cuts_off_changes_too(project, last_year):
    last_year("检查企业,248", "检查企业,213")  # a rise of 16.43 %; of 248 on 218, 13.76 %
    assert changes(project)["检查企业"] == "同比上升16.4%"
    last_year("检查企业,213", "检查企业,218")
    assert changes(project)["检查企业"] == "同比上升13.8%"
    value = "value: {formula: fact.inspections, unit: 家次}"
    opened(project, (value, "value: {formula: fact.inspections, unit: 家次, rounding: truncate}"))
    assert changes(project)["检查企业"] == "同比上升13.7%"


THREE = "文成县、平阳县和浙南产业集聚区"


def test_a_total_in_own_text_says_whom_it_leaves_out(project):
    bulletin = opened(project, ("left_out: notes", "left_out: sentence"))
    points = [plain(point) for point in bulletin.narrative.main_points()]
    assert points[1].startswith(f"罚款额299.74万元（不含{THREE}），非事故处罚额排名前三位为乐清市、永嘉县和鹿城区")
    assert points[0] == "全市检查企业248家次，实施行政处罚87起，检查处罚率为35.08%。"  # from facts: whole
    whole, fines = bulletin.narrative.key_figures()[1:3]
    assert (plain(whole.without), plain(fines.without)) == ("", f"不含{THREE}")
    assert [plain(line) for line in bulletin.narrative.incomplete("enforcement")] == [
        f"{THREE}的各项数据为空白，合计、平均数和排名均不含。"
    ]
    assert bulletin.narrative.incomplete("hazchem") == []


def test_an_issuers_own_wording_stays_as_it_is(project):
    bulletin = opened(project)
    assert "不含" not in "".join(plain(point) for point in bulletin.narrative.main_points())
    assert "不含" not in "".join(finding.text["zh"] for finding in bulletin.findings.values())


def test_charts_are_declared_in_the_order_in_which_the_text_speaks_of_them(project):
    definition = project / "reports/hotline-monthly/series.yml"
    edit(definition, "{{ finding.satisfaction_below }}（@fig-satisfaction）；", "{{ finding.satisfaction_below }}；")
    with pytest.raises(DefinitionError) as error:
        Bulletin.open(Project(project), "hotline-monthly", "2026-10", {}).require_sound()
    assert error.value.message == "the text speaks of chart satisfaction_month before chart satisfaction"
    assert "tongbao notebook hotline-monthly" in error.value.hint


def test_whom_a_comparison_leaves_out_is_a_data_note_where_sentences_say_nothing(project, last_year):
    rule = "findings:\n  on_year: {rule: change, value: fines, against: last_year}\n"
    path = next(path for path in (project / RAW / "2020-01-to-02").glob("*.csv") if "鹿城区" in path.read_text("utf-8"))
    lines = path.read_text("utf-8").splitlines()
    blank = [re.sub(",[^,]+", ",", line) if line.startswith("鹿城区") else line for line in lines]
    path.write_text("\n".join([*blank, ""]), "utf-8")
    bulletin = opened(project, ("findings:\n", rule))
    bulletin.narrative.key_figures()
    (note,) = [plain(line) for line in bulletin.narrative.alike()]
    assert note.endswith("与上年同期比较：按可比口径均不含鹿城区。")
    assert "不含" not in bulletin.findings["on_year"].text["zh"]


def test_a_key_figure_without_a_unit_in_both_periods_says_so(project, last_year):
    path = next(path for path in (project / RAW / "2020-01-to-02").glob("*.csv") if "鹿城区" in path.read_text("utf-8"))
    other = project / RAW / "2021-01-to-02" / path.name
    for file, blank in (
        (path, lambda line: line.startswith("鹿城区")),
        (other, lambda line: not line.startswith("鹿城区")),
    ):
        head, *lines = file.read_text("utf-8").splitlines()
        lines = [re.sub(",[^,]+", ",", line) if blank(line) else line for line in lines]
        file.write_text("\n".join([head, *lines, ""]), "utf-8")
    assert changes(project)["罚款额"] == "无可比的上年同期数"
