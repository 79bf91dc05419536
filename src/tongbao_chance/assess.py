"""Hold every rate of counts, and what the findings say of it, against chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from tongbao.basics.formula import Formula
from tongbao.definition.names import of_unit
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao.findings.list import List
from tongbao_chance.funnel import dispersion, funnel_limits
from tongbao_chance.intervals import Interval, score_interval
from tongbao_chance.ranks import rank_ranges, surely_higher
from tongbao_chance.rates import CountRate, find_rates
from tongbao_chance.records import (
    DispersionRecord,
    DoubtRecord,
    NearMissRecord,
    RateRecord,
    RobustnessRecord,
    StandingRecord,
)


def assess(indicators: Indicators, findings: Mapping[str, Finding]) -> RobustnessRecord:
    """Intervals, funnel and ranges of ranks of every rate of counts, and which findings they put in doubt.

    A unit has its own 95 % interval, the best and worst rank that is possible at 95 % for all units together, and the
    funnel's limits at its size. ``swaps`` are neighbours in the ranking, not tied, that chance may have put in this
    order; ``near_misses`` are units that a finding puts below a line which their interval holds.
    """
    rates, without = find_rates(indicators)
    return RobustnessRecord(
        series=indicators.series.id,
        period=str(indicators.period),
        synthetic=indicators.series.synthetic,
        rates=tuple(_assess(rate, indicators, findings.values()) for rate in rates),
        without=without,
    )


def _assess(rate: CountRate, indicators: Indicators, findings: Iterable[Finding]) -> RateRecord:
    descending = indicators.descending(rate.measure)
    higher = surely_higher(rate.counts, rate.model)
    spread = dispersion(rate.counts.values(), rate.area.share, rate.model)
    units = _standings(rate, indicators.ranks(rate.measure), rank_ranges(rate.counts, higher, descending=descending))
    declared = indicators.series.findings
    lists = ((finding, rule) for finding in findings if isinstance(rule := declared[finding.id], List))
    about = [
        (finding, rule)
        for finding, rule in lists
        if rule.measure is not None and rule.measure.formula == rate.measure and rule.change is None
    ]
    return RateRecord(
        measure=rate.measure,
        model=rate.model,
        scale=format(rate.ratio.scale, "f"),
        area=rate.area.share * rate.ratio.scale,
        dispersion=DispersionRecord(factor=str(spread.factor), beyond_chance=spread.beyond_chance),
        units=units,
        swaps=tuple(
            (first.unit, second.unit)
            for first, second in pairwise(units)
            if first.rank != second.rank and not {(first.unit, second.unit), (second.unit, first.unit)} & higher
        ),
        near_misses=tuple(miss for one in about for miss in _near_misses(*one, indicators, units, rate.ratio.scale)),
        lists=tuple(doubt for one in about for doubt in _doubtful(*one, units, descending=descending)),
    )


def _standings(
    rate: CountRate, ranks: Mapping[str, int], ranges: Mapping[str, tuple[int, int]]
) -> tuple[StandingRecord, ...]:
    """Every unit with its counts, from the first rank to the last."""
    scale, found = rate.ratio.scale, []
    for unit in sorted(rate.counts, key=ranks.__getitem__):
        count = rate.counts[unit]
        limits = funnel_limits(count.whole, rate.area.share, rate.model)
        standing = StandingRecord(
            unit=unit,
            part=count.part,
            whole=count.whole,
            rate=count.share * scale,
            interval_95=score_interval(count, rate.model).scaled(scale),
            rank=ranks[unit],
            possible_ranks=ranges[unit],
            limits_95=limits.inner.scaled(scale),
            limits_998=limits.outer.scaled(scale),
            position=limits.position(count.share),
        )
        found.append(standing)
    return tuple(found)


def _near_misses(
    finding: Finding, rule: List, indicators: Indicators, units: Iterable[StandingRecord], scale: Decimal
) -> Iterator[NearMissRecord]:
    """Named units that are below a line by less than chance explains: a threshold or the area's rate.

    Against all or none (100 %, 0 %) nothing is tested: chance alone leaves no unit short of what chance cannot miss.
    """
    bounds = rule.also.bounds() if finding.case == "also" and rule.also is not None else rule.bounds()
    for name in ("below", "at_most"):
        if name in bounds and not any(of_unit(part) for part in Formula.parse(bounds[name]).names):
            line = indicators.evaluate(bounds[name])
            if line.value is None or line.value in (0, scale):
                continue
            for standing in units:
                if Interval(*standing.interval_95).holds(line.value) and standing.unit in finding.units:
                    yield NearMissRecord(finding=finding.id, unit=standing.unit, threshold=line.text, line=bounds[name])


def _doubtful(
    finding: Finding, rule: List, units: tuple[StandingRecord, ...], *, descending: bool
) -> Iterator[DoubtRecord]:
    """Whom chance may have put on a list of first or last places, and whom it may have kept off."""
    if rule.take is None or rule.filtered or not finding.units:
        return
    from_the_top = rule.direction in ("best", "descending" if descending else "ascending")
    count, edge = len(finding.units), len(units) - len(finding.units)
    may_leave, may_join = [], []
    for standing in units:
        best, worst = standing.possible_ranks
        inside, outside = (best <= count, worst > count) if from_the_top else (worst > edge, best <= edge)
        if standing.unit in finding.units:
            may_leave += [standing.unit] if outside else []
        else:
            may_join += [standing.unit] if inside else []
    if may_leave or may_join:
        yield DoubtRecord(finding=finding.id, may_not_belong=tuple(may_leave), may_belong=tuple(may_join))
