"""What a series has to give for each language that its bulletins appear in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tongbao.basics.language import has_english
from tongbao.definition.expressions import Value
from tongbao.definition.model import Text
from tongbao.definition.names import Place, Problem
from tongbao.definition.series import Series
from tongbao.definition.tables import Column, Indicator

# Words for forms and for the search of names, which no edition prints.
_NOT_PRINTED = {("unit_kind",)}


def missing_translations(series: Series) -> Iterator[Problem]:
    """Every text without English, and every unit of measurement without an English name, where there is an edition.

    A Chinese text would otherwise stand in the English page unnoticed.
    """
    if "en" not in series.languages:
        return
    for place, text in _texts(series, ()):
        if text.en is None and place not in _NOT_PRINTED:
            yield place, "no English text, but the series appears in English: give {zh: …, en: …}"
    for table_name, table in series.tables.items():
        for name, column in table.columns.items():
            if column.label is None and column.rank_of is None:
                place = ("tables", table_name, "columns", name)
                yield place, "no English header, but the series appears in English: give label: {zh: …, en: …}"
    for place, unit in _units(series, ()):
        if not has_english(unit):
            yield place, f"the unit of measurement {unit} has no English name here"


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, Text]]:
    if isinstance(value, Text):
        yield place, value
    else:
        for key, item in _parts(value):
            yield from _texts(item, (*place, key))


def _units(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, Column | Indicator | Value):
        yield (*place, "unit"), value.unit
    for key, item in _parts(value):
        yield from _units(item, (*place, key))


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, BaseModel):
        yield from ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from enumerate(value)
