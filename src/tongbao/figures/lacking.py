"""Why a unit has no figure: a blank cell, nothing computed, no total of its parts, or a table not about the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.definition.names import OTHER_PERIODS, split_head
from tongbao.figures.kept import not_made, outside

if TYPE_CHECKING:
    from tongbao.figures.figure import Figure
    from tongbao.figures.indicators import Indicators

Lack = Literal["blank", "undefined", "outside", "not_summed"]


def lack_of(indicators: Indicators, expression: str, unit: str) -> Lack:
    """Why a unit has no figure: only a ``blank`` is something that it did not report.

    ``undefined`` is what cannot be computed from what it reported: 0 of 0. ``outside`` is a unit without a row in a
    table of some, ``not_summed`` what was reported for each part of a summed period, and does not add up.
    """
    try:
        if unit in outside(indicators, expression):
            return "outside"
        if not_made(indicators, expression, of_area=False):
            return "not_summed"
        return "blank" if _has_blank(indicators, expression, unit) else "undefined"
    except DefinitionError:  # a fact that another period does not declare
        return "blank"


def lack_of_area(figure: Figure) -> Lack:
    """Why there is no figure of the whole area: nobody reported, or it cannot be computed from what was."""
    return "undefined" if any(cell.value is not None for cell in figure.cells) else "blank"


def lack_of_total(indicators: Indicators, expression: str) -> Lack:
    """The same, where what was reported may also be no total: ``not_summed``."""
    if not_made(indicators, expression, of_area=True):
        return "not_summed"
    return lack_of_area(indicators.figure(expression))


def undefined(indicators: Indicators, expression: str) -> frozenset[str]:
    """The units whose figure cannot be computed from what they reported."""
    values = indicators.values(expression)
    return frozenset(
        unit for unit, value in values.items() if value is None and lack_of(indicators, expression, unit) == "undefined"
    )


def _has_blank(indicators: Indicators, expression: str, unit: str) -> bool:
    """Whether a figure without a value is made of something that was not reported."""
    return any(
        _is_blank(indicators, name, unit)
        for name in Formula.parse(expression).names
        if indicators.values(name)[unit] is None
    )


def _is_blank(indicators: Indicators, name: str, unit: str) -> bool:
    """The same of a name without a value; one over all units is blank where nobody reported what it is made of."""
    head, rest = split_head(name)
    if head in OTHER_PERIODS:
        other = indicators.compared(head)
        return not other.any_received or _has_blank(other, rest, unit)
    if name in indicators.series.indicators:
        declared = indicators.series.indicators[name]
        if declared.score:
            return any(_has_blank(indicators, item.measure, unit) for item in declared.score)
        return _has_blank(indicators, declared.formula, unit)
    if name in indicators.table_of:
        return True
    return lack_of_area(indicators.figure(name)) == "blank"
