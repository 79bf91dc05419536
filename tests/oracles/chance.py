"""What chance could do to rates of counts, worked out again; docs/methodology.md has the sources.

Intervals are the roots of the score test's quadratic, limits exact tail sums, both over decimals of fifty digits.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from oracles.arithmetic import AREA, names_of
from oracles.books import Books, bare
from oracles.rules import direction_of, is_filtered, pick
from oracles.subjects import BOUNDS

Model = Literal["binomial", "poisson"]
Ends = tuple[Decimal, Decimal]
Count = tuple[int, int]
_DIGITS = 50
# The points of the normal distribution that leave 2.5 % and 5 % above them, from tables.
_Z, _Z_ONE_SIDED = Decimal("1.959963984540"), 1.6448536269514722
_LEVEL = 0.05
_TAILS = (Decimal("0.001"), Decimal("0.025"))


def interval(count: Count, model: Model) -> Ends:
    """The 95 % score interval of a share: where (part − whole × p)² = z² × whole × p × (1 − p), or without 1 − p.

    >>> [str(round(end, 4)) for end in interval((15, 148), "binomial")]
    ['0.0624', '0.1605']
    """
    with localcontext() as context:
        context.prec = _DIGITS
        part, whole = map(Decimal, count)
        square = _Z * _Z * whole
        a = whole * whole + (square if model == "binomial" else 0)
        b = 2 * part * whole + square
        reach = (b * b - 4 * a * part * part).sqrt()
        return (b - reach) / (2 * a), (b + reach) / (2 * a)


@cache
def limits(size: int, target: Fraction, model: Model) -> tuple[Ends, Ends]:
    """The 95 % and the 99.8 % limits of a share for a unit of a size: the first and last counts that are inside.

    A count is inside where so many or more and so few or fewer both have a probability above the tail.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        lowest, low, high, highest = (Decimal(count) / size for count in _inside(size, target, model))
        return (low, high), (lowest, highest)


def _inside(size: int, target: Fraction, model: Model) -> list[int | Decimal]:
    """The first counts with P(X ≤ count) above each lower tail, the last with P(X ≥ count) above each upper one."""
    share = Decimal(target.numerator) / target.denominator
    if share == 0 or (model == "binomial" and share == 1):
        return [Decimal(size) * share] * 4
    mean = size * share
    chance = (1 - share) ** size if model == "binomial" else (-mean).exp()
    first: dict[Decimal, int] = {}
    last: dict[Decimal, int] = {}
    below, count = Decimal(0), 0
    while 1 - below > _TAILS[0] / 10**6:
        for tail in _TAILS:
            if below + chance > tail:
                first.setdefault(tail, count)
            if 1 - below > tail:
                last[tail] = count
        if model == "binomial" and count == size:
            break
        below += chance
        count += 1
        chance *= (size - count + 1) * share / (count * (1 - share)) if model == "binomial" else mean / count
    return [first[_TAILS[0]], first[_TAILS[1]], last[_TAILS[1]], last[_TAILS[0]]]


def surely_higher(counts: Mapping[str, Count], model: Model) -> set[tuple[str, str]]:
    """Pairs of which the first is higher, and not by chance: one-sided score tests, together at 5 % (Holm)."""
    chances = sorted(
        (_chance_of(counts[high], counts[low], model), high, low) for high in counts for low in counts if high != low
    )
    found: set[tuple[str, str]] = set()
    for place, (chance, high, low) in enumerate(chances):
        if chance * (len(chances) - place) > _LEVEL:
            break
        found.add((high, low))
    return found


def _chance_of(first: Count, second: Count, model: Model) -> float:
    """How likely a difference as large is where both have the pooled rate."""
    pooled = Fraction(first[0] + second[0], first[1] + second[1])
    variance = pooled * (1 - pooled if model == "binomial" else 1) * (Fraction(1, first[1]) + Fraction(1, second[1]))
    if variance <= 0:
        return 0.5
    difference = Fraction(*first) - Fraction(*second)
    z = math.copysign(math.sqrt(difference * difference / variance), difference)
    return math.erfc(z / math.sqrt(2)) / 2


