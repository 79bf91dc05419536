"""Units of measurement, as they stand behind figures: which ones are multiples of one another."""

from __future__ import annotations

from fractions import Fraction
from math import prod

# Counted in the first: 千克 is no thousand of another unit here, and 分 may be a mark in a test.
_NAMED = {
    "%": ("%", Fraction(1)),
    "‰": ("%", Fraction(1, 10)),
    "克": ("克", Fraction(1)),
    "斤": ("克", Fraction(500)),
    "公斤": ("克", Fraction(1000)),
    "千克": ("克", Fraction(1000)),
    "吨": ("克", Fraction(10**6)),
    "米": ("米", Fraction(1)),
    "公里": ("米", Fraction(1000)),
    "千米": ("米", Fraction(1000)),
    "秒": ("秒", Fraction(1)),
    "分钟": ("秒", Fraction(60)),
    "小时": ("秒", Fraction(3600)),
    "天": ("秒", Fraction(86400)),
    "日": ("秒", Fraction(86400)),
    "平方米": ("平方米", Fraction(1)),
    "亩": ("平方米", Fraction(2000, 3)),
    "公顷": ("平方米", Fraction(10000)),
    "平方公里": ("平方米", Fraction(10**6)),
}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def scale_of(unit: str) -> tuple[str, Fraction]:
    """What a unit is a multiple of, and how many of it: 万元 is 10,000元, ‰ a tenth of a percent.

    >>> scale_of("万元"), scale_of("‰"), scale_of("万吨"), scale_of("家次")
    (('元', Fraction(10000, 1)), ('%', Fraction(1, 10)), ('克', Fraction(10000000000, 1)), ('家次', Fraction(1, 1)))
    """
    if unit in _NAMED:
        return _NAMED[unit]
    rest = unit.lstrip("".join(_POWERS))
    if not rest:
        return unit, Fraction(1)
    base, times = _NAMED.get(rest, (rest, Fraction(1)))
    return base, times * prod(_POWERS[sign] for sign in unit.removesuffix(rest))


def is_another_scale(unit: str, other: str) -> bool:
    """Whether numbers in two units say different things although they count the same; not where one lacks its unit.

    >>> is_another_scale("元", "万元"), is_another_scale("公斤", "千克"), is_another_scale("起", "家次")
    (True, False, False)
    """
    (base, times), (other_base, other_times) = scale_of(unit), scale_of(other)
    return base == other_base and times != other_times
