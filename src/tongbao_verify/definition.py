"""``series.yml`` as the record holds it, its short forms read as long ones; and periods by their ids."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

Map = Mapping[str, Any]
# Measures of case records that tell things apart by a code: over several periods they cannot be summed.
_TOLD_APART = ("enterprises",)


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

    def adds_up(self, column: str) -> bool:
        """Whether a column's figures of several periods can be summed."""
        return self.columns[column]["area"] == "sum" and self.columns[column].get("measure") not in _TOLD_APART

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
