"""The highest and the lowest with their figures: 检查处罚率最高的是鹿城区，为40%，最低的是龙港市，为7.69%."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from tongbao.basics.rounding import Number, minus, print_decimal
from tongbao.checks.issue import QualityIssue
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import select
from tongbao.findings.bounds import amount_of
from tongbao.findings.compares import Compares
from tongbao.findings.lacking import WHO_HAS, WHO_LACKS
from tongbao.findings.outcome import Outcome
from tongbao.findings.subject import Comparable
from tongbao.findings.unheld import nothing_compared

RANGE = {
    "default": Text(
        zh="{{ measure }}最高的是{{ highest_units }}，为{{ highest }}，最低的是{{ lowest_units }}，为{{ lowest }}",
        en="{{ measure }}: highest {{ highest_units }} ({{ highest }}), lowest {{ lowest_units }} ({{ lowest }})",
    ),
    "one": Text(
        zh="{{ measure }}仅{{ highest_units }}有数据，为{{ highest }}",
        en="only {{ highest_units }} has a figure for {{ measure }}: {{ highest }}",
    ),
    "equal": Text(zh="各地{{ measure }}均为{{ highest }}", en="{{ measure }} is {{ highest }} everywhere"),
    "equal_reporting": Text(
        zh=f"{WHO_HAS[0]}{{{{ measure }}}}均为{{{{ highest }}}}{WHO_LACKS[0]}",
        en=f"{{{{ measure }}}} {WHO_HAS[1]}: {{{{ highest }}}}",
    ),
}

BEST_TO_WORST = Text(
    zh="{{ measure }}最好的是{{ lowest_units }}，为{{ lowest }}，最差的是{{ highest_units }}，为{{ highest }}",
    en="{{ measure }}: best {{ lowest_units }} ({{ lowest }}), worst {{ highest_units }} ({{ highest }})",
)
RANGE_OF_CHANGES = {
    "default": Text(
        zh="{{ measure }}{{ compared }}变化最高的是{{ highest_units }}，{{ highest }}，"
        "最低的是{{ lowest_units }}，{{ lowest }}",
        en="{{ measure }} {{ compared }}: highest {{ highest_units }}, {{ highest }}; "
        "lowest {{ lowest_units }}, {{ lowest }}",
    ),
    "one": Text(
        zh="仅{{ highest_units }}的{{ measure }}可{{ comparing }}，{{ highest }}",
        en="{{ measure }} {{ compared }} can be compared only for {{ highest_units }}: {{ highest }}",
    ),
    "equal": Text(
        zh="各地{{ measure }}{{ compared }}均{{ highest }}", en="{{ measure }} {{ compared }}: {{ highest }} everywhere"
    ),
    "equal_reporting": Text(
        zh="可比的{{ reporting }}个{{ unit_kind }}{{ measure }}{{ compared }}均{{ highest }}",
        en="{{ measure }} {{ compared }} of the {{ reporting }} {{ unit_kind }} that can be compared: {{ highest }}",
    ),
}


class Range(Compares):
    """The highest and the lowest with their figures; ``equal`` when all are the same, ``one`` when one reported."""

    own: ClassVar[frozenset[str]] = Compares.own | {"highest", "lowest", "highest_units", "lowest_units", "spread"}

    rule: Literal["range"]

    def cases(self) -> tuple[str, ...]:
        """By how many figures there are, and whether they differ."""
        return ("default", "one", "equal", "equal_reporting", *self.missing_cases())

    def said(self, indicators: Indicators) -> dict[str, Text]:
        """Words for figures, for their changes, or for words of which the smallest is the best."""
        words = RANGE_OF_CHANGES if self.change else RANGE
        return words | ({"default": BEST_TO_WORST} if self.has_qualities(indicators) else {})

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """The highest and the lowest with their figures."""
        subject = self.subject(indicators)
        values = subject.reporting
        outcome = self.begin(subject, values, "reported(it)", indicators)
        if not values:
            outcome.cases = nothing_compared(outcome, subject, (), indicators)
            return outcome
        high, low = max(values.values()), min(values.values())
        highest, lowest = select.where(values, lambda v: v == high), select.where(values, lambda v: v == low)
        outcome.lists |= {"highest_units": highest, "lowest_units": lowest}
        outcome.phrases |= {
            "highest": amount_of(subject, highest[0], "highest"),
            "lowest": amount_of(subject, lowest[0], "lowest"),
        }
        outcome.units = list(dict.fromkeys((*highest, *lowest)))
        outcome.values["spread"] = lambda: _spread(subject, minus(high, low), highest[0], lowest[0])
        outcome.claims += [
            subject.claim("members", that="it == highest(it)", units=tuple(highest)),
            subject.claim("members", that="it == lowest(it)", units=tuple(lowest)),
        ]
        outcome.when |= {
            "default": "count(reported(it)) > 0",
            "one": "count(reported(it)) == 1",
            "equal": "highest(it) == lowest(it) and count(reported(it)) == size",
            "equal_reporting": "highest(it) == lowest(it) and count(reported(it)) < size",
        }
        if len(values) == 1:
            outcome.cases = ("one", "default")
        elif high == low:
            outcome.cases = ("equal",) if len(values) == len(subject.values) else ("equal_reporting",)
        return outcome


def _spread(subject: Comparable, size: Number, highest: str, lowest: str) -> Figure:
    """How far the highest and the lowest are apart, to the digits of both."""
    ends = subject.figure(highest), subject.figure(lowest)
    text = print_decimal(size, max(end.decimals for end in ends))
    formula = f"highest({subject.spelled('it')}) - lowest({subject.spelled('it')})"
    calculation = f"{ends[0].text} − {ends[1].text} = {text}"
    return Figure(
        formula,
        AREA,
        size,
        text,
        subject.unit,
        "computed",
        formula,
        calculation,
        subject.all_cells(),
        items=subject.items,
    )
