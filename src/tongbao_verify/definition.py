"""``series.yml`` as the record holds it, its short forms read as long ones; and periods by their ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tongbao_verify.formula import UnknownError
from tongbao_verify.numerals import MONTHS

Map = Mapping[str, Any]
# Measures of case records that tell things apart by a code: over several periods they cannot be summed.
TOLD_APART = ("enterprises",)
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


def leaves(value: Any, keys: tuple[str, ...] = ()) -> Iterator[Any]:
    """All that stands in nested mappings and lists; with ``keys``, only what stands under one of them."""
    if not isinstance(value, Mapping | list):
        yield from () if keys else [value]
        return
    for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
        yield from leaves(inner, () if key in keys else keys)


class Definition:
    """A series as declared: ``raw`` is the mapping on record; each of ``columns`` knows its ``table``."""

    def __init__(self, raw: Map) -> None:
        self.raw = raw
        self.units = [str(unit["id"]) for unit in raw["units"]]
        names = [
            (unit["id"], unit["zh"], unit.get("short"), unit["en"], *unit.get("aliases", ())) for unit in raw["units"]
        ]
        self.unit_names = {str(name): unit for unit, *all_names in names for name in all_names if name}
        self.tables: Mapping[str, Map] = raw["tables"]
        columns = [(name, table, one) for table in self.tables for name, one in self.tables[table]["columns"].items()]
        self.columns: Mapping[str, Map] = {name: {"area": "sum", **one, "table": table} for name, table, one in columns}
        self.indicators: Mapping[str, Map] = raw.get("indicators", {})
        self.rules: Mapping[str, Map] = raw["findings"]

    def columns_of(self, table: str | None) -> list[str]:
        """The columns of a table, in order."""
        return [name for name, column in self.columns.items() if column["table"] == table]

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
        return str({**self.columns, **self.indicators}.get(measure, {}).get(what, default))


class Months(NamedTuple):
    """A run of months inside one year."""

    year: int
    first: int
    last: int


def months_of(period: str) -> Months:
    """The months of a period's id (2021, 2019-h1, 2019-q2, 2021-02, 2021-01-to-02); UnknownError where it is none."""
    if (match := _PERIOD.fullmatch(period)) is None:
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
    found = [(part.year, month) for part in map(months_of, parts) for month in range(part.first, part.last + 1)]
    return found == [(months.year, month) for month in range(months.first, months.last + 1)]


def labels(months: Months) -> set[str]:
    """How months are written in either language, with their year and without."""
    (year, first, last), names = months, MONTHS.split("|")
    zh = {f"{first}月" if first == last else f"{first}-{last}月"}
    en = {names[first - 1] if first == last else f"{names[first - 1]}–{names[last - 1]}"}
    if last - first == 2 and last % 3 == 0:
        zh, en = zh | {"一二三四"[last // 3 - 1] + "季度"}, en | {f"Q{last // 3}"}
    if last - first == 5 and last % 6 == 0:
        zh, en = zh | {"上半年" if first == 1 else "下半年"}, en | {f"H{last // 6}"}
    whole = {f"{year}"} if last - first == 11 else set()
    return zh | en | {f"{year}年{one}" for one in zh} | {f"{one} {year}" for one in en} | {f"{year}年"} | whole


def dates(day: str) -> set[str]:
    """How a day (2021-03-10) is written in either language."""
    year, month, number = map(int, day.split("-"))
    return {f"{year}年{month}月{number}日", f"{number} {MONTHS.split('|')[month - 1]} {year}", f"{year}年"}
