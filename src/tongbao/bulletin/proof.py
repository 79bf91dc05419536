"""The record that a bulletin carries: every figure with its formula and cells, every claim; see ``docs/proof.md``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any, TypeVar

from tongbao import __version__
from tongbao.basics.claim import stored_number
from tongbao.basics.errors import DefinitionError
from tongbao.basics.key import Key
from tongbao.basics.marks import places, plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.narrative import KeyFigureText
from tongbao.bulletin.notes import data_notes
from tongbao.bulletin.printed import cell_key, printed_figures
from tongbao.bulletin.schemas import (
    CellRecord,
    CountRecord,
    EditionRecord,
    FigureRecord,
    FindingRecord,
    FindingsRecord,
    IssueRecord,
    KeyFigureRecord,
    QualityRecord,
    Record,
    SourceRecord,
    TextRecord,
)
from tongbao.checks import QualityIssue
from tongbao.definition.model import Lang
from tongbao.definition.names import bare
from tongbao.figures.figure import Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao.reading.cell import Cell, RecordCount
from tongbao.words import WORDS, with_numerals

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Proof:
    """Makes ``findings.json`` of a bulletin, and ``quality.json`` of what is for its reviewers.

    Arguments:
        bulletin: what was computed.

    Attributes:
        cells: the cells behind what was recorded, by key.
    """

    def __init__(self, bulletin: Bulletin) -> None:
        self.bulletin = bulletin
        self.cells: dict[str, Cell] = {}
        self._known: dict[int, tuple[str, Cell]] = {}
        self._cells: dict[str, CellRecord] = {}

    def record(self) -> FindingsRecord:
        """The record: statements with their claims, the figures and cells behind them, and what they were made from."""
        bulletin = self.bulletin
        series, history = bulletin.series, bulletin.history.known
        figures = {key: self.figure(figure) for key, figure in sorted(self.figures().items())}
        for issue in bulletin.disclosed:
            for cell in issue.cells if issue.kind in ("reported", "totals") else ():  # they quote those in question
                self._cell(cell)
        files = {file: digest for one in history.values() for file, digest in one.received.files.items()}
        return FindingsRecord(
            series=series.id,
            period=str(bulletin.period),
            synthetic=series.synthetic,
            reconstruction=series.reconstruction is not None,
            draft=bool(bulletin.open_points),
            issued=bulletin.header.issued,
            parameters={name: stored_number(value) for name, value in bulletin.parameters.items()},
            lang=series.lang,
            editions={lang: EditionRecord(**self._head(lang)) for lang in series.languages[1:]},
            findings=tuple(map(self._finding, bulletin.findings.values())),
            figures=figures,
            issues=tuple(map(_issue, bulletin.disclosed)),
            cells=self._cell_records(),
            facts={name: fact.row for name, fact in bulletin.received.facts.items() if f"fact.{name}" in self.cells},
            words={lang: (*with_numerals(WORDS[lang]), __version__) for lang in series.languages},
            definition={key: one for key, one in bulletin.project.raw_definition(series.id).items() if key != "checks"},
            texts={lang: TextRecord(file=prose.file, text=prose.text) for lang, prose in bulletin.prose.items()},
            inputs=dict(sorted(files.items())),
            compared={
                str(period): (*map(str, indicators.made_of), *summed)
                for period, indicators in sorted(history.items())
                if (summed := _summed(indicators)) or period != bulletin.period
            },
            **self._head(series.lang),
        )

    def quality(self) -> QualityRecord:
        """``quality.json``: the issues found in the figures received, and what is behind them and the reviews."""
        bulletin = self.bulletin
        reviewed = {key: one for review in bulletin.reviews.values() for key, one in review.figures().items()}
        issues = [one for issue in bulletin.quality for one in (issue, *issue.follow)]
        reviewed |= {key: figure for issue in issues for key, figure in issue.figures.items()}
        figures = {key: self.figure(figure) for key, figure in sorted(reviewed.items())}
        for cell in (cell for issue in issues for cell in issue.cells):
            self._cell(cell)
        return QualityRecord(
            series=bulletin.series.id,
            period=str(bulletin.period),
            synthetic=bulletin.series.synthetic,
            draft=bool(bulletin.open_points),
            open_points=tuple(map(asdict, bulletin.open_points)),
            issues=tuple(map(_issue, bulletin.quality)),
            figures=figures,
            cells=self._cell_records(),
            words={
                lang: tuple(word for one in bulletin.reviews.values() for word in with_numerals(one.words[lang]))
                for lang in bulletin.series.languages
            },
            checks=bulletin.project.raw_definition(bulletin.series.id).get("checks", {}),
        )

    def figures(self) -> dict[str, Figure]:
        """Every figure that the bulletin prints or stores, by key; a sentence's own first."""
        found: dict[str, Figure] = {}
        for finding in self.bulletin.findings.values():
            found |= finding.figures
        for issue in self.bulletin.disclosed:
            found |= issue.figures
        for lang in self.bulletin.series.languages:
            found |= self.bulletin.figures_outside_findings(lang)
        indicators, series = self.bulletin.indicators, self.bulletin.series
        for figure in indicators.each():
            found.setdefault(str(Key(figure.name, figure.scope)), figure)
        for column in series.columns.values():
            if column.rank_of is not None:
                name = indicators.rank_formula(column.rank_of)
                for unit in series.units:
                    found.setdefault(str(Key(name, unit.id)), indicators.figure(name, unit.id))
        return printed_figures(indicators) | found

    def behind_claims(self) -> Iterator[Cell]:
        """The cells behind all that is asserted, also where no sentence prints a figure of them: the base of 持平."""
        bulletin, indicators = self.bulletin, self.bulletin.indicators
        claims = [claim for finding in bulletin.findings.values() for claim in finding.claims]
        claims += [claim for issue in bulletin.disclosed for claim in issue.claims]
        names = {name for claim in claims for name in claim.names()}
        for name in sorted(names):
            if bare(name) in indicators.measures or bare(name).startswith("fact."):
                with suppress(DefinitionError):  # a period that lacks the fact
                    yield from indicators.cells_behind(name)

    def figure(self, figure: Figure) -> FigureRecord:
        """A figure; the cells behind it go into the record once."""
        return _record(
            FigureRecord,
            figure,
            period=None if figure.period is None else str(figure.period),
            value=None if figure.value is None else stored_number(figure.value),
            cells=tuple(map(self._cell, figure.cells)),
        )

    def _cell(self, cell: Cell) -> str:
        if id(cell) not in self._known:
            key = str(cell_key(self.bulletin.series, self.bulletin.period, cell))
            self._known[id(cell)] = (key, cell)  # held, so that no other gets its number
            self.cells.setdefault(key, cell)
        return self._known[id(cell)][0]

    def _cell_records(self) -> dict[str, CellRecord]:
        """The cells behind what was recorded so far."""
        self._cells |= {key: _cell_record(cell) for key, cell in self.cells.items() if key not in self._cells}
        return dict(sorted(self._cells.items()))

    def _head(self, lang: Lang) -> dict[str, Any]:
        """What an edition says at its head."""
        narrative = self.bulletin.narratives[lang]
        # What notes name is no figure of the text: the record is the same whether they were shown before or not.
        apart = replace(narrative, figures=dict(narrative.figures), filled=dict(narrative.filled))
        return {
            "period_label": self.bulletin.period.label(lang),
            "title": narrative.title,
            "number": narrative.number,
            "authority": self.bulletin.series.authority.get(lang),
            "notice": narrative.notice,
            "main_points": tuple(map(plain, narrative.main_points())),
            "key_figures": tuple(map(_key_figure, narrative.key_figures())),
            "not_compared": tuple(narrative.not_compared()),
            "notes": tuple(plain(note.marked) for note in data_notes(self.bulletin, apart)),
        }

    def _finding(self, finding: Finding) -> FindingRecord:
        section = self.bulletin.narratives[self.bulletin.series.lang].section_of(finding.id)
        return _record(FindingRecord, finding, section=section, **_evidence(finding))


