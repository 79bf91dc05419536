"""What chance leaves of rates and ranks, in marked sentences for reviewers; none of it belongs into the circular."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tongbao.basics.language import join_names
from tongbao.basics.marks import Mark, furniture
from tongbao.definition.model import Lang
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao.words import WORDS
from tongbao_chance.funnel import Position
from tongbao_chance.printed import Printed
from tongbao_chance.records import DoubtRecord, NearMissRecord, RateRecord, RobustnessRecord, StandingRecord

_WITH_NUMERALS = ("level_95", "level_998", "about_one", "binomial", "every_two", "under_two")
TEXTS: dict[Lang, dict[str, str]] = {
    "zh": {
        "parts_unknown": "{names}按填报数刊印，各地没有报送分子和分母，不能计算区间",
        "no_counts": "{names}不是家次、起数等计数之比，偶然波动的区间不适用",
        "too_few": "{names}有分子和分母的单位{under_two}，不作比较",
        "meaning": "这些比率由全部填报数算出，不是抽样。区间和界限只回答一个问题：假如其他都不变，只有偶然因素不同"
        "（分母中的每一个是否计入分子互不影响），比率和名次会有多大变动。{method}；可能名次由两两比较得出，"
        "合起来的可信度为{level_95}。",
        "binomial": "区间用Wilson得分法，界限用{binomial}",
        "poisson": "分子可能大于分母，区间和界限用泊松分布",
        "outside": "在{level_998}界限外、不能用偶然解释的有{count}个单位：{sides}。",
        "above": "高于界限的{names}",
        "below": "低于界限的{names}",
        "inside": "没有单位在{level_998}界限外。",
        "between": "在{level_95}界限外、{level_998}界限内的有{names}，可以核对，但不宜下结论：{count}个单位中，"
        "单凭偶然平均也有约{expected}个在{level_95}界限外。",
        "alike": "各地之间的差异与偶然波动相当（过离散系数{factor}，只有偶然时{about_one}）。",
        "unlike": "各地之间的差异大于偶然波动（过离散系数{factor}，只有偶然时{about_one}），检查对象、口径或做法"
        "可能不同；在界限外说明差异不是偶然，不说明原因和优劣。按此放宽界限后，{widened}。",
        "some_still": "仍在{level_95}界限外的有{names}",
        "none_still": "没有单位在{level_95}界限外",
        "firm": "名次不受偶然影响的有：{places}。",
        "firm_place": "{name}（第{rank}位）",
        "place": "第{rank}位{name}",
        "pair": "{first}和{last}，先后可能只是偶然。",
        "run": "{first}至{last}，{every_two}相邻单位的先后可能只是偶然。",
        "listed": "{names}列入可能只是偶然",
        "left_off": "{names}未列入也可能只是偶然",
        "near": "{name}{own}低于{line}，但{level_95}区间（{interval}）包含{line}，差距可能只是偶然",
        "of_finding": "“{text}”：{said}。",
        "semicolon": "；",
        "comma": "、",
        "stop": "。",
        "range": "～",  # GB/T 15835-2011 keeps the unit on both ends
    },
    "en": {
        "parts_unknown": "{names}: reported without the counts behind, so no interval can be given",
        "no_counts": "{names}: no ratio of counts, so intervals for chance do not apply",
        "too_few": "{names}: {under_two} units have the counts to compare",
        "meaning": "These rates count everything reported; they are no sample. Intervals and limits answer one "
        "question: how far would rates and ranks move if all stayed the same and only chance differed (each of the "
        "denominator counted or not independently)? {method}; possible ranks from pairwise comparison, "
        "{level_95} for all together.",
        "binomial": "Wilson score intervals; {binomial} limits",
        "poisson": "the numerator may exceed the denominator: Poisson score intervals and limits",
        "outside": "{count} outside the {level_998} limits, not by chance: {sides}.",
        "above": "above: {names}",
        "below": "below: {names}",
        "inside": "No unit is outside the {level_998} limits.",
        "between": "Outside the {level_95} but inside the {level_998} limits: {names}. Worth a look, no more: of "
        "{count} units, chance alone puts about {expected} outside the {level_95} limits.",
        "alike": "The units differ no more than by chance (over-dispersion {factor}; {about_one} by chance alone).",
        "unlike": "The units differ more than by chance (over-dispersion {factor}; {about_one} by chance alone): whom "
        "or how they inspect may differ. Outside the limits means not by chance; it says nothing of cause or merit. "
        "With limits widened for that, {widened}.",
        "some_still": "outside {level_95}: {names}",
        "none_still": "no unit is outside {level_95}",
        "firm": "Ranks that chance does not move: {places}.",
        "firm_place": "{name} ({rank})",
        "place": "{name} ({rank})",
        "pair": "{first} and {last}: the order may be chance.",
        "run": "{first} to {last}: {every_two} neighbours’ order may be chance.",
        "listed": "{names} may be on the list by chance",
        "left_off": "{names} may be off it by chance",
        "near": "{name} with {own} is below {line}, but its {level_95} interval ({interval}) holds {line}: the gap may "
        "be chance",
        "of_finding": "“{text}”: {said}.",
        "semicolon": "; ",
        "comma": ", ",
        "stop": ".",
        "range": "–",
    },
}


def meaning(rate: RateRecord, lang: Lang) -> str:
    """What an interval says of figures that are no sample, and how it was made."""
    return _fill("meaning", lang, method=_fill(rate.model, lang))


def without(robustness: RobustnessRecord, indicators: Indicators, lang: Lang) -> str | None:
    """Which rates get no interval, and why; ``None`` if there is no such rate."""
    texts, parts = TEXTS[lang], []
    for reason in ("parts_unknown", "no_counts", "too_few"):
        names = [indicators.measure_name(rate, lang) for rate, why in robustness.without.items() if why == reason]
        if names:
            parts.append(_fill(reason, lang, names=join_names(names, lang=lang)))
    return texts["semicolon"].join(parts) + texts["stop"] if parts else None


def statements(rate: RateRecord, indicators: Indicators, findings: Mapping[str, Finding], lang: Lang) -> list[str]:
    """What a reviewer should know of one rate: who is outside, which ranks and which findings chance may explain."""
    said = _Said(rate, indicators, findings, lang)
    return [*said.outside(), said.spread(), *said.ranks(), *said.findings_in_doubt()]


class _Said:
    """The sentences on one rate."""

    def __init__(self, rate: RateRecord, indicators: Indicators, findings: Mapping[str, Finding], lang: Lang) -> None:
        self._rate, self._indicators, self._findings, self._lang = rate, indicators, findings, lang
        self._texts, self._printed = TEXTS[lang], Printed(rate, indicators)
        self._standings = {standing.unit: standing for standing in rate.units}

    def outside(self) -> Iterator[str]:
        """Units outside the funnel's limits."""
        sides: dict[str, Position] = {"above": "above_998", "below": "below_998"}
        beyond = {side: units for side, position in sides.items() if (units := self._rate.at(position))}
        if beyond:
            shown = self._texts["semicolon"].join(self._say(side, names=self._names(beyond[side])) for side in beyond)
            yield self._say("outside", count=self._number("outside"), sides=shown)
        else:
            yield self._say("inside")
        between, count = self._rate.at("above_95", "below_95"), self._number("units")
        if between:
            yield self._say("between", names=self._names(between), count=count, expected=self._number("expected"))

    def spread(self) -> str:
        """Whether the units differ more than by chance, and who stands out even so."""
        factor = self._number("dispersion")
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
        ends = (self._printed.statistic(side, self._lang, miss.unit) for side in ("lower", "upper"))
        return self._say(
            "near",
            name=self._name(miss.unit),
            own=self._printed.rate(miss.unit, self._lang).full,
            line=f"{self._printed.line(miss.line, self._lang)}{self._indicators.unit_of(self._rate.measure)}",
            interval=self._texts["range"].join(str(end.full) for end in ends),
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
        return _fill(key, self._lang, **values)

    def _number(self, name: str) -> Mark:
        return self._printed.statistic(name, self._lang)

    def _of_finding(self, finding: str, said: str) -> str:
        text = self._findings[finding].marked
        return self._say("of_finding", text=text.get(self._lang, text["zh"]), said=said)

    def _place(self, key: str, standing: StandingRecord) -> str:
        return self._say(key, name=self._name(standing.unit), rank=self._printed.rank(standing.unit, self._lang))

    def _name(self, unit: str) -> str:
        return self._printed.unit(unit, self._lang)

    def _names(self, units: Iterable[str]) -> str:
        return join_names(list(map(self._name, units)), lang=self._lang)


def _fill(key: str, lang: Lang, **values: object) -> str:
    """A sentence with its marks; words that hold a numeral are those of the page."""
    own = WORDS[lang]
    words = {name: furniture(getattr(own, name)) for name in _WITH_NUMERALS}
    return TEXTS[lang][key].format(**words, **values)
