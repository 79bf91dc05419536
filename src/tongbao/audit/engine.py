"""Audit one bulletin: read what was built, recompute from raw data, account for everything."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tongbao.audit.account import Account
from tongbao.audit.archive import Archive
from tongbao.audit.arithmetic import NotComputableError
from tongbao.audit.backing import Backing
from tongbao.audit.books import Books
from tongbao.audit.document import audit_page, audit_required
from tongbao.audit.known import know
from tongbao.audit.page import read_page
from tongbao.audit.paper import audit_paper, read_paper
from tongbao.audit.quality import audit_quality
from tongbao.audit.record_faults import find_record_issues
from tongbao.audit.recount import recount
from tongbao.audit.returns import find_issues, sort_issues
from tongbao.audit.rows import Row, read_rows
from tongbao.audit.statements import audit_statements
from tongbao.audit.text import Reader
from tongbao.cells import RecordCount
from tongbao.errors import DataError
from tongbao.ingest.received import read_received
from tongbao.manifest import read_manifest
from tongbao.period import Period
from tongbao.project import Project
from tongbao.prose import Header, read_prose
from tongbao.series.models import Series


def audit(project: Project, series_id: str, period: Period) -> Account:
    """The account of a built bulletin: its page, its PDF (if built) and ``findings.json``.

    Raises:
        DataError: it was not built, or its records cannot be read; or the raw figures cannot be used.
        UsageError: unknown series or period.
    """
    series = project.get_series(series_id)
    folder = project.processed(series_id, period)
    built = read_manifest(folder)
    if built is None:
        raise DataError("not built", place=f"{series_id}@{period}", hint=f"tongbao build {series_id}@{period}")
    record = _read(folder / "findings.json")
    record["quality"] = _read(folder / "quality.json")
    parameters = {name: Decimal(value) for name, value in built.parameters.items()}

    archive = Archive(series, parameters, project.periods(series_id),
                      lambda other: read_received(project, series, other, parameters))  # fmt: skip
    books = archive.at(period)
    if not books.any_received:
        raise DataError("no figures received", place=f"{series_id}@{period}")
    compared = [other] if (other := books.other("last_year")) is not None and other.any_received else []
    prose = read_prose(project.prose(series_id, period), series, project.root)
    known = know(series, period, prose)
    figures = {key: figure for finding in record["findings"] for key, figure in finding["values"].items()}
    backing = Backing(books, figures | record["figures"], archive.books)
    account = Account(f"{series_id}@{period}")
    rows = _read_records(project, period, series, account)
    if rows is not None:
        _audit_records(rows, period, Reader("records", backing, known, account))
    _find_issues(books, prose.header, period, rows, account)
    audit_statements(record, Reader("findings.json", backing, known, account))
    if books.issues is not None:
        audit_quality(record["quality"], books.issues, Reader("quality.json", backing, known, account))
    page = project.page(series_id, period, "html")
    if not page.is_file():
        raise DataError("not built", place=page.relative_to(project.root).as_posix(),
                        hint=f"tongbao build {series_id}@{period}")  # fmt: skip
    sentences = tuple(finding["text"]["zh"] for finding in record["findings"])
    reader = Reader("html", backing, known, account, sentences)
    circular = audit_page(read_page(page), reader, record, compared)
    audit_required(circular.words, reader)
    pdf = project.page(series_id, period, "pdf")
    if pdf.is_file():
        on_page = [entry for entry in account.entries if entry.document == "html"]
        audit_paper(read_paper(pdf), circular, on_page, Reader("pdf", backing, known, account))
    return account


def _read_records(project: Project, period: Period, series: Series, account: Account) -> list[Row] | None:
    """The case records row by row; ``None`` where there are none, or none that can be read so."""
    if series.records is None:
        return None
    try:
        return read_rows(series, project.records(series.id, period), project.root)
    except NotComputableError as error:
        account.not_audited.append(f"what is counted from case records: {error}")
        return None


def _find_issues(books: Books, header: Header, period: Period, rows: list[Row] | None, account: Account) -> None:
    """What is wrong with the returns, and with the case records behind them."""
    if books.series.records is not None and rows is None:
        return  # the account says so already
    try:
        books.issues = sort_issues([*find_issues(books, header, period), *find_record_issues(books.series, rows or [])])
    except NotComputableError as error:
        account.not_audited.append(f"the issues of the returns: {error}")


def _audit_records(rows: list[Row], period: Period, reader: Reader) -> None:
    """Every counted cell against a second count of the records, row by row."""
    books = reader.backing.books
    try:
        recounted = recount(books.series, period, rows)
    except NotComputableError as error:
        reader.account.not_audited.append(f"what is counted from case records: {error}")
        return
    for (table, unit, column), (value, records) in recounted.items():
        cell = books.counted(table, unit, column)
        place = f"{table}, {books.series.unit(unit).zh}, {column}"
        held = None if cell is None or cell.value is None else Fraction(cell.value)
        behind = cell.source.records if cell is not None and isinstance(cell.source, RecordCount) else None
        if cell is None or held != value or (value is not None and behind != records):
            text = cell.text if cell is not None else ""
            reader.leave(place, text or "blank", str(cell.source) if cell else "", f"recounted {value}, of {records}")
        elif value is not None:
            reader.enter(place, cell.text, "cell", f"{records} records, counted row by row")


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise DataError("a record of the build cannot be read", place=path.name, hint="build it again") from None
    return found
