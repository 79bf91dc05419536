"""What stands beside a page to be used again: annexes as CSV and XLSX, dictionary, record with schema, raw files."""

import csv
import io
import json
import os
import shutil
import zipfile
from datetime import date

import pytest
from jsonschema import Draft202012Validator
from python_calamine import CalamineWorkbook

from conftest import edit, tongbao
from pages import GOLDEN, page_path, soup
from tongbao.basics.errors import ToolError
from tongbao.bulletin.annexes import Heading, PrintedCell, PrintedTable, annex_table
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.files import published_raw
from tongbao.bulletin.saving import save
from tongbao.bulletin.sheets import table_csv, table_xlsx
from tongbao.definition.project import Project
from tongbao.reading.cell import Cell, RecordCount, Source
from tongbao_verify.checker import check, find_bulletins

TAIZHOU, WENZHOU = GOLDEN
documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])


def opened(project, golden, lang=None):
    return Bulletin.open(Project.find(project), golden["series"], golden["period"], {}, lang)


def read_csv(data):
    assert data.startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@documents
def test_an_annex_as_csv_is_the_source_document_s_table(site, golden):
    folder = site / "_site/reports" / golden["series"]
    for number, annex in enumerate(golden["annexes"], start=1):
        header, *rows = read_csv((folder / f"{golden['period']}.annex-{number}.csv").read_bytes())
        assert rows == [["" if cell == "/" else cell for cell in row] for row in annex["rows"]]
        assert len(set(header)) == len(header)  # each 排序 says of what
        bare = [
            name[-2:] if named in ("排序", "排名") else name
            for name, named in zip(header, annex["columns"], strict=True)
        ]
        assert bare == annex["columns"]


@documents
def test_the_workbook_holds_the_same_as_numbers(site, golden):
    folder = site / "_site/reports" / golden["series"]
    for number in range(1, len(golden["annexes"]) + 1):
        header, *rows = read_csv((folder / f"{golden['period']}.annex-{number}.csv").read_bytes())
        sheet = CalamineWorkbook.from_path(folder / f"{golden['period']}.annex-{number}.xlsx").get_sheet_by_index(0)
        found = sheet.to_python()
        at = next(place for place, row in enumerate(found) if row[:2] == header[:2])
        assert found[at] == header
        assert found[at + 1 :] == [[row[0], *(float(cell) if cell else "" for cell in row[1:])] for row in rows]
        assert golden["head"][1] not in found[0]
        assert found[0][0] == golden["annexes"][number - 1]["title"]


def test_a_text_that_a_spreadsheet_would_run_is_harmless(project):
    bulletin = opened(project, WENZHOU)
    header = (Heading("企业名称", "name", "enterprise"), Heading("隐患（项）", "figure", "hazards"))
    rows = tuple((PrintedCell(text), PrintedCell("-4.50")) for text in ("=1+1", "@x", "-2+3", "+86", "甲"))
    table = PrintedTable(header, rows)
    expected = ["'=1+1", "'@x", "'-2+3", "'+86", "甲"]
    assert read_csv(table_csv(bulletin, table))[1:] == [[text, "-4.50"] for text in expected]
    data = table_xlsx(bulletin, table, "表")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    found = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in found[-5:]] == ["=1+1", "@x", "-2+3", "+86", "甲"]
    assert found[-1][1] == -4.5


def test_a_workbook_has_the_same_bytes_at_any_time(project, monkeypatch):
    bulletin = opened(project, WENZHOU)
    table = annex_table(bulletin.indicators, 1)
    first = table_xlsx(bulletin, table, "表")
    monkeypatch.setenv("TZ", "America/New_York")
    assert table_xlsx(bulletin, table, "表") == first
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {2000}
        assert str(date.today().year).encode() + b"-" not in book.read("docProps/core.xml")  # noqa: DTZ011  # whatever it is
        assert b"2021-03-10T00:00:00Z</dcterms:modified>" in book.read("docProps/core.xml")


