"""Names for what a table names in Chinese: ids in pinyin, units in English."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence

from pypinyin import lazy_pinyin

from tongbao.definition.rule import COMMON

# Names that formulas and wordings keep for themselves, and words that YAML reads as something else.
RESERVED = COMMON | {
    "area", "mean", "sum", "none", "min", "max", "default", "param", "last_year", "previous", "year_to_date",
    "enterprises", "figure", "finding", "number", "year", "issued_year",
    "yes", "no", "on", "off", "y", "n", "true", "false", "null",
}  # fmt: skip
_LONGEST = 32
_KINDS = {
    "经济技术开发区": "Economic and Technological Development Zone",
    "高新技术产业开发区": "High-Tech Zone",
    "产业集聚区": "Industrial Cluster",
    "经济开发区": "Economic Development Zone",
    "开发区": "Development Zone",
    "高新区": "High-Tech Zone",
    "集聚区": "Cluster",
    "新区": "New Area",
    "街道": "Subdistrict",
    "乡": "Township",
    "镇": "Town",
}
# Counties, districts and cities are called by their names alone.
_PLAIN = ("自治县", "自治旗", "县", "区", "市", "旗")
_ZONES = ("开发区", "新区", "高新区", "集聚区", "园区", "示范区", "保税区", "风景区", "景区", "库区", "林区", "矿区")


def short_name(name: str) -> str | None:
    """A unit's name without its suffix; ``None`` where it has none or would be a single character.

    >>> short_name("鹿城区"), short_name("城关镇"), short_name("经济开发区"), short_name("单县")
    ('鹿城', '城关', None, None)
    """
    if name.endswith(_ZONES):
        return None
    for suffix in (*_PLAIN, "街道", "镇", "乡"):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return None


def pinyin(text: str) -> str:
    """Chinese as one word in pinyin, capitalised, with an apostrophe where syllables could be misread.

    >>> pinyin("鹿城"), pinyin("瑞安"), pinyin("吕梁")
    ('Lucheng', "Rui'an", 'Lüliang')
    """
    word = ""
    for syllable in lazy_pinyin(text, v_to_u=True):
        word += ("'" if word and word[-1].isalpha() and syllable[:1] in ("a", "e", "o") else "") + syllable
    return word[:1].upper() + word[1:]


def english_name(name: str) -> str:
    """A unit's name in English: pinyin, and the kind of unit where it is no county, district or city.

    >>> english_name("鹿城区"), english_name("城关镇"), english_name("浙南产业集聚区"), english_name("高新区")
    ('Lucheng', 'Chengguan Town', 'Zhenan Industrial Cluster', 'High-Tech Zone')
    """
    if name.isascii():
        return name
    for kind, english in _KINDS.items():
        if name.endswith(kind):
            return f"{pinyin(name.removesuffix(kind))} {english}".strip()
    return pinyin(short_name(name) or name)


def identifier(text: str, otherwise: str) -> str:
    """An id: pinyin and letters in lower case; the syllables' first letters where that is very long.

    >>> identifier("鹿城", "unit"), identifier("12345热线受理量", "measure"), identifier("（）", "measure")
    ('lucheng', 'rexianshouliliang', 'measure')
    """
    parts = [re.sub(r"[^a-z0-9]+", "_", part.lower()) for part in lazy_pinyin(text)]
    word = "".join(parts).strip("_").lstrip("0123456789_")
    if len(word) > _LONGEST:
        word = "".join(part if "_" in part else part[:1] for part in parts).strip("_").lstrip("0123456789_")[:_LONGEST]
    if keyword.iskeyword(word) or word in RESERVED:
        word += "_"
    return word or otherwise


def distinct(words: Sequence[str], taken: Iterable[str] = (), separator: str = "_") -> list[str]:
    """The same words, those that come again with a number.

    >>> distinct(["a", "b", "a", "a"])
    ['a', 'b', 'a_2', 'a_3']
    """
    known, found = set(taken), []
    for word in words:
        candidate, number = word, 1
        while candidate in known:
            number += 1
            candidate = f"{word}{separator}{number}"
        known.add(candidate)
        found.append(candidate)
    return found
