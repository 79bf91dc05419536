"""Tables as files that read and write the same everywhere."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

_THEN = datetime(2000, 1, 1)  # noqa: DTZ001  # a workbook's dates have no zone


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV that a spreadsheet opens as UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def workbook_bytes(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """XLSX with a sheet each, numbers as numbers; the same bytes every time."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append(list(row))
    book.properties.created = book.properties.modified = _THEN
    made, same = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        ExcelWriter(book, archive).write_data()
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as written:
        for item in sorted(archive.namelist()):
            written.writestr(zipfile.ZipInfo(item, _THEN.timetuple()[:6]), archive.read(item), zipfile.ZIP_DEFLATED)
    return same.getvalue()
