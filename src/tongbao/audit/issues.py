"""An issue of the returns, and what it must say by language: the audit's own copy of the sentences, filled again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tongbao.reading.cell import Cell

Sentence = Mapping[str, str]

LANGUAGES = ("zh", "en")
LEVELS = ("error", "warning", "note")
ISSUES: dict[str, Sentence] = {
    "holds": {"zh": "{unit}的{left}（{a}{a_unit}）{broken}{right}（{b}{b_unit}）{why}。",
              "en": "{unit}: {left} ({a}) {broken} {right} ({b})."},
    "also_reported": {"zh": "{unit}{given}为{text}{of}，{expected}却为空白。",
                      "en": "{unit}: {given} is {text}, but {expected} is blank."},
    "complete": {"zh": "{unit}的{missing}为空白，无法计算{label}，请补报。",
                 "en": "{unit}: {missing} is blank, so that {label} cannot be computed."},
    "change": {"zh": "{unit}{measure}为{now}，{period}为{then}，变化超过{factor}倍，请核实。",
               "en": "{unit}: {measure} is {now}, after {then} in {period}: a change beyond a factor of {factor}."},
    "no_such_rate": {"zh": "{unit}{measure}{rate}%不是全市合计（{part}÷{whole}）以内任何两个整数之比，请核实。",
                     "en": "{unit}: no whole numbers within {part} of {whole} give a {measure} of {rate}%."},
    "no_such_rates": {"zh": "各地{measure}与全市合计（{part}÷{whole}）不能同时成立，请核实。",
                      "en": "The units' {measure} and the totals ({part} of {whole}) cannot all be right."},
    "reported": {"zh": "{unit}填报的{column}为{shown}，按数据计算为{right}。",
                 "en": "{unit}: {column} is reported as {shown}, but computes to {right}."},
    "totals": {"zh": "合计行的{column}为{shown}，各单位之和为{right}。",
               "en": "The total of {column} is reported as {shown}, but the units add up to {right}."},
    "blank_returns": {"zh": "{unit}在《{table}》中各项为空，不参加排名。",
                      "en": "{unit} left every item of {table} blank and is not ranked."},
    "date": {"zh": "{which}{day}不晚于统计时段{period}的末日{end}。",
             "en": "The {which}, {day}, is not after the end of {period}."},
    "dates": {"zh": "统计日期{drawn}晚于发文日期{issued}。", "en": "The figures are dated {drawn}, after the issue."},
    "records": {"zh": "{unit}案件记录{fault}（{count}条），请核实。", "en": "{colon}{fault} ({count} records)."},
}  # fmt: skip
BROKEN: dict[str, Sentence] = {
    "<=": {"zh": "大于", "en": "is greater than"},
    ">=": {"zh": "小于", "en": "is less than"},
    "==": {"zh": "不等于", "en": "differs from"},
}
BLANK: Sentence = {"zh": "空白", "en": "blank"}
DATES: dict[str, Sentence] = {
    "issued": {"zh": "发文日期", "en": "date of issue"},
    "statistics_date": {"zh": "统计日期", "en": "date of the figures"},
}
RECORDS: dict[str, Sentence] = {
    "decision_needs_fine": {"zh": "有处罚决定而罚款金额为空白", "en": "a penalty whose fine is blank"},
    "case_after_inspection": {"zh": "立案日期早于检查日期", "en": "the case was opened before the inspection"},
    "penalty_after_case": {"zh": "处罚决定日期早于立案日期",
                           "en": "the penalty was decided before the case was opened"},
    "mended_after_inspection": {"zh": "整改完成日期早于检查日期", "en": "hazards were mended before the inspection"},
    "task_needs_due": {"zh": "双随机任务有完成日期而没有期限",
                       "en": "a random-inspection task done without a day it was due"},
}  # fmt: skip
# Kinds of fault in the order in which a sentence counts them.
KINDS: dict[str, Sentence] = {
    "complete": {"zh": "数据缺项", "en": "missing items"},
    "blank_returns": {"zh": "整表未报", "en": "blank returns"},
    "holds": {"zh": "逻辑错误", "en": "logic errors"},
    "also_reported": {"zh": "表间不一致", "en": "tables that disagree"},
    "feasible_rate": {"zh": "比率不合理", "en": "rates that cannot be"},
    "reported": {"zh": "填报值与计算值不符", "en": "reported figures that differ from the computed ones"},
    "totals": {"zh": "合计不符", "en": "totals that differ from the sum"},
    "change": {"zh": "数据异常波动", "en": "unusual changes"},
    "dates": {"zh": "日期有误", "en": "wrong dates"},
    "records": {"zh": "案件记录存疑", "en": "doubtful case records"},
}
# What the page says of the returns where there is nothing else to say.
QUALITY: Sentence = {"zh": "填报质量", "en": "Quality of reporting"}
AGREE: Sentence = {
    "zh": "填报的合计、比率和排名与按数据计算的结果一致。",
    "en": "Totals, rates and ranks as reported agree with those computed from the data.",
}
NO_ISSUE: Sentence = {"zh": "未发现问题。", "en": "Nothing found."}


@dataclass(frozen=True)
class Issue:
    """An issue as the audit finds it.

    ``kind`` is the kind of check, ``said`` its sentence by language; ``more`` says that only the first of its records
    are named as cells.
    """

    check: str
    kind: str
    level: str
    table: str
    unit: str | None
    columns: frozenset[str]
    said: Mapping[str, str]
    cells: tuple[Cell, ...]
    more: bool = False

    @property
    def key(self) -> tuple[str, str | None, str, frozenset[str]]:
        """What tells it from all others."""
        return self.check, self.unit, self.table, self.columns


def say(sentence: str, lang: str, **words: str) -> str:
    """A sentence filled: ``say("dates", "en", drawn="1 May 2021")``."""
    return ISSUES[sentence][lang].format(**words)
