"""A title row without its period and without the words for a table: what the circular is about."""

from __future__ import annotations

import re

_TO = r"(?:-|－|–|—|~|～|至|到)+"
_YEAR = r"(?:(?:19|20|21)\d\d|[〇○零一二三四五六七八九]{4}|[１２][０-９]{3})"
_MONTH = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])?"
_SPAN = rf"{_MONTH}月?(?:份)?{_DAY}{_TO}(?:(?:{_YEAR}年)?{_MONTH}月(?:份)?{_DAY}|\d{{1,2}}[日号])"
_PART = r"(?:第?[一二三四1-4]季度|前[二两三]季度|[上下]半年|[QＱ][1-4]|第\d+期)"
_ENGLISH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# The ends of what was counted: 截至2026年10月底, 2026年1月以来.
_UNTIL, _END = r"(?:截[至止到]|自|从)?", r"(?:底|末|止|以来|期间)?"
_PERIODS = re.compile(
    rf"{_UNTIL}{_YEAR}年?度?(?:{_SPAN}|{_MONTH}月(?:份)?{_DAY}|{_PART})(?:\s*累计)?{_END}"
    rf"|{_UNTIL}{_YEAR}(?:年度|年|度)(?:全年)?{_END}"
    rf"|(?<![\d.]){_YEAR}[-._/]?(?:0[1-9]|1[0-2])(?![\d.])"
    rf"|{_UNTIL}(?<!\d){_SPAN}{_END}|(?<!\d){_MONTH}月份|^\d{{1,2}}月(?!\d){_END}"
    rf"|(?:(?<=^)|(?<=[（(])){_UNTIL}(?:{_MONTH}月(?=[^\w]|$)|{_PART}){_END}"
    rf"|,?\s*\b{_ENGLISH},?\s+(?:19|20|21)\d\d\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"[（(]?(?:统计|填报|数据|制表)?(?:截[止至])?(?:时间|日期)[:：].*$")
_EMPTY = re.compile(r"[（(]\s*[）)]")
_TABLE_WORDS = re.compile(r"(?:统计|汇总|一览|明细|情况)*表(?:[（(].*[）)])?$")

# In a header, any month or part of a year; 本月 and 3个月 are none.
_IN_HEADER = re.compile(rf"{_PERIODS.pattern}|(?<!\d){_MONTH}月(?:份)?{_END}|{_PART}{_END}", re.IGNORECASE)


def named_period(header: str) -> str:
    """The period that a column's header names, which will be another next time; empty for none.

    >>> [named_period(header) for header in ("1-10月累计（件）", "前三季度", "10月末存量", "本月", "近3个月")]
    ['1-10月', '前三季度', '10月末', '', '']
    """
    found = _IN_HEADER.search(header)
    return found[0] if found else ""


def header_without_period(header: str) -> str:
    """The header without it: 累计 of 1-10月累计."""
    return _EMPTY.sub("", _IN_HEADER.sub("", header)).strip()


def without_periods(text: str) -> str:
    """A title without the periods that it names.

    >>> without_periods("云川市２０２６年10月份热线办理情况表"), without_periods("二〇二六年十月安全生产情况")
    ('云川市热线办理情况表', '安全生产情况')
    >>> without_periods("截至2026年10月底安全生产情况"), without_periods("安全生产情况（1—10月）")
    ('安全生产情况', '安全生产情况')
    >>> without_periods("2026年前三季度12345热线情况"), without_periods("Repairs, October 2026")
    ('12345热线情况', 'Repairs')
    """
    return _EMPTY.sub("", _PERIODS.sub("", _WHEN.sub("", text))).strip(" ,，、：:-—")


def subject_of(title: str) -> str:
    """What a circular is about, from its title or its table's.

    >>> subject_of("关于2026年10月安全生产情况的通报"), subject_of("云川市2026年10月的供水统计表（按区）")
    ('安全生产情况', '云川市供水情况')
    """
    text = without_periods(title).removeprefix("关于").removesuffix("通报").removesuffix("的").removeprefix("的")
    text = _TABLE_WORDS.sub("", text) or text
    text = re.sub(r"(?<=[省市州县区])的", "", text, count=1)
    return text if text.endswith("情况") else f"{text}情况"
