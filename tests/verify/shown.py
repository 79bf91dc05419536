"""A made-up return that shows faults which the circulars do not: percentages of a workbook, thousands, short names, ties."""

from __future__ import annotations

from pathlib import Path

import openpyxl

SERIES = """\
notebook: monthly
synthetic: true
languages: [zh]
formats: [html]
authority: 示例市应急管理局
area: 全市
subject: 执法月报
title: 关于{{ period }}执法情况的通报
addressees: 各县应急管理局
source: 各县填报（合成数据）
units:
  - {id: jia, zh: 甲县, short: 甲, en: County A}
  - {id: yi, zh: 乙县, short: 乙, en: County B}
  - {id: bing, zh: 丙县, short: 丙, en: County C}
  - {id: ding, zh: 丁县, short: 丁, en: County D}
tables:
  shares:
    file: shares.xlsx
    title: 按时率表
    columns:
      share: {header: 按时率（%）, unit: "%", decimals: 1, area: none, max: 100}
  work:
    file: work.csv
    title: 执法情况表
    columns:
      visits: {header: 检查（家次）, short: 检查, unit: 家次, whole: false}
      cases: {header: 立案（起）, short: 立案, unit: 起}
parameters:
  below_rate: {default: 8, label: 警戒线}
  top_n: {type: integer, default: 2, label: 前几位}
findings:
  few: {rule: list, measure: cases, at_most: param.below_rate}
  first: {rule: list, measure: cases, take: param.top_n}
  visited: {rule: list, measure: visits, take: 1}
  late: {rule: list, measure: share, below: 90}
  told: {rule: state, values: {calls: fact.calls, rate: fact.rate}, wording: "热线来电{{ calls }}通，满意率{{ rate }}%"}
main_points: ["{{ finding.few }}。"]
key_figures: [{label: 立案, value: cases}]
opening: 现将情况通报如下：
sections:
  - id: situation
    heading: 执法情况
    paragraphs: ["{{ finding.few }}。{{ finding.first }}。{{ finding.visited }}。{{ finding.late }}。{{ finding.told }}。"]
  - {id: problems, heading: 存在的问题}
  - {id: next, heading: 下步要求}
charts:
  penalty_rate: {measure: cases, title: 各县立案, subtitle: 起}
annexes: [{table: work, title: 执法情况表}, {table: shares, title: 按时率表}]
"""
WORK = '单位,检查（家次）,立案（起）\n甲,"1,300",12\n乙,950,8\n丙,"1,020",12\n丁,400,20\n'
FACTS = '编号,名称,数值,单位,限定,来源\ncalls,热线来电,"1,200",通,,市热线平台\nrate,满意率,９７．２０％,%,,市热线平台\n'
NAME = ("shown", "2021-q2")


def write(root: Path) -> None:
    """The series, its raw figures and the period's text."""
    report, raw = root / "reports" / "shown", root.joinpath("data", "raw", *NAME)
    report.mkdir(parents=True)
    raw.mkdir(parents=True)
    (report / "series.yml").write_text(SERIES, "utf-8")
    (report / "2021-q2.md").write_text(
        "---\nissued: 2021-07-10\n---\n# 存在的问题\n\n无。\n\n# 下步要求\n\n要认真核对。\n", "utf-8"
    )
    (raw / "work.csv").write_text(WORK, "utf-8")
    (raw / "facts.csv").write_text(FACTS, "utf-8")
    book = openpyxl.Workbook()
    book.active.append(["单位", "按时率（%）"])
    for row, (unit, share) in enumerate({"甲县": 0.955, "乙县": 0.875, "丙县": 1, "丁县": 0.625}.items(), start=2):
        book.active.append([unit, share])
        book.active.cell(row, 2).number_format = "0.0%"
    book.active["B4"], book.active["B4"].number_format = 100, '0.0"%"'  # a percent sign that is only written
    book.save(raw / "shares.xlsx")


if __name__ == "__main__":
    write(Path())
