"""What is wrong with case records: unreadable values, missing ones, words nobody knows, dates and sums that cannot be.

One scan counts every kind of fault; only for kinds that occur are the records looked up, with file and row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from tongbao.basics.errors import DataError, combined
from tongbao.basics.workbook import column_letter
from tongbao.reading.cell import Source
from tongbao_records.files import Records, quoted
from tongbao_records.layout import BY_NAME, FIELDS, SYNTHETIC_MARK, TABLES, Field, fields_in
from tongbao_records.measures import MEASURES

SHOWN = 20  # records named for each kind of fault; of a doubt, for each unit that reports


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation inside one record: ``broken`` is SQL, true where the record cannot be right."""

    name: str
    level: Literal["error", "warning"]
    broken: str
    zh: str
    en: str
    expected: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field it reads; the fault is shown at the first."""
        return fields_in(self.broken)


RULES = TypeAdapter(tuple[Rule, ...]).validate_python(TABLES["rules"])
_UNIQUE = Rule("record_id_unique", "error", "", "检查编号重复", "the record's number is used twice")
_CODED = Rule(
    *("code_of_enterprise", "warning", "enterprise_code IS NULL", "未填统一社会信用代码，不计入企业数和企业名单"),
    "no enterprise code: no list or count of enterprises has it",
)
_NAMED_TWICE = Rule(
    *("one_name_for_a_code", "warning", "", "相同的统一社会信用代码下有不同的企业名称，合并计算"),
    "enterprises of different names under the same code, which are counted together",
)
_READABLE = {
    "date": "a day such as 2021-01-05",
    "yes_no": "是/否",
    "count": "a whole number, 0 or more",
    "amount": "a number, 0 or more, with at most four decimals",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that is wrong or doubtful: its place, unit as written, headers with what was found, how many more."""

    rule: Rule
    source: Source
    unit: str
    values: tuple[tuple[str, str | None], ...]
    expected: str | None
    more: int = 0

    def found(self, lang: str) -> str:
        """What was found, in words."""
        blank, between = ("空白", "，") if lang == "zh" else ("blank", "; ")
        return between.join(f"{header} {value or blank}".strip() for header, value in self.values)


def examine(
    records: Records,
    *,
    synthetic: bool,
    within: tuple[dt.date, dt.date] | None = None,
    coded: bool = False,
    lacking: Sequence[Rule] = (),
) -> list[Fault]:
    """Every kind of fault of some records, with the first ``SHOWN`` records of each.

    Arguments:
        records: the opened files.
        synthetic: whether the series says that its figures are made up. Records marked so are refused in any other
            series, and unmarked ones in this: the two are never mixed.
        within: the days that records must be of, first and last, where files hold those of one period.
        coded: whether enterprises are counted or listed, which are known by their code.
        lacking: further rules, on the fields that the series' figures need.

    Returns:
        Warnings.

    Raises:
        DataError: all errors, each with file, row and column.
    """
    there = [field for field in FIELDS if any(field.name in file.columns for file in records.files)]
    fields = [field.name for field in there]
    rules = [rule for field in there for rule in _of_field(field)]
    rules += [rule for rule in (*RULES, *lacking) if set(rule.fields) <= records.fields]
    rules += _of_mark(synthetic=synthetic, noted="note" in records.fields)
    rules += _of_days(*within, records.fields) if within else []
    coded = coded and "enterprise_code" in records.fields
    rules += [_CODED] if coded else []
    columns = ", ".join(f"count(*) FILTER (WHERE {rule.broken})" for rule in rules)
    counts = records.connection.execute(f"SELECT {columns} FROM {records.relation(fields, raw=True)}").fetchone() or ()
    broken = [rule for rule, count in zip(rules, counts, strict=True) if count]
    faults = [*(_look_up(records, broken) if broken else ()), *_doubles(records)]
    faults += _of_several_names(records) if coded and "enterprise" in records.fields else ()
    errors = [fault for fault in faults if fault.rule.level == "error"]
    if errors:
        raise combined([_error(fault) for fault in errors])
    return faults