def possible_ranks(units: Sequence[str], higher: set[tuple[str, str]], *, falling: bool) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each unit: behind those surely before it, before those surely behind it."""
    ahead = higher if falling else {(low, high) for high, low in higher}
    return {
        unit: (1 + sum(last == unit for _, last in ahead), len(units) - sum(first == unit for first, _ in ahead))
        for unit in units
    }


def dispersion(counts: Sequence[Count], target: Fraction, model: Model) -> tuple[float, bool]:
    """φ, the mean square of the z-scores with a tenth at each end drawn in, and whether χ² finds it beyond chance."""
    variance = target * (1 - target) if model == "binomial" else target
    if variance <= 0:
        return 1.0, False
    scores = sorted(
        math.copysign(math.sqrt((Fraction(*count) - target) ** 2 / (variance / count[1])), Fraction(*count) - target)
        for count in counts
    )
    place = (len(scores) - 1) / 10
    at, between = int(place), place - int(place)
    ends = [(1 - between) * scores[a] + between * scores[b] for a, b in ((at, at + 1), (-1 - at, -2 - at))]
    total = math.fsum(min(max(score, ends[0]), ends[1]) ** 2 for score in scores)
    freedom = len(scores) - 1
    ninth = 2 / (9 * freedom)
    return total / len(scores), total > freedom * (1 - ninth + _Z_ONE_SIDED * math.sqrt(ninth)) ** 3


# What is counted one by one; money, tons and rates are not.
_COUNTED = frozenset(["家", "家次", "次", "起", "例", "件", "份", "宗", "个", "项", "条", "人", "人次", "户", "户次"])


@dataclass(frozen=True)
class Standing:
    """A unit among the others; intervals and limits are shares."""

    unit: str
    count: Count
    interval: Ends
    rank: int
    ranks: tuple[int, int]
    inner: Ends
    outer: Ends
    position: str


@dataclass(frozen=True)
class Rate:
    """A rate of counts, its units by rank, and the findings that chance may explain."""

    measure: str
    model: Model
    target: Fraction
    standings: tuple[Standing, ...]
    swaps: tuple[tuple[str, str], ...]
    factor: float
    beyond: bool
    near: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def find_rates(
    books: Books, findings: Mapping[str, Any], checks: Mapping[str, Any]
) -> tuple[list[Rate], dict[str, str]]:
    """The rates of counts, and the other rates with the reason why no interval can be given."""
    found, without = [], {}
    for measure in books.series.measures:
        indicator = books.series.indicators.get(measure)
        parts = None if indicator is None or indicator.counts is False else _ratio(books, measure)
        if parts is None:
            if (indicator or books.series.columns[measure]).unit == "%":
                without[measure] = "no_counts" if indicator else "parts_unknown"
            continue
        part, whole, scale = parts
        counts = {unit: _count(books, part, whole, unit) for unit in books.units}
        known = {unit: count for unit, count in counts.items() if count is not None}
        area = _count(books, part, whole, AREA)
        if any(books.amount(measure, unit).value is not None for unit in counts.keys() - known.keys()):
            without[measure] = "no_counts"
        elif len(known) < 2 or area is None:
            without[measure] = "too_few"
        else:
            within = all(one[0] <= one[1] for one in (area, *known.values()))
            said = indicator.proportion if indicator else None
            share = _is_checked(checks, part, whole) if said is None else said
            model: Model = "binomial" if share else "poisson"
            if share and not within:
                without[measure] = "beyond_whole"
                continue
            if not share and said is None and within and scale == 100 and _passes_all(known, area):
                without[measure] = "undeclared"
                continue
            about = {
                name: rule
                for name, rule in findings.items()
                if rule["rule"] == "list" and rule.get("measure") == measure and "change" not in rule
            }
            found.append(_rate(books, measure, scale, model, known, area, about))
    return found, without


def _passes_all(counts: dict[str, Count], area: Count) -> bool:
    """Whether an interval or a limit would lie beyond 100 %."""
    target = Fraction(*area)
    ends = [interval(one, "poisson")[1] for one in (area, *counts.values())]
    ends += [limits(one[1], target, "poisson")[0][1] for one in (area, *counts.values())]
    return any(end > 1 for end in ends)


def _rate(
    books: Books,
    measure: str,
    scale: Fraction,
    model: Model,
    counts: dict[str, Count],
    area: Count,
    about: Mapping[str, Any],
) -> Rate:
    target, falling, ranks = Fraction(*area), books.falls(measure), books.ranks(measure)
    higher = surely_higher(counts, model)
    possible = possible_ranks(list(counts), higher, falling=falling)
    standings = []
    for unit in sorted(counts, key=ranks.__getitem__):
        share = Fraction(*counts[unit])
        inner, outer = limits(counts[unit][1], target, model)
        place = "inside"
        for name, (low, high) in (("95", inner), ("998", outer)):
            first, last = round(low * counts[unit][1]), round(high * counts[unit][1])
            if target != share:  # a target of none or all has no counts around it
                side = "above" if counts[unit][0] > last else "below" if counts[unit][0] < first else ""
            else:
                side = ""
            place = f"{side}_{name}" if side else place
        standings.append(
            Standing(
                unit, counts[unit], interval(counts[unit], model), ranks[unit], possible[unit], inner, outer, place
            )
        )
    swaps = [
        (first.unit, second.unit)
        for first, second in pairwise(standings)
        if first.rank != second.rank and not {(first.unit, second.unit), (second.unit, first.unit)} & higher
    ]
    near = [one for name, rule in about.items() for one in _near(name, rule, books, standings, scale)]
    lists = [one for name, rule in about.items() for one in _doubtful(name, rule, books, standings, falling=falling)]
    factor, beyond = dispersion(list(counts.values()), target, model)
    return Rate(measure, model, target, tuple(standings), tuple(swaps), factor, beyond, tuple(near), tuple(lists))


def _near(
    name: str, rule: Mapping[str, Any], books: Books, standings: list[Standing], scale: Fraction
) -> Iterator[tuple[str, str]]:
    """Units that a finding puts below a line which their interval holds."""
    found = pick(rule, books)
    bounds = rule["also"] if found.case == "also" else {key: rule[key] for key in BOUNDS if key in rule}
    for relation in ("below", "at_most"):
        heads = [one for one in names_of(str(bounds.get(relation, ""))) if not one.startswith(("area.", "mean."))]
        if relation in bounds and all(bare(one).startswith(("fact.", "param.")) for one in heads):
            line = books.evaluate(str(bounds[relation])).value
            for standing in standings:
                low, high = (Fraction(end) * scale for end in standing.interval)
                told = line is not None and line not in (0, scale)  # all or none is no matter of chance
                if told and standing.unit in found.units and low <= line <= high:
                    yield name, standing.unit


def _doubtful(
    name: str, rule: Mapping[str, Any], books: Books, standings: list[Standing], *, falling: bool
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Whom chance may have put on a list of first or last places, and whom it may have kept off."""
    found = pick(rule, books)
    if "take" not in rule or is_filtered(rule) or not found.units:
        return
    many, size = len(found.units), len(standings)
    first = direction_of(rule) in ("best", "descending" if falling else "ascending")
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


