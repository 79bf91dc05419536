"""From the key of a marked number to what must stand there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongbao.audit.arithmetic import NotComputableError, check_calculation, operands
from tongbao.audit.books import AREA, Amount, Books, UnknownNameError
from tongbao.audit.membership import members
from tongbao.audit.numerals import value_of
from tongbao.series.rules import Value

Found = Amount | None


class Backing:
    """Amounts by key; where the books cannot tell, the calculation on record is worked through instead."""

    def __init__(self, books: Books, figures: Mapping[str, Mapping[str, Any]]) -> None:
        self.books = books
        self._figures = figures

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

    def unit_of(self, key: str) -> str | None:
        """The unit that a marked name stands for."""
        rule = self.rule_of(key)
        unit = key.rpartition(".unit.")[2] if ".unit." in key else ""
        return unit if rule and any(unit == known.id for known in self.books.series.units) else None

    def says(self, amount: Amount, text: str) -> bool:
        """Whether a text prints an amount: as it is, with unit and qualifier, or in Chinese numerals."""
        full = amount.text + amount.unit + amount.qualifier
        if text in {amount.text, amount.text + amount.unit, full}:
            return True
        in_words = not text.isascii() and value_of(text)
        return bool(in_words) and in_words == amount.value

    def calculates(self, amount: Amount, calculation: str) -> bool:
        """Whether a printed calculation holds, gives the amount, and has its operands in their order."""
        result = calculation.rpartition(" = ")[2].rstrip("%")
        right = not amount.operands or tuple(operands(calculation)) == amount.operands
        return right and result == amount.text and check_calculation(calculation)

    def shown_count(self, key: str, text: str) -> bool:
        """Whether a list's length (前三位) is printed as that of the units there are, being fewer than asked for."""
        value = value_of(text)
        for rule in self.books.series.findings.values():
            if getattr(rule, "n", None) == key and rule.rule in ("top", "bottom"):
                found = members(rule, self.books)
                if found is not None and value == len(found.units):
                    return True
        return False

    def _of_books(self, key: str) -> Found:
        series = self.books.series
        rule_name = self.rule_of(key)
        if rule_name:
            return self._of_rule(rule_name, key.partition(".")[2])
        if key.startswith(("fact.", "param.")):
            return self.books.amount(key)
        expression, at, scope = key.rpartition("@")
        if not at:
            return self.books.evaluate(key)
        for declared in series.key_figures:
            if declared.value.formula == expression and scope == AREA:
                return self.books.value(declared.value)
        return self.books.evaluate(expression, scope)

    def _of_rule(self, rule_name: str, name: str) -> Found:
        rule = self.books.series.findings[rule_name]
        measure = getattr(rule, "measure", None)
        if name.startswith("unit."):
            table = getattr(rule, "table", None)
            if measure is None and table is not None:
                measure = next(iter(self.books.series.tables[table].columns))
            return self.books.amount(measure, name.removeprefix("unit.")) if measure else None
        declared = rule.values.get(name) or getattr(rule, name, None)
        if isinstance(declared, Value):
            return self.books.value(declared)
        if isinstance(declared, str):
            return self.books.evaluate(declared)
        return self.books.amount(measure, AREA) if name == "area" and measure else None

    def _on_record(self, key: str) -> Found:
        """A figure whose kind the books do not know: its calculation must hold, with operands that are its cells."""
        figure = self._figures.get(key)
        if figure is None or not figure["calculation"] or not check_calculation(figure["calculation"]):
            return None
        held = set()
        for cell in figure["cells"]:
            source = cell["source"]
            found = self.books.cell(source["file"], source["sheet"], source["row"], source["column"])
            if found is None or found.text != cell["value"]:
                return None
            held.add(cell["value"].strip())
        loose = [number for number in operands(figure["calculation"]) if number not in held | {"100"}]
        backing = f"{figure['calculation']}, by its calculation"
        if loose:
            backing += f"; {', '.join(loose)} not followed further"
        value = value_of(figure["text"])
        return Amount(value, figure["text"], "computed", backing, figure["unit"], figure["qualifier"])
