"""A cumulative table received against the shorter periods received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns, Words, in_words, is_many
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.history import Summed
from tongbao.figures.indicators import Indicators
from tongbao.words import WORDS

_STOCK = (
    "if the column counts what there is at the end of a month, give it `stated: allowed`: such figures are not summed"
)


class Cumulative(Check):
    """What was received for several months is the sum of what was received for each of them.

    It is asked of the bulletin's own period and, where the series looks at it, of the year to date; where these are
    summed, of each of the periods that they are summed from. Columns that are not summed have no such sum. Where all
    figures count from January on, none is smaller than it was a month or quarter before.
    """

    check: Literal["cumulative"]

    called = Text(zh="累计数不符", en="cumulative figures that differ from the sum")
    standard = True
    says = Text(
        zh="{unit}《{table}》{period}的{measure}为{value}，{parts}之和为{sum}，请核实。",
        en="{unit}: {measure} in {table} is {value} for {period}, but {parts} add up to {sum}.",
    )
    says_of_many: ClassVar[Text] = Text(
        zh="{units}《{table}》{period}的{measure}不是{parts}之和，合计分别为{value}和{sum}，请核实。",
        en="{units}: {measure} in {table} for {period} is not the sum of {parts}; in all {value}, and they {sum}.",
    )

    says_of_less: ClassVar[Text] = Text(
        zh="{unit}《{table}》{period}的{measure}为{value}，少于{before}的{earlier}，自1月起累计的数不应减少，请核实。",
        en="{unit}: {measure} in {table} is {value} for {period}, less than the {earlier} for {before}; what counts "
        "from January on does not shrink.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Figures that are not the sums of those of shorter periods, where these were received for all its months."""
        if returns.series.cumulative:
            yield from self._shrunk(returns)
        for head, whole in _held(returns):
            parts = whole.compared("parts")
            for table in whole.received.tables if parts.any_received else ():
                for name, column in returns.series.tables[table].columns.items():
                    if column.is_measure and column.area == "sum":
                        yield from self._of_column(returns, table, name, (head, whole, parts))

    def _shrunk(self, returns: Returns) -> Iterator[QualityIssue]:
        own = returns.indicators
        earlier = own.compared("previous")
        for table in own.received.tables if earlier.any_received else ():
            for name, column in returns.series.tables[table].columns.items():
                grows = column.is_measure and column.adds_up_over_time and column.lowest is not None
                if grows and (column.area == "sum" or column.is_amount):
                    for unit in own.received.tables[table].rows:
                        now, before = own.figure(name, unit), own.figure(f"previous.{name}", unit)
                        if now.value is not None and before.value is not None and now.value < before.value:
                            words: Words = {
                                "table": returns.title(table),
                                "period": returns.when(None),
                                "before": returns.when(earlier.period),
                                "measure": returns.named(name),
                                "value": now,
                                "earlier": before,
                            }
                            cells, when = (*now.cells, *before.cells), f"{name} < previous.{name}"
                            yield self.issue(returns, unit, cells, when, words, says=self.says_of_less)

    def _of_column(
        self, returns: Returns, table: str, column: str, held: tuple[str | None, Indicators, Indicators]
    ) -> Iterator[QualityIssue]:
        head, whole, parts = held
        declared = returns.series.columns[column].stated
        sums = {scope: parts.figure(column, scope) for scope in (*whole.received.tables[table].rows, AREA)}
        if head is None:
            figures = {scope: whole.figure(column, scope).of(whole.period) for scope in sums}
        else:
            figures = {scope: returns.indicators.figure(head + column, scope) for scope in sums}
        known = [scope for scope in sums if figures[scope].value is not None and sums[scope].value is not None]
        units = [scope for scope in known if not declared.allows(figures[scope].value, sums[scope].value)]
        many = AREA in units and is_many([unit for unit in units if unit != AREA], whole.received.tables[table].rows)
        for scope in [AREA] if many else [unit for unit in units if unit != AREA]:
            added = _as_added(sums[scope])
            words: Words = {
                "table": returns.title(table),
                "units": returns.units(units),
                "period": returns.when(whole.period),
                "measure": returns.named(column),
                "value": figures[scope],
                "parts": in_words(partial(_named, parts)),
                "sum": added,
            }
            says = declared.reasoned(self.says_of_many if many else self.says)
            stated = figures[scope].text if head is None else head + column
            cells, when = (*figures[scope].cells, *added.cells), f"{stated} != {added.name}"
            issue = self.issue(returns, scope, cells, when, words, says=says, level=declared.gravity)
            yield replace(issue, hint=_STOCK) if many else issue


def _held(returns: Returns) -> Iterator[tuple[str | None, Indicators]]:
    """The periods whose figures are held to those of shorter ones, each once; with the head by which they are named.

    One that others are only summed from has none.
    """
    own = returns.indicators
    yield "", own
    summed = [own.compared("parts")] if any(map(own.is_summed, own.received.absent)) else []
    if returns.period.to_date() != returns.period and returns.series.where_named("year_to_date"):
        to_date = own.compared("year_to_date")
        yield "year_to_date.", to_date
        summed.append(to_date)
    parts = (part for indicators in summed if isinstance(indicators, Summed) for part in indicators.summed_from)
    inside = {part.period: part for part in parts}
    yield from ((None, part) for period, part in inside.items() if period != returns.period)


def _as_added(figure: Figure) -> Figure:
    """A sum over periods as the sum of the numbers in it, which no name stands for."""
    formula = (figure.calculation or figure.text).rpartition(" = ")[0] or figure.text
    return replace(figure, name=formula, origin="computed", formula=formula, without=())


def _named(parts: Indicators, lang: str) -> str:
    return WORDS[lang].comma.join(period.label(lang) for period in parts.made_of)
