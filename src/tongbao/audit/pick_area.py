"""Rules over the whole area: figures stated, held against a target or another period, judged; faults counted."""

from __future__ import annotations

from fractions import Fraction

from tongbao.audit.arithmetic import NotComputableError, decimals_of, printed
from tongbao.audit.books import AREA, Amount, Books
from tongbao.audit.found import Found, count
from tongbao.audit.issues import KINDS
from tongbao.audit.subjects import POINTS, before_of, change, keeps, limits_of, option
from tongbao.definition.expressions import Value
from tongbao.findings.change import Change
from tongbao.findings.faults import Faults
from tongbao.findings.judge import Judge
from tongbao.findings.kind import Kind as Rule
from tongbao.findings.target import Target


def pick_state(rule: Rule, books: Books) -> Found:
    """Figures as they are; the case says whether one is missing."""
    blank = any(books.value(value).value is None for value in rule.values.values())
    return Found(("missing",) if blank and "missing" in rule.wording else ("default",))


def pick_target(rule: Rule, books: Books) -> Found:
    """A value against a target."""
    assert isinstance(rule, Target)  # noqa: S101
    value, target = books.value(rule.value), option(rule.target, books)
    found = Found(("unreported",), amounts={"value": value, "target": target})
    if value.value is None or target.value is None:
        return found
    met = value.value <= target.value if rule.limit else value.value >= target.value
    found.cases = ("met",) if met else ("missed",)
    size = abs(value.value - target.value)
    text = printed(size, max(decimals_of(value.text), decimals_of(target.text)))
    unit = POINTS if value.unit == "%" else value.unit
    found.amounts["distance"] = Amount(size, text, "computed", f"{value.text} against {target.text}", unit)
    if target.value:
        done = value.value / target.value * 100
        found.amounts["progress"] = Amount(done, printed(done, 1), "computed", f"{value.text} of {target.text}", "%")
    return found


def pick_change(rule: Rule, books: Books) -> Found:
    """A value against another one."""
    assert isinstance(rule, Change)  # noqa: S101
    value = books.value(rule.value)
    if rule.against in ("last_year", "previous"):
        before = before_of(books.other(rule.against), rule.value)
    else:
        decimals = None if rule.against.replace(".", "_").isidentifier() else rule.value.decimals or 2
        before = before_of(books, Value(formula=rule.against, decimals=decimals, unit=rule.value.unit))
    size, amount = change(value, before, rule.change_in, rule.decimals)
    found = Found(("zero_base",), amounts={"value": value, "before": before})
    if value.value is None or before.value is None:
        found.cases = ("unreported",) if value.value is None else ("no_comparison",)
    elif size is not None:
        found.amounts |= {"change": amount, "difference": change(value, before, "absolute")[1]}
        direction = ("rise",) if size > 0 else ("fall",)
        flat = not size or not Fraction(amount.text)
        found.cases = (("about_flat", "flat") if size else ("flat",)) if flat else direction
        if rule.bounded:
            found.amounts["bounded"] = _bounded(abs(size), rule.bounded, amount)
    return found


def _bounded(size: Fraction, step: int, amount: Amount) -> Amount:
    """A round number near a change: the step below, or the one above where that is within a fifth of a step."""
    below = size // step * step
    edge = below + step if size != below and (below + step - size) * 5 <= step else below
    edge = edge or step
    return Amount(Fraction(edge), str(edge), "computed", f"{amount.text} in steps of {step}", amount.unit)


def pick_judge(rule: Rule, books: Books) -> Found:
    """The first case whose conditions all hold."""
    assert isinstance(rule, Judge)  # noqa: S101
    for case, conditions in rule.when.items():
        holds: list[bool | None] = []
        for condition in conditions:
            value, limits = books.evaluate(condition.value).value, limits_of(condition, books, area=True)
            blank = value is None or any(bound.at(AREA) is None for bound in limits.values())
            holds.append(None if blank else keeps(AREA, value, limits))
        if None in holds and False not in holds:
            return Found(("unknown",))
        if all(holds):
            return Found((case,))
    return Found(("otherwise",))


def pick_faults(rule: Rule, books: Books) -> Found:
    """What is wrong with the returns, counted by kind; each issue counts once.

    Raises:
        NotComputableError: the issues could not be found again.
    """
    assert isinstance(rule, Faults)  # noqa: S101
    if books.issues is None:
        raise NotComputableError("the issues of the returns")
    counted = [issue for kind in KINDS for issue in books.issues if issue.kind == kind
               and (not rule.checks or {kind, issue.check} & set(rule.checks))]  # fmt: skip
    units = {issue.unit for issue in counted}
    found = Found(("default",) if counted else ("none",), [unit.id for unit in books.series.units if unit.id in units])
    kinds = list(dict.fromkeys(issue.kind for issue in counted))
    found.amounts = {"count": count([issue.check for issue in counted]), "unit_count": count(found.units)}
    for index, kind in enumerate(kinds):
        found.amounts[f"kind{index}"] = count([issue.check for issue in counted if issue.kind == kind])
        found.labels[f"kind{index}"] = KINDS[kind]
    return found
