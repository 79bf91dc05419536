"""How a list has changed since another period: fewer, more, the same, others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tongbao.basics.formula import Formula
from tongbao.definition.expressions import SIGNS
from tongbao.definition.model import Text
from tongbao.definition.names import OTHER_PERIODS, bare, headed, split_head
from tongbao.figures.indicators import Indicators
from tongbao.findings.bounds import Limit, bounds_of, held_to, is_of_area, limit, than
from tongbao.findings.lacking import of_blank
from tongbao.findings.outcome import Outcome, Phrase, count_of, head_of
from tongbao.findings.subject import received_then
from tongbao.reading.cell import Cell

if TYPE_CHECKING:
    from tongbao.findings.listing import Listing

BOTH_PERIODS = ("cleared", "shrunk", "grown", "unchanged", "changed")
TREND_CASES = (*BOTH_PERIODS, "no_earlier")


def tell_trend(listing: Listing, head: str) -> None:
    """Add to what a list finds how it differs from that of another period.

    A number, a parameter or a fact bounds both; a measure, and its figure or mean over the area, is each period's.
    """
    rule, limits, outcome = listing.rule, listing.limits, listing.outcome
    other = listing.indicators.compared(head)
    subject = rule.subject(other)
    follows = {name for name, bound in limits.items() if bound.of_each is not None or is_of_area(bound)}
    own = {name: held_to(limit(limits[name].expression, other, subject.unit), subject.reporting) for name in follows}
    before = replace(listing, indicators=other, subject=subject, limits={**limits, **own})
    earlier = None
    if before.is_known:
        earlier = before.matched
        if rule.blank:  # those without a figure were on the list
            outcome.phrases["no_figure"] = of_blank(listing.subject, subject)
        without = before.without()  # of what only those lack who are on the list for it, nobody is left out
        lacked = {one.of for one in without if one.unit not in before.blank_on_list}
        absents = subject.absents([] if rule.blank else subject.lacking())
        absents += [one for one in without if one.of in lacked]
        absents += [absent for bound in bounds_of(own) for absent in bound.without]
        outcome.left_out += [one if one.period else one._replace(period=other.period) for one in absents]
    assert isinstance(subject.of, str)  # noqa: S101  # since goes with a measure
    then = headed(subject.of, head)
    bounds = " and ".join(
        f"{then} {SIGNS[name]} {headed(bound.expression, head) if name in follows else bound.expression}"
        for name, bound in limits.items()
    )
    if rule.blank:
        bounds = f"(blank({then}) or {bounds})" if bounds else f"blank({then})"
    bounds = bounds or f"reported({then})"
    others = [condition.that(headed(condition.value, head), head=head) for condition in rule.where]
    that = " and ".join(filter(None, [bounds, *others]))
    further = [*(limits[name].expression for name in limits if name in follows), *listing.further]
    told = [received_then(subject.of, head), *(f"reported({headed(one, head)})" for one in further)]
    had = " and ".join(f"({one})" if " or " in one and len(told) > 1 else one for one in told)
    compare_lists(outcome, listing.matched, earlier, subject.all_cells, (listing.that, that, had))
    if said_case(rule.wording, outcome.cases) in BOTH_PERIODS:
        for name in follows:
            outcome.phrases[f"than_{name}"] = of_each_period(limits[name], listing.indicators, subject.name)


def looks_elsewhere(indicators: Indicators, formulas: Iterable[str]) -> bool:
    """Whether formulas look at another period, themselves or by an indicator."""
    declared = indicators.series.indicators
    return any(
        not set(OTHER_PERIODS).isdisjoint(name.split("."))
        or (bare(name) in declared and looks_elsewhere(indicators, [declared[bare(name)].formula]))
        for formula in formulas
        for name in Formula.parse(formula).leaves
    )


def said_case(worded: Collection[str], cases: tuple[str, ...]) -> str:
    """Which of the cases that are true is said: the first that the series words, else the first of all."""
    return next((case for case in cases if case in worded), cases[0])


def of_each_period(bound: Limit, indicators: Indicators, measure: str) -> Phrase:
    """A bound that each period has of its own, in words without its number: what was below it then was below another.

    各地平均数, 全市水平, 各地平均检查数; 当期标准 of a formula, which has no name.
    """
    name = bound.expression if Formula.parse(bound.expression).is_name else ""
    head, area = split_head(name)[0], indicators.series.area
    if bound.figure is None:  # which is said without a number anyway
        return than(bound, indicators, "")
    if head not in ("area", "mean"):
        return Phrase(Text(zh="当期标准", en="each period's own standard"))
    if bare(name) != bare(measure) or head_of(name):
        return Phrase(Text(zh=indicators.measure_name(name), en=indicators.measure_name(name, "en")))
    if head == "mean":
        return Phrase(Text(zh="各地平均数", en="the mean"))
    return Phrase(Text(zh=f"{area.zh}水平", en=f"{area.get('en')}'s level"))


def compare_lists(
    outcome: Outcome,
    matched: list[str],
    before: list[str] | None,
    cells: Callable[[], tuple[Cell, ...]],
    conditions: tuple[str, str, str],
) -> None:
    """Add to an outcome how a list differs from an earlier one.

    Arguments:
        outcome: takes cases, lists, claims and the earlier count.
        matched: who is on it now.
        before: who was; ``None`` where that is not known.
        cells: what the earlier count was made from.
        conditions: what puts a unit on the list now, what did then, and that it had a figure then.
    """
    now_that, then_that, had = conditions
    now_count, then_count = f"count({now_that})", f"count({then_that})"
    same = f"count({now_that} and {then_that}) == {now_count}"
    outcome.when |= {
        "no_earlier": f"count({had}) == 0 and {now_count} > 0",
        "cleared": f"{now_count} == 0 and {then_count} > 0",
        "shrunk": f"{now_count} < {then_count}",
        "grown": f"{now_count} > {then_count}",
        "unchanged": f"{now_count} == {then_count} and {same}",
        "changed": f"{now_count} == {then_count} and not ({same})",
    }
    if before is None:
        if matched:
            outcome.cases = ("no_earlier", *outcome.cases)
        return
    outcome.values["before_count"] = count_of(before, then_count, cells)
    now, then = set(matched), set(before)
    outcome.lists["gone"] = [name for name in before if name not in now]
    outcome.lists["joined"] = [name for name in matched if name not in then]
    if not matched:
        if before and outcome.cases[0] == "none":
            outcome.cases = ("cleared", *outcome.cases)
        return
    if len(matched) == len(before):
        case = "unchanged" if now == then else "changed"
    else:
        case = "shrunk" if len(matched) < len(before) else "grown"
    outcome.cases = (case, *outcome.cases)
