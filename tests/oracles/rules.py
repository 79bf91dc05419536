"""What a rule of ``findings:`` finds, one function per kind: its case, its units in order, its lists and numbers.

Rules are taken as series.yml has them, without the models that tongbao reads them into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from oracles.arithmetic import AREA, Value, decimals_of, names_of, printed
from oracles.books import PERIODS, Amount, Books, places
from oracles.subjects import (
    BOUNDS,
    Compared,
    Figures,
    Limit,
    Rule,
    before_of,
    change,
    comparable,
    compared_by,
    is_of_unit,
    keeps,
    limit,
    limits_of,
    optional,
)

Cases = tuple[str, ...]
# Kinds of fault in the order in which a sentence counts them.
KINDS = (
    "complete",
    "incomplete",
    "blank_returns",
    "holds",
    "also_reported",
    "feasible_rate",
    "reported",
    "totals",
    "cumulative",
    "span",
    "repeated",
    "titles",
    "plausible",
    "change",
    "dates",
    "records",
)


@dataclass
class Found:
    """What a rule finds.

    ``cases`` are those that are true, the most telling first; ``numbers`` the texts of its numbers by name, ``each``
    those of what is compared by unit or item, ``places`` ranks among it.
    """

    cases: Cases
    units: Sequence[str] = ()
    lists: dict[str, Sequence[str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    each: Mapping[str, Amount] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    @property
    def case(self) -> str:
        return self.cases[0]


def pick(rule: Rule, books: Books, issues: Sequence[Any] = ()) -> Found:
    """What a rule finds; ``issues`` are those of the returns, for a rule that counts them."""
    return _faults(rule, books, issues) if rule["rule"] == "faults" else _PICKS[rule["rule"]](rule, books)


def direction_of(rule: Rule) -> str:
    """The order of a list, by itself what its bounds suggest."""
    bounds = {name for name in BOUNDS if name in rule}
    if "order" in rule:
        return str(rule["order"])
    if not bounds or bounds == {"at"}:
        return "official" if is_filtered(rule) and "take" not in rule else "best"
    return "ascending" if bounds <= {"below", "at_most"} else "descending"


def is_filtered(rule: Rule) -> bool:
    """Whether a list may leave units out."""
    return any(rule.get(name, False) is not False for name in (*BOUNDS, "where", "blank", "table"))


def _head(rule: Rule) -> str:
    """The other period that a rule compares with."""
    bounds = [str(rule[name]) for name in BOUNDS if name in rule]
    heads = (next((part for part in bound.split(".") if part in PERIODS), "") for bound in bounds)
    return rule.get("change") or rule.get("since") or next(filter(None, heads), "")


def _list(rule: Rule, books: Books) -> Found:
    if "table" in rule:
        return _table(rule, rule["table"], books)
    subject, limits = compared_by(rule, books), limits_of(rule, books)
    compared = comparable(subject, limits)
    found = _described(subject, compared)
    if not compared and (subject.known or not rule.get("blank")):
        found.cases = _not_held(subject, rule, limits, books)
        return found
    if any(_lacks(limits_of(further, books).values()) for further in rule.get("where", ())):
        found.cases = ("no_bound",)
        return found
    if _further_missing(rule, books):
        found.cases = ("no_comparison",)
        return found
    direction = direction_of(rule)
    falling = {"best": subject.falling, "worst": not subject.falling, "ascending": False}.get(direction, True)
    order = places(compared, falling=falling)
    from_end = direction == "worst" and "focus" not in rule
    found.places = places(compared, falling=subject.falling != from_end)
    if "focus" in rule:
        return _focus(rule["focus"], found)
    matched = _matched(rule, subject, compared, limits, books)
    found.cases = _cases(rule, subject, compared, matched, books)
    found.lists["rest"] = [name for name in compared if name not in matched]
    found.numbers |= {"count": str(len(matched)), "rest_count": str(len(found.lists["rest"]))}
    found.numbers |= _numbers(rule, subject, compared, matched, limits)
    found.units = matched
    if direction != "official":
        inside = sorted((name for name in matched if name in compared), key=order.__getitem__)
        found.units = inside + [name for name in matched if name not in compared]
    if "take" in rule:
        _take(found, rule, compared, books)
    if "also" in rule and found.units:
        also = limits_of(rule["also"], books)
        if all(keeps(name, compared.get(name), also) for name in found.units):
            found.cases = ("also", *found.cases)
    if "since" in rule:
        other = books.other(rule["since"])
        _trend(found, matched, _as_it_was(rule, other, limits) if other and other.any_received else None)
    return found


def _matched(rule: Rule, subject: Compared, compared: Figures, limits: Mapping[str, Limit], books: Books) -> list[str]:
    names = {name for name, value in compared.items() if keeps(name, value, limits)}
    if rule.get("blank"):
        names = (names if limits else set()) | {name for name, value in subject.values.items() if value is None}
    for condition in rule.get("where", ()):
        bounds = limits_of(condition, books)
        names = {name for name in names if keeps(name, books.evaluate(condition["value"], name).value, bounds)}
    return [name for name in subject.values if name in names]


def _further(rule: Rule) -> list[str]:
    """What the conditions of a list look at unit by unit, beside what it compares."""
    bounds = [str(further[name]) for further in rule.get("where", ()) for name in BOUNDS if name in further]
    return [str(further["value"]) for further in rule.get("where", ())] + [one for one in bounds if is_of_unit(one)]


def _further_missing(rule: Rule, books: Books) -> bool:
    """Whether conditions look at another period in which no unit has a figure."""
    return any(one.split(".")[0] in PERIODS and not books.values(one) for one in _further(rule))


def _cases(rule: Rule, subject: Compared, compared: Figures, matched: Sequence[str], books: Books) -> Cases:
    size, many, known = len(subject.values), len(matched), len(subject.known)
    if not is_filtered(rule):
        if "take" in rule or (known == size and not known == 1 < size):
            return ("default",)
        return ("one", "default") if known == 1 < size else ("partial", "default")
    told = all(len(books.values(one)) == size for one in _further(rule))
    complete = told and (rule.get("blank") or len(compared) == size)
    if not many:
        return ("none",) if complete else ("incomplete", "none") if "where" in rule else ("incomplete",)
    if many == size > 1:
        return ("all", "default")
    if not complete:
        alike = len(compared) < size and not rule.get("blank")
        return ("all_reporting", "default") if alike and many == len(compared) > 1 else ("default",)
    special = "one" if many == 1 else "all_but_one" if many == size - 1 else ""
    return (special, "default") if special else ("default",)


def _numbers(
    rule: Rule, subject: Compared, compared: Figures, matched: Sequence[str], limits: Mapping[str, Limit]
) -> dict[str, str]:
    found = {}
    for name, bound in limits.items():
        if bound.amount is not None:
            found["threshold"] = bound.amount.text
            if len(limits) > 1:
                found["lower" if name in ("above", "at_least") else "upper"] = bound.amount.text
    named = [subject.amounts[name] for name in matched if name in compared]
    if "change" not in rule and all(amount.value == Fraction(amount.text) for amount in named):
        total = sum((amount.value for amount in named if amount.value is not None), Fraction(0))
        found["total"] = printed(total, max((decimals_of(amount.text) for amount in named), default=0))
    return {name: text for name, text in found.items() if text}  # none: its decimals have no end


def _take(found: Found, rule: Rule, compared: Figures, books: Books) -> None:
    wanted = books.evaluate(str(rule["take"]))
    n = int(wanted.value or 0)
    units = [name for name in found.units if name in compared]
    taken = units[:n]
    if rule.get("ties") != "cut" and taken:
        taken += [name for name in units[n:] if found.places[name] == found.places[taken[-1]]]
    found.units = taken
    found.numbers["n"] = wanted.text if len(taken) >= n else str(len(taken))
    if not is_filtered(rule) and found.numbers["n"] == "1":
        found.cases = ("one", "default")


def _focus(focus: str, found: Found) -> Found:
    found.units, found.lists["focus"] = [focus], [focus]
    if focus not in found.places:
        found.cases = ("focus_unreported",)
        return found
    place = found.places[focus]
    tied = [name for name, other in found.places.items() if other == place and name != focus]
    found.lists["tied_with"], found.numbers["place"] = tied, str(place)
    found.numbers["focus_value"] = found.each[focus].text
    found.cases = ("tied", "default") if tied else ("default",)
    return found


def _table(rule: Rule, table: str, books: Books) -> Found:
    """Units that left every item of a table blank."""
    units, size = _blank_rows(table, books), len(books.units)
    case = {0: "none", size: "all", 1: "one", size - 1: "all_but_one"}.get(len(units), "")
    found = Found((case,) if case == "none" else (case, "default") if case else ("default",), units)
    if len(units) == 1 < size:
        found.cases = ("one", "default")
    found.lists["rest"] = [unit for unit in books.received.tables[table].rows if unit not in units]
    found.numbers = {"count": str(len(units)), "rest_count": str(len(found.lists["rest"]))}
    if "since" in rule:
        other = books.other(rule["since"])
        _trend(found, units, _blank_rows(table, other) if other and table in other.received.tables else None)
    return found


def _blank_rows(table: str, books: Books) -> list[str]:
    rows = books.received.tables[table].rows
    return [unit for unit, row in rows.items() if not any(cell.value is not None for cell in row.values())]


def _as_it_was(rule: Rule, other: Books, limits: Mapping[str, Limit]) -> list[str] | None:
    """The list of the other period; numbers and facts bound both, what is made of figures is each period's."""
    subject = compared_by(rule, other)
    follows = {name for name, bound in limits.items() if bound.of_each is not None or _OF_ALL.search(str(rule[name]))}
    own = {name: limit(str(rule[name]), other) if name in follows else bound for name, bound in limits.items()}
    compared = comparable(subject, own)
    known = compared or (rule.get("blank") and not subject.known)
    return _matched(rule, subject, compared, own, other) if known and not _further_missing(rule, other) else None