def _of_field(field: Field) -> Iterator[Rule]:
    name, words = field.name, ", ".join(map(quoted, field.values))
    faults: dict[str, tuple[str, str, str, str]] = {}
    if field.type in _READABLE:
        unreadable = f"{name} IS NULL AND {name}_raw IS NOT NULL"
        faults["unreadable"] = (unreadable, "无法识别", "cannot be read", _READABLE[field.type])
    if field.type in ("count", "amount"):
        faults["range"] = (f"{name} < 0", "为负数", "is negative", "0 or more")
    if field.required:
        faults["required"] = (f"{name}_raw IS NULL", "为空白", "is blank", "a value")
    if words:
        said = ("不是规定的用语", "is not one of its words", "、".join(field.values))
        faults["values"] = (f"{name} NOT IN ({words})", *said)
    for kind, (broken, zh, en, expected) in faults.items():
        yield Rule(f"{name}_{kind}", "error", broken, f"{field.header}{zh}", f"{name} {en}", expected)


def _of_mark(*, synthetic: bool, noted: bool) -> list[Rule]:
    """Made-up records are marked as such, and nowhere but in a series that says so."""
    is_marked = f"note LIKE '%{SYNTHETIC_MARK}%'"
    if synthetic:
        broken = f"note IS NULL OR NOT ({is_marked})" if noted else "true"
        zh, en = "合成数据系列中的记录未标明“合成数据”", "an unmarked record in a synthetic series"
        return [Rule("mark", "error", broken, zh, en, f"备注: {SYNTHETIC_MARK}")]
    zh, en = "合成数据不得与真实数据混用", "made-up records among real ones"
    return [Rule("mark", "error", is_marked, zh, en, "real records")] if noted else []


def _of_days(first: dt.date, last: dt.date, known: Collection[str]) -> Iterator[Rule]:
    """Days that figures are counted by, mistyped into another time: the record is not counted, or only in part."""
    counted_by = [name for name in dict.fromkeys(measure.date for measure in MEASURES.values()) if name in known]
    done = [name for name in counted_by if not name.endswith("_due")]  # what is due may be so later
    late = " OR ".join(f"coalesce({name} > DATE '{last}', false)" for name in done)
    early = " AND ".join(f"coalesce({name} < DATE '{first}', true)" for name in counted_by)
    zh, en = "日期在本期之后，未计入本期", "a day after the period, which is not counted in it"
    yield Rule("day_after_period", "warning", late, zh, en)
    zh, en = "日期均在本期之前，未计入本期", "all days before the period, which does not count the record"
    yield Rule("days_before_period", "warning", early, zh, en)


def _of_several_names(records: Records) -> Iterator[Fault]:
    """Codes under which several enterprises stand: one of them may be mistyped, and all are taken for one."""
    columns = ["enterprise_code", "enterprise"]
    several = (
        f"SELECT enterprise_code FROM {records.relation(columns)} WHERE enterprise_code IS NOT NULL "
        "GROUP BY ALL HAVING min(enterprise) <> max(enterprise)"
    )
    codes = ", ".join(quoted(code) for (code,) in records.connection.execute(f"{several} LIMIT 10000").fetchall())
    if not codes:
        return
    query = (
        "SELECT file, row, unit_raw, enterprise_code, enterprise FROM "
        f"{records.relation([*columns, 'unit'], raw=True, rows=True)} WHERE enterprise_code IN ({codes}) "
        f"QUALIFY row_number() OVER (PARTITION BY enterprise_code, enterprise ORDER BY file, row) = 1 "
        f"ORDER BY enterprise_code, file, row LIMIT {2 * SHOWN}"
    )
    for file, row, unit, code, name in records.connection.execute(query).fetchall():
        values = ((BY_NAME["enterprise_code"].header, code), (BY_NAME["enterprise"].header, name))
        yield Fault(_NAMED_TWICE, place_of(records, file, row, "enterprise"), unit or "", values, None)


