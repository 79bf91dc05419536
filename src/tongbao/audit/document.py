"""The page as a whole: which text is what, and what must stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tongbao.audit.arithmetic import printed
from tongbao.audit.books import Amount, Books, UnknownNameError
from tongbao.audit.issues import QUALITY
from tongbao.audit.known import squeeze
from tongbao.audit.numerals import read_numerals, value_of
from tongbao.audit.page import Block, Element, blocks_of
from tongbao.audit.quality import audit_lines
from tongbao.audit.tables import audit_annexes, audit_charts
from tongbao.audit.text import Reader
from tongbao.audit.words import capital, frame, in_full
from tongbao.basics.errors import DataError

# Read by other modules: the reviewers' section on chance, charts and tables.
_WEB_ONLY = (
    "robustness", "main-points", "key-figures", "notes", "evidence", "provenance", "chart", "annex-table", "downloads",
)  # fmt: skip
_LEVELS = {"h2": 0, "h3": 1, "h4": 2}


@dataclass(frozen=True)
class Circular:
    """What the page says in print, too: blocks with the place they stand at, and the texts of drawings."""

    blocks: tuple[tuple[str, str], ...]
    drawn: tuple[str, ...]
    captions: tuple[str, ...]
    words: str


def audit_page(root: Element, reader: Reader, record: Mapping[str, Any], compared: Sequence[Books]) -> Circular:
    """Account for every text of a page.

    Arguments:
        root: the page as read.
        reader: writes into the account.
        record: ``findings.json``.
        compared: the books of the periods that changes are stated against.

    Raises:
        DataError: the page has no main part.
    """
    main = next(root.find("main"), None)
    if main is None:
        raise DataError("not a bulletin's page: no main part", place="html")
    blocks = blocks_of(main)
    in_print: list[tuple[str, str]] = []
    captions: list[str] = []
    lines: list[tuple[str, str]] = []
    points = 0
    ids = [element.attributes.get("id", "") for element in main.walk()]
    figures = list(dict.fromkeys(one for one in ids if one.startswith("fig-") and "-caption" not in one))
    said = edition_of(record, reader.lang)
    for block in blocks:
        around = block.element.within(*_WEB_ONLY)
        place = _place(block)
        if around is None:
            _references(block, figures, place, reader)
            references = [(start, end) for start, end, _ in block.references]
            reader.read(block.text, block.spans, place, references=references,
                        heading=_LEVELS.get(block.element.tag))  # fmt: skip
            if block.element.tag == "figcaption":
                captions.append(block.text)
                _numbered(block.text, len(captions), place, reader)
            else:
                in_print.append((place, block.text))
        elif "main-points" in around.classes:
            reader.read(block.text, block.spans, place)
            if block.element.tag == "li":
                _same_as_record(block, points, said["main_points"], reader)
                points += 1
        elif "key-figures" in around.classes and "change" not in block.element.classes:
            reader.read(block.text, block.spans, place)
        elif "notes" in around.classes and block.heading == QUALITY[reader.lang] and block.element.tag == "li":
            lines.append((place, block.text))
        elif "notes" in around.classes:
            reader.read(block.text, block.spans, place)
    if (issues := reader.backing.books.issues) is not None:
        audit_lines(lines, issues, reader)
    _changes(main, reader, compared)
    audit_annexes(main, reader)
    drawn = audit_charts(main, reader)
    _evidence(main, reader, record)
    _provenance(main, reader)
    _description(root, reader, said["main_points"])
    return Circular(tuple(in_print), tuple(drawn), tuple(captions), squeeze(" ".join(b.text for b in blocks)))


def _references(block: Block, figures: Sequence[str], place: str, reader: Reader) -> None:
    """A reference gives the number of the figure it leads to."""
    for start, end, target in block.references:
        number = figures.index(target) + 1 if target in figures else 0
        _numbered(block.text[start:end], number, place, reader)


def _numbered(text: str, number: int, place: str, reader: Reader) -> None:
    shown = next((numeral.text for numeral in read_numerals(text)), "")
    if shown != str(number):
        reader.leave(place, shown or text, text, f"this is figure {number}")


def audit_required(words: str, reader: Reader) -> None:
    """What was written by hand stands on the page, numeral by numeral; ``words`` is the page's text, squeezed."""
    for piece in reader.known.pieces:
        if not piece.required:
            continue
        for numeral in read_numerals(piece.text):
            window = piece.text[max(0, numeral.start - 6) : numeral.end + 6]
            if window not in words:
                reader.leave(piece.place, numeral.text, piece.text, f"the page does not say …{window}…: build it again")


