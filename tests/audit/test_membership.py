"""Which units a rule picks, worked out twice: by the audit and by the findings, over the same figures."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from tongbao.audit.books import Books
from tongbao.audit.membership import members
from tongbao.cells import Cell, Source
from tongbao.findings.engine import evaluate
from tongbao.indicators import Indicators
from tongbao.ingest import Received, Table, read_received
from tongbao.project import Project

SERIES = Project(ROOT).get_series("wenzhou-monthly")
RAW = ROOT / "data" / "raw" / "wenzhou-monthly" / "2021-01-to-02"
FACTS = read_received(SERIES, RAW, ROOT).facts
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
    assert (list(found.units), found.case) == (outcome.units, outcome.case)


def test_an_option_that_is_not_known_is_not_audited_rather_than_guessed():
    rule = SERIES.findings["rate_below"]

    class Stranger(type(rule)):
        among: str = ""

    books = Books(SERIES, received([1] * len(SERIES.units)), PARAMETERS)
    options = rule.model_dump()
    assert members(Stranger(**options), books) is not None
    assert members(Stranger(**options, among="top"), books) is None
