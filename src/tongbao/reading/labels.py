"""Labels and numbers as people type them: full-width forms, stray spaces, units in brackets, thousands separators."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from tongbao.basics.language import label_folded
from tongbao.basics.rounding import DECIMALS, WHOLE_DIGITS, parse_decimal

BLANK_MARKS = frozenset({"", "/", "-", "--", "—", "——", "–", "\u2212", "无数据"})
_UNIT = re.compile(r"[（(](?:(?:计量|金额|货币)?单位[:为]?)?([^（）()]*)[）)]$")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
TOO_LONG = f"more digits than are kept: {WHOLE_DIGITS} before the point and {DECIMALS} behind it"
# A number's own signs, and what stands behind them. Only full-width forms and the minus sign are folded: ① and ²
# are notes, not digits.
_FIGURE = re.compile("([-+0-9.,]*)(.*)", re.DOTALL)
_FULL_WIDTH = {code + 0xFEE0: code for code in range(ord("!"), ord("~") + 1)} | {0x2212: ord("-")}
_ODD = re.compile(r"[-+]?(0\d.*|\d+\.|\.\d+)")


# The same few labels come again in every return.
@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """A label for comparing: full-width forms folded, all white space removed.

    >>> normalise("浙南产业 集聚区"), normalise("罚款总数（万元）")
    ('浙南产业集聚区', '罚款总数(万元)')
    """
    return label_folded(text)


@lru_cache(maxsize=65536)
def split_unit(label: str) -> tuple[str, str]:
    """A header without the unit in brackets at its end, and that unit.

    >>> split_unit("罚款总数（万元）"), split_unit("罚款（单位：万元）"), split_unit("检查处罚率%"), split_unit("排序")
    (('罚款总数', '万元'), ('罚款', '万元'), ('检查处罚率', '%'), ('排序', ''))
    """
    folded = normalise(label)
    match = _UNIT.search(folded)
    if match:
        return folded[: match.start()], match[1]
    return (folded[:-1], "%") if folded.endswith("%") else (folded, "")


def read_number(text: str, unit: str = "") -> Decimal | None:
    r"""A number as typed, with its digits; ``None`` for a blank.

    Arguments:
        text: full-width digits, a minus sign (U+2212), thousands separators and surrounding space are read; a percent
            sign only where the column's unit is ``%``, the column's own unit behind the figure always.
        unit: the column's unit.

    Raises:
        ValueError: not a number; says what is wrong.

    >>> read_number("１，２３４．５０"), read_number("12.5%", "%"), read_number("—") is None, read_number("\u22123.2")
    (Decimal('1234.50'), Decimal('12.5'), True, Decimal('-3.2'))
    """
    folded = text.translate(_FULL_WIDTH).strip()
    if folded in BLANK_MARKS:
        return None
    if any(character.isspace() for character in folded):
        raise ValueError("not a number: a space stands in it")
    figure, behind = _FIGURE.findall(folded)[0]
    if unit and normalise(behind) == normalise(unit):
        folded = figure
    elif folded.endswith("%"):
        raise ValueError("a percentage where none is expected")
    if _THOUSANDS.fullmatch(folded):
        folded = folded.replace(",", "")
    if _ODD.fullmatch(folded):
        raise ValueError("not a plain number: a zero before it, or a point with nothing on one side")
    value = parse_decimal(folded)
    if value is None and _DIGITS.fullmatch(folded):
        raise ValueError(TOO_LONG)
    if value is None:
        raise ValueError("not a number")
    return value
