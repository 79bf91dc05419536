"""What chance leaves of rates and ranks, in sentences for reviewers; none of it belongs into the circular."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from tongbao.basics.language import join_names
from tongbao.basics.rounding import print_decimal
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao_chance.assess import DoubtfulList, NearMiss, RateAssessment, Robustness, Standing
from tongbao_chance.counts import Interval
from tongbao_chance.rates import Reason

Sentence = dict[str, str]
# What stands between the ends of a range; GB/T 15835-2011 keeps the unit on both.
RANGE = {"zh": "～", "en": "–"}
_WITHOUT: dict[Reason, Sentence] = {
    "parts_unknown": {
        "zh": "{names}按填报数刊印，各地没有报送分子和分母，不能计算区间",
        "en": "{names}: reported without the counts behind, so no interval can be given",
    },
    "no_counts": {
        "zh": "{names}不是家次、起数等计数之比，偶然波动的区间不适用",
        "en": "{names}: no ratio of counts, so intervals for chance do not apply",
    },
    "too_few": {
        "zh": "{names}有分子和分母的单位不足两个，不作比较",
        "en": "{names}: fewer than two units have the counts to compare",
    },
}


def meaning(rate: RateAssessment) -> Sentence:
    """What an interval says of figures that are no sample, and how it was made."""
    if rate.model == "binomial":
        zh, en = "区间用Wilson得分法，界限用二项分布", "Wilson score intervals; binomial limits"
    else:
        zh = "分子可能大于分母，区间和界限用泊松分布"
        en = "the numerator may exceed the denominator: Poisson score intervals and limits"
    return {
        "zh": "这些比率由全部填报数算出，不是抽样。区间和界限只回答一个问题：假如其他都不变，只有偶然因素不同"
        "（分母中的每一个是否计入分子互不影响），比率和名次会有多大变动。"
        f"{zh}；可能名次由两两比较得出，合起来的可信度为95%。",
        "en": "These rates count everything reported; they are no sample. Intervals and limits answer one question: "
        "how far would rates and ranks move if all stayed the same and only chance differed (each of the denominator "
        f"counted or not independently)? {en}; possible ranks from pairwise comparison, 95% for all together.",
    }


def without(robustness: Robustness, indicators: Indicators) -> Sentence | None:
    """Which rates get no interval, and why; ``None`` if there is no such rate."""
    if not robustness.without:
        return None
    parts: dict[str, list[str]] = {"zh": [], "en": []}
    for reason, texts in _WITHOUT.items():
        measures = [measure for measure, why in robustness.without.items() if why == reason]
        for lang, text in texts.items():
            if measures:
                names = [indicators.measure_name(measure, lang) for measure in measures]
                parts[lang].append(text.format(names=join_names(names, lang=lang)))
    return {"zh": "；".join(parts["zh"]) + "。", "en": "; ".join(parts["en"]) + "."}


def statements(rate: RateAssessment, indicators: Indicators, findings: Mapping[str, Finding]) -> list[Sentence]:
    """What a reviewer should know of one rate: who is outside, which ranks and which findings chance may explain."""
    said = _Said(rate, indicators, findings)
    return [*said.outside(), *said.spread(), *said.ranks(), *said.findings_in_doubt()]


class _Said:
    """The sentences on one rate."""

    def __init__(self, rate: RateAssessment, indicators: Indicators, findings: Mapping[str, Finding]) -> None:
        self._rate, self._indicators, self._findings = rate, indicators, findings
        self._standings = {standing.unit: standing for standing in rate.standings}

    def outside(self) -> Iterator[Sentence]:
        """Units outside the funnel's limits."""
        above, below = self._rate.at("above_998"), self._rate.at("below_998")
        if above or below:
            sides = [("高于界限的", "above", above), ("低于界限的", "below", below)]
            zh = "；".join(f"{side}{self._names(units, 'zh')}" for side, _, units in sides if units)
            en = "; ".join(f"{side}: {self._names(units, 'en')}" for _, side, units in sides if units)
            number = len(above) + len(below)
            yield {
                "zh": f"在99.8%界限外、不能用偶然解释的有{number}个单位：{zh}。",
                "en": f"{number} outside the 99.8% limits, not by chance: {en}.",
            }
        else:
            yield {"zh": "没有单位在99.8%界限外。", "en": "No unit is outside the 99.8% limits."}
        between = self._rate.at("above_95", "below_95")
        if between:
            count = len(self._standings)
            expected = print_decimal(Decimal(count) / 20, 1)
            yield {
                "zh": f"在95%界限外、99.8%界限内的有{self._names(between, 'zh')}，可以核对，但不宜下结论："
                f"{count}个单位中，单凭偶然平均也有约{expected}个在95%界限外。",
                "en": f"Outside the 95% but inside the 99.8% limits: {self._names(between, 'en')}. Worth a look, no "
                f"more: of {count} units, chance alone puts about {expected} outside the 95% limits.",
            }

    def spread(self) -> Iterator[Sentence]:
        """Whether the units differ more than by chance, and who stands out even so."""
        factor = self._rate.dispersion.factor
        if not self._rate.dispersion.beyond_chance:
            yield {
                "zh": f"各地之间的差异与偶然波动相当（过离散系数{factor}，只有偶然时约为1）。",
                "en": f"The units differ no more than by chance (over-dispersion {factor}; about 1 by chance alone).",
            }
            return
        out = self._rate.outside_widened()
        zh = f"仍在95%界限外的有{self._names(out, 'zh')}" if out else "没有单位在95%界限外"
        en = f"outside 95%: {self._names(out, 'en')}" if out else "no unit is outside 95%"
        yield {
            "zh": f"各地之间的差异大于偶然波动（过离散系数{factor}，只有偶然时约为1），检查对象、口径或做法可能不同；"
            f"在界限外说明差异不是偶然，不说明原因和优劣。按此放宽界限后，{zh}。",
            "en": f"The units differ more than by chance (over-dispersion {factor}; about 1 by chance alone): whom or "
            "how they inspect may differ. Outside the limits means not by chance; it says nothing of cause or merit. "
            f"With limits widened for that, {en}.",
        }

    def ranks(self) -> Iterator[Sentence]:
        """Ranks that stand, and runs of neighbours that chance may have put in order."""
        firm = [standing for standing in self._rate.standings if standing.ranks[0] == standing.ranks[1]]
        if firm:
            zh = "、".join(f"{self._name(s.unit, 'zh')}（第{s.ranks[0]}位）" for s in firm)
            en = ", ".join(f"{self._name(s.unit, 'en')} ({s.ranks[0]})" for s in firm)
            yield {"zh": f"名次不受偶然影响的有：{zh}。", "en": f"Ranks that chance does not move: {en}."}
        elif not self._rate.swaps:
            return
        for first, last in self._runs():
            adjacent = last.unit == self._next(first)
            joint, order, to, whose = (
                ("和", "先后", "and", "the")
                if adjacent
                else ("至", "每两个相邻单位的先后", "to", "each two neighbours’")
            )
            yield {
                "zh": f"{self._place(first, 'zh')}{joint}{self._place(last, 'zh')}，{order}可能只是偶然。",
                "en": f"{self._place(first, 'en')} {to} {self._place(last, 'en')}: {whose} order may be chance.",
            }

    def findings_in_doubt(self) -> Iterator[Sentence]:
        """Findings that name units which chance may have put there."""
        for doubt in self._rate.lists:
            yield self._list(doubt)
        for miss in self._rate.near_misses:
            yield self._near(miss)

    def _list(self, doubt: DoubtfulList) -> Sentence:
        zh, en = [], []
        if doubt.may_not_belong:
            zh.append(f"{self._names(doubt.may_not_belong, 'zh')}列入可能只是偶然")
            en.append(f"{self._names(doubt.may_not_belong, 'en')} may be on the list by chance")
        if doubt.may_belong:
            zh.append(f"{self._names(doubt.may_belong, 'zh')}未列入也可能只是偶然")
            en.append(f"{self._names(doubt.may_belong, 'en')} may be off it by chance")
        return {
            "zh": f"{self._quoted(doubt.finding, 'zh')}：{'；'.join(zh)}。",
            "en": f"{self._quoted(doubt.finding, 'en')}: {'; '.join(en)}.",
        }

    def _near(self, miss: NearMiss) -> Sentence:
        standing = self._standings[miss.unit]
        unit = standing.figure.unit
        line, own = f"{miss.threshold.text}{unit}", f"{standing.figure.text}{unit}"
        interval = {lang: print_interval(standing.interval, self._decimals(), unit, lang) for lang in RANGE}
        return {
            "zh": f"{self._quoted(miss.finding, 'zh')}：{self._name(miss.unit, 'zh')}{own}低于{line}，"
            f"但95%区间（{interval['zh']}）包含{line}，差距可能只是偶然。",
            "en": f"{self._quoted(miss.finding, 'en')}: {self._name(miss.unit, 'en')} with {own} is below {line}, "
            f"but its 95% interval ({interval['en']}) holds {line}: the gap may be chance.",
        }

    def _runs(self) -> Iterator[tuple[Standing, Standing]]:
        """Neighbours in doubt, joined where one unit is in doubt on both sides."""
        run: tuple[str, str] | None = None
        for first, second in self._rate.swaps:
            if run is not None and run[1] == first:
                run = (run[0], second)
                continue
            if run is not None:
                yield self._standings[run[0]], self._standings[run[1]]
            run = (first, second)
        if run is not None:
            yield self._standings[run[0]], self._standings[run[1]]

    def _next(self, standing: Standing) -> str | None:
        order = list(self._standings)
        place = order.index(standing.unit) + 1
        return order[place] if place < len(order) else None

    def _place(self, standing: Standing, lang: str) -> str:
        name = self._name(standing.unit, lang)
        return f"第{standing.rank}位{name}" if lang == "zh" else f"{name} ({standing.rank})"

    def _name(self, unit: str, lang: str) -> str:
        return self._indicators.series.unit(unit).name(lang)

    def _names(self, units: Iterable[str], lang: str) -> str:
        return join_names([self._name(unit, lang) for unit in units], lang=lang)

    def _quoted(self, finding: str, lang: str) -> str:
        text = self._findings[finding].text
        return f"“{text.get(lang, text['zh'])}”"

    def _decimals(self) -> int:
        return self._indicators.series.indicators[self._rate.measure].decimals


def print_interval(interval: Interval, decimals: int, unit: str = "", lang: str = "zh") -> str:
    """An interval as printed, half up: ``2.5%～6.4%``, in a table without the unit (GB/T 15835-2011).

    At least one decimal, or small rates would have none.
    """
    return RANGE[lang].join(print_decimal(end, max(1, decimals)) + unit for end in (interval.lower, interval.upper))
