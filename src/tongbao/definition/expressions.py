"""What rules are made of: a subject, bounds, conditions, and how names are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Rounding
from tongbao.definition.model import Expression, ShortForm, Strict, Text
from tongbao.definition.names import Place, headed

Against = Literal["last_year", "previous"]
Order = Literal["best", "worst", "descending", "ascending", "official"]
SIGNS = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "at": "=="}
BOUNDS = tuple(SIGNS)


class Value(Strict):
    """A number in a sentence: a name or formula, and how it is printed.

    Options:
        formula: a name (``fines``, ``fact.inspections``, ``last_year.fines``) or a formula.
        decimals: how many to print; a formula needs it, a name by itself prints its own.
        rounding: ``half-up``, or ``truncate`` for an issuer that cuts off.
        unit: the unit of measurement; a name by itself has its own.
    """

    # A formula needs decimals, so that only a name can stand alone.
    short_form = ShortForm(
        "formula", str | int | float, {"type": "string", "pattern": r"^\s*[^-+*/()\d\s][^-+*/()\s]*\s*$"}
    )

    formula: Expression
    decimals: int | None = Field(None, ge=0, le=8)
    rounding: Rounding = "half-up"
    unit: str = ""

    @model_validator(mode="after")
    def _a_computed_value_is_rounded(self) -> Value:
        if self.decimals is None and not self.is_name:
            raise ValueError("a computed value needs decimals, or it would print them all")
        return self

    @property
    def is_name(self) -> bool:
        """Whether it only names a figure."""
        return Formula.parse(self.formula).is_name


class Shown(Value):
    """A further figure of a unit, behind its name.

    Options:
        change: its change against ``last_year`` or ``previous`` in its place, to ``decimals``: 同比下降14.3%.
        change_in: ``percent``, ``points`` or ``absolute``; by itself points for rates (%), percent for quantities.
    """

    change: Against | None = None
    change_in: Literal["percent", "points", "absolute"] | None = None


class Naming(Strict):
    """How names are written in a list.

    Options:
        name: ``official`` or ``short``.
        last: the joiner before the last name.
        tail: follows the list: ``等地``, or ``N地``, which counts (两地).
        value: each name with its figure: 龙湾区（92.86%）; ``change`` puts its sign into words: 龙湾区（下降2.0%）.
        figures: each name with further figures of its unit: 龙湾区（12起，同比下降14.3%）.
        rise, fall: what a change up or down is called, in place of 上升 and 下降.
        show: at most so many names, then 等8个县（市、区）.
        places: each name with its place, ties together: A第一，B、C并列第二.
    """

    name: Literal["official", "short"] = "official"
    last: Literal["和", "、"] = "和"
    tail: Literal["", "等地", "N地"] = ""
    value: bool | Literal["change"] = False
    figures: tuple[Shown, ...] = ()
    rise: Text | None = None
    fall: Text | None = None
    show: int | None = Field(None, ge=1)
    places: bool = False

    @model_validator(mode="after")
    def _one_ending(self) -> Naming:
        if sum((bool(self.tail), self.show is not None, self.places)) > 1:
            raise ValueError("tail, show and places exclude one another: a list ends in one way")
        return self


class Subject(Value):
    """What a sentence is about.

    Options:
        label: names it in words; a formula or a fact needs it.
        rank: which end is first; by itself as the measure ranks, and of a formula the largest.
    """

    label: Text | None = None
    rank: Literal["descending", "ascending"] = "descending"

    @model_validator(mode="after")
    def _has_a_name_in_words(self) -> Subject:
        if self.label is None and (not self.is_name or self.formula.startswith("fact.")):
            raise ValueError("a label is needed: the sentence has to name this figure")
        return self


class Item(Strict):
    """One of several named numbers: a peer city, an industry, a kind of case.

    Options:
        label: its name in the sentence.
        value: its figure.
    """

    label: Text
    value: Value


class Bounds(Strict):
    """A filter: bounds that a figure must keep, all of them.

    A bound is a number, parameter, fact or formula; ``area.x`` is the whole area's own figure, ``mean.x`` the units'
    mean, and a measure (``last_year.x``) the unit's own.

    Options:
        below, at_most, above, at_least, at: what the figure must be.
    """

    below: Expression | None = None
    at_most: Expression | None = None
    above: Expression | None = None
    at_least: Expression | None = None
    at: Expression | None = None

    @model_validator(mode="after")
    def _bounds_fit(self) -> Bounds:
        declared = set(self.bounds())
        if (
            declared >= {"below", "at_most"}
            or declared >= {"above", "at_least"}
            or ("at" in declared and len(declared) > 1)
        ):
            raise ValueError("at most one lower and one upper bound, or at alone")
        return self

    def bounds(self) -> dict[str, str]:
        """The bounds declared, by name."""
        return {name: value for name in BOUNDS if (value := getattr(self, name)) is not None}

    def that(self, of: str = "it", *, head: str = "") -> str:
        """The bounds as a condition on ``of``: ``it < param.below_rate``; empty without bounds.

        ``head`` takes them from another period.
        """
        bounds = {name: headed(value, head) if head else value for name, value in self.bounds().items()}
        return " and ".join(f"{of} {SIGNS[name]} {value}" for name, value in bounds.items())

    def bound_expressions(self, place: Place = ()) -> Iterator[tuple[Place, str]]:
        """Every bound with its place."""
        for name, value in self.bounds().items():
            yield (*place, name), value


class Condition(Bounds):
    """A figure that must keep bounds.

    Options:
        value: the figure: a name or a formula.
    """

    model_config = ConfigDict(json_schema_extra={"allOf": [{"anyOf": [{"required": [name]} for name in BOUNDS]}]})

    value: Expression

    @model_validator(mode="after")
    def _has_a_bound(self) -> Condition:
        if not self.bounds():
            raise ValueError(f"a condition needs a bound: {', '.join(BOUNDS)}")
        return self

    def expressions(self, place: Place) -> Iterator[tuple[Place, str]]:
        """Every expression with its place."""
        yield (*place, "value"), self.value
        yield from self.bound_expressions(place)
