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

from tongbao.cells import Cell
from tongbao.checks import QualityIssue, check
from tongbao.errors import DataError, combined
from tongbao.findings import Finding, find
from tongbao.findings.marks import places, plain
from tongbao.indicators import Figure, Indicators
from tongbao.ingest import Received, read_received
from tongbao.narrative import Narrative
from tongbao.parameters import check_parameters
from tongbao.period import Period
from tongbao.project import Project
from tongbao.prose import Prose, read_prose
from tongbao.schemas import (
    CellRecord,
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
from tongbao.series import Series

# Stored values: 12 decimals are exact for every figure an issuer prints, and the same bytes each time.
_STORED = pa.decimal128(38, 12)


@dataclass(frozen=True)
class Bulletin:
    """All there is to say about one period of one series."""

    project: Project
    series: Series
    period: Period
    parameters: Mapping[str, Decimal]
    received: Received
    prose: Prose
    indicators: Indicators
    findings: Mapping[str, Finding]
    quality: tuple[QualityIssue, ...]

    @classmethod
    def open(cls, project: Project, series_id: str, period_id: str, parameters: Mapping[str, object]) -> Bulletin:
        """Read a period's figures and compute everything the bulletin says.

        Arguments:
            project: where the series lies.
            series_id: ``wenzhou-monthly``.
            period_id: ``2021-01-to-02``.
            parameters: values for the series' parameters; what is not given takes its default.

        Raises:
            UsageError: unknown series, period or parameter, or a value out of range.
            DataError: figures that cannot be used.
        """
        series = project.get_series(series_id)
        period = project.get_period(series_id, period_id)
        values = check_parameters(series, parameters)
        received = read_received(series, project.raw(series_id, period), project.root)
        prose = read_prose(project.prose(series_id, period), series, project.root)
        indicators = Indicators(series, received, values)
        findings = find(indicators, period)
        quality = check(indicators, prose.header, period, lambda other: _figures_of(project, series, other))
        return cls(project, series, period, values, received, prose, indicators, findings, tuple(quality))

    def require_sound(self) -> None:
        """Stop where a check of level ``error`` found something, or a text cannot be filled.

        Raises:
            DataError: all such issues, each with its place.
            DefinitionError: a placeholder that is unknown or has no figure.
        """
        errors = [issue for issue in self.quality if issue.level == "error"]
        if errors:
            raise combined([DataError(issue.message["zh"], place=issue.place) for issue in errors])
        self.narrative.compose()

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series.id}@{self.period}"

    @cached_property
    def narrative(self) -> Narrative:
        """The words in Chinese."""
        last_year = _figures_of(self.project, self.series, self.period.same_period_last_year())
        return Narrative(self.indicators, self.findings, self.prose, self.period, last_year)

    @property
    def frame(self) -> pd.DataFrame:
        """All figures, tidy; see ``Indicators.frame``."""
        frame = self.indicators.frame()
        frame.insert(0, "series", self.series.id)
        frame.insert(1, "period", str(self.period))
        return frame

    def findings_record(self) -> FindingsRecord:
        """``findings.json``: the statements with their evidence, and what an index needs to know."""
        narrative = self.narrative
        return FindingsRecord(
            series=self.series.id,
            period=str(self.period),
            period_label=self.period.label(),
            title=narrative.title,
            number=narrative.number,
            authority=self.series.authority.zh,
            issued=self.prose.header.issued,
            parameters={name: _plain_number(value) for name, value in self.parameters.items()},
            main_points=tuple(plain(point) for point in narrative.main_points()),
            findings=tuple(self._finding_record(finding) for finding in self.findings.values()),
            figures={key: _figure_record(figure) for key, figure in self.figures_outside_findings.items()},
        )

    @property
    def figures_outside_findings(self) -> dict[str, Figure]:
        """The figures of the text that stand in no finding's sentence, by mark key."""
        self.narrative.compose()
        stated = {key for finding in self.findings.values() for key in finding.figures}
        return {key: figure for key, figure in self.narrative.figures.items() if key not in stated}

    def quality_record(self) -> QualityRecord:
        """``quality.json``: the issues found in the figures received."""
        return QualityRecord(
            series=self.series.id,
            period=str(self.period),
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

    def save(self) -> Path:
        """Write indicators (CSV and Parquet), findings.json and quality.json; returns their folder.

        The CSV also goes beside the executed notebook, from where both engines take it into the site.
        """
        folder = self.project.processed(self.series.id, self.period)
        folder.mkdir(parents=True, exist_ok=True)
        frame = self.frame
        stored = frame.assign(value=frame["value"].map(_stored))
        csv = stored.assign(value=stored["value"].map(_trimmed)).to_csv(index=False, lineterminator="\n")
        _write(folder / "indicators.csv", csv.encode())
        _write(self.project.executed(self.series.id, self.period).with_suffix(".csv"), csv.encode())
        schema = pa.Schema.from_pandas(stored.drop(columns="value")).remove_metadata()
        schema = schema.insert(stored.columns.get_loc("value"), pa.field("value", _STORED))
        parquet = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(stored, schema, preserve_index=False), parquet)
        _write(folder / "indicators.parquet", parquet.getvalue())
        _write_json(folder / "findings.json", self.findings_record())
        _write_json(folder / "quality.json", self.quality_record())
        return folder

    def _finding_record(self, finding: Finding) -> FindingRecord:
        return FindingRecord(
            id=finding.id,
            rule=finding.rule,
            case=finding.case,
            section=self.narrative.section_of(finding.id),
            level="attention" if finding.level == "attention" else "note",
            text=SentenceRecord(**finding.text),
            numbers=NumbersRecord(**{lang: _number_records(marked) for lang, marked in finding.marked.items()}),
            units=finding.units,
            values={key: _figure_record(figure) for key, figure in finding.figures.items()},
        )


def _figures_of(project: Project, series: Series, period: Period) -> Indicators | None:
    """Another period's figures, for comparison; ``None`` where none were received."""
    if period not in project.periods(series.id):
        return None
    return Indicators(series, read_received(series, project.raw(series.id, period), project.root), {})


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
        formula=figure.formula,
        calculation=figure.calculation,
        cells=tuple(map(_cell_record, figure.cells)),
    )


def _cell_record(cell: Cell) -> CellRecord:
    return CellRecord(
        table=cell.table,
        unit=cell.unit,
        column=cell.column,
        value=cell.text,
        source=SourceRecord(**asdict(cell.source)),
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