@documents
def test_the_dictionary_knows_every_column_of_every_csv(site, golden):
    folder = site / "_site/reports" / golden["series"]
    record = json.loads((folder / f"{golden['period']}.csv-metadata.json").read_text("utf-8"))
    assert record["@context"][0] == "http://www.w3.org/ns/csvw"
    assert {table["url"] for table in record["tables"]} == {path.name for path in folder.glob("2*.csv")}
    for table in record["tables"]:
        columns = table["tableSchema"]["columns"]
        header, *rows = read_csv((folder / table["url"]).read_bytes())
        titles = [column["titles"] for column in columns]
        assert header == [title if isinstance(title, str) else title[table["lang"]] for title in titles]
        assert len({column["name"] for column in columns}) == len(columns)
        for row in rows:
            for column, text in zip(columns, row, strict=True):
                assert text or not column.get("required")
                if text and column["datatype"] in ("integer", "decimal"):
                    assert float(text) % 1 == 0 or column["datatype"] == "decimal"
        keys = [tuple(row[header_of(columns, key)] for key in table["tableSchema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)


def header_of(columns, name):
    return [column["name"] for column in columns].index(name)


def test_the_dictionary_tells_units_and_both_languages(site):
    path = site / "_site/reports/wenzhou-monthly/2021-01-to-02.csv-metadata.json"
    tables = {table["url"]: table for table in json.loads(path.read_text("utf-8"))["tables"]}
    columns = {one["name"]: one for one in tables["2021-01-to-02.annex-1.csv"]["tableSchema"]["columns"]}
    assert columns["fines"] == {
        "name": "fines",
        "titles": {"zh": "罚款总数（万元）", "en": "Fines (CNY 10,000)"},
        "datatype": "decimal",
        "null": "",
        "required": False,
        "schema:unitText": "万元",
    }
    assert columns["non_accident_fines_rank"]["titles"] == {
        "zh": "非事故类罚款额排序",
        "en": "Rank by fines outside accidents",
    }
    assert tables["2021-01-to-02.en.annex-1.csv"]["lang"] == "en"
    assert columns["non_accident_fines_rank"]["dc:description"] == [
        {"@value": "非事故类罚款额的名次", "@language": "zh"},
        {"@value": "rank in fines outside accidents", "@language": "en"},
    ]


@documents
def test_the_published_record_follows_the_schema_published_with_it(site, golden):
    page = page_path(site, golden, "json")
    record, schema = (json.loads(path.read_text("utf-8")) for path in (page, page.with_suffix(".schema.json")))
    assert list(Draft202012Validator(schema).iter_errors(record)) == []


@documents
def test_the_raw_files_are_published_and_evidence_leads_there(site, golden):
    page = page_path(site, golden, "html")
    raw = site / "data/raw" / golden["series"] / golden["period"]
    links = {link["href"] for link in soup(page).select(".figure-evidence .file a")}
    assert links == {f"raw/{golden['series']}/{golden['period']}/{path.name}" for path in raw.iterdir()}
    listed = {link["href"] for link in soup(page).select(".provenance td a")}
    assert listed == links
    for link in links:
        assert (page.parent / link).read_bytes() == (raw / link.rpartition("/")[2]).read_bytes()


def cell(table, file, *, counted=False):
    source = RecordCount(file, 1, None) if counted else Source(file, None, 2, "B")
    return Cell(table, "lucheng", "fines", "1", None, source)


@pytest.mark.parametrize(
    ("said", "table", "file", "published"),
    [
        (None, "enforcement", "annex1.csv", True),
        (None, "facts", "facts.csv", True),
        (None, "enforcement", "annex1.xlsx", False),  # may hold names, remarks, hidden sheets
        ("true", "enforcement", "annex1.xlsx", True),
        ("false", "enforcement", "annex1.csv", False),
        ("true", "key", "cases.csv", False),  # a list of enterprises
        ("true", "enforcement", "large.csv", False),
        (None, "hazchem", "annex2.csv", False),  # has a column that is not read
        ("true", "hazchem", "annex2.csv", True),
    ],
)
def test_which_raw_files_are_published(project, said, table, file, published):
    definition = project / "reports/wenzhou-monthly/series.yml"
    edit(definition, "    file: annex2.csv\n", "    file: annex2.csv\n    ignore: [备注]\n")
    if said:
        edit(definition, "left_out: notes", f"publish_raw: {said}\nleft_out: notes")
    folder = project / "data/raw/wenzhou-monthly/2021-01-to-02"
    (folder / "large.csv").write_bytes(b"x" * (2**20 + 1))
    bulletin = opened(project, WENZHOU)
    for name in ("annex1.xlsx", "cases.csv"):
        (folder / name).touch()
    place = f"wenzhou-monthly/2021-01-to-02/{file}"
    assert published_raw(bulletin, cell(table, f"data/raw/{place}")) == (f"raw/{place}" if published else "")
    assert published_raw(bulletin, cell(table, f"data/raw/{place}", counted=True)) == ""


@pytest.mark.further
def test_case_records_stay_where_they_are(project):
    bulletin = Bulletin.open(Project.find(project), "assessment", "2021", {})
    save(bulletin)
    names = {path.name for path in (project / "reports/assessment/raw").rglob("*.csv")}
    assert names == {"synthetic-base.csv"}


@pytest.mark.further
def test_raw_files_that_a_series_no_longer_publishes_leave_the_site(built):
    raw = built / "_site/reports/taizhou-andun/raw"
    assert len(list(raw.rglob("*.csv"))) == 3
    edit(built / "reports/taizhou-andun/series.yml", "indicators:", "publish_raw: false\n\nindicators:")
    tongbao(built, "build", "taizhou-andun", "--format", "html", "--engine", "embedded")
    assert [path for path in built.glob("*/reports/taizhou-andun/raw/**/*") if path.is_file()] == []
    assert [path for path in built.glob("reports/taizhou-andun/raw/**/*") if path.is_file()] == []
    record = json.loads((built / "data/processed/taizhou-andun/2019-04-to-06/manifest.json").read_text("utf-8"))
    assert not any("/raw/" in name and name.startswith("_site") for name in record["outputs"])


def test_a_copied_site_is_checked_with_the_raw_files_beside_its_pages(site, tmp_path):
    copy = shutil.copytree(site / "_site", tmp_path / "copy")
    folder = copy / "reports/wenzhou-monthly"
    found = dict(find_bulletins(folder))
    ((file, pages),) = found.items()
    record = check(file, pages, [copy])
    assert (list(record.left), list(record.notes)) == ([], [])
    assert record.held["2021-01-to-02.html: data"] == 14 + 14
    edit(folder / "2021-01-to-02.annex-1.csv", "42.5", "42.6")
    edit(folder / "raw/wenzhou-monthly/2021-01-to-02/facts.csv", ",87,", ",88,")
    reasons = {one.reason for one in check(file, pages, [copy]).left}
    assert "the page says 42.5" in reasons
    assert any("SHA-256 is now" in reason for reason in reasons)


def test_a_file_that_duckdb_cannot_write_is_told(site, tmp_path):
    shutil.copytree(site, project := tmp_path / "p", symlinks=True)
    bulletin = opened(project, TAIZHOU)
    folder = Project(project).processed(bulletin.series.id, bulletin.period)
    (folder / f".indicators.parquet.{os.getpid()}.part").mkdir()  # where it would write
    with pytest.raises(ToolError, match=r"indicators\.parquet: DuckDB could not write"):
        save(bulletin)
