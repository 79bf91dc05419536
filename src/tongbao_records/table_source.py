"""Case records as a source of tables: what they hold, what they are, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from tongbao.basics.errors import did_you_mean
from tongbao.basics.period import Period
from tongbao.definition.names import Problem
from tongbao.definition.series import Series
from tongbao.definition.sources import TableSource
from tongbao.definition.tables import Column
from tongbao.reading.gathered import Doubt, Gathered
from tongbao_records.layout import BY_NAME
from tongbao_records.measures import MEASURES, SCALES


class CaseRecords:
    """A record for each inspection, each counted where it happened; see ``TableSource``."""

    def problems(self, series: Series) -> Iterator[Problem]:
        """Fields that the layout does not have, measures that cannot be counted, units that do not fit them."""
        if series.records is not None:
            fields = {("headers", own): field for own, field in series.records.headers.items()}
            fields |= {("values", field): field for field in series.records.values}
            for place, field in fields.items():
                if field not in BY_NAME:
                    yield ("records", *place), f"{field} is not declared; {did_you_mean(field, BY_NAME)}"
        for name, table in series.tables.items():
            yield from ((("tables", name), problem) for problem in _unknown_fields(table.where))
            for key, column in table.columns.items():
                if column.measure is not None:
                    at = ("tables", name, "columns", key)
                    yield from ((at, problem) for problem in _faults(column, column.measure))

    def adds_up(self, column: Column) -> bool:
        """Whether a column counts what can be added up: an enterprise visited in two months is one."""
        return column.measure is None or MEASURES[column.measure].what != "distinct"

    def read(
        self, series: Series, period: Period, paths: Sequence[tuple[Path, str]], parameters: Mapping[str, Decimal]
    ) -> Gathered:
        """See ``tables.count_tables``."""
        from tongbao_records.tables import count_tables  # only who counts waits for DuckDB

        return count_tables(series, period, paths, parameters)

    def beside_others(
        self, series: Series, period: Period, files: Mapping[Period, Sequence[tuple[Path, str]]]
    ) -> tuple[Doubt, ...]:
        """See ``across.beside_others``."""
        from tongbao_records.across import beside_others  # only who counts waits for DuckDB

        return beside_others(series, period, files)


def _faults(column: Column, measure: str) -> Iterator[str]:
    if measure not in MEASURES:
        yield f"no measure {measure} of case records; {did_you_mean(measure, MEASURES)}"
        return
    yield from _unknown_fields(column.where)
    counted = MEASURES[measure].unit
    if column.unit not in (counted, *(large for small, large in SCALES if small == counted)):
        yield f"{measure} is counted in {counted}, not in {column.unit or 'no unit'}"


def _unknown_fields(where: Mapping[str, object]) -> Iterator[str]:
    for name in where:
        if name not in BY_NAME:
            yield f"no field {name} of case records; {did_you_mean(name, BY_NAME)}"


SOURCE: TableSource = CaseRecords()
