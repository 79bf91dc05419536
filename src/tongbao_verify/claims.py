"""What findings assert, held to the figures and to the rules of the definition."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from tongbao_verify.definition import Map, expression, leaves
from tongbao_verify.formula import AREA, PERIODS, Of, canonical, months_of, number_of, parse, same, shown
from tongbao_verify.key import Key, key_of
from tongbao_verify.raw import FACTS
from tongbao_verify.record import Record

_BOUNDS = {"below": "<", "at_most": "<=", "above": ">", "at_least": ">=", "at": "=="}
_NOTHING = ("unreported", "no_comparison", "no_base", "no_total", "no_bound", "missing", "focus_unreported")
_PICKS = {"split": ["it > {at}", "it < {at}"], "range": ["it == highest(it)", "it == lowest(it)"], "faults": ["it > 0"]}
# What claims of issues name beside the figures, which is not read here.
_BESIDE = re.compile(r"\b(?:total|date|title|records)\.|\bratio\(")
Check = tuple[bool, str, str]  # whether it holds; else what is left over, and why


def check_claims(record: Record) -> None:
    """Hold every claim to the figures, and the claims of each finding to its rule."""
    rules, findings = record.definition.rules, {finding["id"]: finding for finding in record.data["findings"]}
    for name in rules.keys() ^ findings.keys():
        record.leave(f"finding {name}", name, "declared or recorded, but not both")
    for name in rules.keys() & findings.keys():
        sentence = next(iter(findings[name]["text"].values()), "")
        with record.reading(place := f"finding {name}", name, sentence):
            claims = len(findings[name]["claims"])
            for number, (formulas, checks) in enumerate(_Finding(record, rules[name], findings[name]).checks()):
                failed = [(text, reason) for holds, text, reason in checks if not holds]
                if failed and (unread := _unread_behind(record, *formulas)):  # then nothing can be said of it
                    record.notes[f"{place}: {unread}"] = None
                    continue
                for text, reason in failed:
                    record.leave(place, text, reason, sentence)
                record.held["claims"] += number < claims  # else what the sentence tells beside them


def check_issues(record: Record) -> None:
    """Hold the claims of issues to the figures; those on totals, dates, titles, case records and ratios are not."""
    issues = [one for issue in record.data["issues"] for one in (issue, *issue.get("follow", ()))]
    for issue, claim in ((one, claim) for one in issues for claim in one["claims"]):
        when, scope, place = claim["when"], claim["scope"], f"issue {issue['check']}"
        if _BESIDE.search(when):
            record.notes[f"{place}: claims on totals, dates, titles, case records and ratios are not held"] = None
            continue
        with record.reading(place, scope, issue["message"]["zh"]):
            fails = not record.evaluate(when, scope)
            if fails and (unread := _unread_behind(record, when)):
                record.notes[f"{place}: {unread}"] = None
                continue
            if fails:
                record.leave(place, scope, f"the figures do not make this true: {when}", issue["message"]["zh"])
            record.held["claims"] += 1


def _unread_behind(record: Record, *formulas: str) -> str:
    """A file that was not read, of which a formula needs cells that are on no record; empty where there is none."""
    needed = sorted({one for formula in formulas for one in record.definition.behind(formula, record.evaluate.own)})
    for months, name in needed:
        table = record.definition.columns.get(name, {"table": FACTS})["table"]
        scopes = [""] if table == FACTS else record.definition.units
        for part in (part for part in chain(*record.covering(months)) if (table, part) in record.unread):
            if any(Key("", name, scope, part) not in record.values for scope in scopes):
                return record.unread[table, part]
    return ""


def _bounds(side: str, declared: Map) -> str:
    """Declared bounds as one condition."""
    return " and ".join(f"{side} {_BOUNDS[name]} {declared[name]}" for name in _BOUNDS if name in declared)


def _spelled(of: Of) -> Of:
    """What is compared, in one spelling."""
    return canonical(of) if isinstance(of, str) else {name: canonical(one) for name, one in of.items()}


class _Finding:
    """One finding with its rule."""

    def __init__(self, record: Record, rule: Map, finding: Map) -> None:
        self.record, self.definition, self.evaluate = record, record.definition, record.evaluate
        self.rule, self.case, self.claims = rule, finding["case"], finding["claims"]
        self.change = record.figures.get(f"{finding['id']}:change") if "against" in rule else None
        numbers = {lang: numbers for lang, numbers in finding["numbers"].items() if numbers is not None}
        self.numbers = [one for those in numbers.values() for one in those]
        self.printed = {one["key"] for one in self.numbers}
        keys = {lang: [key_of(one["key"]) for one in those] for lang, those in numbers.items()}
        self.named = {lang: list(dict.fromkeys(key for key in keys[lang] if key.is_name)) for lang in keys}
        self.units = defaultdict[str, list[list[str]]](list)  # of its claims, by their kind
        for claim in self.claims:
            self.units[claim["claim"]].append(claim.get("units", []))
        items = {name: expression(item["value"]) for name, item in rule.get("items", {}).items()}
        self.official, table = list(items or self.definition.units), rule.get("table", "")
        self.among = record.rows(table) if table in self.definition.tables else self.official
        self.subject = _spelled(items) if items else self._subject()
        self.picked = [canonical(condition) for condition in self._picked()]

    def checks(self) -> Iterator[tuple[list[str], Iterator[Check]]]:
        """Everything that must hold, with the formulas that it rests on."""
        for claim in self.claims:
            formulas = [*leaves(claim.get("of", "")), claim.get("when", ""), claim.get("that", "")]
            yield formulas, self._claimed(claim)
        yield [*leaves(self.subject)], self._told()

    def _claimed(self, claim: Map) -> Iterator[Check]:
        """What must hold of a claim."""
        kind, of = claim["claim"], claim.get("of")
        if of and kind != "blank":
            yield _spelled(of) == self.subject, str(of), f"the rule compares {self.subject or 'nothing'}"
        if kind == "value":
            yield claim["key"] in self.printed, claim["key"], "not printed in the sentence"
        elif kind == "sign":
            value = number_of(self.record.figures.get(claim["key"], {}).get("value"))
            way = "rise" if value and value > 0 else "fall" if value and value < 0 else "flat"
            yield value is not None and claim["case"] == way, claim["key"], f"the figure is {shown(value)}"
        elif kind == "blank":
            yield from self._blank(claim)
        elif kind == "case":
            yield from self._case(claim)
        elif kind != "count" or "units" not in claim:  # the figure of such a count is held to it, see Record
            yield from self._asserted(claim)

    def _told(self) -> Iterator[Check]:
        """What must hold of places, sizes and names in the sentence."""
        yield from self._places()
        if self.change is not None:
            yield self._size(self.change)
        if "focus" not in self.rule:
            yield from self._names()
            yield from self._missing() if self.case not in _NOTHING else ()

    def _size(self, change: Map) -> Check:
        """The size of a change, without its sign, is that of what the rule compares."""
        size, source = self.evaluate(str(self.subject)), self.subject
        right = size if size is None else abs(size)
        return same(change["value"], right), change["text"], f"recomputed {shown(right)}: {source}"

    def _case(self, claim: Map) -> Iterator[Check]:
        """The case is the finding's, its condition holds and is the one that the rule declares for it."""
        case, when, right = claim["case"], claim["when"], self._declared(claim["case"])
        holds = (self.evaluate(when, unit, None, claim.get("of", "")) for unit in claim.get("units", [AREA]))
        yield case == self.case and all(holds), case, f"the figures do not make the case true: {when}"
        sayable = [right]
        if case in ("zero_base", "negative_base"):
            product = f"({expression(self.rule['value'])}) * ({self._before()})"
            sayable.append(when := " and ".join((right, f"{product} == {product}")))  # the base is of the same units
            yield self.evaluate(when), case, f"the figures do not make the case true: {when}"
        fine = not right or canonical(claim["when"]) in map(canonical, sayable)
        yield fine, claim["when"], f"the rule declares {right}"

    def _blank(self, claim: Map) -> Iterator[Check]:
        """Exactly the units left out have no figure, and every sentence names those who are not on its list."""
        of, units, months = claim["of"], claim["units"], months_of(claim["period"]) if "period" in claim else None
        right = [unit for unit in self.record.about(of, months) if self.evaluate("blank(it)", unit, months, of)]
        yield sorted(units) == sorted(right), "、".join(units), f"blank is {of} of {'、'.join(right) or 'none'}"
        for lang, named in self.named.items():
            told = {key.scope for key in named}.union(*self.units["members"])
            silent = [unit for unit in units if unit not in told]
            yield not silent, "、".join(silent), f"left out, but not named in the sentence ({lang})"

    def _asserted(self, claim: Map) -> Iterator[Check]:
        """What is compared has these values, and those that satisfy the condition are the ones that are named."""
        kind, of, that = claim["claim"], claim.get("of", ""), claim.get("that") or "reported(it)"
        scopes, compared = self.evaluate.scopes(of), claim.get("compared") or {}
        values = {one: self.evaluate("it", one, None, of) if of else None for one in scopes}
        for name in values | compared if "compared" in claim else ():
            text, value = compared.get(name), values.get(name)
            yield same(text, value), str(text), f"recomputed {shown(value)} for {name}: {of}"
        among = claim.get("among", scopes)
        yield (
            kind == "count" or sorted(among) == sorted(self.among),
            "、".join(among),
            f"looked at are {'、'.join(self.among)}",
        )
        right = [one for one in scopes if one in among and self.evaluate(that, one, None, of)]
        if kind == "count":
            counted = self.record.figures[claim["key"]]["value"]
            yield counted == str(len(right)), claim["key"], f"{len(right)} satisfy {that}"
        if kind != "order":
            sayable = any(condition in canonical(that) for condition in self._sayable())
            yield sayable, that, f"the rule picks by {' or '.join(self.picked)}"
        if kind in ("order", "extreme"):
            falling = claim["descending"] if kind == "order" else claim["end"] == "highest"
            yield falling == self._falls(), kind, f"the rule's order is {self.rule.get('order', 'its own')}"
            ranked = [one for one in (claim["units"] if kind == "order" else right) if values.get(one) is not None]
            right = sorted(sorted(ranked, key=scopes.index), key=lambda one: values[one] or 0, reverse=falling)
        if kind == "extreme":
            take, ties = int(self.evaluate(str(self.rule.get("take", 0)))), self.rule.get("ties", "extend")
            tied = [name for name in right[take:] if ties == "extend" and values[name] == values[right[take - 1]]]
            right = right[:take] + tied
            taken = self.evaluate(claim["take"]) == take and claim["ties"] == ties
            yield taken, claim["take"], f"the rule takes {take}, ties {ties}"
        units = claim.get("units", right)
        fine = sorted(units) == sorted(right) if kind == "members" else kind == "count" or units == right
        yield fine, "、".join(units) or "none", f"{kind} of {that}: {'、'.join(right) or 'none'}"

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
        before = self._before()
        unit = (declared.get("unit") if isinstance(declared, Mapping) else "") or self.definition.declared(now, "unit")
        unit = unit or self.record.fact_units.get(Key("", now, "", self.record.own), "")
        percent = rule.get("change_in", "points" if unit == "%" else "percent") == "percent"
        return canonical(f"change({now}, {before})" if percent else f"({now}) - ({before})")

    def _before(self) -> str:
        """What the rule compares its measure or value with: the same of another period, or a declared figure."""
        head = self.rule.get("change") or self.rule["against"]
        declared = self.rule.get("measure", self.rule.get("value"))
        return canonical(expression(declared), head) if head in PERIODS else head

    def _picked(self) -> list[str]:
        """The conditions by which the rule picks units or items."""
        rule, bounds = self.rule, _bounds("it", self.rule)
        if rule["rule"] in _PICKS:
            return [condition.format(**rule) for condition in _PICKS[rule["rule"]]]
        if "table" in rule:
            return [" and ".join(f"blank({name})" for name in self.definition.columns_of(rule["table"]))]
        if rule.get("blank"):
            bounds = f"(blank(it) or {bounds})" if bounds else "blank(it)"
        others = [_bounds(expression(condition["value"]), condition) for condition in rule.get("where", ())]
        return [" and ".join([bounds or "reported(it)", *others])] if rule["rule"] == "list" else []

    def _sayable(self) -> set[str]:
        """What stands in a condition that picks or counts: the rule's, about ``it`` or spelled out, or of ``since``."""
        subject, level = str(self.subject), [f"it == {self.rule['at']}"] if self.rule["rule"] == "split" else []
        spelled = subject if re.fullmatch(r"[\w.]+", subject) else f"({subject})"
        said = [*self.picked, *self._counted(), "reported(it)", *level]
        said += [re.sub(r"\bit\b", lambda _: spelled, text) for text in said]
        return {canonical(text, head) for text in said for head in {"", self.rule.get("since", "")}}

    def _counted(self) -> Iterator[str]:
        """The conditions of counts that the rule declares as its values: ``count(rate < 20)``."""
        declared = [self.rule.get("value"), self.rule.get("target"), *self.rule.get("values", {}).values()]
        declared += [
            str(one[name]) for one in (self.rule, self.rule.get("also", {})) for name in _BOUNDS if name in one
        ]
        for formula in (parse(expression(one)) for one in declared if one is not None):
            match formula:
                case ast.Call(func=ast.Name(id="count"), args=[condition]):
                    yield ast.unparse(condition)

    def _declared(self, case: str) -> str:
        """The condition that the rule declares for a case; empty where the rule has no say."""
        rule, said = self.rule, list[str]()
        if case in ("met", "missed") and "target" in rule:
            met, missed = ("<=", ">") if rule.get("limit") else (">=", "<")
            return f"{expression(rule['value'])} {met if case == 'met' else missed} {rule['target']}"
        if case in ("rise", "fall") and "against" in rule:
            return f"{self.subject} {'>' if case == 'rise' else '<'} 0"
        if case in ("zero_base", "negative_base"):
            return f"{self._before()} {'==' if case == 'zero_base' else '<'} 0"
        for name, conditions in rule.get("when", {}).items():
            that = " and ".join(_bounds(expression(one["value"]), one) for one in conditions)
            if name == case:
                return " and ".join([*said, that])
            said.append(f"not ({that})")
        return " and ".join(said) if case == "otherwise" else ""

    def _falls(self) -> bool | None:
        """Whether the rule puts the largest first; ``None`` for the official order."""
        bounds = _BOUNDS.keys() & self.rule.keys()
        own = "official" if "take" not in self.rule and (bounds or self.rule.keys() & {"where", "blank"}) else "best"
        if bounds - {"at"}:
            own = "ascending" if bounds <= {"below", "at_most"} else "descending"
        best = self._largest_first()
        return {"best": best, "worst": not best, "descending": True, "ascending": False}.get(
            self.rule.get("order", own)
        )

    def _largest_first(self) -> bool:
        """Whether the largest is the best."""
        measure = self.rule.get("measure", "")
        rank = measure.get("rank") if isinstance(measure, Mapping) else None
        return (rank or self.definition.declared(expression(measure), "rank", "descending")) == "descending"

    def _places(self) -> Iterator[Check]:
        """A place is the one that the measure gives; in a list of the worst it counts from the last, and says so."""
        from_end = self.rule.get("order") == "worst" and "focus" not in self.rule
        of = self.subject if isinstance(self.subject, str) else "it"
        right = canonical(f"rank({of if self._largest_first() != from_end else f'-({of})'})")
        for one in (one for one in self.numbers if self.rule["rule"] == "list" and key_of(one["key"]).name == "place"):
            formula, text = self.record.figures[one["key"]]["formula"], one["text"]
            yield canonical(formula) == right, text, f"the rule's places are {right}"
            yield (text.startswith("倒数") or text.endswith("last")) == from_end, text, "counted from the other end"

    def _missing(self) -> Iterator[Check]:
        """Claims that the rule calls for, where there is something to compare."""
        told = {unit for units in (*self.units["blank"], *self.units["members"]) for unit in units}
        in_sentence = self.definition.series.get("left_out") != "notes"
        blank = self.rule.get("blank")  # who lacks a figure is on the list, or a condition keeps it off
        if in_sentence and not blank and self.rule.get("measure") and isinstance(self.subject, str):
            about = [unit for unit in self.record.about(self.subject) if unit not in told]
            silent = [unit for unit in about if self.evaluate("blank(it)", unit, None, self.subject)]
            yield not silent, "、".join(silent), "without a figure, and no claim says that they are left out"
        said = {canonical(claim["that"]) for claim in self.claims if claim["claim"] == "members"}
        missing = [condition for condition in self.picked if condition not in said]
        yield not missing, "".join(missing[:1]), "no claim says of whom this is true"
        why = bool(self.units["case"]) or not self.rule.keys() & {"target", "against", "when"}
        yield why, self.case, "no claim says why"
        first = bool(self.units["extreme"]) or "take" not in self.rule
        yield first, f"take: {self.rule.get('take')}", "no claim says who is first"

    def _are_blank(self, names: Iterable[str]) -> bool:
        return all(self.evaluate("blank(it)", name, None, self.subject) for name in names)

    def _names(self) -> Iterator[Check]:
        """The names in a sentence are those of its claims in their order, or all others that are compared."""
        orders, blank = [*self.units["order"], *self.units["extreme"]], {*chain(*self.units["blank"])}
        lists = {*map(frozenset, self.units["extreme"] or self.units["members"])}
        rest = [name for name in self.official if name not in frozenset().union(*lists)]
        about = self.record.about(self.subject) if isinstance(self.subject, str) else self.official
        present = [name for name in rest if name in about and name not in blank]
        known = {*map(frozenset, (rest, present, *self.units["extreme"], *self.units["members"]))}
        for claim in (one for one in self.claims if one["claim"] == "count"):
            yield frozenset(claim.get("units", rest)) in known, claim["key"], "counts names that no claim is about"
        for lang, named in self.named.items():
            names = [key.scope for key in named if not key.period]  # in another period some may be left out
            for units in lists:
                here = [name for name in names if name in units]
                # Those without a figure stand behind those that are in order.
                order = next((one for one in orders if units.issuperset(one) and self._are_blank(units - {*one})), [])
                right = [*order, *(name for name in self.official if name in units - {*order})]
                right = right[: self.rule.get("naming", {}).get("show")]
                yield here in ([], right), "、".join(here), f"the claim names {'、'.join(right)} ({lang})"
            others = [name for name in names if name in rest and name not in blank]
            reason = f"named in the sentence ({lang}), but no claim is about them"
            yield others in ([], present), "、".join(others), reason
