"""Units (or items) that keep some bounds, in order, all or the first N: 检查处罚率未达20%为龙港市、苍南县和泰顺县."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import ConfigDict, model_validator

from tongbao.basics.claim import Claim
from tongbao.basics.errors import DefinitionError
from tongbao.basics.rounding import Number, competition_ranks, print_decimal, total
from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import Against, Bounds, Condition, Order
from tongbao.definition.model import Expression, Text, one_of
from tongbao.definition.names import Place, Problem, unknown
from tongbao.definition.series import Series
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import select
from tongbao.findings.blank_table import BLANK_TABLE, find_blank_rows
from tongbao.findings.bounds import Limit, comparable_with, keeps_bounds, kept, limits_of, reported, than, told_apart
from tongbao.findings.compares import MISSING, SUBJECTS, Compares
from tongbao.findings.list_words import FOCUS, filtered_words, predicate_of, ranking_words, trend_words
from tongbao.findings.outcome import NOTHING, Outcome, Phrase, head_of, number
from tongbao.findings.subject import Comparable
from tongbao.findings.trend import TREND_CASES, find_trend


class List(Compares, Bounds):
    """Units (or items) that keep some bounds, in order, all or the first N.

    Options:
        below, at_most, above, at_least, at: bounds of the figure; none takes in every unit with a figure.
        blank: units without a figure (with bounds: those, too).
        table: instead of a measure: units that left all items of the table blank.
        where: further conditions on other figures of the unit.
        order: ``best`` or ``worst`` first (as the measure ranks), ``descending``, ``ascending``, ``official``.
        take: how many at most; a tie at the end extends the list unless ``ties: cut``.
        ties: ``extend`` takes in everyone tied at the end, ``cut`` does not.
        also: bounds which, kept by every unit named, make the case ``also``.
        since: tells how the list has changed since ``last_year`` or ``previous``.
        focus: a unit or item whose place among all is told.
    """

    model_config = ConfigDict(json_schema_extra=one_of(**SUBJECTS, table={"type": "string"}))
    own: ClassVar[frozenset[str]] = Compares.own | {
        *("units", "count", "n", "rest", "rest_count", "total", "some", "threshold", "lower", "upper", "also", "table"),
        *("than_below", "than_at_most", "than_above", "than_at_least", "than_at"),
        *("before_count", "gone", "joined", "focus", "focus_value", "place", "tied_with"),
    }
    variants = ({}, {"below": "0", "also": Bounds(), "since": "previous"}, {"focus": "x"})

    rule: Literal["list"]
    table: str | None = None
    blank: bool = False
    where: tuple[Condition, ...] = ()
    order: Order | None = None
    take: Expression | None = None
    ties: Literal["extend", "cut"] = "extend"
    also: Bounds | None = None
    since: Against | None = None
    focus: str | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> List:
        if self.take is not None and self.order == "official":
            raise ValueError("take needs an order by the figure, or the first of them say nothing")
        if self.table and (self.bounds() or self.where or self.take or self.order):
            raise ValueError("a table's blank rows have no figure to order or to bound")
        if self.focus and (self.filtered or self.take or self.naming.show):
            raise ValueError("the place of one among all needs the list of all: no bounds, take or show")
        if self.since and not self.filtered:
            raise ValueError("since tells how a filtered list changed; this one takes in every unit")
        if self.since and (self.change or self.items or self.take):
            raise ValueError("since goes with a measure or table, without change, items or take")
        if self.items and (self.blank or self.where):
            raise ValueError("items have no blank rows and no other figures to look at")
        return self

    def check_subject(self, count: int) -> None:
        """A table's blank rows are a subject, too.

        Raises:
            ValueError: there is no subject, or more than one.
        """
        if count + (self.table is not None) != 1:
            raise ValueError("one of measure, items and table is needed, and only one")

    @property
    def filtered(self) -> bool:
        """Whether some units may be left out."""
        return bool(self.bounds() or self.where or self.blank or self.table)

    @property
    def direction(self) -> Order:
        """The order, by itself what the options suggest."""
        if self.order is not None:
            return self.order
        bounds = set(self.bounds())
        if not bounds or bounds == {"at"}:
            return "official" if self.filtered and self.take is None else "best"
        return "ascending" if bounds <= {"below", "at_most"} else "descending"

    def cases(self) -> tuple[str, ...]:
        """Those of a filtered list, of a ranking or of one unit's place."""
        if self.focus:
            return ("default", "tied", "focus_unreported", *self.missing_cases())
        found: tuple[str, ...] = ("default", "one")
        found += ("none", "incomplete", "all", "all_reporting", "all_but_one") if self.filtered else ("partial",)
        found += ("also",) if self.also else ()
        return (*found, *(TREND_CASES if self.since else ()), *self.missing_cases())

    def needed(self) -> tuple[str, ...]:
        """Conditions on other figures have no words but the series'."""
        return ("default", "none") if self.where else ()

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every comparison, with bounds, conditions and how many."""
        yield from super().expressions()
        yield from self.bound_expressions()
        for index, condition in enumerate(self.where):
            yield from condition.expressions(("where", index))
        if self.also is not None:
            yield from self.also.bound_expressions(("also",))
        if self.take is not None:
            yield ("take",), self.take

    def problems(self, series: Series) -> Iterator[Problem]:
        """As for every comparison; a unit or item in focus, or a table, that is not declared."""
        yield from super().problems(series)
        if self.focus is not None:
            yield from unknown(("focus",), self.focus, set(self.items) or {unit.id for unit in series.units})
        if self.table is not None:
            yield from unknown(("table",), self.table, set(series.tables))

    @property
    def head(self) -> str:
        """The period of a change, of the list told apart from, or of a bound."""
        return self.change or self.since or next(filter(None, map(head_of, self.bounds().values())), "")

    def own_words(self) -> dict[str, Text]:
        """Words for lists are put together from what is said of a unit and from how many units it is true of."""
        if self.focus:
            return FOCUS | MISSING
        said = predicate_of(self.bounds(), changes=self.change is not None, blank=self.blank)
        low = self.direction in ("ascending", "worst")
        if self.table:
            words = BLANK_TABLE
        elif self.filtered:
            words = filtered_words(said, taken=self.take is not None, changes=self.change is not None, low=low)
        else:
            words = ranking_words(self.direction, taken=self.take is not None, changes=self.change is not None)
        return words | (trend_words(None if self.table else said) if self.since else {}) | MISSING

    def condition(self, reported: str) -> str:
        """What a unit must satisfy to be taken in, as a condition on ``it``."""
        bounds = self.that()
        if self.blank:
            bounds = f"(blank(it) or {bounds})" if bounds else "blank(it)"
        others = [condition.that(condition.value) for condition in self.where]
        return " and ".join([bounds, *others] if bounds else [reported, *others])

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """Units that keep the bounds, in order, all or the first N."""
        if self.table:
            return find_blank_rows(self.table, self.since, self.cases(), indicators)
        subject = self.subject(indicators)
        limits = {
            name: told_apart(bound, subject.reporting.values()) for name, bound in limits_of(self, indicators).items()
        }
        compared, has_figure = comparable_with(subject, limits), reported(limits)
        outcome = self.begin(subject, compared, has_figure)
        if not compared and not self.blank:
            missing = subject.other_missing or (bool(subject.reporting) and bool(self.head))
            outcome.cases = ("no_comparison", "unreported") if missing else ("unreported",)
            return outcome
        descending = outcome.descending = _descends(self, subject)
        if self.focus:
            return _focus(self.focus, outcome, compared, descending=descending)
        that = self.condition(has_figure)
        matched = matching(self, subject, compared, limits, indicators)
        each = [condition.value for condition in self.where]
        each += [limit.expression for limit in limits.values() if limit.of_each is not None]
        outcome.left_out += [absent for expression in each for absent in indicators.blank(expression)]
        _choose_case(self, outcome, matched, compared, that, has_figure)
        _count_matched(outcome, matched, compared, that, has_figure)
        _bound_words(outcome, limits, indicators, subject)
        outcome.units = _in_order(self, matched, compared, descending=descending)
        _claim(self, outcome, matched, that, compared, descending=descending)
        if self.take is not None:
            _take(self, self.take, outcome, compared, that, indicators, descending=descending)
        if self.naming.places:
            outcome.places = competition_ranks(compared, descending=descending)
        if self.also is not None and outcome.units:
            _also(self.also, outcome, compared, indicators, subject)
        if self.since:
            find_trend(self, self.since, outcome, matched, limits, that, indicators, matching)
        outcome.attention = _attention(self, subject)
        return outcome


def matching(
    rule: List,
    subject: Comparable,
    compared: Mapping[str, Number],
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


def _choose_case(
    rule: List, outcome: Outcome, matched: list[str], compared: Mapping[str, Number], that: str, has_figure: str
) -> None:
    """Which cases are true, the most telling first, and what makes each true."""
    assert outcome.subject is not None  # noqa: S101  # set by begin
    size, count, complete = (
        len(outcome.subject.values),
        len(matched),
        rule.blank or len(compared) == len(outcome.subject.values),
    )
    matches, whole = f"count({that})", "" if rule.blank else f" and count({has_figure}) == size"
    outcome.when |= {
        "default": f"{matches} > 0",
        "none": f"{matches} == 0{whole}",
        "incomplete": f"{matches} == 0 and count({has_figure}) < size",
        "all": f"{matches} == size",
        "all_reporting": f"{matches} == count({has_figure}) and {matches} < size",
        "one": f"{matches} == 1{whole}",
        "all_but_one": f"{matches} == size - 1{whole}",
    }
    if not rule.filtered:
        alone = len(outcome.subject.reporting) == 1 and size > 1
        outcome.when |= {
            "one": "count(reported(it)) == 1",
            "partial": "count(reported(it)) > 0 and count(blank(it)) > 0",
        }
        if rule.take is None and alone:
            outcome.cases = ("one", "default")
        elif rule.take is None and outcome.subject.unreported():
            outcome.cases = ("partial", "default")
    elif not matched:
        outcome.cases = ("none",) if complete else ("incomplete",)
    elif count == size > 1:
        outcome.cases = ("all", "default")
    elif not complete:
        outcome.cases = ("all_reporting", "default") if count == len(compared) > 1 else ("default",)
    elif count == 1:
        outcome.cases = ("one", "default")
    elif count == size - 1:
        outcome.cases = ("all_but_one", "default")


def _count_matched(
    outcome: Outcome, matched: list[str], compared: Mapping[str, Number], that: str, has_figure: str
) -> None:
    subject = outcome.subject
    assert subject is not None  # noqa: S101  # set by begin
    listed = set(matched)
    outcome.lists["rest"] = [name for name in compared if name not in listed]
    outcome.count("count", matched, that)
    outcome.count("rest_count", outcome.lists["rest"], f"{has_figure} and not ({that})")

    def matched_total() -> Figure:
        figures = [subject.figure(name) for name in matched if name in compared]
        value = total(compared[name] for name in matched if name in compared)
        text = print_decimal(value)
        calculation = " + ".join(figure.text for figure in figures) + f" = {text}" if figures else None
        formula = f"sum({subject.spelled('it')}, {subject.spelled(that)})"
        return Figure(formula, AREA, value, text, subject.unit, "computed", formula, calculation,
                      subject.cells(matched), items=subject.items)  # fmt: skip

    outcome.values["total"] = matched_total


def _bound_words(outcome: Outcome, limits: Mapping[str, Limit], indicators: Indicators, subject: Comparable) -> None:
    for name, bound in limits.items():
        outcome.phrases[f"than_{name}"] = than(bound, indicators, subject.unit, subject.name)
        if bound.figure is not None and bound.figure.value is not None:
            outcome.left_out += bound.figure.without
            outcome.values["threshold"] = bound.figure
            if len(limits) > 1:
                outcome.values["lower" if name in ("above", "at_least") else "upper"] = bound.figure


def _descends(rule: List, subject: Comparable) -> bool:
    return {"best": subject.descending, "worst": not subject.descending, "ascending": False}.get(rule.direction, True)


def _in_order(rule: List, matched: list[str], compared: Mapping[str, Number], *, descending: bool) -> list[str]:
    if rule.direction == "official":
        return matched
    values = {name: compared[name] for name in matched if name in compared}
    blank = [name for name in matched if name not in compared]
    return select.ordered(values, descending=descending) + blank


def _claim(
    rule: List, outcome: Outcome, matched: list[str], that: str, compared: Mapping[str, Number], *, descending: bool
) -> None:
    """What the list asserts: who is on it, and in which order."""
    assert outcome.subject is not None  # noqa: S101  # set by begin
    outcome.claims.append(outcome.subject.claim("members", that=that, units=tuple(matched)))
    if rule.direction != "official" and rule.take is None:
        ordered = tuple(name for name in outcome.units if name in compared)
        outcome.claims.append(outcome.subject.claim("order", units=ordered, descending=descending))


def _take(
    rule: List,
    take: str,
    outcome: Outcome,
    compared: Mapping[str, Number],
    that: str,
    indicators: Indicators,
    *,
    descending: bool,
) -> None:
    """Only the first ``take``; where there are fewer, their count stands for it."""
    subject = outcome.subject
    assert subject is not None  # noqa: S101  # set by begin
    figure, n = number(take, indicators)
    if n < 1 or n != int(n):
        raise DefinitionError("not a number of units", found=figure.text, expected="1 or more")
    taken = select.take([unit for unit in outcome.units if unit in compared], compared, int(n), ties=rule.ties)
    outcome.units, outcome.values["n"] = taken, figure
    if len(taken) < n:  # "the first three" of two are two: no parameter any more, but a count
        outcome.count("n", taken, that)
    if not rule.filtered and outcome.value("n").text == "1":
        outcome.cases = ("one", "default")
    end: Literal["highest", "lowest"] = "highest" if descending else "lowest"
    claim = subject.claim("extreme", that=that, units=tuple(taken), end=end, take=take, ties=rule.ties)
    outcome.claims.append(claim)
    outcome.claims.append(subject.claim("order", units=tuple(taken), descending=descending))
    outcome.when["one"] = f"{take} == 1 or count({that}) == 1"


def _also(
    also: Bounds, outcome: Outcome, compared: Mapping[str, Number], indicators: Indicators, subject: Comparable
) -> None:
    limits = limits_of(also, indicators)
    for bound in limits.values():
        outcome.phrases["also"] = than(bound, indicators, subject.unit, subject.name)
    if all(keeps_bounds(unit, compared.get(unit), limits) for unit in outcome.units):
        outcome.cases = ("also", *outcome.cases)
        says = {"case": "also", "when": also.that(), "of": subject.of, "units": tuple(outcome.units)}
        outcome.claims.append(Claim("case", says))


def _attention(rule: List, subject: Comparable) -> frozenset[str]:
    """The cases in which a list names what is missed: figures on the bad side, zeros, blanks."""
    if not rule.filtered:
        return frozenset({"also"}) if rule.also and set(rule.also.bounds()) <= {"below", "at_most"} else frozenset()
    bounds = rule.bounds()
    bad = {"below", "at_most"} if subject.descending else {"above", "at_least"}
    zero = bounds.get("at") == "0" and subject.descending and not rule.change
    named = frozenset(rule.cases()) - {"none", "incomplete", "cleared", "unreported", "no_comparison"}
    return named if rule.blank or zero or (bounds and set(bounds) <= bad) else frozenset()


def _focus(focus: str, outcome: Outcome, compared: Mapping[str, Number], *, descending: bool) -> Outcome:
    """One unit's place among all."""
    subject = outcome.subject
    assert subject is not None  # noqa: S101  # set by begin
    outcome.lists["focus"] = [focus]
    outcome.units = [focus]
    if focus not in compared:
        outcome.cases = ("focus_unreported",)
        return outcome
    ranks = competition_ranks(compared, descending=descending)
    outcome.lists["tied_with"] = [name for name, rank in ranks.items() if rank == ranks[focus] and name != focus]
    outcome.places = ranks
    outcome.cases = ("tied", "default") if outcome.lists["tied_with"] else ("default",)
    formula = outcome.rank_formula
    place = Decimal(ranks[focus])
    outcome.values["place"] = lambda: Figure(
        formula, focus, place, str(place), "", "computed", formula, None, subject.all_cells(), items=subject.items
    )
    outcome.phrases["focus_value"] = Phrase(NOTHING, subject.figure(focus), "focus_value", unit=subject.unit)
    return outcome
