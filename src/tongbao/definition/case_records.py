"""How a series declares case records: files, headers and words, which records a column counts, lists of enterprises."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from tongbao.definition.model import Expression, Quantity, ShortForm, Strict, Text, inside

EnterpriseMeasure = Literal["inspections", "hazards", "serious_hazards", "overdue", "days_late", "penalties"]
ENTERPRISE_MEASURES: dict[EnterpriseMeasure, Text] = {
    "inspections": Text(zh="检查次数", en="visits"),
    "hazards": Text(zh="隐患（项）", en="hazards"),
    "serious_hazards": Text(zh="重大隐患（项）", en="serious hazards"),
    "overdue": Text(zh="逾期整改（项次）", en="rectifications overdue"),
    "days_late": Text(zh="最长逾期（天）", en="most days overdue"),
    "penalties": Text(zh="行政处罚（起）", en="penalties"),
}


# A single word may stand for a list of one.
_Words = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda data: [data] if isinstance(data, str) else data),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]


class RecordCondition(Strict):
    """What a field of a record must be: one of some words, none of some words, a number or a truth value.

    A word, a list of words or a truth value stands for ``is``. Records in which the field is blank fulfil ``not`` only.

    Options:
        is: a word, several words, or a truth value.
        not: a word or several words that it must not be.
        below: a number that it must be below.
        at_least: a number that it must reach.
    """

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    short_form = ShortForm(
        "is", str | list | bool, {"type": ["string", "boolean", "array"], "items": {"type": "string"}}
    )

    is_: _Words | bool | None = Field(None, alias="is")
    not_: _Words | None = Field(None, alias="not")
    below: Quantity | None = None
    at_least: Quantity | None = None

    @model_validator(mode="after")
    def _says_something(self) -> RecordCondition:
        if all(value is None for value in (self.is_, self.not_, self.below, self.at_least)):
            raise ValueError("a condition needs a word, or is, not, below or at_least")
        return self

    @property
    def needs_a_value(self) -> bool:
        """Whether it cannot be told of a blank: one that is only ``not`` something is fulfilled by it."""
        return any(value is not None for value in (self.is_, self.below, self.at_least))


class RecordSource(Strict):
    """Where case records lie and how to read them.

    Arguments:
        files: patterns under ``data/raw/``; ``{period}`` stands for the bulletin's period. CSV, workbooks, Parquet.
        headers: a source's own headers → fields of the layout (``检查时间: inspection_date``).
        values: per field, a source's own words → the layout's (``terminal: {PC端: 电脑端}``).
    """

    files: Annotated[_Words, Field(min_length=1), AfterValidator(lambda patterns: (*map(inside, patterns),))]
    headers: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}


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
