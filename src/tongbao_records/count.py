"""Case records → county figures: many files and many periods in a few scans, in bounded memory.

Periods are runs of whole months, so records are counted by unit and month once and months are then added up for every
period asked for, however they overlap. Distinct enterprises cannot be added up: for each enterprise the months in which
it was inspected are kept as bits of one number, and a period counts the numbers that share a bit with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tongbao.basics.errors import DataError, did_you_mean
from tongbao.basics.period import Period
from tongbao.definition.case_records import RecordCondition
from tongbao.reading.labels import normalise
from tongbao_records.files import Records, quoted
from tongbao_records.layout import BY_NAME
from tongbao_records.measures import MEASURES, RecordMeasure

MAX_MONTHS = 63  # bits of the number that keeps an enterprise's months
_MONTH = "year({0}) * 12 + month({0})"


@dataclass(frozen=True)
class Counted:
    """What a column asks of the records: a measure, and the conditions on its records."""

    measure: str
    where: Mapping[str, RecordCondition] = field(default_factory=dict)

    @property
    def definition(self) -> RecordMeasure:
        """The measure's definition."""
        return MEASURES[self.measure]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field it reads."""
        return tuple(dict.fromkeys((*self.definition.fields, *self.where)))

    @property
    def condition(self) -> str:
        """SQL that is true for the records that count, apart from the date; empty for all."""
        parts = [self.definition.condition] if self.definition.condition else []
        parts += [sql for name, condition in self.where.items() for sql in condition_sql(name, condition)]
        return " AND ".join(f"({part})" for part in parts)

    def describe(self) -> str:
        """What is counted, in Chinese, for evidence: ``罚款金额（元）合计，按处罚决定日期；行业领域为危险化学品``."""
        definition = self.definition
        what = {
            "count": f"{definition.label}计数",
            "sum": f"{BY_NAME[definition.of].header}合计" if definition.of else "",
            "distinct": f"不重复的{BY_NAME[definition.of].header}" if definition.of else "",
        }[definition.what]
        words = [_worded(BY_NAME[name].header, condition) for name, condition in self.where.items()]
        return "；".join([f"{what}，按{BY_NAME[definition.date].header}", *words])


def _worded(header: str, condition: RecordCondition) -> str:
    if isinstance(condition.is_, bool):
        return f"{header}为{'是' if condition.is_ else '否'}"
    parts = [f"为{'、'.join(condition.is_)}"] if condition.is_ is not None else []
    parts += [f"不为{'、'.join(condition.not_)}"] if condition.not_ is not None else []
    parts += [f"低于{condition.below}"] if condition.below is not None else []
    parts += [f"不低于{condition.at_least}"] if condition.at_least is not None else []
    return header + "且".join(parts)


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of one unit and period: its value and how many records are behind it."""

    value: Decimal
    records: int

    def __add__(self, other: Total) -> Total:
        return Total(self.value + other.value, self.records + other.records)


_ZERO = Total(Decimal(0), 0)
Totals = dict[tuple[Period, str], dict[str, Total]]


def count_records(
    records: Records, wanted: Mapping[str, Counted], periods: Sequence[Period], units: Mapping[str, str]
) -> Totals:
    """Count every wanted figure for every unit and period.

    Arguments:
        records: the opened files.
        wanted: what to count, by name.
        periods: in any number and overlap, within ``MAX_MONTHS`` months of each other.
        units: every name a unit may be written by, folded (``labels.normalise``), with the unit's id.

    Returns:
        By period and unit id, each wanted figure; a unit without any record in a period is absent, so that nothing
        reported is told from zero. Sums are exact; money is in yuan.

    Raises:
        DataError: a field that a measure needs is in none of the columns, or a unit's name is unknown.
    """
    _require_fields(records, wanted)
    spelled = spellings(records, units)
    within = f"BETWEEN DATE '{min(period.start for period in periods)}' AND DATE '{max(p.end for p in periods)}'"
    by_month: dict[tuple[str, int], dict[str, Total]] = defaultdict(lambda: dict.fromkeys(wanted, _ZERO))
    for date, group in _by_date(wanted).items():
        for unit, month, name, total in _additive(records, date, group, within):
            by_month[spelled[unit], month][name] += total
    totals: Totals = {}
    for period in periods:
        for (unit, month), figures in by_month.items():
            if month in _months(period):
                cell = totals.setdefault((period, unit), dict.fromkeys(wanted, _ZERO))
                for name, total in figures.items():
                    cell[name] += total
    for name, counted in wanted.items():
        if counted.definition.what == "distinct":
            for unit, counts in _distinct(records, counted, periods, within, one_spelling(spelled)):
                for period, count in zip(periods, counts, strict=True):
                    if count:
                        cell = totals.setdefault((period, spelled[unit]), dict.fromkeys(wanted, _ZERO))
                        cell[name] += Total(Decimal(count), count)
    return totals


def spellings(records: Records, units: Mapping[str, str]) -> dict[str | None, str]:
    """The unit behind every spelling that occurs.

    Raises:
        DataError: a name that is no unit's.
    """
    query = f"SELECT DISTINCT unit FROM {records.relation(['unit'])} ORDER BY ALL"
    found = [unit for (unit,) in records.connection.execute(query).fetchall()]
    unknown = [unit for unit in found if normalise(unit or "") not in units]
    if unknown:
        raise DataError(
            "unknown reporting unit in case records",
            place=", ".join(file.name for file in records.files[:3]),
            found="、".join(unit or "a blank" for unit in unknown[:10]),
            expected="a unit of the series, by official name, short name or alias",
            hint=did_you_mean(normalise(unknown[0] or ""), units),
        )
    return {unit: units[normalise(unit or "")] for unit in found}


