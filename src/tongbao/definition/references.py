"""Every name a series definition refers to must be declared in it; facts are declared period by period."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from tongbao.basics.formula import Formula
from tongbao.basics.language import label_folded
from tongbao.basics.rounding import parse_decimal
from tongbao.definition.names import Place, Problem, bare, unknown
from tongbao.definition.series import Series
from tongbao.definition.sources import sources_of
from tongbao.definition.stated import TOTALS
from tongbao.definition.tables import Column


def broken_references(series: Series) -> Iterator[Problem]:
    """What is named but not declared, or declared twice; each with its place in the definition."""
    yield from _ill_named(series)
    yield from _doubles(series)
    yield from _circles(series)
    measures = set(series.measures)
    for place, measure in (*_measures(series), *_of_checks(series, "measures")):
        yield from unknown(place, measure, measures)
    names = measures | {f"param.{name}" for name in series.parameters} | set(enterprise_counts(series))
    names |= set(series.stated_ranks)
    for place, formula in (*_formulas(series), *_of_checks(series, "formulas"), *_of_bulletin(series)):
        for name in map(bare, Formula.parse(formula).leaves):
            if not name.startswith("fact."):
                yield from unknown(place, name, names)
    for name, rule in series.findings.items():  # a unit or item in focus, a table, checks, a measure of each unit
        yield from ((("findings", name, *place), problem) for place, problem in rule.problems(series))
    yield from _without_total(series)
    yield from _in_percent_of_a_month_before(series)
    yield from _tables(series)
    yield from _ignored_rows(series)
    for table in (name for name, table in series.tables.items() if series.cumulative and table.absent == "summed"):
        problem = "figures that count from January (cumulative) are not summed from shorter periods: absent: left_out"
        yield ("tables", table, "absent"), problem
    yield from _enterprises(series)
    for source in sources_of(series):
        yield from source.problems(series)


def _columns(series: Series) -> Iterator[tuple[Place, str, Column]]:
    """Every column with its place and name, of every table."""
    for table_name, table in series.tables.items():
        for name, column in table.columns.items():
            yield ("tables", table_name, "columns", name), name, column


def columns_behind(series: Series, name: str) -> Iterator[str]:
    """The columns that a measure is made of; what gives a figure where they are blank is left aside."""
    if name in series.columns:
        yield name
    elif name in series.indicators and "default(" not in series.indicators[name].formula:
        for part in Formula.parse(series.indicators[name].formula).leaves:
            yield from columns_behind(series, bare(part))


def _without_total(series: Series) -> Iterator[Problem]:
    """Rules that look at the whole area's figure of a column that has none."""
    for finding, rule in series.findings.items():
        for place, expression in rule.expressions():
            for name in Formula.parse(expression).names if "default(" not in expression else ():
                heads = name.split(".")[:-1]
                of_area = (place[0] in rule.over_area or "area" in heads) and "mean" not in heads and "(" not in name
                for column in columns_behind(series, bare(name)) if of_area else ():
                    if series.columns[column].area == "none":
                        problem = f"the column {column} has no figure of the whole area (area: none)"
                        instead = f"mean.{column} is the mean of the units, area: reported takes the totals' row"
                        yield ("findings", finding, *place), f"{problem}; {instead}"


def _in_percent_of_a_month_before(series: Series) -> Iterator[Problem]:
    """Changes in percent of amounts since January on those of a month less: they only grow. Rates may have some."""
    formulas = (*_formulas(series), *_of_checks(series, "formulas"), *_of_bulletin(series)) if series.cumulative else ()
    for place, formula in formulas:
        for node in ast.walk(Formula.parse(formula).tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "change"):
                continue
            before = [name for name in Formula.parse(ast.unparse(node.args[1])).leaves if "previous" in name.split(".")]
            measures = {**series.columns, **series.indicators}
            if any(name in measures and "%" not in measures[name].unit for name in map(bare, before)):
                yield (
                    place,
                    (
                        "figures that count from January on are compared in percent with those up to a month before; "
                        "expected: a rate, last_year, or the difference: what was added since"
                    ),
                )


def _tables(series: Series) -> Iterator[Problem]:
    units = {unit.id for unit in series.units}
    for name, table in series.tables.items():
        place = ("tables", name, "row_order")
        for unit in table.row_order:
            yield from unknown(place, unit, units)
        if table.records and series.records is None:
            yield ("tables", name, "records"), "the series declares no case records (records: files)"
        if table.row_order and Counter(table.row_order) != Counter(units):
            yield place, "row_order must name every unit once"
    for index, annex in enumerate(series.annexes):
        if annex.table is not None:
            yield from unknown(("annexes", index, "table"), annex.table, set(series.tables))
            known = series.tables[annex.table].columns if annex.table in series.tables else annex.columns
            for at, column in enumerate(annex.columns):
                yield from unknown(("annexes", index, "columns", at), column, known)
        if annex.order is not None:
            yield from unknown(("annexes", index, "order"), annex.order, {*series.measures, *series.stated_ranks})
        if annex.chart is not None:
            yield from unknown(("annexes", index, "chart"), annex.chart, set(series.charts))
        if annex.enterprises is not None:
            yield from unknown(("annexes", index, "enterprises"), annex.enterprises, set(series.enterprises))


