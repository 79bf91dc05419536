"""An annex's table as a file of its own: CSV for programs, XLSX for people."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO
from math import ceil

from tongbao.basics.errors import legible
from tongbao.basics.workbook import BOLD, HEADER, PLAIN, TITLE, About, number, text, workbook
from tongbao.bulletin.annexes import PrintedTable
from tongbao.bulletin.bulletin import Bulletin
from tongbao.words import WORDS

BOM = "\ufeff"  # by which Excel knows UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula; numbers stay as they are.

    >>> harmless("=1+1"), harmless("-4.5"), harmless("-a"), harmless("甲县")
    ("'=1+1", '-4.5', "'-a", '甲县')
    """
    return f"'{value}" if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value) else value


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV with harmless texts; ``None`` is a blank."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        ["" if value is None else harmless(str(value)) for value in row] for row in rows
    )
    return out.getvalue()


def table_rows(bulletin: Bulletin, table: PrintedTable) -> list[list[str]]:
    """Header and rows as data: ranks named by what they rank, digits not set apart, blanks empty."""
    numbers = [heading.kind in ("figure", "rank") for heading in table.header]
    return [
        [heading.full(bulletin.lang) for heading in table.header],
        *(
            [cell.value.replace(",", "") if number else cell.value for cell, number in zip(row, numbers, strict=True)]
            for row in table.rows
        ),
    ]


def table_csv(bulletin: Bulletin, table: PrintedTable) -> bytes:
    """The table as CSV, UTF-8 with its mark."""
    return (BOM + csv_text(table_rows(bulletin, table))).encode()


def table_xlsx(bulletin: Bulletin, table: PrintedTable, title: str) -> bytes:
    """The table as a workbook under its title, source and what blanks mean; header and names stay in sight."""
    words, authority = WORDS[bulletin.lang], bulletin.series.authority.get(bulletin.lang)
    why = words.comma.join(table.absences)
    note = words.no_figure_note.format(mark=words.empty_cell, why=why) if why else ""
    below = filter(None, [f"{authority} {bulletin.narrative.issued}", bulletin.narrative.notice, note])
    header, *body = table_rows(bulletin, table)
    rows = [[text(legible(title), TITLE)], *([text(legible(line))] for line in below)]
    frozen = (len(rows) + 1, table.name_at + 1)
    rows.append([text(legible(label), HEADER) for label in header])
    for at, row in enumerate(body):
        bold = at == table.total
        rows.append([_cell(value, bold=bold) for value in row])
    widths = [max(map(width_of, column)) for column in zip(*body, strict=True)] or [8] * len(header)
    widths = [min(max(2 * width, 10) + 2, 60) for width in widths]
    lines = max(ceil(2 * width_of(label) / (width - 2)) for label, width in zip(header, widths, strict=True))
    about = About(title, authority, bulletin.header.issued)
    return workbook(rows, about, widths, frozen, {frozen[0]: lines})


def _cell(value: str, *, bold: bool) -> str:
    return number(value, bold=bold) if _NUMBER.fullmatch(value) else text(legible(value), BOLD if bold else PLAIN)


def width_of(value: str) -> float:
    """How wide a text is, in Chinese characters; others are half as wide.

    >>> width_of("浙南产业集聚区"), width_of("A3表")
    (7, 2.1)
    """
    return sum(1 if ord(character) > 0x2E7F else 0.55 for character in value)
