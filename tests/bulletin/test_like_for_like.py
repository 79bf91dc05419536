"""A rate of a quarter that is summed from its months, of which one county left one blank (synthetic)."""

import pytest

from conftest import bare_project, edit
from tongbao.basics.marks import plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao_verify.claims import check_claims
from tongbao_verify.record import Record

SERIES = """\
notebook: none
authority: 示例市局
area: 全市
subject: 情况
title: 情况通报
addressees: 各县
source: 各县填报（合成数据）
units: [{id: jia, zh: 甲县, en: Jia}, {id: yi, zh: 乙县, en: Yi}, {id: bing, zh: 丙县, en: Bing}]
tables:
  main:
    file: t.csv
    title: 情况表
    absent: summed
    columns:
      n: {header: 检查（家次）, short: 检查, unit: 家次}
      c: {header: 处罚（起）, short: 处罚, unit: 起}
indicators: {rate: {label: 处罚率, unit: "%", formula: c / n * 100, decimals: 1}}
findings:
  rate: {rule: change, value: rate, against: last_year}
  before:
    rule: change
    value: rate
    against: last_year
    wording: {flat: "仍为{{ before }}%", rise: "由{{ before }}%升为{{ value }}%"}
main_points: ["{{ finding.rate }}。"]
key_figures: [{label: 处罚率, value: rate}]
opening: 通报如下：
sections: [{id: s, heading: 情况, paragraphs: ["{{ finding.rate }}；{{ finding.before }}。"]}]
annexes: [{table: main, title: 情况表}]
"""
MONTH = "单位,检查（家次）,处罚（起）\n甲县,100,20\n乙县,{}\n丙县,100,30\n"


@pytest.fixture
def folder(tmp_path):
    project = bare_project(tmp_path / "project")
    (project / "reports/mini").mkdir()
    (project / "reports/mini/series.yml").write_text(SERIES, "utf-8")
    (project / "reports/mini/2026-q2.md").write_text("---\nissued: 2026-07-10\n---\n", "utf-8")
    for period in (f"{year}-{month}" for year in (2025, 2026) for month in ("04", "05", "06")):
        (project / "data/raw/mini" / period).mkdir(parents=True)
        yi = {"2026-05": ","}.get(period, "100,10" if period.startswith("2026") else "90,10")
        (project / "data/raw/mini" / period / "t.csv").write_text(MONTH.format(yi), "utf-8")
    (project / "data/raw/mini/2026-q2").mkdir()
    return project


def opened(folder):
    return Bulletin.open(Project.find(folder), "mini", "2026-q2", {})


def test_a_rate_that_did_not_move_in_the_same_counties_has_not_moved(folder):
    bulletin = opened(folder)
    assert {name: finding.text["zh"] for name, finding in bulletin.findings.items()} == {
        "rate": "处罚率为25.0%（不含乙县），同比持平（按可比口径均不含乙县）",
        "before": "仍为25.0%（按可比口径均不含乙县）",
    }
    (key,) = bulletin.narrative.key_figures()
    assert [plain(text) for text in (key.marked, key.without, key.change)] == [
        "25.0", "不含乙县", "同比持平（按可比口径均不含乙县）",
    ]  # fmt: skip


def test_the_record_holds_and_its_formula_is_that_of_the_same_counties(folder):
    (folder / "data/raw/mini/2026-06/t.csv").write_text(MONTH.format("100,10").replace("100,30", "100,33"), "utf-8")
    data = Proof(opened(folder)).record().model_dump(mode="json", by_alias=True)
    assert (data["figures"]["rate:change"]["formula"], data["figures"]["rate:change"]["value"]) == (
        "rate - last_year.rate", "0.5",
    )  # fmt: skip
    record = Record(data, [folder])
    record.check()
    check_claims(record)
    assert list(record.left) == []
    data["figures"]["rate:change"] |= {"value": "4.810344827586", "text": "4.81", "calculation": None}
    record = Record(data, [folder])
    record.check()
    check_claims(record)
    assert {one.reason for one in record.left} == {"recomputed 0.5: rate - last_year.rate"}


def test_where_sentences_say_nothing_the_data_notes_name_the_rate(folder):
    edit(folder / "reports/mini/series.yml", "notebook: none", "notebook: none\nleft_out: notes")
    bulletin = opened(folder)
    assert bulletin.findings["rate"].text["zh"] == "处罚率为25.0%，同比持平"
    bulletin.narrative.key_figures()
    assert [plain(line) for line in bulletin.narrative.alike()] == ["处罚率与上年同期比较：按可比口径均不含乙县。"]
