"""Periods: what a bulletin covers, as one ordered value.

Canonical ids: ``2021`` (year), ``2019-h1`` (half), ``2019-q2`` (quarter), ``2021-02`` (month) and
``2021-01-to-02`` (a run of months inside one year).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from tongbao.basics.errors import UsageError

_ID = re.compile(r"(?P<year>\d{4})(?:-(?:q(?P<quarter>[1-4])|h(?P<half>[12])|(?P<first>\d\d)(?:-to-(?P<last>\d\d))?))?")
_QUARTERS = "一二三四"
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
        if match is None:
            raise _bad(text)
        year = int(match["year"])
        if not 1900 <= year <= 2200:
            raise _bad(text)
        if match["quarter"]:
            quarter = int(match["quarter"])
            return cls(year, quarter * 3 - 2, quarter * 3, "quarter")
        if match["half"]:
            half = int(match["half"])
            return cls(year, half * 6 - 5, half * 6, "half")
        if match["first"]:
            first = int(match["first"])
            last = int(match["last"] or match["first"])
            runs_forward = first < last if match["last"] else first == last
            if not (1 <= first <= last <= 12 and runs_forward):
                raise _bad(text)
            return cls(year, first, last, "months" if match["last"] else "month")
        return cls(year, 1, 12, "year")

    def __str__(self) -> str:
        match self.kind:
            case "year":
                return f"{self.year}"
            case "half":
                return f"{self.year}-h{self.last // 6}"
            case "quarter":
                return f"{self.year}-q{self.last // 3}"
            case "month":
                return f"{self.year}-{self.first:02d}"
            case _:
                return f"{self.year}-{self.first:02d}-to-{self.last:02d}"

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

    def previous(self) -> Period:
        """The period that 环比 compares with: as long as this one, ending where it starts.

        Raises:
            UsageError: a run of months whose predecessor would cross a year's end.
        """
        length = self.last - self.first + 1
        if self.first == 1:
            if 12 % length and self.kind == "months":
                raise UsageError(
                    f"no period of {length} months ends before {self} inside one year",
                    hint="compare with the same period last year",
                )
            return Period(self.year - 1, 13 - length, 12, self.kind)
        if self.first - length < 1:
            raise UsageError(
                f"no period of {length} months ends before {self} inside one year",
                hint="compare with the same period last year",
            )
        return Period(self.year, self.first - length, self.first - 1, self.kind)

    def to_date(self) -> Period:
        """The year to date (年初以来): from January to this period's end.

        >>> [str(Period.parse(text).to_date()) for text in ("2021-03", "2021-q2", "2021-01", "2021-12")]
        ['2021-q1', '2021-h1', '2021-01', '2021']
        """
        if self.last == 1:
            return Period(self.year, 1, 1, "month")
        kind = {3: "quarter", 6: "half", 12: "year"}.get(self.last, "months")
        return Period(self.year, 1, self.last, kind)

    def same_span(self) -> list[Period]:
        """This period under each id it can have, its own first: ``2021-q1`` is also ``2021-01-to-03``."""
        length = self.last - self.first + 1
        kinds = ["month"] if length == 1 else ["months"]
        if length in (3, 6, 12) and (self.first - 1) % length == 0:
            kinds.append({3: "quarter", 6: "half", 12: "year"}[length])
        others = [Period(self.year, self.first, self.last, kind) for kind in kinds if kind != self.kind]
        return [self, *others]

    def lies_in(self, other: Period) -> bool:
        """Whether all of this period's months are among the other's."""
        return self.year == other.year and other.first <= self.first and self.last <= other.last

    def compared_with(self) -> list[Period]:
        """The periods whose figures a bulletin may state beside its own, as far as there are such.

        Last year's (同比), the one before (环比), the year to date and last year's; each stands for the shorter
        periods inside it, too, because their sum is taken where it was not received itself.
        """
        found = [self.same_period_last_year(), self.to_date(), self.to_date().same_period_last_year()]
        with suppress(UsageError):  # no period as long ends before this one inside a year
            found.append(self.previous())
        return found

    def label(self, lang: str = "zh") -> str:
        """The period in words: ``2021年1-2月``, ``January–February 2021``."""
        if lang == "zh":
            return f"{self.year}年{self.short_label('zh')}" if self.kind != "year" else f"{self.year}年"
        return f"{self.short_label('en')} {self.year}" if self.kind != "year" else f"{self.year}"

    def short_label(self, lang: str = "zh") -> str:
        """The period without its year: ``1-2月``, ``二季度``; a whole year is ``全年``."""
        if lang == "zh":
            match self.kind:
                case "year":
                    return "全年"
                case "half":
                    return "上半年" if self.first == 1 else "下半年"
                case "quarter":
                    return f"{_QUARTERS[self.last // 3 - 1]}季度"
                case "month":
                    return f"{self.first}月"
                case _:
                    return f"{self.first}-{self.last}月"
        match self.kind:
            case "year":
                return "full year"
            case "half":
                return f"H{self.last // 6}"
            case "quarter":
                return f"Q{self.last // 3}"
            case "month":
                return _MONTHS[self.first - 1]
            case _:
                return f"{_MONTHS[self.first - 1]}–{_MONTHS[self.last - 1]}"


def _bad(text: str) -> UsageError:
    return UsageError(
        "not a period",
        found=text,
        expected="2021, 2019-h1, 2019-q2, 2021-02 or 2021-01-to-02",
    )


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
