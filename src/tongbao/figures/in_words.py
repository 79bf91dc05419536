"""Formulas in the words that readers know: 立案调查 ÷ 检查家次 × 100, 各单位罚款额之和; figures with their unit."""

from __future__ import annotations

import ast
from functools import partial

from tongbao.basics.aggregate import Aggregate
from tongbao.basics.formula import Formula, Say
from tongbao.basics.language import MONEY, measured, qualifier_text, unit_name
from tongbao.basics.marks import Mark
from tongbao.definition import kinds
from tongbao.figures.figure import Figure
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


def with_unit(indicators: Indicators, figure: Figure, lang: str) -> str:
    """A figure with its unit as a text prints it: 299.74万元, 30%以上, CNY 2.9974 million; words as they are."""
    behind = qualifier_text(figure.qualifier, lang)
    if lang == "en" and figure.unit in MONEY:
        return measured(figure.text, figure.unit, lang) + behind
    return indicators.shown(figure, lang) + unit_name(figure.unit, lang, figure.text) + behind


def marked_with_unit(indicators: Indicators, key: str, figure: Figure, lang: str, unit: str = "") -> str:
    """A figure as a mark with its unit, or another one, behind it; the mark of money in English holds both."""
    if lang == "en" and figure.unit in MONEY and figure.text:
        return str(Mark(key, measured(figure.text, figure.unit, lang)))
    return f"{Mark(key, indicators.shown(figure, lang))}{unit_name(unit or figure.unit, lang, figure.text)}"


def formula_in_words(indicators: Indicators, lang: str, formula: str) -> str:
    """A formula in words, in a language; one that is none stands as it is."""
    try:
        return Formula.parse(formula).show(partial(operand, indicators, lang), partial(_limited, lang))
    except ValueError:
        return formula


def _limited(lang: str, function: str, first: ast.expr, second: ast.expr, say: Say) -> str:
    """A function of two in words: ``检查处罚率 ÷ 20（最高为1，空白时为0）`` for ``default(min(rate / 20, 1), 0)``."""
    words = WORDS[lang]
    if function == "change":
        return words.change_of.format(say(first), say(second))
    said, limit = say(first), getattr(words, f"limit_{function}").format(say(second))
    closing = words.in_brackets[-1]
    if isinstance(first, ast.Call) and said.endswith(closing):  # two in one pair of brackets
        return said.removesuffix(closing) + words.behind_comma.format(limit) + closing
    return said + words.in_brackets.format(limit)


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
    if head == "issues":
        declared = indicators.series.checks.get(rest)
        kind = kinds.checks().get(declared.check if declared else rest)
        return kind.called.get(lang) if kind else WORDS[lang].faults
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
