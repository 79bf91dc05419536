"""Figures that look mistyped: a decimal point out of place, 元 for 万元, decimals left off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product
from math import log
from typing import ClassVar, Literal

from tongbao.basics.rounding import Number, decimals_of, divide, print_decimal, times
from tongbao.checks.issue import Level, QualityIssue
from tongbao.checks.kind import Check, Returns, Words, as_received
from tongbao.definition.model import Text
from tongbao.figures.figure import AREA

FACTORS = (Decimal(10), Decimal(100))
SCALES = (Decimal(10**3), Decimal(10**4), Decimal(10**8))  # 千, 万, 亿
FAR = Decimal(5)  # how many times as large as every other figure looks mistyped
ENOUGH = 4  # so many others say what is usual
SOME = 3  # so many do where a figure is a thousand times as large
NEAR = (Decimal("0.8"), Decimal("1.25"))  # how near to ten times its own last figure
NEAR_SCALE = (Decimal("0.5"), Decimal(2))  # the same of a thousand times
AMONG = Decimal(2)  # so far outside the others what was meant may lie
CLOSE = Decimal(3)  # figures that lie within this factor are close together
SWAPPED = 1.3  # by this factor rows that were swapped differ from their own last ones
COUNTABLE = 100  # 1 → 10 is a usual change of a count, 120 → 1,200 is not
POINTS = frozenset(("%", "％", "‰", "个百分点", "百分点"))
LARGE = 10  # percentages below it move between 0.5 and 4.0 as a matter of course
LARGEST = 50  # and one above it does not become a tenth


class Plausible(Check):
    """No figure is ten, a hundred or a thousand times what its neighbours or its own last period say, or a part of it.

    A slip is told with the figure that was likely meant. Percentages move more freely; one that may be negative is a
    growth rate, of which only what passes 100 is told, and columns that look like fractions. Decimals that a rate lacks
    are a note.
    """

    check: Literal["plausible"]
    level: Level = "warning"

    called = Text(zh="数值疑误", en="figures that look mistyped")
    standard = True
    says = Text(
        zh="{unit}的{measure}为{value}，与其他地区（{low}至{high}）相差悬殊，是否小数点有误（{likely}）？请核实。",
        en="{unit}: {measure} is {value}, far from the others ({low} to {high}); a decimal point? ({likely})",
    )
    says_of_before: ClassVar = Text(
        zh="{unit}的{measure}为{value}，{period}为{then}，是否小数点有误（{likely}）？请核实。",
        en="{unit}: {measure} is {value}, after {then} in {period}; a decimal point? ({likely})",
    )
    says_of_scale: ClassVar = Text(
        zh="{unit}的{measure}为{value}，与其他地区（{low}至{high}）相差悬殊，是否计量单位或小数点有误（{likely}）？请核实。",
        en="{unit}: {measure} is {value}, far from the others ({low} to {high}); another unit? ({likely})",
    )
    says_of_scale_before: ClassVar = Text(
        zh="{unit}的{measure}为{value}，{period}为{then}，是否计量单位或小数点有误（{likely}）？请核实。",
        en="{unit}: {measure} is {value}, after {then} in {period}; another unit? ({likely})",
    )
    says_of_rows: ClassVar = Text(
        zh="{unit}与{other}的《{table}》各项数据像是互换了：对调后才与{period}相近，请核实。",
        en="{unit} and {other}: their rows of {table} look swapped; the other way round they are near {period}.",
    )
    says_of_decimals: ClassVar = Text(
        zh="{unit}的{measure}填为{value}，其他地区为{decimals}位小数，请核实。",
        en="{unit}: {measure} is given as {value}, the others have {decimals} decimals.",
    )

    says_of_fractions: ClassVar = Text(
        zh="各单位的{measure}在{low}至{high}之间，小数位数却比印出的多，是否把百分数填成了小数？请核实。",
        en="{measure}: the units have {low} to {high}, with more decimals than are printed; percentages as fractions?",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Slips of every reported measure, rates with decimals left off, then rows that look swapped."""
        for name, column in returns.series.columns.items():
            table = returns.series.tables[returns.indicators.table_of[name]]
            if not column.is_measure or table.records:
                continue
            values = {unit: value for unit, value in returns.indicators.values(name).items() if value is not None}
            slips = list(self._far_from_others(returns, name, values))
            yield from slips
            told = {slip.unit for slip in slips}
            others = {unit: value for unit, value in values.items() if unit not in told}
            yield from self._far_from_before(returns, name, others)
            if column.unit == "%":
                yield from self._short_of_decimals(returns, name)
                yield from self._fractions(returns, name)

        for name in returns.indicators.received.tables:
            if not returns.series.tables[name].records:
                yield from self._swapped(returns, name)

    def _fractions(self, returns: Returns, name: str) -> Iterator[QualityIssue]:
        """A column of growth that looks like 0.05 for 5 %; without limits it is not refused, as growth may be small.

        Of small ones that are what they seem no more decimals are received than the column prints, or one.
        """
        column, indicators = returns.series.columns[name], returns.indicators
        cells = {unit: cell for unit in indicators.units for cell in indicators.figure(name, unit).cells[:1]}
        values = {unit: cell.value for unit, cell in cells.items() if cell.value is not None}
        small = all(-1 < value < 1 for value in values.values())
        longer = [unit for unit, value in values.items() if decimals_of(value) > max(1, column.decimals or 1)]
        if column.lowest is not None or sum(map(bool, values.values())) < SOME or not small or not longer:
            return
        low, high = (cells[end(values, key=values.__getitem__)] for end in (min, max))
        when = f"lowest({name}) > -1 and highest({name}) < 1"
        words: Words = {"measure": returns.named(name), "low": as_received(low), "high": as_received(high)}
        told = [cells[unit] for unit in (*longer, *(unit for unit in values if unit not in longer))]
        yield self.issue(returns, AREA, told, when, words, says=self.says_of_fractions)

    def _far_from_others(self, returns: Returns, name: str, values: Mapping[str, Number]) -> Iterator[QualityIssue]:
        column = returns.series.columns[name]
        positive = {unit: value for unit, value in values.items() if value > 0}
        if len(positive) <= SOME:
            return
        lows, highs = _first_two(min, positive), _first_two(max, positive)
        is_signed = column.lowest is None or len(positive) < sum(map(bool, values.values()))
        for unit, value in positive.items():
            lowest, highest = lows[unit == lows[0]], highs[unit == highs[0]]
            low, high, text = positive[lowest], positive[highest], print_decimal(value)
            if value >= times(high, FAR):
                sign, when = "/", f"{name} >= {FAR} * highest({name}, {name} < {text})"
            elif high <= times(low, CLOSE) and times(value, FAR) <= low:
                sign, when = "*", f"{name} * {FAR} <= lowest({name}, {name} > {text})"
            else:
                continue
            factors = [*FACTORS, *SCALES] if len(positive) > ENOUGH else [*SCALES]
            if sign == "*" and column.area == "sum":
                factors = [*SCALES]
            if column.unit in POINTS:
                factors = [*FACTORS] if _is_odd_percentage(value, (low, high), is_signed=is_signed) else []
            if not factors or _as_before(returns, name, unit, value):
                continue
            fitting = [one for one in factors if _fits(_put_right(value, sign, one), low, high)]
            if factor := _likeliest(returns, name, unit, {one: _put_right(value, sign, one) for one in fitting}):
                figure, says = returns.indicators.figure, self.says_of_scale if factor in SCALES else self.says
                words: Words = {"low": figure(name, lowest), "high": figure(name, highest)}
                yield self._slip(returns, unit, (name, f"{name} {sign} {factor}"), when, words, says)

    def _far_from_before(self, returns: Returns, name: str, values: Mapping[str, Number]) -> Iterator[QualityIssue]:
        is_share = (column := returns.series.columns[name]).unit in POINTS
        told = set[str]()
        heads = ("previous", "last_year") if values else ()
        columns = {head: returns.indicators.values_before(head, name) for head in heads}
        is_signed = column.lowest is None or any(value < 0 for value in values.values())
        for unit, (head, then_by_unit) in product(values, columns.items() if not (is_share and is_signed) else ()):
            now, then, before = values[unit], then_by_unit.get(unit), f"{head}.{name}"
            if unit in told or not then or now <= 0 or then < 0:
                continue
            larger, smaller, sign = (name, before, "/") if now > then else (before, name, "*")
            for factor in () if is_share and max(now, then) < LARGE else (*FACTORS, *SCALES):
                near = NEAR_SCALE if factor in SCALES else NEAR
                ratio = divide(max(now, then), min(now, then)) or Decimal(0)
                if not near[0] * factor <= ratio <= near[1] * factor:
                    continue
                moves = [_ratio(value, then_by_unit.get(other)) for other, value in values.items() if other != unit]
                if not _is_unusual(factor, (now, then), moves, is_share=is_share):
                    continue
                when = f"{larger} >= {near[0] * factor} * {smaller} and {larger} <= {near[1] * factor} * {smaller}"
                earlier = returns.indicators.figure(before, unit)
                words: Words = {"then": earlier, "period": returns.when(earlier.period)}
                meant = (name, f"{name} {sign} {factor}")
                told.add(unit)
                says = self.says_of_scale_before if factor in SCALES else self.says_of_before
                yield self._slip(returns, unit, meant, when, words, says)

    def _slip(
        self, returns: Returns, unit: str, meant: tuple[str, str], when: str, words: Words, says: Text
    ) -> QualityIssue:
        """A figure with the one that was likely meant, told as a formula of it."""
        name, formula = meant
        figure = returns.indicators.figure(name, unit)
        likely = returns.indicators.evaluate(formula, unit, unit=figure.unit)
        given = {"measure": returns.named(name), "value": figure, "likely": likely, **words}
        return self.issue(returns, unit, figure.cells, when, given, says=says)

    def _swapped(self, returns: Returns, table: str) -> Iterator[QualityIssue]:
        """Two rows that lie far from their own figures of the period before, and near to each other's."""
        measures = [name for name, column in returns.series.tables[table].columns.items() if column.is_measure]
        now = [returns.indicators.values(name) for name in measures]
        before = [returns.indicators.values_before("previous", name) for name in measures]
        rows = returns.indicators.received.tables[table].rows

        def apart(unit: str, other: str) -> float:
            """How far a row is from another's earlier one: the mean factor between their figures, as a logarithm."""
            pairs = [(mine[unit], then.get(other)) for mine, then in zip(now, before, strict=True)]
            known = [(float(mine), float(then)) for mine, then in pairs if mine and then and mine > 0 and then > 0]
            return sum(abs(log(mine / then)) for mine, then in known) / len(known) if len(known) > 1 else 0

        own = {unit: apart(unit, unit) for unit in rows}
        far = [unit for unit in rows if own[unit] > log(SWAPPED)]
        for unit, other in combinations(far, 2):
            if apart(unit, other) + apart(other, unit) < (own[unit] + own[other]) / 4:
                words: Words = {
                    "other": returns.units([other]),
                    "table": returns.title(table),
                    "period": returns.when(returns.indicators.compared("previous").period),
                }
                differs = next(
                    name
                    for name, mine, then in zip(measures, now, before, strict=True)
                    if None not in (mine[unit], then.get(unit)) and mine[unit] != then[unit]
                )
                when = f"{differs} != previous.{differs}"
                cells = (*rows[unit].values(), *rows[other].values())
                yield self.issue(returns, unit, cells, when, words, says=self.says_of_rows)

    def _short_of_decimals(self, returns: Returns, name: str) -> Iterator[QualityIssue]:
        figures = [returns.indicators.figure(name, unit) for unit in returns.indicators.units]
        given = {f.scope: decimals_of(f.value) for f in figures if isinstance(f.value, Decimal) and f.value != 0}
        usual = max(given.values(), default=0)
        short = [figure for figure in figures if given.get(figure.scope, usual) < usual]
        fixed = any(figure.text.endswith("0") for figure in figures if given.get(figure.scope) == usual)
        if not usual or not fixed or not short or len(given) < ENOUGH * len(short):
            return
        for figure in short:
            words: Words = {"measure": returns.named(name), "value": figure, "decimals": str(usual)}
            when = f"{name} == {figure.text}"
            yield self.issue(returns, figure.scope, figure.cells, when, words, says=self.says_of_decimals, level="note")


