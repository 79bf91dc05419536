"""A judgement that follows from figures: 执法力度明显不足."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import Condition
from tongbao.definition.model import Text
from tongbao.definition.names import Place
from tongbao.figures.figure import AREA, Absent, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings.bounds import bounds_of, is_of_each, keeps_bounds, limits_of
from tongbao.findings.changes import left_out_of, of_same_units
from tongbao.findings.kind import Kind
from tongbao.findings.outcome import Outcome


class Judge(Kind):
    """A judgement that follows from figures: the first case of ``when`` whose conditions all hold, else ``otherwise``.

    ``unknown`` when a figure that decides is blank.

    Options:
        when: the conditions of each case, by name.
    """

    own: ClassVar[frozenset[str]] = frozenset()
    variants = ({"when": {}},)
    open_cases = True

    over_area = frozenset({"when"})

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

    def own_words(self) -> dict[str, Text]:
        """Only for figures that are missing: the judgement is the series' own."""
        return {"unknown": Text(zh="有关数据不全，暂不作判断", en="figures are missing; no judgement is made")}

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """The first case whose conditions all hold; unknown as soon as a figure that decides is blank."""
        behind: dict[str, Figure] = {}
        outcome = Outcome(("otherwise",), behind=lambda: behind)
        failed: list[str] = []
        for case, conditions in self.when.items():
            held = [_holds(condition, indicators, behind, outcome) for condition in conditions]
            that = " and ".join(condition.that(condition.value) for condition in conditions)
            if None in held and False not in held:
                unknown = [condition for condition, known in zip(conditions, held, strict=True) if known is None]
                outcome.when["unknown"] = " or ".join(
                    one for condition in unknown for one in _unknown(condition, indicators)
                )
                outcome.cases = ("unknown",)
                return outcome
            if all(held):
                outcome.when[case] = " and ".join([*failed, that])
                outcome.cases = (case,)
                return outcome
            failed.append(f"not ({that})")
        outcome.when["otherwise"] = " and ".join(failed)
        return outcome


def _unknown(condition: Condition, indicators: Indicators) -> Iterator[str]:
    """Why it is not known whether a condition holds: one of its sides is blank, or no unit has both."""
    value, bounds = condition.value, condition.bounds().values()
    if any(indicators.evaluate(side).value is None for side in (value, *bounds)):
        yield from (f"blank({side})" for side in (value, *bounds))
    else:
        yield from (f"count(reported(({value}) - ({bound}))) == 0" for bound in bounds if is_of_each(condition))


def _holds(condition: Condition, indicators: Indicators, behind: dict[str, Figure], outcome: Outcome) -> bool | None:
    """Whether a condition holds for the whole area; ``None`` where a side is blank.

    Totals are held against each other as they are compared: without the units that one of them lacks.
    """
    own = condition.value
    value = indicators.evaluate(own)
    limits = limits_of(condition, indicators, value.unit, area=True)
    outcome.bounds.setdefault(own, []).extend(bounds_of(limits))
    sides = {own: value} | {limit.expression: limit.figure for limit in limits.values() if limit.figure}
    behind |= {expression: figure for expression, figure in sides.items() if figure.cells}
    alike: list[Absent] = []
    held: list[bool | None] = []
    for relation, limit in limits.items():
        if limit.figure is None or value.value is None or limit.figure.value is None:
            held.append(None)
            continue
        formulas = (own, limit.expression)
        comparison = "({}) - ({})".format(*formulas)
        now, level, without = of_same_units(indicators, (value, limit.figure), formulas, comparison)
        alike += without
        blank = now.value is None or level.value is None
        held.append(None if blank else keeps_bounds(AREA, now.value, {relation: replace(limit, figure=level)}))
    outcome.left_out += left_out_of((value, *bounds_of(limits)), alike)
    return None if None in held else all(held)
