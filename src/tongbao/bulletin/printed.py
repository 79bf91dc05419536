"""What pages print outside any sentence, by its key: the lines of charts, lists of enterprises, cells."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import product
from pathlib import PurePosixPath

from tongbao.basics.errors import UsageError
from tongbao.basics.key import Key
from tongbao.basics.period import Period
from tongbao.basics.rounding import print_decimal, print_received
from tongbao.definition.series import Chart, Series
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell, Source


def printed_figures(indicators: Indicators) -> dict[str, Figure]:
    """By key what is printed besides texts and annexes of tables, the same in every language.

    These are the parameters, the ranks and lines of charts, and what lists of enterprises print.
    """
    series = indicators.series
    figures = [indicators.figure(f"param.{name}") for name in series.parameters]
    for chart in series.charts.values():
        figures += chart_figures(indicators, chart)
    found = {figure.key: figure for figure in figures}
    printed = [name for name, column in series.columns.items() if column.stated.printed]
    for name, scope in product(printed, (*indicators.units, AREA)):
        if (stated := stated_figure(indicators, name, scope)) is not None:
            key, figure = stated
            found[key] = figure
    for annex in series.annexes:
        if annex.enterprises is not None:
            found |= list_figures(indicators, annex.enterprises)
    return {str(key): figure for key, figure in found.items()}


def chart_line(indicators: Indicators, chart: Chart) -> Figure | None:
    """What a chart is read against; ``None`` where it has no line."""
    if chart.reference is None:
        return None
    return indicators.evaluate(chart.measure if chart.reference.value == "area" else chart.reference.value)


def chart_figures(indicators: Indicators, chart: Chart) -> list[Figure]:
    """What a chart prints beside the units' own figures: its line, ranks, counts, figures of other periods."""
    rank = indicators.rank_formula(chart.measure)
    figures = [indicators.figure(rank, unit) for unit in indicators.ranks(chart.measure)]
    figures += filter(None, [chart_line(indicators, chart)])
    if chart.form in ("bars", "dots", None):
        figures += [figure for unit in indicators.units for figure in chart_counts(indicators, chart, unit)]
    elif chart.form == "dumbbell" and indicators.compared(chart.head).any_received:
        figures += [indicators.before(chart.head, chart.measure, unit) for unit in indicators.units]
    elif chart.form == "line":
        figures += [figure for _, figure in chart_periods(indicators, chart)]
    return figures


def chart_counts(indicators: Indicators, chart: Chart, unit: str) -> list[Figure]:
    """The two counts that a unit's rate divides; none where it is not the quotient of two counts."""
    ratio = indicators.count_ratio(chart.measure)
    return [] if ratio is None else [indicators.evaluate(part, unit) for part in (ratio.part, ratio.whole)]


def chart_periods(indicators: Indicators, chart: Chart) -> list[tuple[Indicators, Figure]]:
    """The periods that a line goes over, the bulletin's own last, each with the whole area's figure.

    Periods of which nothing was received, before the first that was, are left out.
    """
    periods, known, at = [(indicators, indicators.figure(chart.measure))], 1, indicators
    for _ in range(chart.periods - 1):
        figure, at = at.before(chart.head, chart.measure), at.compared(chart.head)
        periods.append((at, figure))
        known = len(periods) if at.any_received else known
    return periods[:known][::-1]


def stated_figure(indicators: Indicators, name: str, scope: str) -> tuple[Key, Figure] | None:
    """What a table states of a column that annexes print as stated, by its key: ``stated:rank(rate)@lucheng``.

    That is a rank or rate that a unit repeats, and whatever number stands in the totals' row; ``None`` where it states
    nothing of its own.
    """
    column, received = indicators.series.columns[name], indicators.received.tables[indicators.table_of[name]]
    cell = received.total.get(name) if scope == AREA else received.cell(scope, name)
    if not column.stated.printed or (column.is_measure and scope != AREA) or cell is None or cell.value is None:
        return None
    computed = indicators.rank_formula(column.rank_of) if column.rank_of else column.reports or name
    text = print_received(cell.value, column.decimals)
    figure = Figure(name, scope, cell.value, text, column.unit, "reported", cells=(cell,))
    return Key(computed, scope, owner="stated"), figure


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

    What was counted for a list is called after it: ``key.count``, ``key.overdue@3``. Of a source's records many may be
    in doubt for one reason: their place, folded, tells them apart.
    """
    if cell.table not in ("facts", *series.tables):
        place = f".{sha256(str(cell.source).encode()).hexdigest()[:12]}" if isinstance(cell.source, Source) else ""
        return Key(f"{cell.table}.{cell.column}{place}", cell.unit or "")
    folder = _folder(cell.source.file)
    other = folder if folder != str(period) else ""
    if cell.table == "facts":
        return Key(f"fact.{cell.column}", period=other)
    return Key(cell.column, cell.unit or "total", other)


@lru_cache
def _folder(file: str) -> str:
    """The period that a file was received for, by the folders that it lies in; empty where none is a period."""
    for folder in PurePosixPath(file).parent.parts[3:]:  # data/raw/<series>/…
        with suppress(UsageError):
            return str(Period.parse(folder))
    return ""
