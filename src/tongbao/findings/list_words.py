"""The words for lists in Chinese and English: put together from what is said of a unit and of how many it is true."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Number
from tongbao.definition.model import Text
from tongbao.definition.names import of_unit
from tongbao.findings.kind import text
from tongbao.findings.lacking import WHO_HAS, WHO_LACKS
from tongbao.findings.outcome import head_of


class Predicate(NamedTuple):
    """What is said of a unit, and its opposite; per language."""

    zh: str
    not_zh: str
    en: str
    not_en: str


_PREDICATES = {
    "below": Predicate("低于[than]", "达到[than]", "below [than]", "at or above [than]"),
    "at_most": Predicate("不高于[than]", "高于[than]", "not above [than]", "above [than]"),
    "above": Predicate("高于[than]", "不高于[than]", "above [than]", "not above [than]"),
    "at_least": Predicate("达到[than]", "未达到[than]", "at or above [than]", "below [than]"),
    "at": Predicate("为[than]", "不为[than]", "at [than]", "not at [than]"),
}
# Of a column of words whose smallest number is the best: 优 1, 良 2, 差 3.
_QUALITIES = {
    "below": Predicate("好于[than]", "不好于[than]", "better than [than]", "not better than [than]"),
    "at_most": Predicate("达到[than]", "差于[than]", "[than] or better", "worse than [than]"),
    "above": Predicate("差于[than]", "达到[than]", "worse than [than]", "[than] or better"),
    "at_least": Predicate("不好于[than]", "好于[than]", "not better than [than]", "better than [than]"),
    "at": _PREDICATES["at"],
}
# What is level with a figure of its own, this period's or another's.
_LEVEL = {
    False: Predicate("等于[than]", "不等于[than]", "equal to [than]", "not equal to [than]"),
    True: Predicate("与[than]持平", "与[than]不持平", "level with [than]", "not level with [than]"),
}
_ZERO = Predicate("为零", "不为零", "zero", "not zero")
_COMPARED = "{{ compared }}"
_LEVEL_WITH = "{{ level }}"
_TRENDS = {
    "above": Predicate("上升", "未上升", "up", "not up"),
    "below": Predicate("下降", "未下降", "down", "not down"),
    "at": Predicate("持平", "未持平", "unchanged", "not unchanged"),
}


def predicate_of(bounds: Mapping[str, str], *, changes: bool, blank: bool, qualities: bool) -> Predicate:
    """What a filter says of a unit it lets through; ``qualities`` are words of which the smallest is the best."""
    if bounds:
        said = _within(bounds, changes=changes, qualities=qualities)
    else:
        said = Predicate(
            "{{ no_figure }}",
            "可比" if changes else "已报送",
            "{{ no_figure }}",
            "comparable" if changes else "reported",
        )
    if changes and (not bounds or said in _TRENDS.values()):
        zh, not_zh, en, not_en = said
        before = _COMPARED if bounds and said is not _TRENDS["at"] else _LEVEL_WITH
        said = Predicate(f"{before}{zh}", f"{before}{not_zh}", f"{en} {_COMPARED}", f"{not_en} {_COMPARED}")
    elif changes:
        before, change = f"{_COMPARED}变化", f"{_COMPARED}, change "
        said = Predicate(before + said.zh, before + said.not_zh, change + said.en, change + said.not_en)
    if blank and bounds:
        said = said._replace(zh=said.zh + "或{{ no_figure }}", en=said.en + " or {{ no_figure }}")
    return said


def _within(bounds: Mapping[str, str], *, changes: bool, qualities: bool) -> Predicate:
    """A bound, or a lower and an upper one together: 达到90%、低于95%, or else 低于90%或达到95%."""
    words, said = _QUALITIES if qualities else _PREDICATES, []
    for name in sorted(bounds, key=("above", "at_least", "at", "below", "at_most").index):
        one = words[name]
        if name == "at" and not changes:
            one = _ZERO if bounds[name] == "0" else level_with(bounds[name]) if is_own(bounds[name]) else one
        if changes and bounds[name] == "0" and name in _TRENDS and len(bounds) == 1:
            one = _TRENDS[name]
        said.append([part.replace("[than]", "{{ than_" + name + " }}") for part in one])
    zh, not_zh, en, not_en = zip(*said, strict=True)
    if len(bounds) > 1:  # 未达到90%或达到95% would seem to deny both
        not_zh = tuple(part.replace("未达到", "低于") for part in not_zh)
    return Predicate("、".join(zh), "或".join(not_zh), " and ".join(en), " or ".join(not_en))


def is_own(bound: str) -> bool:
    """Whether a bound is one measure of the unit itself."""
    formula = Formula.parse(bound)
    return formula.is_name and of_unit(bound)


def level_with(bound: str) -> Predicate:
    """What is said of a unit whose figure is that of another measure of its own, or of another period."""
    return _LEVEL[bool(head_of(bound))]


def end_of(values: Collection[Number], *, highest: bool, changes: bool, qualities: bool) -> Text:
    """Which end of a list was taken, in words that are true of what is named.

    Arguments:
        values: the figures named, changes with their sign.
        highest: whether the largest were taken.
        changes: whether they are changes.
        qualities: whether they stand for words, of which the smallest is the best.
    """
    if qualities:
        return Text(zh="最差", en="the worst") if highest else Text(zh="最好", en="the best")
    if not changes:
        return Text(zh="最高", en="the highest") if highest else Text(zh="最低", en="the lowest")
    if values and min(values) > 0:
        return Text(zh="升幅最大", en="the largest rise") if highest else Text(zh="升幅最小", en="the smallest rise")
    if values and max(values) < 0:
        return Text(zh="降幅最小", en="the smallest fall") if highest else Text(zh="降幅最大", en="the largest fall")
    return Text(zh="变化最高", en="the highest change") if highest else Text(zh="变化最低", en="the lowest change")


@cache
def filtered_words(said: Predicate, *, taken: bool, compared: bool, blank: bool) -> dict[str, Text]:
    """Words for a list with bounds, by how many keep them.

    Arguments:
        said: what is said of a unit that keeps them.
        taken: whether some of them are picked.
        compared: whether changes are compared, or units have bounds of their own: who has reported may have none.
        blank: whether those without a figure are taken in, too.
    """
    of_all = _of_all(said, compared=compared) | (_of_asked(said, compared=compared) if blank else {})
    one = text("仅{{ units }}{{ measure }}[P]", "{{ measure }} [P]: only {{ units }}", P=(said.zh, said.en))
    if taken:
        default = text(
            "{{ measure }}[P]的有{{ count }}个{{ unit_kind }}，其中{{ end }}的是{{ units }}",
            "{{ measure }} [P]: {{ count }}{% if count.text != '1' %} {{ unit_kind }}{% endif %}, "
            "{{ end }} being {{ units }}",
            P=(said.zh, said.en),
        )
        return {"default": default, "one": one} | of_all
    return {
        "default": text("{{ measure }}[P]的有{{ units }}", "{{ measure }} [P]: {{ units }}", P=(said.zh, said.en)),
        "one": one,
        "all_but_one": text(
            "除{{ rest }}外，其余各地{{ measure }}均[P]",
            "{{ measure }} [P] everywhere but in {{ rest }}",
            P=(said.zh, said.en),
        ),
    } | of_all


@cache
def _of_all(said: Predicate, *, compared: bool) -> dict[str, Text]:
    words = {"P": (said.zh, said.en), "N": (said.not_zh, said.not_en), "all_N": (_of_everyone(said.not_zh), "")}
    reported = {"those": WHO_HAS, "others": WHO_LACKS, "has": ("有数据", "with a figure")}
    if compared:  # who cannot be compared, and why, is said behind the sentence
        them = ("可比的{{ reporting }}个{{ unit_kind }}", "of the {{ reporting }} {{ unit_kind }} that can be compared")
        reported = {"those": them, "others": ("", ""), "has": ("可比", "that can be compared")}
    return {
        "all": text("各地{{ measure }}均[P]", "{{ measure }} [P] everywhere", **words),
        "none": text("各地{{ measure }}[all_N]", "{{ measure }} [N] everywhere", **words),
        "all_reporting": text(
            "[those]{{ measure }}均[P][others]",
            "{{ measure }} [those]: [P] everywhere[others]",
            **words,
            **reported,
        ),
        "incomplete": text(
            "{% if alone %}{{ measure }}仅{{ rest }}[has]，[N]{% else %}[those]{{ measure }}[all_N]{% endif %}[others]",
            "{{ measure }} {% if alone %}[N] in {{ rest }}, the only one [has]"
            "{% else %}[those]: [N] everywhere{% endif %}[others]",
            **words,
            **reported,
        ),
    }


def _of_everyone(predicate: str) -> str:
    """A predicate denied of all: 比1-5月均未下降, the comparison before 均."""
    lead = next((one for one in (_COMPARED, _LEVEL_WITH) if predicate.startswith(one)), "")
    return f"{lead}均{predicate.removeprefix(lead)}"


def _of_asked(said: Predicate, *, compared: bool) -> dict[str, Text]:
    """Words for a list that takes in all whom a table of some asks, with a figure or without."""
    if compared:  # those whom it leaves out were asked, too
        zh, en = "{{ count }}个{{ unit_kind }}{{ measure }}[P]", "{{ measure }} [P] in {{ count }} {{ unit_kind }}"
        return {"all_reporting": text(zh, en, P=(said.zh, said.en))}
    return {
        "all_reporting": text(
            "应报送的{{ count }}个{{ unit_kind }}{{ measure }}均[P]",
            "{{ measure }} of the {{ count }} {{ unit_kind }} asked: [P] everywhere",
            P=(said.zh, said.en),
        )
    }


class _Direction(NamedTuple):
    """An order in words: of the first N, of the first one, of all."""

    first_n: tuple[str, str]
    first: tuple[str, str]
    order: tuple[str, str]


_ORDERS = {
    "best": _Direction(("前", "the first"), ("首位", "first"), ("依次", "in order")),
    "worst": _Direction(("后", "the last"), ("末位", "last"), ("由后向前依次", "from the last place up")),
    "descending": _Direction(("前", "the highest"), ("首位", "highest"), ("由高到低依次", "from the highest down")),
    "ascending": _Direction(("后", "the lowest"), ("末位", "lowest"), ("由低到高依次", "from the lowest up")),
    "official": _Direction(("", ""), ("", ""), ("分别", "by unit")),
}

# Of a measure whose smallest is the best, so that the largest are not the first: their places are named by their size.
_SIZES = {"descending by size": "最高", "ascending by size": "最低"}
# Of words whose smallest number is the best.
_QUALITY_ORDERS = {
    "descending": _Direction(("后", "the last"), ("末位", "last"), ("由差到好依次", "from the worst up")),
    "ascending": _Direction(("前", "the first"), ("首位", "first"), ("由好到差依次", "from the best down")),
}


@cache
def ranking_words(direction: str, *, taken: bool, changes: bool, qualities: bool) -> dict[str, Text]:
    """Words for a list that takes in every unit with a figure; its direction may be one ``by size``."""
    end, direction = _SIZES.get(direction, ""), direction.removesuffix(" by size")
    first_n, first, order = (_ORDERS | _QUALITY_ORDERS if qualities else _ORDERS)[direction]
    words = {
        "about": ("{{ measure }}{{ compared }}变化", "change of {{ measure }} {{ compared }}")
        if changes
        else ("{{ measure }}", "{{ measure }}"),
        "first_n": first_n,
        "first": first,
        "order": order,
    }
    alone = ("[about]仅{{ units }}有数据", "only {{ units }} has a figure for [about]")
    if taken:
        first_n_are = (
            f"[about]{end}的前{{{{ n | han_count }}}}位是{{{{ units }}}}"
            if end
            else "[about]列[first_n]{{ n | han_count }}位的是{{ units }}",
            "[first_n] {{ n }} in [about]: {{ units }}",
        )
        first_are = (
            f"[about]{end}的是{{{{ units }}}}" if end else "[about]列[first]的是{{ units }}",
            "[first] in [about]: {{ units }}",
        )
        # The only one would be both the first and the last.
        said = "{% if alone %}[alone]{% else %}[several]{% endif %}"
        return {
            "default": text(said, said, alone=alone, several=first_n_are, **words),
            "one": text(said, said, alone=alone, several=first_are, **words),
        }
    default = text("[about][order]为{{ units }}", "[about], [order]: {{ units }}", **words)
    partial = text(
        "[about][order]为{{ units }}{% if unreported %}，{{ unreported }}无数据{% endif %}"
        "{% if uncomputed %}，{{ uncomputed }}无法计算{% endif %}",
        "[about], [order]: {{ units }}{% if unreported %}; no figures from {{ unreported }}{% endif %}"
        "{% if uncomputed %}; it cannot be computed for {{ uncomputed }}{% endif %}",
        **words,
    )
    return {
        "default": default,
        "partial": default if changes else partial,  # who has no change, and why, is said behind the sentence
        "one": text(alone[0], alone[1], **words),
    }


@cache
def focus_words(*, changes: bool) -> dict[str, Text]:
    """Words for the place of one unit or item."""
    words = {
        "said": ("{{ compared }}{{ focus_value }}", "{{ compared }} {{ focus_value }}")
        if changes
        else ("为{{ focus_value }}", "{{ focus_value }}")
    }
    unreported = ("{{ focus }}{{ lack }}，不参加排名", "{{ focus }}{{ lack }}")
    if changes:  # it may have reported, and something else is missing
        unreported = (
            "{{ focus }}{{ measure }}不可{{ comparing }}，不参加排名",
            "{{ focus }}: the {{ measure }} cannot be compared {{ compared }}, no place",
        )
    return {
        "default": text(
            "{{ focus }}{{ measure }}[said]，在{{ reporting }}个{{ unit_kind }}中列第{{ place }}位",
            "{{ focus }}: {{ measure }} [said], place {{ place }} of {{ reporting }}",
            **words,
        ),
        "tied": text(
            "{{ focus }}{{ measure }}[said]，与{{ tied_with }}并列第{{ place }}位",
            "{{ focus }}: {{ measure }} [said], joint place {{ place }} with {{ tied_with }}",
            **words,
        ),
        "focus_unreported": Text(zh=unreported[0], en=unreported[1]),
    }


@cache
def trend_words(said: Predicate | None, *, elsewhere: bool = False) -> dict[str, Text]:
    """Words for how a list has changed; of a table left blank where nothing is said of a figure.

    ``elsewhere`` is of figures or bounds that look at another period: that may be known, and what it had before not.
    """
    about = "{{ measure }}" if said else ""
    said = said or Predicate("未报送{{ table }}", "", "with {{ table }} left blank", "")
    words = {
        "which": (f"{about}{said.zh}的", f"{about} {said.en}".strip()),
        "from": ("由{{ base }}的{{ before_count }}个", "from {{ before_count }} in {{ base }}"),
        "now": ("{{ count }}个，为{{ units }}", "{{ count }}: {{ units }}"),
    }
    return {
        "cleared": text("[which][from]减少到零", "[which]: down [from] to none", **words),
        "shrunk": text("[which][from]减少到[now]", "[which]: down [from] to [now]", **words),
        "grown": text("[which][from]增加到[now]", "[which]: up [from] to [now]", **words),
        "unchanged": text("[which]仍为[now]，与{{ base }}相同", "[which]: the same as in {{ base }}, [now]", **words),
        "changed": text(
            "[which]仍为[now]，其中{{ joined }}为新增", "[which]: still [now]; {{ joined }} not in {{ base }}", **words
        ),
        "no_earlier": text(
            "[which]有{{ units }}，无从与{{ base }}的名单比较",
            "[which]: {{ units }}; which there were in {{ base }} is not known",
            **words,
        )
        if elsewhere
        else text(
            "[which]有{{ units }}，无{{ base }}数据可比",
            "[which]: {{ units }}; no figures of {{ base }} to compare",
            **words,
        ),
    }
