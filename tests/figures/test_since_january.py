"""Figures that count from January on: what the period before is, what is said of it, what cannot be."""

import json
import pickle

import pytest

from conftest import bare_project, edit, tongbao
from tongbao.basics.errors import DefinitionError, UsageError
from tongbao.basics.marks import plain
from tongbao.basics.period import Period
from tongbao.build.hashes import Hashes
from tongbao.build.inputs import Inputs
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.loader import load_series
from tongbao.definition.project import Project
from tongbao.display.evidence import evidence
from tongbao_desk.draft import begin
from tongbao_review.changes import compare
from tongbao_review.named import figure_names
from tongbao_verify.claims import check_claims
from tongbao_verify.record import Record

SERIES = """
notebook: none
cumulative: monthly
synthetic: true
authority: 示例市统计局
area: 全市
subject: 主要指标
title: "{{ period }}主要指标"
addressees: 各县：
source: 各县填报（合成数据）
units:
  - {id: jia, zh: 甲县, short: 甲县, en: Jia}
  - {id: yi, zh: 乙县, short: 乙县, en: Yi}
tables:
  work:
    file: work.csv
    title: 主要指标表
    columns:
      output: {header: 产值（亿元）, unit: 亿元, decimals: 2}
      growth: {header: 增速（%）, unit: "%", area: fact.growth, decimals: 1}
findings:
  faster:
    rule: change
    value: {formula: fact.growth, label: {zh: 增速, en: growth}, unit: "%"}
    against: previous
    decimals: 1
  added: {rule: change, value: output, against: previous, change_in: absolute}
  who: {rule: list, measure: growth, change: previous, above: 0, naming: {value: true}}
main_points: ["{{ finding.faster }}。"]
key_figures: [{label: 增速, value: {formula: fact.growth, unit: "%"}, against: previous}]
opening: 现通报如下：
sections: []
annexes: [{table: work, title: 主要指标表}]
"""
FACTS = "编号,名称,数值,单位,限定,来源\ngrowth,增速,{},%,,市统计局\n"
EARLIER, NOW = (10, 5.0, 20, 4.0, 4.2), (13, 5.6, 24, 3.9, 4.5)


@pytest.fixture
def folder(tmp_path):
    """Five months and six, received as such."""
    project = bare_project(tmp_path / "project")
    (project / "reports/econ").mkdir()
    (project / "reports/econ/series.yml").write_text(SERIES, "utf-8")
    for period, figures in (("2026-01-to-05", EARLIER), ("2026-h1", NOW)):
        write(project, period, figures)
    return project


def write(project, period, figures):
    one, rate, other, its, growth = figures
    raw = project / "data/raw/econ" / period
    raw.mkdir(parents=True)
    (raw / "work.csv").write_text(
        f"单位,产值（亿元）,增速（%）\n甲县,{one},{rate}\n乙县,{other},{its}\n合计,{one + other},\n", "utf-8"
    )
    (raw / "facts.csv").write_text(FACTS.format(growth), "utf-8")
    (project / f"reports/econ/{period}.md").write_text("---\nissued: 2026-07-10\n---\n", "utf-8")


def opened(folder, period="2026-h1"):
    return Bulletin.open(Project.find(folder), "econ", period, {})


def held(bulletin, folder):
    """The checker has nothing left over."""
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [folder])
    record.check()
    check_claims(record)
    assert list(record.left) == []


def test_it_is_compared_with_a_month_less_by_name(folder):
    bulletin = opened(folder)
    bulletin.require_sound()
    said = {name: (found.text["zh"], found.text["en"]) for name, found in bulletin.findings.items()}
    assert said["faster"] == (
        "增速为4.5%，比1-5月上升0.3个百分点",
        "growth: 4.5%, up 0.3 percentage points on January–May",
    )
    assert said["added"][0] == "产值为37.00亿元，比1-5月上升7.00亿元"  # 13 + 24 beside 10 + 20
    assert said["who"][0] == "仅甲县（上升0.60个百分点）增速比1-5月上升"
    (key,) = bulletin.narrative.key_figures()
    assert plain(key.change) == "比1-5月上升0.30个百分点"
    held(bulletin, folder)


