"""Run a series' checks: those that always apply and those it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.checks import logic, reported
from tongbao.checks.feasible import feasible_rate
from tongbao.checks.issue import LEVELS, QualityIssue
from tongbao.definition.checks_tmp import (
    STANDARD,
    AlsoReported,
    AnyCheck,
    BlankReturns,
    Change,
    Complete,
    Dates,
    FeasibleRate,
    Holds,
    Reported,
    Totals,
)
from tongbao.figures.indicators import Indicators
from tongbao.reading.prose import Header

Earlier = Callable[[Period], Indicators]


def check(indicators: Indicators, header: Header, period: Period, earlier: Earlier) -> list[QualityIssue]:
    """All issues of a period, the most serious first, otherwise in declared order.

    Arguments:
        indicators: the period's figures.
        header: its dates.
        period: what it covers.
        earlier: another period's figures; all blank where there are none.
    """
    declared = indicators.series.checks
    kinds = {rule.check for rule in declared.values()}
    rules = {rule.check: rule for rule in STANDARD if rule.check not in kinds} | declared
    issues = [issue for name, rule in rules.items() for issue in _run(name, rule, indicators, header, period, earlier)]
    issues += [
        QualityIssue(doubt.rule, doubt.level, doubt.source, doubt.unit, (), doubt.message, doubt.cells, doubt.source)
        for doubt in indicators.received.doubts
    ]
    return sorted(issues, key=lambda issue: LEVELS.index(issue.level))


def _run(
    name: str, rule: AnyCheck, indicators: Indicators, header: Header, period: Period, earlier: Earlier
) -> Iterator[QualityIssue]:
    match rule:
        case Reported():
            yield from reported.reported(rule, indicators)
        case Totals():
            yield from reported.totals(rule, indicators)
        case BlankReturns():
            yield from reported.blank_returns(rule, indicators)
        case Complete():
            yield from logic.complete(rule, indicators)
        case Dates():
            yield from logic.dates(rule, header, period)
        case Holds():
            yield from logic.holds(name, rule, indicators)
        case AlsoReported():
            yield from logic.also_reported(name, rule, indicators)
        case FeasibleRate():
            yield from feasible_rate(name, rule, indicators)
        case Change():
            before = _before(rule, period)
            if before is not None:
                yield from logic.change(name, rule, indicators, earlier(before), before)


def _before(rule: Change, period: Period) -> Period | None:
    """The period that a change is measured against; ``None`` where none as long ends before this one inside a year."""
    if rule.against == "last_year":
        return period.same_period_last_year()
    try:
        return period.previous()
    except UsageError:
        return None
