"""Which period a table is of, where its title or its file says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.reading.labels import normalise

_TO = r"(?:-|–|—|~|至|到)+"
_YEAR = r"(?<!\d)(?P<year>(?:19|20|21)\d\d)"
_WORDS = (
    re.compile(rf"{_YEAR}年(?P<first>\d{{1,2}})月?{_TO}(?P<last>\d{{1,2}})月"),
    re.compile(rf"{_YEAR}年(?P<month>\d{{1,2}})月(?!\d|{_TO}\d)"),
    re.compile(rf"{_YEAR}年第?(?P<quarter>[一二三四1-4])季度"),
    re.compile(rf"{_YEAR}年(?P<half>[上下])半年"),
    re.compile(rf"{_YEAR}年?(?P<whole>年度|度|全年)"),
)
_IDS = re.compile(rf"{_YEAR}(?:-(?:q[1-4]|h[12]|\d\d(?:-to-\d\d)?))(?![\d-])", re.IGNORECASE)
_COMPACT = re.compile(rf"{_YEAR}[.年_-]?(?P<month>0[1-9]|1[0-2])(?!\d|[.月_-]?\d)")


def find_period(file_name: str, titles: Iterable[str]) -> Period | None:
    """The period that a file's name or its title rows give; ``None`` where they give none or several.

    >>> str(find_period("附件1", ["云川市２０２１年1-2月热线办理情况表"])), str(find_period("hotline-2026-10", []))
    ('2021-01-to-02', '2026-10')
    >>> find_period("2026年9月", ["2026年10月热线办理情况表"]) is None
    True
    """
    found = {period for text in (file_name, *titles) for period, _ in periods_in(text)}
    found = found or _from_name(_IDS, file_name) or _from_name(_COMPACT, file_name)
    return next(iter(found)) if len(found) == 1 else None


def periods_in(text: str) -> list[tuple[Period, str]]:
    """Every period that a text names in words, with the words (as folded by ``normalise``).

    >>> [(str(period), words) for period, words in periods_in("2026年第三季度和2025年10月情况")]
    [('2025-10', '2025年10月'), ('2026-q3', '2026年第三季度')]
    """
    folded = normalise(text)
    found = []
    for pattern in _WORDS:
        for match in pattern.finditer(folded):
            period = _period(match)
            if period is not None:
                found.append((period, match[0]))
    return found


def _period(match: re.Match[str]) -> Period | None:
    year, parts = match["year"], match.groupdict()
    if parts.get("month"):
        text = f"{year}-{int(parts['month']):02d}"
    elif parts.get("first"):
        text = f"{year}-{int(parts['first']):02d}-to-{int(parts['last']):02d}"
    elif parts.get("quarter"):
        text = f"{year}-q{'一二三四'.find(parts['quarter']) + 1 or parts['quarter']}"
    elif parts.get("half"):
        text = f"{year}-h{1 if parts['half'] == '上' else 2}"
    else:
        text = year
    try:
        return Period.parse(text)
    except UsageError:  # month 13
        return None


def _from_name(pattern: re.Pattern[str], name: str) -> set[Period]:
    found = set()
    for match in pattern.finditer(normalise(name)):
        month = match.groupdict().get("month")
        try:
            found.add(Period.parse(f"{match['year']}-{month}" if month else match[0]))
        except UsageError:
            continue
    return found
