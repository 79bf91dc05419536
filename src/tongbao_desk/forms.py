"""Forms (填报表): the workbook a county fills in for one table, read back without any setting.

Rows and headers are those of the series and locked; the cells to fill in take numbers within the declared limits. Ranks
and rates that the project computes are not asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.basics.workbook import column_letter
from tongbao.definition.files import file_name, write_whole
from tongbao.definition.series import Series
from tongbao.definition.tables import Column, TableDef
from tongbao_desk.workbooks import box, first_sheet, unlock
from tongbao_records.layout import FIELDS, SYNTHETIC_MARK, Field

_HEAD = PatternFill("solid", fgColor="E7E6E6")
_LINES = "808080"
_HEADER_ROW, CASE_ROWS = 4, 500
_NOTES = (
    "注：1. 只填白色单元格；没有发生的填0，未统计的留空，空白不作为零。",
    "注：2. 排名和由数据计算的比率不用填，由系统计算。",
)
_ABOUT_TOTALS = "注：3. 合计行的白色单元格要填：这些指标不能由各单位相加得出。"


def write_forms(series: Series, period: Period, folder: Path, unit: str | None = None) -> list[Path]:
    """Write a form for each table of a series, named as the table's file is; and one for case records.

    Arguments:
        series: the definition.
        period: printed in the title.
        folder: where to write; made if missing.
        unit: only this unit's row (id, name or short name); ``None`` for all units.

    Raises:
        UsageError: no such unit.
    """
    units = [u for u in series.units if unit is None or unit in (u.id, u.zh, u.short, u.en)]
    if not units:
        raise UsageError(f"no unit {unit} in series {series.id}", expected="、".join(u.zh for u in series.units))
    folder.mkdir(parents=True, exist_ok=True)
    names, whose = [u.zh for u in units], file_name(units[0].zh, units[0].id) if unit else "all"
    books = {}
    for name, definition in series.tables.items():
        if definition.partial or definition.file is None:
            continue  # figures that only a published text gives, or that are counted, are nobody's to fill in
        pattern = Path(definition.file)
        stem = pattern.stem if "*" not in pattern.name else f"{name}-{whose}"
        books[folder / f"{stem}.xlsx"] = _form(series, period, definition, names)
    if series.records is not None:
        books[folder / f"cases-{whose}.xlsx"] = _case_form(series, period, names)
    for path, book in books.items():
        book.save(saved := BytesIO())
        write_whole(path, saved.getvalue())
    return list(books)


def _case_form(series: Series, period: Period, units: list[str]) -> Workbook:
    """The sheet that case records are typed into: a row each, with drop-downs where only some words are known."""
    lines = (
        [f"{period.label()}安全生产行政执法检查情况表{series.mark()}"],
        [f"报送：{series.authority.zh}"],
        ["每次检查填一行；没有发生的项目留空，标*的必须填写。"],
        [f"{'*' if field.required else ''}{field.header}" for field in FIELDS],
    )
    book, sheet = first_sheet("检查情况表", lines)
    box(sheet.iter_rows(min_row=_HEADER_ROW), colour=_LINES)
    _open(sheet, CASE_ROWS, [_case_limits(field, units, period) for field in FIELDS], first=1, width=14)
    for index, field in enumerate(FIELDS, start=1):
        if field.type == "date":
            for row in range(_HEADER_ROW + 1, _HEADER_ROW + CASE_ROWS + 1):
                sheet.cell(row, index).number_format = "yyyy-mm-dd"
    if series.synthetic:
        sheet.cell(_HEADER_ROW + 1, len(FIELDS)).value = SYNTHETIC_MARK
    return book


def _open(sheet: Worksheet, count: int, rules: Sequence[DataValidation | None], *, first: int, width: int) -> None:
    """Protect a sheet but for the cells to fill in: ``count`` rows of columns from ``first`` on, a rule for each."""
    top, last = _HEADER_ROW + 1, _HEADER_ROW + count
    for cell in sheet[_HEADER_ROW]:
        cell.fill = _HEAD
    for index, rule in enumerate(rules, start=first):
        letter = column_letter(index - 1)
        sheet.column_dimensions[letter].width = width
        if rule is not None:
            rule.add(f"{letter}{top}:{letter}{last}")
            sheet.add_data_validation(rule)
        unlock(*(sheet.cell(row, index) for row in range(top, last + 1)))
    sheet.freeze_panes = f"B{top}"
    sheet.protection.sheet = True


def _case_limits(field: Field, units: list[str], period: Period) -> DataValidation | None:
    """A drop-down for fixed words, limits for days and numbers; none for free text."""
    words = units if field.name == "unit" else field.values or (("是", "否") if field.type == "yes_no" else ())
    if words:
        return _choice(field.header, words)
    limits = {
        "date": ("date", "DATE(2000,1,1)", f"请填日期，如{period.start.isoformat()}"),
        "count": ("whole", "0", "请填不小于0的整数"),
        "amount": ("decimal", "0", "请填不小于0的数"),
    }
    if field.type not in limits:
        return None
    kind, least, asked = limits[field.type]
    return _rule(field.header, asked, type=kind, operator="greaterThanOrEqual", formula1=least)


def _form(series: Series, period: Period, definition: TableDef, units: list[str]) -> Workbook:
    columns = [column for column in definition.columns.values() if column.is_measure]
    totals = [[definition.total_row.zh]] if definition.total_row and len(units) > 1 else []
    notes = [*_NOTES, _ABOUT_TOTALS] if totals and any(column.area == "reported" for column in columns) else _NOTES
    lines = [
        [f"{period.label()}{definition.title.zh}{series.mark()}"],
        [f"报送：{series.authority.zh}"],
        [],
        [definition.unit_header.zh, *(column.header for column in columns)],
        *([unit] for unit in units),
        *totals,
        [],
        *([note] for note in notes),
    ]
    book, sheet = first_sheet("填报表", lines)
    last = _HEADER_ROW + len(units) + len(totals)
    table = list(sheet.iter_rows(min_row=_HEADER_ROW, max_row=last, max_col=len(columns) + 1))
    box(table, colour=_LINES)
    for row in table:
        row[0].fill = _HEAD
    sheet.column_dimensions["A"].width = 20
    if totals:
        _lay_out_totals(sheet, last, columns)
    _open(sheet, len(units), list(map(_limits, columns)), first=2, width=15)
    for cell, column in zip(table[0][1:], columns, strict=True):
        cell.comment = Comment(_explain(column), series.authority.zh, height=80, width=240)
    return book


def _lay_out_totals(sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    """Have Excel add up, in the totals' row, what stands above it; what only the issuer can give is typed there."""
    for index, column in enumerate(columns, start=1):
        letter = column_letter(index)
        of, total = f"{letter}{_HEADER_ROW + 1}:{letter}{row - 1}", sheet[f"{letter}{row}"]
        if column.area == "reported":
            own = column if column.unit == "%" else column.model_copy(update={"max": None})  # a max is of each unit
            if rule := _limits(own):
                rule.add(f"{letter}{row}")
                sheet.add_data_validation(rule)
            unlock(total)
            continue
        total.fill = _HEAD
        if column.area == "sum":
            total.value = f'=IF(COUNT({of})=0,"",SUM({of}))'


