"""The two engines, as they are chosen; what they work with is loaded when they render."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tongbao.basics.errors import ToolError, UsageError, did_you_mean
from tongbao.render.job import Renderer, RenderJob

ENGINES = ("auto", "quarto", "embedded")


class EmbeddedRenderer:
    """Pandoc makes HTML, DOCX and Typst markup; Typst sets the PDF. Needs nothing outside PyPI."""

    name = "embedded"
    batch = 1

    def versions(self) -> dict[str, str]:
        """The packages that bring Pandoc and Typst, and their versions."""
        return {"pandoc": f"pypandoc_binary {version('pypandoc_binary')}", "typst": version("typst")}

    def render(self, folder: Path, jobs: Sequence[RenderJob]) -> None:
        """Render every job and format; see ``Renderer.render``."""
        from tongbao.render.embedded import render_embedded

        render_embedded(folder, jobs)


class QuartoRenderer:
    """Quarto's command line: one ``quarto render`` for a whole batch.

    Raises:
        ToolError: when made, if ``quarto`` is not on PATH.
    """

    name = "quarto"
    batch = 32  # it takes seconds to start

    def __init__(self) -> None:
        program = shutil.which("quarto")
        if program is None:
            raise ToolError(
                "quarto is not on PATH",
                hint="install it (quarto.org, or `conda env create -f environment.yml`), or use --engine embedded",
            )
        self._program = program

    def versions(self) -> dict[str, str]:
        """Quarto's version; it brings Pandoc and Typst of its own."""
        said = subprocess.run([self._program, "--version"], capture_output=True, text=True, timeout=300, check=False)
        if said.returncode:
            raise ToolError(f"quarto --version failed with exit code {said.returncode}", found=said.stderr.strip())
        return {"quarto": said.stdout.strip()}

    def render(self, folder: Path, jobs: Sequence[RenderJob]) -> None:
        """Render the whole folder at once; see ``Renderer.render``."""
        from tongbao.render.quarto import render_with_quarto

        render_with_quarto(self._program, folder, jobs)


def choose_engine(name: str) -> Renderer:
    """The engine of that name; ``auto`` takes Quarto when it is on PATH, else the embedded one.

    Raises:
        UsageError: there is no such engine.
        ToolError: Quarto was asked for and is not on PATH.
    """
    if name not in ENGINES:
        raise UsageError(f"no engine {name}", hint=did_you_mean(name, ENGINES))
    if name == "embedded" or (name == "auto" and shutil.which("quarto") is None):
        return EmbeddedRenderer()
    return QuartoRenderer()
