"""What the checker must let stand, and what it must find, in sentences with blanks, places and changes.

The figures are synthetic.
"""

import json
import shutil

import pytest

from conftest import built_once, tongbao
from tongbao_verify.checker import check

SERIES = """\
notebook: words
synthetic: true
languages: [zh, en]
formats: [html]
authority: {zh: 示例市应急管理局, en: Example City}
area: {zh: 全市, en: the city}
subject: {zh: 执法月报, en: Enforcement}
title: {zh: "{{ period }}执法通报", en: "Enforcement, {{ period }}"}
addressees: {zh: 各县, en: counties}
source: {zh: 各县填报（合成数据）, en: the counties' returns (synthetic)}
units:
  - {id: jia, zh: 甲县, en: Jia}
  - {id: yi, zh: 乙县, en: Yi}
  - {id: bing, zh: 丙县, en: Bing}
  - {id: ding, zh: 丁县, en: Ding}
  - {id: wu, zh: 戊县, en: Wu}
tables:
  work:
    file: work.csv
    title: {zh: 执法情况表, en: Enforcement}
    columns:
      visits: {header: 检查（家次）, label: {zh: 检查（家次）, en: Visits}, short: {zh: 检查数, en: visits}, unit: 家次}
      cases: {header: 立案（起）, label: {zh: 立案（起）, en: Cases}, short: {zh: 立案数, en: cases}, unit: 起}
      profit: {header: 利润（万元）, label: {zh: 利润（万元）, en: Profit}, short: {zh: 利润, en: profit}, unit: 万元, min: null}
      drills: {header: 演练（次）, label: {zh: 演练（次）, en: Drills}, short: {zh: 演练, en: drills}, unit: 次, unit_en: fire-drills}
  ports:
    file: ports.csv
    title: {zh: 港口表, en: Ports}
    partial: true
    absent: left_out
    columns:
      done: {header: 按时率（%%）, label: {zh: 按时率, en: Done}, short: {zh: 按时率, en: share done in time}, unit: "%%", area: none}
indicators:
  rate: {label: {zh: 处罚率, en: penalty rate}, unit: "%%", formula: cases / visits * 100, decimals: 1}
findings:
%s
main_points: []
key_figures: [{label: {zh: 立案, en: Cases}, value: cases}]
opening: {zh: 通报如下：, en: "As follows:"}
sections:
  - id: situation
    heading: {zh: 情况, en: Situation}
    paragraphs:
      - {zh: "%s", en: "%s"}
annexes: [{table: work, title: {zh: 执法表, en: Enforcement}}, {table: ports, title: {zh: 港口表, en: Ports}}]
"""
RULES = {
    "zero": "{rule: list, measure: cases, at: 0, blank: true}",
    "low": "{rule: list, measure: cases, below: 15, blank: true, naming: {value: true, places: true}}",
    "most": "{rule: list, measure: cases, below: 99, blank: true}",
    "others": '{rule: list, measure: cases, above: 10, wording: {zh: "{{ units }}较多，其余为{{ rest }}", en: "{{ units }} have many, the others being {{ rest }}"}}',
    "sides": "{rule: split, measure: cases, at: last_year.area.cases / 5}",
    "to_date": "{rule: change, value: year_to_date.rate, against: last_year}",
    "base": "{rule: change, value: profit, against: last_year}",
    "on_year": "{rule: change, value: cases, against: last_year}",
    "mean": "{rule: change, value: {formula: profit / cases, label: {zh: 均利, en: profit a case}, unit: 万元, decimals: 2}, against: last_year}",
    "per_case": "{rule: change, value: {formula: visits / cases, label: {zh: 案均检查, en: visits a case}, decimals: 2}, against: last_year}",
    "level": "{rule: change, value: visits, against: last_year, change_in: absolute}",
    "no_cases": "{rule: change, value: {formula: cases - cases, label: {zh: 差额, en: difference}, decimals: 0}, against: last_year}",
    "way": "{rule: judge, when: {up: [{value: cases, above: last_year.cases}], down: [{value: cases, below: last_year.cases}]}, wording: {up: {zh: 力度加大, en: more}, down: {zh: 力度减弱, en: less}, otherwise: {zh: 持平, en: same}}}",
    "aim": "{rule: target, value: cases, target: last_year.cases}",
    "from": '{rule: change, value: cases, against: last_year, wording: {rise: {zh: "较上年同期的{{ before }}起增加{{ difference }}起", en: "from {{ before }}, {{ difference }} more"}}}',
    "rate_way": "{rule: judge, when: {up: [{value: rate, above: last_year.rate}]}, wording: {up: {zh: 处罚率提高, en: up}, otherwise: {zh: 处罚率未提高, en: not up}}}",
    "rate_aim": "{rule: target, value: rate, target: last_year.rate}",
    "rate_from": '{rule: change, value: rate, against: last_year, wording: {rise: {zh: "处罚率由{{ before }}%上升{{ change.full }}", en: "from {{ before }}%, up {{ change }}"}, fall: {zh: "处罚率由{{ before }}%下降{{ change.full }}", en: "from {{ before }}%, down {{ change }}"}}}',
    "rate_diff": '{rule: state, values: {more: {formula: rate - last_year.rate, unit: 个百分点, decimals: 2}}, wording: {zh: "处罚率变化{{ more.full }}", en: "rate {{ more }}"}}',
    "goal": "{rule: target, value: rate, target: 6.7}",
    "worst": "{rule: list, measure: rate, order: worst, take: 2, naming: {places: true}}",
    "focus": "{rule: list, measure: rate, order: worst, focus: wu}",
    "drills": '{rule: state, values: {all: drills}, wording: {zh: "演练{{ all.full }}", en: "{{ all.full }}"}}',
    "in_time": "{rule: list, measure: done, below: 90}",
    "all_done": '{rule: list, measure: done, at: 100, wording: {zh: "{{ units }}全部按时，{{ rest }}尚未", en: "all done in {{ units }}, not yet in {{ rest }}"}}',
}
PERIODS = {
    "2021-02": "甲县,200,20,10,3 乙县,,,, 丙县,100,10,3,1 丁县,300,0,4,3 戊县,120,18,5,3",
    "2021-01": "甲县,100,10,10,3 乙县,,,, 丙县,100,10,3,1 丁县,300,3,4,3 戊县,120,18,5,3",
    "2020-02": "甲县,200,19,-50,3 乙县,90,3,1,3 丙县,100,10,3,1 丁县,,,, 戊县,120,18,5,3",
    "2020-01": "甲县,200,19,-50,3 乙县,90,3,1,3 丙县,100,10,3,1 丁县,,,, 戊县,120,18,5,3",
}
SENTENCES = {
    "zero": "立案数为零或未报送的有乙县和丁县",
    "low": "立案数低于15起或未报送的有丁县（0起）第四，丙县（10起）第三，乙县（未报送）",
    "most": "各地立案数均低于99起或未报送",
    "others": "甲县和戊县较多，其余为丙县和丁县，不含乙县",
    "sides": "立案数高于10起的有2个：甲县和戊县，2020年2月不含丁县；低于10起的有1个：丁县；为10起的有1个：丙县，不含乙县",
    "to_date": "年初以来处罚率为6.6%（2021年1-2月不含乙县），同比上升0.43个百分点（按可比口径均不含乙县和丁县）",
    "base": "利润为22万元（不含乙县），同比—（上年同期为负），按可比口径均不含乙县和丁县",
    "on_year": "立案数为48起（不含乙县），同比上升2.1%（按可比口径均不含乙县和丁县）",
    "mean": "均利为0.46万元（不含乙县），同比—（上年同期为负），按可比口径均不含乙县和丁县",
    "per_case": "案均检查为15.00（不含乙县），同比下降2.1%（按可比口径均不含乙县和丁县）",
    "level": "检查数为720家次（不含乙县），同比持平（按可比口径均不含乙县和丁县）",
    "no_cases": "差额为0（不含乙县），同比持平（2020年2月不含丁县）",
    "way": "力度加大（按可比口径均不含乙县和丁县）",
    "aim": "立案数为48起（按可比口径均不含乙县和丁县），达到47起的目标",
    "from": "较上年同期的47起增加1起（按可比口径均不含乙县和丁县）",
    "rate_way": "处罚率提高（按可比口径均不含乙县和丁县）",
    "rate_aim": "处罚率为11.4%（按可比口径均不含乙县和丁县），达到11.2%的目标",
    "rate_from": "处罚率由11.2%上升0.24个百分点（按可比口径均不含乙县和丁县）",
    "rate_diff": "处罚率变化0.24个百分点（按可比口径均不含乙县和丁县）",
    "goal": "处罚率为6.67%（不含乙县），距6.7%的目标还差0.03个百分点",
    "worst": "处罚率列后两位的是丁县倒数第一，甲县、丙县并列倒数第二（不含乙县）",
    "focus": "戊县处罚率为15.0%，在4个县（市、区）中列第1位（不含乙县）",
    "drills": "演练10次（不含乙县）",
    "in_time": "已报送的3个县（市、区）按时率均达到90%",
    "all_done": "乙县和丙县全部按时，甲县尚未",
}


