"""What a bulletin leaves under ``data/processed/<series>/<period>/``, and beside its page."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongbao.basics.errors import Original, ToolError, room_hint
from tongbao.bulletin.annexes import annex_tables
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.dictionary import dictionary
from tongbao.bulletin.files import DICTIONARY, SCHEMA, annex_file, published_files, raw_files
from tongbao.bulletin.proof import Proof
from tongbao.bulletin.schemas import as_json, schema_text
from tongbao.bulletin.sheets import BOM, table_csv, table_xlsx
from tongbao.bulletin.table import indicators_csv, stored_columns
from tongbao.definition.files import PART, write_whole

if TYPE_CHECKING:
    import duckdb

ONE_THREAD: dict[str, Any] = {"threads": 1}
"""How DuckDB is opened to write: one does for some hundred rows."""
_KINDS = {"synthetic": "BOOLEAN", "rank": "BIGINT", "value": "DECIMAL(38, 12)"}
"""Of the columns of ``indicators.parquet`` that are no texts."""


def save(bulletin: Bulletin, database: duckdb.DuckDBPyConnection | None = None) -> Path:
    """Write indicators (CSV and Parquet) and the records of findings, quality and robustness; returns their folder.

    What is published beside the pages goes beside the executed notebooks, from where both engines take it into the
    site: figures (CSV) with dictionary, findings (JSON) with schema, each edition's annexes (CSV, XLSX), and raw files.

    Arguments:
        bulletin: what is saved.
        database: one that is open; to open one takes longer than to write some hundred rows.

    Raises:
        OSError: the system refused to write a file.
        ToolError: DuckDB could not write one, as where there is no room.
    """
    folder = bulletin.project.processed(bulletin.series.id, bulletin.period)
    folder.mkdir(parents=True, exist_ok=True)
    beside = bulletin.project.executed(bulletin.series.id, bulletin.period)
    proof = Proof(bulletin)
    stored, findings = stored_columns(bulletin), as_json(proof.record())
    csv = indicators_csv(stored)
    write_whole(folder / "indicators.csv", csv.encode())
    write_whole(beside.with_suffix(".csv"), (BOM + csv).encode())
    write_whole(beside.with_suffix(f".{DICTIONARY}"), dictionary(bulletin))
    write_whole(beside.with_suffix(f".{SCHEMA}"), schema_text("findings").encode())
    for lang in bulletin.series.languages:
        _write_annexes(beside.parent, bulletin.shown_in(lang))
    raw = published_files(bulletin, (*proof.cells.values(), *proof.behind_claims())) | raw_files(bulletin)
    for source, target in raw.items():
        if target:
            write_whole(beside.parent / target, (bulletin.project.root / source).read_bytes())
    _write_parquet(folder / "indicators.parquet", stored, database)
    write_whole(folder / "findings.json", findings)
    write_whole(beside.with_suffix(".json"), findings)
    write_whole(folder / "quality.json", as_json(proof.quality()))
    for name, review in bulletin.reviews.items():
        write_whole(folder / f"{name}.json", as_json(review.record()))
    return folder


def _write_annexes(folder: Path, bulletin: Bulletin) -> None:
    for number, table in annex_tables(bulletin.indicators, bulletin.lang).items():
        title = bulletin.narrative.annex_title(number)
        write_whole(folder / annex_file(bulletin, number, bulletin.lang, "csv"), table_csv(bulletin, table))
        write_whole(folder / annex_file(bulletin, number, bulletin.lang, "xlsx"), table_xlsx(bulletin, table, title))


def _write_parquet(
    path: Path, stored: Mapping[str, Sequence[object]], database: duckdb.DuckDBPyConnection | None
) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    import duckdb  # `check` does without

    columns = ", ".join(f"unnest(?::{_KINDS.get(name, 'VARCHAR')}[]) AS {name}" for name in stored)
    try:
        with database.cursor() if database else duckdb.connect(config=ONE_THREAD) as connection:
            written = f"COPY (SELECT {columns}) TO ? (FORMAT parquet)"  # half the time of a relation's `write_parquet`
            connection.execute(written, [*stored.values(), str(partial)])
        partial.replace(path)
    except duckdb.Error as error:
        raise ToolError(
            "DuckDB could not write", place=path.name, found=Original(error), hint=room_hint(str(error))
        ) from None
    finally:
        with suppress(OSError):  # it stands where it belongs
            partial.unlink()
