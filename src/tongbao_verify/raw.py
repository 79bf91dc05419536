"""Raw files read afresh: CSV in any usual encoding with Python alone, workbooks where ``python_calamine`` is there.

A cell is found by its row's label and its column's header, as a person would find it.
"""

import csv
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatch
from fractions import Fraction
from itertools import product, zip_longest
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tongbao_verify.definition import Definition, fold, said
from tongbao_verify.formula import UnreadableError, Value

# What a process that reads a workbook may take: bytes beyond what it begins with, seconds of a processor; and how many
# bytes of the file account for one of these.
_MEMORY, _SECONDS, _A_SECOND = 2 * 1024**3, 60, 50_000
_DECIMALS = 10  # of a workbook's number: what a formula has computed has no end
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
TOTAL, FACTS = "total", "facts"
_TOTALS = ("合计", "总计", "合计数", "全市", "全市合计", "全省", "全省合计")
_BLANKS = ("", "/", "-", "--", "—", "——", "–", "无数据")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_FIGURE = re.compile("([-+0-9.,]*)(.*)", re.DOTALL)
# ① and ² are notes, not digits.
_FULL_WIDTH = {code + 0xFEE0: code for code in range(ord("!"), ord("~") + 1)} | {0x2212: ord("-")}
_LITERAL = re.compile(r'"[^"]*"|[\\!_*].|\[[^][]*\]')  # of a number format: what is shown as it stands, or is not shown
_UNIT = re.compile(r"\((?:(?:计量|金额|货币)?单位[:为]?)?([^()]*)\)$|(%)$")
_AS_TEXT = re.compile('^="(.*)"$')

Rows = list[list[str]]
Sheets = dict[str | None, Rows]
_Layout = tuple[dict[str, int], str | None, int, int]


class Cell(NamedTuple):
    """A cell as received and where it stands: 1-based row, column letter; ``sheet`` is ``None`` in a text file."""

    text: str
    sheet: str | None
    row: int
    column: str


def read_sheets(path: Path) -> Sheets:
    """The cells of each sheet as text; a text file is one sheet without a name."""
    try:
        return {None: _read_text(path.read_bytes())} if path.suffix.lower() in SUFFIXES[:3] else _read_apart(path)
    except ImportError as error:
        raise UnreadableError(f"needs {error.name}") from None
    except BaseException as error:  # each library raises errors of its own, and some panic
        if isinstance(error, KeyboardInterrupt):
            raise
        raise UnreadableError(str(error)) from None


def _read_text(data: bytes) -> Rows:
    """UTF-8 with or without its mark, UTF-16 with its mark, else GB 18030; commas, tabs or semicolons."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count))
    return [[_AS_TEXT.sub(r"\1", cell) for cell in row] for row in rows]  # ="0012"


def _read_apart(path: Path) -> Sheets:
    """A workbook read in a process of its own: its reader reserves memory for every cell that a damaged one names."""
    import openpyxl  # noqa: F401  # may be missing, and is loaded once for all
    import python_calamine  # noqa: F401  # same

    if sys.platform == "win32":  # where nothing is forked
        return _read_workbook(path)
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # on which a library says that it gives up
            _bound(path)
            with os.fdopen(writing, "w", encoding="ascii") as out:
                json.dump(_told(path), out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        data = answer.read()
    os.waitpid(child, 0)
    sheets, wrong = json.loads(data) if data else ([], "takes too much memory or time to read")
    if wrong:
        raise UnreadableError(wrong)
    return dict(sheets)


def _told(path: Path) -> tuple[list[tuple[str | None, Rows]], str]:
    """The sheets of a workbook, or what is wrong with it."""
    try:
        return list(_read_workbook(path).items()), ""
    except BaseException as error:  # noqa: BLE001  # each library raises errors of its own, and some panic
        return [], str(error) or type(error).__name__


def _bound(path: Path) -> None:
    """Give this process its bounds for reading a file."""
    if sys.platform != "win32":
        import faulthandler
        import resource

        faulthandler.disable()  # where one is on: that a library gives up is told by us
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        statm = Path("/proc/self/statm")
        if statm.is_file():  # elsewhere memory has no bound that holds
            most = int(statm.read_text().split()[0]) * resource.getpagesize() + _MEMORY
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        signal.setitimer(signal.ITIMER_PROF, min(_SECONDS, 2 + path.stat().st_size / _A_SECOND))


def _read_workbook(path: Path) -> Sheets:
    from openpyxl import load_workbook  # may be missing
    from python_calamine import CalamineWorkbook  # same

    sheets = Sheets()
    # Excel keeps 12.5 % as 0.125: the cells that it shows as percentages.
    percentages = {
        (sheet.title, row, column)
        for sheet in (load_workbook(path).worksheets if path.suffix.lower() in (".xlsx", ".xlsm") else ())
        for row, cells in enumerate(sheet.iter_rows())
        for column, cell in enumerate(cells)
        if "%" in _LITERAL.sub("", cell.number_format).partition(";")[0]
    }
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


def _text(value: object, times: int) -> str:
    """A value as text; a workbook's number has fifteen digits, ten decimals at most, and no noise of binary floats."""
    if isinstance(value, float):
        number = Decimal(format(value, ".15g")) * times
        if number.adjusted() <= _DECIMALS:
            number = number.quantize(Decimal(1).scaleb(-_DECIMALS), ROUND_HALF_UP) + 0
        return format(number.normalize(), "f")
    return "" if value is None else str(value)


