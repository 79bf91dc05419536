"""Which units a rule names, picked again from the declared rule: a registry with one function per kind of rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tongbao.audit.arithmetic import NotComputableError, decimals_of, printed
from tongbao.audit.books import AREA, Amount, Books, UnknownNameError
from tongbao.audit.subjects import (
    POINTS,
    Compared,
    Fractions,
    Limit,
    before_of,
    change,
    comparable,
    compared_by,
    head_of,
    keeps,
    limit,
    limits_of,
    option,
)
from tongbao.series.blocks import Value
from tongbao.series.heads import HEADS, bare
from tongbao.series.rules import Change, Compares, Judge, List, Range, Rule, Split, State, Target, worded
from tongbao.series.wordings import own_words

_NAMES = re.compile(r"\{\{\s*(\w+)")
Cases = tuple[str, ...]


@dataclass(frozen=True)
class Members:
    """What a rule finds, worked out again.

    ``units`` are those it is about, in order; ``case`` is the wording that the figures make true, of all ``cases`` that
    are; ``lists`` are names by what a wording calls them, ``amounts`` its numbers.
    """

    units: tuple[str, ...]
    case: str
    cases: Cases
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    amounts: Mapping[str, Amount] = field(default_factory=dict)
    template: Mapping[str, str] = field(default_factory=dict)
    show: int | None = None

    def names(self, lang: str = "zh") -> tuple[str, ...] | None:
        """The names that the sentence gives, in order; ``None`` where its wording chooses by itself."""
        template = self.template.get(lang, "")
        if "{%" in template:
            return None
        found: list[str] = []
        for name in _NAMES.findall(template):
            listed = list(self.lists.get(name, ()))
            found += listed[: self.show] if name == "units" and self.show is not None else listed
        return tuple(found)


@dataclass
class _Found:
    cases: Cases
    units: Sequence[str] = ()
    lists: dict[str, Sequence[str]] = field(default_factory=dict)
    amounts: dict[str, Amount] = field(default_factory=dict)


Pick = Callable[[Rule, Books], _Found]
_PICKS: dict[str, tuple[type[Rule], Pick]] = {}


def picks(kind: type[Rule]) -> Callable[[Pick], Pick]:
    """Register how a kind of rule picks its units."""

    def register(function: Pick) -> Pick:
        _PICKS[kind.__name__.lower()] = (kind, function)
        return function

    return register


def members(rule: Rule, books: Books) -> Members | None:
    """What a rule finds, or ``None`` where its kind, an option it sets or a figure it needs is not known here."""
    kind, function = _PICKS.get(str(getattr(rule, "rule", "")), (Rule, None))
    fields = type(rule).model_fields
    beyond = set(fields) - set(kind.model_fields)
    stranger = any(getattr(rule, name) != fields[name].default for name in beyond)
    if function is None or stranger:
        return None
    try:
        found = function(rule, books)
    except (NotComputableError, UnknownNameError):
        return None
    case, wording = worded(rule, found.cases, own_words(rule))
    lists = {"units": found.units, **found.lists}
    template = {"zh": wording.zh, "en": wording.en or ""}
    named = next((name for name in _NAMES.findall(wording.zh) if name in lists), "units")
    amounts = {"named": _count(lists[named]), **found.amounts}
    amounts |= {name: books.value(value) for name, value in rule.values.items()}
    return Members(tuple(found.units), case, found.cases, lists, amounts, template, rule.naming.show)


@picks(State)
def _state(rule: Rule, books: Books) -> _Found:
    blank = any(books.value(value).value is None for value in rule.values.values())
    return _Found(("missing",) if blank and "missing" in rule.wording else ("default",))


@picks(List)
def _list(rule: Rule, books: Books) -> _Found:
    assert isinstance(rule, List)  # noqa: S101  # the registry's key
    if rule.table:
        return _table(rule, rule.table, books)
    subject, limits = compared_by(rule, books), limits_of(rule, books)
    compared = comparable(subject, limits)
    found = _Found(("default",), amounts=_of_each(subject))
    _describe(found, subject, compared)
    if not compared and not rule.blank:
        missing = subject.other_missing or (bool(subject.reporting()) and bool(_head(rule)))
        found.cases = ("no_comparison", "unreported") if missing else ("unreported",)
        return found
    falling = {"best": subject.falling, "worst": not subject.falling, "ascending": False}.get(rule.direction, True)
    places = {name: 1 + sum(other > value if falling else other < value for other in compared.values())
              for name, value in compared.items()}  # fmt: skip
    found.amounts |= {f"place.{name}": _number(place, f"place of {name}") for name, place in places.items()}
    if rule.focus:
        return _focus(rule.focus, found, places)
    matched = _matched(rule, subject, compared, limits, books)
    found.cases = _cases(rule, subject, compared, matched)
    found.lists["rest"] = [name for name in compared if name not in matched]
    _numbers(found, rule, subject, compared, matched, limits)
    found.units = matched
    if rule.direction != "official":
        inside = [name for name in matched if name in compared]
        inside.sort(key=lambda name: places[name])
        found.units = inside + [name for name in matched if name not in compared]
    if rule.take is not None:
        _take(found, rule, compared, places, books)
    if rule.also is not None and found.units:
        also = limits_of(rule.also, books)
        found.amounts = _of_bounds(rule.also.bounds(), also) | found.amounts
        if all(keeps(name, compared.get(name), also) for name in found.units):
            found.cases = ("also", *found.cases)
    if rule.since:
        other = books.other(rule.since)
        _trend(found, matched, _before(rule, other, limits) if other and other.any_received else None)
    return found


def _matched(
    rule: List, subject: Compared, compared: Fractions, limits: Mapping[str, Limit], books: Books
) -> list[str]:
    names = {name for name, value in compared.items() if keeps(name, value, limits)}
    if rule.blank:
        names = (names if limits else set()) | {name for name, value in subject.values.items() if value is None}
    for condition in rule.where:
        bounds = limits_of(condition, books)
        names = {name for name in names if keeps(name, books.evaluate(condition.value, name).value, bounds)}
    return [name for name in subject.values if name in names]


def _cases(rule: List, subject: Compared, compared: Fractions, matched: Sequence[str]) -> Cases:
    size, many = len(subject.values), len(matched)
    if not rule.filtered:
        if rule.take is None and size > 1 and len(subject.reporting()) == 1:
            return ("one", "default")
        return ("partial", "default") if rule.take is None and len(subject.reporting()) < size else ("default",)
    complete = rule.blank or len(compared) == size
    if not many:
        return ("none",) if complete else ("incomplete",)
    if many == size > 1:
        return ("all", "default")
    if not complete:
        return ("all_reporting", "default") if many == len(compared) > 1 else ("default",)
    special = "one" if many == 1 else "all_but_one" if many == size - 1 else ""
    return (special, "default") if special else ("default",)


def _numbers(
    found: _Found,
    rule: List,
    subject: Compared,
    compared: Fractions,
    matched: Sequence[str],
    limits: Mapping[str, Limit],
) -> None:
    found.amounts |= {"count": _count(matched), "rest_count": _count(found.lists["rest"])}
    found.amounts |= _of_bounds(rule.bounds(), limits)
    named = [subject.amounts[name] for name in matched if name in compared]
    if rule.change or any(amount.value is None or Fraction(amount.text) != amount.value for amount in named):
        return  # the sum of rounded figures is left to its calculation on record
    total = sum((amount.value for amount in named if amount.value is not None), Fraction(0))
    unit = next((amount.unit for amount in subject.amounts.values() if amount.unit), "")
    text = printed(total, max((decimals_of(amount.text) for amount in named), default=0))
    found.amounts["total"] = Amount(total, text, "computed", "sum of the units named", unit, rounded=True)


def _of_bounds(expressions: Mapping[str, str], limits: Mapping[str, Limit]) -> dict[str, Amount]:
    """The amounts of bounds under the names that a wording has for them."""
    found: dict[str, Amount] = {}
    for name, bound in limits.items():
        if bound.amount is None:
            continue
        keys = ["threshold", "lower" if name in ("above", "at_least") else "upper"]
        head = expressions[name].partition(".")[0]
        keys += [bare(expressions[name])] if head in HEADS else []
        found |= dict.fromkeys(keys, bound.amount)
    return found


def _take(found: _Found, rule: List, compared: Fractions, places: Mapping[str, int], books: Books) -> None:
    wanted = option(rule.take or "", books)
    n = int(wanted.value or 0)
    units = [name for name in found.units if name in compared]
    taken = units[:n]
    if rule.ties == "extend" and taken:
        taken += [name for name in units[n:] if places[name] == places[taken[-1]]]
    found.units = taken
    found.amounts["n"] = wanted if len(taken) >= n else _count(taken)
    if not rule.filtered and found.amounts["n"].text == "1":
        found.cases = ("one", "default")


def _focus(focus: str, found: _Found, places: Mapping[str, int]) -> _Found:
    found.units, found.lists["focus"] = [focus], [focus]
    if focus not in places:
        found.cases = ("focus_unreported",)
        return found
    tied = [name for name, place in places.items() if place == places[focus] and name != focus]
    found.lists["tied_with"] = tied
    found.cases = ("tied", "default") if tied else ("default",)
    found.amounts |= {"place": found.amounts[f"place.{focus}"], "focus_value": found.amounts[f"value.{focus}"]}
    return found


def _table(rule: List, table: str, books: Books) -> _Found:
    """Units that left every item of a table blank."""
    units, size = _blank_rows(table, books), len(books.series.units)
    first = next(iter(books.series.tables[table].columns))
    found = _Found(("default",), units)
    if not units:
        found.cases = ("none",)
    elif len(units) in (size, 1, size - 1):
        found.cases = ({size: "all", 1: "one"}.get(len(units), "all_but_one"), "default")
    rows = books.received.tables[table].rows
    found.lists["rest"] = [unit for unit in rows if unit not in units]
    found.amounts = {"count": _count(units), "rest_count": _count(found.lists["rest"])}
    found.amounts |= {f"unit.{unit}": books.amount(first, unit) for unit in rows}
    if rule.since:
        other = books.other(rule.since)
        _trend(found, units, _blank_rows(table, other) if other and table in other.received.tables else None)
    return found


def _blank_rows(table: str, books: Books) -> list[str]:
    rows = books.received.tables[table].rows
    return [unit for unit, row in rows.items() if not any(cell.value is not None for cell in row.values())]


def _before(rule: List, other: Books, limits: Mapping[str, Limit]) -> list[str] | None:
    """The list as it was; bounds that are one number for all are this period's."""
    subject = compared_by(rule, other)
    own = {name: bound if bound.of_each is None else limit(rule.bounds()[name], other)
           for name, bound in limits.items()}  # fmt: skip
    compared = comparable(subject, own)
    return _matched(rule, subject, compared, own, other) if compared or rule.blank else None


