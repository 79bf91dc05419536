"""Names for what a table names in Chinese: ids in pinyin, units in English."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from itertools import chain, count

from pypinyin import lazy_pinyin

from tongbao.definition.rule import COMMON
from tongbao_desk.templates import WORDS

_LONGEST = 32


def short_name(name: str) -> str | None:
    """A unit's name without its suffix; ``None`` where it has none or would be a single character.

    >>> short_name("鹿城区"), short_name("城关镇"), short_name("经济开发区"), short_name("单县")
    ('鹿城', '城关', None, None)
    """
    if name.endswith(tuple(WORDS["zones"])):
        return None
    shorter = (name.removesuffix(suffix) for suffix in WORDS["dropped"] if name.endswith(suffix))
    return next((short for short in shorter if len(short) >= 2), None)


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
    if not re.search(r"[\u2e80-\u9fff]", name):
        return name
    for kind, english in WORDS["kinds"].items():
        if name.endswith(kind):
            return f"{pinyin(name.removesuffix(kind))} {english}".strip()
    return pinyin(short_name(name) or name)


def identifier(text: str, otherwise: str) -> str:
    """An id: pinyin and letters in lower case; the syllables' first letters where that is very long.

    >>> identifier("鹿城", "unit"), identifier("12345热线受理量", "measure"), identifier("（）", "measure")
    ('lucheng', 'rexianshouliliang', 'measure')
    """
    parts = [re.sub(r"[^a-z0-9]+", "_", part.lower()) for part in lazy_pinyin(text)]
    firsts = [part if "_" in part else part[:1] for part in parts]
    word, short = ("".join(letters).strip("_").lstrip("0123456789_") for letters in (parts, firsts))
    word = word if len(word) <= _LONGEST else short[:_LONGEST]
    if keyword.iskeyword(word) or word in COMMON or word in WORDS["reserved"]:
        word += "_"
    return word or otherwise


def distinct(words: Sequence[str], taken: Iterable[str] = (), separator: str = "_") -> list[str]:
    """The same words, those that come again with a number.

    >>> distinct(["a", "b", "a", "a"])
    ['a', 'b', 'a_2', 'a_3']
    """
    known, found = set(taken), []
    for word in words:
        numbered = (f"{word}{separator}{number}" for number in count(2))
        found.append(next(name for name in chain([word], numbered) if name not in known))
        known.add(found[-1])
    return found
