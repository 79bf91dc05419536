"""One bulletin: raw → indicators → findings → words. This is the methodology in ten lines."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tongbao.basics.errors import DataError, UsageError, combined
from tongbao.basics.marks import places, plain
from tongbao.basics.period import Period
from tongbao.bulletin.narrative import Narrative
from tongbao.bulletin.reviews import Review, load_reviews
from tongbao.bulletin.schemas import (
    CellRecord,
    CountRecord,
    EditionRecord,
    FigureRecord,
    FindingRecord,
    FindingsRecord,
    IssueRecord,
    NumberRecord,
    NumbersRecord,
    QualityRecord,
    Record,
    SentenceRecord,
    SourceRecord,
)
from tongbao.checks import QualityIssue, check
from tongbao.definition import Series
from tongbao.definition.model import Lang
from tongbao.definition.parameters import check_parameters
from tongbao.definition.project import Project
from tongbao.figures.figure import Figure
from tongbao.figures.history import History
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding, find
from tongbao.reading.cell import Cell, Source
from tongbao.reading.prose import Header, Prose, read_edition, read_prose
from tongbao.reading.received import Received, read_received

# Stored values: 12 decimals are exact for every figure an issuer prints, and the same bytes each time.
_STORED = pa.decimal128(38, 12)


@dataclass(frozen=True)
class Bulletin:
    """All there is to say about one period of one series.

    ``lang`` is the edition to show, ``prose`` the authored text of each edition.
    """

    project: Project
    series: Series
    period: Period
    parameters: Mapping[str, Decimal]
    received: Received
    prose: Mapping[Lang, Prose]
    indicators: Indicators
    findings: Mapping[str, Finding]
    quality: tuple[QualityIssue, ...]
    lang: Lang

    @classmethod
    def open(
        cls, project: Project, series_id: str, period_id: str, parameters: Mapping[str, object], lang: str | None = None
    ) -> Bulletin:
        """Read a period's figures and compute everything the bulletin says.

        Arguments:
            project: where the series lies.
            series_id: ``wenzhou-monthly``.
            period_id: ``2021-01-to-02``.
            parameters: values for the series' parameters; what is not given takes its default.
            lang: the edition to show; the issuer's own language where it is not given.

        Raises:
            UsageError: unknown series, period, parameter or edition, or a value out of range.
            DataError: figures that cannot be used.
        """
        series = project.get_series(series_id)
        period = project.get_period(series_id, period_id)
        values = check_parameters(series, parameters)
        received = read_received(project, series, period, values)
        shown = _edition(series, lang)
        prose = _read_editions(project, series, period)
        header = prose[series.lang].header
        history = History(
            series, values, lambda other: received if other == period else _received(project, series, other, values)
        )
        indicators = history.at(period)
        quality = check(indicators, header, period, history.at)
        findings = find(indicators, period, quality, header)
        return cls(project, series, period, values, received, prose, indicators, findings, tuple(quality), shown)

    def require_sound(self) -> None:
        """Stop where a check of level ``error`` found something, or a text cannot be filled.

        Raises:
            DataError: all such issues, each with its place.
            DefinitionError: a placeholder that is unknown or has no figure.
        """
        errors = [issue for issue in self.quality if issue.level == "error"]
        if errors:
            raise combined([DataError(issue.message["zh"], place=issue.place) for issue in errors])
        for narrative in self.narratives.values():
            narrative.compose()

    @property
    def header(self) -> Header:
        """Dates and number of the document, the same for every edition."""
        return self.prose[self.series.lang].header

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series.id}@{self.period}"

    @cached_property
    def narratives(self) -> Mapping[Lang, Narrative]:
        """The words of every edition."""
        return {
            lang: Narrative(self.indicators, self.findings, prose, self.period, lang)
            for lang, prose in self.prose.items()
        }

    @property
    def narrative(self) -> Narrative:
        """The words of the edition to show."""
        return self.narratives[self.lang]

    @property
    def frame(self) -> pd.DataFrame:
        """All figures, tidy; see ``Indicators.frame``."""
        frame = self.indicators.frame()
        frame.insert(0, "series", self.series.id)
        frame.insert(1, "period", str(self.period))
        frame.insert(2, "synthetic", self.series.synthetic)
        return frame

    def findings_record(self) -> FindingsRecord:
        """``findings.json``: the statements with their evidence, and what an index needs to know."""
        narrative = self.narratives[self.series.lang]
        return FindingsRecord(
            series=self.series.id,
            period=str(self.period),
            period_label=self.period.label(narrative.lang),
            synthetic=self.series.synthetic,
            title=narrative.title,
            number=narrative.number,
            authority=self.series.authority.get(narrative.lang),
            issued=self.header.issued,
            parameters={name: _plain_number(value) for name, value in self.parameters.items()},
            main_points=tuple(map(plain, narrative.main_points())),
            lang=self.series.lang,
            editions={lang: self._edition_record(lang) for lang in self.series.languages[1:]},
            findings=tuple(self._finding_record(finding) for finding in self.findings.values()),
            figures={
                key: _figure_record(figure)
                for lang in self.series.languages
                for key, figure in self.figures_outside_findings(lang).items()
            },
        )

    def _edition_record(self, lang: Lang) -> EditionRecord:
        narrative = self.narratives[lang]
        return EditionRecord(
            period_label=self.period.label(lang),
            title=narrative.title,
            number=narrative.number,
            authority=self.series.authority.get(lang),
            main_points=tuple(map(plain, narrative.main_points())),
        )

    def figures_outside_findings(self, lang: Lang) -> dict[str, Figure]:
        """The figures of an edition's text that stand in no finding's sentence, by mark key."""
        narrative = self.narratives[lang]
        narrative.compose()
        stated = {key for finding in self.findings.values() for key in finding.figures}
        return {key: figure for key, figure in narrative.figures.items() if key not in stated}

    def quality_record(self) -> QualityRecord:
        """``quality.json``: the issues found in the figures received."""
        return QualityRecord(
            series=self.series.id,
            period=str(self.period),
            synthetic=self.series.synthetic,
            issues=tuple(
                IssueRecord(
                    check=issue.check,
                    level=issue.level,
                    table=issue.table,
                    unit=issue.unit,
                    columns=issue.columns,
                    message=SentenceRecord(**issue.message),
                    cells=tuple(map(_cell_record, issue.cells)),
                )
                for issue in self.quality
            ),
        )

    @cached_property
    def reviews(self) -> Mapping[str, Review]:
        """What reviewers are told beside the circular; never in its text."""
        return {name: review(self) for name, review in load_reviews().items()}

    def save(self) -> Path:
        """Write indicators (CSV and Parquet) and the records of findings, quality and reviews; returns their folder.

        The CSV also goes beside the executed notebook, from where both engines take it into the site.
        """
        folder = self.project.processed(self.series.id, self.period)
        folder.mkdir(parents=True, exist_ok=True)
        stored, csv = self._stored_frame(), self.indicators_csv().encode()
        _write(folder / "indicators.csv", csv)
        _write(self.project.executed(self.series.id, self.period).with_suffix(".csv"), csv)
        schema = pa.Schema.from_pandas(stored.drop(columns="value")).remove_metadata()
        schema = schema.insert(stored.columns.get_loc("value"), pa.field("value", _STORED))
        parquet = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(stored, schema, preserve_index=False), parquet)
        _write(folder / "indicators.parquet", parquet.getvalue())
        _write_json(folder / "findings.json", self.findings_record())
        _write_json(folder / "quality.json", self.quality_record())
        for name, review in self.reviews.items():
            _write_json(folder / f"{name}.json", review.record())
        return folder

    def indicators_csv(self) -> str:
        """``indicators.csv``: all figures, values with at most 12 decimals."""
        stored = self._stored_frame()
        return str(stored.assign(value=stored["value"].map(_trimmed)).to_csv(index=False, lineterminator="\n"))

    def _stored_frame(self) -> pd.DataFrame:
        frame = self.frame
        return frame.assign(value=frame["value"].map(_stored))

    def _finding_record(self, finding: Finding) -> FindingRecord:
        return FindingRecord(
            id=finding.id,
            rule=finding.rule,
            case=finding.case,
            section=self.narratives[self.series.lang].section_of(finding.id),
            level="attention" if finding.level == "attention" else "note",
            text=SentenceRecord(**finding.text),
            numbers=NumbersRecord(**{lang: _number_records(marked) for lang, marked in finding.marked.items()}),
            units=finding.units,
            values={key: _figure_record(figure) for key, figure in finding.figures.items()},
        )


def _edition(series: Series, lang: str | None) -> Lang:
    for known in series.languages:
        if lang in (None, known):
            return known
    raise UsageError(
        f"series {series.id} does not appear in this language",
        found=lang,
        expected=" or ".join(series.languages),
        hint=f"to add it, list it under languages in reports/{series.id}/series.yml",
    )


def _read_editions(project: Project, series: Series, period: Period) -> dict[Lang, Prose]:
    """The authored text of every language, the issuer's own first."""
    original = read_prose(project.prose(series.id, period), series, project.root)
    found: dict[Lang, Prose] = {series.lang: original}
    for lang in series.languages[1:]:
        found[lang] = read_edition(project.prose(series.id, period, lang), series, project.root, lang, original)
    return found


