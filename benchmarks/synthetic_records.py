"""Synthetic case records: made up, marked as such, the same each time, of any size, with sums that can be prescribed.

The records under data/raw were made so from ``totals/``; to make others, as CSV or Parquet::

    python benchmarks/synthetic_records.py cases.parquet --rows 1000000
    python benchmarks/synthetic_records.py cases.csv --totals benchmarks/totals/assessment-2021.csv --period 2021

Random numbers come from SplitMix64 (Steele, Lea & Flood 2014) over the record's place, so that a record depends on
nothing but the seed and its place, on any machine and in any version of any library.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.basics.rounding import parse_decimal
from tongbao_records.layout import BY_NAME, FIELDS, KINDS, SYNTHETIC_MARK, TERMINALS

INDUSTRIES = ("危险化学品", "工贸", "矿山", "建筑施工", "消防重点单位")
RANDOM = KINDS[2]
_FINE_STEP = 100  # fines are multiples of 100 yuan where their sum is
_BATCH = 500_000
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Group:
    """What a group of records adds up to, exactly.

    Arguments:
        unit: the county, as records name it.
        inspections: how many records.
        industry, kind: of all of them; empty for a mixture.
        penalties: how many end with a penalty in the period; ``cases`` how many are opened (at least as many).
        accident_penalties: how many of the penalties are for accidents.
        serious_cases, suspensions: how many.
        fines, accident_fines: yuan, of all penalties and of those for accidents.
        collected: yuan; -1 for all.
        seized: hundredths of a tonne.
        transferred, detained: cases handed to the police, persons detained.
        mobile, on_time, mended: shares in percent of records entered on the app, of random-inspection tasks done in
            time and of hazards mended in time, near enough.
    """

    unit: str
    inspections: int
    industry: str = ""
    kind: str = ""
    penalties: int = 0
    cases: int = 0
    accident_penalties: int = 0
    serious_cases: int = 0
    suspensions: int = 0
    fines: int = 0
    accident_fines: int = 0
    collected: int = -1
    seized: int = 0
    transferred: int = 0
    detained: int = 0
    mobile: int = 95
    on_time: int = 97
    mended: int = 90


def read_groups(path: Path, name: str) -> list[Group]:
    """Read a file of totals: a header of ``Group``'s fields, a row for each group; blanks take the defaults.

    Raises:
        DataError: a column or number that is not known; totals that cannot be.
    """
    groups = []
    known = {field.name: field for field in fields(Group)}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(line for line in stream if not line.startswith("#"))
        for number, row in enumerate(reader, start=2):
            place = f"{name} row {number}"
            unknown = set(row) - set(known)
            if unknown:
                raise DataError("not a column of synthetic totals", place=name, found=", ".join(map(str, unknown)),
                                expected=", ".join(known))  # fmt: skip
            values = {key: _value(key, text.strip(), place) for key, text in row.items() if text and text.strip()}
            group = Group(**values)
            if max(group.penalties, group.cases, group.suspensions) > group.inspections or (
                bool(group.fines) and not group.penalties
            ):
                raise DataError("totals that no records can give", place=place, found=str(values))
            groups.append(group)
    return groups


def _value(key: str, text: str, place: str) -> Any:
    if key in ("unit", "industry", "kind"):
        return text
    value = parse_decimal(text)
    if value is None or value != value.to_integral_value():
        raise DataError("not a whole number", place=place, found=f"{key} {text}")
    return int(value)


def spread(rows: int, period: Period, units: Sequence[str], seed: int) -> list[tuple[Period, Group]]:
    """Groups for a benchmark: ``rows`` records over the months of a period and some counties, at usual rates."""
    months = [Period(period.year, month, month, "month") for month in range(period.first, period.last + 1)]
    shares = _uniform(seed, 7, 0, len(units)) + 0.2
    per_unit = _split(rows, shares)
    groups = []
    for index, unit in enumerate(units):
        for month, count in zip(months, _split(int(per_unit[index]), np.ones(len(months))), strict=True):
            penalties = int(count) * (8 + index % 7) // 100
            group = Group(
                unit,
                int(count),
                penalties=penalties,
                cases=penalties + penalties // 9,
                accident_penalties=penalties // 40,
                serious_cases=penalties // 8,
                suspensions=int(count) // 90,
                fines=penalties * 18_500,
                accident_fines=penalties // 40 * 120_000,
                transferred=penalties // 60,
                detained=penalties // 60,
                mobile=90 + index % 10,
            )
            groups.append((month, group))
    return groups


def write_parquet(path: Path, groups: Sequence[tuple[Period, Group]], seed: int = 1) -> int:
    """Write records as Parquet, piece by piece; returns their number. The file's metadata say what they are."""
    schema = _schema().with_metadata({"note": SYNTHETIC_MARK, "synthetic": "true"})
    total = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        held: list[pa.Table] = []
        for table in _tables(groups, seed):
            held.append(table)
            total += table.num_rows
            if sum(piece.num_rows for piece in held) >= _BATCH:
                writer.write_table(pa.concat_tables(held).combine_chunks().cast(schema))
                held = []
        if held:
            writer.write_table(pa.concat_tables(held).combine_chunks().cast(schema))
    return total


