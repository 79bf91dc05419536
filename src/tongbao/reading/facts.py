"""Declared facts: figures and judgements that no table holds, each with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tongbao.basics.active import hidden_in
from tongbao.basics.errors import DataError
from tongbao.definition.model import Text
from tongbao.reading.cell import Cell, Source
from tongbao.reading.grid import read_sheets
from tongbao.reading.labels import BLANK_MARKS, normalise, read_number

_HEADERS = ("编号", "名称", "数值", "单位", "限定", "来源")
# What is meant as a number, and is words if it cannot be read as one: 1,20; 97.2% of what is no percentage; 1E+05.
_NUMERIC = re.compile(r"[-+]?[.,%‰⁄]*\d[.,%‰⁄\d]*(?:[eE][-+]?\d+)?")
# What may stand before a unit though it is no number: nothing, which is told otherwise, and a range.
_COUNTED = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(BLANK_MARKS)))})|\d[\d.]*[-–—~～至]\d[\d.]*")
# For an English edition: what the fact is, its words where it is no number, where it was published.
_ENGLISH = ("英文名称", "英文数值", "英文来源")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or judgement that no table holds, declared with its source.

    ``value`` is ``None`` for a fact in words; ``qualifier`` stands behind the figure (以上, 左右). ``words`` are the
    text of a fact in words, per language; of a number its digits (1200 for 1,200).
    """

    id: str
    name: Text
    words: Text
    value: Decimal | None
    unit: str
    qualifier: str
    source_document: Text
    cell: Cell

    @property
    def text(self) -> str:
        """The value as printed: words, or the digits of a number."""
        return self.words.zh

    @property
    def row(self) -> dict[str, str]:
        """What its row says, by header; of the English columns those that are filled."""
        zh = (self.id, self.name.zh, self.cell.text, self.unit, self.qualifier, self.source_document.zh)
        en = (self.name.en, self.words.en, self.source_document.en)
        return dict(zip(_HEADERS, zh, strict=True)) | {
            name: text for name, text in zip(_ENGLISH, en, strict=True) if text
        }


def read_facts(path: Path, file: str, errors: list[DataError]) -> dict[str, Fact]:
    """Read a period's facts: columns 编号, 名称, 数值, 单位, 限定, 来源, and three more for an English edition.

    Arguments:
        path: the CSV file.
        file: how messages name it.
        errors: takes what is wrong with single facts: no value, no source, an id that is doubled or cannot be used.

    Raises:
        DataError: the file cannot be read, or has other columns.
    """
    (sheet,) = read_sheets(path, file)
    header, *body = [[cell.text.strip() for cell in row] for row in sheet.rows] or [[]]
    if tuple(normalise(text) for text in header) not in (_HEADERS, _HEADERS + _ENGLISH):
        raise DataError(
            "not the columns of a facts file",
            place=f"{file} row 1",
            found=", ".join(header),
            expected=f"{', '.join(_HEADERS)}; or these and {', '.join(_ENGLISH)}",
        )
    facts: dict[str, Fact] = {}
    for number, row in enumerate(body, start=2):
        if any(row):
            fact = _fact(row, number, file, facts, errors)
            if fact is not None:
                facts[fact.id] = fact
    return facts


def _fact(row: list[str], number: int, file: str, facts: dict[str, Fact], errors: list[DataError]) -> Fact | None:
    fact_id, name, text, unit, qualifier, document, *english = row
    english_name, english_text, english_document = english or ("", "", "")
    value, unreadable = _number(text, unit)
    usable = "letters, digits and underscores, for use as fact.<id>"
    faults = (
        (fact_id in facts, "A", "a fact stands twice", fact_id, None),
        (not fact_id.isidentifier(), "A", "not a fact's id", fact_id, usable),
        (
            normalise(text) in BLANK_MARKS,
            "C",
            "a fact without a value",
            None,
            f"the value of {fact_id}: {name}{f', in {unit}' if unit else ''}",
        ),
        (unreadable is not None, "C", unreadable or "", text, "a number, or words"),
        (
            bool(unit) and value is None and unreadable is None and not _COUNTED.fullmatch(normalise(text)),
            "C",
            "words with a unit of measurement",
            text,
            f"a number in {unit}; what goes with it (约, 余, 以上) stands in the column 限定",
        ),
        (not document, "F", "a fact without a source", None, f"where {fact_id} was published or reported"),
    )
    found = [
        DataError(problem, place=f"{file} {column}{number}", found=what, expected=expected)
        for wrong, column, problem, what, expected in faults
        if wrong
    ]
    found += [
        DataError("a sign that is not seen", place=f"{file} {column}{number}", found=sign)
        for column, text in zip("ABCDEFGHI", row, strict=False)
        if (sign := hidden_in(text))
    ]
    errors += found
    if found:
        return None
    cell = Cell("facts", None, fact_id, text, value, Source(file, None, number, "C"))
    printed = text if value is None else format(value, "f")
    pairs = ((name, english_name), (printed, english_text), (document, english_document))
    called, words, published = (Text(zh=zh, en=en or None) for zh, en in pairs)
    return Fact(fact_id, called, words, value, unit, qualifier, published, cell)


def _number(text: str, unit: str) -> tuple[Decimal | None, str | None]:
    """The number of a fact, ``None`` of one in words; and what is wrong with what only looks like a number."""
    try:
        return read_number(text, unit), None
    except ValueError as error:
        return None, str(error) if _NUMERIC.fullmatch(normalise(text)) else None
