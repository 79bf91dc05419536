"""What an issue says is true, and every number and unit in it knows what it is."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import write_demo
from province import define, indicators_of, receive
from tongbao.basics.aggregate import Condition
from tongbao.basics.key import Key
from tongbao.basics.language import number_text
from tongbao.basics.marks import places, plain, to_bare_html
from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.checks.feasible_rate import fractions
from tongbao.definition.project import Project
from tongbao.reading.cell import Cell, Source
from tongbao.reading.prose import Header

counts = st.one_of(st.none(), st.integers(0, 40))
rates = st.one_of(st.none(), st.sampled_from(["0", "50.0", "33.3", "66.7", "99.9", "100.0", "20.0"]))
amounts = st.one_of(st.none(), st.decimals(0, 9, places=1))


def rows(values):
    return st.lists(values, min_size=5, max_size=5)


RETURNS = st.fixed_dictionaries(
    {"visits": rows(counts), "cases": rows(counts), "fines": rows(amounts), "col_rate": rows(rates),
     "rank": rows(st.one_of(st.none(), st.integers(1, 5))), "hazchem": rows(counts), "share": rows(rates)}
)  # fmt: skip
FACTS = {"due": ("应完成", "5", "项"), "done": ("已完成", "3", "项")}
PERIOD, BEFORE = Period.parse("2021-q2"), Period.parse("2020-q2")


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    root = tmp_path_factory.mktemp("series")
    write_demo(root)
    return Project(root).get_series("demo")


def with_total(received, totals):
    """The totals' row of the first table, as a clerk filled it in."""
    for index, (name, value) in enumerate(zip(("visits", "cases", "fines", "col_rate"), totals, strict=True)):
        source = Source("work.csv", None, 9, "BCDE"[index])
        text = "" if value is None else str(value)
        received.tables["work"].total[name] = Cell("work", None, name, text, Decimal(text) if text else None, source)
    return received


def is_true(claim, indicators, header):
    """Whether a condition on record holds, with the totals' row and the dates read from what was received."""
    when, scope = claim.says["when"], claim.says["scope"]
    feasible = re.fullmatch(r"not ratio\((\w+), (\d+), (\d+)\)", when)
    if feasible:
        rate, part, whole = feasible.groups()
        values = [indicators.figure(rate, unit).value for unit in indicators.units if scope in ("area", unit)]
        choices = [fractions(value, int(part), int(whole)) for value in values if value is not None]
        return all(choices) if scope == "area" else choices == [[]]

    def value_of(formula):
        head, _, name = formula.partition(".")
        if head == "total":
            return indicators.received.tables["work"].total[name].value
        if head == "date":
            day = PERIOD.end if name == "end" else getattr(header, name)
            return Decimal(day.strftime("%Y%m%d"))
        return indicators.evaluate(formula, scope).value

    return Condition.parse(when).holds(value_of)


def unmarked(marked):
    """The words around the marks."""
    return re.sub("\ue000[^\ue002]*\ue002", "", marked)


@given(now=RETURNS, before=RETURNS, totals=st.tuples(counts, counts, counts, rates),
       drawn=st.dates(date(2021, 6, 20), date(2021, 7, 20)))  # fmt: skip
def test_what_an_issue_claims_is_true_and_its_numbers_are_marked(series, now, before, totals, drawn):
    periods = {
        "2021-q2": with_total(receive(series, "2021-q2", now, FACTS), totals),
        "2020-q2": receive(series, "2020-q2", before, FACTS),
    }
    header = Header(issued=date(2021, 7, 10), statistics_date=drawn)
    indicators = indicators_of(series, periods, "2021-q2")
    for issue in check(indicators, header, PERIOD):
        (claim,) = issue.claims
        assert claim.claim == "case"
        assert claim.says["case"] == issue.kind
        assert claim.says["scope"] == (issue.unit or "area")
        assert is_true(claim, indicators, header), claim
        for lang, marked in issue.marked.items():
            assert issue.message[lang] == plain(marked)
            names = [unit.name(lang) for unit in series.units]
            said = unmarked(marked)
            assert not [name for name in names if name in said]
            if issue.kind != "dates":  # what is left is the other period, and what the series itself says
                assert not re.search(r"\d", said.replace(BEFORE.label(lang), "").replace("3月起", ""))
            for place in places(marked):
                if place.key.startswith("cell "):
                    key = Key.parse(place.key.removeprefix("cell "))
                    cell = next(c for c in issue.cells if (c.column, c.unit or "total") == (key.name, key.scope))
                    assert cell.text == place.text
                elif place.key.startswith("input "):
                    assert place.key == f"input {place.text}"
                    assert place.text in {cell.source.file for cell in issue.cells}
                elif (key := Key.parse(place.key)).is_name:
                    assert place.text == series.unit(key.scope).name(lang)
                    assert key.scope == issue.unit or (
                        issue.unit is None and key.scope in {c.unit for c in issue.cells}
                    )
                else:
                    figure = issue.figures[place.key]
                    assert (str(figure.key), number_text(figure.text, lang)) == (place.key, place.text)


RATES = {"visits": [40, 20, None, None, None], "cases": [10, 5, None, None, None],
         "col_rate": ["24.0", "25.0", None, None, None]}  # fmt: skip


def test_a_cell_as_received_is_proved_as_a_cell_and_a_unit_as_a_name(series):
    received = receive(series, "2021-q2", RATES, FACTS)
    indicators = indicators_of(series, {"2021-q2": received}, "2021-q2")
    issues = check(indicators, Header(issued=date(2021, 7, 10)), PERIOD)
    issue = next(issue for issue in issues if issue.check == "reported-rate")
    assert to_bare_html(issue.marked["zh"]) == (
        '<span data-figure="issue:unit@jia">甲县</span>填报的处罚率（%）为'
        '<span data-proof="cell col_rate@jia">24.0</span>，按数据计算为'
        '<span data-figure="round(rate, 1)@jia">25.0</span>。'
    )


def test_a_side_that_is_a_number_or_a_formula_is_marked_as_what_it_is():
    checks = {
        "limit": {"check": "holds", "left": "rate", "relation": "<=", "right": 100},
        "double": {"check": "holds", "left": "cases", "relation": "<=", "right": "visits * 2"},
    }
    rate = {"label": {"zh": "率", "en": "rate"}, "unit": "%", "formula": "cases / visits * 100", "decimals": 1}
    columns = {"visits": {"header": "检查"}, "cases": {"header": "立案"}}
    series = define({"annex": columns}, {}, 1, indicators={"rate": rate}, checks=checks)
    periods = {"2021-q2": receive(series, "2021-q2", {"visits": [2], "cases": [5]})}
    limit, double = check(indicators_of(series, periods, "2021-q2"), Header(issued=date(2021, 7, 10)), PERIOD)
    assert limit.message["zh"] == "甲县的率（250.0%）大于100（100）。"
    assert [place.key for place in places(limit.marked["zh"])] == ["issue:unit@jia", "rate@jia", "100@jia", "100@jia"]
    assert double.message["en"].endswith("立案 (5) is greater than 检查 × 2 (4).")
    assert [place.key for place in places(double.marked["en"])][1:] == [
        "cases@jia",
        "formula visits * 2@jia",
        "visits * 2@jia",
    ]
    assert double.claims[0].record() == {
        "claim": "case",
        "case": "holds",
        "when": "cases > visits * 2",
        "scope": "jia",
    }
