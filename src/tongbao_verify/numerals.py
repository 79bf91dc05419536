"""Numerals in Chinese and English texts: where they stand, what they are worth, what they print; days and months."""

import re
from calendar import month_name
from fractions import Fraction
from functools import cache
from unicodedata import numeric

from tongbao_verify.formula import Months, rounded

_HAN = "〇零一二两三四五六七八九十百千万亿"
_MEASURES = (
    "个|家|起|例|件|位|名|项|次|年|月|日|季度|批|类|种|地|市|县|区|镇|乡|人|吨|元|份|条|倍|成|天|周|户|处|辆|台|套|"
    "级|小时|轮|期|号|表|%|％"
)
# A single 一 counts before these only (一项重点工作 is an article), and never in 统一, 唯一, 逐一.
_ONE = r"(?<![统同唯单逐专不如合划归])一(?=家|起|例|件|名|位|人|份|地|户|倍)|(?<=无)一(?=[区县市镇乡])"
# As sums are written out; one alone only where something is counted: 大陆 and 收拾 hold none.
_FORMAL = "[壹贰叁肆伍陆柒捌玖拾佰仟]"
# "one" is an article more often than a count; "ten thousand" behind a number is its unit, and so it is in brackets,
# also if a header breaks off within them: "fines (ten".
_ENGLISH = (
    r"two|three|four|five|six|seven|eight|nine|(?<!\d )ten(?! thousand \w+\)|(?<=\(ten)(?: thousand)?$)|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?(?! million|(?<=\(hundred)$)|"
    "half|halved|twice|doubled?|tripled?|"
    "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|(?:two|three|four|five|ten)fold|"
    r"(?:first|last)(?= place\b)|scores(?= of)|(?:three[ -])?quarters?(?= of)"
)
_MONTH = f"(?:{'|'.join(month_name[1:])})"
_ORDERED = rf"(?:^|(?<=[。；：\n]))[{_HAN[1:13]}]+(?=是)"
_NUMERAL = re.compile(
    rf"[0-9０-９]+(?:[.．,][0-9０-９]+)*|[①-⑳⑴-⒇⒈-⒛Ⅰ-Ⅻ]|(?<![{_HAN}])[{_HAN}]+分之[{_HAN}]+(?:点[{_HAN}]+)?"
    rf"|(?<![{_HAN}])(?:{_ONE}|(?!一(?:多|余|来)?(?:{_MEASURES}))"
    rf"[{_HAN}]*[{_HAN[:13]}][{_HAN}]*(?=(?:多|余|来)?(?:{_MEASURES})))"
    rf"|{_FORMAL}[{_FORMAL[1:-1]}零万亿]+"
    rf"|(?<![大登着收队退入放]){_FORMAL}(?=[多余来]?[起件例倍项次]|[万亿元])"
    rf"|(?<=第)[{_HAN}]+|[数几上近逾超][十百千万亿]+(?=(?:多|余)?(?:个|家|起|例|件|人|次|元|倍|万))"
    rf"|(?<![{_HAN}])[百千万亿](?=[余多来](?:{_MEASURES}))|(?:突破|超过|(?<![通经超])过|破|逾)[百千万亿](?![{_HAN}元])"
    rf"|一半|半数|过半|大半|减半|翻了?[{_HAN}]*番|成倍|[零负]增长|零(?=立案|处罚|罚款|办案|检查)|(?<=[居列名]前)[{_HAN}]+"
    rf"|(?i:\b(?:{_ENGLISH})\b)|{_ORDERED}"
)
# 2021年1-2月, 6月份, 3月10日, 二季度; 10 March 2021, January–February 2021, in 2021; 一是 …; Second, ….
CALENDAR = re.compile(
    r"\d{4}年(?:\d{1,2}(?:[-–—~～至]\d{1,2})?月份?(?:\d{1,2}日)?|[一二三四]季度)?"
    r"|\d{1,2}(?:[-–—~～至]\d{1,2})?月(?:份|\d{1,2}日)?|[一二三四]季度|(?:first|second|third|fourth) quarter"
    rf"|(?:\d{{1,2}} )?{_MONTH}(?:–{_MONTH})?(?: \d{{4}})?|\bin \d{{4}}\b"
    rf"|{_ORDERED}|(?:^|(?<=[.;] ))(?:Second|Third|Fourth|Fifth|Sixth)(?=,)"
)
_PLAIN = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
# What money is counted in, and how English says it: 299.74万元 is CNY 2.9974 million.
_MONEY = {"元": 1, "万元": 10**4, "亿元": 10**8}
_SCALES = {"": 1, " million": 10**6, " billion": 10**9}
_QUALIFIERS = {"以上": " or more", "以下": " or less", "左右": " (about)", "多": " or more", "余": " or more", "": ""}
# How many of all, in words: one or two, but no more than a third; up to a quarter; up to a half; more; all.
_SOME = {"zh": ("个别", "少数", "部分", "多数", "全部"), "en": ("a few", "a few", "some", "most", "all")}


def read_numerals(text: str) -> list[re.Match[str]]:
    """Every numeral of a text in order.

    Chinese numerals count where a measure word follows, after 第 and in 百分之; 一般, 统一 or 万元 hold none.

    >>> [numeral[0] for numeral in read_numerals("前三位共35.08%，椒江、黄岩两地，进一步统一为万元")]
    ['三', '35.08', '两']
    """
    return list(_NUMERAL.finditer(text))


