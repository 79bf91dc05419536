"""A small bulletin by hand: raw files, definition, text, record and page, in a folder laid out as a project."""

from __future__ import annotations

import json
from hashlib import sha256
from html import escape
from pathlib import Path

from tongbao.definition.loader import raw_definition

SERIES = """\
notebook: demo
languages: [zh]
authority: {zh: 示例市应急管理局, en: Example Bureau}
area: {zh: 全市, en: the city}
subject: 月通报
title: 关于{{ period }}全市执法情况的通报
addressees: 各区县
source: 各区县填报
left_out: notes
names: [A3表]
units:
  - {id: dong, zh: 东城区, short: 东城, en: East}
  - {id: nan, zh: 南城区, short: 南城, en: South}
  - {id: xi, zh: 西城区, short: 西城, en: West}
  - {id: bei, zh: 北城县, short: 北城, en: North}
tables:
  main:
    file: main.csv
    title: 执法情况表
    total_row: 合计
    total_mark: /
    columns:
      visits: {header: 检查（家次）, short: 检查, unit: 家次}
      cases: {header: 立案（起）, short: 立案, unit: 起}
      reported_rate: {header: 处罚率（%）, reports: rate}
      rate_rank: {header: 排名, rank_of: rate}
indicators:
  rate: {label: 处罚率, unit: "%", formula: cases / visits * 100, decimals: 2}
parameters:
  below_rate: {default: 15, label: 警戒线}
  top_n: {type: integer, default: 2, label: 前几位}
findings:
  headline:
    rule: state
    values: {visits: visits, rate: rate}
    wording: 全市检查{{ visits }}家次，处罚率为{{ rate }}%
  top:
    rule: list
    measure: rate
    take: param.top_n
    wording: 处罚率列前{{ n }}位为{{ units }}
  below:
    rule: list
    measure: rate
    below: param.below_rate
    wording: 处罚率未达{{ threshold }}%为{{ units }}
  sides:
    rule: split
    measure: rate
    at: area.rate
    wording: 高于全市的有{{ above_units }}，低于全市的有{{ below_units }}
  year:
    rule: change
    value: visits
    against: last_year
    wording: {fall: {zh: "检查同比下降{{ change }}%"}}
  goal:
    rule: target
    value: rate
    target: 22.5
    wording: {missed: {zh: "未达到{{ target }}%的目标"}, met: {zh: "达到{{ target }}%的目标"}}
  trend:
    rule: judge
    when: {better: [{value: rate, above: last_year.rate}]}
    wording: {better: {zh: 力度有所加大}, otherwise: {zh: 力度没有加大}}
main_points: ["{{ finding.headline }}。"]
key_figures: [{label: 检查, value: visits}]
opening: 现将{{ period }}情况通报如下：
sections:
  - {id: situation, heading: 基本情况, paragraphs: ["{{ finding.headline }}。{{ finding.top }}；{{ finding.below }}。"]}
  - {id: next, heading: 下一步要求}
annexes: [{table: main, title: "{{ period }}执法情况表"}]
notes: ["处罚率＝立案÷检查×100%，保留2位小数。"]
"""
TEXT = """\
---
issued: 2024-04-08
names: [三年行动]
---

# 下一步要求

继续推进三年行动，4月份前报送A3表，西城区要整改，热线来电达{{ fact.calls.full }}。
"""
NOW = "单位,检查（家次）,立案（起）,处罚率（%）,排名\n东城区,40,8,20.00,2\n南城区,25,10,40.00,1\n西城区,30,3,10.00,3\n北城县,,,,\n合计,95,21,22.11,/\n"
BEFORE = "单位,检查（家次）,立案（起）,处罚率（%）,排名\n东城区,50,5,10.00,3\n南城区,20,2,10.00,3\n西城区,30,6,20.00,1\n北城县,10,1,10.00,3\n合计,110,14,12.73,/\n"
FACTS = "编号,名称,数值,单位,限定,来源\ncalls,热线来电,1234,次,以上,热线平台\n"
UNITS = ("dong", "nan", "xi", "bei", "total")
COLUMNS = ("visits", "cases", "reported_rate", "rate_rank")
RATES = {"dong": "20", "nan": "40", "xi": "10", "bei": None}
AREA_RATE = "22.105263157895"


