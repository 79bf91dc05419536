"""Figures on record, computed again from formulas, cells and declarations; what a mark's key stands for in print."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from tongbao_verify.books import Books, Key, key_of
from tongbao_verify.definition import Map, expression, leaves, said
from tongbao_verify.formula import AREA, Value, months_of
from tongbao_verify.numerals import prints, says, some_of

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ORIGINS = ("reported", "computed", "fact", "parameter", "statistic")
_SIGNS = str.maketrans("÷×−", "/*-")


class Record:
    """The figures on record."""

    def __init__(self, books: Books) -> None:
        self.books, self.definition = books, books.definition
        self.figures: Mapping[str, Map] = books.record["figures"]
        printed = (one["text"].strip() for one in (*self.figures.values(), *books.record["cells"].values()))
        self.operands = {"100", *printed}
        # How many names a list in a sentence holds, by the finding's own claim.
        claims = ((one["id"], claim) for one in books.record["findings"] for claim in one["claims"])
        counts = (
            (name, key_of(claim["key"]), claim["units"]) for name, claim in claims if {"key", "units"} <= {*claim}
        )
        self.named = {key: Fraction(len({*units})) for name, key, units in counts if key.owner == name}

    def check(self) -> None:
        """Hold every figure to its formula, cells, declaration, text and calculation."""
        for text, figure in self.figures.items():
            with self.books.reading(f"figures: {text}", figure["text"]):
                if reason := next(self._faults(key_of(text), figure), ""):
                    self.books.leave(f"figures: {text}", figure["text"], reason)
            self.books.held["figures"] += 1

    def _faults(self, key: Key, figure: Map) -> Iterator[str]:
        value, text = None if figure["value"] is None else Fraction(figure["value"]), figure["text"]
        own = figure["name"], figure["scope"], figure["period"] or ""
        if not key.owner and (key.name, key.scope or AREA, key.period) != own:
            yield f"belongs to {' '.join(own)}"
        if strange := {*figure["cells"]} - self.books.record["cells"].keys():
            yield f"no cell on record: {', '.join(sorted(strange))}"
        if figure["origin"] not in _ORIGINS:
            yield f"no origin: {figure['origin']}"
        for source, right in self._expected(key, figure):
            if not same(value, right):
                yield f"recomputed {shown(right)}: {source}"
        fact = self.books.facts.get(figure["name"].removeprefix("fact.")) if not figure["period"] else None
        words = self.books.record["cells"][figure["cells"][0]]["text"].strip() if figure["cells"] else ""
        cut = "truncate" in leaves(self.definition.raw, "rounding")
        if figure["origin"] == "fact" and fact:
            if [fact["数值"], fact["单位"], fact["限定"]] != [text, figure["unit"], figure["qualifier"]]:
                yield f"the fact is {fact['数值']}{fact['单位']}{fact['限定']}"
        elif text != words and not prints(text, value, cut=cut):
            yield f"not the value {shown(value)} rounded, nor the cell's {words or 'blank'}"
        if figure["calculation"] and not self._calculates(figure):
            yield f"the calculation does not hold: {figure['calculation']}"

    def _expected(self, key: Key, figure: Map) -> Iterator[tuple[str, Value]]:
        """Every value that the figure must have, with what says so."""
        months, evaluate = months_of(figure["period"] or self.books.own), self.books.evaluate
        origin, formula, cells = figure["origin"], figure["formula"], figure["cells"]
        if origin == "computed" and formula is None and key in self.named:
            yield "the names that are counted", self.named[key]
        elif origin == "computed":
            yield formula, evaluate(str(formula), figure["scope"], months, figure.get("items") or "")
        if origin in ("reported", "fact") and cells:
            yield f"cell {cells}", self.books.values.get(self.books.cell_key(cells[0])) if len(cells) == 1 else None
        if origin == "parameter" and figure["name"] not in leaves(self.definition.rules.get(key.owner, key.name)):
            yield f"{key.owner} does not declare {figure['name']}", None
        declared = figure["name"] if origin == "parameter" else self._declared(key) if key.owner else key.name
        if origin != "statistic" and declared is not None:
            # What a rule declares is said from the bulletin's period: last_year.cases is a figure of last year.
            yield (
                declared,
                evaluate(declared, figure["scope"], None if key.owner else months, figure.get("items") or ""),
            )

    def _declared(self, key: Key) -> str | None:
        """The formula that the definition gives an owner's figure."""
        rule = self.definition.rules.get(key.owner, {})
        if key.name == "value" and key.owner.startswith("key-"):
            rule = self.definition.raw["key_figures"][int(key.owner[4:]) - 1]
        rule = rule.get("items", {}).get(key.scope, rule)
        declared = {name: rule[name] for name in ("value", "target") if name in rule} | rule.get("values", {})
        return expression(declared[key.name]) if key.name in declared else None

    def _calculates(self, figure: Map) -> bool:
        """Whether a printed calculation gives the printed figure; with rounded operands, they must be on record."""
        left, _, right = figure["calculation"].rpartition(" = ")
        result = self.books.evaluate(left.translate(_SIGNS))
        exact = result is not None and prints(right.lstrip("-"), abs(result))
        return right == figure["text"] and (exact or set(_NUMBER.findall(left)) <= self.operands)

    def fault(self, key_text: str, text: str, lang: str) -> str:
        """Why a printed text is not what its key stands for; empty where it is."""
        key, figure = key_of(key_text), self.figures.get(key_text)
        if key.is_name:
            item = self.definition.rules.get(key.owner, {}).get("items", {}).get(key.scope)
            names = [name for name, unit in self.definition.unit_names.items() if unit == key.scope and not item]
            names += [said(item["label"], lang)] if item else []
            return "" if text in names else f"not the name that is marked: {', '.join(names) or key.scope}"
        return f"no figure {key_text} is on record" if figure is None else self.figure_fault(figure, text, lang)

    def figure_fault(self, figure: Map, text: str, lang: str) -> str:
        """Why a printed text is not a figure's; empty where it is."""
        value, right = figure["value"], figure["text"]
        if value is None and right and lang == "en":  # a fact in words
            right = self.books.facts.get(figure["name"].removeprefix("fact."), {}).get("英文数值", text)
        counted = value is not None and figure["origin"] == "computed"
        if counted and text == some_of(int(Fraction(value)), len(self.definition.units), lang):
            return ""
        if says(text, right, figure["unit"], figure["qualifier"], lang):
            return ""
        source = figure["formula"] or figure["origin"]
        return f"recomputed {right or 'blank'}{figure['unit']}{figure['qualifier']}: {source}"


def same(recorded: Value, value: Value) -> bool:
    """Whether a value on record, kept to 12 decimals, is the exact one."""
    if recorded is None or value is None:
        return recorded is value
    return abs(recorded - value) <= Fraction(1, 10**12)


def shown(value: Value) -> str:
    """A value in a reason, to six digits."""
    return "blank" if value is None else format(float(value), ".6g")
