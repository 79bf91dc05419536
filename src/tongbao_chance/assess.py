"""Hold every rate of counts, and what the findings say of it, against chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tongbao.basics.formula import Formula
from tongbao.basics.rounding import round_decimal
from tongbao.definition.names import of_unit
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao.findings.list import List
from tongbao_chance.counts import Count, Interval, Model
from tongbao_chance.funnel import Dispersion, Limits, Position, dispersion, funnel_limits
from tongbao_chance.intervals import score_interval
from tongbao_chance.ranks import rank_ranges, surely_higher
from tongbao_chance.rates import CountRate, Reason, find_rates

# Stored limits: finer than any circular prints, coarser than what processors differ in.
_STORED = 6


@dataclass(frozen=True)
class Standing:
    """A unit's rate as chance would have it; all rates in the measure's own unit, unrounded.

    ``interval`` is the unit's own 95 % interval, ``ranks`` the best and worst rank that is possible at 95 % for all
    units together, ``limits`` and ``position`` the funnel at its size.
    """

    unit: str
    figure: Figure
    count: Count
    interval: Interval
    rank: int
    ranks: tuple[int, int]
    limits: Limits
    position: Position


@dataclass(frozen=True)
class NearMiss:
    """A finding says that a unit misses ``threshold``; the unit's 95 % interval holds the threshold."""

    finding: str
    unit: str
    threshold: Figure


@dataclass(frozen=True)
class DoubtfulList:
    """A list of the first or last places: which of the named, and which of the others, chance may have put there."""

    finding: str
    may_not_belong: tuple[str, ...]
    may_belong: tuple[str, ...]


@dataclass(frozen=True)
class RateAssessment:
    """One rate: its units from the first rank to the last, and what chance leaves of the statements on it.

    ``swaps`` are neighbours in the ranking, not tied, that chance may have put in this order.
    """

    measure: str
    model: Model
    scale: Decimal
    target: Decimal
    area: Figure
    standings: tuple[Standing, ...]
    swaps: tuple[tuple[str, str], ...]
    dispersion: Dispersion
    near_misses: tuple[NearMiss, ...]
    lists: tuple[DoubtfulList, ...]

    def at(self, *positions: Position) -> list[str]:
        """The units at these places of the funnel, in order of rank."""
        return [standing.unit for standing in self.standings if standing.position in positions]

    def outside_widened(self) -> list[str]:
        """The units outside the 95 % limits even when these are widened by √φ."""
        factor = max(Decimal(1), self.dispersion.factor).sqrt()
        target = self.target * self.scale
        found = []
        for standing in self.standings:
            inner = standing.limits.inner
            widened = Interval(target - (target - inner.lower) * factor, target + (inner.upper - target) * factor)
            if not widened.holds(standing.count.share * self.scale):
                found.append(standing.unit)
        return found


@dataclass(frozen=True)
class Robustness:
    """Every rate of counts of a bulletin, and the other rates with the reason why nothing can be said of them."""

    rates: tuple[RateAssessment, ...]
    without: Mapping[str, Reason]

    def record(self) -> list[dict[str, Any]]:
        """What ``robustness.json`` holds of each rate; limits to 6 decimals, as text."""
        return [_rate_record(rate) for rate in self.rates]


def assess(indicators: Indicators, findings: Mapping[str, Finding]) -> Robustness:
    """Intervals, funnel and ranges of ranks of every rate of counts, and which findings they put in doubt."""
    rates, without = find_rates(indicators)
    return Robustness(tuple(_assess(rate, indicators, findings.values()) for rate in rates), without)


