"""What is printed, held to the page: PDF by ``pypdfium2`` where it is there, Word files by the standard library."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from tongbao_verify.document import Print
from tongbao_verify.numerals import read_numerals
from tongbao_verify.raw import UnreadableError
from tongbao_verify.text import Reader, squeeze

_PAGE_NUMBER = re.compile(r"^—\s*\d+\s*—$", re.MULTILINE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HYPHEN = "\ufffe"  # what pypdfium2 makes of a hyphen at the end of a line


def read_pdf(path: Path) -> str:
    """A PDF's text without page numbers; UnreadableError where ``pypdfium2`` is not installed."""
    try:
        import pypdfium2  # noqa: PLC0415  # may be missing
    except ImportError:
        raise UnreadableError("needs pypdfium2") from None
    with pypdfium2.PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return _PAGE_NUMBER.sub("", text.replace("\r", "").replace(_HYPHEN, "-"))


def read_docx(path: Path) -> str:
    """A Word file's text, a paragraph a line."""
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314  # the bulletin's own file
    return "\n".join("".join(one.text or "" for one in part.iter(f"{_WORD}t")) for part in root.iter(f"{_WORD}p"))


def check_paper(text: str, prints: Iterable[Print], reader: Reader) -> None:
    """Find each block of the page in print, the longest first; the numerals and names that remain are left over."""
    rest = squeeze(text)
    for said in sorted(prints, key=lambda one: -len(squeeze(one.text))):
        wanted = squeeze(said.text)
        if wanted in rest:
            rest = rest.replace(wanted, "\n", -1 if said.often else 1)
        elif said.required and (found := read_numerals(said.text) or reader.units(said.text)):
            reader.leave(said.place, found[0].text, said.text, "not printed in these words")
        reader.account.held[f"{reader.document}: blocks"] += 1
    for found_here in (*read_numerals(rest), *reader.units(rest)):
        around = rest[max(0, found_here.start - 12) : found_here.end + 12].replace("\n", " ")
        reader.leave("text", found_here.text, around, "the page does not say this")
