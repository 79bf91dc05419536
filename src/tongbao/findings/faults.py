"""What the checks found in the returns, counted by kind: 填报数据存在问题3项，其中数据缺项2项、逻辑错误1项."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, Literal

from tongbao.basics.claim import Claim
from tongbao.checks.blank_returns import LEFT_OUT
from tongbao.checks.issue import QualityIssue
from tongbao.definition import kinds
from tongbao.definition.model import Text
from tongbao.definition.names import Problem, unknown
from tongbao.definition.series import Series
from tongbao.figures.indicators import Indicators
from tongbao.findings.kind import Kind
from tongbao.findings.outcome import Outcome, count_of
from tongbao.reading.cell import Cell, unique

FAULTS = {
    "default": Text(
        zh="填报数据存在问题{{ count }}项，其中{{ kinds }}",
        en="{{ count }} fault{% if count.text != '1' %}s{% endif %} in the returns: {{ kinds }}",
    ),
    "none": Text(zh="填报数据未发现问题", en="no faults were found in the returns"),
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
        known = {*series.checks, *(check.check for check in series.checks.values())}
        known |= {name for name, kind in kinds.checks().items() if kind.standard}
        for check in self.checks:
            yield from unknown(("checks",), check, known)

    def own_words(self) -> dict[str, Text]:
        """How many faults there are, by kind."""
        return FAULTS

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:
        """What the checks found, counted by kind; one issue counts once."""
        issues: dict[str, list[QualityIssue]] = {}
        for issue in quality:
            is_asked = LEFT_OUT in self.checks or issue.check != LEFT_OUT
            if is_asked and (not self.checks or {issue.kind, issue.check} & set(self.checks)):
                issues.setdefault(issue.kind, []).append(issue)
        found = [issue for kind in kinds.checks() for issue in issues.get(kind, ())]
        units = {issue.unit for issue in found}
        named = [unit for unit in indicators.units if unit in units]
        outcome = Outcome(("default",) if found else ("none",), named, attention=frozenset({"default"}))
        every = " + ".join(f"issues.{name}" for name in self.checks or ("all",))
        outcome.when = {"default": f"{every} > 0", "none": f"{every} == 0"}
        outcome.values["count"] = count_of([issue.check for issue in found], every, partial(_cells, found))
        outcome.values["unit_count"] = count_of(named, f"count({every} > 0)", partial(_cells, found))
        outcome.claims.append(Claim("members", {"of": every, "that": "it > 0", "units": tuple(named)}))
        for name, kind in kinds.checks().items():
            faults = issues.get(name, [])
            if faults:
                counted = [name] if name in (self.checks or (name,)) else dict.fromkeys(issue.check for issue in faults)
                formula = " + ".join(f"issues.{check}" for check in counted)
                count = count_of([issue.check for issue in faults], formula, partial(_cells, faults))
                outcome.kinds.append((kind.called, count()))
        return outcome


def _cells(issues: Sequence[QualityIssue]) -> tuple[Cell, ...]:
    return unique(cell for issue in issues for cell in issue.cells)
