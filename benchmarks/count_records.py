"""Count every county measure of synthetic case records for 24 months: the project beside bare DuckDB and pandas.

Each runs in a process of its own, in turns, on the same Parquet file; printed are seconds (median), peak memory and the
ratio to bare DuckDB. All three must find the same figures. Arguments: how many records (default 10 million), and
``--only-tongbao`` for sizes that the others need not carry.
"""

from __future__ import annotations

import importlib
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tongbao.basics.period import Period
from tongbao_records.measures import MEASURES

COUNTIES = [f"第{number}县" for number in range(90)]
YEARS = (2020, 2021)
ROUNDS = 3
# The same figures, as somebody who knows DuckDB and the data would ask for them: one query per date.
QUERIES = {
    "inspection_date": {
        "inspections": "count(*)",
        "enterprises": "count(DISTINCT enterprise_code)",
        "mobile_inspections": "count(*) FILTER (WHERE terminal = '移动端')",
        "site_records": "sum(site_records)",
        "measures_ordered": "sum(measures_ordered)",
        "rectification_orders": "sum(rectification_orders)",
        "compulsory_measures": "sum(compulsory_measures)",
        "suspensions": "count(*) FILTER (WHERE suspended)",
        "hazards": "sum(hazards)",
        "serious_hazards": "sum(serious_hazards)",
    },
    "random_task_due": {
        "random_tasks_due": "count(*)",
        "random_tasks_on_time": "count(*) FILTER (WHERE random_task_done <= random_task_due)",
    },
    "rectification_due": {
        "rectifications_due": "count(*)",
        "rectifications_on_time": "count(*) FILTER (WHERE rectification_done <= rectification_due)",
    },
    "case_date": {"cases": "count(*)", "serious_cases": "count(*) FILTER (WHERE serious_violation)"},
    "penalty_date": {
        "penalties": "count(*)",
        "non_accident_penalties": "count(*) FILTER (WHERE NOT accident_fine)",
        "fines": "sum(fine)",
        "non_accident_fines": "sum(fine) FILTER (WHERE NOT accident_fine)",
        "collected": "sum(collected)",
        "seized": "coalesce(sum(seized), 0)",
        "transferred": "count(*) FILTER (WHERE transferred)",
        "detained": "sum(detained)",
    },
}


