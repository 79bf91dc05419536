"""What rules over several figures share: a measure of every unit, its change, or declared items."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Number
from tongbao.definition.expressions import Against, Item, Subject
from tongbao.definition.model import Text, one_of
from tongbao.definition.names import Place, Problem, bare, headed, of_unit
from tongbao.definition.rule import of_words
from tongbao.definition.series import Series
from tongbao.figures.figure import Figure, NoBase
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import has_own
from tongbao.figures.measured import require_exact
from tongbao.findings import changes
from tongbao.findings.bounds import is_of_unit
from tongbao.findings.items import of_filled, of_items
from tongbao.findings.kind import Kind, text
from tongbao.findings.other_periods import base_of, beside, compared_with, comparing
from tongbao.findings.outcome import NOTHING, Outcome, Phrase, count_of, head_of
from tongbao.findings.subject import (
    Comparable,
    evaluated,
    evaluated_before,
    fills_in,
    measured,
    optional,
    received_then,
)
from tongbao.reading.cell import Cell, unique

SUBJECTS: dict[str, dict[str, Any]] = {"measure": {"not": {"type": "null"}}, "items": {"minProperties": 1}}
MISSING = {
    "unreported": text(  # a table of some asks not all of them
        "[who]{% if uncomputed %}{{ measure }}均无数据{% else %}均未报送{{ measure }}{% endif %}",
        "[who] {% if uncomputed %}has a figure for{% else %}reported{% endif %} the {{ measure }}",
        who=(
            "{% if asked.text == size.text %}各地{% else %}应报送的{{ asked }}个{{ unit_kind }}{% endif %}",
            "{% if asked.text == size.text %}no unit{% else %}none of the {{ asked }} {{ unit_kind }} asked{% endif %}",
        ),
    ),
    "no_total": Text(
        zh="{{ measure }}没有合计数，无从比较",
        en="there is no total of the {{ measure }}, so that there is nothing to compare",
    ),
    "no_bound": Text(
        zh="没有可比的{{ lacking }}，{{ measure }}无从比较",
        en="the {{ measure }} cannot be compared with {{ lacking }}",
    ),
    "no_comparison": Text(
        zh="无{{ base }}数据，{{ measure }}不{{ comparing }}",
        en="there are no figures of {{ base }} to compare the {{ measure }} with",
    ),
    "no_base": Text(
        zh="各地{{ measure }}均不可{{ comparing }}",
        en="the {{ measure }} cannot be compared {{ compared }} in any unit",
    ),
}


class Compares(Kind):
    """A rule over several figures of one kind: a measure of every unit, its change, or declared items.

    Options:
        measure: a measure, or a formula with ``decimals`` and ``label``.
        change: the change of the measure against ``last_year`` or ``previous`` instead of the measure itself.
        change_in: ``percent``, ``points`` or ``absolute``; by itself points for rates (%), percent for quantities.
        change_decimals: of the change; by itself 1 for percent and 2 for points.
        items: named numbers of the whole area (peers, industries, kinds) instead of units, with a ``label`` for all.
        label: what all the items are, in words.
    """

    model_config = ConfigDict(json_schema_extra=one_of(**SUBJECTS))
    own: ClassVar[frozenset[str]] = frozenset(
        (
            *("measure", "unit", "unreported", "uncomputed", "reporting", "size"),
            *("compared", "level", "comparing", "base", "lacking"),
        )
    )

    measure: Subject | None = None
    change: Against | None = None
    change_in: Literal["percent", "points", "absolute"] | None = None
    change_decimals: int | None = Field(None, ge=0, le=8)
    items: dict[str, Item] = {}
    label: Text | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Compares:
        self.check_subject((self.measure is not None) + bool(self.items))
        if self.items and self.label is None:
            raise ValueError("items need a label: the sentence has to name what they are")
        if self.change and self.measure is None:
            raise ValueError("a change needs a measure")
        if self.items and self.naming.figures:
            raise ValueError("items have no further figures to name")
        return self

    def check_subject(self, count: int) -> None:
        """There is exactly one thing to compare.

        Raises:
            ValueError: there is none, or more than one.
        """
        if count != 1:
            raise ValueError("one of measure and items is needed, and only one")

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every rule, and the subject's."""
        yield from super().expressions()
        if self.measure is not None:
            yield ("measure",), self.measure.formula
        for name, item in self.items.items():
            yield ("items", name, "value"), item.value.formula

    def problems(self, series: Series) -> Iterator[Problem]:
        """As for every rule; a measure that is no figure of the units, a change of no number, items held to units."""
        yield from super().problems(series)
        if self.change and self.measure is not None:
            yield from of_words(series, self.measure.formula, ("change",))
        operands = Formula.parse(self.measure.formula).leaves if self.measure is not None else ()
        if operands and self.measure is not None and not any(map(of_unit, operands)):
            yield ("measure",), f"{self.measure.formula} is not a figure that each unit has"
        for option, bound in self.held_against().items() if self.items else ():
            for name in sorted(Formula.parse(bound).names):
                if is_of_unit(name):
                    yield (option,), f"{name} is a figure of each unit, and items are held to one: area.{name}"

    @abstractmethod
    def said(self, indicators: Indicators) -> dict[str, Text]:
        """The project's words for units, where there is something to compare."""

    def words(self, indicators: Indicators) -> dict[str, Text]:
        """The project's words, for units or for items."""
        words = self.said(indicators) | MISSING
        if self.items:
            return of_items(words)
        return of_filled(words) if self.measure and fills_in(indicators, self.measure.formula) else words

    def has_qualities(self, indicators: Indicators) -> bool:
        """Whether the words of a column are compared, the smallest number being the best: they are no amounts."""
        name = bare(self.measure.formula) if self.measure is not None else ""
        return self.change is None and indicators.is_of_words(name) and not indicators.descending(name)

    @property
    def head(self) -> str:
        """The period that the rule compares with; empty where it does not."""
        return self.change or ""

    def missing_cases(self) -> tuple[str, ...]:
        """The cases in which there is nothing to compare."""
        return ("unreported", "no_comparison", "no_total", "no_bound", *(("no_base",) if self.change else ()))

    def subject(self, indicators: Indicators) -> Comparable:
        """What is compared, with its figures."""
        if self.items:
            return _items(self, indicators)
        if self.measure is None:
            raise DefinitionError("nothing to compare", expected="a measure or items")
        return _changes(self, self.measure, indicators) if self.change else measured(self.measure, indicators)

    def held_against(self) -> Mapping[str, str]:
        """What the figures are held against, by option."""
        return {}

    def begin(
        self, subject: Comparable, compared: Mapping[str, Number], reported: str, indicators: Indicators
    ) -> Outcome:
        """An outcome with what every comparison may name: how many reported, who did not, what it is compared with.

        Arguments:
            subject: what is compared.
            compared: what has a figure, and something to hold it against.
            reported: the same as a condition on ``it``.
            indicators: whose figures they are.
        """
        outcome = Outcome(("default",), subject=subject, compared=list(compared))
        lacking = [name for name in subject.values if name not in compared and name not in subject.outside]
        outcome.lists["unreported"] = [name for name in lacking if name not in subject.undefined]
        outcome.lists["uncomputed"] = [name for name in lacking if name in subject.undefined]
        if (compared or subject.no_base) and subject.of_units:
            outcome.left_out += subject.absents(lacking)
        outcome.count("reporting", compared, reported)
        outcome.values["size"] = count_of(subject.values, "size", subject.all_cells, subject.items)
        asked = [name for name in subject.values if name not in subject.outside]
        outcome.count("asked", asked, "reported(it) or blank(it)")
        outcome.phrases["alone"] = Phrase(Text(zh="仅", en="only") if len(compared) == 1 else NOTHING)
        head = subject.other_missing or self.head or head_of(subject.name)
        outcome.phrases["base"] = Phrase(base_of(indicators, head) or NOTHING)
        outcome.phrases["comparing"] = Phrase(comparing(indicators, self.head))
        against = compared_with(indicators, self.head) or NOTHING
        outcome.phrases |= {"compared": Phrase(against), "level": Phrase(beside(against))}
        outcome.when |= {
            "unreported": f"count({reported}) == 0",
            "no_comparison": f"count({reported}) == 0",
            "no_base": f"count({reported}) == 0",
            "no_total": f"count({reported}) == 0",
            "no_bound": f"count({reported}) == 0",
        }
        if self.change and self.measure and not has_own(indicators.compared(self.change), self.measure.formula):
            outcome.when["no_comparison"] = f"count({received_then(self.measure.formula, self.change)}) == 0"
        return outcome


