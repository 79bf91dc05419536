"""What a rule compares: a measure of the units, its change, or declared items; one shape for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, partial

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.definition.expressions import Subject, Value
from tongbao.definition.model import Text
from tongbao.definition.names import bare
from tongbao.definition.rules_tmp import Compares
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import changes
from tongbao.findings.select import reporting
from tongbao.reading.cell import Cell, unique


@dataclass(frozen=True)
class Comparable:
    """Figures of one kind, by unit or item.

    Arguments:
        name: the measure or formula.
        values: by id, in official order; ``None`` where there is none to compare.
        make: makes the figure behind each; ``figure`` keeps it.
        label: what they are, in words.
        unit: the unit of measurement of the figures named.
        descending: whether the largest is first.
        of_units: units, not items.
        is_change: the values are changes with their sign; their figures are sizes.
        all_cells: every cell behind the values.
        other_missing: it is the other side of every comparison that is missing.
    """

    name: str
    values: Mapping[str, Decimal | None]
    make: Callable[[str], Figure]
    label: Callable[[str], str]
    unit: str
    all_cells: Callable[[], tuple[Cell, ...]]
    descending: bool = True
    of_units: bool = True
    is_change: bool = False
    other_missing: bool = False
    _made: dict[str, Figure] = field(default_factory=dict, init=False)

    def figure(self, name: str) -> Figure:
        """The figure behind a value."""
        figure = self._made.get(name)
        if figure is None:
            figure = self._made[name] = self.make(name)
        return figure

    @cached_property
    def reporting(self) -> Mapping[str, Decimal]:
        """What can be compared; a blank takes no part."""
        return reporting(self.values)

    def unreported(self) -> list[str]:
        """What has no figure to compare."""
        return [name for name, value in self.values.items() if value is None]

    def cells(self, names: Iterable[str]) -> tuple[Cell, ...]:
        """The cells behind some of the figures."""
        return unique(cell for name in names for cell in self.figure(name).cells)


def comparable(rule: Compares, indicators: Indicators) -> Comparable:
    """What a rule compares."""
    if rule.items:
        return _items(rule, indicators)
    if rule.measure is None:
        raise DefinitionError("nothing to compare", expected="a measure or items")
    return _changes(rule, rule.measure, indicators) if rule.change else measured(rule.measure, indicators)


def measured(subject: Subject, indicators: Indicators) -> Comparable:
    """A measure of every unit."""
    as_it_is = subject.is_name and subject.decimals is None and subject.label is None

    def make(unit: str) -> Figure:
        return evaluated(subject, indicators, unit, subject.label)

    return Comparable(
        subject.formula,
        indicators.values(subject.formula),
        partial(indicators.figure, subject.formula) if as_it_is else make,
        lambda lang: label_of(subject, indicators, lang),
        subject.unit or (indicators.unit_of(subject.formula) if subject.is_name else ""),
        partial(indicators.cells_behind, subject.formula),
        _descending(subject, indicators),
    )


def _changes(rule: Compares, subject: Subject, indicators: Indicators) -> Comparable:
    head = rule.change or ""
    base = measured(subject, indicators)
    how = changes.measured_in(base.unit, rule.change_in)
    before = indicators.values_before(head, subject.formula)
    values = {unit: changes.signed(value, before[unit], how) for unit, value in base.values.items()}

    label = Text(zh=f"{base.label('zh')}变化", en=f"change of {base.label('en')}")

    def make(unit: str) -> Figure:
        now = base.figure(unit)
        then = indicators.before(head, subject.formula, unit, decimals=subject.decimals, rounding=subject.rounding,
                                 unit=subject.unit)  # fmt: skip
        found = changes.changed(now, then, how, None, subject.formula).figure
        if found is None:
            return Figure(
                subject.formula, unit, None, "", "", "computed", cells=unique((*now.cells, *then.cells)), label=label
            )
        return found.called(label)

    @cache
    def all_cells() -> tuple[Cell, ...]:
        return unique(
            (*indicators.cells_behind(subject.formula), *indicators.compared(head).cells_behind(subject.formula))
        )

    unit = {"percent": "%", "points": changes.POINTS}.get(how) or (changes.POINTS if base.unit == "%" else base.unit)
    missing = bool(base.reporting) and all(value is None for value in before.values())
    return Comparable(subject.formula, values, make, base.label, unit, all_cells, base.descending, is_change=True,
                      other_missing=missing)  # fmt: skip


def _items(rule: Compares, indicators: Indicators) -> Comparable:
    figures = {name: optional(item.value, indicators, item.label) for name, item in rule.items.items()}
    first = next(iter(figures.values()))
    label = rule.label or Text(zh="")
    unit = next((figure.unit for figure in figures.values() if figure.unit), first.unit)
    values = {name: figure.value for name, figure in figures.items()}

    def cells() -> tuple[Cell, ...]:
        return unique(cell for figure in figures.values() for cell in figure.cells)

    return Comparable("items", values, figures.__getitem__, label.get, unit, cells, of_units=False)


def evaluated(value: Value, indicators: Indicators, scope: str = AREA, label: Text | None = None) -> Figure:
    """A declared number; what it is in words goes with it where its name does not say it."""
    return indicators.evaluate(
        value.formula, scope, decimals=value.decimals, rounding=value.rounding, unit=value.unit, label=label
    )


def optional(value: Value, indicators: Indicators, label: Text | None = None) -> Figure:
    """A declared number of the other side of a comparison; blank where this period does not declare its fact."""
    facts = [name.removeprefix("fact.") for name in Formula.parse(value.formula).names if name.startswith("fact.")]
    if any(fact not in indicators.received.facts for fact in facts):
        return Figure(value.formula, AREA, None, "", value.unit, "fact", label=label)
    return evaluated(value, indicators, AREA, label)


def label_of(subject: Subject, indicators: Indicators, lang: str) -> str:
    """What a subject is, in words."""
    return subject.label.get(lang) if subject.label else indicators.measure_name(subject.formula, lang)


def _descending(subject: Subject, indicators: Indicators) -> bool:
    if subject.is_name and bare(subject.formula) in indicators.measures:
        return indicators.descending(subject.formula)
    return subject.rank == "descending"
