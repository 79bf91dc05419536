"""Sheets → a table of cells by unit and column, with every fault named at its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from tongbao.basics.errors import DataError, UsageError, did_you_mean
from tongbao.basics.period import Period
from tongbao.basics.rounding import decimals_of, round_decimal
from tongbao.basics.workbook import column_letter
from tongbao.definition.files import relative, require_inside
from tongbao.definition.series import Series
from tongbao.definition.stated import TOTALS
from tongbao.definition.tables import Column, TableDef
from tongbao.reading.cell import Cell, Source
from tongbao.reading.folder import find_files, strays
from tongbao.reading.grid import GridCell, Sheet, read_sheets
from tongbao.reading.header import Header, columns_told, find_header
from tongbao.reading.headings import Heading, heading_of
from tongbao.reading.labels import BLANK_MARKS, normalise, read_number
from tongbao.reading.periods import other_period

_HIDDEN = "show it, or delete it if it is not meant"
_FORMER = (
    "one that was merged or abolished belongs among the series' former_units, "
    "a row to be read past (of which, a subtotal) under the table's ignore_rows"
)
# What rows below a table begin with: notes, and who has filled it in, by telephone number.
_NOTE = re.compile(r"\(?(?:注|说明|备注|数据来源|截至|统计口径)|[※*]")
_WHO = re.compile("填表|制表|审核|复核|填报|经办|联系|报出|(单位|统计)?负责人")

# 1,050 typed without quotation marks: one to three digits, then three.
_APART = re.compile(r"(?:^|,)[+-]?[0-9]{1,3},[0-9]{3}(?:\.[0-9]+)?(?:,|$)")


@dataclass(frozen=True)
class Table:
    """A table as received: ``rows[unit][column]``, and the totals' row if it has one.

    ``former`` are the places of rows that are left out, by the names of units that are none any more; ``headings`` is
    what stands over it in each of its files.
    """

    name: str
    rows: dict[str, dict[str, Cell]]
    total: dict[str, Cell] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()

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
    is_of_one_unit: bool = False
    rows: dict[str, dict[str, Cell]] = field(default_factory=dict)
    total: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    unnamed: bool = False

    @cached_property
    def names(self) -> dict[str, str]:
        """Every name a unit may be written by, folded, with the unit's id."""
        return unit_names(self.series)

    @cached_property
    def totals(self) -> frozenset[str]:
        """What the totals' row may be called."""
        return TOTALS | ({normalise(self.definition.total_row.zh)} if self.definition.total_row else set())

    @cached_property
    def ignored(self) -> frozenset[str]:
        """The names of rows that are read past, folded."""
        return frozenset(map(normalise, self.definition.ignore_rows))

    def refuse(self, problem: str, place: object, unit: str | None = None, **told: Any) -> None:
        """Note a fault of a row or cell."""
        error = DataError(problem, place=str(place), **told)
        error.unit, error.table = unit, self.name
        self.errors.append(error)

    def refuse_other_period(self, name: str, sheet: Sheet, header: Header, folder: str) -> None:
        """Refuse a table that says itself, in its file's or sheet's name or its title, that it is of another period."""
        titles = (cell.text for row in sheet.rows[: header.row] for cell in row)
        with suppress(UsageError):  # a folder of no period
            if said := other_period([name, sheet.name or "", *titles], period := Period.parse(folder)):
                hint = "put this period's table there; where it is, correct what it says"
                self.refuse("a table of another period", sheet.place, found=said, expected=period.label(), hint=hint)

    def read(self, sheet: Sheet, header: Header) -> None:
        """Take in the rows below the header."""
        known = set(self.rows)
        self._refuse_hidden_columns(sheet, header)
        if sheet.lengths:
            self._refuse_shifted(sheet, header)
        are_notes = False  # one note may go on for several rows, or be followed by others
        for index, row in enumerate(sheet.rows[header.row + 1 :], start=header.row + 1):
            label, number = row[header.unit_column].text, index + 1
            if not normalise(label):  # 合计 may stand in a column before it, merged or not
                before = (cell.text for cell in row[: header.unit_column])
                label = next((text for text in before if normalise(text) in self.totals | self.ignored), label)
            place = str(Source(sheet.file, sheet.name, number, column_letter(header.unit_column)))
            filled = any(row[column].text.strip() or row[column].problem for column in header.columns.values())
            folded = normalise(label)
            are_notes = folded not in self.names and (is_note(row) or (are_notes and is_words(row)))
            if are_notes or folded in self.ignored:
                continue
            if not folded:
                if filled:
                    self.unnamed = True
                    self.refuse("figures without a unit's name", place)
                continue
            if number in sheet.hidden_rows and (filled or folded in self.names):
                self.refuse("the row is hidden", place, found=label, hint=_HIDDEN)
            if folded in self.totals:
                if self.total:
                    self.refuse("a second totals' row", place, found=label)
                self.total = self._row(None, sheet, header, index)
            elif folded in self.names:
                self._take(self.names[folded], self._row(self.names[folded], sheet, header, index), label, place)
            else:
                self._leave_out(label, place)
        if self.is_of_one_unit and not self.definition.total_row:
            self._hold_total_to([row for unit, row in self.rows.items() if unit not in known])

    def _refuse_hidden_columns(self, sheet: Sheet, header: Header) -> None:
        headers = {header.unit_column: self.definition.unit_header.zh}
        headers |= {at: self.definition.columns[name].header for name, at in header.columns.items()}
        for at in sorted(sheet.hidden_columns & headers.keys()):
            top = Source(sheet.file, sheet.name, header.row + 1, column_letter(at))
            self.refuse("the column is hidden", top, found=headers[at], hint=_HIDDEN)

    def _hold_total_to(self, rows: list[dict[str, Cell]]) -> None:
        """Hold the total of a county's own return to its rows; it is no total of all counties."""
        for name, cell in self.total.items():
            values = [row[name].value for row in rows]
            found = sum((value for value in values if value is not None), Decimal(0))
            if self.definition.columns[name].area == "sum" and cell.value is not None and cell.value != found:
                expected = f"{self.definition.columns[name].header}: {found}, the sum of the rows"
                self.refuse("a total that is not the sum of its rows", cell.source, found=cell.text, expected=expected)
        self.total = {}

    def _refuse_shifted(self, sheet: Sheet, header: Header) -> None:
        """Refuse rows with more cells than the header, be the last one empty: 1,050 typed without quotation marks.

        That every row ends with a comma and the header does not is a habit, unless each of them may hold such a figure.
        """
        lengths, known = sheet.lengths, self.names.keys() | self.totals
        rows = [
            index
            for index in range(header.row + 1, len(lengths))
            if normalise(sheet.rows[index][header.unit_column].text) in known
        ]
        texts = (",".join(cell.text for cell in sheet.rows[index]) for index in rows)
        habit = len(rows) > 1 and len({lengths[index] for index in rows}) == 1 and not all(map(_APART.search, texts))
        columns = lengths[header.row]
        for number in (index + 1 for index in rows if lengths[index] > columns and not habit):
            self.refuse(
                "row has a wrong number of cells",
                f"{sheet.file} row {number}",
                found=lengths[number - 1],
                expected=f"{columns}, as in the header",
                hint="quote cells that hold a comma; take a comma away that is too much at the end",
            )

    def refuse_fractions(self) -> None:
        """Refuse percentages kept as fractions: none is above 1, as 0.97 for 97 %."""
        for name, column in self.definition.columns.items():
            if column.unit != "%" or not column.is_measure:
                continue
            cells = [row[name] for row in self.rows.values() if name in row and row[name].value]
            limited = column.max is not None or column.lowest is None
            if not limited and len(cells) > 1 and all(cell.value is not None and cell.value <= 1 for cell in cells):
                hint = f"if they are that small: max: 100 in {self._declared(name)}"
                expected = f"{column.header}: 97 for 97 %; where a workbook shows percentages, saved as .xlsx"
                found = "、".join(cell.text.strip() for cell in cells[:3])
                problem, place = "percentages kept as fractions", cells[0].source
                self.refuse(problem, place, found=found, expected=expected, hint=hint)

    def _leave_out(self, label: str, place: str) -> None:
        """A row of no unit: of one that is none any more, else a fault."""
        former = {normalise(name.zh): name.zh for name in self.series.former_units}
        if (folded := normalise(label)) in former:
            self.former[former[folded]] = place
            return
        self.unnamed = True
        expected = "a unit of the series, by official name, short name or alias"
        hint = f"{did_you_mean(folded, {unit.zh for unit in self.series.units})} {_FORMER}".lstrip()
        self.refuse("unknown reporting unit", place, found=label, expected=expected, hint=hint)

    def _take(self, unit: str, cells: dict[str, Cell], label: str, place: str) -> None:
        if unit in self.rows:
            hint = f"the first is at {self.places[unit]}"
            self.refuse("reporting unit stands twice", place, found=label, expected="one row for each unit", hint=hint)
        else:
            self.rows[unit], self.places[unit] = cells, place

    def _row(self, unit: str | None, sheet: Sheet, header: Header, index: int) -> dict[str, Cell]:
        cells = {}
        for name, at in header.columns.items():
            source = Source(sheet.file, sheet.name, index + 1, column_letter(at))
            cell = sheet.rows[index][at]
            is_mark = unit is None and cell.text.strip() == self.definition.total_mark
            value = None if is_mark else self._value(cell, name, source, unit)
            cells[name] = Cell(self.name, unit, name, cell.text, value, source)
        return cells

    def _declared(self, name: str) -> str:
        """Where a column is declared, for hints."""
        place, _, _ = self.series.where("tables", self.name, "columns", name).partition(": ")
        return f"column {name} ({place})"

    def _reported_unit(self, column: Column) -> str:
        """The unit of the indicator that a column repeats, if it does."""
        reported = self.series.indicators.get(column.reports or "")
        return normalise(reported.unit) if reported else ""

    def _shown_amiss(self, cell: GridCell, column: Column) -> str | None:
        """What a workbook shows beside a number and the column does not mean."""
        if cell.percent and "%" not in (normalise(column.unit), self._reported_unit(column)):
            return "a percentage where none is expected"
        if cell.around and normalise(cell.around) != normalise(f"0{column.unit}"):
            return "the number format shows words that are no unit of the column"
        return None

    def _value(self, cell: GridCell, name: str, source: Source, unit: str | None) -> Decimal | None:
        """The cell's number; ``None`` for a blank, and for what is reported as a fault."""
        column = self.definition.columns[name]
        refuse = partial(self.refuse, place=source, unit=unit, found=cell.text.strip() or None)
        if column.words and unit is not None and not cell.problem:
            word = column.words.get(cell.text.strip())
            if word is None and cell.text.strip() not in BLANK_MARKS:
                refuse("not a word of the column", expected=f"{column.header}: {'、'.join(column.words)}, or a blank")
            return word.value if word else None
        value, problem = cell.number, cell.problem or self._shown_amiss(cell, column)
        if cell.around:
            refuse = partial(refuse, found=cell.around.replace("0", cell.text.strip(), 1))
        if value is None and not problem:
            try:
                value = read_number(cell.text, column.unit or self._reported_unit(column))
            except ValueError as error:
                problem = str(error)
            if value is not None and cell.merged:
                problem = f"merged with the cell that holds {cell.text}"
        if problem:
            refuse(problem, expected=f"{column.header}: a number or a blank")
            return None
        if value is None:
            return None
        if column.lowest is not None and value < column.lowest:
            hint = f"if it can be less: min: null in {self._declared(name)}"
            refuse("number out of range", expected=f"{column.header}: at least {column.lowest}", hint=hint)
        is_total = column.area == "sum" or (column.area == "reported" and column.unit != "%")
        is_own = unit is not None or not is_total or column.max is None  # a max is a limit of each unit's own
        if column.highest is not None and value > column.highest and is_own:
            escape = "over_100: true" if column.unit == "%" and column.max is None else "another max"
            hint = f"if it can be more: {escape} in {self._declared(name)}"
            refuse("number out of range", expected=f"{column.header}: at most {column.highest}", hint=hint)
        if column.is_whole and value != value.to_integral_value():
            hint = f"if it need not be one: whole: false in {self._declared(name)}"
            refuse("not a whole number", expected=f"{column.header}: whole numbers ({column.unit})", hint=hint)
        return padded(value, column) if cell.number is not None else value


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
    paths = find_files(folder, definition.file or "", root)
    reading = _Reading(name, definition, series, errors, is_of_one_unit="*" in (definition.file or ""))
    if not paths[0].is_file() and (others := strays(folder, series)):
        hint = f"if {others[0].name} is that table, name it {paths[0].with_suffix(others[0].suffix.lower()).name}"
        found = ", ".join(other.name for other in others)
        raise DataError("file is missing", place=relative(paths[0], root), found=found, hint=hint)
    for path in paths:
        require_inside(path, root)
        try:
            sheet, header = _find_table(read_sheets(path, relative(path, root)), definition)
        except DataError as error:
            if len(paths) == 1:
                raise
            errors.append(error)
            reading.unnamed = True
        else:
            reading.refuse_other_period(path.stem, sheet, header, folder.name)
            known = set(reading.rows)
            reading.read(sheet, header)
            units = tuple(unit for unit in reading.rows if unit not in known)
            reading.headings.append(heading_of(sheet, header, path.stem, units))
    reading.refuse_fractions()
    missing = [unit.zh for unit in series.units if unit.id not in reading.rows]
    place = relative(paths[0] if len(paths) == 1 else folder, root)
    # A row whose name cannot be read is most likely the one that would be missed here.
    if missing and not definition.partial and not reading.unnamed:
        expected = f"a row, blank if nothing was reported, for {'、'.join(missing)}"
        reading.refuse("reporting units are missing", place, found=f"{len(reading.rows)} units", expected=expected)
    if definition.total_row and not reading.total:
        reading.refuse("the totals' row is missing", place, expected=f"a row {definition.total_row.zh}")
    return Table(name, reading.rows, reading.total, reading.former, tuple(reading.headings)), paths