def _trend(found: _Found, matched: Sequence[str], before: Sequence[str] | None) -> None:
    if before is None:
        found.cases = ("no_earlier", *found.cases) if matched else found.cases
        return
    found.amounts["before_count"] = _count(before)
    found.lists |= {"gone": [name for name in before if name not in matched],
                    "joined": [name for name in matched if name not in before]}  # fmt: skip
    if matched:
        same = "unchanged" if set(matched) == set(before) else "changed"
        case = {0: same, -1: "shrunk", 1: "grown"}[(len(matched) > len(before)) - (len(matched) < len(before))]
        found.cases = (case, *found.cases)
    elif before and found.cases[0] == "none":
        found.cases = ("cleared", *found.cases)


@picks(Range)
def _range(rule: Rule, books: Books) -> _Found:
    assert isinstance(rule, Range)  # noqa: S101
    subject = compared_by(rule, books)
    values = subject.reporting()
    found = _Found(("unreported",), amounts=_of_each(subject))
    _describe(found, subject, values)
    if not values:
        found.cases = ("no_comparison", "unreported") if subject.other_missing else ("unreported",)
        return found
    high, low = max(values.values()), min(values.values())
    highest, lowest = ([name for name, value in values.items() if value == end] for end in (high, low))
    found.units = list(dict.fromkeys((*highest, *lowest)))
    found.lists |= {"highest_units": highest, "lowest_units": lowest}
    ends = subject.amounts[highest[0]], subject.amounts[lowest[0]]
    found.amounts |= {"highest": ends[0], "lowest": ends[1]}
    decimals = max(decimals_of(end.text) for end in ends)
    found.amounts["spread"] = Amount(high - low, printed(high - low, decimals), "computed", "highest − lowest",
                                     ends[0].unit, rounded=True)  # fmt: skip
    found.cases = ("one", "default") if len(values) == 1 else ("default",)
    if len(values) > 1 and high == low:
        found.cases = ("equal",) if len(values) == len(subject.values) else ("equal_reporting",)
    return found


