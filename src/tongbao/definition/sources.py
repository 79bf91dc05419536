"""Tables that are not read from files of their own: each source stands apart, loaded where a series declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tongbao.basics.period import Period
from tongbao.definition.names import Problem
from tongbao.definition.series import Series
from tongbao.definition.tables import Column

if TYPE_CHECKING:
    from tongbao.reading.gathered import Doubt, Gathered

# The key of series.yml that declares a source, and the module that offers it as SOURCE.
SOURCES = {"records": "tongbao_records.table_source"}


class TableSource(Protocol):
    """What a source of tables can do."""

    def problems(self, series: Series) -> Iterator[Problem]:
        """What a series declares of the source and the source does not have; each with its place in the definition."""

    def adds_up(self, column: Column) -> bool:
        """Whether a column's figures of several periods may be added up."""

    def read(
        self, series: Series, period: Period, paths: Sequence[tuple[Path, str]], parameters: Mapping[str, Decimal]
    ) -> Gathered:
        """A period's tables, lists of enterprises, and what is doubtful in them.

        Arguments:
            series: units, tables and lists, and how the source is declared.
            period: what the figures cover.
            paths: the files, each with its name for messages.
            parameters: the numbers that criteria of lists may name.

        Raises:
            DataError: files that cannot be used, with all that is wrong in them.
        """

    def beside_others(
        self, series: Series, period: Period, files: Mapping[Period, Sequence[tuple[Path, str]]]
    ) -> tuple[Doubt, ...]:
        """What is doubtful in a period's figures beside those of the periods that they are summed or compared with.

        Arguments:
            series: the definition.
            period: the bulletin's own.
            files: those of every period received, its own among them, each with its name for messages.
        """


def sources_of(series: Series) -> list[TableSource]:
    """The sources that a series declares; none where every table is a file."""
    return [import_module(module).SOURCE for key, module in SOURCES.items() if getattr(series, key) is not None]
