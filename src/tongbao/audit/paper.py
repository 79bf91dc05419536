"""The PDF's text read afresh and held against the page: what stands in print, in the same words and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2

from tongbao.audit.account import Entry
from tongbao.audit.document import Circular
from tongbao.audit.known import squeeze
from tongbao.audit.numerals import read_numerals
from tongbao.audit.tables import annex_header, expected_rows
from tongbao.audit.text import Reader
from tongbao.audit.words import frame

# The circular's words are set in 3号 (16 pt) or larger; charts, tables and page numbers are smaller.
_WORDS_FROM = 15.5
_DAY = re.compile(r"\d{4}年\d+月\d+日|\d{1,2}[A-Z][a-z]+\d{4}")
# What the reader makes of a hyphen at the end of a line.
_HYPHEN = "\ufffe"
_PAGE_NUMBER = re.compile(r"^—\s*\d+\s*—$", re.MULTILINE)


@dataclass(frozen=True)
class Paper:
    """A PDF's text: ``words`` is what is set as text, ``small`` all that is smaller, line by line."""

    words: str
    small: str


def read_paper(path: Path) -> Paper:
    """Read a PDF's text by the size of its letters."""
    words: list[str] = []
    small: list[str] = []
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            textpage = page.get_textpage()
            for index, character in enumerate(textpage.get_text_range().replace(_HYPHEN, "-")):
                large = pypdfium2.raw.FPDFText_GetFontSize(textpage, index) > _WORDS_FROM
                (words if large and not character.isspace() else small).append(character)
            small.append("\n")
    finally:
        document.close()
    return Paper("".join(words), _PAGE_NUMBER.sub("", "".join(small).replace("\r", "")))


def audit_paper(paper: Paper, circular: Circular, page_entries: Sequence[Entry], reader: Reader) -> None:
    """Account for a PDF.

    Arguments:
        paper: its text.
        circular: what the page says in print; already accounted for.
        page_entries: what the page's numerals are, by place.
        reader: writes into the account.
    """
    rest = _words(paper, circular, page_entries, reader)
    for numeral in read_numerals(rest):
        around = rest[max(0, numeral.start - 10) : numeral.end + 10].replace("\n", " ")
        reader.leave("text", numeral.text, around, "the page does not say this")
    _small(paper, circular, reader)


def _words(paper: Paper, circular: Circular, page_entries: Sequence[Entry], reader: Reader) -> str:
    """Find each block of the page in the PDF; returns what no block covers."""
    rest = squeeze(paper.words)
    missing: list[tuple[str, str]] = []
    small = squeeze(paper.small)
    for place, text in sorted(circular.blocks, key=lambda block: -len(block[1])):
        wanted = squeeze(text)
        if wanted in rest:
            rest = rest.replace(wanted, "\n", 1)
        elif wanted not in small:
            missing.append((place, wanted))
            continue
        for entry in page_entries:
            if entry.place == place:
                reader.enter(place, entry.text, entry.kind, entry.backing)
    for place, wanted in missing:
        match = SequenceMatcher(None, rest, wanted, autojunk=False).find_longest_match()
        start = max(0, match.a - match.b)
        near = rest[start : start + len(wanted)]
        if match.size < min(6, len(wanted)):
            if read_numerals(wanted) and not _is_web_metadata(wanted, reader.lang):
                reader.leave(place, wanted[:20], wanted, "not in the PDF")
            continue
        rest = rest[:start] + "\n" + rest[start + len(wanted) :]
        for old, new in _differences(near, wanted):
            reader.leave(place, old, near, f"the page says {new or 'nothing'} here")
    return rest


def _is_web_metadata(text: str, lang: str) -> bool:
    """The date and the period under the title stand on the page only."""
    return text.startswith(squeeze(frame("covers", lang))) or _DAY.fullmatch(text) is not None


def _differences(found: str, wanted: str) -> Iterable[tuple[str, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, found, wanted, autojunk=False).get_opcodes():
        if tag != "equal":
            yield found[max(0, a - 4) : b + 4], wanted[max(0, c - 4) : d + 4]


def _small(paper: Paper, circular: Circular, reader: Reader) -> None:
    """Tables come last, row by row; before them stand the drawings and their captions."""
    expected = _expected(reader)
    text = _without_headers(paper.small, reader)
    for place, block in circular.blocks:  # an annex's note may be set small
        if read_numerals(block) and squeeze(block) in squeeze(text):
            text = _without(text, block)
            reader.enter(place, block, "date", "as on the page")
    found = [(numeral.text, _line(text, numeral.start)) for numeral in read_numerals(text)]
    tables, drawings = found[len(found) - len(expected) :], found[: max(0, len(found) - len(expected))]
    for (shown, line), (wanted, place, entry) in zip(tables, expected, strict=False):
        if shown != wanted:
            reader.leave(place, shown, line, f"recomputed {wanted}: {entry.backing}")
        else:
            reader.account.entries.append(entry)
    drawn = Counter(numeral.text for text in (*circular.drawn, *circular.captions) for numeral in read_numerals(text))
    seen = Counter[str]()
    for shown, line in drawings:
        seen[shown] += 1
        if seen[shown] <= drawn[shown]:
            reader.enter("drawings", shown, "computed", "as drawn on the page")
        else:
            reader.leave("drawings", shown, line, "the page's drawing has no such number")
    # A label stands on a white rim, which is the same text again: a PDF's reader may take the two for one.
    for wanted, times in drawn.items():
        if seen[wanted] * 2 < times:
            reader.leave("drawings", wanted, "", "drawn on the page, not in the PDF")


def _expected(reader: Reader) -> list[tuple[str, str, Entry]]:
    """Every numeral that the annex tables must print, in order, with its place and entry."""
    expected: list[tuple[str, str, Entry]] = []
    series = reader.backing.books.series
    for number, annex in enumerate(series.annexes, start=1):
        columns = annex_header(annex, reader.backing.books, reader.lang)[1:]
        label = frame("annex", reader.lang).format(number)
        for _, name, cells in expected_rows(annex, reader):
            expected += [(n.text, f"{label}, {name}", Entry(reader.document, f"{label}, {name}", n.text,
                          "outline", "a row's number")) for n in read_numerals(name)]  # fmt: skip
            for column, (text, kind, backing) in zip(columns, cells, strict=True):
                place = f"{label}, {name}, {column}"
                expected += [(n.text, place, Entry(reader.document, place, text, kind, backing))
                             for n in read_numerals(text)]  # fmt: skip
    return expected


def _without_headers(text: str, reader: Reader) -> str:
    """Tables' headers with a numeral (其中3000元以下) are set again on every page."""
    for annex in reader.backing.books.series.annexes:
        for header in annex_header(annex, reader.backing.books, reader.lang):
            if read_numerals(header):
                text = _without(text, header, every=True)
    return text


def _without(text: str, block: str, *, every: bool = False) -> str:
    pattern = r"\s*".join(map(re.escape, squeeze(block)))
    return re.sub(pattern, "", text, count=0 if every else 1)


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : (text.find("\n", at) + 1 or len(text) + 1) - 1].strip()
