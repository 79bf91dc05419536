"""Formulas: names, numbers, + - * / and a few functions, nothing else; ``docs/proof.md`` lists them.

A formula is evaluated exactly; a blank operand or a zero denominator gives no figure. A function over all units
(``sum(fines)``, ``rank(fines)``) is an operand like a name: what it is made of stands in ``tongbao.basics.aggregate``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor

from tongbao.basics.rounding import (
    DECIMALS,
    Number,
    divide,
    minus,
    parse_decimal,
    plus,
    print_decimal,
    round_decimal,
    times,
)

LONGEST, DEEPEST = 4000, 120
AGGREGATES = ("sum", "mean", "highest", "lowest", "rank", "count")
Lookup = Callable[[str], Number | None]
Compute = Callable[[Sequence[Number | None]], Number | None]
Operation = Callable[[Number, Number], Number | None]
Say = Callable[[ast.expr], str]
SayCall = Callable[[str, ast.expr, ast.expr, Say], str]
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}
_OPERATIONS: dict[type[ast.operator], Operation] = {
    ast.Add: plus,
    ast.Sub: minus,
    ast.Mult: times,
    ast.Div: divide,
}


def _rounded(value: Number, decimals: Number) -> Number | None:
    return round_decimal(value, int(decimals)) if 0 <= decimals <= DECIMALS else None


def _as_written(function: str, first: ast.expr, second: ast.expr, say: Say) -> str:
    return f"{function}({say(first)}, {say(second)})"


def change(now: Number, before: Number) -> Number | None:
    """A change in percent; two equal figures are no change, and a base that is not above zero gives none."""
    if now == before:
        return Decimal(0)
    return divide(times(minus(now, before), Decimal(100)), before) if before > 0 else None


def _step(value: Number, step: Number, to_whole: Callable[[Number], int]) -> Number | None:
    """The multiple of a step below or above: towards minus or plus infinity, not towards zero as ``//`` goes."""
    steps = divide(value, step)
    return None if steps is None else times(Decimal(to_whole(steps)), step)


