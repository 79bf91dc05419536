"""What a series has to give for each language that its bulletins appear in."""

from __future__ import annotations

from collections.abc import Iterator

from tongbao.basics.language import has_english
from tongbao.definition.expressions import Value
from tongbao.definition.model import Text
from tongbao.definition.names import Problem, walk
from tongbao.definition.series import Series
from tongbao.definition.tables import Column, ColumnWord, Indicator

# Words for forms and for the search of names, which no edition prints.
_NOT_PRINTED = {("unit_kind",)}


def missing_translations(series: Series) -> Iterator[Problem]:
    """Every text without English, and every unit of measurement without an English name, where there is an edition.

    A Chinese text would otherwise stand in the English page unnoticed.
    """
    if "en" not in series.languages:
        return
    for place, value in walk(series):
        if isinstance(value, Text) and value.en is None and place not in _NOT_PRINTED:
            yield place, "no English text, but the series appears in English: give {zh: …, en: …}"
        if isinstance(value, ColumnWord) and value.en is None:
            yield place, "no English word, but the series appears in English: give {value: …, en: …}"
        if isinstance(value, Column) and value.label is None and value.rank_of is None:
            yield place, "no English header, but the series appears in English: give label: {zh: …, en: …}"
        if isinstance(value, Column | Indicator) and not has_english(value.unit):
            yield (*place, "unit"), f"the unit of measurement {value.unit} has no English name here: give unit_en"
        if isinstance(value, Value) and not has_english(value.unit):
            yield (*place, "unit"), f"the unit of measurement {value.unit} has no English name here"
