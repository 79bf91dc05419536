"""Which way a change on record went: its text has no sign, its formula takes the smaller side from the larger."""

from __future__ import annotations

import ast
import re
from typing import Literal

from tongbao_review.baseline import Json

Direction = Literal["up", "down", ""]
_EARLIER = re.compile(r"\b(?:last_year|previous)\.")
_STEPS = ("floor", "ceil")  # of a change in round steps: 30%以上


def direction_of(figure: Json) -> Direction:
    """Whether a change is a rise or a fall; empty for other figures, and for a change that is printed as none.

    Arguments:
        figure: its record, as in ``findings.json``.

    >>> figure = {"name": "change(calls, previous.calls)", "formula": "(previous.calls - calls) / previous.calls * 100"}
    >>> direction_of(figure | {"text": "13.8"}), direction_of(figure | {"text": "0.0"})
    ('down', '')
    """
    if not figure["formula"] or not re.search("[1-9]", figure["text"]) or figure["text"].startswith("-"):
        return ""
    try:
        name, formula = (ast.parse(figure[part], mode="eval").body for part in ("name", "formula"))
    except SyntaxError:
        return ""
    sides = _difference(formula)
    match name:
        case ast.Call(func=ast.Name(id="change"), args=[now, before]) if sides:
            upwards = _said(now), _said(before)
        case ast.Call(func=ast.Name(id=step)) if sides and step in _STEPS:
            upwards = (sides[1], sides[0]) if _EARLIER.search(sides[0]) else sides
            if _EARLIER.sub("", upwards[1]) != upwards[0]:
                return ""
        case _:
            return ""
    return "up" if sides == upwards else "down" if sides == upwards[::-1] else ""


def _difference(formula: ast.expr) -> tuple[str, str] | None:
    """The two sides of the difference that a change divides, multiplies or rounds."""
    match formula:
        case ast.BinOp(left=larger, op=ast.Sub(), right=smaller):
            return _said(larger), _said(smaller)
        case ast.BinOp(left=inner, op=ast.Mult() | ast.Div()) | ast.Call(args=[inner, _]):
            return _difference(inner)
    return None


def _said(side: ast.expr) -> str:
    """A side by its name: of sums that take other units, it is what they are sums of."""
    match side:
        case ast.Call(func=ast.Name(id="sum"), args=[summed]):
            return ast.unparse(summed)
    return ast.unparse(side)
