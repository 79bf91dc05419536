"""The same records in every form they come in give the same figures."""

import io

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cases import GOOD, PERIOD, UNITS, as_csv, opened, rows

from tongbao.basics.errors import DataError
from tongbao.definition.case_records import RecordSource
from tongbao_records.count import Counted, count_records
from tongbao_records.examine import examine

RECORDS = rows({}, {"unit": "鹿城", "fine": "1234.5", "collected": "0"}, {"penalty_date": None, "fine": None})
WANTED = {name: Counted(name) for name in ("inspections", "penalties", "fines", "collected", "hazards")}


def figures(folder, *files, source=None):
    with opened(folder, *files, **({"source": source} if source else {})) as records:
        totals = count_records(records, WANTED, [PERIOD], UNITS)
    return {name: str(total.value.normalize()) for name, total in totals[PERIOD, "lucheng"].items()}


EXPECTED = {"inspections": "3", "penalties": "2", "fines": "6234.5", "collected": "5E+3", "hazards": "9"}


def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["安全生产行政执法检查情况表"])
    for row in as_csv(RECORDS).splitlines():
        sheet.append(row.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook_of_sheets(*records, hidden=()):
    """A sheet for each list of records, then one of totals and one that says what it is."""
    book = openpyxl.Workbook()
    book.active.append(["说明：检查日期以现场检查记录为准"])
    for number, one in enumerate((*records, *hidden), start=1):
        sheet = book.create_sheet(f"{number}月")
        sheet.sheet_state = "hidden" if number > len(records) else "visible"
        for row in as_csv(one).splitlines():
            sheet.append(row.split(","))
    book.create_sheet("汇总").append(["单位", "检查家次"])
    book.create_sheet("空表")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMS = {
    "utf-8": ("a.csv", as_csv(RECORDS)),
    "bom": ("a.csv", "\ufeff" + as_csv(RECORDS)),
    "gb18030": ("a.csv", as_csv(RECORDS).encode("gb18030")),
    "utf-16": ("a.csv", as_csv(RECORDS).encode("utf-16")),
    "tab": ("a.tsv", as_csv(RECORDS, "\t")),
    "semicolon": ("a.csv", as_csv(RECORDS, ";")),
    "crlf": ("a.csv", as_csv(RECORDS).replace("\n", "\r\n")),
    "title rows": ("a.csv", as_csv(RECORDS, before="检查情况表（A3）\n2021年\n")),
    "slashes in dates": ("a.csv", as_csv(RECORDS).replace("2021-01-20", "2021/1/20")),
    "dates in words": ("a.csv", as_csv(RECORDS).replace("2021-01-05", "2021年1月5日")),
    "dates as eight digits": ("a.csv", as_csv(RECORDS).replace("2021-01-05", "20210105")),
    "full-width digits": ("a.csv", as_csv(RECORDS).replace(",3,0,", ",３,０,")),
    "thousands": ("a.csv", as_csv(RECORDS).replace("1234.5", '"1,234.50"')),
    "spaces": ("a.csv", as_csv(RECORDS).replace("鹿城区", " 鹿城区 ")),
    "english headers": ("a.csv", "\n".join([",".join(GOOD), *as_csv(RECORDS).splitlines()[1:]])),
    "truth values": ("a.csv", as_csv(RECORDS).replace("否", "0")),
    "workbook": ("a.xlsx", workbook()),
    "workbook of sheets": ("a.xlsx", workbook_of_sheets(RECORDS[:1], RECORDS[1:], hidden=[RECORDS])),
}


@pytest.mark.parametrize(("name", "data"), FORMS.values(), ids=FORMS)
def test_forms(tmp_path, name, data):
    assert figures(tmp_path, (name, data)) == EXPECTED


def test_parquet_typed_and_untyped(tmp_path):
    texts = {name: [record[name] or None for record in RECORDS] for name in GOOD}
    untyped = pa.table(texts)
    typed = untyped
    for name, kind in {"inspection_date": pa.date32(), "penalty_date": pa.date32(), "hazards": pa.int64(),
                       "fine": pa.float64()}.items():  # fmt: skip
        at = typed.column_names.index(name)
        typed = typed.set_column(at, name, typed[name].cast(kind))
    for table in (untyped, typed):
        out = io.BytesIO()
        pq.write_table(table, out)
        assert figures(tmp_path, ("a.parquet", out.getvalue())) == EXPECTED


def test_files_of_several_shapes_add_up(tmp_path):
    first, second = as_csv(RECORDS[:1]), as_csv(RECORDS[1:], "\t")
    assert figures(tmp_path, ("a.csv", first), ("b.tsv", second)) == EXPECTED


def test_a_sources_own_headers_words_and_unit(tmp_path):
    source = RecordSource(files=("x",), headers={"检查时间": "inspection_date"}, values={"terminal": {"APP": "移动端"}})
    text = as_csv(rows({"terminal": "APP", "fine": "1.5"}))
    text = text.replace("检查日期", "检查时间").replace("罚款金额（元）", "罚款金额（万元）")
    with opened(tmp_path, ("a.csv", text), source=source) as records:
        wanted = {name: Counted(name) for name in ("mobile_inspections", "fines")}
        totals = count_records(records, wanted, [PERIOD], UNITS)[PERIOD, "lucheng"]
    assert totals["mobile_inspections"].value == 1
    assert totals["fines"].value == 15000


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", "", "file is empty"),
        ("a.csv", "甲,乙\n1,2\n", "no header of case records"),
        ("a.csv", "填报单位,行业领域\n鹿城区,工贸\n", "no column for 检查编号"),
        ("a.csv", as_csv(RECORDS).replace("行业领域", "填报单位"), "a field stands twice"),
        ("a.csv", as_csv(RECORDS).replace("罚款金额（元）", "罚款金额（美元）"), "a field in another unit"),
        ("a.csv", as_csv(RECORDS).replace("鹿城区", "鹿城区,", 1), "row has too many cells"),
        ("a.csv", b"PK\x03\x04rest", "a workbook named as text"),
        ("a.csv", b"\x81\xff\xff", "text in no known encoding"),
        ("a.parquet", b"no parquet", "not a Parquet file"),
        ("a.pdf", b"%PDF", "kind of file is not known"),
        ("a.xlsx", b"no workbook", "not a workbook"),
    ],
)
def test_files_that_cannot_be_used(tmp_path, name, data, message):
    with pytest.raises(DataError, match=message) as caught, opened(tmp_path, (name, data)) as records:
        examine(records, synthetic=False)
    assert name in str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({2: '"乙厂'}, 3),
        ({2: '"乙厂', 4: '"丁厂'}, 3),
        ({2: '"乙厂', 3: '丙厂"'}, 3),
        ({2: '"乙厂', 4: '丁厂"'}, 3),
        ({2: '"乙"厂'}, 3),
        ({5: '"戊👨\u200d👩厂'}, 6),
    ],
)
def test_a_quotation_mark_without_its_pair_takes_in_no_records(tmp_path, changes, row, end):
    text = as_csv(rows(*[{"enterprise": f"企业{number}", "note": "无"} for number in range(1, 6)]))
    for number, name in changes.items():
        text = text.replace(f"企业{number}", name)
    with (
        pytest.raises(DataError, match=f"^a.csv row {row}: a row that is not valid CSV") as caught,
        opened(tmp_path, ("a.csv", text.replace("\n", end))) as records,
    ):
        examine(records, synthetic=False)
    assert caught.value.hint == "look for a quotation mark without its pair"


