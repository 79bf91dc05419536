"""How a list has changed since another period: fewer, more, the same, others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tongbao.definition.expressions import SIGNS
from tongbao.definition.names import headed
from tongbao.figures.indicators import Indicators
from tongbao.findings.bounds import Limit, comparable_with, limit
from tongbao.findings.outcome import Outcome, count_of
from tongbao.reading.cell import Cell

if TYPE_CHECKING:
    from tongbao.findings.list import List

TREND_CASES = ("cleared", "shrunk", "grown", "unchanged", "changed", "no_earlier")


def find_trend(  # noqa: PLR0917  # what a list has found so far
    rule: List,
    head: str,
    outcome: Outcome,
    matched: list[str],
    limits: Mapping[str, Limit],
    that: str,
    indicators: Indicators,
    matching: Callable[..., list[str]],
) -> None:
    """Add to a filtered list how it differs from another period's. The bounds are this period's for both.

    Arguments:
        rule: the list's declaration.
        head: the other period, ``last_year`` or ``previous``.
        outcome: takes cases, lists and the earlier count.
        matched: who is on the list now.
        limits: the bounds.
        that: what puts a unit on it, as a condition on ``it``.
        indicators: this period's figures.
        matching: finds who is on a list.
    """
    other = indicators.compared(head)
    subject = rule.subject(other)
    own = {
        name: limit(bound.expression, other) if bound.of_each is not None else bound for name, bound in limits.items()
    }
    compared = comparable_with(subject, own)
    earlier = None
    if other.any_received and (compared or rule.blank):
        earlier = matching(rule, subject, compared, own, other)
        outcome.left_out += [absent._replace(period=other.period) for absent in subject.absents(subject.unreported())]
    assert isinstance(subject.of, str)  # noqa: S101  # since goes with a measure
    then = headed(subject.of, head)
    bounds = " and ".join(
        f"{then} {SIGNS[name]} {headed(bound.expression, head) if bound.of_each is not None else bound.expression}"
        for name, bound in limits.items()
    )
    if rule.blank:
        bounds = f"(blank({then}) or {bounds})" if bounds else f"blank({then})"
    others = [
        " and ".join(
            f"{headed(c.value, head)} {SIGNS[name]} {headed(value, head)}" for name, value in c.bounds().items()
        )
        for c in rule.where
    ]
    before = " and ".join(filter(None, [bounds, *others]))
    compare_lists(outcome, matched, earlier, subject.all_cells, (that, before, f"reported({then})"))


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
