"""Figures on record, computed again from formulas, cells and declarations; what a mark's key stands for in print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from tongbao_verify.books import Books, Key, key_of
from tongbao_verify.definition import LANGUAGES, Map, expression, said
from tongbao_verify.formula import AREA, UnknownError, Value, Where, evaluate
from tongbao_verify.numerals import prints, says, some_of

_EXACT = Fraction(1, 10**12)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGNS = str.maketrans("÷×−", "/*-")


class Record:
    """The figures on record."""

    def __init__(self, books: Books) -> None:
        self.books, self.definition = books, books.definition
        self.figures: Mapping[str, Map] = books.record["figures"]

    def check(self) -> None:
        """Hold every figure to its formula, cells, declaration, text and calculation."""
        for text, figure in self.figures.items():
            try:
                reason = next(self._faults(key_of(text), figure), "")
            except (UnknownError, KeyError) as error:
                reason = f"not to be read: {error}"
            if reason:
                self.books.leave(f"figures: {text}", figure["text"], reason)
            self.books.account.held["figures"] += 1

    def _faults(self, key: Key, figure: Map) -> Iterator[str]:
        value = None if figure["value"] is None else Fraction(figure["value"])
        where = Where(key.scope if key.scope in self.books.units else AREA, self.books.heads_of(key.period))
        if (figure["period"] or "") != key.period or (not key.owner and figure["scope"] != where.scope):
            yield f"belongs to {figure['scope']} {figure['period'] or ''}"
        for source, right in self._expected(key, figure, where):
            if not same(value, right):
                yield f"recomputed {shown(right)}: {source}"
        fact = self.books.facts.get(key.name.removeprefix("fact."))
        if figure["origin"] == "fact":
            words = (figure["text"], figure["unit"], figure["qualifier"])
            if fact and not key.owner and not key.period and words != (fact["数值"], fact["单位"], fact["限定"]):
                yield f"the fact is {fact['数值']}{fact['单位']}{fact['限定']}"
        elif not prints(figure["text"], value, cut=bool({key.name, figure["name"], figure["formula"]} & self._cut)):
            yield f"not the value {shown(value)} rounded"
        if figure["calculation"] and not self._calculates(figure, value):
            yield f"the calculation does not hold: {figure['calculation']}"

    def _expected(self, key: Key, figure: Map, where: Where) -> Iterator[tuple[str, Value]]:
        """Every value that the figure must have, with what says so."""
        if figure["origin"] == "statistic":
            return
        if figure["origin"] == "computed":
            yield figure["formula"], evaluate(figure["formula"], self.books, where)
        elif figure["cells"]:
            (cell,) = map(key_of, figure["cells"])
            yield (
                f"cell {figure['cells'][0]}",
                self.books.values.get(cell._replace(period=cell.period or self.books.own)),
            )
        declared = key.name if not key.owner else self._declared(key)
        if declared is not None:
            yield declared, evaluate(declared, self.books, where)
        elif figure["origin"] == "parameter":
            numbers = list(self._numbers(self.definition.rules.get(key.owner, {})))
            if Fraction(figure["value"]) not in numbers:
                yield f"the rule declares {', '.join(map(shown, numbers))}", None

    def _declared(self, key: Key) -> str | None:
        """The formula that the definition gives an owner's figure."""
        if key.owner.startswith("key-") and key.name == "value":
            return expression(self.definition.raw["key_figures"][int(key.owner[4:]) - 1]["value"])
        rule = self.definition.rules.get(key.owner, {})
        if key.name == "value" and key.scope in rule.get("items", {}):
            return expression(rule["items"][key.scope]["value"])
        declared = rule.get("values", {}).get(key.name, rule.get(key.name) if key.name in ("value", "target") else None)
        return None if declared is None else expression(declared)

    def _numbers(self, value: Any) -> Iterator[Fraction]:
        """The numbers that a rule declares, or the parameters it names."""
        if isinstance(value, Mapping | list):
            for inner in value.values() if isinstance(value, Mapping) else value:
                yield from self._numbers(inner)
            return
        try:
            number = evaluate(str(value), self.books)
        except UnknownError:  # words
            return
        if isinstance(number, Fraction):
            yield number

    @cached_property
    def _cut(self) -> set[str]:
        """Names and formulas whose issuer cuts off instead of rounding."""
        indicators = {name for name, one in self.definition.indicators.items() if one.get("rounding") == "truncate"}
        return indicators | set(_truncated(self.definition.raw))

    def _calculates(self, figure: Map, value: Value) -> bool:
        """Whether a printed calculation gives the printed figure; with rounded operands, they must be on record."""
        left, _, right = figure["calculation"].rpartition(" = ")
        result = evaluate(left.translate(_SIGNS), self.books)
        exact = result is not None and value is not None and prints(right.lstrip("-"), abs(result))
        return right == figure["text"] and (exact or set(_NUMBER.findall(left)) <= self._operands)

    @cached_property
    def _operands(self) -> set[str]:
        cells = (cell["text"].strip() for cell in self.books.record["cells"].values())
        return {"100", *cells, *(figure["text"] for figure in self.figures.values())}

    def fault(self, key_text: str, text: str, lang: str) -> str:
        """Why a printed text is not what its key stands for; empty where it is."""
        key, figure = key_of(key_text), self.figures.get(key_text)
        if key.is_name:
            names = self._names(key)
            return "" if text in names else f"not the name that is marked: {names[0] if names else key.scope}"
        if figure is None:
            return f"no figure {key_text} is on record"
        value, right = figure["value"], figure["text"]
        if value is None and figure["origin"] == "fact" and right:
            fact = self.books.facts.get(key.name.removeprefix("fact."))
            right = right if lang == "zh" else fact["英文数值"] if fact else text
            return "" if text == right else f"the fact is {right}"
        some = some_of(int(Fraction(value)), len(self.books.units), lang) if value and key.owner else ""
        if text == some or says(text, right, figure["unit"], figure["qualifier"], lang):
            return ""
        source = figure["formula"] or figure["origin"]
        return f"recomputed {right or 'blank'}{figure['unit']}{figure['qualifier']}: {source}"

    def _names(self, key: Key) -> list[str]:
        if key.name == "unit":
            return [name for name, unit in self.definition.unit_names.items() if unit == key.scope]
        items = self.definition.rules.get(key.owner, {}).get("items", {})
        return [said(items[key.scope]["label"], lang) for lang in LANGUAGES] if key.scope in items else []


def _truncated(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping | list):
        if isinstance(value, Mapping) and value.get("rounding") == "truncate" and "formula" in value:
            yield expression(value)
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _truncated(inner)


def same(recorded: Value, value: Value) -> bool:
    """Whether a value on record, kept to 12 decimals, is the exact one."""
    if recorded is None or value is None:
        return recorded is value
    return abs(recorded - value) <= _EXACT


def shown(value: Value) -> str:
    """A value in a reason, to six digits."""
    return "blank" if value is None else format(float(value), ".6g")