def _key_figure(shown: KeyFigureText) -> KeyFigureRecord:
    """A key figure in its words, without marks."""
    words = {name: plain(getattr(shown, name)) for name in ("label", "unit", "change", "without")}
    return KeyFigureRecord(value=plain(shown.marked), **words)


def _issue(issue: QualityIssue) -> IssueRecord:
    """An issue found in the figures received."""
    beside = {"cells": tuple(map(_cell_record, issue.cells)), "follow": tuple(map(_issue, issue.follow))}
    return _record(IssueRecord, issue, **beside, **_evidence(issue))


def _evidence(stated: Finding | QualityIssue) -> dict[str, Any]:
    """The numbers and names in a sentence, each with its key and place; its figures, by key; what it asserts."""
    return {
        "numbers": {lang: tuple(map(asdict, places(marked))) for lang, marked in stated.marked.items()},
        "figures": tuple(stated.figures),
        "claims": tuple(claim.record() for claim in stated.claims),
    }


def _summed(indicators: Indicators) -> tuple[str, ...]:
    """The periods that tables of a period received are summed from, where it has no such file."""
    summed = any(map(indicators.is_summed, indicators.received.absent))
    return tuple(map(str, indicators.compared("parts").made_of)) if summed else ()


def _cell_record(cell: Cell) -> CellRecord:
    """A cell with its place, or with what it was counted from; what that was is said in Chinese."""
    source = cell.source
    if isinstance(source, RecordCount):
        return _record(CellRecord, cell, source=_record(CountRecord, source, what=source.what.zh))
    return _record(CellRecord, cell, source=_record(SourceRecord, source))


def _record(kind: type[AnyRecord], of: object, **given: Any) -> AnyRecord:
    """The record of an object: what is given, and what the object itself calls by the same name."""
    own = {name: getattr(of, name) for name in kind.model_fields if name not in given}
    return kind.model_validate({**own, **given})
