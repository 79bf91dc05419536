"""Files of case records → one DuckDB relation with the layout's fields, typed, in bounded memory.

Each field also keeps what was written (``name_raw``) where a text had to be read, so that what could not be read is
told from what was blank.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TextIO
from uuid import uuid4

import duckdb

from tongbao.basics.errors import DataError, Original, TongbaoError, ToolError, combined
from tongbao.basics.workbook import column_letter
from tongbao.definition.case_records import RecordSource
from tongbao.reading.cell import Source
from tongbao.reading.grid import DATE, TEXTS, TRUTH, WORKBOOKS, GridCell, Sheet, delimiter_of, open_parquet, read_sheets
from tongbao.reading.labels import BLANK_MARKS, split_unit
from tongbao_records.header import columns_of, read_header, required_in
from tongbao_records.layout import BY_NAME, Field

MEMORY_LIMIT = "640MB"  # beyond it, DuckDB writes to a temporary folder
SEARCHED_ROWS = 30
_TOLD = 20  # cells that cannot be read
_ROW_TOO_LONG = re.compile(r"CSV Error on Line: (\d+)[\s\S]*\nExpected Number of Columns: ")
_DATE_FORMATS = ("%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
# An enterprise's code is one however it is typed: full-width, in small letters, with spaces.
_TYPED = "".join(
    map(chr, (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)))
)
_WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in _TYPED)
_NO_CODE = ", ".join(f"'{mark}'" for mark in sorted(BLANK_MARKS | {"无", "暂无", "没有", "N/A"}))
_YES, _NO = ("是", "有", "Y", "YES", "1", "TRUE", "√"), ("否", "无", "N", "NO", "0", "FALSE", "×")
_KINDS = {"text": "VARCHAR", "date": "DATE", "yes_no": "BOOLEAN", "count": "BIGINT", "amount": "DECIMAL(18,4)"}
# Thousands may be set apart, by threes.
_DIGITS = {
    "count": r"^(\d{1,9}|\d{1,3}(,\d{3}){1,2})(\.0+)?$",
    "amount": r"^(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d{1,4}0*)?$",
}
# A day has its year in full: 26-12-05 may be one of many, and 1900-01-05 is a number that Excel took for a day.
_TOO_EARLY = "DATE '1949-12-31'"


@dataclass(frozen=True)
class RecordFile:
    """A file with what its columns mean: ``columns`` maps a field to its place and the factor of its unit.

    ``types`` are DuckDB's for Parquet and ``None`` where everything is text; ``header_row`` is 1-based.
    """

    path: Path
    name: str
    header: tuple[str, ...]
    columns: Mapping[str, tuple[int, int]]
    types: tuple[str, ...] | None = None
    header_row: int = 1
    delimiter: str = ","


@dataclass(frozen=True)
class Records:
    """Case records opened for questions: ``relation`` is SQL that yields the layout's fields for all files."""

    connection: duckdb.DuckDBPyConnection
    files: tuple[RecordFile, ...]
    source: RecordSource

    @property
    def fields(self) -> frozenset[str]:
        """The fields that every file has."""
        return frozenset.intersection(*(frozenset(file.columns) for file in self.files))

    def relation(self, fields: Sequence[str], *, raw: bool = False, rows: bool = False) -> str:
        """A subquery with some fields; ``raw`` adds what was written, ``rows`` adds ``file`` and ``row`` (1-based)."""
        # Files of one shape are read by one scan, in bounded memory; what names rows needs them one by one.
        groups: dict[tuple[object, ...], list[RecordFile]] = {}
        for file in self.files:
            alone = rows or file.path.suffix.lower() in WORKBOOKS
            key = (file.header, file.types, file.header_row, file.delimiter, alone and file.name)
            groups.setdefault(key, []).append(file)
        selects = []
        for file, *others in groups.values():
            read, picked = [], []
            for name in fields:
                written, typed = _expressions(file, BY_NAME[name], self.source.values.get(name, {}))
                read += written
                picked += [f"{typed} AS {name}", f"{name}_raw"] if raw else [f"{typed} AS {name}"]
            if rows:
                read += [f"{quoted(file.name)} AS file", f"{'file_row_number + 1' if file.types else 'line'} AS row"]
                picked += ["file", "row"]
            # What was written is read first and named, so that no expression stands twice for DuckDB to plan.
            # A blank line is no record, and is looked for where records are examined: nothing counts it.
            known = (f"trim(c{index}) <> ''" for index, _ in file.columns.values())
            says = f" WHERE {' OR '.join(known)}" if raw and not file.types else ""
            lines = _reader(file, *others, rows=rows)
            if rows and not file.types:
                lines = f"(SELECT *, row_number() OVER () + {file.header_row} AS line FROM {lines})"
            selects.append(f"SELECT {', '.join(picked)} FROM (SELECT {', '.join(read)} FROM {lines}{says})")
        return f"({' UNION ALL '.join(selects)})"