def one_spelling(spelled: Mapping[str | None, str]) -> str:
    """SQL for a unit where it is written in several ways, so that no enterprise is told apart from itself."""
    first: dict[str, str | None] = {}
    others = {unit: first[name] for unit, name in spelled.items() if first.setdefault(name, unit) != unit}
    if not others:
        return "unit"
    cases = " ".join(f"WHEN {quoted(own or '')} THEN {quoted(one or '')}" for own, one in others.items())
    return f"CASE unit {cases} ELSE unit END"


def condition_sql(name: str, condition: RecordCondition) -> list[str]:
    """A declared condition as SQL."""
    parts = []
    if isinstance(condition.is_, bool):
        parts.append(f"{name} = {str(condition.is_).lower()}")
    elif condition.is_ is not None:
        parts.append(f"{name} IN ({', '.join(map(quoted, condition.is_))})")
    if condition.not_ is not None:
        parts.append(f"({name} IS NULL OR {name} NOT IN ({', '.join(map(quoted, condition.not_))}))")
    if condition.below is not None:
        parts.append(f"{name} < {condition.below}")
    if condition.at_least is not None:
        parts.append(f"{name} >= {condition.at_least}")
    return parts


def _require_fields(records: Records, wanted: Mapping[str, Counted]) -> None:
    for file in records.files:
        for counted in wanted.values():
            for name in counted.fields:
                if name not in file.columns:
                    known = BY_NAME[name]
                    raise DataError(
                        f"no column for {known.header}, which {counted.definition.label} is counted from",
                        place=file.name,
                        expected=f"{known.header} ({name})",
                        hint=did_you_mean(known.header, filter(None, file.header)),
                    )


def _by_date(wanted: Mapping[str, Counted]) -> dict[str, dict[str, Counted]]:
    """Additive figures by the date that decides their period: one scan each."""
    groups: dict[str, dict[str, Counted]] = defaultdict(dict)
    for name, counted in wanted.items():
        if counted.definition.what != "distinct":
            groups[counted.definition.date][name] = counted
    return groups


def _additive(
    records: Records, date: str, group: Mapping[str, Counted], within: str
) -> Iterable[tuple[str, int, str, Total]]:
    fields = dict.fromkeys(("unit", date, *(name for counted in group.values() for name in counted.fields)))
    # Figures over the same records share their number.
    conditions = list(dict.fromkeys(counted.condition for counted in group.values()))
    sums = list(dict.fromkeys((c.definition.of, c.condition) for c in group.values() if c.definition.what == "sum"))
    columns = [f"count(*){_filter(condition)}" for condition in conditions]
    columns += [f"sum({of}){_filter(condition)}" for of, condition in sums]
    query = (
        f"SELECT unit, {_MONTH.format(date)} AS month, {', '.join(columns)} FROM {records.relation(list(fields))} "
        f"WHERE {date} {within} GROUP BY ALL"
    )
    for unit, month, *numbers in records.connection.execute(query).fetchall():
        counts = dict(zip(conditions, numbers, strict=False))
        totals = dict(zip(sums, numbers[len(conditions) :], strict=True))
        for name, counted in group.items():
            behind = counts[counted.condition]
            is_sum = counted.definition.what == "sum"
            value = totals[counted.definition.of, counted.condition] if is_sum else behind
            yield unit, month, name, Total(Decimal(value or 0), behind)


def _distinct(
    records: Records, counted: Counted, periods: Sequence[Period], within: str, unit: str
) -> list[tuple[str, list[int]]]:
    """How many distinct values each unit has in each period."""
    first = min(_months(period).start for period in periods)
    length = max(_months(period).stop for period in periods) - first
    if length > MAX_MONTHS:
        raise DataError("periods too far apart to count together", found=f"{length} months",
                        expected=f"at most {MAX_MONTHS}")  # fmt: skip
    date, of = counted.definition.date, counted.definition.of
    condition = f" AND {counted.condition}" if counted.condition else ""
    bits = [sum(1 << (month - first) for month in _months(period)) for period in periods]
    columns = ", ".join(f"count(*) FILTER (WHERE months & {number} <> 0)" for number in bits)
    query = (
        f"SELECT unit, {columns} FROM (SELECT {unit} AS unit, {of}, "
        f"bit_or(1::UBIGINT << ({_MONTH.format(date)} - {first})) AS months "
        f"FROM {records.relation(list(dict.fromkeys(('unit', *counted.fields))))} "
        f"WHERE {date} {within} AND {of} <> ''{condition} GROUP BY ALL) GROUP BY ALL"
    )
    return [(unit, counts) for unit, *counts in records.connection.execute(query).fetchall()]


def _filter(condition: str) -> str:
    return f" FILTER (WHERE {condition})" if condition else ""


def _months(period: Period) -> range:
    """A period's months, counted as ``_MONTH`` does."""
    return range(period.year * 12 + period.first, period.year * 12 + period.last + 1)
