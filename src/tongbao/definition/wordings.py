"""Wordings of a series that seem to say the opposite of what their rule finds; for whoever writes them, no refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tongbao.definition.model import Text
from tongbao.definition.names import Problem, bare
from tongbao.definition.rule import Rule
from tongbao.definition.series import Series

_UP = r"上升|上涨|增长|增加|增多|提高|回升|升高|扩大|\b(?:up|rose|rises?|grew|increas\w*|higher)\b"
_DOWN = r"下降|下滑|降低|减少|回落|降至|缩小|\b(?:down|fell|falls?|declin\w*|decreas\w*|dropp?\w*|lower)\b"
# A word of comparison counts right before what is held against: 低于20%, 低于{{ threshold }}; 不低于 is its opposite.
_THAN = r"\s*(?:\{\{|\d)"
_MORE = rf"(?:(?<![不未没有一能得])(?:高于|超过|超出|多于)|(?:不低于|不少于)|\b(?<!not\s)above\s){_THAN}"
_LESS = rf"(?:(?<![不未没有一能得])(?:低于|少于|不足|未达到|不到)|(?:不高于|不超过)|\b(?<!not\s)below\s){_THAN}"
_REACHED = rf"{_MORE}|(?<![未不])达到{_THAN}|以上"
_FIRST = r"首位|居首|居前|列前|第一|前\s*(?:\{\{|\d|[一二两三四五六七八九十])"
_LAST = r"末位|居末|居后|列后|倒数|最后|靠后|后\s*(?:\{\{|\d|[一二两三四五六七八九十])"
_ON_YEAR, _ON_PERIOD = r"同比|上年同期|year.on.year|on.last.year", r"环比|上期|上月|上季|on.the.previous"


class _Contrary(NamedTuple):
    """What must not stand in some words unless something else does, too."""

    wrong: str
    right: str
    why: str

    def is_in(self, words: str) -> str:
        """The word that is wrong; empty where there is none."""
        found = re.search(self.wrong, words)
        return re.sub(r"\W*(?:\{\{|\d)$", "", found[0]).strip() if found and not re.search(self.right, words) else ""


_RISE = _Contrary(_DOWN, _UP, "said of a rise")
_FALL = _Contrary(_UP, _DOWN, "said of a fall")
_PERIOD = _Contrary(_ON_YEAR, rf"{_ON_PERIOD}|compared|base", "said, but compared is the period before")
_YEAR = _Contrary(_ON_PERIOD, rf"{_ON_YEAR}|compared|base", "said, but compared is the same period last year")
_BELOW = _Contrary(_MORE, _LESS, "said of what is below the bound")
_ABOVE = _Contrary(_LESS, _REACHED, "said of what is above the bound")
_BEST = _Contrary(_LAST, _FIRST, "said of the first")
_WORST = _Contrary(_FIRST, _LAST, "said of the last")
# Words of these cases are true of the units that keep the bounds.
_KEEPING = ("default", "one", "all", "all_reporting", "all_but_one")


def contrary_wordings(series: Series) -> Iterator[Problem]:
    """Words of the series that contradict their rule, with their places: 下降 of a rise, 同比 of a month before."""
    for name, rule in series.findings.items():
        naming = {"rise": rule.naming.rise, "fall": rule.naming.fall}
        said = [(("wording", case), case, text) for case, text in rule.wording.items()]
        said += [(("naming", case), case, text) for case, text in naming.items() if text is not None]
        for place, case, text in said:
            for lang, words in _texts(text):
                for contrary in _looked_for(series, rule, case):
                    word, why = contrary.is_in(words), contrary.why
                    if word:
                        yield ("findings", name, *place, lang), f"{word} is {why}: is that meant?"


def _texts(text: Text) -> Iterator[tuple[str, str]]:
    yield "zh", text.zh
    if text.en:
        yield "en", text.en


def _looked_for(series: Series, rule: Rule, case: str) -> Iterator[_Contrary]:
    """What the words of a case should not say."""
    yield from {"rise": [_RISE], "fall": [_FALL]}.get(case, ())
    head = next((one for key in ("against", "change", "since") if (one := getattr(rule, key, None))), None)
    formulas = " ".join(formula for _, formula in rule.expressions())
    if head == "previous" and "last_year" not in formulas and "fact." not in _words_of(rule):
        yield _PERIOD
    if head == "last_year" and "previous" not in formulas and "fact." not in _words_of(rule):
        yield _YEAR
    if getattr(rule, "rule", "") != "list" or case not in _KEEPING or getattr(rule, "where", ()):
        return
    bounds = set(rule.bounds()) if hasattr(rule, "bounds") else set()
    if bounds and bounds <= {"below", "at_most"}:
        yield _BELOW
    if bounds and bounds <= {"above", "at_least"}:
        yield _ABOVE
    order = getattr(rule, "order", None) or "best"
    if not bounds and getattr(rule, "take", None) is not None and _largest_first(series, rule):
        yield from {"best": [_BEST], "worst": [_WORST]}.get(order, ())


def _words_of(rule: Rule) -> str:
    """All the words of a rule."""
    return " ".join(words for text in rule.wording.values() for _, words in _texts(text))


def _largest_first(series: Series, rule: Rule) -> bool:
    """Whether the largest is the first: where the smallest is, 投诉量居前的 may well be the worst."""
    measure = getattr(rule, "measure", None)
    if measure is None or getattr(rule, "change", None):
        return False
    if "rank" not in measure.model_fields_set and measure.is_name:
        declared = {**series.columns, **series.indicators}.get(bare(measure.formula))
        return getattr(declared, "rank", "") == "descending"
    return bool(measure.rank == "descending")
