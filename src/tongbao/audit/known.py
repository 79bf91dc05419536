"""What a text may say without a figure: the document's dates and number, declared names, words written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tongbao.audit.account import Kind
from tongbao.audit.arithmetic import exactly
from tongbao.audit.words import frame
from tongbao.basics.period import Period, long_date
from tongbao.definition.series import Series


def own_words(rule):
    return rule.own_words()


from tongbao.reading.prose import Prose

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|@(?:fig|tbl)-[\w-]+|\n")
_MARKUP = str.maketrans(dict.fromkeys("\"“”'‘’*`\\", ""))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text that is known beforehand, its kind and what backs it."""

    text: str
    kind: Kind
    backing: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Text written by hand between two placeholders; ``required`` pieces must stand on the page."""

    text: str
    place: str
    required: bool


@dataclass(frozen=True)
class Known:
    """Known phrases, longest first, and the pieces written by hand."""

    phrases: tuple[Phrase, ...]
    pieces: tuple[Piece, ...]
    decimals: frozenset[int]
    weights: frozenset[str]

    def written(self, window: str) -> str | None:
        """Where a text was written by hand, or ``None``."""
        wanted = squeeze(window)
        return next((piece.place for piece in self.pieces if wanted in piece.text), None)


def squeeze(text: str) -> str:
    """Text without white space, quotation marks and Markdown's signs, which renderers change."""
    return "".join(text.split()).translate(_MARKUP)


def know(series: Series, period: Period, prose: Prose, lang: str = "zh") -> Known:
    """Everything a period's bulletin may say without a figure.

    Arguments:
        series: its titles, names and authored texts.
        period: what the bulletin covers.
        prose: the period's header (dates, number, names) and authored passages, in one language.
        lang: the language of the edition.
    """
    phrases = {
        phrase.text: phrase
        for phrase in (*_of_document(series, period, prose), *_names(series, prose), *_limits(series, lang))
    }
    decimals = {indicator.decimals for indicator in series.indicators.values()}
    decimals |= {column.decimals for column in series.columns.values() if column.decimals is not None}
    weights = frozenset(exactly(Fraction(item.weight)) for indicator in series.indicators.values()
                        for item in indicator.score)  # fmt: skip
    ordered = sorted(phrases.values(), key=lambda phrase: -len(phrase.text))
    return Known(
        tuple(ordered), (*_of_series(series, lang), *_of_rules(series), *_of_prose(prose)), frozenset(decimals), weights
    )


def _names(series: Series, prose: Prose) -> Iterator[Phrase]:
    for name in series.names:
        yield Phrase(name, "name", f"reports/{series.id}/series.yml: names")
    for name in prose.names:
        yield Phrase(name, "name", f"{prose.file}: names")


def _limits(series: Series, lang: str) -> Iterator[Phrase]:
    """How many enterprises a list prints: 前20家."""
    for name, declared in series.enterprises.items():
        if declared.limit:
            yield Phrase(
                frame("first", lang).format(declared.limit),
                "parameter",
                f"reports/{series.id}/series.yml: enterprises.{name}.limit",
            )


def _of_document(series: Series, period: Period, prose: Prose) -> Iterator[Phrase]:
    header = prose.header
    for lang in ("zh", "en"):
        yield Phrase(period.label(lang), "date", f"period {period}")
        if re.search(r"\d", period.short_label(lang)) or lang == "zh":
            yield Phrase(period.short_label(lang), "date", f"period {period}")
        yield Phrase(long_date(header.issued, lang), "date", f"{prose.file}: issued")
        if header.statistics_date:
            yield Phrase(long_date(header.statistics_date, lang), "date", f"{prose.file}: statistics_date")
    for year in {period.year, header.issued.year}:
        yield Phrase(f"{year}年", "date", f"period {period} and its day of issue")
    if series.number:
        values = {"issued_year": header.issued.year, "year": period.year, "number": header.number,
                  "period": period.label()}  # fmt: skip
        for template in filter(None, (series.number.zh, series.number.en)):
            number = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda match: str(values.get(match[1], match[0])), template)
            yield Phrase(number, "document number", f"{prose.file}: number")


def _of_series(series: Series, lang: str) -> Iterator[Piece]:
    place = f"reports/{series.id}/series.yml"
    always = [series.title, series.opening, *series.notes, *(p for s in series.sections for p in s.paragraphs)]
    required = {text.get(lang) for text in always}
    for path, text in _strings(series.model_dump(), ()):
        for piece in _split(text):
            yield Piece(piece, f"{place}: {path[0]}", text in required)


def _of_rules(series: Series) -> Iterator[Piece]:
    """The project's own words for rules."""
    for rule in series.findings.values():
        for case, text in own_words(rule).items():
            for words in filter(None, (text.zh, text.en)):
                for piece in _split(words):
                    yield Piece(piece, f"the project's words for {rule.rule}, {case}", required=False)


def _strings(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path or ("series",), value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item, path)


def _of_prose(prose: Prose) -> Iterator[Piece]:
    for passage in prose.passages.values():
        for number, line in enumerate(passage.text.splitlines(), start=passage.line):
            for piece in _split(line.lstrip("# ")):
                yield Piece(piece, f"{prose.file}:{number}", required=True)


def _split(text: str) -> list[str]:
    return [piece for piece in map(squeeze, _PLACEHOLDER.split(text)) if piece]
