"""What is said where figures have nothing to be held against: none reported, no other period, a bound without one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from tongbao.basics.formula import Formula
from tongbao.definition.model import Text
from tongbao.definition.names import OTHER_PERIODS, bare
from tongbao.figures.indicators import Indicators
from tongbao.findings.bounds import Limit, is_of_unit
from tongbao.findings.other_periods import base_of, comparing
from tongbao.findings.outcome import NOTHING, Outcome, Phrase
from tongbao.findings.subject import Comparable


def nothing_compared(
    outcome: Outcome, subject: Comparable, limits: Collection[Limit], indicators: Indicators
) -> tuple[str, ...]:
    """The cases of a rule of which nothing that it looks at can be compared, the most telling first.

    Arguments:
        outcome: gets the words and the condition of the case.
        subject: what is compared.
        limits: what it is held against.
        indicators: whose figures they are.
    """
    if subject.reporting:
        return no_bound(outcome, subject, limits, indicators)
    if subject.no_base or (subject.incomparable and not subject.other_missing):
        return ("no_base",)
    if subject.not_summed:
        return ("no_total",)
    return ("no_comparison", "unreported") if subject.other_missing else ("unreported",)


def no_bound(
    outcome: Outcome, subject: Comparable, limits: Collection[Limit], indicators: Indicators
) -> tuple[str, ...]:
    """The case that what the figures are held against has none: of another period, a total, or something else."""
    blank = [one for one in limits if one.is_blank]
    names = _lacking(blank, indicators) or _names(limits)
    heads = {next((part for part in name.split(".") if part in OTHER_PERIODS), "") for name in names}
    case, head = "no_bound", heads.pop() if blank and len(heads) == 1 else ""
    own = all(bare(name) == subject.formula for name in names)
    if head and not own and indicators.compared(head).any_received:  # of what is compared there may be figures
        head = ""
    if head:
        case = "no_comparison"
        outcome.phrases["base"] = Phrase(base_of(indicators, head) or NOTHING)
        outcome.phrases["comparing"] = Phrase(comparing(indicators, head))
    elif blank and not subject.is_change and all(f"area.{subject.formula}" == name for name in names):
        case = "no_total"
    if common := [one.expression for one in blank if one.of_each is None]:
        outcome.when[case] = " or ".join(f"blank({bound})" for bound in common)
    outcome.left_out.clear()
    outcome.phrases["lacking"] = Phrase(_named(names, indicators))
    return (case,)


def _lacking(blank: Iterable[Limit], indicators: Indicators) -> list[str]:
    """The names behind bounds without a figure that have none themselves."""
    return [name for name in _names(blank) if _is_blank(name, indicators)]


def _is_blank(name: str, indicators: Indicators) -> bool:
    if is_of_unit(name):
        return all(value is None for value in indicators.values(name).values())
    return indicators.evaluate(name).value is None


def _names(limits: Iterable[Limit]) -> list[str]:
    return list(dict.fromkeys(name for one in limits for name in sorted(Formula.parse(one.expression).names)))


def _named(names: Iterable[str], indicators: Indicators) -> Text:
    """Measures in words: 全市检查处罚率, 各地平均罚款; what is counted or added up over all by what it is made of."""
    leaves = (sorted(Formula.parse(name).leaves) if "(" in name else [name] for name in names)
    plain = dict.fromkeys(chain.from_iterable(leaves))
    known = [name for name in plain if bare(name) in indicators.measures]
    zh, en = (dict.fromkeys(indicators.measure_name(name, lang) for name in known) for lang in ("zh", "en"))
    return Text(zh="、".join(zh), en=", ".join(en))
