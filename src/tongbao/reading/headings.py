"""What a table says of itself beside its figures: the names of its file and sheet, and the rows above its header."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tongbao.basics.period import read_date
from tongbao.reading.grid import Sheet
from tongbao.reading.header import Header
from tongbao.reading.labels import normalise

_FILLED_IN = re.compile(r"(?:填报|填表|制表|报送|上报)(?:日期|时间)[:为]?(\d{4}[-/.年]\d\d?[-/.月]\d\d?日?)")


@dataclass(frozen=True)
class Heading:
    """The words over a table in one file.

    Arguments:
        place: the file and, of a workbook, the sheet, as messages name them.
        names: what the file and the sheet are called.
        rows: the texts of the cells in each row above the header.
        units: the units whose rows the file holds.
    """

    place: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The texts of all those cells."""
        return tuple(text for row in self.rows for text in row)

    @property
    def filled_in(self) -> date | None:
        """The day on which the table says it was filled in; ``None`` where it names none, or no day there is."""
        for found in filter(None, map(_FILLED_IN.search, map(normalise, map("".join, self.rows)))):
            with suppress(ValueError):
                return read_date(found[1])
        return None


def heading_of(sheet: Sheet, header: Header, file_name: str, units: tuple[str, ...]) -> Heading:
    """What a sheet says over its table."""
    rows = [dict.fromkeys(filter(None, (cell.text.strip() for cell in row))) for row in sheet.rows[: header.first]]
    return Heading(sheet.place, (file_name, sheet.name or ""), tuple(map(tuple, rows)), units)
