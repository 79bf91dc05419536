"""Tables that a period does not have (synthetic): left out and said to be, or summed from the months received."""

import json
import shutil

import pytest

from conftest import ROOT, bare_project, edit, tongbao
from tongbao.basics.errors import DataError, DefinitionError
from tongbao.basics.marks import plain
from tongbao.bulletin.annexes import printed_table
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao.display.charts import chart, charted
from tongbao.display.tables import annex
from tongbao_verify.claims import check_claims
from tongbao_verify.record import Record

SERIES = """\
notebook: none
authority: 示例市应急管理局
area: 全市
subject: 执法月报
title: 执法情况的通报
addressees: 各县
source: 各县填报（合成数据）
units: [{id: jia, zh: 甲县, en: Jia}, {id: yi, zh: 乙县, en: Yi}]
tables:
  work:
    file: work.csv
    title: 执法情况表
    total_row: 合计
    absent: summed
    columns:
      visits: {header: 检查（家次）, short: 检查数, unit: 家次}
      cases: {header: 立案（起）, short: 立案数, unit: 起}
  more:
    file: more.csv
    title: 危化品情况表
    absent: left_out
    columns: {hazchem: {header: 危化品案件（起）, short: 危化品案件, unit: 起}}
indicators:
  rate: {label: 处罚率, unit: "%", formula: cases / visits * 100, decimals: 1}
  share: {label: 危化品占比, unit: "%", formula: hazchem / cases * 100, decimals: 1}
checks: {also: {check: also_reported, given: cases, expected: hazchem}}
findings:
  headline:
    {rule: state, values: {cases: cases, rate: rate}, wording: "{{ period }}立案{{ cases }}起，处罚率{{ rate }}%"}
  first: {rule: list, measure: rate, take: 1, naming: {value: true}}
  hazchem: {rule: list, measure: hazchem, at: 0}
  counted: {rule: state, values: {hazchem: hazchem}, wording: "危化品案件{{ hazchem }}起"}
  shares: {rule: range, measure: share}
  both:
    rule: list
    measure: cases
    above: 0
    where: [{value: hazchem, at: 0}]
    wording: {default: "{{ units }}", none: 无}
  left: {rule: list, table: more, wording: {unreported: 无表, default: "{{ units }}未报"}}
  year: {rule: change, value: hazchem, against: last_year}
  judged:
    rule: judge
    when: {more: [{value: hazchem, above: 0}]}
    wording: {more: 有, otherwise: 无}
main_points: ["{{ finding.headline }}。"]
key_figures: [{label: 危化品案件, value: hazchem}]
opening: 现通报如下：
sections:
  - {id: all, heading: 情况, paragraphs: ["{{ finding.headline }}。{{ finding.hazchem }}。{{ finding.shares }}。"]}
charts: {hazchem: {measure: hazchem, title: 危化品案件, subtitle: 起}}
annexes: [{table: work, title: 执法情况表}, {table: more, title: 危化品情况表}]
"""
WORK = "单位,检查（家次）,立案（起）\n甲县,{},{}\n乙县,{},{}\n合计,,\n"
MORE = "单位,危化品案件（起）\n甲县,0\n乙县,2\n"


@pytest.fixture
def folder(tmp_path):
    """A quarter without a file of its own, with its months; only one month has the second table."""
    project = bare_project(tmp_path / "project")
    (project / "reports/law").mkdir()
    (project / "reports/law/series.yml").write_text(SERIES, "utf-8")
    for period, figures in (("2021-01", (10, 1, 20, 4)), ("2021-02", (15, 2, 5, 1)), ("2021-03", (25, 7, 15, 0))):
        (project / "data/raw/law" / period).mkdir(parents=True)
        (project / "data/raw/law" / period / "work.csv").write_text(WORK.format(*figures), "utf-8")
    (project / "data/raw/law/2021-02/more.csv").write_text(MORE, "utf-8")
    (project / "data/raw/law/2021-01-to-03").mkdir()
    for period in ("2021-02", "2021-03", "2021-01-to-03"):
        (project / f"reports/law/{period}.md").write_text("---\nissued: 2021-04-10\n---\n", "utf-8")
    return project


