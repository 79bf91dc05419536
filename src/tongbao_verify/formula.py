"""Periods; and formulas as definition and record write them (``docs/proof.md``), evaluated over fractions.

A blank is ``None``: it makes a sum, product or quotient blank, and a comparison false.
"""

import ast
import operator as op
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from statistics import mean
from typing import Any, NamedTuple

Value = Fraction | None
Of = str | Mapping[str, str]
Function = Callable[..., Any]
AREA = "area"
PERIODS = ("last_year", "previous", "year_to_date")
_PERIOD = re.compile(r"(\d{4})(?:-(?:q([1-4])|h([12])|(\d\d)(?:-to-(\d\d))?))?")
_FAR = re.compile(r"[eE][+-]?\d{3}")
_NAME = re.compile(r"(?<![\w.])(?!(?:and|or|not|it|size|(?:param|enterprises|issues)\.\w+)\b)[a-z_][\w.]*\b(?!\s*\()")


class UnreadableError(Exception):
    """A file, formula, key or number that cannot be read: its library is missing, or it is of no known kind."""


class NotAtHandError(Exception):
    """What would be needed is not published: it is no fault that it cannot be looked at."""


class Months(NamedTuple):
    """A run of months inside one year."""

    year: int
    first: int
    last: int


@lru_cache(maxsize=4096)
def months_of(period: str) -> Months:
    """The months of a period's id (2021, 2019-h1, 2019-q2, 2021-02, 2021-01-to-02)."""
    if (match := _PERIOD.fullmatch(period)) is None:
        raise UnreadableError(f"not a period: {period}")
    year, quarter, half, first, last = map(int, match.groups("0"))
    length = 3 if quarter else 6 if half else 12
    end = (quarter or half or 1) * length
    return Months(year, first, last or first) if first else Months(year, end - length + 1, end)


def compared_with(months: Months, head: str, step: int = 0) -> Months:
    """The months that a head means; an empty run where no period as long ends before inside a year.

    Where all figures count from January on, ``previous`` has some months less: ``step``.
    """
    year, first, last = months
    if step and head == "previous":
        return Months(year, 1, last - step) if last > step else Months(year, 0, -1)
    length = last - first + 1
    previous = Months(year, first - length, first - 1) if first > length else Months(year, 0, -1)
    if first == 1 and 12 % length == 0:
        previous = Months(year - 1, 13 - length, 12)
    return {"last_year": Months(year - 1, first, last), "year_to_date": Months(year, 1, last)}.get(head, previous)


def number_of(recorded: str | None) -> Value:
    """A number on record, or blank; one of more digits than a figure has would take for ever to write out."""
    if recorded is None:
        return None
    if len(recorded) > 100 or _FAR.search(recorded):
        raise UnreadableError(f"not a figure: {recorded[:20]}")
    return Fraction(recorded)


def same(recorded: str | None, value: Value) -> bool:
    """Whether a value on record, kept to 12 decimals, is the exact one."""
    number = number_of(recorded)
    if number is None or value is None:
        return number is value
    return abs(number - value) <= Fraction(1, 10**12)


def shown(value: Value) -> str:
    """A value in a reason, to six digits."""
    return "blank" if value is None else format(float(value), ".6g")


def rounded(value: Fraction, decimals: int, *, cut: bool = False) -> Fraction:
    """A fraction rounded half away from zero, or cut off."""
    whole = (abs(value) * 10**decimals + (0 if cut else Fraction(1, 2))) // 1
    return Fraction(whole if value > 0 else -whole, 10**decimals)


_COMPARE = {ast.Lt: op.lt, ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge, ast.Eq: op.eq, ast.NotEq: op.ne}
_ARITHMETIC = {ast.Add: op.add, ast.Sub: op.sub, ast.Mult: op.mul, ast.Div: lambda a, b: a / b if b else None}
_OPERATIONS: dict[type[ast.AST], Function] = dict([*_COMPARE.items(), *_ARITHMETIC.items()])
_OF_UNITS: dict[str, Function] = {"sum": sum, "mean": mean, "highest": max, "lowest": min}
_OF_NUMBERS: dict[str, Function] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda value, decimals: rounded(value, int(decimals)) if 0 <= decimals <= 12 else None,
    "floor": lambda value, step: value // step * step,
    "ceil": lambda value, step: -(-value // step * step),
    "change": lambda now, old: Fraction(0) if now == old else (now - old) / old * 100 if old > 0 else None,
}
_OF_BLANKS: dict[str, Function] = {
    "reported": lambda value: value is not None,
    "blank": lambda value: value is None,
    "default": lambda value, other: other if value is None else value,
}


