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
from tongbao.audit.recount import recount
from tongbao.audit.statements import audit_statements
from tongbao.audit.text import Reader
from tongbao.cells import RecordCount
from tongbao.errors import DataError
from tongbao.ingest.received import read_received
from tongbao.manifest import read_manifest
from tongbao.period import Period
from tongbao.project import Project
from tongbao.prose import read_prose


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
    known = know(series, period, read_prose(project.prose(series_id, period), series, project.root))
    figures = {key: figure for finding in record["findings"] for key, figure in finding["values"].items()}
    backing = Backing(books, figures | record["figures"], archive.books)
    account = Account(f"{series_id}@{period}")
    if series.records is not None:
        _audit_records(project, period, books, Reader("records", backing, known, account))
    audit_statements(record, Reader("findings.json", backing, known, account))
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


def _audit_records(project: Project, period: Period, books: Books, reader: Reader) -> None:
    """Every counted cell against a second count of the records, row by row."""
    paths = project.records(books.series.id, period)
    if books.series.enterprises:
        reader.account.not_audited.append("lists of enterprises: which enterprises meet the criteria")
    try:
        recounted = recount(books.series, period, paths)
    except NotComputableError as error:
        reader.account.not_audited.append(f"figures counted from case records: {error}")
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
