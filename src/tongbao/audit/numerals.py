"""Reading numerals: Arabic ones, and Chinese ones where they count or order; dates as calendars write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_HAN = "〇零一二两三四五六七八九十百千万亿"
_ONES = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_MEASURES = (
    "个|家|起|例|件|位|名|项|次|年|月|日|季度|批|类|种|地|市|县|区|镇|乡|人|吨|元|份|条|倍|成|天|周|户|处|辆|台|套|"
    "级|小时|轮|期|号|表|%|％"
)
# A single 一 before these counts; before others (一项重点工作) it is an article.
_ONE_COUNTS = "家|起|例|件|名|位|人|份|地|户"
_ARABIC = re.compile(r"[0-9０-９]+(?:[.．,][0-9０-９]+)*|[①-⑳⑴-⒇⒈-⒛Ⅰ-Ⅻ]")
_COUNTED = re.compile(
    rf"(?<![{_HAN}])(?:百分之[{_HAN}]+(?:点[{_HAN}]+)?|[{_HAN}]*[{_HAN[:13]}][{_HAN}]*(?=(?:多|余|来)?(?:{_MEASURES})))"
)
_ORDINAL = re.compile(rf"(?<=第)[{_HAN}]+")
_VAGUE = re.compile(r"[数几上近逾超][十百千万亿]+(?=(?:多|余)?(?:个|家|起|例|件|人|次|元|倍|万))")
_WORDS = re.compile(r"一半|半数|过半|大半|翻番|翻一番|成倍")
# English numbers in words; "one" is an article more often than a count, "ten thousand" behind a number is its unit.
_ENGLISH = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|(?<!\d )ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?(?! million)|half|halved|twice|doubled?|tripled?|"
    r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# 一 in words that do not count: 统一, 唯一, 逐一 … and what follows 一次 in 一次性.
_NOT_AFTER = "统同唯单逐专不如合划归"
# 2021年1-2月, 6月份, 3月10日, 二季度.
CALENDAR = re.compile(
    r"\d{4}年(?:\d{1,2}(?:[-–—~～至]\d{1,2})?月份?(?:\d{1,2}日)?)?|\d{1,2}(?:[-–—~～至]\d{1,2})?月(?:份|\d{1,2}日)?|[一二三四]季度"
    rf"|(?:\d{{1,2}} )?(?:{_MONTHS})(?:–(?:{_MONTHS}))?(?: \d{{4}})?|\bin \d{{4}}\b|(?:second|third|fourth) quarter"
)
# 一是 …, 二是 … at the head of a sentence; Second, … Third, ….
ENUMERATION = re.compile(
    rf"(?:^|(?<=[。；：\n]))[{_HAN[1:13]}]+(?=是)|(?:^|(?<=[.;] ))(?:Second|Third|Fourth|Fifth|Sixth)(?=,)"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral in a text: ``start`` and ``end`` are characters from 0."""

    text: str
    start: int
    end: int


def read_numerals(text: str) -> list[Numeral]:
    """Every numeral of a text in order.

    Chinese numerals count where a measure word follows, after 第 and in 百分之; 一般, 统一 or 万元 hold none.

    >>> [numeral.text for numeral in read_numerals("前三位共35.08%，椒江、黄岩两地，进一步统一为万元")]
    ['三', '35.08', '两']
    >>> [numeral.text for numeral in read_numerals("1,090 visits; the two lowest, 3.5 ten thousand yuan")]
    ['1,090', 'two', '3.5']
    """
    found: dict[tuple[int, int], Numeral] = {}
    for pattern in (_ARABIC, _COUNTED, _ORDINAL, _VAGUE, _WORDS, _ENGLISH, ENUMERATION):
        for match in pattern.finditer(text):
            if pattern is _COUNTED and not _counts(text, match):
                continue
            found[match.span()] = Numeral(match[0], *match.span())
    ordered = sorted(found.values(), key=lambda numeral: (numeral.start, -numeral.end))
    kept: list[Numeral] = []
    for numeral in ordered:
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return kept


def _counts(text: str, match: re.Match[str]) -> bool:
    word, after = match[0], text[match.end() :]
    if word != "一":
        return True
    before = text[match.start() - 1 : match.start()]
    return before not in set(_NOT_AFTER) and re.match(_ONE_COUNTS, after) is not None


def value_of(numeral: str) -> Fraction | None:
    """The value of a plain numeral; ``None`` where it is more or less than a number.

    >>> value_of("35.08"), value_of("十二"), value_of("两"), value_of("1,090"), value_of("一半")
    (Fraction(877, 25), Fraction(12, 1), Fraction(2, 1), Fraction(1090, 1), None)
    """
    if re.fullmatch(r"(?:\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?", numeral):
        return Fraction(numeral.replace(",", ""))
    if numeral and all(character in _HAN for character in numeral):
        return Fraction(_han_value(numeral))
    return None


def _han_value(numeral: str) -> int:
    total = section = digit = 0
    for character in numeral:
        if character in _ONES:
            digit = _ONES[character]
            continue
        scale = _SCALES[character]
        if scale >= 10**4:
            total = (total + section + digit) * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit = 0
    return total + section + digit
