"""What chance leaves of rates and ranks, in sentences for reviewers; none of it belongs into the circular."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from tongbao.basics.language import join_names
from tongbao.basics.rounding import print_decimal
from tongbao.definition.model import Lang
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao_chance.funnel import Position
from tongbao_chance.records import DoubtRecord, NearMissRecord, RateRecord, RobustnessRecord, StandingRecord

TEXTS: dict[Lang, dict[str, str]] = {
    "zh": {
        "parts_unknown": "{names}按填报数刊印，各地没有报送分子和分母，不能计算区间",
        "no_counts": "{names}不是家次、起数等计数之比，偶然波动的区间不适用",
        "too_few": "{names}有分子和分母的单位不足两个，不作比较",
        "meaning": "这些比率由全部填报数算出，不是抽样。区间和界限只回答一个问题：假如其他都不变，只有偶然因素不同"
        "（分母中的每一个是否计入分子互不影响），比率和名次会有多大变动。{method}；可能名次由两两比较得出，"
        "合起来的可信度为95%。",
        "binomial": "区间用Wilson得分法，界限用二项分布",
        "poisson": "分子可能大于分母，区间和界限用泊松分布",
        "outside": "在99.8%界限外、不能用偶然解释的有{count}个单位：{sides}。",
        "above": "高于界限的{names}",
        "below": "低于界限的{names}",
        "inside": "没有单位在99.8%界限外。",
        "between": "在95%界限外、99.8%界限内的有{names}，可以核对，但不宜下结论：{count}个单位中，单凭偶然平均也有约"
        "{expected}个在95%界限外。",
        "alike": "各地之间的差异与偶然波动相当（过离散系数{factor}，只有偶然时约为1）。",
        "unlike": "各地之间的差异大于偶然波动（过离散系数{factor}，只有偶然时约为1），检查对象、口径或做法可能不同；"
        "在界限外说明差异不是偶然，不说明原因和优劣。按此放宽界限后，{widened}。",
        "some_still": "仍在95%界限外的有{names}",
        "none_still": "没有单位在95%界限外",
        "firm": "名次不受偶然影响的有：{places}。",
        "firm_place": "{name}（第{rank}位）",
        "place": "第{rank}位{name}",
        "pair": "{first}和{last}，先后可能只是偶然。",
        "run": "{first}至{last}，每两个相邻单位的先后可能只是偶然。",
        "listed": "{names}列入可能只是偶然",
        "left_off": "{names}未列入也可能只是偶然",
        "near": "{name}{own}低于{line}，但95%区间（{interval}）包含{line}，差距可能只是偶然",
        "of_finding": "“{text}”：{said}。",
        "semicolon": "；",
        "comma": "、",
        "stop": "。",
        "range": "～",  # GB/T 15835-2011 keeps the unit on both ends
    },
    "en": {
        "parts_unknown": "{names}: reported without the counts behind, so no interval can be given",
        "no_counts": "{names}: no ratio of counts, so intervals for chance do not apply",
        "too_few": "{names}: fewer than two units have the counts to compare",
        "meaning": "These rates count everything reported; they are no sample. Intervals and limits answer one "
        "question: how far would rates and ranks move if all stayed the same and only chance differed (each of the "
        "denominator counted or not independently)? {method}; possible ranks from pairwise comparison, "
        "95% for all together.",
        "binomial": "Wilson score intervals; binomial limits",
        "poisson": "the numerator may exceed the denominator: Poisson score intervals and limits",
        "outside": "{count} outside the 99.8% limits, not by chance: {sides}.",
        "above": "above: {names}",
        "below": "below: {names}",
        "inside": "No unit is outside the 99.8% limits.",
        "between": "Outside the 95% but inside the 99.8% limits: {names}. Worth a look, no more: of {count} units, "
        "chance alone puts about {expected} outside the 95% limits.",
        "alike": "The units differ no more than by chance (over-dispersion {factor}; about 1 by chance alone).",
        "unlike": "The units differ more than by chance (over-dispersion {factor}; about 1 by chance alone): whom or "
        "how they inspect may differ. Outside the limits means not by chance; it says nothing of cause or merit. With "
        "limits widened for that, {widened}.",
        "some_still": "outside 95%: {names}",
        "none_still": "no unit is outside 95%",
        "firm": "Ranks that chance does not move: {places}.",
        "firm_place": "{name} ({rank})",
        "place": "{name} ({rank})",
        "pair": "{first} and {last}: the order may be chance.",
        "run": "{first} to {last}: each two neighbours’ order may be chance.",
        "listed": "{names} may be on the list by chance",
        "left_off": "{names} may be off it by chance",
        "near": "{name} with {own} is below {line}, but its 95% interval ({interval}) holds {line}: the gap may be "
        "chance",
        "of_finding": "“{text}”: {said}.",
        "semicolon": "; ",
        "comma": ", ",
        "stop": ".",
        "range": "–",
    },
}


def meaning(rate: RateRecord, lang: Lang) -> str:
    """What an interval says of figures that are no sample, and how it was made."""
    return TEXTS[lang]["meaning"].format(method=TEXTS[lang][rate.model])


def without(robustness: RobustnessRecord, indicators: Indicators, lang: Lang) -> str | None:
    """Which rates get no interval, and why; ``None`` if there is no such rate."""
    texts, parts = TEXTS[lang], []
    for reason in ("parts_unknown", "no_counts", "too_few"):
        names = [indicators.measure_name(rate, lang) for rate, why in robustness.without.items() if why == reason]
        if names:
            parts.append(texts[reason].format(names=join_names(names, lang=lang)))
    return texts["semicolon"].join(parts) + texts["stop"] if parts else None


def statements(rate: RateRecord, indicators: Indicators, findings: Mapping[str, Finding], lang: Lang) -> list[str]:
    """What a reviewer should know of one rate: who is outside, which ranks and which findings chance may explain."""
    said = _Said(rate, indicators, findings, lang)
    return [*said.outside(), said.spread(), *said.ranks(), *said.findings_in_doubt()]


class _Said:
    """The sentences on one rate."""

    def __init__(self, rate: RateRecord, indicators: Indicators, findings: Mapping[str, Finding], lang: Lang) -> None:
        self._rate, self._indicators, self._findings, self._lang = rate, indicators, findings, lang
        self._texts = TEXTS[lang]
        self._standings = {standing.unit: standing for standing in rate.units}

    def outside(self) -> Iterator[str]:
        """Units outside the funnel's limits."""
        sides: dict[str, Position] = {"above": "above_998", "below": "below_998"}
        beyond = {side: units for side, position in sides.items() if (units := self._rate.at(position))}
        if beyond:
            shown = self._texts["semicolon"].join(self._say(side, names=self._names(beyond[side])) for side in beyond)
            yield self._say("outside", count=sum(map(len, beyond.values())), sides=shown)
        else:
            yield self._say("inside")
        between, count = self._rate.at("above_95", "below_95"), len(self._standings)
        if between:
            expected = print_decimal(Decimal(count) / 20, 1)
            yield self._say("between", names=self._names(between), count=count, expected=expected)

    def spread(self) -> str:
        """Whether the units differ more than by chance, and who stands out even so."""
        factor = self._rate.dispersion.factor
        if not self._rate.dispersion.beyond_chance:
            return self._say("alike", factor=factor)
        out = self._rate.outside_widened()
        widened = self._say("some_still", names=self._names(out)) if out else self._say("none_still")
        return self._say("unlike", factor=factor, widened=widened)

    def ranks(self) -> Iterator[str]:
        """Ranks that stand, and runs of neighbours that chance may have put in order."""
        firm = [standing for standing in self._rate.units if len(set(standing.possible_ranks)) == 1]
        if firm:
            places = self._texts["comma"].join(self._place("firm_place", standing) for standing in firm)
            yield self._say("firm", places=places)
        units = list(self._standings)
        for run in self._runs():
            first, last = (self._place("place", self._standings[unit]) for unit in run)
            are_two = units.index(run[1]) == units.index(run[0]) + 1
            yield self._say("pair" if are_two else "run", first=first, last=last)

    def findings_in_doubt(self) -> Iterator[str]:
        """Findings that name units which chance may have put there."""
        yield from (self._of_finding(doubt.finding, self._list(doubt)) for doubt in self._rate.lists)
        yield from (self._of_finding(miss.finding, self._near(miss)) for miss in self._rate.near_misses)

    def _list(self, doubt: DoubtRecord) -> str:
        parts = {"listed": doubt.may_not_belong, "left_off": doubt.may_belong}
        said = (self._say(key, names=self._names(units)) for key, units in parts.items() if units)
        return self._texts["semicolon"].join(said)

    def _near(self, miss: NearMissRecord) -> str:
        figure = self._indicators.figure(self._rate.measure, miss.unit)
        interval = self._standings[miss.unit].interval_95
        decimals = self._indicators.series.indicators[self._rate.measure].decimals
        return self._say(
            "near",
            name=self._name(miss.unit),
            own=f"{figure.text}{figure.unit}",
            line=f"{miss.threshold}{figure.unit}",
            interval=print_interval(interval, decimals, figure.unit, self._lang),
        )

    def _runs(self) -> list[tuple[str, str]]:
        """Neighbours in doubt, joined where one unit is in doubt on both sides."""
        runs: list[tuple[str, str]] = []
        for first, second in self._rate.swaps:
            if runs and runs[-1][1] == first:
                runs[-1] = (runs[-1][0], second)
            else:
                runs.append((first, second))
        return runs

    def _say(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values)

    def _of_finding(self, finding: str, said: str) -> str:
        text = self._findings[finding].text
        return self._say("of_finding", text=text.get(self._lang, text["zh"]), said=said)

    def _place(self, key: str, standing: StandingRecord) -> str:
        return self._say(key, name=self._name(standing.unit), rank=standing.rank)

    def _name(self, unit: str) -> str:
        return self._indicators.series.unit(unit).name(self._lang)

    def _names(self, units: Iterable[str]) -> str:
        return join_names(list(map(self._name, units)), lang=self._lang)


def print_interval(ends: tuple[Decimal, Decimal], decimals: int, unit: str, lang: Lang) -> str:
    """An interval as printed, half up: ``2.5%～6.4%``, in a table without the unit (GB/T 15835-2011).

    At least one decimal, or small rates would have none.
    """
    return TEXTS[lang]["range"].join(print_decimal(end, max(1, decimals)) + unit for end in ends)