def main() -> None:
    """Make the records, then run each engine in turns."""
    numbers = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    rows = int(float(numbers[0])) if numbers else 10_000_000
    engines = ["tongbao"] if "--only-tongbao" in sys.argv else ["tongbao", "duckdb", "pandas"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic-cases.parquet"
        make(path, rows)
        found: dict[str, list[dict[str, float]]] = {engine: [] for engine in engines}
        for turn in range(1 if len(engines) == 1 else ROUNDS):
            for engine in engines:
                if engine != "pandas" or turn == 0:  # pandas takes long, and its time varies little
                    found[engine].append(in_own_process(engine, path))
    sys.stdout.write(f"{rows:,} synthetic case records, {len(MEASURES)} measures × 90 counties × 24 months\n")
    bare = statistics.median(run["seconds"] for run in found["duckdb"]) if "duckdb" in found else None
    for engine, runs in found.items():
        seconds = statistics.median(run["seconds"] for run in runs)
        ratio = f"{seconds / bare:6.2f} × bare DuckDB" if bare else ""
        spread = f"({min(r['seconds'] for r in runs):.2f} to {max(r['seconds'] for r in runs):.2f})"
        memory = max(run["peak_mib"] for run in runs)
        sys.stdout.write(f"  {engine:8} {seconds:7.2f} s {spread:18} peak {memory:6.0f} MiB  {ratio}\n")
    digests = {json.dumps(run["totals"], sort_keys=True) for runs in found.values() for run in runs}
    assert len(digests) == 1, "the engines disagree"


def make(path: Path, rows: int) -> None:
    """Write the records: half of them in each year."""
    from synthetic_records import spread, write_parquet

    groups = [g for year in YEARS for g in spread(rows // 2, Period.parse(str(year)), COUNTIES, seed=year)]
    write_parquet(path, groups)


def in_own_process(engine: str, path: Path) -> dict[str, float]:
    """Run one engine in a fresh process, so that its peak memory is its own."""
    finished = subprocess.run([sys.executable, __file__, "--run", engine, str(path)], capture_output=True, check=True)
    return json.loads(finished.stdout)


def run(engine: str, path: Path) -> None:
    """Count, and print time, peak memory and every measure's total."""
    importlib.import_module({"tongbao": "tongbao_records.count", "duckdb": "duckdb", "pandas": "pandas"}[engine])
    start = time.perf_counter()
    totals = {"tongbao": with_tongbao, "duckdb": with_duckdb, "pandas": with_pandas}[engine](path)
    seconds = time.perf_counter() - start
    # Linux counts a process's memory before exec into ru_maxrss; VmHWM is its own.
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    peak = (int(own[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mib": peak, "totals": totals}))


def with_tongbao(path: Path) -> dict[str, str]:
    """The project's own way."""
    from tongbao.definition.case_records import RecordSource
    from tongbao_records.count import Counted, count_records
    from tongbao_records.files import open_records

    periods = [Period.parse(f"{year}-{month:02d}") for year in YEARS for month in range(1, 13)]
    wanted = {name: Counted(name) for name in MEASURES}
    with open_records([(path, path.name)], RecordSource(files=("x",))) as records:
        totals = count_records(records, wanted, periods, {name: name for name in COUNTIES})
    return {name: f"{sum(figures[name].value for figures in totals.values()):.2f}" for name in MEASURES}


def with_duckdb(path: Path) -> dict[str, str]:
    """The same in bare DuckDB."""
    import duckdb

    connection = duckdb.connect()
    totals = {}
    for date, columns in QUERIES.items():
        query = (
            f"SELECT unit, date_trunc('month', {date}) AS month, {', '.join(columns.values())} "  # noqa: S608
            f"FROM read_parquet('{path}') WHERE {date} BETWEEN DATE '2020-01-01' AND DATE '2021-12-31' GROUP BY ALL"
        )
        rows = connection.execute(query).fetchall()
        totals |= {name: f"{sum(row[i] for row in rows):.2f}" for i, name in enumerate(columns, start=2)}
    return totals


def with_pandas(path: Path) -> dict[str, str]:
    """The same in pandas."""
    import pandas as pd

    fields = ["unit", "enterprise_code", "terminal", "site_records", "measures_ordered", "rectification_orders",
              "compulsory_measures", "suspended", "hazards", "serious_hazards", "random_task_done",
              "rectification_done", "serious_violation", "accident_fine", "fine", "collected", "seized", "transferred",
              "detained", *QUERIES]  # fmt: skip
    frame = pd.read_parquet(path, columns=fields, dtype_backend="pyarrow")
    frame["mobile_inspections"] = frame["terminal"] == "移动端"
    frame["random_tasks_on_time"] = frame["random_task_done"] <= frame["random_task_due"]
    frame["rectifications_on_time"] = frame["rectification_done"] <= frame["rectification_due"]
    frame["non_accident_penalties"] = ~frame["accident_fine"]
    frame["non_accident_fines"] = frame["fine"].where(frame["non_accident_penalties"])
    renamed = {"suspensions": "suspended", "fines": "fine", "serious_cases": "serious_violation"}
    counted = {"inspections", "random_tasks_due", "rectifications_due", "cases", "penalties"}
    totals = {}
    for date, columns in QUERIES.items():
        day = frame[date].astype("timestamp[ns][pyarrow]")
        grouped = frame.groupby(["unit", day.dt.year * 12 + day.dt.month])
        for name in columns:
            if name in counted:
                result = grouped.size()
            elif name == "enterprises":
                result = grouped["enterprise_code"].nunique()
            else:
                result = grouped[renamed.get(name, name)].sum()
            months = result.index.get_level_values(1)
            within = result[(months >= 2020 * 12 + 1) & (months <= 2021 * 12 + 12)]
            totals[name] = f"{within.fillna(0).sum():.2f}"
    return totals


if __name__ == "__main__":
    if "--run" in sys.argv:
        run(sys.argv[-2], Path(sys.argv[-1]))
    else:
        main()
