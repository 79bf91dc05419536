"""What a page says to its readers, as text: what the search finds it by."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import NamedTuple

_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "data", "dfn", "em", "i", "kbd", "label", "mark", "q", "s", "samp"}
_INLINE |= {"small", "span", "strong", "time", "u", "var", "wbr"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_WITHOUT = {"script", "style", "svg", "template", "noscript", "select"}
_WITHOUT_CLASS = {"evidence-list", "chart-data", "downloads", "neighbours", "finding-evidence"}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


class PageText(NamedTuple):
    """A page's language, its title, a draft's marked so, and the blocks of its text, one a line, without the title."""

    lang: str
    title: str
    text: str


class _Open(NamedTuple):
    """An element that is open, and whether it is read: it stands in ``main``, and is not left out."""

    tag: str
    classes: str
    read: bool


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lang, self.title, self.blocks, self.said = "zh", "", list[str](), list[str]()
        self.path: list[_Open] = []
        self.mark = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.mark = given.get("data-mark") or self.mark  # of a draft, across each page
        if tag == "html":
            self.lang = "en" if (given.get("lang") or "").startswith("en") else "zh"
        if tag not in _INLINE:
            self.end_block()
        if tag not in _VOID:
            around = self.path[-1] if self.path else _Open("", "", read=False)
            classes = given.get("class") or ""
            left_out = tag in _WITHOUT or "hidden" in given or not _WITHOUT_CLASS.isdisjoint(classes.split())
            left_out |= tag == "thead" and "periods" in around.classes.split()  # the same on each unit's page
            self.path.append(_Open(tag, classes, read=not left_out and (around.read or tag == "main")))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.end_block()
        if any(one.tag == tag for one in self.path):
            while self.path.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.path and self.path[-1].read:
            self.said.append(data)

    def end_block(self) -> None:
        """What was read since the last block began is one."""
        if not self.said:
            return
        text = unicodedata.normalize("NFC", " ".join(_UNSEEN.sub("", "".join(self.said)).split()))
        self.said.clear()
        if text and not self.title and any(one.tag == "h1" for one in self.path):
            self.title = text
        elif text:
            self.blocks.append(text)


def read_text(page: str) -> PageText | None:
    r"""What a page says within ``main``; nothing where it has no title there.

    >>> read_text('<html lang="zh"><main><h1>通<span>报</span></h1><p>鹿城<b>区</b><td>7</td></main>')
    PageText(lang='zh', title='通报', text='鹿城区\n7')
    >>> read_text('<main><p data-mark="征求意见稿"></p><h1>通报</h1></main>').title
    '【征求意见稿】通报'
    """
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError:  # as Python's parser says of some that are no HTML
        return None
    reader.end_block()
    title = f"【{reader.mark}】{reader.title}" if reader.mark else reader.title
    return PageText(reader.lang, title, "\n".join(reader.blocks)) if reader.title else None
