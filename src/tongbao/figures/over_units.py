"""Figures over all units: sums, means, extremes, counts and ranks, with what they leave out; counts of lists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from tongbao.basics.aggregate import Aggregate, Condition
from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Number, divide, print_decimal, print_received, total
from tongbao.definition.model import Text
from tongbao.definition.names import bare, split_head
from tongbao.definition.references import enterprise_counts
from tongbao.figures.figure import AREA, Absent, Figure
from tongbao.figures.kept import is_sum, not_about
from tongbao.reading.cell import Cell, RecordCount, unique
from tongbao.words import WORDS

if TYPE_CHECKING:
    from tongbao.figures.indicators import Indicators


def folded(indicators: Indicators, aggregate: Aggregate, name: str, scope: str) -> Figure:
    """A function over all units; a rank is that of the unit in scope. Printed as what it is made of is."""
    among = satisfying(indicators, aggregate.where)
    unit, scope = "", scope if aggregate.function == "rank" else AREA
    value: Number | None
    if aggregate.function == "count":
        value, text, unit = Decimal(len(among)), str(len(among)), "个"
    elif aggregate.function == "rank":
        value = places(indicators, aggregate).get(scope)
        text = str(value or "")
    else:
        value = aggregate.fold({unit: indicators.values(aggregate.of)[unit] for unit in among})
        measure = Formula.parse(aggregate.of)
        known = measure.is_name and bare(measure.source) in indicators.measures
        unit = indicators.unit_of(measure.source) if known else ""
        texts = (indicators.evaluate(aggregate.of, unit_id).text for unit_id in among)
        decimals = indicators.decimals_of(measure.source, texts) if known else None
        text = "" if value is None else print_decimal(value, decimals)
    cells, without = indicators.cells_behind(name), _passed_over(indicators, aggregate)
    return Figure(name, scope, value, text, unit, "computed", name, cells=cells, without=without)


def stated_total(indicators: Indicators, column: str) -> Figure:
    """What the totals' row states of a column (``area: reported``); a blank there is a blank, and leaves nobody out."""
    declared = indicators.series.columns[column]
    cell = indicators.received.tables[indicators.table_of[column]].total.get(column)
    value = None if cell is None else cell.value
    text = "" if value is None else print_received(value, declared.decimals)
    return Figure(column, AREA, value, text, declared.unit, "reported", cells=() if cell is None else (cell,))


def satisfying(indicators: Indicators, condition: Condition | None) -> list[str]:
    """The units whose figures satisfy a condition, in official order; all of them where there is none."""
    if condition is None:
        return list(indicators.units)
    apart = cache(partial(not_about, indicators))
    values = indicators.values
    return [
        unit
        for unit in indicators.units
        if condition.holds(lambda of, u=unit: values(of)[u], lambda of, u=unit: u in apart(of))  # type: ignore[misc]
    ]


def places(indicators: Indicators, aggregate: Aggregate) -> dict[str, Number | None]:
    """The rank of each unit among those that a function over all units runs over."""
    values, among = indicators.values(aggregate.of), set(satisfying(indicators, aggregate.where))
    return aggregate.places({unit: value if unit in among else None for unit, value in values.items()})


def summed(indicators: Indicators, name: str, apart: frozenset[str]) -> Figure:
    """A column's sum, or what an indicator makes of sums, over the units that are not ``apart``; heads go before.

    A sum has no key, so that all its digits are needed.
    """
    head, rest = split_head(name)
    if head:
        other = indicators.compared(head)
        return summed(other, rest, apart).of(other.period)
    if name in indicators.series.indicators:
        return indicators.indicator(name, AREA, apart)
    figure, is_made = indicators.column(name, AREA, apart), not is_sum(indicators.series, name)
    return figure if figure.value is None or is_made else replace(figure, text=print_decimal(figure.value))


def mean(indicators: Indicators, measure: str) -> Figure:
    """The mean of the units that reported, each counting the same; printed as the measure is."""
    figures = [figure for unit in indicators.units if (figure := indicators.figure(measure, unit)).value is not None]
    cells = unique(cell for figure in figures for cell in figure.cells)
    name, formula, unit = f"mean.{measure}", f"mean({measure})", indicators.unit_of(measure)
    value = divide(total(figure.value for figure in figures if figure.value is not None), Decimal(len(figures)))
    if value is None:
        return Figure(name, AREA, None, "", unit, "computed", formula)
    text = print_decimal(value, indicators.decimals_of(measure, (figure.text for figure in figures)))
    calculation = f"({' + '.join(figure.text for figure in figures)}) ÷ {len(figures)} = {text}"
    without = indicators.blank(measure)
    return Figure(name, AREA, value, text, unit, "computed", formula, calculation, cells, without=without)


def _passed_over(indicators: Indicators, aggregate: Aggregate) -> tuple[Absent, ...]:
    """The units for which what a function runs over, or asks about, is blank; none where it asks who is blank."""
    if aggregate.where is not None and aggregate.where.asks_for_blanks:
        return ()
    asked = aggregate.where.formulas if aggregate.where is not None else ()
    of = (aggregate.of,) if aggregate.of else ()
    return tuple(dict.fromkeys(absent for formula in (*of, *asked) for absent in indicators.blank(formula)))


def counted_enterprises(indicators: Indicators, name: str) -> Figure:
    """How many enterprises a list holds, or how many of them meet one criterion; blank where none was drawn up."""
    listed, criterion = enterprise_counts(indicators.series)[name]
    if listed not in indicators.received.enterprises:
        return Figure(name, AREA, None, "", "家", "reported")
    every = indicators.received.enterprises[listed]
    found = [e for e in every if criterion is None or criterion in e.met]
    what = Text(**{lang: words.counted_list.format(listed) for lang, words in WORDS.items()})
    source = RecordCount("，".join(sorted({e.source.file for e in every})), sum(e.source.records for e in found), what)
    text, count = str(len(found)), Decimal(len(found))
    cell = Cell(listed, None, criterion or "count", text, count, source)
    return Figure(name, AREA, count, text, "家", "reported", cells=(cell,))
