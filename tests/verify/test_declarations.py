"""What the checker must find where a series declares columns of words, sums months, and lists by the issuer's ranks.

The figures are synthetic.
"""

import json
import shutil

import pytest

from conftest import built_once, edit
from tongbao_verify.checker import check

SERIES = """\
notebook: monthly
synthetic: true
languages: [zh, en]
formats: [html]
authority: {zh: 示例市生态环境局, en: Example City}
area: {zh: 全市, en: the city}
subject: {zh: 水质季报, en: Water}
title: {zh: "{{ period }}水质通报", en: "Water, {{ period }}"}
addressees: {zh: 各县, en: counties}
source: {zh: 监测站（合成数据）, en: stations (synthetic)}
units:
  - {id: jia, zh: 甲县, en: Jia}
  - {id: yi, zh: 乙县, en: Yi}
  - {id: bing, zh: 丙县, en: Bing}
  - {id: ding, zh: 丁县, en: Ding}
tables:
  work:
    file: work.csv
    title: {zh: 执法情况表, en: Enforcement}
    total_row: {zh: 合计, en: Total}
    absent: summed
    columns:
      visits: {header: 检查（家次）, label: {zh: 检查（家次）, en: Visits}, short: {zh: 检查数, en: visits}, unit: 家次}
      cases: {header: 立案（起）, label: {zh: 立案（起）, en: Cases}, short: {zh: 立案数, en: cases}, unit: 起}
  water:
    file: water.csv
    title: {zh: 水质表, en: Water}
    absent: left_out
    columns:
      grade:
        header: 水质状况
        label: {zh: 水质状况, en: Water quality}
        short: {zh: 水质, en: water quality}
        area: none
        words:
          Ⅱ类: {value: 2, en: class II}
          Ⅲ类: {value: 3, en: class III}
          Ⅳ类: {value: 4, en: class IV}
        rank: ascending
      share:
        header: 达标率（%）
        label: {zh: 达标率（%）, en: "Share (%)"}
        short: {zh: 达标率, en: share}
        unit: "%"
        area: none
      place: {header: 排名, rank_of: share, short: {zh: 排名, en: rank}}
indicators:
  rate: {label: {zh: 处罚率, en: penalty rate}, unit: "%", formula: cases / visits * 100, decimals: 1}
parameters:
  below_rate: {default: 15, label: {zh: 警戒线, en: threshold}}
  top_n: {type: integer, default: 2, label: {zh: 前几位, en: how many}}
findings:
  headline:
    rule: state
    values: {cases: cases, rate: rate}
    wording: {zh: "{{ period }}立案{{ cases }}起，处罚率{{ rate }}%", en: "{{ cases }} cases, a rate of {{ rate }}%"}
  year: {rule: change, value: cases, against: last_year}
  low: {rule: list, measure: rate, below: param.below_rate, naming: {value: true}}
  fourth: {rule: list, measure: grade, at: 4}
  worse: {rule: list, measure: grade, above: 3, naming: {value: true}}
  best:
    rule: list
    measure: place
    order: best
    take: param.top_n
    naming: {figures: [share]}
    wording: {zh: "达标率居前的是{{ units }}", en: "first by share: {{ units }}"}
main_points: [{zh: "{{ finding.headline }}。", en: "{{ finding.headline }}."}]
key_figures: [{label: {zh: 立案, en: Cases}, value: cases}]
opening: {zh: 通报如下：, en: "As follows:"}
sections:
  - id: situation
    heading: {zh: 情况, en: Situation}
    paragraphs:
      - zh: "{{ finding.headline }}，{{ finding.year }}。{{ finding.low }}。{{ finding.fourth }}；{{ finding.worse }}。{{ finding.best }}。"
        en: "{{ finding.headline }}, {{ finding.year }}. {{ finding.low }}. {{ finding.fourth }}; {{ finding.worse }}. {{ finding.best }}."
  - {id: problems, heading: {zh: 问题, en: Problems}}
  - {id: next, heading: {zh: 下步, en: Next}}
charts: {penalty_rate: {measure: rate, title: {zh: 处罚率, en: Rates}, subtitle: {zh: "%", en: "%"}}}
annexes: [{table: work, title: {zh: 执法表, en: Enforcement}}, {table: water, title: {zh: 水质表, en: Water}, order: place}]
"""
WORK = "单位,检查（家次）,立案（起）\n甲县,{}\n乙县,{}\n丙县,{}\n丁县,{}\n合计,,\n"
MONTHS = {
    "2020-01": "9,1 18,3 30,4 8,1",
    "2020-02": "15,2 5,1 10,1 8,2",
    "2020-03": "25,6 15,0 20,4 4,1",
    "2021-01": "10,1 20,4 30,3 8,1",
    "2021-02": "15,2 5,1 10,0 8,2",
    "2021-03": "25,7 15,0 20,3 4,1",
}
# The issuer ranked by decimals that are not shown: two have the same share, and not the same rank.
WATER = "单位,水质状况,达标率（%）,排名\n甲县,Ⅱ类,99.65,2\n乙县,Ⅳ类,80.10,4\n丙县,Ⅲ类,99.65,1\n丁县,Ⅳ类,91.20,3\n"
QUARTER, MONTH = "2021-01-to-03", "2021-03"


