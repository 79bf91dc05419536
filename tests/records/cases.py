"""Case records to test with: a few by hand, synthetic ones in number."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from pathlib import Path

from tongbao.basics.period import Period
from tongbao.definition.case_records import RecordSource
from tongbao.reading.labels import normalise
from tongbao_records.files import open_records
from tongbao_records.layout import BY_NAME, FIELDS

UNITS = {normalise(name): unit for name, unit in
         (("鹿城区", "lucheng"), ("鹿城", "lucheng"), ("龙湾区", "longwan"), ("浙南产业集聚区", "zhenan"))}  # fmt: skip
SOURCE = RecordSource(files=("cases.csv",))
PERIOD = Period.parse("2021-01-to-02")
GOOD = {
    "record_id": "1",
    "inspection_date": "2021-01-05",
    "unit": "鹿城区",
    "enterprise_code": "A1",
    "industry": "工贸",
    "kind": "日常检查",
    "terminal": "移动端",
    "hazards": "3",
    "serious_hazards": "0",
    "suspended": "否",
    "case_date": "2021-01-06",
    "serious_violation": "否",
    "penalty_date": "2021-01-20",
    "fine": "5000",
    "accident_fine": "否",
    "collected": "5000",
}


def rows(*changes: dict[str, str | None]) -> list[dict[str, str]]:
    """Good records, each with some fields changed and a number of its own; ``None`` makes a field blank."""
    made = []
    for number, change in enumerate(changes, start=1):
        record = GOOD | {"record_id": str(number)} | change
        made.append({name: value or "" for name, value in record.items()})
    return made


def as_csv(records: list[dict[str, str]], delimiter: str = ",", before: str = "") -> str:
    names = list(records[0])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([BY_NAME[name].header for name in names])
    writer.writerows([record[name] for name in names] for record in records)
    return before + out.getvalue()


@contextmanager
def opened(folder: Path, *files: tuple[str, bytes | str], source: RecordSource = SOURCE):
    paths = []
    for name, data in files:
        path = folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        paths.append((path, name))
    with open_records(paths, source) as records:
        yield records


HEADERS = {field.header for field in FIELDS}
