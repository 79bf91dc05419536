"""Rules over units or items: a filter, an order, how many; the highest and the lowest; the sides of a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from tongbao.basics.errors import DefinitionError
from tongbao.basics.rounding import competition_ranks, print_decimal
from tongbao.definition.expressions import Bounds
from tongbao.definition.model import Text
from tongbao.definition.rules_tmp import Compares, List, Range, Split
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import select
from tongbao.findings.bounds import Limit, comparable_with, keeps_bounds, kept, limit, limits_of, than
from tongbao.findings.outcome import BASES, COMPARED, NOTHING, Outcome, Phrase, count_of, head_of, number
from tongbao.findings.subject import Comparable, comparable
from tongbao.reading.cell import Cell, unique

_SIGNS = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "at": "=="}


def find_list(rule: List, indicators: Indicators) -> Outcome:
    """Units that keep the bounds, in order, all or the first N."""
    if rule.table:
        return _blank_table(rule, rule.table, indicators)
    subject = comparable(rule, indicators)
    limits = limits_of(rule, indicators)
    compared = comparable_with(subject, limits)
    outcome = Outcome(("default",), subject=subject, compared=list(compared))
    _describe(rule, outcome, subject, compared)
    if not compared and not rule.blank:
        outcome.cases = ("no_comparison", "unreported") if _other_missing(rule, subject) else ("unreported",)
        return outcome
    if rule.focus:
        return _focus(rule, rule.focus, outcome, compared)
    matched = _matched(rule, subject, compared, limits, indicators)
    outcome.cases = _filtered_cases(rule, matched, compared, subject) if rule.filtered else _ranked_cases(subject, rule)
    listed = set(matched)
    outcome.lists["rest"] = [name for name in compared if name not in listed]
    _count_matched(rule, outcome, matched, subject, compared)
    _bound_words(outcome, limits, indicators, subject)
    outcome.units = _in_order(rule, matched, compared, subject)
    if rule.take is not None:
        outcome.units, outcome.values["n"] = _taken(rule, rule.take, outcome.units, compared, indicators, subject)
        if not rule.filtered and outcome.value("n").text == "1":
            outcome.cases = ("one", "default")
    if rule.naming.places:
        outcome.places = competition_ranks(compared, descending=_descends(rule, subject))
    if rule.also is not None and outcome.units:
        _also(rule.also, outcome, compared, indicators, subject)
    if rule.since:
        _trend(rule, rule.since, outcome, matched, limits, indicators)
    outcome.attention = _attention(rule, subject)
    return outcome


def _matched(
    rule: List,
    subject: Comparable,
    compared: Mapping[str, Decimal],
    limits: Mapping[str, Limit],
    indicators: Indicators,
) -> list[str]:
    """What keeps every bound and condition, in official order."""
    if not rule.filtered:
        return list(compared)
    conditions = [(indicators.values(condition.value), limits_of(condition, indicators)) for condition in rule.where]
    found = set(kept(compared, limits)) if limits or not rule.blank else set()
    if rule.blank:
        found |= set(subject.unreported())
    for values, bounds in conditions:
        found = set(kept({name: values[name] for name in found}, bounds))
    return [name for name in subject.values if name in found]


def _other_missing(rule: List, subject: Comparable) -> bool:
    return subject.other_missing or (bool(subject.reporting) and bool(_head(rule)))


def _head(rule: Compares) -> str:
    """The period that a rule compares with."""
    if rule.change:
        return rule.change
    if isinstance(rule, List):
        if rule.since:
            return rule.since
        return next(filter(None, map(head_of, rule.bounds().values())), "")
    return head_of(rule.at) if isinstance(rule, Split) else ""


def _describe(rule: Compares, outcome: Outcome, subject: Comparable, compared: Mapping[str, Decimal]) -> None:
    """What every comparison may name: how many reported, who did not, what it is compared with."""
    outcome.lists["unreported"] = [name for name in subject.values if name not in compared]
    outcome.values["reporting"] = count_of(compared, subject.name, subject.all_cells)
    outcome.values["size"] = count_of(subject.values, "units", subject.all_cells)
    head = _head(rule)
    outcome.phrases["base"] = Phrase(BASES.get(head, NOTHING))
    outcome.phrases["compared"] = Phrase(COMPARED.get(head, NOTHING))


def _filtered_cases(
    rule: List, matched: list[str], compared: Mapping[str, Decimal], subject: Comparable
) -> tuple[str, ...]:
    complete = rule.blank or len(compared) == len(subject.values)
    size = len(subject.values)
    if not matched:
        return ("none",) if complete else ("incomplete",)
    if len(matched) == size and size > 1:
        return ("all", "default")
    if not complete:
        return ("all_reporting", "default") if len(matched) == len(compared) > 1 else ("default",)
    if len(matched) == 1:
        return ("one", "default")
    return ("all_but_one", "default") if len(matched) == size - 1 else ("default",)


def _ranked_cases(subject: Comparable, rule: List) -> tuple[str, ...]:
    if rule.take is not None:
        return ("default",)
    if len(subject.reporting) == 1 and len(subject.values) > 1:
        return ("one", "default")
    return ("partial", "default") if subject.unreported() else ("default",)


def _count_matched(
    rule: List, outcome: Outcome, matched: list[str], subject: Comparable, compared: Mapping[str, Decimal]
) -> None:
    signs = [f"{subject.name} {_SIGNS[name]} {bound}" for name, bound in rule.bounds().items()]
    outcome.values["count"] = count_of(matched, " and ".join(signs) or subject.name, subject.all_cells)
    outcome.values["rest_count"] = count_of(outcome.lists["rest"], f"not ({' and '.join(signs)})", subject.all_cells)

    def total() -> Figure:
        figures = [subject.figure(name) for name in matched if name in compared]
        value = sum((compared[name] for name in matched if name in compared), Decimal(0))
        text = print_decimal(value)
        calculation = " + ".join(figure.text for figure in figures) + f" = {text}" if figures else None
        return Figure(f"sum({subject.name})", AREA, value, text, subject.unit, "computed", f"sum({subject.name})",
                      calculation, subject.cells(matched))  # fmt: skip

    outcome.values["total"] = total


def _bound_words(outcome: Outcome, limits: Mapping[str, Limit], indicators: Indicators, subject: Comparable) -> None:
    for name, bound in limits.items():
        outcome.phrases[f"than_{name}"] = than(bound, indicators, subject.unit)
        if bound.figure is not None and bound.figure.value is not None:
            outcome.values["threshold"] = bound.figure
            if len(limits) > 1:
                outcome.values["lower" if name in ("above", "at_least") else "upper"] = bound.figure


def _descends(rule: List, subject: Comparable) -> bool:
    return {"best": subject.descending, "worst": not subject.descending, "ascending": False}.get(rule.direction, True)


def _in_order(rule: List, matched: list[str], compared: Mapping[str, Decimal], subject: Comparable) -> list[str]:
    if rule.direction == "official":
        return matched
    values = {name: compared[name] for name in matched if name in compared}
    blank = [name for name in matched if name not in compared]
    return select.ordered(values, descending=_descends(rule, subject)) + blank


def _taken(
    rule: List,
    take: str,
    units: list[str],
    compared: Mapping[str, Decimal],
    indicators: Indicators,
    subject: Comparable,
) -> tuple[list[str], Figure]:
    count, n = number(take, indicators)
    if n < 1 or n != n.to_integral_value():
        raise DefinitionError("not a number of units", found=count.text, expected="1 or more")
    taken = select.take([unit for unit in units if unit in compared], compared, int(n), ties=rule.ties)
    if len(taken) < n:  # "the first three" of two are two: no parameter any more, but a count
        cells = unique(cell for unit in taken for cell in subject.figure(unit).cells)
        count = Figure("count", AREA, Decimal(len(taken)), str(len(taken)), "", "computed", cells=cells)
    return taken, count


def _also(
    also: Bounds, outcome: Outcome, compared: Mapping[str, Decimal], indicators: Indicators, subject: Comparable
) -> None:
    limits = limits_of(also, indicators)
    for bound in limits.values():
        outcome.phrases["also"] = than(bound, indicators, subject.unit)
    if all(keeps_bounds(unit, compared.get(unit), limits) for unit in outcome.units):
        outcome.cases = ("also", *outcome.cases)


def _trend(
    rule: List, head: str, outcome: Outcome, matched: list[str], limits: Mapping[str, Limit], indicators: Indicators
) -> None:
    """How a filtered list has changed: fewer, more, the same, others. The bounds are this period's for both."""
    other = indicators.compared(head)
    subject = comparable(rule, other)
    own = {
        name: limit(bound.expression, other) if bound.of_each is not None else bound for name, bound in limits.items()
    }
    compared = comparable_with(subject, own)
    if not other.any_received or not (compared or rule.blank):
        before = None
    else:
        before = _matched(rule, subject, compared, own, other)
    compare_lists(outcome, matched, before, subject.all_cells, subject.name)


