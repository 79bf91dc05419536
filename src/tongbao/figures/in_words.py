"""Formulas in the words that readers know: 立案调查 ÷ 检查家次 × 100, 各单位罚款额之和."""

from __future__ import annotations

import ast

from tongbao.basics.aggregate import Aggregate
from tongbao.basics.formula import Formula
from tongbao.figures.indicators import Indicators
from tongbao.words import WORDS

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Eq: "=",
    ast.NotEq: "≠",
}


def formula_in_words(indicators: Indicators, lang: str, formula: str) -> str:
    """A formula in words, in a language; one that is none stands as it is."""
    try:
        parsed = Formula.parse(formula)
        match parsed.tree:
            case ast.Call(func=ast.Name(id="change"), args=sides):
                return WORDS[lang].change_of.format(
                    *(formula_in_words(indicators, lang, ast.unparse(side)) for side in sides)
                )
            case _:
                return parsed.show(lambda name: operand(indicators, lang, name))
    except ValueError:
        return formula


def operand(indicators: Indicators, lang: str, name: str) -> str:
    """A measure, fact or parameter by its name in words, or a function over all units.

    Raises:
        ValueError: a function over all units whose formula or condition is none.
    """
    over_units = Aggregate.parse(name)
    if over_units is not None:
        return _over_units(indicators, lang, over_units)
    head, _, rest = name.partition(".")
    if head == "fact":
        fact = indicators.received.facts.get(rest)
        return fact.name.get(lang) if fact else rest
    if head == "param":
        return indicators.series.parameters[rest].label.get(lang)
    return WORDS[lang].the_figure if name == "it" else indicators.measure_name(name, lang)


def _over_units(indicators: Indicators, lang: str, function: Aggregate) -> str:
    words = WORDS[lang]
    condition = "" if function.where is None else _condition(indicators, lang, function.where.tree)
    if function.function == "count":
        return words.count_of.format(condition)
    said = getattr(words, f"{function.function}_of").format(
        formula_in_words(indicators, lang, function.of.removeprefix("-"))
    )
    return words.among.format(said, condition) if condition else str(said)


def _condition(indicators: Indicators, lang: str, node: ast.expr) -> str:
    words = WORDS[lang]
    match node:
        case ast.BoolOp(op=op, values=parts):
            joint = words.both if isinstance(op, ast.And) else words.either
            return f" {joint} ".join(_condition(indicators, lang, part) for part in parts)
        case ast.UnaryOp(operand=part):
            return f"{words.negated} ({_condition(indicators, lang, part)})"
        case ast.Call(func=ast.Name(id=name), args=[part]):
            said = words.is_blank if name == "blank" else words.is_reported
            return said.format(formula_in_words(indicators, lang, ast.unparse(part)))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = [formula_in_words(indicators, lang, ast.unparse(side)) for side in (left, right)]
            return f" {_SIGNS[type(op)]} ".join(sides)
        case _:
            raise ValueError(f"not a condition: {ast.unparse(node)}")
