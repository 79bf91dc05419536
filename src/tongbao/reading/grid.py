"""Files as counties send them → sheets of cells: CSV in any usual encoding, XLSX, XLS, ODS, Parquet.

A sheet keeps every cell where it stood. What a cell cannot give as a number, and why, is said in words, so that no
figure is guessed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetVisibleEnum,
)
from python_calamine import XmlError as CalamineXmlError
from python_calamine import ZipError as CalamineZipError

from tongbao.basics.errors import DataError, Original
from tongbao.basics.rounding import parse_decimal, round_decimal
from tongbao.reading.apart import told_apart
from tongbao.reading.labels import TOO_LONG, normalise, read_number
from tongbao.reading.opendocument import scan_content
from tongbao.reading.workbook import Scan, Shown, scan_workbook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
SUFFIXES = (*TEXTS, *WORKBOOKS, ".parquet")
MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 100_000, 702
TRUTH, DATE = "a truth value, not a number", "a date, not a number; Excel may have turned 3-1 into one"
COMPUTED = 10  # decimals kept of what a formula has computed


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its text, its number if it is one, and what is wrong with it if something is.

    ``percent`` is for a number that a workbook shows with a percent sign; ``merged`` for a text that stands there
    because the cell is merged with the one that holds it; ``around`` is what a workbook shows around the number, which
    is ``0`` in it: ``0万元``.
    """

    text: str
    number: Decimal | None = None
    problem: str | None = None
    percent: bool = False
    merged: bool = False
    around: str = ""

    @property
    def holds(self) -> Literal["a figure", "words", "nothing"]:
        """What the cell holds; a figure that cannot be read is one, a date is not."""
        if self.number is not None:
            return "a figure"
        if self.problem:
            return "nothing" if self.problem == DATE else "a figure"
        try:
            return "nothing" if read_number(self.text, "%") is None else "a figure"
        except ValueError:
            return "words" if normalise(self.text) else "nothing"


BLANK = GridCell("")
_WIDE = Context(prec=500)
_UNREADABLE = (CalamineError, CalamineZipError, CalamineXmlError, OSError, ValueError, OverflowError)


@dataclass(frozen=True)
class Sheet:
    """A sheet, or a whole text file: rows of cells, all of the same width.

    ``hidden_rows`` are 1-based, ``hidden_columns`` 0-based; ``name`` is ``None`` for a text file. Of a text with commas
    ``lengths`` are the cells of each row as written.
    """

    file: str
    name: str | None
    rows: list[list[GridCell]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    lengths: tuple[int, ...] = ()

    @property
    def place(self) -> str:
        """How messages name it: ``file [sheet]``."""
        return f"{self.file} [{self.name}]" if self.name else self.file

    @property
    def is_empty(self) -> bool:
        """Whether no cell says anything."""
        return not any(cell.text.strip() for row in self.rows for cell in row)


def read_sheets(path: Path, file: str) -> list[Sheet]:
    """Read every sheet of a file.

    Arguments:
        path: where the file is.
        file: how messages name it.

    Raises:
        DataError: missing, empty, of another kind than its name says, protected, damaged or far too large.
    """
    if not path.is_file():
        raise DataError("file is missing", place=file, hint="put the figures as received there")
    size = path.stat().st_size
    if size == 0:
        raise DataError("file is empty", place=file, expected="a header row and a row for each unit")
    if size > MAX_FILE_BYTES:
        expected = f"at most {MAX_FILE_BYTES} bytes"
        raise DataError("file is too large for a return", place=file, found=f"{size} bytes", expected=expected)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise DataError("kind of file is not known", place=file, found=suffix or "no ending", expected=known)
    if suffix in (".xls", ".ods"):
        scan_workbook(path, file)
        return _read_apart(path, file)
    if suffix in WORKBOOKS:
        return _read_values(path, file, scan_workbook(path, file))
    return [_read_text(path, file) if suffix in TEXTS else _read_parquet(path, file)]


def _read_text(path: Path, file: str) -> Sheet:
    data = path.read_bytes()
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise DataError("a workbook named as text", place=file, hint="give it its own ending, .xlsx or .xls")
    text = _decode(data, file)
    if "\x00" in text:
        raise DataError("not a text file", place=file, expected="CSV, comma or tab")
    delimiter = delimiter_of(text.splitlines())
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        hint = "look for a quotation mark without its pair"
        raise DataError(f"not valid CSV: {error}", place=file, hint=hint) from None
    _refuse_many(len(rows), file)
    width = max((len(row) for row in rows), default=0)
    usual = Counter(len(row) for row in rows if len(row) > 1).most_common(1)
    columns = usual[0][0] if usual else width
    for number, row in enumerate(rows, start=1):
        if any(value.strip() for value in row[columns:]):
            raise DataError(
                "row has a wrong number of cells",
                place=f"{file} row {number}",
                found=len(row),
                expected=f"{columns}, as in the other rows",
                hint="quote cells that hold a comma",
            )
    grid = [[_typed(value) if value else BLANK for value in row] + [BLANK] * (width - len(row)) for row in rows]
    return Sheet(file, None, grid, lengths=tuple(map(len, rows)) if delimiter == "," else ())


def _typed(value: str) -> GridCell:
    """A cell of a text; ="0012" is how programs keep Excel from reading a number."""
    return GridCell(value[2:-1] if value.startswith('="') and value.endswith('"') and len(value) > 2 else value)


def _decode(data: bytes, file: str) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else GB 18030."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n") + 1
    place, hint = f"{file} row {row}", "save the sheet as “CSV UTF-8”"
    raise DataError("text in no known encoding", place=place, expected="UTF-8 or GB 18030", hint=hint)


