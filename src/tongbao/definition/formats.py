"""The forms a bulletin is published in: a further one is a record here and a function of the embedded engine."""

from __future__ import annotations

from dataclasses import dataclass

# How the files of data end that stand beside a page.
DATA_FILES = ("csv", "json", "xlsx")
_PRINT = ("text/markdown", "image/svg+xml", "image/png", "text/plain")


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """A form that a bulletin is published in.

    Arguments:
        name: in ``series.yml`` and on the command line; its files end so.
        writer: what Quarto, ``_quarto.yml`` and Pandoc call it.
        mimes: which of a cell's outputs it takes, the best first, as Quarto chooses them.
        label: what its download is called; ``None`` for the page that offers the downloads.
        drawings: whether it shows SVG; else it gets a picture of it.
        standards: those of PDF that it meets; where empty, what ``_quarto.yml`` says.
    """

    name: str
    writer: str
    mimes: tuple[str, ...]
    label: str | None = None
    drawings: bool = True
    standards: tuple[str, ...] = ()


# For the archives, with the data attached; made where a series or a command asks for it.
ARCHIVE = OutputFormat("archive.pdf", "typst", _PRINT, "PDF/A", standards=("a-3a", "ua-1"))
PAGE = OutputFormat("html", "html", ("text/html", *_PRINT))
FORMATS = {
    made.name: made
    for made in (
        PAGE,
        OutputFormat("pdf", "typst", _PRINT, "PDF"),
        # Word shows a drawing only beside a picture of it; the picture alone is shown everywhere.
        OutputFormat("docx", "docx", _PRINT, "Word", drawings=False),
        ARCHIVE,
    )
}
USUAL = tuple(name for name in FORMATS if name != ARCHIVE.name)
