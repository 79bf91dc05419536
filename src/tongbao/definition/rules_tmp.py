"""The kinds of statement a series can declare, with their options.

A rule says what a sentence is about, which units it takes in, in what order and how many, what it is compared with and
how names are written. The figures decide which case is true; each case has a wording of the series' own or the one of
``tongbao.definition.wordings_tmp``. ``tongbao.findings`` evaluates what is declared here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from tongbao.definition.expressions import Against, Bounds, Condition, Item, Naming, Order, Place, Subject, Value
from tongbao.definition.model import Expression, Strict, Text, one_of

COMMON = frozenset(
    {"period", "period_short", "fact", "area_name", "unit_kind", "issued", "statistics_date", "source"}
)  # fmt: skip
_SUBJECTS: dict[str, dict[str, Any]] = {"measure": {"not": {"type": "null"}}, "items": {"minProperties": 1}}
TREND_CASES = ("cleared", "shrunk", "grown", "unchanged", "changed", "no_earlier")


class Rule(Strict):
    """What all rules have.

    Options:
        rule: the kind of statement.
        wording: the sentence, a template; one, or one per case. A case without one takes ``default``'s where the
            same words are true of it, else the project's own.
        values: further numbers for the wording.
        naming: how names are written.
    """

    own: ClassVar[frozenset[str]] = frozenset()
    """Names that the kind brings for its wording."""
    worded_by_series: ClassVar[bool] = False
    """Whether the project has no words of its own for the kind."""

    wording: dict[str, Text] = {}
    values: dict[str, Value] = {}
    naming: Naming = Naming()

    @model_validator(mode="before")
    @classmethod
    def _single_wording(cls, data: object) -> object:
        if isinstance(data, dict) and (isinstance(data.get("wording"), str) or _is_text(data.get("wording"))):
            return {**data, "wording": {"default": data["wording"]}}
        return data

    @model_validator(mode="after")
    def _cases_are_known(self) -> Rule:
        known = self.cases()
        for case in self.wording:
            if case not in known:
                raise ValueError(f"wording for {case!r}, but this rule knows only {', '.join(known)}")
        taken = (self.own | COMMON) & set(self.values)
        if taken:
            raise ValueError(f"the name {', '.join(sorted(taken))} is taken; call the value something else")
        missing = [case for case in self.needed() if case not in self.wording]
        if missing:
            raise ValueError(f"no wording for the case {', '.join(missing)}: the figures can make it true")
        return self

    def cases(self) -> tuple[str, ...]:
        """The cases that the figures can make true, given the options."""
        return ("default",)

    def needed(self) -> tuple[str, ...]:
        """The cases that only the series can word."""
        return ("default",) if self.worded_by_series else ()

    def known(self) -> frozenset[str]:
        """Every name a wording may use."""
        return self.own | COMMON | set(self.values)

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """Every expression the rule evaluates, with its place in the rule."""
        for name, value in self.values.items():
            yield ("values", name), value.formula


def _is_text(data: object) -> bool:
    return isinstance(data, dict) and "zh" in data


class State(Rule):
    """Figures of the whole area, stated: 全市共检查企业248家次; ``missing`` when one of them is blank."""

    rule: Literal["state"]
    worded_by_series: ClassVar[bool] = True

    def cases(self) -> tuple[str, ...]:
        """``missing`` has to be worded, or a blank figure stops the build."""
        return ("default", "missing")


class Compares(Rule):
    """A rule over several figures of one kind: a measure of every unit, its change, or declared items.

    Options:
        measure: a measure, or a formula with ``decimals`` and ``label``.
        change: the change of the measure against ``last_year`` or ``previous`` instead of the measure itself.
        change_in: ``percent``, ``points`` or ``absolute``; by itself points for rates (%), percent for quantities.
        items: named numbers of the whole area (peers, industries, kinds) instead of units, with a ``label`` for all.
        label: what all the items are, in words.
    """

    model_config = ConfigDict(json_schema_extra=one_of(**_SUBJECTS))
    own: ClassVar[frozenset[str]] = frozenset(
        {"measure", "unit", "unreported", "reporting", "size", "compared", "base"}
    )

    measure: Subject | None = None
    change: Against | None = None
    change_in: Literal["percent", "points", "absolute"] | None = None
    items: dict[str, Item] = {}
    label: Text | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Compares:
        self.check_subject((self.measure is not None) + bool(self.items))
        if self.items and self.label is None:
            raise ValueError("items need a label: the sentence has to name what they are")
        if self.change and self.measure is None:
            raise ValueError("a change needs a measure")
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

    def missing_cases(self) -> tuple[str, ...]:
        """The cases in which there is nothing to compare."""
        return ("unreported", "no_comparison")


class List(Compares, Bounds):
    """Units (or items) that keep some bounds, in order, all or the first N.

    Options:
        below, at_most, above, at_least, at: bounds of the figure; none takes in every unit with a figure.
        blank: units without a figure (with bounds: those, too).
        table: instead of a measure: units that left all items of the table blank.
        where: further conditions on other figures of the unit.
        order: ``best`` or ``worst`` first (as the measure ranks), ``descending``, ``ascending``, ``official``.
        take: how many at most; a tie at the end extends the list unless ``ties: cut``.
        ties: ``extend`` takes in everyone tied at the end, ``cut`` does not.
        also: bounds which, kept by every unit named, make the case ``also``.
        since: tells how the list has changed since ``last_year`` or ``previous``.
        focus: a unit or item whose place among all is told.
    """

    model_config = ConfigDict(json_schema_extra=one_of(**_SUBJECTS, table={"type": "string"}))
    own: ClassVar[frozenset[str]] = Compares.own | {
        "units", "count", "n", "rest", "rest_count", "total", "some", "threshold", "lower", "upper",
        "than_below", "than_at_most", "than_above", "than_at_least", "than_at", "also", "table",
        "before_count", "gone", "joined", "focus", "focus_value", "place", "tied_with",
    }  # fmt: skip

    rule: Literal["list"]
    table: str | None = None
    blank: bool = False
    where: tuple[Condition, ...] = ()
    order: Order | None = None
    take: Expression | None = None
    ties: Literal["extend", "cut"] = "extend"
    also: Bounds | None = None
    since: Against | None = None
    focus: str | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> List:
        if self.take is not None and self.order == "official":
            raise ValueError("take needs an order by the figure, or the first of them say nothing")
        if self.table and (self.bounds() or self.where or self.take or self.order):
            raise ValueError("a table's blank rows have no figure to order or to bound")
        if self.focus and (self.filtered or self.take or self.naming.show):
            raise ValueError("the place of one among all needs the list of all: no bounds, take or show")
        if self.since and not self.filtered:
            raise ValueError("since tells how a filtered list changed; this one takes in every unit")
        if self.since and (self.change or self.items or self.take):
            raise ValueError("since goes with a measure or table, without change, items or take")
        if self.items and (self.blank or self.where):
            raise ValueError("items have no blank rows and no other figures to look at")
        return self

    def check_subject(self, count: int) -> None:
        """A table's blank rows are a subject, too.

        Raises:
            ValueError: there is no subject, or more than one.
        """
        if count + (self.table is not None) != 1:
            raise ValueError("one of measure, items and table is needed, and only one")

    @property
    def filtered(self) -> bool:
        """Whether some units may be left out."""
        return bool(self.bounds() or self.where or self.blank or self.table)

    @property
    def direction(self) -> Order:
        """The order, by itself what the options suggest."""
        if self.order is not None:
            return self.order
        bounds = set(self.bounds())
        if not bounds or bounds == {"at"}:
            return "official" if self.filtered and self.take is None else "best"
        return "ascending" if bounds <= {"below", "at_most"} else "descending"

    def cases(self) -> tuple[str, ...]:
        """Those of a filtered list, of a ranking or of one unit's place."""
        if self.focus:
            return ("default", "tied", "focus_unreported", *self.missing_cases())
        found: tuple[str, ...] = ("default", "one")
        found += ("none", "incomplete", "all", "all_reporting", "all_but_one") if self.filtered else ("partial",)
        found += ("also",) if self.also else ()
        return (*found, *(TREND_CASES if self.since else ()), *self.missing_cases())

    def needed(self) -> tuple[str, ...]:
        """Conditions on other figures have no words but the series'."""
        return ("default", "none") if self.where else ()

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every comparison, with bounds, conditions and how many."""
        yield from super().expressions()
        yield from self.bound_expressions()
        for index, condition in enumerate(self.where):
            yield from condition.expressions(("where", index))
        if self.also is not None:
            yield from self.also.bound_expressions(("also",))
        if self.take is not None:
            yield ("take",), self.take


class Range(Compares):
    """The highest and the lowest with their figures; ``equal`` when all are the same, ``one`` when one reported."""

    own: ClassVar[frozenset[str]] = Compares.own | {"highest", "lowest", "highest_units", "lowest_units", "spread"}

    rule: Literal["range"]

    def cases(self) -> tuple[str, ...]:
        """By how many figures there are, and whether they differ."""
        return ("default", "one", "equal", "equal_reporting", *self.missing_cases())


class Split(Compares):
    """Every unit on one side of a figure: above, below or level with it, counted and named.

    Options:
        at: the dividing figure.
    """

    own: ClassVar[frozenset[str]] = Compares.own | {
        "than_at", "above_units", "above_count", "below_units", "below_count", "level_units", "level_count",
    }  # fmt: skip

    rule: Literal["split"]
    at: Expression

    def cases(self) -> tuple[str, ...]:
        """By which sides there are units on."""
        return ("default", "some_level", "all_above", "all_below", "all_level", *self.missing_cases())

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every comparison, and the dividing figure."""
        yield from super().expressions()
        yield ("at",), self.at


