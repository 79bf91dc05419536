"""What an engine is given to do, and what it offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class RenderJob:
    """An executed notebook (relative to the project's root), its formats, and the day its documents are dated.

    ``timestamp`` is in seconds since 1970. The notebook ``is_clean`` if a build has run it, and nobody had it since.
    """

    notebook: Path
    formats: tuple[str, ...]
    timestamp: int
    is_clean: bool = False

    def outputs(self) -> list[Path]:
        """The files to come out, relative to the site."""
        return [self.notebook.with_suffix(f".{name}") for name in self.formats]


class Renderer(Protocol):
    """An engine: renders all jobs of a prepared folder into its ``_site``; at best ``batch`` bulletins in a call."""

    name: str
    batch: int

    def versions(self) -> dict[str, str]:
        """The programs behind the engine and their versions."""

    def render(self, folder: Path, jobs: Sequence[RenderJob]) -> None:
        """Render into ``folder/_site``.

        Raises:
            ToolError: a program failed; with its diagnostic.
        """
