"""What is said of a unit or item without a figure: 未报送 of a blank alone, 无法计算 of 0 of 0, 无数据 of others."""

from __future__ import annotations

from tongbao.definition.model import Text
from tongbao.figures.indicators import Indicators
from tongbao.figures.lacking import HEADS, Lack, lack_of
from tongbao.findings.other_periods import base_name
from tongbao.findings.outcome import Phrase
from tongbao.findings.subject import Comparable
from tongbao.words import WORDS

# Those with a figure, and the others with what they lack; a partial table may be about none of the others.
WHO_HAS = (
    "{% if uncomputed %}有数据{% else %}已报送{% endif %}的{{ reporting }}个{{ unit_kind }}",
    "of the {{ reporting }} {{ unit_kind }} {% if uncomputed %}with a figure{% else %}that reported{% endif %}",
)
WHO_LACKS = (
    "{% if uncomputed %}，{{ uncomputed }}无法计算{% endif %}{% if unreported %}，{{ unreported }}未报送{% endif %}",
    (
        "{% if uncomputed %}; it cannot be computed for {{ uncomputed }}{% endif %}"
        "{% if unreported %}; {{ unreported }} did not report{% endif %}"
    ),
)


def lacking(subject: Comparable, name: str) -> Lack:
    """Why there is no figure to compare; items have none that they would have to report."""
    if subject.not_summed and name not in subject.outside:
        return "not_summed"
    if name in subject.lacks_then:
        return subject.lacks_then[name]
    if name in subject.undefined:
        return "undefined"
    return "blank" if subject.of_units and name not in subject.outside else "outside"


def said_of(indicators: Indicators, lack: Lack, lang: str) -> str:
    """What is said where a figure would stand: 未报送, 无法计算, 无数据, 不作合计, 无上期数据."""
    words = WORDS[lang]
    if lack in HEADS:
        return words.none_before.format(base_name(indicators, lack, lang))
    return {
        "blank": words.not_reported,
        "undefined": words.not_computable,
        "outside": words.no_data,
        "not_summed": words.not_totalled,
    }[lack]


def said_of_unit(indicators: Indicators, formula: str, unit: str, lang: str) -> str:
    """The same of a unit's figure without a value."""
    return said_of(indicators, lack_of(indicators, formula, unit), lang)


def of_blank(*subjects: Comparable) -> Phrase:
    """What a list says of those whom it takes in without a figure, of this period and another one."""
    if subjects[0].is_change:
        return Phrase(Text(zh="不可比", en="not comparable"))
    undefined = any(subject.undefined.intersection(subject.lacking()) for subject in subjects)
    return Phrase(Text(zh="无数据", en="without a figure") if undefined else Text(zh="未报送", en="not reported"))


def no_place(indicators: Indicators, subject: Comparable, name: str) -> Phrase:
    """Why one has no place among all."""
    if (lack := lacking(subject, name)) in HEADS:
        base, base_en = (base_name(indicators, lack, lang) for lang in ("zh", "en"))
        return Phrase(Text(zh=f"无{base}数据", en=f" has no figure of {base_en} and no place"))
    zh, en = {
        "blank": ("未报送{}", " did not report the {} and has no place"),
        "undefined": ("{}无法计算", ": the {} cannot be computed, no place"),
        "not_summed": ("{}不作合计", ": the {} is not added up, no place"),
        "outside": ("{}无数据", " has no figure for the {} and no place"),
    }[lack]
    return Phrase(Text(zh=zh.format(subject.label("zh")), en=en.format(subject.label("en"))))
