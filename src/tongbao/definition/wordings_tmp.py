"""The project's own words for every case of every kind of statement, in Chinese and English.

A series that words a case itself overrides them. Words for lists are put together from what is said of a unit (低于20%)
and from how many units it is true of (仅, 均, 除……外其余各地均).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tongbao.definition.model import Text
from tongbao.definition.rules_tmp import Change, Faults, Judge, List, Range, Rule, Split, Target


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
_ZERO = Predicate("为零", "不为零", "zero", "not zero")
_TRENDS = {
    "above": Predicate("上升", "未上升", "up", "not up"),
    "below": Predicate("下降", "未下降", "down", "not down"),
    "at": Predicate("持平", "未持平", "unchanged", "not unchanged"),
}
_MISSING = {
    "unreported": Text(zh="各地均未报送{{ measure }}", en="no unit reported the {{ measure }}"),
    "no_comparison": Text(
        zh="无{{ base }}数据，{{ measure }}不作{{ compared }}比较",
        en="there are no figures of {{ base }} to compare the {{ measure }} with",
    ),
}


def own_words(rule: Rule) -> dict[str, Text]:
    """The project's words for a rule, by case."""
    match rule:
        case List():
            return _list_words(rule)
        case Range():
            return (_RANGE_OF_CHANGES if rule.change else _RANGE) | _MISSING
        case Split():
            return _split_words(changes=rule.change is not None) | _MISSING
        case Target():
            return _LIMIT if rule.limit else _TARGET
        case Change():
            return _change_words(bounded=rule.bounded is not None)
        case Faults():
            return _FAULTS
        case Judge():
            return _UNKNOWN
        case _:
            return {}


def _list_words(rule: List) -> dict[str, Text]:
    if rule.focus:
        return _FOCUS | _MISSING
    if rule.table:
        words = _BLANK_TABLE
    elif rule.filtered:
        words = _filtered(predicate(rule), _end(rule) if rule.take is not None else None)
    else:
        words = _ranking(rule.direction, taken=rule.take is not None, changes=rule.change is not None)
    if rule.since:
        what = Predicate("未报送{{ table }}", "", "with {{ table }} left blank", "") if rule.table else predicate(rule)
        words = words | _trend_words("" if rule.table else "{{ measure }}", what)
    return words | _MISSING


def predicate(rule: List) -> Predicate:
    """What a filter says of a unit it lets through."""
    bounds = rule.bounds()
    if not bounds:
        return Predicate("未报送", "已报送", "not reported", "reported")
    if len(bounds) > 1:
        return _between(bounds)
    ((name, value),) = bounds.items()
    if rule.change and value == "0" and name in _TRENDS:
        zh, not_zh, en, not_en = _TRENDS[name]
        return Predicate(
            "{{ compared }}" + zh, "{{ compared }}" + not_zh, en + " {{ compared }}", not_en + " {{ compared }}"
        )
    said = _ZERO if name == "at" and value == "0" else _PREDICATES[name]
    zh, not_zh, en, not_en = (part.replace("[than]", "{{ than_" + name + " }}") for part in said)
    if rule.change:
        return Predicate("{{ compared }}变化" + zh, "{{ compared }}变化" + not_zh,
                         "{{ compared }}, change " + en, "{{ compared }}, change " + not_en)  # fmt: skip
    if rule.blank:
        return Predicate(f"{zh}或未报送", not_zh, f"{en} or not reported", not_en)
    return Predicate(zh, not_zh, en, not_en)


def _between(bounds: dict[str, str]) -> Predicate:
    """A lower and an upper bound together."""
    low = next(("{{ than_" + name + " }}" for name in ("at_least", "above") if name in bounds), "")
    high = next(("{{ than_" + name + " }}" for name in ("at_most", "below") if name in bounds), "")
    return Predicate(f"在{low}至{high}之间", "不在这一范围", f"between {low} and {high}", "outside this range")


def _end(rule: List) -> tuple[str, str]:
    """Which end of a list is taken, in words."""
    low = rule.direction in ("ascending", "worst")
    if rule.change:
        return ("降幅最大", "the largest fall") if low else ("升幅最大", "the largest rise")
    return ("最低", "the lowest") if low else ("最高", "the highest")


