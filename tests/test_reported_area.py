"""``area: reported`` (synthetic figures): the whole area's figure is what the totals' row of the table states."""

import json
import re
import shutil

import openpyxl
import pytest

from conftest import bare_project, built_once, edit, tongbao
from tongbao.basics.errors import DataError, DefinitionError
from tongbao.basics.marks import plain
from tongbao.bulletin.annexes import printed_table
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import chart_line
from tongbao.bulletin.proof import Proof
from tongbao.definition.loader import load_series
from tongbao.definition.project import Project
from tongbao.display.text import notes
from tongbao_desk.draft.notebook import notebook_text
from tongbao_desk.names import names_of
from tongbao_verify.checker import check
from tongbao_verify.claims import check_claims
from tongbao_verify.record import Record

SERIES = """\
notebook: area
synthetic: true
formats: [html]
authority: 示例市统计局
area: 全市
subject: 工业月报
title: 工业月报
addressees: 各县
source: 各县填报（合成数据）
units:
  - {id: jia, zh: 甲县, short: 甲, en: Jia}
  - {id: yi, zh: 乙县, short: 乙, en: Yi}
  - {id: bing, zh: 丙县, short: 丙, en: Bing}
tables:
  ind:
    file: ind.csv
    title: 工业表
    total_row: 合计
    absent: summed
    columns:
      value: {header: 产值（亿元）, short: 产值, unit: 亿元, area: reported, decimals: 2}
      growth: {header: 产值增速（%）, short: 产值增速, unit: "%", area: reported, decimals: 1}
      firms: {header: 企业（家）, short: 企业数, unit: 家}
indicators:
  gap: {label: 增速差, unit: 个百分点, formula: growth - area.growth, decimals: 1}
parameters:
  below_rate: {default: 2, label: 警戒线}
  top_n: {type: integer, default: 2, label: 前几位}
findings:
  headline:
    rule: state
    values: {value: value, growth: growth, before: last_year.area.growth}
    wording:
      default: 全市产值{{ value }}亿元，增长{{ growth }}%，上年同期增长{{ before }}%
      missing: 有关数据未报齐
  slow: {rule: list, measure: growth, below: area.growth}
  year: {rule: change, value: growth, against: last_year}
  behind: {rule: list, measure: gap, below: 0, naming: {value: true}}
main_points: ["{{ finding.headline }}。"]
key_figures: [{label: 产值增速, value: growth, against: last_year}]
opening: 现通报如下：
sections:
  - id: situation
    heading: 情况
    paragraphs: ["{{ finding.headline }}，{{ finding.year }}。{{ finding.slow }}；{{ finding.behind }}。"]
  - {id: problems, heading: 问题}
  - {id: next, heading: 下步}
charts:
  penalty_rate:
    measure: growth
    title: 各县产值增速
    subtitle: "%"
    reference: {value: area, label: "{{ area }} {{ value }}%"}
annexes: [{table: ind, title: 工业表}]
"""
HEADER = "单位,产值（亿元）,产值增速（%）,企业（家）"
FILES = {
    "2026-05": "甲县,20.10,1.1,30 乙县,30.20,2.4,40 丙县,10.30,6.0,5 合计,66.00,2.0,75",
    "2026-06": "甲县,20.13,1.5,30 乙县,30.25,2.5,40 丙县,10.35,7.0,5 合计,66.00,5.5,75",
    "2025-06": "甲县,19.00,3.0,30 乙县,29.00,4.0,40 丙县,9.00,5.0,5 合计,60.10,4.1,75",
}
RAW = "data/raw/area"


def write(root):
    (root / "reports/area").mkdir(parents=True)
    (root / "reports/area/series.yml").write_text(SERIES, "utf-8")
    (root / "notebooks/area.ipynb").write_text(notebook_text(Project(root).get_series("area"), "2026-06"), "utf-8")
    (root / "reports/area/2026-06.md").write_text(
        "---\nissued: 2026-07-10\n---\n# 问题\n\n无。\n\n# 下步\n\n无。\n", "utf-8"
    )
    for period, text in FILES.items():
        (root / RAW / period).mkdir(parents=True)
        (root / RAW / period / "ind.csv").write_text("\n".join([HEADER, *text.split()]) + "\n", "utf-8")