def opened(folder, period):
    return Bulletin.open(Project.find(folder), "law", period, {})


def said(bulletin):
    return {name: finding.text["zh"] for name, finding in bulletin.findings.items()}


def test_a_cumulative_bulletin_is_summed_from_the_months_received(folder):
    bulletin = opened(folder, "2021-01-to-03")
    bulletin.require_sound()
    # 1 + 2 + 7 of 10 + 15 + 25 in the first county, 4 + 1 + 0 of 20 + 5 + 15 in the second
    assert said(bulletin)["headline"] == "2021年1-3月立案15起，处罚率16.7%"
    assert said(bulletin)["first"] == "处罚率列首位的是甲县（20.0%）"
    assert bulletin.indicators.figure("cases", "jia").calculation == "1 + 2 + 7 = 10"
    rows = printed_table(bulletin.indicators, bulletin.series.annexes[0], "work").rows
    assert [[plain(cell.marked) for cell in row] for row in rows] == [
        ["甲县", "50", "10"], ["乙县", "40", "5"], ["合计", "90", "15"],
    ]  # fmt: skip
    record = Proof(bulletin).record()
    assert record.compared["2021-01-to-03"] == ("2021-01-to-03", "2021-01", "2021-02", "2021-03")
    assert set(record.figures["cases@yi"].cells) == {"cases@yi~2021-01", "cases@yi~2021-02", "cases@yi~2021-03"}
    assert "data/raw/law/2021-02/work.csv" in record.inputs


@pytest.mark.parametrize(
    ("february", "said_"),
    [
        ((5, 1), "各地均已报送《执法情况表》"),
        (("", ""), "仅乙县未报送《执法情况表》的2021年2月数据"),
    ],
)
def test_who_left_a_summed_table_blank(folder, february, said_):
    (folder / "data/raw/law/2021-02/work.csv").write_text(WORK.format(15, 2, *february), "utf-8")
    edit(folder / "reports/law/series.yml", "  left:", "  blanks: {rule: list, table: work}\n  left:")
    bulletin = opened(folder, "2021-01-to-03")
    assert said(bulletin)["blanks"] == said_
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [folder])
    record.check()
    check_claims(record)
    assert list(record.left) == []


@pytest.mark.parametrize(
    ("figures", "said_"),
    [
        ({"01": (10, 1, "", ""), "02": (15, 2, "", "")}, "仅乙县未报送《执法情况表》的2021年1月、2021年2月数据"),
        ({"01": (10, 1, "", ""), "02": (15, 2, "", ""), "03": (25, 7, "", "")}, "仅乙县未报送《执法情况表》"),
        ({"01": (10, 1, "", 1), "02": (15, 2, 4, "")}, "仅乙县未报送《执法情况表》的全部或部分数据"),
    ],
)
def test_who_handed_in_some_months_is_not_said_to_have_handed_in_none(folder, figures, said_):
    for month, row in figures.items():
        (folder / f"data/raw/law/2021-{month}/work.csv").write_text(WORK.format(*row), "utf-8")
    edit(folder / "reports/law/series.yml", "  left:", "  blanks: {rule: list, table: work}\n  left:")
    assert said(opened(folder, "2021-01-to-03"))["blanks"] == said_


