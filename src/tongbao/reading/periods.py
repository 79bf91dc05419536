"""Which period a table is of, where its title or its file says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.reading.labels import normalise

_TO = r"(?:-|–|—|~|至|到)+"
_YEAR = r"(?<!\d)(?P<year>(?:19|20|21)\d\d)"
# From the first day of a month to the last of one; whoever writes so means whole months.
_DAYS = rf"{_YEAR}年(?P<first>\d{{1,2}})月0?1日{_TO}(?:(?:19|20|21)\d\d年)?(?P<last>\d{{1,2}})月(?:2[89]|3[01])日"
_QUARTERS = rf"(?:前|第?[一1]季?度?{_TO}第?)(?P<quarters>[二三四2-4])个?季度"
_WORDS = (
    re.compile(_DAYS),
    re.compile(rf"{_YEAR}年(?P<first>\d{{1,2}})月?{_TO}(?:(?:19|20|21)\d\d年)?(?P<last>\d{{1,2}})月"),
    re.compile(rf"{_YEAR}年(?P<month>\d{{1,2}})月(?!\d|{_TO}\d)"),
    re.compile(rf"{_YEAR}年第?(?P<quarter>[一二三四1-4])季度"),
    re.compile(rf"{_YEAR}年{_QUARTERS}"),
    re.compile(rf"{_YEAR}年(?P<half>[上下])半年"),
    re.compile(rf"{_YEAR}年?(?:年度|度|全年)"),
)
_MONTHS = re.compile(
    rf"(?<![\d年])(?P<first>\d{{1,2}})月?{_TO}(?P<last>\d{{1,2}})月(?!\d)"
    r"|(?<![\d年月至到~–—-])(?P<only>\d{1,2})月(?:份|$)"
)
# Parts of a year that goes without saying.
_PARTS = (_MONTHS, re.compile(rf"(?<!年)(?:[上下]半年|全年|(?<![前第至到~–—-])第?[一二三四]季度|{_QUARTERS})"))
# 2026年度 is what a year's work is called; up to when something was counted (截至6月, 6月末) is no span.
_A_YEARS = re.compile(r"\d年?度$")
_UP_TO = re.compile("(?:截至|截止|至|到)(?:日期|时间)?[:为]?$")
_AT_END = re.compile(r"末|底|止|编|制|\d{1,2}日|.{0,10}(?:目标|任务|计划|行动|方案|见附件)")
_OWN = "[本当][月季期]"
_ID = re.compile(rf"{_YEAR}-(?P<rest>q[1-4]|h[12]|\d\d(?:-to-\d\d)?)(?![\d-])", re.IGNORECASE)
_COMPACT = re.compile(rf"{_YEAR}[.年_-]?(?P<month>0[1-9]|1[0-2])(?!\d|[.月_-]?\d)")
# 二〇二六年五月, 一至五月份.
_DIGITS = {sign: str(at) for signs in ("〇一二三四五六七八九", "○", "零") for at, sign in enumerate(signs)}
_MONTHS_WRITTEN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_YEAR_WRITTEN = re.compile("[〇○零一二三四五六七八九]{4}(?=年)")
_MONTH_WRITTEN = re.compile(rf"(?:十[一二]?|[一二三四五六七八九])(?=月|{_TO}(?:十[一二]?|[一二三四五六七八九])月)")
# A day that a line names is the one on which it was filled in, unless it says that it is about the figures.
_FILLED_IN = re.compile("日期|时间")
_OF_FIGURES = re.compile("(?:统计|数据|所属|考核|执法|检查|业务).{0,4}(?:日期|时间)")


def find_period(file_name: str, titles: Iterable[str]) -> Period | None:
    """The period that a file's name or its title rows give; ``None`` where they give none or several.

    >>> str(find_period("附件1", ["云川市２０２１年1-2月热线办理情况表"])), str(find_period("hotline-2026-10", []))
    ('2021-01-to-02', '2026-10')
    >>> find_period("2026年9月", ["2026年10月热线办理情况表"]) is None
    True
    """
    found = {period for text in (file_name, *titles) for period, _ in periods_in(text)}
    for pattern in (_ID, _COMPACT):
        found = found or {period for period, _ in _read(pattern, normalise(file_name))}
    return found.pop() if len(found) == 1 else None


def other_period(texts: Iterable[str], period: Period) -> str | None:
    """What names and titles of a table say in words where that is another period: last month's table.

    A title may leave out the year: 5月份, 1-5月. One that ends when the period does, or holds it, is not of another
    one here; whether its figures are cumulative is for ``other_span`` to say.

    >>> june = Period.parse("2026-06")
    >>> other_period(["2026年5月情况表"], june), other_period(["1-5月"], june), other_period(["6月份"], june)
    ('2026年5月', '1-5月', None)
    """
    told = [text for text in dict.fromkeys(texts) if _is_of_figures(text)]
    said = (
        [found for text in told for found in periods_in(text)]
        or [found for text in told for found in _without_year(text, period.year)]
        or [found for text in told for pattern in (_ID, _COMPACT) for found in _read(pattern, normalise(text))]
    )
    if any(found.end == period.end or found.start <= period.start <= period.end <= found.end for found, _ in said):
        return None
    return said[0][1] if said else None


def other_span(texts: Iterable[str], period: Period, *, cumulative: bool = False) -> Period | None:
    """The months since January that names and titles of a table tell where they end with the period, and are more.

    Where the figures count from January themselves (``cumulative``), it is those that begin later: 6月 of 1-6月.

    What is summed from January on (1-6月) is no figure of June. A table that names its own period besides (6月, 本月),
    a year's work (2026年度, 全年目标), and what there was at the end of a month (截至6月) say nothing else.

    >>> june, quarter = Period.parse("2026-06"), Period.parse("2026-q2")
    >>> str(other_span(["2026年1—6月情况表"], june)), str(other_span(["上半年情况"], quarter))
    ('2026-01-to-06', '2026-h1')
    >>> other_span(["2026年6月情况表（含1-6月累计）"], june), other_span(["截至2026年6月"], quarter)
    (None, None)
    >>> half = Period.parse("2026-h1")
    >>> str(other_span(["2026年二季度情况表"], half, cumulative=True)), other_span(["1-6月"], half, cumulative=True)
    ('2026-q2', None)
    """
    told = [_in_digits(text) for text in dict.fromkeys(texts) if _is_of_figures(text)]
    said = [span for text in told for span in _spans_in(text, period.year)]
    said = said or [span for text in told for span, _ in _read(_ID, text)]
    own = rf"(?<![\d月至到~–—-]){period.last}月|{_OWN}" if period.first == period.last else _OWN
    if any((span.start, span.end) == (period.start, period.end) for span in said):
        return None
    if any(re.search(own, text) for text in told):
        return None
    alike = [one for one in said if one.end == period.end]
    if cumulative:
        return next((one for one in alike if one.first > period.first), None)
    return next((one for one in alike if one.first == 1 and period.first > 1), None)


def _spans_in(folded: str, year: int) -> Iterator[Period]:
    """The spans that a text names, with their year or without."""
    said = [(found, found[0], [pattern]) for pattern in _WORDS for found in pattern.finditer(folded)]
    said += [(found, f"{year}年{found[0]}", [*_WORDS]) for pattern in _PARTS for found in pattern.finditer(folded)]
    for found, words, patterns in said:
        before, behind = folded[: found.start()], folded[found.end() :]
        if not (_A_YEARS.search(found[0]) or _UP_TO.search(before) or _AT_END.match(behind)):
            yield from (span for pattern in patterns for span, _ in _read(pattern, words))


def _is_of_figures(text: str) -> bool:
    """Whether the days and months that a text names are those of the figures, not when the table was filled in."""
    return not _FILLED_IN.search(text) or _OF_FIGURES.search(text) is not None


def _without_year(text: str, year: int) -> Iterator[tuple[Period, str]]:
    for found in _MONTHS.finditer(_in_digits(text)):
        first, last = int(found["first"] or found["last"] or found["only"]), int(found["last"] or found["only"])
        with suppress(UsageError):
            yield Period.parse(f"{year}-{first:02d}" + (f"-to-{last:02d}" if last > first else "")), found[0]


def periods_in(text: str) -> list[tuple[Period, str]]:
    """Every period that a text names in words, with the words (as folded by ``normalise``).

    >>> [(str(period), words) for period, words in periods_in("2026年第三季度和2025年10月情况")]
    [('2025-10', '2025年10月'), ('2026-q3', '2026年第三季度')]
    """
    folded = _in_digits(text)
    return [found for pattern in _WORDS for found in _read(pattern, folded)]


def _in_digits(text: str) -> str:
    """A text folded, with its years and months in digits.

    >>> _in_digits("二〇二六年一至十一月情况"), _in_digits("十月份")
    ('2026年1至11月情况', '10月份')
    """
    folded = _YEAR_WRITTEN.sub(lambda year: "".join(map(_DIGITS.__getitem__, year[0])), normalise(text))
    return _MONTH_WRITTEN.sub(lambda month: str(_MONTHS_WRITTEN.index(month[0]) + 1), folded)


def _read(pattern: re.Pattern[str], text: str) -> Iterator[tuple[Period, str]]:
    for found in pattern.finditer(text):
        match found.groupdict():
            case {"month": month}:
                rest = f"-{int(month):02d}"
            case {"first": first, "last": last}:
                rest = f"-{int(first):02d}" + (f"-to-{int(last):02d}" if int(last) != int(first) else "")
            case {"quarter": quarter}:
                rest = f"-q{'一二三四'.find(quarter) + 1 or quarter}"
            case {"quarters": quarters}:
                rest = f"-01-to-{('一二三四'.find(quarters) + 1 or int(quarters)) * 3:02d}"
            case {"half": half}:
                rest = f"-h{1 if half == '上' else 2}"
            case {"rest": given}:
                rest = f"-{given}"
            case _:
                rest = ""
        with suppress(UsageError):  # month 13
            yield Period.parse(found["year"] + rest), found[0]


def without_periods(text: str) -> str:
    """A text, folded, without the periods that it names: what it is of.

    >>> without_periods("2026年1-6月邻州市情况表"), without_periods("邻州市上半年情况")
    ('邻州市情况表', '邻州市情况')
    """
    folded = _in_digits(text)
    for pattern in (*_WORDS, *_PARTS):
        folded = pattern.sub("", folded)
    return folded.lstrip("份")
