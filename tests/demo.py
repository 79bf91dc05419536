"""A made-up series (synthetic figures) whose bulletin compares with summed periods and counts faults."""

from __future__ import annotations

from pathlib import Path

from tongbao_verify.checker import check
from tongbao_verify.record import LeftOver

SERIES = """\
notebook: monthly
synthetic: true
authority: {zh: 示例市应急管理局, en: Example City}
area: {zh: 全市, en: the city}
subject: {zh: 执法月报, en: Monthly circular}
title: {zh: "关于{{ period }}执法情况的通报", en: "Circular, {{ period }}"}
addressees: 各县应急管理局
source: 各县填报（合成数据）
formats: [html]
units:
  - {id: jia, zh: 甲县, short: 甲, en: County A}
  - {id: yi, zh: 乙县, short: 乙, en: County B}
  - {id: bing, zh: 丙县, short: 丙, en: County C}
  - {id: ding, zh: 丁县, short: 丁, en: County D}
  - {id: wu, zh: 戊县, short: 戊, en: County E}
tables:
  work:
    file: work.csv
    title: {zh: 执法情况表, en: Enforcement}
    total_row: 合计
    total_mark: "-"
    columns:
      visits: {header: 检查（家次）, short: {zh: 检查, en: visits}, unit: 家次}
      cases: {header: 立案（起）, short: {zh: 立案, en: cases}, unit: 起}
      fines: {header: 罚款（万元）, short: {zh: 罚款, en: fines}, unit: 万元, decimals: 1, blank: note}
      col_rate: {header: 处罚率（%）, reports: rate}
      rank: {header: 排名, rank_of: rate}
  more:
    file: more.csv
    title: {zh: 其他情况表, en: Other}
    columns:
      hazchem: {header: 危化品案件, unit: 起}
      share: {header: 按时率（%）, unit: "%", decimals: 1, area: none}
indicators:
  rate: {label: {zh: 处罚率, en: penalty rate}, unit: "%", formula: cases / visits * 100, decimals: 1}
checks:
  cases_within_visits:
    {check: holds, left: cases, relation: <=, right: visits, level: warning, message: {zh: 3月起不得如此, en: not so}}
  hazchem_also: {check: also_reported, given: hazchem, expected: fines}
  fits: {check: feasible_rate, rate: share, part: fact.done, whole: fact.due}
  jump: {check: change, measure: fines, factor: 2.5, against: last_year}
parameters:
  below_rate: {default: 20, label: {zh: 警戒线, en: threshold}}
  top_n: {type: integer, default: 2, label: {zh: 前几位, en: how many}}
findings:
  headline:
    rule: state
    values:
      visits: visits
      cases: cases
      year: year_to_date.cases
      before: last_year.year_to_date.cases
      rate: last_year.rate
    wording:
      zh: >-
        {{ period }}检查{{ visits }}家次，立案{{ cases }}起，年初以来{{ year }}起，
        上年{{ before }}起，上年同期处罚率{{ rate }}%
      en: "{{ visits }} visits, {{ cases }} cases, {{ year }} this year, {{ before }} a year before; rate {{ rate }}%"
  on_year: {rule: change, value: cases, against: last_year}
  rising: {rule: list, measure: cases, change: last_year, above: 0, naming: {value: true}}
  rate_top: {rule: list, measure: rate, take: param.top_n}
  rate_low: {rule: list, measure: rate, below: param.below_rate}
  faults: {rule: faults}
  unlogical:
    rule: faults
    checks: [holds, jump]
    wording:
      zh: "{{ some }}县填报不合逻辑：{{ kinds }}，涉及{{ units }}共{{ unit_count }}县"
      en: "{{ some }} counties make no sense: {{ kinds }}, {{ units }}, {{ unit_count }} in all"
  many_low:
    rule: list
    measure: rate
    below: param.below_rate
    wording: {zh: "{{ some }}县处罚率偏低", en: "{{ some }} are low"}
main_points: ["{{ finding.headline }}。", "{{ finding.faults }}。"]
key_figures: [{label: 立案, value: cases}, {label: 处罚率, value: rate}]
opening: 现将情况通报如下：
sections:
  - id: situation
    heading: {zh: 执法情况, en: Enforcement}
    paragraphs:
      - "{{ finding.headline }}。{{ finding.on_year }}；{{ finding.rising }}。"
      - "{{ finding.rate_top }}，{{ finding.rate_low }}；{{ finding.many_low }}。"
  - id: problems
    heading: {zh: 填报质量, en: Returns}
    paragraphs: ["{{ finding.faults }}。{{ finding.unlogical }}。"]
  - id: next
    heading: {zh: 下步要求, en: Next}
charts:
  penalty_rate: {measure: rate, form: line, periods: 6}
annexes: [{table: work, title: 执法情况表}, {table: more, title: 其他情况表}]
"""
WORK = """\
单位,检查（家次）,立案（起）,罚款（万元）,处罚率（%）,排名
甲县,{0}
乙县,{1}
丙县,{2}
丁县,{3}
戊县,{4}
合计,{5}
"""
MORE = "单位,危化品案件,按时率（%）\n甲县,1,50.0\n乙县,2,33.3\n丙县,0,99.9\n丁县,,\n戊县,,\n"
FACTS = "编号,名称,数值,单位,限定,来源\ndue,应完成,5,项,,台账\ndone,已完成,3,项,,台账\n"
# Last year's months were returned one by one; this year's quarter and half as such.
MONTHS = {
    "2020-04": "100,10,1.0,10.0,3 60,12,2.0,20.0,2 50,15,3.0,30.0,1 40,1,1.0,2.5,4 ,,,, 250,38,7.0,15.2,-",
    "2020-05": "90,11,1.5,12.2,3 70,10,1.0,14.3,2 30,9,1.0,30.0,1 20,1,1.0,5.0,4 ,,,, 210,31,4.5,14.8,-",
    "2020-06": "80,9,1.2,11.3,3 50,10,1.4,20.0,2 40,10,1.0,25.0,1 30,2,1.1,6.7,4 ,,,, 200,31,4.7,15.5,-",
    "2020-q1": "200,30,5.5,15.0,3 150,32,6.0,21.3,2 90,25,4.0,27.8,1 70,3,2.0,4.3,4 ,,,, 510,90,17.5,17.6,-",
    "2021-q1": "210,35,6.5,16.7,3 160,40,7.0,25.0,2 100,30,4.0,30.0,1 80,4,2.5,5.0,4 ,,,, 550,109,20.0,19.8,-",
}
NOW = "300,33,9.9,11.0,3 20,22,4.0,110.0,1 90,36,14.5,40.0,3 80,5,,6.3,4 ,,,, 490,97,28.4,19.6,-"
NAME = ("demo", "2021-q2")
ID = "demo@2021-q2"
# What is corrected after it was published.
WHY = "甲县9.9万元应为10.9万元。"


def write_demo(root: Path) -> None:
    """The series, its raw figures and the period's text."""
    (root / "reports" / "demo").mkdir(parents=True)
    (root / "reports" / "demo" / "series.yml").write_text(SERIES, "utf-8")
    (root / "reports" / "demo" / "2021-q2.md").write_text(
        "---\nissued: 2021-07-10\nstatistics_date: 2021-06-30\n---\n# 下步要求\n\n各县要认真核对。\n", "utf-8"
    )
    for period, rows in (MONTHS | {"2021-q2": NOW}).items():
        folder = root / "data" / "raw" / "demo" / period
        folder.mkdir(parents=True)
        (folder / "work.csv").write_text(WORK.format(*rows.split()), "utf-8")
        (folder / "more.csv").write_text(MORE, "utf-8")
        (folder / "facts.csv").write_text(FACTS, "utf-8")


def left(root: Path, name: tuple[str, str], document: str | None = None) -> list[LeftOver]:
    """What the check of a bulletin leaves over, in all documents or in one (``findings.json``, ``.html``)."""
    record = root.joinpath("data", "processed", *name, "findings.json")
    found = check(record, root.joinpath("_site", "reports", *name), [root])
    return [item for item in found.left if document is None or item.document.endswith(document)]
