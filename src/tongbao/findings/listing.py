"""How a list is found: who keeps its bounds, in which order, which words are true of it, and what it claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from tongbao.basics.claim import Claim
from tongbao.basics.errors import DefinitionError
from tongbao.basics.rounding import Number, competition_ranks, print_decimal, total
from tongbao.definition.expressions import Bounds
from tongbao.figures.figure import AREA, Absent, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import select
from tongbao.findings.bounds import (
    Limit,
    amount_of,
    bounds_of,
    comparable_with,
    is_of_unit,
    keeps_bounds,
    kept,
    limits_of,
    reported,
    size_of,
    than,
    unit_behind,
)
from tongbao.findings.lacking import no_place, of_blank
from tongbao.findings.list_words import end_of
from tongbao.findings.outcome import Outcome, Phrase, number
from tongbao.findings.subject import Comparable, period_missing
from tongbao.findings.trend import tell_trend

if TYPE_CHECKING:
    from tongbao.findings.list import List


@dataclass(frozen=True)
class Listing:
    """A list in one period: what is compared, the bounds it is held against, and what is found so."""

    rule: List
    indicators: Indicators
    subject: Comparable
    limits: Mapping[str, Limit]

    @cached_property
    def compared(self) -> Mapping[str, Number]:
        """What has a figure, and bounds to hold it against."""
        return comparable_with(self.subject, self.limits)

    @property
    def has_figure(self) -> str:
        """The same as a condition on ``it``."""
        return reported(self.limits)

    @cached_property
    def that(self) -> str:
        """What a unit must satisfy to be taken in, as a condition on ``it``."""
        bounds = self.rule.that()
        if self.rule.blank:
            bounds = f"(blank(it) or {bounds})" if bounds else "blank(it)"
        others = [condition.that(condition.value) for condition in self.rule.where]
        return " and ".join([bounds, *others] if bounds else [self.has_figure, *others])

    @cached_property
    def matched(self) -> list[str]:
        """What keeps every bound and condition, in official order."""
        rule = self.rule
        if not rule.filtered:
            return list(self.compared)
        found = set(kept(self.compared, self.limits)) if self.limits or not rule.blank else set()
        if rule.blank:
            found |= set(self.subject.lacking())
        for condition in rule.where:
            values = self.indicators.values(condition.value)
            limits = limits_of(condition, self.indicators, unit_behind(condition.value, self.indicators))
            found = set(kept({name: values[name] for name in found}, limits))
        return [name for name in self.subject.values if name in found]

    @cached_property
    def further(self) -> list[str]:
        """What a unit needs a figure of beside its own: the values of conditions, and their bounds if each has one."""
        conditions = self.rule.where
        bounds = (bound for condition in conditions for bound in condition.bounds().values() if is_of_unit(bound))
        return list(dict.fromkeys((*(condition.value for condition in conditions), *bounds)))

    @cached_property
    def period_missing(self) -> str:
        """The other period without whose figures no condition can be told of any unit; empty where there is none."""
        return next(filter(None, (period_missing(one, self.indicators) for one in self.further)), "")

    @property
    def decided(self) -> str:
        """That it can be told whether a unit is on the list, as a condition on ``it``."""
        own = f"({self.has_figure} or blank(it))" if self.rule.blank else self.has_figure
        return " and ".join([own, *(f"reported({one})" for one in self.further)])

    def without(self) -> list[Absent]:
        """Those of whom a bound of their own, or what a condition looks at, is blank."""
        own = [bound.expression for bound in self.limits.values() if bound.of_each is not None]
        return [absent for one in (*own, *self.further) for absent in self.indicators.blank(one)]

    @property
    def blank_on_list(self) -> set[str]:
        """Those who are on the list because they have no figure."""
        return set(self.subject.lacking()).intersection(self.matched) if self.rule.blank else set()

    @cached_property
    def outcome(self) -> Outcome:
        """What is found, filled step by step."""
        outcome = self.rule.begin(self.subject, self.compared, self.has_figure, self.indicators)
        # Whichever is named first, a place is the measure's own; a list of the worst counts from the last one.
        outcome.from_end = self.rule.direction == "worst" and not self.rule.focus
        outcome.descending = self.subject.descending != outcome.from_end
        return outcome

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each that is compared."""
        return competition_ranks(self.compared, descending=self.outcome.descending)

    @property
    def descending(self) -> bool:
        """Whether the largest figure is named first."""
        best = self.subject.descending
        return {"best": best, "worst": not best, "ascending": False}.get(self.rule.direction, True)

    def find(self) -> None:
        """Who is on the list, in which order, and what can be said of it."""
        rule, outcome = self.rule, self.outcome
        if rule.blank:  # those without a figure are on the list
            outcome.left_out.clear()
            outcome.phrases["no_figure"] = of_blank(self.subject)
        if head := self.period_missing:
            outcome.compare_nothing(self.indicators, head, f"count({self.decided}) == 0")
            return
        outcome.left_out += self.without()
        outcome.on_list = frozenset(self.blank_on_list)
        outcome.units = self._in_order()
        self._hold()
        self._choose_case()
        if rule.where:
            self._leave_undecided()
        self._count()
        self._say_bounds()
        self._claim()
        if rule.take is not None:
            self._take(rule.take)
        if rule.naming.places:
            outcome.places = self.places
        if rule.also is not None and outcome.units:
            self._also(rule.also)
        if rule.since:
            tell_trend(self, rule.since)
        outcome.attention = self._attention()

    def _in_order(self) -> list[str]:
        if self.rule.direction == "official":
            return self.matched
        values = {name: self.compared[name] for name in self.matched if name in self.compared}
        blank = [name for name in self.matched if name not in self.compared]
        return select.ordered(values, descending=self.descending) + blank

    def _hold(self) -> None:
        """What the figures named are held against: their own bounds, those of ``also``, of further conditions."""
        rule, held, also = self.rule, self.outcome.bounds, self.rule.also
        own = bounds_of(self.limits) + (bounds_of(limits_of(also, self.indicators, self.subject.unit)) if also else [])
        held[self.subject.formula] = [*map(size_of, own)] if self.subject.is_change else own
        for further in rule.where:
            held.setdefault(further.value, []).extend(
                bounds_of(limits_of(further, self.indicators, unit_behind(further.value, self.indicators)))
            )

    def _choose_case(self) -> None:
        """Which cases are true, the most telling first, and what makes each true."""
        rule, outcome, that, has_figure = self.rule, self.outcome, self.that, self.has_figure
        size, count = len(self.subject.values), len(self.matched)
        # With ``blank`` those without a figure may be on the list, too; whoever has one needs a bound beside it.
        everyone = len(self.compared) + (len(self.subject.lacking()) if rule.blank else 0)
        complete = everyone == size
        asked = f"{has_figure} or blank(it)" if rule.blank else has_figure
        matches, whole = f"count({that})", "" if rule.blank else f" and count({has_figure}) == size"
        outcome.when |= {
            "default": f"{matches} > 0",
            "none": f"{matches} == 0{whole}",
            "incomplete": f"{matches} == 0 and count({has_figure}) < size",
            "all": f"{matches} == size",
            "all_reporting": f"{matches} == count({asked}) and {matches} < size",
            "one": f"{matches} == 1{whole}",
            "all_but_one": f"{matches} == size - 1{whole}",
        }
        if not rule.filtered:
            alone = len(self.subject.reporting) == 1 and size > 1
            outcome.when |= {
                "one": "count(reported(it)) == 1",
                "partial": "count(reported(it)) > 0 and count(blank(it)) > 0",
            }
            if rule.take is None and alone:
                outcome.cases = ("one", "default")
            elif rule.take is None and self.subject.lacking():
                outcome.cases = ("partial", "default")
        elif not count:
            outcome.cases = ("none",) if complete else ("incomplete",)
            if rule.where and not complete:  # what the bounds alone say is not what was asked
                outcome.cases = ("incomplete", "none")
                outcome.when["none"] = f"{matches} == 0"
        elif count == size > 1:
            outcome.cases = ("all", "default")
        elif not complete:
            outcome.cases = ("all_reporting", "default") if count == everyone > 1 else ("default",)
        elif count == 1:
            outcome.cases = ("one", "default")
        elif count == size - 1:
            outcome.cases = ("all_but_one", "default")

    def _leave_undecided(self) -> None:
        """Where a condition cannot be told of some, nothing is said of all: they may be on the list, too."""
        outcome = self.outcome
        if not any(self.indicators.blank(one) for one in self.further):
            return
        if not self.matched:
            outcome.cases = ("incomplete", "none")
            outcome.when["none"] = f"count({self.that}) == 0"
            outcome.when["incomplete"] = f"count({self.that}) == 0 and count({self.decided}) < size"
        elif outcome.cases[0] in ("one", "all_but_one"):
            outcome.cases = ("default",)

    def _count(self) -> None:
        """How many are on the list and how many are not, and what the figures on it make together."""
        outcome, listed = self.outcome, set(self.matched)
        outcome.lists["rest"] = [name for name in self.compared if name not in listed]
        outcome.count("count", self.matched, self.that)
        outcome.count("rest_count", outcome.lists["rest"], f"{self.has_figure} and not ({self.that})")
        outcome.values["total"] = self._total

    def _total(self) -> Figure:
        subject, names = self.subject, [name for name in self.matched if name in self.compared]
        value = total(self.compared[name] for name in names)
        text = print_decimal(value)
        calculation = " + ".join(subject.figure(name).text for name in names) + f" = {text}" if names else None
        formula = f"sum({subject.spelled('it')}, {subject.spelled(self.that)})"
        cells = subject.cells(self.matched)
        return Figure(
            formula, AREA, value, text, subject.unit, "computed", formula, calculation, cells, items=subject.items
        )

    def _say_bounds(self) -> None:
        both = len(self.limits) > 1
        for name, bound in self.limits.items():
            said = than(bound, self.indicators, self.subject.unit, self.subject.name)
            side = "lower" if name in ("above", "at_least") else "upper"
            if both and said.figure is not None:  # two numbers of one key would be one
                said = replace(said, key=side)
            self.outcome.phrases[f"than_{name}"] = said
            if bound.figure is not None and bound.figure.value is not None:
                self.outcome.left_out += bound.figure.without
                self.outcome.values["threshold"] = bound.figure
                if both:
                    self.outcome.values[side] = bound.figure

    def _claim(self) -> None:
        """What the list asserts: who is on it, and in which order."""
        claims = self.outcome.claims
        claims.append(self.subject.claim("members", that=self.that, units=tuple(self.matched)))
        if self.rule.direction != "official" and self.rule.take is None:
            ordered = tuple(name for name in self.outcome.units if name in self.compared)
            claims.append(self.subject.claim("order", units=ordered, descending=self.descending))

    def _take(self, take: str) -> None:
        """Only the first ``take``; where there are fewer, their count stands for it."""
        rule, outcome = self.rule, self.outcome
        figure, n = number(take, self.indicators)
        if n < 1 or n != int(n):
            raise DefinitionError("not a number of units", found=figure.text, expected="1 or more")
        compared = [unit for unit in outcome.units if unit in self.compared]
        taken = select.take(compared, self.compared, int(n), ties=rule.ties)
        outcome.units, outcome.values["n"] = taken, figure
        if len(taken) < n:  # "the first three" of two are two: no parameter any more, but a count
            outcome.count("n", taken, self.that)
        if not rule.filtered and outcome.value("n").text == "1":
            outcome.cases = ("one", "default")
        values = [self.compared[name] for name in taken]
        kind = {"changes": self.subject.is_change, "qualities": rule.has_qualities(self.indicators)}
        outcome.phrases["end"] = Phrase(end_of(values, highest=self.descending, **kind))
        says = {"units": tuple(taken), "end": "highest" if self.descending else "lowest", "take": take}
        outcome.claims += [
            self.subject.claim("extreme", that=self.that, **says, ties=rule.ties),
            self.subject.claim("order", units=tuple(taken), descending=self.descending),
        ]
        outcome.when["one"] = f"{take} == 1 or count({self.that}) == 1"

    def _also(self, also: Bounds) -> None:
        """Whether all on the list keep further bounds, too."""
        outcome, subject = self.outcome, self.subject
        limits = limits_of(also, self.indicators, subject.unit)
        for bound in limits.values():
            outcome.phrases["also"] = replace(than(bound, self.indicators, subject.unit, subject.name), key="also")
        if all(keeps_bounds(unit, self.compared.get(unit), limits) for unit in outcome.units):
            outcome.cases = ("also", *outcome.cases)
            says = {"case": "also", "when": also.that(), "of": subject.of, "units": tuple(outcome.units)}
            outcome.claims.append(Claim("case", says))

    @property
    def is_known(self) -> bool:
        """Whether it can be told who is on the list: of figures, or of blanks where something was asked for."""
        subject = self.subject
        if not self.indicators.any_received or self.period_missing:
            return False
        asked = not subject.reporting and not subject.other_missing and not subject.not_summed
        return bool(self.compared) or (self.rule.blank and asked)

    def _attention(self) -> frozenset[str]:
        """The cases in which a list names what is missed: figures on the bad side, zeros, blanks."""
        rule, bounds = self.rule, self.rule.bounds()
        if not rule.filtered:
            return frozenset({"also"}) if rule.also and set(rule.also.bounds()) <= {"below", "at_most"} else frozenset()
        bad = {"below", "at_most"} if self.subject.descending else {"above", "at_least"}
        zero = bounds.get("at") == "0" and self.subject.descending and not rule.change
        named = frozenset(rule.cases()) - {"none", "incomplete", "cleared", *rule.missing_cases()}
        return named if rule.blank or zero or (bounds and set(bounds) <= bad) else frozenset()

    def place(self, focus: str) -> None:
        """One unit's place among all."""
        subject, outcome = self.subject, self.outcome
        outcome.lists["focus"] = [focus]
        outcome.units = [focus]
        if focus not in self.compared:
            outcome.cases = ("focus_unreported",)
            outcome.phrases["lack"] = no_place(self.indicators, subject, focus)
            return
        ranks = outcome.places = self.places
        outcome.lists["tied_with"] = [name for name, rank in ranks.items() if rank == ranks[focus] and name != focus]
        outcome.cases = ("tied", "default") if outcome.lists["tied_with"] else ("default",)
        formula, place = outcome.rank_formula, Decimal(ranks[focus])
        outcome.values["place"] = lambda: Figure(
            formula, focus, place, str(place), "", "computed", formula, None, subject.all_cells(), items=subject.items
        )
        outcome.phrases["focus_value"] = amount_of(subject, focus, "focus_value")
