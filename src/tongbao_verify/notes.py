"""Footnotes of texts written by hand: numbered in order on the page; of print a PDF has the numbers, Word none."""

import re
from collections.abc import Iterator

from tongbao_verify.page import Block, Span

_REFERENCE, _BACK = re.compile(r"fn(\d+)"), re.compile(r"fnref\d+")
_NOTED = re.compile("\ue000(\\d+)\ue001")  # a note's number in what must be in print


def references(block: Block) -> Iterator[tuple[Span, str]]:
    """The numbers of notes in a text, each with the number of the note that it leads to."""
    for span in block.spans:
        if span.proof == "link" and (match := _REFERENCE.fullmatch(span.key)):
            yield span, match[1]


def with_numbers(block: Block, *, begins: bool) -> str:
    """A text for print: numbers of notes between two signs, also where a note ``begins``, and no link back from it."""
    text, note = block.text, block.inside("li") if begins else None
    pieces = [(span, f"\ue000{number}\ue001") for span, number in references(block)]
    pieces += [(span, "") for span in block.spans if span.proof == "link" and _BACK.fullmatch(span.key)]
    for span, piece in sorted(pieces, reverse=True):
        text = text[: span.start] + piece + text[span.end :]
    own = _REFERENCE.fullmatch(note.attributes.get("id", "")) if note else None
    return f"\ue000{own[1]}\ue001{text}" if own else text


def in_print(text: str, *, numbered: bool) -> str:
    """Such a text as print has it, with the numbers of its notes or without."""
    return _NOTED.sub(r"\1" if numbered else "", text)