@pytest.fixture
def area(tmp_path):
    root = bare_project(tmp_path / "project")
    write(root)
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return built_once(tmp_path_factory, "area", "area", series=("area",), prepare=write)


def opened(root, period="2026-06"):
    return Bulletin.open(Project(root), "area", period, {})


def sentence(bulletin, name):
    return plain(bulletin.findings[name].marked["zh"])


def text_of(display):
    return "".join(part.content.get("text/html", part.content.get("text/plain", "")) for part in display.parts)


def test_sentences_lists_and_formulas_take_the_totals_row(area):
    bulletin = opened(area)
    assert sentence(bulletin, "headline") == "全市产值66.00亿元，增长5.5%，上年同期增长4.1%"
    assert sentence(bulletin, "year") == "产值增速为5.5%，同比上升1.40个百分点"
    assert sentence(bulletin, "slow") == "除丙县外，其余各地产值增速均低于全市水平（5.5%）"
    assert [bulletin.indicators.figure("gap", unit).text for unit in ("jia", "yi", "bing")] == ["-4.0", "-3.0", "1.5"]
    assert chart_line(bulletin.indicators, bulletin.series.charts["penalty_rate"]).text == "5.5"


def test_the_annex_prints_it_and_the_evidence_leads_to_the_totals_cell(area):
    bulletin = opened(area)
    total = printed_table(bulletin.indicators, bulletin.series.annexes[0], "ind").rows[-1]
    assert [(cell.value, cell.key) for cell in total[1:3]] == [("66.00", "value@area"), ("5.5", "growth@area")]
    figure = bulletin.indicators.figure("growth")
    (cell,) = figure.cells
    assert (str(cell.source), figure.origin, figure.without) == (f"{RAW}/2026-06/ind.csv C5", "reported", ())
    assert Proof(bulletin).record().figures["growth@area"].cells == ("growth@total",)


def test_a_blank_in_the_totals_row_is_a_blank_and_told(area):
    edit(area / RAW / "2026-06/ind.csv", "66.00,5.5", "66.00,—")
    bulletin = opened(area)
    total = printed_table(bulletin.indicators, bulletin.series.annexes[0], "ind").rows[-1]
    assert (total[2].value, total[2].absent) == ("", "未报送")
    assert bulletin.findings["headline"].case == "missing"
    assert sentence(bulletin, "year") == "尚无产值增速数据"
    assert sentence(bulletin, "slow") == "产值增速没有合计数，无从比较"
    (figure,) = bulletin.narrative.key_figures()
    assert (figure.marked, figure.without) == ("—", "未报送")


def test_a_missing_totals_row_is_refused_at_its_place(area):
    edit(area / RAW / "2026-06/ind.csv", "合计,66.00,5.5,75\n", "")
    with pytest.raises(DataError, match="the totals' row is missing"):
        opened(area)


def test_a_period_that_is_summed_has_no_such_figure(area):
    (area / RAW / "2026-05-to-06").mkdir()
    shutil.copy(area / "reports/area/2026-06.md", area / "reports/area/2026-05-to-06.md")
    bulletin = opened(area, "2026-05-to-06")
    total = printed_table(bulletin.indicators, bulletin.series.annexes[0], "ind").rows[-1]
    assert [(cell.value, cell.absent) for cell in total[1:]] == [("", "不作合计"), ("", "不作合计"), ("150", "")]


def test_an_amount_that_is_not_the_sum_is_a_note_on_the_page_that_can_be_turned_off(area):
    (issue,) = [issue for issue in opened(area).quality if issue.check == "reported-total"]
    message = "合计行的产值（亿元）为66.00，各单位之和为60.73；全市数采用合计行所填。"
    assert (issue.level, issue.message["zh"]) == ("note", message)
    assert message.replace("全市数", "全市数") in plain_notes(opened(area))
    edit(
        area / "reports/area/series.yml", "area: reported, decimals: 2", "area: reported, decimals: 2, stated: allowed"
    )
    assert [issue for issue in opened(area).quality if issue.check == "reported-total"] == []


