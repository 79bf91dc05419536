"""What findings assert, held to the figures and to the rules of the definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from tongbao_verify.books import RECORD, key_of
from tongbao_verify.definition import Map, expression
from tongbao_verify.formula import PERIODS, Value, Where, canonical
from tongbao_verify.period import UnknownError
from tongbao_verify.record import Record, same, shown

_BOUNDS = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "at": "=="}
Fault = tuple[str, str]


def check_claims(record: Record) -> None:
    """Hold every claim to the figures, and the claims of each finding to its rule."""
    books, rules = record.books, record.definition.rules
    findings = {finding["id"]: finding for finding in books.record["findings"]}
    for name in rules.keys() ^ findings.keys():
        books.leave(f"finding {name}", name, "declared or recorded, but not both")
    for name in rules.keys() & findings.keys():
        finding = findings[name]
        try:
            faults = list(_Finding(record, rules[name], finding).faults())
        except (UnknownError, KeyError, TypeError) as error:
            faults = [(name, f"not to be read: {error!r}")]
        for text, reason in faults:
            books.account.leave(RECORD, f"finding {name}", text, next(iter(finding["text"].values()), ""), reason)
        books.account.held["claims"] += len(finding["claims"])


def _joined(side: str, bounds: Map) -> str:
    """Declared bounds as one condition."""
    return " and ".join(f"{side} {_BOUNDS[name]} {bounds[name]}" for name in _BOUNDS if name in bounds)


class _Finding:
    """One finding with its rule; faults are a text and a reason."""

    def __init__(self, record: Record, rule: Map, finding: Map) -> None:
        self.record, self.definition, self.evaluate = record, record.definition, record.books.evaluate
        self.rule, self.finding, self.claims = rule, finding, finding["claims"]
        self.items = {name: canonical(expression(item["value"])) for name, item in rule.get("items", {}).items()}
        self.subject = self._subject()
        self.picked = [canonical(condition) for condition in self._picked()]

    def faults(self) -> Iterator[Fault]:
        for claim in self.claims:
            if claim["claim"] == "value":
                if not any(claim["key"] == one["key"] for n in self.finding["numbers"].values() for one in n):
                    yield claim["key"], "not printed in the sentence"
                continue
            of = claim.get("of", "")
            subject = (
                {name: canonical(one) for name, one in of.items()} if isinstance(of, Mapping) else of and canonical(of)
            )
            if subject and subject != (self.items or self.subject):
                yield str(of), f"the rule compares {self.items or self.subject or 'nothing'}"
            yield from self._case(claim) if claim["claim"] == "case" else self._asserted(claim)
        yield from self._missing()
        yield from self._named()

    # What a claim asserts of the figures.

    def _asserted(self, claim: Map) -> Iterator[Fault]:
        kind, of, that = claim["claim"], claim.get("of", ""), claim.get("that") or "reported(it)"
        scopes = [Where(scope, None, of) for scope in self.evaluate.scopes(Where(of=of))]
        values: dict[str, Value] = {one.scope: self.evaluate("it", one) if of else None for one in scopes}
        for name in values | claim["compared"] if "compared" in claim else ():
            text = claim["compared"].get(name)
            if not same(None if text is None else Fraction(text), values.get(name)):
                yield str(text), f"recomputed {shown(values.get(name))} for {name}: {of}"
        right = [one.scope for one in scopes if self.evaluate(that, one)]
        if kind == "count":
            right = claim["units"] if "units" in claim else right
            if self.record.figures[claim["key"]]["value"] != str(len(right)):
                yield claim["key"], f"{len(right)} satisfy {that}"
        if kind != "order" and not any(condition in canonical(that) for condition in self._sayable()):
            yield that, f"the rule picks by {' or '.join(self.picked)}"
        if kind in ("order", "extreme"):
            among = claim["units"] if kind == "order" else right
            falling = claim["descending"] if kind == "order" else claim["end"] == "highest"
            ranked = [one for one in values if one in among and values[one] is not None]
            right = sorted(ranked, key=lambda one: values[one] or 0, reverse=falling)
            if falling != self._falls():
                yield kind, f"the rule's order is {self.rule.get('order', 'its own')}"
        if kind == "extreme":
            take, ties = int(self.evaluate(str(self.rule.get("take", 0)))), self.rule.get("ties", "extend")
            last = values[right[:take][-1]] if right[:take] else None
            right = right[:take] + [name for name in right[take:] if ties == "extend" and values[name] == last]
            if self.evaluate(claim["take"]) != take or claim["ties"] != ties:
                yield claim["take"], f"the rule takes {take}, ties {ties}"
        if (sorted(claim["units"]) != sorted(right)) if kind == "members" else claim.get("units", right) != right:
            yield "、".join(claim["units"]) or "none", f"{kind} of {that}: {'、'.join(right) or 'none'}"

    def _case(self, claim: Map) -> Iterator[Fault]:
        """The case is the finding's, its condition holds and is the one that the rule declares for it."""
        case, when, right = claim["case"], claim["when"], self._declared_case(claim["case"])
        scopes = [Where(unit, None, claim.get("of", "")) for unit in claim.get("units", ["area"])]
        if case != self.finding["case"] or not all(self.evaluate(when, one) for one in scopes):
            yield case, f"the figures do not make the case true: {when}"
        if right and canonical(when) != canonical(right):
            yield when, f"the rule declares {right}"

    # What the rule declares.

    def _subject(self) -> str:
        """What the rule compares, in one spelling: its measure or value, or the change of that."""
        declared = self.rule.get("measure", self.rule.get("value"))
        if self.rule["rule"] == "faults":
            return " + ".join(f"issues.{check}" for check in self.rule.get("checks", ["all"]))
        if declared is None:
            return self.definition.columns_of(self.rule["table"])[0] if self.rule.get("table") else ""
        now, head = expression(declared), self.rule.get("change") or self.rule.get("against")
        if head is None:
            return canonical(now)
        before = canonical(now, head) if head in PERIODS else head
        unit = (declared.get("unit") if isinstance(declared, Mapping) else "") or self.definition.declared(now, "unit")
        how = self.rule.get("change_in") or ("points" if unit == "%" else "percent")
        return canonical(f"change({now}, {before})" if how == "percent" else f"({now}) - ({before})")

    def _picked(self) -> list[str]:
        """The conditions by which the rule picks units or items."""
        rule, bounds = self.rule, _joined("it", self.rule)
        if rule["rule"] == "split":
            return [f"it > {rule['at']}", f"it < {rule['at']}", f"it == {rule['at']}"]
        if rule["rule"] == "range":
            return ["it == highest(it)", "it == lowest(it)"]
        if rule.get("table"):
            return [" and ".join(f"blank({name})" for name in self.definition.columns_of(rule["table"]))]
        if rule.get("blank"):
            bounds = f"(blank(it) or {bounds})" if bounds else "blank(it)"
        others = [_joined(expression(condition["value"]), condition) for condition in rule.get("where", ())]
        return [" and ".join([bounds or "reported(it)", *others])] if self.subject or self.items else []

    def _sayable(self) -> set[str]:
        """What must stand in a condition that picks or counts: the rule's, about ``it`` or spelled out, or of ``since``."""
        plain = bool(re.fullmatch(r"[\w.]+", self.subject))
        spelled = self.subject if plain else f"({self.subject})"
        said = {one for text in (*self.picked, "reported(it)") for one in (text, re.sub(r"\bit\b", spelled, text))}
        return {canonical(one, head) for one in said for head in {"", self.rule.get("since", "")}} | {"it > 0"}

    def _declared_case(self, case: str) -> str:
        """The condition that the rule declares for a case; empty where the rule has no say."""
        rule = self.rule
        if case in ("met", "missed") and "target" in rule:
            met, missed = ("<=", ">") if rule.get("limit") else (">=", "<")
            return f"{expression(rule['value'])} {met if case == 'met' else missed} {rule['target']}"
        if "against" in rule and case in ("rise", "fall"):
            return f"{self.subject} {'>' if case == 'rise' else '<'} 0"
        said: list[str] = []
        for name, conditions in rule.get("when", {}).items():
            that = " and ".join(_joined(expression(one["value"]), one) for one in conditions)
            if name == case:
                return " and ".join([*said, that])
            said.append(f"not ({that})")
        return " and ".join(said) if case == "otherwise" else ""

    def _falls(self) -> bool | None:
        """Whether the rule puts the largest first; ``None`` for the official order."""
        bounds, measure = _BOUNDS.keys() & self.rule.keys(), self.rule.get("measure", "")
        filtered = bounds or "where" in self.rule or self.rule.get("blank")
        own = "official" if filtered and "take" not in self.rule else "best"
        if bounds - {"at"}:
            own = "ascending" if bounds <= {"below", "at_most"} else "descending"
        rank = measure.get("rank") if isinstance(measure, Mapping) else None
        rank = rank or self.definition.declared(expression(measure).split(".")[-1], "rank", "descending")
        falls, order = rank == "descending", self.rule.get("order", own)
        return {"best": falls, "worst": not falls, "descending": True, "ascending": False}.get(order)

    def _missing(self) -> Iterator[Fault]:
        """Claims that the rule calls for, where there is something to compare."""
        kinds = [claim["claim"] for claim in self.claims]
        said = [canonical(claim["that"]) for claim in self.claims if claim["claim"] == "members"]
        if self.finding["case"] in ("unreported", "no_comparison", "missing"):
            return
        if self.rule.keys() & {"target", "against", "when"} and "case" not in kinds:
            yield self.finding["case"], "no claim says why"
        if missing := [
            one
            for one in self.picked[:2]
            if one not in said and "focus" not in self.rule and "against" not in self.rule and "target" not in self.rule
        ]:
            yield missing[0], "no claim says who"
        if "take" in self.rule and "extreme" not in kinds:
            yield f"take: {self.rule['take']}", "no claim says who is first"

    # What the sentence names.

    def _named(self) -> Iterator[Fault]:
        """The names in a sentence are those of its claims in their order, or all others that are compared."""
        official = list(self.items or self.definition.units)
        lists = [c["units"] for c in self.claims if c["claim"] == "extreme"]
        lists = lists or [c["units"] for c in self.claims if c["claim"] == "members"]
        ordered = {frozenset(c["units"]): c["units"] for c in self.claims if c["claim"] in ("order", "extreme")}
        ordered = {
            frozenset(units): ordered.get(frozenset(units), [n for n in official if n in units]) for units in lists
        }
        known = {name for units in lists for name in units}
        for lang, numbers in self.finding["numbers"].items():
            keys = (key_of(one["key"]) for one in numbers)
            named = list(dict.fromkeys(key.scope for key in keys if key.is_name))
            for right in ordered.values():
                here = [name for name in named if name in right]
                if here and here != right[: self.rule.get("naming", {}).get("show")]:
                    yield "、".join(here), f"the claim names {'、'.join(right)} ({lang})"
            others = [name for name in named if name not in known and name != self.rule.get("focus")]
            if others and others != [name for name in official if name not in known] and "focus" not in self.rule:
                yield "、".join(others), f"named in the sentence ({lang}), but no claim is about them"
