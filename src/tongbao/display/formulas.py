"""Formulas in the words that readers know: 立案调查 ÷ 检查家次 × 100, 各单位罚款额之和."""

from __future__ import annotations

import ast

from tongbao.basics.aggregate import Aggregate
from tongbao.basics.formula import Formula
from tongbao.bulletin.bulletin import Bulletin
from tongbao.words import WORDS

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Eq: "=",
    ast.NotEq: "≠",
}


def in_words(bulletin: Bulletin, formula: str) -> str:
    """A formula in words, in the language of the edition; one that is none stands as it is."""
    try:
        parsed = Formula.parse(formula)
        match parsed.tree:
            case ast.Call(func=ast.Name(id="change"), args=sides):
                return WORDS[bulletin.lang].change_of.format(*(in_words(bulletin, ast.unparse(side)) for side in sides))
            case _:
                return parsed.show(lambda name: operand(bulletin, name))
    except ValueError:
        return formula


def operand(bulletin: Bulletin, name: str) -> str:
    """A measure, fact or parameter by its name in words, or a function over all units.

    Raises:
        ValueError: a function over all units whose formula or condition is none.
    """
    over_units = Aggregate.parse(name)
    if over_units is not None:
        return _over_units(bulletin, over_units)
    head, _, rest = name.partition(".")
    if head == "fact":
        fact = bulletin.received.facts.get(rest)
        return fact.name.get(bulletin.lang) if fact else rest
    if head == "param":
        return bulletin.series.parameters[rest].label.get(bulletin.lang)
    return WORDS[bulletin.lang].the_figure if name == "it" else bulletin.indicators.measure_name(name, bulletin.lang)


def _over_units(bulletin: Bulletin, function: Aggregate) -> str:
    words = WORDS[bulletin.lang]
    condition = "" if function.where is None else _condition(bulletin, function.where.tree)
    if function.function == "count":
        return words.count_of.format(condition)
    said = getattr(words, f"{function.function}_of").format(in_words(bulletin, function.of.removeprefix("-")))
    return words.among.format(said, condition) if condition else str(said)


def _condition(bulletin: Bulletin, node: ast.expr) -> str:
    words = WORDS[bulletin.lang]
    match node:
        case ast.BoolOp(op=op, values=parts):
            joint = words.both if isinstance(op, ast.And) else words.either
            return f" {joint} ".join(_condition(bulletin, part) for part in parts)
        case ast.UnaryOp(operand=part):
            return f"{words.negated} ({_condition(bulletin, part)})"
        case ast.Call(func=ast.Name(id=name), args=[part]):
            said = words.is_blank if name == "blank" else words.is_reported
            return said.format(in_words(bulletin, ast.unparse(part)))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = [in_words(bulletin, ast.unparse(side)) for side in (left, right)]
            return f" {_SIGNS[type(op)]} ".join(sides)
        case _:
            raise ValueError(f"not a condition: {ast.unparse(node)}")
