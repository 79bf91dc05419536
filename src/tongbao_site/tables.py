"""Tables as files that read and write the same everywhere."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sheet.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="sheet.xml"/></Relationships>',
}
_HEAD = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV that a spreadsheet opens as UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def workbook_bytes(rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> bytes:
    """XLSX of one sheet, the columns of these headers as numbers; written here, since openpyxl takes seconds for it."""
    sheet = f"{_HEAD}{''.join(_rows(rows, numbers))}</sheetData></worksheet>"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in {**_PARTS, "xl/sheet.xml": sheet}.items():
            content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _rows(rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> Iterator[str]:
    are_numbers = [False] * len(rows[0]) if rows else []
    for row in rows:
        yield f"<row>{''.join(map(_cell, row, are_numbers))}</row>"
        are_numbers = [name in numbers for name in rows[0]]


@lru_cache(2**14)
def _cell(text: str, is_number: bool) -> str:
    if not text:
        return "<c/>"
    if is_number and _NUMBER.fullmatch(text):
        return f"<c><v>{text}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
