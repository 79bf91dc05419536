"""What a source gives beside files of tables, as plain data: tables, lists of enterprises, and what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tongbao.definition.case_records import EnterpriseMeasure
from tongbao.definition.model import Text
from tongbao.reading.cell import Cell, RecordCount
from tongbao.reading.tables import Table


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise on a list: its figures, and which criteria it meets.

    ``days_late`` counts to the day it was mended, at most to the end of the period.
    """

    code: str
    name: str
    unit: str
    industry: str
    figures: Mapping[EnterpriseMeasure, Decimal]
    met: tuple[str, ...]
    source: RecordCount


@dataclass(frozen=True)
class Doubt:
    """Something that may be wrong in what a unit sent; a check hands it on.

    ``source`` is the key that declares where it was read (``records``), ``rule`` what it breaks, ``what`` says so in
    words, ``count`` is how many records do, ``cells`` are those to look at.
    """

    source: str
    rule: str
    level: Literal["warning", "note"]
    unit: str | None
    what: Text
    count: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Gathered:
    """A period's tables and lists by name, and doubts about them."""

    tables: Mapping[str, Table]
    enterprises: Mapping[str, tuple[Enterprise, ...]]
    doubts: tuple[Doubt, ...]
