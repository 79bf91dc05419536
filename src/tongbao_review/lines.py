"""What a public page says in sentences, each told apart: findings in it, figures in it, words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tongbao_verify.page import Block, Node

# What says the same again, or leads about.
_ASIDE = frozenset(
    (
        "nav",
        "table",
        "svg",
        "contents",
        "chart-data",
        "downloads",
        "table-aside",
        "table-files",
        "evidence",
        "provenance",
    )
)
_HEADS = ("h1", "h2", "h3", "h4")
_END = re.compile(r"(?<=[。！？])(?![”）」』])|(?<=[^\d][.!?])\s+(?=\S)")
_FINDING, _FIGURE = "\ue000", "\ue001"
# Names and findings in a row: how many there are is no matter of words.
_ROW = re.compile(rf"([{_FINDING}{_FIGURE}])(?:(?:[、，；和]| and |, |; )+\1)+")


class Piece(NamedTuple):
    """A piece of a sentence: of a finding or a figure by ``key``, or words."""

    kind: str
    text: str
    key: str = ""


@dataclass(frozen=True)
class Line:
    """A sentence, heading or line of a page; ``anchor`` is where on the page, ``heading`` what stands above it."""

    pieces: tuple[Piece, ...]
    anchor: str
    heading: str

    @property
    def text(self) -> str:
        """As a reader sees it."""
        return "".join(piece.text for piece in self.pieces).strip()

    @property
    def words(self) -> str:
        """Its own words alone: findings and figures stand as marks, those in a row as one."""
        marks = {"finding": _FINDING, "figure": _FIGURE}
        return _ROW.sub(r"\1", "".join(marks.get(piece.kind, piece.text) for piece in self.pieces)).strip()

    @property
    def beside_findings(self) -> str:
        """What it says beside findings, figures included; nothing where these are all."""
        said = "".join(_FINDING if piece.kind == "finding" else piece.text for piece in self.pieces)
        return _ROW.sub(r"\1", said).strip() if re.search(r"\w", said.replace(_FINDING, "")) else ""

    def keys(self, kind: str) -> set[str]:
        """The findings or figures in it."""
        return {piece.key for piece in self.pieces if piece.kind == kind}


def read_lines(blocks: Sequence[Block], findings: Mapping[str, str]) -> list[Line]:
    """The lines of a page in reading order.

    Arguments:
        blocks: the page as the checker reads it.
        findings: each finding's sentence in the page's language, by id.
    """
    found, anchor = list[Line](), ""
    for block in _joined(blocks):
        heads, figure = block.path[-1].tag in _HEADS, block.inside("figure")
        if heads:
            anchor = next((own for node in reversed(block.path) if (own := node.attributes.get("id", ""))), anchor)
        here = figure.attributes.get("id", anchor) if figure else anchor
        above = "" if heads else block.heading
        found += [Line(pieces, here, above) for pieces in _sentences(_pieces(block, findings))]
    return found


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of the circular's own text; a key figure with its name is one."""
    last: tuple[Node, Block] | None = None
    for block in blocks:
        if not block.inside("main") or block.inside(*_ASIDE) or not block.text:
            continue
        card = block.inside("key-figure")
        if last and card is not last[0]:
            yield last[1]
            last = None
        if card is None:
            yield block
        elif last is None:
            last = card, block
        else:
            before = last[1]
            shift = len(before.text) + 1
            spans = [one._replace(start=one.start + shift, end=one.end + shift) for one in block.spans]
            last = card, before._replace(text=f"{before.text} {block.text}", spans=[*before.spans, *spans])
    if last:
        yield last[1]


def _pieces(block: Block, findings: Mapping[str, str]) -> Iterator[Piece]:
    text, taken = block.text, list[tuple[int, int, str, str]]()

    def take(start: int, end: int, kind: str, key: str) -> None:
        if start < end and all(end <= first or start >= last for first, last, *_ in taken):
            taken.append((start, end, kind, key))

    for name, sentence in sorted(findings.items(), key=lambda one: -len(one[1])):
        said = re.escape(" ".join(sentence.split())).replace(r"\ ", r"\s*")
        for match in re.finditer(said, text, re.IGNORECASE) if said else ():
            take(*match.span(), "finding", name)
    for span in block.spans:
        if span.proof == "figure":
            take(span.start, span.end, "figure", span.key)
    at = 0
    for start, end, kind, key in sorted(taken):
        yield Piece("words", text[at:start])
        yield Piece(kind, text[start:end], key)
        at = end
    yield Piece("words", text[at:])


def _sentences(pieces: Iterator[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Pieces in sentences: only words end one."""
    own: list[Piece] = []
    for piece in pieces:
        first, *others = _END.split(piece.text) if piece.kind == "words" else [piece.text]
        own.append(piece._replace(text=first))
        for text in others:
            yield tuple(own)
            own = [piece._replace(text=text)]
    if any(piece.text.strip() for piece in own):
        yield tuple(own)