def test_where_nobody_has_a_figure_of_the_months_before_it_is_said_of_those(folder):
    edit(folder / "data/raw/econ/2026-01-to-05/work.csv", "甲县,10,5.0", "甲县,10,")
    edit(folder / "data/raw/econ/2026-01-to-05/work.csv", "乙县,20,4.0", "乙县,20,")
    assert opened(folder).findings["who"].text["zh"] == "无1-5月数据，增速不与1-5月比较"


def test_in_percent_it_is_refused_for_it_only_grows(folder):
    edit(folder / "reports/econ/series.yml", ", change_in: absolute", "")
    with pytest.raises(DefinitionError, match="in percent with those up to a month before"):
        opened(folder)


PERCENT = '{{formula: "{}", label: 增幅, decimals: 1, unit: "%"}}'


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("findings:", f"indicators: {{{{own: {PERCENT}}}}}\nfindings:", "indicators.own"),
        ("value: output,", f"value: {PERCENT},", "findings.added.value"),
        ("value: {formula: fact.growth, unit", 'value: {{formula: "{}", decimals: 1, unit', "key_figures.0.value"),
    ],
)
def test_in_percent_it_is_refused_in_a_formula_too_but_not_of_rates_or_last_year(folder, old, new, place):
    series = folder / "reports/econ/series.yml"
    before = series.read_text("utf-8")
    for right in ("change(output, last_year.output)", "change(growth, previous.growth)", "output - previous.output"):
        edit(series, old, new.format(right))
        Project.find(folder).get_series("econ")
        series.write_text(before, "utf-8")
    edit(series, old, new.format("change(output, previous.output) / 2"))
    with pytest.raises(DefinitionError, match="in percent with those up to a month before") as raised:
        Project.find(folder).get_series("econ")
    assert place in str(raised.value)


def test_what_shrinks_is_doubted(folder):
    edit(folder / "data/raw/econ/2026-h1/work.csv", "甲县,13", "甲县,8")
    edit(folder / "data/raw/econ/2026-h1/work.csv", "合计,37", "合计,32")
    bulletin = opened(folder)
    told = [one.message["zh"] for one in bulletin.quality if one.kind == "cumulative"]
    assert told == ["甲县《主要指标表》2026年上半年的产值为8，少于2026年1-5月的10，自1月起累计的数不应减少，请核实。"]
    held(bulletin, folder)


def test_a_period_that_begins_later_is_refused(folder):
    (folder / "data/raw/econ/2026-06").mkdir()
    with pytest.raises(UsageError, match="count from January on") as raised:
        opened(folder, period="2026-06")
    assert "data/raw/econ/2026-h1/" in str(raised.value.expected)


@pytest.mark.parametrize(
    ("received", "calculation"), [("-2.26", "0.0 − (-2.26) = 2.26"), ("-2.2612345678", "0.0 − (-2.3) = 2.26")]
)
def test_a_calculation_with_figures_below_zero_has_them_in_brackets_and_holds(folder, received, calculation):
    rule = "  apart: {rule: range, measure: growth, change: previous}\n"
    edit(folder / "reports/econ/series.yml", "  who:", f"{rule}  who:")
    edit(folder / "data/raw/econ/2026-01-to-05/work.csv", "甲县,10,5.0", f"甲县,10,{received}")
    edit(folder / "data/raw/econ/2026-h1/work.csv", "甲县,13,5.6", "甲县,13,0.0")
    bulletin = opened(folder)
    bulletin.require_sound()
    assert calculation in [figure.calculation for figure in bulletin.findings["apart"].figures.values()]
    held(bulletin, folder)


