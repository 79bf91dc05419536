"""The smallest thing there is: one cell as received, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tongbao.definition.model import Text
from tongbao.words import WORDS


@dataclass(frozen=True)
class Source:
    """Where a value was read: file (relative to the project), sheet, 1-based row, column letter."""

    file: str
    sheet: str | None
    row: int
    column: str

    def __str__(self) -> str:
        sheet = f" [{self.sheet}]" if self.sheet else ""
        return f"{self.file}{sheet} {self.column}{self.row}"

    def told(self, _lang: str) -> str:
        """The same in any language."""
        return str(self)


@dataclass(frozen=True)
class RecordCount:
    """Where a figure was counted: the files of case records, how many of them count, and what is counted."""

    file: str
    records: int
    what: Text

    def __str__(self) -> str:
        return self.file

    def told(self, lang: str) -> str:
        """The file, how many records, and what was counted, in a language."""
        return f"{self.file}{WORDS[lang].colon}{WORDS[lang].counted.format(self.records, self.what.get(lang))}"


@dataclass(frozen=True)  # with slots it takes twice as long to hand to a notebook; figures, too
class Cell:
    """A value with its table, unit (``None`` in a totals' row or among the facts) and column.

    ``text`` is the cell as received or counted, ``value`` its number; a blank has no value.
    """

    table: str
    unit: str | None
    column: str
    text: str
    value: Decimal | None
    source: Source | RecordCount


def unique(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Cells without repeats, in order. A cell is read once, so that the object itself tells it from others."""
    found = tuple(cells)
    if len(set(map(id, found))) == len(found):
        return found
    return tuple({id(cell): cell for cell in found}.values())
