"""Which units a rule names and which numbers it brings, worked out again: one function per kind of rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tongbao.audit.arithmetic import NotComputableError
from tongbao.audit.books import Amount, Books, UnknownNameError
from tongbao.audit.found import Cases, Found, count
from tongbao.audit.pick_area import pick_change, pick_faults, pick_judge, pick_state, pick_target
from tongbao.audit.pick_units import pick_list, pick_range, pick_split
from tongbao.definition.rule import Rule, worded
from tongbao.findings.change import Change
from tongbao.findings.faults import Faults
from tongbao.findings.judge import Judge
from tongbao.findings.list import List
from tongbao.findings.range import Range
from tongbao.findings.split import Split
from tongbao.findings.state import State
from tongbao.findings.target import Target


def own_words(rule):
    return rule.own_words()


_NAMES = re.compile(r"\{\{\s*(\w+)")
_PICKS: dict[str, tuple[type[Rule], Callable[[Rule, Books], Found]]] = {
    "state": (State, pick_state),
    "list": (List, pick_list),
    "range": (Range, pick_range),
    "split": (Split, pick_split),
    "target": (Target, pick_target),
    "change": (Change, pick_change),
    "judge": (Judge, pick_judge),
    "faults": (Faults, pick_faults),
}


@dataclass(frozen=True)
class Members:
    """What a rule finds, worked out again.

    ``units`` are those it is about, in order; ``case`` is the wording that the figures make true, of all ``cases`` that
    are; ``lists`` are names by what a wording calls them, ``amounts`` its numbers, ``labels`` the words before some.
    """

    units: tuple[str, ...]
    case: str
    cases: Cases
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    amounts: Mapping[str, Amount] = field(default_factory=dict)
    template: Mapping[str, str] = field(default_factory=dict)
    show: int | None = None
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def names(self, lang: str = "zh") -> tuple[str, ...] | None:
        """The names that the sentence gives, in order; ``None`` where its wording chooses by itself."""
        template = self.template.get(lang, "")
        if "{%" in template:
            return None
        found: list[str] = []
        for name in _NAMES.findall(template):
            listed = list(self.lists.get(name, ()))
            found += listed[: self.show] if name == "units" and self.show is not None else listed
        return tuple(found)


def members(rule: Rule, books: Books) -> Members | None:
    """What a rule finds, or ``None`` where its kind, an option it sets or a figure it needs is not known here."""
    kind, function = _PICKS.get(str(getattr(rule, "rule", "")), (Rule, None))
    fields = type(rule).model_fields
    beyond = set(fields) - set(kind.model_fields)
    stranger = any(getattr(rule, name) != fields[name].default for name in beyond)
    if function is None or stranger:
        return None
    try:
        found = function(rule, books)
    except (NotComputableError, UnknownNameError):
        return None
    case, wording = worded(rule, found.cases, own_words(rule))
    lists = {"units": found.units, **found.lists}
    template = {"zh": wording.zh, "en": wording.en or ""}
    named = next((name for name in _NAMES.findall(wording.zh) if name in lists), "units")
    amounts = {"named": count(lists[named]), **found.amounts}
    amounts |= {name: books.value(value) for name, value in rule.values.items()}
    return Members(tuple(found.units), case, found.cases, lists, amounts, template, rule.naming.show,
                   found.labels)  # fmt: skip