def test_a_change_in_percent_is_shown_with_the_figures_behind_it(folder):
    own = '  own: {label: 增幅, formula: "change(output, last_year.output)", unit: "%", decimals: 1}\n'
    edit(folder / "reports/econ/series.yml", "findings:", f"indicators:\n{own}findings:")
    write(folder, "2025-h1", (8.39, 5.0, 20, 4.0, 4.2))
    bulletin = opened(folder)
    bulletin.require_sound()
    figure = bulletin.indicators.figure("own", "jia")
    assert figure.calculation == "(13 − 8.39) ÷ 8.39 × 100 = 54.9"  # not 54.95, and that rounded
    held(bulletin, folder)


def test_a_return_that_nothing_looks_at_puts_no_bulletin_out_of_date(folder):
    write(folder, "2026-q1", EARLIER)
    write(folder, "2025-q1", EARLIER)
    edit(folder / "reports/econ/series.yml", "notebook: none", "notebook: econ")
    (folder / "notebooks").mkdir(exist_ok=True)
    (folder / "notebooks/econ.ipynb").touch()
    project = Project.find(folder)
    made = Inputs(project, Hashes(project, trust=False), {}).manifest("econ", Period.parse("2026-h1"), {})
    raw = {name.split("/")[3] for name in made.inputs if name.startswith("data/raw/")}
    assert raw == {"2026-h1", "2026-01-to-05"}


def test_in_january_nothing_came_before(folder):
    (folder / "data/raw/econ/2026-01-to-05").rename(folder / "data/raw/econ/2026-01")
    (folder / "reports/econ/2026-01-to-05.md").rename(folder / "reports/econ/2026-01.md")
    bulletin = opened(folder, period="2026-01")
    assert bulletin.findings["faster"].text["zh"] == "增速为4.2%，无上期数据可比"
    assert bulletin.findings["who"].text["zh"] == "无上期数据，增速不与上期比较"
    assert bulletin.narrative.key_figures()[0].missing == "无上期数据"
    assert bulletin.indicators.figure("previous.output").value is None
    assert pickle.dumps(bulletin.indicators)  # as a worker hands it back
    held(bulletin, folder)


def test_what_may_be_negative_may_become_smaller(folder):
    edit(folder / "reports/econ/series.yml", "decimals: 2}", "decimals: 2, min: null}")
    edit(folder / "data/raw/econ/2026-h1/work.csv", "甲县,13", "甲县,8")
    edit(folder / "data/raw/econ/2026-h1/work.csv", "合计,37", "合计,32")
    assert [one.kind for one in opened(folder).quality if one.kind == "cumulative"] == []


def test_before_january_there_is_nothing_whatever_is_asked_of_it(folder):
    (folder / "data/raw/econ/2026-01-to-05").rename(folder / "data/raw/econ/2026-01")
    (folder / "reports/econ/2026-01-to-05.md").rename(folder / "reports/econ/2026-01.md")
    (folder / "data/raw/econ/2026-h1").rename(folder / "data/raw/econ/2025-01")
    indicators = opened(folder, period="2026-01").indicators
    assert indicators.figure("last_year.output").value == 37
    assert indicators.figure("previous.last_year.output").value is None


def test_a_fact_may_bear_the_name_of_a_column_in_the_evidence(folder):
    edit(
        folder / "reports/econ/series.yml", "value: {formula: fact.growth, label", "value: {formula: area.growth, label"
    )
    bulletin = opened(folder)
    bulletin.require_sound()
    assert "增速" in str(evidence(bulletin).parts)
    held(bulletin, folder)


CHARTS = """\
charts:
  then: {measure: growth, form: dumbbell, against: previous}
  line: {measure: growth, form: line}
  heat: {measure: growth, form: heat}
  bars: {measure: output}
annexes:"""


@pytest.mark.further
def test_the_first_months_of_a_year_are_built_with_every_form_of_chart_and_hold(tmp_path):
    project = bare_project(tmp_path / "project", to_build=True)
    report = project / "reports/econ"
    report.mkdir()
    written = SERIES.replace("annexes:", CHARTS).replace("notebook: none", "notebook: econ")
    (report / "series.yml").write_text(written, "utf-8")
    for period, one in (("2026-01", 10), ("2026-01-to-02", 13), ("2026-q1", 19)):
        write(project, period, (one, 5.0 + one / 100, 2 * one, 4.0, 4.2))
    tongbao(project, "notebook", "econ")
    tongbao(project, "build", "econ", "--engine", "embedded")
    assert "left over" not in tongbao(project, "verify", "--audit").stdout.replace(" 0 left over", "")
    page = (project / "_site/reports/econ/2026-q1.html").read_text("utf-8")
    assert "较1-2月均未下降" in page


