"""Audit one bulletin: read what was built, recompute from raw data, account for everything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tongbao.audit.account import Account
from tongbao.audit.archive import Archive
from tongbao.audit.arithmetic import NotComputableError
from tongbao.audit.backing import Backing
from tongbao.audit.books import Books
from tongbao.audit.chance import Rate, find_rates
from tongbao.audit.chance_words import Words
from tongbao.audit.document import audit_page, audit_required
from tongbao.audit.known import know
from tongbao.audit.listed import draw_up
from tongbao.audit.page import read_page
from tongbao.audit.paper import audit_paper, read_paper
from tongbao.audit.quality import audit_quality
from tongbao.audit.record_faults import find_record_issues
from tongbao.audit.recount import recount
from tongbao.audit.returns import find_issues, sort_issues
from tongbao.audit.robustness import audit_robustness, audit_section
from tongbao.audit.rows import Row, read_rows
from tongbao.audit.statements import audit_statements
from tongbao.audit.text import Reader
from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.bulletin.manifest import read_manifest
from tongbao.definition.model import Lang
from tongbao.definition.project import Project
from tongbao.definition.series import Series
from tongbao.reading.cell import RecordCount
from tongbao.reading.prose import Header, read_edition, read_prose
from tongbao.reading.received import read_received

Chance = tuple[Sequence[Rate], Mapping[str, str]]


def audit(project: Project, series_id: str, period: Period) -> Account:
    """The account of a built bulletin: the page and the PDF (if built) of each edition, and the records.

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
    robustness = _read(folder / "robustness.json")
    parameters = {name: Decimal(value) for name, value in built.parameters.items()}

    archive = Archive(series, parameters, project.periods(series_id),
                      lambda other: read_received(project, series, other, parameters))  # fmt: skip
    books = archive.at(period)
    if not books.any_received:
        raise DataError("no figures received", place=f"{series_id}@{period}")
    last_year = books.other("last_year")
    compared = [last_year] if last_year is not None and last_year.any_received else []
    prose = read_prose(project.prose(series_id, period), series, project.root)
    known = know(series, period, prose, series.lang)
    figures = {key: figure for finding in record["findings"] for key, figure in finding["values"].items()}
    backing = Backing(books, figures | record["figures"], archive.books)
    account = Account(f"{series_id}@{period}")
    rows = _read_records(project, period, series, account)
    records = Reader("records", backing, known, account)
    if rows is not None:
        _audit_records(books, rows, period, records)
        _draw_up(books, rows, period, project, records)
    _find_issues(books, prose.header, period, rows, account)
    audit_statements(record, Reader("findings.json", backing, known, account))
    if books.issues is not None:
        audit_quality(record["quality"], books.issues, Reader("quality.json", backing, known, account))
    chance = _audit_chance(robustness, Reader("robustness.json", backing, known, account))
    for lang in series.languages:
        if lang != series.lang:
            path = project.prose(series_id, period, lang)
            known = know(series, period, read_edition(path, series, project.root, lang, prose), lang)
        _audit_edition(project, period, lang, record, compared, chance, Reader("", backing, known, account, lang=lang))
    for other_period, other in archive.received.items():
        if other is not books and (rows := _read_records(project, other_period, series, account)) is not None:
            _audit_records(other, rows, other_period, records)
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


def _audit_edition(
    project: Project,
    period: Period,
    lang: Lang,
    record: Mapping[str, Any],
    compared: Sequence[Books],
    chance: Chance | None,
    reader: Reader,
) -> None:
    """The page of one edition and its PDF, if there is one."""
    series = reader.backing.books.series
    page = project.page(series.id, period, "html", lang)
    if not page.is_file():
        raise DataError("not built", place=page.relative_to(project.root).as_posix(),
                        hint=f"tongbao build {series.id}@{period}")  # fmt: skip
    edition = "" if lang == series.lang else f", {lang}"
    texts = {finding["id"]: finding["text"][lang] for finding in record["findings"] if finding["text"][lang]}
    on_page = replace(reader, document=f"html{edition}", sentences=tuple(texts.values()))
    root = read_page(page)
    circular = audit_page(root, on_page, record, compared)
    if chance is not None:
        audit_section(root, *chance, Words(series, texts, lang), period, on_page)
    audit_required(circular.words, on_page)
    pdf = project.page(series.id, period, "pdf", lang)
    if pdf.is_file():
        entries = [entry for entry in reader.account.entries if entry.document == on_page.document]
        audit_paper(read_paper(pdf), circular, entries, replace(reader, document=f"pdf{edition}"))


def _audit_chance(recorded: Mapping[str, Any], reader: Reader) -> Chance | None:
    """What chance leaves of rates and ranks, held against the record; ``None`` where it cannot be worked out."""
    try:
        rates, without = find_rates(reader.backing.books)
    except NotComputableError as error:
        reader.account.not_audited.append(f"the section on chance: {error}")
        return None
    audit_robustness(recorded, rates, without, reader)
    return rates, without


def _draw_up(books: Books, rows: list[Row], period: Period, project: Project, reader: Reader) -> None:
    """The lists of enterprises drawn up again; what was received must be the same, and pages are held against ours."""
    paths = [path.relative_to(project.root).as_posix() for path in project.records(books.series.id, period)]
    file = f"{paths[0]} and {len(paths) - 1} more" if paths[1:] else "".join(paths)
    try:
        books.enterprises = draw_up(books.series, rows, period, books.parameters, file)
    except NotComputableError as error:
        reader.account.not_audited.append(f"lists of enterprises: {error}")
        return
    for name, ours in books.enterprises.items():
        for place, (mine, theirs) in enumerate(zip_longest(ours, books.received.enterprises[name]), start=1):
            shown, right = (one.name if one else "nobody" for one in (theirs, mine))
            if mine == theirs:
                reader.enter(f"list {name}, {place}", shown, "cell", str(mine.source if mine else ""))
            else:
                reader.leave(f"list {name}, {place}", shown, str(theirs), f"drawn up again: {right}, {mine}")


def _audit_records(books: Books, rows: list[Row], period: Period, reader: Reader) -> None:
    """Every counted cell against a second count of the records, row by row."""
    try:
        recounted = recount(books.series, period, rows)
    except NotComputableError as error:
        reader.account.not_audited.append(f"what is counted from case records: {error}")
        return
    for (table, unit, column), (value, records) in recounted.items():
        cell = books.counted(table, unit, column)
        place = f"{period}, {table}, {books.series.unit(unit).zh}, {column}"
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
