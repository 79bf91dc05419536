"""Tables of other months than their period, or with another period's figures (synthetic)."""

from dataclasses import replace
from datetime import date

import pytest

from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.reading.headings import Heading
from tongbao.reading.prose import Header

COLUMNS = {
    "visits": {"header": "检查（家次）", "short": "检查", "unit": "家次"},
    "cases": {"header": "立案（起）", "short": "立案", "unit": "起"},
    "fines": {"header": "罚款（万元）", "short": "罚款", "unit": "万元"},
}
VISITS, CASES, FINES = [310, 420, 150, 275], [31, 25, 12, 20], ["42.5", "17.2", "6.3", "20.1"]
ROWS = {"visits": VISITS, "cases": CASES, "fines": FINES}
LESS = {"visits": [290, 433, 161, 250], "cases": [29, 27, 10, 21], "fines": ["30.5", "19.2", "7.1", "18.8"]}
COMPARED = {"rule": "change", "value": "cases", "against": "previous"}


def found(period, rows, titles=(), *, authority="澜州市统计局", rule=COMPARED, apart=False, **more):
    """The issues of a period; ``rows`` and ``titles`` are by period; ``apart`` gives each unit a file of its own."""
    series = define({"annex": COLUMNS}, {"it": rule} if rule else {}, 4, authority={"zh": authority, "en": "a"}, **more)
    periods = {}
    for name, given in rows.items():
        received = receive(series, name, given)
        table = received.tables["annex"]
        over, units = (
            tuple((title,) for title in dict(titles).get(name, ())),
            [(unit,) for unit in table.rows] if apart else [(*table.rows,)],
        )
        headings = tuple(Heading(f"{name}/annex.csv", ("annex", ""), over, several) for several in units)
        periods[name] = replace(received, tables={"annex": replace(table, headings=headings)})
    parsed = Period.parse(period)
    issued = date(parsed.year + parsed.last // 12, parsed.last % 12 + 1, 15)
    return check(indicators_of(series, periods, period), Header(issued=issued), parsed)


def messages(*args, **more):
    return [(issue.level, issue.message["zh"]) for issue in found(*args, **more)]


@pytest.mark.parametrize(
    ("period", "title", "said"),
    [
        ("2026-06", "澜州市2026年1—6月情况表", "2026年1-6月"),
        ("2026-06", "1-6月情况表", "2026年1-6月"),
        ("2026-06", "一至六月情况表", "2026年1-6月"),
        ("2026-06", "2026年1月1日-6月30日", "2026年1-6月"),
        ("2026-q2", "2026年上半年情况表", "2026年上半年"),
        ("2026-q2", "上半年情况表", "2026年上半年"),
        ("2026-q3", "1至9月情况表", "2026年1-9月"),
        ("2026-q3", "2026年前三季度情况表", "2026年1-9月"),
        ("2026-12", "2026年全年情况表", "2026年"),
    ],
)
def test_a_table_whose_title_names_other_months_that_end_with_the_period_is_warned_of(period, title, said):
    (issue,) = found(period, {period: ROWS}, {period: [title]})
    label = Period.parse(period).label()
    assert (issue.level, issue.kind, issue.table) == ("warning", "span", "annex")
    assert issue.message["zh"] == (
        f"《annex表》写明的是{said}，却是作为{label}的数据报送的；如是累计数，环比、各期相加和年初以来的合计都会重复计算。"
    )
    assert "2026-01-to-06" in issue.hint


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2026-06", "2026年6月情况表"),
        ("2026-06", "2026年6月情况表（含1-6月累计）"),
        ("2026-06", "2026年度重点工作情况表"),
        ("2026-12", "2026年度重点工作情况表"),
        ("2026-q2", "截至2026年6月情况表"),
        ("2026-q2", "2026年6月末登记情况表"),
        ("2026-q2", "二季度（4-6月）情况表"),
        ("2026-h1", "2026年1-6月情况表"),
        ("2026-01-to-06", "上半年情况表"),
        ("2026-q2", "填报时间：2026年6月"),
        ("2026-06", "6月和1-6月累计情况表"),
        ("2026-06", "本月及1-6月情况表"),
        ("2026-06", "6月情况表（上半年累计见附件）"),
        ("2026-06", "上半年集中整治行动进展表"),
        ("2026-12", "全年目标任务完成进度表"),
        ("2026-q2", "统计截止时间：2026年6月"),
        ("2026-q2", "2026年6月止"),
        ("2026-q2", "4、5、6月份情况表"),
        ("2026", "2026年12月制"),
    ],
)
def test_a_table_may_name_its_own_months_and_what_is_no_span(period, title):
    assert messages(period, {period: ROWS}, {period: [title]}) == []


def test_a_period_compared_with_is_asked_too():
    titles = {"2026-q2": ["2026年二季度情况表"], "2026-q1": [], "2025-q2": ["2025年上半年情况表"]}
    ((level, message),) = messages("2026-q2", {"2026-q2": ROWS, "2026-q1": LESS, "2025-q2": LESS}, titles)
    assert level == "warning"
    assert message.startswith("《annex表》写明的是2025年上半年，却是作为2025年二季度的数据报送的")