@picks(Split)
def _split(rule: Rule, books: Books) -> _Found:
    assert isinstance(rule, Split)  # noqa: S101
    subject, bound = compared_by(rule, books), limit(rule.at, books)
    values = comparable(subject, {"at": bound})
    found = _Found(("unreported",), amounts=_of_each(subject) | _of_bounds({"at": rule.at}, {"at": bound}))
    _describe(found, subject, values)
    if not values:
        missing = subject.other_missing or (bool(subject.reporting()) and bool(_head(rule)))
        found.cases = ("no_comparison", "unreported") if missing else ("unreported",)
        return found
    sides: dict[str, list[str]] = {"above": [], "below": [], "level": []}
    for name, value in values.items():
        side = "above" if keeps(name, value, {"above": bound}) else "level" if keeps(name, value, {"at": bound}) else ""
        sides[side or "below"].append(name)
    for side, names in sides.items():
        found.lists[f"{side}_units"], found.amounts[f"{side}_count"] = names, _count(names)
    found.units = [*sides["above"], *sides["below"]]
    alone = next((side for side, names in sides.items() if len(names) == len(values)), None)
    found.cases = (f"all_{alone}",) if alone else ("some_level", "default") if sides["level"] else ("default",)
    return found


@picks(Target)
def _target(rule: Rule, books: Books) -> _Found:
    assert isinstance(rule, Target)  # noqa: S101
    value, target = books.value(rule.value), option(rule.target, books)
    found = _Found(("unreported",), amounts={"value": value, "target": target})
    if value.value is None or target.value is None:
        return found
    met = value.value <= target.value if rule.limit else value.value >= target.value
    found.cases = ("met",) if met else ("missed",)
    size = abs(value.value - target.value)
    text = printed(size, max(decimals_of(value.text), decimals_of(target.text)))
    unit = POINTS if value.unit == "%" else value.unit
    found.amounts["distance"] = Amount(size, text, "computed", f"{value.text} against {target.text}", unit)
    if target.value:
        done = value.value / target.value * 100
        found.amounts["progress"] = Amount(done, printed(done, 1), "computed", f"{value.text} of {target.text}", "%")
    return found


