"""Changes against another figure: percent for quantities, percentage points for rates, and why there may be none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from math import floor
from typing import Literal

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula, change
from tongbao.basics.measurement import is_another_scale
from tongbao.basics.rounding import Number, Rounding, minus, print_decimal, round_decimal
from tongbao.definition.expressions import Subject, Value
from tongbao.definition.names import headed, split_head
from tongbao.figures.figure import Absent, Figure, left_out
from tongbao.figures.indicators import Indicators
from tongbao.figures.measured import require_exact
from tongbao.findings.subject import evaluated, evaluated_before
from tongbao.reading.cell import unique

Measure = Literal["percent", "points", "absolute"]
Case = Literal["rise", "fall", "flat", "about_flat", "zero_base", "negative_base", "no_comparison", "unreported"]
DECIMALS = {"percent": 1, "points": 2}
POINTS = "个百分点"


@dataclass(frozen=True)
class Changed:
    """A change and how it is said.

    ``figure`` is its size without a sign, computed from the larger side down: a fall is 上年 − 今年. ``without`` are
    the units that are left out of both sides, because one of them lacks their figure.
    """

    case: Case
    figure: Figure | None = None
    without: tuple[Absent, ...] = ()


def measured_in(unit: str, declared: Measure | None = None) -> Measure:
    """How the change of a figure is measured: in points for a rate, in percent for a quantity.

    >>> measured_in("%"), measured_in("起"), measured_in("起", "absolute")
    ('points', 'percent', 'absolute')
    """
    return declared or ("points" if unit == "%" else "percent")


def signed(now: Number | None, before: Number | None, how: Measure) -> Number | None:
    """A change with its sign, unrounded; ``None`` where a side is blank or the base of a percentage is not above zero.

    Two zeros are no change.

    >>> from decimal import Decimal
    >>> signed(Decimal(300), Decimal(400), "percent"), signed(Decimal(3), Decimal(0), "percent")
    (Decimal('-25'), None)
    """
    if now is None or before is None:
        return None
    return change(now, before) if how == "percent" else minus(now, before)


def unit_change(
    value: Value, indicators: Indicators, unit: str, head: str, printed: tuple[Measure | None, int | None]
) -> Changed:
    """How a unit's figure has changed against ``last_year`` or ``previous``.

    ``printed`` says how the change is measured and with how many decimals it is printed; see ``changed``.
    """
    label = value.label if isinstance(value, Subject) else None
    now = evaluated(value, indicators, unit, label)
    before = evaluated_before(value, indicators, head, unit)
    how, decimals = printed
    require_no_percent(indicators, head, measured_in(now.unit, how))
    formulas = (value.formula, headed(value.formula, head))
    return changed(now, before, how, (decimals, value.rounding), formulas)


def require_no_percent(indicators: Indicators, head: str, how: Measure) -> None:
    """See that figures since January are not compared in percent with those of a month less: they only grow.

    Raises:
        DefinitionError: they are.
    """
    if indicators.series.cumulative and head == "previous" and how == "percent":
        raise DefinitionError(
            "figures that count from January on are compared in percent with those up to a month before",
            expected="a rate, last_year, or `change_in: absolute`: what was added since",
            hint="where `value` or a key figure is compared, let it be a rate or take `against: last_year`",
        )


def require_one_scale(*units: str) -> None:
    """See that numbers to be compared are not counted in 元 here and in 万元 there, or in % and ‰; others may differ.

    Raises:
        DefinitionError: they are.
    """
    for unit, other in combinations(filter(None, units), 2):
        if is_another_scale(unit, other):
            raise _other_unit(unit, other)


def require_one_kind(*units: str) -> None:
    """See that what stands in one list, under one unit, is counted alike, and no percentage among amounts.

    Raises:
        DefinitionError: it is not.
    """
    require_one_scale(*units)
    for unit, other in combinations(filter(None, units), 2):
        if ("%" in unit) != ("%" in other):
            raise _other_unit(unit, other)


def _other_unit(unit: str, other: str) -> DefinitionError:
    return DefinitionError(
        "figures in different units cannot be compared",
        found=f"{unit}, {other}",
        expected="one unit of measurement",
        hint="state both in the same one, or convert one in a formula (fact.x / 10000) with its own unit",
    )


def compared(
    indicators: Indicators,
    sides: tuple[Figure, Figure],
    how: Measure | None,
    printed: tuple[int | None, Rounding],
    formulas: tuple[str, str],
) -> Changed:
    """The change between two figures of the whole area, of the same units: who is blank on one side is in neither.

    Arguments:
        indicators: whose figures they are.
        sides: this period's figure as it is printed, and the one it is compared with.
        how: in percent, points or absolute, as in ``changed``.
        printed: decimals and rounding of the printed change, as there.
        formulas: of both, as there.
    """
    heads = {split_head(name)[0] for name in Formula.parse(formulas[1]).names}
    require_no_percent(indicators, "previous" if "previous" in heads else "", measured_in(sides[0].unit, how))
    found = changed(*sides, how, printed, formulas)
    if any(side.value is None for side in sides):
        return found
    own, earlier = formulas
    kind, decimals = measured_in(sides[0].unit, how), _decimals(sides, how, printed[0])
    comparison = f"change({own}, {earlier})" if kind == "percent" else f"({own}) - ({earlier})"
    now, before, without = of_same_units(indicators, sides, formulas, comparison)
    if not without:
        return found
    if now.value is None or before.value is None:  # no unit has both
        return Changed("no_comparison", without=without)
    found = changed(now, before, how, (decimals, printed[1]), formulas)
    figure = replace(found.figure, without=without) if found.figure is not None else None
    return replace(found, figure=figure, without=without)


def of_same_units(
    indicators: Indicators, sides: tuple[Figure, Figure], formulas: tuple[str, str], comparison: str
) -> tuple[Figure, Figure, tuple[Absent, ...]]:
    """Two figures of the whole area as they are compared, and whom one of them lacks, so that both are without them."""
    now, before = (
        replace(indicators.alike(formula, comparison), unit=side.unit)
        for formula, side in zip(formulas, sides, strict=True)
    )
    if (now.value, before.value) == (sides[0].value, sides[1].value):
        return *sides, ()
    of_now, of_before = ({absent.unit for absent in side.without} for side in sides)
    without = tuple(one._replace(alike=True) for one in left_out(sides) if one.unit in of_now ^ of_before)
    return now, before, without


def as_compared(indicators: Indicators, side: Figure, own: str, other: str) -> Figure:
    """A total as it is compared, without the units that it or the other side lacks, of which it says so.

    In one formula with the ``other`` side its ``own`` is made of the units that have both.
    """
    formula = f"({own}) + 0 * ({other})"
    alike = indicators.evaluate(
        formula, decimals=side.decimals, rounding=side.rounding, unit=side.unit, label=side.label
    )
    if alike.value == side.value:
        without = (one for one in alike.without if one.alike or one in side.without)
        return replace(side, without=tuple(without))
    return alike


def left_out_of(sides: Iterable[Figure], alike: Iterable[Absent]) -> list[Absent]:
    """Whom both sides leave out, and for the comparison's sake one of them; what it says of both, none says apart."""
    alike = tuple(alike)
    units = {absent.unit for absent in alike}
    value, *others = sides
    of_others = [absent for absent in left_out(others) if absent.unit not in units]
    return [*dict.fromkeys((*value.without, *of_others, *alike))]


