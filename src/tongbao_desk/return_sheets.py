"""Return sheets (核对意见): what a county is asked to mend, as a workbook to fill in and a page to read.

One pair of files per unit that an issue names. Cells are marked where they stand in the table and explained in Chinese;
an empty cell below each takes the correction.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from tongbao.basics.errors import DataError, TongbaoError
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.checks import QualityIssue
from tongbao.definition.project import Project
from tongbao.definition.series import Series

LEVELS = {"error": "错误，须更正", "warning": "存疑，请核实", "note": "说明"}
COLOURS = {"error": "F4B6B0", "warning": "FFE699", "note": "E7E6E6"}
_THIN = Side(style="thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADINGS = ("序号", "类别", "表", "位置", "说明")


def write_feedback(bulletin: Bulletin) -> list[Path]:
    """Write the return sheets of a period under ``data/processed/<series>/<period>/feedback/``.

    Sheets of an earlier check are removed first. Issues that name no unit are the city's own and go to nobody.

    Returns:
        The files written, a workbook and a page per unit.
    """
    folder = bulletin.project.processed(bulletin.series.id, bulletin.period) / "feedback"
    for old in [*folder.glob("*.xlsx"), *folder.glob("*.html")]:
        old.unlink()
    files = []
    for unit in bulletin.series.units:
        issues = [issue for issue in bulletin.quality if issue.unit == unit.id]
        if issues:
            folder.mkdir(parents=True, exist_ok=True)
            _workbook(bulletin, unit.id, issues).save(folder / f"{unit.zh}.xlsx")
            (folder / f"{unit.zh}.html").write_text(_page(bulletin, unit.id, issues), "utf-8", newline="\n")
            files += [folder / f"{unit.zh}.xlsx", folder / f"{unit.zh}.html"]
    return files


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
    folder = project.processed(series.id, period) / "feedback"
    for old in [*folder.glob("*.xlsx"), *folder.glob("*.html")]:
        old.unlink()
    files = []
    for unit in series.units:
        own = [fault for fault in faults if isinstance(fault, DataError) and fault.unit == unit.id]
        if own:
            folder.mkdir(parents=True, exist_ok=True)
            rows = [
                (str(number), LEVELS["error"], "", (fault.place or "").rpartition("/")[2], _in_chinese(fault))
                for number, fault in enumerate(own, start=1)
            ]
            title = _title_of(series, period, unit.id)
            book = _list_of(rows, ["error"] * len(rows), title, series)
            book.save(folder / f"{unit.zh}.xlsx")
            page = _document(title, _list_html(rows, ["error"] * len(rows)), series)
            (folder / f"{unit.zh}.html").write_text(page, "utf-8", newline="\n")
            files += [folder / f"{unit.zh}.xlsx", folder / f"{unit.zh}.html"]
    return files


_CHINESE = {
    "not a number: a space": "不是数字，中间有空格",
    "not a number": "不是数字",
    "a percentage where none": "不应填百分数",
    "number out of range": "超出范围",
    "a date, not a number": "是日期，不是数字（Excel可能把3-1变成了日期）",
    "an error of Excel's": "是Excel的错误值",
    "a formula without its result": "公式没有计算结果，请用Excel或WPS打开后保存",
    "merged with the cell": "与其他单元格合并，不知归谁",
    "a truth value": "是真假值，不是数字",
}


def _in_chinese(fault: DataError) -> str:
    """What is wrong with a cell, for the officer who filled it in."""
    what = next((zh for start, zh in _CHINESE.items() if fault.message.startswith(start)), "无法识别")
    column = (fault.expected or "").partition(": ")[0]
    found = f"“{fault.found}”" if fault.found is not None else "该单元格"
    limit = (fault.expected or "").partition(": ")[2]
    asked = {"at least": "不小于", "at most": "不大于"}
    bound = next((f"，应{zh}{limit.removeprefix(en).strip()}" for en, zh in asked.items() if limit.startswith(en)), "")
    return f"{column}：{found}{what}{bound}。"


def _title_of(series: Series, period: Period, unit: str) -> str:
    return f"{series.unit(unit).zh}：{period.label()}{series.subject.zh}数据核对意见{series.mark()}"


def _title(bulletin: Bulletin, unit: str) -> str:
    return _title_of(bulletin.series, bulletin.period, unit)


def _rows(bulletin: Bulletin, issues: Sequence[QualityIssue]) -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            LEVELS[issue.level],
            bulletin.series.tables[issue.table].title.zh if issue.table in bulletin.series.tables else "",
            issue.place.rpartition("/")[2],  # a county knows its file, not our folders
            issue.message["zh"],
        )
        for number, issue in enumerate(issues, start=1)
    ]


def _list_of(rows: Sequence[tuple[str, ...]], levels: Sequence[str], title: str, series: Series) -> Workbook:
    """A workbook whose first sheet lists what is asked."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = "核对意见"
    sheet.append([title])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([f"请更正后连同本表报{series.authority.zh}。"])
    sheet.append([])
    sheet.append(list(_HEADINGS))
    for row, level in zip(rows, levels, strict=True):
        sheet.append(list(row))
        sheet.cell(sheet.max_row, 2).fill = PatternFill("solid", fgColor=COLOURS[level])
    for cells in sheet.iter_rows(min_row=4, max_col=len(_HEADINGS)):
        for cell in cells:
            cell.border = _BOX
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for column, width in zip("ABCDE", (6, 16, 28, 40, 60), strict=True):
        sheet.column_dimensions[column].width = width
    return book