def _trend(found: Found, matched: Sequence[str], before: Sequence[str] | None) -> None:
    if before is None:
        found.cases = ("no_earlier", *found.cases) if matched else found.cases
        return
    found.numbers["before_count"] = str(len(before))
    found.lists |= {
        "gone": [name for name in before if name not in matched],
        "joined": [name for name in matched if name not in before],
    }
    if matched:
        same = "unchanged" if set(matched) == set(before) else "changed"
        case = {0: same, -1: "shrunk", 1: "grown"}[(len(matched) > len(before)) - (len(matched) < len(before))]
        found.cases = (case, *found.cases)
    elif before and found.case == "none":
        found.cases = ("cleared", *found.cases)


def _range(rule: Rule, books: Books) -> Found:
    subject = compared_by(rule, books)
    values = subject.known
    found = _described(subject, values)
    if not values:
        found.cases = _nothing(subject, subject.other_missing)
        return found
    high, low = max(values.values()), min(values.values())
    highest, lowest = ([name for name, value in values.items() if value == end] for end in (high, low))
    found.units = list(dict.fromkeys((*highest, *lowest)))
    found.lists |= {"highest_units": highest, "lowest_units": lowest}
    found.numbers |= {"highest": subject.amounts[highest[0]].text, "lowest": subject.amounts[lowest[0]].text}
    decimals = max(decimals_of(found.numbers[end]) for end in ("highest", "lowest"))
    found.numbers["spread"] = printed(high - low, decimals)
    found.cases = ("one", "default") if len(values) == 1 else ("default",)
    if len(values) > 1 and high == low:
        found.cases = ("equal",) if len(values) == len(subject.values) else ("equal_reporting",)
    return found