def changed(
    now: Figure, before: Figure, how: Measure | None, printed: tuple[int | None, Rounding], formulas: tuple[str, str]
) -> Changed:
    """The change between two figures of one kind.

    Arguments:
        now: this period's figure.
        before: the one it is compared with.
        how: in percent, points or absolute; ``None`` for what fits the unit.
        printed: decimals of the printed change, ``None`` for 1 (percent), 2 (points), the figures' own (absolute); and
            whether it is rounded or cut off.
        formulas: of both, as this period says them: ``("fines", "last_year.fines")``.
    """
    if now.value is None:
        return Changed("unreported")
    if before.value is None:
        return Changed("no_comparison")
    require_one_scale(now.unit, before.unit)
    require_exact(now, before)
    kind = measured_in(now.unit, how)
    size = signed(now.value, before.value, kind)
    if size is None:
        return Changed("negative_base" if before.value < 0 else "zero_base")
    rounding, decimals = printed[1], _decimals((now, before), how, printed[0])
    figure = _figure(now, before, size, kind, (decimals, rounding), formulas)
    if size == 0:
        return Changed("flat", figure)
    if round_decimal(size, decimals, rounding) == 0:
        return Changed("about_flat", figure)
    return Changed("rise" if size > 0 else "fall", figure)


def _decimals(sides: tuple[Figure, Figure], how: Measure | None, declared: int | None) -> int:
    """How many decimals a change has: as declared, 1 (percent), 2 (points), or as many as the figures (absolute)."""
    if declared is not None:
        return declared
    return DECIMALS.get(measured_in(sides[0].unit, how)) or max(side.decimals for side in sides)


def _figure(
    now: Figure,
    before: Figure,
    signed_size: Number,
    kind: Measure,
    printed: tuple[int, Rounding],
    formulas: tuple[str, str],
) -> Figure:
    rises = signed_size >= 0
    size = signed_size if rises else -signed_size
    text = print_decimal(size, *printed)
    first, second = (now, before) if rises else (before, now)
    own, earlier = (formula if Formula.parse(formula).is_name else f"({formula})" for formula in formulas)
    name = f"change({own}, {earlier})"
    larger, smaller = (own, earlier) if rises else (earlier, own)
    formula, calculation = f"{larger} - {smaller}", f"{first.worked_out} − {second.worked_out}"
    unit = POINTS if now.unit == "%" else now.unit
    if kind == "percent" and before.value == 0:  # two zeros: no change, and nothing to divide by
        formula, unit = f"change({own}, {earlier})", "%"
    elif kind == "percent":
        formula = f"({formula}) / {earlier} * 100"
        if "/" in own + earlier:  # rates of one period are each of its own units, in one quotient they would not be
            formula = f"{'' if rises else '-'}change({', '.join(formulas)})"
        calculation, unit = f"({calculation}) ÷ {before.worked_out} × 100", "%"
    cells = unique((*now.cells, *before.cells))
    return Figure(
        name, now.scope, size, text, unit, "computed", formula, f"{calculation} = {text}", cells, rounding=printed[1]
    )


def bounded(size: Number, step: int) -> tuple[Literal["near", "exact", "over", "under"], int]:
    """A change in round steps: 近30%, 30%以上, 不足10%.

    A change within a fifth of a step below a round number is near it; one below the first step is under it.

    >>> from decimal import Decimal
    >>> bounded(Decimal("33.2"), 10), bounded(Decimal("28.5"), 10), bounded(Decimal(30), 10), bounded(Decimal(4), 10)
    (('over', 30), ('near', 30), ('exact', 30), ('under', 10))
    """
    below = floor(size / step) * step
    if size == below and below:
        return "exact", below
    if (below + step - size) * 5 <= step:
        return "near", below + step
    return ("over", below) if below else ("under", step)
