"""From the key of a marked number to what must stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from tongbao.audit.arithmetic import NotComputableError, check_calculation, holds_within_rounding, operands
from tongbao.audit.books import AREA, Amount, Books, UnknownNameError
from tongbao.audit.membership import members
from tongbao.audit.numerals import value_of
from tongbao.audit.words import frame, parts
from tongbao.definition.names import OTHER_PERIODS
from tongbao.reading.cell import Cell, RecordCount, Source

Found = Amount | None


class Backing:
    """Amounts by key; where the books cannot tell, the calculation on record is worked through instead."""

    def __init__(
        self,
        books: Books,
        figures: Mapping[str, Mapping[str, Any]],
        opened: Callable[[], list[Books]] = list,
    ) -> None:
        self.books = books
        self._figures = figures
        self._opened = opened

    def amount(self, key: str) -> Found:
        """What the books have for a key; ``None`` where nothing backs it."""
        try:
            found = self._of_books(key)
        except (UnknownNameError, NotComputableError):
            found = None
        return found or self._on_record(key)

    def rule_of(self, key: str) -> str | None:
        """The finding that a key belongs to."""
        head = key.partition(".")[0]
        return head if head in self.books.series.findings else None

    def cell(self, recorded: Mapping[str, Any]) -> Cell | None:
        """The cell as received that a record speaks of, whichever period it belongs to."""
        source = recorded["source"]
        if "records" in source:
            if recorded["table"] in self.books.series.enterprises:
                counts = [cell for books in self.all_books for cell in books.listed_counts().values()
                          if (cell.table, cell.column) == (recorded["table"], recorded["column"])]  # fmt: skip
                return next((cell for cell in counts if asdict(cell.source) == dict(source)), None)
            return next((found for books in self.all_books if (found := books.counted(
                recorded["table"], recorded["unit"], recorded["column"]))
                and asdict(found.source) == dict(source)), None)  # fmt: skip
        return self.cell_at(source["file"], source["sheet"], source["row"], source["column"])

    def cell_at(self, file: str, sheet: str | None, row: int, column: str) -> Cell | None:
        """What a raw file of any period looked at holds at a place."""
        found = next((found for books in self.all_books if (found := books.cell(file, sheet, row, column))), None)
        if found is not None:
            return found
        doubtful = (cell for issue in self.books.issues or () if issue.table == "records" for cell in issue.cells)
        return next((cell for cell in doubtful if cell.source == Source(file, sheet, row, column)), None)

    def counted_cell(self, text: str, file: str, lang: str = "zh") -> Cell | None:
        """The counted cell that evidence describes: its unit, its column, its figure, what it was counted from."""
        if lang not in self._counted:
            self._counted[lang] = self._count(lang)
        return self._counted[lang].get((" ".join(text.split()), file))

    @cached_property
    def _counted(self) -> dict[str, dict[tuple[str, str], Cell]]:
        return {}

    def _count(self, lang: str) -> dict[tuple[str, str], Cell]:
        series = self.books.series
        found: dict[tuple[str, str], Cell] = {}
        for books in self.all_books:
            cells = [cell for name, table in books.received.tables.items() if series.tables[name].records
                     for row in table.rows.values() for cell in row.values()]  # fmt: skip
            for cell in cells:
                if isinstance(cell.source, RecordCount) and cell.unit:
                    name = f"{series.unit(cell.unit).name(lang)} {series.columns[cell.column].measure_name(lang)}"
                    behind = frame("counted", lang).format(cell.source.records, cell.source.what)
                    what = f"{name} {cell.text.strip() or frame('blank', lang)} {behind}"
                    found[" ".join(what.split()), cell.source.file] = cell
            for cell in books.listed_counts().values():
                if isinstance(cell.source, RecordCount):
                    what = f"{cell.text} {frame('counted', lang).format(cell.source.records, cell.source.what)}"
                    found[what, cell.source.file] = cell
        return found

    @property
    def all_books(self) -> list[Books]:
        """This period's books and those of all periods looked at: a summed period's cells are those of its parts."""
        others = [self.books.other(head) for head in OTHER_PERIODS]
        return list(dict.fromkeys([self.books, *filter(None, others), *self._opened()]))

    def unit_of(self, key: str) -> str | None:
        """The unit that a marked name stands for."""
        rule = self.rule_of(key)
        unit = key.partition(".unit.")[2]
        return unit if rule and any(unit == known.id for known in self.books.series.units) else None

    def item_of(self, key: str) -> str | None:
        """The item (a peer, an industry) that a marked name stands for."""
        rule, _, item = key.partition(".item.")
        items = getattr(self.books.series.findings.get(rule), "items", {})
        return item if item in items else None

    def says(self, amount: Amount, text: str, lang: str = "zh") -> bool:
        """Whether a text prints an amount: as it is, with unit and qualifier, or in Chinese numerals."""
        number, unit, qualifier = parts(amount, lang)
        if text in {number, number + unit, number + unit + qualifier}:
            return True
        in_words = not text.isascii() and value_of(text)
        return bool(in_words) and in_words == amount.value

    def fact_in_words(self, key: str, text: str, lang: str) -> bool:
        """Whether a text is a fact in words, in its language."""
        fact = self.books.received.facts.get(key.removeprefix("fact.")) if key.startswith("fact.") else None
        return fact is not None and fact.value is None and text == fact.words.get(lang)

    def calculates(self, amount: Amount, calculation: str) -> bool:
        """Whether a printed calculation holds, gives the amount, and has its operands in their order."""
        calculation, _, steps = calculation.partition(", in steps of ")
        result = calculation.rpartition(" = ")[2].rstrip("%")
        right = not amount.operands or tuple(operands(calculation)) == amount.operands
        holds = check_calculation(calculation) or (amount.rounded and holds_within_rounding(calculation))
        return right and (steps.partition(": ")[2] or result) == amount.text and holds

    def in_place(self, key: str, amount: Amount, text: str, lang: str) -> bool:
        """Whether a text says a place in words: 第二, 2nd."""
        if ".place" not in key or amount.value is None:
            return False
        if lang == "zh":
            return text.startswith("第") and value_of(text.removeprefix("第")) == amount.value
        number = re.fullmatch(r"(\d+)(st|nd|rd|th)", text)
        if number is None or int(number[1]) != amount.value:
            return False
        teens = number[1][-2:] in ("11", "12", "13")
        return number[2] == ("th" if teens else {"1": "st", "2": "nd", "3": "rd"}.get(number[1][-1], "th"))

    def _of_books(self, key: str) -> Found:
        series = self.books.series
        rule_name = self.rule_of(key)
        if rule_name:
            return self._of_rule(rule_name, key.partition(".")[2])
        if key.startswith(("fact.", "param.", "enterprises.")):
            name, elsewhere, period = key.partition("~")
            books = self.books.other(period) if elsewhere else self.books
            return books.amount(name) if books else None
        expression, at, scope = key.rpartition("@")
        if not at:
            return self.books.evaluate(key)
        for declared in series.key_figures:
            if declared.value.formula == expression and scope == AREA:
                return self.books.value(declared.value)
        return self.books.evaluate(expression, scope)

    def _of_rule(self, rule_name: str, name: str) -> Found:
        rule = self.books.series.findings[rule_name]
        found = members(rule, self.books)
        if found is not None and name in found.amounts:
            return found.amounts[name]
        declared = rule.values.get(name)
        if declared is not None:
            return self.books.value(declared)
        return self.books.evaluate(name)

    def _on_record(self, key: str) -> Found:
        """A figure whose kind the books do not know: its calculation must hold, with operands that are its cells."""
        figure = self._figures.get(key)
        if figure is None:
            return None
        rule = self.rule_of(key)
        if not figure["calculation"] and rule and members(self.books.series.findings[rule], self.books) is None:
            # The account says that this finding was not audited; its number is taken as it is on record.
            return Amount(value_of(figure["text"]), figure["text"], "computed", "as on record, not recomputed",
                          figure["unit"], figure["qualifier"])  # fmt: skip
        if not figure["calculation"] or not check_calculation(figure["calculation"]):
            return None
        held = set()
        for cell in figure["cells"]:
            found = self.cell(cell)
            if found is None or found.text != cell["value"]:
                return None
            held.add(cell["value"].strip())
        loose = [number for number in operands(figure["calculation"]) if number not in held | {"100"}]
        backing = f"{figure['calculation']}, by its calculation"
        if loose:
            backing += f"; {', '.join(loose)} not followed further"
        value = value_of(figure["text"])
        return Amount(value, figure["text"], "computed", backing, figure["unit"], figure["qualifier"])
