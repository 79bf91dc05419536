"""Formulas and conditions as definition and record write them (``docs/proof.md``), evaluated over fractions.

A blank is ``None``: it makes a sum, product or quotient blank, and a comparison false.
"""

from __future__ import annotations

import ast
import operator as op
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

Value = Fraction | None
AREA = "area"
PERIODS = ("last_year", "previous", "year_to_date")
_NAME = re.compile(r"(?<![\w.])(?!(?:and|or|not|it)\b)[a-z_][\w.]*\b(?!\s*\()")
_SAME_IN_EVERY_PERIOD = ("param.", "enterprises.", "issues.")


class UnknownError(Exception):
    """A name, formula, key or number that cannot be read."""


class Names(Protocol):
    """What the names of a formula stand for, and the units it may go over."""

    units: list[str]

    def figure(self, name: str, scope: str, period: str) -> Value:
        """The figure of a bare name; ``period`` is the heads before it (``last_year.year_to_date``), empty for now."""


@dataclass(frozen=True)
class Where:
    """For whom and when a formula is evaluated; ``it`` is the figure that a condition is about."""

    scope: str = AREA
    period: str = ""
    it: Value = None


HERE = Where()


def rounded(value: Fraction, decimals: int, *, cut: bool = False) -> Fraction:
    """A fraction rounded half away from zero, or cut off."""
    whole = (abs(value) * 10**decimals + (0 if cut else Fraction(1, 2))) // 1
    return Fraction(whole if value > 0 else -whole, 10**decimals)


def _change(now: Fraction, before: Fraction) -> Value:
    if now == before:
        return Fraction(0)
    return (now - before) / before * 100 if before > 0 else None


def _mean(values: list[Fraction]) -> Fraction:
    return Fraction(sum(values)) / len(values)


_RELATIONS = {ast.Lt: op.lt, ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge, ast.Eq: op.eq, ast.NotEq: op.ne}
_ARITHMETIC: dict[type, Callable[[Fraction, Fraction], Value]] = {
    ast.Add: op.add,
    ast.Sub: op.sub,
    ast.Mult: op.mul,
    ast.Div: lambda a, b: a / b if b else None,
}
_OF_UNITS: dict[str, Callable[..., Fraction]] = {"sum": sum, "mean": _mean, "highest": max, "lowest": min}
_OF_NUMBERS: dict[str, Callable[..., Value]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda value, decimals: rounded(value, int(decimals)),
    "floor": lambda value, step: value // step * step,
    "ceil": lambda value, step: -(-value // step * step),
    "change": _change,
}


@lru_cache(maxsize=4096)
def parse(source: str) -> ast.expr:
    """A formula as a tree.

    Raises:
        UnknownError: it cannot be read.
    """
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise UnknownError(f"not a formula: {source}") from None


def names_of(source: str) -> list[str]:
    """The names in a formula with their heads, without functions."""
    return _NAME.findall(ast.unparse(parse(source)))


def canonical(source: str, head: str = "") -> str:
    """One spelling for formulas that say the same; with the head of another period before every name.

    >>> canonical("(a/b)*100"), canonical("mean.a"), canonical("a / param.b", "last_year")
    ('a / b * 100', 'mean(a)', 'last_year.a / param.b')
    """
    if head:
        source = _NAME.sub(lambda m: m[0] if m[0].startswith(_SAME_IN_EVERY_PERIOD) else f"{head}.{m[0]}", source)
    return ast.unparse(parse(re.sub(r"\bmean\.([\w.]+)", r"mean(\1)", source)))


def atoms(condition: str) -> set[tuple[str, str, str]]:
    """The comparisons and questions that a condition is made of: left side, relation and right side.

    >>> sorted(atoms("it < param.limit and not (blank(fines) or it == 0)"))
    [('fines', 'blank', ''), ('it', '<', 'param.limit'), ('it', '==', '0')]
    """
    found = set()
    for node in ast.walk(parse(condition)):
        if isinstance(node, ast.Compare):
            left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
            found.add((left, ast.unparse(node)[len(left) :].split()[0], right))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("blank", "reported"):
            found.add((ast.unparse(node.args[0]), ast.unparse(node.func), ""))
    return found


def evaluate(source: str, names: Names, where: Where = HERE) -> Any:
    """The exact value of a formula, ``None`` for a blank; of a condition, whether it holds.

    Raises:
        UnknownError: it is neither, or names something unknown.
    """
    return _Evaluation(names).value(parse(source), where)


@dataclass(frozen=True)
class _Evaluation:
    names: Names

    def value(self, node: ast.expr, where: Where) -> Any:
        match node:
            case ast.Constant(value=int() | float() as value):
                return Fraction(str(value))
            case ast.Name() | ast.Attribute():
                return self._named(ast.unparse(node), where)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return None if (value := self.value(operand, where)) is None else -value
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand, where)
            case ast.BoolOp(op=joint, values=values):
                return (all if isinstance(joint, ast.And) else any)(self.value(value, where) for value in values)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _ARITHMETIC:
                sides = self.value(left, where), self.value(right, where)
                return None if None in sides else _ARITHMETIC[type(sign)](*sides)
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _RELATIONS:
                sides = self.value(left, where), self.value(right, where)
                return None not in sides and _RELATIONS[type(sign)](*sides)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self._called(function, arguments, where)
        raise UnknownError(f"not a formula: {ast.unparse(node)}")

    def _named(self, name: str, where: Where) -> Value:
        head, dot, rest = name.partition(".")
        if name == "it":
            return where.it
        if dot and head == AREA:
            return self._named(rest, replace(where, scope=AREA))
        if dot and head == "mean":
            return self._over_units("mean", parse(rest), where)
        if dot and head in PERIODS:
            return self._named(rest, replace(where, period=f"{where.period}.{head}".lstrip(".")))
        return self.names.figure(name, where.scope, where.period)

    def _called(self, function: str, arguments: list[ast.expr], where: Where) -> Any:
        if function in (*_OF_UNITS, "count", "rank"):
            return self._over_units(function, arguments[0], where)
        values = [self.value(argument, where) for argument in arguments]
        match function, values:
            case "reported" | "blank", [value]:
                return (value is None) == (function == "blank")
            case "default", [first, second]:
                return second if first is None else first
        if function not in _OF_NUMBERS:
            raise UnknownError(f"no function is called {function}")
        return None if None in values else _OF_NUMBERS[function](*values)

    def _over_units(self, function: str, inner: ast.expr, where: Where) -> Value:
        each = [self.value(inner, replace(where, scope=unit)) for unit in self.names.units]
        if function == "count":
            return Fraction(each.count(True))
        values = [value for value in each if value is not None]
        if function == "rank":
            own = self.value(inner, where)
            return None if own is None else Fraction(1 + sum(value > own for value in values))
        return _OF_UNITS[function](values) if values else None
