"""How a series declares case records: which files, what their headers and words mean, which records a column counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema, model_validator

from tongbao.definition.model import Strict

# A single word may stand for a list of one.
_WORDS = WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}})


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
    short_form = {"type": ["string", "boolean", "array"], "items": {"type": "string"}}

    is_: Annotated[tuple[str, ...], _WORDS] | bool | None = Field(None, alias="is")
    not_: Annotated[tuple[str, ...], _WORDS] | None = Field(None, alias="not")
    below: Decimal | None = None
    at_least: Decimal | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if isinstance(data, str | list | bool):
            data = {"is": data}
        if isinstance(data, dict):
            return {key: [value] if key in ("is", "not") and isinstance(value, str) else value
                    for key, value in data.items()}  # fmt: skip
        return data

    @model_validator(mode="after")
    def _says_something(self) -> RecordCondition:
        if all(value is None for value in (self.is_, self.not_, self.below, self.at_least)):
            raise ValueError("a condition needs a word, or is, not, below or at_least")
        return self


class RecordSource(Strict):
    """Where case records lie and how to read them.

    Arguments:
        files: patterns under ``data/raw/``; ``{period}`` stands for the bulletin's period. CSV, workbooks, Parquet.
        headers: a source's own headers → fields of the layout (``检查时间: inspection_date``).
        values: per field, a source's own words → the layout's (``terminal: {PC端: 电脑端}``).
    """

    files: Annotated[tuple[str, ...], Field(min_length=1), _WORDS]
    headers: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _one_pattern(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("files"), str):
            return {**data, "files": [data["files"]]}
        return data
