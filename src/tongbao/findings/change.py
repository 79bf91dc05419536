"""A value of the whole area against an earlier one: 罚款额为299.74万元，同比下降12.5%."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import ClassVar, Literal

from pydantic import Field

from tongbao.basics.formula import Formula
from tongbao.basics.language import unit_name
from tongbao.basics.rounding import Rounding
from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import Subject, Value
from tongbao.definition.model import Expression, Text
from tongbao.definition.names import Place, headed
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import has_own, not_made
from tongbao.findings.changes import Changed, Measure, as_compared, bounded, compared, left_out_of, measured_in
from tongbao.findings.kind import Kind, text
from tongbao.findings.other_periods import BASES, base_of, beside, compared_with
from tongbao.findings.outcome import NOTHING, Outcome, Phrase
from tongbao.findings.subject import evaluated, evaluated_before, label_text, optional, received_then

_STEPS = {
    "near": (Text(zh="近", en="nearly "), NOTHING),
    "exact": (NOTHING, NOTHING),
    "over": (Text(zh="", en="more than "), Text(zh="以上", en="")),
    "under": (Text(zh="不足", en="less than "), NOTHING),
}


_NOTHING_NAMED = Text(
    zh="{{ measure }}为{{ value.full }}，没有可比的数据",
    en="{{ measure }}: {{ value.full }}, with nothing to compare it with",
)


@cache
def change_words(*, bounded: bool) -> dict[str, Text]:
    """Words by direction; the change as it is, or in round steps."""
    size = "{{ bounded }}" if bounded else "{{ change.full }}"
    words = {
        "size": (size, size),
        "head": ("{{ measure }}为{{ value.full }}，{{ compared }}", "{{ measure }}: {{ value.full }}"),
        "beside": ("{{ measure }}为{{ value.full }}，{{ level }}", "{{ measure }}: {{ value.full }}"),
    }
    return {
        "rise": text("[head]上升[size]", "[head], up [size] {{ compared }}", **words),
        "fall": text("[head]下降[size]", "[head], down [size] {{ compared }}", **words),
        "flat": text("[beside]持平", "[head], unchanged {{ compared }}", **words),
        "about_flat": text("[beside]基本持平", "[head], nearly unchanged {{ compared }}", **words),
        "zero_base": text("[head]—（{{ base }}为零）", "[head], — {{ compared }} ({{ base }} was zero)", **words),
        "negative_base": text(
            "[head]—（{{ base }}为负）", "[head], — {{ compared }} ({{ base }} was negative)", **words
        ),
        "no_comparison": Text(
            zh="{{ measure }}为{{ value.full }}，无{{ base }}数据可比",
            en="{{ measure }}: {{ value.full }}, with no figure of {{ base }} to compare",
        ),
        "no_total": Text(zh="{{ measure }}不作合计", en="no total is made of the {{ measure }} for {{ area_name }}"),
        "unreported": Text(zh="尚无{{ measure }}数据", en="there is no figure for the {{ measure }} yet"),
    }


class Change(Kind):
    """A value of the whole area against ``last_year``, ``previous`` or an earlier figure that is declared.

    Options:
        value: the figure, with a ``label`` if it is a formula or a fact.
        against: ``last_year``, ``previous``, or a declared figure (``fact.x``).
        change_in: ``percent``, ``points`` or ``absolute``; by itself points for rates (%), percent for quantities.
        decimals: of the change; by itself 1 for percent and 2 for points.
        bounded: words the change in steps of this size: 30%以上, 近30%, 不足10%.
    """

    own: ClassVar[frozenset[str]] = frozenset(
        {"measure", "unit", "value", "before", "change", "difference", "bounded", "compared", "level", "base"}
    )

    over_area = frozenset({"value", "against"})

    rule: Literal["change"]
    value: Subject
    against: Expression
    change_in: Literal["percent", "points", "absolute"] | None = None
    decimals: int | None = Field(None, ge=0, le=8)
    bounded: int | None = Field(None, ge=1)

    def cases(self) -> tuple[str, ...]:
        """By direction, and why there may be none; ``about_flat`` is a change that rounds to nothing."""
        return (
            "rise",
            "fall",
            "flat",
            "about_flat",
            "zero_base",
            "negative_base",
            "no_comparison",
            "unreported",
            "no_total",
        )

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every rule, with both sides."""
        yield from super().expressions()
        yield ("value",), self.value.formula
        if self.against not in ("last_year", "previous"):
            yield ("against",), self.against

    @property
    def head(self) -> str:
        """The period compared with; empty for an earlier figure that is declared."""
        return self.against if self.against in BASES else ""

    def own_words(self) -> dict[str, Text]:
        """Words by direction, and why there may be none."""
        return change_words(bounded=self.bounded is not None)

    def words(self, indicators: Indicators) -> dict[str, Text]:
        """The same; where an earlier figure has no name, what lacks has none either."""
        has_name = self.head or self.against.removeprefix("fact.") in indicators.received.facts
        return self.own_words() | ({} if has_name else {"no_comparison": _NOTHING_NAMED})

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """A value against another period's, or against an earlier figure that is declared."""
        subject = self.value
        value = evaluated(subject, indicators, AREA, subject.label)
        formulas = (subject.formula, headed(subject.formula, self.head) if self.head else self.against)
        before = self._before(indicators)
        printed = (self.decimals, subject.rounding)
        found = compared(indicators, (value, before), self.change_in, printed, formulas)
        outcome = Outcome((found.case,), values={"value": value, "before": before})
        if value.value is not None and before.value is not None:
            outcome.left_out += left_out_of((value, before), found.without)
        if found.case == "unreported" and not_made(indicators, subject.formula, of_area=True):
            outcome.cases = ("no_total",)
        if found.case == "about_flat":
            outcome.cases = ("about_flat", "flat")
        outcome.describe(label_text(subject, indicators), value.unit)
        base = base_of(indicators, self.head) or _named(self.against, indicators)
        outcome.phrases["base"] = Phrase(base)
        against = compared_with(indicators, self.head) or Text(zh=f"较{base.zh}", en=f"on {base.get('en')}")
        outcome.phrases |= {"compared": Phrase(against), "level": Phrase(beside(against))}
        outcome.when = _conditions(formulas, found, measured_in(value.unit, self.change_in), subject.rounding)
        if self.head and not has_own(indicators.compared(self.head), subject.formula):
            outcome.when["no_comparison"] = f"count({received_then(subject.formula, self.head)}) == 0"
        if found.without and found.case != "no_comparison":
            outcome.values["before"] = lambda: as_compared(indicators, before, *reversed(formulas))
        if found.figure is not None:
            outcome.values["change"] = found.figure
            outcome.values["difference"] = lambda: (
                compared(indicators, (value, before), "absolute", (None, subject.rounding), formulas).figure or value
            )
            if self.bounded:
                outcome.phrases["bounded"] = _bounded(found.figure, self.bounded)
        return outcome

    def _before(self, indicators: Indicators) -> Figure:
        subject = self.value
        if self.head:
            return evaluated_before(subject, indicators, self.head)
        decimals = None if Formula.parse(self.against).is_name else subject.decimals or 2
        return optional(Value(formula=self.against, decimals=decimals, unit=subject.unit), indicators)


