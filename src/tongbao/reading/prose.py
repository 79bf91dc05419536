"""The authored text of a period: a header (number, dates) and Markdown under the sections' headings.

A further edition has a file of its own, ``2021-02.en.md``: the same sections in its language, under the headings of
that language. Number and dates stand in the issuer's own text only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import field_validator

from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.definition.files import relative, require_inside
from tongbao.definition.loader import Model, load_model, read_utf8
from tongbao.definition.model import NumeralName, Strict, Text
from tongbao.definition.official import Day, OfficialForm
from tongbao.definition.series import Series

# Between the names of several people.
_BETWEEN = re.compile("[、，,；;]")
_HEADING = re.compile(r"^# +(?P<title>.+?)\s*$")
_REMARK = re.compile("<!--.*?-->", re.DOTALL)
# A quoted text in a head, or a remark: behind a space, or at the beginning of a line.
_IN_HEAD = re.compile(r"""(?P<text>(?:(?<=[\s:,\[{(-])|^)(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'))|(?:(?<=\s)|^)#.*""")
# What Git leaves where two people changed the same lines.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)")


class Correction(Strict):
    """What was corrected after the issue: the ``day``, and what it ``says`` at the foot of the page."""

    day: Day
    says: Text


class Header(Strict):
    """The head of a period's file.

    ``number`` is the running number of the document, ``issued`` its date, ``statistics_date`` the day the
    figures were drawn, ``document`` what this one bears besides its text. ``names`` are words of this period's
    text that hold a numeral but are names (三年行动). ``corrections`` are those made after the issue.
    ``author`` is who made the bulletin, several as a list or set apart by ``、``, where that is not whoever committed
    its files last.
    """

    issued: Day
    number: int | None = None
    statistics_date: Day | None = None
    corrections: tuple[Correction, ...] = ()
    document: OfficialForm = OfficialForm()
    names: tuple[NumeralName, ...] = ()
    author: tuple[str, ...] = ()

    @field_validator("author", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, _BETWEEN.split(value)))) if isinstance(value, str) else value


class EditionHeader(Strict):
    """The head of a further edition's file, which may be left out: ``names`` of its own words with a numeral."""

    names: tuple[NumeralName, ...] = ()


@dataclass(frozen=True)
class Passage:
    """Authored Markdown of one section, and the line it starts at; ``written`` is it with its remarks."""

    text: str
    line: int
    written: str = ""


@dataclass(frozen=True)
class Prose:
    """A period's file, read: ``passages`` by section id; ``names`` are this edition's words that hold a numeral.

    ``text`` is all of it without remarks.
    """

    file: str
    header: Header
    passages: dict[str, Passage]
    names: tuple[str, ...] = ()
    text: str = ""


def read_prose(path: Path, series: Series, root: Path) -> Prose:
    """Read a period's authored text in the issuer's own language.

    Raises:
        DefinitionError: no file, no or a wrong header, a heading that is no section's, or a section that
            is neither declared with paragraphs nor authored here.
    """
    expected = "a file with a header (issued: 2021-03-10) and the authored sections"
    name, header, text, start = _read(path, root, Header, expected)
    if header is None:
        raise DefinitionError("no header", place=f"{name}:1", expected="--- issued: 2021-03-10 --- at the top")
    passages = _passages(text, start, series, series.lang, name)
    return Prose(name, header, passages, header.names, text.recorded)


def read_edition(path: Path, series: Series, root: Path, lang: str, original: Prose) -> Prose:
    """Read the text of a further edition; dates and number are those of the ``original``.

    Raises:
        DefinitionError: as ``read_prose``; or a passage that the original has is missing here.
    """
    if not original.passages and not path.is_file():  # nothing to translate
        return Prose(original.file, original.header, {}, text=original.text)
    expected = f"the authored sections of {original.file} in the language {lang}"
    name, own, text, start = _read(path, root, EditionHeader, expected)
    passages = _passages(text, start, series, lang, name)
    for section in series.sections:
        if section.id in original.passages and section.id not in passages:
            raise DefinitionError(
                "a section is not translated",
                place=name,
                found=f"# {section.heading.get(series.lang)} in {original.file}",
                expected=f"# {section.heading.get(lang)}, and text under it",
            )
    return Prose(name, original.header, passages, own.names if own else (), text.recorded)


class _Lines(NamedTuple):
    """A file's lines, without remarks and as they were written, and all of it as records hold it."""

    plain: list[str]
    written: list[str]
    recorded: str


def _read(path: Path, root: Path, model: type[Model], expected: str) -> tuple[str, Model | None, _Lines, int]:
    """A file: its name for messages, its header where it has one, its lines, and where the text begins (from 0)."""
    name = relative(path, root)
    if not path.is_file():
        raise DefinitionError("the period's text is missing", place=name, expected=expected)
    text = read_utf8(require_inside(path, root), name)
    # A remark is for those who write: nothing of it goes into the record, or any other file.
    (lines, start), written = _split_off(text), text.splitlines()
    both = _Lines(lines, written if len(written) == len(lines) else lines, as_recorded(text))
    for number, line in enumerate(lines, start=1):
        _require_plain(line, f"{name}:{number}")
    if not start:
        return name, None, both, 0
    return name, load_model("\n".join(lines[1 : start - 1]), model, name, first_line=2), both, start


def as_recorded(text: str) -> str:
    """A period's text as records hold it: without remarks, also in its head."""
    lines, start = _split_off(text)
    head = (_IN_HEAD.sub(lambda found: found["text"] or "", line).rstrip() for line in lines[:start])
    return "\n".join([*head, *lines[start:], ""])


def _split_off(text: str) -> tuple[list[str], int]:
    """A text's lines without remarks, and how many of them its head takes; none where it has no head."""
    lines = _REMARK.sub(lambda remark: "\n" * remark[0].count("\n"), text).splitlines()
    first, *others = [number for number, line in enumerate(lines) if line.strip() == "---"] or [-1]
    return lines, others[0] + 1 if first == 0 and others else 0


def _require_plain(line: str, place: str) -> None:
    """See that a line is none of Git's, and no remark is open.

    Raises:
        DefinitionError: it is, or one is.
    """
    if _CONFLICT.match(line):
        raise DefinitionError(
            "two versions of a passage, as Git left them",
            place=place,
            found=line.strip()[:40],
            expected="one of the two, without the lines <<<<<<<, ======= and >>>>>>>",
        )
    if "<!--" in line:
        raise DefinitionError("a remark that does not end", place=place, found=line.strip()[:40], expected="-->")


def _passages(lines: _Lines, start: int, series: Series, lang: str, name: str) -> dict[str, Passage]:
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


def _split(lines: _Lines, start: int, headings: Mapping[str, str], name: str) -> dict[str, Passage]:
    """The passages under first-level headings; ``headings`` maps titles to section ids."""
    body: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    current: str | None = None
    for number, line in enumerate(lines.plain[start:], start=start + 1):
        if "｛｛" in line or "｝｝" in line:
            place = f"{name}:{number}"
            raise DefinitionError("full-width braces", place=place, found=line.strip(), expected="{{ and }}")
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
    ends = {key: first[key] - 1 + len(text) for key, text in body.items()}
    written = {key: "\n".join(lines.written[first[key] - 1 : end]) for key, end in ends.items()}
    return {key: Passage("\n".join(text), first[key], written[key]) for key, text in body.items()}
