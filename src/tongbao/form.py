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

from tongbao.cells import column_letter
from tongbao.errors import UsageError
from tongbao.period import Period
from tongbao.series.models import Column, Series, TableDef

_THIN = Side(style="thin", color="808080")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E7E6E6")
_HEADER_ROW = 4
_NOTES = (
    "注：1. 只填白色单元格；没有发生的填0，未统计的留空，空白不作为零。",
    "注：2. 排名和由数据计算的比率不用填，由系统计算。",
)


def write_forms(series: Series, period: Period, folder: Path, unit: str | None = None) -> list[Path]:
    """Write a form for each table of a series, named as the table's file is.

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
        if definition.partial:
            continue  # figures that only a published text gives are nobody's to fill in
        pattern = Path(definition.file)
        stem = pattern.stem if "*" not in pattern.name else f"{name}-{units[0].zh if unit else 'all'}"
        path = folder / f"{stem}.xlsx"
        _form(series, period, definition, [u.zh for u in units]).save(path)
        files.append(path)
    return files


def _form(series: Series, period: Period, definition: TableDef, units: list[str]) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = "填报表"
    columns = {name: column for name, column in definition.columns.items() if column.is_measure}
    sheet.append([f"{period.label()}{definition.title.zh}"])
    sheet.append([f"报送：{series.authority.zh}"])
    sheet.append([])
    sheet.append([definition.unit_header, *(column.header for column in columns.values())])
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
