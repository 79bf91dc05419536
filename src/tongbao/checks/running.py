"""Figures that grow from period to period as if each counted all since January."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from typing import Literal

from tongbao.basics.rounding import Number
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words
from tongbao.definition.model import Text
from tongbao.definition.series import Series
from tongbao.definition.tables import Column
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.reading.periods import other_span

ENOUGH = 16  # so many pairs of figures never fall by chance
NEARLY = Fraction(9, 10)  # of all columns
RISING = Fraction(8, 10)  # of all pairs; the rest stay as they are
_HEADS = ("", "previous.", "previous.previous.")
# The amounts of a column, period by period, the latest first.
_Amounts = Sequence[Mapping[str, Number | None]]


class Running(Check):
    """Tables of single periods do not grow from each to the next as those of all months since January do.

    It is asked where a series compares or sums periods, of three in a row that lie in one year. What a table's title
    says, or the check `span` declares, is not asked again.
    """

    check: Literal["running"]

    called = Text(zh="疑为累计数", en="figures that look cumulative")
    standard = True
    says = Text(
        zh="《{table}》{first}、{second}、{third}的各项数据逐期只增不减，像是年初以来的累计数；"
        "如是，环比、各期相加和年初以来的合计都会重复计算，请核实。",
        en="{table}: the figures of {first}, {second} and {third} only grow, as if each were the sum since January; "
        "if so, they overlap where periods are compared or summed.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Tables in which no unit's amounts fall in nearly any column, and all of them grow as sums would."""
        if not _compares_or_sums(returns.series) or len(row := list(islice(_in_a_row(returns), len(_HEADS)))) < len(
            _HEADS
        ):
            return
        declared = {table for check in returns.series.checks.values() for table in getattr(check, "cumulative", ())}
        for name, definition in returns.series.tables.items():
            if definition.records or name in declared or not all(name in one.received.tables for one in row):
                continue
            if any(_says_so(one, name) for one in row):
                continue
            columns = [key for key, column in definition.columns.items() if _is_amount(column)]
            amounts = {key: [one.values(key) for one in row] for key in columns}
            growing = [key for key, known in amounts.items() if _never_falls(known)]
            if len(growing) < NEARLY * len(columns) or not _grows_as_sums([amounts[key] for key in growing], row):
                continue
            third, second, first = (returns.when(one.period) for one in row)
            words: Words = {"table": returns.title(name), "first": first, "second": second, "third": third}
            cells = [cell for key in growing for cell in returns.indicators.cells_behind(key)]
            falls = (f"{now}{key} < {then}{key}" for key in growing for now, then in pairwise(_HEADS))
            yield self.issue(returns, AREA, cells, f"count({' or '.join(falls)}) == 0", words)


def _compares_or_sums(series: Series) -> bool:
    """Whether it makes a difference to the series: it looks at the period before, over several, or sums them."""
    named = any(map(series.where_named, ("previous", "year_to_date")))
    lines = any(chart.form == "line" for chart in series.charts.values())
    return named or lines or any(table.absent == "summed" for table in series.tables.values())


def _says_so(indicators: Indicators, table: str) -> bool:
    """Whether a table says itself that it is of other months, which is told already."""
    period, headings = indicators.period, indicators.received.tables[table].headings
    return period is not None and any(other_span([*one.names, *one.titles], period) for one in headings)


def _is_amount(column: Column) -> bool:
    return column.is_measure and column.area == "sum" and column.adds_up_over_time and column.lowest is not None


def _in_a_row(returns: Returns) -> Iterator[Indicators]:
    """The figures of the period and of those before it, each as long, in one year, as far as they were received."""
    indicators, period = returns.indicators, returns.period
    while indicators.received.tables:
        yield indicators
        if period.first <= period.length:
            return
        indicators, period = indicators.compared("previous"), period.previous()


def _never_falls(known: _Amounts) -> bool:
    """Whether no unit's amount is less than before, and some are more."""
    pairs = [pair for now, then in pairwise(known) for pair in _pairs(now, then)]
    return bool(pairs) and all(now >= then >= 0 for now, then in pairs)


def _grows_as_sums(columns: Sequence[_Amounts], row: Sequence[Indicators]) -> bool:
    """Whether there are enough amounts, nearly all grow, and half of the columns by half as much as sums would."""
    pairs = [pair for known in columns for now, then in pairwise(known) for pair in _pairs(now, then) if pair[0]]
    if len(pairs) < ENOUGH or sum(now > then for now, then in pairs) < RISING * len(pairs):
        return False
    steps = [(now.period.last, then.period.last) for now, then in pairwise(row) if now.period and then.period]
    as_sums = [known for known in columns if all(map(_grows_enough, steps, known, known[1:]))]
    return len(as_sums) * 2 >= len(columns)


def _grows_enough(months: tuple[int, int], now: Mapping[str, Number | None], then: Mapping[str, Number | None]) -> bool:
    """Whether a column grew by half as much as a sum from January on would that goes so many months further."""
    both = _pairs(now, then)
    usual = Fraction(months[0], months[1]) - 1
    return sum(Fraction(one) for one, _ in both) >= sum(Fraction(old) for _, old in both) * (1 + usual / 2)


def _pairs(now: Mapping[str, Number | None], then: Mapping[str, Number | None]) -> list[tuple[Number, Number]]:
    """A column's amounts in both of two periods."""
    return [(mine, old) for unit, mine in now.items() if mine is not None and (old := then.get(unit)) is not None]
