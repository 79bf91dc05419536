"""Right work that the checker lets stand: each bulletin here is as its figures are, and nothing of it is left over.

The figures are synthetic.
"""

import json
import re
import shutil

import pytest

from conftest import built_once, edit, tongbao
from tongbao_verify.checker import check

SERIES = """\
notebook: right
synthetic: true
languages: [zh, en]
formats: [html, pdf, docx]
authority: {zh: 示例市应急管理局, en: Example City}
area: {zh: 全市, en: the city}
subject: {zh: 执法月报, en: Enforcement}
title: {zh: "{{ period }}执法通报", en: "Enforcement, {{ period }}"}
addressees: {zh: 各县, en: counties}
source: {zh: 各县填报（合成数据）, en: the counties' returns (synthetic)}
units:
  - {id: jia, zh: 甲县, en: Jia}
  - {id: yi, zh: 148团, en: Yi}
  - {id: bing, zh: 丙县, en: Bing}
  - {id: ding, zh: 丁县, en: Ding}
  - {id: wu, zh: 戊县, en: Wu}
tables:
  work:
    file: work.csv
    title: {zh: 执法情况表, en: Enforcement}
    absent: summed
    columns:
      visits: {header: 检查（家次）, label: {zh: 检查（家次）, en: Visits}, short: {zh: 检查数, en: visits}, unit: 家次}
      cases: {header: 立案（起）, label: {zh: 立案（起）, en: Cases}, short: {zh: 立案数, en: cases}, unit: 起}
      sat: {header: 满意率（%%）, label: {zh: 满意率, en: Satisfaction}, short: {zh: 满意率, en: satisfaction}, unit: "%%", area: none}
  ports:
    file: ports.csv
    title: {zh: 港口表, en: the table of ports}
    partial: true
    columns:
      tasks: {header: 任务（项）, label: {zh: 任务, en: Tasks}, short: {zh: 任务数, en: tasks}, unit: 项}
      done: {header: 完成（项）, label: {zh: 完成, en: Done}, short: {zh: 完成数, en: tasks done}, unit: 项, blank: allowed}
indicators:
  rate: {label: {zh: 处罚率, en: penalty rate}, unit: "%%", formula: cases / visits * 100, decimals: 1}
findings:
%s
main_points: []
key_figures: [{label: {zh: 任务, en: tasks}, value: tasks}, {label: {zh: 立案, en: cases}, value: cases}]
opening: {zh: 请148团认真整改。通报如下：, en: "As follows:"}
sections:
  - id: situation
    heading: {zh: 情况, en: Situation}
    paragraphs:
%s
  - {id: next, heading: {zh: 下一步, en: Next steps}}
charts:
  before: {measure: cases, form: dumbbell, against: previous}
annexes: [{table: work, title: {zh: 执法表, en: Enforcement}}]
"""
PEERS = "items: {own: {label: {zh: 我市, en: our city}, value: rate}, east: {label: {zh: 东市, en: East}, value: fact.east}}, label: {zh: 处罚率, en: penalty rate}"
RULES = {
    "bounded": "{rule: change, value: cases, against: previous, bounded: 10}",
    "some": '{rule: list, measure: rate, below: 10, wording: {zh: "{{ some }}{{ unit_kind }}未达到{{ threshold }}%", en: "{{ some }} {{ unit_kind }} did not reach {{ threshold }}%"}}',
    "to_date": "{rule: change, value: year_to_date.cases, against: last_year}",
    "content": "{rule: list, measure: sat, below: 95, naming: {value: true}}",
    "between": "{rule: list, measure: sat, at_least: 90, below: 99}",
    "around": "{rule: list, measure: cases, at_least: mean.cases / 2, at_most: mean.cases, order: descending, take: 1}",
    "near": "{rule: list, measure: cases, above: mean.cases, at_most: area.cases}",
    "also": '{rule: list, measure: sat, below: 99, also: {below: 97}, wording: {also: {zh: "低于{{ threshold }}%的{{ units }}均低于{{ also }}", en: "of those below {{ threshold }}%, {{ units }}: all below {{ also }}"}}}',
    "tasks_now": "{rule: change, value: tasks, against: previous}",
    "tasks_aim": "{rule: target, value: tasks, target: 20}",
    "tasks_below": "{rule: list, measure: tasks, below: area.tasks}",
    "tasks_apart": "{rule: split, measure: tasks, at: area.tasks / 3}",
    "no_task": "{rule: list, measure: tasks, at: 0, blank: true}",
    "none_done": '{rule: list, measure: done, at: 0, blank: true, wording: {default: {zh: "{{ units }}等{{ count }}个没有完成", en: "nothing done in {{ units }}, {{ count }}"}}}',
    "none_since": "{rule: list, measure: done, at: 0, blank: true, since: previous}",
    "told_since": "{rule: list, table: ports, since: previous}",
    "asked_before": '{rule: state, values: {silent: {formula: count(blank(previous.done)), decimals: 0}}, wording: {zh: "上期未报完成数的{{ silent }}个", en: "{{ silent }} before"}}',
    "not_told": "{rule: list, table: ports}",
    "more_tasks": "{rule: list, measure: tasks, change: previous, above: 0}",
    "asked": '{rule: state, values: {silent: {formula: count(blank(done)), decimals: 0}}, wording: {zh: "未报完成数的{{ silent }}个", en: "{{ silent }} without tasks done"}}',
    "share": '{rule: list, measure: {formula: cases / visits * 100, decimals: 0, unit: "%", label: {zh: 立案占比, en: share of cases}}, take: 1}',
    "few": '{rule: list, measure: rate, at: 0, where: [{value: cases / 3, below: 90}], wording: {default: {zh: "{{ units }}未立案", en: "no case in {{ units }}"}, none: {zh: 各县均有立案, en: cases everywhere}}}',
    "risen": "{rule: list, measure: cases, change: previous, above: 0}",
    "cut": "{rule: change, value: {formula: cases, rounding: truncate}, against: previous, decimals: 0}",
    "not_also": "{rule: list, measure: cases, below: 15, also: {below: 13}}",
    "some_cases": "{rule: change, value: {formula: count(cases >= 5), decimals: 0, unit: 个, label: {zh: 立案5起以上的县, en: counties with 5 cases or more}}, against: previous}",
    "below_mean": "{rule: list, measure: cases, below: mean.tasks}",
    "apart_mean": "{rule: split, measure: cases, at: mean.tasks * 2}",
    "below_own": "{rule: list, measure: cases, above: tasks}",
    "further": '{rule: list, measure: cases, above: 1, blank: true, where: [{value: rate, at_most: mean.done / mean.tasks * 100}], wording: {default: {zh: "{{ units }}", en: "{{ units }}"}, none: {zh: 无, en: none}}}',
    "peers": f"{{rule: list, {PEERS}, focus: own}}",
}
WORK = {
    "2021-01": "甲县,200,20,96 148团,100,11,95 丙县,100,10,94.99 丁县,300,30,89 戊县,120,18,99",
    "2021-02": "甲县,200,20,96 148团,100,12,95 丙县,,, 丁县,300,0,89 戊县,120,18,99",
    "2021-01-to-02": "",  # summed
    "2021-03": "甲县,200,20,96 148团,100,12,95 丙县,80,2,97 丁县,300,0,89 戊县,120,18,99",
}
# Of some units, and not always of the same.
HEAD = "---\nissued: 2021-03-10\nnames: [第5条, 第6条]\n---\n"
PROSE = """
# {}

{}按每m^2^和水中H~2~O、PM~2.5~计算[^1]，依照规定[^rule]。

[^1]: 见国家标准第5条。

    也见第6条。

[^rule]: 见“*三定*”规定。
"""
PORTS = {
    "2021-01": "甲县,4,4 148团,9,1 丁县,2,0",
    "2021-02": "甲县,5,0 丙县,3, 丁县,2,",
    "2021-01-to-02": "甲县,5,0 丙县,, 丁县,,",
    "2021-03": "甲县,, 148团,,",
}
FACTS = "编号,名称,数值,单位,限定,来源,英文名称,英文数值,英文来源\neast,东市,22.5,%,,合成,East,,synthetic\n"
SENTENCES = {
    "bounded": ("立案数为50起（不含丙县），环比下降30%以上（按可比口径均不含丙县）", "cases: 50 cases (without Bing), down more than 30% on the previous period (like for like, without Bing on either side)"),
    "some": ("个别县（市、区）未达到10%（不含丙县）", "a few counties did not reach 10% (without Bing)"),
    "between": ("满意率达到90%、低于99%的有甲县和148团，不含丙县", "satisfaction at or above 90% and below 99%: Jia and Yi, without Bing"),
    "also": ("低于99%的丁县、148团和甲县均低于97%（不含丙县）", "of those below 99%, Ding, Yi and Jia: all below 97% (without Bing)"),
    "tasks_now": ("任务数不作合计", "no total is made of the tasks for the city"),
    "tasks_aim": ("任务数不作合计，无法与20项的目标比较", "no total is made of the tasks for the city to hold against the target of 20 items"),
    "tasks_below": ("任务数没有合计数，无从比较", "there is no total of the tasks, so that there is nothing to compare"),
    "tasks_apart": ("任务数没有合计数，无从比较", "there is no total of the tasks, so that there is nothing to compare"),
    "no_task": ("已报送的3个县（市、区）任务数均不为零", "tasks of the 3 counties that reported: not zero everywhere"),
    "none_done": ("甲县、丙县和丁县等3个没有完成", "nothing done in Jia, Bing and Ding, 3"),
    "not_told": ("应报送的3个县（市、区）均已报送《港口表》", "all 3 counties asked reported the table of ports"),
    "more_tasks": ("任务数环比上升的有甲县，不含丙县", "tasks up on the previous period: Jia, without Bing"),
    "asked": ("未报完成数的2个", "2 without tasks done"),
    "share": ("立案占比列首位的是戊县，不含丙县", "first in share of cases: Wu, without Bing"),
    "cut": ("立案数为50起（不含丙县），环比下降36%（按可比口径均不含丙县）", "cases: 50 cases (without Bing), down 36% on the previous period (like for like, without Bing on either side)"),
    "not_also": ("立案数低于15起的有丁县和148团，不含丙县", "cases below 15 cases: Ding and Yi, without Bing"),
    "some_cases": ("立案5起以上的县为3个（不含丙县），环比下降40.0%", "counties with 5 cases or more: 3 (without Bing), down 40.0% on the previous period"),
    "peers": ("我市处罚率为6.9%（不含丙县），在2个中列第2位", "our city: penalty rate 6.9% (without Bing), place 2 of 2"),
}  # fmt: skip