def test_a_table_that_is_meant_to_run_from_january_is_declared():
    titles = {"2026-06": ["2026年1-6月情况表"]}
    assert (
        messages("2026-06", {"2026-06": ROWS}, titles, checks={"s": {"check": "span", "cumulative": ["annex"]}}) == []
    )
    ((level, _),) = messages("2026-06", {"2026-06": ROWS}, titles, checks={"s": {"check": "span", "level": "note"}})
    assert level == "note"


@pytest.mark.parametrize(("other", "label"), [("2026-05", "2026年5月"), ("2025-06", "2025年6月")])
def test_a_table_that_is_another_periods_figure_for_figure_is_warned_of_with_both_files(other, label):
    (issue,) = found("2026-06", {"2026-06": ROWS, other: ROWS})
    assert (issue.level, issue.unit) == ("warning", None)
    assert issue.message["zh"] == (
        f"《annex表》各项数据与{label}的（data/raw/synthetic/{other}/annex.csv）完全相同，是否误用了该期的表？请核实。"
    )
    assert issue.place == "data/raw/synthetic/2026-06/annex.csv B2"


def test_one_figure_that_differs_and_a_handful_of_zeros_are_no_repetition():
    assert messages("2026-06", {"2026-06": ROWS, "2026-05": ROWS | {"cases": [31, 25, 12, 21]}}) == []
    none = {name: [0, 0, 0, 1] for name in COLUMNS}
    assert messages("2026-06", {"2026-06": none, "2026-05": none}) == []
    constant = {"same": {"check": "repeated", "constant": ["annex"]}}
    assert messages("2026-06", {"2026-06": ROWS, "2026-05": ROWS}, checks=constant) == []


def test_where_each_unit_sends_a_file_of_its_own_each_is_told_by_name():
    columns = {f"c{n}": {"header": f"立案{n}（起）", "unit": "起"} for n in range(5)}
    series = define({"annex": columns}, {}, 3)
    now, then = ({f"c{n}": [n + 1, n + 2, add + n] for n in range(5)} for add in (3, 4))
    periods = {name: receive(series, name, rows) for name, rows in (("2026-06", now), ("2026-05", then))}
    for name, received in periods.items():
        table = received.tables["annex"]
        headings = tuple(Heading(unit, ("", ""), (("6月份",),), (unit,)) for unit in table.rows)
        periods[name] = replace(received, tables={"annex": replace(table, headings=headings)})
    issues = check(indicators_of(series, periods, "2026-06"), Header(issued=date(2026, 7, 9)), Period.parse("2026-06"))
    told = [(issue.unit, issue.message["zh"][:14]) for issue in issues if issue.kind == "repeated"]
    assert told == [("jia", "甲县《annex表》各项数据"), ("yi", "乙县《annex表》各项数据")]
    spans = found("2026-06", {"2026-06": ROWS}, {"2026-06": ["1-6月"]}, apart=True)
    assert [issue.message["en"].partition(" ")[0] for issue in spans] == ["Jia:", "Yi:", "Bing:", "Ding:"]


@pytest.mark.parametrize("title", ["邻州市2026年6月情况表", "2026年6月邻州市情况表", "关于邻州市情况的统计表"])
def test_a_title_of_another_city_is_warned_of(title):
    ((level, message),) = messages("2026-06", {"2026-06": ROWS}, {"2026-06": [title]})
    assert level == "warning"
    assert message == "《annex表》的标题写的是邻州市，而本通报的单位是澜州市，请核实是否用错了表。"


@pytest.mark.parametrize(
    "title",
    [
        "澜州市2026年6月情况表",
        "全市2026年6月情况表",
        "各县（市、区）情况表",
        "甲县情况表",
        "东江省澜州市情况表",
        "农贸市场抽检情况表",
        "重点城市情况表",
        "大型超市抽检情况表",
        "企业上市情况表",
        "工业园区情况表",
        "城市管理情况表",
        "邻州区情况表",
    ],
)
def test_a_title_that_plainly_names_no_other_city_is_not(title):
    assert messages("2026-06", {"2026-06": ROWS}, {"2026-06": [title]}) == []


def test_an_authority_without_an_areas_name_tells_nothing():
    titles = {"2026-06": ["邻州市2026年6月情况表"]}
    assert messages("2026-06", {"2026-06": ROWS}, titles, authority="某市局") == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2026年6月20日", True),
        ("2027-07-09", True),
        ("2026年7月5日", False),
        ("2026.6.30", False),
        ("2026年7月45日", False),
    ],
)
def test_a_day_on_which_a_table_cannot_have_been_filled_in_is_warned_of(said, told):
    issues = messages("2026-06", {"2026-06": ROWS}, {"2026-06": ["填报单位：某局", f"填报日期：{said}"]})
    assert [level for level, _ in issues] == ["warning"] * told
    late = said.startswith("2027")
    right = "在2026年6月过后一年以上，请核实。" if late else "早于2026年6月的末日，请核实。"
    assert not told or issues[0][1] == f"《annex表》的填报日期{right}"
