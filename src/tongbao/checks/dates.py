"""The order of the document's dates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Literal

from tongbao.basics.period import long_date
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, in_words
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA

_CALLED = {
    "issued": Text(zh="发文日期", en="date of issue"),
    "statistics_date": Text(zh="统计日期", en="date of the figures"),
}


class Dates(Check):
    """The period's dates are in order: it ends before figures are drawn, and they are drawn before the issue."""

    check: Literal["dates"]

    called = Text(zh="日期有误", en="wrong dates")
    standard = True
    says = Text(
        zh="{date}{day}不晚于统计时段{period}的末日{end}。", en="The {date}, {day}, is not after the end of {period}."
    )
    says_drawn_late: ClassVar[Text] = Text(
        zh="统计日期{drawn}晚于发文日期{issued}。", en="The figures are dated {drawn}, after the issue."
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Dates of the period's file that cannot be in order."""
        header, end = returns.header, returns.period.end
        period: Words = {"period": in_words(returns.period.label), "end": long_date(end)}
        for key, called in _CALLED.items():
            day = getattr(header, key)
            if day is not None and day <= end:
                yield self.issue(
                    returns, AREA, (), f"date.{key} <= date.end", {**period, "date": called, "day": str(day)}
                )
        drawn = header.statistics_date
        if drawn is not None and drawn > header.issued:
            words: Words = {"drawn": in_words(partial(long_date, drawn)), "issued": long_date(header.issued)}
            when = "date.statistics_date > date.issued"
            yield self.issue(returns, AREA, (), when, words, says=self.says_drawn_late)
