"""Rates and ranks as reported against those that the figures give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Literal

from tongbao.basics.rounding import Rounding, decimals_of, minus, print_decimal
from tongbao.checks.following import agree, by_place, by_rate, farthest, passed
from tongbao.checks.issue import LEVELS, QualityIssue
from tongbao.checks.kind import BLANK, Check, Returns, Word, as_received
from tongbao.checks.totals import are_compared
from tongbao.checks.wrong_count import WrongCount, follows_from_totals, wrong_counts
from tongbao.definition.model import Text
from tongbao.definition.tables import Column
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell


@dataclass(frozen=True, eq=False)
class _Difference:
    """A cell that repeats a figure and is not it; ``measure`` is what it is a rate of, or a rank in."""

    scope: str
    cell: Cell
    column: Column
    right: Figure

    @property
    def measure(self) -> str:
        return self.column.reports or self.column.rank_of or ""

    @property
    def when(self) -> str:
        here, there = self.right.name, f"total.{self.cell.column}" if self.scope == AREA else self.cell.column
        return f"not ({here} == {there} or blank({here}) and blank({there}))"


class Reported(Check):
    """Reported ranks and rates are the computed ones, at their printed precision.

    A rank that only tells apart what prints the same, in a column without its parts, can follow from decimals that are
    not shown: that is a note.

    One wrong figure moves its unit past others, so that the ranks of all of them differ: they follow from it and are
    counted in its message, not told one by one. ``tongbao.checks.following`` says how they are told apart.
    """

    check: Literal["reported"]

    called = Text(zh="填报值与计算值不符", en="reported figures that differ from the computed ones")
    standard = True
    says = Text(
        zh="{unit}填报的{column}为{shown}，按数据计算为{right}。",
        en="{unit}: {column} is reported as {shown}, but computes to {right}.",
    )
    says_of_count: ClassVar[Text] = Text(
        zh="{unit}的{measure}填为{value}，而合计{total}和该地填报的{column}{shown}都按{likely}计，请核实。",
        en="{unit}: {measure} is given as {value}, but the total {total} and its {column} {shown} go by {likely}.",
    )
    says_of_hidden: ClassVar[Text] = Text(
        zh="{unit}填报的{column}为{shown}，按数据计算并列{right}，可能依据未显示的小数。",
        en="{unit}: {column} is reported as {shown}, but ties at {right}; decimals not shown may decide.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Reported rates and ranks that differ from the computed ones, with the ranks that follow from each."""
        for table in returns.series.tables:
            found = list(_differences(returns.indicators, table))
            following = _following(returns.indicators, found)
            told = {one for ones in following.values() for one in ones}
            counts = {count.rate: count for count in wrong_counts(returns.indicators, table).values()}
            told |= {one for one in found if follows_from_totals(returns.indicators, one.cell)}
            told |= {one for one in found for count in counts.values() if count.explains(returns.indicators, one.cell)}
            for one in (one for one in found if one not in told):
                ranks, count = _ranks(returns.indicators, found, following.get(one)), counts.get(one.cell)
                behind = [other for other in found if count and count.explains(returns.indicators, other.cell)]
                behind = [other for other in (*following.get(one, ()), *behind) if other is not one]
                follow = (self._told(returns, other, None, None) for other in dict.fromkeys(behind))
                yield replace(self._told(returns, one, ranks, count), follow=tuple(follow))

    def _told(self, returns: Returns, one: _Difference, ranks: Figure | None, count: WrongCount | None) -> QualityIssue:
        called = Text(zh=one.column.header, en=one.column.name("en"))
        right: Word = one.right if one.right.text else BLANK
        words: dict[str, Word] = {"column": called, "shown": as_received(one.cell), "right": right}
        says, level, cells = self.says, one.column.stated.gravity, [one.cell]
        if count is not None:
            name = count.cell.column
            totals = next((kind.level for kind in returns.series.checks.values() if kind.check == "totals"), self.level)
            graver = returns.series.columns[name].stated.gravity or totals
            level = min(level or self.level, graver, key=LEVELS.index)
            sign, size = ("-", minus(Decimal(0), count.off)) if count.off < 0 else ("+", count.off)
            formula = f"{name} {sign} {print_decimal(size)}"
            words |= {"measure": returns.named(name), "value": returns.indicators.figure(name, one.scope)}
            words |= {"total": as_received(count.total), "likely": returns.indicators.evaluate(formula, one.scope)}
            says, cells = self.says_of_count, [count.cell, one.cell, count.total]
        elif ranks is None and _may_be_hidden(returns.indicators, one):
            says, level = self.says_of_hidden, level or "note"
        if ranks is not None:
            says, words["ranks"] = _with_ranks(says, one=ranks.value == 1), ranks
        check = "reported-rank" if one.column.rank_of else "reported-rate"
        says = one.column.stated.reasoned(says)
        return self.issue(returns, one.scope, cells, one.when, words, check=check, says=says, level=level)


