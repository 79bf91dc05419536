"""Names of people: as an option gives them, and whether two are the same one's."""

from __future__ import annotations

import re
from unicodedata import category, normalize

from tongbao.basics.errors import UsageError

# Code points that Unicode says are shown as nothing (Default_Ignorable_Code_Point), and the blank of Braille.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CHINESE = "[\u2e80-\u30fa\u3100-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_DOT = re.compile("[\u1427\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f]")
# Between two Chinese characters: blanks, and the dots of a name from another language.
_SET_APART = re.compile(rf"(?<={_CHINESE})[\s.·]+(?={_CHINESE})")
# Controls, format, ends of lines, halves of a character.
_ACTING = ("Cc", "Cf", "Cs", "Zl", "Zp")


def as_name(text: str, option: str) -> str:
    """A name of an option, which nobody can take for another one's, nor for more than a name.

    Raises:
        UsageError: there is none, with a letter in it, or it holds a sign that is not seen, or the end of a line.
    """
    if sign := unseen_in(text):
        raise UsageError("a sign that is not seen", place=option, found=f"U+{ord(sign):04X}")
    if not text.strip():
        raise UsageError("no name given", expected="--by NAME")
    if not any(map(str.isalpha, text)):
        raise UsageError("no name: it has no letter", found=text, expected="--by NAME")
    return text.strip()


def unseen_in(name: str) -> str | None:
    r"""The first sign in a name that is not seen, or acts: controls, format, ends of lines, tabs.

    >>> unseen_in("阿不都·热合曼"), unseen_in("王\u200d芳"), unseen_in("甲\n乙")
    (None, '\u200d', '\n')
    """
    return next(filter(_is_unseen, name), None)


def folded(name: str) -> str:
    """A name for comparing: 李 明, as lists set short names, is 李明; 阿不都•热合曼 is 阿不都·热合曼.

    >>> [folded(name) for name in ("李　明", "Wang  Fang", "𠮷 田", "阿不都•热合曼")]
    ['李明', 'wang fang', '𠮷田', '阿不都热合曼']
    """
    shown = "".join(sign for sign in normalize("NFKC", name) if sign.isspace() or not _is_unseen(sign))
    plain = normalize("NFKC", shown)
    return _SET_APART.sub("", _DOT.sub("·", " ".join(plain.split()))).casefold()


def _is_unseen(sign: str) -> bool:
    return bool(_UNSEEN.match(sign)) or category(sign) in _ACTING