@contextmanager
def open_records(paths: Sequence[tuple[Path, str]], source: RecordSource) -> Iterator[Records]:
    """Open files of case records.

    Arguments:
        paths: each file with its name for messages.
        source: how the series maps headers and words.

    Raises:
        DataError: no file, one that cannot be read, or a header without the required fields.
    """
    if not paths:
        raise DataError("no file of case records", expected=" or ".join(source.files))
    with (
        tempfile.TemporaryDirectory(prefix="tongbao-") as scratch,
        duckdb.connect(
            config={"memory_limit": MEMORY_LIMIT, "temp_directory": scratch, "autoinstall_known_extensions": False}
        ) as connection,
    ):
        files = tuple(one for path, name in paths for one in _open(path, name, source, Path(scratch), connection))
        try:
            yield Records(connection, files, source)
        except duckdb.Error as error:
            raise _of_duckdb(error, files) from None


def _of_duckdb(error: duckdb.Error, files: Sequence[RecordFile]) -> TongbaoError:
    """A row of a text file that DuckDB could not take apart, or whatever else it says."""
    row = _ROW_TOO_LONG.search(str(error))
    of = [file for file in files if f"file = {file.path}\n" in str(error)]
    if row and of:
        expected, hint = f"at most {len(of[0].header)}", "quote cells that hold a comma"
        return DataError("row has too many cells", place=f"{of[0].name} row {row[1]}", expected=expected, hint=hint)
    return ToolError("DuckDB could not count the case records", found=Original(error))


def _open(
    path: Path, name: str, source: RecordSource, scratch: Path, connection: duckdb.DuckDBPyConnection
) -> list[RecordFile]:
    suffix = path.suffix.lower()
    if not path.is_file():
        raise DataError("file is missing", place=name, hint="put the case records there")
    if suffix == ".parquet":
        with open_parquet(connection, path, name) as table:
            names, types = tuple(table.columns), tuple(map(str, table.types))
        return [RecordFile(path, name, names, columns_of(names, source, name), types)]
    if suffix in WORKBOOKS:
        return _open_workbook(path, name, source, connection)
    if suffix in TEXTS:
        return [_open_text(path, name, source, scratch)]
    known = ", ".join((*TEXTS, *WORKBOOKS, ".parquet"))
    raise DataError("kind of file is not known", place=name, found=suffix or "no ending", expected=known)


def _open_text(path: Path, name: str, source: RecordSource, scratch: Path) -> RecordFile:
    encoding, is_quoted, is_even = _look_through(path, name)
    with path.open(encoding=encoding) as stream:  # line breaks of any kind
        head = [line.lstrip("\ufeff") for line, _ in zip(stream, range(SEARCHED_ROWS), strict=False)]
    delimiter = delimiter_of(head)
    rows = list(csv.reader(head, delimiter=delimiter)) if any(map(str.strip, head)) else []
    at, columns = read_header(rows, source, name, name)
    utf8 = path if is_even and not is_quoted and encoding == "utf-8" else scratch / f"{path.stem}-{uuid4().hex}.csv"
    if utf8 != path:
        kept = "" if is_quoted else None  # line breaks in cells; all others become alike
        with path.open(encoding=encoding, newline=kept) as text, utf8.open("w", encoding="utf-8", newline="\n") as out:
            if is_quoted:
                written = csv.writer(out, delimiter=delimiter, lineterminator="\n")
                written.writerows(_unbroken(text, name, delimiter, len(rows[at])))
            else:
                shutil.copyfileobj(text, out, 1 << 20)
    return RecordFile(utf8, name, tuple(rows[at]), columns, None, at + 1, delimiter)


