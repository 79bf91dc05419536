"""The records that a build leaves under ``data/processed/``, as typed models; their JSON schemas are published.

``python -m tongbao.bulletin.schemas FOLDER`` writes the schemas (``make schemas``), with that of ``series.yml``.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from tongbao.basics.claim import Kind
from tongbao.bulletin.reviews import load_reviews
from tongbao.definition.json_schema import series_schema
from tongbao.definition.model import Strict
from tongbao.figures.figure import Origin

FINDINGS_VERSION: Literal[5] = 5
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="A decimal number, so that no digit is lost.")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hexadecimal.")]
Level = Literal["error", "warning", "note"]


class Record(Strict):
    """What all records have: no key beside those declared; every key is written."""

    model_config = ConfigDict(
        populate_by_name=True, serialize_by_alias=True, json_schema_serialization_defaults_required=True
    )


def as_json(record: Record) -> bytes:
    """A record as its file holds it."""
    return (record.model_dump_json(indent=2) + "\n").encode()


class SourceRecord(Record):
    """Where a cell stands."""

    file: str = Field(description="Path relative to the project.")
    sheet: str | None
    row: int = Field(ge=1, description="Row as a spreadsheet counts, from 1.")
    column: str = Field(pattern=r"^[A-Z]+$", description="Column letter.")


class CountRecord(Record):
    """What a cell was counted from."""

    file: str = Field(description="The file of case records, and how many more.")
    records: int = Field(ge=0, description="How many records are behind the cell.")
    what: str = Field(description="What was counted, and by which date.")


class CellRecord(Record):
    """A cell as received, or as counted from case records."""

    table: str
    unit: str | None = Field(description="The reporting unit's id; none in a totals' row and among the facts.")
    column: str
    text: str = Field(description="The text as received; empty for a blank.")
    source: SourceRecord | CountRecord


class FigureRecord(Record):
    """A figure with what it was computed from."""

    name: str = Field(description="The measure, fact or parameter, or the formula where it has no name.")
    scope: str = Field(description="A unit's or item's id, or area for the whole area.")
    period: str | None = Field(description="Which other period it belongs to; none for the bulletin's own.")
    value: Number | None = Field(description="Unrounded, to 12 decimals; none for a blank.")
    text: str = Field(description="As printed.")
    unit: str
    qualifier: str = Field(description="What stands behind the figure (以上, 左右).")
    origin: Origin
    formula: str | None = Field(description="How it is computed, in the language of docs/proof.md.")
    items: dict[str, str] | None = Field(
        description="What functions over all units run over in the formula, where it is not the units."
    )
    calculation: str | None = Field(description="The formula with its numbers: 87 ÷ 248 × 100 = 35.08.")
    cells: tuple[str, ...] = Field(description="Keys of the cells it was read or computed from.")


class NumberRecord(Record):
    """A number or name in a sentence, bound to the figure behind it."""

    key: str = Field(description="The key of the figure, or of the name: rate_below:unit@lucheng.")
    text: str = Field(description="As it stands in the sentence.")
    start: int = Field(ge=0, description="Where it starts: characters (code points) from the sentence's first, 0.")


class SentenceRecord(Record):
    """A sentence in Chinese and, where worded, in English."""

    zh: str
    en: str | None = None  # null where the series words no English


class NumbersRecord(Record):
    """The numbers and names of a sentence per language, in reading order."""

    zh: tuple[NumberRecord, ...]
    en: tuple[NumberRecord, ...] | None = None


Of = str | dict[str, str]


class ClaimRecord(Record):
    """An assertion in one of the primitives of docs/proof.md; what a kind does not say is left out."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    claim: Kind
    key: str = Field("", description="value, count: the key of the figure.")
    of: Of = Field("", description="What is compared: a formula, or a formula for each item.")
    compared: dict[str, Number | None] = Field({}, description="Its value for each unit or item; none for a blank.")
    that: str = Field("", description="A condition on it.")
    units: tuple[str, ...] = Field((), description="The units or items that the claim names.")
    period: str | None = Field(None, description="Of ``blank``: the other period that it is about.")
    among: tuple[str, ...] = Field((), description="Those that are looked at, where it is not all of them.")
    descending: bool = Field(default=True, description="order: the largest first.")
    end: Literal["highest", "lowest"] = Field("highest", description="extreme: which end is taken.")
    take: str = Field("", description="extreme: how many, a formula.")
    ties: Literal["extend", "cut"] = Field("extend", description="extreme: whether a tie at the end takes all in.")
    case: str = Field("", description="case: which words were chosen.")
    when: str = Field("", description="case: the condition that chose them.")
    scope: str = Field("", description="case: the unit it is about; none for the whole area.")

    @model_serializer(mode="wrap")
    def _only_what_is_said(self, serialise: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]  # noqa: ANN202  # a type would take the schema's place
        return {key: value for key, value in serialise(self).items() if key in self.model_fields_set}