def delimiter_of(lines: Iterable[str]) -> str:
    """What parts the columns of a text, by its first line that is not empty: a tab, a semicolon or a comma."""
    first = next((line for line in lines if line.strip()), "")
    return "\t" if first.count("\t") > first.count(",") else ";" if first.count(";") > first.count(",") else ","


def _refuse_many(rows: int, file: str) -> None:
    if rows > MAX_ROWS:
        raise DataError("far more rows than a return has", place=file, found=rows, expected=f"at most {MAX_ROWS}")


def _read_apart(path: Path, file: str) -> list[Sheet]:
    """A workbook's sheets, read in a process of its own."""
    told = told_apart(path)
    if told is None:
        hint = "open it in Excel or WPS and save it again as .xlsx"
        raise DataError("not a workbook that can be read", place=file, hint=hint)
    if isinstance(told, dict):
        raise DataError(**{**told, "place": f"{file}{told['place']}"})
    return [
        Sheet(
            file,
            name,
            [[GridCell(text, number and Decimal(number), *rest) for text, number, *rest in row] for row in rows],
            hidden,
            frozenset(lines),
            frozenset(columns),
        )
        for name, rows, hidden, lines, columns in told
    ]


def print_values() -> None:
    """Print the sheets of the workbook that the command line names as JSON, or why it is refused."""

    def plain(value: object) -> object:
        if isinstance(value, GridCell):
            return value.text, value.number, value.problem, value.percent, value.merged, value.around
        return [*value] if isinstance(value, frozenset) else str(value)

    told: object
    path = Path(sys.argv[1])
    try:
        scan = scan_content(path, "") if path.suffix.lower() == ".ods" else Scan()
        if path.suffix.lower() == ".xls":
            from tongbao.reading.old_workbook import scan_old  # slow to load, and seldom needed

            scan = scan_old(path, "")
        sheets = _read_values(path, "", scan)
        told = [(one.name, one.rows, one.hidden, one.hidden_rows, one.hidden_columns) for one in sheets]
    except DataError as error:
        told = {name: getattr(error, name) for name in ("message", "place", "found", "expected", "hint")}
    sys.stdout.write(json.dumps(told, default=plain))


def _read_values(path: Path, file: str, scan: Scan) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = [
                _to_sheet(file, info, workbook.get_sheet_by_index(index), scan)
                for index, info in enumerate(workbook.sheets_metadata)
            ]
    except PasswordError:
        raise DataError("workbook is protected by a password", place=file, hint="save it without one") from None
    except BaseException as error:  # also a panic of its own, which is no Exception
        if not isinstance(error, _UNREADABLE) and type(error).__name__ != "PanicException":
            raise
        hint = "open it in Excel or WPS and save it again as .xlsx"
        raise DataError(f"not a workbook that can be read: {error}", place=file, hint=hint) from None
    if not sheets:
        raise DataError("file is empty", place=file, expected="a header row and a row for each unit")
    return sheets


