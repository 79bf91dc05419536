"""A corpus of broken returns: each gives a clear message that names the place, none a traceback or a wrong figure."""

import datetime as dt
import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from returns import FOLDER, GOOD, PERIOD, as_csv, as_ods, as_xls, rezipped, saved, strict, workbook

from conftest import tongbao
from tongbao.basics.errors import DataError
from tongbao.definition.project import Project
from tongbao.reading.received import read_received

FILE = "data/raw/wenzhou-monthly/2021-01-to-02/"


def text(change):
    """A broken CSV made from a copy of the good rows."""
    rows = [list(row) for row in GOOD]
    changed = change(rows)
    return "annex2.csv", as_csv(rows if changed is None else changed).encode()


def book(change):
    """A broken workbook made from a good one."""
    made = workbook()
    changed = change(made.active)
    return "annex2.xlsx", changed if isinstance(changed, bytes) else saved(made)


def parquet(*names, damaged=False):
    out = io.BytesIO()
    pq.write_table(pa.table([range(1000)] * len(names), names), out)
    data = out.getvalue()
    return "annex2.parquet", data[:4] + b"\xff" * 40 + data[44:] if damaged else data


def remarks(change):
    """Rows with a column of remarks that are all empty, each line changed."""
    lines = as_csv([[*row, "备注" if i == 0 else ""] for i, row in enumerate(GOOD)]).splitlines()
    return "annex2.csv", "\n".join(map(change, lines)).encode()


def two_sheets(sheet):
    other = sheet.parent.copy_worksheet(sheet)
    other.title = "2月"


def behind_another(*header):
    """The table on the second sheet, with some headers of its own, behind one of another table."""

    def change(sheet):
        for column, name in enumerate(header, start=2):
            sheet.cell(1, column, name)
        other = sheet.parent.create_sheet("工业", 0)
        for row in ("地区", "增加值（亿元）"), ("鹿城区", 12.5):
            other.append(row)

    return change


def put(cell, value, number_format=None):
    def change(sheet):
        sheet[cell] = value
        if number_format:
            sheet[cell].number_format = number_format

    return change


def row_set(index, column, value):
    def change(rows):
        rows[index][column] = value

    return change


def excel_error(sheet):
    sheet["D3"] = "#DIV/0!"
    sheet["D3"].data_type = "e"


def hidden_row(sheet):
    sheet.row_dimensions[5].hidden = True


def hidden_column(letter):
    def change(sheet):
        sheet.column_dimensions[letter].hidden = True

    return change


def changed_ods(old, new):
    """A workbook of LibreOffice's with some of its content changed."""
    data = as_ods()
    assert old.encode() in zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    return "annex2.ods", rezipped(data, content=lambda content: content.replace(old.encode(), new.encode(), 1))


def ods_figure(kind, value, shown):
    """鹿城区's fines as LibreOffice keeps them and shows them."""
    new = (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}"><office:annotation><text:p>4月</text:p>'
        f"</office:annotation><text:p>{shown}</text:p></table:table-cell>"
    )
    return changed_ods('<table:table-cell office:value-type="float" office:value="37.5"/>', new)


def two_books():
    return "annex2.xlsx", saved(workbook())


def far_cell(sheet):
    sheet["XFD1048576"] = 1


def changed_sheet(old, new):
    """A workbook with some bytes of its sheet changed."""
    data = saved(workbook())
    assert old in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    return "annex2.xlsx", rezipped(data, sheet1=lambda content: content.replace(old, new))


def part_longer_than_the_file():
    """The archive's directory says of a part that it is packed into four gigabytes."""
    data = bytearray(rezipped(saved(workbook())))
    at = data.rindex(b"xl/workbook.xml")  # in the directory, behind 46 bytes of which 20 to 23 are that length
    data[at - 46 + 20 : at - 46 + 24] = b"\xfe\xff\xff\xff"
    return "annex2.xlsx", bytes(data)