def value_of(numeral: str) -> Fraction | None:
    """The value of a plain numeral (35.08, 1,090, −5, 十二, 两); ``None`` where it is more or less than a number."""
    if _PLAIN.fullmatch(plain := numeral.replace("\u2212", "-")):  # an axis has the sign of print
        return Fraction(plain.replace(",", ""))
    if not numeral or set(numeral) - set(_HAN):
        return None
    total = section = digit = 0
    for character in numeral.replace("两", "二"):
        worth = int(numeric(character))
        if worth < 10:
            digit = worth
        elif worth < 10**4:
            section, digit = section + (digit or 1) * worth, 0
        else:
            total, section, digit = (total + section + digit) * worth, 0, 0
    return Fraction(total + section + digit)


def foreign(shown: str, *known: str) -> str:
    """A numeral in a text that none of the known ones is, as a reason."""
    allowed = frozenset().union(*map(_values, known)) if (numerals := read_numerals(shown)) else frozenset()
    strange = [numeral[0] for numeral in numerals if value_of(numeral[0]) not in allowed]
    return f"{strange[0]} does not belong here" if strange else ""


@cache
def _values(text: str) -> frozenset[Fraction | None]:
    return frozenset(value_of(numeral[0]) for numeral in read_numerals(text))


def prints(text: str, value: Fraction | None, *, cut: bool = False) -> bool:
    """Whether a text is a value at the decimals that the text has: rounded half up, or also cut off."""
    if value is None or not _PLAIN.fullmatch(text):
        return value is None and text == ""
    decimals = len(text.partition(".")[2])
    return value_of(text) in {rounded(value, decimals), rounded(value, decimals, cut=cut)}


def in_language(text: str, lang: str) -> str:
    """A number as a language writes it: thousands set apart in English."""
    whole, dot, decimals = text.partition(".")
    return f"{int(whole):,}{dot}{decimals}" if lang == "en" and _PLAIN.fullmatch(text) and int(whole) else text


def begins(shown: str, text: str) -> bool:
    """Whether ``shown`` is a text as it stands, or as it stands where an English sentence begins with it."""
    return shown in (text, text[:1].upper() + text[1:])


def says(shown: str, text: str, unit: str, qualifier: str, lang: str) -> bool:
    """Whether ``shown`` is a figure as printed: alone, with unit and qualifier, in Chinese numerals, or as a place.

    >>> says("30%以上", "30", "%", "以上", "zh"), says("30% or more", "30", "%", "以上", "en")
    (True, True)
    >>> says("CNY 2.9974 million", "299.74", "万元", "", "en"), says("CNY 29.974 million", "299.74", "万元", "", "en")
    (True, False)
    """
    plain = in_language(text, lang)
    if begins(shown, plain) or not text:
        return bool(text) or not shown
    if lang == "zh":
        words = None if shown.isascii() else value_of(re.sub("^(?:倒数)?第", "", shown))
        return shown == plain + unit + qualifier or (words is not None and words == value_of(text))
    shown = "1st" if begins(shown, "last") else shown.removesuffix(" from last")
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", shown):
        teens = int(text) % 100 in (11, 12, 13)
        return shown == text + ("th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(int(text) % 10, "th"))
    behind = re.escape(_QUALIFIERS.get(qualifier, f" ({qualifier})"))
    if unit in _MONEY and (money := re.fullmatch(rf"CNY (-?[\d,.]+)((?: [mb]illion)?){behind}", shown)):
        amount, right = value_of(money[1]), value_of(text)
        return amount is not None and right is not None and amount * _SCALES[money[2]] == right * _MONEY[unit]
    return re.fullmatch(rf"{re.escape(plain)}(?:%|(?: [A-Za-z-]+)*){behind}", shown) is not None


def labels(months: Months) -> set[str]:
    """How months are written in either language, with their year and without."""
    (year, first, last), more = months, months.last - months.first
    in_english = "–".join(dict.fromkeys((month_name[first], month_name[last])))
    words = [(f"{first}-{last}月" if more else f"{first}月", in_english)]
    if more == 2 and last % 3 == 0:
        words.append((f"{'一二三四'[last // 3 - 1]}季度", f"Q{last // 3}"))
    if more == 5 and last % 6 == 0:
        words.append(("上半年" if first == 1 else "下半年", f"H{last // 6}"))
    years = {f"{year}年", str(year)} if more == 11 else {f"{year}年"}
    return years | {text for zh, en in words for text in (zh, en, f"{year}年{zh}", f"{en} {year}")}


def dates(day: str) -> set[str]:
    """How a day (2021-03-10, 2021/3/10) is written in either language."""
    year, month, number = map(int, re.split(r"\D", day))
    written = f"{year}年{month}月{number}日", f"{number} {month_name[month]} {year}"
    return {*written, f"{year}年", f"{year}-{month:02d}-{number:02d}"}


def some_of(count: int, total: int, lang: str) -> str:
    """How many of all, in words: 个别, 部分; a few, most."""
    few = 0 if count <= 2 and count * 3 <= total else 1 if count * 4 <= total else 2
    return _SOME[lang][4 if count >= total else 3 if count * 2 > total else few]