class FindingRecord(Record):
    """A statement, the numbers in it, and the figures behind them."""

    id: str
    rule: str
    case: str = Field(description="The wording that the figures made true.")
    section: str | None = Field(description="The section whose text states it.")
    level: Literal["attention", "note"]
    text: SentenceRecord
    numbers: NumbersRecord
    units: tuple[str, ...] = Field(description="Ids of the units named, in order.")
    figures: tuple[str, ...] = Field(description="Keys of the figures behind the sentence.")
    claims: tuple[ClaimRecord, ...] = Field(description="What the sentence asserts.")


class KeyFigureRecord(Record):
    """A number at the head of the page, word for word as it stands there."""

    label: str
    value: str
    unit: str
    change: str
    without: str = Field(description="Which units it leaves out, or why there is no number.")


class EditionRecord(Record):
    """What a further edition says at its head, in its own language."""

    period_label: str
    title: str
    number: str
    authority: str
    notice: str
    main_points: tuple[str, ...]
    key_figures: tuple[KeyFigureRecord, ...] = Field(description="The numbers at the head of the page, in their words.")
    not_compared: tuple[str, ...] = Field(description="Why key figures have no change, a line for each reason.")
    notes: tuple[str, ...] = Field(description="The data notes of the page.")


class IssueRecord(Record):
    """Something a check found in the figures received, and what makes it true."""

    check: str
    kind: str = Field(description="The kind of check, by which rules count.")
    level: Level
    table: str
    unit: str | None
    columns: tuple[str, ...]
    message: SentenceRecord
    numbers: NumbersRecord
    figures: tuple[str, ...] = Field(description="Keys of the figures in the message, which findings.json holds.")
    claims: tuple[ClaimRecord, ...]
    cells: tuple[CellRecord, ...]
    follow: tuple[IssueRecord, ...] = Field(description="What follows from it, and is no issue of its own.")


class TextRecord(Record):
    """A text written by hand."""

    file: str
    text: str


class FindingsRecord(Record):
    """findings.json: the statements of a bulletin with their evidence."""

    version: Literal[5] = Field(FINDINGS_VERSION, alias="schema")
    series: str
    period: str
    period_label: str
    synthetic: bool = Field(description="Whether the figures are made up.")
    reconstruction: bool = Field(description="Whether the figures are published ones under a text that is abridged.")
    notice: str = Field(description="What every form says of either at its head; empty for an issuer's own.")
    draft: bool = Field(description="Whether anything is left to settle, so that it must not be published.")
    title: str
    number: str
    authority: str
    issued: date
    parameters: dict[str, Number]
    main_points: tuple[str, ...]
    key_figures: tuple[KeyFigureRecord, ...] = Field(description="The numbers at the head of the page, in their words.")
    not_compared: tuple[str, ...] = Field(description="Why key figures have no change, a line for each reason.")
    notes: tuple[str, ...] = Field(description="The data notes of the page.")
    lang: Literal["zh", "en"] = Field(description="The language of title, authority and main points: the issuer's own.")
    editions: dict[Literal["zh", "en"], EditionRecord] = Field(description="Further editions, by language.")
    findings: tuple[FindingRecord, ...]
    figures: dict[str, FigureRecord] = Field(description="Every figure that is printed or stored, by key.")
    issues: tuple[IssueRecord, ...] = Field(description="What the page says of the returns.")
    cells: dict[str, CellRecord] = Field(description="The cells behind the figures, by key.")
    facts: dict[str, dict[str, str]] = Field(description="The rows of the declared facts among them, by id and header.")
    definition: dict[str, Any] = Field(
        description="series.yml as written, what it extends merged in; without its checks."
    )
    texts: dict[Literal["zh", "en"], TextRecord] = Field(description="The authored text, by language.")
    inputs: dict[str, Digest] = Field(description="The raw files read, those of other periods too.")
    words: dict[Literal["zh", "en"], tuple[str, ...]] = Field(
        description="The page's own words that hold a numeral, by language."
    )
    compared: dict[str, tuple[str, ...]] = Field(
        description="Periods looked at, each with the received periods that cover it, none where nothing was received. "
        "Where tables are summed, first the period itself, then those that they are summed from."
    )


