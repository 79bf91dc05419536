"""What the reviewers' section must say of each rate: the audit's own copy of its words, by language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from tongbao.audit.arithmetic import printed
from tongbao.audit.chance import Rate, Standing
from tongbao.audit.chance_numbers import Ends
from tongbao.audit.words import capital
from tongbao.basics.period import Period
from tongbao.definition.series import Series

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "比率和名次的偶然波动",
        "meaning": "供审核，不进入通报正文。这些比率由全部填报数算出，不是抽样。区间和界限只回答一个问题：假如其他"
        "都不变，只有偶然因素不同（分母中的每一个是否计入分子互不影响），比率和名次会有多大变动。{model}；可能名次由"
        "两两比较得出，合起来的可信度为95%。",
        "binomial": "区间用Wilson得分法，界限用二项分布",
        "poisson": "分子可能大于分母，区间和界限用泊松分布",
        "outside": "在99.8%界限外、不能用偶然解释的有{count}个单位：{sides}。",
        "above": "高于界限的{names}",
        "below": "低于界限的{names}",
        "none_outside": "没有单位在99.8%界限外。",
        "between": "在95%界限外、99.8%界限内的有{names}，可以核对，但不宜下结论：{count}个单位中，单凭偶然平均也有约"
        "{expected}个在95%界限外。",
        "like_chance": "各地之间的差异与偶然波动相当（过离散系数{factor}，只有偶然时约为1）。",
        "beyond": "各地之间的差异大于偶然波动（过离散系数{factor}，只有偶然时约为1），检查对象、口径或做法可能不同；"
        "在界限外说明差异不是偶然，不说明原因和优劣。按此放宽界限后，{out}。",
        "still_out": "仍在95%界限外的有{names}",
        "none_out": "没有单位在95%界限外",
        "firm": "名次不受偶然影响的有：{names}。",
        "firm_one": "{name}（第{rank}位）",
        "swap": "第{a}位{first}和第{b}位{last}，先后可能只是偶然。",
        "swaps": "第{a}位{first}至第{b}位{last}，每两个相邻单位的先后可能只是偶然。",
        "list": "“{finding}”：{parts}。",
        "may_leave": "{names}列入可能只是偶然",
        "may_join": "{names}未列入也可能只是偶然",
        "near": "“{finding}”：{name}{own}低于{line}，但95%区间（{interval}）包含{line}，差距可能只是偶然。",
        "parts_unknown": "{names}按填报数刊印，各地没有报送分子和分母，不能计算区间",
        "no_counts": "{names}不是家次、起数等计数之比，偶然波动的区间不适用",
        "too_few": "{names}有分子和分母的单位不足两个，不作比较",
        "inside": "界限内",
        "above_95": "高于95%界限",
        "below_95": "低于95%界限",
        "above_998": "高于99.8%界限",
        "below_998": "低于99.8%界限",
        "unit": "单位",
        "limits_95": "95%界限",
        "limits_998": "99.8%界限",
        "interval": "95%区间（{unit}）",
        "rank": "名次",
        "ranks": "可能名次",
        "against": "与界限相比",
        "in_unit": "{name}（{unit}）",
        "drawn_outside": "{name}：{count}个单位在偶然波动的界限外",
        "drawn_inside": "{name}：各单位都在偶然波动的界限内",
        "lines": "横线：{area}{text}{unit}；虚线：95%界限；实线：99.8%界限",
        "marks": "红色菱形：在99.8%界限外；黑色方形：在两条界限之间；{period}",
        "point": "{text}（{part}÷{whole}）",
        "alternative": "{name}漏斗图，{area}{text}{unit}。{first}",
        "and": "和",
        "comma": "、",
        "semicolon": "；",
        "stop": "。",
        "range": "～",
    },
    "en": {
        "title": "What chance can do to rates and ranks",
        "meaning": "For reviewers; no part of the circular. These rates count everything reported; they are no sample. "
        "Intervals and limits answer one question: how far would rates and ranks move if all stayed the same and only "
        "chance differed (each of the denominator counted or not independently)? {model}; possible ranks from pairwise "
        "comparison, 95% for all together.",
        "binomial": "Wilson score intervals; binomial limits",
        "poisson": "the numerator may exceed the denominator: Poisson score intervals and limits",
        "outside": "{count} outside the 99.8% limits, not by chance: {sides}.",
        "above": "above: {names}",
        "below": "below: {names}",
        "none_outside": "No unit is outside the 99.8% limits.",
        "between": "Outside the 95% but inside the 99.8% limits: {names}. Worth a look, no more: of {count} units, "
        "chance alone puts about {expected} outside the 95% limits.",
        "like_chance": "The units differ no more than by chance (over-dispersion {factor}; about 1 by chance alone).",
        "beyond": "The units differ more than by chance (over-dispersion {factor}; about 1 by chance alone): whom or "
        "how they inspect may differ. Outside the limits means not by chance; it says nothing of cause or merit. "
        "With limits widened for that, {out}.",
        "still_out": "outside 95%: {names}",
        "none_out": "no unit is outside 95%",
        "firm": "Ranks that chance does not move: {names}.",
        "firm_one": "{name} ({rank})",
        "swap": "{first} ({a}) and {last} ({b}): the order may be chance.",
        "swaps": "{first} ({a}) to {last} ({b}): each two neighbours’ order may be chance.",
        "list": "“{finding}”: {parts}.",
        "may_leave": "{names} may be on the list by chance",
        "may_join": "{names} may be off it by chance",
        "near": "“{finding}”: {name} with {own} is below {line}, but its 95% interval ({interval}) holds {line}: the "
        "gap may be chance.",
        "parts_unknown": "{names}: reported without the counts behind, so no interval can be given",
        "no_counts": "{names}: no ratio of counts, so intervals for chance do not apply",
        "too_few": "{names}: fewer than two units have the counts to compare",
        "inside": "inside",
        "above_95": "above 95%",
        "below_95": "below 95%",
        "above_998": "above 99.8%",
        "below_998": "below 99.8%",
        "unit": "Unit",
        "limits_95": "95% limits",
        "limits_998": "99.8% limits",
        "interval": "95% interval ({unit})",
        "rank": "Rank",
        "ranks": "Possible ranks",
        "against": "Against the limits",
        "in_unit": "{name} ({unit})",
        "drawn_outside": "{name}: {count} outside the limits of chance",
        "drawn_inside": "{name}: every unit inside the limits of chance",
        "lines": "Level line: {area} {text}{unit}; dashed: 95% limits; solid: 99.8% limits",
        "marks": "Red diamonds: outside 99.8%; black squares: between the limits; {period}",
        "point": "{text} ({part}÷{whole})",
        "alternative": "Funnel plot of the {name}, {area} {text}{unit}. {first}",
        "and": " and ",
        "comma": ", ",
        "semicolon": "; ",
        "stop": ".",
        "range": "–",
    },
}
_NAME = re.compile(r"[a-z_]\w*")
_SIGNS = {"-": "−", "*": "×", "/": "÷"}
_REASONS = ("parts_unknown", "no_counts", "too_few")


class Words:
    """The sentences of a series' rates in one language; ``findings`` are the findings' own sentences."""

    def __init__(self, series: Series, findings: Mapping[str, str], lang: str = "zh") -> None:
        self.series, self.findings, self.lang = series, findings, lang

    def say(self, key: str, **words: object) -> str:
        """A sentence or a word."""
        return WORDS[self.lang][key].format(**words)

    def name(self, unit: str) -> str:
        """A unit's name."""
        return self.series.unit(unit).name(self.lang)

    def names(self, names: Sequence[str]) -> str:
        """Names in a row."""
        *before, last = names
        return self.say("and").join([*([self.say("comma").join(before)] if before else []), last])

    def measure(self, name: str) -> str:
        """A measure's name, or a formula of several with its signs as printed."""
        if name in self.series.indicators:
            return self.series.indicators[name].label.get(self.lang)
        if name in self.series.columns:
            return self.series.columns[name].measure_name(self.lang)
        words = _NAME.sub(lambda match: self.measure(match[0]) if match[0] != name else name, name)
        for sign, shown in _SIGNS.items():
            words = words.replace(f" {sign} ", f" {shown} ")
        return words

    def range(self, ends: Ends, rate: Rate, unit: str = "") -> list[str]:
        """What an interval may be printed as: its ends may lie on an edge of rounding."""
        decimals = max(1, self.series.indicators[rate.measure].decimals)
        low, high = ([f"{printed(Fraction(end) * rate.scale + slack, decimals)}{unit}" for slack in self._slack(rate)]
                     for end in ends)  # fmt: skip
        return list(dict.fromkeys(f"{a}{self.say('range')}{b}" for a in low for b in high))

    def _slack(self, rate: Rate) -> list[Fraction]:
        return [sign * Fraction(1, 10**9) * rate.scale for sign in (0, -1, 1)]

    def without(self, without: Mapping[str, str]) -> str | None:
        """Which rates have no interval, and why."""
        parts = [self.say(reason, names=self.names([self.measure(name) for name in without if without[name] == reason]))
                 for reason in _REASONS if reason in without.values()]  # fmt: skip
        return self.say("semicolon").join(parts) + self.say("stop") if parts else None

    def statements(self, rate: Rate) -> Iterator[str]:
        """Every sentence on a rate, in order."""
        yield from self._outside(rate)
        factor = printed(Fraction(rate.factor), 2)
        if rate.beyond:
            out = self._units(rate.outside_widened())
            yield self.say(
                "beyond", factor=factor, out=self.say("still_out", names=out) if out else self.say("none_out")
            )
        else:
            yield self.say("like_chance", factor=factor)
        firm = [standing for standing in rate.standings if standing.ranks[0] == standing.ranks[1]]
        if firm:
            ones = [self.say("firm_one", name=self.name(one.unit), rank=one.ranks[0]) for one in firm]
            yield self.say("firm", names=self.say("comma").join(ones))
        yield from self._swaps(rate)
        for name, leave, join in rate.lists:
            parts = [self.say(key, names=self._units(units))
                     for key, units in (("may_leave", leave), ("may_join", join)) if units]  # fmt: skip
            yield self.say("list", finding=self.findings[name], parts=self.say("semicolon").join(parts))
        for name, unit, line in rate.near:
            standing = next(one for one in rate.standings if one.unit == unit)
            of = standing.amount.unit
            yield self.say("near", finding=self.findings[name], name=self.name(unit), own=standing.amount.text + of,
                           line=line.text + of, interval=self.range(standing.interval, rate, of)[0])  # fmt: skip

    def _units(self, units: Sequence[str]) -> str:
        return self.names([self.name(unit) for unit in units]) if units else ""

    def _outside(self, rate: Rate) -> Iterator[str]:
        sides = {side: rate.at(f"{side}_998") for side in ("above", "below")}
        said = [self.say(side, names=self._units(units)) for side, units in sides.items() if units]
        if said:
            count = sum(map(len, sides.values()))
            yield self.say("outside", count=count, sides=self.say("semicolon").join(said))
        else:
            yield self.say("none_outside")
        between = rate.at("above_95", "below_95")
        if between:
            count = len(rate.standings)
            yield self.say("between", names=self._units(between), count=count, expected=printed(Fraction(count, 20), 1))

    def _swaps(self, rate: Rate) -> Iterator[str]:
        """Runs of neighbours in doubt, from the first to the last."""
        runs: list[list[str]] = []
        for first, second in rate.swaps:
            if runs and runs[-1][-1] == first:
                runs[-1].append(second)
            else:
                runs.append([first, second])
        at = {standing.unit: standing for standing in rate.standings}
        for run in runs:
            ends: list[Standing] = [at[run[0]], at[run[-1]]]
            yield self.say("swap" if len(run) == 2 else "swaps", a=ends[0].rank, b=ends[1].rank,
                           first=self.name(run[0]), last=self.name(run[-1]))  # fmt: skip

    def drawing(self, rate: Rate, period: Period) -> dict[str, str]:
        """The words of the funnel drawing, by what they are."""
        name, unit = self.measure(rate.measure), self.series.indicators[rate.measure].unit
        count = len(rate.at("above_998", "below_998"))
        title = "drawn_outside" if count else "drawn_inside"
        area = self.series.area.get(self.lang)
        return {
            "title": capital(self.say(title, name=name, count=count)),
            "lines": self.say("lines", area=area, text=rate.area.text, unit=unit),
            "marks": self.say("marks", period=period.label(self.lang)),
            "x": self.measure(rate.whole),
            "y": self.say("in_unit", name=name, unit=unit),
            "alternative": self.say("alternative", name=name, area=area, text=rate.area.text, unit=unit,
                                    first=next(self.statements(rate))),
        }  # fmt: skip

    def point(self, standing: Standing) -> str:
        """What a point shows when it is touched."""
        return self.say("point", text=standing.amount.text, part=standing.count[0], whole=standing.count[1])
