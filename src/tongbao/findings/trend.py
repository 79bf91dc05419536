"""How a list has changed since another period: fewer, more, the same, others."""

from __future__ import annotations

from collections.abc import Callable

from tongbao.findings.outcome import Outcome, count_of
from tongbao.reading.cell import Cell

TREND_CASES = ("cleared", "shrunk", "grown", "unchanged", "changed", "no_earlier")


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
