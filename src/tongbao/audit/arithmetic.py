"""Formulas over fractions and rounding by hand: a second path to every figure."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from fractions import Fraction

from tongbao.basics.rounding import Rounding

Lookup = Callable[[str], Fraction | None]
_SIGNS = {"÷": "/", "×": "*", "−": "-", "＋": "+"}
_NAME = re.compile(r"(?<![\w.])[a-z_][\w.]*\b(?!\s*\()")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class NotComputableError(Exception):
    """A formula that this evaluator does not know how to compute."""


def evaluate(formula: str, lookup: Lookup) -> Fraction | None:
    """The exact value of a formula; ``None`` if an operand is blank or a denominator is zero.

    >>> evaluate("penalties / inspections * 100", {"penalties": Fraction(8), "inspections": Fraction(20)}.get)
    Fraction(40, 1)

    Raises:
        NotComputableError: anything but names, numbers, + - * /, brackets, min, max and default.
    """
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except SyntaxError:
        raise NotComputableError(formula) from None
    return _value(tree, formula.strip(), lookup)


def check_calculation(calculation: str) -> bool:
    """Whether a printed calculation holds at the decimals of its result, rounded or cut off.

    >>> check_calculation("87 ÷ 248 × 100 = 35.08"), check_calculation("87 ÷ 248 × 100 = 35.09")
    (True, False)
    """
    left, equals, right = calculation.rpartition(" = ")
    right = right.strip().rstrip("%")
    for sign, plain in _SIGNS.items():
        left = left.replace(sign, plain)
    if not equals or not _NUMBER.fullmatch(right.lstrip("-−")):
        return False
    try:
        value = evaluate(left, lambda _name: None)
    except NotComputableError:
        return False
    shown = right.replace("−", "-")
    return value is not None and shown in {
        printed(value, decimals_of(shown), "half-up"),
        printed(value, decimals_of(shown), "truncate"),
    }


def holds_within_rounding(calculation: str) -> bool:
    """Whether a calculation with rounded operands can give its result: each may be off by half its last digit.

    >>> holds_within_rounding("28.6 − 21.5 = 7.2"), holds_within_rounding("28.6 − 21.5 = 7.4")
    (True, False)
    """
    left, _, right = calculation.rpartition(" = ")
    shown = right.strip().rstrip("%").replace("−", "-")
    for sign, plain in _SIGNS.items():
        left = left.replace(sign, plain)
    if not _NUMBER.fullmatch(shown.lstrip("-")):
        return False

    def work(changed: str) -> Fraction | None:
        return evaluate(changed, lambda _name: None)

    try:
        value = work(left)
        if value is None:
            return False
        slack = Fraction(1, 2 * 10 ** decimals_of(shown))
        for match in _NUMBER.finditer(left):
            half = Fraction(1, 2 * 10 ** decimals_of(match[0])) if "." in match[0] else Fraction(0)
            ends = [work(f"{left[: match.start()]}({end.numerator} / {end.denominator}){left[match.end() :]}")
                    for end in (Fraction(match[0]) - half, Fraction(match[0]) + half) if half]  # fmt: skip
            slack += max((abs(end - value) for end in ends if end is not None), default=Fraction(0))
    except NotComputableError:
        return False
    return abs(value - Fraction(shown)) <= slack


def operands(calculation: str) -> list[str]:
    """The numbers on the left side of a printed calculation.

    >>> operands("87 ÷ 248 × 100 = 35.08")
    ['87', '248', '100']
    """
    return _NUMBER.findall(calculation.rpartition(" = ")[0])


def printed(value: Fraction, decimals: int, rounding: Rounding = "half-up") -> str:
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


def names_of(formula: str) -> list[str]:
    """The names in a formula, with their heads, in order.

    >>> names_of("max(last_year.fines, 2) / area.cases")
    ['last_year.fines', 'area.cases']
    """
    return _NAME.findall(formula)


def exactly(value: Fraction) -> str:
    """A fraction with all its decimals.

    >>> exactly(Fraction(5, 2)), exactly(Fraction(3))
    ('2.5', '3')

    Raises:
        NotComputableError: they have no end.
    """
    for decimals in range(13):
        if (value * 10**decimals).denominator == 1:
            return printed(value, decimals)
    raise NotComputableError(f"{value} has no last decimal")


def decimals_of(text: str) -> int:
    """How many decimals a number is printed with.

    >>> decimals_of("5.10"), decimals_of("23")
    (2, 0)
    """
    return len(text.partition(".")[2])


def _value(node: ast.expr, source: str, lookup: Lookup) -> Fraction | None:
    match node:
        case ast.BinOp(left=left_node, op=op, right=right_node):
            left, right = _value(left_node, source, lookup), _value(right_node, source, lookup)
            return None if left is None or right is None else _operation(op, left, right, source)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand, source, lookup)
            return None if value is None else -value
        case ast.Constant(value=int() | float()):
            return Fraction(ast.get_source_segment(source, node) or "")
        case ast.Name() | ast.Attribute():
            return lookup(ast.unparse(node))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, [_value(argument, source, lookup) for argument in arguments], source)
        case _:
            raise NotComputableError(source)


def _operation(op: ast.operator, left: Fraction, right: Fraction, source: str) -> Fraction | None:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right if right else None
        case _:
            raise NotComputableError(source)


def _call(name: str, values: list[Fraction | None], source: str) -> Fraction | None:
    if name == "default":
        return next((value for value in values if value is not None), None)
    present = [value for value in values if value is not None]
    if name not in ("min", "max"):
        raise NotComputableError(source)
    if len(present) < len(values) or not present:
        return None
    return min(present) if name == "min" else max(present)
