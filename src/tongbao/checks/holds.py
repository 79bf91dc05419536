"""Relations between figures of one unit."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Literal

from tongbao.basics.marks import proof
from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns, Word, Words, in_words
from tongbao.definition.model import Expression, Text
from tongbao.figures.figure import Figure
from tongbao.figures.in_words import formula_in_words

# What is the case where a relation does not hold: as a condition, and in words.
_BROKEN = {
    "<=": (">", operator.gt, Text(zh="大于", en="is greater than")),
    ">=": ("<", operator.lt, Text(zh="小于", en="is less than")),
    "==": ("!=", operator.ne, Text(zh="不等于", en="differs from")),
}


class Holds(Check):
    """A relation inside each unit: part ≤ whole, collected ≤ fined. A blank side is no breach.

    Options:
        left, right: a measure or a formula.
        relation: what must hold between them.
        message: said where it does not; the project has words of its own.
    """

    check: Literal["holds"]
    left: Expression
    relation: Literal["<=", ">=", "=="]
    right: Expression
    level: Level = "error"
    message: Text | None = None

    called = Text(zh="逻辑错误", en="logic errors")
    formulas = ("left", "right")
    says = Text(
        zh="{unit}的{left}（{a}{a_unit}）{broken}{right}（{b}{b_unit}）{why}。",
        en="{unit}: {left} ({a}) {broken} {right} ({b}){why}.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units in which the relation does not hold."""
        condition, is_broken, broken = _BROKEN[self.relation]
        for unit in returns.indicators.units:
            left, right = (returns.indicators.evaluate(side, unit) for side in (self.left, self.right))
            if left.value is None or right.value is None or not is_broken(left.value, right.value):
                continue
            words: Words = {
                "left": _called(self.left, left, returns),
                "a": left,
                "a_unit": left.unit,
                "right": _called(self.right, right, returns),
                "b": right,
                "b_unit": right.unit,
                "broken": broken,
                "why": Text(zh=f"：{self.message.zh}", en=f": {self.message.get('en')}") if self.message else "",
            }
            when = f"{self.left} {condition} {self.right}"
            yield self.issue(returns, unit, (*left.cells, *right.cells), when, words)


def _called(side: str, figure: Figure, returns: Returns) -> Word:
    """A side in words: a measure's name, a number, or a formula of such names."""
    if side in returns.series.measures:
        return returns.named(side)
    if side == figure.text:
        return figure
    return in_words(lambda lang: proof(f"formula {figure.key}", formula_in_words(returns.indicators, lang, side)))