def compare_lists(
    outcome: Outcome, matched: list[str], before: list[str] | None, cells: Callable[[], tuple[Cell, ...]], what: str
) -> None:
    """Add to an outcome how a list differs from an earlier one (``None``: not known)."""
    if before is None:
        if matched:
            outcome.cases = ("no_earlier", *outcome.cases)
        return
    outcome.values["before_count"] = count_of(before, what, cells)
    now, then = set(matched), set(before)
    outcome.lists["gone"] = [name for name in before if name not in now]
    outcome.lists["joined"] = [name for name in matched if name not in then]
    if not matched:
        if before and outcome.cases[0] == "none":
            outcome.cases = ("cleared", *outcome.cases)
        return
    if len(matched) == len(before):
        case = "unchanged" if now == then else "changed"
    else:
        case = "shrunk" if len(matched) < len(before) else "grown"
    outcome.cases = (case, *outcome.cases)


def _attention(rule: List, subject: Comparable) -> frozenset[str]:
    """The cases in which a list names what is missed: figures on the bad side, zeros, blanks."""
    if not rule.filtered:
        return frozenset({"also"}) if rule.also and set(rule.also.bounds()) <= {"below", "at_most"} else frozenset()
    bounds = rule.bounds()
    bad = {"below", "at_most"} if subject.descending else {"above", "at_least"}
    zero = bounds.get("at") == "0" and subject.descending and not rule.change
    named = frozenset(rule.cases()) - {"none", "incomplete", "cleared", "unreported", "no_comparison"}
    return named if rule.blank or zero or (bounds and set(bounds) <= bad) else frozenset()