@lru_cache(maxsize=4096)
def parse(source: str) -> ast.expr:
    """A formula as a tree."""
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None or "#" in source:  # what follows it is a remark, which nobody computes
        raise UnreadableError(f"not a formula: {source}")
    return tree


def canonical(source: str, head: str = "") -> str:
    """One spelling for formulas that say the same; with the head of another period before every name."""
    source = _NAME.sub(rf"{head}.\g<0>", source) if head else source
    return ast.unparse(parse(re.sub(r"\b((?:\w+\.)*)mean\.([\w.]+)", r"mean(\1\2)", source)))


@lru_cache(maxsize=4096)
def _dotted(node: ast.expr) -> str:
    return ast.unparse(node)


def together(node: ast.AST) -> list[frozenset[str]]:
    """The names that are put together, set by set: of a sum or change with a quotient in it, each side by itself."""
    match node:
        case ast.Name() | ast.Attribute():
            return [frozenset([_dotted(node)])]
        case ast.BinOp(left=left, op=sign, right=right):
            sides = together(left) + together(right)
            is_one = isinstance(sign, ast.Mult | ast.Div) or not any(isinstance(one, ast.Div) for one in ast.walk(node))
            return [frozenset().union(*sides)] if is_one else sides
        case ast.Call(func=ast.Name(id="change"), args=[now, old]):
            sides = together(now) + together(old)
            is_one = not any(isinstance(one, ast.Div) for one in ast.walk(node))
            return [frozenset().union(*sides)] if is_one else sides
        case ast.Call(func=ast.Name(id=function)) if function not in _OF_NUMBERS:
            return []
    return [names for child in ast.iter_child_nodes(node) for names in together(child)]


def sides_of(node: ast.AST) -> Iterator[list[frozenset[str]]]:
    """The names on both sides of each sum, product, quotient and change."""
    match node:
        case ast.Name() | ast.Attribute():
            return
        case ast.BinOp(left=one, right=other) | ast.Call(func=ast.Name(id="change"), args=[one, other]):
            yield [frozenset[str]().union(*together(side)) for side in (one, other)]
        case ast.Call(func=ast.Name(id=function)) if function not in _OF_NUMBERS:
            return
    for child in ast.iter_child_nodes(node):
        yield from sides_of(child)


def joined(groups: list[frozenset[str]]) -> list[frozenset[str]]:
    """Groups of names, those that share a name as one."""
    found: list[frozenset[str]] = []
    for group in groups:
        apart = [one for one in found if not one & group]
        found = [*apart, group.union(*(one for one in found if one & group))]
    return found


