"""All that was received for one period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from threading import Lock

from tongbao.basics.errors import DataError, UsageError, combined
from tongbao.basics.period import Period
from tongbao.definition.files import file_hash, relative, require_inside
from tongbao.definition.project import Project
from tongbao.definition.series import Series
from tongbao.definition.sources import sources_of
from tongbao.reading.facts import Fact, read_facts
from tongbao.reading.folder import is_there
from tongbao.reading.gathered import Doubt, Enterprise
from tongbao.reading.tables import Table, read_table

_SMALL, _KEPT = 2**15, 64  # bytes of a period's files; how many periods
# With the definition, so that no other takes its id.
_OF_LATE: dict[tuple[object, ...], tuple[Series, Received]] = {}
_LOCK = Lock()


@dataclass(frozen=True)
class Received:
    """The tables and facts of a period.

    ``files`` are those they were read from, each with its SHA-256; ``doubts`` and ``enterprises`` (lists) come from
    sources beside files of tables. ``absent`` are the tables that the period has no file of, and need not have.
    """

    tables: dict[str, Table]
    facts: dict[str, Fact]
    files: dict[str, str]
    doubts: tuple[Doubt, ...] = ()
    enterprises: Mapping[str, tuple[Enterprise, ...]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


def read_received(
    project: Project, series: Series, period: Period, parameters: Mapping[str, Decimal] | None = None
) -> Received:
    """Read every table of a series and the period's facts, and what other sources give.

    What was read of late is not read again as long as its files hold the same: a year's bulletins look at each other's
    periods again and again. It is shared: nobody may change it.

    Arguments:
        project: says where the period's files lie; sources are named relative to its root.
        series: the definition; each table names its file, or what is counted.
        period: the records that count are those of its months.
        parameters: what criteria of lists of enterprises may name; ``None`` takes the defaults.

    Raises:
        DataError: files, columns, rows or values that are missing, doubled or unreadable; all of them at once,
            each with its place.
    """
    values = {name: parameter.default for name, parameter in series.parameters.items()} | dict(parameters or {})
    held = _held(project, series, period)
    asked = (id(series), period, (*values.items(),), (*held.items(),))
    with _LOCK:
        kept = _OF_LATE.pop(asked, None)
    if kept is None:
        kept = series, _read(project, series, period, values)
    received = kept[1]
    if held and held.items() >= received.files.items():  # or one was changed as it was read
        with _LOCK:
            _OF_LATE[asked] = kept  # the last to go
            if len(_OF_LATE) > _KEPT:
                del _OF_LATE[next(iter(_OF_LATE))]
    return received


def _held(project: Project, series: Series, period: Period) -> dict[str, str]:
    """The hashes of all files that may be read for a period; none where they are large, or not all in place."""
    found = {*project.raw(series.id, period).rglob("*"), *project.records(series.id, period)}
    files = [path for path in (*found, project.facts(series.id, period)) if path.is_file()]
    try:
        if sum(path.stat().st_size for path in files) > _SMALL:
            return {}
        return {relative(path, project.root): file_hash(require_inside(path, project.root)) for path in sorted(files)}
    except (UsageError, OSError):  # which whoever reads it tells
        return {}


def _read(project: Project, series: Series, period: Period, values: Mapping[str, Decimal]) -> Received:
    tables: dict[str, Table] = {}
    found: dict[str, Fact] = {}
    files: list[Path] = []
    errors: list[DataError] = []
    doubts: list[Doubt] = []
    enterprises: dict[str, tuple[Enterprise, ...]] = {}
    folder, root = project.raw(series.id, period), project.root
    for source in sources_of(series):
        paths = project.records(series.id, period)
        with _noted(errors):
            gathered = source.read(
                series, period, [(require_inside(path, root), relative(path, root)) for path in paths], values
            )
            tables |= gathered.tables
            enterprises |= gathered.enterprises
            doubts += gathered.doubts
            files += paths
    absent = frozenset(
        name
        for name, definition in series.tables.items()
        if definition.absent != "error" and definition.file and not is_there(folder, definition.file)
    )
    tables |= {name: Table(name, {}) for name in absent}
    for name, definition in series.tables.items():
        if not definition.records and name not in absent:
            with _noted(errors):
                tables[name], paths = read_table(name, definition, series, folder, root, errors)
                files += paths
    path = project.facts(series.id, period)
    if path.exists():
        with _noted(errors):
            found = read_facts(require_inside(path, root), relative(path, root), errors)
            files.append(path)
    if errors:
        raise combined(errors)
    tables = {name: tables[name] for name in series.tables}
    hashes = {relative(path, root): file_hash(path) for path in files}
    return Received(tables, found, hashes, tuple(doubts), enterprises, absent)


@contextmanager
def _noted(errors: list[DataError]) -> Iterator[None]:
    """Go on after a file that cannot be read, so that all faults are told at once."""
    try:
        yield
    except DataError as error:
        errors.append(error)
