"""Which units a rule picks, worked out twice: by the audit and by the findings, over the same figures."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tongbao.audit.books import Books
from tongbao.audit.membership import members
from tongbao.definition.rules_tmp import AnyRule

from conftest import ROOT
from tongbao.basics.period import Period
from tongbao.definition.project import Project
from tongbao.figures.indicators import Indicators
from tongbao.findings.engine import evaluate
from tongbao.reading.cell import Cell, Source
from tongbao.reading.received import Received, read_received
from tongbao.reading.tables import Table

PROJECT = Project(ROOT)
SERIES = PROJECT.get_series("wenzhou-monthly")
FACTS = read_received(PROJECT, SERIES, Period.parse("2021-01-to-02")).facts
PARAMETERS = {"below_rate": Decimal(20), "top_n": Decimal(3)}
figures = st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=len(SERIES.units), max_size=len(SERIES.units))


def received(values):
    tables = {}
    for name, definition in SERIES.tables.items():
        rows = {
            unit.id: {
                column: Cell(name, unit.id, column, "" if value is None else str(value),
                             None if value is None else Decimal(value), Source("f.csv", None, index + 2, "B"))
                for column in definition.columns
            }
            for index, (unit, value) in enumerate(zip(SERIES.units, values, strict=True))
        }  # fmt: skip
        tables[name] = Table(name, rows)
    return Received(tables, FACTS, {})


@pytest.mark.parametrize("name", [name for name in SERIES.findings if name != "headline"])
@settings(max_examples=60, deadline=None)
@given(values=figures)
def test_both_paths_pick_the_same_units_in_the_same_order(name, values):
    data = received(values)
    rule = SERIES.findings[name]
    outcome = evaluate(rule, Indicators(SERIES, data, PARAMETERS))
    found = members(rule, Books(SERIES, data, PARAMETERS))
    assert found is not None
    assert (list(found.units), found.cases) == (outcome.units, outcome.cases)


def test_an_option_that_is_not_known_is_not_audited_rather_than_guessed():
    rule = SERIES.findings["rate_below"]

    class Stranger(type(rule)):
        among: str = ""

    books = Books(SERIES, received([1] * len(SERIES.units)), PARAMETERS)
    options = rule.model_dump()
    assert members(Stranger(**options), books) is not None
    assert members(Stranger(**options, among="top"), books) is None


RULES = [
    {"rule": "list", "measure": "penalty_rate", "order": "worst", "take": 2, "ties": "cut"},
    {"rule": "list", "measure": "penalty_rate", "take": 3, "naming": {"places": True}},
    {"rule": "list", "measure": "fines", "above": 5, "at_most": 20, "also": {"below": "area.penalty_rate"}},
    {"rule": "list", "measure": "fines", "at": 0, "blank": True},
    {"rule": "list", "measure": "penalty_rate", "below": "mean.penalty_rate", "naming": {"show": 2}},
    {"rule": "list", "measure": "fines", "focus": "lucheng"},
    {"rule": "list", "measure": "fines", "change": "last_year", "above": 0, "take": 1},
    {"rule": "list", "table": "enforcement"},
    {"rule": "list", "measure": "fines", "at": 0, "since": "last_year"},
    {"rule": "range", "measure": "fines"},
    {"rule": "split", "measure": "penalty_rate", "at": "area.penalty_rate"},
    {"rule": "split", "measure": "fines", "change": "last_year", "at": 0},
    {"rule": "target", "value": "fines", "target": 100, "limit": True},
    {"rule": "change", "value": "fines", "against": "last_year", "bounded": 10},
    {
        "rule": "judge",
        "when": {"much": [{"value": "fines", "above": "last_year.fines"}]},
        "wording": {"much": "多", "otherwise": "少"},
    },
]


@pytest.mark.parametrize("options", RULES, ids=lambda options: " ".join(map(str, options.values()))[:60])
@settings(max_examples=40, deadline=None)
@given(values=figures, before=figures)
def test_every_kind_of_rule_comes_out_the_same_on_both_paths(options, values, before):
    rule = TypeAdapter(AnyRule).validate_python(options)
    now, then = received(values), received(before)
    earlier = Indicators(SERIES, then, PARAMETERS, Period.parse("2020-01-to-02"))
    outcome = evaluate(rule, Indicators(SERIES, now, PARAMETERS, Period.parse("2021-01-to-02"), lambda _head: earlier))
    books = Books(SERIES, now, PARAMETERS, lambda _head: Books(SERIES, then, PARAMETERS))
    found = members(rule, books)
    assert found is not None
    assert (list(found.units), found.cases) == (outcome.units, outcome.cases)
    for name, amount in found.amounts.items():
        if name in outcome.values and "." not in name:
            assert amount.text == outcome.value(name).text, name
