"""What sections on chance say beside the words of all pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongbao.words import Word, Words


@dataclass(frozen=True)
class ChanceWords(Words):
    """The words of these sections, in one language."""

    chance = Word("比率和名次的偶然波动", "What chance can do to rates and ranks")
    in_doubt = Word("可能只是偶然的结论", "Findings that may be chance")
    no_doubt = Word("没有。", "None.")
    outside = Word("{}：{}个单位在偶然波动的界限外", "{}: {} outside the limits of chance")
    all_inside = Word("{}：各单位都在偶然波动的界限内", "{}: every unit inside the limits of chance")
    funnel_lines = Word(
        "横线：{}{}；虚线：95%界限；实线：99.8%界限", "Level line: {} {}; dashed: 95% limits; solid: 99.8% limits"
    )
    funnel_marks = Word(
        "红色菱形：在99.8%界限外；黑色方形：在两条界限之间；{}",
        "Red diamonds: outside 99.8%; black squares: between the limits; {}",
    )
    funnel = Word("{}漏斗图，{}{}。{}", "Funnel plot of the {}, {} {}. {}")
    funnel_data = Word("{}漏斗图数据", "Numbers of the funnel plot of the {}")
    interval_table = Word("{}的区间和可能名次", "Intervals and possible ranks of the {}")
    level_95 = Word("95%", "95%")
    level_998 = Word("99.8%", "99.8%")
    level_100 = Word("100%", "100%")
    one_in_twenty = Word(
        "单凭偶然，平均每20个单位就有1个在95%界限外", "chance alone puts 1 unit of 20 outside the 95% limits"
    )
    about_one = Word("约为1", "about 1")
    binomial = Word("二项分布", "binomial")
    every_two = Word("每两个", "each two")
    under_two = Word("不足两个", "fewer than two")
    limits_95 = Word("95%界限", "95% limits")
    limits_998 = Word("99.8%界限", "99.8% limits")
    interval_95 = Word("95%区间（{}）", "95% interval ({})")
    place = Word("名次", "Rank")
    possible_ranks = Word("可能名次", "Possible ranks")
    against_limits = Word("与界限相比", "Against the limits")
    inside = Word("界限内", "inside")
    above_95 = Word("高于95%界限", "above 95%")
    below_95 = Word("低于95%界限", "below 95%")
    above_998 = Word("高于99.8%界限", "above 99.8%")
    below_998 = Word("低于99.8%界限", "below 99.8%")


CHANCE_WORDS: Mapping[str, ChanceWords] = {lang: ChanceWords(lang) for lang in ("zh", "en")}
