"""Functions over all units, and the conditions they count by: ``count(fines > 0)``, ``rank(fines)``, ``sum(fines)``."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tongbao.basics.formula import AGGREGATES, Formula, parsed
from tongbao.basics.rounding import Number, competition_ranks, divide, total

Value = Number | None
ValueOf = Callable[[str], Value]
_COMPARISONS: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a unit's figures must satisfy: comparisons of formulas, ``blank(x)``, ``reported(x)``, ``and or not``.

    >>> poor = Condition.parse("rate < 20 and reported(fines)")
    >>> poor.holds({"rate": Decimal(8), "20": Decimal(20), "fines": Decimal(0)}.get)
    True
    >>> poor.holds({"rate": None, "20": Decimal(20), "fines": Decimal(0)}.get)
    False
    """

    source: str
    tree: ast.expr

    @classmethod
    def parse(cls, source: str) -> Condition:
        """Read a condition.

        Raises:
            ValueError: anything else.
        """
        return _condition(source)

    @property
    def asks_for_blanks(self) -> bool:
        """Whether it tells units with a figure from those without."""
        calls = (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return any(isinstance(call.func, ast.Name) and call.func.id in ("blank", "reported") for call in calls)

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas it compares."""
        compared = (node for node in ast.walk(self.tree) if isinstance(node, ast.Compare))
        return tuple(ast.unparse(side) for node in compared for side in (node.left, *node.comparators))

    def holds(self, value_of: ValueOf, lacks_nothing: Callable[[str], bool] = lambda _: False) -> bool:
        """Whether it holds; ``value_of`` gives the value of each formula in it. A blank compares with nothing.

        ``lacks_nothing`` says whether a formula is not asked of the unit: what it has no row for is not blank.
        """
        return _holds(self.tree, value_of, lacks_nothing)


@lru_cache(maxsize=2048)
def _condition(source: str) -> Condition:
    tree = parsed(source)
    _check(tree, source)
    return Condition(source.strip(), tree)


def _check(node: ast.expr, source: str) -> None:
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check(part, source)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _check(part, source)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            Formula.parse(ast.unparse(left))
            Formula.parse(ast.unparse(right))
        case ast.Call(func=ast.Name(id="blank" | "reported"), args=[part], keywords=[]):
            Formula.parse(ast.unparse(part))
        case _:
            raise ValueError(f"a condition compares formulas, or joins conditions by and, or, not: {source!r}")


def _holds(node: ast.expr, value_of: ValueOf, lacks_nothing: Callable[[str], bool]) -> bool:
    match node:
        case ast.BoolOp(op=op, values=parts):
            held = (_holds(part, value_of, lacks_nothing) for part in parts)
            return all(held) if isinstance(op, ast.And) else any(held)
        case ast.UnaryOp(operand=part):
            return not _holds(part, value_of, lacks_nothing)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            first, second = value_of(ast.unparse(left)), value_of(ast.unparse(right))
            return first is not None and second is not None and _COMPARISONS[type(op)](first, second)
        case ast.Call(func=ast.Name(id=name), args=[part]):
            of = ast.unparse(part)
            has_none = value_of(of) is None
            return has_none and not lacks_nothing(of) if name == "blank" else not has_none
        case _:
            raise AssertionError(node)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over all units: of a formula, of the units that satisfy a condition where one is given."""

    function: str
    of: str
    where: Condition | None

    @classmethod
    def parse(cls, source: str) -> Aggregate | None:
        """Read ``sum(fines)``, ``rank(rate, reported(fines))`` or ``count(rate < 20)``; ``None`` for anything else.

        Raises:
            ValueError: its formula or condition is none.
        """
        return _aggregate(source)

    def fold(self, values: Mapping[str, Value]) -> Value:
        """The value over the units that have a figure; blank where none has one. ``count`` and ``rank`` differ."""
        found = [value for value in values.values() if value is not None]
        match self.function:
            case "sum" if found:
                return total(found)
            case "mean" if found:
                return divide(total(found), Decimal(len(found)))
            case "highest" if found:
                return max(found)
            case "lowest" if found:
                return min(found)
        return None

    def places(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The rank of each unit, the largest first; blank where it has no figure."""
        ranks = competition_ranks(values)
        return {unit: Decimal(ranks[unit]) if unit in ranks else None for unit in values}


@lru_cache(maxsize=2048)
def _aggregate(source: str) -> Aggregate | None:
    if "(" not in source:
        return None
    match parsed(source):
        case ast.Call(func=ast.Name(id="count"), args=[condition], keywords=[]):
            return Aggregate("count", "", Condition.parse(ast.unparse(condition)))
        case ast.Call(func=ast.Name(id=name), args=[of], keywords=[]) if name in AGGREGATES:
            return Aggregate(name, Formula.parse(ast.unparse(of)).source, None)
        case ast.Call(func=ast.Name(id=name), args=[of, condition], keywords=[]) if name in AGGREGATES:
            return Aggregate(name, Formula.parse(ast.unparse(of)).source, Condition.parse(ast.unparse(condition)))
        case _:
            return None