@pytest.mark.parametrize(("total", "found"), [("60.73", 0), ("60.7", 0), ("60.74", 0), ("60.76", 1), ("60.8", 1)])
def test_what_rounding_accounts_for_is_no_difference(area, total, found):
    edit(area / RAW / "2026-06/ind.csv", "合计,66.00", f"合计,{total}")
    assert sum(issue.check == "reported-total" for issue in opened(area).quality) == found


def plain_notes(bulletin):
    return re.sub("<[^>]*>", "", text_of(notes(bulletin)).replace("</li>", "\n"))


PLAIN = """\
findings: {told: {rule: state, values: {n: firms}, wording: "企业{{ n }}家"}}
main_points: ["{{ finding.told }}。"]
opening: 现通报如下：
sections: [{id: all, heading: 情况, paragraphs: ["{{ finding.told }}。"]}]
annexes: [{table: ind, title: 工业表}]
"""


def plainly(root, value, growth, totals):
    """The series with one sentence about its third column, and its totals' row; ``area`` of the other two."""
    text = SERIES[: SERIES.index("indicators:")].replace("area: reported, decimals: 2", value) + PLAIN
    text = text.replace("area: reported, decimals: 1", growth)
    (root / "reports/area/series.yml").write_text(text, "utf-8")
    (root / "reports/area/2026-06.md").write_text("---\nissued: 2026-07-10\n---\n", "utf-8")
    edit(root / RAW / "2026-06/ind.csv", "合计,66.00,5.5,75", f"合计,{totals}")


@pytest.mark.parametrize(
    ("value", "growth", "totals", "said"),
    [
        ("area: sum", "area: none", "60.73,,75", "填报的合计与按数据计算的结果一致。"),
        ("area: sum", "area: none", "60.73,5.5,75", None),
        ("area: sum", "area: reported", "60.73,5.5,75", None),
        ("area: sum, stated: allowed", "area: none", "66.00,,75", None),
        ("area: sum", "area: none", ",,", None),
    ],
)
def test_the_page_says_that_totals_agree_only_where_all_that_are_stated_were_compared(
    area, value, growth, totals, said
):
    plainly(area, value, growth, totals)
    assert ([line for line in plain_notes(opened(area)).split("\n") if "一致" in line] or [None])[0] == said


def test_check_says_that_a_total_is_not_used_and_what_takes_it(area):
    plainly(area, "area: sum", "area: none", "60.73,5.5,75")
    said = " ".join(tongbao(area, "check", "area").stdout.split())
    assert f"{RAW}/2026-06/ind.csv C5: the totals' row states 产值增速（%）: 5.5 (area: none)" in said
    assert "area: reported at the column takes it" in said
    bulletin = opened(area)
    total = printed_table(bulletin.indicators, bulletin.series.annexes[0], "ind").rows[-1]
    assert total[2].absent == "未采用填报的合计"
    edit(area / "reports/area/series.yml", "area: none", "area: none, stated: allowed")
    assert "not used" not in tongbao(area, "check", "area").stdout


def with_fact(root, unit, totals, stated=""):
    plainly(root, f"area: fact.city, decimals: 2{stated}", "area: none", totals)
    text = f"编号,名称,数值,单位,限定,来源\ncity,全市产值,99.99,{unit},,市局\n"
    (root / RAW / "2026-06/facts.csv").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("total", "stated", "found"),
    [("999.99", "", 1), ("99.99", "", 0), ("100.0", "", 0), ("100.1", "", 1), ("99.991", "", 0), ("", "", 0),
     ("100.1", ", stated: {tolerance: 1}", 0), ("999.99", ", stated: allowed", 0)],
)  # fmt: skip
def test_a_totals_cell_beside_a_fact_is_held_to_it(area, total, stated, found):
    with_fact(area, "亿元", f"{total},,75", stated)
    bulletin = opened(area)
    issues = [issue for issue in bulletin.quality if issue.check == "reported-total"]
    assert [issue.message["zh"] for issue in issues] == [f"合计行的产值（亿元）为{total}，而全市数为99.99。"] * found
    assert all((issue.level, issue.cells[0].text) == ("warning", total) for issue in issues)
    assert bulletin.indicators.figure("value").text == "99.99"


