"""What a period does not have: tables, units that a table of some is not about, units that lack part of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from tongbao.basics.formula import Formula
from tongbao.basics.together import sides, together
from tongbao.definition.names import OTHER_PERIODS, bare, split_head
from tongbao.definition.references import columns_behind
from tongbao.figures.figure import left_out

if TYPE_CHECKING:
    from tongbao.definition.series import Series
    from tongbao.figures.figure import Absent, Figure, Reading
    from tongbao.figures.indicators import Indicators


def not_kept(indicators: Indicators, expressions: Iterable[str]) -> dict[str, str]:
    """The tables behind some expressions that this period does not have, each with a column that was looked for."""
    found: dict[str, str] = {}
    for name in chain.from_iterable(Formula.parse(expression).leaves for expression in expressions):
        column = name.removeprefix("area.").removeprefix("mean.")
        if column in indicators.series.indicators:
            found |= not_kept(indicators, [indicators.series.indicators[column].formula])
        table = indicators.table_of.get(column, "")
        if table in indicators.received.absent and not indicators.is_summed(table):
            found[table] = column
    return found


def has_own(indicators: Indicators, expression: str) -> bool:
    """Whether a period has figures for a formula: it was received, or the formula looks at others or at parameters."""
    return indicators.any_received or not _looks_at_its_own(indicators.series, expression)


def _looks_at_its_own(series: Series, expression: str) -> bool:
    """Whether a formula looks at figures of the period it is computed for, itself or by an indicator."""
    leaves = (leaf for leaf in Formula.parse(expression).leaves if set(OTHER_PERIODS).isdisjoint(leaf.split(".")))
    declared = (series.indicators.get(bare(leaf)) for leaf in leaves if not leaf.startswith("param."))
    return any(one is None or _looks_at_its_own(series, one.formula) for one in declared)


def outside(indicators: Indicators, expression: str) -> frozenset[str]:
    """The units that a partial table behind an expression is not about: they lack nothing; all where it is not kept."""
    return frozenset(indicators.units) if not_kept(indicators, [expression]) else not_about(indicators, expression)


def not_about(indicators: Indicators, expression: str) -> frozenset[str]:
    """The units that have no row in a partial table behind an expression."""
    cells, tables = indicators.cells_behind(expression), indicators.series.tables
    partial = {cell.table for cell in cells if cell.table in tables and tables[cell.table].partial}
    about = [{cell.unit for cell in cells if cell.table == table} for table in partial]
    return frozenset(unit for unit in indicators.units if any(unit not in units for units in about))


def not_made(indicators: Indicators, expression: str, *, of_area: bool) -> bool:
    """Whether a column behind an expression was reported, and yet has no figure of the whole area, or of any unit.

    That is so of a rate in a period that is summed, and of a table of some units without its total.
    """
    names = (bare(name) for name in Formula.parse(expression).leaves if split_head(name)[0] not in OTHER_PERIODS)
    for column in chain.from_iterable(columns_behind(indicators.series, name) for name in names):
        if of_area and states_total(indicators, column):
            continue
        made = [indicators.figure(column).value] if of_area else indicators.values(column).values()
        reported = any(cell.value is not None for cell in indicators.cells_behind(column))
        if reported and all(value is None for value in made):
            return True
    return False


def states_total(indicators: Indicators, column: str) -> bool:
    """Whether a column's figure of the whole area is the totals' cell of a table received: a blank there is a blank."""
    is_stated = indicators.series.columns[column].area == "reported"
    return is_stated and bool(indicators.received.tables) and not indicators.is_summed(indicators.table_of[column])


def half_blank(indicators: Indicators, formula: Formula) -> dict[str, frozenset[str]]:
    """By operands that a formula puts together, the units that report some of the columns behind them, but not all.

    In the area's figure they would be above a line and not below it, or in one period and not in the other, so it is
    made without them.
    """
    series, found = indicators.series, dict[str, frozenset[str]]()
    groups = [frozenset(name for name in names if is_sum(series, bare_of(name))) for names in together(formula)]
    for names in joined((*groups, *_across_periods(series, formula))):
        columns = frozenset[str]().union(*(summed_behind(series, name) for name in names))
        blank = [{unit for unit, value in indicators.values(name).items() if value is None} for name in columns]
        if any(units != blank[0] for units in blank) and len(indicators.units) not in map(len, blank):
            found |= dict.fromkeys(names, frozenset().union(*blank))
    return found


def _across_periods(series: Series, formula: Formula) -> Iterator[frozenset[str]]:
    """Operands that a formula puts together or compares over periods: a rate and last year's, whatever computes it."""
    behind = {name: summed_behind(series, name) for name in formula.names}
    periods = {name: {heads_of(column) for column in columns} for name, columns in behind.items()}
    if len(set[str]().union(*periods.values())) < 2:
        return
    for pair in sides(formula):
        one, other = (set[str]().union(*(periods[name] for name in names)) for names in pair)
        if one and other and one != other:
            yield frozenset(name for names in pair for name in names if behind[name])