def _changes(rule: Compares, subject: Subject, indicators: Indicators) -> Comparable:
    head = rule.change or ""
    base = measured(subject, indicators)
    how = changes.measured_in(base.unit, rule.change_in)
    changes.require_no_percent(indicators, head, how)
    before = indicators.values_before(head, subject.formula)
    values = {unit: changes.signed(value, before[unit], how) for unit, value in base.values.items()}
    label = Text(zh=f"{base.label('zh')}变化", en=f"change of {base.label('en')}")
    formulas = (subject.formula, headed(subject.formula, head))
    of = f"change({', '.join(formulas)})" if how == "percent" else f"({formulas[0]}) - ({formulas[1]})"

    def make(unit: str) -> Figure:
        found = changes.unit_change(subject, indicators, unit, head, (how, rule.change_decimals)).figure
        if found is None:
            now, then = evaluated(subject, indicators, unit), evaluated_before(subject, indicators, head, unit)
            cells = unique((*now.cells, *then.cells))
            return Figure(subject.formula, unit, None, "", "", "computed", of, cells=cells, label=label)
        return found.called(label)

    @cache
    def all_cells() -> tuple[Cell, ...]:
        own, other = indicators.cells_behind(subject.formula), indicators.compared(head).cells_behind(subject.formula)
        return unique((*own, *other))

    return Comparable(
        of,
        subject.formula,
        values,
        make,
        base.label,
        "%" if how == "percent" else changes.POINTS if base.unit == "%" else base.unit,
        all_cells,
        base.descending,
        is_change=True,
        no_base={
            unit: NoBase(head, "negative" if then < 0 else "zero")
            for unit, then in before.items()
            if then is not None and then <= 0 and values[unit] is None and base.values[unit] is not None
        },
        outside=base.outside,
        undefined=base.undefined | {unit for unit in base.reporting if values[unit] is None},
        not_summed=base.not_summed,
        incomparable=bool(base.reporting) and all(value is None for value in values.values()),
        other_missing=base.other_missing
        or (head if base.reporting and all(value is None for value in before.values()) else ""),
    )


def _items(rule: Compares, indicators: Indicators) -> Comparable:
    figures = {name: optional(item.value, indicators, item.label) for name, item in rule.items.items()}
    first = next(iter(figures.values()))
    label = rule.label or Text(zh="")
    changes.require_one_kind(*(figure.unit for figure in figures.values()))
    require_exact(*figures.values())

    def cells() -> tuple[Cell, ...]:
        return unique(cell for figure in figures.values() for cell in figure.cells)

    return Comparable(
        {name: item.value.formula for name, item in rule.items.items()},
        "items",
        {name: figure.value for name, figure in figures.items()},
        figures.__getitem__,
        label.get,
        next((figure.unit for figure in figures.values() if figure.unit), first.unit),
        cells,
        of_units=False,
    )
