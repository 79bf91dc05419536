"""The numbers that the section on chance prints, each with its key and the figure that goes on record."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tongbao.basics.formula import Formula
from tongbao.basics.key import Key
from tongbao.basics.language import number_text
from tongbao.basics.marks import Mark, marked_text
from tongbao.basics.rounding import print_decimal, round_decimal
from tongbao.definition.model import Lang
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao_chance.records import RateRecord, StandingRecord

OWNER = "chance"


class Printed:
    """What is printed of one rate; ``figures`` has all of it by key.

    Arguments:
        rate: what was assessed.
        indicators: the measures' own figures.
        lang: whose names and numerals marks show.
    """

    def __init__(self, rate: RateRecord, indicators: Indicators, lang: Lang = "zh") -> None:
        self._measure, self._indicators, self._lang = rate.measure, indicators, lang
        ratio = Formula.parse(indicators.series.indicators[rate.measure].formula).ratio
        counted = {"part": getattr(ratio, "part", ""), "whole": getattr(ratio, "whole", "")}
        self._formulas = {"rate": rate.measure, "rank": indicators.rank_formula(rate.measure), **counted}
        self.figures: dict[str, Figure] = {}
        for one in rate.units:
            measured = (indicators.evaluate(self._formulas[name], one.unit) for name in ("rank", "part", "whole"))
            self._keep(*measured, *self._of_unit(one))
        self._keep(*(indicators.evaluate(miss.line) for miss in rate.near_misses))
        outside = str(len(rate.at("above_998", "below_998")))
        for name, text in (("dispersion", rate.dispersion.factor), ("outside", outside)):
            self._keep(self._statistic(name, AREA, Decimal(text), text))

    def _of_unit(self, one: StandingRecord) -> Iterator[Figure]:
        """Ends of intervals and limits, at least one decimal or small rates would have none; possible ranks."""
        decimals = max(1, self._indicators.series.indicators[self._measure].decimals)
        unit = self._indicators.unit_of(self._measure)
        for kind, ends in (("", one.interval_95), ("_95", one.limits_95), ("_998", one.limits_998)):
            for side, end in zip(("lower", "upper"), ends, strict=True):
                value = round_decimal(end, 6)  # as in robustness.json: processors differ in what is finer
                yield self._statistic(side + kind, one.unit, value, print_decimal(value, decimals), unit)
        for side, rank in zip(("best", "worst"), one.possible_ranks, strict=True):
            yield self._statistic(side, one.unit, Decimal(rank), str(rank))

    def _statistic(self, name: str, scope: str, value: Decimal, text: str, unit: str = "") -> Figure:
        return Figure(f"{name}.{self._measure}", scope, value, text, unit, "statistic")

    def _keep(self, *figures: Figure) -> None:
        for figure in figures:
            self.figures.setdefault(self._key(figure), figure)

    @staticmethod
    def _key(figure: Figure) -> str:
        if figure.origin != "statistic":
            return str(figure.key)
        return str(Key(figure.name, "" if figure.scope == AREA else figure.scope, owner=OWNER))

    def figure(self, name: str, scope: str = AREA) -> Mark:
        """The ``rate`` of a unit or of the whole area, its ``rank``, ``part`` and ``whole``; any formula's figure."""
        return self._mark(self._indicators.evaluate(self._formulas.get(name, name), scope))

    def statistic(self, name: str, unit: str = "") -> Mark:
        """A result of the method: ``lower``, ``upper_998``, ``best`` … of a unit, ``outside`` … of all."""
        return self._mark(self.figures[str(Key(f"{name}.{self._measure}", unit, owner=OWNER))])

    def unit(self, unit: str, *, short: bool = False) -> str:
        """A unit's name with its mark."""
        name = self._indicators.series.unit(unit).name(self._lang, short=short)
        return marked_text(str(Key("unit", unit, owner=OWNER)), name)

    def _mark(self, figure: Figure) -> Mark:
        return Mark(self._key(figure), shown := number_text(figure.text, self._lang), f"{shown}{figure.unit}")
