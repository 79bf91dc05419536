"""The record held to the raw files: cells read again, every figure computed again; what a mark's key stands for."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tongbao_verify.definition import Definition, Map, expression, leaves, said
from tongbao_verify.formula import (
    AREA,
    Evaluator,
    Months,
    NotAtHandError,
    UnreadableError,
    Value,
    months_of,
    number_of,
    parse,
    same,
    shown,
    together,
)
from tongbao_verify.key import Key, key_of
from tongbao_verify.numerals import begins, prints, says, some_of
from tongbao_verify.published import stays_inside
from tongbao_verify.raw import (
    FACTS,
    TOTAL,
    Cell,
    held_by,
    read_digits,
    read_facts,
    read_number,
    read_sheets,
    read_table,
)

RECORD = "findings.json"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ORIGINS = ("reported", "computed", "fact", "parameter", "statistic")
_PLACES = ("data/raw/", "reports/")  # where a bulletin's inputs lie, below any of the roots
_SIGNS = str.maketrans("÷×−", "/*-")
NOBODY: frozenset[str] = frozenset()


class LeftOver(NamedTuple):
    """A numeral, name or statement that nothing backs: where it stands, in which sentence, and why it is left over."""

    document: str
    place: str
    text: str
    sentence: str
    reason: str


class Record:
    """Every figure of the bulletin's period and of those it is compared with; and the account of what was checked.

    Arguments:
        record: ``findings.json``.
        roots: folders that the paths of ``inputs`` may start from.
        beside: ``quality.json``, which is not published; where it is not at hand, faults are not counted again.

    Attributes:
        left: what is left over; ``notes``: what could not be read here; ``held``: how much was checked, by kind.
    """

    def __init__(self, record: Map, roots: Sequence[Path], beside: Map | None = None) -> None:
        self.knows_issues = beside is not None
        if beside is not None:
            joined = {name: record[name] | beside[name] for name in ("figures", "cells")}
            definition = record["definition"] | {"checks": beside["checks"]}
            joined["words"] = {lang: [*own, *beside["words"][lang]] for lang, own in record["words"].items()}
            record = {**record, **joined, "issues": beside["issues"], "definition": definition}
        self.data, self.roots, self.definition = record, roots, Definition(record["definition"])
        self.own: str = record["period"]
        self.cut = "truncate" in leaves(self.definition.series, "rounding")
        self.left: dict[LeftOver, None] = {}
        self.notes: dict[str, None] = {}
        self.held = Counter[str]()
        self.evaluate = Evaluator(
            self.definition.units, months_of(self.own), cache(self.figure), self.half_blank, cache(self.about),
            step=self.definition.step,
        )  # fmt: skip
        # By their months, the received periods that cover them: itself under any id, or shorter ones; or first itself,
        # then those that its tables of ``absent: summed`` are summed from.
        self.parts: dict[Months, list[str]] = {months_of(period): parts for period, parts in record["compared"].items()}
        self.parts.setdefault(self.evaluate.own, [self.own])
        self.periods = list(dict.fromkeys(period for parts in self.parts.values() for period in parts))
        declared = {name: one["default"] for name, one in self.definition.series.get("parameters", {}).items()}
        self.parameters = {name: number_of(str(record["parameters"].get(name, declared[name]))) for name in declared}
        self.facts: dict[str, dict[str, str]] = dict(record.get("facts", {}))
        own = self.facts.items()  # until the file is read
        self.fact_units = {Key("", f"fact.{name}", "", self.own): texts.get("单位", "") for name, texts in own}
        self.found: dict[Key, tuple[str, Cell]] = {}
        self.received: set[tuple[str, str]] = set()  # tables with the periods that have them
        self.unread: dict[tuple[str, str], str] = {}  # the same of files that are not at hand
        self.values: dict[Key, Value] = {}
        self.figures: Mapping[str, Map] = record["figures"]
        self.operands = {"100", *(one["text"].strip() for one in (*self.figures.values(), *record["cells"].values()))}
        # How many names a list in a sentence holds, by the finding's own claim.
        claims = ((one["id"], claim) for one in record["findings"] for claim in one["claims"])
        counts = [(name, key_of(one["key"]), {*one["units"]}) for name, one in claims if {"key", "units"} <= {*one}]
        self.named = {key: Fraction(len(units)) for name, key, units in counts if key.owner == name}

    def leave(self, place: str, text: str, reason: str, sentence: str = "", document: str = RECORD) -> None:
        """Record something left over, once."""
        self.left[LeftOver(*map(str, (document, place, text, sentence, reason)))] = None

    @contextmanager
    def reading(self, place: str, text: str, sentence: str = "", document: str = RECORD) -> Iterator[None]:
        """What of the record or a page cannot be read is left over."""
        try:
            yield
        except NotAtHandError as error:
            self.notes[f"{place}: {error}"] = None
        except (UnreadableError, LookupError, TypeError, ValueError) as error:
            self.leave(place, text, f"not to be read: {error!r}", sentence, document)

    def check(self) -> None:
        """Hold periods, inputs, cells and figures on record to the months they mean and to the raw files."""
        for months, parts in [(span, parts) for span in self.parts for parts in self.covering(span)]:
            covered = [(one.year, n) for one in map(months_of, parts) for n in range(one.first, one.last + 1)]
            if parts and covered != [(months.year, n) for n in range(months.first, months.last + 1)]:
                self.leave("compared", " + ".join(parts), f"not months {months.first}-{months.last} of {months.year}")
        for file, digest in self.data["inputs"].items():
            try:
                for key, cell in self._read(file, digest):
                    if self.found.setdefault(key, (file, cell)) == (file, cell):
                        self._take(key, cell.text, file)
            except UnreadableError as error:
                self.notes[f"{file}: {error}"] = None
                period, tables = held_by(file, self.periods, self.definition)
                self.unread |= {(table, period): f"{file}: {error}" for table in tables}
        for text, recorded in self.data["cells"].items():
            self._check_cell(self._cell_key(text), recorded, f"cells: {text}")
        for text, figure in self.figures.items():
            with self.reading(f"figures: {text}", figure["text"]):
                checks = self._checks(key_of(text), figure)
                if reason := next((reason for holds, reason in checks if not holds), ""):
                    self.leave(f"figures: {text}", figure["text"], reason)
        self.held |= {"cells": len(self.data["cells"]), "figures": len(self.figures)}

    def covering(self, months: Months) -> tuple[list[str], list[str]]:
        """What of the received periods covers some months: one by itself; those that are summed."""
        parts = self.parts.get(months, [])
        return [one for one in parts if months_of(one) == months], [one for one in parts if months_of(one) != months]

    def _cell_key(self, text: str) -> Key:
        """A cell's key with its period, the bulletin's own too."""
        return key_of(text if "~" in text else f"{text}~{self.own}")

    def _read(self, file: str, digest: str) -> Iterator[tuple[Key, Cell]]:
        """The declared cells and facts of a raw file; which period's they are, its folder says."""
        # Beside a page, or in the folder named after it, raw files stand as raw/<series>/<period>/….
        places = [root / name for root in self.roots for name in (file, file.removeprefix("data/"))]
        paths = [path for path in places if path.is_file()] if stays_inside(file) and file.startswith(_PLACES) else []
        if not paths:
            raise UnreadableError("not at hand")
        for path in reversed(paths):  # the first is read, all are the same
            if (now := sha256(path.read_bytes()).hexdigest()) != digest:
                self.leave(f"inputs: {file}", digest[:12], f"the file's SHA-256 is now {now[:12]}")
        period, tables = held_by(file, self.periods, self.definition)
        if FACTS in tables:
            tables.remove(FACTS)
            for name, (cell, texts) in read_facts(read_sheets(path)).items():
                if period == self.own:
                    self._take_fact(name, {header: text for header, text in texts.items() if text})
                self.fact_units[key := Key("", f"fact.{name}", "", period)] = texts.get("单位", "")
                yield key, cell
        for name in tables:
            for (scope, column), cell in read_table(read_sheets(path), name, self.definition).items():
                yield Key("", column, scope, period), cell

    def _take_fact(self, name: str, texts: dict[str, str]) -> None:
        """A fact as its file has it: the record must have the same, if it has it."""
        recorded = {header: text for header, text in self.facts.get(name, texts).items() if text}
        if recorded != texts:
            self.leave(f"facts: {name}", " ".join(recorded.values()), f"the file has {' '.join(texts.values())}")
        self.facts[name] = texts

    def _take(self, key: Key, text: str, place: str) -> None:
        """The number in a cell; what is no column's may be words."""
        column = self.definition.columns.get(key.name, {})
        mark = self.definition.tables[column["table"]].get("total_mark", "") if column and key.scope == TOTAL else ""
        self.received.add((column.get("table", ""), key.period))
        try:
            value = self.definition.word(key.name, text).get("value", text)
            unit = self.definition.unit(key.name) or self.fact_units.get(key, "")
            self.values[key] = read_number(str(value), unit, mark)
        except UnreadableError as error:
            if column:
                self.leave(place, text, str(error))

    def _check_cell(self, key: Key, recorded: Map, place: str) -> None:
        """A recorded cell is the one found by its labels, at its place, with its text."""
        source, text = recorded["source"], str(recorded["text"])
        if "records" in source:
            self.notes[f"{source['file']}: what was counted from records is not counted again"] = None
        elsewhere = key not in self.found and any(file == source["file"] for file, _ in self.found.values())
        if elsewhere or not all(file in self.data["inputs"] for file in source["file"].split("，")):
            self.leave(place, text, f"no such cell in {source['file']}, or no such input")
        if key not in self.found:
            self._take(key, text, place)
            return
        file, cell = self.found[key]
        if recorded["table"] != self.definition.columns.get(key.name, {"table": "facts"})["table"]:
            self.leave(place, text, f"not of the table {recorded['table']}")
        if (file, text, *cell[1:]) != (source["file"], cell.text, source["sheet"], source["row"], source["column"]):
            self.leave(place, text, f"{file} {cell.column}{cell.row} holds {cell.text.strip() or 'a blank'}")

    def rows(self, table: str, months: Months | None = None) -> list[str]:
        """The units that have a row in a partial table of some months, the bulletin's own; else every unit."""
        column, partial = self.definition.columns_of(table)[0], self.definition.tables[table].get("partial")
        whole = self.covering(months or self.evaluate.own)[0] if partial else []
        units = self.definition.units
        return [one for one in units if any(Key("", column, one, part) in self.values for part in whole)] or units

    def about(self, formula: str, period: Months | None = None) -> list[str]:
        """The units that a formula is about: all, or those with a row in every partial table behind it.

        That is the table of the period, the bulletin's own, or of the other one that alone the formula looks at.
        """
        own, tables = period or self.evaluate.own, dict[str, Months]()
        for months, name in self.definition.behind(formula, own):
            if name in self.definition.columns:
                table = self.definition.columns[name]["table"]
                tables[table] = months if tables.get(table, months) == months else own
        rows = [self.rows(table, months) for table, months in tables.items()]
        return [unit for unit in self.definition.units if all(unit in units for units in rows)]

    def half_blank(self, node: ast.expr, period: Months | None) -> dict[str, frozenset[str]]:
        """By operands that a formula puts together, the units that report some columns behind them, and not all."""
        units, found = self.definition.units, dict[str, frozenset[str]]()
        for names in self.definition.put_together(node):
            columns = NOBODY.union(*map(self.definition.summed_behind, names))
            blank = [{unit for unit in units if self.evaluate(name, unit, period) is None} for name in columns]
            if any(one != blank[0] for one in blank) and len(units) not in map(len, blank):
                found |= dict.fromkeys(names, NOBODY.union(*blank))
        return found

    def _of_area(self, formula: str, scope: str, period: Months | None, without: frozenset[str]) -> Value:
        """What a formula computes; of the whole area without some units."""
        names = NOBODY.union(*together(parse(formula))) if without else NOBODY
        value: Value = self.evaluate(formula, scope, period, without=dict.fromkeys(names, without))
        return value

    def figure(self, name: str, scope: str, period: Months | None, without: frozenset[str] = NOBODY) -> Value:
        """A bare name's figure for a unit or the whole area; that of a sum over units leaves some out.

        It is blank where a period was not received; counts and amounts of one that was received in parts are summed.
        """
        head, _, rest = name.partition(".")
        whole, parts = self.covering(months := period or self.evaluate.own)
        if rest and head == "fact":
            return self.values.get(Key("", name, "", whole[0])) if whole else None
        if rest in self.parameters and head == "param":
            return self.parameters[rest]
        if rest and head == "enterprises":
            lists = self.definition.series["enterprises"]
            listed = next((one for one in lists if f"{rest}_".startswith(f"{one}_")), "")
            return self.values.get(Key("", f"{listed}.{rest[len(listed) + 1 :] or 'count'}", "", self.own))
        if rest and head == "issues":
            if not self.knows_issues:
                raise NotAtHandError("what the checks found is not at hand (quality.json)")
            counted = [one for one in self.data["issues"] if rest == one["check"] or one["check"] != "left-out-table"]
            found = [one for one in counted if rest in ("all", one["kind"], one["check"])]
            return Fraction(sum(scope in (AREA, issue["unit"]) for issue in found))
        if name in self.definition.indicators:
            if not whole and not parts and any(one == months for one, _ in self.definition.behind(name, months)):
                return None  # of nothing no formula makes a figure
            scored = [item["measure"] for item in self.definition.indicators[name].get("score", ())]
            blank = scored and all(self.evaluate.figure(measure, scope, period, NOBODY) is None for measure in scored)
            return None if blank else self._of_area(self.definition.formula(name), scope, period, without)
        if name not in self.definition.columns:
            raise UnreadableError(f"nothing is named {name}")
        received = any((self.definition.columns[name]["table"], part) in self.received for part in whole)
        made_of = whole if received else parts or whole
        if scope == AREA and len(made_of) > 1 and self.definition.is_sum(name):  # who lacks a part lacks the sum
            figure = self.evaluate.figure
            without = without | {one for one in self.definition.units if figure(name, one, period, NOBODY) is None}
        each = [self._part(name, scope, period, part, without) for part in made_of]
        known = [value for value in each if value is not None]
        adds_up = len(each) == 1 or self.definition.adds_up(name)
        return sum(known, Fraction(0)) if known and known == each and adds_up else None

    def _part(self, name: str, scope: str, period: Months | None, part: str, without: frozenset[str]) -> Value:
        """A part's figure; one that stands for other months may itself be summed from shorter ones."""
        if (months := months_of(part)) == (period or self.evaluate.own):
            return self._column(name, scope, period, part, without)
        return self.evaluate.figure(name, scope, months, without)

    def _column(self, name: str, scope: str, period: Months | None, part: str, without: frozenset[str]) -> Value:
        column = self.definition.columns[name]
        if scope == AREA and column["area"] not in ("sum", "reported"):
            return None if column["area"] == "none" else self._of_area(column["area"], AREA, period, without)
        everyone = [one for one in self.definition.units if one not in without]
        stated = column["area"] == "reported" or self.definition.tables[column["table"]].get("partial")
        whole = [TOTAL] if stated else everyone
        values = [self.values.get(Key("", name, one, part)) for one in (whole if scope == AREA else [scope])]
        known = [value for value in values if value is not None]
        return sum(known, Fraction(0)) if known else None

    def _checks(self, key: Key, figure: Map) -> Iterator[tuple[bool, str]]:
        """Whether a figure is what formula, cells, declaration, text and calculation say; the reason if it is not."""
        text, cells, recorded = figure["text"], figure["cells"], figure["value"]
        own = figure["name"], figure["scope"], figure["period"] or ""
        yield bool(key.owner) or (key.name, key.scope or AREA, key.period) == own, f"belongs to {' '.join(own)}"
        strange = {*cells} - self.data["cells"].keys()
        yield not strange, f"no cell on record: {', '.join(sorted(strange))}"
        yield figure["origin"] in _ORIGINS, f"no origin: {figure['origin']}"
        for source, right in self._expected(key, figure):
            yield same(recorded, right), f"recomputed {shown(right)}: {source}"
        fact = self.facts.get(figure["name"].removeprefix("fact.")) if not figure["period"] else None
        if figure["origin"] == "fact" and fact:
            words = [fact.get(name, "") for name in ("数值", "单位", "限定")]
            with suppress(UnreadableError):  # a fact in words
                words[0] = read_digits(*words[:2])
            yield [text, figure["unit"], figure["qualifier"]] == words, f"the fact is {''.join(words)}"
        else:
            value = number_of(recorded)
            typed = self.data["cells"][cells[0]]["text"].strip() if cells else ""
            fine = text == typed or prints(text, value, cut=self.cut)
            yield fine, f"not the value {shown(value)} rounded, nor the cell's {typed or 'blank'}"
        if figure["calculation"]:
            left, _, printed = figure["calculation"].rpartition(" = ")
            result = self.evaluate(left.translate(_SIGNS))
            exact = result is not None and prints(printed.lstrip("-"), abs(result), cut=self.cut)
            # With rounded operands it may be off; then they must be on record, or what its cells hold.
            known = [self.values.get(self._cell_key(cell)) for cell in cells if not exact]
            others = set(_NUMBER.findall(left)) - self.operands
            fine = exact or all(any(one is not None and prints(operand, one) for one in known) for operand in others)
            yield printed == text and fine, f"the calculation does not hold: {figure['calculation']}"

    def _expected(self, key: Key, figure: Map) -> Iterator[tuple[str, Value]]:
        """Every value that the figure must have, with what says so."""
        origin, formula, cells, scope = figure["origin"], figure["formula"], figure["cells"], figure["scope"]
        months, of = months_of(figure["period"] or self.own), figure.get("items") or ""
        if origin == "computed" and formula is None and key in self.named:
            yield "the names that are counted", self.named[key]
        elif origin == "computed":
            yield formula, self.evaluate(str(formula), scope, months, of)
        if origin in ("reported", "fact") and cells:
            yield f"cell {cells}", self.values.get(self._cell_key(cells[0])) if len(cells) == 1 else None
        if origin == "parameter" and figure["name"] not in leaves(self.definition.rules.get(key.owner, key.name)):
            yield f"{key.owner} does not declare {figure['name']}", None
        declared = figure["name"] if origin == "parameter" else self._declared(key) if key.owner else key.name
        if origin != "statistic" and declared is not None:
            # What a rule declares is said from the bulletin's period: last_year.cases is a figure of last year.
            yield declared, self.evaluate(declared, scope, None if key.owner else months, of)

    def _declared(self, key: Key) -> str | None:
        """The formula that the definition gives an owner's figure."""
        rule = self.definition.rules.get(key.owner, {})
        if key.name == "value" and key.owner.startswith("key-"):
            rule = self.definition.series["key_figures"][int(key.owner[4:]) - 1]
        rule = rule.get("items", {}).get(key.scope, rule)
        declared = {name: rule[name] for name in ("value", "target") if name in rule} | rule.get("values", {})
        if (name := key.name.removeprefix("minus.")) not in declared:
            return None
        own = expression(declared[name])
        if name != key.name:  # below zero, and printed without its minus
            return f"0 - ({own})"
        if "target" not in rule or key.name not in ("value", "target"):
            return own
        # A total and its target are each without the units that the other one lacks.
        (other,) = {"value", "target"} - {key.name}
        alike = f"({own}) + 0 * ({expression(rule[other])})"
        return own if self.evaluate(alike) is None else alike

    def fault(self, key_text: str, text: str, lang: str) -> str:
        """Why a printed text is not what its key stands for; empty where it is."""
        key, figure = key_of(key_text), self.figures.get(key_text)
        if not key.is_name:
            return f"no figure {key_text} is on record" if figure is None else self.figure_fault(figure, text, lang)
        item = self.definition.rules.get(key.owner, {}).get("items", {}).get(key.scope)
        names = [name for name, unit in self.definition.unit_names.items() if unit == key.scope]
        names = [said(item["label"], lang)] if item else names
        fine = any(begins(text, name) for name in names)
        return "" if fine else f"not the name that is marked: {', '.join(names) or key.scope}"

    def figure_fault(self, figure: Map, text: str, lang: str) -> str:
        """Why a printed text is not a figure's; empty where it is."""
        value, right, words = figure["value"], figure["text"], ""
        if value is None and right and lang == "en":  # a fact in words
            right = self.facts.get(figure["name"].removeprefix("fact."), {}).get("英文数值", text)
        if lang == "en":
            right = self.definition.word(figure["name"], right).get("en") or right
        if value is not None and figure["origin"] == "computed":
            words = some_of(int(number_of(value) or 0), len(self.definition.units), lang)
        if (words and begins(text, words)) or says(text, right, figure["unit"], figure["qualifier"], lang):
            return ""
        source = figure["formula"] or figure["origin"]
        return f"recomputed {right or 'blank'}{figure['unit']}{figure['qualifier']}: {source}"
