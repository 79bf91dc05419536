"""What a check finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from tongbao.basics.claim import Claim
from tongbao.basics.marks import plain
from tongbao.figures.figure import Figure
from tongbao.reading.cell import Cell

Level = Annotated[
    Literal["error", "warning", "note"],
    Field(description="error stops the build; warning and note stand on the review page."),
]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class QualityIssue:
    """Something a reviewer must know about the figures received.

    Arguments:
        check: which check found it: its name in ``series.yml``, or that of one which always applies.
        kind: the kind of that check, by which rules count it.
        level: ``error`` (stops a build), ``warning`` or ``note``.
        table: where it was found; empty for what stands in no table.
        unit: whose figures; ``None`` for the whole area's and for dates.
        columns: those looked at.
        marked: what is wrong, in Chinese (``zh``) and English, with marks; ``message`` gives it plain.
        cells: those to look at, the first ones those to mend.
        figures: the figures in it by mark key.
        claims: what makes it true.
        hint: what the definition may say of it, for the analyst alone; empty where there is nothing.
        follow: what would be an issue of its own, did it not follow from this one.
    """

    check: str
    kind: str
    level: Level
    table: str
    unit: str | None
    columns: tuple[str, ...]
    marked: Mapping[str, str]
    cells: tuple[Cell, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    hint: str = ""
    follow: tuple[QualityIssue, ...] = ()

    @property
    def message(self) -> dict[str, str]:
        """What is wrong, plain, by language."""
        return {lang: plain(text) for lang, text in self.marked.items()}

    @property
    def place(self) -> str:
        """Where the first cell stands, as messages name places."""
        return str(self.cells[0].source) if self.cells else self.table

    def place_in(self, lang: str) -> str:
        """The same with what was counted, in a language, where it was counted."""
        return self.cells[0].source.told(lang) if self.cells else self.table
