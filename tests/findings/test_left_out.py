"""What a blank does to a sentence (synthetic figures): it is refused, or says whom it leaves out."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from province import define, findings_of, receive, say, units
from test_statements import COLUMNS, HAZCHEM, PAGE, examples, figures, tables
from tongbao.basics.errors import DefinitionError

RULES = {f"f{index}": yaml.safe_load(rule) for index, (rule, _, _) in enumerate(examples().values())}
SERIES = yaml.safe_load(PAGE.split("```yaml series\n", 1)[1].split("```", 1)[0])
FACTS = {name: (label, value, unit) for name, label, value, unit in tables("besides:\n")[2:]}
BEFORE = {
    "2024-02": figures("The same period last year, February 2024:\n"),
    "2025-01": figures("The period before, January 2025:\n"),
}
NOW = figures("This period, February 2025:\n")
SHARE = {"formula": "cases / area.cases * 100", "unit": "%", "decimals": 1}
DERIVED = {name: declared.get("formula", "") for name, declared in SERIES.get("indicators", {}).items()}


def uses(rule, column):
    """Whether a rule looks at a column, itself or through an indicator."""
    words = set(
        re.findall(
            r"[a-z_]+", yaml.safe_dump({k: v for k, v in rule.items() if k not in ("wording", "label", "items")})
        )
    )
    through = {name for name, formula in DERIVED.items() if column in re.findall(r"[a-z_]+", formula)}
    return bool(words & {column, *through})


def say_all(names, now):
    defined = define({"annex": COLUMNS, "hazchem": HAZCHEM}, {name: RULES[name] for name in names}, 8, **SERIES)
    periods = {"2025-02": receive(defined, "2025-02", now, FACTS)}
    periods |= {period: receive(defined, period, given) for period, given in BEFORE.items()}
    return findings_of(defined, periods, "2025-02")


@pytest.mark.parametrize("column", NOW)
def test_a_blank_is_refused_or_named_in_every_statement_that_looks_at_it(column):
    looking = [name for name, rule in RULES.items() if uses(rule, column)]
    assert looking
    for row, unit in enumerate(units(8)):
        now = NOW | {column: [None if index == row else value for index, value in enumerate(NOW[column])]}
        for name in looking:
            try:
                finding = say_all([name], now)[name]
            except DefinitionError:
                continue  # refused: a figure it needs is blank
            told = (
                (unit["zh"], unit["zh"][0]) if RULES[name].get("naming", {}).get("name") == "short" else (unit["zh"],)
            )
            assert any(names in finding.text["zh"] for names in told) or finding.case in ("unreported", "missing"), (
                column, unit["zh"], RULES[name], finding.text["zh"],
            )  # fmt: skip


def test_a_total_says_whom_it_leaves_out():
    rule = {"rule": "state", "values": {"cases": "cases"}, "wording": "共{{ cases }}起"}
    assert say(rule, {"cases": [3, None, 5]}).text == {"zh": "共8起（不含乙县）"}


def test_the_received_total_of_a_table_of_some_units_says_whom_it_leaves_out():
    columns = {"tasks": {"header": "任务", "unit": "项"}, "done": {"header": "完成", "unit": "项"}}
    table = {"file": "ports.csv", "title": "港口表", "partial": True, "columns": columns}
    rate = {"label": "完成率", "unit": "%", "formula": "done / tasks * 100", "decimals": 1}
    rules = {name: {"rule": "change", "value": name, "against": "last_year"} for name in ("tasks", "rate")}
    series = define({"ports": columns}, rules, 4, tables={"ports": table}, indicators={"rate": rate})
    given = {"2025-02": ([5, None, 4, None], [5, None, 2, None]), "2024-02": ([4, 12, 7, None], [4, 3, 7, None])}
    periods = {}
    for period, rows in given.items():
        periods[period] = received = receive(series, period, dict(zip(columns, rows, strict=True)))
        del received.tables["ports"].rows["ding"]  # who is not asked lacks nothing
        for column, values in zip(columns, rows, strict=True):
            cell = received.tables["ports"].rows["jia"][column]
            total = sum(value or 0 for value in values)
            received.tables["ports"].total[column] = replace(cell, unit=None, text=str(total), value=Decimal(total))
    found = findings_of(series, periods, "2025-02")
    assert [found[name].text["zh"] for name in rules] == [
        "任务为9项（不含乙县），同比下降60.9%",
        "完成率为77.8%（不含乙县），同比上升16.91个百分点",
    ]


def test_a_share_of_an_incomplete_total_says_so():
    rule = {"rule": "list", "measure": SHARE | {"label": "占比"}, "take": 1, "naming": {"value": True}}
    assert say(rule, {"cases": [3, None, 5]}).text["zh"] == "占比列首位的是丙县（62.5%），不含乙县"


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ([3, 4], [5, None], "7起，同比下降40.0%（按可比口径均不含乙县）"),
        ([3, None], [3, 9], "3起（不含乙县），同比持平（按可比口径均不含乙县）"),
        ([3, None, 5], [2, 9, None], "8起（不含乙县），同比上升50.0%（按可比口径均不含乙县和丙县）"),
        ([3, None], [0, 5], "3起（不含乙县），同比—（上年同期为零），按可比口径均不含乙县"),
        ([3, None], [None, 5], "3起（不含乙县），无上年同期数据可比（按可比口径均不含甲县和乙县）"),
        ([3, None], [2, 0], "3起（不含乙县），同比上升50.0%"),
        ([3, None], [2, None], "3起（不含乙县），同比上升50.0%（2019年12月不含乙县）"),
    ],
)
def test_a_total_is_compared_without_the_units_that_either_period_lacks(now, before, said):
    rule = {"rule": "change", "value": "cases", "against": "last_year"}
    assert say(rule, {"cases": now}, last_year={"cases": before}).text["zh"] == f"立案数为{said}"


def test_a_total_of_fewer_units_is_said_to_be_so_in_english():
    rule = {"rule": "change", "value": "cases", "against": "last_year"}
    assert say(rule, {"cases": [3, None]}, last_year={"cases": [3, 9]}).text["en"] == (
        "cases: 3 cases (without Yi), unchanged year on year (like for like, without Yi on either side)"
    )


def test_a_change_by_formula_is_of_the_same_units_too():
    change = {"formula": "change(cases, last_year.cases)", "unit": "%", "decimals": 1}
    rule = {"rule": "state", "values": {"c": change}, "wording": {"zh": "变化{{ c.full }}", "en": "{{ c.full }}"}}
    said = say(rule, {"cases": [3, 4]}, last_year={"cases": [5, None]})
    assert said.text["zh"] == "变化-40.0%（按可比口径均不含乙县）"


def test_a_rise_in_numbers_is_of_the_same_units_too():
    words = {"fall": {"zh": "减少{{ difference.full }}", "en": "down"}}
    rule = {"rule": "change", "value": "cases", "against": "last_year", "wording": words}
    said = say(rule, {"cases": [3, 4]}, last_year={"cases": [5, None]})
    assert said.text["zh"] == "减少2起（按可比口径均不含乙县）"


def test_a_rate_is_compared_with_that_of_the_same_units():
    words = {"rise": {"zh": "比为{{ value }}，上升{{ change.full }}（{{ difference }}）", "en": "up"}}
    value = {"formula": "cases / visits", "decimals": 2, "label": "比"}
    rule = {"rule": "change", "value": value, "against": "last_year", "wording": words}
    said = say(rule, {"cases": [3, 4], "visits": [1, 2]}, last_year={"cases": [5, None], "visits": [2, 3]})
    assert said.text["zh"] == "比为2.33，上升20.0%（0.50），按可比口径均不含乙县"
    assert said.figures["it:change"].formula == "change(cases / visits, last_year.cases / last_year.visits)"


def test_last_years_figures_in_a_column_are_of_the_same_units_too():
    rule = {"rule": "change", "value": "cases", "against": "visits"}
    said = say(rule, {"cases": [3, 4], "visits": [6, None]})
    assert said.text["zh"] == "立案数为7起，较对比数下降50.0%（按可比口径均不含乙县）"


def test_a_wording_that_names_the_unit_itself_is_left_as_it_is():
    words = {"default": "{{ units }}低于20%，{{ unreported }}未报送"}
    rule = {"rule": "list", "measure": "rate", "below": 20, "wording": words}
    assert say(rule, {"rate": [5, None, 30]}).text["zh"] == "甲县低于20%，乙县未报送"


def test_a_unit_without_a_base_is_told_apart_from_one_without_a_figure():
    rule = {"rule": "list", "measure": "cases", "change": "last_year", "above": 0}
    finding = say(rule, {"cases": [3, None, 5, 9]}, last_year={"cases": [2, 2, 0, 1]})
    assert (
        finding.text["zh"].endswith("（不含乙县；丙县上年同期为零）")
        or "不含乙县；丙县上年同期为零" in finding.text["zh"]
    )


def test_a_ranking_of_changes_says_why_a_unit_is_not_in_it():
    rule = {"rule": "list", "measure": "cases", "change": "last_year", "naming": {"value": True}}
    finding = say(rule, {"cases": [3, None, 5, 9]}, last_year={"cases": [2, 2, 0, 6]})
    assert finding.text["zh"].endswith("（上升50.0%），不含乙县；丙县上年同期为零")
    assert "无数据" not in finding.text["zh"]


def test_a_computed_bound_has_the_decimals_that_tell_it_from_the_figures():
    rule = {"rule": "list", "measure": "rate", "below": "mean.rate", "naming": {"value": True}}
    finding = say(rule, {"rate": ["35.1", "35.0", "35.1"]})  # their mean is 35.0667
    assert finding.text["zh"] == "仅乙县（35.0%）检查处罚率低于各地平均数（35.07%）"


def test_a_missing_month_is_not_said_to_be_a_missing_return():
    rule = {"rule": "list", "measure": "year_to_date.cases", "take": 1}
    series = define({"annex": {"cases": {"header": "立案（起）", "short": "立案数", "unit": "起"}}}, {"top": rule}, 2)
    periods = {f"2020-{month}": receive(series, f"2020-{month}", {"cases": [4, 6]}) for month in ("02", "03")}
    assert findings_of(series, periods, "2020-03")["top"].text["zh"] == "无年初以来各月完整数据，年初以来立案数不作比较"
    periods["2020-01"] = receive(series, "2020-01", {"cases": [9, 1]})
    assert findings_of(series, periods, "2020-03")["top"].text["zh"] == "年初以来立案数列首位的是甲县"


@pytest.mark.parametrize(
    ("rule", "en"),
    [
        (
            {"above": "mean.cases"},
            "cases above the mean of 27 cases: Jia, Yi and Wu, without Ding",
        ),
        (
            {"above": "mean.cases", "naming": {"value": True}},
            "cases above the mean of 27 cases: Jia (40 cases), Yi (30 cases) and Wu (28 cases), without Ding",
        ),
        (
            {"above": "mean.cases", "naming": {"places": True, "figures": ["cases", SHARE]}},
            (
                "cases above the mean of 27 cases: 1st Jia (40 cases; 37.0%); 2nd Yi (30 cases; 27.8%); "
                "3rd Wu (28 cases; 25.9%), without Ding"
            ),
        ),
    ],
)
def test_whom_a_figure_leaves_out_stands_behind_the_whole_list(rule, en):
    assert say({"rule": "list", "measure": "cases"} | rule, {"cases": [40, 30, 10, None, 28]}).text["en"] == en


VISITS_FEW = {"where": [{"value": "visits", "below": 5}], "wording": {
    "default": {"zh": "检查少而立案多的有{{ units }}", "en": "few visits, many cases: {{ units }}"},
    "none": {"zh": "没有检查少而立案多的县", "en": "no county has few visits and many cases"},
}}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ({"above": 3}, "没有检查少而立案多的县（不含丁县）", "no county has few visits and many cases (without Ding)"),
        ({}, "没有检查少而立案多的县（不含丁县）", "no county has few visits and many cases (without Ding)"),
        (
            {"change": "last_year", "above": 3},
            "没有检查少而立案多的县（不含丁县；丙县上年同期为零）",
            (
                "no county has few visits and many cases "
                "(without Ding; leaving out Bing, zero in the same period last year)"
            ),
        ),
        (
            {"above": 3, "since": "last_year"},
            "没有检查少而立案多的县（不含丁县）",
            "no county has few visits and many cases (without Ding)",
        ),
    ],
)
def test_nobody_with_further_conditions_is_said_in_the_series_words(rule, zh, en):
    rows = {"cases": [103, 102, 9, None], "visits": [100, 100, 10, 4]}
    before = {"cases": [100, 100, 0, 7], "visits": [9, 9, 9, 9]}
    finding = say({"rule": "list", "measure": "cases"} | VISITS_FEW | rule, rows, last_year=before)
    assert (finding.case, finding.text) == ("none", {"zh": zh, "en": en})


def test_a_wording_for_an_incomplete_answer_comes_first():
    words = VISITS_FEW["wording"] | {"incomplete": "已报送的{{ reporting }}个县均不是"}
    rule = {"rule": "list", "measure": "cases", "above": 3} | VISITS_FEW | {"wording": words}
    finding = say(rule, {"cases": [1, 2, None], "visits": [1, 1, 1]})
    assert (finding.case, finding.text["zh"]) == ("incomplete", "已报送的2个县均不是（不含丙县）")


MORE_OR_FEWER = {"rule": "judge", "when": {
    "up": [{"value": "cases", "above": "last_year.cases"}], "down": [{"value": "cases", "below": "last_year.cases"}],
}, "wording": {"up": "增加", "down": "减少", "otherwise": "不变"}}  # fmt: skip


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ([35, None], [34, 30], "增加（按可比口径均不含乙县）"),
        ([35, 9], [35, None], "不变（按可比口径均不含乙县）"),
        ([35, None], [34, None], "增加（不含乙县）"),
        ([35, None], [None, 30], "有关数据不全，暂不作判断（按可比口径均不含甲县和乙县）"),
        ([35, 9], [34, 30], "减少"),
    ],
)
def test_a_judgement_holds_totals_against_those_of_the_same_units(now, before, said):
    found = say(MORE_OR_FEWER, {"cases": now}, last_year={"cases": before})
    assert found.text["zh"] == said


def test_only_the_condition_that_compares_totals_is_of_the_same_units():
    when = {"up": [{"value": "cases", "above": "last_year.cases"}, {"value": "cases", "at_least": 44}]}
    rule = MORE_OR_FEWER | {"when": when, "wording": {"up": "增加", "otherwise": "不变"}}
    found = say(rule, {"cases": [35, 9]}, last_year={"cases": [34, None]})
    assert found.text["zh"] == "增加（按可比口径均不含乙县）"


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ([35, None], [34, 30], "35起（按可比口径均不含乙县），达到34起的目标"),
        ([35, 20], [36, None], "35起（按可比口径均不含乙县），距36起的目标还差1起"),
        ([35, 20], [36, 21], "55起，距57起的目标还差2起"),
    ],
)
def test_a_target_that_is_a_total_is_of_the_same_units(now, before, said):
    rule = {"rule": "target", "value": "cases", "target": "last_year.cases"}
    found = say(rule, {"cases": now}, last_year={"cases": before})
    assert found.text["zh"] == f"立案数为{said}"


def test_a_target_of_other_units_altogether_is_refused():
    rule = {"rule": "target", "value": "cases", "target": "last_year.cases"}
    with pytest.raises(DefinitionError, match="no unit has both"):
        say(rule, {"cases": [35, None]}, last_year={"cases": [None, 3]})


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ([3, None], [5, 9], "较上年同期的5起减少2起（按可比口径均不含乙县）"),
        ([3, 4], [5, None], "较上年同期的5起减少2起（按可比口径均不含乙县）"),
        ([3, 4], [5, 6], "较上年同期的11起减少4起"),
    ],
)
def test_the_figure_compared_with_fits_the_difference(now, before, said):
    words = {"fall": {"zh": "较上年同期的{{ before }}起减少{{ difference.full }}", "en": "down"}}
    rule = {"rule": "change", "value": "cases", "against": "last_year", "wording": words}
    assert say(rule, {"cases": now}, last_year={"cases": before}).text["zh"] == said


def test_a_clause_that_names_some_whom_its_figures_leave_out_names_all_of_them():
    wording = {"zh": "检查{{ visits }}家次，立案{{ cases }}起，处罚{{ cases }}起", "en": "-"}
    rule = {"rule": "state", "values": {"visits": "visits", "cases": "cases"}, "wording": wording}
    found = say(rule, {"visits": [9, 9, None], "cases": [3, None, None]})
    assert found.text["zh"] == "检查18家次（不含丙县），立案3起（不含乙县和丙县），处罚3起"


def test_names_in_brackets_are_in_official_order():
    rule = {"rule": "change", "value": "cases", "against": "last_year"}
    found = say(rule, {"cases": [3, 4, None]}, last_year={"cases": [3, None, 4]})
    assert found.text["zh"] == "立案数为7起（不含丙县），同比持平（按可比口径均不含乙县和丙县）"
