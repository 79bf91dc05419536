"""Units of measurement behind figures: which are multiples of one another, and what formulas make of them."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from functools import lru_cache
from math import prod

from tongbao.basics.formula import Formula

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
_SHARE = re.compile(r"[%％‰]|个?百分点|per ?cent(?:age[ -]points?)?")
# A base and how many of it; nothing where a number has no unit, or a formula gives it one that is not known.
_Scale = tuple[str, Fraction] | None


class _UnlikeError(ValueError):
    """Numbers that count the same in different units: 元 and 万元."""


def scale_of(unit: str) -> tuple[str, Fraction]:
    """What a unit is a multiple of, and how many of it: 万元 is 10,000元, ‰ a tenth of a percent.

    >>> scale_of("万元"), scale_of("‰"), scale_of("万元/万人"), scale_of("家次")
    (('元', Fraction(10000, 1)), ('%', Fraction(1, 10)), ('元/人', Fraction(1, 1)), ('家次', Fraction(1, 1)))
    """
    whole, divided, part = unit.partition("/")
    if divided and whole and part:
        (base, times), (other, by) = scale_of(whole), scale_of(part)
        return f"{base}/{other}", times / by
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


def other_unit_in_front(text: str, unit: str) -> str:
    """The unit that a text begins with, if numbers in it say something else than in ``unit``; empty for none.

    >>> other_unit_in_front("元，同比", "万元"), other_unit_in_front("万元", "万元")
    ('元', '')
    >>> other_unit_in_front("%。", "个百分点"), other_unit_in_front("％", "%"), other_unit_in_front("%", "万元")
    ('%', '', '%')
    """
    if unit and (share := _SHARE.match(text)):
        return share[0] if _share(share[0]) != _share(unit) else ""
    base, _ = scale_of(unit)
    alike = [name for name, (counted_in, _) in _NAMED.items() if counted_in == base] or [base]
    found = re.match(f"[{''.join(_POWERS)}]*(?:{'|'.join(map(re.escape, sorted(alike, key=len, reverse=True)))})", text)
    return found[0] if unit and found and is_another_scale(found[0], unit) else ""


def _share(name: str) -> str:
    """A percentage or points of it, by one of its names; other units as they are."""
    if "point" in name:
        return "百分点"
    return "%" if name in ("％", "percent", "per cent") else name.removeprefix("个")


@lru_cache(4096)
def unlike(source: str, operands: tuple[str, ...], declared: str) -> str:
    """The units that a formula puts together although they differ, as 元 and 万元 do, or gives against its own unit.

    A figure that is multiplied is taken to be converted: nothing is known of the unit of ``fines * 10000``.

    Arguments:
        source: the formula.
        operands: the units of its operands, in their order; empty for those that have none.
        declared: the unit of what it gives; empty for none.

    >>> unlike("fines / cases", ("万元", "起"), "万元"), unlike("fines / people", ("万元", "万人"), "元")
    ('', '')
    >>> unlike("fines / cases", ("万元", "起"), "元"), unlike("fines + lost", ("万元", "元"), "")
    ('万元/起, 元', '万元, 元')
    """
    formula = Formula.parse(source)
    units = dict(zip(formula.names, operands, strict=True))
    try:
        found = _scale(formula.tree, units)
    except _UnlikeError:
        return ", ".join(dict.fromkeys(filter(None, operands)))
    if found and declared:
        base, times = scale_of(declared)
        if base in (found[0], found[0].partition("/")[0]) and times != found[1]:
            return f"{'/'.join(dict.fromkeys(filter(None, operands)))}, {declared}"
    return ""


def _scale(node: ast.expr, units: dict[str, str]) -> _Scale:
    match node:
        case ast.UnaryOp(operand=operand):
            return _scale(operand, units)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above, below = _alike(left, right, units)
            is_ratio = above is None or below is None or above[0] == below[0]
            return None if is_ratio else (f"{above[0]}/{below[0]}", above[1] / below[1])  # type: ignore[index]
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            _ = _scale(left, units), _scale(right, units)
            return None
        case ast.BinOp(left=left, right=right):
            return next(filter(None, _alike(left, right, units)), None)
        case ast.Call(func=ast.Name(id="change"), args=[now, before]):
            _alike(now, before, units)
            return None
        case ast.Call(func=ast.Name(id="min" | "max" | "default"), args=[first, second]):
            return next(filter(None, _alike(first, second, units)), None)
        case ast.Call(func=ast.Name(id="round" | "floor" | "ceil"), args=[of, _]):
            return _scale(of, units)
        case ast.Name() | ast.Attribute() | ast.Call():
            unit = units.get(ast.unparse(node), "")
            return scale_of(unit) if unit else None
    return None


def _alike(first: ast.expr, second: ast.expr, units: dict[str, str]) -> tuple[_Scale, _Scale]:
    """The scales of two parts that are put together."""
    one, other = _scale(first, units), _scale(second, units)
    if one and other and one[0] == other[0] and one[1] != other[1]:
        raise _UnlikeError
    return one, other
