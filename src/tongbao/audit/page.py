"""Reading a rendered page afresh: its blocks of text with the marked numbers in them, its tables, its charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "figcaption", "caption", "td", "th", "summary"})
_SILENT = frozenset({"script", "style", "svg", "template", "nav"})


@dataclass
class Element:
    """An element of the page; a child is an element or a piece of text."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = None

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, tag: str | None = None, name: str | None = None) -> Iterator[Element]:
        """Elements below with a tag and a class."""
        for element in self.walk():
            if (tag is None or element.tag == tag) and (name is None or name in element.classes):
                yield element

    def within(self, *names: str) -> Element | None:
        """The closest element around (or this one) with one of the classes."""
        element: Element | None = self
        while element is not None:
            if element.classes & set(names):
                return element
            element = element.parent
        return None

    def text(self) -> str:
        """All text, white space folded."""
        return " ".join("".join(_pieces(self)).split())


def _pieces(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _pieces(child)


@dataclass(frozen=True)
class Span:
    """A marked number or name in a block: its key and where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or cell as a reader sees it.

    ``references`` are the places of links to a numbered chart and the id of it; ``heading`` is the heading above.
    """

    text: str
    spans: tuple[Span, ...]
    references: tuple[tuple[int, int, str], ...]
    element: Element
    heading: str = ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self._open[-1])
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {n: v or "" for n, v in attrs}, parent=self._open[-1]))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_page(path: Path) -> Element:
    """The page as a tree, from its bytes as they lie in the site."""
    builder = _Builder()
    builder.feed(path.read_text("utf-8"))
    builder.close()
    return builder.root


def blocks_of(root: Element) -> list[Block]:
    """Every block of text in reading order; text that stands in no block element makes one of its own parent."""
    found: list[Block] = []
    heading = ""
    for element in _block_elements(root):
        block = _read(element, heading)
        if element.tag in ("h1", "h2", "h3", "h4"):
            heading = block.text
        if block.text:
            found.append(block)
    return found


def _block_elements(element: Element) -> Iterator[Element]:
    if element.tag in _SILENT:
        return
    own_text = any(isinstance(child, str) and child.strip() for child in element.children)
    nested = any(inner.tag in _BLOCKS for inner in element.walk() if inner is not element)
    if (element.tag in _BLOCKS or own_text) and not nested:
        yield element
        return
    for child in element.children:
        if isinstance(child, Element):
            yield from _block_elements(child)
        elif child.strip():
            yield Element("p", {}, [child], element)


def _read(element: Element, heading: str) -> Block:
    """Fold white space while keeping track of where marked numbers begin and end."""
    text: list[str] = []
    spans: list[Span] = []
    references: list[tuple[int, int, str]] = []

    def write(piece: str) -> None:
        for character in piece:
            if not character.isspace():
                text.append(character)
            elif text and text[-1] != " ":
                text.append(" ")

    def visit(node: Element) -> None:
        for child in node.children:
            if isinstance(child, str):
                write(child)
            elif child.tag not in _SILENT:
                start = len(text)
                visit(child)
                if "data-figure" in child.attributes:
                    spans.append(Span(child.attributes["data-figure"], start, len(text)))
                if child.attributes.get("href", "").startswith(("#fig-", "#tbl-")):
                    references.append((start, len(text), child.attributes["href"].removeprefix("#")))

    visit(element)
    while text and text[-1] == " ":
        text.pop()
    return Block("".join(text), tuple(spans), tuple(references), element, heading)