def write_csv(path: Path, groups: Sequence[tuple[Period, Group]], seed: int = 1) -> int:
    """Write records as CSV with the layout's Chinese headers, by day of inspection; returns their number."""
    table = pa.concat_tables(_tables(groups, seed)).sort_by(
        [("inspection_date", "ascending"), ("record_id", "ascending")]
    )
    columns = [_worded(table[field.name], field.type) for field in FIELDS]
    written = pa.table(dict(zip((field.header for field in FIELDS), columns, strict=True)))
    with path.open("wb") as out:
        pa_csv.write_csv(written, out, pa_csv.WriteOptions(quoting_style="needed"))
    return int(table.num_rows)


def _worded(column: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    if kind == "yes_no":
        return pc.if_else(column, "是", "否")
    if kind == "amount":  # 42500, not 42500.00
        texts = [None if value is None else format(value.normalize(), "f") for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column


def _schema() -> pa.Schema:
    types = {"text": pa.string(), "date": pa.date32(), "yes_no": pa.bool_(), "count": pa.int32(),
             "amount": pa.decimal128(14, 2)}  # fmt: skip
    return pa.schema([pa.field(field.name, types[field.type]) for field in FIELDS])


def _tables(groups: Sequence[tuple[Period, Group]], seed: int) -> Iterator[pa.Table]:
    start = 0
    units: dict[str, int] = {}
    for period, group in groups:
        number = units.setdefault(group.unit, len(units))  # a county's enterprises are the same in every month
        for offset in range(0, group.inspections, _BATCH * 4):
            if offset:
                raise DataError("a group of synthetic records is too large", found=group.inspections,
                                expected=f"at most {_BATCH * 4}, or more counties")  # fmt: skip
            yield _table(period, group, number, start, seed)
        start += group.inspections


def _table(period: Period, group: Group, number: int, start: int, seed: int) -> pa.Table:
    """The records of one group. Which of them are penalised, serious … follows from a shuffled order."""
    n = group.inspections
    random = _Random(seed, start, n)
    place = np.argsort(random(1), kind="stable").argsort(kind="stable")  # each record's place in a shuffled order
    penalised = place < group.penalties
    opened = place < max(group.cases, group.penalties)
    days = (period.end - period.start).days
    inspected = np.datetime64(period.start, "D") + (random(2) * (days + 1)).astype("int64")
    end = np.datetime64(period.end, "D")
    opened_on = np.minimum(inspected + (random(3) * 6).astype("int64"), end)
    decided_on = np.minimum(opened_on + (random(4) * 25).astype("int64"), end)
    kind = _words((group.kind,) if group.kind else KINDS[:4], random(5))
    industry = _words((group.industry,) if group.industry else INDUSTRIES, random(6))
    is_random = pc.equal(kind, RANDOM).to_numpy(zero_copy_only=False)
    late = random(8) * 100 >= group.on_time
    due = np.where(late, inspected - 1 - (random(9) * 5).astype("int64"), np.minimum(inspected + 3, end))
    enterprises = max(1, n * 7 // 10)
    enterprise = pc.cast(pa.array((random(17) * enterprises).astype("int64")), pa.string())
    head = f"SYN{number:05d}"
    ids = pc.cast(pa.array(np.arange(start, start + n)), pa.string())
    columns: dict[str, Any] = {
        "record_id": pc.binary_join_element_wise(f"SYN{period.year}", ids, "-"),
        "inspection_date": inspected,
        "unit": _words((group.unit,), random(0)),
        "enterprise": pc.binary_join_element_wise("合成企业", enterprise, f"{number}-"),
        "enterprise_code": pc.binary_join_element_wise(head, pc.utf8_lpad(enterprise, 8, "0"), ""),
        "industry": industry,
        "kind": kind,
        "terminal": _words(TERMINALS, random(18) * 100 >= group.mobile),
        "random_task_due": _masked(due, is_random),
        "random_task_done": _masked(inspected, is_random),
        "site_records": (random(19) < 0.97).astype(int),
        "measures_ordered": (random(20) < 0.05).astype(int),
        "compulsory_measures": (random(21) < 0.002).astype(int),
        "suspended": place >= n - group.suspensions,
        **_hazards(group, random, inspected, end),
        "case_date": _masked(opened_on, opened),
        "serious_violation": _masked(place < group.serious_cases, opened),
        "penalty_date": _masked(decided_on, penalised),
        **_fines(group, random, place),
        "transferred": _masked(place < group.transferred, opened),
        "detained": np.where(place == 0, group.detained, 0),
        "note": _words((SYNTHETIC_MARK,), random(0)),
    }
    schema = _schema()
    arrays = [pa.array(columns[name]) if isinstance(columns[name], np.ndarray) else columns[name] for name in BY_NAME]
    return pa.table([array.cast(schema.field(i).type) for i, array in enumerate(arrays)], schema=schema)


def _hazards(group: Group, random: _Random, inspected: np.ndarray, end: np.datetime64) -> dict[str, Any]:
    """Hazards found, and when they were to be mended and were: late, or not at all."""
    hazards = (random(10) ** 2 * 7).astype(int)
    serious = ((random(11) < 0.02) & (hazards > 0)).astype(int)
    to_mend = np.minimum(inspected + 15, end)
    slow = random(12) * 100 >= group.mended
    mended = np.where(slow, to_mend + 1 + (random(13) * 60).astype("int64"), to_mend)
    never = slow & (random(14) < 0.3)
    return {
        "rectification_orders": (hazards > 0).astype(int),
        "hazards": hazards,
        "serious_hazards": serious,
        "rectification_due": _masked(to_mend, hazards > 0),
        "rectification_done": _masked(mended, (hazards > 0) & ~never),
    }


def _fines(group: Group, random: _Random, place: np.ndarray) -> dict[str, Any]:
    """What the penalised are fined, what of it was collected, and what was seized; all adding up."""
    penalised, order = place < group.penalties, np.argsort(place)[: group.penalties]
    fine, seized = np.zeros(len(place), dtype="int64"), np.zeros(len(place), dtype="int64")
    weights = random(15)[: group.penalties]
    fine[order] = np.concatenate(
        [
            _shares(group.accident_fines, weights[: group.accident_penalties]),
            _shares(group.fines - group.accident_fines, weights[group.accident_penalties :]),
        ]
    )
    seized[order] = _shares(group.seized, random(16)[: group.penalties], step=1, least=0)
    return {
        "fine": _money(fine, penalised),
        "accident_fine": _masked(place < group.accident_penalties, penalised),
        "collected": _money(fine if group.collected < 0 else _fill(fine, group.collected), penalised),
        "seized": _money(seized, penalised & (seized > 0), hundredths=True),
    }


class _Random:
    """Numbers in [0, 1) for each record of a group; ``salt`` tells one use from another."""

    def __init__(self, seed: int, start: int, count: int) -> None:
        self._seed, self._start, self._count = seed, start, count

    def __call__(self, salt: int) -> np.ndarray:
        return _uniform(self._seed, salt, self._start, self._count)


def _uniform(seed: int, salt: int, start: int, count: int) -> np.ndarray:
    """SplitMix64 over ``start … start + count``, as numbers in [0, 1)."""
    with np.errstate(over="ignore"):
        place = np.arange(start, start + count, dtype=np.uint64)
        key = np.uint64((seed * 0xD1342543DE82EF95 + salt * 0xDA942042E4DD58B5) % 2**64)
        z = (place + np.uint64(1)) * _GOLDEN + key
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype("float64") / 2.0**53


def _words(words: Sequence[str], numbers: np.ndarray) -> pa.Array:
    """One of some words for each record, by a number in [0, 1) or a truth value."""
    places = numbers.astype("int32") if numbers.dtype == bool else (numbers * len(words)).astype("int32")
    return pa.array(words).take(pa.array(places))


def _shares(total: int, weights: np.ndarray, *, step: int = 0, least: int = 1) -> np.ndarray:
    """``total`` in as many parts as there are weights, each at least ``least`` steps, adding up exactly."""
    count = len(weights)
    if count == 0:
        return np.zeros(0, dtype="int64")
    step = step or (_FINE_STEP if total % _FINE_STEP == 0 and total >= _FINE_STEP * count else 1)
    return (_split(total // step - least * count, weights**2 + 0.05) + least) * step


def _split(total: int, weights: np.ndarray) -> np.ndarray:
    """A whole number in whole parts by weight, adding up exactly."""
    edges = np.floor(np.cumsum(weights) / weights.sum() * total).astype("int64")
    edges[-1] = total
    return np.diff(edges, prepend=0)


def _fill(fine: np.ndarray, total: int) -> np.ndarray:
    """Fines collected one after the other until ``total`` is reached."""
    before = np.cumsum(fine) - fine
    filled: np.ndarray = np.minimum(np.maximum(total - before, 0), fine)
    return filled


def _masked(values: np.ndarray, there: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~there)


def _money(values: np.ndarray, there: np.ndarray, *, hundredths: bool = False) -> pa.Array:
    """Whole yuan (or hundredths) as decimals with two places; blank where there is none."""
    amounts = pa.array(values, mask=~there).cast(pa.decimal128(19, 0)).cast(pa.decimal128(21, 2))
    if not hundredths:
        return amounts.cast(pa.decimal128(14, 2))
    return pc.multiply(amounts, pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))).cast(pa.decimal128(14, 2))


def main() -> None:
    """Write records to a file."""
    parser = argparse.ArgumentParser(description="Write made-up case records, marked as synthetic.")
    parser.add_argument("output", type=Path, help="file to write: .parquet or .csv")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many records, at usual rates")
    parser.add_argument("--totals", type=Path, help="what they add up to, instead: a row for each group of records")
    parser.add_argument("--period", default="2021", help="year or months they fall in")
    parser.add_argument("--counties", type=int, default=90, help="how many counties report")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other records")
    given = parser.parse_args()
    period = Period.parse(given.period)
    if given.totals is not None:
        groups = [(period, group) for group in read_groups(given.totals, given.totals.name)]
    else:
        counties = [f"第{number}县" for number in range(1, given.counties + 1)]
        groups = spread(given.rows, period, counties, given.seed)
    write = write_parquet if given.output.suffix == ".parquet" else write_csv
    sys.stdout.write(f"{write(given.output, groups, given.seed)} records: {given.output}\n")


if __name__ == "__main__":
    main()
