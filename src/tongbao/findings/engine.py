"""Evaluate declared rules: pick units, compute values, choose the case the figures make true, word it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tongbao.cells import Cell
from tongbao.errors import DataError, DefinitionError, UsageError
from tongbao.findings import select
from tongbao.findings.marks import Mark, keys, plain
from tongbao.findings.templates import Names, fill
from tongbao.indicators import AREA, Figure, Indicators
from tongbao.language import join_names
from tongbao.period import Period
from tongbao.series.rules import (
    INCOMPLETE,
    UNREPORTED,
    AgainstTarget,
    AllAt,
    AnyRule,
    Below,
    Blank,
    Bottom,
    State,
    Top,
    Value,
    Zero,
)

LANGUAGES = ("zh", "en")
_ATTENTION = {("below", "default"), ("bottom", "all_below"), ("all_at", "some_not"), ("against_target", "missed"),
              ("blank", "default")}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A statement with its evidence.

    Arguments:
        id: as declared; ``rule`` is its kind and ``case`` the wording that the figures made true.
        marked: the sentence per language, with marks; ``text`` gives it plain.
        units: the units it names, in order.
        values: the numbers it computed or compared with, by name.
        figures: every figure behind it, by mark key.
        level: ``attention`` where something is missed or missing, else ``note``.
    """

    id: str
    rule: str
    case: str
    marked: Mapping[str, str]
    units: tuple[str, ...]
    values: Mapping[str, Figure]
    figures: Mapping[str, Figure]

    @property
    def text(self) -> dict[str, str]:
        """The plain sentence per language."""
        return {lang: plain(marked) for lang, marked in self.marked.items()}

    @property
    def level(self) -> str:
        """``attention`` or ``note``."""
        return "attention" if (self.rule, self.case) in _ATTENTION else "note"

    @property
    def evidence(self) -> tuple[Cell, ...]:
        """Every cell behind the sentence, without repeats."""
        return tuple(dict.fromkeys(cell for figure in self.figures.values() for cell in figure.cells))


@dataclass
class Outcome:
    """What a rule found before it is worded; ``compared`` are the units behind it where it names none."""

    case: str = "default"
    units: list[str] = field(default_factory=list)
    values: dict[str, Figure] = field(default_factory=dict)
    compared: list[str] = field(default_factory=list)


def find(indicators: Indicators, period: Period) -> dict[str, Finding]:
    """Evaluate every rule of the series, in declared order.

    Raises:
        DefinitionError: a wording names something unknown, or an option is not a number.
    """
    series = indicators.series
    return {
        name: _finding(name, rule, indicators, period, f"reports/{series.id}/series.yml: findings.{name}")
        for name, rule in series.findings.items()
    }


def _finding(name: str, rule: AnyRule, indicators: Indicators, period: Period, place: str) -> Finding:
    try:
        outcome = evaluate(rule, indicators)
        for key, value in rule.values.items():
            outcome.values[key] = _value(value, indicators)
    except UsageError as error:
        raise DefinitionError(
            error.message, place=error.place or place, found=error.found, expected=error.expected, hint=error.hint
        ) from None
    shown: dict[str, Figure] = {}
    marked: dict[str, str] = {}
    for lang in LANGUAGES:
        wording = rule.worded(outcome.case)
        if lang == "en" and wording.en is None:
            continue
        context, figures = _context(name, rule, outcome, indicators, period, lang)
        marked[lang] = fill(wording.get(lang), context, f"{place}.wording.{outcome.case}.{lang}")
        # What is compared unit by unit backs the sentence even where no name stands in it.
        used = {key for key in figures if ".unit." in key} | set(keys(marked[lang]))
        shown |= {key: figure for key, figure in figures.items() if key in used}
    return Finding(name, rule.rule, outcome.case, marked, tuple(outcome.units), outcome.values, shown)


def evaluate(rule: AnyRule, indicators: Indicators) -> Outcome:
    """What a rule finds: its case, its units in order, its values. No words yet.

    Where no unit has a figure, the case is ``unreported``: nothing true can be said of none.
    """
    match rule:
        case State():
            return Outcome()
        case AgainstTarget():
            return _against_target(rule, indicators)
        case Blank():
            rows = indicators.received.tables[rule.table].rows
            units = [unit for unit in rows if all(cell.value is None for cell in rows[unit].values())]
            return Outcome("default" if units else "none", units, compared=list(rows))
    values = select.reporting(indicators.values(rule.measure))
    if not values:
        return Outcome(UNREPORTED)
    match rule:
        case Top() | Bottom():
            return _extreme(rule, values, indicators)
        case Below():
            threshold, limit = _number(rule.threshold, indicators)
            missed = {unit: value for unit, value in values.items() if value < limit}
            units = select.ordered(missed, descending=False) if rule.order == "ascending" else list(missed)
            return Outcome("default" if units else "none", units, {"threshold": threshold}, list(values))
        case AllAt():
            full, level = _number(rule.value, indicators)
            units = select.where(values, lambda value: value < level)
            return Outcome("some_not" if units else "default", units, {"value": full}, list(values))
        case Zero():
            units = select.where(values, lambda value: value == 0)
            case = "none" if len(values) == len(indicators.series.units) else INCOMPLETE
            return Outcome("default" if units else case, units, compared=list(values))