def _focus(rule: List, focus: str, outcome: Outcome, compared: Mapping[str, Decimal]) -> Outcome:
    """One unit's place among all."""
    subject = outcome.subject
    outcome.lists["focus"] = [focus]
    outcome.units = [focus]
    if subject is None or focus not in compared:
        outcome.cases = ("focus_unreported",)
        return outcome
    ranks = competition_ranks(compared, descending=_descends(rule, subject))
    tied = [name for name, rank in ranks.items() if rank == ranks[focus] and name != focus]
    outcome.lists["tied_with"] = tied
    outcome.places = ranks
    outcome.cases = ("tied", "default") if tied else ("default",)
    outcome.values["place"] = lambda: Figure(
        f"rank({subject.name})", focus, Decimal(ranks[focus]), str(ranks[focus]), "", "computed",
        f"rank({subject.name})", None, subject.all_cells(),
    )  # fmt: skip
    outcome.phrases["focus_value"] = Phrase(NOTHING, subject.figure(focus), "focus_value", unit=subject.unit)
    return outcome


def _blank_table(rule: List, table: str, indicators: Indicators) -> Outcome:
    """Units that left every item of a table blank: nothing was reported (零上报)."""
    units = _blank_units(indicators, table)
    rows = list(indicators.received.tables[table].rows)
    first = next(iter(indicators.series.tables[table].columns))
    size = len(indicators.units)

    def behind() -> dict[str, Figure]:
        return {unit: indicators.figure(first, unit) for unit in units or rows}

    def cells() -> tuple[Cell, ...]:
        return tuple(cell for row in indicators.received.tables[table].rows.values() for cell in row.values())

    if not units:
        cases: tuple[str, ...] = ("none",)
    elif len(units) == size:
        cases = ("all", "default")
    elif len(units) == 1:
        cases = ("one", "default")
    else:
        cases = ("all_but_one", "default") if len(units) == size - 1 else ("default",)
    title = indicators.series.tables[table].title
    outcome = Outcome(
        cases, units, {"rest": [unit for unit in rows if unit not in units]}, compared=rows, behind=behind
    )
    outcome.phrases["table"] = Phrase(Text(zh=f"《{title.zh}》", en=title.get("en")))
    outcome.phrases["base"] = Phrase(BASES.get(rule.since or "", NOTHING))
    outcome.values["count"] = count_of(units, f"blank {table}", cells)
    outcome.values["rest_count"] = count_of(outcome.lists["rest"], f"reported {table}", cells)
    if rule.since:
        other = indicators.compared(rule.since)
        before = _blank_units(other, table) if table in other.received.tables else None
        compare_lists(outcome, units, before, cells, f"blank {table}")
    outcome.attention = frozenset(rule.cases()) - {"none", "cleared"}
    return outcome


