"""Rules over the whole area: figures stated, held against a target or another period, judged; faults of the returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial

from tongbao.basics.formula import Formula
from tongbao.basics.language import unit_name
from tongbao.basics.rounding import divide, print_decimal
from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import Condition, Subject, Value
from tongbao.definition.model import Text
from tongbao.definition.rules_tmp import Change, Faults, Judge, Target
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings.bounds import keeps_bounds, limits_of
from tongbao.findings.changes import POINTS, bounded, changed, shown
from tongbao.findings.outcome import BASES, COMPARED, NOTHING, Outcome, Phrase, count_of, number
from tongbao.findings.subject import evaluated, label_of, optional
from tongbao.reading.cell import Cell, unique

_KINDS = {
    "complete": Text(zh="数据缺项", en="missing items"),
    "blank_returns": Text(zh="整表未报", en="blank returns"),
    "holds": Text(zh="逻辑错误", en="logic errors"),
    "also_reported": Text(zh="表间不一致", en="tables that disagree"),
    "feasible_rate": Text(zh="比率不合理", en="rates that cannot be"),
    "reported": Text(zh="填报值与计算值不符", en="reported figures that differ from the computed ones"),
    "totals": Text(zh="合计不符", en="totals that differ from the sum"),
    "change": Text(zh="数据异常波动", en="unusual changes"),
    "dates": Text(zh="日期有误", en="wrong dates"),
    "records": Text(zh="案件记录存疑", en="doubtful case records"),
}
_STANDARD = {"blank-return": "blank_returns", "reported-total": "totals", "reported-rate": "reported",
             "reported-rank": "reported"}  # fmt: skip
_STEPS = {
    "near": (Text(zh="近", en="nearly "), NOTHING),
    "exact": (NOTHING, NOTHING),
    "over": (Text(zh="", en="more than "), Text(zh="以上", en="")),
    "under": (Text(zh="不足", en="less than "), NOTHING),
}


def find_target(rule: Target, indicators: Indicators) -> Outcome:
    """A value against a target; a value exactly at it is met, for a limit, too."""
    value = evaluated(rule.value, indicators, AREA, rule.value.label)
    target, level = number(rule.target, indicators)
    outcome = Outcome(("unreported",), attention=frozenset({"missed"}))
    outcome.values |= {"value": value, "target": target}
    _describe(outcome, rule.value, indicators, value)
    if value.value is None:
        return outcome
    met = value.value <= level if rule.limit else value.value >= level
    outcome.cases = ("met",) if met else ("missed",)
    outcome.values["distance"] = _distance(value, target)
    outcome.values["progress"] = _progress(value, target)
    return outcome


def _distance(value: Figure, target: Figure) -> Figure:
    """How far value and target are apart, to the digits of the value."""
    high, low = sorted((figure for figure in (value, target) if figure.value is not None), key=lambda f: f.value or 0,
                       reverse=True)  # fmt: skip
    size = (high.value or Decimal(0)) - (low.value or Decimal(0))
    text = print_decimal(size, max(len(value.text.partition(".")[2]), len(target.text.partition(".")[2])))
    names = [figure.formula or figure.name for figure in (high, low)]
    cells = unique((*high.cells, *low.cells))
    unit = POINTS if value.unit == "%" else value.unit
    return Figure("distance", AREA, size, text, unit, "computed", f"({names[0]}) - ({names[1]})",
                  f"{shown(high)} − {shown(low)} = {text}", cells)  # fmt: skip


def _progress(value: Figure, target: Figure) -> Figure:
    """The value as a share of the target, with one decimal."""
    done = divide(value.value or Decimal(0), target.value or Decimal(0))
    cells = unique((*value.cells, *target.cells))
    if done is None:
        return Figure("progress", AREA, None, "", "%", "computed", cells=cells)
    text = print_decimal(done * 100, 1)
    formula = f"({value.formula or value.name}) / {target.name} * 100"
    return Figure("progress", AREA, done * 100, text, "%", "computed", formula,
                  f"{shown(value)} ÷ {shown(target)} × 100 = {text}", cells)  # fmt: skip


def find_change(rule: Change, indicators: Indicators) -> Outcome:
    """A value against another period's, or against an earlier figure that is declared."""
    value = evaluated(rule.value, indicators, AREA, rule.value.label)
    head = rule.against if rule.against in BASES else ""
    if head:
        subject = rule.value
        before = indicators.before(head, subject.formula, decimals=subject.decimals, rounding=subject.rounding,
                                   unit=subject.unit)  # fmt: skip
    else:
        decimals = None if Formula.parse(rule.against).is_name else rule.value.decimals or 2
        before = optional(Value(formula=rule.against, decimals=decimals, unit=rule.value.unit), indicators)
    found = changed(value, before, rule.change_in, rule.decimals, rule.value.formula)
    outcome = Outcome((found.case,), values={"value": value, "before": before})
    if found.case == "about_flat":
        outcome.cases = ("about_flat", "flat")
    _describe(outcome, rule.value, indicators, value)
    base = BASES.get(head) or _named(rule.against, indicators)
    outcome.phrases["base"] = Phrase(base)
    outcome.phrases["compared"] = Phrase(COMPARED.get(head) or Text(zh=f"较{base.zh}", en=f"on {base.get('en')}"))
    if found.figure is not None:
        outcome.values["change"] = found.figure
        outcome.values["difference"] = lambda: (
            changed(value, before, "absolute", None, rule.value.formula).figure or value
        )
        if rule.bounded:
            outcome.phrases["bounded"] = _bounded(found.figure, rule.bounded)
    return outcome


