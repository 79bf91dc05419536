"""Read 200 county workbooks: the project's reader beside pandas with openpyxl, in turns, on the same files.

Prints seconds per round and the ratio of the medians. The figures are made up for this measurement (synthetic).
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import pandas as pd

from tongbao.definition.series import Series
from tongbao.definition.tables import TableDef, Unit
from tongbao.reading.tables import read_table

COUNT, ROUNDS = 200, 5
HEADERS = [f"指标{number}（起）" for number in range(1, 11)]


def main() -> None:
    """Run the comparison."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_returns(folder)
        definition = TableDef.model_validate(
            {
                "file": "*.xlsx",
                "title": "各县填报表（合成数据）",
                "columns": {f"m{index}": {"header": header} for index, header in enumerate(HEADERS)},
            }
        )
        series = Series.model_construct(
            units=tuple(Unit(id=f"u{i}", zh=f"第{i}县", en=f"County {i}") for i in range(COUNT))
        )
        ours, theirs = [], []
        for _ in range(ROUNDS):
            errors: list = []
            start = time.perf_counter()
            table, _paths = read_table("returns", definition, series, folder, folder, errors)
            ours.append(time.perf_counter() - start)
            assert not errors
            start = time.perf_counter()
            frame = pd.concat(
                pd.read_excel(path, header=2, engine="openpyxl", dtype=object).dropna(how="all")
                for path in sorted(folder.glob("*.xlsx"))
            )
            theirs.append(time.perf_counter() - start)
            compare(table, frame)
    mine, other = statistics.median(ours), statistics.median(theirs)
    sys.stdout.write(
        f"200 county workbooks, median of {ROUNDS} rounds\n"
        f"  tongbao             {mine:.3f} s  ({min(ours):.3f} to {max(ours):.3f})\n"
        f"  pandas + openpyxl   {other:.3f} s  ({min(theirs):.3f} to {max(theirs):.3f})\n"
        f"  ratio               {other / mine:.1f} x\n"
    )


def write_returns(folder: Path) -> None:
    """One workbook per county: two title rows, a header, the county's row and a note."""
    numbers = random.Random(1)
    for index in range(COUNT):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["各县填报表（合成数据）"])
        sheet.append(["填报时间：2021年3月"])
        sheet.append(["单位", *HEADERS])
        sheet.append([f"第{index}县", *(numbers.randint(0, 500) for _ in HEADERS)])
        sheet.append(["注：合成数据"])
        book.save(folder / f"{index:03d}.xlsx")


def compare(table: object, frame: pd.DataFrame) -> None:
    """Both readers must have read the same figures."""
    theirs = frame[frame["单位"].str.match(r"第\d+县")].set_index("单位")
    for index in range(COUNT):
        row = [int(cell.value) for cell in table.rows[f"u{index}"].values()]  # type: ignore[attr-defined]
        assert row == [int(value) for value in theirs.loc[f"第{index}县", HEADERS]]


if __name__ == "__main__":
    main()
