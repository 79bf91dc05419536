"""The files of data beside a page: what they are called, and which of the raw files are among them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath

from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.model import Lang
from tongbao.reading.cell import Cell, Source
from tongbao.reading.grid import read_sheets

TABLE_FILES = ("csv", "xlsx")
DICTIONARY = "csv-metadata.json"  # where CSV on the Web looks for what <period>.csv holds
SCHEMA = "schema.json"  # of <period>.json
_RAW = "data/raw/"
_TEXTS, _BOOKS = (".csv", ".tsv", ".txt"), (".xlsx",)
_LARGEST = 2**20  # bytes
_FORMULA = re.compile(r"[=@\t\r]|[+-].*[A-Za-z(!|]")


def annex_file(bulletin: Bulletin, number: int, lang: Lang, ending: str) -> str:
    """The file of an annex's table: ``2021-01-to-02.annex-1.csv``, ``2021-01-to-02.en.annex-1.csv``."""
    return f"{bulletin.project.edition(bulletin.series.id, bulletin.period, lang)}.annex-{number}.{ending}"


def published_raw(bulletin: Bulletin, cell: Cell) -> str:
    """Where the raw file that a cell stands in is published, from the page: ``raw/<series>/<period>/annex1.csv``.

    Empty where it is not: never case records; workbooks, tables with columns that are not read, and texts that a
    spreadsheet takes for formulas only where the series says ``publish_raw: true``; nothing of more than a megabyte.
    """
    if not isinstance(cell.source, Source):
        return ""
    key = (cell.table, cell.source.file)
    if key not in bulletin.published:
        bulletin.published[key] = _published(bulletin, cell.table, cell.source)
    return bulletin.published[key]


def _published(bulletin: Bulletin, name: str, source: Source) -> str:
    series, table = bulletin.series, bulletin.series.tables.get(name)
    if series.publish_raw is False or (table is None and name != "facts"):
        return ""
    plain_table = series.publish_raw is None and (table is None or not table.ignore)
    fine = _TEXTS if plain_table else (*_TEXTS, *_BOOKS) if series.publish_raw else ()
    path = bulletin.project.root / source.file
    if not source.file.startswith(_RAW) or path.suffix.lower() not in fine or path.stat().st_size > _LARGEST:
        return ""
    if series.publish_raw is None and not _is_harmless(path, path.stat().st_mtime_ns):
        return ""
    return str(PurePosixPath("raw", source.file.removeprefix(_RAW)))


@lru_cache(maxsize=4096)
def _is_harmless(path: Path, _changed: int) -> bool:
    """Whether no cell of a text file is a formula to a spreadsheet."""
    return not any(_FORMULA.match(cell.text) for sheet in read_sheets(path, "") for row in sheet.rows for cell in row)


def raw_files(bulletin: Bulletin) -> dict[str, str]:
    """Where each of the period's own raw files is published; nothing for one that is not."""
    cells = [fact.cell for fact in bulletin.received.facts.values()]
    cells += [cell for figure in bulletin.indicators.each() for cell in figure.cells]
    return published_files(bulletin, cells)


def published_files(bulletin: Bulletin, cells: Iterable[Cell]) -> dict[str, str]:
    """Where each file that cells stand in is published; nothing for one that is not."""
    by_file = {cell.source.file: cell for cell in cells}
    return {file: published_raw(bulletin, cell) for file, cell in by_file.items()}
