"""The first ``series.yml`` of a table: what is known from it, declared; what is not, said in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tongbao.reading.labels import normalise
from tongbao_desk.draft.columns import Draft, Values, draft_columns
from tongbao_desk.draft.names import distinct, english_name, identifier, short_name
from tongbao_desk.draft.survey import Survey
from tongbao_desk.draft.titles import subject_of, without_periods
from tongbao_desk.templates import WORDS, render
from tongbao_verify.numerals import read_numerals

STATED = 6
_ZERO = "is a zero a shortcoming? if not, take it out here and in the text"
_WIDE = "no page takes all columns, so they stand in several annexes: put together what belongs together"
_NO_SUBJECT = re.compile(r"附件|填报|填表|制表|审核|编制|报送|计量|单位|.*[：:]")


@dataclass(frozen=True)
class Definition:
    """A definition as text, and the choices in it to look at."""

    text: str
    remarks: tuple[str, ...]


def define(
    survey: Survey, title: str | None, authority: str | None, annexes: Sequence[Sequence[str]] = (), **known: object
) -> Definition:
    """Draw up the definition of a series from its first table.

    Arguments:
        survey: the table.
        title: what the circular is about; ``None`` takes it from the title row.
        authority: the issuer; ``None`` leaves a placeholder.
        annexes: the columns of each annex, where one does not take all.
        known: what the template names beside: ``series``, the id; ``file``, the table's name under
            ``data/raw/<series>/<period>/``; ``period``, the first; ``synthetic``, whether the figures are made up.
    """
    plan = _Plan(survey, title, authority)
    known |= {"too_wide": _WIDE}
    text = render(
        "series.yml", plan=plan, survey=survey, authority=authority, annexes=annexes, **known, **plan.context()
    )
    remarks = [*plan.remarks(), *([f"annexes: {_WIDE}"] if annexes else [])]
    return Definition(text, tuple(remarks))


class _Plan:
    """Which columns are stated, ranked, held against a line; what the circular and its units are called."""

    def __init__(self, survey: Survey, title: str | None, authority: str | None) -> None:
        self.survey, self.title, self.authority = survey, title, authority
        self.columns = draft_columns(survey)
        measures = [draft for draft in self.columns if draft.kind != "rank"]
        self.sums = [draft for draft in measures if draft.kind == "measure" and draft.sums and draft.figures]
        self.rates = [draft for draft in measures if draft.kind == "rate"]
        reported = [draft for draft in measures if draft.is_rate and draft.kind == "measure" and draft.figures]
        lists = [draft for draft in (*self.rates, *reported) if draft.bad_when_low]
        # Ranks, chart and lists are about a rate of which more is better, else about the first measure.
        self.main = (*lists, *self.sums, *measures)[0]

    def context(self) -> dict[str, Any]:
        """What the template names."""
        by_id = {draft.id: draft for draft in self.columns}
        stated = [*self.sums, *self.rates]
        if len(stated) > STATED:
            stated = [*self.sums[: STATED - min(len(self.rates), 2)], *self.rates[:2]]
        ranked, top_n = self._first_named()
        zero = self.zero
        points = ["headline" if stated else "spread", *(f"{draft.id}_top" for draft in ranked)]
        figures = "，".join(f"{draft.label}{{{{ {draft.id} }}}}{draft.unit}" for draft in stated)
        return {
            "names": list(dict.fromkeys(self._names())),
            "total_mark": self._total_mark(),
            "unbroken": [word for word in WORDS["title_words"] if word in f"{self.subject[0]}的通报"],
            "label": {name: draft.label for name, draft in by_id.items()},
            "top_n": top_n,
            "held": [rate for rate in self.rates if _within(by_id[rate.part].values, by_id[rate.whole].values)],
            "stated": stated,
            "headline": f"{{{{ period }}}}，{self.area[0]}{figures}",
            "ranked": ranked,
            "zero": zero,
            "zero_doubt": "" if zero is None or zero.is_work else _ZERO,
            "points": points,
            "problems": [*(["rate_below"] if self.line is not None else []), *(["zero"] if zero else [])],
            "key_figures": [*self.sums[:3], *self.rates[:2]],
        }

    def remarks(self) -> Iterator[str]:
        """The choices that the table does not decide."""
        if self.authority is None:
            yield "authority: a placeholder stands for the issuer"
        if not self.subject[1]:
            yield "subject and title: no title row was found"
        if not self.area[2]:
            yield f"area: {self.area[0]} is a guess at what the issuer calls all units together"
        yield "addressees, source, date of issue: placeholders"
        yield "units: ids and English names are pinyin; some characters have two readings"
        yield from (f"{draft.label}: {doubt}" for draft in self.columns for doubt in draft.doubts)
        yield from (f"{words}: a column of words, which is not read" for words in self.survey.words)
        yield from (f"{row}: a row that is no unit, which is read past" for row in self.survey.past)
        if self.zero is not None and not self.zero.is_work:
            yield f"{self.zero.label}: {_ZERO}"
        if self.line is not None:
            middle = sorted(self.main.figures)[len(self.main.figures) // 2]
            yield f"below_rate: {self.line} is but a start, a middle {self.main.label} is {middle}: set your own"

    @cached_property
    def subject(self) -> tuple[str, bool]:
        """What the circular is about, without its period, and whether that is known."""
        titles = [(title, without_periods(title)) for title in self.survey.titles]
        subjects = [title for title, bare in titles if len(bare) >= 4 and not _NO_SUBJECT.match(bare)]
        given = self.title or max(subjects, key=len, default=None)
        if given is None:
            return "工作情况", False
        return subject_of(given), True

    @cached_property
    def area(self) -> tuple[str, str, bool]:
        """What all units together are called in Chinese and English, and whether that is known."""
        total = normalise(self.survey.total_row or "")
        # The totals' row says it, or the issuer's or the title's own place: 云川市…, 某县….
        place = re.match(r"全([省市州县区])", total) or re.match(
            r"[^省市州县区]{2,6}?([省市州县区])", self.authority or self.subject[0]
        )
        kind = place[1] if place else "市"
        return f"全{kind}", WORDS["areas"][kind], place is not None

    @cached_property
    def units(self) -> list[dict[str, str | None]]:
        """Id, names and short name of every unit."""
        names = self.survey.units
        shorts = [short_name(name) for name in names]
        ids = distinct([identifier(short or name, "unit") for name, short in zip(names, shorts, strict=True)])
        english = distinct([english_name(name) for name in names], separator=" ")
        named = zip(ids, names, english, shorts, strict=True)
        distinct_short = {short for short in shorts if shorts.count(short) == 1 and short not in names}
        return [
            {"id": unit, "zh": zh, "en": en, "short": short if short in distinct_short else None}
            for unit, zh, en, short in named
        ]

    @cached_property
    def unit_kind(self) -> dict[str, str] | None:
        """What units are called where they are counted; ``None`` where the project's own word fits."""
        fits = (
            kind for kind in WORDS["unit_kinds"] if all(n.endswith(tuple(kind["suffixes"])) for n in self.survey.units)
        )
        kind: dict[str, str] = next(fits)
        return kind if "zh" in kind else None

    @cached_property
    def zero(self) -> Draft | None:
        """The first sum with a unit that has none of it, which may be a shortcoming."""
        zeros = (draft for draft in self.sums if draft.none_is_lacking and Decimal(0) in draft.values.values())
        return next(zeros, None)

    def _first_named(self) -> tuple[list[Draft], int]:
        """The measures of which the first units are named, and how many: no tie makes the first three five."""
        measures = [self.main, *(draft for draft in self.sums[:1] if draft is not self.main)]
        places = [(draft, found) for draft in measures if draft.is_known and (found := _first_places(draft))]
        for kept in (places, places[:1]):
            shared = [n for n in (3, 2, 1) if all(n in found for _, found in kept)]
            if kept and shared:
                return [draft for draft, _ in kept], shared[0]
        return [], 1

    @cached_property
    def line(self) -> int | None:
        """The line that units are named below: a multiple of five at or below the middle of a rate's figures."""
        values = sorted(self.main.figures)
        if not (self.main.is_rate and self.main.bad_when_low and values):
            return None
        return int(values[len(values) // 2] // 5) * 5 or None

    def _names(self) -> Iterator[str]:
        """Words with a numeral in them that will stand in the circular: 12345热线."""
        texts = [self.subject[0], self.authority or "", self.survey.unit_header]
        texts += [text for draft in self.columns for text in (draft.header, draft.label)]
        for text in texts:
            for numeral in read_numerals(text):
                word = text[numeral.start() : numeral.end() + 2]
                yield word if len(word) > len(numeral[0]) else text[max(0, numeral.start() - 2) : numeral.end()]

    def _total_mark(self) -> str:
        """What stands in the rank columns of the totals' row, where it is the same in all of them."""
        marks = {draft.total_text for draft in self.columns if draft.kind == "rank"}
        mark = marks.pop() if len(marks) == 1 else ""
        return "" if any(map(str.isdigit, mark)) else mark


def _first_places(draft: Draft) -> list[int]:
    """How many of the first places may be told without a tie at their end: 1 or 2 of 9, 8, 7, 7; none of 7, 7, 7."""
    ordered = sorted(draft.figures, reverse=draft.descending)
    if len(ordered) > 1 and ordered[0] == ordered[-1]:
        return []
    return [n for n in (1, 2, 3) if n == len(ordered) or (n < len(ordered) and ordered[n - 1] != ordered[n])]


def _within(parts: Values, wholes: Values) -> bool:
    pairs = ((parts[unit], wholes[unit]) for unit in parts)
    return all(part is None or whole is None or part <= whole for part, whole in pairs)
