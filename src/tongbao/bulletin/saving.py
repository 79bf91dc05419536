"""What a bulletin leaves under ``data/processed/<series>/<period>/``, and beside its page."""

from __future__ import annotations

import os
from pathlib import Path

from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.manifest import ENTRY
from tongbao.bulletin.proof import Proof
from tongbao.bulletin.schemas import EntryRecord, Record
from tongbao.bulletin.table import indicators_csv, stored_table


def save(bulletin: Bulletin) -> Path:
    """Write indicators (CSV and Parquet) and the records of findings, quality and robustness; returns their folder.

    Figures (CSV) and findings (JSON) also go beside the executed notebook, from where both engines take them into the
    site.
    """
    folder = bulletin.project.processed(bulletin.series.id, bulletin.period)
    folder.mkdir(parents=True, exist_ok=True)
    beside = bulletin.project.executed(bulletin.series.id, bulletin.period)
    record = Proof(bulletin).record()
    csv, findings = indicators_csv(bulletin).encode(), as_json(record)
    _write(folder / "indicators.csv", csv)
    _write(beside.with_suffix(".csv"), csv)
    _write_parquet(folder / "indicators.parquet", bulletin)
    _write(folder / "findings.json", findings)
    _write(beside.with_suffix(".json"), findings)
    _write(folder / "quality.json", as_json(Proof(bulletin).quality()))
    _write(folder / ENTRY, as_json(EntryRecord.of(record)))
    for name, review in bulletin.reviews.items():
        _write(folder / f"{name}.json", as_json(review.record()))
    return folder


def as_json(record: Record) -> bytes:
    """A record as its file holds it."""
    return (record.model_dump_json(indent=2) + "\n").encode()


def _write_parquet(path: Path, bulletin: Bulletin) -> None:
    """``stored_table`` with ``value`` as DECIMAL(38, 12); one thread is all that some hundred rows need."""
    partial = _partial(path)
    import duckdb  # `check` does without

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("stored", stored_table(bulletin))
        table = connection.sql("SELECT * REPLACE (value::DECIMAL(38, 12) AS value) FROM stored")
        table.write_parquet(str(partial))
    partial.replace(path)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: others may be reading it."""
    partial = _partial(path)
    partial.write_bytes(data)
    partial.replace(path)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")
