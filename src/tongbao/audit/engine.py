"""Audit one bulletin: read what was built, recompute from raw data, account for everything."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tongbao.audit.account import Account
from tongbao.audit.backing import Backing
from tongbao.audit.books import Books
from tongbao.audit.document import audit_page, audit_required
from tongbao.audit.known import know
from tongbao.audit.page import read_page
from tongbao.audit.paper import audit_paper, read_paper
from tongbao.audit.statements import audit_statements
from tongbao.audit.text import Reader
from tongbao.errors import DataError
from tongbao.ingest import read_received
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

    def books_of(covered: Period) -> Books:
        return Books(series, read_received(series, project.raw(series_id, covered), project.root), parameters)

    books = books_of(period)
    known_periods = project.periods(series_id)
    compared = [books_of(other) for other in period.compared_with() if other in known_periods]
    known = know(series, period, read_prose(project.prose(series_id, period), series, project.root))
    figures = {key: figure for finding in record["findings"] for key, figure in finding["values"].items()}
    backing = Backing(books, figures | record["figures"])
    account = Account(f"{series_id}@{period}")
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


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise DataError("a record of the build cannot be read", place=path.name, hint="build it again") from None
    return found