def _blank_units(indicators: Indicators, table: str) -> list[str]:
    rows = indicators.received.tables[table].rows
    return [unit for unit in rows if all(cell.value is None for cell in rows[unit].values())]


def find_range(rule: Range, indicators: Indicators) -> Outcome:
    """The highest and the lowest with their figures."""
    subject = comparable(rule, indicators)
    values = subject.reporting
    outcome = Outcome(("default",), subject=subject, compared=list(values))
    _describe(rule, outcome, subject, values)
    if not values:
        outcome.cases = ("no_comparison", "unreported") if subject.other_missing else ("unreported",)
        return outcome
    high, low = max(values.values()), min(values.values())
    highest, lowest = select.where(values, lambda v: v == high), select.where(values, lambda v: v == low)
    outcome.lists |= {"highest_units": highest, "lowest_units": lowest}
    outcome.phrases |= {
        "highest": _amount(subject, highest[0], "highest"),
        "lowest": _amount(subject, lowest[0], "lowest"),
    }
    outcome.units = list(dict.fromkeys((*highest, *lowest)))
    top, bottom = subject.figure(highest[0]), subject.figure(lowest[0])

    def spread() -> Figure:
        text = print_decimal(high - low, max(len(f.text.partition(".")[2]) for f in (top, bottom)))
        return Figure("spread", AREA, high - low, text, subject.unit, "computed", f"max - min of {subject.name}",
                      f"{top.text} − {bottom.text} = {text}", subject.all_cells())  # fmt: skip

    outcome.values["spread"] = spread
    if len(values) == 1:
        outcome.cases = ("one", "default")
    elif high == low:
        outcome.cases = ("equal",) if len(values) == len(subject.values) else ("equal_reporting",)
    return outcome


def _amount(subject: Comparable, name: str, key: str) -> Phrase:
    value = subject.values[name]
    if subject.is_change and value is not None:
        if value == 0:
            return Phrase(Text(zh="持平", en="unchanged"))
        before = Text(zh="上升", en="up ") if value > 0 else Text(zh="下降", en="down ")
        return Phrase(before, subject.figure(name), key, unit=subject.unit)
    return Phrase(NOTHING, subject.figure(name), key, unit=subject.unit)


def find_split(rule: Split, indicators: Indicators) -> Outcome:
    """Every unit on one side of a figure, or level with it."""
    subject = comparable(rule, indicators)
    bound = limit(rule.at, indicators)
    values = comparable_with(subject, {"at": bound})
    outcome = Outcome(("default",), subject=subject, compared=list(values))
    _describe(rule, outcome, subject, values)
    outcome.phrases["than_at"] = than(bound, indicators, subject.unit)
    if not values:
        missing = subject.other_missing or bool(subject.reporting and _head(rule))
        outcome.cases = ("no_comparison", "unreported") if missing else ("unreported",)
        return outcome
    sides: dict[str, list[str]] = {"above": [], "below": [], "level": []}
    for name, value in values.items():
        against = bound.at(name)
        if against is not None:
            sides["above" if value > against else "below" if value < against else "level"].append(name)
    for side, names in sides.items():
        outcome.lists[f"{side}_units"] = names
        outcome.values[f"{side}_count"] = count_of(names, f"{subject.name} {side} {rule.at}", subject.all_cells)
    outcome.units = [*sides["above"], *sides["below"]]
    sole = [side for side, names in sides.items() if len(names) == len(values)]
    if sole:
        outcome.cases = (f"all_{sole[0]}",)
    elif sides["level"]:
        outcome.cases = ("some_level", "default")
    return outcome
