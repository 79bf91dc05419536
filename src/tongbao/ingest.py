"""Raw files → tables of cells: names of units normalised, numbers read exactly, blanks kept blank."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tongbao.cells import Cell, Source, column_letter
from tongbao.errors import DataError, did_you_mean
from tongbao.rounding import parse_decimal
from tongbao.series.models import Column, Series, TableDef

FACTS = "facts.csv"
_FACT_HEADERS = ("编号", "名称", "数值", "单位", "限定", "来源")


@dataclass(frozen=True)
class Table:
    """A table as received: ``rows[unit][column]``, and the totals' row if it has one."""

    name: str
    rows: dict[str, dict[str, Cell]]
    total: dict[str, Cell] = field(default_factory=dict)

    def cell(self, unit: str, column: str) -> Cell | None:
        """The cell of a unit, or ``None`` where the table has no row for it."""
        return self.rows.get(unit, {}).get(column)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or judgement that no table holds, declared with its source.

    ``value`` is ``None`` for a fact in words; ``qualifier`` stands behind the figure (以上, 左右).
    """

    id: str
    name: str
    text: str
    value: Decimal | None
    unit: str
    qualifier: str
    source_document: str
    cell: Cell


@dataclass(frozen=True)
class Received:
    """All that was received for one period."""

    tables: dict[str, Table]
    facts: dict[str, Fact]
    files: tuple[Path, ...]


def read_received(series: Series, folder: Path, root: Path) -> Received:
    """Read every table of a series and the period's facts.

    Arguments:
        series: the definition; each table names its file.
        folder: ``data/raw/<series>/<period>``.
        root: the project's root; sources are named relative to it.

    Raises:
        DataError: a file, column, row or value is missing, doubled or unreadable; names the place.
    """
    tables, files = {}, []
    for name, definition in series.tables.items():
        path = folder / definition.file
        tables[name] = read_table(name, definition, series, path, root)
        files.append(path)
    facts: dict[str, Fact] = {}
    if (folder / FACTS).exists():
        facts = read_facts(folder / FACTS, root)
        files.append(folder / FACTS)
    return Received(tables, facts, tuple(files))


def read_table(name: str, definition: TableDef, series: Series, path: Path, root: Path) -> Table:
    """Read one table from CSV into cells, matched to units and columns.

    Raises:
        DataError: see ``read_received``.
    """
    file = _relative(path, root)
    grid = _read_csv(path, file)
    header, *body = grid
    positions = _match_columns(definition, header, file)
    names = _unit_names(series)
    rows: dict[str, dict[str, Cell]] = {}
    total: dict[str, Cell] = {}
    for number, row in enumerate(body, start=2):
        if not any(text.strip() for text in row):
            continue
        label = normalise(row[0])
        if definition.total_row and label == normalise(definition.total_row):
            if total:
                raise DataError("a second totals' row", place=f"{file} A{number}", found=row[0])
            total = _read_row(name, None, definition, positions, row, number, file)
            continue
        unit = names.get(label)
        if unit is None:
            raise DataError(
                "unknown reporting unit",
                place=f"{file} A{number}",
                found=row[0],
                expected="a unit of the series, by official name, short name or alias",
                hint=did_you_mean(label, {unit.zh for unit in series.units}),
            )
        if unit in rows:
            raise DataError(
                "reporting unit stands twice",
                place=f"{file} A{number}",
                found=row[0],
                expected="one row for each unit",
                hint=f"the first is in row {next(iter(rows[unit].values())).source.row}",
            )
        rows[unit] = _read_row(name, unit, definition, positions, row, number, file)
    missing = [unit.zh for unit in series.units if unit.id not in rows]
    if missing and not definition.partial:
        raise DataError(
            "reporting units are missing",
            place=file,
            found=f"{len(rows)} units",
            expected=f"a row, blank if nothing was reported, for {'、'.join(missing)}",
        )
    if definition.total_row and not total:
        raise DataError("the totals' row is missing", place=file, expected=f"a row {definition.total_row}")
    return Table(name, rows, total)


def read_facts(path: Path, root: Path) -> dict[str, Fact]:
    """Read a period's declared facts (columns 编号, 名称, 数值, 单位, 限定, 来源).

    Raises:
        DataError: a column is missing, an id is doubled, or a fact has no value or no source.
    """
    file = _relative(path, root)
    header, *body = _read_csv(path, file)
    found = tuple(normalise(text) for text in header)
    if found != _FACT_HEADERS:
        raise DataError(
            "not the columns of a facts file",
            place=f"{file} row 1",
            found=", ".join(found),
            expected=", ".join(_FACT_HEADERS),
        )
    facts: dict[str, Fact] = {}
    for number, row in enumerate(body, start=2):
        if not any(text.strip() for text in row):
            continue
        fact_id, name, text, unit, qualifier, document = (value.strip() for value in row)
        if fact_id in facts:
            raise DataError("a fact stands twice", place=f"{file} A{number}", found=fact_id)
        if not fact_id.isidentifier():
            raise DataError(
                "not a fact's id",
                place=f"{file} A{number}",
                found=fact_id,
                expected="letters, digits and underscores, for use as fact.<id>",
            )
        if not text:
            raise DataError("a fact without a value", place=f"{file} C{number}", expected=f"the value of {fact_id}")
        if not document:
            raise DataError(
                "a fact without a source",
                place=f"{file} F{number}",
                expected=f"where {fact_id} was published or reported",
            )
        cell = Cell("facts", None, fact_id, text, parse_decimal(text), Source(file, None, number, "C"))
        facts[fact_id] = Fact(fact_id, name, text, cell.value, unit, qualifier, document, cell)
    return facts


def normalise(text: str) -> str:
    """A label for comparing: full-width forms folded, all white space removed.

    >>> normalise("浙南产业 集聚区"), normalise("罚款总数(万元)")
    ('浙南产业集聚区', '罚款总数(万元)')
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _read_csv(path: Path, file: str) -> list[list[str]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError("file is missing", place=file, hint="put the figures as received there") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            "not UTF-8 text",
            place=f"{file} row {data[: error.start].count(10) + 1}",
            expected="CSV in UTF-8",
            hint="save the sheet as “CSV UTF-8”",
        ) from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise DataError(f"not valid CSV: {error}", place=file) from None
    if not rows or not any(value.strip() for value in rows[0]):
        raise DataError("file is empty", place=file, expected="a header row and a row for each unit")
    width = len(rows[0])
    for number, row in enumerate(rows, start=1):
        if row and len(row) != width:
            raise DataError(
                "row has a wrong number of cells",
                place=f"{file} row {number}",
                found=len(row),
                expected=f"{width}, as in the header",
                hint="quote cells that hold a comma",
            )
    return rows