FUNCTIONS: dict[str, Operation] = {
    "min": min,
    "max": max,
    "round": _rounded,
    "floor": lambda value, step: _step(value, step, floor),
    "ceil": lambda value, step: _step(value, step, ceil),
    "change": change,
}
_BINDING: dict[type[ast.operator], int] = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A formula that divides one thing by another: ``part / whole * scale``; both are formulas themselves."""

    part: str
    whole: str
    scale: Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: ``names`` are its operands, ``compute`` gives its value from theirs, in the same order.

    ``is_name`` says that it only names something, so that there is nothing to compute.

    >>> rate = Formula.parse("penalties / inspections * 100")
    >>> rate.names
    ('penalties', 'inspections')
    >>> figures = {"penalties": Decimal(87), "inspections": Decimal(248)}
    >>> rate.evaluate(figures.get)
    Fraction(2175, 62)
    >>> rate.compute([Decimal(1), Decimal(4)])
    Decimal('25.00')
    >>> rate.show(lambda name: str(figures[name]))
    '87 ÷ 248 × 100'
    >>> score = Formula.parse("min(a / 95, 1) * 20")
    >>> score.work_out({"a": (Decimal(19), "19")}), score.work_out({"a": (Decimal(98), "98")})
    ('19 ÷ 95 × 20', '1 × 20')
    >>> Formula.parse("change(a, b)").work_out({"a": (Decimal(9), "9"), "b": (Decimal(8), "8")})
    '(9 − 8) ÷ 8 × 100'
    """

    source: str
    tree: ast.expr
    names: tuple[str, ...]
    is_name: bool
    compute: Compute = field(repr=False, compare=False)
    _shown: str | None = field(repr=False)
    _mentioned: tuple[str, ...] = field(repr=False)

    @classmethod
    def parse(cls, source: str) -> Formula:
        """Read a formula.

        Raises:
            ValueError: anything but names, decimal numbers, + - * /, brackets and the functions.
        """
        return _parse(source)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The names it is made of in the end, also those inside a function over all units.

        >>> Formula.parse("fines / sum(fines + fees) * 100").leaves
        ('fines', 'fees')
        """
        return tuple(dict.fromkeys(_leaves(self.tree)))

    def evaluate(self, lookup: Lookup) -> Number | None:
        """The value, unrounded; ``None`` if an operand is blank or a denominator is zero."""
        return self.compute([lookup(name) for name in self.names])

    def show(self, text_of: Callable[[str], str], call: SayCall = _as_written) -> str:
        """The formula with each name replaced by ``text_of(name)``, in the signs of print.

        ``call`` says a function of two: its name, its arguments, and how to say one that stands by itself.
        """
        if self._shown is not None:
            return self._shown % tuple(map(text_of, self._mentioned))
        return _show(self.tree, 0, text_of, call)

    def work_out(self, known: Mapping[str, tuple[Number | None, str]]) -> str:
        """The formula with its numbers, known by value and text; of a smaller, larger or first of two the one taken.

        A change in percent is worked out, too: its value alone may be rounded, and would be once more.
        """
        places = {name: place for place, name in enumerate(known)}
        operands = [value for value, _ in known.values()]

        def counts(function: str, first: ast.expr, second: ast.expr, say: Say) -> str:
            left, right = (_compiled(side, places)(operands) for side in (first, second))
            if function == "default":
                return say(second if left is None else first)
            if left is None or right is None:
                return ""
            if function == "change":
                added = ast.BinOp(first, ast.Sub(), second)
                of = ast.BinOp(ast.BinOp(added, ast.Div(), second), ast.Mult(), ast.Constant(100))
                return say(of if right else added)  # two zeros: nothing to divide by
            if function in ("min", "max"):
                return say(first if FUNCTIONS[function](left, right) == left else second)
            return print_decimal(found) if (found := FUNCTIONS[function](left, right)) is not None else ""

        return self.show(lambda name: known[name][1], counts)

    @property
    def ratio(self) -> Ratio | None:
        """The formula as a quotient of two things and a number, however it is written; ``None`` if it is not one.

        >>> Formula.parse("100 * cases / (visits + revisits)").ratio
        Ratio(part='cases', whole='visits + revisits', scale=Decimal('100'))
        >>> Formula.parse("fines - collected").ratio is None
        True
        """
        scale, above, below = _factors(self.tree)
        if len(above) != 1 or len(below) != 1 or not isinstance(scale, Decimal):
            return None
        return Ratio(ast.unparse(above[0]), ast.unparse(below[0]), scale)


def parsed(source: str) -> ast.expr:
    """The tree of a formula or condition, of which nothing is held but that it is no deeper than one that people write.

    Raises:
        ValueError: Python cannot read it, or it is too long or too deep.
    """
    try:
        tree = ast.parse(source.strip(), mode="eval").body if len(source) <= LONGEST else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"not a formula: {source!r}") from None
    if "#" in source:  # what follows is a remark to Python, which would be printed and not computed
        raise ValueError(f"not a formula: {source!r}")
    level: list[ast.AST] = [tree] if tree else []
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if tree is None or level:
        raise ValueError(f"a formula of more than {LONGEST} characters, or of brackets in brackets without end")
    return tree


@lru_cache(maxsize=4096)
def _parse(source: str) -> Formula:
    tree = parsed(source)
    mentioned: list[str] = []
    _check(tree, source, mentioned)
    names = tuple(dict.fromkeys(mentioned))
    places = {name: place for place, name in enumerate(names)}
    is_name = isinstance(tree, ast.Name | ast.Attribute)
    calls = any(map(_is_call, ast.walk(tree)))
    shown = None if calls else _show(tree, 0, lambda _: "%s", lambda *_: "")
    source = ast.unparse(tree) if is_name else source.strip()
    return Formula(source, tree, names, is_name, _compiled(tree, places), shown, tuple(mentioned))


def _is_call(node: ast.AST) -> bool:
    """Whether a node is a function of two numbers; one over all units is an operand."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {*FUNCTIONS, "default"}


def _check(node: ast.expr, source: str, names: list[str]) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            _check(left, source, names)
            _check(right, source, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, source, names)
        case ast.Call(func=ast.Name(id=name), args=[first, second], keywords=[]) if name in {*FUNCTIONS, "default"}:
            _check(first, source, names)
            _check(second, source, names)
        case ast.Call(func=ast.Name(id="count"), args=[condition], keywords=[]) if _is_condition(condition):
            names.append(ast.unparse(node))
        case ast.Call(func=ast.Name(id=name), args=[of, *rest], keywords=[]) if name in AGGREGATES[:-1] and (
            not rest or (len(rest) == 1 and _is_condition(rest[0]))
        ):
            _check(of, source, [])
            names.append(ast.unparse(node))
        case ast.Name() | ast.Attribute(value=ast.Name() | ast.Attribute()) if _is_dotted(node):
            names.append(_name(node))
        case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            if parse_decimal(ast.get_source_segment(source.strip(), node) or "") is None:
                raise ValueError(f"not a plain decimal number in formula {source!r}")
        case _:
            raise ValueError(
                f"a formula holds only names, numbers, + - * /, brackets, {', '.join(FUNCTIONS)} and default of two, "
                f"{', '.join(AGGREGATES)} over all units: {source!r}"
            )


