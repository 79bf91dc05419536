"""What pages print outside any sentence, by its key: the lines of charts, lists of enterprises, cells."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import PurePosixPath

from tongbao.basics.errors import UsageError
from tongbao.basics.key import Key
from tongbao.basics.period import Period
from tongbao.basics.rounding import print_decimal
from tongbao.definition.series import Chart, Series
from tongbao.figures.figure import Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell


def printed_figures(indicators: Indicators) -> dict[str, Figure]:
    """By key what is printed besides texts and annexes of tables, the same in every language.

    These are the parameters, the ranks and lines of charts, and what lists of enterprises print.
    """
    series = indicators.series
    figures = [indicators.figure(f"param.{name}") for name in series.parameters]
    for chart in series.charts.values():
        rank = indicators.rank_formula(chart.measure)
        figures += [indicators.figure(rank, unit) for unit in indicators.ranks(chart.measure)]
        figures += filter(None, [chart_line(indicators, chart)])
    found = {figure.key: figure for figure in figures}
    for annex in series.annexes:
        if annex.enterprises is not None:
            found |= list_figures(indicators, annex.enterprises)
    return {str(key): figure for key, figure in found.items()}


def chart_line(indicators: Indicators, chart: Chart) -> Figure | None:
    """What a chart is read against; ``None`` where it has no line."""
    if chart.reference is None:
        return None
    return indicators.evaluate(chart.measure if chart.reference.value == "area" else chart.reference.value)


def list_key(listed: str, name: str, scope: object) -> Key:
    """The key of what a list prints: ``enterprises.key:overdue@3`` of the third enterprise, ``…:unit@lucheng``."""
    return Key(name, str(scope), owner=f"enterprises.{listed}")


def list_figures(indicators: Indicators, name: str) -> dict[Key, Figure]:
    """What a list of enterprises prints of each, by place in the list (from 1): name and industry in words, numbers."""
    declared = indicators.series.enterprises[name]
    found = {}
    for place, enterprise in enumerate(indicators.received.enterprises[name][: declared.limit], start=1):
        texts: dict[str, tuple[str, Decimal | None]] = {
            "enterprise": (enterprise.name, None),
            "industry": (enterprise.industry, None),
            **{measure: (print_decimal(value), value) for measure, value in enterprise.figures.items()},
        }
        for column, (text, value) in texts.items():
            cell = Cell(name, str(place), column, text, value, enterprise.source)
            key = list_key(name, column, place)
            found[key] = Figure(column, str(place), value, text, "", "reported", cells=(cell,))
    return found


def cell_key(series: Series, period: Period, cell: Cell) -> Key:
    """What a cell is called: ``fines@lucheng``, ``fines@total``, ``fact.x``; ``~period`` behind another period's.

    What was counted for a list is called after it: ``key.count``, ``key.overdue@3``.
    """
    if cell.table not in ("facts", *series.tables):
        return Key(f"{cell.table}.{cell.column}", cell.unit or "")
    other = _folder(cell) if _folder(cell) != str(period) else ""
    if cell.table == "facts":
        return Key(f"fact.{cell.column}", period=other)
    return Key(cell.column, cell.unit or "total", other)


def _folder(cell: Cell) -> str:
    """The period that a file was received for: its folder's name; empty where that is none."""
    with suppress(UsageError):
        return str(Period.parse(PurePosixPath(cell.source.file).parent.name))
    return ""
