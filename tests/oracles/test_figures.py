"""Every figure on two paths: decimals as tongbao computes them, fractions as the oracle does."""

from hypothesis import given
from hypothesis import strategies as st

from oracles.books import UnknownNameError
from oracles.worlds import MEASURES, base, both, rows
from tongbao.basics.errors import DefinitionError
from tongbao.basics.period import Period

PLACES = ("jia", "yi", "bing", "area")
SERIES = base(3)
RECEIVED = [
    "2020-01",
    "2020-02",
    "2020-03",
    "2020-01-to-02",
    "2020-02-to-03",
    "2020-q1",
    "2021-01",
    "2021-02",
    "2021-q1",
]
LOOKS = [
    ("2021-q1", "last_year"),
    ("2021-03", "year_to_date"),
    ("2021-02", "last_year"),
    ("2020-02", "previous"),
    ("2021-03", "last_year.year_to_date"),
    ("2021-01-to-05", "previous"),
]
FORMULAS = [
    "(cases + 1) / visits - 2",
    "-cases * 3 / (visits - cases)",
    "min(cases, visits)",
    "fines / cases - previous.fines / previous.cases",
    "(cases - previous.cases) / previous.cases * visits",
    "max(fines, fact.goal)",
    "default(rate, share) / param.line",
    "round(share, 0)",
    "floor(fines - cases, 2)",
    "ceil(share, 10)",
    "change(cases, visits)",
    "fines / sum(fines) * 100",
    "mean(share) - share",
    "highest(rate) - lowest(rate)",
    "rank(fines)",
    "rank(-share)",
    "count(cases > 2 and reported(fines))",
    "count(blank(rate) or not share >= 50)",
    "sum(cases, visits > 1)",
    "rank(cases, reported(fines))",
    "count(share < area.share)",
    "mean.cases",
    "area.mean_fine",
    "previous.cases",
]


def same(indicators, books, name, scope):
    try:
        figure = indicators.figure(name, scope)
    except DefinitionError:
        figure = None
    try:
        amount = books.amount(name, scope)
    except UnknownNameError:
        amount = None
    assert (figure is None) == (amount is None), name
    if figure is not None:
        assert (figure.value is None) == (amount.value is None), (name, scope)
        assert (figure.text, figure.unit if amount.unit else amount.unit) == (amount.text, amount.unit), (name, scope)


@given(received=st.dictionaries(st.sampled_from(RECEIVED), rows(3), min_size=1), look=st.sampled_from(LOOKS))
def test_periods_are_found_or_summed_from_the_same_parts(received, look):
    period, head = look
    if Period.parse(period) not in map(Period.parse, received):
        received = received | {period: {}}
    indicators, books = both(SERIES, received, period)
    for measure in (*MEASURES, "city", "fact.east"):
        for place in PLACES:
            same(indicators, books, f"{head}.{measure}", place)
    assert indicators.compared(head.split(".")[0]).any_received == books.other(head.split(".")[0]).any_received


@given(now=rows(3), before=rows(3))
def test_measures_means_ranks_and_scores(now, before):
    indicators, books = both(SERIES, {"2021-03": now, "2021-02": before}, "2021-03")
    for measure in (*MEASURES, "city"):
        for place in PLACES:
            same(indicators, books, measure, place)
        same(indicators, books, f"mean.{measure}", "area")
        assert indicators.ranks(measure) == books.ranks(measure)
        values = {unit: value for unit, value in indicators.values(measure).items() if value is not None}
        assert values.keys() == books.values(measure).keys()


@given(now=rows(3), before=rows(3), formula=st.sampled_from(FORMULAS))
def test_formulas(now, before, formula):
    """To twelve decimals: as many as a record keeps."""
    indicators, books = both(SERIES, {"2021-03": now, "2021-02": before}, "2021-03")
    for place in PLACES:
        figure = indicators.evaluate(formula, place, decimals=12)
        amount = books.evaluate(formula, place, 12)
        assert figure.text == amount.text, (formula, place)
    for unit, value in indicators.values(formula).items():
        assert value == indicators.evaluate(formula, unit).value
