"""Run a series' checks: those that always apply and those it declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

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

    What disagrees with other figures received says most, then what looks mistyped; a change follows from either. What
    is left out goes with the issue that it follows from.
    """
    told, following, repeated = dict[int, QualityIssue](), dict[int, list[QualityIssue]](), set[int]()
    for kind, by_one in (("reported", False), ("plausible", False), ("change", True)):
        found = [issue for issue in issues if issue.kind == kind]
        for issue in found:
            known = [told.get(id(cell)) for cell in issue.cells]
            graver = [one for one in known if one and LEVELS.index(one.level) <= LEVELS.index(issue.level)]
            if graver and (by_one or len(graver) == len(known)):
                repeated.add(id(issue))
                following.setdefault(id(graver[0]), []).extend((issue, *issue.follow))
        for issue in (issue for issue in found if issue.level != "note"):
            for cell in issue.cells[:1] if kind == "reported" else issue.cells:
                before = told.setdefault(id(cell), issue)
                if LEVELS.index(issue.level) < LEVELS.index(before.level):
                    told[id(cell)] = issue
    for issue in issues:
        if id(issue) not in repeated:
            yield replace(issue, follow=(*issue.follow, *following.get(id(issue), ())))
