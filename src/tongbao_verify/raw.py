"""Raw files read afresh: CSV in any usual encoding with Python alone, workbooks where ``python_calamine`` is there.

A cell is found by its row's label and its column's header, as a person would find it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from tongbao_verify.definition import Definition, fold, said
from tongbao_verify.formula import UnreadableError, Value

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
TOTAL = "total"
_TOTALS = ("合计", "总计", "合计数")
_BLANKS = ("", "/", "-", "--", "—", "——", "–", "无数据")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_UNIT = re.compile(r"\(([^()]*)\)$|(%)$")

Rows = list[list[str]]
Sheets = dict[str | None, Rows]


class Cell(NamedTuple):
    """A cell as received and where it stands: 1-based row, column letter; ``sheet`` is ``None`` in a text file."""

    text: str
    sheet: str | None
    row: int
    column: str


def read_sheets(path: Path) -> Sheets:
    """The cells of each sheet as text; a text file is one sheet without a name."""
    if path.suffix.lower() in SUFFIXES[:3]:
        return {None: _read_text(path.read_bytes())}
    try:
        return _read_workbook(path)
    except ImportError as error:
        raise UnreadableError(f"needs {error.name}") from None
    except Exception as error:  # noqa: BLE001  # each library raises errors of its own
        raise UnreadableError(str(error)) from None


def _read_text(data: bytes) -> Rows:
    """UTF-8 with or without its mark, UTF-16 with its mark, else GB 18030; commas, tabs or semicolons."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count)))


def _read_workbook(path: Path) -> Sheets:
    from python_calamine import CalamineWorkbook  # may be missing

    percentages, sheets = _percentages(path) if path.suffix in (".xlsx", ".xlsm") else set(), Sheets()
    with CalamineWorkbook.from_path(path) as workbook:
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            rows = sheets[name] = [
                [_text(value, 100 if (name, row, column) in percentages else 1) for column, value in enumerate(values)]
                for row, values in enumerate(sheet.to_python(skip_empty_area=False))
            ]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return sheets


def _percentages(path: Path) -> set[tuple[str, int, int]]:
    """The cells that Excel shows as percentages: it keeps 12.5 % as 0.125."""
    from openpyxl import load_workbook  # may be missing

    return {
        (sheet.title, row, column)
        for sheet in load_workbook(path).worksheets
        for row, cells in enumerate(sheet.iter_rows())
        for column, cell in enumerate(cells)
        if "%" in cell.number_format
    }


def _text(value: object, times: int) -> str:
    """A value as text; a workbook's number has fifteen digits, without the noise of binary floating point."""
    if isinstance(value, float):
        return format((Decimal(format(value, ".15g")) * times).normalize(), "f")
    return "" if value is None else str(value)


def read_table(sheets: Sheets, name: str, definition: Definition) -> dict[tuple[str, str], Cell]:
    """The cells of a declared table by scope (a unit's id, or ``total``) and column."""
    table, columns = definition.tables[name], definition.columns_of(name)
    headers = [fold(definition.columns[column]["header"]) for column in columns]
    scopes = {fold(text): unit for text, unit in definition.unit_names.items()}
    scopes |= dict.fromkeys(filter(None, (*_TOTALS, fold(said(table.get("total_row"))))), TOTAL)
    unit_header = fold(said(table.get("unit_header", "单位")))
    best: tuple[str | None, int, int, dict[int, int]] = (None, 0, 0, {})
    for sheet, rows in sheets.items():
        for body, labels in _labels(rows):
            at = next((index for index, label in enumerate(labels) if unit_header in label), None)
            if at is not None and len(found := _places(labels, headers, at)) > len(best[3]):
                best = (sheet, body, at, found)
    sheet, body, at, places = best
    if not places:
        raise UnreadableError(f"no header of table {name}")
    cells: dict[tuple[str, str], Cell] = {}
    for number, row in enumerate(sheets[sheet][body:], start=body + 1):
        scope = scopes.get(fold(row[at])) if at < len(row) else None
        if not any(map(fold, row[at : at + 1])) and TOTAL in [scopes.get(fold(text)) for text in row[:at]]:
            scope = TOTAL  # 合计 in a column before the names
        for index, place in places.items() if scope else ():
            text = row[place] if place < len(row) else ""
            cells.setdefault((str(scope), columns[index]), Cell(text, sheet, number, letter(place)))
    return cells


def _labels(rows: Rows) -> Iterator[tuple[int, list[set[str]]]]:
    """Every place below which a table may begin, and how each column's header may be read there.

    A header over several rows reads as all of it, top down, a merged cell once; or as its last row alone.
    """
    for first in range(min(30, len(rows))):
        for body in range(first + 1, min(first + 3, len(rows)) + 1):
            columns = ([row[at] for row in rows[first:body] if at < len(row)] for at in range(max(map(len, rows))))
            parts = [list(dict.fromkeys(filter(None, map(fold, column)))) for column in columns]
            yield body, [{"".join(part), *part[-1:]} for part in parts]


def _places(labels: list[set[str]], headers: list[str], at: int) -> dict[int, int]:
    """The place of each header, by its number; one that several columns have (排序) belongs to the column before it."""
    found: dict[int, int] = {}
    before = at
    for number, header in enumerate(headers):
        first = before + 1 if headers.count(header) > 1 else 0
        free = [index for index in range(first, len(labels)) if index != at and index not in found.values()]
        fits = [index for index in free if header in labels[index]]
        fits = fits or [index for index in free if any(_same(header, label) for label in labels[index])]
        if fits:
            found[number] = before = fits[0]
    return found


def _same(header: str, label: str) -> bool:
    """Whether two headers differ at most in whether the unit of measurement is given behind them."""
    units = [{unit for match in _UNIT.findall(text) for unit in match if unit} for text in (header, label)]
    return _UNIT.sub("", header) == _UNIT.sub("", label) and (units[0] == units[1] or set() in units)


def read_facts(sheets: Sheets) -> dict[str, tuple[Cell, dict[str, str]]]:
    """The declared facts by id: the cell of each, and all its texts by header."""
    facts: dict[str, tuple[Cell, dict[str, str]]] = {}
    for header, *body in filter(None, sheets.values()):
        names = list(map(fold, header))
        for number, row in enumerate(body, start=2):
            texts = dict(zip(names, map(str.strip, row), strict=False))
            if texts.get("编号"):
                cell = Cell(texts.get("数值", ""), None, number, letter(names.index("数值")))
                facts.setdefault(texts["编号"], (cell, texts))
    return facts


def read_number(text: str, unit: str = "", blank: str = "") -> Value:
    """A number as typed (１，２３４．５, 12.5%); ``None`` for a blank or the ``blank`` mark of a totals' row."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if folded in (*_BLANKS, blank):
        return None
    folded = folded.removesuffix(unit) if unit else folded
    plain = folded.replace(",", "") if _THOUSANDS.fullmatch(folded) else folded
    if not _DECIMAL.fullmatch(plain):
        raise UnreadableError(f"not a number: {text}")
    return Fraction(plain)


def letter(index: int) -> str:
    """The spreadsheet letter of a 0-based column: A, J, AA."""
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)
