"""The words of a page's frame that the audit looks for, and how a figure is written, by language: its own copy."""

from __future__ import annotations

import re

from tongbao.audit.books import Amount

FRAME: dict[str, dict[str, str]] = {
    "zh": {
        "annex": "附件{}",
        "blank": "空白",
        "sentence": "{}。",
        "and_so_on": "；",
        "comma": "、",
        "source": "出处：",
        "cell": r"第(\d+)行([A-Z]+)列$",
        "counted": "{}条记录，{}",
        "parameter": r"（(\w+)）$",
        "default": "（",
        "evidence": "数字溯源",
        "provenance": "来源与版本",
        "covers": "统计时段：",
        "rise": "上升",
        "not_drawn": "未报送，不画：",
        "below": r"的有(\d+)个",
        "listed": "序号|企业名称|所在地|行业领域|列入理由",
        "first": "前{}家",
    },
    "en": {
        "annex": "Annex {}",
        "blank": "blank",
        "sentence": "{}.",
        "and_so_on": "; ",
        "comma": ", ",
        "source": "Source: ",
        "cell": r"row (\d+), column ([A-Z]+)$",
        "counted": "{} records: {}",
        "parameter": r" \((\w+)\)$",
        "default": " (",
        "evidence": "Where the numbers come from",
        "provenance": "Sources and versions",
        "covers": "Covers ",
        "rise": "up ",
        "not_drawn": "Not reported, not drawn: ",
        "below": r"Below .+?: (\d+)(?= –|\.$)",
        "listed": "No.|Enterprise|Place|Industry|Reason",
        "first": "first {}",
    },
}
_UNITS = {
    "%": "%", "个百分点": " percentage points", "万元": " ten thousand yuan", "亿元": " hundred million yuan",
    "元": " yuan", "起": " cases", "例": " cases", "件": " cases", "万件": " ten thousand cases", "次": " visits",
    "家次": " visits", "家": " enterprises", "份": " documents", "人": " people", "吨": " tonnes", "个": "",
    "项": " items", "项次": " items", "天": " days", "分": " points", "小时": " hours", "分钟": " minutes",
    "户": " households", "通": " calls",
}  # fmt: skip
_QUALIFIERS = {"以上": " or more", "以下": " or less", "左右": " (about)", "多": " or more", "余": " or more"}
_WHOLE = re.compile(r"-?(\d+)(\.\d+)?")


def frame(word: str, lang: str) -> str:
    """A word of the frame."""
    return FRAME[lang][word]


def written(text: str, lang: str) -> str:
    """A number as the language writes it: thousands set apart in English.

    >>> written("12345.60", "en"), written("12345.60", "zh"), written("3", "en")
    ('12,345.60', '12345.60', '3')
    """
    match = _WHOLE.fullmatch(text)
    if lang == "zh" or match is None:
        return text
    return f"{'-' if text.startswith('-') else ''}{int(match[1]):,}{match[2] or ''}"


def in_full(amount: Amount, lang: str) -> str:
    """An amount with its unit and qualifier: 30%以上, 30% or more; empty for a blank."""
    number, unit, qualifier = parts(amount, lang)
    return number + unit + qualifier if number else ""


def parts(amount: Amount, lang: str) -> tuple[str, str, str]:
    """Number, unit and qualifier of an amount in a language; of one thing the unit stands in the singular."""
    if lang == "zh":
        return amount.text, amount.unit, amount.qualifier
    unit = _UNITS.get(amount.unit, f" {amount.unit}" if amount.unit else "")
    if amount.text == "1":
        unit = unit.replace("people", "persons").removesuffix("s")
    qualifier = _QUALIFIERS.get(amount.qualifier, f" ({amount.qualifier})") if amount.qualifier else ""
    return written(amount.text, lang), unit, qualifier


def capital(sentence: str) -> str:
    """A sentence that begins with a large letter."""
    return sentence[:1].upper() + sentence[1:]
