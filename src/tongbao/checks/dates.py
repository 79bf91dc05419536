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
    """The period's dates are in order: it ends before figures are drawn, and they are drawn before the issue.

    What was corrected after it was corrected no earlier, and stands in the order of its days.
    """

    check: Literal["dates"]

    called = Text(zh="日期有误", en="wrong dates")
    standard = True
    says = Text(
        zh="{date}{day}不晚于统计时段{period}的末日{end}。", en="The {date}, {day}, is not after the end of {period}."
    )
    says_drawn_late: ClassVar[Text] = Text(
        zh="统计日期{drawn}晚于发文日期{issued}。", en="The figures are dated {drawn}, after the issue."
    )

    says_corrected_early: ClassVar[Text] = Text(
        zh="更正日期{day}早于发文日期{issued}。", en="The correction of {day} is dated before the issue, {issued}."
    )
    says_corrected_before: ClassVar[Text] = Text(
        zh="{day}的更正排在{before}的更正之后。", en="The correction of {day} stands behind that of {before}."
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
        yield from self._of_corrections(returns)

    def _of_corrections(self, returns: Returns) -> Iterator[QualityIssue]:
        """Corrections dated before the issue, or before the one that stands above them."""
        issued = returns.header.issued
        days = [correction.day for correction in returns.header.corrections]
        for before, day in zip([issued, *days], days, strict=False):
            words: Words = {
                "day": in_words(partial(long_date, day)),
                "issued": in_words(partial(long_date, issued)),
                "before": in_words(partial(long_date, before)),
            }
            if day < issued:
                when = f"{day:%Y%m%d} < date.issued"
                yield self.issue(returns, AREA, (), when, words, says=self.says_corrected_early)
            elif day < before:
                when = f"{day:%Y%m%d} < {before:%Y%m%d}"
                yield self.issue(returns, AREA, (), when, words, says=self.says_corrected_before)
