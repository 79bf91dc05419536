"""Which measures of a series are rates of counts, and the counts behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tongbao.basics.formula import Ratio
from tongbao.checks.holds import Holds
from tongbao.definition.series import Series
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao_chance.funnel import funnel_limits
from tongbao_chance.intervals import Count, Model, score_interval

# Why a rate gets no interval: its parts are not given, are no counts, too few units have them, a proportion's part is
# larger than its whole, or limits would pass 100 % where nothing says whether the rate can.
Reason = Literal["parts_unknown", "no_counts", "too_few", "beyond_whole", "undeclared"]


@dataclass(frozen=True)
class CountRate:
    """A rate with its counts: ``ratio`` as declared, ``counts`` of the units that have them, ``area`` of the whole."""

    measure: str
    ratio: Ratio
    model: Model
    counts: Mapping[str, Count]
    area: Count


def find_rates(indicators: Indicators) -> tuple[list[CountRate], dict[str, Reason]]:
    """The rates of counts of a period, and the other rates with the reason why chance cannot be told for them.

    A rate of counts is an indicator ``part / whole`` (times a number) of things counted one by one: each name in it is
    measured in 家次, 起, 例 …, or the indicator says ``counts: true``. It is a proportion where declared relations hold
    the part within the whole, or where it says ``proportion: true``. Other measures in % are named with a reason;
    measures that are no rates are left out.
    """
    found: list[CountRate] = []
    without: dict[str, Reason] = {}
    series = indicators.series
    for measure in series.measures:
        ratio = indicators.count_ratio(measure)
        if ratio is None:
            if indicators.unit_of(measure) == "%":
                without[measure] = "no_counts" if measure in series.indicators else "parts_unknown"
            continue
        counts = {unit.id: _count(indicators, ratio, unit.id) for unit in series.units}
        known = {unit: count for unit, count in counts.items() if count is not None}
        area = _count(indicators, ratio, AREA)
        if any(indicators.figure(measure, unit).value is not None for unit in counts.keys() - known.keys()):
            without[measure] = "no_counts"
        elif len(known) < 2 or area is None:
            without[measure] = "too_few"
        else:
            rate = CountRate(measure, ratio, _model(series, measure, ratio), known, area)
            why = _unsound(rate, declared=series.indicators[measure].proportion is not None)
            if why is None:
                found.append(rate)
            else:
                without[measure] = why
    return found, without


def _model(series: Series, measure: str, ratio: Ratio) -> Model:
    declared = series.indicators[measure].proportion
    return "binomial" if (_is_within(series, ratio) if declared is None else declared) else "poisson"


def _unsound(rate: CountRate, *, declared: bool) -> Reason | None:
    """Why no interval of a rate could be believed: a share lies within 0 to 100 %, and so must its interval."""
    counts = (rate.area, *rate.counts.values())
    if any(count.part > count.whole for count in counts):
        return "beyond_whole" if rate.model == "binomial" else None
    if rate.model == "binomial" or declared or rate.ratio.scale != 100:
        return None
    reach = (score_interval(count, "poisson").upper for count in counts)
    limits = (funnel_limits(count.whole, rate.area.share, "poisson").inner.upper for count in counts)
    return "undeclared" if max(*reach, *limits) > 1 else None


def _is_within(series: Series, ratio: Ratio) -> bool:
    """Whether declared checks stop the build where the part is larger than the whole, also in steps: a ≤ b ≤ c."""
    within: dict[str, set[str]] = {}
    for check in series.checks.values():
        if isinstance(check, Holds) and check.level == "error":
            left, right = _plain(check.left), _plain(check.right)
            if check.relation in ("<=", "=="):
                within.setdefault(left, set()).add(right)
            if check.relation in (">=", "=="):
                within.setdefault(right, set()).add(left)
    reached, new = set[str](), {_plain(ratio.part)}
    while new:
        reached |= new
        new = {larger for one in new for larger in within.get(one, ())} - reached
    return _plain(ratio.whole) in reached


def _plain(formula: str) -> str:
    return "".join(formula.split())


def _count(indicators: Indicators, ratio: Ratio, scope: str) -> Count | None:
    """Both sides of a rate, if they are given, whole and not negative, and there is something to divide by."""
    part, whole = (indicators.evaluate(side, scope).value for side in (ratio.part, ratio.whole))
    if part is None or not whole or any(side < 0 or side % 1 for side in (part, whole)):
        return None
    return Count(int(part), int(whole))
