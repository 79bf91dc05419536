"""Formulas and conditions as definition and record write them (``docs/proof.md``), evaluated over fractions.

A blank is ``None``: it makes a sum, product or quotient blank, and a comparison false.
"""

from __future__ import annotations

import ast
import operator as op
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tongbao_verify.period import Months, UnknownError, compared_with

Value = Fraction | None
AREA = "area"
PERIODS = ("last_year", "previous", "year_to_date")
_NAME = re.compile(
    r"(?<![\w.])(?!(?:and|or|not|it|size|param\.\w+|enterprises\.\w+|issues\.\w+)\b)[a-z_][\w.]*\b(?!\s*\()"
)


@dataclass(frozen=True)
class Where:
    """For whom and when a formula is evaluated; no period is the bulletin's own.

    ``of`` is what a claim compares, which ``it`` stands for: a formula of the units, or one for each item.
    """

    scope: str = AREA
    period: Months | None = None
    of: str | Mapping[str, str] = ""


HERE = Where()


def rounded(value: Fraction, decimals: int, *, cut: bool = False) -> Fraction:
    """A fraction rounded half away from zero, or cut off."""
    whole = (abs(value) * 10**decimals + (0 if cut else Fraction(1, 2))) // 1
    return Fraction(whole if value > 0 else -whole, 10**decimals)


_OPERATIONS: dict[Any, Callable[..., Any]] = {
    **{ast.Lt: op.lt, ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge, ast.Eq: op.eq, ast.NotEq: op.ne},
    **{ast.Add: op.add, ast.Sub: op.sub, ast.Mult: op.mul, ast.Div: lambda a, b: a / b if b else None},
}
_OF_UNITS: dict[str, Callable[..., Any]] = {
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
    "highest": max,
    "lowest": min,
}
_OF_BLANKS: dict[str, Callable[..., Any]] = {
    "default": lambda first, second: second if first is None else first,
    "reported": lambda value: value is not None,
    "blank": lambda value: value is None,
}
_OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda value, decimals: rounded(value, int(decimals)),
    "floor": lambda value, step: value // step * step,
    "ceil": lambda value, step: -(-value // step * step),
    "change": lambda now, old: Fraction(0) if now == old else (now - old) / old * 100 if old > 0 else None,
}


@lru_cache(maxsize=4096)
def parse(source: str) -> ast.expr:
    """A formula as a tree; UnknownError where it is none."""
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise UnknownError(f"not a formula: {source}") from None


def canonical(source: str, head: str = "") -> str:
    """One spelling for formulas that say the same; with the head of another period before every name.

    >>> canonical("(a/b)*100"), canonical("mean.a"), canonical("a / param.b", "last_year")
    ('a / b * 100', 'mean(a)', 'last_year.a / param.b')
    """
    source = _NAME.sub(rf"{head}.\g<0>", source) if head else source
    return ast.unparse(parse(re.sub(r"\bmean\.([\w.]+)", r"mean(\1)", source)))


@dataclass(frozen=True)
class Evaluator:
    """Evaluates formulas whose names stand for figures.

    Arguments:
        units: what functions over all units go over.
        own: the months of the bulletin.
        figure: gives a bare name's figure for a scope and a period.
    """

    units: list[str]
    own: Months
    figure: Callable[[str, str, Months | None], Value]

    def __call__(self, source: str, where: Where = HERE) -> Any:
        """The exact value of a formula, ``None`` for a blank; of a condition, whether it holds.

        Raises:
            UnknownError: it is neither, or names something unknown.
        """
        return self._value(parse(source), where)

    def scopes(self, where: Where) -> list[str]:
        """What functions over all units go over: the units, or the items compared."""
        return list(where.of) if isinstance(where.of, Mapping) else self.units

    def _value(self, node: ast.expr, where: Where) -> Any:
        match node:
            case ast.Constant(value=int() | float() as value):
                return Fraction(str(value))
            case ast.Name() | ast.Attribute():
                return self._named(ast.unparse(node), where)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return None if (value := self._value(operand, where)) is None else -value
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._value(operand, where)
            case ast.BoolOp(op=joint, values=values):
                return (all if isinstance(joint, ast.And) else any)(self._value(value, where) for value in values)
            case ast.BinOp(left=left, op=sign, right=right) | ast.Compare(left=left, ops=[sign], comparators=[right]):
                if type(sign) in _OPERATIONS:
                    sides = self._value(left, where), self._value(right, where)
                    blank = None if isinstance(node, ast.BinOp) else False
                    return blank if None in sides else _OPERATIONS[type(sign)](*sides)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self._called(function, arguments, where)
        raise UnknownError(f"not a formula: {ast.unparse(node)}")

    def _named(self, name: str, where: Where) -> Any:
        head, dot, rest = name.partition(".")
        if name == "size":
            return Fraction(len(self.scopes(where)))
        if name == "it":
            if isinstance(where.of, str):
                return self._value(parse(where.of), where)
            return self._value(parse(where.of[where.scope]), replace(where, scope=AREA))
        if dot and head == AREA:
            return self._named(rest, replace(where, scope=AREA))
        if dot and head == "mean":
            return self._over_units("mean", [parse(rest)], where)
        if dot and head in PERIODS:
            return self._named(rest, replace(where, period=compared_with(where.period or self.own, head)))
        return self.figure(name, where.scope, where.period)

    def _called(self, function: str, arguments: list[ast.expr], where: Where) -> Any:
        if function in (*_OF_UNITS, "count", "rank"):
            return self._over_units(function, arguments, where)
        values = [self._value(argument, where) for argument in arguments]
        if function in _OF_BLANKS:
            return _OF_BLANKS[function](*values)
        if function not in _OF_NUMBERS:
            raise UnknownError(f"no function is called {function}")
        return None if None in values else _OF_NUMBERS[function](*values)

    def _over_units(self, function: str, arguments: list[ast.expr], where: Where) -> Value:
        inner, *condition = arguments
        everyone = [replace(where, scope=scope) for scope in self.scopes(where)]
        each = [self._value(inner, one) for one in everyone if all(self._value(c, one) for c in condition)]
        values = [value for value in each if value is not None]
        if function == "count":
            return Fraction(each.count(True))
        if function == "rank":
            own = self._value(inner, where)
            return None if own is None else Fraction(1 + sum(value > own for value in values))
        return Fraction(_OF_UNITS[function](values)) if values else None
