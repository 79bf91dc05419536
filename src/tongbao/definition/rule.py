"""What every kind of rule has: its wording, further numbers, how names are written; and which cases it can come to.

The kinds stand in ``tongbao.findings``, one module each; ``tongbao.definition.kinds`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import model_validator

from tongbao.definition.expressions import Naming, Value
from tongbao.definition.model import Strict, Text
from tongbao.definition.names import OTHER_PERIODS, Place, Problem

if TYPE_CHECKING:
    from tongbao.definition.series import Series

COMMON = frozenset(
    {"period", "period_short", "to_date", "to_date_short", "issued", "statistics_date"}
    | {"fact", "area_name", "unit_kind", "source"}
)


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
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)
    """Options, for the JSON schema, that together bring about every case."""
    open_cases: ClassVar[bool] = False
    """Whether a series names cases of its own."""
    over_area: ClassVar[frozenset[str]] = frozenset()
    """The options whose figures are those of the whole area, whatever their heads."""

    wording: dict[str, Text] = {}
    values: dict[str, Value] = {}
    naming: Naming = Naming()

    @model_validator(mode="before")
    @classmethod
    def _single_wording(cls, data: object) -> object:
        wording = data.get("wording") if isinstance(data, dict) else None
        is_text = isinstance(wording, str) or (isinstance(wording, dict) and "zh" in wording)
        return {**data, "wording": {"default": wording}} if isinstance(data, dict) and is_text else data

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
        for index, figure in enumerate(self.naming.figures):
            yield ("naming", "figures", index), figure.formula

    def problems(self, series: Series) -> Iterator[Problem]:
        """What the rule names beside figures, but the series does not declare; changes of what is no number.

        Each with its place in the rule.
        """
        for index, figure in enumerate(self.naming.figures):
            if figure.change:
                yield from of_words(series, figure.formula, ("naming", "figures", index, "change"))


def of_words(series: Series, formula: str, place: Place) -> Iterator[Problem]:
    """The problem that a change is wanted of a column of words, whose numbers are only an order."""
    *heads, name = formula.strip().split(".")
    if name in series.columns and series.columns[name].words and set(heads) <= set(OTHER_PERIODS):
        problem = f"{name} is a column of words, of which no change can be printed: their numbers are only an order"
        instead = f"a list whose bound is last_year.{name} or previous.{name} says whose word is another"
        yield place, f"{problem}; {instead}"


def worded(rule: Rule, cases: tuple[str, ...], own: Mapping[str, Text]) -> tuple[str, Text]:
    """The wording of the first case that has one: the series' words before the project's."""
    for wordings in (rule.wording, own):
        for case in cases:
            if case in wordings:
                return case, wordings[case]
    raise KeyError(cases)