def _look_up(records: Records, rules: Sequence[Rule]) -> Iterator[Fault]:
    """The first records of each fault, in one scan; of a doubt, of each unit, because each is asked of its own."""
    fields = list(dict.fromkeys(("unit", *(name for rule in rules for name in rule.fields))))
    doubts = ", ".join(str(at) for at, rule in enumerate(rules) if rule.level == "warning") or "-1"
    flags = ", ".join(f"CASE WHEN {rule.broken} THEN {at} END" for at, rule in enumerate(rules))
    written = ", ".join(f"{name}_raw" for name in fields)
    query = (
        f"SELECT rule, file, row, row_number() OVER (same ORDER BY file, row) AS number, count(*) OVER same AS total, "
        f"{written} "
        f"FROM (SELECT *, unnest([{flags}]) AS rule FROM {records.relation(fields, raw=True, rows=True)}) "
        f"WHERE rule IS NOT NULL WINDOW same AS (PARTITION BY rule, CASE WHEN rule IN ({doubts}) THEN unit_raw END) "
        f"QUALIFY number <= {SHOWN} ORDER BY rule, file, row"
    )
    for at, file, row, number, total, *values in records.connection.execute(query).fetchall():
        rule, value = rules[at], dict(zip(fields, values, strict=True))
        found = tuple((BY_NAME[name].header, value[name]) for name in rule.fields)
        source = place_of(records, file, row, rule.fields[0] if rule.fields else "record_id")
        yield Fault(rule, source, value["unit"] or "", found, rule.expected, total - SHOWN if number == SHOWN else 0)


def _doubles(records: Records) -> Iterator[Fault]:
    """Record numbers used twice: equal numbers have equal hashes, so that hashes alone are held in memory at first."""
    relation, twice = records.relation(["record_id"]), "GROUP BY h HAVING count(*) > 1 LIMIT 10000"
    query = f"SELECT hash(record_id) AS h FROM {relation} WHERE record_id <> '' {twice}"
    hashes = ", ".join(str(h) for (h,) in records.connection.execute(query).fetchall())
    if not hashes:
        return
    rows = records.relation(["record_id", "unit"], raw=True, rows=True)
    query = (
        "SELECT file, row, unit_raw, record_id, first_file, first_row FROM (SELECT *, "
        "first_value(file) OVER same AS first_file, first_value(row) OVER same AS first_row, "
        f"row_number() OVER same AS number FROM {rows} WHERE hash(record_id) IN ({hashes}) "
        "WINDOW same AS (PARTITION BY record_id ORDER BY file, row)) "
        f"WHERE number > 1 ORDER BY file, row LIMIT {SHOWN}"
    )
    for file, row, unit, number, first_file, first_row in records.connection.execute(query).fetchall():
        expected = f"a number of its own; the first is at {place_of(records, first_file, first_row, 'record_id')}"
        yield Fault(_UNIQUE, place_of(records, file, row, "record_id"), unit or "", (("", f"{number}"),), expected)


def former_rows(
    records: Records, written: Mapping[str, str], dates: Collection[str], days: tuple[dt.date, dt.date]
) -> dict[str, str]:
    """The first record of each unit that is none any more, of those that would count between two days.

    Arguments:
        records: the opened files.
        written: the units' names, by how records write them.
        dates: the fields that figures are counted by.
        days: the first and the last.
    """
    counts = " OR ".join("{} BETWEEN DATE '{}' AND DATE '{}'".format(name, *days) for name in dates)
    query = (
        f"SELECT unit, file, row FROM {records.relation(['unit', *dates], rows=True)} "
        f"WHERE unit IN ({', '.join(map(quoted, written))}) AND ({counts}) "
        "QUALIFY row_number() OVER (PARTITION BY unit ORDER BY file, row) = 1 ORDER BY file, row"
    )
    found: dict[str, str] = {}
    for unit, file, row in records.connection.execute(query).fetchall():
        found.setdefault(written[unit], str(place_of(records, file, row, "unit")))
    return found


def place_of(records: Records, name: str, row: int, field: str) -> Source:
    """Where a field of a record stands, in the file that is named so."""
    file = next(file for file in records.files if file.name == name)
    column = column_letter(file.columns[field][0]) if field in file.columns else "A"
    return Source(name, None, row, column)


def _error(fault: Fault) -> DataError:
    more = f"{fault.more} more records have the same fault" if fault.more else None
    error = DataError(
        fault.rule.en, place=str(fault.source), found=fault.found("en"), expected=fault.expected, hint=more
    )
    error.wordings = {"zh": fault.rule.zh, "en": fault.rule.en}
    return error