def _first_two(pick: Callable[..., str], values: Mapping[str, Number]) -> tuple[str, str]:
    """The units of the lowest or highest value, and of that without the first one."""
    first = pick(values, key=values.__getitem__)
    return first, pick((unit for unit in values if unit != first), key=values.__getitem__)


def _put_right(value: Number, sign: str, factor: Decimal) -> Number:
    """A figure a factor smaller or larger."""
    return times(value, factor) if sign == "*" else times(value, 1 / factor)


def _fits(meant: Number, low: Number, high: Number) -> bool:
    """Whether a figure lies among the others."""
    return low <= times(meant, AMONG) and meant <= times(high, AMONG)


def _likeliest(returns: Returns, name: str, unit: str, meant: Mapping[Decimal, Number]) -> Decimal | None:
    """The factor by which a figure comes nearest to the unit's own earlier one; without such a one, the smallest."""
    earlier = [returns.indicators.values_before(head, name).get(unit) for head in ("previous", "last_year")]
    then = next((value for value in earlier if value and value > 0), None)
    return min(meant, key=lambda factor: _ratio(meant[factor], then) or Decimal(1), default=None)


def _ratio(one: Number, other: Number | None) -> Number | None:
    """How many times as large the larger of two figures is; ``None`` where either is none above zero."""
    return divide(max(one, other), min(one, other)) if other and min(one, other) > 0 else None


