"""Declared relations between figures of one unit, of two tables, of two periods, and between dates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tongbao.basics.formula import Formula
from tongbao.basics.period import Period, long_date
from tongbao.checks.issue import QualityIssue, columns_of
from tongbao.definition.checks_tmp import AlsoReported, Change, Complete, Dates, Holds
from tongbao.figures.figure import Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.prose import Header

_BROKEN = {
    "<=": ("大于", "is greater than"),
    ">=": ("小于", "is less than"),
    "==": ("不等于", "differs from"),
}


def holds(name: str, rule: Holds, indicators: Indicators) -> Iterator[QualityIssue]:
    """Units in which a declared relation does not hold."""
    for unit in indicators.series.units:
        left, right = indicators.evaluate(rule.left, unit.id), indicators.evaluate(rule.right, unit.id)
        if left.value is None or right.value is None or _relation(rule.relation, left.value, right.value):
            continue
        broken = dict(zip(("zh", "en"), _BROKEN[rule.relation], strict=True))
        message = {
            lang: f"{unit.name(lang)}{'的' if lang == 'zh' else ': '}{_name(indicators, rule.left, lang)}"
            f"{_shown(left, lang)}{broken[lang] if lang == 'zh' else f' {broken[lang]} '}"
            f"{_name(indicators, rule.right, lang)}{_shown(right, lang)}"
            + (f"：{rule.message.zh}。" if rule.message and lang == "zh" else "。" if lang == "zh" else ".")
            for lang in ("zh", "en")
        }
        cells = (*left.cells, *right.cells)
        table = cells[0].table if cells else ""
        yield QualityIssue(name, rule.level, table, unit.id, columns_of(cells), message, cells)


def also_reported(name: str, rule: AlsoReported, indicators: Indicators) -> Iterator[QualityIssue]:
    """Units with a figure in one table and none where it belongs as well."""
    for unit in indicators.series.units:
        given, expected = indicators.figure(rule.given, unit.id), indicators.figure(rule.expected, unit.id)
        if not given.value or expected.value is not None:
            continue
        zh, en = (indicators.measure_name(rule.given, lang) for lang in ("zh", "en"))
        zh_missing, en_missing = (indicators.measure_name(rule.expected, lang) for lang in ("zh", "en"))
        cells = (*expected.cells, *given.cells)
        yield QualityIssue(
            name,
            rule.level,
            cells[0].table,
            unit.id,
            columns_of(cells),
            {
                "zh": f"{unit.zh}{zh}为{given.text}{given.unit}，{zh_missing}却为空白。",
                "en": f"{unit.en}: {en} is {given.text}, but {en_missing} is blank.",
            },
            cells,
        )


def complete(rule: Complete, indicators: Indicators) -> Iterator[QualityIssue]:
    """Units that report some, but not all, of the figures an indicator is computed from."""
    columns = indicators.series.columns
    for name, indicator in indicators.series.indicators.items():
        operands = [operand for operand in Formula.parse(indicator.formula).names if operand in columns]
        for unit in indicators.series.units:
            figures = [indicators.figure(operand, unit.id) for operand in operands]
            blank = [figure for figure in figures if figure.value is None]
            if not blank or len(blank) == len(figures):
                continue
            cells = tuple(cell for figure in (*blank, *figures) for cell in figure.cells)
            missing = {lang: "、".join(indicators.measure_name(f.name, lang) for f in blank) for lang in ("zh", "en")}
            label = {lang: indicators.measure_name(name, lang) for lang in ("zh", "en")}
            yield QualityIssue(
                "complete",
                rule.level,
                cells[0].table if cells else "",
                unit.id,
                columns_of(cells),
                {
                    "zh": f"{unit.zh}的{missing['zh']}为空白，无法计算{label['zh']}，请补报。",
                    "en": f"{unit.en}: {missing['en']} is blank, so that {label['en']} cannot be computed.",
                },
                cells,
            )


def change(
    name: str, rule: Change, indicators: Indicators, earlier: Indicators, before: Period
) -> Iterator[QualityIssue]:
    """Units whose figure changed beyond the declared factor against an earlier period."""
    for unit in indicators.series.units:
        now, then = indicators.figure(rule.measure, unit.id), earlier.figure(rule.measure, unit.id)
        if not now.value or not then.value or then.value / rule.factor <= now.value <= then.value * rule.factor:
            continue
        cells = (*now.cells, *then.cells)
        zh, en = (indicators.measure_name(rule.measure, lang) for lang in ("zh", "en"))
        yield QualityIssue(
            name,
            rule.level,
            cells[0].table,
            unit.id,
            columns_of(cells),
            {
                "zh": f"{unit.zh}{zh}为{now.text}，{before.label()}为{then.text}，变化超过{rule.factor}倍，请核实。",
                "en": f"{unit.en}: {en} is {now.text}, after {then.text} in {before.label('en')}: "
                f"a change beyond a factor of {rule.factor}.",
            },
            cells,
        )


def dates(rule: Dates, header: Header, period: Period) -> Iterator[QualityIssue]:
    """Dates of the period's file that cannot be in order."""
    drawn = header.statistics_date
    if header.issued <= period.end:
        yield _date_issue(rule, header.issued, "发文日期", "date of issue", period)
    if drawn is not None and drawn <= period.end:
        yield _date_issue(rule, drawn, "统计日期", "date of the figures", period)
    if drawn is not None and drawn > header.issued:
        yield QualityIssue(
            "dates",
            rule.level,
            "",
            None,
            (),
            {
                "zh": f"统计日期{long_date(drawn)}晚于发文日期{long_date(header.issued)}。",
                "en": f"The figures are dated {long_date(drawn, 'en')}, after the issue.",
            },
            (),
        )


def _date_issue(rule: Dates, day: object, zh: str, en: str, period: Period) -> QualityIssue:
    message = {
        "zh": f"{zh}{day}不晚于统计时段{period.label()}的末日{long_date(period.end)}。",
        "en": f"The {en}, {day}, is not after the end of {period.label('en')}.",
    }
    return QualityIssue("dates", rule.level, "", None, (), message, ())


def _relation(relation: str, left: Decimal, right: Decimal) -> bool:
    return left <= right if relation == "<=" else left >= right if relation == ">=" else left == right


def _name(indicators: Indicators, expression: str, lang: str) -> str:
    return indicators.measure_name(expression, lang) if expression in indicators.series.measures else expression


def _shown(figure: Figure, lang: str) -> str:
    text = f"{figure.text}{figure.unit}" if lang == "zh" else figure.text
    return f"（{text}）" if lang == "zh" else f" ({text})"