@cache
def _filtered(said: Predicate, end: tuple[str, str] | None) -> dict[str, Text]:
    if end is not None:
        default = _text(
            "{{ measure }}[P]的有{{ count }}个{{ unit_kind }}，其中[end]的是{{ units }}",
            "{{ measure }} [P]: {{ count }} {{ unit_kind }}, [end] being {{ units }}",
            P=(said.zh, said.en),
            end=end,
        )
        return {"default": default, "one": default} | _of_all(said)
    return {
        "default": _text("{{ measure }}[P]的有{{ units }}", "{{ measure }} [P]: {{ units }}", P=(said.zh, said.en)),
        "one": _text("仅{{ units }}{{ measure }}[P]", "{{ measure }} [P]: only {{ units }}", P=(said.zh, said.en)),
        "all_but_one": _text(
            "除{{ rest }}外，其余各地{{ measure }}均[P]",
            "{{ measure }} [P] everywhere but in {{ rest }}",
            P=(said.zh, said.en),
        ),
    } | _of_all(said)


@cache
def _of_all(said: Predicate) -> dict[str, Text]:
    words = {"P": (said.zh, said.en), "N": (said.not_zh, said.not_en)}
    reported = {
        "those": ("已报送的{{ reporting }}个{{ unit_kind }}", "of the {{ reporting }} {{ unit_kind }} that reported"),
        "others": ("{{ unreported }}未报送", "{{ unreported }} did not report"),
    }
    return {
        "all": _text("各地{{ measure }}均[P]", "{{ measure }} [P] everywhere", **words),
        "none": _text("各地{{ measure }}均[N]", "{{ measure }} [N] everywhere", **words),
        "all_reporting": _text(
            "[those]{{ measure }}均[P]，[others]",
            "{{ measure }} [those]: [P] everywhere; [others]",
            **words,
            **reported,
        ),
        "incomplete": _text(
            "[those]{{ measure }}均[N]，[others]",
            "{{ measure }} [those]: [N] everywhere; [others]",
            **words,
            **reported,
        ),
    }


_BLANK_TABLE = {
    "default": Text(zh="{{ units }}未报送{{ table }}", en="{{ units }} did not report {{ table }}"),
    "one": Text(zh="仅{{ units }}未报送{{ table }}", en="only {{ units }} did not report {{ table }}"),
    "all": Text(zh="各地均未报送{{ table }}", en="no unit reported {{ table }}"),
    "all_but_one": Text(zh="除{{ rest }}外，其余各地均未报送{{ table }}", en="only {{ rest }} reported {{ table }}"),
    "none": Text(zh="各地均已报送{{ table }}", en="every unit reported {{ table }}"),
}


class _Direction(NamedTuple):
    """An order in words: of the first N, of the first one, of all."""

    first_n: tuple[str, str]
    first: tuple[str, str]
    order: tuple[str, str]


_ORDERS = {
    "best": _Direction(("前", "the first"), ("第一位", "first"), ("依次", "in order")),
    "worst": _Direction(("后", "the last"), ("末位", "last"), ("由后向前依次", "from the last place up")),
    "descending": _Direction(("前", "the highest"), ("第一位", "highest"), ("由高到低依次", "from the highest down")),
    "ascending": _Direction(("后", "the lowest"), ("末位", "lowest"), ("由低到高依次", "from the lowest up")),
    "official": _Direction(("", ""), ("", ""), ("分别", "by unit")),
}


@cache
def _ranking(direction: str, *, taken: bool, changes: bool) -> dict[str, Text]:
    first_n, first, order = _ORDERS[direction]
    words = {
        "about": ("{{ measure }}{{ compared }}变化", "change of {{ measure }} {{ compared }}")
        if changes
        else ("{{ measure }}", "{{ measure }}"),
        "first_n": first_n,
        "first": first,
        "order": order,
    }
    if taken:
        return {
            "default": _text(
                "[about]列[first_n]{{ n | han_count }}位的是{{ units }}",
                "[first_n] {{ n }} in [about]: {{ units }}",
                **words,
            ),
            "one": _text("[about]列[first]的是{{ units }}", "[first] in [about]: {{ units }}", **words),
        }
    return {
        "default": _text("[about][order]为{{ units }}", "[about], [order]: {{ units }}", **words),
        "partial": _text(
            "[about][order]为{{ units }}，{{ unreported }}无数据",
            "[about], [order]: {{ units }}; no figures from {{ unreported }}",
            **words,
        ),
        "one": _text("仅{{ units }}有[about]数据", "only {{ units }} has a figure for [about]", **words),
    }