def _received(project: Project, series: Series, period: Period, parameters: Mapping[str, Decimal]) -> Received | None:
    """Another period's figures as received, for comparison; ``None`` where there are none."""
    return read_received(project, series, period, parameters) if project.raw(series.id, period).is_dir() else None


def _number_records(marked: str) -> tuple[NumberRecord, ...]:
    return tuple(NumberRecord(key=place.key, text=place.text, start=place.start) for place in places(marked))


def _figure_record(figure: Figure) -> FigureRecord:
    return FigureRecord(
        name=figure.name,
        scope=figure.scope,
        value=None if figure.value is None else _trimmed(_stored(figure.value)),
        text=figure.text,
        unit=figure.unit,
        qualifier=figure.qualifier,
        origin=figure.origin,
        period=None if figure.period is None else str(figure.period),
        formula=figure.formula,
        calculation=figure.calculation,
        cells=tuple(map(_cell_record, figure.cells)),
    )


def _cell_record(cell: Cell) -> CellRecord:
    place = asdict(cell.source)
    return CellRecord(
        table=cell.table,
        unit=cell.unit,
        column=cell.column,
        value=cell.text,
        source=SourceRecord(**place) if isinstance(cell.source, Source) else CountRecord(**place),
    )


def _stored(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("1e-12"))


def _trimmed(value: Decimal | None) -> str | None:
    return None if value is None else _plain_number(value)


def _plain_number(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: others may be reading it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(data)
    partial.replace(path)


def _write_json(path: Path, record: Record) -> None:
    _write(path, (json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n").encode())