def _write(root):
    report = root / "reports/words"
    report.mkdir(parents=True)
    said = "".join(f"{{{{ finding.{name} }}}}。" for name in RULES)
    rules = "\n".join(f"  {name}: {rule}" for name, rule in RULES.items())
    (report / "series.yml").write_text(SERIES % (rules, said, said.replace("。", ". ").strip()), "utf-8")
    (report / "2021-02.md").write_text("---\nissued: 2021-03-10\n---\n", "utf-8")
    (report / "2021-02.en.md").write_text("", "utf-8")
    for period, rows in PERIODS.items():
        (root / "data/raw/words" / period).mkdir(parents=True)
        text = "\n".join(["单位,检查（家次）,立案（起）,利润（万元）,演练（次）", *rows.split(), ""])
        (root / "data/raw/words" / period / "work.csv").write_text(text, "utf-8")
    (root / "data/raw/words/2021-02/ports.csv").write_text("单位,按时率（%）\n甲县,95\n乙县,100\n丙县,100\n", "utf-8")
    tongbao(root, "notebook", "words")


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return built_once(tmp_path_factory, "words", "words@2021-02", series=("words",), prepare=_write)


def left(root):
    record = root / "data/processed/words/2021-02/findings.json"
    return list(check(record, root / "_site/reports/words/2021-02", [root]).left)


