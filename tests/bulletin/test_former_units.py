"""Units that were merged or abolished (synthetic): earlier figures are read without them, and the page says so."""

import pytest

from conftest import bare_project, edit
from tongbao.basics.errors import DataError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao.display.text import notes
from tongbao_verify.claims import check_claims
from tongbao_verify.record import Record

SERIES = """\
notebook: none
languages: [zh, en]
authority: {zh: 示例市应急管理局, en: Example City}
area: {zh: 全市, en: the city}
subject: {zh: 执法月报, en: Enforcement}
title: {zh: 执法通报, en: Enforcement}
addressees: {zh: 各县, en: counties}
source: {zh: 各县填报（合成数据）, en: returns (synthetic)}
units: [{id: jia, zh: 甲县, en: Jia}, {id: yi, zh: 乙县, en: Yi}]
former_units: [{zh: 戊县, en: Wu}]
tables:
  work:
    file: work.csv
    title: {zh: 执法情况表, en: Enforcement}
    total_row: {zh: 合计, en: Total}
    columns:
      cases: {header: 立案（起）, label: {zh: 立案（起）, en: Cases}, short: {zh: 立案数, en: cases}, unit: 起}
findings: {year: {rule: change, value: cases, against: last_year}}
main_points: []
opening: {zh: 通报如下：, en: "As follows:"}
sections:
  - id: all
    heading: {zh: 情况, en: Situation}
    paragraphs: [{zh: "{{ finding.year }}。", en: "{{ finding.year }}."}]
"""
NOW, BEFORE = "甲县,6\n乙县,6\n合计,12\n", "甲县,5\n乙县,3\n戊 县,4\n合计,12\n"


@pytest.fixture
def folder(tmp_path):
    root = bare_project(tmp_path / "project")
    (root / "reports/law").mkdir()
    (root / "reports/law/series.yml").write_text(SERIES, "utf-8")
    for period, rows in (("2026-10", NOW), ("2025-10", BEFORE)):
        (root / "data/raw/law" / period).mkdir(parents=True)
        (root / "data/raw/law" / period / "work.csv").write_text(f"单位,立案（起）\n{rows}", "utf-8")
        (root / f"reports/law/{period}.md").write_text(f"---\nissued: {period[:4]}-11-10\n---\n", "utf-8")
        (root / f"reports/law/{period}.en.md").write_text("", "utf-8")
    return root


def opened(folder, period="2026-10", lang="zh"):
    bulletin = Bulletin.open(Project.find(folder), "law", period, {}, lang)
    bulletin.require_sound()
    return bulletin


def test_earlier_figures_are_without_them_and_the_notes_say_so(folder):
    said = {lang: notes(opened(folder, lang=lang)).parts[0].content["text/html"] for lang in ("zh", "en")}
    assert "2025年10月的数据不含现已不再填报的戊县。" in said["zh"]
    assert "The figures of October 2025 are without Wu, which report no more." in said["en"]
    bulletin = opened(folder)
    assert bulletin.findings["year"].text["zh"] == "立案数为12起，同比上升50.0%"
    record = Record(Proof(bulletin).record().model_dump(mode="json", by_alias=True), [folder])
    record.check()
    check_claims(record)
    check_claims(record)
    assert list(record.left) == []


def test_without_the_list_the_row_is_refused_with_a_hint(folder):
    edit(folder / "reports/law/series.yml", "former_units: [{zh: 戊县, en: Wu}]\n", "")
    with pytest.raises(DataError, match="unknown reporting unit") as raised:
        opened(folder)
    assert "former_units" in str(raised.value.hint)


def test_nothing_is_noted_where_no_earlier_figures_have_them(folder):
    edit(folder / "data/raw/law/2025-10/work.csv", "戊 县,4\n", "")
    assert "戊县" not in notes(opened(folder)).parts[0].content["text/html"]


def test_a_row_in_the_bulletins_own_period_is_refused(folder):
    with pytest.raises(DataError, match="a row of a former unit") as raised:
        opened(folder, "2025-10")
    assert (raised.value.place, raised.value.found) == ("data/raw/law/2025-10/work.csv A4", "戊县")
