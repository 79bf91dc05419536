"""Marked text: sentences in which every figure and name knows what backs it.

A template is rendered once. Each figure in it prints as ``␂key␃text␄`` in private-use characters, so that
the same string gives plain text, HTML with spans, and the list of what backs the sentence, in order.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text that prints with its key; ``full`` adds unit and qualifier (15%左右)."""

    key: str
    text: str
    suffix: str = ""

    def __str__(self) -> str:
        return f"{_OPEN}{self.key}{_MIDDLE}{self.text}{_CLOSE}"

    @property
    def full(self) -> Mark:
        """The figure with its unit and qualifier."""
        return Mark(self.key, self.text + self.suffix)


def plain(marked: str) -> str:
    """The text without its marks.

    >>> plain(f"共{Mark('248', '248')}家次")
    '共248家次'
    """
    return _MARK.sub(r"\2", marked)


def keys(marked: str) -> list[str]:
    """What backs a text, in order, without repeats."""
    return list(dict.fromkeys(key for key, _ in _MARK.findall(marked)))


def to_html(marked: str, titles: dict[str, str] | None = None) -> str:
    """The text with a span for each figure, which carries its key and, in ``title``, its calculation.

    Only the marks become markup; the text between them is left as it is (it may be Markdown).

    >>> to_html(f"共{Mark('fact.inspections', '248')}家次")
    '共<span class="figure-value" data-figure="fact.inspections">248</span>家次'
    """

    def span(match: re.Match[str]) -> str:
        key, text = match.groups()
        title = (titles or {}).get(key)
        explained = f' title="{html.escape(title)}"' if title else ""
        kind = "unit-name" if key.startswith("unit.") else "figure-value"
        return f'<span class="{kind}" data-figure="{html.escape(key)}"{explained}>{text}</span>'

    return _MARK.sub(span, marked)
