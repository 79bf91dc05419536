"""A number with its sign in words: 增长5.2%, 下降5.2%, 持平; what is marked is the number without the sign."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.basics.key import Key
from tongbao.basics.marks import below_zero
from tongbao.definition.model import Text
from tongbao.figures.figure import Figure
from tongbao.figures.in_words import marked_with_unit
from tongbao.figures.indicators import Indicators
from tongbao.figures.measured import require_exact
from tongbao.findings.changes import POINTS
from tongbao.words import WORDS

# A word that says which way a number went, right before it.
_DIRECTION = re.compile(
    r"(?:增长|增加|增多|上升|上涨|提高|下降|下滑|减少|降低|回落|回升)(?:了|约|近)?\s*$"
    r"|(?i:\b(?:up|down|rose|fell|grew|gained|lost|(?:increas|decreas|declin|dropp)ed)(?: by)? )$"
)
Way = Literal["rise", "fall", "flat"]


def misdirected(marked: str) -> tuple[int, str] | None:
    """Where a marked text has 增长-5.2%: a word that says which way a number went, and one with a minus.

    >>> from tongbao.basics.marks import Mark
    >>> misdirected(f"增长{Mark('a', '-5.2')}%"), misdirected(f"增速为{Mark('a', '-5.2')}%")
    ((2, '增长-5.2'), None)
    """
    for at, shown in below_zero(marked):
        if word := _DIRECTION.search(marked, max(0, at - 20), at):
            return at, word[0] + shown
    return None


def way_of(figure: Figure) -> Way:
    """Whether a number is above zero, below or zero.

    Raises:
        DefinitionError: it is no number.
    """
    if figure.value is None:
        raise DefinitionError("change is for numbers", found=figure.text, expected="a number, which may have a minus")
    return "rise" if figure.value > 0 else "fall" if figure.value < 0 else "flat"


def turned(figure: Figure) -> Figure:
    """A number below zero without its minus, as a figure of its own: 0 − it."""
    assert figure.value is not None  # noqa: S101  # it has a sign
    formula = f"0 - {figure.name}" if Formula.parse(figure.name).is_name else f"0 - ({figure.name})"
    text = figure.text.removeprefix("-")
    calculation = f"0 − ({figure.text}) = {text}"
    return replace(
        figure,
        name=formula,
        value=-figure.value,
        text=text,
        origin="computed",
        formula=formula,
        calculation=calculation,
        label=None,
    )


def in_words(
    indicators: Indicators,
    key: str,
    figure: Figure,
    figures: dict[str, Figure],
    lang: str,
    called: tuple[Text | None, Text | None] = (None, None),
) -> str:
    """A number with its sign in words; ``figures`` gets what is marked.

    Arguments:
        indicators: whose number it is.
        key: its mark key.
        figure: the number.
        figures: those behind the text, by mark key.
        lang: the language.
        called: what a rise and a fall are called, where it is not 增长 (上升 of points) and 下降.
    """
    require_exact(figure)
    words, way = WORDS[lang], way_of(figure)
    if way == "flat":
        return words.unchanged
    if not figure.text.strip("-0."):
        return words.nearly_unchanged
    own = words.down if way == "fall" else words.up if figure.unit == POINTS else words.grown
    declared = called[way == "fall"]
    said = own if declared is None else declared.get(lang) + words.space
    if way == "fall":
        figure, named = turned(figure), Key.parse(key)
        key = str(replace(named, name=f"minus.{named.name}") if named.owner else figure.key)
    figures[key] = figure
    return said + marked_with_unit(indicators, key, figure, lang)
