"""Case records → county figures: many files and many periods in one scan for each kind of day, in bounded memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, product

from tongbao.basics.errors import DataError, did_you_mean
from tongbao.basics.period import Period
from tongbao.definition.case_records import RecordCondition
from tongbao.definition.model import Text
from tongbao.reading.labels import normalise
from tongbao_records.files import Records, quoted
from tongbao_records.layout import BY_NAME, fields_in
from tongbao_records.measures import MEASURES, RecordMeasure


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
    def sql(self) -> tuple[str, str]:
        """SQL for its value, and for how many records (of ``distinct``: how many values) are behind it."""
        of, conditions = self.definition.of, self._conditions
        if self.definition.what == "distinct":
            conditions.append(f"{of} <> ''")
        within = _within(conditions)
        counted = f"count(DISTINCT {of}){within}" if self.definition.what == "distinct" else f"count(*){within}"
        return f"sum({of}){within}" if self.definition.what == "sum" else counted, counted

    @property
    def needs(self) -> dict[str, list[str]]:
        """The fields without which it cannot be told whether, or as what, a record counts.

        Each with SQL conditions on the records of which that is so: those that nothing else that they say leaves out.
        """
        asked = [self.definition.of, *fields_in(self.definition.condition)]
        asked += [name for name, condition in self.where.items() if condition.needs_a_value]
        found = {}
        for name in filter(None, dict.fromkeys(asked)):
            others = (f"coalesce({part}, {_asks(part)})" for part in self._conditions if name not in fields_in(part))
            if (free := BY_NAME[name].blank) != "true":
                is_asked = [f"NOT ({free})"] if free and free != f"{self.definition.date} IS NULL" else []
                found[name] = [*is_asked, *others]
        return found

    @property
    def needs_sql(self) -> list[tuple[str, str]]:
        """SQL for each field that it needs: how many records need it, and how many of them have it."""
        return [(f"count(*){_within(of)}", f"count({name}){_within(of)}") for name, of in self.needs.items()]

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that its SQL names: those it cannot do without, and those that say who may leave one blank."""
        return tuple(dict.fromkeys((*self.fields, *fields_in(" ".join(chain(*self.needs.values()))))))

    @property
    def _conditions(self) -> list[str]:
        """SQL for what each record that counts must be."""
        own = [self.definition.condition] if self.definition.condition else []
        return own + [sql for name, condition in self.where.items() for sql, _ in _parts(name, condition)]

    def describe(self) -> Text:
        """What is counted, for evidence: ``罚款金额（元）合计，按处罚决定日期；行业领域为危险化学品``.

        In English measures and fields go by their names in ``series.yml``: ``fines by penalty date; industry …``.
        """
        definition, of = self.definition, BY_NAME[self.definition.of].header if self.definition.of else ""
        what = {"count": f"{definition.label}计数", "sum": f"{of}合计", "distinct": f"不重复的{of}"}[definition.what]
        conditions = {name: [said for _, said in _parts(name, one)] for name, one in self.where.items()}
        zh = (BY_NAME[name].header + "且".join(said.zh for said in parts) for name, parts in conditions.items())
        en = (f"{_spaced(name)} {' and '.join(said.get('en') for said in parts)}" for name, parts in conditions.items())
        return Text(
            zh="；".join([f"{what}，按{BY_NAME[definition.date].header}", *zh]),
            en="; ".join([f"{_spaced(self.measure)} by {_spaced(definition.date)}", *en]),
        )


def _asks(condition: str) -> str:
    """SQL for whether a record would have to say what a condition is about: else a blank does not fulfil it."""
    blank = (BY_NAME[name].blank for name in fields_in(condition))
    return " OR ".join(f"NOT ({free})" if free else "true" for free in blank)


