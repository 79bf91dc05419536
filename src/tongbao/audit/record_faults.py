"""Case records that may be wrong, looked for again row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tongbao.audit.issues import BLANK, LANGUAGES, RECORDS, Issue, say
from tongbao.audit.rows import Row
from tongbao.definition.series import Series
from tongbao.reading.cell import Cell
from tongbao_records.layout import BY_NAME

# So many records of a unit are named for each fault; all are counted.
SHOWN = 20


@dataclass(frozen=True)
class _Doubt:
    """A relation inside a record that should hold; ``fields`` are shown, the first is the place."""

    fields: tuple[str, str]
    broken: Callable[[Row], bool]


def _earlier(first: str, second: str) -> _Doubt:
    return _Doubt((first, second), lambda row: bool((a := row.day(first)) and (b := row.day(second)) and a < b))


def _alone(given: str, missing: str) -> _Doubt:
    return _Doubt((given, missing), lambda row: bool(row.get(given)) and not row.get(missing))


_DOUBTS = {
    "decision_needs_fine": _alone("penalty_date", "fine"),
    "case_after_inspection": _earlier("case_date", "inspection_date"),
    "penalty_after_case": _earlier("penalty_date", "case_date"),
    "mended_after_inspection": _earlier("rectification_done", "inspection_date"),
    "task_needs_due": _alone("random_task_done", "random_task_due"),
}


def find_record_issues(series: Series, rows: Sequence[Row]) -> list[Issue]:
    """Every kind of doubt once for each unit, with the records to look at.

    Raises:
        NotComputableError: a date that is not written plainly.
    """
    everywhere = set.intersection(*(set(row.columns) for row in rows)) if rows else set()
    found = []
    for name, doubt in sorted(_DOUBTS.items()):
        if not set(doubt.fields) <= everywhere:
            continue
        broken: dict[str, list[Row]] = {}
        for row in rows:
            if doubt.broken(row):
                broken.setdefault(row.unit, []).append(row)
        found += [_issue(series, name, doubt, unit, broken[unit]) for unit in sorted(broken)]
    return found


def _issue(series: Series, name: str, doubt: _Doubt, unit: str, rows: Sequence[Row]) -> Issue:
    declared = next((known for known in series.units if known.id == unit), None)
    cells = tuple(
        Cell("records", unit or None, name, "，".join(
            f"{BY_NAME[field].header} {row.written.get(field, '') or BLANK['zh']}" for field in doubt.fields),
             None, row.place(doubt.fields[0]))
        for row in rows
    )  # fmt: skip
    said = {lang: say("records", lang, unit=declared.zh if declared else "", fault=RECORDS[name][lang],
                      colon=f"{declared.en}: " if declared else "", count=str(len(rows)))
            for lang in LANGUAGES}  # fmt: skip
    return Issue(name, "records", "warning", "records", unit or None, frozenset(), said, cells, more=len(rows) > SHOWN)
