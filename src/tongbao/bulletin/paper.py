"""What a page of paper holds: type areas of 156 × 225 mm (GB/T 9704-2012), tables in 5号."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from unicodedata import east_asian_width

_ACROSS = 442 / 10.5  # characters of 5号 in 156 mm
_INSET = 8 / 10.5  # beside the text of a cell
_TIGHT = 4  # points of it, where units of measurement take two lines
_BEFORE_UNIT = re.compile(r"(?=[（(][^（(]*[）)]$)")  # of measurement, which is broken last of all
_LONGEST = 12  # longer words take further lines
_TURNED = 637.8  # points in 225 mm
_SMALLEST = 7  # points; theme/bulletin.lua sets no smaller letters
_WORDS = 6  # characters of a name on one line, where there is little room
_PIECE = re.compile(r"[（(]?(?:[!-~]+|[^\s（）])[）)]?")  # of a header, on one line
_FIGURE = re.compile(r"[\d.,%+−-]+")


def needs_turning(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is wider than an upright page: figures and names on one line each, headers on up to three.

    Arguments:
        rows: the texts of the header, then of each row, all as long.

    >>> needs_turning([["单位", "检查（家次）"], ["甲县", "412"]])
    False
    >>> needs_turning([["单位", *["发出现场处理措施决定书（份）"] * 9]])
    True
    """
    header, *body = rows
    needed = 0.0
    for at, name in enumerate(header):
        rest, unit = _BEFORE_UNIT.split(name, maxsplit=1) if _BEFORE_UNIT.search(name) else (name, "")
        widest = max((min(_ems(row[at]), _LONGEST) for row in body), default=0)
        needed += max(widest, ceil(_ems(rest) / (2 if unit else 3)), _ems(unit), 2) + _INSET
    return needed > _ACROSS


def has_room(rows: Sequence[Sequence[str]], *, turned: bool) -> bool:
    """Whether figures in the smallest letters stand side by side on a page, headers and their units broken.

    Arguments:
        rows: as above.
        turned: whether the page is.

    >>> wide = [["单位", *["罚款（元）"] * 14], ["甲县", *["14176462"] * 14]]
    >>> has_room(wide, turned=False), has_room(wide, turned=True)
    (False, True)
    >>> has_room([["单位", *["抽检（批次）"] * 24], ["甲县", *["1234"] * 24]], turned=True)
    True
    """
    header, *body = rows
    needed = 0.0
    for at, name in enumerate(header):
        unbroken = [*_PIECE.findall(name), *(row[at] for row in body if _FIGURE.fullmatch(row[at]))]
        names = [min(_ems(row[at]), _WORDS) for row in body if not _FIGURE.fullmatch(row[at])]
        widest = max(2, *(_ems(text, 0.55) for text in unbroken), *names)
        needed += (widest + 0.1) * _SMALLEST + _TIGHT
    return needed <= (_TURNED if turned else 442)


def _ems(text: str, latin: float = 0.5) -> float:
    return sum(1 if east_asian_width(sign) in "WFA" else latin for sign in text)
