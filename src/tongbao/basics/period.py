"""Periods: what a bulletin covers, as one ordered value.

Canonical ids: ``2021`` (year), ``2019-h1`` (half), ``2019-q2`` (quarter), ``2021-02`` (month) and
``2021-01-to-02`` (a run of months inside one year).
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, total_ordering
from typing import Literal

from tongbao.basics.errors import UsageError, did_you_mean

_ID = re.compile(r"(?P<year>\d{4})(?:-(?:q(?P<quarter>[1-4])|h(?P<half>[12])|(?P<first>\d\d)(?:-to-(?P<last>\d\d))?))?")
_DATE = re.compile(r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)日?")
Cumulation = Literal["monthly", "quarterly"]
"""How often figures are issued that count from January on."""
# What has a name of its own, by its length in months.
_NAMED = {1: "month", 3: "quarter", 6: "half", 12: "year"}
# Each kind's id, then what it is called beside its year.
_WRITTEN = {
    "year": {"id": "{0.year}", "zh": "全年", "en": "full year"},
    "half": {"id": "{0.year}-h{number}", "zh": "{half}半年", "en": "H{number}"},
    "quarter": {"id": "{0.year}-q{number}", "zh": "{quarter}季度", "en": "Q{number}"},
    "month": {"id": "{0.year}-{0.first:02d}", "zh": "{0.first}月", "en": "{begin}"},
    "months": {"id": "{0.year}-{0.first:02d}-to-{0.last:02d}", "zh": "{0.first}-{0.last}月", "en": "{begin}–{end}"},
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole months inside one year; ordered by end, then by start.

    Arguments:
        year: four-digit year.
        first: first month, 1 to 12.
        last: last month, ``first`` to 12.
        kind: ``year``, ``half``, ``quarter``, ``month`` or ``months``.

    >>> Period.parse("2021-01-to-02").label("zh")
    '2021年1-2月'
    >>> str(Period.parse("2019-q2").previous())
    '2019-q1'
    """

    year: int
    first: int
    last: int
    kind: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a canonical id.

        Raises:
            UsageError: the id is not canonical, or a month is out of order.
        """
        match = _ID.fullmatch(text.strip().lower())
        if match is None or not 1900 <= int(match["year"]) <= 2200:
            raise _bad(text)
        year = int(match["year"])
        for length, kind in ((3, "quarter"), (6, "half")):
            if match[kind]:
                last = int(match[kind]) * length
                return cls(year, last - length + 1, last, kind)
        if not match["first"]:
            return cls(year, 1, 12, "year")
        first, last = int(match["first"]), int(match["last"] or match["first"])
        if not 1 <= first <= last <= 12 or (first == last) == bool(match["last"]):
            raise _bad(text)
        return cls(year, first, last, "months" if match["last"] else "month")

    def __str__(self) -> str:
        return _written(self, "id")

    @property
    def length(self) -> int:
        """How many months it covers."""
        return self.last - self.first + 1

    def __lt__(self, other: Period) -> bool:
        return (self.year, self.last, self.first, self.kind) < (other.year, other.last, other.first, other.kind)

    @property
    def start(self) -> date:
        """First day covered."""
        return date(self.year, self.first, 1)

    @property
    def end(self) -> date:
        """Last day covered."""
        following = date(self.year + 1, 1, 1) if self.last == 12 else date(self.year, self.last + 1, 1)
        return following - timedelta(days=1)

    def same_period_last_year(self) -> Period:
        """The period that 同比 compares with."""
        return Period(self.year - 1, self.first, self.last, self.kind)

    def previous(self, cumulative: Cumulation | None = None) -> Period:
        """The period that 环比 compares with: as long as this one, ending where it starts.

        Of figures that count from January on it is the one that ends a month or a quarter before.

        Raises:
            UsageError: a run of months whose predecessor would cross a year's end; the first of a year.

        >>> str(Period.parse("2026-h1").previous("monthly")), str(Period.parse("2026-h1").previous("quarterly"))
        ('2026-01-to-05', '2026-q1')
        """
        if cumulative:
            end = self.last - (1 if cumulative == "monthly" else 3)
            if end < 1:
                raise UsageError(
                    f"nothing of its year ends before {self}", hint="compare with the same period last year"
                )
            return Period(self.year, 1, end, _NAMED.get(end, "months"))
        length, last = self.length, self.first - 1 or 12
        if self.kind == "months" and 12 % length if last == 12 else last < length:
            raise UsageError(
                f"no period of {length} months ends before {self} inside one year",
                hint="compare with the same period last year",
            )
        return Period(self.year - (last == 12), last - length + 1, last, self.kind)

    def to_date(self) -> Period:
        """The year to date (年初以来): from January to this period's end.

        >>> [str(Period.parse(text).to_date()) for text in ("2021-03", "2021-q2", "2021-01", "2021-12")]
        ['2021-q1', '2021-h1', '2021-01', '2021']
        """
        return Period(self.year, 1, self.last, _NAMED.get(self.last, "months"))

    def same_span(self) -> list[Period]:
        """This period under each id it can have, its own first: ``2021-q1`` is also ``2021-01-to-03``."""
        kinds = ["month" if self.length == 1 else "months"]
        if self.length in _NAMED and (self.first - 1) % self.length == 0:
            kinds.append(_NAMED[self.length])
        others = [Period(self.year, self.first, self.last, kind) for kind in dict.fromkeys(kinds) if kind != self.kind]
        return [self, *others]

    def lies_in(self, other: Period) -> bool:
        """Whether all of this period's months are among the other's."""
        return self.year == other.year and other.first <= self.first and self.last <= other.last

    def compared_with(self, cumulative: Cumulation | None = None) -> list[Period]:
        """The periods whose figures a bulletin may state beside its own, as far as there are such.

        Last year's (同比), the one before (环比), the year to date and last year's; each stands for the shorter
        periods inside it, too, because their sum is taken where it was not received itself.
        """
        found = [self.same_period_last_year(), self.to_date(), self.to_date().same_period_last_year()]
        with suppress(UsageError):  # none ends before this one inside a year
            found.append(self.previous(cumulative))
        return found

    def label(self, lang: str = "zh") -> str:
        """The period in words: ``2021年1-2月``, ``January–February 2021``."""
        if self.kind == "year":
            return f"{self.year}年" if lang == "zh" else f"{self.year}"
        return f"{self.year}年{self.short_label('zh')}" if lang == "zh" else f"{self.short_label('en')} {self.year}"

    def short_label(self, lang: str = "zh") -> str:
        """The period without its year: ``1-2月``, ``二季度``; a whole year is ``全年``."""
        return _written(self, "zh" if lang == "zh" else "en")


@lru_cache(1024)
def _written(period: Period, form: str) -> str:
    half, quarter = "上" if period.first == 1 else "下", "一二三四"[(period.last - 1) // 3]
    begin, end = _MONTHS[period.first - 1], _MONTHS[period.last - 1]
    number = period.last // (period.last - period.first + 1)
    return _WRITTEN[period.kind][form].format(period, number=number, half=half, quarter=quarter, begin=begin, end=end)


def _bad(text: str) -> UsageError:
    expected = "YYYY, YYYY-h1, YYYY-q2, YYYY-02 or YYYY-01-to-02, with the year in place of YYYY"
    typed = re.fullmatch(r"(\d{4})[-./年]?(0?[1-9]|1[0-2])月?", text.strip())
    hint = did_you_mean(text, [f"{typed[1]}-{int(typed[2]):02d}"]) if typed else None
    return UsageError("not a period", found=text, expected=expected, hint=hint)


def read_date(text: str) -> date:
    """A date as people write it: year, month, day, with signs or words between; full-width digits, too.

    Raises:
        ValueError: not a date, or a day that the month does not have.

    >>> read_date("2023年6月8日"), read_date("２０２３／６／８") == read_date("2023.6.8") == read_date("2023-06-08")
    (datetime.date(2023, 6, 8), True)
    """
    match = _DATE.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if match is None:
        raise ValueError("not a date: year, month and day are expected, as in 2023-06-08 or 2023年6月8日")
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise ValueError(f"no such day: {text}") from None


def long_date(day: date, lang: str = "zh") -> str:
    """A date as official documents print it, without padding (GB/T 9704-2012).

    >>> long_date(date(2019, 7, 22))
    '2019年7月22日'
    >>> long_date(date(2019, 7, 22), "en")
    '22 July 2019'
    """
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
