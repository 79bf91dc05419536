"""The authored text of a period: a header (number, dates) and Markdown under the sections' headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tongbao.errors import DefinitionError, did_you_mean
from tongbao.series.base import NumeralName, Strict
from tongbao.series.loader import load_model, read_utf8
from tongbao.series.models import Series

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


@dataclass(frozen=True)
class Passage:
    """Authored Markdown of one section, and the line it starts at."""

    text: str
    line: int


@dataclass(frozen=True)
class Prose:
    """A period's file, read: ``passages`` by section id."""

    file: str
    header: Header
    passages: dict[str, Passage]


def read_prose(path: Path, series: Series, root: Path) -> Prose:
    """Read a period's authored text.

    Raises:
        DefinitionError: no file, no or a wrong header, a heading that is no section's, or a section that
            is neither declared with paragraphs nor authored here.
    """
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    if not path.is_file():
        raise DefinitionError(
            "the period's text is missing",
            place=name,
            expected="a file with a header (issued: 2021-03-10) and the authored sections",
        )
    lines = read_utf8(path, name).splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        raise DefinitionError("no header", place=f"{name}:1", expected="--- issued: 2021-03-10 --- at the top")
    end = next(index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    header = load_model("\n".join(lines[1:end]), Header, name, first_line=2)
    passages = _split(lines, end + 1, {section.heading.zh: section.id for section in series.sections}, name)
    for section in series.sections:
        if not section.paragraphs and not passages.get(section.id, Passage("", 0)).text.strip():
            raise DefinitionError(
                "a section has no text", place=name, expected=f"# {section.heading.zh}, and text under it"
            )
    return Prose(name, header, passages)


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