class OpenPointRecord(Record):
    """Something left to settle: a CHECK mark or a placeholder, with its place."""

    file: str
    line: int
    text: str


class QualityRecord(Record):
    """quality.json: the issues found in the figures received, and what else the record of the review page holds."""

    version: Literal[4] = Field(4, alias="schema")
    series: str
    period: str
    synthetic: bool = Field(description="Whether the figures are made up.")
    draft: bool = Field(description="Whether anything is left to settle, so that it must not be published.")
    open_points: tuple[OpenPointRecord, ...]
    issues: tuple[IssueRecord, ...]
    figures: dict[str, FigureRecord] = Field(description="The figures of issues and reviews, by key.")
    cells: dict[str, CellRecord] = Field(description="The cells behind issues and figures, by key.")
    words: dict[Literal["zh", "en"], tuple[str, ...]] = Field(
        description="The review page's own words that hold a numeral, by language."
    )
    checks: dict[str, Any] = Field(description="The checks of series.yml as written.")


class ManifestRecord(Record):
    """manifest.json: what a bulletin was made from and what came out, each file with its SHA-256."""

    version: Literal[2] = Field(2, alias="schema")
    series: str
    period: str
    inputs: dict[str, Digest]
    parameters: dict[str, Number]
    code: Digest
    engine: dict[str, str]
    outputs: dict[str, Digest]
    compared: tuple[str, ...] = Field(description="Other periods asked for: what lies in them is an input.")


class LogRecord(Record):
    """A line of ``build --log-json``: the begin of a build, what became of a bulletin, the end."""

    time: str = Field(description="When, ISO 8601 with its offset.")
    event: Literal["start", "bulletin", "end"]
    seconds: float = Field(
        ge=0, description="How long a bulletin was made (rendered at once: all of them); else since the start."
    )
    bulletin: str | None = Field(None, description="SERIES@PERIOD.")
    outcome: Literal["built", "unchanged", "failed", "done", "stopped"] | None = Field(
        None, description="Of a bulletin the first three; of the end failed, done, or stopped by an interrupt."
    )
    exit: int | None = Field(None, description="The exit code, at the end.")
    built: int | None = Field(None, description="At the end: how many bulletins were built.")
    unchanged: int | None = Field(None, description="At the end: how many were up to date.")
    failed: int | None = Field(None, description="At the end: how many could not be built.")
    error: str | None = Field(None, description="What went wrong, in English.")


PUBLISHED: dict[str, type[Record]] = {
    "findings": FindingsRecord,
    "quality": QualityRecord,
    "manifest": ManifestRecord,
}
# What an office keeps beside a build, a line of its log, and where each is loaded from when its schema is asked for.
KEPT = {
    "decision": "tongbao_office.records:Decision",
    "published": "tongbao_office.records:Published",
    "log": "tongbao.bulletin.schemas:LogRecord",
}
SERIES = "series"


def published() -> dict[str, type[Record]]:
    """Every record with a published schema, by name: a bulletin's own, and those of its reviews."""
    return PUBLISHED | {name: review.schema for name, review in load_reviews().items()}


@cache
def schema_text(name: str) -> str:
    """The JSON schema (draft 2020-12) of a record, of what an office keeps, or of ``series``, as the file holds it.

    >>> schema_text("quality").splitlines()[1]
    '  "$schema": "https://json-schema.org/draft/2020-12/schema",'
    """
    if name == SERIES:
        schema = series_schema()
    else:
        record: type[Record] = resolve_name(KEPT[name]) if name in KEPT else published()[name]
        schema = record.model_json_schema(mode="serialization")
    return json.dumps({"$schema": DIALECT, "$id": f"{name}.schema.json", **schema}, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write ``<record>.schema.json`` for every record and ``series.schema.json``; returns the files."""
    folder.mkdir(exist_ok=True)
    names = (*published(), *KEPT, SERIES)
    paths = [folder / f"{name}.schema.json" for name in names]
    for path, name in zip(paths, names, strict=True):
        path.write_text(schema_text(name), "utf-8", newline="\n")
    return paths


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