def _place(block: Block) -> str:
    heading = "" if block.heading == block.text else block.heading
    return " › ".join(filter(None, [heading, f"{block.text[:12]}…" if len(block.text) > 13 else block.text]))


def edition_of(record: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    """What ``findings.json`` has of an edition's head: title, main points."""
    found: Mapping[str, Any] = record if record["lang"] == lang else record["editions"].get(lang, {"main_points": []})
    return found


def _same_as_record(block: Block, index: int, points: Sequence[str], reader: Reader) -> None:
    right = points[index] if index < len(points) else "no such point"
    if squeeze(block.text) != squeeze(right):
        reader.leave("findings.json: main_points", right, block.text, "the page says otherwise")


def _changes(main: Element, reader: Reader, compared: Sequence[Books]) -> None:
    """The change under each key figure, worked out against each period that it may be stated against."""
    changes = list(main.find("dd", "change"))
    for declared, element in zip(reader.backing.books.series.key_figures, changes, strict=False):
        now = reader.backing.books.value(declared.value)
        allowed: dict[tuple[Fraction | None, bool], str] = {}
        for books in compared:
            try:
                before = books.value(declared.value).value
            except UnknownNameError:  # a fact that the other period does not declare
                continue
            if now.value is None or before is None:
                continue
            change = now.value - before
            backing = f"{now.text} against {float(before):g}"
            allowed[Fraction(printed(abs(change), 2)), change > 0] = backing
            if before:
                allowed[Fraction(printed(abs(change) / before * 100, 1)), change > 0] = backing
        text, place = element.text(), f"key figure {declared.label.get(reader.lang)}"
        for numeral in read_numerals(text):
            backing = allowed.get((value_of(numeral.text), frame("rise", reader.lang) in text), "")
            if backing:
                reader.enter(place, numeral.text, "computed", backing)
            else:
                reader.leave(place, numeral.text, text, "no such change against another period")


def _evidence(main: Element, reader: Reader, record: Mapping[str, Any]) -> None:
    """数字溯源: each entry's value, calculation and cells; each sentence is the one on record."""
    sentences = {f"finding-{finding['id']}": finding["text"][reader.lang] for finding in record["findings"]}
    for section in main.find("section", "evidence"):
        for details in section.find("details"):
            summary = next(details.find("summary")).text()
            sentence = sentences.get(details.attributes.get("id", ""))
            right = frame("sentence", reader.lang).format(capital(sentence or ""))
            if sentence is not None and squeeze(summary) != squeeze(right):
                reader.leave(frame("evidence", reader.lang), summary, summary, f"findings.json says {sentence}")
        for entry in section.find(name="figure-evidence"):
            _entry(entry, reader)


def _entry(entry: Element, reader: Reader) -> None:
    key = entry.attributes.get("data-evidence", "")
    place = f"{frame('evidence', reader.lang)}, {key}"
    amount = reader.backing.amount(key)
    shown = next(entry.find("b")).text()
    words = entry.text()
    if amount is None:
        reader.leave(place, shown, words, f"nothing backs the key {key}")
    elif shown != (in_full(amount, reader.lang) or frame("blank", reader.lang)) and not (
        reader.backing.fact_in_words(key, shown, reader.lang)
    ):
        reader.leave(place, shown, words, f"recomputed {amount.text or 'blank'}{amount.unit}: {amount.backing}")
    else:
        reader.enter(place, shown, amount.kind, amount.backing)
    for calculation in entry.find("p", "calculation"):
        text = calculation.text()
        if amount is None or not reader.backing.calculates(amount, text):
            reader.leave(place, text, words, "the calculation does not hold")
    _words_of_entry(entry, key, amount, reader, place)
    file = ""
    for element in entry.walk():
        if "file" in element.classes:
            file = element.text()
        elif element.tag == "li":
            _place_of_cell(element.text(), file, place, reader)


def _words_of_entry(entry: Element, key: str, amount: Amount | None, reader: Reader, place: str) -> None:
    """Numerals in an entry's name, formula and source: those of the declared formula and names."""
    books = reader.backing.books
    named = key.removeprefix("fact.") if key.startswith("fact.") else ""
    fact = books.received.facts.get(named)
    formula = amount.formula if amount else ""
    periods = [books.period for books in reader.backing.all_books if books.period]
    facts = [other for other in books.received.facts.values() if f"fact.{other.id}" in (key, *formula.split())]
    lang = reader.lang
    allowed = [*(other.name.get(lang) for other in facts),
               *(parameter.label.get(lang) for parameter in books.series.parameters.values()),
               *(column.measure_name(lang) for column in books.series.columns.values()),
               *(indicator.label.get(lang) for indicator in books.series.indicators.values()), formula,
               *_declared(key, reader)]  # fmt: skip
    known = {numeral.text for text in allowed for numeral in read_numerals(text)}
    for element in (*entry.find("p", "figure-name"), *entry.find("p", "formula")):
        text = element.text()
        if fact and text.startswith(frame("source", lang)):
            document = fact.source_document.get(lang)
            if text != frame("source", lang) + " ".join(document.split()):
                reader.leave(place, text, text, f"the source is {document}")
            continue
        value = next((value.text() for value in element.find("b")), "")
        text = text.removesuffix(value) if value else text
        for period in periods:  # 上年同期 is named by its label, and by its id in a formula
            text = text.removeprefix(period.label(lang)).replace(f"~{period}", "")
        for numeral in read_numerals(text):
            if numeral.text not in known:
                reader.leave(place, numeral.text, text, f"neither in the formula {formula} nor in its names")


def _declared(key: str, reader: Reader) -> Iterator[str]:
    """The formulas that a finding's figures are made of: those of its rule and of the indicators it names."""
    rule, series = reader.backing.rule_of(key), reader.backing.books.series
    for _, expression in series.findings[rule].expressions() if rule else ():
        yield expression
        yield from (indicator.formula for name, indicator in series.indicators.items() if name in expression)


def _place_of_cell(text: str, file: str, place: str, reader: Reader) -> None:
    lang = reader.lang
    counted = reader.backing.counted_cell(text, file, lang)
    if counted is not None:
        reader.enter(place, counted.text.strip(), "cell", str(counted.source))
        return
    at = re.search(frame("cell", lang), text)
    sheet = re.search(r" \[(.*)\]$", file)
    name = file.removesuffix(sheet[0]) if sheet else file
    series = reader.backing.books.series
    held = at and reader.backing.cell_at(name, sheet[1] if sheet else None, int(at[1]), at[2])
    if not at or not held:
        reader.leave(place, text, text, f"{file} has no such cell")
        return
    words = [series.unit(held.unit).name(lang)] if held.unit else []
    words += [series.columns[held.column].measure_name(lang)] if held.column in series.columns else []
    right = " ".join([*words, held.text.strip() or frame("blank", lang)])
    if text[: at.start()].strip() != " ".join(right.split()):
        reader.leave(place, text, text, f"{held.source}: {right}")
    elif held.value is not None:
        reader.enter(place, held.text.strip(), "cell", str(held.source))


def _provenance(main: Element, reader: Reader) -> None:
    books, place = reader.backing.books, frame("provenance", reader.lang)
    for section in main.find("section", "provenance"):
        for row in section.find("tr"):
            cells = [cell.text() for cell in row.find("td")]
            if len(cells) != 2:
                continue
            digest = books.received.files.get(cells[0])
            name = re.search(frame("parameter", reader.lang), cells[0])
            if digest is not None and not digest.startswith(cells[1]):
                reader.leave(place, cells[1], " ".join(cells), f"the file is now {digest[:12]}")
            elif digest is None and name and name[1] in books.parameters:
                value = format(books.parameters[name[1]], "f")
                if cells[1].partition(frame("default", reader.lang))[0] != value:
                    reader.leave(place, cells[1], " ".join(cells), f"parameter {name[1]} was {value}")
                else:
                    reader.enter(place, value, "parameter", f"parameter {name[1]}")


def _description(root: Element, reader: Reader, points: Sequence[str]) -> None:
    """The page's description for search engines repeats the first main point."""
    for element in root.find("meta"):
        if element.attributes.get("name") == "description":
            said = element.attributes.get("content", "")
            if squeeze(said) != squeeze(points[0]):
                reader.leave("description", said, said, f"the first main point is {points[0]}")
