"""Forms (填报表): the workbook a county fills in for one table, read back without any setting.

Rows and headers are those of the series and locked; the cells to fill in take numbers within the declared limits. Ranks
and rates that the project computes are not asked for.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.definition.series import Column, Series, TableDef
from tongbao.reading.cell import column_letter
from tongbao_records.layout import FIELDS, SYNTHETIC_MARK, Field

_THIN = Side(style="thin", color="808080")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E7E6E6")
_HEADER_ROW = 4
CASE_ROWS = 500
_NOTES = (
    "注：1. 只填白色单元格；没有发生的填0，未统计的留空，空白不作为零。",
    "注：2. 排名和由数据计算的比率不用填，由系统计算。",
)


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
    files = []
    for name, definition in series.tables.items():
        if definition.partial or definition.file is None:
            continue  # figures that only a published text gives, or that are counted, are nobody's to fill in
        pattern = Path(definition.file)
        stem = pattern.stem if "*" not in pattern.name else f"{name}-{units[0].zh if unit else 'all'}"
        path = folder / f"{stem}.xlsx"
        _form(series, period, definition, [u.zh for u in units]).save(path)
        files.append(path)
    if series.records is not None:
        path = folder / f"cases-{units[0].zh if unit else 'all'}.xlsx"
        _case_form(series, period, [u.zh for u in units]).save(path)
        files.append(path)
    return files


def _case_form(series: Series, period: Period, units: list[str]) -> Workbook:
    """The sheet that case records are typed into: a row each, with drop-downs where only some words are known."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = "检查情况表"
    sheet.append([f"{period.label()}安全生产行政执法检查情况表{series.mark()}"])
    sheet.append([f"报送：{series.authority.zh}"])
    sheet.append(["每次检查填一行；没有发生的项目留空，标*的必须填写。"])
    sheet.append([f"{'*' if field.required else ''}{field.header}" for field in FIELDS])
    sheet["A1"].font = Font(bold=True, size=14)
    last = _HEADER_ROW + CASE_ROWS
    for index, field in enumerate(FIELDS, start=1):
        head = sheet.cell(_HEADER_ROW, index)
        head.fill, head.border = _HEAD, _BOX
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        letter = column_letter(index - 1)
        sheet.column_dimensions[letter].width = 14
        words = units if field.name == "unit" else field.values or (("是", "否") if field.type == "yes_no" else ())
        rule = _case_limits(field, list(words), period)
        if rule is not None:
            rule.add(f"{letter}{_HEADER_ROW + 1}:{letter}{last}")
            sheet.add_data_validation(rule)
        for row in range(_HEADER_ROW + 1, last + 1):
            cell = sheet.cell(row, index)
            cell.protection = Protection(locked=False)
            if field.type == "date":
                cell.number_format = "yyyy-mm-dd"
    if series.synthetic:
        sheet.cell(_HEADER_ROW + 1, len(FIELDS)).value = SYNTHETIC_MARK
    sheet.freeze_panes = f"B{_HEADER_ROW + 1}"
    sheet.protection.sheet = True
    return book


def _case_limits(field: Field, words: list[str], period: Period) -> DataValidation | None:
    """A drop-down for fixed words, limits for days and numbers; none for free text."""
    if words:
        # Excel takes a list of at most 255 characters.
        if len(",".join(words)) > 255:
            return None
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.error = f"请从下拉列表中选择：{'、'.join(words)}"
    elif field.type == "date":
        rule = DataValidation(type="date", operator="greaterThanOrEqual", formula1="DATE(2000,1,1)", allow_blank=True)
        rule.error = f"请填日期，如{period.start.isoformat()}"
    elif field.type in ("count", "amount"):
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        if field.type == "count":
            rule.type = "whole"
        rule.error = "请填不小于0的整数" if field.type == "count" else "请填不小于0的数"
    else:
        return None
    rule.showErrorMessage, rule.errorTitle = True, field.header[:30]
    return rule


def _form(series: Series, period: Period, definition: TableDef, units: list[str]) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = "填报表"
    columns = {name: column for name, column in definition.columns.items() if column.is_measure}
    sheet.append([f"{period.label()}{definition.title.zh}{series.mark()}"])
    sheet.append([f"报送：{series.authority.zh}"])
    sheet.append([])
    sheet.append([definition.unit_header.zh, *(column.header for column in columns.values())])
    for unit in units:
        sheet.append([unit])
    sheet.append([])
    for note in _NOTES:
        sheet.append([note])
    sheet["A1"].font = Font(bold=True, size=14)
    last = _HEADER_ROW + len(units)
    for cells in sheet.iter_rows(min_row=_HEADER_ROW, max_row=last, max_col=len(columns) + 1):
        for cell in cells:
            cell.border = _BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if cell.row == _HEADER_ROW or cell.column == 1:
                cell.fill = _HEAD
            else:
                cell.protection = Protection(locked=False)
    sheet.column_dimensions["A"].width = 20
    for index, column in enumerate(columns.values(), start=2):
        letter = column_letter(index - 1)
        sheet.column_dimensions[letter].width = 15
        sheet.cell(_HEADER_ROW, index).comment = Comment(_explain(column), series.authority.zh, height=80, width=240)
        limits = _limits(column)
        sheet.add_data_validation(limits)
        limits.add(f"{letter}{_HEADER_ROW + 1}:{letter}{last}")
    sheet.freeze_panes = f"B{_HEADER_ROW + 1}"
    sheet.protection.sheet = True
    return book


def _limits(column: Column) -> DataValidation:
    rule = DataValidation(
        type="decimal",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=column.header[:30],
        error=_explain(column),
        showInputMessage=True,
        promptTitle=column.header[:30],
        prompt=_explain(column),
    )
    low, high = column.min, column.max
    if low is not None and high is not None:
        rule.operator, rule.formula1, rule.formula2 = "between", str(low), str(high)
    elif high is not None:
        rule.operator, rule.formula1 = "lessThanOrEqual", str(high)
    else:
        rule.operator, rule.formula1 = "greaterThanOrEqual", str(low if low is not None else -(10**15))
    return rule


def _explain(column: Column) -> str:
    unit = f"，单位：{column.unit}" if column.unit else ""
    low = f"，不小于{column.min}" if column.min is not None else ""
    high = f"，不大于{column.max}" if column.max is not None else ""
    return f"填数字{unit}{low}{high}；未统计的留空"
