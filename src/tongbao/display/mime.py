"""The form in which a notebook cell hands its content to JupyterLab, Quarto and the embedded engine.

HTML takes ``text/html`` before ``text/markdown``; PDF and DOCX take ``text/markdown``, then ``image/svg+xml``. So
one output that offers several types gives each format its best form. JupyterLab, too, takes HTML before Markdown; its
Markdown knows HTML, but neither Pandoc's ``:::`` and ``{#id}`` nor metadata, which therefore stand as HTML that shows
nothing (``block``, ``anchor``, ``Part.head``).
"""

from __future__ import annotations

import html as markup
import re
from dataclasses import dataclass
from typing import Any

_COMMENT = re.compile(r"<!--.*?-->|<(style|script|svg)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ENDS = re.compile(r"</(?:p|li|tr|h\d|dt|dd|summary|details|div)>|<br>")
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"^#+ +|\*\*|\\(?=[^\w\s])", re.MULTILINE)
HEAD = "<!-- head\n"
WEB_ONLY = "<!-- shown on the page, not in print -->"


def block(text: str, *, classes: str) -> str:
    """Markdown in a division of its own, which Pandoc knows by class and JupyterLab does not show."""
    return f'<div class="{classes}">\n\n{text}\n\n</div>'


def anchor(identifier: str, classes: str = "") -> str:
    """What gives the heading that begins with it an identifier and classes.

    >>> anchor("annex-1", "annex wide")
    '<span id="annex-1" class="annex wide"></span>'
    """
    shown = f' class="{classes}"' if classes else ""
    return f'<span id="{identifier}"{shown}></span>'


def raw_html(html: str) -> str:
    """HTML as metadata that Pandoc passes on to pages as it is: it takes a text that ends a line for blocks."""
    return f"```{{=html}}\n{_unfenced(html)}\n```\n"


def _unfenced(html: str) -> str:
    """HTML that ends no block of raw HTML around it, whatever stands in a cell."""
    return html.replace("```", "&#96;&#96;&#96;")


def as_read(text: str) -> str:
    """HTML or Markdown with HTML as a reader sees it, without markup.

    >>> as_read('<p>罚款<span class="x">42.5</span>万元 &lt;</p><!-- x -->')
    '罚款42.5万元 <'
    """
    bare = _TAG.sub("", _ENDS.sub("\n", _COMMENT.sub("", text)))
    return "\n".join(filter(None, (line.strip() for line in markup.unescape(bare).splitlines())))


@dataclass(frozen=True)
class Part:
    """One output of a cell: its content by MIME type."""

    content: dict[str, Any]

    @classmethod
    def markdown(cls, text: str) -> Part:
        """The same Markdown for every format."""
        return cls({"text/markdown": text, "text/plain": as_read(_SIGNS.sub("", _LINK.sub(r"\1", text)))})

    @classmethod
    def web(cls, html: str) -> Part:
        """HTML that printed formats leave out."""
        return cls({"text/html": html, "text/markdown": WEB_ONLY, "text/plain": as_read(html)})

    def __post_init__(self) -> None:
        if "text/html" in self.content:  # both engines put it into such a block
            self.content["text/html"] = _unfenced(self.content["text/html"])

    @classmethod
    def head(cls, metadata: str) -> Part:
        """A document's metadata, YAML; the theme's filter gives it to Pandoc."""
        return cls({"text/markdown": f"{HEAD}{metadata}-->\n", "text/plain": ""})

    @classmethod
    def in_notebook(cls, html: str) -> Part:
        """HTML for a notebook's reader alone; the theme's filter takes it out of the page."""
        return cls.web(f'<div class="in-notebook">{html}</div>')


@dataclass(frozen=True)
class Display:
    """What a cell returns: one or more outputs, published in order."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, *parts: Part) -> Display:
        """A display of these parts."""
        return cls(parts)

    @classmethod
    def section(cls, name: str, heading: str, *lines: str) -> Display:
        """A section that only the page has: its heading, then lines of HTML."""
        head = f'<section class="{name}" aria-labelledby="{name}">\n<h2 id="{name}">{heading}</h2>'
        return cls.of(Part.web("\n".join([head, *lines, "</section>"])))

    def _ipython_display_(self) -> None:
        from IPython.display import display  # only there inside a kernel

        for part in self.parts:
            display(part.content, raw=True)  # type: ignore[no-untyped-call]  # IPython has no types
