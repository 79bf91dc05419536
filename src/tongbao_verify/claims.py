"""What findings assert, held to the figures and to the rules of the definition."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from tongbao_verify.books import key_of
from tongbao_verify.definition import Map, expression
from tongbao_verify.formula import AREA, PERIODS, Value, canonical, months_of
from tongbao_verify.record import Record, same, shown

_BOUNDS = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "at": "=="}
_NOTHING = ("unreported", "no_comparison", "missing", "focus_unreported")
# What claims of issues name beside the figures, which is not read here.
_BESIDE = re.compile(r"\b(?:total|date|records)\.|\bratio\(")
Fault = tuple[str, str]


def check_claims(record: Record) -> None:
    """Hold every claim to the figures, and the claims of each finding to its rule."""
    books, rules = record.books, record.definition.rules
    findings = {finding["id"]: finding for finding in books.record["findings"]}
    for name in rules.keys() ^ findings.keys():
        books.leave(f"finding {name}", name, "declared or recorded, but not both")
    for name in rules.keys() & findings.keys():
        sentence = next(iter(findings[name]["text"].values()), "")
        with books.reading(f"finding {name}", name, sentence):
            for text, reason in _Finding(record, rules[name], findings[name]).faults():
                books.leave(f"finding {name}", text, reason, sentence)
        books.held["claims"] += len(findings[name]["claims"])


def check_issues(record: Record) -> None:
    """Hold the claims of issues to the figures; those on totals, dates, case records and ratios are not."""
    books = record.books
    for issue, claim in ((one, claim) for one in books.record["issues"] for claim in one["claims"]):
        when, scope, place = claim["when"], claim["scope"], f"issue {issue['check']}"
        if _BESIDE.search(when):
            books.notes[f"{place}: claims on totals, dates, case records and ratios are not held"] = None
            continue
        with books.reading(place, scope, issue["message"]["zh"]):
            if not books.evaluate(when, scope):
                books.leave(place, scope, f"the figures do not make this true: {when}", issue["message"]["zh"])
        books.held["claims"] += 1


def _bounds(side: str, declared: Map) -> str:
    """Declared bounds as one condition."""
    return " and ".join(f"{side} {_BOUNDS[name]} {declared[name]}" for name in _BOUNDS if name in declared)


class _Finding:
    """One finding with its rule; faults are a text and a reason."""

    def __init__(self, record: Record, rule: Map, finding: Map) -> None:
        self.record, self.definition, self.evaluate = record, record.definition, record.books.evaluate
        self.rule, self.case, self.claims = rule, finding["case"], finding["claims"]
        self.numbers = {lang: numbers for lang, numbers in finding["numbers"].items() if numbers is not None}
        items = {name: canonical(expression(item["value"])) for name, item in rule.get("items", {}).items()}
        self.official = list(items or self.definition.units)
        table = rule.get("table", "")
        partial = self.definition.tables.get(table, {}).get("partial")
        self.among = record.books.rows(table) if partial else self.official
        self.subject = items or self._subject()
        self.picked = [canonical(condition) for condition in self._picked()]

    def faults(self) -> Iterator[Fault]:
        for claim in self.claims:
            if claim["claim"] == "blank":
                yield from self._blank(claim)
                continue
            of = claim.get("of") or self.subject
            spelled = canonical(of) if isinstance(of, str) and of else of
            if (spelled if isinstance(of, str) else {name: canonical(one) for name, one in of.items()}) != self.subject:
                yield str(of), f"the rule compares {self.subject or 'nothing'}"
            match claim["claim"]:
                case "value":
                    if not any(claim["key"] == one["key"] for numbers in self.numbers.values() for one in numbers):
                        yield claim["key"], "not printed in the sentence"
                case "case":
                    yield from self._case(claim)
                case "count" if "units" in claim:
                    pass  # the figure is held to it, see Record; it to the other claims, see _named
                case _:
                    yield from self._asserted(claim)
        yield from self._missing()
        yield from self._named()

    def _case(self, claim: Map) -> Iterator[Fault]:
        """The case is the finding's, its condition holds and is the one that the rule declares for it."""
        case, when, right = claim["case"], claim["when"], self._declared(claim["case"])
        holds = (self.evaluate(when, unit, None, claim.get("of", "")) for unit in claim.get("units", [AREA]))
        if case != self.case or not all(holds):
            yield case, f"the figures do not make the case true: {when}"
        if right and canonical(when) != canonical(right):
            yield when, f"the rule declares {right}"

    def _blank(self, claim: Map) -> Iterator[Fault]:
        """Exactly the units that are named as left out have no figure, and every sentence names them."""
        of, months = claim["of"], months_of(claim["period"]) if "period" in claim else None
        about = [unit for unit in self.definition.units if months or unit in self.record.books.about(of)]
        right = [unit for unit in about if self.evaluate("blank(it)", unit, months, of)]
        if sorted(claim["units"]) != sorted(right):
            yield "、".join(claim["units"]), f"blank is {of} of {'、'.join(right) or 'none'}"
        for lang, numbers in self.numbers.items():
            named = {key_of(one["key"]).scope for one in numbers if key_of(one["key"]).is_name}
            if silent := [unit for unit in claim["units"] if unit not in named]:
                yield "、".join(silent), f"left out, but not named in the sentence ({lang})"

    def _asserted(self, claim: Map) -> Iterator[Fault]:
        """What is compared has these values, and those that satisfy the condition are the ones that are named."""
        kind, of, that = claim["claim"], claim.get("of", ""), claim.get("that") or "reported(it)"
        scopes = self.evaluate.scopes(of)
        values: dict[str, Value] = {one: self.evaluate("it", one, None, of) if of else None for one in scopes}
        for name in values | claim["compared"] if "compared" in claim else ():
            text = claim["compared"].get(name)
            if not same(None if text is None else Fraction(text), values.get(name)):
                yield str(text), f"recomputed {shown(values.get(name))} for {name}: {of}"
        among = claim.get("among", scopes)
        if sorted(among) != sorted(self.among):
            yield "、".join(among), f"looked at are {'、'.join(self.among)}"
        right = [one for one in scopes if one in among and self.evaluate(that, one, None, of)]
        if kind == "count" and self.record.figures[claim["key"]]["value"] != str(len(right)):
            yield claim["key"], f"{len(right)} satisfy {that}"
        if kind != "order" and not any(condition in canonical(that) for condition in self._sayable()):
            yield that, f"the rule picks by {' or '.join(self.picked)}"
        if kind in ("order", "extreme"):
            falling = claim["descending"] if kind == "order" else claim["end"] == "highest"
            if falling != self._falls():
                yield kind, f"the rule's order is {self.rule.get('order', 'its own')}"
            ranked = [one for one in (claim["units"] if kind == "order" else right) if values.get(one) is not None]
            right = sorted(sorted(ranked, key=scopes.index), key=lambda one: values[one] or 0, reverse=falling)
        if kind == "extreme":
            take, ties = int(self.evaluate(str(self.rule.get("take", 0)))), self.rule.get("ties", "extend")
            tied = [name for name in right[take:] if ties == "extend" and values[name] == values[right[take - 1]]]
            right = right[:take] + tied
            if self.evaluate(claim["take"]) != take or claim["ties"] != ties:
                yield claim["take"], f"the rule takes {take}, ties {ties}"
        units = claim.get("units", right)
        if (sorted(units) != sorted(right)) if kind == "members" else (units != right and kind != "count"):
            yield "、".join(units) or "none", f"{kind} of {that}: {'、'.join(right) or 'none'}"

    def _subject(self) -> str:
        """What the rule compares, in one spelling: its measure or value, or the change of that."""
        rule, declared = self.rule, self.rule.get("measure", self.rule.get("value"))
        if rule["rule"] == "faults":
            return " + ".join(f"issues.{check}" for check in rule.get("checks", ["all"]))
        if declared is None:
            return next(iter(self.definition.columns_of(rule.get("table"))), "")
        now, head = expression(declared), rule.get("change") or rule.get("against")
        if head is None:
            return canonical(now)
        before = canonical(now, head) if head in PERIODS else head
        unit = (declared.get("unit") if isinstance(declared, Mapping) else "") or self.definition.declared(now, "unit")
        percent = rule.get("change_in", "points" if unit == "%" else "percent") == "percent"
        return canonical(f"change({now}, {before})" if percent else f"({now}) - ({before})")

    def _picked(self) -> list[str]:
        """The conditions by which the rule picks units or items."""
        rule, bounds = self.rule, _bounds("it", self.rule)
        if rule["rule"] == "split":
            return [f"it > {rule['at']}", f"it < {rule['at']}"]
        if rule["rule"] == "range":
            return ["it == highest(it)", "it == lowest(it)"]
        if rule["rule"] == "faults":
            return ["it > 0"]
        if "table" in rule:
            return [" and ".join(f"blank({name})" for name in self.definition.columns_of(rule["table"]))]
        if rule.get("blank"):
            bounds = f"(blank(it) or {bounds})" if bounds else "blank(it)"
        others = [_bounds(expression(condition["value"]), condition) for condition in rule.get("where", ())]
        return [" and ".join([bounds or "reported(it)", *others])] if rule["rule"] == "list" else []

    def _sayable(self) -> set[str]:
        """What stands in a condition that picks or counts: the rule's, about ``it`` or spelled out, or of ``since``."""
        subject, since = str(self.subject), self.rule.get("since", "")
        spelled = subject if re.fullmatch(r"[\w.]+", subject) else f"({subject})"
        level = [f"it == {self.rule['at']}"] if self.rule["rule"] == "split" else []
        said = [*self.picked, "reported(it)", *level]
        said += [re.sub(r"\bit\b", spelled, text) for text in said]
        return {canonical(text, head) for text in said for head in {"", since}}

    def _declared(self, case: str) -> str:
        """The condition that the rule declares for a case; empty where the rule has no say."""
        rule, said = self.rule, list[str]()
        if case in ("met", "missed") and "target" in rule:
            met, missed = ("<=", ">") if rule.get("limit") else (">=", "<")
            return f"{expression(rule['value'])} {met if case == 'met' else missed} {rule['target']}"
        if case in ("rise", "fall") and "against" in rule:
            return f"{self.subject} {'>' if case == 'rise' else '<'} 0"
        for name, conditions in rule.get("when", {}).items():
            that = " and ".join(_bounds(expression(one["value"]), one) for one in conditions)
            if name == case:
                return " and ".join([*said, that])
            said.append(f"not ({that})")
        return " and ".join(said) if case == "otherwise" else ""

    def _falls(self) -> bool | None:
        """Whether the rule puts the largest first; ``None`` for the official order."""
        bounds, measure = _BOUNDS.keys() & self.rule.keys(), self.rule.get("measure", "")
        own = "official" if "take" not in self.rule and (bounds or self.rule.keys() & {"where", "blank"}) else "best"
        if bounds - {"at"}:
            own = "ascending" if bounds <= {"below", "at_most"} else "descending"
        rank = measure.get("rank") if isinstance(measure, Mapping) else None
        rank = rank or self.definition.declared(expression(measure).split(".")[-1], "rank", "descending")
        ways = {"best": rank == "descending", "worst": rank != "descending", "descending": True, "ascending": False}
        return ways.get(self.rule.get("order", own))

    def _missing(self) -> Iterator[Fault]:
        """Claims that the rule calls for, where there is something to compare."""
        kinds = {claim["claim"] for claim in self.claims}
        said = {canonical(claim["that"]) for claim in self.claims if claim["claim"] == "members"}
        if self.case in _NOTHING or "focus" in self.rule:
            return
        told = {unit for claim in self.claims if claim["claim"] in ("blank", "members") for unit in claim["units"]}
        in_sentence = self.definition.raw.get("left_out") != "notes"
        if in_sentence and self.rule.get("measure") and isinstance(self.subject, str):
            about = self.record.books.about(str(self.subject))
            if silent := [u for u in about if u not in told and self.evaluate("blank(it)", u, None, self.subject)]:
                yield "、".join(silent), "without a figure, and no claim says that they are left out"
        if missing := [condition for condition in self.picked if condition not in said]:
            yield missing[0], "no claim says of whom this is true"
        if self.rule.keys() & {"target", "against", "when"} and "case" not in kinds:
            yield self.case, "no claim says why"
        if "take" in self.rule and "extreme" not in kinds:
            yield f"take: {self.rule['take']}", "no claim says who is first"

    def _named(self) -> Iterator[Fault]:
        """The names in a sentence are those of its claims in their order, or all others that are compared."""
        ordered = {frozenset(one["units"]): one["units"] for one in self.claims if one["claim"] in ("order", "extreme")}
        kind = "extreme" if any(claim["claim"] == "extreme" for claim in self.claims) else "members"
        lists = {frozenset(claim["units"]) for claim in self.claims if claim["claim"] == kind}
        rest = [name for name in self.official if name not in frozenset().union(*lists)]
        known = {frozenset(rest), *(frozenset(one["units"]) for one in self.claims if "that" in one and "units" in one)}
        for claim in self.claims:
            if claim["claim"] == "count" and not known >= {frozenset(claim.get("units", rest))}:
                yield claim["key"], "counts names that no claim is about"
        blank = {unit for claim in self.claims if claim["claim"] == "blank" for unit in claim["units"]}
        for lang, numbers in self.numbers.items() if "focus" not in self.rule else ():
            keys = (key_of(one["key"]) for one in numbers)
            named = [name for name in dict.fromkeys(key.scope for key in keys if key.is_name) if name not in blank]
            for units in lists:
                here, official = [name for name in named if name in units], [n for n in self.official if n in units]
                right = ordered.get(units, official)[: self.rule.get("naming", {}).get("show")]
                if here not in ([], right):
                    yield "、".join(here), f"the claim names {'、'.join(right)} ({lang})"
            if (others := [name for name in named if name in rest]) not in ([], rest):
                yield "、".join(others), f"named in the sentence ({lang}), but no claim is about them"