def test_one_whose_folder_is_empty_is_built_and_holds(folder):
    for name in ("theme", "fonts"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("requirements.lock", "notebooks/index.ipynb"):
        shutil.copy2(ROOT / name, folder / name)
    edit(folder / "reports/law/series.yml", "addressees:", "formats: [html]\naddressees:")
    edit(folder / "reports/law/series.yml", "  left:", "  blanks: {rule: list, table: work}\n  left:")
    edit(folder / "reports/law/series.yml", "{{ finding.shares }}。", "{{ finding.shares }}。{{ finding.blanks }}。")
    (folder / "data/raw/law/2021-02/work.csv").write_text(WORK.format(15, 2, "", ""), "utf-8")
    tongbao(folder, "notebook", "law")
    tongbao(folder, "check", "law@2021-01-to-03")
    tongbao(folder, "build", "law@2021-01-to-03", "--engine", "embedded")
    page = (folder / "_site/reports/law/2021-01-to-03.html").read_text("utf-8").replace("</span>", "")
    assert "2021年1-3月立案10起" in page
    assert "未报送《执法情况表》的2021年2月数据" in page
    tongbao(folder, "verify", "--rebuild", "law@2021-01-to-03")
    assert "law@2021-01-to-03  up to date" in tongbao(folder, "status").stdout


def test_without_all_months_the_sum_is_refused(folder):
    (folder / "data/raw/law/2021-02/work.csv").unlink()
    (folder / "data/raw/law/2021-02/more.csv").unlink()
    (folder / "data/raw/law/2021-02").rmdir()
    with pytest.raises(DataError, match=r"the table was not received for"):
        opened(folder, "2021-01-to-03").require_sound()


STAFF = "cases: {header: 立案（起）, short: 立案数, unit: 起}\n      staff: {header: 执法人员（人）, unit: 人"


def with_staff(folder, stated="stated: allowed"):
    edit(
        folder / "reports/law/series.yml",
        "cases: {header: 立案（起）, short: 立案数, unit: 起}",
        f"{STAFF}, {stated}}}",
    )
    for file in folder.glob("data/raw/law/*/work.csv"):
        lines = [
            f"{line},{end}"
            for line, end in zip(file.read_text("utf-8").split(), ("执法人员（人）", 10, 5, ""), strict=True)
        ]
        file.write_text("\n".join(lines), "utf-8")
    return opened(folder, "2021-01-to-03")


def test_what_there_is_at_the_end_of_a_month_is_not_summed(folder):
    bulletin = with_staff(folder)
    figure = bulletin.indicators.figure("staff")
    assert (figure.value, bulletin.indicators.values("staff")) == (None, {"jia": None, "yi": None})
    assert bulletin.indicators.figure("cases").value == 15
    ((message, hint),) = [(one.message, one.hint) for one in bulletin.quality if one.level == "error"]
    assert message["zh"] == "2021年1-3月未收到《执法情况表》，而执法人员不能由各月相加，请补报。"
    assert message["en"] == (
        "the table was not received for January–March 2021, and 执法人员 cannot be summed from its months."
    )
    assert "`blank: allowed` at the column leaves it blank" in hint
    with pytest.raises(DataError, match="cannot be summed from its months"):
        bulletin.require_sound()


def test_it_may_be_left_blank_and_the_record_holds(folder):
    bulletin = with_staff(folder, "stated: {level: allowed}, blank: allowed")
    bulletin.require_sound()
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [folder])
    record.check()
    check_claims(record)
    assert list(record.left) == []
    assert record.figure("staff", "jia", None) is None
    assert record.figure("cases", "jia", None) == 10


def test_what_is_not_summed_is_not_said_not_to_have_been_reported(folder):
    more = """  nobody: {rule: list, measure: staff, blank: true}
  zero: {rule: list, measure: staff, at: 0, blank: true}
  all: {rule: list, measure: cases, order: descending, naming: {figures: [staff]}}
  left:"""
    edit(folder / "reports/law/series.yml", "  left:", more)
    line = "months: {measure: staff, form: line, against: previous, title: 执法人员, subtitle: 人}"
    edit(
        folder / "reports/law/series.yml",
        "hazchem: {measure: hazchem, title",
        f"{line}, hazchem: {{measure: staff, title",
    )
    bulletin = with_staff(folder, "stated: {level: allowed}, blank: allowed")
    found = said(bulletin)
    assert found["nobody"] == found["zero"] == "执法人员没有合计数，无从比较"
    assert found["all"] == "立案数由高到低依次为甲县（不作合计）和乙县（不作合计）"
    assert charted(bulletin, "hazchem").caption.startswith("不作合计，不画：")
    assert charted(bulletin, "months").caption.startswith("不作合计，不画：2021年1-3月。")
    assert '<th scope="col">时段</th>' in charted(bulletin, "months").table()
    rows = printed_table(bulletin.indicators, bulletin.series.annexes[0], "work").rows
    assert [row[-1].absent for row in rows] == ["不作合计"] * 3
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [folder])
    record.check()
    check_claims(record)
    assert list(record.left) == []