def _match_columns(definition: TableDef, header: list[str], file: str) -> dict[str, int]:
    """Each declared column's position: the first header not yet taken that reads the same."""
    free = {index: normalise(text) for index, text in enumerate(header)}
    if free[0] != normalise(definition.unit_header):
        raise DataError(
            "first column is not the units' names", place=f"{file} A1", found=header[0], expected=definition.unit_header
        )
    del free[0]
    positions: dict[str, int] = {}
    for name, column in definition.columns.items():
        wanted = normalise(column.header)
        index = next((index for index, text in free.items() if text == wanted), None)
        if index is None:
            raise DataError(
                "a column is missing",
                place=f"{file} row 1",
                found="、".join(header),
                expected=column.header,
                hint=did_you_mean(wanted, free.values()),
            )
        positions[name] = index
        del free[index]
    if free:
        index = next(iter(free))
        raise DataError(
            "a column that the series does not declare",
            place=f"{file} {column_letter(index)}1",
            found=header[index] or "(no header)",
            hint="declare it in series.yml, or take it out",
        )
    return positions


def _unit_names(series: Series) -> dict[str, str]:
    names: dict[str, str] = {}
    for unit in series.units:
        for name in filter(None, (unit.zh, unit.short, unit.en, *unit.aliases)):
            names[normalise(name)] = unit.id
    return names


def _read_row(
    table: str,
    unit: str | None,
    definition: TableDef,
    positions: dict[str, int],
    row: list[str],
    number: int,
    file: str,
) -> dict[str, Cell]:
    cells = {}
    for name, index in positions.items():
        source = Source(file, None, number, column_letter(index))
        column = definition.columns[name]
        text = row[index].strip()
        mark = unit is None and text == definition.total_mark
        value = None if not text or mark else _number(text, column, source)
        cells[name] = Cell(table, unit, name, row[index], value, source)
    return cells


def _number(text: str, column: Column, source: Source) -> Decimal:
    value = parse_decimal(text)
    if value is None:
        raise DataError("not a number", place=str(source), found=text, expected=f"{column.header}: a number or a blank")
    if column.min is not None and value < column.min:
        raise DataError(
            "number out of range", place=str(source), found=text, expected=f"{column.header}: at least {column.min}"
        )
    if column.max is not None and value > column.max:
        raise DataError(
            "number out of range", place=str(source), found=text, expected=f"{column.header}: at most {column.max}"
        )
    return value
