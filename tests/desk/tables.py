"""Tables as offices have them, written to files of each kind; places and figures are made up."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

Rows = Sequence[Sequence[object]]
TITLED: Rows = (
    ("附件1",),
    ("云川市２０２６年10月份12345热线办理情况统计表",),
    ("填报单位：云川市热线办", "", "", "", "", "", "", "", "", "填报日期：2026年11月3日"),
    ("序号", "单位", "受理量（件）", "应办结（件）", "按时办结（件）", "按时办结率（%）", "排名", "满意率（%）",
     "平均办理时长（小时）", "办理时长排名"),
    ("1", "云江区", "１２３０", "1200", "1188", "99.00", "1", "98.5", "30.5", "1"),
    ("2", "东 湖区", "1,010", "980", "960", "97.96", "2", "97.0", "40.0", "3"),
    ("3", "青石县", "0", "", "", "", "", "", "", ""),
    ("4", "白鹭镇", "310", "300", "270", "90.00", "3", "88.2", "36.2", "2"),
    ("", "合计", "2550", "2480", "2418", "97.50", "/", "", "", "/"),
    ("注：本表由市热线办汇总。",),
)  # fmt: skip
GROUPED: Rows = (
    ("南沱县2026年第三季度安全检查情况统计表",),
    ("", "", "", "", "", "单位：起"),
    ("乡镇", "检查", "", "处罚", "", "处罚率"),
    ("", "次数", "企业数", "起数", "金额（万元）", ""),
    ("全县", 90, 60, 16, 22.5, 0.1778),
    ("白石镇", 30, 20, 8, 12.5, 0.2667),
    ("黑水乡", 60, 40, 8, 10, 0.1333),
    ("红土街道", None, None, None, None, None),
)
GROUPED_MERGED = ("A1:F1", "A3:A4", "B3:C3", "D3:E3", "F3:F4")
GROUPED_PERCENT = ("F5", "F6", "F7")
RATES: Rows = (
    ("地区", "满意率（%）", "同比（%）", "备注"),
    ("甲区", "98.51", "-1.20", "已核实"),
    ("乙区", "97.02", "3.00", ""),
    ("丙区", "99.03", "0.00", ""),
)

# As offices have them: the annex's number in the title's cell, headings that say nothing, rates that Excel computed,
# a wrong total, a note over all columns, who filled it in.
OFFICE: Rows = (
    ("附件2\n望山市2026年10月行政执法情况统计表",),
    ("序号", "县（市、区）", "检查情况", "", "处罚情况", "", "处罚率（%）", "整改率"),
    ("", "", "检查（家次）", "发现隐患（项）", "立案（起）", "整改（项）", "", ""),
    (1, "东 湖 区", 248, 512, 21, 508, 21 / 248 * 100, 508 / 512),
    (2, "西山区", "1,204", 933, "60 ", 921, 60 / 1204 * 100, 921 / 933),
    (3, "临河县", 96, 210, 9, 198, 9 / 96 * 100, 198 / 210),
    (4, "青崖县", 88, 170, 5, "—", 5 / 88 * 100, ""),
    ("合  计", "", 1643, 1825, 95, 1627, 95 / 1636 * 100, ""),
    ("注：青崖县整改数待核。",),
    ("审核人：张三", "", "填表人：李四", "", "", "电话：0577-88881234"),
)
OFFICE_MERGED = ("A1:H1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3", "H2:H3", "A8:B8", "A9:H9")


def as_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    width = max(map(len, rows))
    csv.writer(text, lineterminator="\n").writerows([*row, *[""] * (width - len(row))] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_xlsx(path: Path, rows: Rows, merged: Sequence[str] = (), percent: Sequence[str] = (), **more: Rows) -> Path:
    book = openpyxl.Workbook()
    for number, (name, body) in enumerate({"汇总": rows, **more}.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        for row in body:
            sheet.append([None if value == "" else value for value in row])
    for place in merged:
        book.worksheets[0].merge_cells(place)
    for place in percent:
        book.worksheets[0][place].number_format = "0.00%"
    book.save(path)
    return path


def as_ods(path: Path, rows: Rows) -> Path:
    def cell(value: object) -> str:
        if value in (None, ""):
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="表">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{manifest}">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return path
