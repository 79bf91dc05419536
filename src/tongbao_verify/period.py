"""Periods by their ids: which months they cover, which others they are compared with, and how they are written."""

import re
from calendar import month_name
from typing import NamedTuple

_PERIOD = re.compile(r"(\d{4})(?:-(?:q([1-4])|h([12])|(\d\d)(?:-to-(\d\d))?))?")


class UnreadableError(Exception):
    """A file, formula, key or number that cannot be read: its library is missing, or it is of no known kind."""


class Months(NamedTuple):
    """A run of months inside one year."""

    year: int
    first: int
    last: int


def months_of(period: str) -> Months:
    """The months of a period's id (2021, 2019-h1, 2019-q2, 2021-02, 2021-01-to-02)."""
    if (match := _PERIOD.fullmatch(period)) is None:
        raise UnreadableError(f"not a period: {period}")
    year, quarter, half, first, last = (int(part or 0) for part in match.groups())
    length = 3 if quarter else 6 if half else 12
    end = (quarter or half or 1) * length
    return Months(year, first, last or first) if first else Months(year, end - length + 1, end)


def compared_with(months: Months, head: str) -> Months:
    """The months that a head means; an empty run where no period as long ends before inside a year."""
    year, first, last = months
    length = last - first + 1
    if head == "last_year":
        return Months(year - 1, first, last)
    if head == "year_to_date":
        return Months(year, 1, last)
    if first == 1 and 12 % length == 0:
        return Months(year - 1, 13 - length, 12)
    return Months(year, first - length, first - 1) if first > length else Months(year, 0, -1)


def labels(months: Months) -> set[str]:
    """How months are written in either language, with their year and without."""
    (year, first, last), more = months, months.last - months.first
    words = [
        (f"{first}-{last}月", f"{month_name[first]}–{month_name[last]}") if more else (f"{first}月", month_name[first])
    ]
    if more == 2 and last % 3 == 0:
        words.append((f"{'一二三四'[last // 3 - 1]}季度", f"Q{last // 3}"))
    if more == 5 and last % 6 == 0:
        words.append(("上半年" if first == 1 else "下半年", f"H{last // 6}"))
    years = {f"{year}年", str(year)} if more == 11 else {f"{year}年"}
    return years | {text for zh, en in words for text in (zh, en, f"{year}年{zh}", f"{en} {year}")}


def dates(day: str) -> set[str]:
    """How a day (2021-03-10) is written in either language."""
    year, month, number = map(int, day.split("-"))
    return {f"{year}年{month}月{number}日", f"{number} {month_name[month]} {year}", f"{year}年"}
