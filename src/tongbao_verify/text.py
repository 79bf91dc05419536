"""One text at a time: every numeral and unit name in it is marked and right, known beforehand, or left over."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tongbao_verify.definition import leaves, said
from tongbao_verify.formula import months_of
from tongbao_verify.numerals import CALENDAR, dates, labels, read_numerals, value_of
from tongbao_verify.record import Record

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|@(?:fig|tbl)-[\w-]+|\n")
_MARKUP = str.maketrans(dict.fromkeys("\"“”'‘’*`\\", "") | {"−": "-"})
_METHOD = re.compile(r"保留(\d+|[一二三四两])位小数|\b(\d+) decimals?\b|× ?100%?|满分100分|100 points|\bhalf up\b")
_WEIGHED = re.compile(r"权重|最高为1|\bweights?\b")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_DATES = re.compile(r"^(?:issued|statistics_date): *[\"']?(\d{4})\D(\d\d?)\D(\d\d?)", re.MULTILINE)
_LISTED = re.compile(r"^names:(.*(?:\n *- .*)*)", re.MULTILINE)
_ANNEX = re.compile(r"(?:附件|\b[Aa]nnex ?)(\d+)")
_SENTENCE = re.compile(r".*?(?:[。；！？\n]|[.;!?](?=\s|$)|$)")
_NAMED = ("label", "short", "header", "unit_kind", "area", "authority", "source", "names")
_FACTS = ("名称", "来源", "英文名称", "英文来源")


class Span(NamedTuple):
    """A marked piece of a text: ``proof`` is ``figure``, what ``data-proof`` says, or empty; ``key`` what follows."""

    start: int
    end: int
    proof: str = ""
    key: str = ""


def squeeze(text: str) -> str:
    """Text without white space, quotation marks and Markdown's signs, and with one minus: renderers change them."""
    return "".join(text.split()).translate(_MARKUP)


def _split(text: str) -> list[str]:
    """What was written by hand, squeezed, between placeholders and without headings' signs."""
    lines = "\n".join(line.lstrip("# ") for line in _HEAD.sub("", text).splitlines())
    return [piece for piece in map(squeeze, _PLACEHOLDER.split(lines)) if piece]


class Known:
    """What a text may say without a mark: dates, the document's number, declared names; what was written by hand."""

    def __init__(self, record: Record) -> None:
        books, self.raw = record.books, record.definition.raw
        self.texts = {lang: str(text["text"]) for lang, text in books.record["texts"].items()}
        self.pieces = [piece for text in (*leaves(self.raw), *self.texts.values()) for piece in _split(text)]
        heads = "\n".join(match[1] for text in self.texts.values() if (match := _HEAD.match(text)))
        facts = [texts.get(name, "") for texts in books.facts.values() for name in _FACTS]
        self.named = [*leaves(self.raw, *_NAMED), *facts]
        self.named += [name.strip(" -'\"[]") for names in _LISTED.findall(heads) for name in re.split(r"[\n,]", names)]
        found = {name for name in self.named if read_numerals(name) and "{{" not in name}
        found |= {f"前{one['limit']}家" for one in self.raw.get("enterprises", {}).values() if "limit" in one}
        found |= {edition.get("number") or "" for edition in (books.record, *books.record["editions"].values())}
        written = [f"{int(year)}-{int(month):02d}-{int(day):02d}" for year, month, day in _DATES.findall(heads)]
        found = found.union(*map(dates, [books.record["issued"], *written]))
        found = found.union(*map(labels, [*map(months_of, books.periods), *books.parts]))
        # Longest first, so that no shorter one covers a part of a longer.
        self.phrases = sorted((phrase.replace("’", "'") for phrase in found if phrase), key=len, reverse=True)

    def required(self, lang: str) -> Iterator[tuple[str, str]]:
        """What the page must say: a few characters around each numeral written by hand, and the text it stands in."""
        always = [self.raw["opening"], *self.raw.get("notes", ()), self.texts.get(lang)]
        always += [text for section in self.raw["sections"] for text in section.get("paragraphs", ())]
        for piece in (piece for text in always for piece in _split(said(text, lang))):
            for numeral in read_numerals(piece):
                yield piece[max(0, numeral.start() - 6) : numeral.end() + 6], piece