def summed_behind(series: Series, name: str) -> frozenset[str]:
    """The columns that an operand is made of and that are summed over the units, with the heads of their periods.

    There are none behind a fact, a mean or a count; what gives a figure where one is blank is left aside.
    """
    own = bare_of(name)
    if is_sum(series, own):
        return frozenset({name})
    formula = _formula_of(series, own)
    parts = frozenset[str]().union(*together(Formula.parse(formula))) if formula else ()
    return frozenset(f"{heads_of(name)}{column}" for part in parts for column in summed_behind(series, part))


def _formula_of(series: Series, name: str) -> str:
    """What computes an indicator, or a column's figure of the whole area; empty where nothing does."""
    if name in series.indicators:
        return series.indicators[name].formula
    column = series.columns.get(name)
    return "" if column is None or column.area in ("sum", "none", "reported") else column.area


def apart_from(series: Series, formula: Formula, units: frozenset[str]) -> dict[str, frozenset[str]] | None:
    """The operands of a formula that is made without some units, as in ``half_blank``; ``None`` where it lacks none."""
    return {name: units for name in formula.names if summed_behind(series, name)} if units else None


def left_out_of_operands(
    indicators: Indicators, operands: Iterable[Figure | Reading], apart: Mapping[str, frozenset[str]]
) -> tuple[Absent, ...]:
    """Whom a formula's operands leave out, and whether for the comparison's sake."""
    elsewhere = _reported_elsewhere(indicators, apart)
    return tuple(dict.fromkeys(one._replace(alike=one.alike or one.unit in elsewhere) for one in left_out(operands)))


def _reported_elsewhere(indicators: Indicators, apart: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Of the units that operands are made ``apart`` from, those that one period has, and another one lacks."""
    found = set[str]()
    for units in set(apart.values()):
        columns = {one for name in apart if apart[name] == units for one in summed_behind(indicators.series, name)}
        for heads in {heads_of(column) for column in columns}:
            of_one = [indicators.values(column) for column in columns if heads_of(column) == heads]
            found |= {unit for unit in units if all(values[unit] is not None for values in of_one)}
    return frozenset(found)


def heads_of(name: str) -> str:
    """The heads of other periods before a name."""
    return name.removesuffix(bare_of(name))


def bare_of(name: str) -> str:
    """A name without the heads of other periods before it."""
    head, rest = split_head(name)
    return bare_of(rest) if head in OTHER_PERIODS else name


def is_sum(series: Series, name: str) -> bool:
    """Whether a name is a column of which the area's figure is the sum of the units'."""
    return any(
        name in table.columns and table.columns[name].area == "sum" and not table.partial
        for table in series.tables.values()
    )


def joined(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Groups of names, those that share a name as one.

    >>> [sorted(names) for names in joined(map(frozenset, ("ab", "cd", "be", "")))]
    [['c', 'd'], ['a', 'b', 'e']]
    """
    found: list[frozenset[str]] = []
    for group in filter(None, groups):
        apart = [one for one in found if not one & group]
        found = [*apart, group.union(*(one for one in found if one & group))]
    return found