def _to_sheet(file: str, info: SheetMetadata, sheet: CalamineSheet, scan: Scan) -> Sheet:
    name, height, width = info.name, sheet.total_height, sheet.total_width
    if height > MAX_ROWS or width > MAX_COLUMNS:
        found, expected = f"{height} rows × {width} columns", f"at most {MAX_ROWS} × {MAX_COLUMNS}"
        raise DataError("far more cells than a return has", place=f"{file} [{name}]", found=found, expected=expected)
    shown, unfilled = scan.shown.get(name, {}), scan.empty_formulas.get(name, frozenset())
    errors = scan.errors.get(name, {})  # which are blank to who reads the values
    rows = [
        [
            _to_cell(errors.get((row, column), value), shown.get((row, column)), unfilled=(row, column) in unfilled)
            for column, value in enumerate(values)
        ]
        for row, values in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                if (row, column) != (top, left):
                    rows[row][column] = _merged(rows[top][left])
    hidden_rows = frozenset(row for row in scan.hidden_rows.get(name, ()) if row <= height)
    hidden_columns = frozenset(column for column in scan.hidden_columns.get(name, ()) if column < width)
    return Sheet(file, name, rows, info.visible != SheetVisibleEnum.Visible, hidden_rows, hidden_columns)


def _to_cell(value: object, shown: Shown | None = None, *, unfilled: bool = False) -> GridCell:
    """A cell; ``shown`` says how its number is where not as stored, ``unfilled`` that its formula has no result."""
    match value:
        case bool():
            return GridCell(str(value).upper(), problem=TRUTH)
        case int() | float() | Decimal():
            # Fifteen digits, as Excel shows: without the noise of binary floating point.
            number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
            if not number.is_finite() or number.adjusted() > 400:
                return GridCell(str(value), problem="not a number")
            # Excel keeps 12.5 % as 0.125 and only shows it as a percentage.
            number = number.scaleb(2) if shown == "percentage" else number
            if not isinstance(value, Decimal):
                number = (
                    number if number.adjusted() > COMPUTED else round_decimal(number, COMPUTED) + 0
                )  # no minus zero
                whole = number.to_integral_value()
                number = whole.quantize(Decimal(1), context=_WIDE) if number == whole else number.normalize()
            text = format(number, "f")
            if shown == "otherwise" or (shown == "unsigned" and number < 0):
                return GridCell(text, problem="another figure is shown than is stored; type it in the column's unit")
            if parse_decimal(text) is None:
                return GridCell(text, problem=TOO_LONG)
            around = shown if shown and "0" in shown else ""
            return GridCell(text, number, percent=shown in ("percentage", "percent-sign"), around=around)
        case dt.date() | dt.time() | dt.timedelta():
            return GridCell(str(value), problem=DATE)
        case str() if value.startswith("#") and value.rstrip("!?").isupper() and not unfilled:
            return GridCell(value, problem="an error of Excel's")
        case _ if unfilled:
            return GridCell("", problem="a formula without its result; open and save the file in Excel or WPS")
        case _:
            return GridCell(str(value)) if value else BLANK


def _merged(first: GridCell) -> GridCell:
    """A merged header names all its columns; whom a merged figure belongs to cannot be told."""
    if first.number is None:
        return replace(first, merged=True)
    return GridCell("", problem=f"merged with the cell that holds {first.text}")


@contextmanager
def open_parquet(connection: DuckDBPyConnection, path: Path, file: str) -> Iterator[DuckDBPyRelation]:
    """A Parquet file as DuckDB's relation.

    Raises:
        DataError: damaged, or with two columns of one name, which DuckDB would tell apart by a number of its own.
    """
    import duckdb

    try:
        names = connection.execute("SELECT name FROM parquet_schema(?)", [str(path)]).fetchall()
        table = connection.read_parquet(str(path))
        if renamed := [name for name in table.columns if (name,) not in names]:
            raise DataError("two columns of one name", place=file, found=", ".join(renamed))
        yield table
    except duckdb.Error as error:
        raise DataError("not a Parquet file that can be read", place=file, found=Original(error)) from None


def _read_parquet(path: Path, file: str) -> Sheet:
    import duckdb

    with (
        duckdb.connect(config={"autoinstall_known_extensions": False}) as connection,
        open_parquet(connection, path, file) as table,
    ):
        _refuse_many(table.shape[0], file)
        columns = [duckdb.ColumnExpression(name) for name in table.columns]
        for index, kind in enumerate(table.types):
            if "ZONE" in str(kind):  # such a time would need one more package
                columns[index] = columns[index].cast("TIMESTAMP")
        header, records = table.columns, table.select(*columns).fetchall()
    return Sheet(file, None, [[*map(GridCell, header)], *([*map(_to_cell, record)] for record in records)])
