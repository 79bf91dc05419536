"""What is fuzzed: every reader with good inputs to begin with, and what it does with one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from pathlib import Path
from zlib import crc32

import openpyxl
from hostile import BOMB, bad_archive, bad_bytes, bad_json, bad_text_file

import demo
from tongbao.basics.aggregate import Aggregate, Condition
from tongbao.basics.errors import DataError, TongbaoError
from tongbao.basics.formula import Formula
from tongbao.basics.key import Key
from tongbao.basics.marks import clauses, places, plain, to_bare_html, to_html, to_markdown
from tongbao.basics.period import Period, read_date
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.reviews import load_reviews
from tongbao.bulletin.saving import save
from tongbao.cli import _read_parameters
from tongbao.definition import kinds
from tongbao.definition.project import Project
from tongbao.reading.facts import read_facts
from tongbao.reading.prose import read_prose
from tongbao.reading.tables import read_table
from tongbao.run.execute import notebook_parameters
from tongbao.run.follows import require_following
from tongbao_desk.draft.notebook import notebook_text
from tongbao_desk.forms import write_forms
from tongbao_desk.return_sheets import write_feedback, write_unread
from tongbao_office.decisions import decisions
from tongbao_office.tree import LIST, read_list
from tongbao_records.files import open_records
from tongbao_records.layout import FIELDS
from tongbao_records.tables import count_tables
from tongbao_verify import checker, raw
from tongbao_verify.annexes import Print
from tongbao_verify.document import Document
from tongbao_verify.page import read_docx, read_page
from tongbao_verify.record import Record

kinds.checks(), kinds.rules(), load_reviews()  # else each process would import them
NAME, PERIOD = demo.NAME
HERE = Path(__file__).parent
GOOD: set[bytes] = set()  # the inputs to begin with
ROOT = HERE.parents[1]
Change = Callable[[random.Random, bytes, list[bytes]], bytes]


@dataclass(frozen=True)
class Reader:
    """A reader: what is done with an input in a folder of its own, how inputs are changed, good ones to begin with."""

    read: Callable[[bytes, Path], object]
    seeds: Callable[[], list[bytes]]
    change: Change = bad_text_file
    own: tuple[type[Exception], ...] = (TongbaoError,)
    places: bool = True  # its errors say where
    slow: bool = False  # a hundredth of a second for an input, or some: fewer are traced, and tried by the tests


@cache
def project(folder: Path) -> Project:
    """The made-up series as a project, written once in a folder."""
    root = folder / "project"
    if not root.exists():
        demo.write_demo(root)
        (root / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    return Project(root)


def table(data: bytes, folder: Path, *, suffix: str) -> None:
    """One table of a return."""
    here, errors = project(folder), list[DataError]()
    series = here.get_series(NAME)
    place = here.root / "data/raw/hostile"
    place.mkdir(exist_ok=True)
    path = place / f"work{suffix}"
    path.write_bytes(data)
    definition = series.tables["work"].model_copy(update={"file": path.name})
    try:
        read_table("work", definition, series, place, here.root, errors)
    finally:
        path.unlink()
    for error in errors:
        told(error, place=True)


def told(error: TongbaoError, *, place: bool) -> None:
    """An error as it is shown, in both languages; it must say where."""
    from tongbao.basics.catalogue import catalogue

    for part in error.parts or (error,):
        assert part.place or not place, f"an error without a place: {part}"
    for lang in ("en", "zh"):
        assert error.told(lang, catalogue(lang)).strip()


def good_rows() -> list[list[object]]:
    lines = demo.WORK.format(*demo.NOW.split()).splitlines()
    rows = [line.split(",") for line in lines]
    return [[float(text) if text.replace(".", "").isdigit() else text for text in row] for row in rows]


def csv_seeds() -> list[bytes]:
    text = demo.WORK.format(*demo.NOW.split())
    quoted = text.replace("甲县", '"甲县"').replace("检查（家次）", '"检查\n（家次）"')
    return [text.encode(), f"执法情况表\n\n{text}\n注：无".replace(",", "\t").encode(), quoted.encode("gb18030")]


def xlsx_seeds() -> list[bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["执法情况表"], [], *good_rows()]:
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet["C4"] = "=1+21"
    sheet["E5"].number_format = "0.0%"
    sheet.row_dimensions[12].hidden = True
    book.create_sheet("空").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue()]


def xls_seeds() -> list[bytes]:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for at, row in enumerate(good_rows()):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue()]


def ods_seeds() -> list[bytes]:
    cells = [
        "".join(
            f'<table:table-cell office:value-type="float" office:value="{one}"><text:p>{one}</text:p></table:table-cell>'
            if isinstance(one, float)
            else f'<table:table-cell office:value-type="string"><text:p>{escape(one)}</text:p></table:table-cell>'
            for one in row
        )
        for row in good_rows()
    ]
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    name = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{name}:office:1.0" xmlns:table="{name}:table:1.0" '
        f'xmlns:text="{name}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="x"/>')
        archive.writestr("content.xml", content)
    return [out.getvalue()]


def parquet_seeds() -> list[bytes]:
    import duckdb

    header, *body = good_rows()
    folder, found = Path(os.environ["TMPDIR"]), []
    values = ", ".join(f"({', '.join(repr(str(one)) for one in row)})" for row in body)
    names = ", ".join(f'"{name}"' for name in header)
    with duckdb.connect() as connection:
        for kind in ("VARCHAR", "DOUBLE", "DECIMAL(38,12)", "TIMESTAMP", "BLOB", "INTEGER[]"):
            path = folder / "seed.parquet"
            kept = f'"{header[0]}", ' + ", ".join(f'try_cast("{one}" AS {kind}) AS "{one}"' for one in header[1:])
            table = connection.sql(f"SELECT {kept} FROM (VALUES {values}) AS t({names})")
            table.write_parquet(str(path), compression="uncompressed")
            found.append(path.read_bytes())
    return found


def facts(data: bytes, folder: Path) -> None:
    path, errors = folder / "facts.csv", list[DataError]()
    path.write_bytes(data)
    for fact in read_facts(path, "facts.csv", errors).values():
        assert fact.row
    for error in errors:
        told(error, place=True)


def series(data: bytes, folder: Path) -> None:
    here = project(folder)
    place = here.root / "reports/hostile"
    place.mkdir(exist_ok=True)
    (place / "series.yml").write_bytes(data)
    found = Project(here.root).get_series("hostile")
    write_forms(found, Period.parse(PERIOD), folder / "forms")
    found.parameter_values({})


def whole(here: Project, *, written: bool) -> None:
    """All that comes of a definition, or of a return: bulletin, record, data, return sheets, without a notebook."""
    try:
        bulletin = Bulletin.open(here, NAME, PERIOD, {})
    except DataError as error:
        if written:
            write_unread(here, here.get_series(NAME), Period.parse(PERIOD), error.parts or (error,))
        raise
    if written:
        write_feedback(bulletin)
    bulletin.require_sound()
    if written:
        save(bulletin)


def one_in(number: int, data: bytes) -> bool:
    """Whether an input is one of so many that are tried in full; good ones are, which also imports what it takes."""
    return data in GOOD or crc32(data) % number == 0


def replaced(data: bytes, folder: Path, *, file: str) -> None:
    """``whole``, with one file of the project in the place of a good one; for speed, only some are written."""
    here = project(folder)
    path = here.root / file
    good = path.read_bytes()
    path.write_bytes(data)
    try:
        whole(Project(here.root) if path.name == "series.yml" else here, written=one_in(WRITTEN, data))
    finally:
        path.write_bytes(good)


def good(*files: str) -> list[bytes]:
    """Good files of the project."""
    folder = project(Path(os.environ["TMPDIR"]))
    return [(folder.root / file).read_bytes() for file in files]


def prose(data: bytes, folder: Path) -> None:
    here = project(folder)
    path = here.root / "reports" / NAME / f"{PERIOD}.md"
    text = path.read_bytes()
    path.write_bytes(data)
    try:
        read_prose(path, here.get_series(NAME), here.root)
    finally:
        path.write_bytes(text)


def prose_seeds() -> list[bytes]:
    text = (
        "---\nissued: 2021-07-10\nstatistics_date: 2021-06-30\nnumber: 3\nnames: [三年行动]\nauthor: 张三\n"
        "corrections: [{day: 2021-08-01, says: {zh: 更正, en: corrected}}]\n---\n# 下步要求\n\n各县{{ finding.faults }}。"
        "{{ fact.due }}项，{{ figure.rate.full }}，{{ param.top_n | han }}；{% if number %}第{{ number }}号{% endif %}\n\n"
        "## 一\n\n- 甲 [表](x.csv) ![图](x.png) **重** @fig-penalty-rate\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    return [text.encode(), *good(f"reports/{NAME}/{PERIOD}.md")]


def records(data: bytes, folder: Path, *, suffix: str) -> None:
    """A file of case records; for speed, only some are counted, and of the others a few fields read."""
    path, here = folder / f"cases{suffix}", record_series()
    path.write_bytes(data)
    if one_in(COUNTED, data):
        count_tables(here, Period.parse("2021-01-to-02"), [(path, path.name)], {})
    else:
        with open_records([(path, path.name)], here.records) as opened:
            few = sorted(opened.fields)[crc32(data) % 6 :: 6]
            opened.connection.execute(f"SELECT * FROM {opened.relation(few, rows=True)}").fetchall()


@cache
def record_series():
    return Project(ROOT).get_series("wenzhou-records")


def record_seeds(suffix: str) -> list[bytes]:
    record = {
        "record_id": "1",
        "inspection_date": "2021-01-05",
        "unit": "鹿城区",
        "enterprise_code": "A1",
        "note": "合成数据",
    }
    record |= {"industry": "工贸", "kind": "日常检查", "terminal": "移动端", "hazards": "3", "serious_hazards": "0"}
    record |= {"suspended": "否", "case_date": "2021-01-06", "serious_violation": "否", "penalty_date": "2021-01-20"}
    record |= {"fine": "5000", "accident_fine": "否", "collected": "5000"}
    lines = [[field.header for field in FIELDS], [record.get(field.name, "") for field in FIELDS]]
    if suffix == ".csv":
        text = "".join(",".join(line) + "\n" for line in [*lines, ["2", *lines[1][1:]]])
        return [text.encode(), text.replace(",", "\t").encode("gb18030")]
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue()]


def period(data: bytes, folder: Path) -> None:
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        read_date(text)
    found = Period.parse(text)
    assert Period.parse(str(found)) == found
    assert found in found.same_span()
    for one in (found.label("zh"), found.label("en"), *map(str, found.compared_with()), found.start, found.end):
        assert str(one)


def parameters(data: bytes, folder: Path) -> None:
    pairs = data.decode("utf-8", "replace").split("\n")
    series = project(folder).get_series(NAME)
    values = series.parameter_values(_read_parameters(pairs))
    json.dumps(notebook_parameters(NAME, PERIOD, "zh", values), allow_nan=False)


def formula(data: bytes, folder: Path) -> None:
    from decimal import Decimal

    text = data.decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        condition = Condition.parse(text)
        condition.holds(dict.fromkeys(condition.formulas, Decimal(3)).get)
    found = Formula.parse(text)
    values = {name: (Decimal(number + 2), str(number + 2)) for number, name in enumerate(found.names)}
    found.evaluate(lambda name: values[name][0])
    found.show(lambda name: values[name][1])
    found.work_out(values)
    assert found.leaves is not None
    if ratio := found.ratio:
        Formula.parse(ratio.part)
    for name in found.names:
        Aggregate.parse(name)


FORMULAS = ("cases / visits * 100", "min(a / 95, 1) * 20 + default(b, 0)", "sum(fines, rate < 20 and reported(x)) - rank(-fines)",
            "last_year.fact.x", "count(not blank(a) or b >= 3.5)", "change(area.a, previous.a)", "round(a / 3, 2)", "floor(a, 5)")  # fmt: skip


def marks(data: bytes, folder: Path) -> None:
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        Key.parse(text)
    plain(text)
    for lang in ("zh", "en"):
        to_html(text, lang), to_markdown(text, lang)
    to_bare_html(text), clauses(text), places(text)


def notebook(data: bytes, folder: Path) -> None:
    """A notebook, held to its series."""
    path = folder / "page.ipynb"
    path.write_bytes(data)
    require_following(path, project(folder).get_series(NAME), path.name)


def notebook_seeds() -> list[bytes]:
    return [notebook_text(project(Path(os.environ["TMPDIR"])).get_series(NAME), PERIOD).encode()]


def office(data: bytes, folder: Path) -> None:
    """A decision, and the list of what is published."""
    here = project(folder)
    place = here.root / "reports" / NAME / "approvals"
    place.mkdir(exist_ok=True)
    (folder / LIST).write_bytes(data)
    (place / f"{PERIOD}.1.x.json").write_bytes(data)
    faults = []
    for read in (lambda: read_list(folder), lambda: decisions(here, NAME, Period.parse(PERIOD))):
        try:
            read()
        except TongbaoError as error:
            faults.append(error)
    if len(faults) == 2:
        raise faults[0]


def office_seeds() -> list[bytes]:
    digest = "0" * 64
    decision = {"schema": 1, "decision": "approved", "series": NAME, "period": PERIOD, "number": 1, "by": "李四", "time": "2021-07-10T08:00:00+08:00"}  # fmt: skip
    decision |= {"note": "", "digest": digest, "read": {"a": digest}, "inputs": {}, "withdraws": []}
    version = {"number": 1, "published": decision["time"], "note": "", "changes": [], "digest": digest, "folder": "a/b", "resources": "assets/x", "files": ["x.html"]}  # fmt: skip
    entry = {"series": NAME, "period": PERIOD, "title": "x", "issued": "2021-07-10"}
    listed = {"schema": 1, "seal": digest, "files": {"a": digest}, "bulletins": [{"entry": entry, "page": "x", "versions": [version], "draft": None}]}  # fmt: skip
    return [json.dumps(one).encode() for one in (decision, listed)]


def verified(data: bytes, folder: Path, *, file: str) -> None:
    """A published copy with one file in the place of a good one, held by the checker.

    For speed, only one in some goes the whole way: of the others a raw file is only read, a record held without the
    page, a page or what is beside it to a record that was held once.
    """
    root, is_page, is_raw = published(folder), file.startswith("_site"), file.startswith("data/raw")
    record, word_file, in_print = held(folder)
    path, page = root / file, root / PAGE
    kept, aside = path.read_bytes() if path.exists() else None, page.with_suffix(".aside")
    path.write_bytes(data)
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    whole = one_in(WHOLE, data)
    try:
        if is_page and not whole:
            record.left.clear(), record.notes.clear()
            if path == page:
                checker.check_edition(record, page, "zh")
            with record.reading(path.name, path.name):
                path == page or word_file.check_print(read_docx(path), in_print)
            return
        if is_raw and not whole:
            with record.reading(path.name, path.name):
                raw.read_table(raw.read_sheets(path), path.stem, record.definition)
            return
        if not whole:
            page.rename(aside)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = checker.main([str(root)])
    finally:
        path.unlink() if kept is None else path.write_bytes(kept)
        if aside.exists():
            aside.rename(page)
    assert code in (0, 1, 2), code
    shown = said.buffer.getvalue()
    assert shown
    assert b"\x1b" not in shown


@cache
def held(folder: Path) -> tuple[Record, Document, list[Print]]:
    """The sample's record, checked; its Word file as a document, and what must stand in that."""
    root = published(folder)
    record = checker.check(root / f"{_RECORD}/findings.json", (root / PAGE).with_suffix(""), [root])
    page = Document("2024-03.html", "zh", record, read_page(root / PAGE))
    return record, Document("2024-03.docx", "zh", record), page.check_page()