def _ratio(books: Books, measure: str) -> tuple[str, str, Fraction] | None:
    """Part, whole and scale of a measure that divides counts; ``None`` where it does not."""
    series = books.series
    indicator = series.indicators[measure]
    scale, above, below = _factors(ast.parse(indicator.formula, mode="eval").body)
    if len(above) != 1 or len(below) != 1:
        return None
    units = {name: one.unit for name, one in (*series.columns.items(), *series.indicators.items())}
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
    return number / other, above + under, below + over


def _is_checked(checks: Mapping[str, Any], part: str, whole: str) -> bool:
    """Whether a build stops where the part is larger than the whole, by one check or by several in steps."""
    pairs = set()
    for check in checks.values():
        if check["check"] == "holds" and check.get("level", "error") == "error":
            left, right = ("".join(str(check[side]).split()) for side in ("left", "right"))
            pairs |= {(left, right)} if check["relation"] != ">=" else set()
            pairs |= {(right, left)} if check["relation"] != "<=" else set()
    names = {name for pair in pairs for name in pair}
    for _ in names:  # the transitive closure
        pairs |= {(one, three) for one, two in pairs for other, three in pairs if two == other}
    return ("".join(part.split()), "".join(whole.split())) in pairs


def _count(books: Books, part: str, whole: str, scope: str) -> Count | None:
    """Both sides as whole numbers, none below zero, something to divide by."""
    sides = [books.evaluate(side, scope).value for side in (part, whole)]
    if any(side is None or side < 0 or side.denominator != 1 for side in sides) or not sides[1]:
        return None
    return int(sides[0] or 0), int(sides[1])
