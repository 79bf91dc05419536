"""All that was received for one period."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tongbao.errors import DataError, combined
from tongbao.ingest import facts
from tongbao.ingest.facts import Fact, read_facts
from tongbao.ingest.tables import Table, read_table, relative
from tongbao.series.models import Series


@dataclass(frozen=True)
class Received:
    """The tables and facts of a period; ``files`` are those they were read from, each with its SHA-256."""

    tables: dict[str, Table]
    facts: dict[str, Fact]
    files: dict[str, str]


def read_received(series: Series, folder: Path, root: Path) -> Received:
    """Read every table of a series and the period's facts.

    Arguments:
        series: the definition; each table names its file.
        folder: ``data/raw/<series>/<period>``.
        root: the project's root; sources are named relative to it.

    Raises:
        DataError: files, columns, rows or values that are missing, doubled or unreadable; all of them at once,
            each with its place.
    """
    tables: dict[str, Table] = {}
    found: dict[str, Fact] = {}
    files: list[Path] = []
    errors: list[DataError] = []
    for name, definition in series.tables.items():
        try:
            tables[name], paths = read_table(name, definition, series, folder, root, errors)
            files += paths
        except DataError as error:
            errors.append(error)
    path = folder / facts.FILE
    if path.exists():
        try:
            found = read_facts(path, relative(path, root), errors)
            files.append(path)
        except DataError as error:
            errors.append(error)
    if errors:
        raise combined(errors)
    return Received(tables, found, {relative(path, root): sha256(path.read_bytes()).hexdigest() for path in files})
