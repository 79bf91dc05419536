"""Words for items, no units of the series: N个 and 各项, not N个县（市、区）and 各地; and for blanks filled in."""

from __future__ import annotations

import re
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


def of_filled(words: Mapping[str, Text]) -> dict[str, Text]:
    """Words for figures that units have without having reported: of those who lack them alone it is said."""
    return {case: said if case == "unreported" else _of_filled(said) for case, said in words.items()}


def _of_filled(said: Text) -> Text:
    zh = said.zh.replace("已报送", "有数据").replace("{% else %}报送", "{% else %}有数据")
    en = (said.en or "").replace("that reported", "with a figure")
    return Text(zh=zh, en=re.sub(r"(?<!not )\breported\b", "with a figure", en))


def _of_items(said: Text) -> Text:
    zh, en = said.zh, said.en or ""
    for old, new in _ZH.items():
        zh = zh.replace(old, new)
    for old, new in _EN.items():
        en = en.replace(old, new)
    return Text(zh=zh, en=en)
