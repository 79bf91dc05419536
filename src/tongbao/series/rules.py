"""The kinds of statement a series can declare, with their options.

A rule picks units (a filter, an order, how many) and computes values; its wording turns them into a
sentence. ``tongbao.findings`` evaluates what is declared here.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from tongbao.formula import Formula
from tongbao.rounding import Rounding
from tongbao.series.base import Expression, Strict, Text

UNREPORTED = "unreported"
INCOMPLETE = "incomplete"
OWN_WORDINGS = {
    UNREPORTED: Text(zh="各地均未报送{{ measure }}", en="no unit reported the {{ measure }}"),
    INCOMPLETE: Text(
        zh="{{ measure }}尚未全部报送，已报送的单位均不为零",
        en="not every unit reported the {{ measure }}; none of those that did reported zero",
    ),
}
RESERVED = frozenset({"units", "count", "period", "period_short", "fact", "measure"})


class Naming(Strict):
    """How unit names are written in a list.

    ``last`` is the joiner before the last name; ``tail`` follows the list (``等地``; ``N地`` counts: 两地).
    """

    name: Literal["official", "short"] = "official"
    last: Literal["和", "、"] = "和"
    tail: Literal["", "等地", "N地"] = ""


class Value(Strict):
    """A number in a sentence: a name or formula over the whole area, and how it is printed."""

    formula: Expression
    decimals: int | None = Field(None, ge=0, le=8)
    rounding: Rounding = "half-up"
    unit: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: object) -> object:
        return {"formula": data} if isinstance(data, str | int | float) else data

    @model_validator(mode="after")
    def _a_computed_value_is_rounded(self) -> Value:
        if self.decimals is None and not Formula.parse(self.formula).is_name:
            raise ValueError("a computed value needs decimals, or it would print them all")
        return self


class Rule(Strict):
    """What all rules have.

    Options:
        wording: the sentence, a template over the rule's values; one per case, ``default`` first. Rules that
            compare units also have the cases ``unreported``, when no unit has a figure, and ``incomplete``, when
            too few have one to tell; they are worded by themselves unless the series does.
        naming: how units are named.
        values: further numbers for the wording.
    """

    cases: ClassVar[tuple[str, ...]] = ("default",)
    compares_units: ClassVar[bool] = True

    wording: dict[str, Text]
    naming: Naming = Naming()
    values: dict[str, Value] = {}

    @model_validator(mode="before")
    @classmethod
    def _single_wording(cls, data: object) -> object:
        if isinstance(data, dict) and (isinstance(data.get("wording"), str) or _is_text(data.get("wording"))):
            return {**data, "wording": {"default": data["wording"]}}
        return data

    @model_validator(mode="after")
    def _every_case_worded(self) -> Rule:
        known = (*self.cases, *OWN_WORDINGS) if self.compares_units else self.cases
        for case in self.wording:
            if case not in known:
                raise ValueError(f"wording for {case!r}, but this rule knows only {', '.join(known)}")
        taken = RESERVED & set(self.values)
        if taken:
            raise ValueError(f"the name {', '.join(sorted(taken))} is taken; call the value something else")
        missing = [case for case in self.cases if case not in self.wording]
        if missing:
            raise ValueError(f"no wording for the case {', '.join(missing)}: the figures can make it true")
        return self

    def formulas(self) -> list[str]:
        """Every expression the rule evaluates, to check its names."""
        found = [value.formula for value in self.values.values()]
        for name in ("n", "threshold", "value", "target"):
            option = getattr(self, name, None)
            if isinstance(option, str):
                found.append(option)
        return found

    def worded(self, case: str) -> Text:
        """The wording of a case."""
        return self.wording[case] if case in self.wording else OWN_WORDINGS[case]

    def measures(self) -> list[str]:
        """The measures compared unit by unit."""
        measure = getattr(self, "measure", None)
        return [measure] if isinstance(measure, str) else []


def _is_text(data: object) -> bool:
    return isinstance(data, dict) and "zh" in data


class State(Rule):
    """Figures of the whole area, stated: 全市共检查企业248家次."""

    rule: Literal["state"]
    compares_units: ClassVar[bool] = False


class Top(Rule):
    """The first N units, in order; ties extend the list unless ``ties: cut``."""

    rule: Literal["top"]
    measure: str
    n: Expression
    ties: Literal["extend", "cut"] = "extend"


class Bottom(Rule):
    """The last N units, last first; case ``all_below`` when every one of them is below the area's own figure."""

    rule: Literal["bottom"]
    measure: str
    n: Expression
    ties: Literal["extend", "cut"] = "extend"
    cases: ClassVar[tuple[str, ...]] = ("all_below", "default")


class Below(Rule):
    """Units that miss a threshold, the lowest first; ``none`` when all reach it."""

    rule: Literal["below"]
    measure: str
    threshold: Expression
    order: Literal["ascending", "official"] = "ascending"
    cases: ClassVar[tuple[str, ...]] = ("default", "none")


class AllAt(Rule):
    """Whether every reporting unit reaches ``value``; ``some_not`` lists those that do not."""

    rule: Literal["all_at"]
    measure: str
    value: Expression
    cases: ClassVar[tuple[str, ...]] = ("default", "some_not")


class Zero(Rule):
    """Units that reported zero, in official order; a blank is not a zero."""

    rule: Literal["zero"]
    measure: str
    cases: ClassVar[tuple[str, ...]] = ("default", "none")


class AgainstTarget(Rule):
    """A value of the whole area held against a target: ``missed`` or ``met``."""

    rule: Literal["against_target"]
    value: Value
    target: Expression
    cases: ClassVar[tuple[str, ...]] = ("missed", "met")
    compares_units: ClassVar[bool] = False

    def formulas(self) -> list[str]:
        """Every expression the rule evaluates, to check its names."""
        return [*super().formulas(), self.value.formula]


class Blank(Rule):
    """Units that left every item of a table blank, in official order: nothing was reported (零上报)."""

    rule: Literal["blank"]
    table: str
    compares_units: ClassVar[bool] = False
    cases: ClassVar[tuple[str, ...]] = ("default", "none")


AnyRule = Annotated[
    State | Top | Bottom | Below | AllAt | Zero | AgainstTarget | Blank,
    Field(discriminator="rule"),
]
