"""The authored text of a period: a header (number, dates) and Markdown under the sections' headings.

A further edition has a file of its own, ``2021-02.en.md``: the same sections in its language, under the headings of
that language. Number and dates stand in the issuer's own text only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.definition.loader import load_model, read_utf8
from tongbao.definition.model import NumeralName, Strict
from tongbao.definition.series import Series

_HEADING = re.compile(r"^# +(?P<title>.+?)\s*$")


class Header(Strict):
    """The head of a period's file.

    ``number`` is the running number of the document, ``issued`` its date, ``statistics_date`` the day the
    figures were drawn. ``names`` are words of this period's text that hold a numeral but are names (三年行动).
    """

    issued: date
    number: int | None = None
    statistics_date: date | None = None
    names: tuple[NumeralName, ...] = ()


class EditionHeader(Strict):
    """The head of a further edition's file, which may be left out: ``names`` of its own words with a numeral."""

    names: tuple[NumeralName, ...] = ()


@dataclass(frozen=True)
class Passage:
    """Authored Markdown of one section, and the line it starts at."""

    text: str
    line: int


@dataclass(frozen=True)
class Prose:
    """A period's file, read: ``passages`` by section id; ``names`` are this edition's words that hold a numeral."""

    file: str
    header: Header
    passages: dict[str, Passage]
    names: tuple[str, ...] = ()


def read_prose(path: Path, series: Series, root: Path) -> Prose:
    """Read a period's authored text in the issuer's own language.

    Raises:
        DefinitionError: no file, no or a wrong header, a heading that is no section's, or a section that
            is neither declared with paragraphs nor authored here.
    """
    name, lines = _lines(path, root, "a file with a header (issued: 2021-03-10) and the authored sections")
    end = _end_of_header(lines)
    if end is None:
        raise DefinitionError("no header", place=f"{name}:1", expected="--- issued: 2021-03-10 --- at the top")
    header = load_model("\n".join(lines[1:end]), Header, name, first_line=2)
    return Prose(name, header, _passages(lines, end + 1, series, series.lang, name), header.names)


def read_edition(path: Path, series: Series, root: Path, lang: str, original: Prose) -> Prose:
    """Read the text of a further edition; dates and number are those of the ``original``.

    Raises:
        DefinitionError: as ``read_prose``; or a passage that the original has is missing here.
    """
    if not original.passages and not path.is_file():  # nothing to translate
        return Prose(original.file, original.header, {})
    name, lines = _lines(path, root, f"the authored sections of {original.file} in the language {lang}")
    end = _end_of_header(lines)
    own = EditionHeader()
    if end is not None:
        own = load_model("\n".join(lines[1:end]), EditionHeader, name, first_line=2)
    passages = _passages(lines, 0 if end is None else end + 1, series, lang, name)
    for section in series.sections:
        if section.id in original.passages and section.id not in passages:
            raise DefinitionError(
                "a section is not translated",
                place=name,
                found=f"# {section.heading.get(series.lang)} in {original.file}",
                expected=f"# {section.heading.get(lang)}, and text under it",
            )
    return Prose(name, original.header, passages, own.names)


def _lines(path: Path, root: Path, expected: str) -> tuple[str, list[str]]:
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    if not path.is_file():
        raise DefinitionError("the period's text is missing", place=name, expected=expected)
    return name, read_utf8(path, name).splitlines()


def _end_of_header(lines: list[str]) -> int | None:
    """The line that closes the header, counted from 0; ``None`` where there is no header."""
    if not lines or lines[0].strip() != "---":
        return None
    return next((index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)


def _passages(lines: list[str], start: int, series: Series, lang: str, name: str) -> dict[str, Passage]:
    """The passages by section.

    Raises:
        DefinitionError: a heading that is no section's, or a section without any text.
    """
    passages = _split(lines, start, {section.heading.get(lang): section.id for section in series.sections}, name)
    for section in series.sections:
        if not section.paragraphs and not passages.get(section.id, Passage("", 0)).text.strip():
            raise DefinitionError(
                "a section has no text", place=name, expected=f"# {section.heading.get(lang)}, and text under it"
            )
    return passages


def _split(lines: list[str], start: int, headings: Mapping[str, str], name: str) -> dict[str, Passage]:
    """The passages under first-level headings; ``headings`` maps titles to section ids."""
    body: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    current: str | None = None
    for number, line in enumerate(lines[start:], start=start + 1):
        match = _HEADING.match(line)
        if match:
            title = match["title"]
            if title not in headings:
                raise DefinitionError(
                    "not a section of the series",
                    place=f"{name}:{number}",
                    found=title,
                    hint=did_you_mean(title, headings),
                )
            current = headings[title]
            if current in body:
                raise DefinitionError("a section stands twice", place=f"{name}:{number}", found=title)
            body[current], first[current] = [], number + 1
        elif current is not None:
            body[current].append(line)
        elif line.strip():
            raise DefinitionError(
                "text before the first section",
                place=f"{name}:{number}",
                found=line.strip()[:40],
                expected="a heading: " + " or ".join(f"# {title}" for title in headings),
            )
    return {key: Passage("\n".join(text), first[key]) for key, text in body.items()}
