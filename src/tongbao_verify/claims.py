"""What findings assert, held to the figures and to the rules of the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from tongbao_verify.books import RECORD, key_of
from tongbao_verify.definition import Map, expression
from tongbao_verify.formula import AREA, PERIODS, UnknownError, Value, Where, atoms, canonical, evaluate
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
_CHANGES = {"rise": ">", "fall": "<", "flat": "=="}
Atom = tuple[str, str, str]
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
        self.record, self.books, self.definition = record, record.books, record.definition
        self.rule, self.finding, self.claims = rule, finding, finding["claims"]
        self.items = {name: canonical(expression(item["value"])) for name, item in rule.get("items", {}).items()}
        self.official = list(self.items or self.books.units)
        self.subjects = list(self._subjects())
        self.declared = set(self._atoms(rule))

    def faults(self) -> Iterator[Fault]:
        for claim in self.claims:
            if claim["claim"] == "value":
                if not all(claim["key"] in [one["key"] for one in n] for n in self.finding["numbers"].values()):
                    yield claim["key"], "not printed in every sentence"
                continue
            if claim["claim"] == "case":
                if claim["case"] != self.finding["case"] or not evaluate(claim["when"], self.books):
                    yield str(claim["case"]), f"the figures do not make the case true: {claim['when']}"
            else:
                yield from self._compared(claim)
            yield from self._undeclared(claim)
        yield from self._missing()
        yield from self._named()

    # What a claim asserts of the figures.

    def _values(self, of: str | Map) -> dict[str, Value]:
        if isinstance(of, Mapping):
            return {name: evaluate(formula, self.books) for name, formula in of.items()}
        return {unit: evaluate(of, self.books, Where(unit)) if of else None for unit in self.books.units}

    def _compared(self, claim: Map) -> Iterator[Fault]:
        kind, that, values = claim["claim"], claim.get("that") or "reported(it)", self._values(claim.get("of", ""))
        for name in {**values, **claim.get("compared", values)} if "compared" in claim else ():
            text = claim["compared"].get(name)
            if not same(None if text is None else Fraction(text), values.get(name)):
                yield str(text), f"recomputed {shown(values.get(name))} for {name}: {claim['of']}"
        scopes = {name: name if name in self.books.units else AREA for name in values}
        right = [name for name, it in values.items() if evaluate(that, self.books, Where(scopes[name], it=it))]
        if kind == "count":
            if self.record.figures[claim["key"]]["value"] != str(len(right)):
                yield claim["key"], f"{len(right)} satisfy {that}"
            return
        if kind in ("order", "extreme"):
            known = [one for one in (claim["units"] if kind == "order" else right) if values.get(one) is not None]
            falling = claim["descending"] if kind == "order" else claim["end"] == "highest"
            right = sorted(sorted(known, key=self.official.index), key=lambda one: values[one] or 0, reverse=falling)
        if kind == "extreme":
            first, rest = right[: int(claim["take"])], right[int(claim["take"]) :]
            tied = [name for name in rest if first and values[name] == values[first[-1]]]
            right = first + (tied if claim["ties"] == "extend" else [])
        if (sorted(claim["units"]) != sorted(right)) if kind == "members" else (claim["units"] != right):
            yield "、".join(claim["units"]) or "none", f"{kind} of {that}: {'、'.join(right) or 'none'}"

    # What the rule declares.

    def _subjects(self) -> Iterator[str]:
        """Formulas that the rule compares, in one spelling: its measure or value, or the change of that."""
        declared = self.rule.get("measure", self.rule.get("value"))
        head = self.rule.get("change") or self.rule.get("against") or ""
        if declared is None:
            return
        now = canonical(expression(declared))
        if not head:
            yield from {now, canonical(now, self.rule.get("since", ""))}
            return
        before = canonical(now, head) if head in PERIODS else f"({head})"
        unit = (declared.get("unit") if isinstance(declared, Mapping) else "") or self.definition.declared(now, "unit")
        how = self.rule.get("change_in") or ("points" if unit == "%" else "percent")
        yield canonical(f"change({now}, {before})" if how == "percent" else f"({now}) - ({before})")

    def _atoms(self, declared: Any, sides: tuple[str, ...] = ()) -> Iterator[Atom]:
        """Comparisons that the rule declares: the bounds in it, a target, the direction of a change."""
        if isinstance(declared, list):
            for inner in declared:
                yield from self._atoms(inner)
        if not isinstance(declared, Mapping):
            return
        own = [canonical(expression(declared["value"]))] if "value" in declared else []
        sides = tuple(own if declared is not self.rule and own else ("it", *self.subjects, *own))
        for name in _BOUNDS.keys() & declared.keys():
            for head in {"", self.rule.get("since", "")}:
                for relation in ("<", ">", "==") if self.rule["rule"] == "split" else (_BOUNDS[name],):
                    yield from ((side, relation, canonical(str(declared[name]), head)) for side in sides)
        if "target" in declared:
            met = "<=" if declared.get("limit") else ">="
            yield from ((side, met, canonical(str(declared["target"]))) for side in sides)
        for name in ("where", "also", "when") if declared is self.rule else declared:
            yield from self._atoms(declared.get(name))

    def _undeclared(self, claim: Map) -> Iterator[Fault]:
        of, that = claim.get("of"), claim.get("that") or claim.get("when") or "1 == 1"
        if isinstance(of, Mapping):
            if {name: canonical(formula) for name, formula in of.items()} != self.items:
                yield str(of), "not the items that the rule declares"
        elif of and canonical(of) not in self.subjects:
            yield of, f"the rule compares {' or '.join(self.subjects) or 'nothing'}"
        table = [column.name for column in self.definition.columns_of(self.rule.get("table", ""))]
        asked = {"it", *self.subjects, *table, *(left for left, _, _ in self.declared)}
        for left, relation, right in atoms(that):
            known = {(left, relation, right), (left, _OPPOSITE[relation], right)} & self.declared
            counted = left.startswith("count(") or {left, right} <= {"1"}
            changes = "against" in self.rule and left in self.subjects and right == "0"
            if not (known or counted or changes or (not right and left in asked)):
                yield that, f"the rule does not declare {left} {relation} {right}"
        if claim["claim"] in ("order", "extreme"):
            yield from self._direction(claim)

    def _direction(self, claim: Map) -> Iterator[Fault]:
        take, ties = self.rule.get("take"), self.rule.get("ties", "extend")
        if claim["claim"] == "extreme":
            number = evaluate(str(take or 1), self.books)
            if Fraction(claim["take"]) != number or claim["ties"] != ties:
                yield str(claim["take"]), f"the rule takes {shown(number)}, ties {ties}"
        highest = claim["descending"] if claim["claim"] == "order" else claim["end"] == "highest"
        if (claim["claim"] == "order" or take is not None) and highest != self._falls():
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
        case, kinds = self.finding["case"], {claim["claim"] for claim in self.claims}
        values = [value for subject in self.subjects for value in self._values(subject).values()]
        if case in ("unreported", "no_comparison", "missing") or (values and all(value is None for value in values)):
            return
        said = {atom for claim in self.claims for atom in atoms(claim.get("that") or claim.get("when") or "1 == 1")}
        needed = [(_BOUNDS[name], self.rule[name]) for name in _BOUNDS.keys() & self.rule.keys()]
        if self.rule["rule"] == "split":
            needed = [(relation, self.rule["at"]) for relation in "<>"]
        if "target" in self.rule:
            missed, met = (">", "<=") if self.rule.get("limit") else ("<", ">=")
            needed.append(({"met": met, "missed": missed}.get(case, met), self.rule["target"]))
        if "against" in self.rule and case in _CHANGES:
            needed.append((_CHANGES[case], 0))
        for condition in self.rule.get("when", {}).get(case, ()):
            needed += [(_BOUNDS[name], condition[name]) for name in _BOUNDS.keys() & condition.keys()]
        for relation, bound in needed:
            if not any(atom[1:] == (relation, canonical(str(bound))) for atom in said):
                yield f"{case}: {bound}", f"no claim says {relation} {bound}"
        if "take" in self.rule and "extreme" not in kinds:
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
