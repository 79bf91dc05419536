"""What can be counted from case records: each measure with its date, its condition and its unit.

A record counts in the period in which the thing happened: an inspection on its own day, a penalty on the day of the
decision, a random-inspection task on the day it was due.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class RecordMeasure:
    """A measure of case records.

    Arguments:
        label: in Chinese; ``label_en`` in English.
        unit: what a count of it is called, or 元 and 吨 for sums.
        date: the field whose day decides the period.
        what: ``count`` records, ``sum`` a field or count ``distinct`` values of it.
        of: the field that is summed or told apart.
        condition: SQL over the layout's fields, true for the records that count; ``needs`` are the fields in it.
    """

    label: str
    label_en: str
    unit: str
    date: str
    what: Literal["count", "sum", "distinct"] = "count"
    of: str = ""
    condition: str = ""
    needs: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field it reads, without repeats."""
        return tuple(dict.fromkeys(filter(None, (self.date, self.of, *self.needs))))


_INSPECTED, _DECIDED = "inspection_date", "penalty_date"

MEASURES: dict[str, RecordMeasure] = {
    "inspections": RecordMeasure("检查企业", "inspections", "家次", _INSPECTED),
    "enterprises": RecordMeasure(
        "检查企业家数", "enterprises inspected", "家", _INSPECTED, "distinct", "enterprise_code"
    ),
    "mobile_inspections": RecordMeasure(
        "掌上执法检查", "inspections entered on the app", "家次", _INSPECTED,
        condition="terminal = '移动端'", needs=("terminal",),
    ),
    "random_tasks_due": RecordMeasure("到期双随机任务", "random-inspection tasks due", "项", "random_task_due"),
    "random_tasks_on_time": RecordMeasure(
        "按时完成双随机任务", "random-inspection tasks done in time", "项", "random_task_due",
        condition="random_task_done <= random_task_due", needs=("random_task_done",),
    ),
    "site_records": RecordMeasure("现场检查记录", "on-site records", "份", _INSPECTED, "sum", "site_records"),
    "measures_ordered": RecordMeasure(
        "现场处理措施决定书", "decisions on on-site measures", "份", _INSPECTED, "sum", "measures_ordered"
    ),
    "rectification_orders": RecordMeasure(
        "责令限期整改指令书", "rectification orders", "份", _INSPECTED, "sum", "rectification_orders"
    ),
    "compulsory_measures": RecordMeasure(
        "强制措施决定书", "decisions on compulsory measures", "份", _INSPECTED, "sum", "compulsory_measures"
    ),
    "suspensions": RecordMeasure(
        "责令停产停业", "suspensions", "家次", _INSPECTED, condition="suspended", needs=("suspended",)
    ),
    "hazards": RecordMeasure("发现隐患", "hazards found", "项", _INSPECTED, "sum", "hazards"),
    "serious_hazards": RecordMeasure(
        "发现重大隐患", "serious hazards found", "项", _INSPECTED, "sum", "serious_hazards"
    ),
    "rectifications_due": RecordMeasure("到期整改", "rectifications due", "项", "rectification_due"),
    "rectifications_on_time": RecordMeasure(
        "按期完成整改", "rectifications done in time", "项", "rectification_due",
        condition="rectification_done <= rectification_due", needs=("rectification_done",),
    ),
    "cases": RecordMeasure("立案", "cases opened", "起", "case_date"),
    "serious_cases": RecordMeasure(
        "重大违法行为案件", "cases of serious violation", "起", "case_date",
        condition="serious_violation", needs=("serious_violation",),
    ),
    "penalties": RecordMeasure("实施行政处罚", "penalties", "起", _DECIDED),
    "non_accident_penalties": RecordMeasure(
        "非事故类行政处罚", "penalties outside accidents", "起", _DECIDED,
        condition="accident_fine IS NOT TRUE", needs=("accident_fine",),
    ),
    "fines": RecordMeasure("罚款", "fines", "元", _DECIDED, "sum", "fine"),
    "non_accident_fines": RecordMeasure(
        "非事故类罚款", "fines outside accidents", "元", _DECIDED, "sum", "fine",
        "accident_fine IS NOT TRUE", ("accident_fine",),
    ),
    "collected": RecordMeasure("已收缴罚款", "fines collected", "元", _DECIDED, "sum", "collected"),
    "seized": RecordMeasure("查获危险化学品", "hazardous chemicals seized", "吨", _DECIDED, "sum", "seized"),
    "transferred": RecordMeasure(
        "移送公安案件", "cases handed to the police", "起", _DECIDED, condition="transferred", needs=("transferred",)
    ),
    "detained": RecordMeasure(
        "刑事强制措施", "persons under criminal compulsory measures", "人", _DECIDED, "sum", "detained"
    ),
}  # fmt: skip
# How many of the measure's unit make one of the column's.
SCALES = {("元", "万元"): 10_000, ("元", "亿元"): 100_000_000}