def _assess(rate: CountRate, indicators: Indicators, findings: Iterable[Finding]) -> RateAssessment:
    descending, scale = indicators.descending(rate.measure), rate.ratio.scale
    higher = surely_higher(rate.counts, rate.model)
    ranges, ranks = rank_ranges(rate.counts, higher, descending=descending), indicators.ranks(rate.measure)
    standings = []
    for unit in sorted(rate.counts, key=ranks.__getitem__):
        count = rate.counts[unit]
        limits = funnel_limits(count.whole, rate.area.share, rate.model)
        standings.append(
            Standing(
                unit,
                indicators.figure(rate.measure, unit),
                count,
                score_interval(count, rate.model).scaled(scale),
                ranks[unit],
                ranges[unit],
                limits.scaled(scale),
                limits.position(count.share),
            )
        )
    order = [standing.unit for standing in standings]
    about = [
        (finding, rule)
        for finding in findings
        if isinstance(rule := indicators.series.findings[finding.id], List)
        and rule.measure is not None
        and rule.measure.formula == rate.measure
        and rule.change is None
    ]
    return RateAssessment(
        rate.measure,
        rate.model,
        scale,
        rate.area.share,
        indicators.figure(rate.measure, AREA),
        tuple(standings),
        tuple(
            (first, second)
            for first, second in pairwise(order)
            if ranks[first] != ranks[second] and not {(first, second), (second, first)} & higher
        ),
        dispersion(rate.counts.values(), rate.area.share, rate.model),
        tuple(miss for finding, rule in about for miss in _near_misses(finding, rule, indicators, standings)),
        tuple(
            doubt
            for finding, rule in about
            if (doubt := _doubtful(finding, rule, standings, descending=descending)) is not None
        ),
    )


def _near_misses(finding: Finding, rule: List, indicators: Indicators, standings: list[Standing]) -> list[NearMiss]:
    """Named units that are below a line by less than chance explains: a threshold, full value or the area's rate."""
    bounds = rule.also.bounds() if finding.case == "also" and rule.also is not None else rule.bounds()
    misses = []
    for name in ("below", "at_most"):
        if name in bounds and not any(of_unit(part) for part in Formula.parse(bounds[name]).names):
            line = indicators.evaluate(bounds[name])
            misses += [
                NearMiss(finding.id, standing.unit, line)
                for standing in standings
                if line.value is not None and standing.unit in finding.units and standing.interval.holds(line.value)
            ]
    return misses


def _doubtful(finding: Finding, rule: List, standings: list[Standing], *, descending: bool) -> DoubtfulList | None:
    """Whom chance may have put on a list of first or last places, and whom it may have kept off."""
    if rule.take is None or rule.filtered or not finding.units:
        return None
    from_the_top = rule.direction in ("best", "descending" if descending else "ascending")
    listed, count = set(finding.units), len(finding.units)
    edge = len(standings) - count
    may_leave, may_join = [], []
    for standing in standings:
        best, worst = standing.ranks
        if from_the_top:
            inside, outside = best <= count, worst > count
        else:
            inside, outside = worst > edge, best <= edge
        if standing.unit in listed and outside:
            may_leave.append(standing.unit)
        elif standing.unit not in listed and inside:
            may_join.append(standing.unit)
    return DoubtfulList(finding.id, tuple(may_leave), tuple(may_join)) if may_leave or may_join else None


def _rate_record(rate: RateAssessment) -> dict[str, Any]:
    return {
        "measure": rate.measure,
        "model": rate.model,
        "scale": format(rate.scale, "f"),
        "area": _text(rate.target * rate.scale),
        "dispersion": {"factor": str(rate.dispersion.factor), "beyond_chance": rate.dispersion.beyond_chance},
        "units": [
            {
                "unit": standing.unit,
                "part": standing.count.part,
                "whole": standing.count.whole,
                "rate": _text(standing.count.share * rate.scale),
                "interval_95": _ends(standing.interval),
                "rank": standing.rank,
                "possible_ranks": list(standing.ranks),
                "limits_95": _ends(standing.limits.inner),
                "limits_998": _ends(standing.limits.outer),
                "position": standing.position,
            }
            for standing in rate.standings
        ],
        "swaps": [list(pair) for pair in rate.swaps],
        "near_misses": [
            {"finding": miss.finding, "unit": miss.unit, "threshold": miss.threshold.text} for miss in rate.near_misses
        ],
        "lists": [
            {
                "finding": doubt.finding,
                "may_not_belong": list(doubt.may_not_belong),
                "may_belong": list(doubt.may_belong),
            }
            for doubt in rate.lists
        ],
    }


def _ends(interval: Interval) -> list[str]:
    return [_text(interval.lower), _text(interval.upper)]


def _text(value: Decimal) -> str:
    return format(round_decimal(value, _STORED), "f")
