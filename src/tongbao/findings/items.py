"""Words for items, which are no units of the series: N个 and 各项 in place of N个县（市、区）and 各地."""

from __future__ import annotations

from collections.abc import Mapping

from tongbao.definition.model import Text

# In this order: what stands first may hold what comes later.
_ZH = {
    "{{ unit_kind }}": "",
    "已报送": "有数据",
    "{% else %}报送": "{% else %}有数据",
    "未报送": "无数据",
    "各地": "各项",
}
_EN = {
    " {{ unit_kind }}": "",
    "that reported": "with a figure",
    "{{ unreported }} did not report": "no figure for {{ unreported }}",
    "everywhere but in": "for all but",
    "everywhere": "for all",
}
_NONE_KNOWN = Text(zh="{{ measure }}均无数据", en="there are no figures for the {{ measure }}")


def of_items(words: Mapping[str, Text]) -> dict[str, Text]:
    """Words for units as words for items: cities, industries, kinds."""
    return {case: _NONE_KNOWN if case == "unreported" else _of_items(said) for case, said in words.items()}


def _of_items(said: Text) -> Text:
    zh, en = said.zh, said.en or ""
    for old, new in _ZH.items():
        zh = zh.replace(old, new)
    for old, new in _EN.items():
        en = en.replace(old, new)
    return Text(zh=zh, en=en)