_FOCUS = {
    "default": Text(
        zh="{{ focus }}{{ measure }}为{{ focus_value }}，在{{ reporting }}个{{ unit_kind }}中列第{{ place }}位",
        en="{{ focus }}: {{ measure }} {{ focus_value }}, place {{ place }} of {{ reporting }}",
    ),
    "tied": Text(
        zh="{{ focus }}{{ measure }}为{{ focus_value }}，与{{ tied_with }}并列第{{ place }}位",
        en="{{ focus }}: {{ measure }} {{ focus_value }}, joint place {{ place }} with {{ tied_with }}",
    ),
    "focus_unreported": Text(
        zh="{{ focus }}未报送{{ measure }}，不参加排名",
        en="{{ focus }} did not report the {{ measure }} and has no place",
    ),
}


@cache
def _trend_words(about: str, said: Predicate) -> dict[str, Text]:
    words = {
        "which": (f"{about}{said.zh}的", f"{about} {said.en}".strip()),
        "from": ("由{{ base }}的{{ before_count }}个", "from {{ before_count }} in {{ base }}"),
        "now": ("{{ count }}个，为{{ units }}", "{{ count }}: {{ units }}"),
    }
    return {
        "cleared": _text("[which][from]减少到零", "[which]: down [from] to none", **words),
        "shrunk": _text("[which][from]减少到[now]", "[which]: down [from] to [now]", **words),
        "grown": _text("[which][from]增加到[now]", "[which]: up [from] to [now]", **words),
        "unchanged": _text("[which]仍为[now]，与{{ base }}相同", "[which]: the same as in {{ base }}, [now]", **words),
        "changed": _text(
            "[which]仍为[now]，其中{{ joined }}为新增", "[which]: still [now]; {{ joined }} not in {{ base }}", **words
        ),
        "no_earlier": _text(
            "[which]有{{ units }}，无{{ base }}数据可比",
            "[which]: {{ units }}; no figures of {{ base }} to compare",
            **words,
        ),
    }


_RANGE = {
    "default": Text(
        zh="{{ measure }}最高的是{{ highest_units }}，为{{ highest }}，最低的是{{ lowest_units }}，为{{ lowest }}",
        en="{{ measure }}: highest {{ highest_units }} ({{ highest }}), lowest {{ lowest_units }} ({{ lowest }})",
    ),
    "one": Text(
        zh="仅{{ highest_units }}有{{ measure }}数据，为{{ highest }}",
        en="only {{ highest_units }} has a figure for {{ measure }}: {{ highest }}",
    ),
    "equal": Text(zh="各地{{ measure }}均为{{ highest }}", en="{{ measure }} is {{ highest }} everywhere"),
    "equal_reporting": Text(
        zh="已报送的{{ reporting }}个{{ unit_kind }}{{ measure }}均为{{ highest }}，{{ unreported }}未报送",
        en="{{ measure }} of the {{ reporting }} {{ unit_kind }} that reported: {{ highest }}",
    ),
}


_RANGE_OF_CHANGES = {
    "default": Text(
        zh="{{ measure }}{{ compared }}变化最高的是{{ highest_units }}，{{ highest }}，"
        "最低的是{{ lowest_units }}，{{ lowest }}",
        en="{{ measure }} {{ compared }}: highest {{ highest_units }}, {{ highest }}; "
        "lowest {{ lowest_units }}, {{ lowest }}",
    ),
    "one": Text(
        zh="仅{{ highest_units }}的{{ measure }}可作{{ compared }}比较，{{ highest }}",
        en="{{ measure }} {{ compared }} can be compared only for {{ highest_units }}: {{ highest }}",
    ),
    "equal": Text(
        zh="各地{{ measure }}{{ compared }}均{{ highest }}", en="{{ measure }} {{ compared }}: {{ highest }} everywhere"
    ),
    "equal_reporting": Text(
        zh="可比的{{ reporting }}个{{ unit_kind }}{{ measure }}{{ compared }}均{{ highest }}",
        en="{{ measure }} {{ compared }} of the {{ reporting }} {{ unit_kind }} that can be compared: {{ highest }}",
    ),
}


