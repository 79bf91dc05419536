"""The two languages' small grammar: numerals, outline numbers, lists of names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Self

from tongbao.basics.rounding import parse_decimal, print_decimal

_DIGITS = "零一二三四五六七八九"
_ES = ("ches", "shes", "sses", "xes")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_UNITS_EN = {
    "%": "%",
    "个百分点": " percentage points",
    "万元": " ten thousand yuan",
    "亿元": " hundred million yuan",
    "元": " yuan",
    "起": " cases",
    "例": " cases",
    "件": " cases",
    "次": " visits",
    "家次": " visits",
    "家": " enterprises",
    "份": " documents",
    "人": " people",
    "吨": " tonnes",
    "个": "",
    "项": " items",
    "天": " days",
    "分": " points",
    "小时": " hours",
    "分钟": " minutes",
    "户": " households",
    "通": " calls",
    "项次": " items",
    "万件": " ten thousand cases",
    "千元": " thousand yuan",
    "‰": "‰",
    "倍": " times",
    "克": " grams",
    "公斤": " kilograms",
    "千克": " kilograms",
    "米": " metres",
    "公里": " kilometres",
    "平方米": " square metres",
    "平方公里": " square kilometres",
    "公顷": " hectares",
    "亩": " mu",
    "秒": " seconds",
    "月": " months",
    "年": " years",
    "名": " people",
    "人次": " attendances",
    "宗": " cases",
    "辆": " vehicles",
    "台": " machines",
    "处": " places",
    "批次": " batches",
}
# What one unit of money is worth in yuan; English counts in millions and billions (1,000 million).
MONEY = {"元": 1, "万元": 10**4, "亿元": 10**8}
_SCALES_EN = ((10**9, " billion"), (10**6, " million"), (1, ""))
_QUALIFIERS_EN = {"以上": " or more", "以下": " or less", "左右": " (about)", "多": " or more", "余": " or more"}


def han_numeral(number: int) -> str:
    """A whole number from 0 to 99 in Chinese numerals, as ordinals and outlines use them.

    >>> han_numeral(4), han_numeral(10), han_numeral(12), han_numeral(20), han_numeral(35)
    ('四', '十', '十二', '二十', '三十五')

    Raises:
        ValueError: the number is outside 0 to 99.
    """
    if not 0 <= number <= 99:
        raise ValueError(f"no Chinese numeral for {number}: only 0 to 99 are written out")
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def han_count(number: int) -> str:
    """A count before a measure word: two is 两 (两地), the others as numerals.

    >>> han_count(2), han_count(3)
    ('两', '三')
    """
    return "两" if number == 2 else han_numeral(number)


def outline_number(level: int, number: int, lang: str = "zh") -> str:
    """The ordinal before a heading (GB/T 9704-2012: 一、 then （一） then 1. then （1））.

    >>> outline_number(1, 3), outline_number(2, 1), outline_number(3, 2)
    ('三、', '（一）', '2. ')
    """
    if lang != "zh":
        return f"{number}. " if level == 1 else f"({number}) "
    return (f"{han_numeral(number)}、", f"（{han_numeral(number)}）", f"{number}. ", f"（{number}）")[min(level, 4) - 1]


def join_names(
    names: Sequence[str], *, lang: str = "zh", last: str = "和", tail: str = "", count: str | None = None
) -> str:
    """Join names the way circulars do.

    Arguments:
        names: in the order they are to be read.
        lang: ``zh`` or ``en``.
        last: the joiner before the last name: ``和`` or ``、`` (Chinese only).
        tail: appended: ``等地``, or ``N地`` to count them (``两地``); empty for none (Chinese only).
        count: how the count in ``N地`` is written, where it carries a mark.

    >>> join_names(["龙港市", "苍南县", "泰顺县"])
    '龙港市、苍南县和泰顺县'
    >>> join_names(["椒江", "黄岩"], last="、", tail="N地")
    '椒江、黄岩两地'
    >>> join_names(["Longgang", "Cangnan", "Taishun"], lang="en")
    'Longgang, Cangnan and Taishun'
    """
    if not names:
        return ""
    comma, final = ("、", last) if lang == "zh" else (", ", " and ")
    joined = comma.join(names[:-1]) + final + names[-1] if len(names) > 1 else names[0]
    if lang != "zh" or not tail or len(names) == 1:
        return joined
    if tail == "N地":
        return joined + (f"{count or han_count(len(names))}地" if len(names) <= 99 else "")
    return joined + tail


def ordinal(number: int, lang: str = "zh", *, from_end: bool = False) -> str:
    """A place in words; counted from the last one it says so.

    >>> ordinal(2), ordinal(1, "en"), ordinal(12, "en"), ordinal(23, "en")
    ('第二', '1st', '12th', '23rd')
    >>> ordinal(2, from_end=True), ordinal(1, "en", from_end=True), ordinal(2, "en", from_end=True)
    ('倒数第二', 'last', '2nd from last')
    """
    if lang == "zh":
        return ("倒数" if from_end else "") + f"第{han_numeral(number) if number <= 99 else number}"
    if from_end and number == 1:
        return "last"
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}" + (" from last" if from_end else "")


class UnitOfMeasure(str):
    """A unit of measurement as it is in Chinese, with the English that a measure declares for its own.

    >>> drills = UnitOfMeasure("次", "drills")
    >>> drills == "次", unit_name(drills, "en", "7"), unit_name(drills, "en", "1"), unit_name("次", "en", "7")
    (True, ' drills', ' drill', ' visits')
    """

    __slots__ = ("en",)
    en: str

    def __new__(cls, zh: str, en: str = "") -> Self:
        """A text as it is, with its English."""
        unit = super().__new__(cls, zh)
        unit.en = en
        return unit


def unit_name(unit: str, lang: str = "zh", number: str = "") -> str:
    """A unit of measurement behind a number: as it is in Chinese, in words in English.

    >>> unit_name("起"), unit_name("起", "en"), unit_name("起", "en", "1"), unit_name("%", "en")
    ('起', ' cases', ' case', '%')
    """
    if lang == "zh":
        return unit
    declared = unit.en if isinstance(unit, UnitOfMeasure) else ""
    words = f" {declared}" if declared else _UNITS_EN.get(unit, f" {unit}" if unit else "")
    return _singular(words) if number == "1" else words


def _singular(words: str) -> str:
    if words.endswith("ies"):
        return words.removesuffix("ies") + "y"
    return words.replace("people", "persons").removesuffix("es" if words.endswith(_ES) else "s")


def measured(text: str, unit: str, lang: str = "zh") -> str:
    """A printed number with its unit of measurement; in English money is in yuan, millions and billions, no digit lost.

    >>> measured("299.74", "万元"), measured("299.74", "万元", "en"), measured("3.50", "万元", "en")
    ('299.74万元', 'CNY 2.9974 million', 'CNY 35,000')
    >>> measured("19.20", "亿元", "en"), measured("-1.5", "元", "en"), measured("0.0", "万元", "en")
    ('CNY 1.92 billion', 'CNY -1.5', 'CNY 0')
    >>> measured("1", "起", "en"), measured("5800", "家次", "en")
    ('1 case', '5,800 visits')
    """
    amount = parse_decimal(text) if lang == "en" and unit in MONEY else None
    if amount is None:
        return number_text(text, lang) + unit_name(unit, lang, text)
    yuan = amount * MONEY[unit]
    worth, name = next(one for one in _SCALES_EN if abs(yuan) >= one[0] or one[0] == 1)
    return f"CNY {number_text(print_decimal((yuan / worth).normalize()), lang)}{name}"


def has_english(unit: str) -> bool:
    """Whether a unit of measurement has a name in English.

    >>> has_english("万元"), has_english(""), has_english("挑")
    (True, True, False)
    """
    return not unit or unit in _UNITS_EN or (isinstance(unit, UnitOfMeasure) and bool(unit.en))


def number_text(text: str, lang: str = "zh") -> str:
    """A number as printed, as the language writes it: thousands set apart in English, plain in Chinese.

    >>> number_text("5800"), number_text("5800", "en"), number_text("-12345.60", "en"), number_text("略有下降", "en")
    ('5800', '5,800', '-12,345.60', '略有下降')
    """
    whole, dot, decimals = text.removeprefix("-").partition(".")
    if lang == "zh" or not (whole.isascii() and whole.isdigit()):
        return text
    return f"{'-' if text.startswith('-') else ''}{Decimal(whole):,}{dot}{decimals}"


def qualifier_text(qualifier: str, lang: str = "zh") -> str:
    """What stands behind a figure that is not exact.

    >>> "30%" + qualifier_text("以上", "en"), "30%" + qualifier_text("以上")
    ('30% or more', '30%以上')
    """
    if lang == "zh" or not qualifier:
        return qualifier
    return _QUALIFIERS_EN.get(qualifier, f" ({qualifier})")


def some_of(count: int, total: int, lang: str = "zh") -> str:
    """How many, without naming or counting them: 个别, 少数, 部分, 多数, 全部.

    One or two, if no more than a third, are 个别, up to a quarter 少数, up to a half 部分, more than a half 多数.

    >>> [some_of(count, 12) for count in (1, 3, 6, 7, 12)]
    ['个别', '少数', '部分', '多数', '全部']
    >>> some_of(1, 12, "en"), some_of(1, 3)
    ('a few', '个别')
    """
    if count >= total:
        index = 4
    elif count * 2 > total:
        index = 3
    elif count <= 2 and count * 3 <= total:
        index = 0
    else:
        index = 1 if count * 4 <= total else 2
    words = ("个别", "少数", "部分", "多数", "全部") if lang == "zh" else ("a few", "a few", "some", "most", "all")
    return words[index]


def label_folded(text: str) -> str:
    """A label for comparing: full-width forms folded, all white space removed.

    >>> label_folded("浙南产业 集聚区"), label_folded("罚款总数（万元）")
    ('浙南产业集聚区', '罚款总数(万元)')
    """
    return "".join(unicodedata.normalize("NFKC", text).split())