def test_true_sentences_stand(words):
    record = json.loads((words / "data/processed/words/2021-02/findings.json").read_text("utf-8"))
    assert {one["id"]: one["text"]["zh"] for one in record["findings"]} == SENTENCES
    assert left(words) == []


def claims(record, name, kind):
    return [one for one in record[name]["claims"] if one["claim"] == kind]


def _zero_base(findings, _):
    findings["base"]["case"] = "zero_base"
    claims(findings, "base", "case")[0].update(case="zero_base", when="last_year.profit <= 0")


def _swapped(name, lang="zh"):
    def change(findings, _):
        numbers = findings[name]["numbers"][lang]
        numbers[-1], numbers[-2] = numbers[-2], numbers[-1]

    return change


def _called_first(findings, _):
    place = next(one for one in findings["worst"]["numbers"]["zh"] if ":place@" in one["key"])
    place["text"] = "第一"


def _compared_with_all(_, figures):
    figures["on_year:change"].update(
        formula="(sum(last_year.cases) - sum(cases)) / sum(last_year.cases) * 100", value="4", text="4.0",
        calculation=None,
    )  # fmt: skip


def _rate_of_all(_, figures):
    figures["to_date:change"].update(
        formula="last_year.year_to_date.rate - year_to_date.rate", value="3.159203980100", text="3.16", calculation=None,
    )  # fmt: skip


FAULTS = {
    "a change from a base of other units": (_compared_with_all, "recomputed 2.12766: change(cases, last_year.cases)"),
    "a change of a rate of other units": (_rate_of_all, "recomputed -0.431145"),
    "a base that is not zero": (_zero_base, "the rule declares last_year.profit == 0"),
    "the last called the first": (_called_first, "counted from the other end"),
    "a place from the other end": (
        lambda _, figures: figures["worst:place@ding"].update(formula="rank(rate)"),
        "the rule's places are rank(-rate)",
    ),
    "names in another order": (_swapped("zero"), "the claim names yi、ding (zh)"),
    "a member whose figure is blank": (
        lambda findings, _: claims(findings, "zero", "members")[0].update(units=["ding"]),
        "members of (blank(it) or it == 0): yi、ding",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_sentence_is_found(words, tmp_path, fault):
    change, reason = fault
    for part in ("data", "_site/reports"):
        shutil.copytree(words / part, tmp_path / part)
    for file in ("data/processed/words/2021-02/findings.json", "_site/reports/words/2021-02.json"):
        record = json.loads((tmp_path / file).read_text("utf-8"))
        change({one["id"]: one for one in record["findings"]}, record["figures"])
        (tmp_path / file).write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    assert [one for one in left(tmp_path) if reason in one.reason], left(tmp_path)