class Reader:
    """Reads the texts of one document in one language."""

    def __init__(self, document: str, lang: str, record: Record, known: Known) -> None:
        self.document, self.lang, self.record, self.known = document, lang, record, known
        self.definition, self.held = record.definition, record.books.held
        names = sorted(self.definition.unit_names, key=len, reverse=True)
        # An English name is no part of a longer word.
        self.units = re.compile("|".join(rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in names))

    def leave(self, place: str, text: str, sentence: str, reason: str) -> None:
        """Record something left over in this document."""
        self.record.books.leave(place, text, reason, sentence, self.document)

    def read(self, text: str, spans: Sequence[Span], place: str) -> None:
        """Account for a text: what a reader sees, white space folded, with the places of marks in it."""
        for span in spans:
            shown = text[span.start : span.end]
            if span.proof == "figure" and (reason := self.record.fault(span.key, shown, self.lang)):
                self.leave(place, shown, _sentence_at(text, span.start), f"{reason} ({span.key})")
            self.held[f"{self.document}: {span.proof or 'ordinal'}"] += 1
        annexes = len(self.definition.raw.get("annexes", ()))
        covers = [(span.start, span.end) for span in spans]
        covers += [match.span(1) for match in _ANNEX.finditer(text) if 0 < int(match[1]) <= annexes]
        for phrase in self.known.phrases:
            found = (match.span() for match in re.finditer(_bounded(phrase), text.replace("’", "'")))
            covers += [span for span in found if not _overlap(covers, *span)]
        for one in (*read_numerals(text), *self.units.finditer(text)):
            if reason := self._unmarked(text, one, covers):
                self.leave(place, one[0], _sentence_at(text, one.start()), reason)

    def _unmarked(self, text: str, found: re.Match[str], covers: Sequence[tuple[int, int]]) -> str:
        """Why a numeral or name is left over; empty where it is covered, or was written so by hand."""
        begin, end = found.span()
        if any(start <= begin and end <= stop for start, stop in covers):
            return ""
        if _overlap(covers, begin, end):
            return "runs over the edge of a marked number"
        first = max([0, begin - 4, *(stop for _, stop in covers if stop <= begin)])
        last = min([len(text), end + 4, *(start for start, _ in covers if start >= end)])
        around, after = squeeze(text[first:last]), squeeze(text[begin:last])
        if not any(around in piece or piece.startswith(after) for piece in self.known.pieces):
            return f"neither marked nor written so by hand (…{text[first:last]}…)"
        calendar = any(match.start() <= begin < match.end() for match in CALENDAR.finditer(text))
        fine = calendar or found[0] in self.definition.unit_names or self._is_method(text, found)
        return "" if fine else "written by hand without a figure, a fact or a declared name"

    def _is_method(self, text: str, found: re.Match[str]) -> bool:
        """Whether a numeral states how figures are computed: 保留2位小数, × 100 %, a declared weight."""
        for match in _METHOD.finditer(text):
            if match.start() <= found.start() < match.end():
                kept = match[1] or match[2]
                return not kept or str(value_of(kept)) in {"2", *leaves(self.definition.raw, "decimals")}
        return bool(_WEIGHED.search(text)) and found[0] in {"1", *leaves(self.definition.raw, "weight")}


def _bounded(phrase: str) -> str:
    """A phrase where no digit goes on at either end: 1-2月 is not part of 11-2月."""
    before, after = r"(?<![\d.])" * phrase[0].isdigit(), r"(?![\d.])" * phrase[-1].isdigit()
    return before + r"\s?".join(map(re.escape, phrase.replace(" ", ""))) + after


def _overlap(covers: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(begin < end and start < last for begin, last in covers)


def _sentence_at(text: str, at: int) -> str:
    return next((m[0].strip() for m in _SENTENCE.finditer(text) if m.start() <= at < m.end()), text)