def docx_seeds() -> list[bytes]:
    """The page's texts as paragraphs of a Word file."""
    texts = [text for _, text, _ in held(Path(os.environ["TMPDIR"]))[2]]
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        document = f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", f'<?xml version="1.0"?>{document}')
    return [out.getvalue()]


@cache
def published(folder: Path) -> Path:
    import sample

    root = folder / "sample"
    if not root.exists():
        sample.write(root)
    return root


def sample_files(*files: str) -> list[bytes]:
    root = published(Path(os.environ["TMPDIR"]))
    return [(root / file).read_bytes() for file in files]


def words(data: bytes, folder: Path) -> None:
    """Labels, numbers and measured texts as they stand in cells."""
    from tongbao.basics.language import measured, number_text, qualifier_text
    from tongbao.basics.rounding import parse_decimal, print_decimal, round_decimal
    from tongbao.bulletin.sheets import harmless, width_of
    from tongbao.reading.labels import normalise, read_number, split_unit

    text = data.decode("utf-8", "replace")
    normalise(text), split_unit(text), harmless(text), width_of(text)
    for lang in ("zh", "en"):
        number_text(text, lang), qualifier_text(text, lang)
        for unit in ("", "%", "万元", "起"):
            with contextlib.suppress(ValueError):
                read_number(text, unit)
            measured(text, unit, lang)
    if (value := parse_decimal(text)) is not None:
        print_decimal(value, 2), round_decimal(value, 0, "truncate")


