"""Figures of the whole area, stated: 全市共检查企业248家次."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.figures.indicators import Indicators
from tongbao.findings.kind import Kind
from tongbao.findings.outcome import Outcome


class State(Kind):
    """Figures of the whole area, stated: 全市共检查企业248家次; ``missing`` when one of them is blank."""

    rule: Literal["state"]
    worded_by_series: ClassVar[bool] = True

    def cases(self) -> tuple[str, ...]:
        """``missing`` has to be worded, or a blank figure stops the build."""
        return ("default", "missing")

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """Nothing beside the values that the series declares."""
        return Outcome(("default",))