def test_a_fact_without_a_unit_is_no_figure_of_a_column_with_one(area):
    with_fact(area, "", "99.99,,75")
    with pytest.raises(DefinitionError, match="a fact without a unit of measurement") as refused:
        opened(area)
    assert refused.value.place.endswith("2026-06/facts.csv C2")
    assert refused.value.hint.startswith("write 亿元 beside it in facts.csv")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    total_row: 合计\n", "", "area: reported of column value needs total_row"),
        ("short: 企业数, unit: 家", "short: 企业数, reports: gap, area: reported", "is computed, not reported"),
    ],
)
def test_a_column_that_cannot_take_the_totals_row_is_refused(area, old, new, complaint):
    edit(area / "reports/area/series.yml", old, new)
    with pytest.raises(DefinitionError, match=complaint):
        load_series(area / "reports/area/series.yml")


def test_names_say_where_the_figure_of_the_area_comes_from(area):
    (row,) = [row for row in names_of(Project(area), "area")["measures"] if row["name"] == "growth"]
    assert row["detail"] == "%; tables.ind.columns; area: reported"


PAST = ("\n乙县", "\n其中： 高新区,9.99,9.9,9\n市区小计,50.38,,70\n乙县")


def test_rows_to_read_past_are_no_units_and_in_no_sum(area):
    file = area / RAW / "2026-06/ind.csv"
    edit(file, *PAST)
    with pytest.raises(DataError) as refused:
        opened(area)
    assert str(refused.value).count("unknown reporting unit") == 2
    assert "under the table's ignore_rows" in str(refused.value)
    edit(
        area / "reports/area/series.yml",
        "    total_row:",
        "    ignore_rows: [其中:高新区, 市区 小计, 市本级]\n    total_row:",
    )
    bulletin = opened(area)
    assert (bulletin.indicators.figure("firms").text, [*bulletin.received.tables["ind"].rows]) == (
        "75",
        ["jia", "yi", "bing"],
    )
    edit(file, "\n市区小计", "\n市区小计数")
    with pytest.raises(DataError, match="unknown reporting unit"):
        opened(area)


def test_rows_that_are_read_past_may_be_named_in_a_column_before_the_units(area):
    path = area / RAW / "2026-06/ind.csv"
    lines = path.read_text("utf-8").splitlines()
    rows = [f"{number or '序号'},{line}" for number, line in enumerate(lines)]
    path.write_text("\n".join([*rows[:3], "市区小计,,50.38,,70", *rows[3:]]) + "\n", "utf-8")
    edit(area / "reports/area/series.yml", "    total_row:", "    ignore_rows: [市区小计]\n    total_row:")
    assert opened(area).indicators.figure("firms").text == "75"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("乙", "乙 is a unit"),
        ("甲 县", "甲 县 is a unit"),
        ("合计", "合计 is the totals' row"),
        ("全市", "全市 is the totals' row"),
    ],
)
def test_a_unit_or_the_total_cannot_be_read_past(area, row, complaint):
    path = area / "reports/area/series.yml"
    edit(path, "    total_row:", f"    ignore_rows: [{row}]\n    total_row:")
    with pytest.raises(DefinitionError, match=rf"{complaint}, which cannot be read past"):
        load_series(path)


def test_the_checker_reads_past_them_too(tmp_path):
    root = bare_project(tmp_path / "project", to_build=True)
    write(root)
    edit(
        root / "reports/area/series.yml", "    total_row:", "    ignore_rows: [其中：高新区, 市区小计]\n    total_row:"
    )
    edit(root / RAW / "2026-06/ind.csv", *PAST)
    tongbao(root, "build", "area", "--engine", "embedded")
    assert held(root) == []


def held(root):
    record = root / "data/processed/area/2026-06/findings.json"
    return list(check(record, root / "_site/reports/area/2026-06", [root]).left)


def test_the_checker_holds_it_to_the_totals_cell(built, tmp_path):
    assert held(built) == []
    for part in ("data", "_site/reports"):
        shutil.copytree(built / part, tmp_path / part)
    edit(tmp_path / RAW / "2026-06/ind.csv", "66.00,5.5", "66.00,5.6")
    assert any("holds 5.6" in one.reason for one in held(tmp_path))
    assert any("recomputed 5.6" in one.reason for one in held(tmp_path))