def _is_condition(node: ast.expr) -> bool:
    """Whether a node can only be a condition; what it holds is read by ``tongbao.basics.aggregate``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("blank", "reported")
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def _is_dotted(node: ast.expr) -> bool:
    """Whether a node is a name with any number of heads: ``last_year.fact.inspections``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _name(node: ast.expr) -> str:
    """The dotted name of a node that ``_check`` has let through, or a function over all units."""
    if isinstance(node, ast.Call):
        return ast.unparse(node)
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id if isinstance(node, ast.Name) else "", *reversed(parts)))


def _leaves(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name() | ast.Attribute():
            yield _name(node)
        case ast.Call(args=args):
            for argument in args:
                yield from _leaves(argument)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _leaves(child)


def _compiled(node: ast.expr, places: Mapping[str, int]) -> Compute:
    """A node as a function of its operands' values; ``places`` says where among them each name's value stands."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _of_two(_OPERATIONS[type(op)], _compiled(left, places), _compiled(right, places))
        case ast.UnaryOp(operand=operand):
            return _negated(_compiled(operand, places))
        case ast.Call(func=ast.Name(id="default"), args=[first, second]):
            return _first_known(_compiled(first, places), _compiled(second, places))
        case ast.Call(func=ast.Name(id=function), args=[first, second]) if function in FUNCTIONS:
            return _of_two(FUNCTIONS[function], _compiled(first, places), _compiled(second, places))
        case ast.Constant(value=value):
            number = Decimal(str(value))
            return lambda _: number
        case _:
            return operator.itemgetter(places[_name(node)])


def _of_two(operation: Operation, first: Compute, second: Compute) -> Compute:
    def compute(operands: Sequence[Number | None]) -> Number | None:
        left, right = first(operands), second(operands)
        return None if left is None or right is None else operation(left, right)

    return compute


def _negated(first: Compute) -> Compute:
    def compute(operands: Sequence[Number | None]) -> Number | None:
        value = first(operands)
        return None if value is None else -value

    return compute


def _first_known(first: Compute, second: Compute) -> Compute:
    def compute(operands: Sequence[Number | None]) -> Number | None:
        value = first(operands)
        return second(operands) if value is None else value

    return compute


def _show(node: ast.expr, outer: int, text_of: Callable[[str], str], call: SayCall) -> str:
    """A node in the signs of print; ``outer`` is how tightly what stands around binds."""

    def say(inner: ast.expr, tight: int = outer) -> str:
        return _show(inner, tight, text_of, call)

    match node:
        case ast.BinOp(left=left, op=op, right=right):
            binding = _BINDING[type(op)]
            # The right side of − and ÷ keeps its brackets even at equal binding.
            tight = binding + (1 if isinstance(op, ast.Sub | ast.Div) else 0)
            shown = f"{say(left, binding)} {_SIGNS[type(op)]} {say(right, tight)}"
            return f"({shown})" if binding < outer else shown
        case ast.UnaryOp(operand=operand):
            return f"−{say(operand, 3)}"
        case ast.Call(func=ast.Name(id=function), args=[first, second]) if _is_call(node):
            return call(function, first, second, say)
        case ast.Constant(value=value):
            return str(value)
        case _:
            return text_of(_name(node))


def _factors(node: ast.expr) -> tuple[Number | None, list[ast.expr], list[ast.expr]]:
    """A product as its number, what else it multiplies and what it divides by."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            number, above, below = _factors(left)
            other, other_above, other_below = _factors(right)
            if number is None or other is None:
                return None, [], []
            if isinstance(op, ast.Mult):
                return times(number, other), above + other_above, below + other_below
            return divide(number, other), above + other_below, below + other_above
        case ast.Constant(value=value):
            return Decimal(str(value)), [], []
        case _:
            return Decimal(1), [node], []
