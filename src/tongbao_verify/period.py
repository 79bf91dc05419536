"""Periods by their ids: which months they cover, which others they are compared with, and how they are written."""

from __future__ import annotations

import re
from typing import NamedTuple

_PERIOD = re.compile(r"(\d{4})(?:-(?:q([1-4])|h([12])|(\d\d)(?:-to-(\d\d))?))?")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class UnknownError(Exception):
    """A name, formula, key or number that cannot be read."""


class Months(NamedTuple):
    """A run of months inside one year."""

    year: int
    first: int
    last: int


NEVER = Months(0, 0, 0)


def months_of(period: str) -> Months:
    """The months of a period's id (2021, 2019-h1, 2019-q2, 2021-02, 2021-01-to-02); UnknownError where it is none."""
    if (match := _PERIOD.fullmatch(period)) is None:
        raise UnknownError(f"not a period: {period}")
    year, quarter, half, first, last = (int(part or 0) for part in match.groups())
    length = 3 if quarter else 6 if half else 12
    end = (quarter or half or 1) * length
    return Months(year, first, last or first) if first else Months(year, end - length + 1, end)


def compared_with(months: Months, head: str) -> Months:
    """The months that a head means; ``NEVER`` where no period as long ends before inside a year."""
    year, first, last = months
    length = last - first + 1
    if head == "last_year":
        return Months(year - 1, first, last)
    if head == "year_to_date":
        return Months(year, 1, last)
    if first > length:
        return Months(year, first - length, first - 1)
    return Months(year - 1, 13 - length, 12) if first == 1 and 12 % length == 0 else NEVER


def covers(parts: list[str], months: Months) -> bool:
    """Whether periods follow one another and cover months exactly."""
    found = [(part.year, month) for part in map(months_of, parts) for month in range(part.first, part.last + 1)]
    return found == [(months.year, month) for month in range(months.first, months.last + 1)]


def labels(months: Months) -> set[str]:
    """How months are written in either language, with their year and without."""
    (year, first, last), names = months, MONTHS
    zh = {f"{first}月" if first == last else f"{first}-{last}月"}
    en = {names[first - 1] if first == last else f"{names[first - 1]}–{names[last - 1]}"}
    if last - first == 2 and last % 3 == 0:
        zh, en = zh | {"一二三四"[last // 3 - 1] + "季度"}, en | {f"Q{last // 3}"}
    if last - first == 5 and last % 6 == 0:
        zh, en = zh | {"上半年" if first == 1 else "下半年"}, en | {f"H{last // 6}"}
    whole = {f"{year}"} if last - first == 11 else set()
    return zh | en | {f"{year}年{one}" for one in zh} | {f"{one} {year}" for one in en} | {f"{year}年"} | whole


def dates(day: str) -> set[str]:
    """How a day (2021-03-10) is written in either language."""
    year, month, number = map(int, day.split("-"))
    return {f"{year}年{month}月{number}日", f"{number} {MONTHS[month - 1]} {year}", f"{year}年"}
