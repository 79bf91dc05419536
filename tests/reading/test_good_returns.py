"""The same figures, whatever the form they come in."""

import csv
import datetime as dt
import decimal
import re
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from returns import FOLDER, GOOD, PERIOD, as_csv, as_ods, as_xls, rezipped, saved, workbook

from tongbao.basics.errors import DataError
from tongbao.definition.project import Project
from tongbao.reading.grid import read_sheets
from tongbao.reading.received import read_received
from tongbao_verify.definition import Definition
from tongbao_verify.raw import read_number
from tongbao_verify.raw import read_sheets as checker_sheets
from tongbao_verify.raw import read_table as checker_table


def figures(project):
    series = Project.find(project).get_series("wenzhou-monthly")
    table = read_received(Project(project), series, PERIOD).tables["hazchem"]
    return {(unit, column): cell.value for unit, row in table.rows.items() for column, cell in row.items()}


def place(project, name, data):
    (project / FOLDER / "annex2.csv").unlink()
    (project / FOLDER / name).write_bytes(data.encode() if isinstance(data, str) else data)


def titled(book: openpyxl.Workbook) -> openpyxl.Workbook:
    """Two title rows, a header over two rows with a merged head, notes below."""
    sheet = book.active
    sheet.insert_rows(1, 3)
    sheet["A1"] = "2021年1-2月全市危险化学品打非治违报表"
    sheet.merge_cells("A1:G1")
    sheet["A2"] = "填报单位：温州市应急管理局"
    sheet["B3"] = "打非治违"
    sheet.merge_cells("B3:E3")
    sheet["A3"] = "地区"
    sheet.merge_cells("A3:A4")
    last = sheet.max_row
    sheet.cell(last + 1, 1, "合计")
    for column, letter in enumerate("BCDEFG", start=2):
        total = sum(Decimal(row[column - 1]) for row in GOOD[1:])
        sheet.cell(last + 1, column, None if letter == "E" else float(total))
    sheet.cell(last + 2, 1, "注：查获数量为估计数。")
    sheet.merge_cells(start_row=last + 2, end_row=last + 2, start_column=1, end_column=7)
    for column, text in ((1, "审核人：张三"), (3, "填表人：李四"), (6, dt.date(2021, 3, 1))):
        sheet.cell(last + 3, column, text)
    return book


def typed_by_hand(rows):
    """Full-width digits, thousands separators, units behind figures, dashes for nothing."""
    changed = [list(row) for row in rows]
    changed[1][2] = "２６．３"
    changed[7][3] = "47.1万元"
    changed[13][2] = " 8.41 "
    return changed


def with_a_row_of_units(rows, *, brackets):
    """The units of measurement below the headers, as forms have them, and the columns numbered."""
    header, *others = rows
    units = ["", "起", "吨", "万元", "", "起", "人"]
    units = [f"（{unit}）" if unit and brackets else unit for unit in units]
    return [[text.partition("（")[0] for text in header], units, ["甲", *"123456"], *others]


def with_more_notes(rows):
    """Several rows of notes, and who is asked, with a telephone number that is one."""
    below = ["（注：查获数量为估计数。）", "1.案件数按立案日期统计", "※移送数另报", "填表人：张三"]
    return as_csv([*rows, *([note, "", "13888888888" if "人" in note else "", *[""] * 4] for note in below)])


