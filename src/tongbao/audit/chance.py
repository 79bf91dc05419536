"""Every rate of counts of a period and what chance leaves of its ranks and of the findings on it, worked out again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from tongbao.audit.arithmetic import names_of, printed
from tongbao.audit.books import AREA, Amount, Books
from tongbao.audit.chance_numbers import (
    Count,
    Ends,
    Model,
    dispersion,
    interval,
    limits,
    possible_ranks,
    surely_higher,
)
from tongbao.audit.membership import members
from tongbao.audit.subjects import option
from tongbao.checks.holds import Holds
from tongbao.definition.names import of_unit
from tongbao.definition.series import Series
from tongbao.findings.list import List

# What is counted one by one; money, tons and rates are not.
_COUNTED = frozenset(["家", "家次", "次", "起", "例", "件", "份", "宗", "个", "项", "条", "人", "人次", "户", "户次"])


@dataclass(frozen=True)
class Standing:
    """A unit among the others; ``interval``, ``inner`` (95 %) and ``outer`` (99.8 %) are in the measure's own unit."""

    unit: str
    amount: Amount
    count: Count
    share: Fraction
    interval: Ends
    rank: int
    ranks: tuple[int, int]
    inner: Ends
    outer: Ends
    position: str


@dataclass(frozen=True)
class Rate:
    """A rate of counts: ``part`` and ``whole`` as formulas, units by rank, and the findings that chance may explain."""

    measure: str
    part: str
    whole: str
    scale: Fraction
    model: Model
    area: Amount
    target: Fraction
    standings: tuple[Standing, ...]
    swaps: tuple[tuple[str, str], ...]
    factor: float
    beyond: bool
    near: tuple[tuple[str, str, Amount], ...]
    lists: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]

    def at(self, *positions: str) -> list[str]:
        """The units at some places of the funnel."""
        return [standing.unit for standing in self.standings if standing.position in positions]

    def outside_widened(self) -> list[str]:
        """The units outside the 95 % limits even when these are widened by √φ, φ as it is printed."""
        factor = max(Decimal(1), Decimal(printed(Fraction(self.factor), 2))).sqrt()
        target = Decimal(self.target.numerator) / self.target.denominator
        found = []
        for standing in self.standings:
            low, high = (Fraction(target - (target - end) * factor) for end in standing.inner)
            if not low <= standing.share <= high:
                found.append(standing.unit)
        return found


def find_rates(books: Books) -> tuple[list[Rate], dict[str, str]]:
    """The rates of counts, and the other rates with the reason why no interval can be given.

    Raises:
        NotComputableError: counts too large to sum over, or a formula beyond this path.
    """
    found, without = [], {}
    for measure in books.series.measures:
        parts = _ratio(books.series, measure)
        if parts is None:
            indicator = books.series.indicators.get(measure)
            if (indicator or books.series.columns[measure]).unit == "%":
                without[measure] = "no_counts" if indicator else "parts_unknown"
            continue
        part, whole, scale = parts
        counts = {unit.id: _count(books, part, whole, unit.id) for unit in books.series.units}
        known = {unit: count for unit, count in counts.items() if count is not None}
        area = _count(books, part, whole, AREA)
        if any(books.amount(measure, unit).value is not None for unit in counts.keys() - known.keys()):
            without[measure] = "no_counts"
        elif len(known) < 2 or area is None:
            without[measure] = "too_few"
        else:
            within = all(one[0] <= one[1] for one in (area, *known.values()))
            model: Model = "binomial" if within and _is_checked(books.series, part, whole) else "poisson"
            found.append(_rate(books, measure, (part, whole, scale), model, known, area))
    return found, without


