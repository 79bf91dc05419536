"""The two languages' small grammar: numerals, outline numbers, lists of names."""

from __future__ import annotations

from collections.abc import Sequence

_DIGITS = "零一二三四五六七八九"


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


def join_names(names: Sequence[str], *, lang: str = "zh", last: str = "和", tail: str = "") -> str:
    """Join names the way circulars do.

    Arguments:
        names: in the order they are to be read.
        lang: ``zh`` or ``en``.
        last: the joiner before the last name: ``和`` or ``、`` (Chinese only).
        tail: appended: ``等地``, or ``N地`` to count them (``两地``); empty for none (Chinese only).

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
    if lang != "zh" or not tail:
        return joined
    if tail == "N地":
        return joined + (f"{han_count(len(names))}地" if 1 < len(names) <= 99 else "")
    return joined + (tail if len(names) > 1 else "")
