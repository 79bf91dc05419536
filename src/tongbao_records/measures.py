"""What can be counted from case records: each measure with its date, its condition and its unit.

A record counts in the period in which the thing happened: an inspection on its own day, a penalty on the day of the
decision, a random-inspection task on the day it was due.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from tongbao_records.layout import TABLES, fields_in


@dataclass(frozen=True, slots=True)
class RecordMeasure:
    """A measure of case records.

    Arguments:
        label: in Chinese.
        unit: what a count of it is called, or 元 and 吨 for sums.
        date: the field whose day decides the period.
        what: ``count`` records, ``sum`` a field or count ``distinct`` values of it.
        of: the field that is summed or told apart.
        condition: SQL over the layout's fields, true for the records that count.
    """

    label: str
    unit: str
    date: str
    what: Literal["count", "sum", "distinct"] = "count"
    of: str = ""
    condition: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field it reads, without repeats."""
        return fields_in(f"{self.date} {self.of} {self.condition}")


MEASURES = TypeAdapter(dict[str, RecordMeasure]).validate_python(TABLES["measures"])
# How many of the measure's unit make one of the column's.
SCALES = {("元", "万元"): 10_000, ("元", "亿元"): 100_000_000}
