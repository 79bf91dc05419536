"""Figures that jumped."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from pydantic import Field

from tongbao.basics.rounding import times
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words
from tongbao.definition.model import Quantity, Text


class Change(Check):
    """A unit's figure has not grown or shrunk beyond a factor against an earlier period.

    Options:
        measure: the figure.
        factor: how many times as large or as small it may be; nothing is as little as less than one.
        against: the period before, or the same period last year.
    """

    check: Literal["change"]
    measure: str
    factor: Quantity = Field(gt=1)
    against: Literal["previous", "last_year"] = "previous"

    called = Text(zh="数据异常波动", en="unusual changes")
    measures = ("measure",)
    says = Text(
        zh="{unit}{measure}为{now}，{period}为{then}，变化超过{factor}倍，请核实。",
        en="{unit}: {measure} is {now}, after {then} in {period}: a change beyond a factor of {factor}.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units whose figure changed beyond the factor: also down to zero, from more than it; not up from zero."""
        figures, name, before = returns.indicators, self.measure, f"{self.against}.{self.measure}"
        low, high = f"{before} / {self.factor} <= {name}", f"{name} <= {before} * {self.factor}"
        for unit in figures.units:
            now, then = figures.figure(name, unit), figures.figure(before, unit)
            if (
                now.value is None
                or not then.value
                or (now.value == 0 and Fraction(then.value) <= Fraction(self.factor))
            ):
                continue
            if now.value <= times(then.value, self.factor) and then.value <= times(now.value, self.factor):
                continue
            words: Words = {
                "measure": returns.named(name),
                "now": now,
                "then": then,
                "factor": figures.evaluate(str(self.factor)),
                "period": returns.when(then.period),
            }
            some = f"({name} != 0 or {before} > {self.factor})"
            when = f"{before} != 0 and {some} and not ({low} and {high})"
            yield self.issue(returns, unit, (*now.cells, *then.cells), when, words)