def _write(root):
    report = root / "reports/right"
    report.mkdir(parents=True)
    rules = "\n".join(f"  {name}: {rule}" for name, rule in RULES.items())
    said = "\n".join(
        f'      - {{zh: "{{{{ finding.{name} }}}}。", en: "{{{{ finding.{name} | capital }}}}."}}' for name in RULES
    )
    (report / "series.yml").write_text(SERIES % (rules, said), "utf-8")
    for period, rows in WORK.items():
        folder = root / "data/raw/right" / period
        folder.mkdir(parents=True)
        if rows:
            text = "\n".join(["单位,检查（家次）,立案（起）,满意率（%）", *rows.split(), ""])
            (folder / "work.csv").write_text(text, "utf-8")
        ports = "\n".join(["单位,任务（项）,完成（项）", *PORTS[period].split(), ""])
        (folder / "ports.csv").write_text(ports, "utf-8")
        (folder / "facts.csv").write_text(FACTS, "utf-8")
        (report / f"{period}.md").write_text(HEAD + PROSE.format("下一步", ""), "utf-8")
        (report / f"{period}.en.md").write_text(PROSE.format("Next steps", "By rule: "), "utf-8")
    tongbao(root, "notebook", "right")


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return built_once(tmp_path_factory, "right", "right", series=("right",), prepare=_write)