@pytest.mark.parametrize(
    ("every", "period", "complaint"),
    [
        ("monthly", "2026-06", "count from January on, and those of 2026-06 would not"),
        ("quarterly", "2026-01-to-04", "come once a quarter, and 2026-01-to-04 ends inside one"),
    ],
)
def test_a_period_that_no_such_figures_are_of_is_not_begun_built_or_checked(folder, every, period, complaint):
    edit(folder / "reports/econ/series.yml", "cumulative: monthly", f"cumulative: {every}")
    before = sorted(folder.rglob("*"))
    with pytest.raises(UsageError, match=complaint):
        begin(Project(folder), "econ", Period.parse(period))
    assert sorted(folder.rglob("*")) == before
    write(folder, period, NOW)
    with pytest.raises(UsageError, match=complaint):
        Bulletin.open(Project(folder), "econ", period, {})


@pytest.mark.parametrize("period", ["2026-q1", "2026-h1", "2026-01-to-09", "2026"])
def test_quarterly_figures_may_end_with_any_quarter(folder, period):
    edit(folder / "reports/econ/series.yml", "cumulative: monthly", "cumulative: quarterly")
    Project(folder).require_cumulation("econ", Period.parse(period))


def test_what_counts_from_january_is_not_summed(folder):
    path = folder / "reports/econ/series.yml"
    edit(path, "    title: 主要指标表\n    columns", "    title: 主要指标表\n    absent: summed\n    columns")
    line = path.read_text("utf-8")[: path.read_text("utf-8").index("absent:")].count("\n") + 1
    with pytest.raises(DefinitionError, match="are not summed from shorter periods") as refused:
        load_series(path)
    assert refused.value.place.endswith(f"reports/econ/series.yml:{line}")


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("2026年二季度主要指标表", "2026年二季度"),
        ("2026年6月主要指标表", "2026年6月"),
        ("6月份主要指标", "2026年6月"),
        ("2026年1-6月主要指标表", None),
        ("2026年上半年主要指标表", None),
        ("2026年6月主要指标表（1-6月累计）", None),
        ("截至2026年6月末主要指标表", None),
    ],
)
def test_a_title_of_a_part_of_what_is_counted_is_doubted(folder, title, said):
    path = folder / "data/raw/econ/2026-h1/work.csv"
    path.write_text(f"{title},,\n{path.read_text('utf-8')}", "utf-8")
    bulletin = opened(folder)
    told = [one.message["zh"] for one in bulletin.quality if one.kind == "span"]
    expected = f"《主要指标表》写明的是{said}，而本系列的数据自1月起累计，本期应为2026年上半年，请核实是否用错了表。"
    assert told == [expected] * (said is not None)
    held(bulletin, folder)


def test_a_table_whose_title_means_the_month_is_declared(folder):
    path = folder / "data/raw/econ/2026-h1/work.csv"
    path.write_text(f"2026年6月主要指标表,,\n{path.read_text('utf-8')}", "utf-8")
    edit(folder / "reports/econ/series.yml", "findings:", "checks: {s: {check: span, cumulative: [work]}}\nfindings:")
    assert [one for one in opened(folder).quality if one.kind == "span"] == []


def test_a_corrected_change_is_called_by_the_months_that_it_is_held_against(folder):
    def record(bulletin):
        return json.loads(Proof(bulletin).record().model_dump_json())

    before = record(opened(folder))
    edit(folder / "data/raw/econ/2026-h1/work.csv", "甲县,13", "甲县,14")
    bulletin = opened(folder)
    names = figure_names(bulletin, compare(before, record(bulletin), {}, {})).values()
    assert any("1-5月" in name for name in names)
    assert not any("上期" in name for name in names)