def _conditions(formulas: tuple[str, str], found: Changed, measure: Measure, rounding: Rounding) -> dict[str, str]:
    """What makes each case true: the sign of the change, unrounded, and whether it rounds to nothing."""
    now, before = formulas
    size = f"change({now}, {before})" if measure == "percent" else f"({now}) - ({before})"
    decimals = found.figure.decimals if found.figure is not None else 0
    of_same = f" and ({now}) * ({before}) == ({now}) * ({before})" if found.without else ""
    nothing = f"round({size}, {decimals}) == 0"
    if rounding == "truncate":
        step = Decimal(1).scaleb(-decimals)
        nothing = f"{size} > -{step} and {size} < {step}"
    return {
        "rise": f"{size} > 0",
        "fall": f"{size} < 0",
        "flat": nothing,
        "about_flat": f"{nothing} and {size} != 0",
        "zero_base": f"{before} == 0{of_same}",
        "negative_base": f"{before} < 0{of_same}",
        "no_comparison": f"count(reported(({now}) - ({before}))) == 0" if found.without else f"blank({before})",
        "unreported": f"blank({now})",
        "no_total": f"blank({now})",
    }


def _bounded(change: Figure, step: int) -> Phrase:
    """A change in round steps; the round number is backed by the change it stands for."""
    kind, edge = bounded(change.value or Decimal(0), step)
    before, after = _STEPS[kind]
    stepped = f"{'ceil' if kind in ('near', 'under') else 'floor'}({{}}, {step})"
    formula, sides = stepped.format(change.formula), (change.calculation or "").rpartition(" = ")[0]
    calculation = f"{stepped.format(sides)} = {edge}" if sides else None
    figure = replace(
        change, name=formula, formula=formula, value=Decimal(edge), text=str(edge), unit="", calculation=calculation
    )
    return Phrase(
        before, figure, "bounded", Text(zh=change.unit + after.zh, en=unit_name(change.unit, "en", figure.text))
    )


def _named(expression: str, indicators: Indicators) -> Text:
    """What an earlier figure is called: a fact's own name."""
    fact = indicators.received.facts.get(expression.removeprefix("fact."))
    if fact is not None:
        return Text(zh=fact.name.zh, en=fact.name.en or "the figure declared")
    return Text(zh="对比数", en="the figure declared")