def _write(root):
    raw, report = root / "data/raw/river", root / "reports/river"
    report.mkdir(parents=True)
    (report / "series.yml").write_text(SERIES, "utf-8")
    for period in (QUARTER, MONTH):
        (report / f"{period}.md").write_text(
            "---\nissued: 2021-04-10\n---\n# 问题\n\n无。\n\n# 下步\n\n无。\n", "utf-8"
        )
        (report / f"{period}.en.md").write_text("# Problems\n\nNone.\n\n# Next\n\nNone.\n", "utf-8")
    for period, rows in MONTHS.items():
        (raw / period).mkdir(parents=True)
        (raw / period / "work.csv").write_text(WORK.format(*rows.split()), "utf-8")
    for period in ("2020-01-to-03", QUARTER):
        (raw / period).mkdir()
        (raw / period / "water.csv").write_text(WATER, "utf-8")


@pytest.fixture(scope="module")
def river(tmp_path_factory):
    return built_once(tmp_path_factory, "river", "river", series=("river",), prepare=_write)


@pytest.fixture
def copy(river, tmp_path):
    for part in ("data", "_site/reports"):
        shutil.copytree(river / part, tmp_path / part)
    return tmp_path


def left(root, period=QUARTER):
    record = root / "data/processed/river" / period / "findings.json"
    return list(check(record, root / "_site/reports/river" / period, [root]).left)


@pytest.mark.parametrize("period", [QUARTER, MONTH])
def test_a_bulletin_is_clean(river, period):
    assert left(river, period) == []


PAGE, ENGLISH, RAW = f"_site/reports/river/{QUARTER}.html", f"_site/reports/river/{QUARTER}.en.html", "data/raw/river"
FAULTS = {
    "a word in an annex": (PAGE, 'grade@yi">Ⅳ类', 'grade@yi">Ⅲ类', "recomputed Ⅳ类"),
    "an English word": (ENGLISH, 'grade@bing">class III<', 'grade@bing">class IV<', "recomputed class III"),
    "a word in a sentence": (PAGE, 'worse:value@yi">Ⅳ类', 'worse:value@yi">Ⅱ类', "recomputed Ⅳ类"),
    "a word that chooses": (PAGE, "水质为Ⅳ类的有", "水质为Ⅲ类的有", "recorded: 水质为Ⅳ类的有乙县和丁县"),
    "a word as received": (f"{RAW}/{QUARTER}/water.csv", "丁县,Ⅳ类", "丁县,Ⅱ类", "holds Ⅱ类"),
    "a name first by rank": (PAGE, 'best:unit@bing">丙县', 'best:unit@bing">丁县', "not the name that is marked: 丙县"),
    "a summed digit": (PAGE, 'cases@jia">10<', 'cases@jia">11<', "recomputed 10"),
    "a sum": (PAGE, "9 + 5 + 11 = 25", "8 + 6 + 11 = 25", "it is 9 + 5 + 11"),
    "a month's cell": (f"{RAW}/2021-02/work.csv", "甲县,15,2", "甲县,15,3", "recomputed 11"),
    "a cell of a year before": (f"{RAW}/2020-02/work.csv", "甲县,15,2", "甲县,15,3", "recomputed 7.40741: (last_year"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_on_a_page_or_in_a_file_is_named(copy, fault):
    file, old, new, reason = fault
    edit(copy / file, old, new)
    assert [one for one in left(copy) if reason in one.reason], left(copy)


def _finding(record, name):
    return next(one for one in record["findings"] if one["id"] == name)["claims"]


def _claims(name, kind, **what):
    def change(record):
        next(claim for claim in _finding(record, name) if claim["claim"] == kind).update(what)

    return change


RECORDS = {
    "of whom a word is true": (_claims("fourth", "members", units=["yi"]), "members of it == 4: yi、ding"),
    "a word compared": (_claims("worse", "members", that="it > 2"), "the rule picks by it > 3"),
    "who is first": (_claims("best", "extreme", units=["jia", "bing"]), "extreme of reported(it): bing、jia"),
    "which rank is first": (_claims("best", "order", descending=True), "the rule's order is best"),
    "a word's number": (lambda record: record["figures"]["grade@jia"].update(value="3"), "recomputed 2"),
    "a month left out": (lambda record: record["compared"][QUARTER].pop(), "not months 1-3 of 2021"),
    "a month twice": (lambda record: record["compared"][QUARTER].append("2021-03"), "not months 1-3 of 2021"),
}


@pytest.mark.parametrize("fault", RECORDS.values(), ids=RECORDS)
def test_a_fault_in_the_record_is_named(copy, fault):
    change, reason = fault
    for file in (copy / "data/processed/river" / QUARTER / "findings.json", (copy / PAGE).with_suffix(".json")):
        record = json.loads(file.read_text("utf-8"))
        change(record)
        file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    assert [one for one in left(copy) if reason in one.reason], left(copy)