def _within(conditions: Sequence[str]) -> str:
    return f" FILTER (WHERE {' AND '.join(f'({part})' for part in conditions)})" if conditions else ""


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _parts(name: str, condition: RecordCondition) -> Iterator[tuple[str, Text]]:
    """A declared condition on a field, part by part: in SQL and in words."""
    if isinstance(condition.is_, bool):
        zh, en = ("是", "yes") if condition.is_ else ("否", "no")
        yield f"{name} = {condition.is_}", Text(zh=f"为{zh}", en=f"is {en}")
    elif condition.is_ is not None:
        said = Text(zh=f"为{'、'.join(condition.is_)}", en=f"is {' or '.join(condition.is_)}")
        yield f"{name} IN ({', '.join(map(quoted, condition.is_))})", said
    if condition.not_ is not None:
        words = ", ".join(map(quoted, condition.not_))
        said = Text(zh=f"不为{'、'.join(condition.not_)}", en=f"is not {' or '.join(condition.not_)}")
        yield f"{name} IS NULL OR {name} NOT IN ({words})", said
    if (limit := condition.below) is not None:
        yield f"{name} < {limit}", Text(zh=f"低于{limit}", en=f"is below {limit}")
    if (limit := condition.at_least) is not None:
        yield f"{name} >= {limit}", Text(zh=f"不低于{limit}", en=f"is at least {limit}")


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of one unit and period: its value and how many records are behind it.

    It has no value where a field that it needs is blank in all records: that is nothing reported, and no zero.
    """

    value: Decimal | None
    records: int


_FORMER = "one that was merged or abolished belongs among the series' former_units"
ZERO = Total(Decimal(0), 0)
Totals = dict[tuple[Period, str], dict[str, Total]]


def count_records(
    records: Records,
    wanted: Mapping[str, Counted],
    periods: Sequence[Period],
    units: Mapping[str, str],
    former: Collection[str] = (),
) -> Totals:
    """Count every wanted figure for every unit and period.

    Arguments:
        records: the opened files.
        wanted: what to count, by name.
        periods: in any number and overlap.
        units: every name a unit may be written by, folded (``labels.normalise``), with the unit's id.
        former: the folded names of units that are none any more, whose records are passed over.

    Returns:
        By period and unit id, each wanted figure; a unit without any record in a period is absent, so that nothing
        reported is told from zero, and so is one whose records all leave a field blank that the figure needs. Sums are
        exact; money is in yuan.

    Raises:
        DataError: a field that a measure needs is in none of the columns, or a unit's name is unknown.
    """
    _require_fields(records, wanted)
    by_date: dict[str, dict[str, Counted]] = defaultdict(dict)
    for name, counted in wanted.items():
        by_date[counted.definition.date][name] = counted
    named = named_units(records, units, former)
    # Periods are runs of whole months: a record belongs to each period that its month belongs to.
    months = ", ".join(
        f"({place}, {period.year}, {month})"
        for place, period in enumerate(periods)
        for month in range(period.first, period.last + 1)
    )
    within = f"BETWEEN DATE '{min(period.start for period in periods)}' AND DATE '{max(p.end for p in periods)}'"
    totals: Totals = {}
    for date, group in by_date.items():
        fields = dict.fromkeys(("unit", *(name for counted in group.values() for name in counted.reads)))
        asked = {name: (counted.sql, counted.needs_sql) for name, counted in group.items()}
        summed = {name for name, counted in group.items() if counted.definition.of in counted.needs}
        columns = list(dict.fromkeys(sql for own, needs in asked.values() for sql in chain(own, *needs)))
        query = (
            f"SELECT of_unit, place, {', '.join(columns)} FROM {records.relation(list(fields))} "
            f"JOIN {named} ON unit = spelling "
            f"JOIN (VALUES {months}) AS months (place, of_year, of_month) ON year({date}) = of_year "
            f"AND month({date}) = of_month WHERE {date} {within} GROUP BY ALL"
        )
        for unit, place, *numbers in records.connection.execute(query).fetchall():
            cell = totals.setdefault((periods[place], unit), dict.fromkeys(wanted, ZERO))
            found = dict(zip(columns, numbers, strict=True))
            for name, ((value, behind), needs) in asked.items():
                is_blank = any(found[needed] and not found[given] for needed, given in needs)
                is_blank |= name in summed and found[value] is None and found[behind] > 0  # of those that count
                cell[name] = Total(None if is_blank else Decimal(found[value] or 0), found[behind])
    return totals


def spellings(records: Records) -> list[str]:
    """Every way in which a unit is written."""
    query = f"SELECT DISTINCT unit FROM {records.relation(['unit'], raw=True)} ORDER BY ALL"
    return [unit or "" for (unit,) in records.connection.execute(query).fetchall()]


def named_units(records: Records, units: Mapping[str, str], former: Collection[str] = ()) -> str:
    """SQL for a table of every ``spelling`` of a unit that occurs, with its id, ``of_unit``; not of ``former`` ones.

    Raises:
        DataError: a name that is no unit's.
    """
    found = [unit for unit in spellings(records) if normalise(unit) not in former]
    unknown = [unit for unit in found if normalise(unit) not in units]
    if unknown:
        raise DataError(
            "unknown reporting unit in case records",
            place=", ".join(file.name for file in records.files[:3]),
            found="、".join(unit or "a blank" for unit in unknown[:10]),
            expected="a unit of the series, by official name, short name or alias",
            hint=f"{did_you_mean(normalise(unknown[0]), units)} {_FORMER}".lstrip(),
        )
    written, ids = (", ".join(map(quoted, names)) for names in (found, (units[normalise(unit)] for unit in found)))
    return f"(SELECT unnest([{written}]::VARCHAR[]) AS spelling, unnest([{ids}]::VARCHAR[]) AS of_unit)"


def _require_fields(records: Records, wanted: Mapping[str, Counted]) -> None:
    needed = ((counted.definition.label, name) for counted in wanted.values() for name in counted.fields)
    for file, (label, name) in product(records.files, needed):
        if name not in file.columns:
            header = BY_NAME[name].header
            raise DataError(
                f"no column for {header}, which {label} is counted from",
                place=file.name,
                expected=f"{header} ({name})",
                hint=did_you_mean(header, filter(None, file.header)),
            )