@pytest.mark.further
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_may_have_quotation_marks_and_line_breaks(tmp_path, end):
    made = rows(*[{"enterprise": name} for name in ("甲\n厂", '乙"厂', "丙,厂", "丁厂")])
    text = as_csv(made).replace("\n", end).replace("检查编号", f'"检查{end}编号"')
    with opened(tmp_path, ("a.csv", text)) as records:
        names = records.connection.sql("FROM " + records.relation(["enterprise"])).fetchall()
        assert examine(records, synthetic=False) == []
    assert sorted(names) == [("丁厂",), ("丙,厂",), ('乙"厂',), ("甲 厂",)]


def test_lines_may_end_in_several_ways(tmp_path):
    first, *others = as_csv(RECORDS).splitlines()
    text = f"{first}\n{others[0]}\r\n{others[1]}\n{others[2]}\r\n"
    assert figures(tmp_path, ("a.csv", text)) == EXPECTED


def test_rows_that_a_filter_hides_are_named(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.active.row_dimensions[4].hidden = book.active.row_dimensions[90].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    name = "a.xlsx"
    with (
        pytest.raises(DataError, match=f"{name} .*row 4: rows of records are hidden") as caught,
        opened(tmp_path, (name, (tmp_path / "hidden.xlsx").read_bytes())),
    ):
        pass
    assert caught.value.found == 1


@pytest.mark.parametrize("hazards", ["1,5", "1，2", "1,0,0", "1,000,5", "1000,000"])
def test_a_comma_sets_thousands_apart_and_nothing_else(tmp_path, hazards):
    with (
        pytest.raises(DataError, match="hazards cannot be read") as caught,
        opened(tmp_path, ("a.csv", as_csv(rows({"hazards": hazards})))) as records,
    ):
        examine(records, synthetic=False)
    assert caught.value.found == f"隐患数（项） {hazards}"
    assert figures(tmp_path, ("b.csv", as_csv(rows({"hazards": "1，234"}))))["hazards"] == "1234"


@pytest.mark.parametrize("day", ["21-01-05", "21/1/5", "1/5/21", "0201-01-05", "1900-01-05", "20210105x"])
def test_a_day_has_its_year_in_full(tmp_path, day):
    with (
        pytest.raises(DataError, match="inspection_date cannot be read"),
        opened(tmp_path, ("a.csv", as_csv(rows({"inspection_date": day})))) as records,
    ):
        examine(records, synthetic=False)


@pytest.mark.further
@pytest.mark.parametrize("day", ["２０２１-０１-０５", "2021年1月5号", "２０２１／1／5", "20210105"])
def test_a_day_may_be_typed_in_many_ways(tmp_path, day):
    assert figures(tmp_path, ("a.csv", as_csv(rows({"inspection_date": day}))))["inspections"] == "1"


@pytest.mark.further
def test_blank_lines_are_no_records(tmp_path):
    first, *others = as_csv(RECORDS).splitlines()
    blank = "," * first.count(",")
    text = "\n".join([first, blank, others[0], f" {blank}", *others[1:], blank, ""])
    assert figures(tmp_path, ("a.csv", text)) == EXPECTED
    with opened(tmp_path, ("b.csv", text)) as records:
        assert examine(records, synthetic=False) == []
    wrong = as_csv(rows({}, {"hazards": "三"})).splitlines()
    with (
        pytest.raises(DataError, match=r"c.csv H5: hazards cannot be read"),
        opened(tmp_path, ("c.csv", "\n".join([wrong[0], blank, wrong[1], f" {blank}", wrong[2]]))) as records,
    ):
        examine(records, synthetic=False)
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.active.insert_rows(4)
    book.active["B90"] = " "
    book.save(tmp_path / "blank.xlsx")
    with opened(tmp_path, ("b.xlsx", (tmp_path / "blank.xlsx").read_bytes())) as records:
        assert examine(records, synthetic=False) == []


def test_numbers_of_records_are_one_however_they_are_typed(tmp_path):
    text = as_csv(rows({"record_id": "A1"}, {"record_id": "Ａ１"}, {"record_id": " a1"}))
    with (
        pytest.raises(DataError, match="the record's number is used twice") as caught,
        opened(tmp_path, ("a.csv", text)) as records,
    ):
        examine(records, synthetic=False)
    assert len(caught.value.parts) == 2


def changed_book(tmp_path, change):
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    change(book.active)
    book.save(tmp_path / "changed.xlsx")
    return "a.xlsx", (tmp_path / "changed.xlsx").read_bytes()


HAZARDS = list(GOOD).index("hazards") + 1


def formula(sheet):
    sheet.cell(3, HAZARDS, "=1+2")


def error(sheet):
    sheet.cell(3, HAZARDS, "#N/A").data_type = "e"


def moved_point(sheet):
    sheet.cell(3, HAZARDS, 30000).number_format = "0!.0,"


def words(sheet):
    sheet.cell(3, HAZARDS, 3).number_format = '0"万"'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (formula, "a formula without its result"),
        (error, "an error of Excel's"),
        (moved_point, "another figure is shown than is stored"),
        (words, "the number format shows words that are no unit of the column"),
    ],
)
def test_a_cell_of_a_workbook_that_holds_another_figure_than_is_seen(tmp_path, change, message):
    with (
        pytest.raises(DataError, match=f"a.xlsx .*3: {message}"),
        opened(tmp_path, changed_book(tmp_path, change)),
    ):
        pass