def _cells() -> dict[str, dict]:
    cells = {}
    for period, text in (("", NOW), ("~2023-03", BEFORE)):
        folder = period.removeprefix("~") or "2024-03"
        for row, (unit, line) in enumerate(zip(UNITS, text.splitlines()[1:], strict=True), start=2):
            for letter, column, value in zip("BCDE", COLUMNS, line.split(",")[1:], strict=True):
                source = {"file": f"data/raw/demo/{folder}/main.csv", "sheet": None, "row": row, "column": letter}
                cell = {"table": "main", "unit": unit, "column": column, "text": value, "source": source}
                cells[f"{column}@{unit}{period}"] = cell
    source = {"file": "data/raw/demo/2024-03/facts.csv", "sheet": None, "row": 2, "column": "C"}
    cells["fact.calls"] = {"table": "facts", "unit": None, "column": "calls", "text": "1234", "source": source}
    return cells


def _figure(name: str, value: str | None, text: str, unit: str = "", origin: str = "computed", **more: object) -> dict:
    figure = {"name": name, "scope": "area", "period": None, "value": value, "text": text, "unit": unit}
    return figure | {"qualifier": "", "origin": origin, "formula": None, "calculation": None, "cells": []} | more


def _figures() -> dict[str, dict]:
    rate = {"formula": "cases / visits * 100"}
    figures = {
        "headline:visits": _figure(
            "visits", "95", "95", "家次", formula="sum(visits)", calculation="40 + 25 + 30 = 95"
        ),
        "headline:rate": _figure("rate", AREA_RATE, "22.11", "%", **rate, calculation="21 ÷ 95 × 100 = 22.11"),
        "rate@area": _figure("rate", AREA_RATE, "22.11", "%", **rate, calculation="21 ÷ 95 × 100 = 22.11"),
        "visits@area": _figure("visits", "95", "95", "家次", formula="sum(visits)", calculation="40 + 25 + 30 = 95"),
        "cases@area": _figure("cases", "21", "21", "起", formula="sum(cases)", calculation="8 + 10 + 3 = 21"),
        "year:change": _figure("change", "5", "5.0", "%", formula="abs(change(visits, last_year.visits))"),
        "below:threshold": _figure("param.below_rate", "15", "15", "", "parameter"),
        "goal:target": _figure("22.5", "22.5", "22.5", "%", "parameter"),
        "param.top_n": _figure("param.top_n", "2", "2", "", "parameter"),
        "fact.calls": _figure("fact.calls", "1234", "1234", "次", "fact", qualifier="以上", cells=["fact.calls"]),
    }
    for unit, line in zip(UNITS[:4], NOW.splitlines()[1:5], strict=True):
        visits, cases, printed, rank = line.split(",")[1:]
        own = {"scope": unit, "cells": [f"visits@{unit}"]}
        figures[f"visits@{unit}"] = _figure("visits", visits or None, visits, "家次", "reported", **own)
        figures[f"cases@{unit}"] = _figure(
            "cases", cases or None, cases, "起", "reported", scope=unit, cells=[f"cases@{unit}"]
        )
        calculation = f"{cases} ÷ {visits} × 100 = {printed}" if cases else None
        figures[f"rate@{unit}"] = _figure(
            "rate", RATES[unit], printed, "%", **rate, calculation=calculation, scope=unit
        )
        figures[f"rank(rate)@{unit}"] = _figure("rank(rate)", rank or None, rank, formula="rank(rate)", scope=unit)
    return figures


def _finding(
    name: str, rule: str, case: str, marked: list[tuple[str, str]], units: list[str], claims: list[dict]
) -> dict:
    """``marked`` are pieces of the sentence with their keys; an empty key is plain text."""
    text, numbers = "", []
    for piece, key in marked:
        if key:
            numbers.append({"key": key, "text": piece, "start": len(text)})
        text += piece
    values = [{"claim": "value", "key": one["key"]} for one in numbers if ":unit@" not in one["key"]]
    return {"id": name, "rule": rule, "case": case, "text": {"zh": text}, "numbers": {"zh": numbers}, "units": units,
            "figures": [], "claims": [*values, *claims]}  # fmt: skip


