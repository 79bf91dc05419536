"""An annex's table as a file of its own: CSV for programs, XLSX for people."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tongbao.basics.errors import legible
from tongbao.basics.rounding import decimals_of
from tongbao.bulletin.annexes import PrintedTable
from tongbao.bulletin.bulletin import Bulletin
from tongbao.words import WORDS

if TYPE_CHECKING:
    from openpyxl import Workbook

BOM = "\ufeff"  # by which Excel knows UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EPOCH = (2000, 1, 1, 0, 0, 0)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; numbers stay as they are.

    >>> harmless("=1+1"), harmless("-4.5"), harmless("-a"), harmless("甲县")
    ("'=1+1", '-4.5', "'-a", '甲县')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV with harmless texts; ``None`` is a blank."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        ["" if value is None else harmless(str(value)) for value in row] for row in rows
    )
    return out.getvalue()


def table_rows(bulletin: Bulletin, table: PrintedTable) -> list[list[str]]:
    """Header and rows as data: ranks named by what they rank, digits not set apart, blanks empty."""
    numbers = [heading.kind in ("figure", "rank") for heading in table.header]
    return [
        [heading.full(bulletin.lang) for heading in table.header],
        *(
            [cell.value.replace(",", "") if number else cell.value for cell, number in zip(row, numbers, strict=True)]
            for row in table.rows
        ),
    ]


def table_csv(bulletin: Bulletin, table: PrintedTable) -> bytes:
    """The table as CSV, UTF-8 with its mark."""
    return (BOM + csv_text(table_rows(bulletin, table))).encode()


def table_xlsx(bulletin: Bulletin, table: PrintedTable, title: str) -> bytes:
    """The table as a workbook under its title, source and what blanks mean; header and names stay in sight."""
    from openpyxl import Workbook  # `check` does without
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    words, book = WORDS[bulletin.lang], Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  # a new workbook has one
    why = words.comma.join(table.absences)
    issued = f"{bulletin.series.authority.get(bulletin.lang)} {bulletin.narrative.issued}"
    note = words.no_figure_note.format(mark=words.empty_cell, why=why) if why else ""
    above = [title, *filter(None, [issued, bulletin.narrative.notice, note])]
    rows = table_rows(bulletin, table)
    for at, line in enumerate([*([text] for text in above), *rows], start=1):
        for column, text in enumerate(line, start=1):
            cell = sheet.cell(at, column)
            if at > len(above) + 1 and _NUMBER.fullmatch(text):
                number = Decimal(text)
                cell.value, cell.number_format = number, "0." + "0" * decimals_of(number) if "." in text else "0"
            elif text:
                cell.value, cell.data_type = legible(text), "s"  # never a formula
    sheet["A1"].font = Font(bold=True, size=14)
    head, widths = len(above) + 1, [max(map(width_of, column)) for column in zip(*rows[1:], strict=True)] or [8]
    for column, width in enumerate(widths, start=1):
        sheet.cell(head, column).alignment = Alignment(wrap_text=True, vertical="bottom")
        sheet.cell(head, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(2 * width, 10) + 2, 60)
    if table.total is not None:
        for column in range(1, len(widths) + 1):
            sheet.cell(head + 1 + table.total, column).font = Font(bold=True)
    sheet.freeze_panes = sheet.cell(head + 1, table.name_at + 2).coordinate
    book.properties.title, book.properties.creator = title, bulletin.series.authority.get(bulletin.lang)
    book.properties.created = datetime.combine(bulletin.header.issued, time())
    return _same_bytes(book)


def width_of(text: str) -> float:
    """How wide a text is, in Chinese characters; others are half as wide.

    >>> width_of("浙南产业集聚区"), width_of("A3表")
    (7, 2.1)
    """
    return sum(1 if ord(character) > 0x2E7F else 0.55 for character in text)


def _same_bytes(book: Workbook) -> bytes:
    """The workbook without the time at which it was written."""
    from openpyxl.writer.excel import ExcelWriter

    written, kept = BytesIO(), BytesIO()
    ExcelWriter(book, ZipFile(written, "w")).save()
    created = book.properties.created.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with ZipFile(written) as source, ZipFile(kept, "w") as target:
        for name in source.namelist():
            data = _MODIFIED.sub(rb"\g<1>" + created, source.read(name))
            target.writestr(ZipInfo(name, _EPOCH), data, ZIP_DEFLATED)
    return kept.getvalue()
