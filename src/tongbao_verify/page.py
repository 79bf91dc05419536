"""A page read afresh with the standard library: a tree of elements, and its blocks of text with the marks in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from tongbao_verify.text import Span

_VOID = frozenset("area base br col embed hr img input link meta source wbr".split())
_BLOCKS = frozenset("p li h1 h2 h3 h4 dt dd figcaption caption td th summary text".split())
_SILENT = frozenset("script style template nav".split())
HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass
class Element:
    """An element of the page; a child is an element or a piece of text."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """Its children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def find(self, tag: str = "", name: str = "") -> Iterator[Element]:
        """This element and those below it, in document order, with a tag and a class."""
        if tag in ("", self.tag) and (not name or name in self.classes):
            yield self
        for child in self.elements:
            yield from child.find(tag, name)

    def around(self) -> Iterator[Element]:
        """This element and all around it, from the inside."""
        yield self
        if self.parent is not None:
            yield from self.parent.around()

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def within(self, *names: str) -> bool:
        """Whether it or an element around it has one of the classes."""
        return any(name in element.classes for element in self.around() for name in names)

    def text(self) -> str:
        """All text, white space folded."""
        return read(self).text


class Block(NamedTuple):
    """A paragraph, heading, cell or drawn text as a reader sees it; ``links`` are places with what they lead to."""

    text: str
    spans: list[Span]
    links: list[Span]
    element: Element
    heading: str

    @property
    def place(self) -> str:
        """How messages name it: the heading above and its first words."""
        return " › ".join(dict.fromkeys(filter(None, (self.heading, self.text[:13]))))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open[-1])
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, 0, -1):
            if self.open[index].tag == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(path: Path) -> Element:
    """The page as a tree."""
    builder = _Builder()
    builder.feed(path.read_text("utf-8"))
    builder.close()
    return builder.open[0]


def blocks_of(root: Element) -> Iterator[Block]:
    """Every block in reading order; text that stands in no block element makes one of its own."""
    heading = ""
    for element in _block_elements(root):
        block = read(element, heading)
        heading = block.text if element.tag in HEADINGS else heading
        if block.text or block.spans:
            yield block


def _block_elements(element: Element) -> Iterator[Element]:
    own_text = any(isinstance(child, str) and child.strip() for child in element.children)
    if (element.tag in _BLOCKS or own_text) and not any(e.tag in _BLOCKS for e in element.find() if e is not element):
        yield element
    elif element.tag not in _SILENT:
        for child in element.children:
            if isinstance(child, Element):
                yield from () if child.tag in _SILENT else _block_elements(child)
            elif child.strip():
                yield Element("p", {}, element, [child])


def read(element: Element, heading: str = "") -> Block:
    """A block's text with white space folded, and where the marks in it, or around all of it, begin and end."""
    text, spans, links = "", [], []

    def visit(node: Element) -> None:
        nonlocal text
        start = len(text)
        for child in node.children:
            if isinstance(child, str):
                folded = " ".join(f"|{child}|".split())[1:-1]
                text += folded.lstrip() if text.endswith(" ") or not text else folded
            elif child.tag not in _SILENT:
                visit(child)
        mark(node, start)

    def mark(node: Element, start: int) -> None:
        if "data-figure" in node.attributes:
            spans.append(Span(start, len(text), "figure", node.attributes["data-figure"]))
        if "data-proof" in node.attributes:
            proof, _, key = node.attributes["data-proof"].partition(" ")
            spans.append(Span(start, len(text), proof, key))
        if node.attributes.get("href", "").startswith("#"):
            links.append(Span(start, len(text), "link", node.attributes["href"][1:]))

    visit(element)
    text = text.rstrip()
    for outer in list(element.around())[1:]:
        mark(outer, 0)
    return Block(text, [span._replace(end=min(span.end, len(text))) for span in spans], links, element, heading)
