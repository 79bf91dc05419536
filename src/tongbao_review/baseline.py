"""The version published last, to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongbao.basics.key import Key
from tongbao.basics.period import Period
from tongbao.bulletin.schemas import FINDINGS_VERSION
from tongbao.definition.files import read_kept
from tongbao.definition.project import Project
from tongbao_office.destination import destination
from tongbao_office.records import Version
from tongbao_office.tree import read_list
from tongbao_review.lines import Line, read_lines
from tongbao_verify.page import read_page
from tongbao_verify.record import Record

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Baseline:
    """Where a bulletin is looked for: ``place`` is empty where nothing was published from here.

    ``version`` is the last one there, with its ``record`` and the ``lines`` of its pages by language; none where the
    bulletin is not there, or its record is of another schema (``unreadable``). ``files`` are the raw files published
    there, of which the record then has every cell.
    """

    place: str = ""
    version: Version | None = None
    unreadable: bool = False
    record: Json | None = None
    files: frozenset[str] = frozenset()
    lines: Mapping[str, list[Line]] | None = None


def read_baseline(project: Project, series: str, period: Period, place: str) -> Baseline:
    """What is published of a bulletin in a place.

    Raises:
        TongbaoError: the place is none, or its list cannot be read.
    """
    if not place:
        return Baseline()
    with destination(project, place).reading() as folder:
        there = read_list(folder).get(series, str(period))
        if folder is None or there is None or not there.versions:
            return Baseline(place)
        version = there.versions[-1]
        record = read_kept(folder / version.folder / f"{period}.json")
        if record.get("schema") != FINDINGS_VERSION:
            return Baseline(place, version, unreadable=True)
        account = Record(record, [folder / version.folder])
        account.check()
        received = received_cells(account)
        record["cells"] |= received
        files = frozenset(cell["source"]["file"] for cell in received.values())
        lines = lines_of(record, folder / version.folder / str(period))
        return Baseline(place, version, record=record, files=files, lines=lines)


def received_cells(account: Record) -> dict[str, Json]:
    """Every declared cell of the raw files at hand, as a record holds those that it uses: by key."""
    found: dict[str, Json] = {}
    for key, (file, cell) in account.found.items():
        name = str(Key(key.name, key.scope, "" if key.period == account.own else key.period))
        source = {"file": file, "sheet": cell.sheet, "row": cell.row, "column": cell.column}
        unit = key.scope if key.scope in account.definition.units else None
        found[name] = {"unit": unit, "column": key.name, "text": cell.text, "source": source}
    return found


def lines_of(record: Json, pages: Path) -> dict[str, list[Line]]:
    """The lines of each edition's page, by language.

    Arguments:
        record: ``findings.json``.
        pages: the path of the pages without language and ending.
    """
    found = {}
    for lang in (record["lang"], *record["editions"]):
        page = pages.with_name(pages.name + ("" if lang == record["lang"] else f".{lang}") + ".html")
        said = {one["id"]: one["text"][lang] for one in record["findings"] if one["text"].get(lang)}
        if page.is_file():
            found[lang] = read_lines(read_page(page), said)
    return found