def test_a_column_whose_months_add_up_is_summed_however_grave_a_difference_is(folder):
    assert with_staff(folder, "stated: note").indicators.figure("staff").value == 45


def test_what_depends_on_a_table_that_the_period_does_not_have_says_so(folder):
    bulletin = opened(folder, "2021-03")
    bulletin.require_sound()
    found, missing = said(bulletin), "2021年3月无《危化品情况表》"
    assert found["headline"] == "2021年3月立案7起，处罚率17.5%"
    assert {found[name] for name in ("hazchem", "counted", "shares", "both", "year", "judged")} == {missing}
    assert found["left"] == "无表"  # in the words of the series
    assert [(issue.check, issue.level, issue.message["zh"]) for issue in bulletin.quality] == [
        ("left-out-table", "note", "2021年3月无《危化品情况表》，有关数据从略。")
    ]
    page = "".join(part.content.get("text/markdown", "") for part in annex(bulletin, 2).parts)
    assert "本期无此表。" in page
    assert bulletin.narrative.key_figures()[0].marked.count("—") == 1
    shown = chart(bulletin, "hazchem")
    page = "".join(part.content.get("text/html", "") for part in shown.parts)
    assert shown.parts[1].content["text/plain"] == "危化品案件：本期无此表。"
    assert "<table" not in page
    assert "chart-data" not in page


def test_a_table_that_may_be_absent_is_no_fault_in_the_returns(folder):
    rules = "  faults: {rule: faults}\n  blanks: {rule: faults, checks: [blank_returns]}\n  left:"
    edit(folder / "reports/law/series.yml", "  left:", rules)
    bulletin = opened(folder, "2021-03")
    assert said(bulletin)["faults"] == said(bulletin)["blanks"] == "填报数据未发现问题"
    proof = Proof(bulletin)
    beside = json.loads(proof.quality().model_dump_json(by_alias=True))
    record = Record(json.loads(proof.record().model_dump_json(by_alias=True)), [folder], beside)
    record.check()
    check_claims(record)
    assert list(record.left) == []


@pytest.mark.parametrize("said", ["{{ figure.hazchem }}", "{{ figure.share.full }}"])
def test_a_text_cannot_print_a_figure_of_it(folder, said):
    for period in ("2021-02", "2021-03"):
        with (folder / f"reports/law/{period}.md").open("a", encoding="utf-8") as file:
            file.write(f"# 情况\n\n危化品{said}，立案{{{{ figure.cases }}}}起。\n")
    opened(folder, "2021-02").require_sound()
    with pytest.raises(DefinitionError, match="this period has no table 危化品情况表") as caught:
        opened(folder, "2021-03").require_sound()
    assert caught.value.place == "reports/law/2021-03.md:6"
    assert "a finding in its place" in caught.value.expected


def test_a_period_that_has_it_states_it_as_ever(folder):
    found = said(opened(folder, "2021-02"))
    assert (found["hazchem"], found["counted"]) == ("仅甲县危化品案件为零", "危化品案件2起")
    assert found["year"] == "危化品案件为2起，无上年同期数据可比"


def test_an_undeclared_absence_is_an_error(folder):
    edit(folder / "reports/law/series.yml", "    absent: left_out\n", "")
    with pytest.raises(DataError, match=r"more\.csv"):
        opened(folder, "2021-03")


def test_a_file_that_is_there_is_read_under_any_ending(folder):
    (folder / "data/raw/law/2021-02/more.csv").rename(folder / "data/raw/law/2021-02/more.tsv")
    text = (folder / "data/raw/law/2021-02/more.tsv").read_text("utf-8").replace(",", "\t")
    (folder / "data/raw/law/2021-02/more.tsv").write_text(text, "utf-8")
    assert said(opened(folder, "2021-02"))["counted"] == "危化品案件2起"
