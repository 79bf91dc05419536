"""What is wrong with case records: unreadable values, missing ones, words nobody knows, dates and sums that cannot be.

One scan counts every kind of fault; only for kinds that occur are the records looked up, with file and row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tongbao.basics.errors import DataError, combined
from tongbao.reading.cell import Source, column_letter
from tongbao_records.layout import BY_NAME, FIELDS, SYNTHETIC_MARK, Field
from tongbao_records.source import RecordFile, Records

SHOWN = 20  # records named for each kind of fault; of a doubt, for each unit that reports


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation inside one record: ``broken`` is SQL over ``fields``, true where the record cannot be right."""

    name: str
    level: Literal["error", "warning"]
    fields: tuple[str, ...]
    broken: str
    zh: str
    en: str


RULES = (
    Rule("collected_within_fine", "error", ("collected", "fine"), "collected > fine",
         "已收缴罚款大于罚款金额", "more was collected than fined"),
    Rule("serious_within_hazards", "error", ("serious_hazards", "hazards"), "serious_hazards > hazards",
         "重大隐患数大于隐患数", "more serious hazards than hazards"),
    Rule("fine_needs_decision", "error", ("fine", "penalty_date"), "fine > 0 AND penalty_date IS NULL",
         "有罚款金额而没有处罚决定日期", "a fine without a day of decision"),
    Rule("accident_or_not", "error", ("accident_fine", "penalty_date"),
         "penalty_date IS NOT NULL AND accident_fine IS NULL",
         "有处罚决定而未填是否事故罚款", "a penalty that does not say whether it is for an accident"),
    Rule("serious_or_not", "error", ("serious_violation", "case_date"),
         "case_date IS NOT NULL AND serious_violation IS NULL",
         "已立案而未填是否重大违法行为", "a case that does not say whether it is one of serious violation"),
    Rule("decision_needs_fine", "warning", ("penalty_date", "fine"), "penalty_date IS NOT NULL AND fine IS NULL",
         "有处罚决定而罚款金额为空白", "a penalty whose fine is blank"),
    Rule("case_after_inspection", "warning", ("case_date", "inspection_date"), "case_date < inspection_date",
         "立案日期早于检查日期", "the case was opened before the inspection"),
    Rule("penalty_after_case", "warning", ("penalty_date", "case_date"), "penalty_date < case_date",
         "处罚决定日期早于立案日期", "the penalty was decided before the case was opened"),
    Rule("mended_after_inspection", "warning", ("rectification_done", "inspection_date"),
         "rectification_done < inspection_date",
         "整改完成日期早于检查日期", "hazards were mended before the inspection"),
    Rule("task_needs_due", "warning", ("random_task_done", "random_task_due"),
         "random_task_done IS NOT NULL AND random_task_due IS NULL",
         "双随机任务有完成日期而没有期限", "a random-inspection task done without a day it was due"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that is wrong or doubtful: the rule, its place, unit as written, and what was found."""

    rule: str
    level: Literal["error", "warning"]
    zh: str
    en: str
    source: Source
    unit: str
    found: str
    expected: str | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Check:
    rule: Rule
    expected: str | None = None


def examine(records: Records, *, synthetic: bool) -> list[Fault]:
    """Every kind of fault of some records, with the first ``SHOWN`` records of each.

    Arguments:
        records: the opened files.
        synthetic: whether the series says that its figures are made up. Records marked so are refused in any other
            series, and unmarked ones in this: the two are never mixed.

    Returns:
        Warnings.

    Raises:
        DataError: all errors, each with file, row and column.
    """
    checks = [*_per_field(records), *_per_record(records), *_marked(records, synthetic=synthetic)]
    fields = [field.name for field in FIELDS if any(field.name in file.columns for file in records.files)]
    counts: list[int] = []
    if checks:
        columns = ", ".join(f"count(*) FILTER (WHERE {check.rule.broken})" for check in checks)
        row = records.connection.execute(f"SELECT {columns} FROM {records.relation(fields, raw=True)}").fetchone()
        counts = list(row or ())
    faults = [
        fault
        for check, count in zip(checks, counts, strict=True)
        if count
        for fault in _look_up(records, check, fields)
    ]
    faults += _doubles(records)
    errors = [fault for fault in faults if fault.level == "error"]
    if errors:
        raise combined([_error(fault) for fault in errors])
    return faults


def _per_field(records: Records) -> list[_Check]:
    checks = []
    for field in FIELDS:
        files = [file for file in records.files if field.name in file.columns]
        if not files:
            continue
        name, header = field.name, field.header
        if field.type != "text":
            checks.append(_unreadable(field))
        if field.type in ("count", "amount"):
            checks.append(_Check(Rule(f"{name}_range", "error", (name,), f"{name} < 0",
                                      f"{header}为负数", f"{name} is negative"), "0 or more"))  # fmt: skip
        if field.required:
            checks.append(_Check(Rule(f"{name}_required", "error", (name,), f"{name}_raw IS NULL",
                                      f"{header}为空白", f"{name} is blank"), "a value"))  # fmt: skip
        if field.values:
            words = ", ".join(f"'{word}'" for word in field.values)
            checks.append(_Check(Rule(f"{name}_values", "error", (name,), f"{name} NOT IN ({words})",
                                      f"{header}不是规定的用语", f"{name} is not one of its words"),
                                 "、".join(field.values)))  # fmt: skip
    return checks


_EXPECTED = {
    "date": "a day such as 2021-01-05",
    "yes_no": "是 or 否",
    "count": "a whole number, 0 or more",
    "amount": "a number, 0 or more, with at most four decimals",
}


def _unreadable(field: Field) -> _Check:
    return _Check(
        Rule(
            f"{field.name}_unreadable",
            "error",
            (field.name,),
            f"{field.name} IS NULL AND {field.name}_raw IS NOT NULL",
            f"{field.header}无法识别",
            f"{field.name} cannot be read",
        ),
        _EXPECTED[field.type],
    )


def _per_record(records: Records) -> list[_Check]:
    return [_Check(rule) for rule in RULES if set(rule.fields) <= records.fields]


def _marked(records: Records, *, synthetic: bool) -> list[_Check]:
    has_note = "note" in records.fields
    is_marked = f"note LIKE '%{SYNTHETIC_MARK}%'"
    if synthetic:
        broken = f"note IS NULL OR NOT ({is_marked})" if has_note else "true"
        return [_Check(Rule("mark", "error", ("note",) if has_note else (), broken,
                            "合成数据系列中的记录未标明“合成数据”", "an unmarked record in a synthetic series"),
                       f"备注: {SYNTHETIC_MARK}")]  # fmt: skip
    if not has_note:
        return []
    return [_Check(Rule("mark", "error", ("note",), is_marked, "合成数据不得与真实数据混用",
                        "made-up records among real ones"), "real records")]  # fmt: skip


def _look_up(records: Records, check: _Check, fields: list[str]) -> list[Fault]:
    """The first records of a fault; of a doubt, those of each unit, because each is asked of its own."""
    rule = check.rule
    written = ", ".join(f"{name}_raw" for name in rule.fields) or "NULL"
    group = "PARTITION BY unit_raw" if rule.level == "warning" else ""
    query = (
        f"SELECT file, row, unit_raw, row_number() OVER ({group} ORDER BY file, row) AS number, "
        f"count(*) OVER ({group}) AS total, {written} FROM {records.relation(fields, raw=True, rows=True)} "
        f"WHERE {rule.broken} QUALIFY number <= {SHOWN} ORDER BY file, row"
    )
    return [
        Fault(
            rule.name,
            rule.level,
            rule.zh,
            rule.en,
            _source(records, file, row, rule.fields[0] if rule.fields else "record_id"),
            unit or "",
            "，".join(
                f"{BY_NAME[name].header} {value or '空白'}" for name, value in zip(rule.fields, values, strict=False)
            ),
            check.expected,
            total - SHOWN if number == SHOWN else 0,
        )
        for file, row, unit, number, total, *values in records.connection.execute(query).fetchall()
    ]


def _doubles(records: Records) -> list[Fault]:
    """Record numbers used twice: equal numbers have equal hashes, so that hashes alone are held in memory at first."""
    relation = records.relation(["record_id"])
    query = (
        f"SELECT hash(record_id) AS h FROM {relation} WHERE record_id <> '' GROUP BY h HAVING count(*) > 1 LIMIT 10000"
    )
    hashes = [str(h) for (h,) in records.connection.execute(query).fetchall()]
    if not hashes:
        return []
    rows = records.relation(["record_id", "unit"], raw=True, rows=True)
    query = (
        "SELECT file, row, unit_raw, record_id, first_file, first_row, total FROM (SELECT *, "
        "first_value(file) OVER same AS first_file, first_value(row) OVER same AS first_row, "
        f"row_number() OVER same AS number, count(*) OVER () AS total FROM {rows} WHERE hash(record_id) IN "
        f"({', '.join(hashes)}) WINDOW same AS (PARTITION BY record_id ORDER BY file, row)) "
        f"WHERE number > 1 ORDER BY file, row LIMIT {SHOWN}"
    )
    return [
        Fault(
            "record_id_unique",
            "error",
            "检查编号重复",
            "the record's number is used twice",
            _source(records, file, row, "record_id"),
            unit or "",
            f"{number}",
            f"a number of its own; the first is at {_source(records, first_file, first_row, 'record_id')}",
        )
        for file, row, unit, number, first_file, first_row, _ in records.connection.execute(query).fetchall()
    ]


def _source(records: Records, name: str, row: int, field: str) -> Source:
    file: RecordFile = next(file for file in records.files if file.name == name)
    column = column_letter(file.columns[field][0]) if field in file.columns else "A"
    return Source(name, None, row, column)


def _error(fault: Fault) -> DataError:
    more = f"{fault.more} more records have the same fault" if fault.more else None
    return DataError(f"{fault.zh} ({fault.en})", place=str(fault.source), found=fault.found,
                     expected=fault.expected, hint=more)  # fmt: skip
