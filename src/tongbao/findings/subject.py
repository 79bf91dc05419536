"""What is compared: figures of one kind by unit or by item; and how declared numbers are evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from tongbao.basics.claim import Claim, Kind, Of
from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Number
from tongbao.definition.expressions import Subject, Value
from tongbao.definition.model import Text
from tongbao.definition.names import OTHER_PERIODS, bare, headed, split_head
from tongbao.figures.figure import AREA, Absent, Figure, NoBase
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import not_kept, not_made, outside
from tongbao.figures.lacking import HEADS, Lack, lacks_of
from tongbao.findings.select import reporting
from tongbao.reading.cell import Cell, unique


@dataclass(frozen=True)
class Comparable:
    """Figures of one kind, by unit or item.

    Arguments:
        of: what is compared, as a claim says it: a formula, or one for each item.
        name: the measure or formula.
        values: by id, in official order; ``None`` where there is none to compare.
        make: makes the figure behind each; ``figure`` keeps it.
        label: what they are, in words.
        unit: the unit of measurement of the figures named.
        descending: whether the largest is first.
        of_units: units, not items.
        is_change: the values are changes with their sign; their figures are sizes.
        all_cells: every cell behind the values.
        other_missing: the other period that lacks, so that nothing can be compared (``last_year``); else empty.
        no_base: of units whose change is no figure because the other period's is zero or negative.
        outside: the units that the table behind them is not about.
        undefined: the units that reported, but whose figure cannot be computed: 0 of 0, a change without a base, the
            figure of another period that is part of it.
        incomparable: whether there are figures, in other units than in the other period.
        lacks_then: of those that lack another period's figure alone, the head of that period.
        not_summed: there is none, although something was reported: in a period that is summed no rate is.
    """

    of: Of
    name: str
    values: Mapping[str, Number | None]
    make: Callable[[str], Figure]
    label: Callable[[str], str]
    unit: str
    all_cells: Callable[[], tuple[Cell, ...]]
    descending: bool = True
    of_units: bool = True
    is_change: bool = False
    other_missing: str = ""
    no_base: Mapping[str, NoBase] = field(default_factory=dict)
    outside: frozenset[str] = frozenset()
    undefined: frozenset[str] = frozenset()
    not_summed: bool = False
    incomparable: bool = False
    lacks_then: Mapping[str, Lack] = field(default_factory=dict)
    _made: dict[str, Figure] = field(default_factory=dict, init=False)

    def figure(self, name: str) -> Figure:
        """The figure behind a value."""
        figure = self._made.get(name)
        if figure is None:
            figure = self._made[name] = self.make(name)
        return figure

    @cached_property
    def reporting(self) -> Mapping[str, Number]:
        """What can be compared; a blank takes no part."""
        return reporting(self.values)

    def lacking(self) -> list[str]:
        """What has no figure to compare: not reported, or undefined."""
        return [name for name, value in self.values.items() if value is None and name not in self.outside]

    @property
    def formula(self) -> str:
        """What is compared as one formula; of items it is only what they are called."""
        return self.of if isinstance(self.of, str) else self.name

    def absents(self, units: Iterable[str]) -> list[Absent]:
        """Units without a figure to compare, as a statement leaves them out."""
        blank = {unit: self.figure(unit) for unit in units if self.values[unit] is None}
        return [
            Absent(unit, self.formula, figure.cells, base=self.no_base.get(unit), label=figure.label)
            for unit, figure in blank.items()
        ]

    @property
    def items(self) -> Mapping[str, str] | None:
        """The formula of each item; ``None`` for units."""
        return None if isinstance(self.of, str) else self.of

    def spelled(self, condition: str) -> str:
        """A condition on ``it`` as one on what is compared; of items it stays as it is.

        >>> spelled_out("it < 20 and blank(it)", "a - b")
        '(a - b) < 20 and blank((a - b))'
        """
        return condition if not isinstance(self.of, str) else spelled_out(condition, self.of)

    def rank_formula(self, *, descending: bool) -> str:
        """The rank of one among all, as a formula: the largest first, or the smallest."""
        return f"rank({self.spelled('it' if descending else '-it')})"

    def claim(self, kind: Kind, **says: Any) -> Claim:
        """A claim about these figures."""
        return Claim(kind, {"of": self.of, "compared": self.values, **says})

    def cells(self, names: Iterable[str]) -> tuple[Cell, ...]:
        """The cells behind some of the figures."""
        return unique(cell for name in names for cell in self.figure(name).cells)


def measured(subject: Subject, indicators: Indicators) -> Comparable:
    """A measure of every unit."""
    values = indicators.values(subject.formula)
    lacks = lacks_of(indicators, subject.formula)
    lacks_then = {unit: lack for unit, lack in lacks.items() if lack in HEADS}
    as_it_is = subject.is_name and subject.decimals is None and subject.label is None

    def make(unit: str) -> Figure:
        return evaluated(subject, indicators, unit, subject.label)

    return Comparable(
        subject.formula,
        subject.formula,
        values,
        partial(indicators.figure, subject.formula) if as_it_is else make,
        lambda lang: label_of(subject, indicators, lang),
        subject.unit or (indicators.unit_of(subject.formula) if subject.is_name else ""),
        partial(indicators.cells_behind, subject.formula),
        descending(subject, indicators),
        other_missing=_missing(subject.formula, indicators) or _all_missing(lacks, len(values)),
        outside=outside(indicators, subject.formula),
        undefined=frozenset(unit for unit, lack in lacks.items() if lack == "undefined" or lack in HEADS),
        not_summed=not any(value is not None for value in values.values())
        and not_made(indicators, subject.formula, of_area=False),
        lacks_then=lacks_then,
    )


def _missing(formula: str, indicators: Indicators, first: str = "") -> str:
    """The other period that a formula looks at, itself or by an indicator, if nothing was received of it."""
    if first and (not indicators.any_received or not_kept(indicators, [formula])):
        return first
    for name in sorted(Formula.parse(formula).names):
        head, rest = split_head(name)
        declared = indicators.series.indicators.get(rest)
        if head in OTHER_PERIODS:
            found = _missing(rest, indicators.compared(head), first or head)
        else:
            found = _missing(declared.formula, indicators, first) if declared and not head else ""
        if found:
            return found
    return ""


def _all_missing(lacks: Mapping[str, Lack], size: int) -> str:
    """The other period that has no figure of any unit, where all have one of this period."""
    heads = {*lacks.values()} - {"outside"}
    return next((head for head in HEADS if heads == {head} and len(lacks) == size), "")


def period_missing(formula: str, indicators: Indicators) -> str:
    """The other period for lack of whose figures a formula has one of no unit; empty where that is not why."""
    values = indicators.values(formula)
    if any(value is not None for value in values.values()):
        return ""
    heads = (split_head(name)[0] for name in Formula.parse(formula).names if not any_figure(indicators, name))
    missing = _missing(formula, indicators) or _all_missing(lacks_of(indicators, formula), len(values))
    return missing or next((head for head in heads if head in OTHER_PERIODS), "")


def fills_in(indicators: Indicators, formula: str) -> bool:
    """Whether a formula, itself or by an indicator, has a figure where one is blank: ``default(cases, 0)``."""
    declared = indicators.series.indicators
    behind = (declared[name] for name in map(bare, Formula.parse(formula).leaves) if name in declared)
    return "default(" in formula or any(fills_in(indicators, one.formula) for one in behind if not one.score)


def received_then(formula: str, head: str) -> str:
    """That a unit has a figure in another period, as a condition.

    A formula that makes one of nothing, ``default(cases, 0)``, does so of what was reported.

    >>> received_then("cases / visits", "previous"), received_then("default(cases, 0) - param.k", "previous")
    ('reported(previous.cases / previous.visits)', 'reported(previous.cases)')
    """
    if "default(" not in formula and "count(" not in formula:
        return f"reported({headed(formula, head)})"
    leaves = [leaf for leaf in Formula.parse(formula).leaves if not leaf.startswith("param.")]
    own = [leaf for leaf in leaves if set(OTHER_PERIODS).isdisjoint(leaf.split("."))] or leaves
    return " or ".join(f"reported({headed(leaf, head)})" for leaf in own)


def any_figure(indicators: Indicators, name: str) -> bool:
    """Whether a unit has a figure of that name."""
    return any(value is not None for value in indicators.values(name).values())


def evaluated(value: Value, indicators: Indicators, scope: str = AREA, label: Text | None = None) -> Figure:
    """A declared number; what it is in words goes with it where its name does not say it."""
    return indicators.evaluate(
        value.formula, scope, decimals=value.decimals, rounding=value.rounding, unit=value.unit, label=label
    )


def evaluated_before(value: Value, indicators: Indicators, head: str, scope: str = AREA) -> Figure:
    """A declared number as it was in another period; blank where that did not report it."""
    return indicators.before(
        head, value.formula, scope, decimals=value.decimals, rounding=value.rounding, unit=value.unit
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


def label_text(subject: Subject, indicators: Indicators) -> Text:
    """What a subject is, in words of both languages."""
    return subject.label or Text(zh=label_of(subject, indicators, "zh"), en=label_of(subject, indicators, "en"))


def spelled_out(condition: str, formula: str) -> str:
    """A condition on ``it`` as one on a formula."""
    plain = Formula.parse(formula).is_name
    return re.sub(r"\bit\b", lambda _: formula if plain else f"({formula})", condition)


def descending(subject: Subject, indicators: Indicators) -> bool:
    """Whether the largest figure is first: as the rule says, else as the measure ranks."""
    own = "rank" in subject.model_fields_set
    if not own and subject.is_name and bare(subject.formula) in indicators.measures:
        return indicators.descending(subject.formula)
    return subject.rank == "descending"
