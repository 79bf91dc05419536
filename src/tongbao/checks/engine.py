"""Run a series' checks: those that always apply and those it declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tongbao.basics.period import Period
from tongbao.checks.issue import LEVELS, QualityIssue
from tongbao.checks.kind import Returns
from tongbao.definition import kinds
from tongbao.figures.indicators import Indicators
from tongbao.reading.prose import Header


def check(indicators: Indicators, header: Header, period: Period) -> list[QualityIssue]:
    """All issues of a period, the most serious first, otherwise those of standard checks, then in declared order.

    Arguments:
        indicators: the period's figures, and through them those of other periods.
        header: its dates.
        period: what it covers.
    """
    declared = indicators.series.checks
    given = {check.check for check in declared.values()}
    standard = {name: kind(check=name) for name, kind in kinds.checks().items() if kind.standard and name not in given}
    applied = (standard | declared).items()
    issues = [issue for name, check in applied for issue in check.find(Returns(name, indicators, header, period))]
    return sorted(_once(issues), key=lambda issue: LEVELS.index(issue.level))


def _once(issues: Sequence[QualityIssue]) -> Iterator[QualityIssue]:
    """The issues without those whose cell is told already by one that says more of it, unless they are graver.

    What disagrees with other figures received says most, then what looks mistyped; a change follows from either.
    """
    told, repeated = dict[int, int](), set[int]()
    for kind, follows in (("reported", all), ("plausible", all), ("change", any)):
        found = [issue for issue in issues if issue.kind == kind]
        for issue in found:
            level = LEVELS.index(issue.level)
            if follows(told.get(id(cell), len(LEVELS)) <= level for cell in issue.cells):
                repeated.add(id(issue))
        for issue in (issue for issue in found if issue.level != "note"):
            mended = issue.cells[:1] if kind == "reported" else issue.cells
            told |= {id(cell): min(told.get(id(cell), len(LEVELS)), LEVELS.index(issue.level)) for cell in mended}
    return (issue for issue in issues if id(issue) not in repeated)
