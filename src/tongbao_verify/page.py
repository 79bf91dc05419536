"""What was published read afresh: a page's blocks of text with the marks in them, the text of a PDF and a Word file."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from tongbao_verify.formula import UnreadableError
from tongbao_verify.published import without_notice

_INLINE = frozenset(("a", "b", "br", "code", "em", "i", "img", "small", "span", "strong", "sub", "sup", "tspan", "u"))
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_SILENT = frozenset(("script", "style", "template", "nav"))
# And what a draft bears on each page.
_PAGE_NUMBER = re.compile(r"^(?:—\s*\d+\s*—|草稿|DRAFT|征求意见稿|DRAFT FOR COMMENT)$", re.MULTILINE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HYPHEN = "\ufffe"  # what pypdfium2 makes of a hyphen at the end of a line


class Span(NamedTuple):
    """A marked piece of a text: ``proof`` is ``figure``, what ``data-proof`` says, or empty; ``key`` what follows."""

    start: int
    end: int
    proof: str = ""
    key: str = ""


@dataclass(eq=False)
class Node:
    """An element of the page, each its own; ``start`` is where it begins in its block's text.

    ``around`` holds the tags and classes of all elements above it.
    """

    tag: str
    attributes: dict[str, str]
    start: int = 0
    around: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.names = {self.tag, *self.attributes.get("class", "").split()}
        self.inside = self.around | self.names

    def marks(self, end: int) -> Iterator[Span]:
        """What its attributes say of its text: ``data-figure``, ``data-proof``, a link inside the page."""
        figure, proof = self.attributes.get("data-figure"), self.attributes.get("data-proof")
        if figure is not None:
            yield Span(self.start, end, "figure", figure)
        if proof is not None:
            yield Span(self.start, end, proof.partition(" ")[0], proof.partition(" ")[2])
        if self.attributes.get("href", "").startswith("#"):
            yield Span(self.start, end, "link", self.attributes["href"][1:])


class Block(NamedTuple):
    """A paragraph, heading, cell or drawn text as a reader sees it, white space folded; ``path`` are its elements."""

    text: str
    spans: list[Span]
    path: list[Node]
    heading: str

    def inside(self, *names: str) -> Node | None:
        """The innermost element around it with one of the tags or classes."""
        if not self.path or self.path[-1].inside.isdisjoint(names):  # mostly so
            return None
        return next((node for node in reversed(self.path) if not node.names.isdisjoint(names)), None)

    @property
    def place(self) -> str:
        """How messages name it: the heading above and its first words."""
        return " › ".join(dict.fromkeys(filter(None, (self.heading, self.text[:13]))))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path: list[Node] = []
        self.spans: list[Span] = []
        self.blocks: list[Block] = []
        self.text = self.heading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self._end_block()
        around = self.path[-1].inside if self.path else frozenset()
        node = Node(tag, {name: value or "" for name, value in attrs}, len(self.text), around)
        if tag not in _VOID:
            self.path.append(node)
            told = node.attributes.keys() & {"aria-label", "data-figure"} and tag not in _INLINE
            if told and any(one.tag == "svg" for one in self.path):
                self.blocks.append(Block("", [], list(self.path), self.heading))
        elif node.attributes.get("name") == "description":
            self.blocks.append(Block(node.attributes["content"], [], [node], ""))

    def handle_endtag(self, tag: str) -> None:
        while self._may_be_in(tag) and any(node.tag == tag for node in self.path):
            if (node := self.path[-1]).tag in _INLINE:
                self.spans += node.marks(len(self.text))
            else:
                self._end_block(node)
            if self.path.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if not (self._may_be_in(*_SILENT) and any(node.tag in _SILENT for node in self.path)):
            folded = " ".join(f"|{data}|".split())[1:-1]
            self.text += folded.lstrip() if self.text.endswith(" ") or not self.text else folded

    def _may_be_in(self, *tags: str) -> bool:
        """Whether one of some tags stands around; or a class that is called so."""
        return bool(self.path) and not self.path[-1].inside.isdisjoint(tags)

    def _end_block(self, ended: Node | None = None) -> None:
        """What was read since the last block began is one, too; so is a table's cell without text."""
        text = self.text.rstrip()
        if text or self.spans or (ended and ended.tag in ("td", "th") and self.blocks[-1].path[-1] is not ended):
            around = [span for node in self.path if node.tag not in _INLINE for span in node.marks(len(text))]
            spans = [span._replace(end=min(span.end, len(text))) for span in (*self.spans, *around)]
            self.blocks.append(Block(text, spans, list(self.path), self.heading))
            self.heading = text if self.path and self.path[-1].tag in ("h1", "h2", "h3", "h4") else self.heading
        self.text, self.spans = "", []


def read_page(path: Path) -> list[Block]:
    """The blocks of a page in reading order."""
    builder = _Builder()
    try:
        builder.feed(without_notice(path.read_text("utf-8")))
        builder.close()
    except AssertionError as error:  # as Python's parser says of some that are no HTML
        raise ValueError(f"{path.name}: {error}") from None
    return builder.blocks


def read_pdf(path: Path) -> str:
    """A PDF's text without page numbers and the mark of a draft, which stand on every page."""
    try:
        import pypdfium2  # may be missing
    except ImportError:
        raise UnreadableError("needs pypdfium2") from None
    try:
        with pypdfium2.PdfDocument(path) as document:
            text = "\n".join(page.get_textpage().get_text_range() for page in document)
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"{path.name}: {error}") from None
    return _PAGE_NUMBER.sub("", text.replace("\r", "").replace(_HYPHEN, "-"))


def read_docx(path: Path) -> str:
    """A Word file's text, a paragraph a line, with its footnotes."""
    try:
        with zipfile.ZipFile(path) as archive:
            notes = [name for name in archive.namelist() if name == "word/footnotes.xml"]
            parts = [archive.read(name) for name in ("word/document.xml", *notes)]
            roots = [ET.fromstring(part) for part in parts]  # noqa: S314  # read for its text alone
    except Exception as error:  # noqa: BLE001  # what it is made of may be anything
        raise ValueError(f"{path.name}: {error}") from None
    paragraphs = (paragraph for root in roots for paragraph in root.iter(f"{_WORD}p"))
    return "\n".join("".join(one.text or "" for one in paragraph.iter(f"{_WORD}t")) for paragraph in paragraphs)
