"""Periods that were not received, summed twice: by the audit and by the history."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.audit.archive import Archive, SummedBooks
from tongbao.audit.books import UnknownNameError
from tongbao.audit.membership import members
from tongbao.definition.rules_tmp import Change

from conftest import ROOT
from demo import NAME, edit, left
from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.definition.project import Project
from tongbao.findings.engine import evaluate
from tongbao.reading.received import Received

COLUMNS = {
    "cases": {"header": "立案", "unit": "起"},
    "fines": {"header": "罚款", "unit": "万元", "decimals": 1},
    "rate": {"header": "填报处罚率", "unit": "%", "area": "none"},
    "city_rate": {"header": "全市率", "unit": "%", "area": "fact.a / fact.b * 100", "decimals": 2},
}
SHARE = {"share": {"label": "案均罚款", "formula": "fines / cases", "decimals": 2, "unit": "万元"}}
FACTS = {"a": ("甲", "1", "起"), "b": ("乙", "2", "起")}
SERIES = define({"annex": COLUMNS}, {}, 3, indicators=SHARE)
NAMES = ["2020-01", "2020-02", "2020-03", "2020-01-to-02", "2020-02-to-03", "2020-q1", "2021-01", "2021-02", "2021-q1"]
figures = st.lists(st.one_of(st.none(), st.integers(0, 9), st.decimals(0, 9, places=2)), min_size=3, max_size=3)
rows = st.fixed_dictionaries(dict.fromkeys(COLUMNS, figures))


def archive(received):
    known = {Period.parse(name): one for name, one in received.items()}
    return Archive(SERIES, {}, sorted(known), known.__getitem__)


@settings(max_examples=80, deadline=None)
@given(received=st.dictionaries(st.sampled_from(NAMES), rows, min_size=1))
def test_both_paths_sum_the_same_periods_to_the_same_figures(received):
    periods = {name: receive(SERIES, name, data, FACTS) for name, data in received.items()}
    for name, head in [("2021-q1", "last_year"), ("2021-03", "year_to_date"), ("2021-02", "last_year"), ("2020-02", "previous"),
                       ("2021-03", "last_year.year_to_date")]:  # fmt: skip
        if Period.parse(name) not in map(Period.parse, periods):
            periods[name] = receive(SERIES, name, {})
        indicators, books = indicators_of(SERIES, periods, name), archive(periods).at(Period.parse(name))
        for measure in ("cases", "fines", "rate", "city_rate", "share"):
            for scope in ("jia", "yi", "bing", "area"):
                figure, amount = indicators.figure(f"{head}.{measure}", scope), books.amount(f"{head}.{measure}", scope)
                assert amount.text == figure.text, (measure, scope)
                assert (amount.value is None) == (figure.value is None)


def test_a_sum_says_of_what_it_is_the_sum():
    data = {"2021-01": receive(SERIES, "2021-01", {"cases": [1, 2, None]}, FACTS),
            "2021-02": receive(SERIES, "2021-02", {"cases": [3, 4, 5]}, FACTS)}  # fmt: skip
    books = archive(data).at(Period.parse("2021-02")).other("year_to_date")
    assert isinstance(books, SummedBooks)
    cases = books.amount("cases", "jia")
    assert (cases.text, cases.operands, cases.formula) == ("4", ("1", "3"), "cases: 2021-01 + 2021-02")
    assert books.amount("cases", "bing").value is None  # blank in January
    assert books.amount("cases").text == "15"
    with pytest.raises(UnknownNameError):
        books.amount("fact.a")


ITEMS = {"cases": "zero", "fines": "full"}
SCORED = define(
    {"annex": {"cases": {"header": "立案"}, "fines": {"header": "罚款"}}}, {}, 3,
    indicators={"score": {"label": "得分", "score": [
        {"measure": name, "target": 10, "weight": 50, "blank": blank} for name, blank in ITEMS.items()
    ]}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "scores", "area"),
    [
        ({"cases": [5, None, None], "fines": [None, 2, None]}, ["75.00", "10.00", ""], "35.00"),
        ({"cases": [None] * 3, "fines": [None] * 3}, [""] * 3, ""),
    ],
)
def test_a_score_of_which_every_measure_is_blank_is_blank(rows, scores, area):
    periods = {"2021-02": receive(SCORED, "2021-02", rows)}
    known = {Period.parse("2021-02"): periods["2021-02"]}
    indicators = indicators_of(SCORED, periods, "2021-02")
    books = Archive(SCORED, {}, sorted(known), known.__getitem__).at(Period.parse("2021-02"))
    places = ("jia", "yi", "bing", "area")
    for figures in (indicators.figure, books.amount):
        assert [figures("score", place).text for place in places] == [*scores, area]
        assert [figures("last_year.score", place).text for place in places] == [""] * 4
    expected = {unit: Decimal(text) if text else None for unit, text in zip(places, scores, strict=False)}
    assert indicators.values("score") == expected
    assert set(indicators.values("last_year.score").values()) == {None}
    assert books.values("score") == {unit: value for unit, value in expected.items() if value is not None}
    assert indicators.ranks("score") == books.ranks("score")


def test_a_list_of_a_period_without_records_is_blank_and_compares_with_nothing():
    series = Project(ROOT).get_series("assessment")
    counted = receive(series, "2020", {})
    now = Received(counted.tables, {}, {}, enterprises=dict.fromkeys(series.enterprises, ()))
    parameters = {name: parameter.default for name, parameter in series.parameters.items()}
    indicators = indicators_of(series, {"2020": now}, "2020")
    period = Period.parse("2020")
    archive = Archive(series, parameters, [period], {period: now}.__getitem__)
    books = archive.at(period)
    for name in ("enterprises.key", "enterprises.key_many"):
        assert (indicators.figure(name).text, books.amount(name).text) == ("0", "0")
        figure, amount = indicators.figure(f"last_year.{name}"), books.amount(f"last_year.{name}")
        assert (figure.value, figure.text, amount.value, amount.text) == (None, "", None, "")
        alone = archive.at(Period.parse("2019")).amount(name)
        assert (alone.value, alone.text) == (None, "")
        rule = Change.model_validate(
            {"rule": "change", "value": {"formula": name, "label": "企业"}, "against": "last_year"}
        )
        assert evaluate(rule, indicators).cases == members(rule, books).cases == ("no_comparison",)
    with pytest.raises(UnknownNameError):
        books.amount("enterprises.key_none")


@pytest.mark.parametrize(
    ("file", "old", "new", "places"),
    [
        ("2020-05", "甲县,90,11", "甲县,90,12", ["finding headline", "finding on_year", "finding rising", "执法情况"]),
        ("2020-q1", "乙县,150,32", "乙县,150,31", ["finding headline", "执法情况"]),
        ("2021-q1", "丁县,80,4", "丁县,80,3", ["finding headline", "执法情况"]),
        ("2020-06", "丁县,30,2", "丁县,30,", ["finding rising"]),
    ],
)
def test_a_digit_of_a_month_that_is_summed_is_named_wherever_its_sum_shows(demo, file, old, new, places):
    edit(demo / "data" / "raw" / "demo" / file / "work.csv", old, new)
    said = " ".join(item.place for item in left(demo, NAME))
    for place in places:
        assert place in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"headline.before">190<', '"headline.before">191<'),
        ('"headline.year">205<', '"headline.year">204<'),
        ('"headline.rate">15.2<', '"headline.rate">15.3<'),
        ('"rising.value.ding">25.0<', '"rising.value.ding">24.0<'),
        ("甲县 立案 11</span>", "甲县 立案 12</span>"),
        ("90 + 38 + 31 + 31 = 190", "91 + 38 + 31 + 31 = 190"),
        ("处罚率<span", "处罚率1<span"),
    ],
)
def test_a_digit_of_a_sum_on_the_page_is_named(demo, old, new):
    edit(demo / "_site" / "reports" / "demo" / "2021-q2.html", old, new)
    assert left(demo, NAME, "html")


def test_a_digit_of_a_sum_on_record_is_named(demo):
    path = demo / "data" / "processed" / "demo" / "2021-q2" / "findings.json"
    record = json.loads(path.read_text("utf-8"))
    figure = record["findings"][0]["values"]["headline.before"]
    assert figure["calculation"] == "90 + 38 + 31 + 31 = 190"
    figure["cells"][5]["value"] = "13"
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    assert any("holds" in item.reason for item in left(demo, NAME, "findings.json"))