def test_a_digit_of_it_changed_on_the_page_is_named(built, tmp_path):
    for part in ("data", "_site/reports"):
        shutil.copytree(built / part, tmp_path / part)
    edit(tmp_path / "_site/reports/area/2026-06.html", 'data-figure="growth@area">5.5', 'data-figure="growth@area">5.4')
    assert any("recomputed 5.5" in one.reason for one in held(tmp_path))


def test_the_page_leads_from_the_figure_to_the_annex(built):
    page = (built / "_site/reports/area/2026-06.html").read_text("utf-8")
    assert '<a href="#cell-growth-area"' in page
    assert 'id="cell-growth-area"' in page


def test_what_is_doubted_of_a_county_is_asked_of_it_and_not_published(area):
    edit(area / RAW / "2026-06/ind.csv", "甲县,20.13", "甲县,201.3")
    bulletin = opened(area)
    doubted = [issue for issue in bulletin.quality if "value" in issue.columns and issue.unit]
    assert doubted
    assert [issue for issue in bulletin.disclosed if issue.unit] == []


def test_a_county_that_is_blank_is_still_in_a_total_that_was_stated(area):
    edit(area / "reports/area/series.yml", "notebook: area", "notebook: area\nleft_out: notes")
    edit(area / "reports/area/series.yml", "area: reported, decimals: 2}", "area: reported, decimals: 2, blank: note}")
    edit(area / RAW / "2026-06/ind.csv", "甲县,20.13", "甲县,")
    (line,) = opened(area).narrative.incomplete("ind")
    assert plain(line) == "甲县的产值为空白，平均数和排名均不含。"


@pytest.mark.parametrize(
    ("total", "found"),
    [("45.0", 1), ("0.9", 1), ("7.2", 1), ("7.1", 0), ("7.0", 0), ("1.5", 0), ("1.4", 0), ("1.3", 1), ("8", 1)],
)
def test_a_rate_of_the_whole_area_beyond_those_of_all_counties_is_doubted(area, total, found):
    edit(area / RAW / "2026-06/ind.csv", "合计,66.00,5.5", f"合计,66.00,{total}")
    issues = [issue for issue in opened(area).quality if issue.check == "total-outside"]
    message = f"合计行的产值增速（%）为{total}，而各单位在1.5至7.0之间；全市数一般不会超出这个范围，请核实。"
    assert [(issue.level, issue.message["zh"]) for issue in issues] == [("warning", message)] * found
    assert all(str(issue.cells[0].source).endswith("2026-06/ind.csv C5") for issue in issues)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("area: reported, decimals: 1", "area: reported, decimals: 1, stated: allowed"),
        ("area: reported, decimals: 1", "area: reported, decimals: 1, stated: {tolerance: 40}"),
        ("产值增速（%）", "对全市增长的贡献率（%）"),
    ],
)
def test_a_rate_that_may_lie_beyond_the_counties_is_not_doubted(area, old, new):
    edit(area / RAW / "2026-06/ind.csv", "合计,66.00,5.5", "合计,66.00,45.0")
    for path in (area / "reports/area/series.yml", *area.glob(f"{RAW}/*/ind.csv")):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert [issue for issue in opened(area).quality if issue.check == "total-outside"] == []


def test_a_rate_of_the_whole_area_is_not_doubted_while_a_county_is_blank(area):
    edit(area / "reports/area/series.yml", "area: reported, decimals: 1", "area: reported, decimals: 1, blank: note")
    edit(area / RAW / "2026-06/ind.csv", "10.35,7.0", "10.35,")
    edit(area / RAW / "2026-06/ind.csv", "合计,66.00,5.5", "合计,66.00,45.0")
    assert [issue for issue in opened(area).quality if issue.check == "total-outside"] == []


def test_a_blank_total_is_doubted_at_its_cell(area):
    edit(area / RAW / "2026-06/ind.csv", "66.00,5.5", "66.00,")
    (issue,) = [issue for issue in opened(area).quality if issue.check == "blank-total"]
    assert (issue.level, issue.place) == ("warning", f"{RAW}/2026-06/ind.csv C5")
    assert issue.message["zh"] == "合计行的产值增速（%）为空白，而全市数只取自合计行，请补报。"
    edit(area / "reports/area/series.yml", "area: reported, decimals: 1", "area: reported, decimals: 1, blank: allowed")
    assert [issue for issue in opened(area).quality if issue.check == "blank-total"] == []