def _split(rule: Rule, books: Books) -> Found:
    subject, bound = compared_by(rule, books), limit(str(rule["at"]), books)
    values = comparable(subject, {"at": bound})
    found = _described(subject, values)
    if not values:
        found.cases = _not_held(subject, rule, {"at": bound}, books)
        return found
    sides: dict[str, list[str]] = {"above": [], "below": [], "level": []}
    for name, value in values.items():
        against = bound.at(name)
        assert against is not None
        sides["above" if value > against else "below" if value < against else "level"].append(name)
    for side, names in sides.items():
        found.lists[f"{side}_units"], found.numbers[f"{side}_count"] = names, str(len(names))
    found.units = [*sides["above"], *sides["below"]]
    alone = next((side for side, names in sides.items() if len(names) == len(values)), None)
    found.cases = (f"all_{alone}",) if alone else ("some_level", "default") if sides["level"] else ("default",)
    return found


def _described(subject: Compared, compared: Figures) -> Found:
    found = Found(("default",), each=subject.amounts)
    lacking = [name for name in subject.values if name not in compared]
    found.lists["unreported"] = [name for name in lacking if name not in subject.undefined]
    found.lists["uncomputed"] = [name for name in lacking if name in subject.undefined]
    found.numbers |= {"reporting": str(len(compared)), "size": str(len(subject.values))}
    return found


