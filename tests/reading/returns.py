"""A good return in every form, to be read as it is or broken."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt

from conftest import ROOT
from tongbao.basics.period import Period

PERIOD = Period.parse("2021-01-to-02")
FOLDER = Path("data/raw/wenzhou-monthly/2021-01-to-02")
GOOD = list(csv.reader(io.StringIO((ROOT / FOLDER / "annex2.csv").read_text("utf-8"))))


def typed(text: str) -> object:
    """A cell as a person's workbook holds it: a number where it is one."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text or None


def workbook(rows: list[list[str]] | None = None) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附件2"
    for row in GOOD if rows is None else rows:
        sheet.append([typed(text) for text in row])
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    data = io.StringIO()
    csv.writer(data, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return data.getvalue()


def as_xls(
    rows: list[list[str]] | None = None, formats: Mapping[tuple[int, int], str] = {}, hidden: tuple[int, ...] = ()
) -> bytes:
    """An old workbook; cells with a number format by row and column, and rows that are hidden, all 0-based."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("附件2")
    for row, values in enumerate(GOOD if rows is None else rows):
        for column, text in enumerate(values):
            style = xlwt.easyxf(num_format_str=formats.get((row, column), "General"))
            if text.startswith("#"):
                sheet.row(row).set_cell_error(column, text)
            else:
                sheet.write(row, column, typed(text), style)
    for row in hidden:
        sheet.row(row).hidden = True
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def as_ods() -> bytes:
    def cell(text: str) -> str:
        value = typed(text)
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in GOOD)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="附件2">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.'
            'spreadsheet"/></manifest:manifest>',
        )
    return data.getvalue()


def strict(data: bytes) -> bytes:
    """A workbook as Excel saves it under "Strict Open XML"."""
    transitional = b"http://schemas.openxmlformats.org/"
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            for part in (b"spreadsheetml", b"officeDocument"):
                strict_name = b"http://purl.oclc.org/ooxml/" + part
                content = content.replace(transitional + part + b"/2006", strict_name)
            target.writestr(name, content)
    return output.getvalue()


def rezipped(data: bytes, **changes: object) -> bytes:
    """A workbook with parts of its archive changed; keys name a part's last component without its ending."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            change = changes.get(Path(name).stem)
            content = source.read(name)
            if change is None:
                target.writestr(name, content)
            elif callable(change):
                target.writestr(name, change(content))
    return output.getvalue()
