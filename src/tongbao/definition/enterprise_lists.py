"""Lists of enterprises that a series draws up from case records: by which criteria, and the reason to print."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from tongbao.definition.model import Expression, Strict, Text

EnterpriseMeasure = Literal["inspections", "hazards", "serious_hazards", "overdue", "days_late", "penalties"]
ENTERPRISE_MEASURES: dict[EnterpriseMeasure, Text] = {
    "inspections": Text(zh="检查次数", en="visits"),
    "hazards": Text(zh="隐患（项）", en="hazards"),
    "serious_hazards": Text(zh="重大隐患（项）", en="serious hazards"),
    "overdue": Text(zh="逾期整改（项次）", en="rectifications overdue"),
    "days_late": Text(zh="最长逾期（天）", en="most days overdue"),
    "penalties": Text(zh="行政处罚（起）", en="penalties"),
}


class Criterion(Strict):
    """Why an enterprise is put on a list: a measure of its own that reaches a number (or a parameter of the series).

    Options:
        measure: what is counted of the enterprise.
        at_least: the number it must reach, or ``param.<name>``.
        reason: printed with the enterprise; ``{{ value }}`` is its figure.
    """

    measure: EnterpriseMeasure
    at_least: Expression
    reason: Text


class EnterpriseList(Strict):
    """A list of enterprises, those that meet most criteria first.

    Options:
        criteria: the reasons to be put on the list, by name.
        months: looks only at the last months of the period (6: the second half of a year).
        limit: how many are printed; all are counted.
    """

    criteria: dict[str, Criterion] = Field(min_length=1)
    months: int | None = Field(None, ge=1, le=12)
    limit: int | None = Field(None, ge=1)

    @property
    def measures(self) -> tuple[EnterpriseMeasure, ...]:
        """The measures its criteria look at, without repeats."""
        return tuple(dict.fromkeys(criterion.measure for criterion in self.criteria.values()))

    def thresholds(self, parameters: dict[str, Decimal]) -> dict[str, Decimal]:
        """The number each criterion asks for."""
        return {
            name: parameters[criterion.at_least.removeprefix("param.")]
            if criterion.at_least.startswith("param.")
            else Decimal(criterion.at_least)
            for name, criterion in self.criteria.items()
        }