def _findings() -> list[dict]:
    of = {"of": "rate", "compared": RATES}
    dong, nan, xi = ("东城区", "{}:unit@dong"), ("南城区", "{}:unit@nan"), ("西城区", "{}:unit@xi")

    def name(unit: tuple[str, str], owner: str) -> tuple[str, str]:
        return unit[0], unit[1].format(owner)

    top = [("处罚率列前", ""), ("2", "param.top_n"), ("位为", ""), name(nan, "top"), ("和", ""), name(dong, "top")]
    sides = [
        ("高于全市的有", ""),
        name(nan, "sides"),
        ("，低于全市的有", ""),
        name(dong, "sides"),
        ("和", ""),
        name(xi, "sides"),
    ]
    return [
        _finding("headline", "state", "default", [("全市检查", ""), ("95", "headline:visits"), ("家次，处罚率为", ""), ("22.11", "headline:rate"), ("%", "")], [], []),
        _finding("top", "list", "default", top, ["nan", "dong"],
                 [{"claim": "members", **of, "that": "reported(it)", "units": ["dong", "nan", "xi"]},
                  {"claim": "extreme", **of, "that": "reported(it)", "units": ["nan", "dong"], "end": "highest", "take": "param.top_n", "ties": "extend"}]),
        _finding("below", "list", "default", [("处罚率未达", ""), ("15", "below:threshold"), ("%为", ""), name(xi, "below")], ["xi"],
                 [{"claim": "members", **of, "that": "it < param.below_rate", "units": ["xi"]},
                  {"claim": "order", **of, "units": ["xi"], "descending": False}]),
        _finding("sides", "split", "default", sides, ["nan", "dong", "xi"],
                 [{"claim": "members", **of, "that": "it > area.rate", "units": ["nan"]},
                  {"claim": "members", **of, "that": "it < area.rate", "units": ["dong", "xi"]}]),
        _finding("year", "change", "fall", [("检查同比下降", ""), ("5.0", "year:change"), ("%", "")], [],
                 [{"claim": "case", "case": "fall", "when": "change(visits, last_year.visits) < 0"}]),
        _finding("goal", "target", "missed", [("未达到", ""), ("22.5", "goal:target"), ("%的目标", "")], [],
                 [{"claim": "case", "case": "missed", "when": "rate < 22.5"}]),
        _finding("trend", "judge", "better", [("力度有所加大", "")], [],
                 [{"claim": "case", "case": "better", "when": "rate > last_year.rate"}]),
    ]  # fmt: skip


def _issues() -> list[dict]:
    claims = {"fewer": "cases < visits / 5", "off-total": "total.visits != sum(visits)"}
    return [{"check": check, "kind": "holds", "unit": "xi", "message": {"zh": "西城区：请核实"},
             "claims": [{"claim": "case", "case": "holds", "when": when, "scope": "xi"}]}
            for check, when in claims.items()]  # fmt: skip


def _mark(key: str, text: str) -> str:
    return f'<span data-figure="{escape(key)}">{text}</span>'


def _sentence(finding: dict) -> str:
    text = finding["text"]["zh"]
    for one in reversed(finding["numbers"]["zh"]):
        end = one["start"] + len(one["text"])
        text = text[: one["start"]] + _mark(one["key"], one["text"]) + text[end:]
    return f'{text}<a href="#finding-{finding["id"]}"></a>'


