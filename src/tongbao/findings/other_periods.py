"""What other periods are called in sentences: 上年同期 and 同比, 上期 and 环比; 1-5月 and 比1-5月 since January."""

from __future__ import annotations

from tongbao.definition.model import LANGUAGES, Text
from tongbao.figures.indicators import Indicators

BASES = {
    "last_year": Text(zh="上年同期", en="the same period last year"),
    "previous": Text(zh="上期", en="the previous period"),
    "year_to_date": Text(zh="年初以来各月完整", en="all months since January"),
}
_COMPARED = {
    "last_year": Text(zh="同比", en="year on year"),
    "previous": Text(zh="环比", en="on the previous period"),
}


def base_of(indicators: Indicators, head: str) -> Text | None:
    """What the period that ``last_year``, ``previous`` or ``year_to_date`` means is called; nothing for other heads."""
    if label := _since_january(indicators, head):
        return label
    return BASES.get(head)


def base_name(indicators: Indicators, head: str, lang: str) -> str:
    """The same in a language; empty for other heads."""
    base = base_of(indicators, head)
    return base.get(lang) if base else ""


def compared_with(indicators: Indicators, head: str) -> Text | None:
    """The words before a change against it: 同比, 环比, 比1-5月."""
    if label := _since_january(indicators, head):
        return Text(zh=f"比{label.zh}", en=f"on {label.get('en')}")
    return _COMPARED.get(head)


def comparing(indicators: Indicators, head: str) -> Text:
    """What is done with a figure of it: 作同比比较, 与1-5月比较; English has the words of ``compared_with``."""
    if label := _since_january(indicators, head):
        return Text(zh=f"与{label.zh}比较", en=f"on {label.get('en')}")
    said = compared_with(indicators, head) or Text(zh="", en="")
    if head == "previous" and indicators.series.cumulative:  # in January, and no 环比 at any time
        return Text(zh=f"与{BASES[head].zh}比较", en=said.get("en"))
    return Text(zh=f"作{said.zh}比较", en=said.get("en"))


def beside(compared: Text) -> Text:
    """The words before 持平 and 不可比 for those before 上升: 与1-5月 for 比1-5月; 同比 as it is."""
    return Text(zh=f"与{compared.zh[1:]}", en=compared.en) if compared.zh[:1] in ("比", "较") else compared


def renamed(indicators: Indicators, text: str, lang: str) -> str:
    """Words of a change on the period before; where figures count from January 比1-5月上升 for 环比上升."""
    if label := _since_january(indicators, "previous"):
        for words, own in ((_COMPARED, compared_with(indicators, "previous")), (BASES, label)):
            text = text.replace(words["previous"].get(lang), own.get(lang) if own else "")
    return text


def _since_january(indicators: Indicators, head: str) -> Text | None:
    """The earlier months of a series whose figures count from January; nothing where there are none."""
    if head != "previous" or indicators.series.cumulative is None:
        return None
    earlier = indicators.compared(head).period
    if earlier is None or earlier == indicators.period:  # in January nothing came before
        return None
    return Text(**{lang: earlier.short_label(lang) for lang in LANGUAGES})