def left(root, period="2021-02"):
    record = root / "data/processed/right" / period / "findings.json"
    return list(check(record, root / "_site/reports/right" / period, [root]).left)


@pytest.mark.parametrize("period", WORK)
def test_nothing_of_right_work_is_left_over(right, period):
    assert left(right, period) == []


def said(right, name, period="2021-02"):
    record = json.loads((right / "data/processed/right" / period / "findings.json").read_text("utf-8"))
    text = next(one["text"] for one in record["findings"] if one["id"] == name)
    return text["zh"], text["en"]


@pytest.mark.parametrize("name", SENTENCES)
def test_right_sentences(right, name):
    assert said(right, name) == SENTENCES[name]


def test_nobody_is_said_to_have_reported_nothing_where_no_rate_is_summed(right):
    assert said(right, "content", "2021-01-to-02")[0] == "满意率没有合计数，无从比较"


def test_where_what_figures_are_held_against_is_lacking_nobody_is_said_to_have_reported_nothing(right):
    mean = (
        "没有可比的各地平均任务数，立案数无从比较",
        "the cases cannot be compared with the units' mean tasks",
    )
    assert said(right, "below_mean", "2021-03") == said(right, "apart_mean", "2021-03") == mean
    assert said(right, "below_own", "2021-03")[0] == "没有可比的任务数，立案数无从比较"
    assert said(right, "further", "2021-03")[0] == "没有可比的各地平均完成数、各地平均任务数，立案数无从比较"


