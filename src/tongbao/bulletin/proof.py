"""The record that a bulletin carries: every figure with its formula and cells, every claim; see ``docs/proof.md``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import cached_property

from tongbao import __version__
from tongbao.basics.claim import stored_number
from tongbao.basics.key import Key
from tongbao.basics.marks import places, plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import cell_key, printed_figures
from tongbao.bulletin.schemas import (
    CellRecord,
    ClaimRecord,
    CountRecord,
    EditionRecord,
    FigureRecord,
    FindingRecord,
    FindingsRecord,
    IssueRecord,
    NumberRecord,
    NumbersRecord,
    SentenceRecord,
    SourceRecord,
    TextRecord,
)
from tongbao.definition.model import Lang
from tongbao.figures.figure import Figure
from tongbao.findings import Finding
from tongbao.reading.cell import Cell, Source
from tongbao.words import with_numerals


class Proof:
    """Makes ``findings.json`` of a bulletin.

    Arguments:
        bulletin: what was computed.
    """

    def __init__(self, bulletin: Bulletin) -> None:
        self.bulletin = bulletin
        self._cells: dict[str, CellRecord] = {}

    def record(self) -> FindingsRecord:
        """The record: statements with their claims, the figures and cells behind them, and what they were made from."""
        bulletin = self.bulletin
        series, narrative = bulletin.series, bulletin.narratives[bulletin.series.lang]
        figures = {key: self.figure(figure) for key, figure in sorted(self._figures().items())}
        return FindingsRecord(
            series=series.id,
            period=str(bulletin.period),
            period_label=bulletin.period.label(narrative.lang),
            synthetic=series.synthetic,
            title=narrative.title,
            number=narrative.number,
            authority=series.authority.get(narrative.lang),
            issued=bulletin.header.issued,
            parameters={name: stored_number(value) for name, value in bulletin.parameters.items()},
            main_points=tuple(map(plain, narrative.main_points())),
            lang=series.lang,
            editions={lang: self._edition(lang) for lang in series.languages[1:]},
            findings=tuple(map(self._finding, bulletin.findings.values())),
            figures=figures,
            issues=issue_records(bulletin),
            cells=dict(sorted(self._cells.items())),
            words={lang: (*with_numerals(lang), __version__) for lang in series.languages},
            definition=bulletin.project.raw_definition(series.id),
            texts=dict(self._texts()),
            inputs=dict(sorted(self._inputs.items())),
            compared={
                str(period): tuple(map(str, indicators.made_of))
                for period, indicators in sorted(bulletin.history.known.items())
                if period != bulletin.period
            },
        )

    def _figures(self) -> dict[str, Figure]:
        """Every figure that the bulletin prints or stores, by key; a sentence's own first."""
        found: dict[str, Figure] = {}
        for finding in self.bulletin.findings.values():
            found |= finding.figures
        for issue in self.bulletin.quality:
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
        for review in self.bulletin.reviews.values():
            found = {**review.figures(), **found}
        return printed_figures(indicators) | found

    def figure(self, figure: Figure) -> FigureRecord:
        """A figure; the cells behind it go into the record once."""
        return FigureRecord(
            name=figure.name,
            scope=figure.scope,
            period=None if figure.period is None else str(figure.period),
            value=None if figure.value is None else stored_number(figure.value),
            text=figure.text,
            unit=figure.unit,
            qualifier=figure.qualifier,
            origin=figure.origin,
            formula=figure.formula,
            items=None if figure.items is None else dict(figure.items),
            calculation=figure.calculation,
            cells=tuple(map(self._cell, figure.cells)),
        )

    def _cell(self, cell: Cell) -> str:
        key = str(cell_key(self.bulletin.series, self.bulletin.period, cell))
        if key not in self._cells:
            self._cells[key] = cell_record(cell)
        return key

    @cached_property
    def _inputs(self) -> dict[str, str]:
        return {
            file: digest
            for indicators in self.bulletin.history.known.values()
            for file, digest in indicators.received.files.items()
        }

    def _texts(self) -> Iterator[tuple[Lang, TextRecord]]:
        for lang, prose in self.bulletin.prose.items():
            yield lang, TextRecord(file=prose.file, text=(self.bulletin.project.root / prose.file).read_text("utf-8"))

    def _edition(self, lang: Lang) -> EditionRecord:
        narrative = self.bulletin.narratives[lang]
        return EditionRecord(
            period_label=self.bulletin.period.label(lang),
            title=narrative.title,
            number=narrative.number,
            authority=self.bulletin.series.authority.get(lang),
            main_points=tuple(map(plain, narrative.main_points())),
        )

    def _finding(self, finding: Finding) -> FindingRecord:
        return FindingRecord(
            id=finding.id,
            rule=finding.rule,
            case=finding.case,
            section=self.bulletin.narratives[self.bulletin.series.lang].section_of(finding.id),
            level="attention" if finding.level == "attention" else "note",
            text=SentenceRecord(**finding.text),
            numbers=NumbersRecord(**{lang: numbers(marked) for lang, marked in finding.marked.items()}),
            units=finding.units,
            figures=tuple(finding.figures),
            claims=tuple(ClaimRecord.model_validate(claim.record()) for claim in finding.claims),
        )


def issue_records(bulletin: Bulletin) -> tuple[IssueRecord, ...]:
    """The issues found in the figures received."""
    return tuple(
        IssueRecord(
            check=issue.check,
            kind=issue.kind,
            level=issue.level,
            table=issue.table,
            unit=issue.unit,
            columns=issue.columns,
            message=SentenceRecord(**issue.message),
            numbers=NumbersRecord(**{lang: numbers(marked) for lang, marked in issue.marked.items()}),
            figures=tuple(issue.figures),
            claims=tuple(ClaimRecord.model_validate(claim.record()) for claim in issue.claims),
            cells=tuple(map(cell_record, issue.cells)),
        )
        for issue in bulletin.quality
    )


def numbers(marked: str) -> tuple[NumberRecord, ...]:
    """The numbers and names of a sentence, each with its key and place."""
    return tuple(NumberRecord(key=place.key, text=place.text, start=place.start) for place in places(marked))


def cell_record(cell: Cell) -> CellRecord:
    """A cell with its place, or with what it was counted from."""
    place = asdict(cell.source)
    return CellRecord(
        table=cell.table,
        unit=cell.unit,
        column=cell.column,
        text=cell.text,
        source=SourceRecord(**place) if isinstance(cell.source, Source) else CountRecord(**place),
    )
