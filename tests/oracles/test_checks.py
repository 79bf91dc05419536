"""What is wrong with the returns, on two paths; and the rule that counts it."""

from datetime import date
from decimal import Decimal

import yaml
from hypothesis import given
from hypothesis import strategies as st

from demo import SERIES as DEMO
from oracles.books import Archive
from oracles.checks import find_issues, fit_together, in_order_of_kinds, ratios_of
from oracles.rules import pick
from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.definition.series import Series
from tongbao.findings import find
from tongbao.reading.cell import Cell, Source
from tongbao.reading.prose import Header

DECLARED = yaml.safe_load(DEMO)
CHECKS = DECLARED["checks"] | {
    "small": {"check": "holds", "left": "fines / 2", "relation": ">=", "right": "hazchem", "level": "note"},
    "same": {"check": "holds", "left": "hazchem", "relation": "==", "right": "cases", "level": "warning"},
    "grown": {"check": "change", "measure": "cases", "factor": 3},
}
# Which faults a rule counts, with the kinds that it tells.
COUNTED = [[], ["holds", "jump"], ["complete"], ["reported", "totals", "fits"], ["cases_within_visits"], ["change"]]
FAULTS = {
    f"faults{n}": {
        "rule": "faults",
        "checks": checks,
        "naming": {"name": "short", "last": "、"},
        "wording": {"default": "{{ count }} {{ unit_count }} {{ kinds }} {{ units }}"},
    }
    for n, checks in enumerate(COUNTED)
}
SERIES = Series.model_validate(
    DECLARED | {"id": "demo", "checks": CHECKS, "findings": FAULTS, "main_points": [], "sections": []}
)
FACTS = {"due": ("应完成", "5", "项"), "done": ("已完成", "3", "项")}

counts = st.sampled_from([None, 0, 1, 2, 3, 4, 9, 12, 40])
rates = st.sampled_from([None, "0", "50.0", "33.3", "66.7", "99.9", "100.0", "20.0"])
amounts = st.sampled_from([None, "0", "0.5", "1.0", "2", "2.4", "6.0", "9.5"])


def rows(values):
    return st.lists(values, min_size=5, max_size=5)


RETURNS = st.fixed_dictionaries(
    {
        "visits": rows(counts),
        "cases": rows(counts),
        "fines": rows(amounts),
        "col_rate": rows(rates),
        "rank": rows(st.one_of(st.none(), st.integers(1, 5))),
        "hazchem": rows(counts),
        "share": rows(rates),
    }
)


def with_total(received, totals):
    """The totals' row of the first table, as a county clerk filled it in."""
    table = received.tables["work"]
    for index, (name, value) in enumerate(zip(("visits", "cases", "fines", "col_rate"), totals, strict=True)):
        source = Source(f"{table.name}.csv", None, 9, "BCDE"[index])
        text = "" if value is None else str(value)
        table.total[name] = Cell(table.name, None, name, text, Decimal(text) if text else None, source)
    return received


def tells(message, numbers):
    """Whether a message tells some numbers, in any order, each once for each time."""
    return all(message.count(number) >= numbers.count(number) for number in numbers)


@given(
    now=RETURNS,
    before=st.one_of(st.none(), RETURNS),
    month=st.one_of(st.none(), RETURNS),
    totals=st.tuples(counts, counts, amounts, rates),
    drawn=st.dates(date(2021, 6, 28), date(2021, 7, 12)),
    issued=st.dates(date(2021, 6, 28), date(2021, 7, 12)),
    name=st.sampled_from(["2021-q2", "2021-01-to-05"]),
)
def test_both_paths_find_the_same_issues(now, before, month, totals, drawn, issued, name):
    periods = {name: with_total(receive(SERIES, name, now, FACTS), totals)}
    if before is not None:
        periods |= {f"2020{name[4:]}": receive(SERIES, f"2020{name[4:]}", before, FACTS)}
    if month is not None:
        periods |= {one: receive(SERIES, one, month, FACTS) for one in ("2020-04", "2020-05", "2020-06", "2021-q1")}
    period, header = Period.parse(name), Header(issued=issued, statistics_date=drawn)
    indicators = indicators_of(SERIES, periods, name)
    every = check(indicators, header, period)
    theirs = [issue for issue in every if issue.kind not in ("plausible", "repeated")]  # no second path
    books = Archive(SERIES, {Period.parse(one): received for one, received in periods.items()}).at(period)
    told = {  # a change of such a cell is not told again
        id(cell)
        for issue in every
        if issue.kind in ("reported", "plausible") and issue.level != "note"
        for cell in (issue.cells[:1] if issue.kind == "reported" else issue.cells)
    }
    found = find_issues(CHECKS, books, header, period)
    ours = [issue for issue in found if issue.kind != "change" or not told & set(map(id, issue.cells))]
    assert [(issue.check, issue.kind, issue.unit, issue.level) for issue in ours] == [
        (issue.check, issue.kind, issue.unit, issue.level) for issue in theirs
    ]
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine.table, {cell.column for cell in mine.cells}) == (other.table, set(other.columns))
        assert {str(cell.source) for cell in mine.cells} == {str(cell.source) for cell in other.cells}
        assert tells(other.message["zh"], mine.numbers), (other.message["zh"], mine.numbers)
        assert mine.unit is None or SERIES.unit(mine.unit).zh in other.message["zh"]
    found = find(indicators, period, theirs, header)  # what both know
    for rule, options in FAULTS.items():
        right, finding = pick(options, books, in_order_of_kinds(ours)), found[rule]
        assert (finding.case, list(finding.units)) == (right.case, list(right.units))
        if right.case == "default":
            count, many, kinds, units_ = finding.text["zh"].split(" ")
            assert (count, many) == (right.numbers["count"], right.numbers["unit_count"])
            assert [int("".join(filter(str.isdigit, kind))) for kind in kinds.split("、")] == [
                int(text) for key, text in right.numbers.items() if key.startswith("kind")
            ]
            assert units_ == "、".join(SERIES.unit(unit).short for unit in right.units)


@given(
    shown=st.lists(st.sampled_from(["0.0", "50.0", "33.3", "20.0", "100.0", "66.7", "99.9", "8.33"]), max_size=4),
    part=st.integers(0, 9),
    whole=st.integers(1, 12),
)
def test_rates_that_whole_numbers_give_alone_and_together(shown, part, whole):
    series = define(
        {"annex": {"rate": {"header": "率", "unit": "%", "area": "none"}}},
        {},
        4,
        checks={"fits": {"check": "feasible_rate", "rate": "rate", "part": "fact.part", "whole": "fact.whole"}},
    )
    received = receive(
        series,
        "2021",
        {"rate": [*shown, *[None] * (4 - len(shown))]},
        {"part": ("分子", str(part), "起"), "whole": ("分母", str(whole), "起")},
    )
    header, period = Header(issued=date(2022, 1, 10)), Period.parse("2021")
    issues = check(indicators_of(series, {"2021": received}, "2021"), header, period)
    found = [issue.unit for issue in issues if issue.check == "fits"]
    ratios = [ratios_of(rate, part, whole) for rate in shown]
    alone = [unit.id for unit, choices in zip(series.units, ratios, strict=False) if not choices]
    assert found == (alone or ([None] if shown and not fit_together(ratios, part, whole) else []))
