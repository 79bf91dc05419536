"""Every name that a definition and a text may use: measures, facts, findings, parameters, words of each rule."""

from __future__ import annotations

from tongbao.definition import kinds
from tongbao.definition.files import relative
from tongbao.definition.project import Project
from tongbao.definition.references import enterprise_counts
from tongbao.definition.rule import COMMON, Rule
from tongbao.definition.series import Series
from tongbao.definition.tables import Column
from tongbao.reading.facts import read_facts

TEXT = ("period", "period_short", "year", "issued", "issued_year", "number", "statistics_date")
Rows = list[dict[str, str]]


def names_of(project: Project, series_id: str) -> dict[str, Rows]:
    """Every name of a series, by what it is: rows of ``name``, ``what`` and ``detail``.

    Names that the definition uses without declaring them do not matter here: this is where to look them up.

    Raises:
        UsageError: there is no such series.
        DefinitionError: its definition is not one.
    """
    series = project.get_series(series_id, names_are_known=False)
    return {
        "measures": _measures(series),
        "facts": _facts(project, series),
        "parameters": [
            _row(f"param.{name}", one.label.zh, f"{one.default}; {one.allowed()}")
            for name, one in series.parameters.items()
        ],
        "findings": [_row(f"finding.{name}", rule.rule, _of_rule(rule)) for name, rule in series.findings.items()],
        "rules": [_row(name, "in its wording", ", ".join(sorted(rule.own))) for name, rule in kinds.rules().items()],
        "texts": [
            _row(", ".join(sorted(COMMON)), "in every wording", ""),
            _row(", ".join(TEXT), "in titles, paragraphs, main points and a period's text", ""),
        ],
    }


def _row(name: str, what: str, detail: str) -> dict[str, str]:
    return {"name": name, "what": what, "detail": detail}


def _of_rule(rule: Rule) -> str:
    """The cases that a wording may be given for, and what it may use beside the names of its kind of rule."""
    values = f"; values: {', '.join(rule.values)}" if rule.values else ""
    return f"cases: {', '.join(rule.cases())}{values}"


def _measures(series: Series) -> Rows:
    rows = [
        _row(name, column.measure_name(), f"{column.unit}; tables.{table}.columns{_of_area(column)}")
        for table, definition in series.tables.items()
        for name, column in definition.columns.items()
        if column.is_measure
    ]
    rows += [_row(name, one.label.zh, f"{one.unit}; = {one.formula}") for name, one in series.indicators.items()]
    return rows + [_row(name, "count of a list", "家") for name in enterprise_counts(series)]


def _of_area(column: Column) -> str:
    """How the whole area's figure comes about, where it is not the sum of the units."""
    return "" if column.area == "sum" else f"; area: {column.area}"


def _facts(project: Project, series: Series) -> Rows:
    """The facts of the latest period that has any."""
    for period in reversed(project.periods(series.id)):
        path = project.facts(series.id, period)
        if path.is_file():
            facts = read_facts(path, relative(path, project.root), [])
            return [_row(f"fact.{key}", one.name.zh, f"{one.text}{one.unit}; {period}") for key, one in facts.items()]
    return []