def hidden_sheet(sheet):
    sheet.parent.create_sheet("说明")["A1"] = "见隐藏表"
    sheet.sheet_state = "hidden"


def zip_bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 64 * 1024 * 1024)
    return "annex2.xlsx", data.getvalue()


def no_cached_value():
    def drop(content):
        return content.replace(b"<v></v>", b"").replace(b"<v />", b"").replace(b"<v/>", b"")

    made = workbook()
    made.active["D3"] = "=D4+D5"
    return "annex2.xlsx", rezipped(saved(made), sheet1=drop)


def declared_huge(content):
    return content.replace(b'<dimension ref="A1:G14"', b'<dimension ref="A1:XFD1048576"')


def merged_figures(sheet):
    sheet.merge_cells("D3:D4")


def merged_text(sheet):
    sheet["D3"] = "5.5万元"
    sheet.merge_cells("D3:D4")


CASES = {
    # files
    "empty file": (lambda: ("annex2.csv", b""), ["annex2.csv", "file is empty"]),
    "only blank lines": (lambda: ("annex2.csv", b"\n\n\n"), ["annex2.csv", "file is empty"]),
    "only a byte order mark": (lambda: ("annex2.csv", b"\xef\xbb\xbf"), ["annex2.csv", "file is empty"]),
    "no file": (lambda: None, ["annex2.csv", "file is missing"]),
    "another kind of file": (lambda: ("annex2.pdf", b"%PDF-1.4"), ["annex2.csv", "file is missing"]),
    "csv and xlsx side by side": (
        lambda: [("annex2.csv", as_csv(GOOD).encode()), two_books()],
        ["the same table twice", "annex2.csv, annex2.xlsx"],
    ),
    "no known encoding": (lambda: ("annex2.csv", b"\xff\xff\xfe\x80\n"), ["annex2.csv row 1", "no known encoding"]),
    "binary named csv": (lambda: ("annex2.csv", b"a,b\x00c\n"), ["not a text file"]),
    "workbook named csv": (lambda: ("annex2.csv", saved(workbook())), ["a workbook named as text", ".xlsx"]),
    "old workbook named csv": (
        lambda: ("annex2.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600),
        ["a workbook named as text"],
    ),
    "csv named xlsx": (lambda: ("annex2.xlsx", as_csv(GOOD).encode()), ["not a workbook", "renamed"]),
    "csv named xls": (lambda: ("annex2.xls", as_csv(GOOD).encode()), ["annex2.xls", "not a workbook"]),
    "truncated workbook": (lambda: ("annex2.xlsx", saved(workbook())[:2000]), ["annex2.xlsx", "not a workbook"]),
    "workbook without sheets' list": (
        lambda: ("annex2.xlsx", rezipped(saved(workbook()), workbook=lambda _: b"<broken")),
        ["annex2.xlsx", "damaged workbook"],
    ),
    "damaged sheet": (
        lambda: ("annex2.xlsx", rezipped(saved(workbook()), sheet1=lambda content: content[:300] + b"<<<")),
        ["annex2.xlsx"],
    ),
    "zip bomb": (zip_bomb, ["unpacks to far more than a return"]),
    "cells at the end of the sheet": (lambda: book(far_cell), ["[附件2]", "far outside any table"]),
    "a part longer than the file": (part_longer_than_the_file, ["annex2.xlsx", "is longer than the file"]),
    "a row far away": (
        lambda: changed_sheet(b'<row r="3"', b'<row r="10811430369218757431"'),
        ["[附件2]", "far outside any table"],
    ),
    "a cell far away in single quotes": (
        lambda: changed_sheet(b'r="D3"', b"x='>' r = 'D999999999'"),
        ["[附件2]", "far outside any table"],
    ),
    "empty workbook": (lambda: ("annex2.xlsx", saved(openpyxl.Workbook())), ["file is empty"]),
    "the table is on a hidden sheet": (lambda: book(hidden_sheet), ["[附件2]", "hidden sheet"]),
    "the table on two sheets": (
        lambda: book(two_sheets),
        ["annex2.xlsx", "the table stands on several sheets", "附件2、2月", "hide or delete"],
    ),
    "damaged parquet": (lambda: ("annex2.parquet", b"PAR1 no"), ["not a Parquet file"]),
    "parquet with damaged cells": (lambda: parquet("案件数", damaged=True), ["not a Parquet file"]),
    "parquet with twins": (lambda: parquet("案件数", "案件数"), ["two columns of one name", "案件数"]),
    "the second sheet in another unit": (
        lambda: book(behind_another("案件数", "查获危化品（吨）", "处罚金额（元）")),
        ["[附件2] row 1", "another unit", "处罚金额(元)", "figures in 万元"],
    ),
    "the only column of the second sheet that can be told in another unit": (
        lambda: book(behind_another("甲", "乙", "处罚金额（元）", "丁", "戊", "己")),
        ["[附件2] row 1", "another unit", "处罚金额(元)", "figures in 万元"],
    ),
    "no sheet with the table": (
        lambda: book(behind_another("甲", "乙", "丙", "丁", "戊", "己")),
        ["[工业]", "no header row", "sheets looked at: 工业、附件2"],
    ),
    "unclosed quotation": (
        lambda: ("annex2.csv", as_csv(GOOD).replace("龙湾区,", '"龙湾区,').encode()),
        ["not valid CSV", "quotation"],
    ),
    # header
    "no header": (lambda: text(lambda rows: rows[1:]), ["no header row", "地区"]),
    "another table": (lambda: ("annex2.csv", "姓名,电话\n张三,123\n".encode()), ["no header row"]),
    "unit column renamed": (lambda: text(row_set(0, 0, "责任人")), ["no header row", "责任人", "unit_header"]),
    "column missing": (lambda: text(lambda rows: [row[:-1] for row in rows]), ["row 1", "a column is missing", "刑事"]),
    "column renamed": (lambda: text(row_set(0, 1, "起数")), ["a column is missing", "案件数", "起数"]),
    "column misspelt": (lambda: text(row_set(0, 1, "案件属")), ["a column is missing", "did you mean 案件属?"]),
    "fines in yuan": (
        lambda: text(row_set(0, 3, "处罚金额（元）")),
        ["row 1", "another unit", "处罚金额(元)", "convert the figures"],
    ),
    "seized in kilograms": (lambda: text(row_set(0, 2, "查获危化品（公斤）")), ["another unit", "figures in 吨"]),
    "column doubled": (
        lambda: text(lambda rows: [[*row, row[1]] for row in rows]),
        ["H1", "a column that the series does not declare", "案件数"],
    ),
    "column added": (
        lambda: text(lambda rows: [[*row, "x"] for row in rows]),
        ["H1", "a column that the series does not declare", "x"],
    ),
    "figures without a header": (
        lambda: text(lambda rows: [[*row, "" if i == 0 else "7"] for i, row in enumerate(rows)]),
        ["H1", "(no header)"],
    ),
    # rows
    "county missing": (lambda: text(lambda rows: rows[:3] + rows[4:]), ["annex2.csv", "missing", "瓯海区"]),
    "county doubled": (lambda: text(lambda rows: [*rows, rows[3]]), ["A15", "stands twice", "A4"]),
    "county misspelt": (lambda: text(row_set(3, 0, "欧海区")), ["A4", "unknown reporting unit", "did you mean 瓯海区?"]),
    "county of another city": (lambda: text(lambda rows: [*rows, ["路桥区", *rows[1][1:]]]), ["A15", "路桥区"]),
    "county's name left out": (lambda: text(row_set(3, 0, "")), ["A4", "without a unit's name"]),
    "two counties in one cell": (lambda: text(row_set(3, 0, "瓯海区、洞头区")), ["A4", "unknown reporting unit"]),
    "hidden row of an old workbook": (
        lambda: ("annex2.xls", as_xls(hidden=(4,))),
        ["[附件2] A5", "the row is hidden", "洞头区"],
    ),
    "hidden row in strict XML": (
        lambda: ("annex2.xlsx", strict(book(hidden_row)[1])),
        ["[附件2] A5", "the row is hidden", "洞头区"],
    ),
    "hidden row in single quotes": (
        lambda: changed_sheet(b'<row r="5"', b"<row hidden = 'true' r = '5'"),
        ["[附件2] A5", "the row is hidden", "洞头区"],
    ),
    "hidden row that does not say which": (
        lambda: changed_sheet(b'<row r="5"', b'<row hidden="1"'),
        ["[附件2] A5", "the row is hidden", "洞头区"],
    ),
    "hidden row": (lambda: book(hidden_row), ["[附件2] A5", "the row is hidden", "洞头区"]),
    "hidden column": (lambda: book(hidden_column("D")), ["[附件2] D1", "the column is hidden", "处罚金额（万元）"]),
    "hidden names": (lambda: book(hidden_column("A")), ["[附件2] A1", "the column is hidden", "地区"]),
    "hidden row of LibreOffice's": (
        lambda: changed_ods(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>洞头区',
            '<table:table-row table:visibility="filter"><table:table-cell office:value-type="string"><text:p>洞头区',
        ),
        ["[附件2] A5", "the row is hidden", "洞头区"],
    ),
    "hidden columns of LibreOffice's": (
        lambda: changed_ods(
            "<table:table-row>",
            '<table:table-column/><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
            "<table:table-row>",
        ),
        ["[附件2] B1", "[附件2] C1", "the column is hidden", "案件数"],
    ),
    "two totals' rows": (
        lambda: text(lambda rows: [*rows, ["合计", *"123456"], ["总计", *"123456"]]),
        ["A16", "a second totals' row"],
    ),
    "subtotal row": (lambda: text(lambda rows: [*rows, ["小计", *"123456"]]), ["A15", "unknown reporting unit", "小计"]),
    "remark with figures": (lambda: text(lambda rows: [*rows, ["注：另有", "3", *[""] * 5]]), ["A15", "注：另有"]),
    "row shifted right": (
        lambda: text(lambda rows: [*rows[:3], ["", *rows[3]], *rows[4:]]),
        ["row 4", "wrong number of cells"],
    ),
    "row shifted left": (lambda: text(lambda rows: [*rows[:3], rows[3][1:], *rows[4:]]), ["A4", "unknown reporting unit"]),
    "comma inside a figure, no remark behind": (
        lambda: remarks(lambda line: line.replace("3,46.8,17.01", "3,1,046,17.01")),
        ["row 7", "wrong number of cells", "9", "8, as in the header", "quote cells"],
    ),
    "commas inside figures of most rows": (
        lambda: remarks(lambda line: line if "鹿城" in line or "地区" in line else line.replace("区,", "区,1,0") + ","),
        ["row 3", "row 4", "wrong number of cells", "8, as in the header"],
    ),
    "commas inside figures of all rows": (
        lambda: remarks(lambda line: line if "地区" in line else f"{line.partition(',')[0]},1,045,2.5,3,1,0,0,"),
        ["row 2", "row 14", "wrong number of cells", "8, as in the header"],
    ),
    "comma inside a figure": (
        lambda: ("annex2.csv", as_csv(GOOD).replace("瑞安市,3,46.8", "瑞安市,3,1,046.8").encode()),
        ["row 7", "wrong number of cells"],
    ),
    # figures
    "text in a number": (lambda: text(row_set(4, 1, "三")), ["B5", "not a number", "三", "案件数"]),
    "question mark": (lambda: text(row_set(4, 1, "3?")), ["B5", "not a number"]),
    "about": (lambda: text(row_set(4, 1, "约3")), ["B5", "not a number", "约3"]),
    "a note behind a figure": (lambda: text(row_set(4, 1, "20①")), ["B5", "not a number", "20①"]),
    "a note set high": (lambda: text(row_set(4, 3, "5.5²")), ["D5", "not a number", "5.5²"]),
    "a note behind a figure and its unit": (lambda: text(row_set(4, 3, "5.5万元①")), ["D5", "not a number"]),
    "a half": (lambda: text(row_set(4, 3, "5½")), ["D5", "not a number"]),
    "digits that are none": (lambda: text(row_set(4, 1, "２⑤")), ["B5", "not a number"]),
    "two points": (lambda: text(row_set(4, 3, "5.1.0")), ["D5", "not a number"]),
    "two figures": (lambda: text(row_set(4, 3, "5 6/7")), ["D5", "not a number"]),
    "wrong thousands": (lambda: text(row_set(4, 3, "1,23")), ["D5", "not a number"]),
    "scientific notation": (lambda: text(row_set(4, 3, "1E+05")), ["D5", "not a number"]),
    "negative": (lambda: text(row_set(4, 3, "-5.5")), ["D5", "out of range", "at least 0"]),
    "not a number at all": (lambda: text(row_set(4, 3, "NaN")), ["D5", "not a number"]),
    "infinite": (lambda: text(row_set(4, 3, "inf")), ["D5", "not a number"]),
    "percentage among amounts": (lambda: text(row_set(4, 3, "12%")), ["D5", "a percentage where none is expected"]),
    "another unit behind the figure": (lambda: text(row_set(4, 3, "375000元")), ["D5", "not a number"]),
    "formula as text": (lambda: text(row_set(4, 3, "=D3+D4")), ["D5", "not a number"]),
    "error of Excel's as text": (lambda: text(row_set(4, 3, "#REF!")), ["D5", "not a number"]),
    "date in a number": (lambda: book(put("B5", dt.date(2021, 3, 1))), ["[附件2] B5", "a date, not a number"]),
    "time in a number": (lambda: book(put("B5", dt.time(3, 1))), ["[附件2] B5", "a date, not a number"]),
    "truth value": (lambda: book(put("B5", value=True)), ["[附件2] B5", "a truth value"]),
    "error in an old workbook": (
        lambda: ("annex2.xls", as_xls([*GOOD[:2], [*GOOD[2][:3], "#DIV/0!", *GOOD[2][4:]], *GOOD[3:]])),
        ["[附件2] D3", "an error of Excel's", "#DIV/0!"],
    ),
    "error in an .ods file": (
        lambda: changed_ods(
            '<table:table-cell office:value-type="float" office:value="5.5"/>',
            '<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p>'
            "</table:table-cell>",
        ),
        ["[附件2] D3", "an error of Excel's", "#DIV/0!"],
    ),
    "error in a strict workbook without the place of its cell": (
        lambda: ("annex2.xlsx", strict(changed_sheet(b'<c r="D3" t="n"><v>5.5</v></c>', b"<c t='e'><v>#REF!</v></c>")[1])),
        ["[附件2] D3", "an error of Excel's", "#REF!"],
    ),
    "a number format that moves the point, in an old workbook": (
        lambda: ("annex2.xls", as_xls(formats={(4, 3): "0!.0,"})),
        ["[附件2] D5", "another figure is shown than is stored"],
    ),
    "error of a formula": (lambda: book(excel_error), ["[附件2] D3", "an error of Excel's", "#DIV/0!"]),
    "formula without its result": (no_cached_value, ["[附件2] D3", "a formula without its result"]),
    "text in a workbook's number": (lambda: book(put("D5", "无法统计")), ["[附件2] D5", "not a number", "无法统计"]),
    "percent format among counts": (
        lambda: book(put("B5", 20, "0%")),
        ["[附件2] B5", "a percentage where none is expected", "2000", "案件数"],
    ),
    "another unit shown": (lambda: book(put("D5", 37.5, '0.0"亿元"')), ["[附件2] D5", "shows words", "37.5亿元"]),
    "a fall shown": (lambda: book(put("D5", 37.5, '"下降"0.0')), ["[附件2] D5", "shows words", "下降37.5"]),
    "another unit shown in an .ods file": (
        lambda: ods_figure("float", "37.5", "37.5亿元"),
        ["[附件2] D2", "shows words", "37.5亿元"],
    ),
    "percent sign behind a count": (lambda: book(put("B5", 20, '0"%"')), ["[附件2] B5", "a percentage where none is"]),
    "shown in ten thousands": (
        lambda: book(put("D5", 375000, "0!.0,")),
        ["[附件2] D5", "another figure is shown than is stored", "375000", "处罚金额（万元）"],
    ),
    "shown in thousands": (lambda: book(put("D5", 5500, '#,##0.0,"千元"')), ["[附件2] D5", "another figure is shown"]),
    "shown in thousands by LibreOffice": (
        lambda: ods_figure("float", "37500", "37.5"),
        ["[附件2] D2", "another figure is shown than is stored", "37500"],
    ),
    "shown in percent by LibreOffice": (
        lambda: ods_figure("percentage", "0.375", "37.5%"),
        ["[附件2] D2", "another figure is shown than is stored", "0.375"],
    ),
    "percent sign of LibreOffice's": (
        lambda: ods_figure("float", "37.5", "37.5%"),
        ["[附件2] D2", "a percentage where none is expected"],
    ),
    "space inside a number": (lambda: text(row_set(4, 3, "1 2")), ["D5", "a space stands in it"]),
    "one figure, typed as text, over two counties": (lambda: book(merged_text), ["[附件2] D4", "merged", "5.5万元"]),
    "one figure over two counties": (lambda: book(merged_figures), ["[附件2] D4", "merged", "5.5"]),
}  # fmt: skip


def test_the_corpus_is_large():
    assert len(CASES) >= 60


@pytest.fixture
def broken(project):
    def make(case):
        (project / FOLDER / "annex2.csv").unlink()
        made = CASES[case][0]()
        for name, data in [made] if isinstance(made, tuple) else made or []:
            (project / FOLDER / name).write_bytes(data)
        return project

    return make


@pytest.mark.parametrize("case", CASES)
def test_is_refused_at_its_place(broken, case):
    project = broken(case)
    series = Project.find(project).get_series("wenzhou-monthly")
    with pytest.raises(DataError) as caught:
        read_received(Project(project), series, PERIOD)
    message = str(caught.value)
    assert FILE.rstrip("/") in message
    for words in CASES[case][1]:
        assert words in message, message


def test_a_huge_declared_dimension_is_no_harm(project):
    (project / FOLDER / "annex2.csv").unlink()
    data = rezipped(saved(workbook()), sheet1=declared_huge)
    (project / FOLDER / "annex2.xlsx").write_bytes(data)
    series = Project.find(project).get_series("wenzhou-monthly")
    assert len(read_received(Project(project), series, PERIOD).tables["hazchem"].rows) == 13


def test_all_faults_of_all_files_come_at_once_without_a_traceback(project):
    path = project / FOLDER / "annex2.csv"
    path.write_text(path.read_text("utf-8").replace("37.5", "三七").replace("洞头区", "洞头"), "utf-8")
    other = project / FOLDER / "annex1.csv"
    other.write_text(other.read_text("utf-8").replace("龙湾区", "龙弯区"), "utf-8")
    finished = tongbao(project, "build", "wenzhou-monthly", "--engine", "embedded", code=1)
    assert "annex2.csv D2: not a number" in finished.stderr
    assert "annex1.csv A3: unknown reporting unit" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (project / "_site").exists()
