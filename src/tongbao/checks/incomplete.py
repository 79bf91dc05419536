"""A figure left out of a return that is otherwise there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar, Literal

from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns, Words, in_words, is_many
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA
from tongbao.words import WORDS

# The units that left a column blank, and how grave that is.
_Blank = tuple[tuple[str, ...], Level]


class Incomplete(Check):
    """A unit that reports a row leaves none of its figures blank; a column can say otherwise (``blank: allowed``).

    Else a total would be the sum of the others, and the lowest of a list could be missing from it.
    """

    check: Literal["incomplete"]
    level: Level = "error"

    called = Text(zh="单项空白", en="blank figures")
    standard = True
    says = Text(
        zh="{unit}的{measure}为空白，而同行其他数据已报；合计、平均数和排名会缺少该地，请补报。",
        en="{unit}: {measure} is blank although the rest of its row is reported; totals and ranks would lack it.",
    )

    says_of_many: ClassVar[Text] = Text(
        zh="{units}的{measures}为空白，而同行其他数据已报；合计、平均数和排名会缺少这些单位，请补报。",
        en="{units}: {measures} blank although the rest of their rows is reported; totals and ranks would lack them.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Blank cells of measures in rows that hold a figure.

        A column that most of these units left blank is told once, together with others that the same units left blank.
        """
        for table, received in returns.indicators.received.tables.items():
            definition = returns.series.tables[table]
            measures = [name for name, column in definition.columns.items() if column.is_measure]
            rows = {u: row for u, row in received.rows.items() if any(row[one].value is not None for one in measures)}
            blank: dict[str, _Blank] = {}
            for name in measures:
                units = tuple(unit for unit, row in rows.items() if row[name].value is None)
                level = definition.columns[name].blank or self.level
                if units and level != "allowed":
                    blank[name] = (units, level)
            many = dict.fromkeys(one for one in blank.values() if is_many(one[0], rows))
            for units, level in many:
                names = [name for name, one in blank.items() if one == (units, level)]
                cells = [rows[unit][name] for unit in units for name in names]
                any_given = " or ".join(f"reported({one})" for one in measures)
                when = f"count(blank({names[0]}) and ({any_given})) == {len(units)}"
                words: Words = {"units": returns.units(units), "measures": in_words(partial(_listed, returns, names))}
                yield self.issue(returns, AREA, cells, when, words, says=self.says_of_many, level=level)
            for unit, row in rows.items():
                given = next(name for name in measures if row[name].value is not None)
                for name, (units, level) in blank.items():
                    if unit in units and (units, level) not in many:
                        when, words = f"blank({name}) and reported({given})", {"measure": returns.named(name)}
                        yield self.issue(returns, unit, (row[name],), when, words, level=level)


def _listed(returns: Returns, names: Iterable[str], lang: str) -> str:
    return WORDS[lang].comma.join(returns.named(name).get(lang) for name in names)
