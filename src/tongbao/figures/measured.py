"""That what a formula puts together is counted in one unit of measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.basics.marks import places, plain
from tongbao.basics.measurement import is_another_scale, other_unit_in_front, unlike
from tongbao.definition.series import Series
from tongbao.figures.figure import Figure
from tongbao.reading.facts import Fact


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


def require_exact(*figures: Figure) -> None:
    """See that no number to be compared or computed with is a fact of 30%以上 or 15%左右: what comes out is not known.

    Raises:
        DefinitionError: one is.
    """
    for figure in figures:
        if figure.qualifier:
            raise DefinitionError(
                "a fact that is no exact number can be neither compared nor computed with",
                found=f"{figure.name}: {figure.text}{figure.unit}{figure.qualifier}",
                expected="a number without words behind it",
                hint="state the exact number in facts.csv, or write the sentence by hand",
            )


def require_unit_of_fact(series: Series, name: str, fact: Fact, unit: str) -> None:
    """See that a fact which gives a column's figure of the whole area says what it is measured in.

    Raises:
        DefinitionError: 999900, of no unit, would be printed as 999900.00亿元.
    """
    if unit and fact.value is not None and not fact.unit:
        raise DefinitionError(
            "a fact without a unit of measurement gives the figure of the whole area",
            place=str(fact.cell.source),
            found=f"fact.{fact.id}: {fact.text}",
            expected=f"its unit of measurement, as {series.columns[name].header} has one",
            hint=f"write {unit} beside it in facts.csv where the figure is in that unit; else convert it first",
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


def require_units_behind(marked: str, figures: Mapping[str, Figure], place: str) -> None:
    """See that a text writes no other unit behind a number than it has: 罚款11元 of 11万元, 1.00% of 1.00个百分点.

    Raises:
        DefinitionError: it does; ``place`` is where the text stands.
    """
    text = plain(marked)
    for mark in places(marked):
        figure = figures.get(mark.key)
        if figure is None or not mark.text[-1:].isdigit():
            continue
        behind = text[mark.start + len(mark.text) :][:20].lstrip(" ")
        if other := other_unit_in_front(behind, figure.unit):
            raise DefinitionError(
                "a text writes another unit behind a number than it has",
                place=place,
                found=f"{mark.text}{other}",
                expected=f"{mark.text}{figure.unit}",
                hint="write the figure's own unit, or convert the figure by a formula of its own",
            )