class Target(Rule):
    """A value of the whole area against a target: ``missed`` or ``met``; ``limit: true`` for one not to be exceeded.

    Options:
        value: the figure, with a ``label`` if it is a formula or a fact.
        target: a number, a parameter, a fact or a formula.
        limit: whether the target is not to be exceeded.
    """

    own: ClassVar[frozenset[str]] = frozenset({"measure", "unit", "value", "target", "distance", "progress"})

    rule: Literal["target"]
    value: Subject
    target: Expression
    limit: bool = False

    def cases(self) -> tuple[str, ...]:
        """Whether the target is met, if there is a figure."""
        return ("missed", "met", "unreported")

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every rule, with value and target."""
        yield from super().expressions()
        yield ("value",), self.value.formula
        yield ("target",), self.target


class Change(Rule):
    """A value of the whole area against ``last_year``, ``previous`` or an earlier figure that is declared.

    Options:
        value: the figure, with a ``label`` if it is a formula or a fact.
        against: ``last_year``, ``previous``, or a declared figure (``fact.x``).
        change_in: ``percent``, ``points`` or ``absolute``; by itself points for rates (%), percent for quantities.
        decimals: of the change; by itself 1 for percent and 2 for points.
        bounded: words the change in steps of this size: 30%以上, 近30%, 不足10%.
    """

    own: ClassVar[frozenset[str]] = frozenset(
        {"measure", "unit", "value", "before", "change", "difference", "bounded", "compared", "base"}
    )

    rule: Literal["change"]
    value: Subject
    against: Expression
    change_in: Literal["percent", "points", "absolute"] | None = None
    decimals: int | None = Field(None, ge=0, le=8)
    bounded: int | None = Field(None, ge=1)

    def cases(self) -> tuple[str, ...]:
        """By direction, and why there may be none; ``about_flat`` is a change that rounds to nothing."""
        return ("rise", "fall", "flat", "about_flat", "zero_base", "no_comparison", "unreported")

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every rule, with both sides."""
        yield from super().expressions()
        yield ("value",), self.value.formula
        if self.against not in ("last_year", "previous"):
            yield ("against",), self.against