def _extreme(rule: Top | Bottom, values: dict[str, Decimal], indicators: Indicators) -> Outcome:
    count, n = _number(rule.n, indicators)
    if n < 1 or n != n.to_integral_value():
        raise DefinitionError("not a number of units", found=count.text, expected="1 or more")
    # The last places are the far end of the ranking, whichever way the measure ranks.
    descending = indicators.descending(rule.measure) == isinstance(rule, Top)
    units = select.take(select.ordered(values, descending=descending), values, int(n), ties=rule.ties)
    if len(values) < n:  # "the first three" of two are two
        count = replace(count, text=str(len(values)))
    outcome = Outcome("default", units, {"n": count})
    area = indicators.figure(rule.measure, AREA)
    if isinstance(rule, Bottom) and area.value is not None:
        outcome.case = "all_below" if all(values[unit] < area.value for unit in units) else "default"
        outcome.values["area"] = area
    return outcome


def _against_target(rule: AgainstTarget, indicators: Indicators) -> Outcome:
    value = _value(rule.value, indicators)
    target, level = _number(rule.target, indicators)
    if value.value is None:
        cells = value.cells
        raise DataError(
            "nothing to hold against the target",
            place=str(cells[0].source) if cells else None,
            found=rule.value.formula,
            expected="figures for the whole area",
        )
    return Outcome("met" if value.value >= level else "missed", [], {"value": value, "target": target})


def _number(expression: str, indicators: Indicators) -> tuple[Figure, Decimal]:
    figure = indicators.evaluate(expression)
    if figure.value is None:
        raise DefinitionError("an option has no value", found=expression, expected="a number for the whole area")
    return figure, figure.value


def _value(value: Value, indicators: Indicators) -> Figure:
    return indicators.evaluate(value.formula, decimals=value.decimals, rounding=value.rounding, unit=value.unit)


def _context(
    name: str, rule: AnyRule, outcome: Outcome, indicators: Indicators, period: Period, lang: str
) -> tuple[dict[str, Any], dict[str, Figure]]:
    """What a wording may name, and the figures behind it by mark key (facts join them when used)."""
    figures: dict[str, Figure] = {}
    context: dict[str, Any] = {}
    for key, figure in outcome.values.items():
        mark_key = figure.name if figure.origin in ("fact", "parameter") else f"{name}.{key}"
        figures[mark_key] = figure
        context[key] = Mark(mark_key, figure.text, figure.unit + figure.qualifier)
    measure, naming = getattr(rule, "measure", None), rule.naming
    if measure:
        context["measure"] = indicators.measure_name(measure, lang)
    names = []
    for unit in outcome.units:
        if measure:
            figures[f"{name}.unit.{unit}"] = indicators.figure(measure, unit)
        shown = indicators.series.unit(unit).name(lang, short=naming.name == "short")
        names.append(str(Mark(f"{name}.unit.{unit}", shown)))
    if isinstance(rule, Blank):
        first = next(iter(indicators.series.tables[rule.table].columns))
        figures |= {f"{name}.unit.{unit}": indicators.figure(first, unit) for unit in outcome.units}
    if not outcome.units and measure:
        figures |= {f"{name}.unit.{unit}": indicators.figure(measure, unit) for unit in outcome.compared}
    context["units"] = join_names(names, lang=lang, last=naming.last, tail=naming.tail)
    context["count"] = len(outcome.units)
    context["period"] = period.label(lang)
    context["period_short"] = period.short_label(lang)
    context["fact"] = fact_names(indicators, figures)
    return context, figures


def fact_names(indicators: Indicators, figures: dict[str, Figure]) -> Names:
    """``fact.x`` for templates; each fact used is added to ``figures``."""

    def make(fact: str) -> Mark:
        figure = indicators.figure(f"fact.{fact}")
        figures[figure.name] = figure
        return Mark(figure.name, figure.text, figure.unit + figure.qualifier)

    return Names("fact", list(indicators.received.facts), make)