def _ignored_rows(series: Series) -> Iterator[Problem]:
    """Rows of units or totals that would be read past."""
    own = [name for unit in series.units for name in (unit.zh, unit.short, unit.en, *unit.aliases) if name]
    units = {*map(label_folded, (*own, *(former.zh for former in series.former_units)))}
    for name, table in series.tables.items():
        totals = TOTALS | ({label_folded(table.total_row.zh)} if table.total_row else set())
        for index, row in enumerate(table.ignore_rows):
            what = "a unit" if label_folded(row) in units else "the totals' row" if label_folded(row) in totals else ""
            if what:
                yield ("tables", name, "ignore_rows", index), f"{row} is {what}, which cannot be read past"


def enterprise_counts(series: Series) -> dict[str, tuple[str, str | None]]:
    """The counts that lists of enterprises give: ``enterprises.key``, and ``enterprises.key_many`` per criterion."""
    found: dict[str, tuple[str, str | None]] = {}
    for name, declared in series.enterprises.items():
        found[f"enterprises.{name}"] = (name, None)
        found |= {f"enterprises.{name}_{criterion}": (name, criterion) for criterion in declared.criteria}
    return found


def _enterprises(series: Series) -> Iterator[Problem]:
    for name, declared in series.enterprises.items():
        if series.records is None:
            yield ("enterprises", name), "the series declares no case records (records: files)"
        for key, criterion in declared.criteria.items():
            if parse_decimal(criterion.at_least) is None:
                known = {f"param.{parameter}" for parameter in series.parameters}
                place = ("enterprises", name, "criteria", key, "at_least")
                yield from unknown(place, criterion.at_least, known)


def _ill_named(series: Series) -> Iterator[Problem]:
    """Names that formulas and keys could not hold: of figures, and of all else that is declared by a name."""
    figures: list[Place] = [place for place, _, _ in _columns(series)]
    figures += [(key, name) for key in ("indicators", "parameters", "enterprises") for name in getattr(series, key)]
    for name, declared in series.enterprises.items():
        figures += [("enterprises", name, "criteria", criterion) for criterion in declared.criteria]
    keyed = ("tables", "checks", "findings", "charts")
    others: list[Place] = [(key, name) for key in keyed for name in getattr(series, key)]
    for place in figures:
        if not _in_formulas(str(place[-1])):
            yield place, "not a name for formulas: letters, digits and _ are expected, no digit first, no word like if"
    for place in others:
        if not re.fullmatch(r"\w[\w-]*", str(place[-1])):
            yield place, "not a name that can be used: letters, digits, - and _ are expected"


def _in_formulas(name: str) -> bool:
    """Whether a formula reads this as one name, just as it stands."""
    try:
        return name.isidentifier() and Formula.parse(name).names == (name,)
    except ValueError:
        return False


def _doubles(series: Series) -> Iterator[Problem]:
    seen = set(series.indicators)
    for place, name, _ in _columns(series):
        if name in seen:
            yield place, f"the name {name} stands twice"
        seen.add(name)
    taken: dict[str, str] = {}
    for index, unit in enumerate(series.units):
        for name in {unit.id, unit.zh, unit.en, *([unit.short] if unit.short else []), *unit.aliases}:
            if name in taken:
                yield ("units", index), f"unit {name} stands twice"
            taken[name] = unit.id


def _measures(series: Series) -> Iterator[tuple[Place, str]]:
    for place, _, column in _columns(series):
        for key, target in (("rank_of", column.rank_of), ("reports", column.reports)):
            if target is not None:
                yield (*place, key), target
    for name, chart in series.charts.items():
        yield ("charts", name, "measure"), chart.measure
        yield from ((("charts", name, "beside", index), beside) for index, beside in enumerate(chart.beside))


def _formulas(series: Series) -> Iterator[tuple[Place, str]]:
    yield from (((*place, "area"), column.area) for place, _, column in _columns(series) if column.area_is_computed)
    for name, indicator in series.indicators.items():
        yield ("indicators", name, "formula"), indicator.formula
    for name, chart in series.charts.items():
        if chart.reference and chart.reference.value != "area":
            yield ("charts", name, "reference", "value"), chart.reference.value


def _of_bulletin(series: Series) -> Iterator[tuple[Place, str]]:
    """Expressions that may look at the whole area and at other periods: those of rules and key figures."""
    for name, rule in series.findings.items():
        for place, formula in rule.expressions():
            yield ("findings", name, *place), formula
    for index, figure in enumerate(series.key_figures):
        yield ("key_figures", index, "value"), figure.value.formula
        if figure.against not in ("last_year", "previous", "none"):
            yield ("key_figures", index, "against"), figure.against


def _of_checks(series: Series, what: Literal["measures", "formulas"]) -> Iterator[tuple[Place, str]]:
    for name, check in series.checks.items():
        for key in getattr(check, what):
            yield ("checks", name, key), getattr(check, key)


def _circles(series: Series) -> Iterator[Problem]:
    """Indicators that lead back to themselves, also by way of another period: that would never end."""
    formulas = {name: indicator.formula for name, indicator in series.indicators.items()}
    formulas |= {name: column.area for _, name, column in _columns(series) if column.area_is_computed}
    refers = {name: set(map(bare, Formula.parse(formula).leaves)) for name, formula in formulas.items()}
    for start in refers:
        reached, todo = set[str](), [start]
        while todo:
            following = refers.get(todo.pop(), set()) - reached
            reached |= following
            todo += following
        if start in reached and start in series.indicators:
            yield ("indicators", start, "formula"), f"{start} is computed from itself"
