"""What pages and sentences say in the project's own words: one table for each language, each word once in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict

from tongbao.words.en import EN
from tongbao.words.zh import ZH, Words

__all__ = ["WORDS", "Words", "pieces", "with_numerals"]

WORDS: Mapping[str, Words] = {"zh": ZH, "en": EN}
_NUMERAL = re.compile(r"[0-9两]|二项|\btwo\b")  # the tables' other Chinese numerals count nothing: 一致, 为零


def pieces(words: str) -> list[tuple[str, bool]]:
    """Words between their braces, and whether each piece holds a numeral.

    >>> pieces("横线：{}；虚线：95%界限")
    [('横线：', False), ('{}', False), ('；虚线：95%界限', True)]
    """
    found = filter(None, re.split(r"(\{\w*\})", words))
    return [(piece, not piece.startswith("{") and bool(_NUMERAL.search(piece))) for piece in found]


def with_numerals(lang: str) -> tuple[str, ...]:
    """All words of a language that hold a numeral and are no figure, in the pieces that pages print them in."""
    return tuple(piece for words in asdict(WORDS[lang]).values() for piece, numeral in pieces(words) if numeral)
