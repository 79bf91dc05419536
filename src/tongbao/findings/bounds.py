"""Bounds: numbers that a figure is held against, the same for all or one for each unit, and how they are said."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tongbao.basics.formula import Formula
from tongbao.basics.rounding import DECIMALS, Number, parse_decimal, print_decimal, round_decimal
from tongbao.definition.expressions import Bounds
from tongbao.definition.model import Text
from tongbao.definition.names import bare, of_unit, split_head
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.figures.measured import require_exact
from tongbao.findings.changes import require_one_scale
from tongbao.findings.other_periods import base_of
from tongbao.findings.outcome import NOTHING, Phrase, head_of, number
from tongbao.findings.select import reporting
from tongbao.findings.subject import Comparable

MOST_DECIMALS = 6
# What a change is held against, so that one which is none is not printed as 上升0.0%.
ZERO = Figure("0", AREA, Decimal(0), "0", "", "parameter")
_RELATIONS: dict[str, Callable[[Number, Number], bool]] = {
    "below": operator.lt,
    "at_most": operator.le,
    "above": operator.gt,
    "at_least": operator.ge,
    "at": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound: one number for all (``figure``), or one for each unit (``of_each``)."""

    expression: str
    figure: Figure | None = None
    of_each: Mapping[str, Number | None] | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is no number to be held against, for any."""
        if self.of_each is not None:
            return all(value is None for value in self.of_each.values())
        return self.at("") is None

    def at(self, name: str) -> Number | None:
        """The bound for a unit; ``None`` where the figure it is taken from is blank."""
        if self.of_each is not None:
            return self.of_each.get(name)
        return self.figure.value if self.figure is not None else None


def limits_of(bounds: Bounds, indicators: Indicators, unit: str, *, area: bool = False) -> dict[str, Limit]:
    """The bounds a rule declares, by relation; ``area`` takes a measure's figure of the whole area.

    ``unit`` is what the figures that are held against them are measured in.

    Raises:
        DefinitionError: a bound that must have a value has none, or is in another unit. Other periods' figures may be
            blank.
    """
    return {relation: limit(bound, indicators, unit, area=area) for relation, bound in bounds.bounds().items()}


def is_of_each(bounds: Bounds) -> bool:
    """Whether a bound is taken from a unit's own figures (``last_year.rate``), which it may not have."""
    return any(map(is_of_unit, bounds.bounds().values()))


def is_of_unit(expression: str) -> bool:
    """Whether each unit has a bound of its own: ``last_year.rate``, ``visits / 2``."""
    return any(of_unit(name) and "(" not in name for name in Formula.parse(expression).names)


def is_of_area(bound: Limit) -> bool:
    """Whether a bound is made of the figures of all units: ``area.rate``, ``mean.rate``, ``median(rate)``."""
    return any(split_head(name)[0] in ("area", "mean") or "(" in name for name in Formula.parse(bound.expression).names)


def limit(expression: str, indicators: Indicators, unit: str, *, area: bool = False) -> Limit:
    """One bound."""
    names = Formula.parse(expression).names
    if not area and is_of_unit(expression):
        require_one_scale(unit, unit_behind(expression, indicators))
        return Limit(expression, None, indicators.values(expression))
    may_be_blank = area or any(split_head(name)[0] or "(" in name for name in names)
    figure = indicators.evaluate(expression) if may_be_blank else number(expression, indicators)[0]
    require_one_scale(unit, figure.unit)
    require_exact(figure)
    return Limit(expression, figure)


def unit_behind(expression: str, indicators: Indicators) -> str:
    """What a measure is counted in; empty for a formula."""
    return indicators.unit_of(bare(expression)) if bare(expression) in indicators.measures else ""


def told_apart(bound: Limit, values: Iterable[Number]) -> Limit:
    """A computed bound with as many decimals as tell it from the figures held against it: 35.08, not 35.1 beside 35.1.

    A declared number, a fact or a parameter is printed as it stands.
    """
    figure = bound.figure
    if figure is None or figure.value is None or figure.origin != "computed":
        return bound
    value, decimals = figure.value, figure.decimals
    others = [other for other in values if other != value]
    while decimals < MOST_DECIMALS and any(
        round_decimal(other, decimals, figure.rounding) == round_decimal(value, decimals, figure.rounding)
        for other in others
    ):
        decimals += 1
    return replace(bound, figure=_to_decimals(figure, value, decimals))


def printed_apart(figure: Figure, bounds: Iterable[Figure]) -> Figure:
    """A figure with the decimals that put it on its side of what it is held against: 19.99 below 20, not 20.0.

    Equal to a bound it stays as it is.
    """
    value, printed, decimals = figure.value, parse_decimal(figure.text), figure.decimals
    if value is None or printed is None:
        return figure
    others: list[tuple[Number, Number]] = []
    for bound in bounds:
        shown = parse_decimal(bound.text)
        if bound.value is not None and shown is not None and bound.value != value:
            others.append((bound.value, shown))
    while decimals < DECIMALS and any(
        printed == shown or (printed > shown) != (value > other) for other, shown in others
    ):
        decimals += 1
        printed = round_decimal(value, decimals, figure.rounding)
    return figure if decimals == figure.decimals else _to_decimals(figure, value, decimals)


