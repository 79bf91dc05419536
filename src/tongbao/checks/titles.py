"""What the words over a table say of whose it is and when it was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, said_of
from tongbao.definition.model import Text
from tongbao.definition.series import Series
from tongbao.figures.figure import AREA
from tongbao.reading.headings import Heading
from tongbao.reading.labels import normalise
from tongbao.reading.periods import without_periods

LATEST = 366  # days after a period's end on which its table may be filled in
_KINDS = "省|自治区|自治州|地区|盟|市|县|区|旗"
# A proper name of an area at the beginning: two characters or more, then what kind of area it is.
_AREA = re.compile(rf"(?:关于)?(?P<stem>[\u4e00-\u9fff]{{2,4}}?)(?P<kind>{_KINDS})(?![场民政委容价直属域划别级间段])")
# What is no name of an area although it ends like one: 全市各县（市、区）, 重点城市, 工业园区, 大型超市, 企业上市.
_NO_NAME = re.compile(
    "全|各|所属|园|社|景|辖|郊|贫|港|矿|林|库|开发|工业|高新|示范|集聚|经济|功能|重点|试点|先进|文明|生态|保护|生活|服务|百强"
    "|统计|情况|数据|报表|依法|撤县|[城小大中超集上级点强夜楼股菜入户税民贸心燃山境]$"
)


class Titles(Check):
    """The title of a table names no other area than the series' own, and no day on which it could not be filled in."""

    check: Literal["titles"]

    called = Text(zh="表题存疑", en="doubtful titles of tables")
    standard = True
    says = Text(
        zh="《{table}》的标题写的是{said}，而本通报的单位是{area}，请核实是否用错了表。",
        en="The title of {table} names {said}, not {area}; is it another area's table?",
    )
    says_of_early_day: ClassVar[Text] = Text(
        zh="《{table}》的填报日期早于{period}的末日，请核实。", en="{table} is dated before the end of {period}."
    )
    says_of_late_day: ClassVar[Text] = Text(
        zh="《{table}》的填报日期在{period}过后一年以上，请核实。",
        en="{table} is dated more than a year after the end of {period}.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Titles with another area's name; days of filling in before the period's end, or more than a year after it."""
        end = returns.period.end
        own = own_area(returns.series)
        for name, table in returns.indicators.received.tables.items():
            for heading in table.headings:
                cells = [cell for unit in heading.units[:1] for cell in table.rows[unit].values()]
                scope = heading.units[0] if len(heading.units) == 1 else AREA
                words: Words = {"table": returns.title(name)}
                if own and (said := other_area(returns.series, own, heading)):
                    told = {**words, "said": said, "area": own}
                    yield self.issue(
                        returns, scope, cells, f"title.{name} != area", told, says=said_of(scope, self.says)
                    )
                day = heading.filled_in
                if day is not None and not 0 <= (day - end).days <= LATEST:
                    told = {**words, "period": returns.when(None)}
                    says = said_of(scope, self.says_of_early_day if day < end else self.says_of_late_day)
                    yield self.issue(returns, scope, cells, f"title.{name} != date.end", told, says=says)


def own_area(series: Series) -> str | None:
    """The area that a series' authority is named after (澜州市统计局); ``None`` where its name does not tell."""
    found = _AREA.match(normalise(series.authority.zh))
    return found["stem"] + found["kind"] if found else None


def other_area(series: Series, own: str, heading: Heading) -> str | None:
    """The name of an area of the same kind that a title begins with and the series does not know."""
    texts = (series.authority, series.area, series.subject, series.addressees, series.source)
    known = [*(text.zh for text in texts), *(name for unit in series.units for name in (unit.zh, *unit.aliases))]
    for title in map(without_periods, heading.titles):
        rest = title if own[:-1] not in title else ""
        while found := _AREA.match(rest):
            name, rest = found["stem"] + found["kind"], rest[found.end() :]
            if _NO_NAME.search(found["stem"]) or any(name in one for one in known):
                break
            if name[-1] == own[-1]:
                return name
    return None