FORMS = {
    "a row of units and one of numbers": ("annex2.csv", as_csv(with_a_row_of_units(GOOD, brackets=False)).encode()),
    "a row of units in brackets": ("annex2.csv", as_csv(with_a_row_of_units(GOOD, brackets=True)).encode()),
    "rows of notes": ("annex2.csv", with_more_notes(GOOD).encode()),
    "texts that Excel is kept from reading": ("annex2.csv", as_csv([GOOD[0], *([row[0], *(f'="{one}"' for one in row[1:])] for row in GOOD[1:])]).encode()),
    "units told with a word": ("annex2.csv", as_csv(GOOD).replace("（万元）", "（单位：万元）").encode()),
    "utf-8": ("annex2.csv", as_csv(GOOD).encode()),
    "utf-8 with its mark": ("annex2.csv", as_csv(GOOD).encode("utf-8-sig")),
    "gb18030": ("annex2.csv", as_csv(GOOD).encode("gb18030")),
    "utf-16": ("annex2.txt", as_csv(GOOD, "\t").encode("utf-16")),
    "tabs": ("annex2.tsv", as_csv(GOOD, "\t").encode()),
    "semicolons": ("annex2.csv", as_csv(GOOD, ";").encode()),
    "windows line ends": ("annex2.csv", as_csv(GOOD).replace("\n", "\r\n").encode()),
    "xlsx": ("annex2.xlsx", saved(workbook())),
    "xlsx with titles, a merged header, a total and notes": ("annex2.xlsx", saved(titled(workbook()))),
    "xls": ("annex2.xls", as_xls()),
    "ods": ("annex2.ods", as_ods()),
    "typed by hand": ("annex2.csv", as_csv(typed_by_hand(GOOD)).encode()),
    "numbers as text": ("annex2.xlsx", None),
    "short names": ("annex2.csv", as_csv([[GOOD[0][0], *GOOD[0][1:]], *[[r[0][:2], *r[1:]] for r in GOOD[1:]]]).encode()),
    "columns in another order": ("annex2.csv", as_csv([[r[0], r[6], r[5], r[1], r[2], r[3], r[4]] for r in GOOD]).encode()),
    "serial numbers and remarks": (
        "annex2.csv",
        as_csv([["序号", *GOOD[0], "备注"], *[[str(i), *r, "无"] for i, r in enumerate(GOOD[1:])]]).encode(),
    ),
    "a comma behind every row but the header": ("annex2.csv", as_csv(GOOD).replace("\n", ",\n").replace(",\n", "\n", 1).encode()),
    "on the second sheet": ("annex2.xlsx", None),
    "beside an empty form and a hidden copy": ("annex2.xlsx", None),
}  # fmt: skip


def build_form(form):
    name, data = FORMS[form]
    if data is not None:
        return name, data
    book = workbook()
    if form == "numbers as text":
        book = openpyxl.Workbook()
        for row in GOOD:
            book.active.append([text or None for text in row])
    elif form == "beside an empty form and a hidden copy":
        book.copy_worksheet(book.active).sheet_state = "hidden"
        for row in [GOOD[0], *([name] for name, *_ in GOOD[1:]), ["注：1月的表另报"]]:
            (book["空表"] if "空表" in book.sheetnames else book.create_sheet("空表")).append(row)
    else:
        book.create_sheet("说明", 0)["A1"] = "填报说明"
    return name, saved(book)


@pytest.fixture(scope="module")
def expected():
    from conftest import ROOT

    return figures(ROOT)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_figures(project, expected, form):
    place(project, *build_form(form))
    assert figures(project) == expected
    series = Project.find(project).get_series("wenzhou-monthly")
    (path,) = (project / FOLDER).glob("annex2.*")
    read = checker_table(
        checker_sheets(path), "hazchem", Definition(series.model_dump(mode="json", exclude_unset=True))
    )
    for (unit, column), value in expected.items():
        found = read_number(read[unit, column].text, series.tables["hazchem"].columns[column].unit)
        assert found == value, "and the checker finds the same"


def test_parquet_gives_the_same_figures(project, expected):
    (project / FOLDER / "annex2.csv").unlink()
    columns = {name: [row[i] if i == 0 else Decimal(row[i]) for row in GOOD[1:]] for i, name in enumerate(GOOD[0])}
    arrays = [
        pa.array(values) if i == 0 else pa.array(values, pa.decimal128(12, 2))
        for i, values in enumerate(columns.values())
    ]
    pq.write_table(pa.table(arrays, names=list(columns)), project / FOLDER / "annex2.parquet")
    assert figures(project) == expected


