"""``series.yml`` as the record holds it, its short forms read as long ones."""

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from tongbao_verify.formula import AREA, PERIODS, Months, compared_with, joined, parse, sides_of, together

Map = Mapping[str, Any]
_NAMES = re.compile(r"[a-z_][\w.]*")
_HEADS = re.compile(rf"(?:(?:{'|'.join(PERIODS)})\.)*")


def fold(text: str) -> str:
    """A label for comparing: full-width forms folded, white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def said(text: Any, lang: str = "zh") -> str:
    """A text in a language; a plain one is Chinese, and stands where no English is given."""
    return str(text.get(lang) or text["zh"]) if isinstance(text, Mapping) else str(text or "")


def expression(value: Any) -> str:
    """The formula of a declared number: by itself, or under ``formula``."""
    return str(value["formula"] if isinstance(value, Mapping) else value)


def leaves(value: Any, *keys: str) -> Iterator[str]:
    """Every text and number in nested mappings and lists, as text; with ``keys``, only those under one of them."""
    if isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from leaves(inner, *(() if key in keys else keys))
    elif not keys:
        yield str(value)


class Definition:
    """A series as declared: ``series`` is the mapping on record; each of ``columns`` knows its ``table``."""

    def __init__(self, raw: Map) -> None:
        self.series = raw
        self.units = [str(unit["id"]) for unit in raw["units"]]
        names = [(one["id"], one["zh"], one.get("short"), one["en"], *one.get("aliases", ())) for one in raw["units"]]
        self.unit_names = {str(name): unit for unit, *all_names in names for name in all_names if name}
        self.tables: Mapping[str, Map] = raw["tables"]
        columns = [(table, name, one) for table in self.tables for name, one in self.tables[table]["columns"].items()]
        own = {"area": "sum", "words": {}}
        self.columns: Mapping[str, Map] = {
            # The issuer's first is the smallest of the issuer's ranks.
            name: {**own, **one, "table": table} | ({"rank": "ascending"} if one.get("rank_of") else {})
            for table, name, one in columns
        }
        self.indicators: Mapping[str, Map] = raw.get("indicators", {})
        self.rules: Mapping[str, Map] = raw["findings"]
        self.step = {"monthly": 1, "quarterly": 3}.get(raw.get("cumulative", ""), 0)
        self._behind: dict[str, frozenset[str]] = {}

    def columns_of(self, table: str | None) -> list[str]:
        """The columns of a table, in order."""
        return [name for name, column in self.columns.items() if column["table"] == table]

    def adds_up(self, name: str) -> bool:
        """Whether a column is summed over several periods: not what stands at their end, nor enterprises told apart."""
        column, stated = self.columns[name], self.columns[name].get("stated")
        level = stated.get("level") if isinstance(stated, Mapping) else stated
        return column["area"] == "sum" and column.get("measure") != "enterprises" and level != "allowed"

    def is_sum(self, name: str) -> bool:
        """Whether a name is a column of which the whole area's figure is the sum of all units'."""
        column = self.columns.get(name)
        return column is not None and column["area"] == "sum" and not self.tables[column["table"]].get("partial")

    def summed_behind(self, name: str) -> frozenset[str]:
        """The columns that an operand is made of and that are such sums, with the heads of their periods."""
        own = _HEADS.sub("", name)
        heads = name.removesuffix(own)
        if own not in self._behind:
            self._behind[own] = self._summed_behind(own)
        return frozenset(heads + column for column in self._behind[own])

    def _summed_behind(self, own: str) -> frozenset[str]:
        if self.is_sum(own):
            return frozenset([own])
        formula = self.formula(own) if own in self.indicators else self.columns.get(own, {}).get("area", "")
        formula = "" if formula in ("sum", "none", "reported") else formula
        parts = [part for names in together(parse(formula)) for part in names] if formula else []
        return frozenset(column for part in parts if part != own for column in self.summed_behind(part))

    def put_together(self, node: ast.expr) -> list[frozenset[str]]:
        """The operands that have to be of the same units: columns put together, and what two periods' are made of."""
        found = [frozenset(one for one in names if self.is_sum(_HEADS.sub("", one))) for names in together(node)]
        for sides in sides_of(node):
            columns = [frozenset(one for name in names for one in self.summed_behind(name)) for names in sides]
            spans = [{one.removesuffix(_HEADS.sub("", one)) for one in side} for side in columns]
            if all(spans) and spans[0] != spans[1]:
                found.append(frozenset(name for names in sides for name in names if self.summed_behind(name)))
        return joined([names for names in found if names])

    def word(self, column: str, text: str) -> Map:
        """What a word in a column of words stands for: its ``value``, ``en``; nothing where it is none."""
        found = self.columns[column]["words"].get(text.strip(), {}) if column in self.columns else {}
        return found if isinstance(found, Mapping) else {"value": found}

    def unit(self, column: str) -> str:
        """A column's unit of measurement, or that of the indicator which it repeats."""
        declared = self.columns.get(column, {})
        return str(declared.get("unit") or self.indicators.get(declared.get("reports", ""), {}).get("unit", ""))

    def formula(self, indicator: str) -> str:
        """An indicator's formula; a score is Σ weight × min(measure ÷ target, 1)."""
        declared, parts = self.indicators[indicator], []
        for item in declared.get("score", ()):
            part, blank = f"min({item['measure']} / ({item['target']}), 1)", item.get("blank", "none")
            part = part if blank == "none" else f"default({part}, {0 if blank == 'zero' else 1})"
            parts.append(f"{part} * {item['weight']}")
        return " + ".join(parts) or str(declared["formula"])

    def behind(self, formula: str, months: Months) -> set[tuple[Months, str]]:
        """The columns and facts behind a formula, with the months that they are of."""
        known, names = set[tuple[Months, str]](), [(months, name) for name in _NAMES.findall(formula)]
        while names:
            known.add(one := names.pop())
            (months, name), parts = one, list[tuple[Months, str]]()
            head, _, rest = name.partition(".")
            if rest and head in (*PERIODS, AREA, "mean"):
                parts = [(compared_with(months, head, self.step) if head in PERIODS else months, rest)]
            elif name in self.indicators:
                parts = [(months, part) for part in _NAMES.findall(self.formula(name))]
            names += [part for part in parts if part not in known]
        return {(months, name) for months, name in known if name in self.columns or name.startswith("fact.")}

    def declared(self, measure: str, what: str, default: str = "") -> str:
        """The ``unit`` or ``rank`` of a column or indicator, whatever its heads; the default where none is declared."""
        bare = re.sub(rf"^(?:(?:{'|'.join(PERIODS)}|area|mean)\.)+", "", measure)
        return str({**self.columns, **self.indicators}.get(bare, {}).get(what, default))
