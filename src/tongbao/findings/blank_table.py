"""Units that left every item of a table blank: nothing was reported (零上报)."""

from __future__ import annotations

from collections.abc import Sequence

from tongbao.basics.claim import Claim
from tongbao.basics.language import join_names
from tongbao.definition.model import Text
from tongbao.definition.names import headed
from tongbao.figures.figure import Figure
from tongbao.figures.history import Summed
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import not_about
from tongbao.findings.other_periods import base_of
from tongbao.findings.outcome import NOTHING, Outcome, Phrase, count_of
from tongbao.findings.trend import compare_lists
from tongbao.reading.cell import Cell, unique

BLANK_TABLE = {
    "default": Text(zh="{{ units }}未报送{{ table }}", en="{{ units }} did not report {{ table }}"),
    "one": Text(zh="仅{{ units }}未报送{{ table }}", en="only {{ units }} did not report {{ table }}"),
    "all": Text(zh="各地均未报送{{ table }}", en="no unit reported {{ table }}"),
    "all_but_one": Text(zh="除{{ rest }}外，其余各地均未报送{{ table }}", en="only {{ rest }} reported {{ table }}"),
    "all_reporting": Text(
        zh="应报送的{{ count }}个{{ unit_kind }}均未报送{{ table }}",
        en="none of the {{ count }} {{ unit_kind }} asked reported {{ table }}",
    ),
    "incomplete": Text(
        zh="应报送的{{ rest_count }}个{{ unit_kind }}均已报送{{ table }}",
        en="all {{ rest_count }} {{ unit_kind }} asked reported {{ table }}",
    ),
    "none": Text(zh="各地均已报送{{ table }}", en="every unit reported {{ table }}"),
}

_SOME = Text(zh="的全部或部分数据", en=" for all or some of the period")


def find_blank_rows(table: str, since: str | None, cases: tuple[str, ...], indicators: Indicators) -> Outcome:
    """Units that left every item of a table blank, in official order, and since when.

    Arguments:
        table: the table's name.
        since: the period that the list is told apart from, if any.
        cases: those the rule can come to.
        indicators: the period's figures.
    """
    units, rows = _blank_units(indicators, table), _asked(indicators, table)
    definition = indicators.series.tables[table]
    first = next(iter(definition.columns))
    that = " and ".join(f"blank({name})" for name in definition.columns)
    has_any = " or ".join(f"reported({name})" for name in definition.columns)

    def cells() -> tuple[Cell, ...]:
        if _is_summed(indicators, table):
            return unique(cell for name in definition.columns for cell in indicators.cells_behind(name))
        return tuple(cell for row in indicators.received.tables[table].rows.values() for cell in row.values())

    def behind() -> dict[str, Figure]:
        return {unit: indicators.figure(first, unit) for unit in units or rows}

    rest = [unit for unit in rows if unit not in units]
    outcome = Outcome(
        _cases(len(units), len(rows), partial=definition.partial), units, {"rest": rest}, compared=rows, behind=behind
    )
    outcome.phrases["base"] = Phrase(base_of(indicators, since or "") or NOTHING)
    outcome.values["count"] = count_of(units, f"count({that})", cells)
    outcome.values["rest_count"] = count_of(rest, f"count({has_any})", cells)
    among = tuple(rows) if definition.partial else None
    outcome.claims.append(Claim("members", {"of": first, "that": that, "units": tuple(units), "among": among}))
    outcome.when = {
        "none": f"count({that}) == 0",
        "one": f"count({that}) == 1",
        "all": f"count({that}) == size",
        "all_but_one": f"count({that}) == size - 1",
        "all_reporting": f"count({has_any}) == 0",
        "incomplete": f"count({that}) == 0",
        "default": f"count({that}) > 0",
    }
    told = _part_of(indicators, table, units)
    if since:
        other = indicators.compared(since)
        kept = table in {*other.received.tables} - other.received.absent
        if not kept and _is_summed(other, table):
            kept = any(value is not None for name in definition.columns for value in other.values(name).values())
        before = _blank_units(other, table) if kept else None
        told = _SOME if told.zh or (before and _part_of(other, table, before).zh) else told
        then = " and ".join(f"blank({headed(name, since)})" for name in definition.columns)
        compare_lists(outcome, units, before, cells, (that, then, f"not ({then})"))
    title = definition.title
    outcome.phrases["table"] = Phrase(Text(zh=f"《{title.zh}》{told.zh}", en=f"{title.get('en')}{told.get('en')}"))
    outcome.attention = frozenset(cases) - {"none", "incomplete", "cleared"}
    return outcome


def _cases(count: int, size: int, *, partial: bool) -> tuple[str, ...]:
    """What is true of a table, of which a ``partial`` one asks some of the units only."""
    if not count:
        return ("incomplete", "none") if partial else ("none",)
    if count == size:
        return ("all_reporting", "default") if partial else ("all", "default")
    if count == 1:
        return ("one", "default")
    return ("all_but_one", "default") if count == size - 1 and not partial else ("default",)


def _is_summed(indicators: Indicators, table: str) -> bool:
    """Whether a table's figures are summed from shorter periods: it alone, or all of the period."""
    return indicators.is_summed(table) or isinstance(indicators, Summed)


def _part_of(indicators: Indicators, table: str, units: Sequence[str]) -> Text:
    """Of which months of a summed table units handed in nothing; empty where they handed in nothing at all."""
    if not units or not _is_summed(indicators, table):
        return NOTHING
    summed = indicators if isinstance(indicators, Summed) else indicators.compared("parts")
    parts = summed.summed_from if isinstance(summed, Summed) else ()
    lacking = {
        tuple(part.period for part in parts if unit in _blank_units(part, table) and part.period is not None)
        for unit in units
    }
    periods = lacking.pop()
    if lacking or not periods:
        return _SOME
    if len(periods) == len(parts):
        return NOTHING
    zh, en = (
        "、".join(one.label("zh") for one in periods),
        join_names([one.label("en") for one in periods], lang="en"),
    )
    return Text(zh=f"的{zh}数据", en=f" for {en}")


def _asked(indicators: Indicators, table: str) -> list[str]:
    """The units that a table is about; one that is summed, those that a table it is summed from is about."""
    if not _is_summed(indicators, table):
        return list(indicators.received.tables[table].rows)
    apart = not_about(indicators, next(iter(indicators.series.tables[table].columns)))
    return [unit for unit in indicators.units if unit not in apart]


def _blank_units(indicators: Indicators, table: str) -> list[str]:
    if _is_summed(indicators, table):
        columns = [indicators.values(name) for name in indicators.series.tables[table].columns]
        return [unit for unit in _asked(indicators, table) if all(column[unit] is None for column in columns)]
    rows = indicators.received.tables[table].rows
    return [unit for unit in rows if all(cell.value is None for cell in rows[unit].values())]
