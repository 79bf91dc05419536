"""Formulas of indicators: names, numbers, + - * / and three functions, nothing else.

A formula is evaluated over decimals; a blank operand or a zero denominator gives no figure. ``min`` and ``max`` take
the smaller and the larger of two; ``default(a, b)`` is ``a``, or ``b`` where ``a`` has no figure.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tongbao.rounding import divide, parse_decimal

FUNCTIONS = ("min", "max", "default")
Lookup = Callable[[str], Decimal | None]
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}
_BINDING: dict[type[ast.operator], int] = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A formula that divides one thing by another: ``part / whole * scale``; both are formulas themselves."""

    part: str
    whole: str
    scale: Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula.

    >>> rate = Formula.parse("penalties / inspections * 100")
    >>> rate.names
    ('penalties', 'inspections')
    >>> figures = {"penalties": Decimal(87), "inspections": Decimal(248)}
    >>> rate.evaluate(figures.get)
    Decimal('35.08064516129032258064516129')
    >>> rate.show(lambda name: str(figures[name]))
    '87 ÷ 248 × 100'
    >>> Formula.parse("min(a / 95, 1) * 20").show(str)
    'min(a ÷ 95, 1) × 20'
    """

    source: str
    tree: ast.expr
    names: tuple[str, ...]

    @classmethod
    def parse(cls, source: str) -> Formula:
        """Read a formula.

        Raises:
            ValueError: anything but names, decimal numbers, + - * /, brackets and the functions.
        """
        return _parse(source)

    def evaluate(self, lookup: Lookup) -> Decimal | None:
        """The value, unrounded; ``None`` if an operand is blank or a denominator is zero."""
        return _evaluate(self.tree, lookup)

    def show(self, text_of: Callable[[str], str]) -> str:
        """The formula with each name replaced by ``text_of(name)``, in the signs of print."""
        return _show(self.tree, text_of, 0)

    @property
    def is_name(self) -> bool:
        """Whether the formula only names something, so that there is nothing to compute."""
        return isinstance(self.tree, ast.Name | ast.Attribute)

    @property
    def ratio(self) -> Ratio | None:
        """The formula as a quotient of two things and a number, however it is written; ``None`` if it is not one.

        >>> Formula.parse("100 * cases / (visits + revisits)").ratio
        Ratio(part='cases', whole='visits + revisits', scale=Decimal('100'))
        >>> Formula.parse("fines - collected").ratio is None
        True
        """
        scale, above, below = _factors(self.tree)
        if len(above) != 1 or len(below) != 1 or scale is None:
            return None
        return Ratio(ast.unparse(above[0]), ast.unparse(below[0]), scale)


@lru_cache(maxsize=4096)
def _parse(source: str) -> Formula:
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(f"not a formula: {source!r}") from None
    names: list[str] = []
    _check(tree, source, names)
    return Formula(source.strip(), tree, tuple(dict.fromkeys(names)))


def _check(node: ast.expr, source: str, names: list[str]) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            _check(left, source, names)
            _check(right, source, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, source, names)
        case ast.Call(func=ast.Name(id=function), args=[first, second], keywords=[]) if function in FUNCTIONS:
            _check(first, source, names)
            _check(second, source, names)
        case ast.Name() | ast.Attribute(value=ast.Name() | ast.Attribute()) if _is_dotted(node):
            names.append(_name(node))
        case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            if parse_decimal(ast.get_source_segment(source.strip(), node) or "") is None:
                raise ValueError(f"not a plain decimal number in formula {source!r}")
        case _:
            raise ValueError(
                f"a formula holds only names, numbers, + - * /, brackets, min, max and default of two: {source!r}"
            )


def _is_dotted(node: ast.expr) -> bool:
    """Whether a node is a name with any number of heads: ``last_year.fact.inspections``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _name(node: ast.expr) -> str:
    """The dotted name of a node that ``_check`` has let through."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id if isinstance(node, ast.Name) else "", *reversed(parts)))


def _evaluate(node: ast.expr, lookup: Lookup) -> Decimal | None:
    match node:
        case ast.BinOp(left=left_node, op=op, right=right_node):
            left, right = _evaluate(left_node, lookup), _evaluate(right_node, lookup)
            if left is None or right is None:
                return None
            match op:
                case ast.Add():
                    return left + right
                case ast.Sub():
                    return left - right
                case ast.Mult():
                    return left * right
                case _:
                    return divide(left, right)
        case ast.UnaryOp(operand=operand):
            value = _evaluate(operand, lookup)
            return None if value is None else -value
        case ast.Name(id=name):
            return lookup(name)
        case ast.Call(func=ast.Name(id=function), args=[first, second]):
            return _call(function, _evaluate(first, lookup), _evaluate(second, lookup))
        case ast.Constant(value=value):
            return Decimal(str(value))
        case _:
            return lookup(_name(node))


def _call(function: str, first: Decimal | None, second: Decimal | None) -> Decimal | None:
    if function == "default":
        return second if first is None else first
    if first is None or second is None:
        return None
    return min(first, second) if function == "min" else max(first, second)


def _show(node: ast.expr, text_of: Callable[[str], str], outer: int) -> str:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            binding = _BINDING[type(op)]
            # The right side of − and ÷ keeps its brackets even at equal binding.
            tight = binding + (1 if isinstance(op, ast.Sub | ast.Div) else 0)
            shown = f"{_show(left, text_of, binding)} {_SIGNS[type(op)]} {_show(right, text_of, tight)}"
            return f"({shown})" if binding < outer else shown
        case ast.UnaryOp(operand=operand):
            return f"−{_show(operand, text_of, 3)}"
        case ast.Call(func=ast.Name(id=function), args=[first, second]):
            return f"{function}({_show(first, text_of, 0)}, {_show(second, text_of, 0)})"
        case ast.Constant(value=value):
            return str(value)
        case _:
            return text_of(_name(node))


def _factors(node: ast.expr) -> tuple[Decimal | None, list[ast.expr], list[ast.expr]]:
    """A product as its number, what else it multiplies and what it divides by."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            number, above, below = _factors(left)
            other, other_above, other_below = _factors(right)
            if number is None or other is None:
                return None, [], []
            if isinstance(op, ast.Mult):
                return number * other, above + other_above, below + other_below
            return divide(number, other), above + other_below, below + other_above
        case ast.Constant(value=value):
            return Decimal(str(value)), [], []
        case _:
            return Decimal(1), [node], []
