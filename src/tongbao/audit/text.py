"""One text at a time: every numeral and unit name in it is matched with what backs it, or left over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongbao.audit.account import Account, Entry, Kind, LeftOver, sentence_at
from tongbao.audit.backing import Backing
from tongbao.audit.known import Known
from tongbao.audit.membership import members
from tongbao.audit.numerals import CALENDAR, ENUMERATION, Numeral, read_numerals, value_of
from tongbao.audit.page import Span
from tongbao.definition.expressions import Item
from tongbao.findings.faults import Faults

_HAN = "[一二三四五六七八九十]+"
_OUTLINE = re.compile(
    r"^(?:附件：|Annex(?:es)?: )?"
    r"(?:(?P<figure>图|表|Figure|Table) ?(?P<f>\d+)|(?:附件|Annex) ?(?P<annex>\d*)|(?P<item>\d+)\.(?= |$))"
)
# By level: 一、 or 1.; （一） or (1); 1.
_HEADING = tuple(map(re.compile, (rf"^({_HAN})、|^(\d+)\. ", rf"^（({_HAN})）|^\((\d+)\) ", r"^(\d+)\. |^\((\d+)\) ")))
_ANNEX = re.compile(r"(?:附件|[Aa]nnex )(\d+)")
_KEPT = re.compile(r"保留(\d+|[一二三四两])位小数|\b(\d+) decimals?\b|× ?100%?|满分100分|100 points|\bhalf up\b")
_WEIGHED = re.compile(r"权重|最高为1|\bweights?\b")
# How many of all, in words: up to one or two, a quarter, a half, all but some, all.
_SOME = {"zh": ("个别", "少数", "部分", "多数", "全部"), "en": ("a few", "a few", "some", "most", "all")}
_CONTEXT = 4


@dataclass(frozen=True, slots=True)
class _Cover:
    start: int
    end: int
    kind: Kind | None
    backing: str


@dataclass
class Reader:
    """Audits texts of one document and writes into the account.

    Arguments:
        document: ``html``, ``pdf`` or ``findings.json``.
        backing: amounts by key.
        known: what may stand without a figure.
        account: takes entries and what is left over.
        sentences: the findings' own; words around them were written elsewhere.
    """

    document: str
    backing: Backing
    known: Known
    account: Account
    sentences: tuple[str, ...] = ()
    lang: str = "zh"

    def __post_init__(self) -> None:
        names = {name: unit.id for unit in self.backing.books.series.units
                 for name in (unit.zh, unit.short, unit.en, *unit.aliases) if name}  # fmt: skip
        self.units = names
        self._unit = re.compile("|".join(map(_whole, sorted(names, key=len, reverse=True))))
        self._counters = [0, 0, 0]

    def leave(self, place: str, text: str, sentence: str, reason: str) -> None:
        """Record something left over."""
        self.account.left.append(LeftOver(self.document, place, text, sentence, reason))

    def enter(self, place: str, text: str, kind: Kind, backing: str) -> None:
        """Record something accounted for."""
        self.account.entries.append(Entry(self.document, place, text, kind, backing))

    def read(
        self,
        text: str,
        spans: Sequence[Span],
        place: str,
        *,
        references: Sequence[tuple[int, int]] = (),
        heading: int | None = None,
        findings: Sequence[str] = (),
    ) -> None:
        """Account for a text.

        Arguments:
            text: what a reader sees, white space folded.
            spans: its marked numbers and names.
            place: how messages name it.
            references: places of references to a chart (图 1).
            heading: the outline's level, 0 for the highest, if it is a heading of the circular.
            findings: findings whose sentence this is, beside those its marks name.
        """
        covers = [self._span(text, span, place) for span in spans]
        covers += [_Cover(start, end, "outline", "a reference to a chart") for start, end in references]
        covers += self._outline(text, place, heading)
        covers += self._phrases(text, covers)
        covers += [_Cover(at, at, None, "") for sentence in self.sentences for found in _occurrences(sentence, text)
                   for at in found]  # fmt: skip
        rules = {*findings, *(rule for span in spans if (rule := self.backing.rule_of(span.key)))}
        for numeral in read_numerals(text):
            self._numeral(text, numeral, covers, sorted(rules), place)
        self._names(text, covers, place)
        self._members(text, spans, place)
        for span in spans:
            self._label(text, span, place)

    def _span(self, text: str, span: Span, place: str) -> _Cover:
        shown = text[span.start : span.end]
        sentence = sentence_at(text, span.start)
        unit = self.backing.unit_of(span.key)
        if unit is not None:
            if self.units.get(shown) == unit:
                self.enter(place, shown, "unit name", f"unit {unit} of finding {self.backing.rule_of(span.key)}")
            else:
                expected = next(known.zh for known in self.backing.books.series.units if known.id == unit)
                self.leave(place, shown, sentence, f"not the unit that is marked: {expected} ({span.key})")
            return _Cover(span.start, span.end, None, "")
        item = self.backing.item_of(span.key)
        if item is not None:
            items: Mapping[str, Item] = getattr(
                self.backing.books.series.findings[str(self.backing.rule_of(span.key))], "items", {})  # fmt: skip
            if shown in (items[item].label.zh, items[item].label.en):
                self.enter(place, shown, "unit name", f"item {item} of finding {self.backing.rule_of(span.key)}")
            else:
                self.leave(place, shown, sentence, f"not the item that is marked: {items[item].label.zh} ({span.key})")
            return _Cover(span.start, span.end, None, "")
        amount = self.backing.amount(span.key)
        if amount is None:
            self.leave(place, shown, sentence, f"nothing backs the key {span.key}")
        elif (
            self.backing.says(amount, shown, self.lang)
            or self.backing.fact_in_words(span.key, shown, self.lang)
            or self.backing.in_place(span.key, amount, shown, self.lang)
            or self._some(span.key, shown)
        ):
            return _Cover(span.start, span.end, amount.kind, amount.backing)
        else:
            self.leave(place, shown, sentence, f"recomputed {amount.text or 'blank'}{amount.unit}: {amount.backing}")
        return _Cover(span.start, span.end, None, "")

    def _some(self, key: str, shown: str) -> bool:
        """Whether a word says how many of all a finding names: 个别 one or two, if no more than a third ….

        Of faults, it is the number of units with some that it stands for.
        """
        rule = self.backing.rule_of(key)
        if rule is None or shown not in _SOME[self.lang]:
            return False
        if isinstance(self.backing.books.series.findings[rule], Faults) and not key.endswith(".unit_count"):
            return False
        found = members(self.backing.books.series.findings[rule], self.backing.books)
        total, many = len(self.backing.books.series.units), len(found.units) if found else 0
        few = 0 if many <= 2 and many * 3 <= total else 1 if many * 4 <= total else 2
        place = 4 if many >= total else 3 if many * 2 > total else few
        return found is not None and _SOME[self.lang][place] == shown

    def _outline(self, text: str, place: str, heading: int | None) -> list[_Cover]:
        match = _OUTLINE.match(text)
        covers = [_Cover(*found.span(1), "outline", "an annex") for found in _ANNEX.finditer(text)
                  if int(found[1]) <= len(self.backing.books.series.annexes)]  # fmt: skip
        if match and not (match["item"] and heading is not None):
            return [*covers, *self._ordinal(text, match, place)]
        if heading is None or not (match := _HEADING[heading].match(text)):
            return covers
        self._counters[heading] += 1
        self._counters[heading + 1 :] = [0] * (2 - heading)
        number = next(group for group in match.groups() if group)
        if value_of(number) != self._counters[heading]:
            self.leave(place, number, text, f"out of order: heading {self._counters[heading]} of its level")
            return [*covers, _Cover(*match.span(), None, "")]
        if not number.isdigit():  # 一、 counts nothing and is no numeral by itself
            self.enter(place, number, "outline", "a heading's ordinal")
        return [*covers, _Cover(*match.span(), "outline", "a heading's ordinal")]

    def _ordinal(self, text: str, match: re.Match[str], place: str) -> list[_Cover]:
        series = self.backing.books.series
        number = match["f"] or match["annex"] or match["item"]
        limit = len(series.charts) if match["figure"] else len(series.annexes)
        if match["annex"] and len(series.annexes) == 1:  # 附件 2026年…: the title of the only one
            return [_Cover(match.start(), match.start("annex"), "outline", "a label")]
        if number and not 1 <= int(number) <= limit:
            self.leave(place, number, text, f"there are {limit}")
            return [_Cover(*match.span(), None, "")]
        return [_Cover(*match.span(), "outline", "a label's ordinal")]

    def _phrases(self, text: str, covers: Sequence[_Cover]) -> list[_Cover]:
        found: list[_Cover] = []
        for phrase in self.known.phrases:
            for match in re.finditer(_bounded(phrase.text.replace("’", "'")), text.replace("’", "'")):
                if not any(_overlap(cover, *match.span()) for cover in (*covers, *found)):
                    found.append(_Cover(*match.span(), phrase.kind, phrase.backing))
        return found

    def _numeral(self, text: str, numeral: Numeral, covers: Sequence[_Cover], rules: Sequence[str], place: str) -> None:
        around = [cover for cover in covers if _overlap(cover, numeral.start, numeral.end)]
        if any(cover.start <= numeral.start and numeral.end <= cover.end for cover in around):
            cover = around[0]
            if cover.kind:
                self.enter(place, numeral.text, cover.kind, cover.backing)
            return
        sentence = sentence_at(text, numeral.start)
        if around:
            self.leave(place, text[min(c.start for c in around) : numeral.end], sentence,
                       "runs over the edge of a marked number")  # fmt: skip
            return
        window, written = self._written(text, numeral.start, numeral.end, covers)
        for kind, pattern in (("date", CALENDAR), ("outline", ENUMERATION)):
            match = next((m for m in pattern.finditer(text) if m.start() <= numeral.start < m.end()), None)
            if match and written:
                self.enter(place, numeral.text, "date" if kind == "date" else "outline", f"written in {written}")
                return
        if written and self._is_method(text, numeral):
            self.enter(place, numeral.text, "method", f"written in {written}")
            return
        for rule in rules:
            found = members(self.backing.books.series.findings[rule], self.backing.books)
            if found is not None and value_of(numeral.text) == len(found.units):
                self.enter(place, numeral.text, "computed", f"the number of units of finding {rule}")
                return
        reason = f"written in {written} without a figure, a fact or a declared name" if written else (
            f"neither marked nor written so in the series or the period's text (…{window}…)")  # fmt: skip
        self.leave(place, numeral.text, sentence, reason)

    def _written(self, text: str, start: int, end: int, covers: Sequence[_Cover]) -> tuple[str, str | None]:
        """A few characters around a place, as far as nothing else is marked there, and where they were written."""
        first = max([0, start - _CONTEXT, *(cover.end for cover in covers if cover.end <= start)])
        last = min([len(text), end + _CONTEXT, *(cover.start for cover in covers if cover.start >= end)])
        return text[first:last], self.known.written(text[first:last])

    def _is_method(self, text: str, numeral: Numeral) -> bool:
        for match in _KEPT.finditer(text):
            if match.start() <= numeral.start < match.end():
                kept = match[1] or match[2]
                decimals = value_of(kept) if kept else None
                return decimals is None or decimals in self.known.decimals
        # A score's method names its declared weights, and 1 as the most that a part can reach.
        return bool(_WEIGHED.search(text)) and numeral.text in {*self.known.weights, "1"}

    def _names(self, text: str, covers: Sequence[_Cover], place: str) -> None:
        """Units named without a mark: only where the text was written by hand."""
        for match in self._unit.finditer(text):
            if any(_overlap(cover, *match.span()) for cover in covers):
                continue
            _, written = self._written(text, *match.span(), covers)
            if written:
                self.enter(place, match[0], "unit name", f"written in {written}")
            else:
                self.leave(place, match[0], sentence_at(text, match.start()),
                           "a unit named neither by a finding nor in a text written by hand")  # fmt: skip

    def _label(self, text: str, span: Span, place: str) -> None:
        """The kind of fault that stands before its number is the one that was counted."""
        rule, _, name = span.key.partition(".")
        if self.backing.rule_of(span.key) is None or not name.startswith("kind"):
            return
        found = members(self.backing.books.series.findings[rule], self.backing.books)
        label = found.labels[name][self.lang] if found is not None and name in found.labels else ""
        if label and not text[: span.start].rstrip(" (").endswith(label):
            before = text[max(0, span.start - len(label)) : span.start]
            self.leave(place, before, sentence_at(text, span.start), f"not the kind that is counted: {label}")

    def _members(self, text: str, spans: Sequence[Span], place: str) -> None:
        """The names of each finding in a text are those picked again, in their order."""
        named: dict[str, list[Span]] = {}
        for span in spans:
            rule = self.backing.rule_of(span.key)
            if rule and (self.backing.unit_of(span.key) or self.backing.item_of(span.key)):
                named.setdefault(rule, []).append(span)
        for rule, marks in named.items():
            found = members(self.backing.books.series.findings[rule], self.backing.books)
            if found is None:
                continue
            units = [self.backing.item_of(span.key) or self.units.get(text[span.start : span.end]) for span in marks]
            names = found.names(self.lang)
            if names is None:
                self.account.not_audited.append(f"finding {rule}: the order of names in {self.document}")
                continue
            expected = list(names)
            times = max(1, len(units) // len(expected)) if expected else 1
            if units != expected * times:
                series = self.backing.books.series
                zh = {unit.id: unit.zh for unit in series.units}
                right = "、".join(zh.get(name, name) for name in expected) or "none"
                shown = "、".join(text[span.start : span.end] for span in marks)
                self.leave(place, shown, sentence_at(text, marks[0].start), f"finding {rule} picks: {right}")


def _bounded(phrase: str) -> str:
    """A phrase where no digit goes on at either end: 1-2月 is not part of 11-2月."""
    before = r"(?<![\d.])" if phrase[0].isdigit() else ""
    after = r"(?![\d.])" if phrase[-1].isdigit() else ""
    return before + r"\s?".join(map(re.escape, phrase.replace(" ", ""))) + after


def _whole(name: str) -> str:
    """A name that is no part of a longer word: Jia does not stand in Jiangxi."""
    return rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)


def _occurrences(sentence: str, text: str) -> list[tuple[int, int]]:
    """Where a finding's sentence stands in a text, also at the head of an English one, whatever its apostrophes."""
    first, rest = re.escape(sentence[:1]), re.escape(sentence[1:].replace("’", "'"))
    pattern = f"(?i:{first}){rest}" if sentence else r"(?!)"
    return [match.span() for match in re.finditer(pattern, text.replace("’", "'"))]


def _overlap(cover: _Cover, start: int, end: int) -> bool:
    return cover.start < end and start < cover.end
