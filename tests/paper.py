"""Where things stand on the pages of a PDF, in millimetres from the upper left corner of the sheet."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pypdfium2

_POINTS = 72 / 25.4
_NOTICE_ENDS = 24  # mm below the edge; the head of a letter begins at 30, a turned page at 28


class Box(NamedTuple):
    """The ink of some text or of a drawn shape."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def _around(boxes: list[Box]) -> Box:
    pages, left, top, right, bottom = zip(*boxes, strict=True)
    return Box(pages[0], min(left), min(top), max(right), max(bottom))


@dataclass(frozen=True)
class Paper:
    """A PDF as printed; pages count from 1."""

    path: Path

    @cached_property
    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page."""
        sizes = (page.get_size() for page in pypdfium2.PdfDocument(self.path))
        return [(width / _POINTS, height / _POINTS) for width, height in sizes]

    @cached_property
    def ink(self) -> list[tuple[str, Box]]:
        """Every character that is not white space, without the notice at the head of each page."""
        found = []
        for number, page in enumerate(pypdfium2.PdfDocument(self.path), start=1):
            textpage, height = page.get_textpage(), page.get_height()
            for index in range(textpage.count_chars()):
                sign = textpage.get_text_range(index, 1)
                if sign.strip():
                    left, bottom, right, top = (edge / _POINTS for edge in textpage.get_charbox(index))
                    found.append((sign, Box(number, left, height / _POINTS - top, right, height / _POINTS - bottom)))
        return [one for one in found if one[1].bottom > _NOTICE_ENDS]

    def text(self, words: str, nth: int = 0) -> Box:
        """Where words stand that are on one line; the ``nth`` time that they come."""
        whole, at = "".join(sign for sign, _ in self.ink), -1
        assert len(whole) == len(self.ink)
        for _ in range(nth + 1):
            at = whole.index(words, at + 1)
        return _around([box for _, box in self.ink[at : at + len(words)]])

    def lines(self, page: int, over: float = 3.5) -> list[Box]:
        """The lines of text with Chinese characters at least ``over`` high, from the top down; signs do not count."""
        rows: list[list[Box]] = []
        signs = (box for sign, box in self.ink if box.page == page and "\u4e00" <= sign <= "\u9fff")
        for box in sorted(signs, key=lambda box: box.top + box.bottom):
            if rows and box.top + box.bottom < 2 * rows[-1][0].bottom:
                rows[-1].append(box)
            else:
                rows.append([box])
        return [row for row in map(_around, rows) if row.bottom - row.top >= over]

    def strokes(self, page: int) -> Iterator[tuple[float, Box]]:
        """What is drawn: the width of its line in points, and where it is."""
        height, width = self.sizes[page - 1][1], ctypes.c_float()
        kinds = [pypdfium2.raw.FPDF_PAGEOBJ_PATH]
        for shape in pypdfium2.PdfDocument(self.path)[page - 1].get_objects(filter=kinds):
            pypdfium2.raw.FPDFPageObj_GetStrokeWidth(shape, width)
            left, bottom, right, top = (edge / _POINTS for edge in shape.get_bounds())
            yield width.value, Box(page, left, height - top, right, height - bottom)

    def rules(self, page: int) -> list[Box]:
        """The horizontal rules at least 100 mm long, from the top down."""
        drawn = (box for _, box in self.strokes(page) if box.right - box.left > 100 and box.bottom - box.top < 2)
        return sorted(drawn, key=lambda box: box.top)