def bounds_of(limits: Mapping[str, Limit]) -> list[Figure]:
    """The bounds that are one number for all."""
    return [limit.figure for limit in limits.values() if limit.figure is not None]


def size_of(bound: Figure) -> Figure:
    """A bound of changes without its sign: their sizes are printed."""
    if bound.value is None or bound.value >= 0:
        return bound
    return replace(bound, value=-bound.value, text=bound.text.removeprefix("-"))


def _to_decimals(figure: Figure, value: Number, decimals: int) -> Figure:
    text = print_decimal(value, decimals, figure.rounding)
    calculation = figure.calculation and figure.calculation.rpartition(" = ")[0] + f" = {text}"
    return replace(figure, text=text, calculation=calculation)


def keeps_bounds(name: str, value: Number | None, limits: Mapping[str, Limit]) -> bool:
    """Whether a figure keeps every bound; a blank one keeps none, nor does one whose bound is blank."""
    return name in kept({name: value}, limits)


def kept(values: Mapping[str, Number | None], limits: Mapping[str, Limit]) -> dict[str, Number]:
    """The figures that keep every bound, in the order given."""
    found = reporting(values)
    for relation, limit in limits.items():
        holds = _RELATIONS[relation]
        if limit.of_each is not None:
            bounds = limit.of_each
            found = {
                name: value
                for name, value in found.items()
                if (bound := bounds.get(name)) is not None and holds(value, bound)
            }
        elif (common := limit.at("")) is not None:
            found = {name: value for name, value in found.items() if holds(value, common)}
        else:
            return {}
    return found


def comparable_with(subject: Comparable, limits: Mapping[str, Limit]) -> Mapping[str, Number]:
    """What has a figure, and bounds to hold it against."""
    if any(limit.of_each is None and limit.at("") is None for limit in limits.values()):
        return {}
    found = subject.reporting
    for limit in limits.values():
        if limit.of_each is not None:
            found = {name: value for name, value in found.items() if limit.at(name) is not None}
    return found


def reported(limits: Mapping[str, Limit]) -> str:
    """That a unit has a figure, and bounds to hold it against, as a condition on ``it``."""
    of_each = (limit.expression for limit in limits.values() if limit.of_each is not None)
    return " and ".join(f"reported({formula})" for formula in ("it", *of_each))


def than(bound: Limit, indicators: Indicators, unit: str, measure: str = "") -> Phrase:
    """What a figure is held against, in words: 20%, 全市的35.08%, 上年同期; Ⅳ类 where ``measure`` is of words."""
    name = bound.expression if Formula.parse(bound.expression).is_name else ""
    if bound.figure is None:
        words = Text(zh="各自标准", en="the unit's own standard")
        head = head_of(name)
        if name in indicators.measures or head == "year_to_date":
            words = Text(zh=indicators.measure_name(name), en=indicators.measure_name(name, "en"))
        elif head:
            words = base_of(indicators, head) or words
        return Phrase(words)
    if split_head(name)[0] in ("area", "mean"):
        return _of_all(bound.figure, name, indicators, unit, measure)
    word = indicators.word(measure, bound.figure.value)
    if word is not None:
        return Phrase(word)
    return Phrase(NOTHING, bound.figure, "threshold", NOTHING, bound.figure.unit or unit)


def _of_all(figure: Figure, name: str, indicators: Indicators, unit: str, measure: str) -> Phrase:
    """A total or mean: 全市水平（129起）; of another measure than what is held against it, with its name."""
    head, area = split_head(name)[0], indicators.series.area
    before = {
        "mean": Text(zh="各地平均数（", en="the mean of "),
        "area": Text(zh=f"{area.zh}水平（", en=f"{area.get('en')}'s "),
    }[head]
    if bare(name) == bare(measure):
        after = Text(zh="）", en="")
        if base := base_of(indicators, head_of(name)):
            before = Text(zh=f"{base.zh}{before.zh}", en=before.en)
            after = Text(zh="）", en=f" of {base.get('en')}")
        return Phrase(before, figure, bare(name), after, unit)
    before = Text(zh=f"{indicators.measure_name(name)}（", en=f"{indicators.measure_name(name, 'en')} of ")
    return Phrase(before, figure, bare(name), Text(zh="）", en=""), figure.unit or unit)


def held_to(bound: Limit, compared: Collection[str]) -> Limit:
    """A bound that does not leave out whom it is held against: who lacks only what it is made of is compared.

    Of another period it is said whom that leaves out: no name of this one is taken back so.
    """
    if bound.figure is None or not bound.figure.without:
        return bound
    of_others = {one.of for one in bound.figure.without if one.unit in compared and one.period is None}
    without = tuple(one for one in bound.figure.without if one.of not in of_others)
    return replace(bound, figure=replace(bound.figure, without=without))


def amount_of(subject: Comparable, name: str, key: str) -> Phrase:
    """The figure of one in words: 92.86%, and of a change 上升5.2个百分点, 持平."""
    value = subject.values[name]
    if subject.is_change and value is not None:
        if value == 0:
            return Phrase(Text(zh="持平", en="unchanged"))
        before = Text(zh="上升", en="up ") if value > 0 else Text(zh="下降", en="down ")
        return Phrase(before, printed_apart(subject.figure(name), (ZERO,)), key, unit=subject.unit)
    return Phrase(NOTHING, subject.figure(name), key, unit=subject.unit)
