"""What a check finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tongbao.definition.checks_tmp import Level
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell

LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class QualityIssue:
    """Something a reviewer must know about the figures received.

    ``level`` is ``error`` (stops a build), ``warning`` or ``note``; ``message`` is in Chinese (``zh``) and English.
    ``cells`` are those to look at, the first ones those to mend. ``kind`` is what rules count it as, where that is not
    the check itself.
    """

    check: str
    level: Level
    table: str
    unit: str | None
    columns: tuple[str, ...]
    message: dict[str, str]
    cells: tuple[Cell, ...]
    kind: str = ""

    @property
    def place(self) -> str:
        """Where the first cell stands, as messages name places."""
        return str(self.cells[0].source) if self.cells else self.table


def unit_name(indicators: Indicators, scope: str, lang: str = "zh") -> str:
    """A unit's name, or the whole area's."""
    return indicators.series.area.get(lang) if scope == AREA else indicators.series.unit(scope).name(lang)


def columns_of(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The columns some cells stand in, without repeats."""
    return tuple(dict.fromkeys(cell.column for cell in cells))
