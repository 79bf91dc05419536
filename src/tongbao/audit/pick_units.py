"""Rules over units: which of them a list, a range or a split names, picked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tongbao.audit.arithmetic import decimals_of, printed
from tongbao.audit.books import Amount, Books
from tongbao.audit.found import Cases, Found, count, number
from tongbao.audit.subjects import (
    Compared,
    Fractions,
    Limit,
    comparable,
    compared_by,
    head_of,
    keeps,
    limit,
    limits_of,
    option,
)
from tongbao.definition.names import HEADS, bare
from tongbao.findings.compares import Compares
from tongbao.findings.kind import Kind as Rule
from tongbao.findings.list import List
from tongbao.findings.range import Range
from tongbao.findings.split import Split


def pick_list(rule: Rule, books: Books) -> Found:
    """The units of a list, in its order."""
    assert isinstance(rule, List)  # noqa: S101  # the registry's key
    if rule.table:
        return _table(rule, rule.table, books)
    subject, limits = compared_by(rule, books), limits_of(rule, books)
    compared = comparable(subject, limits)
    found = Found(("default",), amounts=_of_each(subject))
    _describe(found, subject, compared)
    if not compared and not rule.blank:
        missing = subject.other_missing or (bool(subject.reporting()) and bool(_head(rule)))
        found.cases = ("no_comparison", "unreported") if missing else ("unreported",)
        return found
    falling = {"best": subject.falling, "worst": not subject.falling, "ascending": False}.get(rule.direction, True)
    places = {name: 1 + sum(other > value if falling else other < value for other in compared.values())
              for name, value in compared.items()}  # fmt: skip
    found.amounts |= {f"place.{name}": number(place, f"place of {name}") for name, place in places.items()}
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
    found: Found,
    rule: List,
    subject: Compared,
    compared: Fractions,
    matched: Sequence[str],
    limits: Mapping[str, Limit],
) -> None:
    found.amounts |= {"count": count(matched), "rest_count": count(found.lists["rest"])}
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


def _take(found: Found, rule: List, compared: Fractions, places: Mapping[str, int], books: Books) -> None:
    wanted = option(rule.take or "", books)
    n = int(wanted.value or 0)
    units = [name for name in found.units if name in compared]
    taken = units[:n]
    if rule.ties == "extend" and taken:
        taken += [name for name in units[n:] if places[name] == places[taken[-1]]]
    found.units = taken
    found.amounts["n"] = wanted if len(taken) >= n else count(taken)
    if not rule.filtered and found.amounts["n"].text == "1":
        found.cases = ("one", "default")


def _focus(focus: str, found: Found, places: Mapping[str, int]) -> Found:
    found.units, found.lists["focus"] = [focus], [focus]
    if focus not in places:
        found.cases = ("focus_unreported",)
        return found
    tied = [name for name, place in places.items() if place == places[focus] and name != focus]
    found.lists["tied_with"] = tied
    found.cases = ("tied", "default") if tied else ("default",)
    found.amounts |= {"place": found.amounts[f"place.{focus}"], "focus_value": found.amounts[f"value.{focus}"]}
    return found


def _table(rule: List, table: str, books: Books) -> Found:
    """Units that left every item of a table blank."""
    units, size = _blank_rows(table, books), len(books.series.units)
    first = next(iter(books.series.tables[table].columns))
    found = Found(("default",), units)
    if not units:
        found.cases = ("none",)
    elif len(units) in (size, 1, size - 1):
        found.cases = ({size: "all", 1: "one"}.get(len(units), "all_but_one"), "default")
    rows = books.received.tables[table].rows
    found.lists["rest"] = [unit for unit in rows if unit not in units]
    found.amounts = {"count": count(units), "rest_count": count(found.lists["rest"])}
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


def _trend(found: Found, matched: Sequence[str], before: Sequence[str] | None) -> None:
    if before is None:
        found.cases = ("no_earlier", *found.cases) if matched else found.cases
        return
    found.amounts["before_count"] = count(before)
    found.lists |= {"gone": [name for name in before if name not in matched],
                    "joined": [name for name in matched if name not in before]}  # fmt: skip
    if matched:
        same = "unchanged" if set(matched) == set(before) else "changed"
        case = {0: same, -1: "shrunk", 1: "grown"}[(len(matched) > len(before)) - (len(matched) < len(before))]
        found.cases = (case, *found.cases)
    elif before and found.cases[0] == "none":
        found.cases = ("cleared", *found.cases)


def pick_range(rule: Rule, books: Books) -> Found:
    """The highest and the lowest."""
    assert isinstance(rule, Range)  # noqa: S101
    subject = compared_by(rule, books)
    values = subject.reporting()
    found = Found(("unreported",), amounts=_of_each(subject))
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


def pick_split(rule: Rule, books: Books) -> Found:
    """Every unit on its side of a figure."""
    assert isinstance(rule, Split)  # noqa: S101
    subject, bound = compared_by(rule, books), limit(rule.at, books)
    values = comparable(subject, {"at": bound})
    found = Found(("unreported",), amounts=_of_each(subject) | _of_bounds({"at": rule.at}, {"at": bound}))
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
        found.lists[f"{side}_units"], found.amounts[f"{side}_count"] = names, count(names)
    found.units = [*sides["above"], *sides["below"]]
    alone = next((side for side, names in sides.items() if len(names) == len(values)), None)
    found.cases = (f"all_{alone}",) if alone else ("some_level", "default") if sides["level"] else ("default",)
    return found


def _describe(found: Found, subject: Compared, compared: Fractions) -> None:
    found.lists["unreported"] = [name for name in subject.values if name not in compared]
    found.amounts |= {"reporting": count(list(compared)), "size": count(list(subject.values))}


def _of_each(subject: Compared) -> dict[str, Amount]:
    kind = "unit" if subject.of_units else "item"
    return {f"{key}.{name}": amount for name, amount in subject.amounts.items() for key in (kind, "value")}


def _head(rule: Compares) -> str:
    """The period that a rule compares with."""
    bounds = list(rule.bounds().values()) if isinstance(rule, List) else [rule.at] if isinstance(rule, Split) else []
    since = rule.since if isinstance(rule, List) else None
    return rule.change or since or next(filter(None, map(head_of, bounds)), "")
