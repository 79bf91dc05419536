"""Run a series' checks: those that always apply and those it declares."""

from __future__ import annotations

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
    return sorted(issues, key=lambda issue: LEVELS.index(issue.level))