def _workbook(bulletin: Bulletin, unit: str, issues: Sequence[QualityIssue]) -> Workbook:
    levels = [issue.level for issue in issues]
    book = _list_of(_rows(bulletin, issues), levels, _title(bulletin, unit), bulletin.series)
    for table in bulletin.series.tables:
        if unit in bulletin.received.tables[table].rows:
            _table_sheet(bulletin, unit, table, issues, book)
    return book


def _table_sheet(bulletin: Bulletin, unit: str, table: str, issues: Sequence[QualityIssue], book: Workbook) -> None:
    """The unit's row as received, marked, and an open row below it for corrections."""
    definition, row = bulletin.series.tables[table], bulletin.received.tables[table].rows[unit]
    sheet = book.create_sheet(_sheet_name(definition.title.zh, book))
    sheet.append([definition.title.zh])
    sheet.append([definition.unit_header.zh, *(column.header for column in definition.columns.values())])
    sheet.append([bulletin.series.unit(unit).zh, *(cell.text.strip() for cell in row.values())])
    sheet.append(["更正", *([None] * len(row))])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.border = _BOX
            cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    for index, name in enumerate(row, start=2):
        found = [issue for issue in issues if any((c.table, c.column) == (table, name) for c in issue.cells)]
        sheet.cell(4, index).protection = Protection(locked=False)
        sheet.column_dimensions[sheet.cell(2, index).column_letter].width = 14
        if found:
            cell = sheet.cell(3, index)
            cell.fill = PatternFill("solid", fgColor=COLOURS[found[0].level])
            text = "\n".join(f"{LEVELS[issue.level]}：{issue.message['zh']}" for issue in found)
            cell.comment = Comment(text, bulletin.series.authority.zh, height=120, width=320)
    sheet.column_dimensions["A"].width = 18
    sheet.protection.sheet = True


def _sheet_name(title: str, book: Workbook) -> str:
    """At most 31 characters, none of those Excel refuses, and not twice."""
    name = "".join(character for character in title if character not in "[]:*?/\\'")[:28]
    return name if name not in book.sheetnames else f"{name}{len(book.sheetnames)}"


def _page(bulletin: Bulletin, unit: str, issues: Sequence[QualityIssue]) -> str:
    listed = _list_html(_rows(bulletin, issues), [issue.level for issue in issues])
    tables = "".join(_table_html(bulletin, unit, table, issues) for table in bulletin.series.tables)
    return _document(_title(bulletin, unit), listed + tables, bulletin.series)


def _list_html(rows: Sequence[tuple[str, ...]], levels: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{heading}</th>' for heading in _HEADINGS)
    body = "".join(
        f'<tr class="{level}">' + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>"
        for row, level in zip(rows, levels, strict=True)
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n'


def _document(title: str, body: str, series: Series) -> str:
    title = html.escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n'
        'body{font:16px/1.7 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:64rem;'
        "margin:2rem auto;padding:0 1rem}\n"
        ".scroll{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}"
        "th,td{border:1px solid #888;padding:.4rem .7rem;text-align:left;overflow-wrap:anywhere}\n"
        + "".join(
            f".{level} td:nth-child(2),td.{level}{{background:#{colour};color:#000}}\n"
            for level, colour in COLOURS.items()
        )
        + f"</style></head>\n<body>\n<h1>{title}</h1>\n{body}"
        f"<p>请核对后将更正的数字填入同名的 Excel 表，报{html.escape(series.authority.zh)}。</p>\n"
        "</body></html>\n"
    )


def _table_html(bulletin: Bulletin, unit: str, table: str, issues: Sequence[QualityIssue]) -> str:
    definition, row = bulletin.series.tables[table], bulletin.received.tables[table].rows.get(unit)
    if row is None:
        return ""
    head = "".join(f'<th scope="col">{html.escape(column.header)}</th>' for column in definition.columns.values())
    body = ""
    for name, cell in row.items():
        found = [issue for issue in issues if any((c.table, c.column) == (table, name) for c in issue.cells)]
        mark = f' class="{found[0].level}" title="{html.escape(found[0].message["zh"])}"' if found else ""
        body += f"<td{mark}>{html.escape(cell.text.strip()) or '（空白）'}</td>"
    unit_name = html.escape(bulletin.series.unit(unit).zh)
    first = html.escape(definition.unit_header.zh)
    return (
        f"<h2>{html.escape(definition.title.zh)}</h2>\n"
        f'<div class="scroll"><table><thead><tr><th scope="col">{first}</th>{head}</tr>'
        f'</thead><tbody><tr><th scope="row">{unit_name}</th>{body}</tr></tbody></table></div>\n'
    )