def _look_through(path: Path, name: str) -> tuple[str, bool, bool]:
    """A text's encoding, whether it has quotation marks, and whether its lines all end alike; piece by piece."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] == b"PK" or start == b"\xd0\xcf\x11\xe0":
        raise DataError("a workbook named as text", place=name, hint="give it its own ending, .xlsx or .xls")
    for encoding in ["utf-16"] if start[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8", "gb18030"]:
        ends, is_quoted, last = Counter[str](), False, ""
        with suppress(UnicodeDecodeError), path.open(encoding=encoding, newline="") as text:
            for piece in iter(partial(text.read, 1 << 20), ""):
                is_quoted = is_quoted or '"' in piece
                ends["\r\n"] += (last + piece).count("\r\n")
                ends["\r"] += piece.count("\r")
                ends["\n"] += piece.count("\n")
                last = piece[-1] if piece[-1] == "\r" else ""
            return encoding, is_quoted, ends["\r"] in (0, ends["\n"]) and ends["\r"] == ends["\r\n"]
    hint = "save the sheet as “CSV UTF-8”"
    raise DataError("text in no known encoding", place=name, expected="UTF-8 or GB 18030", hint=hint)


def _unbroken(text: TextIO, name: str, delimiter: str, columns: int) -> Iterator[list[str]]:
    """The rows of a text with quotation marks, line breaks in their cells as spaces.

    DuckDB passes over what follows a mark without its pair. A cell that has taken in half a row or more is no cell.

    Raises:
        DataError: a mark without its pair.
    """
    reader, number = csv.reader(text, delimiter=delimiter, strict=True), 0
    try:
        for number, row in enumerate(reader, start=1):
            broken = [cell for cell in row if "\n" in cell or "\r" in cell]
            if any(cell.count(delimiter) * 2 >= columns - 1 for cell in broken):
                raise _without_its_pair(name, number)
            yield [" ".join(cell.splitlines()) for cell in row] if broken else row
    except csv.Error:
        raise _without_its_pair(name, number + 1) from None


def _without_its_pair(name: str, row: int) -> DataError:
    hint = "look for a quotation mark without its pair"
    return DataError("a row that is not valid CSV", place=f"{name} row {row}", hint=hint)


def _open_workbook(
    path: Path, name: str, source: RecordSource, connection: duckdb.DuckDBPyConnection
) -> list[RecordFile]:
    """Every sheet with records, as of one for each month; notes and totals beside them are none."""
    sheets = {one.place: one for one in read_sheets(path, name) if not one.hidden and not one.is_empty}
    texts = {place: [[cell.text for cell in row] for row in sheet.rows] for place, sheet in sheets.items()}
    named = {place: required_in(rows[:SEARCHED_ROWS], source) for place, rows in texts.items()}
    # One that lacks a field of the three is to be told, and not passed over.
    chosen = [place for place, count in named.items() if count > 1] or list(texts)[:1]
    found = []
    for place in chosen or [name]:
        rows = texts.get(place, [])
        at, columns = read_header(rows[:SEARCHED_ROWS], source, place, name)
        _refuse_hidden(sheets[place], at)
        _refuse_unread(sheets[place], at, columns)
        written = [[row[index] for row in rows[at + 1 :]] for index in range(len(rows[at]))]
        lists = ", ".join(f"unnest(?::VARCHAR[]) AS c{index}" for index in range(len(written)))
        connection.execute(f"CREATE TEMP TABLE {_table_name(place)} AS SELECT {lists}", written)
        found.append(RecordFile(path, place, tuple(rows[at]), columns, None, at + 1))
    return found


def _refuse_hidden(sheet: Sheet, header: int) -> None:
    """Refuse records that a filter, or somebody, has hidden: whether they are meant to count cannot be told."""
    hidden = [row for row in sorted(sheet.hidden_rows) if row > header + 1 and any(map(_says, sheet.rows[row - 1]))]
    if hidden:
        row, hint = hidden[0], "take the filter away, or delete the rows if they are not meant"
        raise DataError("rows of records are hidden", place=f"{sheet.place} row {row}", found=len(hidden), hint=hint)


def _says(cell: GridCell) -> bool:
    return bool(cell.text.strip() or cell.problem)


def _refuse_unread(sheet: Sheet, header: int, columns: Mapping[str, tuple[int, int]]) -> None:
    """Refuse cells that hold something else than is seen: formulas without a result, errors, odd number formats."""
    errors = []
    for field, at in ((BY_NAME[name], at) for name, (at, _) in columns.items()):
        for number, row in enumerate(sheet.rows[header + 1 :], start=header + 2):
            cell = row[at]
            shown = cell.around.removeprefix("0") if field.type in ("count", "amount") else ""
            problem = None if cell.problem in (DATE, TRUTH) else cell.problem
            if shown and shown != split_unit(field.header)[1]:
                problem = "the number format shows words that are no unit of the column"
            if problem:
                place = str(Source(sheet.file, sheet.name, number, column_letter(at)))
                errors.append(DataError(problem, place=place, found=cell.text or None, expected=field.header))
    if errors:
        raise combined(errors[:_TOLD])


def _reader(file: RecordFile, *others: RecordFile, rows: bool) -> str:
    paths = f"[{', '.join(quoted(str(one.path)) for one in (file, *others))}]"
    if file.path.suffix.lower() in WORKBOOKS:
        return _table_name(file.name)
    if file.types:
        return f"read_parquet({paths}, file_row_number = {rows})"
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(file.header)))
    return (
        f"read_csv({paths}, auto_detect = false, header = false, skip = {file.header_row}, "
        f"delim = {quoted(file.delimiter)}, quote = '\"', escape = '\"', null_padding = true, "
        f"strict_mode = true, parallel = {not rows}, columns = {{{columns}}})"  # so that rows come in their order
    )


def _expressions(file: RecordFile, field: Field, words: Mapping[str, str]) -> tuple[list[str], str]:
    """SQL for what is read of a column, and for the field's value made of that; NULL where there is no such column."""
    name, kind = field.name, _KINDS[field.type]
    if name not in file.columns:
        return [f"NULL::VARCHAR AS {name}_raw"], f"NULL::{kind}"
    index, factor = file.columns[name]
    column, stored = (quoted(file.header[index], '"'), file.types[index]) if file.types else (f"c{index}", None)
    value = _typed(field, kind, stored)
    if words:
        cases = " ".join(f"WHEN {quoted(own)} THEN {quoted(word)}" for own, word in words.items())
        value = f"CASE {value} {cases} ELSE {value} END"
    text = f"nullif(trim({column if stored in (None, 'VARCHAR') else f'{column}::VARCHAR'}), '') AS {name}_raw"
    own = [f"{column} AS {name}_own"] if file.types else []
    return [text, *own], f"({value}) * {factor}" if factor != 1 else value


