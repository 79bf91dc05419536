"""From case records the cells that a file would give, each with what it was counted from; lists; doubtful records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.basics.rounding import print_decimal
from tongbao.definition.model import Text
from tongbao.definition.series import Series
from tongbao.definition.tables import TableDef
from tongbao.reading.cell import Cell, RecordCount
from tongbao.reading.gathered import Doubt, Gathered
from tongbao.reading.labels import normalise
from tongbao.reading.tables import Table, padded, unit_names
from tongbao_records.count import ZERO, Counted, Total, count_records, spellings
from tongbao_records.enterprises import list_enterprises
from tongbao_records.examine import Fault, examine, former_rows
from tongbao_records.files import Records, open_records
from tongbao_records.lacking import lacking_rules
from tongbao_records.measures import MEASURES, SCALES

_ANY = "any record of {}"


def count_tables(
    series: Series, period: Period, paths: Sequence[tuple[Path, str]], parameters: Mapping[str, Decimal]
) -> Gathered:
    """Count a series' tables and draw up its lists from case records.

    Arguments:
        series: units, tables and lists, and how the records' headers and words are mapped.
        period: the months whose records count.
        paths: the files, each with its name for messages.
        parameters: the numbers that criteria of lists may name.

    Raises:
        DataError: files or records that cannot be used, all of them at once.
    """
    assert series.records is not None  # noqa: S101  # checked when the definition was read
    definitions = {name: definition for name, definition in series.tables.items() if definition.records}
    names, former = unit_names(series), {normalise(name.zh): name.zh for name in series.former_units}
    if not paths:
        expected = " or ".join(series.records.files).replace("{period}", str(period))
        raise DataError("no file of case records", place=f"{series.id}@{period}", expected=f"data/raw/{expected}")
    file = paths[0][1] + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")
    wanted = {
        name: Counted(column.measure, definition.where | column.where)
        for definition in definitions.values()
        for name, column in definition.columns.items()
        if column.measure is not None
    }
    # A county that inspected and fined nobody reported zero fines; one without any inspection reported nothing.
    wanted |= {_ANY.format(name): Counted("inspections", definition.where) for name, definition in definitions.items()}
    with open_records(paths, series.records) as records:
        lacking = lacking_rules(_asked(series, wanted), period)
        within, coded = _within(series, period), _are_coded(series)
        faults = examine(records, synthetic=series.synthetic, within=within, coded=coded, lacking=lacking)
        totals = count_records(records, wanted, [period], names, former)
        order = [unit.id for unit in series.units]
        enterprises = {
            name: list_enterprises(
                records, declared, declared.thresholds(dict(parameters)), period, names, order, file, former=former
            )
            for name, declared in series.enterprises.items()
        }
        passed_over = _former_rows(records, former, wanted.values(), period)
    units = {unit.id: totals.get((period, unit.id), {}) for unit in series.units}
    tables = {name: _table(name, definition, units, wanted, file) for name, definition in definitions.items()}
    if tables:  # told once
        tables |= {(first := next(iter(tables))): replace(tables[first], former=passed_over)}
    return Gathered(tables, enterprises, tuple(_doubts(faults, series)))


def _within(series: Series, period: Period) -> tuple[dt.date, dt.date] | None:
    """The days of a period; ``None`` where files hold records of any."""
    is_of_period = series.records is not None and all("{period}" in pattern for pattern in series.records.files)
    return (period.start, period.end) if is_of_period else None


def _former_rows(
    records: Records, former: Mapping[str, str], wanted: Iterable[Counted], period: Period
) -> dict[str, str]:
    """Where records of the period stand that are of units which are none any more, by the units' names."""
    written = {unit: former[normalise(unit)] for unit in spellings(records) if normalise(unit) in former}
    dates = dict.fromkeys(counted.definition.date for counted in wanted)
    return former_rows(records, written, dates, (period.start, period.end)) if written else {}


def _asked(series: Series, wanted: Mapping[str, Counted]) -> list[Counted]:
    """What records are asked for: by the columns, and by the lists of enterprises that look at a count of theirs."""
    listed = {measure for declared in series.enterprises.values() for measure in declared.measures}
    return [*wanted.values(), *(Counted(name) for name in ("hazards", "serious_hazards") if name in listed)]


def _are_coded(series: Series) -> bool:
    """Whether anything is counted by enterprises."""
    columns = (column for table in series.tables.values() for column in table.columns.values())
    return bool(series.enterprises) or any(
        column.measure is not None and MEASURES[column.measure].what == "distinct" for column in columns
    )


def _table(
    name: str, definition: TableDef, units: Mapping[str, Mapping[str, Total]], wanted: Mapping[str, Counted], file: str
) -> Table:
    columns = {key: column for key, column in definition.columns.items() if column.measure is not None}
    rows: dict[str, dict[str, Cell]] = {}
    for unit, figures in units.items():
        there = any(figures[key].records for key in (_ANY.format(name), *columns) if figures)
        cells = rows[unit] = {}
        for key, column in columns.items():
            counted, total = wanted[key], figures[key] if figures else ZERO
            value = None
            if total.value is not None and (there or definition.without_records == "zero"):
                value = total.value / SCALES.get((counted.definition.unit, column.unit), 1)
                value = padded(value.normalize() if value % 1 else value.quantize(Decimal(1)), column)
            source = RecordCount(file, total.records, counted.describe())
            cells[key] = Cell(name, unit, key, "" if value is None else print_decimal(value), value, source)
    return Table(name, rows)


def _doubts(faults: Iterable[Fault], series: Series) -> Iterator[Doubt]:
    """What the examination of case records left in doubt, as it is asked of each unit."""
    names = unit_names(series)

    def kind(fault: Fault) -> tuple[str, str]:
        return fault.rule.name, names.get(normalise(fault.unit), "")

    for (rule, unit), group in groupby(sorted(faults, key=kind), kind):
        alike = list(group)
        said, count = alike[0].rule, len(alike) + sum(fault.more for fault in alike)
        cells = tuple(Cell("records", unit or None, rule, fault.found("zh"), None, fault.source) for fault in alike)
        yield Doubt("records", rule, "warning", unit or None, Text(zh=said.zh, en=said.en), count, cells)