def _is_odd_percentage(value: Number, others: tuple[Number, Number], *, is_signed: bool) -> bool:
    """Whether a percentage that lies far from the others is more than an ordinary one."""
    low, high = others
    if is_signed:
        return value >= COUNTABLE
    return high <= times(low, CLOSE) and (value > high or low >= LARGE)


def _is_unusual(
    factor: Decimal, figures: tuple[Number, Number], moves: Sequence[Number | None], *, is_share: bool
) -> bool:
    """Whether a figure that is a factor of its earlier one is more than an ordinary move.

    ``moves`` is how many times the others' figures changed: where these are steady, less is needed.
    """
    known = [move for move in moves if move is not None]
    steady = len(known) >= SOME and max(known) <= AMONG
    if is_share:
        return steady or (len(known) < SOME and max(figures) >= LARGEST)
    return (steady or min(figures) >= 1) if factor in SCALES else max(figures) >= COUNTABLE


def _as_before(returns: Returns, name: str, unit: str, value: Number) -> bool:
    """Whether the unit's own figure of the period before or of last year is of the same size."""
    earlier = [returns.indicators.values_before(head, name).get(unit) for head in ("previous", "last_year")]
    return any(then and times(then, Decimal("0.5")) <= value <= times(then, Decimal(2)) for then in earlier)