def _typed(field: Field, kind: str, stored: str | None) -> str:
    """SQL that reads a column as a field's type; ``stored`` is Parquet's type, ``None`` in files that are all text."""
    written, own = f"{field.name}_raw", f"{field.name}_own"
    if stored is not None and stored != "VARCHAR":
        is_exact = field.type == "amount" and stored.startswith("DECIMAL")
        value = own if is_exact else f"try_cast({own} AS {kind})"
        return _in_full(value) if field.type == "date" else value
    folded = f"upper(replace(translate({written}, '{_WIDE}\u3000', '{_TYPED} '), ' ', ''))"
    match field.type:
        case "text" if field.name == "enterprise_code":
            return f"CASE WHEN {folded} NOT IN ({_NO_CODE}) THEN {folded} END"
        case "text" if field.name == "record_id" and not stored:
            return f"CASE WHEN regexp_full_match({written}, '[0-9A-Z-]*') THEN {written} ELSE {folded} END"
        case "text":  # trimming costs more than counting: a Parquet file's own texts stay as they are
            return own if stored else written
        case "date":
            formats = ", ".join(map(quoted, _DATE_FORMATS))
            days = f"replace(translate({written}, '{_WIDE}－／．：', '{_TYPED}-/.:'), '号', '日')"
            # Named once, lest DuckDB folds every day beforehand.
            plain = f"try_cast({written} AS DATE), try_strptime({written}, [{formats}])::DATE"
            return _in_full(f"coalesce({plain}, try_strptime({days}, ['%Y-%m-%d', {formats}])::DATE)")
        case "yes_no":
            yes, no = (", ".join(map(quoted, words)) for words in (_YES, _NO))
            return f"CASE WHEN upper({written}) IN ({yes}) THEN true WHEN upper({written}) IN ({no}) THEN false END"
        case "count" | "amount":
            plain = f"translate({written}, '０１２３４５６７８９．，', '0123456789.,')"
            matches = f"regexp_matches({plain}, '{_DIGITS[field.type]}')"
            return f"CASE WHEN {matches} THEN replace({plain}, ',', '')::DECIMAL(18,4)::{kind} END"


def _in_full(day: str) -> str:
    """SQL for a day that cannot be one without its century; said so that it is read but once."""
    return f"nullif(greatest({day}, {_TOO_EARLY}), {_TOO_EARLY})"


def quoted(text: str, mark: str = "'") -> str:
    """SQL for a text; between double quotes, for a column's name."""
    return mark + text.replace(mark, mark * 2) + mark


def _table_name(place: str) -> str:
    return f"sheet_{sha256(place.encode()).hexdigest()[:16]}"  # a name with an ending would be opened as a file