def _limits(column: Column) -> DataValidation | None:
    title, text, low, high = column.header[:30], _explain(column), column.lowest, column.highest
    if column.words:
        return _choice(title, column.words)
    bounds = {"operator": "greaterThanOrEqual", "formula1": str(low if low is not None else -(10**15))}
    if low is not None and high is not None:
        bounds = {"operator": "between", "formula1": str(low), "formula2": str(high)}
    elif high is not None:
        bounds = {"operator": "lessThanOrEqual", "formula1": str(high)}
    shown = {"showInputMessage": True, "promptTitle": title, "prompt": text}
    return _rule(title, text, type="decimal", **shown, **bounds)


def _choice(title: str, words: Collection[str]) -> DataValidation | None:
    """A drop-down of words; none where Excel cannot list them: more than 255 characters, or a comma inside one."""
    listed = ",".join(words)
    fits = len(listed) <= 255 and listed.count(",") < len(words)
    return _rule(title, _asked(words), type="list", formula1='"{}"'.format(listed.replace('"', '""'))) if fits else None


def _asked(words: Collection[str]) -> str:
    return f"请从下拉列表中选择：{'、'.join(words)}"


def _rule(title: str, error: str, **limits: Any) -> DataValidation:
    """What a cell takes, and what is said to who types something else."""
    return DataValidation(allow_blank=True, showErrorMessage=True, errorTitle=title, error=error[:225], **limits)


def _explain(column: Column) -> str:
    if column.words:
        return f"{_asked(column.words)}；未统计的留空"
    unit = f"，单位：{column.unit}" if column.unit else ""
    low = f"，不小于{column.lowest}" if column.lowest is not None else ""
    high = f"，不大于{column.highest}" if column.highest is not None else ""
    return f"填数字{unit}{low}{high}；未统计的留空"