def _rate(
    books: Books, measure: str, parts: tuple[str, str, Fraction], model: Model, counts: dict[str, Count], area: Count
) -> Rate:
    target, falling, ranks = Fraction(*area), books.descending(measure), books.ranks(measure)
    higher = surely_higher(counts, model)
    possible = possible_ranks(list(counts), higher, falling=falling)
    standings = []
    for unit in sorted(counts, key=ranks.__getitem__):
        share = Fraction(*counts[unit])
        inner, outer = limits(counts[unit][1], target, model)
        place = "inside"
        for name, (low, high) in (("95", inner), ("998", outer)):
            side = "above" if share > Fraction(high) else "below" if share < Fraction(low) else ""
            place = f"{side}_{name}" if side else place
        standings.append(Standing(unit, books.amount(measure, unit), counts[unit], share, interval(counts[unit], model),
                                  ranks[unit], possible[unit], inner, outer, place))  # fmt: skip
    swaps = [(first.unit, second.unit) for first, second in pairwise(standings) if first.rank != second.rank
             and not {(first.unit, second.unit), (second.unit, first.unit)} & higher]  # fmt: skip
    about = [(name, rule) for name, rule in books.series.findings.items() if isinstance(rule, List)
             and rule.measure is not None and rule.measure.formula == measure and rule.change is None]  # fmt: skip
    near = [one for name, rule in about for one in _near(name, rule, books, standings, parts[2])]
    lists = [one for name, rule in about for one in _doubtful(name, rule, books, standings, falling=falling)]
    factor, beyond = dispersion(list(counts.values()), target, model)
    return Rate(measure, *parts, model, books.amount(measure), target, tuple(standings), tuple(swaps),
                factor, beyond, tuple(near), tuple(lists))  # fmt: skip


def _near(
    name: str, rule: List, books: Books, standings: list[Standing], scale: Fraction
) -> Iterator[tuple[str, str, Amount]]:
    """Units that a finding puts below a line which their interval holds."""
    found = members(rule, books)
    if found is None:
        return
    bounds = rule.also.bounds() if found.case == "also" and rule.also is not None else rule.bounds()
    for relation in ("below", "at_most"):
        if relation in bounds and not any(map(of_unit, names_of(bounds[relation]))):
            line = option(bounds[relation], books)
            for standing in standings:
                low, high = (Fraction(end) * scale for end in standing.interval)
                if line.value is not None and standing.unit in found.units and low <= line.value <= high:
                    yield name, standing.unit, line


def _doubtful(
    name: str, rule: List, books: Books, standings: list[Standing], *, falling: bool
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Whom chance may have put on a list of first or last places, and whom it may have kept off."""
    found = members(rule, books)
    if found is None or rule.take is None or rule.filtered or not found.units:
        return
    many, size = len(found.units), len(standings)
    first = rule.direction in ("best", "descending" if falling else "ascending")
    inside = range(1, many + 1) if first else range(size - many + 1, size + 1)
    leave, join = [], []
    for standing in standings:
        places = range(standing.ranks[0], standing.ranks[1] + 1)
        if standing.unit in found.units and any(place not in inside for place in places):
            leave.append(standing.unit)
        if standing.unit not in found.units and any(place in inside for place in places):
            join.append(standing.unit)
    if leave or join:
        yield name, tuple(leave), tuple(join)


def _ratio(series: Series, measure: str) -> tuple[str, str, Fraction] | None:
    """Part, whole and scale of a measure that divides counts; ``None`` where it does not."""
    indicator = series.indicators.get(measure)
    if indicator is None or indicator.counts is False:
        return None
    scale, above, below = _factors(ast.parse(indicator.formula, mode="eval").body)
    if len(above) != 1 or len(below) != 1:
        return None
    units = {name: column.unit for name, column in series.columns.items()}
    units |= {name: other.unit for name, other in series.indicators.items()}
    counted = all(units.get(name) in _COUNTED for name in names_of(f"{above[0]} + {below[0]}"))
    return (above[0], below[0], scale) if counted or indicator.counts else None


def _factors(node: ast.expr) -> tuple[Fraction, list[str], list[str]]:
    """A product: its number, what it multiplies besides, and what it divides by."""
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value)), [], []
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult | ast.Div):
        return Fraction(1), [ast.unparse(node)], []
    (number, above, below), (other, over, under) = _factors(node.left), _factors(node.right)
    if isinstance(node.op, ast.Mult):
        return number * other, above + over, below + under
    return (number / other, above + under, below + over) if other else (number, [], [])


def _is_checked(series: Series, part: str, whole: str) -> bool:
    """Whether a build stops where the part is larger than the whole."""
    for check in series.checks.values():
        if isinstance(check, Holds) and check.level == "error" and check.relation in ("<=", ">="):
            sides = ["".join(side.split()) for side in (check.left, check.right)]
            if sides[:: 1 if check.relation == "<=" else -1] == ["".join(part.split()), "".join(whole.split())]:
                return True
    return False


def _count(books: Books, part: str, whole: str, scope: str) -> Count | None:
    """Both sides as whole numbers, none below zero, something to divide by."""
    sides = [books.evaluate(side, scope).value for side in (part, whole)]
    if any(side is None or side < 0 or side.denominator != 1 for side in sides) or not sides[1]:
        return None
    return int(sides[0] or 0), int(sides[1])
