"""Findings of a made-up province (synthetic figures): 90 units, 60 months, 40 rules, on one core.

Prints processor seconds for the findings alone; reading files takes no part. A plain loop is timed beside it, because a
busy machine slows both. Every month is compared with the month before, the
same month last year and the year to date.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from decimal import Decimal
from typing import Any

from tongbao.basics.period import Period
from tongbao.definition.model import Text
from tongbao.definition.series import Series
from tongbao.figures.history import History
from tongbao.findings import find
from tongbao.reading.cell import Cell, Source
from tongbao.reading.facts import Fact
from tongbao.reading.received import Received
from tongbao.reading.tables import Table

UNITS, YEARS, ROUNDS = 90, 5, 3
COLUMNS = ("inspections", "penalties", "fines", "small", "due", "done", "suspended", "serious")
TEXT = {"zh": "合成数据", "en": "synthetic"}


def rules() -> dict[str, dict[str, Any]]:
    """Forty rules of all kinds."""
    found: dict[str, dict[str, Any]] = {}
    sides = {
        "zh": "{{ measure }}同比上升的{{ above_count }}个，下降的{{ below_count }}个",
        "en": "{{ measure }}: {{ above_count }} up, {{ below_count }} down",
    }
    for name in ("inspections", "penalties", "fines", "rate"):
        found |= {
            f"{name}_top": {"rule": "list", "measure": name, "take": 3, "naming": {"value": True}},
            f"{name}_last": {"rule": "list", "measure": name, "order": "worst", "take": 5},
            f"{name}_change": {"rule": "change", "value": name, "against": "last_year"},
            f"{name}_month": {"rule": "change", "value": name, "against": "previous", "bounded": 10},
            f"{name}_sides": {
                "rule": "split",
                "measure": name,
                "change": "last_year",
                "at": 0,
                "wording": {"default": sides, "some_level": sides},
            },
            f"{name}_range": {"rule": "range", "measure": name},
            f"{name}_fall": {"rule": "list", "measure": name, "change": "previous", "below": 0, "take": 3},
        }
    small = {"formula": "small / penalties * 100", "decimals": 1, "unit": "%", "label": TEXT}
    to_date = {"formula": "year_to_date.penalties", "label": TEXT}
    state = {"zh": "检查{{ a }}次，处罚{{ b }}起", "en": "{{ a }} inspections, {{ b }} penalties"}
    found |= {
        "headline": {"rule": "state", "values": {"a": "inspections", "b": "penalties"}, "wording": state},
        "below": {"rule": "list", "measure": "rate", "below": 20, "naming": {"show": 5}},
        "below_area": {"rule": "split", "measure": "rate", "at": "area.rate"},
        "below_mean": {"rule": "list", "measure": "rate", "below": "mean.rate"},
        "zero": {"rule": "list", "measure": "serious", "at": 0, "since": "previous"},
        "blank": {"rule": "list", "table": "annex"},
        "places": {"rule": "list", "measure": "serious", "take": 10, "naming": {"places": True}},
        "in_time": {"rule": "list", "measure": "in_time", "below": 100},
        "small": {"rule": "list", "measure": small, "above": 50, "naming": {"value": True}},
        "target": {"rule": "target", "value": "rate", "target": "fact.target"},
        "to_date": {"rule": "change", "value": to_date, "against": "last_year"},
        "ranking": {"rule": "list", "measure": "fines", "naming": {"value": True}},
    }
    return found


def define() -> Series:
    """The series: one table, two indicators, forty rules."""
    return Series.model_validate(
        {
            "id": "synthetic",
            "notebook": "none",
            **dict.fromkeys(("authority", "area", "subject", "title", "addressees", "source", "opening"), TEXT),
            "units": [{"id": f"u{i}", "zh": f"第{i}县", "en": f"County {i}"} for i in range(UNITS)],
            "tables": {
                "annex": {
                    "file": "annex.csv",
                    "title": TEXT,
                    "columns": {c: {"header": c, "unit": "起"} for c in COLUMNS},
                }
            },
            "indicators": {
                "rate": {"label": TEXT, "unit": "%", "formula": "penalties / inspections * 100"},
                "in_time": {"label": TEXT, "unit": "%", "formula": "done / due * 100"},
            },
            "findings": rules(),
            "main_points": [],
            "key_figures": [{"label": TEXT, "value": "rate"}],
            "sections": [],
        }
    )


def receive(period: Period, numbers: random.Random) -> Received:
    """A month's figures; now and then a unit reports nothing."""
    rows = {}
    for number in range(UNITS):
        blank = numbers.random() < 0.02
        due = numbers.randint(1, 20)
        values = {
            "inspections": numbers.randint(50, 500),
            "penalties": numbers.randint(0, 90),
            "fines": numbers.randint(0, 9999),
            "small": numbers.randint(0, 60),
            "due": due,
            "done": due - (numbers.random() < 0.1),
            "suspended": numbers.randint(0, 3),
            "serious": numbers.randint(0, 4),
        }
        rows[f"u{number}"] = {
            column: Cell(
                "annex",
                f"u{number}",
                column,
                "" if blank else str(values[column]),
                None if blank else Decimal(values[column]),
                Source(f"data/raw/synthetic/{period}/annex.csv", None, number + 2, chr(ord("B") + index)),
            )
            for index, column in enumerate(COLUMNS)
        }
    cell = Cell(
        "facts", None, "target", "25", Decimal(25), Source(f"data/raw/synthetic/{period}/facts.csv", None, 2, "C")
    )
    fact = Fact("target", Text(zh="目标（合成）"), Text(zh="25"), Decimal(25), "%", "", Text(zh="合成"), cell)
    return Received({"annex": Table("annex", rows)}, {"target": fact}, {})


def main() -> None:
    """Run it."""
    numbers = random.Random(1)
    series = define()
    assert len(series.findings) == 40
    months = [Period.parse(f"{2019 + year}-{month:02d}") for year in range(YEARS) for month in range(1, 13)]
    received = {period: receive(period, numbers) for period in months}
    seconds, loops, sentences, marks = [], [], 0, 0
    for _ in range(ROUNDS):
        start = time.process_time()
        history = History(series, {}, received.get)
        found = [find(history.at(period), period) for period in months]
        seconds.append(time.process_time() - start)
        loops.append(yardstick())
        sentences = sum(len(finding.marked) for findings in found for finding in findings.values())
        marks = sum(len(finding.figures) for findings in found for finding in findings.values())
    sys.stdout.write(
        f"{UNITS} units × {len(months)} months × {len(series.findings)} rules (synthetic figures), {ROUNDS} rounds\n"
        f"  {sentences} sentences, {marks} figures behind them\n"
        f"  {statistics.median(seconds):.2f} s  ({min(seconds):.2f} to {max(seconds):.2f}), one core\n"
        f"  yardstick: five million additions in {statistics.median(loops):.2f} s\n"
    )


def yardstick() -> float:
    """Seconds for five million additions: about 0.25 on an idle machine of 2023."""
    start, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number
    return time.process_time() - start


if __name__ == "__main__":
    main()
