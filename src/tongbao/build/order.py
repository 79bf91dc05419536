"""What a worker is given to do, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tongbao.basics.errors import TongbaoError
from tongbao.build.choice import Choice
from tongbao.bulletin.manifest import Manifest
from tongbao.run import CELL_SECONDS

PROCESSED = ("indicators.csv", "indicators.parquet", "findings.json", "quality.json", "robustness.json")


@dataclass(frozen=True)
class Task:
    """A bulletin to make: what from, and in which formats."""

    choice: Choice
    manifest: Manifest
    formats: tuple[str, ...]

    @property
    def id(self) -> str:
        """``series@period``."""
        return self.choice.id


@dataclass(frozen=True)
class Order:
    """Bulletins to make together, in ``folder``, from the inputs under ``root``; a cell may take ``seconds``."""

    root: Path
    folder: Path
    tasks: tuple[Task, ...]
    engine: str
    seconds: int = CELL_SECONDS


@dataclass(frozen=True)
class Outcome:
    """What became of a task: the files made with their SHA-256 and those that are no longer right, or the error.

    Files are named relative to the project; the manifest, which is true once all others stand, is the last. ``seconds``
    is how long the order took that it was part of.
    """

    id: str
    files: Mapping[str, str] = field(default_factory=dict)
    outdated: tuple[str, ...] = ()
    error: TongbaoError | None = None
    seconds: float = 0.0
