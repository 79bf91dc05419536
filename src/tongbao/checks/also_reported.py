"""Two tables that must both hold a unit's figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words
from tongbao.definition.model import Text
from tongbao.figures.kept import not_kept


class AlsoReported(Check):
    """A unit with a figure above zero in one table has figures in the other, too.

    Options:
        given: the measure that is above zero.
        expected: the measure that must then have a figure.
    """

    check: Literal["also_reported"]
    given: str
    expected: str

    called = Text(zh="表间不一致", en="tables that disagree")
    measures = ("given", "expected")
    says = Text(
        zh="{unit}{given}为{figure}{measured}，{expected}却为空白。",
        en="{unit}: {given} is {figure}, but {expected} is blank.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units with a figure in one table and none where it belongs as well."""
        names: Words = {"given": returns.named(self.given), "expected": returns.named(self.expected)}
        when = f"{self.given} != 0 and blank({self.expected})"
        for unit in returns.indicators.units if not not_kept(returns.indicators, [self.expected]) else ():
            given, expected = (returns.indicators.figure(measure, unit) for measure in (self.given, self.expected))
            if given.value and expected.value is None:
                words = {**names, "figure": given, "measured": given.unit}
                yield self.issue(returns, unit, (*expected.cells, *given.cells), when, words)
