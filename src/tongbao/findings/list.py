"""Units (or items) that keep some bounds, in order, all or the first N: 检查处罚率未达20%为龙港市、苍南县和泰顺县."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import ConfigDict, model_validator

from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import BOUNDS, Against, Bounds, Condition, Order
from tongbao.definition.model import Expression, Text, one_of
from tongbao.definition.names import Place, Problem, unknown
from tongbao.definition.series import Series
from tongbao.figures.indicators import Indicators
from tongbao.findings.blank_table import BLANK_TABLE, find_blank_rows
from tongbao.findings.bounds import Limit, held_to, is_of_each, limits_of, told_apart, unit_behind
from tongbao.findings.compares import SUBJECTS, Compares
from tongbao.findings.list_words import filtered_words, focus_words, predicate_of, ranking_words, trend_words
from tongbao.findings.listing import Listing
from tongbao.findings.outcome import Outcome, head_of
from tongbao.findings.subject import descending
from tongbao.findings.trend import TREND_CASES, looks_elsewhere
from tongbao.findings.unheld import no_bound, nothing_compared


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
        if self.take is not None and self.blank:
            raise ValueError("take picks the first by their figure: those without one (blank) are none of them")
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

    def held_against(self) -> dict[str, str]:
        """Its bounds."""
        return self.bounds()

    def said(self, indicators: Indicators) -> dict[str, Text]:
        """Words for lists are put together from what is said of a unit and from how many units it is true of.

        A list with further conditions has the series' words alone: these would speak of its bounds and nothing else.
        """
        if self.where:
            return {}
        if self.focus:
            return focus_words(changes=self.change is not None)
        qualities, changes, taken = self.has_qualities(indicators), self.change is not None, self.take is not None
        said = predicate_of(self.bounds(), changes=changes, blank=self.blank, qualities=qualities)
        if self.table:
            words = BLANK_TABLE
        elif self.filtered:
            words = filtered_words(said, taken=taken, compared=changes or is_of_each(self), blank=self.blank)
        else:
            smallest_first = self.measure is not None and not descending(self.measure, indicators)
            by_size = smallest_first and self.order in ("descending", "ascending") and not qualities
            direction = f"{self.direction} by size" if by_size else self.direction
            words = ranking_words(direction, taken=taken, changes=changes, qualities=qualities)
        if self.since:
            looked_at = [
                formula for place, formula in self.expressions() if place[0] == "measure" or place[0] in BOUNDS
            ]
            elsewhere = looks_elsewhere(indicators, looked_at)
            words |= trend_words(None if self.table else said, elsewhere=elsewhere)
        return words

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """Units that keep the bounds, in order, all or the first N."""
        if self.table:
            return find_blank_rows(self.table, self.since, self.cases(), indicators)
        subject = self.subject(indicators)
        bounds = limits_of(self, indicators, subject.unit)
        known = subject.reporting
        listed = {*known, *(subject.lacking() if self.blank else ())}
        limits = {name: told_apart(held_to(bound, listed), known.values()) for name, bound in bounds.items()}
        listing = Listing(self, indicators, subject, limits)
        unreceived = bool(subject.other_missing) and not self.change  # nobody was asked
        unbound = any(one.of_each is None and one.is_blank for one in limits.values())
        nobody = subject.not_summed or unreceived or subject.reporting or unbound or not self.blank
        if not listing.compared and nobody:
            listing.outcome.cases = nothing_compared(listing.outcome, subject, limits.values(), indicators)
        elif unheld := self._blank_conditions(indicators):
            listing.outcome.cases = no_bound(listing.outcome, subject, unheld, indicators)
        elif self.focus:
            listing.place(self.focus)
        else:
            listing.find()
            if "also" not in self.wording:  # then the sentence does not say it
                listing.outcome.claims = [one for one in listing.outcome.claims if one.says.get("case") != "also"]
        return listing.outcome

    def _blank_conditions(self, indicators: Indicators) -> list[Limit]:
        """The bounds of further conditions that are one number for all, and have none."""
        limits = (limits_of(one, indicators, unit_behind(one.value, indicators)) for one in self.where)
        return [one for each in limits for one in each.values() if one.of_each is None and one.is_blank]