def read_table(sheets: Sheets, name: str, definition: Definition) -> dict[tuple[str, str], Cell]:
    """The cells of a declared table by scope (a unit's id, or ``total``) and column."""
    table = definition.tables[name]
    headers = {column: fold(definition.columns[column]["header"]) for column in definition.columns_of(name)}
    scopes = {fold(text): unit for text, unit in definition.unit_names.items()}
    scopes |= dict.fromkeys(filter(None, (*_TOTALS, fold(said(table.get("total_row"))))), TOTAL)
    layouts = _layouts(sheets, headers, fold(said(table.get("unit_header", "单位"))))
    places, sheet, body, at = max(layouts, key=lambda layout: len(layout[0]), default=({}, None, 0, 0))
    if not places:
        raise UnreadableError(f"no header of table {name}")
    cells: dict[tuple[str, str], Cell] = {}
    for number, row in enumerate(sheets[sheet][body:], start=body + 1):
        scope = scopes.get(fold(row[at])) if at < len(row) else None
        if not any(map(fold, row[at : at + 1])) and TOTAL in [scopes.get(fold(text)) for text in row[:at]]:
            scope = TOTAL  # 合计 in a column before the names
        for column, place in places.items() if scope else ():
            text = row[place] if place < len(row) else ""
            cells.setdefault((str(scope), column), Cell(text, sheet, number, letter(place)))
    return cells


def _layouts(sheets: Sheets, headers: Mapping[str, str], unit_header: str) -> Iterator[_Layout]:
    """Every way to read a table: the place of each column, the sheet, the first row of the body, the units' place.

    A header over several rows reads as all of it, top down, a merged cell once; or as its last row alone.
    """
    for sheet, rows in sheets.items():
        for first, length in product(range(min(30, len(rows))), (1, 2, 3)):
            columns = zip_longest(*rows[first : first + length], fillvalue="")
            parts = [list(dict.fromkeys(filter(None, map(fold, column)))) for column in columns]
            labels = [{"".join(part), *part[-1:]} for part in parts]
            if (at := next((index for index, label in enumerate(labels) if unit_header in label), None)) is not None:
                yield _places(labels, headers, at), sheet, first + length, at


def _places(labels: list[set[str]], headers: Mapping[str, str], at: int) -> dict[str, int]:
    """The place of each column; one whose header several have (排序) belongs to the column before it."""
    found: dict[str, int] = {}
    several = {header for header in headers.values() if list(headers.values()).count(header) > 1}
    for again in (False, True):
        before = at
        for column, header in headers.items():
            if (header in several) == again:
                last = min([len(labels), *(index for index in found.values() if again and index > before)])
                free = [
                    index for index in range(before + 1 if again else 0, last) if index not in (at, *found.values())
                ]
                fits = [index for index in free if header in labels[index]]
                fits += [index for index in free if any(_same(header, label) for label in labels[index])]
                found |= {column: fits[0]} if fits else {}
            before = found.get(column, before)
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
    digits = read_digits(text, unit, blank)
    return Fraction(digits) if digits else None


def read_digits(text: str, unit: str = "", blank: str = "") -> str:
    """The digits of a number as typed: 1234.5 of １，２３４．５; none of a blank."""
    folded = text.translate(_FULL_WIDTH).strip()
    if folded in (*_BLANKS, blank):
        return ""
    figure, behind = _FIGURE.findall(folded)[0]
    folded = figure if fold(behind) == fold(unit) else folded
    plain = folded.replace(",", "") if _THOUSANDS.fullmatch(folded) else folded
    if not _DECIMAL.fullmatch(plain):
        raise UnreadableError(f"not a number: {text}")
    return plain.removeprefix("+")


def letter(index: int) -> str:
    """The spreadsheet letter of a 0-based column: A, J, AA."""
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def held_by(file: str, periods: Iterable[str], definition: Definition) -> tuple[str, list[str]]:
    """Which period's a raw file is, as its folder says; and the tables, or facts, that it holds."""
    folders = PurePosixPath(file).parts
    period = next((one for one in periods if one in folders), "")
    inside, found = PurePosixPath(*folders[folders.index(period) + 1 if period else -1 :]), list[str]()
    if inside.name == "facts.csv":
        found.append(FACTS)
    for name, table in definition.tables.items():
        pattern = table.get("file") or ""
        other = inside.with_suffix(PurePosixPath(pattern).suffix) if inside.suffix in SUFFIXES else inside
        if fnmatch(str(inside if "*" in pattern else other), pattern):
            found.append(name)
    return period, found