def repeated_figures(indicators: Indicators) -> tuple[Literal["totals", "rates", "ranks"], ...]:
    """What the tables received repeat of what is computed, and is compared with it."""
    held = [column for column in indicators.series.columns.values() if column.stated.level != "allowed"]
    given = {
        "totals": are_compared(indicators),
        "rates": any(column.reports for column in held),
        "ranks": any(column.rank_of for column in held),
    }
    return tuple(what for what in ("totals", "rates", "ranks") if given[what])


def _differences(indicators: Indicators, table: str) -> Iterator[_Difference]:
    """The cells of a table that are not what they repeat; a blank in the totals' row is none."""
    definition, received = indicators.series.tables[table], indicators.received.tables[table]
    for scope, row in (*received.rows.items(), (AREA, received.total)):
        for name, cell in row.items():
            column = definition.columns[name]
            right = _computed(indicators, column, cell, scope)
            if right is not None and not _agrees(cell, right, scope, column):
                yield _Difference(scope, cell, column, right)


def _following(indicators: Indicators, found: Sequence[_Difference]) -> dict[_Difference, list[_Difference]]:
    """Which differing ranks follow from which difference."""
    following: dict[_Difference, list[_Difference]] = {}
    for name in dict.fromkeys(one.cell.column for one in found if one.column.rank_of):
        wrong = {one.scope: one for one in found if one.cell.column == name}
        measure = next(iter(wrong.values())).measure
        values, descending = indicators.values(measure), indicators.descending(measure)
        rates = {one.scope: one for one in found if one.column.reports == measure and one.scope != AREA}
        stated = {unit: one.cell.value for unit, one in rates.items() if one.cell.value is not None}
        units = [unit for unit, value in values.items() if value is not None or unit in stated]
        ranks = indicators.values(name)
        if stated:
            before = by_rate(values, stated, _rounding(indicators, measure), descending=descending)
            for unit in stated:
                others = agree(units, ranks, before) & passed(units, values, unit, before, descending=descending)
                following.setdefault(rates[unit], []).extend(one for other, one in wrong.items() if other in others)
        elif (moved := farthest(indicators.ranks(measure), ranks)) in wrong:
            before = by_place(values, moved, ranks, descending=descending)
            if agree(units, ranks, before) == set(units):
                following[wrong[moved]] = [one for other, one in wrong.items() if other != moved]
    return following


def _with_ranks(says: Text, *, one: bool) -> Text:
    """A message with how many ranks follow from what it says."""
    zh, en = says.zh.removesuffix("。").removesuffix("，请核实"), (says.en or "").removesuffix(".")
    many = "rank follows" if one else "ranks follow"
    return Text(zh=f"{zh}，由此{{ranks}}个名次不符。", en=f"{en}; {{ranks}} {many} from it.")


def _ranks(
    indicators: Indicators, found: Sequence[_Difference], following: Sequence[_Difference] | None
) -> Figure | None:
    """How many ranks follow: those that differ, less those that differ by themselves; ``None`` for none."""
    if not following:
        return None
    when = dict.fromkeys(one.when for one in following)
    others = sum(one.when in when for one in found) - len(following)
    counted = " + ".join(f"count({condition})" for condition in when)
    return indicators.evaluate(f"{counted} - {others}" if others else counted, decimals=0)


def _computed(indicators: Indicators, column: Column, cell: Cell, scope: str) -> Figure | None:
    """The figure that a column repeats, with the decimals of the cell; ``None`` where it repeats none."""
    if column.reports:
        return _rounded(indicators, column.reports, scope, 0 if cell.value is None else decimals_of(cell.value))
    if column.rank_of and scope != AREA:
        return indicators.figure(f"rank({'' if indicators.descending(column.rank_of) else '-'}{column.rank_of})", scope)
    return None


def _rounded(indicators: Indicators, measure: str, scope: str, decimals: int) -> Figure:
    """A figure rounded or cut off, as the issuer does, to so many decimals."""
    formula = f"round({measure}, {decimals})"
    if _rounding(indicators, measure) == "truncate":
        value = indicators.figure(measure, scope).value
        towards_zero = "ceil" if value is not None and value < 0 else "floor"
        formula = f"{towards_zero}({measure}, {Decimal(1).scaleb(-decimals):f})"
    return indicators.evaluate(formula, scope, decimals=decimals)


def _rounding(indicators: Indicators, measure: str) -> Rounding:
    declared = indicators.series.indicators.get(measure)
    return declared.rounding if declared else "half-up"


def _agrees(cell: Cell, right: Figure, scope: str, column: Column) -> bool:
    return (cell.value is None and scope == AREA) or column.stated.allows(cell.value, right.value)


def _may_be_hidden(indicators: Indicators, one: _Difference) -> bool:
    """Whether a rank is among those that its unit shares with others whose reported figure prints the same."""
    column, rank, right = indicators.series.columns.get(one.measure), one.cell.value, one.right.value
    if not one.column.rank_of or column is None or column.is_whole or rank is None or right is None:
        return False
    values = list(indicators.values(one.measure).values())
    return right < rank < right + values.count(indicators.values(one.measure)[one.scope])
