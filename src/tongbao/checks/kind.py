"""What every kind of check has; a kind is one class in one file: what a series declares, what is found and said."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from tongbao.basics.claim import Claim
from tongbao.basics.key import Key
from tongbao.basics.marks import Mark, proof
from tongbao.basics.period import Period
from tongbao.checks.issue import Level, QualityIssue
from tongbao.definition.model import LANGUAGES, Strict, Text
from tongbao.definition.series import Series
from tongbao.definition.tables import Unit
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.indicators import Indicators
from tongbao.reading.cell import Cell
from tongbao.reading.prose import Header
from tongbao.words import WORDS

# What stands in a message by its name there: words, which may be marked, or a figure.
Word = str | Text | Figure
Words = Mapping[str, Word]
BLANK = Text(zh="空白", en="blank")


@dataclass(frozen=True)
class Returns:
    """What a check looks at: a period's figures and the dates of its document; ``check`` is what it is called there."""

    check: str
    indicators: Indicators
    header: Header
    period: Period

    @property
    def series(self) -> Series:
        """The definition."""
        return self.indicators.series

    def named(self, measure: str) -> Text:
        """A measure in words."""
        return in_words(partial(self.indicators.measure_name, measure))

    def title(self, table: str) -> Text:
        """A table in words."""
        title = self.series.tables[table].title
        return Text(zh=title.zh, en=title.en or "the table")

    def when(self, period: Period | None) -> Text:
        """A period in words; none is the bulletin's own."""
        return in_words((period or self.period).label)

    def units(self, ids: Collection[str]) -> Text:
        """Units in words, in their official order, each with its mark."""
        shown = [unit for unit in self.series.units if unit.id in ids]
        return in_words(lambda lang: WORDS[lang].comma.join(_marked_name(unit, lang) for unit in shown))


class Check(Strict, ABC):
    """A check of the figures received: a kind gives its options, how it finds faults, and its words."""

    check: str
    level: Level = "warning"

    called: ClassVar[Text]
    """What it finds, where a sentence counts it."""
    says: ClassVar[Text]
    """Its message: ``{unit}`` is the unit, the other names are those that ``find`` gives."""
    standard: ClassVar[bool] = False
    """Whether it always applies; a series that declares it can change its level."""
    measures: ClassVar[tuple[str, ...]] = ()
    """The options that name a measure."""
    formulas: ClassVar[tuple[str, ...]] = ()
    """The options that hold a formula."""

    @abstractmethod
    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """The issues of a period."""

    def issue(
        self,
        returns: Returns,
        scope: str,
        cells: Sequence[Cell],
        when: str,
        words: Words,
        *,
        check: str = "",
        says: Text | None = None,
        level: Level | None = None,
    ) -> QualityIssue:
        """An issue with its message filled in; a figure prints its text, a blank one nothing.

        Arguments:
            returns: what was looked at.
            scope: whose figures: a unit's id, or ``area``.
            cells: those to look at, the first ones those to mend.
            when: the condition over ``scope`` that makes it true; see ``docs/proof.md``.
            words: what the message names.
            check: what its issues are called, where that is not what the series calls the check.
            says: the message, where the kind has several.
            level: how grave it is, where that is not what the series says of the check.
        """
        unit = None if scope == AREA else returns.series.unit(scope)
        words = {"unit": in_words(partial(_marked_name, unit)) if unit else returns.series.area} | dict(words)
        return QualityIssue(
            check or returns.check,
            self.check,
            level or self.level,
            cells[0].table if cells else "",
            unit.id if unit else None,
            tuple(dict.fromkeys(cell.column for cell in cells)),
            {lang: _filled((says or self.says).get(lang), words, lang, returns.indicators) for lang in LANGUAGES},
            tuple(cells),
            {str(word.key): word for word in words.values() if isinstance(word, Figure) and word.text},
            (Claim("case", {"case": self.check, "when": when, "scope": scope}),),
        )


def received_beside(returns: Returns) -> Iterator[Indicators]:
    """The figures of the period before and of the same one last year, where these were received as they are."""
    compared = {one.period: one for one in map(returns.indicators.compared, ("previous", "last_year"))}
    yield from (one for one in compared.values() if one.received.tables)


def is_many(some: Sequence[str], units: Collection[str]) -> bool:
    """Whether what some units have in common is told once, naming them: of more than half of them.

    It is then the table that is not filled in, rather than the fault of each.
    """
    return len(some) > 1 and len(some) * 2 > len(units)


def said_of(scope: str, says: Text) -> Text:
    """A message about a table, which begins with the unit's name where the table is one unit's own."""
    return says if scope == AREA else Text(zh=f"{{unit}}{says.zh}", en=f"{{unit}}: {says.en}")


def in_words(say: Callable[[str], str]) -> Text:
    """What a function of the language says in each."""
    return Text(**{lang: say(lang) for lang in LANGUAGES})


def as_received(cell: Cell) -> Word:
    """A cell's text as it was received, for a message; a blank in words."""
    text = cell.text.strip()
    return proof(f"cell {Key(cell.column, cell.unit or 'total')}", text) if text else BLANK


def _marked_name(unit: Unit, lang: str) -> str:
    return str(Mark(str(Key("unit", unit.id, owner="issue")), unit.name(lang)))


def _filled(says: str, words: Words, lang: str, indicators: Indicators) -> str:
    shown = {}
    for name, word in words.items():
        if isinstance(word, Figure):
            shown[name] = str(Mark(str(word.key), indicators.shown(word, lang))) if word.text else ""
        else:
            shown[name] = word.get(lang) if isinstance(word, Text) else str(word)
    return says.format(**shown)
