"""A value of the whole area against a target: 满意率为97.2%，达到97%的目标."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar, Literal

from tongbao.basics.errors import DefinitionError
from tongbao.basics.rounding import DECIMALS, divide, minus, print_decimal, round_decimal
from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import Subject
from tongbao.definition.model import Expression, Text
from tongbao.definition.names import Place
from tongbao.figures.figure import AREA, Absent, Figure
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import not_made
from tongbao.figures.measured import require_exact
from tongbao.findings.bounds import printed_apart
from tongbao.findings.changes import POINTS, as_compared, left_out_of, of_same_units, require_one_scale
from tongbao.findings.kind import Kind
from tongbao.findings.outcome import Outcome, number
from tongbao.findings.subject import evaluated, label_text
from tongbao.reading.cell import unique

_WHOLE = Figure("100", AREA, Decimal(100), "100", "%", "parameter")
TARGET = {
    "missed": Text(
        zh="{{ measure }}为{{ value.full }}，距{{ target }}{{ unit }}的目标还差{{ distance.full }}",
        en="{{ measure }}: {{ value.full }}, {{ distance.full }} short of the target of {{ target.full }}",
    ),
    "met": Text(
        zh="{{ measure }}为{{ value.full }}，达到{{ target }}{{ unit }}的目标",
        en="{{ measure }}: {{ value.full }}, reaching the target of {{ target.full }}",
    ),
    "unreported": Text(
        zh="{{ measure }}尚无数据，无法与{{ target }}{{ unit }}的目标比较",
        en="there is no figure for the {{ measure }} yet to hold against the target of {{ target.full }}",
    ),
}
NO_TOTAL = Text(
    zh="{{ measure }}不作合计，无法与{{ target }}{{ unit }}的目标比较",
    en="no total is made of the {{ measure }} for {{ area_name }} to hold against the target of {{ target.full }}",
)
LIMIT = {
    "missed": Text(
        zh="{{ measure }}为{{ value.full }}，超过{{ target }}{{ unit }}的控制目标{{ distance.full }}",
        en="{{ measure }}: {{ value.full }}, {{ distance.full }} over the limit of {{ target.full }}",
    ),
    "met": Text(
        zh="{{ measure }}为{{ value.full }}，在{{ target }}{{ unit }}的控制目标以内",
        en="{{ measure }}: {{ value.full }}, within the limit of {{ target.full }}",
    ),
    "unreported": TARGET["unreported"],
}


class Target(Kind):
    """A value of the whole area against a target: ``missed`` or ``met``; ``limit: true`` for one not to be exceeded.

    Options:
        value: the figure, with a ``label`` if it is a formula or a fact.
        target: a number, a parameter, a fact or a formula.
        limit: whether the target is not to be exceeded.
    """

    own: ClassVar[frozenset[str]] = frozenset({"measure", "unit", "value", "target", "distance", "progress"})

    over_area = frozenset({"value", "target"})

    rule: Literal["target"]
    value: Subject
    target: Expression
    limit: bool = False

    def cases(self) -> tuple[str, ...]:
        """Whether the target is met, if there is a figure."""
        return ("missed", "met", "unreported", "no_total")

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every rule, with value and target."""
        yield from super().expressions()
        yield ("value",), self.value.formula
        yield ("target",), self.target

    def own_words(self) -> dict[str, Text]:
        """Words for a target to reach, or for a limit."""
        return (LIMIT if self.limit else TARGET) | {"no_total": NO_TOTAL}

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """A value against a target; a value exactly at it is met, for a limit, too."""
        target, _ = number(self.target, indicators)
        value = evaluated(self.value, indicators, AREA, self.value.label)
        alike: tuple[Absent, ...] = ()
        if value.value is not None:
            value, target, alike = _of_same_units((value, target), (self.value.formula, self.target), indicators)
        value = printed_apart(value, [target])
        target = target if target.unit else replace(target, unit=value.unit)  # a number or parameter has none
        outcome = Outcome(("unreported",), attention=frozenset({"missed"}))
        outcome.values |= {"value": value, "target": target}
        outcome.describe(label_text(self.value, indicators), value.unit)
        formulas = (self.value.formula, self.target)
        met, missed = ("<=", ">") if self.limit else (">=", "<")
        outcome.when = {
            "met": f"{formulas[0]} {met} {formulas[1]}",
            "missed": f"{formulas[0]} {missed} {formulas[1]}",
            "unreported": f"blank({formulas[0]})",
            "no_total": f"blank({formulas[0]})",
        }
        if value.value is None:
            if not_made(indicators, self.value.formula, of_area=True):
                outcome.cases = ("no_total",)
            return outcome
        require_one_scale(value.unit, target.unit)
        require_exact(value, target)
        outcome.left_out += left_out_of((value, target), alike)
        level = target.value or Decimal(0)
        is_met = value.value <= level if self.limit else value.value >= level
        outcome.cases = ("met",) if is_met else ("missed",)
        outcome.values["distance"] = _distance(value, target, formulas)
        outcome.values["progress"] = _progress(value, target, formulas)
        return outcome


def _of_same_units(
    sides: tuple[Figure, Figure], formulas: tuple[str, str], indicators: Indicators
) -> tuple[Figure, Figure, tuple[Absent, ...]]:
    """Value and target as they are held against each other, without the units that one of them lacks, and which.

    Raises:
        DefinitionError: no unit has both.
    """
    comparison = "({}) - ({})".format(*formulas)
    now, level, alike = of_same_units(indicators, sides, formulas, comparison)
    if not alike:
        return *sides, ()
    if now.value is None or level.value is None:
        raise DefinitionError("no unit has both a value and its target", expected="one unit, at least, that has both")
    (value, target), (own, level_of) = sides, formulas
    value, target = as_compared(indicators, value, own, level_of), as_compared(indicators, target, level_of, own)
    return value, target, alike


def _distance(value: Figure, target: Figure, formulas: tuple[str, str]) -> Figure:
    """How far value and target are apart, to the digits of the value."""
    sides = sorted(zip((value, target), formulas, strict=True), key=lambda side: side[0].value or 0, reverse=True)
    (high, larger), (low, smaller) = sides
    size = minus(high.value or Decimal(0), low.value or Decimal(0))
    decimals = max(value.decimals, target.decimals)
    while size and decimals < DECIMALS and not round_decimal(size, decimals):
        decimals += 1
    text = print_decimal(size, decimals)
    unit = POINTS if value.unit == "%" else value.unit
    calculation = f"{high.worked_out} − {low.worked_out} = {text}"
    cells = unique((*high.cells, *low.cells))
    return Figure("distance", AREA, size, text, unit, "computed", f"({larger}) - ({smaller})", calculation, cells)


def _progress(value: Figure, target: Figure, formulas: tuple[str, str]) -> Figure:
    """The value as a share of the target, with one decimal; blank for a value below zero or a target not above it.

    −5 would be 166.7% of −3, and is further from it.
    """
    done = divide(value.value or Decimal(0), target.value or Decimal(0))
    if (value.value or 0) < 0 or (target.value or 0) < 0:
        done = None
    formula, cells = f"({formulas[0]}) / ({formulas[1]}) * 100", unique((*value.cells, *target.cells))
    if done is None:
        return Figure("progress", AREA, None, "", "%", "computed", formula, cells=cells)
    text = print_decimal(done * 100, 1)
    calculation = f"{value.worked_out} ÷ {target.worked_out} × 100 = {text}"
    progress = Figure("progress", AREA, done * 100, text, "%", "computed", formula, calculation, cells)
    return printed_apart(progress, [_WHOLE])