def _nothing(subject: Compared, missing: object) -> Cases:
    if subject.no_base:
        return ("no_base",)
    return ("no_comparison", "unreported") if missing else ("unreported",)


def _not_held(subject: Compared, rule: Rule, limits: Mapping[str, Limit], books: Books) -> Cases:
    """With figures it is the bounds that lack: another period's, which is said, or others."""
    if not subject.known:
        return _nothing(subject, subject.other_missing)
    blank = [bound for bound in (str(rule[name]) for name in limits) if not any(_known(bound, books))]
    names = {name for bound in blank for name in names_of(bound) if not any(_known(name, books))}
    heads = {next((part for part in name.split(".") if part in PERIODS), "") for name in names}
    return ("no_comparison", "unreported") if len(heads) == 1 and "" not in heads else ("no_bound",)


def _known(name: str, books: Books) -> Iterable[bool]:
    return (value is not None for value in _values(name, books))


def _values(expression: str, books: Books) -> list[Value]:
    """A bound for each unit, or for all."""
    one = limit(expression, books)
    return [one.at(unit) for unit in ("", *books.units)]


def _lacks(limits: Iterable[Limit]) -> bool:
    """Whether one of the bounds is a number for all, and there is none."""
    return any(bound.of_each is None and bound.at("") is None for bound in limits)


def _state(rule: Rule, books: Books) -> Found:
    blank = any(books.value(value).value is None for value in rule["values"].values())
    return Found(("missing",) if blank and "missing" in rule["wording"] else ("default",))


def _target(rule: Rule, books: Books) -> Found:
    value, target = books.value(rule["value"]), books.evaluate(str(rule["target"]))
    found = Found(("unreported",), numbers={"value": value.text, "target": target.text})
    if value.value is None or target.value is None:
        return found
    own = rule["value"]["formula"] if isinstance(rule["value"], Mapping) else rule["value"]
    beside = f"({own}) - ({rule['target']})"
    value, target = _alike(value, str(own), beside, books), _alike(target, str(rule["target"]), beside, books)
    found.numbers["target"] = target.text
    met = value.value <= target.value if rule.get("limit") else value.value >= target.value
    found.cases = ("met",) if met else ("missed",)
    found.numbers["value"] = not_level(value.text, value.value, target.value)
    decimals = max(decimals_of(found.numbers["value"]), decimals_of(target.text))
    distance = abs(value.value - target.value)
    found.numbers["distance"] = not_level(printed(distance, decimals), distance, Fraction(0))
    found.numbers["progress"] = ""  # of what is below zero there is none
    if target.value > 0 and value.value >= 0:
        progress = value.value / target.value * 100
        found.numbers["progress"] = not_level(printed(progress, 1), progress, Fraction(100))
    return found


def _alike(amount: Amount, formula: str, beside: str, books: Books) -> Amount:
    """A side of a comparison without the units that the other one lacks, printed as it is."""
    value = books.evaluate(formula, beside=beside).value
    if value in (None, amount.value):
        return amount
    return replace(amount, value=value, text=printed(value, decimals_of(amount.text)))


# A bound of the figures of all units is each period's own.
_OF_ALL = re.compile(r"\b(?:area|mean)\.|\(")


def not_level(text: str, value: Fraction, level: Fraction) -> str:
    """A number as printed, or with the decimals that put it on its side of a level, if it is not on it."""
    texts = [text, *(printed(value, decimals) for decimals in range(decimals_of(text) + 1, 13))]
    sides = [one for one in texts if Fraction(one) != level and (Fraction(one) > level) == (value > level)]
    return sides[0] if sides and value != level else text


