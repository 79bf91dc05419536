"""The record layout: what a case record holds, field by field, whatever the export calls it.

The official field list of the A3 table (安全生产行政执法检查情况表) is not public; this layout is the project's own. A
source with other headers or other words is mapped to it in ``series.yml`` (``records.headers``, ``records.values``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "date", "yes_no", "count", "amount"]
SYNTHETIC_MARK = "合成数据"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a case record.

    Arguments:
        name: in code, in ``series.yml`` and as a Parquet column.
        header: as exports and forms call it.
        type: ``text``, ``date``, ``yes_no``, ``count`` (a whole number) or ``amount`` (a decimal number, two places).
        meaning: what it says, with its unit.
        required: a record without it is refused.
        values: the only words it may hold; empty for any.
    """

    name: str
    header: str
    type: FieldType
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()


KINDS = ("日常检查", "专项检查", "双随机抽查", "举报核查", "复查", "打非治违")
TERMINALS = ("移动端", "电脑端")
FIELDS = (
    Field("record_id", "检查编号", "text", "the record's own number, never used twice", required=True),
    Field("inspection_date", "检查日期", "date", "day of the inspection", required=True),
    Field("unit", "填报单位", "text", "the county that reports, by official name, short name or alias", required=True),
    Field("enterprise", "被检查单位", "text", "name of the enterprise"),
    Field("enterprise_code", "统一社会信用代码", "text", "its code; visits with the same code are one enterprise (家)"),
    Field("industry", "行业领域", "text", "危险化学品, 工贸, 矿山 …, as the series counts them"),
    Field("kind", "检查类型", "text", "kind of inspection", values=KINDS),
    Field("terminal", "录入终端", "text", "where it was entered; only 移动端 counts as mobile", values=TERMINALS),
    Field("random_task_due", "双随机任务期限", "date", "day by which the random-inspection task is to be done"),
    Field("random_task_done", "双随机任务完成日期", "date", "day on which it was done"),
    Field("site_records", "现场检查记录（份）", "count", "on-site inspection records drawn up"),
    Field("measures_ordered", "现场处理措施决定书（份）", "count", "decisions on on-site measures"),
    Field("rectification_orders", "责令限期整改指令书（份）", "count", "orders to rectify by a date"),
    Field("compulsory_measures", "强制措施决定书（份）", "count", "decisions on compulsory measures"),
    Field("suspended", "责令停产停业", "yes_no", "production or business suspended"),
    Field("hazards", "隐患数（项）", "count", "hazards found"),
    Field("serious_hazards", "重大隐患数（项）", "count", "serious ones among them"),
    Field("rectification_due", "整改期限", "date", "day by which hazards are to be mended"),
    Field("rectification_done", "整改完成日期", "date", "day on which they were"),
    Field("case_date", "立案日期", "date", "day the case was opened; blank if none was"),
    Field("serious_violation", "重大违法行为", "yes_no", "the case is one of serious violation"),
    Field("penalty_date", "处罚决定日期", "date", "day of the decision; blank if no penalty was decided"),
    Field("fine", "罚款金额（元）", "amount", "fine in the decision, yuan"),
    Field("accident_fine", "事故罚款", "yes_no", "the fine is for an accident"),
    Field("collected", "已收缴罚款（元）", "amount", "fine collected so far, yuan"),
    Field("seized", "查获危险化学品（吨）", "amount", "hazardous chemicals seized, tonnes"),
    Field("transferred", "移送公安", "yes_no", "the case was handed to the police"),
    Field("detained", "刑事强制措施（人）", "count", "persons under criminal compulsory measures"),
    Field("note", "备注", "text", f"anything else; made-up records say {SYNTHETIC_MARK}"),
)
BY_NAME = {field.name: field for field in FIELDS}


def fields_in(sql: str) -> tuple[str, ...]:
    """The fields that a condition names, as read or as written (``name_raw``), each once.

    >>> fields_in("fine > 0 AND penalty_date_raw IS NULL")
    ('fine', 'penalty_date')
    """
    words = (word.removesuffix("_raw") for word in re.findall(r"\w+", sql))
    return tuple(dict.fromkeys(word for word in words if word in BY_NAME))
