"""Words from what was found: names in a list, figures with their units, all of them marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any, Literal, get_args

from tongbao.basics.claim import Claim
from tongbao.basics.key import Key
from tongbao.basics.language import han_count, join_names, ordinal, some_of, unit_name
from tongbao.basics.marks import Mark, marked_text
from tongbao.definition.expressions import Bounds, Shown
from tongbao.definition.rule import Rule
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.in_words import marked_with_unit, with_unit
from tongbao.figures.indicators import Indicators
from tongbao.figures.lacking import Lack, lack_of
from tongbao.findings.bounds import ZERO, printed_apart
from tongbao.findings.changes import unit_change
from tongbao.findings.compares import Compares
from tongbao.findings.directed import in_words, way_of
from tongbao.findings.lacking import lacking, said_of, said_of_unit
from tongbao.findings.other_periods import base_name, compared_with
from tongbao.findings.outcome import NOTHING, Outcome, Phrase
from tongbao.findings.subject import evaluated
from tongbao.findings.templates import Names
from tongbao.words import WORDS


@dataclass
class Sentence:
    """One finding in one language; ``figures`` and ``claims`` collect what backs it, by mark key."""

    name: str
    rule: Rule
    outcome: Outcome
    indicators: Indicators
    lang: str
    figures: dict[str, Figure] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    signs: dict[str, Claim] = field(default_factory=dict)  # of numbers whose sign is said in words, by mark key

    def context(self, wanted: frozenset[str], common: Mapping[str, Any]) -> dict[str, Any]:
        """What a wording names, and nothing else: a figure that is not used backs nothing."""
        found: dict[str, Any] = {}
        for name in wanted:
            if name in self.outcome.values:
                found[name] = self.number(name)
            elif name in self.outcome.phrases:
                found[name] = self.phrase(self.outcome.phrases[name])
            elif name == "units":
                found[name] = self.names(self.outcome.units)
            elif name in self.outcome.lists:
                found[name] = self.names(self.outcome.lists[name], plain=name)
            elif name == "kinds":
                found[name] = self._kinds()
            elif name == "some":
                found[name] = self._some()
            elif name == "unit" and self.outcome.subject is not None:
                found[name] = unit_name(self.outcome.subject.unit, self.lang)
            elif name == "measure" and self.outcome.subject is not None:
                found[name] = self.outcome.subject.label(self.lang)
            elif name == "fact":
                found[name] = fact_names(self.indicators, self.figures, self.lang)
            elif name in common:
                found[name] = common[name]
        return found

    def number(self, name: str) -> Mark:
        """A number of the outcome as a mark."""
        return self.mark(self.key(name, self.outcome.value(name)), self.outcome.value(name))

    def key(self, name: str, figure: Figure) -> str:
        """The mark key of a figure: a fact's or parameter's own name, else one under the finding's."""
        if figure.origin in ("fact", "parameter") and "." in figure.name:
            return str(Key(figure.name, period=str(figure.period or "")))
        return str(Key(name, owner=self.name))

    def mark(self, key: str, figure: Figure, text: str | None = None) -> Mark:
        """A figure as a mark; ``full`` gives it with its unit."""
        self.figures[key] = figure
        shown = self.indicators.shown(figure, self.lang) if text is None else text
        change = partial(self.change, key, figure) if text is None else None
        whole = with_unit(self.indicators, figure, self.lang)
        return Mark(key, shown, whole, blank_at=figure.blank_at, change=change)

    def change(self, key: str, figure: Figure) -> str:
        """A figure with its sign in words: 增长5.2%, 下降5.2%, 持平."""
        self.signs[key] = Claim("sign", {"key": key, "case": way_of(figure)})
        self.figures[key] = figure
        called = self.rule.naming.rise, self.rule.naming.fall
        return in_words(self.indicators, key, figure, self.figures, self.lang, called)

    def told(self, key: str, figure: Figure, unit: str = "") -> str:
        """A figure as a mark, and its unit behind it."""
        self.figures[key] = figure
        return marked_with_unit(self.indicators, key, figure, self.lang, unit)

    def phrase(self, phrase: Phrase) -> str:
        """Words around a figure."""
        words = phrase.before.get(self.lang)
        if phrase.figure is not None:
            words += self.told(self.key(phrase.key, phrase.figure), phrase.figure, phrase.unit)
        return words + phrase.after.get(self.lang)

    def names(self, ids: list[str], *, plain: str = "") -> str:
        """A list of names as the rule says; a further list, ``plain`` by its name, has no figures or places."""
        naming = self.rule.naming
        if naming.places and not plain and self.outcome.places and not self._is_alone(ids):
            return self._with_places(ids)
        marked = self.marked(ids, told=not plain)
        if naming.show is not None and len(ids) > naming.show and not plain:
            return self._first(marked, ids, naming.show)
        count = None
        if naming.tail == "N地" and 1 < len(ids) <= 99:
            count = str(self._named(ids, plain, han_count(len(ids))))
        return join_names(marked, lang=self.lang, last=naming.last, tail=naming.tail, count=count)

    def _is_alone(self, ids: list[str]) -> bool:
        """Whether the project's words say that only one has a figure: then it has no place among others."""
        subject, rule = self.outcome.subject, self.rule
        words = not rule.wording and not (isinstance(rule, Bounds) and rule.bounds())
        return words and subject is not None and len(ids) == len(subject.reporting) == 1

    def marked(self, ids: list[str], *, told: bool = False) -> list[str]:
        """The names of units or items as marks; ``told`` with the figures in brackets that the rule asks for."""
        subject, figures = self.outcome.subject, self.figures
        if subject is None or subject.of_units:
            kind, words = "unit", self.indicators.unit_names(self.lang, short=self.rule.naming.name == "short")
        else:
            kind, words = "item", self._item_names()
        keys = [str(Key(kind, name, owner=self.name)) for name in ids]
        names = [marked_text(key, words[name]) for key, name in zip(keys, ids, strict=True)]
        if subject is None:
            return names
        figures |= {key: subject.figure(name) for key, name in zip(keys, ids, strict=True) if key not in figures}
        value = bool(self.rule.naming.value) and not self._is_said()
        if not told or not (value or self.rule.naming.figures):
            return names
        said = WORDS[self.lang]
        lacks = {said_of(self.indicators, lack, self.lang) for lack in get_args(Lack)}
        amounts = [[self.amount(unit)] * value + list(self._further(unit)) for unit in ids]
        amounts = [one[:1] if len(set(one)) == 1 and one[0] in lacks else one for one in amounts]
        return [
            said.brackets.format(name, said.between_places.join(one)) for name, one in zip(names, amounts, strict=True)
        ]

    def _is_said(self) -> bool:
        """Whether the project's words say the figure of each already: 环比持平的有乙县, not 乙县（持平）."""
        subject, rule = self.outcome.subject, self.rule
        unchanged = isinstance(rule, Bounds) and rule.at == "0" and not rule.wording
        return (
            unchanged
            and subject is not None
            and subject.is_change
            and all(subject.values[unit] == 0 for unit in self.outcome.units)
        )

    def amount(self, name: str) -> str:
        """A unit's figure in words: 92.86%, 上升5.2个百分点, 未报送, 无法计算."""
        subject, words = self.outcome.subject, WORDS[self.lang]
        if subject is None:
            return words.not_reported
        if subject.values[name] is None:
            return said_of(self.indicators, lacking(subject, name), self.lang)
        before, change = "", subject.values[name]
        if subject.is_change and change is not None:
            if change == 0:
                return words.unchanged
            before = self._direction("rise" if change > 0 else "fall")
        key, figure = str(Key("value", name, owner=self.name)), self._apart(subject.formula, subject.figure(name))
        figure = printed_apart(figure, (ZERO,)) if subject.is_change else figure
        if self.rule.naming.value == "change" and not subject.is_change and figure.value is not None:
            return self.change(key, figure)
        return f"{before}{self.told(key, figure, subject.unit)}"

    def _apart(self, formula: str, figure: Figure) -> Figure:
        """A figure as it is printed beside what it is held against."""
        return printed_apart(figure, self.outcome.bounds.get(formula, ()))

    def _direction(self, case: Literal["rise", "fall"]) -> str:
        """The word before a change without its sign: the rule's, or the project's own."""
        naming, words = self.rule.naming, WORDS[self.lang]
        declared, own = (naming.rise, words.up) if case == "rise" else (naming.fall, words.down)
        return own if declared is None else declared.get(self.lang) + words.space

    def _further(self, unit: str) -> Iterator[str]:
        """The further figures of a unit that the rule names, in words: 12起, 同比下降14.3%."""
        for number, shown in enumerate(self.rule.naming.figures):
            key = str(Key(f"figure{number}", unit, owner=self.name))
            figure = self._apart(shown.formula, evaluated(shown, self.indicators, unit))
            if shown.change is not None:
                yield self._change(key, shown, shown.change, unit)
            elif figure.value is None:
                yield said_of_unit(self.indicators, shown.formula, unit, self.lang)
            else:
                yield self.told(key, figure)

    def _change(self, key: str, shown: Shown, head: str, unit: str) -> str:
        """The change of a unit's figure in words: 同比下降14.3%, 同比持平, 上年同期为零."""
        words, base = WORDS[self.lang], base_name(self.indicators, head, self.lang)
        sides = shown.model_copy(update={"decimals": None})
        found = unit_change(sides, self.indicators, unit, head, (shown.change_in, shown.decimals))
        size = found.figure
        if found.case == "unreported":
            return said_of_unit(self.indicators, shown.formula, unit, self.lang)
        if size is None:
            other = self.indicators.compared(head)
            lacks = found.case == "no_comparison" and lack_of(other, shown.formula, unit)
            missing = {"zero_base": words.zero_before, "negative_base": words.negative_before}
            none = words.not_computable_before if lacks == "undefined" else words.none_before
            return missing.get(found.case, none).format(base)
        told = words.unchanged if found.case == "flat" else words.nearly_unchanged
        if found.case in ("rise", "fall"):
            way = self._direction(found.case)
            told = f"{way}{self.told(key, size)}"
        against = compared_with(self.indicators, head) or NOTHING
        return words.compared.format(period=against.get(self.lang), figure=told)

    def _first(self, marked: list[str], ids: list[str], show: int) -> str:
        count, kind, words = self._named(ids), self.indicators.series.unit_kind.get(self.lang), WORDS[self.lang]
        first_of = (
            words.first_of if self.outcome.subject is None or self.outcome.subject.of_units else words.first_items
        )
        return first_of.format(names=words.comma.join(marked[:show]), count=count, kind=kind)

    def _with_places(self, ids: list[str]) -> str:
        places, groups, words = self.outcome.places, [], WORDS[self.lang]
        for place, group in groupby(ids, key=places.get):
            tied = list(group)
            names = join_names(self.marked(tied, told=True), lang=self.lang, last="、")
            if place is None:  # without a figure there is no place
                groups.append(names)
                continue
            figure = Figure(
                "rank",
                tied[0],
                Decimal(place),
                str(place),
                "",
                "computed",
                self.outcome.rank_formula,
                None,
                self._cells(tied),
                items=self.outcome.subject.items if self.outcome.subject is not None else None,
            )
            told = ordinal(place, self.lang, from_end=self.outcome.from_end)
            shown = self.mark(str(Key("place", tied[0], owner=self.name)), figure, told)
            said = words.joint_at_place if len(tied) > 1 else words.at_place
            groups.append(said.format(names=names, place=shown))
        return words.between_places.join(groups)

    def _kinds(self) -> str:
        """Kinds of fault with their count: 数据缺项2项、逻辑错误1项."""
        shown = []
        for index, (kind, figure) in enumerate(self.outcome.kinds):
            count = self.mark(str(Key(f"kind{index}", owner=self.name)), figure)
            shown.append(WORDS[self.lang].kind_count.format(kind.get(self.lang), count))
        return join_names(shown, lang=self.lang, last="、")

    def _some(self) -> str:
        """How many of the units, in words; backed by their count, where faults are counted by that of the units."""
        subject = self.outcome.subject
        size = len(self.indicators.units if subject is None or subject.of_units else subject.values)
        words = some_of(len(self.outcome.units), size, self.lang)
        count = "unit_count" if "unit_count" in self.outcome.values else "count"
        return str(self.mark(str(Key(count, owner=self.name)), self.outcome.value(count), words))

    def _named(self, ids: list[str], which: str = "", text: str | None = None) -> Mark:
        """How many names a list holds."""
        key = str(Key("named", which, owner=self.name))
        size = Decimal(len(ids))
        figure = Figure("count", AREA, size, str(size), "个", "computed", cells=self._cells(ids))
        self.claims[key] = Claim("count", {"key": key, "units": tuple(ids)})
        return self.mark(key, figure, text)

    def _cells(self, ids: list[str]) -> tuple[Any, ...]:
        subject = self.outcome.subject
        return subject.cells(ids) if subject is not None else ()

    def _item_names(self) -> dict[str, str]:
        items = self.rule.items if isinstance(self.rule, Compares) else {}
        return {name: item.label.get(self.lang) for name, item in items.items()}


def plain_mark(
    indicators: Indicators, key: str, figure: Figure, figures: dict[str, Figure], lang: str, absent: str = ""
) -> Mark:
    """A figure of a text that is no finding's sentence; ``figures`` gets what else it may print."""
    change = partial(in_words, indicators, key, figure, figures, lang)
    shown, whole = indicators.shown(figure, lang), with_unit(indicators, figure, lang)
    return Mark(key, shown, whole, absent, figure.blank_at, change)


def fact_names(indicators: Indicators, figures: dict[str, Figure], lang: str = "zh") -> Names:
    """``fact.x`` for templates; each fact used is added to ``figures``."""

    def make(fact: str) -> Mark:
        figure = indicators.figure(f"fact.{fact}")
        figures[figure.name] = figure
        return plain_mark(indicators, figure.name, figure, figures, lang)

    return Names("fact", list(indicators.received.facts), make)
