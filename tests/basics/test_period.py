from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period, long_date

years = st.integers(1950, 2100)
months = st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted)


@st.composite
def periods(draw):
    year = draw(years)
    kind = draw(st.sampled_from(["year", "half", "quarter", "month", "months"]))
    if kind == "year":
        return Period.parse(f"{year}")
    if kind == "half":
        return Period.parse(f"{year}-h{draw(st.integers(1, 2))}")
    if kind == "quarter":
        return Period.parse(f"{year}-q{draw(st.integers(1, 4))}")
    if kind == "month":
        return Period.parse(f"{year}-{draw(st.integers(1, 12)):02d}")
    first, last = draw(months.filter(lambda pair: pair[0] < pair[1]))
    return Period.parse(f"{year}-{first:02d}-to-{last:02d}")


@given(periods())
def test_the_id_reads_back(period):
    assert Period.parse(str(period)) == period


@given(periods(), periods(), periods())
def test_order_is_total(a, b, c):
    assert (a < b) + (b < a) + (a == b) == 1
    if a < b < c:
        assert a < c


@given(periods())
def test_same_period_last_year_is_as_long_and_earlier(period):
    before = period.same_period_last_year()
    assert (before.first, before.last, before.kind) == (period.first, period.last, period.kind)
    assert before.year == period.year - 1
    assert before < period


@given(periods())
def test_previous_ends_the_day_before_and_is_as_long(period):
    try:
        before = period.previous()
    except UsageError:
        return
    assert before.end + timedelta(days=1) == period.start
    assert before.last - before.first == period.last - period.first


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("2021-02", "2021-01"),
        ("2021-01", "2020-12"),
        ("2019-q1", "2018-q4"),
        ("2019-h2", "2019-h1"),
        ("2021", "2020"),
        ("2021-01-to-02", "2020-11-to-12"),
        ("2019-04-to-06", "2019-01-to-03"),
    ],
)
def test_previous(text, previous):
    assert str(Period.parse(text).previous()) == previous


@pytest.mark.parametrize("text", ["2021-01-to-05", "2021-03-to-06"])
def test_no_previous_across_the_year_end(text):
    with pytest.raises(UsageError, match="same period last year"):
        Period.parse(text).previous()


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2021-01-to-02", "2021年1-2月", "January–February 2021"),
        ("2019-04-to-06", "2019年4-6月", "April–June 2019"),
        ("2021-02", "2021年2月", "February 2021"),
        ("2019-q2", "2019年二季度", "Q2 2019"),
        ("2019-h1", "2019年上半年", "H1 2019"),
        ("2021", "2021年", "2021"),
    ],
)
def test_labels(text, zh, en):
    assert (Period.parse(text).label("zh"), Period.parse(text).label("en")) == (zh, en)


@pytest.mark.parametrize(
    "text",
    ["", "21", "2021-13", "2021-00", "2021-q5", "2021-h3", "2021-02-to-01", "2021-02-to-02", "2021-2", "2021-1-2月"],
)
def test_what_is_not_a_period(text):
    with pytest.raises(UsageError, match="not a period"):
        Period.parse(text)


@pytest.mark.parametrize("text", ["2026-9", "202609", "2026年9月", "2026.09", "2026/9"])
def test_a_month_as_people_type_it_is_told_as_it_is_written(text):
    with pytest.raises(UsageError) as refused:
        Period.parse(text)
    assert refused.value.hint == "did you mean 2026-09?"


def test_dates_without_padding():
    assert long_date(date(2021, 3, 10)) == "2021年3月10日"


@pytest.mark.parametrize(
    ("period", "spans"),
    [
        ("2021-q1", ["2021-q1", "2021-01-to-03"]),
        ("2021-01-to-06", ["2021-01-to-06", "2021-h1"]),
        ("2021", ["2021", "2021-01-to-12"]),
        ("2021-02-to-04", ["2021-02-to-04"]),
        ("2021-02", ["2021-02"]),
    ],
)
def test_a_span_can_be_received_under_several_ids(period, spans):
    assert [str(span) for span in Period.parse(period).same_span()] == spans


def test_what_a_bulletin_may_be_compared_with():
    compared = [str(period) for period in Period.parse("2021-03").compared_with()]
    assert compared == ["2020-03", "2021-q1", "2020-q1", "2021-02"]
    assert Period.parse("2021-02").lies_in(Period.parse("2021-q1"))
    assert not Period.parse("2021-04").lies_in(Period.parse("2021-q1"))
    assert not Period.parse("2020-02").lies_in(Period.parse("2021-q1"))
