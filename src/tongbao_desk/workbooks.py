"""What the workbooks for counties share: a first sheet under its title, boxed cells, cells left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from tongbao.basics.errors import legible


def first_sheet(name: str, lines: Iterable[Sequence[object]]) -> tuple[Workbook, Worksheet]:
    """A new workbook and its sheet with some lines, the first of them its title."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = name
    for line in lines:
        append(sheet, line)
    sheet["A1"].font = Font(bold=True, size=14)
    return book, sheet


def append(sheet: Worksheet, line: Sequence[object]) -> None:
    """Add a row; texts stay texts, whatever they begin with, and hold no sign that a workbook cannot."""
    sheet.append([legible(one) if isinstance(one, str) else one for one in line])
    for cell in sheet[sheet.max_row]:
        if cell.data_type == "f":
            cell.data_type = "s"


def box(rows: Iterable[Iterable[Any]], *, colour: str = "000000", centred: bool = True) -> None:
    """Draw thin lines round cells and wrap their text."""
    side = Side(style="thin", color=colour)
    for row in rows:
        for cell in row:
            cell.border = Border(left=side, right=side, top=side, bottom=side)
            cell.alignment = Alignment(horizontal="center" if centred else None, vertical="center", wrap_text=True)


def unlock(*cells: Any) -> None:
    """Leave cells open on a protected sheet."""
    for cell in cells:
        cell.protection = Protection(locked=False)
