"""The form in which a notebook cell hands its content to JupyterLab, Quarto and the embedded engine.

HTML takes ``text/html`` before ``text/markdown``; PDF and DOCX take ``text/markdown``, then ``image/svg+xml``. So
one output that offers several types gives each format its best form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WEB_ONLY = "<!-- shown on the page, not in print -->"


@dataclass(frozen=True)
class Part:
    """One output of a cell: its content by MIME type."""

    content: dict[str, Any]

    @classmethod
    def markdown(cls, text: str) -> Part:
        """The same Markdown for every format."""
        return cls({"text/markdown": text, "text/plain": text})

    @classmethod
    def web(cls, html: str) -> Part:
        """HTML that printed formats leave out."""
        return cls({"text/html": html, "text/markdown": WEB_ONLY, "text/plain": ""})


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
