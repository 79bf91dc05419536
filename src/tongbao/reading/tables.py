"""Sheets → a table of cells by unit and column, with every fault named at its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tongbao.basics.errors import DataError, did_you_mean
from tongbao.basics.rounding import round_decimal
from tongbao.definition.series import Series
from tongbao.definition.tables import Column, TableDef
from tongbao.reading.cell import Cell, Source, column_letter
from tongbao.reading.grid import SUFFIXES, GridCell, Sheet, read_sheets
from tongbao.reading.header import Header, find_header
from tongbao.reading.labels import normalise, read_number

TOTALS = frozenset({"合计", "总计", "合计数"})
NOTES = ("注", "说明", "备注", "填表", "制表", "审核", "填报", "联系", "单位负责人", "数据来源")


@dataclass(frozen=True)
class Table:
    """A table as received: ``rows[unit][column]``, and the totals' row if it has one."""

    name: str
    rows: dict[str, dict[str, Cell]]
    total: dict[str, Cell] = field(default_factory=dict)

    def cell(self, unit: str, column: str) -> Cell | None:
        """The cell of a unit, or ``None`` where the table has no row for it."""
        return self.rows.get(unit, {}).get(column)


@dataclass
class _Reading:
    """A table being read: what is collected over its files."""

    name: str
    definition: TableDef
    series: Series
    errors: list[DataError]
    rows: dict[str, dict[str, Cell]] = field(default_factory=dict)
    total: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    unnamed: bool = False

    @cached_property
    def names(self) -> dict[str, str]:
        """Every name a unit may be written by, folded, with the unit's id."""
        return unit_names(self.series)


def read_table(
    name: str, definition: TableDef, series: Series, folder: Path, root: Path, errors: list[DataError]
) -> tuple[Table, list[Path]]:
    """Read one table, from one file or from one per unit (``file: returns/*.xlsx``).

    Arguments:
        name: the table's name in the series.
        definition: its file, columns and totals' row.
        series: for the units' names.
        folder: where the period's figures lie.
        root: the project's root; places are named relative to it.
        errors: takes what is wrong with single rows and cells.

    Returns:
        The table and the files it was read from.

    Raises:
        DataError: a file or its header cannot be read.
    """
    reading = _Reading(name, definition, series, errors)
    paths = find_files(folder, definition.file or "", root)
    for path in paths:
        sheet, header = _find_table(read_sheets(path, relative(path, root)), definition)
        _read_rows(reading, sheet, header)
    missing = [unit.zh for unit in series.units if unit.id not in reading.rows]
    place = relative(paths[0] if len(paths) == 1 else folder, root)
    # A row whose name cannot be read is most likely the one that would be missed here.
    if missing and not definition.partial and not reading.unnamed:
        errors.append(
            DataError(
                "reporting units are missing",
                place=place,
                found=f"{len(reading.rows)} units",
                expected=f"a row, blank if nothing was reported, for {'、'.join(missing)}",
            )
        )
    if definition.total_row and not reading.total:
        errors.append(DataError("the totals' row is missing", place=place, expected=f"a row {definition.total_row.zh}"))
    return Table(name, reading.rows, reading.total), paths


def find_files(folder: Path, pattern: str, root: Path) -> list[Path]:
    """The files a table is read from: all that match a pattern, or the one of that name with any known ending.

    Raises:
        DataError: none, or two of the same name.
    """
    if "*" in pattern:
        found = sorted(path for path in folder.glob(pattern) if not path.name.startswith(("~$", ".")))
        if not found:
            raise DataError("no file matches", place=relative(folder, root), expected=pattern)
        return found
    wanted = folder / pattern
    found = [path for suffix in SUFFIXES if (path := wanted.with_suffix(suffix)).is_file()]
    if len(found) > 1:
        raise DataError("the same table twice", place=relative(folder, root),
                        found=", ".join(path.name for path in found), expected="one of them")  # fmt: skip
    return found or [wanted]


