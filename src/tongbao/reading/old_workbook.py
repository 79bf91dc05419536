"""What an .xls file says beside its values: rows and columns that are hidden, number formats, errors."""

from __future__ import annotations

import os
from pathlib import Path

import xlrd
from xlrd.biffh import XL_CELL_ERROR, XL_CELL_NUMBER, error_text_from_code

from tongbao.basics.errors import DataError
from tongbao.reading.workbook import Scan, Shown, shown_by


def scan_old(path: Path, file: str) -> Scan:
    """Scan an .xls file; whoever calls this bounds the memory and time that it may take.

    A percentage is said to be shown otherwise: how it is kept, only an .xlsx file tells to all who read it.

    Raises:
        DataError: protected by a password, or not to be read.
    """
    scan = Scan()
    try:
        with Path(os.devnull).open("w") as remarks:
            book = xlrd.open_workbook(str(path), logfile=remarks, formatting_info=True)
            for sheet in book.sheets():
                _scan_sheet(book, sheet, scan)
    except Exception as error:  # noqa: BLE001  # of a damaged file it raises whatever comes
        if "encrypted" in str(error):
            raise DataError("workbook is protected by a password", place=file, hint="save it without one") from None
        hint = "open it in Excel or WPS and save it again as .xlsx"
        raise DataError(f"not a workbook that can be read: {error}", place=file, hint=hint) from None
    return scan


def _scan_sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet, scan: Scan) -> None:
    name = sheet.name
    scan.hidden_rows[name] = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    scan.hidden_columns[name] = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    errors, shown = scan.errors.setdefault(name, {}), scan.shown.setdefault(name, {})
    known: dict[int, Shown | None] = {}
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, kind in enumerate(kinds):
            if kind == XL_CELL_ERROR:
                errors[row, column] = error_text_from_code.get(values[column], "#VALUE!")
            elif kind == XL_CELL_NUMBER:
                style = sheet.cell_xf_index(row, column)
                if style not in known:
                    code = book.format_map[book.xf_list[style].format_key].format_str
                    known[style] = "otherwise" if shown_by(code) == "percentage" else shown_by(code)
                if how := known[style]:
                    shown[row, column] = how