@cache
def _split_words(*, changes: bool) -> dict[str, Text]:
    words = {
        "head": ("{{ measure }}{{ compared }}", "{{ measure }} {{ compared }}")
        if changes
        else ("{{ measure }}", "{{ measure }}"),
        "up": ("上升", "up") if changes else ("高于{{ than_at }}", "above {{ than_at }}"),
        "down": ("下降", "down") if changes else ("低于{{ than_at }}", "below {{ than_at }}"),
        "level": ("持平", "unchanged") if changes else ("为{{ than_at }}", "at {{ than_at }}"),
    }
    all_zh, all_en = (
        "报送的{{ reporting }}个{{ unit_kind }}[head]均",
        " in all {{ reporting }} {{ unit_kind }} that reported",
    )
    return {
        "default": _text(
            "[head][up]的有{{ above_count }}个：{{ above_units }}；[down]的有{{ below_count }}个：{{ below_units }}",
            "[head]: [up] in {{ above_count }} ({{ above_units }}), [down] in {{ below_count }} ({{ below_units }})",
            **words,
        ),
        "some_level": _text(
            "[head][up]的有{{ above_count }}个，[down]的有{{ below_count }}个，[level]的有{{ level_count }}个",
            "[head]: [up] in {{ above_count }}, [down] in {{ below_count }}, [level] in {{ level_count }}",
            **words,
        ),
        "all_above": _text(f"{all_zh}[up]", f"[head]: [up]{all_en}", **words),
        "all_below": _text(f"{all_zh}[down]", f"[head]: [down]{all_en}", **words),
        "all_level": _text(f"{all_zh}[level]", f"[head]: [level]{all_en}", **words),
    }


_NO_VALUE = Text(zh="尚无{{ measure }}数据", en="there is no figure for the {{ measure }} yet")
_TARGET = {
    "missed": Text(
        zh="{{ measure }}为{{ value.full }}，距{{ target }}{{ unit }}的目标还差{{ distance.full }}",
        en="{{ measure }}: {{ value.full }}, {{ distance.full }} short of the target of {{ target }}{{ unit }}",
    ),
    "met": Text(
        zh="{{ measure }}为{{ value.full }}，达到{{ target }}{{ unit }}的目标",
        en="{{ measure }}: {{ value.full }}, reaching the target of {{ target }}{{ unit }}",
    ),
    "unreported": Text(
        zh="尚无{{ measure }}数据，无法与{{ target }}{{ unit }}的目标比较",
        en="there is no figure for the {{ measure }} yet to hold against the target of {{ target }}{{ unit }}",
    ),
}
_LIMIT = {
    "missed": Text(
        zh="{{ measure }}为{{ value.full }}，超过{{ target }}{{ unit }}的控制目标{{ distance.full }}",
        en="{{ measure }}: {{ value.full }}, {{ distance.full }} over the limit of {{ target }}{{ unit }}",
    ),
    "met": Text(
        zh="{{ measure }}为{{ value.full }}，在{{ target }}{{ unit }}的控制目标以内",
        en="{{ measure }}: {{ value.full }}, within the limit of {{ target }}{{ unit }}",
    ),
    "unreported": _TARGET["unreported"],
}


@cache
def _change_words(*, bounded: bool) -> dict[str, Text]:
    size = "{{ bounded }}" if bounded else "{{ change.full }}"
    words = {
        "size": (size, size),
        "head": ("{{ measure }}为{{ value.full }}，{{ compared }}", "{{ measure }}: {{ value.full }}"),
    }
    return {
        "rise": _text("[head]上升[size]", "[head], up [size] {{ compared }}", **words),
        "fall": _text("[head]下降[size]", "[head], down [size] {{ compared }}", **words),
        "flat": _text("[head]持平", "[head], unchanged {{ compared }}", **words),
        "about_flat": _text("[head]基本持平", "[head], nearly unchanged {{ compared }}", **words),
        "zero_base": _text("[head]—（{{ base }}为零）", "[head], — {{ compared }} ({{ base }} was zero)", **words),
        "no_comparison": Text(
            zh="{{ measure }}为{{ value.full }}，无{{ base }}数据可比",
            en="{{ measure }}: {{ value.full }}, with no figure of {{ base }} to compare",
        ),
        "unreported": _NO_VALUE,
    }


_FAULTS = {
    "default": Text(
        zh="填报数据存在问题{{ count }}项，其中{{ kinds }}", en="{{ count }} faults in the returns: {{ kinds }}"
    ),
    "none": Text(zh="填报数据未发现问题", en="no faults were found in the returns"),
}
_UNKNOWN = {
    "unknown": Text(zh="有关数据未报齐，暂不作判断", en="figures are missing; no judgement is made"),
}


def _text(zh: str, en: str, **parts: tuple[str, str]) -> Text:
    """A wording with its ``[parts]`` filled in, each in both languages; parts may hold others."""
    for name, (part_zh, part_en) in parts.items():
        zh, en = zh.replace(f"[{name}]", part_zh), en.replace(f"[{name}]", part_en)
    return Text(zh=zh, en=en)