@picks(Change)
def _change(rule: Rule, books: Books) -> _Found:
    assert isinstance(rule, Change)  # noqa: S101
    value = books.value(rule.value)
    if rule.against in ("last_year", "previous"):
        before = before_of(books.other(rule.against), rule.value)
    else:
        decimals = None if rule.against.replace(".", "_").isidentifier() else rule.value.decimals or 2
        before = before_of(books, Value(formula=rule.against, decimals=decimals, unit=rule.value.unit))
    size, amount = change(value, before, rule.change_in, rule.decimals)
    found = _Found(("zero_base",), amounts={"value": value, "before": before})
    if value.value is None or before.value is None:
        found.cases = ("unreported",) if value.value is None else ("no_comparison",)
    elif size is not None:
        found.amounts |= {"change": amount, "difference": change(value, before, "absolute")[1]}
        direction = ("rise",) if size > 0 else ("fall",)
        flat = not size or not Fraction(amount.text)
        found.cases = (("about_flat", "flat") if size else ("flat",)) if flat else direction
        if rule.bounded:
            found.amounts["bounded"] = _bounded(abs(size), rule.bounded, amount)
    return found


def _bounded(size: Fraction, step: int, amount: Amount) -> Amount:
    """A round number near a change: the step below, or the one above where that is within a fifth of a step."""
    below = size // step * step
    edge = below + step if size != below and (below + step - size) * 5 <= step else below
    edge = edge or step
    return Amount(Fraction(edge), str(edge), "computed", f"{amount.text} in steps of {step}", amount.unit)


@picks(Judge)
def _judge(rule: Rule, books: Books) -> _Found:
    assert isinstance(rule, Judge)  # noqa: S101
    for case, conditions in rule.when.items():
        holds: list[bool | None] = []
        for condition in conditions:
            value, limits = books.evaluate(condition.value).value, limits_of(condition, books, area=True)
            blank = value is None or any(bound.at(AREA) is None for bound in limits.values())
            holds.append(None if blank else keeps(AREA, value, limits))
        if None in holds and False not in holds:
            return _Found(("unknown",))
        if all(holds):
            return _Found((case,))
    return _Found(("otherwise",))


def _describe(found: _Found, subject: Compared, compared: Fractions) -> None:
    found.lists["unreported"] = [name for name in subject.values if name not in compared]
    found.amounts |= {"reporting": _count(list(compared)), "size": _count(list(subject.values))}


def _of_each(subject: Compared) -> dict[str, Amount]:
    kind = "unit" if subject.of_units else "item"
    return {f"{key}.{name}": amount for name, amount in subject.amounts.items() for key in (kind, "value")}


def _head(rule: Compares) -> str:
    """The period that a rule compares with."""
    bounds = list(rule.bounds().values()) if isinstance(rule, List) else [rule.at] if isinstance(rule, Split) else []
    since = rule.since if isinstance(rule, List) else None
    return rule.change or since or next(filter(None, map(head_of, bounds)), "")


def _count(names: Sequence[str]) -> Amount:
    return Amount(Fraction(len(names)), str(len(names)), "computed", f"the number of {len(names)} names", "个")


def _number(value: int, backing: str) -> Amount:
    return Amount(Fraction(value), str(value), "computed", backing)
