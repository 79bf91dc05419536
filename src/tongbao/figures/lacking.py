"""Why a unit has no figure: a blank cell, nothing computed, no total of its parts, or a table not about the unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.definition.names import OTHER_PERIODS, split_head
from tongbao.figures.kept import not_made, outside

if TYPE_CHECKING:
    from tongbao.basics.rounding import Number
    from tongbao.figures.figure import Figure
    from tongbao.figures.indicators import Indicators

Lack = Literal["blank", "undefined", "outside", "not_summed", "last_year", "previous", "year_to_date"]
HEADS: tuple[Lack, ...] = ("last_year", "previous", "year_to_date")


def lack_of(indicators: Indicators, expression: str, unit: str) -> Lack:
    """Why a unit has no figure: only a ``blank`` is something that it did not report.

    ``undefined`` is what cannot be computed from what it reported: 0 of 0. ``outside`` is a unit without a row in a
    table of some, ``not_summed`` what was reported for each part of a summed period, and does not add up. The head of
    another period (``previous``) says that it lacks the figure of that one, and that one alone.
    """
    try:
        if unit in outside(indicators, expression):
            return "outside"
        if not_made(indicators, expression, of_area=False):
            return "not_summed"
        if not _has_blank(indicators, expression, unit):
            return "undefined"
        return _of_one_period(_periods_lacking(indicators, expression, lambda name: indicators.values(name)[unit]))
    except DefinitionError:  # a fact that another period does not declare
        return "blank"


def lack_of_area(figure: Figure) -> Lack:
    """Why there is no figure of the whole area: nobody reported, or it cannot be computed from what was."""
    return "undefined" if any(cell.value is not None for cell in figure.cells) else "blank"


def lack_of_total(indicators: Indicators, expression: str) -> Lack:
    """The same, where what was reported may also be no total (``not_summed``), or another period has no figure."""
    try:
        if not_made(indicators, expression, of_area=True):
            return "not_summed"
        head = _of_one_period(_periods_lacking(indicators, expression, lambda name: indicators.figure(name).value))
        return lack_of_area(indicators.evaluate(expression)) if head == "blank" else head
    except DefinitionError:  # a fact that another period does not declare
        return "blank"


def _of_one_period(lacking: Iterable[str]) -> Lack:
    """The head of the only other period that lacks something; ``blank`` where this one does, or several do."""
    heads = set(lacking)
    return next((head for head in HEADS if heads == {head}), "blank")


def _periods_lacking(
    indicators: Indicators, expression: str, value_of: Callable[[str], Number | None]
) -> Iterator[str]:
    """The heads of the periods that lack what a figure is made of; an empty one for this period.

    That it is of last year, or of the previous period, is said by a figure that looks at nothing else itself.
    """
    names = Formula.parse(expression).names
    if all(split_head(name)[0] in ("last_year", "previous") for name in names):
        yield ""
    for name in names:
        if value_of(name) is None:
            head, rest = split_head(name)
            if rest in indicators.series.indicators and not head:
                yield from _periods_lacking(indicators, indicators.series.indicators[rest].formula, value_of)
            else:
                yield head if head in HEADS else ""


def lacks_of(indicators: Indicators, expression: str) -> dict[str, Lack]:
    """Why units have no figure, by unit."""
    values = indicators.values(expression)
    return {unit: lack_of(indicators, expression, unit) for unit, value in values.items() if value is None}


def _has_blank(indicators: Indicators, expression: str, unit: str) -> bool:
    """Whether a figure without a value is made of something that was not reported."""
    return any(
        _is_blank(indicators, name, unit)
        for name in Formula.parse(expression).names
        if indicators.values(name)[unit] is None
    )


def _is_blank(indicators: Indicators, name: str, unit: str) -> bool:
    """The same of a name without a value; what is made of all units is nothing that this one did not report."""
    head, rest = split_head(name)
    if head in OTHER_PERIODS:
        other = indicators.compared(head)
        return not other.any_received or _has_blank(other, rest, unit)
    if name in indicators.series.indicators:
        declared = indicators.series.indicators[name]
        if declared.score:
            return any(_has_blank(indicators, item.measure, unit) for item in declared.score)
        return _has_blank(indicators, declared.formula, unit)
    return name in indicators.table_of
