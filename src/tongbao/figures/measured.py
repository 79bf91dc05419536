"""That what a formula puts together is counted in one unit of measurement."""

from __future__ import annotations

from collections.abc import Iterable

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.basics.measurement import is_another_scale, unlike
from tongbao.definition.series import Series


def require_units(series: Series, name: str, formula: Formula, operands: Iterable[str], unit: str) -> None:
    """See that a formula's operands, and the unit that it is declared to give, are of one scale.

    Arguments:
        series: whose definition it stands in.
        name: the measure or formula that is computed.
        formula: what it is computed by.
        operands: the units of the formula's operands.
        unit: what it is printed in; empty where that is not said.

    Raises:
        DefinitionError: 元 and 万元 are added or divided, or what is in 万元 is printed as 元.
    """
    if found := unlike(formula.source, tuple(operands), unit):
        raise DefinitionError(
            "figures in different units are put together",
            place=series.where_named(name),
            found=f"{formula.source}: {found}",
            expected="one unit of measurement",
            hint="convert the one figure first, as in fines * 10000, and give the result its own unit",
        )


def require_own_unit(series: Series, name: str, own: str, unit: str) -> None:
    """See that a figure is not printed in a multiple of its unit.

    Raises:
        DefinitionError: 5万元 would be printed as 5元.
    """
    if is_another_scale(own, unit):
        raise DefinitionError(
            "a figure is printed in another unit than it has",
            place=series.where_named(name),
            found=f"{name}: {own}, {unit}",
            expected=own,
            hint="convert it in a formula, as in fines * 10000, with its own unit",
        )