def _page(record: dict) -> str:
    figures, said = record["figures"], {one["id"]: _sentence(one) for one in record["findings"]}
    rows = ""
    for unit, name in (("dong", "东城区"), ("nan", "南城区"), ("xi", "西城区"), ("bei", "北城县"), ("area", "合计")):
        keys = [f"visits@{unit}", f"cases@{unit}", f"rate@{unit}", f"rank(rate)@{unit}"]
        cells = "".join(
            f"<td>{_mark(key, figures[key]['text'])}</td>" if key in figures else "<td>/</td>" for key in keys
        )
        head = f'<th data-figure="annex-main:unit@{unit}">' if unit != "area" else "<th>"
        rows += f"<tr>{head}{name}</th>{cells}</tr>\n"
    labels = ("检查（家次）", "立案（起）", "处罚率（%）", "排名")
    heads = "".join(f"<th>{label}</th>" for label in labels)
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">
<meta name="description" content="{record["main_points"][0]}">
<title>{record["title"]} – 通报</title></head><body><main>
<h1>{record["title"]}</h1>
<ul class="document-facts"><li>2024年4月8日</li></ul>
<section class="main-points"><ul><li>{said["headline"]}。</li></ul></section>
<dl class="key-figures"><div class="key-figure"><dt>检查</dt><dd>{_mark("visits@area", "95")}<span>家次</span></dd>
<dd class="change">同比下降{_mark("year:change", "5.0")}%</dd><dd class="change">不含{_mark("blank:unit@bei", "北城县")}</dd></div></dl>
<p>现将2024年3月情况通报如下：</p>
<h2>一、基本情况</h2>
<p>{said["headline"]}。{said["top"]}；{said["below"]}。{said["sides"]}。</p>
<p>{said["year"]}，{said["goal"]}，{said["trend"]}。</p>
<svg><g data-proof="axis"><text>0</text><text>20</text><text>40</text></g></svg>
<h2>二、下一步要求</h2>
<p>继续推进三年行动，4月份前报送A3表，西城区要整改，热线来电达{_mark("fact.calls", "1234次以上")}。</p>
<h2>附件 2024年3月执法情况表</h2>
<table class="annex-table"><thead><tr><th>单位</th>{heads}</tr></thead>
<tbody>{rows}</tbody></table>
<div class="chart-data"><table><tr><th>区县</th><th>检查（家次）</th></tr>
<tr><th>{_mark("chart:unit@dong", "东城区")}</th><td>{_mark("visits@dong", "40")}</td></tr></table></div>
<section class="notes"><ul><li>处罚率＝立案÷检查×100%，保留2位小数。</li></ul></section>
<section class="evidence"><details id="finding-top"><summary>{record["findings"][1]["text"]["zh"]}。</summary>
<p>{_mark("rate@nan", "40.00%")}</p><p data-proof="formula rate@nan">立案 ÷ 检查 × 100</p>
<p data-proof="calculation rate@nan">10 ÷ 25 × 100 = 40.00%</p>
<ul><li><a data-proof="cell cases@nan">南城区 立案 10</a> <span data-proof="place cases@nan">第3行C列</span></li></ul></details></section>
<section class="provenance"><p data-proof="furniture">由 tongbao 0.1.0 生成</p>
<p data-proof="input data/raw/demo/2024-03/main.csv">{record["inputs"]["data/raw/demo/2024-03/main.csv"][:12]}</p></section>
</main></body></html>
"""


def write(folder: Path) -> Path:
    """Write the sample; returns the folder."""
    files = {"data/raw/demo/2024-03/main.csv": NOW, "data/raw/demo/2023-03/main.csv": BEFORE,
             "data/raw/demo/2024-03/facts.csv": FACTS, "reports/demo/series.yml": SERIES, "reports/demo/2024-03.md": TEXT}  # fmt: skip
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    record = {
        "schema": 5, "series": "demo", "period": "2024-03", "period_label": "2024年3月", "lang": "zh", "editions": {},
        "title": "关于2024年3月全市执法情况的通报", "number": "", "issued": "2024-04-08",
        "parameters": {"below_rate": "15", "top_n": "2"}, "main_points": ["全市检查95家次，处罚率为22.11%。"],
        "key_figures": [{"label": "检查", "value": "95", "unit": "家次", "change": "同比下降5.0%", "without": "不含北城县"}],
        "not_compared": [], "notes": ["处罚率＝立案÷检查×100%，保留2位小数。"],
        "definition": raw_definition(folder / "reports" / "demo" / "series.yml", "series.yml"),
        "texts": {"zh": {"file": "reports/demo/2024-03.md", "text": TEXT}},
        "inputs": {name: sha256(text.encode()).hexdigest() for name, text in files.items() if "raw" in name},
        "compared": {"2023-03": ["2023-03"], "2024-02": []}, "cells": _cells(), "figures": _figures(),
        "findings": _findings(), "issues": [], "words": {"zh": ["由 tongbao 0.1.0 生成"]},
    }  # fmt: skip
    pages = folder / "_site" / "reports" / "demo"
    processed = folder / "data" / "processed" / "demo" / "2024-03"
    for place in (pages, processed):
        place.mkdir(parents=True)
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (processed / "findings.json").write_text(text, "utf-8")
    (pages / "2024-03.json").write_text(text, "utf-8")
    beside = {"issues": _issues(), "figures": {}, "cells": {}, "words": {"zh": []}, "checks": {}}
    (processed / "quality.json").write_text(json.dumps(beside, ensure_ascii=False), "utf-8")
    (pages / "2024-03.html").write_text(_page(record), "utf-8")
    return folder
