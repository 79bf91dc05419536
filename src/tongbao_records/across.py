"""Case records of one period beside those of others: a number that counts in two, and a year that is passed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from tongbao.basics.errors import DataError, UsageError
from tongbao.basics.period import Period
from tongbao.definition.model import Text
from tongbao.definition.series import Series
from tongbao.reading.cell import Cell, Source
from tongbao.reading.gathered import Doubt
from tongbao.reading.labels import normalise
from tongbao.reading.tables import unit_names
from tongbao_records.examine import SHOWN, place_of
from tongbao_records.files import Records, open_records
from tongbao_records.layout import BY_NAME
from tongbao_records.measures import MEASURES

Files = Mapping[Period, Sequence[tuple[Path, str]]]
_TWICE = Text(
    zh="检查编号在其他期的文件中也有，并且重复计入，合计或比较时会多算",
    en="the record's number stands in another period's file, too, and counts in both, which sums have again",
)
_PASSED_OVER = {
    "last_year": Text(
        zh="中有上年同期的，但没有该期的文件夹，不作比较；要比较，请在 data/raw 下本系列中为该期建一个文件夹",
        en="records of the same period last year are in the files, but it has no folder, so that nothing is compared "
        "with it; make one for it under data/raw",
    ),
    "previous": Text(
        zh="中有上期的，但没有该期的文件夹，不作比较；要比较，请在 data/raw 下本系列中为该期建一个文件夹",
        en="records of the period before are in the files, but it has no folder, so that nothing is compared with it; "
        "make one for it under data/raw",
    ),
}


@dataclass(frozen=True)
class _Counts:
    """A record that counts in a period: by which day, and where it stands."""

    period: Period
    day: date
    unit: str
    source: Source


def beside_others(series: Series, period: Period, files: Files) -> tuple[Doubt, ...]:
    """What is doubtful in a period's records beside those of the periods that it is summed or compared with.

    Arguments:
        series: its columns say by which days records count.
        period: the bulletin's own.
        files: of each period received, those that it is counted from.

    Returns:
        Nothing where a file of another period cannot be read: whoever needs its figures tells that.
    """
    measures = {column.measure for column in series.columns.values() if column.measure is not None}
    dates = tuple(dict.fromkeys(MEASURES[measure].date for measure in MEASURES if measure in measures))
    doubts: list[Doubt] = []
    with suppress(DataError):
        if dates and len({tuple(paths) for paths in files.values()}) > 1:
            doubts += _counted_twice(series, files, dates)
        if dates and series.records is not None and not any("{period}" in one for one in series.records.files):
            doubts += _passed_over(series, period, files, dates)
    return tuple(doubts)


def _counted_twice(series: Series, files: Files, dates: Sequence[str]) -> Iterator[Doubt]:
    """Records with a number that counts in two periods by the same day of theirs, as where a correction moved it."""
    assert series.records is not None  # noqa: S101  # else nothing is counted
    paths = dict.fromkeys(path for each in files.values() for path in each)
    with open_records(list(paths), series.records) as records:
        found = _found_twice(records, files, dates)
    names, rule = unit_names(series), "number_in_two_periods"
    order = [*(unit.id for unit in series.units), ""]
    former = {normalise(unit.zh) for unit in series.former_units}  # who count in none
    found = {key: pair for key, pair in found.items() if former.isdisjoint(normalise(one.unit) for one in pair)}
    twice = [(names.get(normalise(pair[-1].unit), ""), number, name, pair) for (number, name), pair in found.items()]
    twice.sort(key=lambda one: (order.index(one[0]), *((at.source.file, at.source.row) for at in reversed(one[3]))))
    for unit, group in groupby(twice, lambda one: one[0]):
        alike = list({number: (number, name, pair) for _, number, name, pair in group}.values())
        cells = tuple(
            Cell("records", unit or None, rule, f"检查编号 {number}，{BY_NAME[name].header} {at.day}", None, at.source)
            for number, name, pair in alike[:SHOWN]
            for at in reversed(pair)
        )
        yield Doubt("records", rule, "warning", unit or None, _TWICE, len(alike), cells)


def _found_twice(
    records: Records, files: Files, dates: Sequence[str]
) -> dict[tuple[str, str], tuple[_Counts, _Counts]]:
    """By number and kind of day, the first two periods that count a record; hashes of numbers are looked at first."""
    of_period = {period: _only(records, [name for _, name in paths]) for period, paths in files.items() if paths}
    days = {
        period: ", ".join(
            f"CASE WHEN {name} BETWEEN DATE '{period.start}' AND DATE '{period.end}' THEN {name} END" for name in dates
        )
        for period in of_period
    }
    numbers = " UNION ALL ".join(
        f"SELECT hash(record_id) AS h, unnest([{days[period]}]) AS day, unnest(range({len(dates)})) AS which "
        f"FROM {own.relation(['record_id', *dates])} WHERE record_id <> ''"
        for period, own in of_period.items()
    )
    query = (
        f"SELECT DISTINCT h FROM (SELECT h FROM ({numbers}) GROUP BY h, which HAVING min(day) <> max(day)) LIMIT 10000"
    )
    hashes = ", ".join(str(h) for (h,) in records.connection.execute(query).fetchall())
    if not hashes:
        return {}
    counted: defaultdict[tuple[str, str], list[_Counts]] = defaultdict(list)
    for period, own in sorted(of_period.items()):
        rows = own.relation(["record_id", "unit", *dates], raw=True, rows=True)
        query = (
            f"SELECT record_id, file, row, unit_raw, {days[period]} FROM {rows} WHERE hash(record_id) IN ({hashes}) "
            "ORDER BY file, row"
        )
        for number, file, row, unit, *on in records.connection.execute(query).fetchall():
            for name, day in zip(dates, on, strict=True):
                if day is not None:
                    at = _Counts(period, day, unit or "", place_of(own, file, row, "record_id"))
                    counted[number, name].append(at)
    pairs = {key: _apart(those) for key, those in counted.items()}
    return {key: pair for key, pair in pairs.items() if pair}


def _apart(counted: Sequence[_Counts]) -> tuple[_Counts, _Counts] | None:
    """The last record with one of an earlier period, without a month in common: else it is the same twice."""
    pairs = ((one, other) for other in reversed(counted) for one in counted if one.period.end < other.period.start)
    return next(pairs, None)


def _only(records: Records, names: Sequence[str]) -> Records:
    """The records of some files; of a workbook a sheet is named ``file [sheet]``."""
    own = tuple(
        one for one in records.files if any(one.name == name or one.name.startswith(f"{name} [") for name in names)
    )
    return replace(records, files=own)


def _passed_over(series: Series, period: Period, files: Files, dates: Sequence[str]) -> Iterator[Doubt]:
    """Periods that a series compares with and that files of any time hold records of, but that have no folder."""
    wanted = {"last_year": period.same_period_last_year()}
    with suppress(UsageError):  # no period as long ends before this one inside a year
        wanted["previous"] = period.previous(series.cumulative)
    wanted = {
        head: other
        for head, other in wanted.items()
        if series.where_named(head) and not any(known.lies_in(other) or other.lies_in(known) for known in files)
    }
    if not wanted or series.records is None:
        return
    columns = ", ".join(
        "count(*) FILTER (WHERE {})".format(
            " OR ".join(f"{name} BETWEEN DATE '{other.start}' AND DATE '{other.end}'" for name in dates)
        )
        for other in wanted.values()
    )
    with open_records(files[period], series.records) as records:
        query = f"SELECT {columns} FROM {records.relation(list(dates))}"
        counts = records.connection.execute(query).fetchone() or ()
    for head, count in zip(wanted, counts, strict=True):
        if count:
            yield Doubt("records", f"no_folder_of_{head}", "note", None, _PASSED_OVER[head], count, ())