WHOLE, WRITTEN, COUNTED = 20, 5, 10  # one in so many
_RAW = f"data/raw/{NAME}/{PERIOD}"
_RECORD = "data/processed/demo/2024-03"
PAGE = "_site/reports/demo/2024-03.html"
READERS: dict[str, Reader] = {
    "csv": Reader(partial(table, suffix=".csv"), csv_seeds),
    "xlsx": Reader(partial(table, suffix=".xlsx"), xlsx_seeds, bad_archive),
    "xls": Reader(partial(table, suffix=".xls"), xls_seeds, lambda rng, data, _: bad_bytes(rng, data), slow=True),
    "ods": Reader(partial(table, suffix=".ods"), ods_seeds, bad_archive),
    "parquet": Reader(partial(table, suffix=".parquet"), parquet_seeds, lambda rng, data, _: bad_bytes(rng, data)),
    "facts": Reader(facts, lambda: good(f"{_RAW}/facts.csv")),
    "records-csv": Reader(partial(records, suffix=".csv"), lambda: record_seeds(".csv"), slow=True),
    "records-xlsx": Reader(partial(records, suffix=".xlsx"), lambda: record_seeds(".xlsx"), bad_archive, slow=True),
    "series": Reader(series, lambda: [*good(f"reports/{NAME}/series.yml"), BOMB.encode()]),
    "prose": Reader(prose, prose_seeds),
    "period": Reader(period, lambda: [b"2021-01-to-02", b"2019-q2", b"2021", b"2021-02", b"2019-h1"], places=False),
    "parameters": Reader(parameters, lambda: [b"below_rate=20%\ntop_n=3", b"top_n=1"], places=False),
    "formula": Reader(formula, lambda: [text.encode() for text in FORMULAS], own=(ValueError,)),
    "marks": Reader(marks, lambda: ["共\ue000a:b@c\ue001248\ue002家次，\ue003x\ue004".encode()]),
    "words": Reader(words, lambda: [b"1,234.50", "罚款总数（万元）".encode(), b"-12.5%", "５".encode()]),
    "notebook": Reader(notebook, notebook_seeds, bad_json),
    "office": Reader(office, office_seeds, bad_json),
    "bulletin-table": Reader(partial(replaced, file=f"{_RAW}/work.csv"), csv_seeds, slow=True),
    "bulletin-facts": Reader(partial(replaced, file=f"{_RAW}/facts.csv"), lambda: good(f"{_RAW}/facts.csv"), slow=True),
    "bulletin-prose": Reader(partial(replaced, file=f"reports/{NAME}/{PERIOD}.md"), prose_seeds, slow=True),
    "bulletin-series": Reader(
        partial(replaced, file=f"reports/{NAME}/series.yml"), lambda: good(f"reports/{NAME}/series.yml"), slow=True),
    "verify-record": Reader(partial(verified, file=f"{_RECORD}/findings.json"), lambda: sample_files(f"{_RECORD}/findings.json"), bad_json, slow=True),
    "verify-page": Reader(partial(verified, file=PAGE), lambda: sample_files(PAGE), slow=True),
    "verify-raw": Reader(partial(verified, file="data/raw/demo/2024-03/main.csv"), lambda: sample_files("data/raw/demo/2024-03/main.csv"), slow=True),
    "verify-docx": Reader(partial(verified, file=PAGE.replace(".html", ".docx")), docx_seeds, bad_archive, slow=True),
}  # fmt: skip