def test_parquet_cells_of_every_type(tmp_path):
    columns = {
        "县": pa.array(["鹿城区", None]).dictionary_encode(),
        "数.1": pa.array([3, None], pa.uint8()),
        'a"b': pa.array([0.1, 100.0]),
        "exact": pa.array([Decimal("12.50"), None]),
        "day": pa.array([dt.date(2021, 3, 1), None]),
        "time": pa.array([dt.datetime(2021, 3, 1, 8, tzinfo=dt.UTC), None]),
        "yes": pa.array([True, None]),
    }
    pq.write_table(pa.table(columns), tmp_path / "a [1].parquet")
    (sheet,) = read_sheets(tmp_path / "a [1].parquet", "a")
    header, first, second = sheet.rows
    assert [cell.text for cell in header] == list(columns)
    assert [cell.text for cell in first[:4]] == ["鹿城区", "3", "0.1", "12.50"]
    assert [cell.number for cell in first[:4]] == [None, 3, Decimal("0.1"), Decimal("12.5")]
    assert [bool(cell.problem) for cell in first] == [False] * 4 + [True] * 3
    assert [cell.text for cell in second] == ["", "", "100", "", "", "", ""]


def test_one_workbook_per_county(project, expected):
    (project / FOLDER / "annex2.csv").unlink()
    (project / FOLDER / "returns").mkdir()
    for row in GOOD[1:]:
        (project / FOLDER / "returns" / f"{row[0]}.xlsx").write_bytes(saved(workbook([GOOD[0], row])))
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    path.write_text(path.read_text("utf-8").replace("file: annex2.csv", "file: returns/*.xlsx"), "utf-8")
    assert figures(project) == expected
    (project / FOLDER / "returns" / "Thumbs.db").write_bytes(b"no table")
    for row in GOOD[1:3]:  # who adds up one row
        (project / FOLDER / "returns" / f"{row[0]}.xlsx").write_bytes(
            saved(workbook([GOOD[0], row, ["合计", *row[1:4], "", *row[5:]]]))
        )
    assert figures(project) == expected
    (project / FOLDER / "returns" / f"{row[0]}.xlsx").write_bytes(
        saved(workbook([GOOD[0], row, ["合计", *row[1:3], "9", "", *row[5:]]]))
    )
    with pytest.raises(DataError, match="a total that is not the sum of its rows") as refused:
        figures(project)
    assert (refused.value.place.split()[-1], refused.value.found) == ("D3", "9")
    (project / FOLDER / "returns" / f"{row[0]}.xlsx").write_bytes(saved(workbook([GOOD[0], row])))
    (project / FOLDER / "returns" / "瑞安市.xlsx").write_bytes(b"")
    (project / FOLDER / "returns" / "鹿城区.xlsx").write_bytes(saved(workbook([GOOD[0], ["鹿城县", *GOOD[1][1:]]])))
    with pytest.raises(DataError) as refused:
        figures(project)
    told = [(one.place.partition("returns/")[2], one.message) for one in refused.value.parts]
    assert told == [
        ("瑞安市.xlsx", "file is empty"),
        ("鹿城区.xlsx [附件2] A2", "unknown reporting unit"),
    ], "all of them at once"


def test_binary_noise_of_a_workbook_is_not_printed(project):
    rows = [list(row) for row in GOOD]
    book = workbook(rows)
    book.active["D3"] = 0.1 + 0.2
    place(project, "annex2.xlsx", saved(book))
    assert figures(project)["longwan", "hazchem_fines"] == Decimal("0.3")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (8 / 21 * 100, "38.0952380952"),
        (100 / 3, "33.3333333333"),
        (0.1 + 0.2 - 0.3, "0"),
        (-1e-17, "0"),
        (12.5, "12.5"),
    ],
)
def test_what_a_formula_has_computed_is_read_to_ten_decimals(project, value, read):
    book = workbook([list(row) for row in GOOD])
    book.active["D3"] = value
    path = project / FOLDER / "annex2.xlsx"
    path.write_bytes(saved(book))
    assert read_sheets(path, "a")[0].rows[2][3].text == read
    assert next(iter(checker_sheets(path).values()))[2][3] == read, "and the checker reads the same"


