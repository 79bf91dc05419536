"""What the checks found in the returns, counted by kind: 填报数据存在问题3项，其中数据缺项2项、逻辑错误1项."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, Literal

from tongbao.basics.claim import Claim
from tongbao.checks.issue import QualityIssue
from tongbao.definition.model import Text
from tongbao.definition.names import Problem, unknown
from tongbao.definition.series import Series
from tongbao.figures.indicators import Indicators
from tongbao.findings.kind import Kind
from tongbao.findings.outcome import Outcome, count_of
from tongbao.reading.cell import Cell, unique

FAULTS = {
    "default": Text(
        zh="填报数据存在问题{{ count }}项，其中{{ kinds }}", en="{{ count }} faults in the returns: {{ kinds }}"
    ),
    "none": Text(zh="填报数据未发现问题", en="no faults were found in the returns"),
}
_KINDS = {
    "complete": Text(zh="数据缺项", en="missing items"),
    "blank_returns": Text(zh="整表未报", en="blank returns"),
    "holds": Text(zh="逻辑错误", en="logic errors"),
    "also_reported": Text(zh="表间不一致", en="tables that disagree"),
    "feasible_rate": Text(zh="比率不合理", en="rates that cannot be"),
    "reported": Text(zh="填报值与计算值不符", en="reported figures that differ from the computed ones"),
    "totals": Text(zh="合计不符", en="totals that differ from the sum"),
    "change": Text(zh="数据异常波动", en="unusual changes"),
    "dates": Text(zh="日期有误", en="wrong dates"),
    "records": Text(zh="案件记录存疑", en="doubtful case records"),
}
_STANDARD = {
    "blank-return": "blank_returns",
    "reported-total": "totals",
    "reported-rate": "reported",
    "reported-rank": "reported",
}


class Faults(Kind):
    """What the checks found in the returns: missing items, logic errors, differing totals; counted by kind.

    Options:
        checks: limits them to some kinds of check (``complete``, ``holds``, ``records`` …) or declared checks.
    """

    own: ClassVar[frozenset[str]] = frozenset({"count", "kinds", "units", "unit_count", "some"})

    rule: Literal["faults"]
    checks: tuple[str, ...] = ()

    def cases(self) -> tuple[str, ...]:
        """Whether anything was found."""
        return ("default", "none")

    def problems(self, series: Series) -> Iterator[Problem]:
        """A check that is neither declared nor one of the project's kinds."""
        known = {*series.checks, *(check.check for check in series.checks.values()), *_KINDS}
        for check in self.checks:
            yield from unknown(("checks",), check, known)

    def own_words(self) -> dict[str, Text]:
        """How many faults there are, by kind."""
        return FAULTS

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:
        """What the checks found, counted by kind; one issue counts once."""
        issues: dict[str, list[QualityIssue]] = {}
        for issue in quality:
            kind = _kind(issue, indicators)
            if not self.checks or kind in self.checks or issue.check in self.checks:
                issues.setdefault(kind, []).append(issue)
        found = [issue for kind in _KINDS for issue in issues.get(kind, ())]
        units = {issue.unit for issue in found}
        named = [unit for unit in indicators.units if unit in units]
        outcome = Outcome(("default",) if found else ("none",), named, attention=frozenset({"default"}))
        every = " + ".join(f"issues.{name}" for name in self.checks or ("all",))
        outcome.when = {"default": f"{every} > 0", "none": f"{every} == 0"}
        outcome.values["count"] = count_of([issue.check for issue in found], every, partial(_cells, found))
        outcome.values["unit_count"] = count_of(named, f"count({every} > 0)", partial(_cells, found))
        outcome.claims.append(Claim("members", {"of": every, "that": "it > 0", "units": tuple(named)}))
        for kind, name in _KINDS.items():
            faults = issues.get(kind, [])
            if faults:
                checks = (
                    dict.fromkeys(issue.check for issue in faults) if kind not in (self.checks or (kind,)) else (kind,)
                )
                formula = " + ".join(f"issues.{check}" for check in checks)
                count = count_of([issue.check for issue in faults], formula, partial(_cells, faults))()
                outcome.kinds.append((name, count))
        return outcome


def _kind(issue: QualityIssue, indicators: Indicators) -> str:
    if issue.table == "records":
        return "records"
    declared = indicators.series.checks.get(issue.check)
    return declared.check if declared is not None else _STANDARD.get(issue.check, issue.check)


def _cells(issues: Sequence[QualityIssue]) -> tuple[Cell, ...]:
    return unique(cell for issue in issues for cell in issue.cells)
