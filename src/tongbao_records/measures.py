"""What can be counted from case records: each measure with its date, its condition and its unit.

A record counts in the period in which the thing happened: an inspection on its own day, a penalty on the day of the
decision, a random-inspection task on the day it was due.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tongbao_records.layout import fields_in


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


_INSPECTED, _DECIDED, _NO_ACCIDENT = "inspection_date", "penalty_date", "accident_fine IS NOT TRUE"

MEASURES: dict[str, RecordMeasure] = {
    "inspections": RecordMeasure("检查企业", "家次", _INSPECTED),
    "enterprises": RecordMeasure("检查企业家数", "家", _INSPECTED, "distinct", "enterprise_code"),
    "mobile_inspections": RecordMeasure("掌上执法检查", "家次", _INSPECTED, condition="terminal = '移动端'"),
    "random_tasks_due": RecordMeasure("到期双随机任务", "项", "random_task_due"),
    "random_tasks_on_time": RecordMeasure(
        "按时完成双随机任务", "项", "random_task_due", condition="random_task_done <= random_task_due"
    ),
    "site_records": RecordMeasure("现场检查记录", "份", _INSPECTED, "sum", "site_records"),
    "measures_ordered": RecordMeasure("现场处理措施决定书", "份", _INSPECTED, "sum", "measures_ordered"),
    "rectification_orders": RecordMeasure("责令限期整改指令书", "份", _INSPECTED, "sum", "rectification_orders"),
    "compulsory_measures": RecordMeasure("强制措施决定书", "份", _INSPECTED, "sum", "compulsory_measures"),
    "suspensions": RecordMeasure("责令停产停业", "家次", _INSPECTED, condition="suspended"),
    "hazards": RecordMeasure("发现隐患", "项", _INSPECTED, "sum", "hazards"),
    "serious_hazards": RecordMeasure("发现重大隐患", "项", _INSPECTED, "sum", "serious_hazards"),
    "rectifications_due": RecordMeasure("到期整改", "项", "rectification_due"),
    "rectifications_on_time": RecordMeasure(
        "按期完成整改", "项", "rectification_due", condition="rectification_done <= rectification_due"
    ),
    "cases": RecordMeasure("立案", "起", "case_date"),
    "serious_cases": RecordMeasure("重大违法行为案件", "起", "case_date", condition="serious_violation"),
    "penalties": RecordMeasure("实施行政处罚", "起", _DECIDED),
    "non_accident_penalties": RecordMeasure("非事故类行政处罚", "起", _DECIDED, condition=_NO_ACCIDENT),
    "fines": RecordMeasure("罚款", "元", _DECIDED, "sum", "fine"),
    "non_accident_fines": RecordMeasure("非事故类罚款", "元", _DECIDED, "sum", "fine", _NO_ACCIDENT),
    "collected": RecordMeasure("已收缴罚款", "元", _DECIDED, "sum", "collected"),
    "seized": RecordMeasure("查获危险化学品", "吨", _DECIDED, "sum", "seized"),
    "transferred": RecordMeasure("移送公安案件", "起", _DECIDED, condition="transferred"),
    "detained": RecordMeasure("刑事强制措施", "人", _DECIDED, "sum", "detained"),
}
# How many of the measure's unit make one of the column's.
SCALES = {("元", "万元"): 10_000, ("元", "亿元"): 100_000_000}