def test_a_sheet_of_records_that_lacks_a_field_is_not_passed_over(tmp_path):
    book = workbook_of_sheets(RECORDS[:1], RECORDS[1:])
    changed = openpyxl.load_workbook(io.BytesIO(book))
    heads = next(changed["2月"].iter_rows(max_row=1))
    next(cell for cell in heads if cell.value == "填报单位").value = "单位"
    changed.save(tmp_path / "changed.xlsx")
    with (
        pytest.raises(DataError, match="no column for 填报单位") as caught,
        opened(tmp_path, ("a.xlsx", (tmp_path / "changed.xlsx").read_bytes())),
    ):
        pass
    assert "[2月]" in caught.value.place


def test_a_line_above_gives_the_unit_where_the_header_does_not(tmp_path):
    text = as_csv(rows({"fine": "1"}), before="执法检查记录,（金额单位：万元）\n").replace("罚款金额（元）", "罚款金额")
    assert figures(tmp_path, ("a.csv", text))["fines"] == "1E+4"


def test_no_file(tmp_path):
    with pytest.raises(DataError, match="no file of case records"), opened(tmp_path):
        pass


@pytest.mark.further
def test_many_files_are_read_within_the_memory_of_one(tmp_path):
    records_ = [rows(*[{"record_id": f"{file}-{number}"} for number in range(50)]) for file in range(150)]
    with opened(tmp_path, *((f"{n}.csv", as_csv(records)) for n, records in enumerate(records_))) as records:
        assert examine(records, synthetic=False) == []
        totals = count_records(records, {"inspections": Counted("inspections")}, [PERIOD], UNITS)
    assert int(totals[PERIOD, "lucheng"]["inspections"].value) == 150 * 50