@pytest.mark.parametrize(
    ("kind", "result", "is_blank"),
    [
        (b't="str"', b"<v></v>", True),  # as LibreOffice and Excel save what gives no words
        (b't="str"', b"<v/>", True),
        (b't="str"', b'<v xml:space="preserve"></v>', True),
        (b't="str"', b"", False),
        (b"", b"<v></v>", False),
        (b"", b"<v />", False),
    ],
)
def test_a_formula_whose_result_is_no_words_is_a_blank(tmp_path, kind, result, is_blank):
    def change(content):
        return re.sub(rb"<v ?/>|<v></v>", result, content.replace(b'<c r="B1">', b'<c r="B1" ' + kind + b">"))

    book = openpyxl.Workbook()
    book.active.append(["甲县", '=IF(A1="甲县","",1)', 1])
    path = tmp_path / "a.xlsx"
    path.write_bytes(rezipped(saved(book), sheet1=change))
    cell = read_sheets(path, "a")[0].rows[0][1]
    assert (cell.text, cell.number, cell.problem is None) == ("", None, is_blank)
    assert next(iter(checker_sheets(path).values()))[0] == ["甲县", "", "1"]


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.125, "0.0%", "12.5"),
        (0.125, '0.0%;[Red]-0.0%;"-"', "12.5"),
        (0.125, r"0.0%_);\(0.0%\)", "12.5"),
        (12.5, '0.0"%"', "12.5"),
        (12.5, r"0.0\%", "12.5"),
        (12.5, "0.0!%", "12.5"),
        (12.5, "0.0_%", "12.5"),
        (12.5, '#,##0.00"%,"', "12.5"),
        (12.5, "[>1]#,##0.0;General", "12.5"),
    ],
)
def test_a_percent_sign_that_is_only_written_multiplies_nothing(tmp_path, value, number_format, read):
    book = openpyxl.Workbook()
    book.active.append(["甲县", value])
    book.active["B1"].number_format = number_format
    path = tmp_path / "a.xlsx"
    book.save(path)
    cell = read_sheets(path, "a")[0].rows[0][1]
    assert (cell.text, cell.number, cell.problem) == (read, Decimal(read), None)
    assert next(iter(checker_sheets(path).values()))[0][1] == read, "and the checker reads the same"


@pytest.mark.parametrize(
    "number_format",
    [
        *(
            "0.0,",
            "0!.0,",
            r"0\.0,",
            '0"."0,',
            "#,##0,,",
            "0,.0",
            "0!.0000",
            '0.0,"万"',
            "0;-0.0,",
            "0.0%;-0.0",
            "[<1]0%;0",
        ),
        *('0"00"', r"0\0\0", '0.0%"左右"', '"约"0%', '0"-"00'),
    ],
)
def test_a_format_that_shows_another_figure_is_refused(tmp_path, number_format):
    book = openpyxl.Workbook()
    book.active.append([123456])
    book.active["A1"].number_format = number_format
    book.save(tmp_path / "a.xlsx")
    cell = read_sheets(tmp_path / "a.xlsx", "a")[0].rows[0][0]
    assert (cell.text, cell.number) == ("123456", None)
    assert cell.problem.startswith("another figure is shown than is stored")


@pytest.mark.parametrize(
    ("number_format", "around"),
    [
        ('0.00"万元"', "0万元"),
        ('#,##0.0\\ "元"', "0元"),
        ('0"‰"', "0‰"),
        ('"下降"0.0', "下降0"),
        ('"上升"0.0;"下降"0.0', ""),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', ""),
        ("[$¥-804]#,##0.00", ""),
        ('"¥"#,##0.00;[Red]"¥"\\-#,##0.00', ""),
        ("0.00_);[Red](0.00)", ""),
        ("+0.0;-0.0", ""),
        ("0.00E+00", ""),
    ],
)
def test_what_a_format_writes_around_a_figure_is_known(tmp_path, number_format, around):
    book = openpyxl.Workbook()
    book.active.append([12.5])
    book.active["A1"].number_format = number_format
    book.save(tmp_path / "a.xlsx")
    cell = read_sheets(tmp_path / "a.xlsx", "a")[0].rows[0][0]
    assert (cell.number, cell.around, cell.percent, cell.problem) == (Decimal("12.5"), around, False, None)