def test_a_table_of_some_of_the_units_is_said_of_those(right):
    assert said(right, "not_told", "2021-01-to-02")[0] == "丙县和丁县未报送《港口表》"
    assert said(right, "none_since", "2021-03")[0] == "完成数为零或未报送的由上期的3个减少到2个，为甲县和148团"
    assert said(right, "not_told", "2021-03")[0] == "应报送的2个县（市、区）均未报送《港口表》"


def test_a_blank_is_called_as_what_is_compared(right):
    page = re.sub("<[^>]+>", "", (right / PAGE).read_text("utf-8"))
    assert "丙县立案占比：空白" in page
    assert "丙县立案数变化：空白" in page


def test_a_key_figure_that_is_not_added_up_is_a_dash_and_says_so(right):
    page = re.sub("<[^>]+>", " ", (right / PAGE).read_text("utf-8"))
    assert re.search("任务 +— +不作合计 +立案", " ".join(page.split()))


PAGE = "_site/reports/right/2021-02.html"
ENGLISH = "_site/reports/right/2021-02.en.html"
FAULTS = {
    "a name at the head of a sentence": (ENGLISH, ">Our city<", ">East<", "not the name that is marked: our city"),
    "a part at the head of a sentence": (ENGLISH, ">A few<", ">Most<", "recomputed 1"),
    "a numeral beside a name that holds one": (
        PAGE,
        ">148团 立案数 12<",
        ">148团 149 立案数 12<",
        "149 does not belong here",
    ),
    "another name that holds a numeral": (
        PAGE,
        ">148团 立案数 12<",
        ">丁县 立案数 12<",
        "the cell of cases@yi holds 12",
    ),
    "the number of a note": (PAGE, "<sup>1</sup>", "<sup>3</sup>", "note 1 of the page"),
    "a numeral of a note": (PAGE, "第5条", "第7条", "neither marked nor written so by hand"),
    "a raised numeral": (PAGE, "m<sup>2</sup>", "m<sup>3</sup>", "neither marked nor written so by hand"),
    "a lowered numeral": (PAGE, "PM<sub>2.5</sub>", "PM<sub>10</sub>", "neither marked nor written so by hand"),
    "a round step": (PAGE, "floor((79 − 50)", "floor((89 − 51)", "it is floor((79 − 50)"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_beside_right_work_is_found(right, tmp_path, fault):
    file, old, new, reason = fault
    for part in ("data", "_site/reports"):
        shutil.copytree(right / part, tmp_path / part)
    edit(tmp_path / file, old, new)
    assert [one for one in left(tmp_path) if reason in one.reason], left(tmp_path)
