"""Formulas over fractions and rounding by hand, after the list of functions in docs/proof.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

AREA = "area"
Value = Fraction | None
Lookup = Callable[[str, str], Value]
"""A name and a scope (a unit's id or ``area``) → its value."""
_NAME = re.compile(r"(?<![\w.])[a-z_][\w.]*\b(?!\s*\()")
_OVER_UNITS = ("sum", "mean", "highest", "lowest")


def evaluate(formula: str, lookup: Lookup, scope: str = AREA, units: Sequence[str] = ()) -> Value:
    """The exact value of a formula; ``None`` where an operand is blank or a denominator is zero.

    >>> evaluate("penalties / inspections * 100", lambda name, _: {"penalties": 8, "inspections": 20}[name])
    Fraction(40, 1)
    """
    return _Formula(formula.strip(), lookup, units).value(ast.parse(formula.strip(), mode="eval").body, scope)


def partners(formula: str) -> list[set[str]]:
    """Names that stand in one product, or in one sum or change without a quotient, however far apart they stand.

    >>> [sorted(names) for names in partners("a / b - c * default(d, 0) + max(e, f) / c")]
    [['a', 'b'], ['c', 'e', 'f']]
    """
    found: list[set[str]] = []

    def visit(node: ast.expr) -> set[str]:
        """The names at hand; those that are bound already are in ``found``."""
        match node:
            case ast.Constant():
                return set()
            case ast.BinOp(left=left, op=op, right=right):
                names = visit(left) | visit(right)
                if isinstance(op, ast.Mult | ast.Div) or "/" not in ast.unparse(node):
                    bind(names)
                return names
            case ast.UnaryOp(operand=operand):
                return visit(operand)
            case ast.Call(func=ast.Name(id=func), args=arguments):
                counted = () if func in ("default", "count", "rank", *_OVER_UNITS) else arguments
                names = {name for argument in counted for name in visit(argument)}
                if func == "change" and "/" not in ast.unparse(node):
                    bind(names)
                return names
            case _:
                return {ast.unparse(node)}

    def bind(names: set[str]) -> None:
        touched = [one for one in found if one & names]
        found[:] = [*(one for one in found if not one & names), names.union(*touched)]

    visit(ast.parse(formula.strip(), mode="eval").body)
    return [names for names in found if names]


def operands_of(formula: str) -> set[str]:
    """The names in a formula, but not those that a default or a function over units is of.

    >>> sorted(operands_of("a + default(b, 0) * max(last_year.c, mean.d) - sum(e)"))
    ['a', 'last_year.c', 'mean.d']
    """
    return {ast.unparse(node) for node in _operations(formula) if isinstance(node, ast.Name | ast.Attribute)}


def facing(formula: str) -> list[tuple[set[str], set[str]]]:
    """The operands on the two sides of each sign and change, however deep.

    >>> [tuple(map(sorted, pair)) for pair in facing("a - change(b, last_year.b)")]
    [(['a'], ['b', 'last_year.b']), (['b'], ['last_year.b'])]
    """
    found = []
    for node in _operations(formula):
        changed = isinstance(node, ast.Call) and ast.unparse(node.func) == "change"
        pair = [node.left, node.right] if isinstance(node, ast.BinOp) else node.args if changed else []
        if pair:
            one, other = (operands_of(ast.unparse(side)) for side in pair)
            found.append((one, other))
    return found


def _operations(formula: str) -> Iterator[ast.expr]:
    nodes = [ast.parse(formula.strip(), mode="eval").body]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Call):
            if ast.unparse(node.func) not in ("default", "count", "rank", *_OVER_UNITS):
                yield node
                nodes += node.args
            continue
        yield node
        if not isinstance(node, ast.Name | ast.Attribute):
            nodes += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def merged(groups: Sequence[set[str]]) -> list[set[str]]:
    """Sets that share a name as one, without the empty ones.

    >>> [sorted(one) for one in merged([{"a"}, {"b", "c"}, set(), {"c", "a"}])]
    [['a', 'b', 'c']]
    """
    found: list[set[str]] = []
    for group in filter(None, groups):
        touched = [one for one in found if one & group]
        found = [*(one for one in found if not one & group), group.union(*touched)]
    return found


