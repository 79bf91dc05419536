"""What a rule found, before it is worded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tongbao.basics.claim import Claim
from tongbao.basics.errors import DefinitionError
from tongbao.basics.language import unit_name
from tongbao.basics.rounding import Number
from tongbao.definition.model import Text
from tongbao.definition.names import HEADS, OTHER_PERIODS
from tongbao.figures.figure import AREA, Absent, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings.other_periods import base_of, comparing
from tongbao.findings.subject import Comparable
from tongbao.reading.cell import Cell

NOTHING = Text(zh="", en="")


@dataclass
class Outcome:
    """What a rule found.

    Arguments:
        cases: what is true, the most telling first; the first that is worded is said.
        units: what the sentence names, in order; ids of units or items.
        lists: further lists that a wording may name: ``rest``, ``unreported`` ….
        values: numbers by name; those that cost something are made when a wording uses them.
        phrases: words by name, that need no figure or bring one with a unit: ``than_at``, ``measure``.
        subject: what is compared; ``None`` for rules over the area.
        compared: all units behind it.
        places: the rank of each unit that reported.
        descending: whether the largest has the first place.
        from_end: whether places count from the last one (倒数第一).
        attention: the cases in which something is missed or missing.
        kinds: kinds of fault with their count.
        claims: what is asserted of units, whichever words are chosen.
        when: the condition that makes each case true.
        bounds: what figures are held against, by the formula of those figures.
        left_out: the units that what was found leaves out, because a figure that decides is blank there.
        on_list: of these, those who are on the list for just that, so that they are not said to be left out.
        behind: figures behind the sentence that are not the subject's, by what follows ``.unit.`` or the name.
    """

    cases: tuple[str, ...]
    units: list[str] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Figure | Callable[[], Figure]] = field(default_factory=dict)
    phrases: dict[str, Phrase] = field(default_factory=dict)
    subject: Comparable | None = None
    compared: list[str] = field(default_factory=list)
    places: Mapping[str, int] = field(default_factory=dict)
    descending: bool = True
    from_end: bool = False
    attention: frozenset[str] = frozenset()
    kinds: list[tuple[Text, Figure]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    when: dict[str, str] = field(default_factory=dict)
    bounds: dict[str, list[Figure]] = field(default_factory=dict)
    left_out: list[Absent] = field(default_factory=list)
    on_list: frozenset[str] = frozenset()
    behind: Callable[[], dict[str, Figure]] | None = None

    def count(self, name: str, names: Collection[str], condition: str) -> None:
        """Count those that satisfy a condition on ``it``, should a wording name the number."""
        assert self.subject is not None  # noqa: S101  # only comparisons count
        formula = f"count({self.subject.spelled(condition)})"
        self.values[name] = count_of(names, formula, self.subject.all_cells, self.subject.items)

    def compare_nothing(self, indicators: Indicators, head: str, when: str) -> None:
        """Come to the case that another period has no figures to compare with; ``when`` says what makes it true."""
        self.cases = ("no_comparison",)
        self.when["no_comparison"] = when
        self.left_out.clear()
        self.phrases["base"] = Phrase(base_of(indicators, head) or NOTHING)
        self.phrases["comparing"] = Phrase(comparing(indicators, ""))

    @property
    def rank_formula(self) -> str:
        """The place of one among all that are compared."""
        return self.subject.rank_formula(descending=self.descending) if self.subject is not None else ""

    def describe(self, measure: Text, unit: str) -> None:
        """Name what the whole area's figure is, and its unit of measurement."""
        self.phrases["measure"] = Phrase(measure)
        self.phrases["unit"] = Phrase(Text(zh=unit, en=unit_name(unit, "en")))

    def value(self, name: str) -> Figure:
        """A number by name, made now if it was not."""
        value = self.values[name]
        if not isinstance(value, Figure):
            value = self.values[name] = value()
        return value


@dataclass(frozen=True)
class Phrase:
    """Words with a figure in them: ``before`` 上升, the figure with its unit, ``after`` 以上; or words alone."""

    before: Text
    figure: Figure | None = None
    key: str = ""
    after: Text = NOTHING
    unit: str = ""


def number(expression: str, indicators: Indicators) -> tuple[Figure, Number]:
    """An option of a rule: a number for the whole area.

    Raises:
        DefinitionError: it has none.
    """
    figure = indicators.evaluate(expression)
    if figure.value is None:
        raise DefinitionError("an option has no value", found=expression, expected="a number for the whole area")
    return figure, figure.value


def count_of(
    names: Collection[str],
    formula: str,
    cells: Callable[[], tuple[Cell, ...]],
    items: Mapping[str, str] | None = None,
) -> Callable[[], Figure]:
    """How many there are, as a figure: computed by a formula from all that was compared."""

    def make() -> Figure:
        count = Decimal(len(names))
        return Figure(formula, AREA, count, str(count), "个", "computed", formula, None, cells(), items=items)

    return make


def head_of(expression: str) -> str:
    """The other period that an expression looks at, if it is a name that does."""
    parts = expression.split(".")
    if {"last_year", "previous"} <= set(parts):  # which has no name
        return ""
    for part in parts:
        if part in OTHER_PERIODS:
            return part
        if part not in HEADS:
            break
    return ""