@dataclass(frozen=True)
class Evaluator:
    """Evaluates formulas of a bulletin on its ``own`` months, for a scope and a period; none is the bulletin's own.

    ``figure`` gives what a bare name stands for; ``of`` is what a claim compares, which ``it`` stands for: a formula of
    the units, or one for each item. A formula of the area sums columns ``without`` the units that, as
    ``half_blank`` says, have some of those that it puts together, and not all. Blank is what a unit lacks: of one that
    a formula is not ``about`` nothing is.
    """

    units: list[str]
    own: Months
    figure: Callable[[str, str, Months | None, frozenset[str]], Value]
    half_blank: Callable[[ast.expr, Months | None], dict[str, frozenset[str]]]
    about: Callable[[str], list[str]]
    scope: str = AREA
    period: Months | None = None
    of: Of = ""
    without: dict[str, frozenset[str]] = field(default_factory=dict)
    step: int = 0

    def __call__(
        self,
        source: str,
        scope: str = AREA,
        period: Months | None = None,
        of: Of = "",
        without: dict[str, frozenset[str]] | None = None,
    ) -> Any:
        """The exact value of a formula, ``None`` for a blank; of a condition, whether it holds."""
        node = parse(source)
        if not without:
            without = self.half_blank(node, period) if scope == AREA else {}
        return replace(self, scope=scope, period=period, of=of, without=without).value(node)

    def scopes(self, of: Of) -> list[str]:
        """What functions over all units go over: the units, or the items compared."""
        return self.units if isinstance(of, str) else list(of)

    def value(self, node: ast.expr) -> Any:
        """The value of a formula's tree."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return Fraction(str(value))
            case ast.Name() | ast.Attribute():
                return self._named(_dotted(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return None if (value := self.value(operand)) is None else -value
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand)
            case ast.BoolOp(op=joint, values=values):
                return (all if isinstance(joint, ast.And) else any)(map(self.value, values))
            case ast.BinOp(left=left, op=sign, right=right) | ast.Compare(left=left, ops=[sign], comparators=[right]):
                alike = self._alike(left, right) if isinstance(node, ast.Compare) else self
                sides = alike.value(left), alike.value(right)
                if None in sides:
                    return None if isinstance(node, ast.BinOp) else False
                if type(sign) in _OPERATIONS:
                    return _OPERATIONS[type(sign)](*sides)
            case ast.Call(func=ast.Name(id=function), args=[_, *_] as arguments, keywords=[]):
                return self._called(function, arguments)
        raise UnreadableError(f"not a formula: {ast.unparse(node)}")

    def _alike(self, left: ast.expr, right: ast.expr) -> "Evaluator":
        """As totals are held against each other: without the units that one side lacks, as in their difference."""
        if self.scope != AREA:
            return self
        found, own = self.half_blank(ast.BinOp(left=left, op=ast.Sub(), right=right), self.period), self.without
        return replace(self, without=own | {name: units | own.get(name, units) for name, units in found.items()})

    def _called(self, function: str, arguments: list[ast.expr]) -> Any:
        inner, *conditions = arguments
        if function in (*_OF_UNITS, "count", "rank"):
            return self._over_units(function, inner, conditions)
        if function not in _OF_NUMBERS | _OF_BLANKS:
            raise UnreadableError(f"no function is called {function}")
        alike = self._alike(inner, inner) if function in ("blank", "reported") else self
        values = [*map(alike.value, arguments)]
        if function == "blank" and not self._is_asked(_dotted(inner)):
            return False
        blank = function in _OF_NUMBERS and None in values
        return None if blank else (_OF_NUMBERS | _OF_BLANKS)[function](*values)

    def _is_asked(self, source: str) -> bool:
        """Whether a formula is about the unit in scope, if it is one; in another period it is about every unit."""
        of, is_unit = self.of, self.scope in self.units and self.period in (None, self.own)
        if not isinstance(of, str) or not is_unit:
            return True
        return self.scope in self.about(re.sub(r"\bit\b", lambda _: of, source))

    def _named(self, name: str) -> Any:
        head, _, rest = name.partition(".")
        if name == "size":
            return Fraction(len(self.scopes(self.of)))
        if name == "it":
            return self.value(parse(self.of)) if isinstance(self.of, str) else self(self.of[self.scope])
        if rest and head == "mean":
            return self._over_units(head, parse(rest), [])
        if rest and head == AREA:
            return replace(self, scope=AREA, without={}).value(parse(rest))
        if rest and head in PERIODS:
            period = compared_with(self.period or self.own, head, self.step)
            without = {rest: self.without[name]} if name in self.without else {}
            return replace(self, period=period, without=without).value(parse(rest))
        return self.figure(name, self.scope, self.period, self.without.get(name, frozenset()))

    def _over_units(self, function: str, inner: ast.expr, conditions: list[ast.expr]) -> Value:
        everyone = [replace(self, scope=scope) for scope in self.scopes(self.of)]
        each = [one.value(inner) for one in everyone if all(map(one.value, conditions))]
        values = [value for value in each if value is not None]
        if function == "count":
            return Fraction(each.count(True))
        if function == "rank":
            own = self.value(inner)
            return None if own is None else Fraction(1 + sum(value > own for value in values))
        return Fraction(_OF_UNITS[function](values)) if values else None