class _Formula:
    def __init__(self, source: str, lookup: Lookup, units: Sequence[str]) -> None:
        self.source, self.lookup, self.units = source, lookup, units

    def value(self, node: ast.expr, scope: str) -> Value:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                return _operation(op, self.value(left, scope), self.value(right, scope))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.value(operand, scope)
                return None if value is None else -value
            case ast.Constant():
                return Fraction(ast.get_source_segment(self.source, node) or "")
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments, scope)
            case _:
                found = self.lookup(ast.unparse(node), scope)
                return None if found is None else Fraction(found)

    def _call(self, name: str, arguments: list[ast.expr], scope: str) -> Value:
        if name == "count":
            return Fraction(sum(self.holds(arguments[0], unit) for unit in self.units))
        if name == "rank" or name in _OVER_UNITS:
            among = [unit for unit in self.units if not arguments[1:] or self.holds(arguments[1], unit)]
            known = {unit: value for unit in among if (value := self.value(arguments[0], unit)) is not None}
            if name == "rank":
                return None if scope not in known else Fraction(1 + sum(v > known[scope] for v in known.values()))
            return _folded(name, list(known.values())) if known else None
        values = [self.value(argument, scope) for argument in arguments]
        if name == "default":
            return next((value for value in values if value is not None), None)
        a, b = values
        return None if a is None or b is None else _of_two(name, a, b)

    def holds(self, node: ast.expr, scope: str) -> bool:
        match node:
            case ast.BoolOp(op=op, values=parts):
                return (all if isinstance(op, ast.And) else any)(self.holds(part, scope) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return not self.holds(part, scope)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                a, b = self.value(left, scope), self.value(right, scope)
                return a is not None and b is not None and bool(_COMPARED[type(op)](a, b))
            case ast.Call(func=ast.Name(id=name), args=[part]):
                return (self.value(part, scope) is None) == (name == "blank")
            case _:
                raise ValueError(ast.unparse(node))


_COMPARED: dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


def _operation(op: ast.operator, a: Value, b: Value) -> Value:
    if a is None or b is None:
        return None
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case _:
            return a / b if b else None


def _of_two(name: str, a: Fraction, b: Fraction) -> Value:
    match name:
        case "min" | "max":
            return (min if name == "min" else max)(a, b)
        case "round":
            return Fraction(printed(a, int(b)))
        case "floor":
            return a // b * b
        case "ceil":
            return -(-a // b) * b
        case "change":
            return Fraction(0) if a == b else (a - b) / b * 100 if b > 0 else None
        case _:
            raise ValueError(name)


def _folded(name: str, values: list[Fraction]) -> Fraction:
    if name in ("highest", "lowest"):
        return max(values) if name == "highest" else min(values)
    return sum(values, Fraction(0)) / (len(values) if name == "mean" else 1)


def printed(value: Fraction, decimals: int, rounding: str = "half-up") -> str:
    """A fraction with ``decimals`` places, rounded half away from zero or cut off.

    >>> printed(Fraction(800, 21), 2), printed(Fraction(-1, 8), 2), printed(Fraction(800, 45), 2, "truncate")
    ('38.10', '-0.13', '17.77')
    """
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    if rounding == "half-up" and scaled - whole >= Fraction(1, 2):
        whole += 1
    digits = str(whole).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 and whole else text


def decimals_of(text: str) -> int:
    """How many decimals a number is printed with.

    >>> decimals_of("5.10"), decimals_of("23")
    (2, 0)
    """
    return len(text.partition(".")[2])


def names_of(formula: str) -> list[str]:
    """The names in a formula, with their heads, in order.

    >>> names_of("max(last_year.fines, 2) / area.cases")
    ['last_year.fines', 'area.cases']
    """
    return _NAME.findall(formula)