class Judge(Rule):
    """A judgement that follows from figures: the first case of ``when`` whose conditions all hold, else ``otherwise``.

    ``unknown`` when a figure that decides is blank.

    Options:
        when: the conditions of each case, by name.
    """

    own: ClassVar[frozenset[str]] = frozenset()

    rule: Literal["judge"]
    when: dict[str, tuple[Condition, ...]] = Field(min_length=1)

    def cases(self) -> tuple[str, ...]:
        """Those declared, and two more."""
        return (*self.when, "otherwise", "unknown")

    def needed(self) -> tuple[str, ...]:
        """Only the series knows its judgement."""
        return (*self.when, "otherwise")

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every rule, with the conditions."""
        yield from super().expressions()
        for case, conditions in self.when.items():
            for index, condition in enumerate(conditions):
                yield from condition.expressions(("when", case, index))


class Faults(Rule):
    """What the checks found in the returns: missing items, logic errors, differing totals; counted by kind.

    Options:
        checks: limits them to some kinds of check (``complete``, ``holds``, ``records`` …) or declared checks.
    """

    own: ClassVar[frozenset[str]] = frozenset({"count", "kinds", "units", "unit_count", "some"})

    rule: Literal["faults"]
    checks: tuple[str, ...] = ()

    def cases(self) -> tuple[str, ...]:
        """Whether anything was found."""
        return ("default", "none")


AnyRule = Annotated[
    State | List | Range | Split | Target | Change | Judge | Faults,
    Field(discriminator="rule"),
]


def worded(rule: Rule, cases: tuple[str, ...], own: Mapping[str, Text]) -> tuple[str, Text]:
    """The wording of the first case that has one: the series' words before the project's."""
    for wordings in (rule.wording, own):
        for case in cases:
            if case in wordings:
                return case, wordings[case]
    raise KeyError(cases)
