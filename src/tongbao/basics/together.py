"""Which operands of a formula are put together, so that over the whole area they have to be of the same units."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tongbao.basics.formula import FUNCTIONS, Formula

Names = frozenset[str]


def together(formula: Formula) -> list[Names]:
    """The operands that are added up, multiplied and divided with each other, set by set.

    Of a sum, difference or change with a quotient in it, each side counts by itself, and so does what a function is of.

    >>> [sorted(names) for names in together(Formula.parse("a / b - c / d"))]
    [['a', 'b'], ['c', 'd']]
    >>> [sorted(names) for names in together(Formula.parse("min(a - b, 1) * 20 + default(c, 0) + sum(d)"))]
    [['a', 'b']]
    >>> [sorted(names) for names in together(Formula.parse("change(a / b, last_year.a / last_year.b)"))]
    [['a', 'b'], ['last_year.a', 'last_year.b']]
    """
    return [names for names in _together(formula.tree) if names]


def sides(formula: Formula) -> list[tuple[Names, Names]]:
    """The operands on the one and on the other side of each sum, difference, product, quotient and change in it.

    >>> [[sorted(names) for names in pair] for pair in sides(Formula.parse("a - last_year.a * 2"))]
    [[['a'], ['last_year.a']], [['last_year.a'], []]]
    """
    return [(_names(left), _names(right)) for left, right in _pairs(formula.tree)]


def _names(node: ast.expr) -> Names:
    return frozenset[str]().union(*_together(node))


def _pairs(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.UnaryOp(operand=operand):
            yield from _pairs(operand)
        case ast.BinOp(left=first, right=second):
            yield first, second
            yield from (*_pairs(first), *_pairs(second))
        case ast.Call(func=ast.Name(id=function), args=[first, second]) if function in FUNCTIONS:
            if function == "change":
                yield first, second
            yield from (*_pairs(first), *_pairs(second))


def _together(node: ast.expr) -> list[Names]:
    match node:
        case ast.Name() | ast.Attribute():
            return [frozenset({ast.unparse(node)})]
        case ast.UnaryOp(operand=operand):
            return _together(operand)
        case ast.BinOp(left=first, op=op, right=second):
            groups = _together(first) + _together(second)
            is_product = isinstance(op, ast.Mult | ast.Div)
            return [frozenset[str]().union(*groups)] if is_product or not _divides(node) else groups
        case ast.Call(func=ast.Name(id=function), args=[first, second]) if function in FUNCTIONS:
            groups = _together(first) + _together(second)
            return [frozenset[str]().union(*groups)] if function == "change" and not _divides(node) else groups
    return []


def _divides(node: ast.expr) -> bool:
    return any(isinstance(one, ast.Div) for one in ast.walk(node))