def _bounded(change: Figure, step: int) -> Phrase:
    """A change in round steps; the round number is backed by the change it stands for."""
    kind, edge = bounded(change.value or Decimal(0), step)
    before, after = _STEPS[kind]
    calculation = f"{change.calculation}, in steps of {step}: {edge}" if change.calculation else None
    figure = replace(
        change, name=f"bounded({change.name})", value=Decimal(edge), text=str(edge), unit="", calculation=calculation
    )
    return Phrase(before, figure, "bounded", Text(zh=change.unit + after.zh, en=unit_name(change.unit, "en")))


def _named(expression: str, indicators: Indicators) -> Text:
    """What an earlier figure is called: a fact's own name."""
    fact = indicators.received.facts.get(expression.removeprefix("fact."))
    if fact is not None:
        return Text(zh=fact.name.zh, en=fact.name.en or "the figure declared")
    return Text(zh="对比数", en="the figure declared")


def find_judge(rule: Judge, indicators: Indicators) -> Outcome:
    """The first case whose conditions all hold; unknown as soon as a figure that decides is blank."""
    behind: dict[str, Figure] = {}
    for case, conditions in rule.when.items():
        holds = [_holds(condition, indicators, behind) for condition in conditions]
        if None in holds and False not in holds:
            return Outcome(("unknown",), behind=lambda: behind)
        if all(holds):
            return Outcome((case,), behind=lambda: behind)
    return Outcome(("otherwise",), behind=lambda: behind)


def _holds(condition: Condition, indicators: Indicators, behind: dict[str, Figure]) -> bool | None:
    """Whether a condition holds for the whole area; ``None`` where a side is blank."""
    value = indicators.evaluate(condition.value)
    limits = limits_of(condition, indicators, area=True)
    sides = {condition.value: value} | {limit.expression: limit.figure for limit in limits.values() if limit.figure}
    behind |= {expression: figure for expression, figure in sides.items() if figure.cells}
    if value.value is None or any(limit.at(AREA) is None for limit in limits.values()):
        return None
    return keeps_bounds(AREA, value.value, limits)


def find_faults(rule: Faults, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:
    """What the checks found, counted by kind; one issue counts once."""
    issues: dict[str, list[QualityIssue]] = {}
    for issue in quality:
        kind = _kind(issue, indicators)
        if not rule.checks or kind in rule.checks or issue.check in rule.checks:
            issues.setdefault(kind, []).append(issue)
    found = [issue for kind in _KINDS for issue in issues.get(kind, ())]
    units = {issue.unit for issue in found}
    outcome = Outcome(("default",) if found else ("none",), [unit for unit in indicators.units if unit in units])
    outcome.values["count"] = count_of([issue.check for issue in found], "faults", partial(_cells, found))
    outcome.values["unit_count"] = count_of(outcome.units, "units with faults", partial(_cells, found))
    for kind, name in _KINDS.items():
        if kind in issues:
            faults = issues[kind]
            outcome.kinds.append((name, count_of([issue.check for issue in faults], kind, partial(_cells, faults))()))
    outcome.attention = frozenset({"default"})
    return outcome


def _kind(issue: QualityIssue, indicators: Indicators) -> str:
    if issue.kind:
        return issue.kind
    declared = indicators.series.checks.get(issue.check)
    return declared.check if declared is not None else _STANDARD.get(issue.check, issue.check)


def _cells(issues: Sequence[QualityIssue]) -> tuple[Cell, ...]:
    return unique(cell for issue in issues for cell in issue.cells)


def _describe(outcome: Outcome, subject: Subject, indicators: Indicators, value: Figure) -> None:
    label = subject.label or Text(zh=label_of(subject, indicators, "zh"), en=label_of(subject, indicators, "en"))
    outcome.phrases["measure"] = Phrase(label)
    outcome.phrases["unit"] = Phrase(_unit_words(value.unit))


@cache
def _unit_words(unit: str) -> Text:
    return Text(zh=unit, en=unit_name(unit, "en"))