def _change(rule: Rule, books: Books) -> Found:
    value = books.value(rule["value"])
    if rule["against"] in ("last_year", "previous"):
        before = before_of(books.other(rule["against"]), rule["value"])
    else:
        options = rule["value"] if isinstance(rule["value"], Mapping) else {}
        formula = str(rule["against"])
        decimals = None if formula.replace(".", "_").isidentifier() else options.get("decimals") or 2
        before = optional({"formula": formula, "decimals": decimals}, books)
    found = Found(("zero_base",), numbers={"value": value.text, "before": before.text})
    if value.value is None or before.value is None:
        found.cases = ("unreported",) if value.value is None else ("no_comparison",)
        return found
    value, before = _of_the_same_units(rule, books, value, before)
    if before.value is not None and value.value is not None:
        found.numbers["before"] = before.text
    size, amount = change(value, before, rule.get("change_in"), rule.get("decimals"))
    if value.value is None or before.value is None:
        found.cases = ("no_comparison",)
    elif size is None and before.value < 0:
        found.cases = ("negative_base",)
    elif size is not None:
        found.numbers |= {"change": amount.text, "difference": change(value, before, "absolute")[1].text}
        found.cases = ("rise",) if size > 0 else ("fall",)
        if not size or not Fraction(amount.text):
            found.cases = ("about_flat", "flat") if size else ("flat",)
        if rule.get("bounded"):
            found.numbers["bounded"] = str(_bounded(abs(size), rule["bounded"]))
    return found


def _of_the_same_units(rule: Rule, books: Books, value: Amount, before: Amount) -> tuple[Amount, Amount]:
    """Both sides of a change, each without the units that the other one lacks; printed as before."""
    options = rule["value"] if isinstance(rule["value"], Mapping) else {"formula": rule["value"]}
    own, head = str(options["formula"]), str(rule["against"])
    against = head
    if head in PERIODS:
        against = re.sub(r"(?<![\w.])(?!param\.)[a-z_][\w.]*\b(?!\s*\()", rf"{head}.\g<0>", own)
    kind = rule.get("change_in") or ("points" if value.unit == "%" else "percent")
    beside = f"change({own}, {against})" if kind == "percent" else f"({own}) - ({against})"
    now, then = (books.evaluate(formula, beside=beside) for formula in (own, against))
    if then.value not in (None, before.value):
        before = replace(before, text=printed(then.value, decimals_of(before.text)))
    return replace(value, value=now.value), replace(before, value=then.value)


def _bounded(size: Fraction, step: int) -> int:
    """A round number near a change: the step below, or the one above where that is within a fifth of a step."""
    below = int(size // step * step)
    edge = below + step if size != below and (below + step - size) * 5 <= step else below
    return edge or step


def _judge(rule: Rule, books: Books) -> Found:
    for case, conditions in rule["when"].items():
        holds = [_holds(condition, books) for condition in conditions]
        if None in holds and False not in holds:
            return Found(("unknown",))
        if all(holds):
            return Found((case,))
    return Found(("otherwise",))


def _holds(condition: Rule, books: Books) -> bool | None:
    """Whether totals keep their bounds, each pair of them of the units that have both; ``None`` where one is blank."""
    value, limits = books.evaluate(condition["value"]).value, limits_of(condition, books, area=True)
    if value is None or any(bound.at(AREA) is None for bound in limits.values()):
        return None
    held = []
    for relation in limits:
        beside = f"({condition['value']}) - ({condition[relation]})"
        sides = [books.evaluate(str(one), beside=beside).value for one in (condition["value"], condition[relation])]
        if None in sides:
            return None
        held.append(keeps(AREA, sides[0], {relation: Limit(Amount(sides[1], ""))}))
    return all(held)


def _faults(rule: Rule, books: Books, issues: Sequence[Any]) -> Found:
    """What is wrong with the returns, counted by kind; each issue counts once."""
    checks = set(rule.get("checks", ()))
    counted = [issue for issue in issues if not checks or checks & {issue.kind, issue.check}]
    units = {issue.unit for issue in counted}
    found = Found(("default",) if counted else ("none",), [unit for unit in books.units if unit in units])
    found.numbers = {"count": str(len(counted)), "unit_count": str(len(found.units))}
    kinds = [[issue.kind for issue in counted].count(kind) for kind in KINDS]
    found.numbers |= {f"kind{n}": str(many) for n, many in enumerate(filter(None, kinds))}
    return found


_PICKS = {
    "state": _state,
    "list": _list,
    "range": _range,
    "split": _split,
    "target": _target,
    "change": _change,
    "judge": _judge,
}
