"""``series.yml`` as the record holds it, its short forms read as long ones; and periods by their ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tongbao_verify.formula import UnknownError
from tongbao_verify.numerals import MONTHS

Map = Mapping[str, Any]
LANGUAGES = ("zh", "en")
# Measures of case records that tell things apart by a code: over several periods they cannot be summed.
_TOLD_APART = ("enterprises",)
_PERIOD = re.compile(r"(\d{4})(?:-(?:q([1-4])|h([12])|(\d\d)(?:-to-(\d\d))?))?")


def fold(text: str) -> str:
    """A label for comparing: full-width forms folded, white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def said(text: Any, lang: str = "zh") -> str:
    """A text in a language; a plain one is Chinese, and stands where no English is given."""
    return str(text.get(lang) or text["zh"]) if isinstance(text, Mapping) else str(text or "")


def expression(value: Any) -> str:
    """The formula of a declared number: by itself, or under ``formula``."""
    return str(value["formula"] if isinstance(value, Mapping) else value)


class Column(NamedTuple):
    """A column of a table as declared."""

    name: str
    table: str
    declared: Map

    @property
    def area(self) -> str:
        """How the whole area's figure comes about: ``sum``, ``none`` or a formula."""
        return str(self.declared.get("area", "sum"))

    @property
    def adds_up(self) -> bool:
        """Whether the figures of several periods can be summed."""
        return self.area == "sum" and self.declared.get("measure") not in _TOLD_APART

    def label(self, lang: str) -> str:
        """The printed header."""
        rank = "Rank" if lang == "en" and self.declared.get("rank_of") else self.declared["header"]
        return said(self.declared.get("label", rank), lang)


class Definition:
    """A series as declared: ``raw`` is the mapping on record."""

    def __init__(self, raw: Map) -> None:
        self.raw = raw
        self.units: dict[str, Map] = {unit["id"]: unit for unit in raw["units"]}
        self.tables: dict[str, Map] = raw["tables"]
        self.columns = {name: Column(name, table, declared) for table, one in self.tables.items()
                        for name, declared in one["columns"].items()}  # fmt: skip
        self.indicators: dict[str, Map] = raw.get("indicators", {})
        self.rules: dict[str, Map] = raw["findings"]
        names = {
            unit["id"]: (unit["zh"], unit.get("short"), unit["en"], *unit.get("aliases", ())) for unit in raw["units"]
        }
        self.unit_names = {str(name): unit for unit, all_of_it in names.items() for name in all_of_it if name}

    def columns_of(self, table: str) -> list[Column]:
        """The columns of a table, in order."""
        return [column for column in self.columns.values() if column.table == table]

    def formula(self, indicator: str) -> str:
        """An indicator's formula; a score is Σ weight × min(measure ÷ target, 1)."""
        declared, parts = self.indicators[indicator], []
        for item in declared.get("score", ()):
            part, blank = f"min({item['measure']} / ({item['target']}), 1)", item.get("blank", "none")
            part = part if blank == "none" else f"default({part}, {0 if blank == 'zero' else 1})"
            parts.append(f"{part} * {item['weight']}")
        return " + ".join(parts) or str(declared["formula"])

    def declared(self, measure: str, what: str, default: str = "") -> str:
        """The ``unit`` or ``rank`` of a column or indicator; the default where nothing is declared."""
        column = self.columns.get(measure)
        found = self.indicators.get(measure) or (column.declared if column else {})
        return str(found.get(what, default))

    def texts(self, *keys: str) -> Iterator[str]:
        """Every text of the definition in any language; with ``keys``, only those that stand under one of them."""
        yield from _texts(self.raw, keys, wanted=not keys)


def _texts(value: Any, keys: tuple[str, ...], *, wanted: bool) -> Iterator[str]:
    if isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _texts(inner, keys, wanted=wanted or key in keys)
    elif isinstance(value, str) and wanted:
        yield value


class Months(NamedTuple):
    """A run of months inside one year."""

    year: int
    first: int
    last: int


def months_of(period: str) -> Months:
    """The months of a period's id: 2021, 2019-h1, 2019-q2, 2021-02, 2021-01-to-02.

    Raises:
        UnknownError: it is no id of a period.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise UnknownError(f"not a period: {period}")
    year, quarter, half, first, last = (int(part or 0) for part in match.groups())
    length = 3 if quarter else 6 if half else 12
    end = (quarter or half or 1) * length
    return Months(year, first, last or first) if first else Months(year, end - length + 1, end)


def compared_with(months: Months, heads: str) -> Months | None:
    """The months that heads mean; ``None`` where no period as long ends before inside a year."""
    for head in heads.split("."):
        year, first, last = months
        length = last - first + 1
        if head == "last_year":
            months = Months(year - 1, first, last)
        elif head == "year_to_date":
            months = Months(year, 1, last)
        elif first > length:
            months = Months(year, first - length, first - 1)
        elif first == 1 and 12 % length == 0:
            months = Months(year - 1, 13 - length, 12)
        else:
            return None
    return months


def covers(parts: list[str], months: Months) -> bool:
    """Whether periods follow one another and cover months exactly."""
    expected = months.first
    for part in map(months_of, parts):
        if (part.year, part.first) != (months.year, expected):
            return False
        expected = part.last + 1
    return expected == months.last + 1


def labels(months: Months) -> Iterator[str]:
    """How months are written in either language, with their year and without."""
    year, first, last = months
    names, length = MONTHS.split("|"), last - first + 1
    zh = [f"{first}月" if length == 1 else f"{first}-{last}月"]
    en = [names[first - 1] if length == 1 else f"{names[first - 1]}–{names[last - 1]}"]
    if length in (3, 6) and last % length == 0:
        zh.append("一二三四"[last // 3 - 1] + "季度" if length == 3 else "上半年" if first == 1 else "下半年")
        en.append(f"{'Q' if length == 3 else 'H'}{last // length}")
    yield from (f"{year}年{one}" for one in zh)
    yield from (f"{one} {year}" for one in en)
    yield from (*zh, *en, f"{year}年", *([f"{year}"] if length == 12 else []))


def dates(day: str) -> Iterator[str]:
    """How a day (2021-03-10) is written in either language."""
    year, month, number = map(int, day.split("-"))
    yield from (f"{year}年{month}月{number}日", f"{number} {MONTHS.split('|')[month - 1]} {year}", f"{year}年")