def relative(path: Path, root: Path) -> str:
    """How messages and sources name a file."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _find_table(sheets: list[Sheet], definition: TableDef) -> tuple[Sheet, Header]:
    """The first visible sheet that holds the table; the complaint about the first sheet where none does."""
    complaint: DataError | None = None
    for sheet in sorted(sheets, key=lambda sheet: sheet.hidden):
        if not any(cell.text.strip() for row in sheet.rows for cell in row):
            complaint = complaint or DataError(
                "file is empty", place=sheet.file, expected="a header row and a row for each unit"
            )
            continue
        try:
            header = find_header(sheet, definition)
        except DataError as error:
            complaint = complaint if complaint and complaint.message != "file is empty" else error
            continue
        if sheet.hidden:
            raise DataError("the table is on a hidden sheet", place=f"{sheet.file} [{sheet.name}]",
                            hint="show the sheet, or delete it and fill in the visible one")  # fmt: skip
        return sheet, header
    raise complaint or DataError("file is empty", place=sheets[0].file if sheets else None)


def _read_rows(reading: _Reading, sheet: Sheet, header: Header) -> None:
    names = reading.names
    totals = TOTALS | ({normalise(reading.definition.total_row.zh)} if reading.definition.total_row else set())
    used = header.columns.values()
    for index, row in enumerate(sheet.rows[header.row + 1 :], start=header.row + 1):
        label, number = row[header.unit_column].text, index + 1
        place = str(Source(sheet.file, sheet.name, number, column_letter(header.unit_column)))
        filled = any(row[column].text.strip() or row[column].problem for column in used)
        folded = normalise(label)
        if not folded:
            if filled:
                reading.unnamed = True
                reading.errors.append(DataError("figures without a unit's name", place=place))
            continue
        if number in sheet.hidden_rows and (filled or folded in names):
            reading.errors.append(
                DataError(
                    "the row is hidden", place=place, found=label, hint="show it, or delete it if it is not meant"
                )
            )
        if folded in totals:
            if reading.total:
                reading.errors.append(DataError("a second totals' row", place=place, found=label))
            reading.total = _read_row(reading, None, sheet, header, index)
        elif folded in names:
            _take(reading, names[folded], _read_row(reading, names[folded], sheet, header, index), label, place)
        elif filled or not folded.startswith(NOTES):
            reading.unnamed = True
            reading.errors.append(
                DataError(
                    "unknown reporting unit",
                    place=place,
                    found=label,
                    expected="a unit of the series, by official name, short name or alias",
                    hint=did_you_mean(folded, {unit.zh for unit in reading.series.units}),
                )
            )


def _take(reading: _Reading, unit: str, cells: dict[str, Cell], label: str, place: str) -> None:
    if unit in reading.rows:
        reading.errors.append(
            DataError(
                "reporting unit stands twice",
                place=place,
                found=label,
                expected="one row for each unit",
                hint=f"the first is at {reading.places[unit]}",
            )
        )
        return
    reading.rows[unit] = cells
    reading.places[unit] = place


def unit_names(series: Series) -> dict[str, str]:
    """Every name a unit may be written by, folded, with the unit's id."""
    names: dict[str, str] = {}
    for unit in series.units:
        for name in filter(None, (unit.zh, unit.short, unit.en, *unit.aliases)):
            names[normalise(name)] = unit.id
    return names


def _read_row(reading: _Reading, unit: str | None, sheet: Sheet, header: Header, index: int) -> dict[str, Cell]:
    cells = {}
    for name, at in header.columns.items():
        source = Source(sheet.file, sheet.name, index + 1, column_letter(at))
        cell, column = sheet.rows[index][at], reading.definition.columns[name]
        is_mark = unit is None and cell.text.strip() == reading.definition.total_mark
        known = len(reading.errors)
        value = None if is_mark else _value(cell, column, source, reading.errors)
        for error in reading.errors[known:]:
            error.unit = unit
        cells[name] = Cell(reading.name, unit, name, cell.text, value, source)
    return cells


def _value(cell: GridCell, column: Column, source: Source, errors: list[DataError]) -> Decimal | None:
    """The cell's number; ``None`` for a blank, and for what is reported as a fault."""
    if cell.problem:
        errors.append(_fault(cell.problem, cell, column, source))
        return None
    try:
        value = cell.number if cell.number is not None else read_number(cell.text, column.unit)
    except ValueError as error:
        errors.append(_fault(str(error), cell, column, source))
        return None
    if value is None:
        return None
    if column.min is not None and value < column.min:
        errors.append(_fault("number out of range", cell, column, source, f"at least {column.min}"))
    if column.max is not None and value > column.max:
        errors.append(_fault("number out of range", cell, column, source, f"at most {column.max}"))
    return padded(value, column) if cell.number is not None else value


def padded(value: Decimal, column: Column) -> Decimal:
    """A workbook keeps 40.00 as 40: zeros the column prints are put back, digits are never cut."""
    exponent = value.as_tuple().exponent
    if column.decimals is None or not isinstance(exponent, int) or -exponent >= column.decimals:
        return value
    return round_decimal(value, column.decimals)


def _fault(
    problem: str, cell: GridCell, column: Column, source: Source, expected: str = "a number or a blank"
) -> DataError:
    return DataError(
        problem, place=str(source), found=cell.text.strip() or None, expected=f"{column.header}: {expected}"
    )