@pytest.mark.parametrize(("value", "is_refused"), [(-5, True), (5, False)])
def test_a_format_that_hides_the_sign_is_refused_below_zero(tmp_path, value, is_refused):
    book = openpyxl.Workbook()
    book.active.append([value])
    book.active["A1"].number_format = "0;0"
    book.save(tmp_path / "a.xlsx")
    assert (read_sheets(tmp_path / "a.xlsx", "a")[0].rows[0][0].number is None) == is_refused


def test_a_percentage_format_is_read_as_shown(project):
    table = project / FOLDER / "annex1.csv"
    rows = list(csv.reader(table.read_text("utf-8").splitlines()))
    table.unlink()
    book = workbook(rows)
    for line in range(2, book.active.max_row + 1):
        for column in (5, 7, 9):
            cell = book.active.cell(line, column)
            if cell.value is not None:
                cell.value = float(decimal.Decimal(str(cell.value)) / 100)
                cell.number_format = "0.00%"
    (project / FOLDER / "annex1.xlsx").write_bytes(saved(book))
    series = Project.find(project).get_series("wenzhou-monthly")
    enforcement = read_received(Project(project), series, PERIOD).tables["enforcement"]
    assert enforcement.cell("longgang", "penalty_rate").value == Decimal("7.69")
    assert str(enforcement.cell("lucheng", "penalty_rate").value) == "40.00"
    assert enforcement.cell("lucheng", "collection_rate").value == 100
    for line in book.active.iter_rows(min_row=2):
        for cell in line:
            cell.number_format = "General"  # as an .xls file is read, whatever it shows
    (project / FOLDER / "annex1.xlsx").write_bytes(saved(book))
    with pytest.raises(DataError, match="percentages kept as fractions") as refused:
        read_received(Project(project), series, PERIOD)
    assert [one.place.split()[-1] for one in refused.value.parts] == ["G2", "I2"], (
        "E reports what is computed, and is held to it"
    )
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    path.write_text(
        path.read_text("utf-8").replace('        unit: "%"\n', '        unit: "%"\n        max: 100\n'), "utf-8"
    )
    read_received(Project(project), Project.find(project).get_series("wenzhou-monthly"), PERIOD)


def test_an_old_workbook_tells_which_percentages_are_kept_as_fractions(project):
    """Whatever the series says can be that small: 1.25 is no 125 %, unless the workbook shows it so."""
    folder, path = project / FOLDER, project / "reports" / "wenzhou-monthly" / "series.yml"
    rows = list(csv.reader((folder / "annex1.csv").read_text("utf-8").splitlines()))
    (folder / "annex1.csv").unlink()
    path.write_text(
        path.read_text("utf-8").replace('        unit: "%"\n', '        unit: "%"\n        max: 300\n'), "utf-8"
    )

    def rates(name, data):
        (folder / name).write_bytes(data)
        series = Project.find(project).get_series("wenzhou-monthly")
        table = read_received(Project(project), series, PERIOD).tables["enforcement"]
        (folder / name).unlink()
        return [row["collection_rate"].value for row in table.rows.values()]

    right = rates("annex1.csv", as_csv(rows).encode())
    assert rates("annex1.xls", as_xls(rows)) == right
    for row in rows[1:]:
        row[8] = row[8] and str(Decimal(row[8]) / 80)  # up to 1.25
    assert max(filter(None, rates("annex1.xls", as_xls(rows)))) == Decimal("1.25")
    with pytest.raises(DataError, match="another figure is shown than is stored") as refused:
        rates("annex1.xls", as_xls(rows, {(4, 8): "0.00%"}))
    assert [one.place.split()[-1] for one in refused.value.parts or (refused.value,)] == ["I5"]