def test_a_wording_that_needs_a_blank_total_is_refused_with_the_cell(area):
    edit(area / "reports/area/series.yml", "      missing: 有关数据未报齐\n", "")
    edit(area / RAW / "2026-06/ind.csv", "66.00,5.5", "66.00,")
    with pytest.raises(DefinitionError, match="a blank figure cannot stand in a sentence") as refused:
        opened(area)
    assert refused.value.found == f"headline:growth ({RAW}/2026-06/ind.csv C5)"


@pytest.mark.parametrize(
    ("growths", "found"),
    [
        (("0.05", "0.01", "0.02", "0.03"), 1),
        (("0.05", "-0.013", "0", "-0.03"), 0),  # too few that are any
        (("-0.05", "0.123", "0.2", "0.1"), 1),
        (("0.5", "-0.3", "0.2", "0.1"), 0),
        (("1.25", "0.31", "0.22", "0.4"), 0),
    ],
)
def test_growth_that_looks_like_fractions_is_doubted(area, growths, found):
    path = area / RAW / "2026-06/ind.csv"
    for old, new in zip((",1.5,", ",2.5,", ",7.0,", ",5.5,"), growths, strict=True):
        edit(path, old, f",{new},")
    edit(area / "reports/area/series.yml", "增长{{ growth }}%", "增速{{ growth }}")
    bulletin = opened(area)
    issues = [issue for issue in bulletin.quality if "小数" in issue.message["zh"]]
    assert [(issue.level, issue.kind, issue.columns) for issue in issues] == [
        ("warning", "plausible", ("growth",))
    ] * found
    record = Record(
        json.loads(Proof(bulletin).record().model_dump_json(by_alias=True)),
        [area],
        json.loads(Proof(bulletin).quality().model_dump_json(by_alias=True)),
    )
    record.check()
    check_claims(record)
    assert list(record.left) == []


@pytest.mark.parametrize("minus", ["-", "－", "\N{MINUS SIGN}"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_minus_is_read_however_it_is_typed(area, minus, suffix):
    path = area / RAW / "2026-06/ind.csv"
    edit(path, "甲县,20.13,1.5", f"甲县,20.13,{minus}1.5")
    if suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in path.read_text("utf-8").splitlines():
            book.active.append(line.split(","))
        path.unlink()
        book.save(path.with_suffix(".xlsx"))
    bulletin = opened(area)
    assert bulletin.indicators.figure("growth", "jia").text == "-1.5"
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [area])
    record.check()
    check_claims(record)
    assert list(record.left) == []


def test_a_form_takes_the_totals_that_only_the_issuer_can_give(area):
    tongbao(area, "form", "area@2026-06")
    path = area / "forms/area/2026-06/ind.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert [sheet.cell(8, column).protection.locked for column in range(1, 5)] == [True, False, False, True]
    assert [sheet.cell(8, column).fill.fill_type for column in range(2, 5)] == [None, None, "solid"]
    assert "合计行的白色单元格要填" in "".join(str(cell.value) for cell in sheet["A"])
    rows = [(20.13, 1.5, 30), (30.25, 2.5, 40), (10.35, 7.0, 5), (66.00, 5.5, 75)]
    for number, row in enumerate(rows, start=5):
        for column, value in enumerate(row, start=2):
            sheet.cell(number, column).value = value
    (area / RAW / "2026-06/ind.csv").unlink()
    book.save(area / RAW / "2026-06/ind.xlsx")
    figures = opened(area).indicators
    assert [figures.figure(name).text for name in ("value", "growth", "firms")] == ["66.00", "5.5", "75"]


def test_the_checker_finds_doubts_of_totals_true(tmp_path):
    root = bare_project(tmp_path / "project", to_build=True)
    write(root)
    edit(root / RAW / "2026-06/ind.csv", "66.00,5.5", ",45.0")
    edit(root / "reports/area/series.yml", "values: {value: value,", "values: {value: firms,")
    tongbao(root, "build", "area", "--engine", "embedded")
    assert {one["check"] for one in issues_of(root)} >= {"total-outside", "blank-total"}
    assert held(root) == []


def issues_of(root):
    return json.loads((root / "data/processed/area/2026-06/quality.json").read_text("utf-8"))["issues"]
