"""What findings assert, held to the figures and to the rules of the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tongbao_verify.books import RECORD, key_of
from tongbao_verify.definition import Map, expression
from tongbao_verify.formula import AREA, PERIODS, UnknownError, Value, Where, atoms, canonical
from tongbao_verify.record import Record, same, shown

_BOUNDS = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "at": "=="}
_OPPOSITE = {
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
    "blank": "reported",
    "reported": "blank",
}
_CHANGES = {"rise": "above", "fall": "below", "flat": "at"}
_NOTHING = ("unreported", "no_comparison", "missing")
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
        except (UnknownError, KeyError) as error:
            faults = [(name, f"not to be read: {error}")]
        for text, reason in faults:
            books.account.leave(RECORD, f"finding {name}", text, next(iter(finding["text"].values()), ""), reason)
        books.account.held["claims"] += len(finding["claims"])


class _Finding:
    """One finding with its rule; faults are a text and a reason."""

    def __init__(self, record: Record, rule: Map, finding: Map) -> None:
        self.record, self.definition, self.evaluate = record, record.definition, record.books.evaluate
        self.rule, self.finding, self.claims = rule, finding, finding["claims"]
        self.items = {name: canonical(expression(item["value"])) for name, item in rule.get("items", {}).items()}
        self.official = list(self.items or self.definition.units)
        self.subjects = list(self._subjects())
        self.declared = list(self._declared())

    def faults(self) -> Iterator[Fault]:
        for claim in self.claims:
            if claim["claim"] == "value":
                if not all(claim["key"] in [one["key"] for one in n] for n in self.finding["numbers"].values()):
                    yield claim["key"], "not printed in every sentence"
                continue
            if claim["claim"] != "case":
                yield from self._compared(claim)
            elif claim["case"] != self.finding["case"] or not self.evaluate(claim["when"]):
                yield claim["case"], f"the figures do not make the case true: {claim['when']}"
            yield from self._undeclared(claim)
        yield from self._missing()
        yield from self._named()

    # What a claim asserts of the figures.

    def _values(self, of: str | Map) -> dict[str, Value]:
        if isinstance(of, Mapping):
            return {name: self.evaluate(formula) for name, formula in of.items()}
        return {unit: self.evaluate(of, Where(unit)) if of else None for unit in self.definition.units}

    def _compared(self, claim: Map) -> Iterator[Fault]:
        kind, that, values = claim["claim"], claim.get("that") or "reported(it)", self._values(claim.get("of", ""))
        for name in values | claim["compared"] if "compared" in claim else ():
            text = claim["compared"].get(name)
            if not same(None if text is None else Fraction(text), values.get(name)):
                yield str(text), f"recomputed {shown(values.get(name))} for {name}: {claim['of']}"
        scopes = {name: name if name in self.definition.units else AREA for name in values}
        right = [name for name, it in values.items() if self.evaluate(that, Where(scopes[name], it=it))]
        if kind == "count":
            if self.record.figures[claim["key"]]["value"] != str(len(right)):
                yield claim["key"], f"{len(right)} satisfy {that}"
            return
        if kind != "members":
            ranked = [one for one in self.official if values.get(one) is not None
                      and one in (claim["units"] if kind == "order" else right)]  # fmt: skip
            falling = claim["descending"] if kind == "order" else claim["end"] == "highest"
            right = sorted(ranked, key=lambda one: values[one] or 0, reverse=falling)
        if kind == "extreme":
            last = values[right[: claim["take"]][-1]] if right else None
            tied = [name for name in right[claim["take"] :] if values[name] == last]
            right = right[: claim["take"]] + (tied if claim["ties"] == "extend" else [])
        if (sorted(claim["units"]) != sorted(right)) if kind == "members" else (claim["units"] != right):
            yield "、".join(claim["units"]) or "none", f"{kind} of {that}: {'、'.join(right) or 'none'}"

    # What the rule declares.

    def _subjects(self) -> Iterator[str]:
        """Formulas that the rule compares, in one spelling: its measure or value, or the change of that."""
        declared = self.rule.get("measure", self.rule.get("value"))
        head = self.rule.get("change") or self.rule.get("against")
        if declared is None:
            return
        now = canonical(expression(declared))
        if head is None:
            yield from {now, canonical(now, self.rule.get("since", ""))}
            return
        before = canonical(now, head) if head in PERIODS else head
        unit = (declared.get("unit") if isinstance(declared, Mapping) else "") or self.definition.declared(now, "unit")
        how = self.rule.get("change_in") or ("points" if unit == "%" else "percent")
        yield canonical(f"change({now}, {before})" if how == "percent" else f"({now}) - ({before})")

    def _declared(self) -> Iterator[tuple[str, str, str, bool]]:
        """Comparisons that the rule declares: left side, relation, right side; whether a claim must say it."""
        rule, case, about = self.rule, self.finding["case"], ["it", *self.subjects]
        bounds: list[tuple[list[str], Map, bool]] = [(about, rule, True), (about, rule.get("also", {}), False)]
        if rule["rule"] == "split":
            bounds = [(about, {"above": rule["at"], "below": rule["at"]}, True), (about, rule, False)]
        if "target" in rule:
            names = ("at_most", "above") if rule.get("limit") else ("at_least", "below")
            bounds += [(about, {names[case == "missed"]: rule["target"]}, True)]
        if "against" in rule:
            bounds += [(about, {name: 0}, one == case) for one, name in _CHANGES.items()]
        conditions = [(one, False) for one in rule.get("where", ())]
        conditions += [(one, name == case) for name, ones in rule.get("when", {}).items() for one in ones]
        bounds += [([canonical(expression(one["value"]))], one, needed) for one, needed in conditions]
        for sides, declared, needed in bounds:
            for name in _BOUNDS.keys() & declared.keys():
                for side in sides:
                    yield side, _BOUNDS[name], canonical(str(declared[name])), needed
                    yield side, _BOUNDS[name], canonical(str(declared[name]), rule.get("since", "")), False

    def _undeclared(self, claim: Map) -> Iterator[Fault]:
        """What a claim compares, and the rule does not."""
        of, that = claim.get("of"), claim.get("that") or claim.get("when") or "it"
        if isinstance(of, Mapping):
            if {name: canonical(formula) for name, formula in of.items()} != self.items:
                yield str(of), "not the items that the rule declares"
        elif of and canonical(of) not in self.subjects:
            yield of, f"the rule compares {' or '.join(self.subjects) or 'nothing'}"
        allowed = {one[:3] for one in self.declared}
        asked = {
            "it",
            *self.subjects,
            *self.definition.columns_of(self.rule.get("table")),
            *(one[0] for one in allowed),
        }
        for left, relation, right in atoms(that):
            known = {(left, relation, right), (left, _OPPOSITE[relation], right)} & allowed
            if not (known or left.startswith("count(") or (not right and left in asked)):
                yield that, f"the rule does not declare {left} {relation} {right}"
        take, ties = self.rule.get("take"), self.rule.get("ties", "extend")
        number = self.evaluate(str(take or 1))
        if claim["claim"] == "extreme" and (claim["take"] != number or claim["ties"] != ties):
            yield str(claim["take"]), f"the rule takes {shown(number)}, ties {ties}"
        highest = claim.get("descending", claim.get("end") == "highest")
        if (claim["claim"] == "order" or (claim["claim"] == "extreme" and take)) and highest != self._falls():
            yield claim["claim"], f"the rule's order is {self.rule.get('order', 'its own')}"

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
        values = [value for subject in self.subjects for value in self._values(subject).values()]
        if self.finding["case"] in _NOTHING or (values and all(value is None for value in values)):
            return
        said = {atom[1:] for claim in self.claims for atom in atoms(claim.get("that") or claim.get("when") or "it")}
        for relation, right in {one[1:3] for one in self.declared if one[3]} - said:
            yield right, f"no claim says {relation} {right}"
        if "take" in self.rule and not any(claim["claim"] == "extreme" for claim in self.claims):
            yield f"take: {self.rule['take']}", "no claim says who is first"

    # What the sentence names.

    def _named(self) -> Iterator[Fault]:
        """The names in a sentence are those of its claims, in their order."""
        lists = [(claim["claim"], claim["units"]) for claim in self.claims if "units" in claim]
        moved = {name for kind, units in lists if kind != "members" for name in units}
        known = {self.rule.get("focus"), *(name for _, units in lists for name in units)}
        for lang, numbers in self.finding["numbers"].items():
            keys = (key_of(one["key"]) for one in numbers)
            named = list(dict.fromkeys(key.scope for key in keys if key.is_name))
            if strange := [name for name in named if name not in known]:
                yield "、".join(strange), f"named in the sentence ({lang}), but no claim is about them"
            for kind, units in lists:
                here = [name for name in named if name in units]
                free = kind == "members" and moved & set(units)
                right = (
                    [one for one in (named if free else self.official) if one in units] if kind == "members" else units
                )
                if here and here != right[: self.rule.get("naming", {}).get("show")]:
                    yield "、".join(here), f"the claim names {'、'.join(units)} ({lang})"