def _find_table(sheets: list[Sheet], definition: TableDef) -> tuple[Sheet, Header]:
    """The visible sheet that holds the table; where none does, the complaint about the one that is nearest to it."""
    found: list[tuple[Sheet, Header]] = []
    empty = DataError("file is empty", place=sheets[0].file, expected="a header row and a row for each unit")
    failed: list[tuple[Sheet, DataError]] = []
    for sheet in sorted(sheets, key=lambda sheet: sheet.hidden):
        if sheet.is_empty or (sheet.hidden and found):
            continue
        try:
            found.append((sheet, find_header(sheet, definition)))
        except DataError as error:
            failed.append((sheet, error))
    if not found:
        raise _nearest(failed, definition) if failed else empty
    (sheet, header), *others = found
    if sheet.hidden:
        hint = "show the sheet, or delete it and fill in the visible one"
        raise DataError("the table is on a hidden sheet", place=sheet.place, hint=hint)
    if filled := [other.name or "" for other, at in others if _has_figures(other, at)]:
        names, hint = "、".join([sheet.name or "", *filled]), "hide or delete all but the one that is meant"
        raise DataError(
            "the table stands on several sheets", place=sheet.file, found=names, expected="one of them", hint=hint
        )
    return sheet, header


def _nearest(failed: list[tuple[Sheet, DataError]], definition: TableDef) -> DataError:
    """The complaint about the sheet that names most of the table's columns; where none names any, with all sheets."""
    told = [columns_told(sheet, definition) for sheet, _ in failed]
    _, error = failed[told.index(max(told))]
    if len(failed) > 1 and not max(told):
        names = "、".join(sheet.name or "" for sheet, _ in failed)
        error.hint = f"sheets looked at: {names}"
    return error


def _has_figures(sheet: Sheet, header: Header) -> bool:
    return any(row[at].holds == "a figure" for row in sheet.rows[header.row + 1 :] for at in header.columns.values())


def is_note(row: Sequence[GridCell]) -> bool:
    """Whether a row is words about the table, merged or not: 注：…; 审核人：… 填表人：…."""
    first = normalise(next((cell.text for cell in row if cell.text.strip()), ""))
    return _WHO.match(first) is not None or (_NOTE.match(first) is not None and is_words(row))


def is_words(row: Sequence[GridCell]) -> bool:
    """Whether a row has no figure."""
    return all(cell.holds != "a figure" for cell in row)


def unit_names(series: Series) -> dict[str, str]:
    """Every name a unit may be written by, folded, with the unit's id."""
    names: dict[str, str] = {}
    for unit in series.units:
        for name in filter(None, (unit.zh, unit.short, unit.en, *unit.aliases)):
            names[normalise(name)] = unit.id
    return names


def padded(value: Decimal, column: Column) -> Decimal:
    """A workbook keeps 40.00 as 40: zeros the column prints are put back, digits are never cut."""
    if column.decimals is None or decimals_of(value) >= column.decimals:
        return value
    return round_decimal(value, column.decimals)
