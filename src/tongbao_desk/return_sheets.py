"""Return sheets (核对意见): what a county is asked to mend, as a workbook to fill in and a page to read.

One pair of files per unit that an issue names. Cells are marked where they stand in the table and explained in Chinese;
an empty cell below each takes the correction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from tongbao.basics.catalogue import catalogue
from tongbao.basics.errors import DataError, TongbaoError, legible
from tongbao.basics.period import Period
from tongbao.build.install import held
from tongbao.bulletin.bulletin import Bulletin
from tongbao.checks import QualityIssue
from tongbao.definition.files import file_name, write_whole
from tongbao.definition.project import Project
from tongbao.definition.series import Series
from tongbao.definition.tables import TableDef
from tongbao_desk.templates import render
from tongbao_desk.workbooks import append, box, first_sheet, unlock

LEVELS = {"error": "错误，须更正", "warning": "存疑，请核实", "note": "说明"}
COLOURS = {"error": "F4B6B0", "warning": "FFE699", "note": "E7E6E6"}
_HEADINGS = ("序号", "类别", "表", "位置", "说明")
# What units are asked, by their ids: how serious it is, in which table and where, and in words.
_Asked = dict[str, list[tuple[str, str, str, str]]]


@dataclass(frozen=True)
class _Row:
    """A unit's row of a table as received: each cell's text with the issues about it."""

    definition: TableDef
    cells: Sequence[tuple[str, Sequence[QualityIssue]]]

    @property
    def header(self) -> list[str]:
        return [self.definition.unit_header.zh, *(column.header for column in self.definition.columns.values())]


def write_feedback(bulletin: Bulletin) -> list[Path]:
    """Write the return sheets of a period under ``data/processed/<series>/<period>/feedback/``.

    Sheets of an earlier check are removed first. Issues that name no unit are the city's own and go to nobody.

    Returns:
        The files written, a workbook and a page per unit.
    """
    titles = {name: table.title.zh for name, table in bulletin.series.tables.items()}
    asked: _Asked = {}
    for issue in bulletin.quality:
        place = issue.place_in("zh").rpartition("/")[2]  # a county knows its file, not our folders
        line = (issue.level, titles.get(issue.table, ""), place, issue.message["zh"])
        asked.setdefault(issue.unit or "", []).append(line)
    rows = {unit: _rows(bulletin, unit) for unit in asked}
    return _write(bulletin.project, bulletin.series, bulletin.period, asked, rows)


def write_unread(project: Project, series: Series, period: Period, faults: Sequence[TongbaoError]) -> list[Path]:
    """Write return sheets about cells that cannot be read, so that no figures could be computed from them.

    Arguments:
        project: says where they are written, as ``write_feedback``.
        series: names the counties.
        period: printed in the title.
        faults: as reading gave them; those in no county's row go to nobody.

    Returns:
        The files written, a workbook and a page per unit.
    """
    titles = {name: table.title.zh for name, table in series.tables.items()}
    asked: _Asked = {}
    for fault in faults:
        if isinstance(fault, DataError) and fault.unit is not None:
            table, place = titles.get(fault.table or "", ""), (fault.place or "").rpartition("/")[2]
            line = ("error", table, place, _in_chinese(fault))
            asked.setdefault(fault.unit, []).append(line)
    return _write(project, series, period, asked, {})


def _rows(bulletin: Bulletin, unit: str) -> list[_Row]:
    about: dict[tuple[str, str], list[QualityIssue]] = {}
    for issue in bulletin.quality:
        for place in dict.fromkeys((cell.table, cell.column) for cell in issue.cells if issue.unit == unit):
            about.setdefault(place, []).append(issue)
    return [
        _Row(definition, [(legible(cell.text.strip()), about.get((name, column), ())) for column, cell in row.items()])
        for name, definition in bulletin.series.tables.items()
        if (row := bulletin.received.tables[name].rows.get(unit)) is not None
    ]


def _write(
    project: Project, series: Series, period: Period, asked: _Asked, rows: Mapping[str, Sequence[_Row]]
) -> list[Path]:
    folder = project.processed(series.id, period) / "feedback"
    sheets: dict[Path, bytes | str] = {}
    for unit in (unit for unit in series.units if unit.id in asked):
        title = f"{unit.zh}：{period.label()}{series.subject.zh}数据核对意见{series.mark()}"
        listed = [
            (level, (f"{n}", LEVELS[level], *map(legible, line)))
            for n, (level, *line) in enumerate(asked[unit.id], start=1)
        ]
        own, authority = rows.get(unit.id, ()), series.authority.zh
        name = file_name(unit.zh, unit.id)
        book, page = folder / f"{name}.xlsx", folder / f"{name}.html"
        _workbook(title, listed, unit.zh, own, authority).save(saved := BytesIO())
        values = {"asked": listed, "unit": unit.zh, "rows": own, "headings": _HEADINGS, "colours": COLOURS}
        said = render("return-sheet.html", title=title, authority=authority, **values)
        sheets |= {book: saved.getvalue(), page: said}
    with held(project):
        for path, content in sheets.items():
            write_whole(path, content)
        for old in {*folder.glob("*.xlsx"), *folder.glob("*.html")} - sheets.keys():
            old.unlink()
    return list(sheets)


def _in_chinese(fault: DataError) -> str:
    """What is wrong with a cell, for the officer who filled it in."""
    tell = catalogue("zh")
    column, _, kind = (fault.expected or "").partition(": ")
    found = f"“{fault.found}”" if fault.found is not None else "该单元格"
    limit = tell(fault.expected or "").removeprefix(f"{column}：")
    bound = "" if kind == "a number or a blank" else f"，应{limit}" if limit.startswith("不") else f"，应为{limit}"
    return f"{column}：{found}{tell(fault.message)}{bound}。"


def _workbook(
    title: str, listed: Sequence[tuple[str, Sequence[str]]], unit: str, rows: Sequence[_Row], authority: str
) -> Workbook:
    """The first sheet lists what is asked; a sheet for each table shows where."""
    lines = [[title], [f"请更正后连同本表报{authority}。"], [], _HEADINGS, *(line for _, line in listed)]
    book, sheet = first_sheet("核对意见", lines)
    for number, (level, _) in enumerate(listed, start=5):
        sheet.cell(number, 2).fill = PatternFill("solid", fgColor=COLOURS[level])
    box(sheet.iter_rows(min_row=4, max_col=len(_HEADINGS)), centred=False)
    for column, width in zip("ABCDE", (6, 16, 28, 40, 60), strict=True):
        sheet.column_dimensions[column].width = width
    for row in rows:
        _table_sheet(unit, row, authority, book)
    return book


def _table_sheet(unit: str, row: _Row, authority: str, book: Workbook) -> None:
    """The unit's row as received, marked, and an open row below it for corrections."""
    title = row.definition.title.zh
    # At most 31 characters, none of those Excel refuses, and not twice.
    name = "".join(character for character in title if character not in "[]:*?/\\'")[:28]
    sheet = book.create_sheet(name if name not in book.sheetnames else f"{name}{len(book.sheetnames)}")
    blank = [None] * len(row.cells)
    for line in ([title], row.header, [unit, *(text for text, _ in row.cells)], ["更正", *blank]):
        append(sheet, line)
    box(sheet.iter_rows(min_row=2))
    for index, (_, issues) in enumerate(row.cells, start=2):
        unlock(sheet.cell(4, index))
        sheet.column_dimensions[sheet.cell(2, index).column_letter].width = 14
        if issues:
            cell = sheet.cell(3, index)
            cell.fill = PatternFill("solid", fgColor=COLOURS[issues[0].level])
            text = "\n".join(f"{LEVELS[issue.level]}：{issue.message['zh']}" for issue in issues)
            cell.comment = Comment(legible(text), authority, height=120, width=320)
    sheet.column_dimensions["A"].width = 18
    sheet.protection.sheet = True
