"""Quarto's command line as an engine: one ``quarto render`` for a whole batch."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from tongbao.basics.errors import ToolError
from tongbao.definition.formats import FORMATS
from tongbao.render.base import RenderJob, run_program

TIMEOUT_SECONDS = 1800
EPOCH = "946684800"  # 2000-01-01; the date of issue stands in the document itself


def find_quarto() -> str | None:
    """The ``quarto`` on PATH, or ``None``."""
    return shutil.which("quarto")


class QuartoRenderer:
    """Runs ``quarto render`` in the prepared folder.

    Raises:
        ToolError: when made, if ``quarto`` is not on PATH.
    """

    name = "quarto"

    def __init__(self) -> None:
        executable = find_quarto()
        if executable is None:
            raise ToolError(
                "quarto is not on PATH",
                hint="install it (quarto.org, or `conda env create -f environment.yml`), or use --engine embedded",
            )
        self._executable = executable

    def versions(self) -> dict[str, str]:
        """Quarto's version; it brings Pandoc and Typst of its own."""
        return {"quarto": self._run(["--version"], Path.cwd()).strip()}

    def render(self, folder: Path, jobs: Sequence[RenderJob], done: Callable[[Path], None]) -> None:
        """Render the whole folder at once; see ``Renderer.render``."""
        formats = {FORMATS[name].writer for job in jobs for name in job.formats}
        _keep_formats(folder / "_quarto.yml", formats)
        # Typst fonts that an office has not installed are warnings for it; the page is checked by what comes out.
        self._run(["render"], folder)
        for job in jobs:
            for path in job.outputs():
                done(path)

    def _run(self, arguments: list[str], folder: Path) -> str:
        # One date for all: what a document's bytes are must not depend on what is rendered with it.
        environment = {"SOURCE_DATE_EPOCH": EPOCH, "NO_COLOR": "1"}
        command = [self._executable, *arguments]
        return run_program(f"quarto {arguments[0]}", command, folder, environment, TIMEOUT_SECONDS)


def _keep_formats(config: Path, wanted: set[str]) -> None:
    """Formats not asked for are taken out of the scratch copy's configuration: every one named there is made."""
    settings = yaml.safe_load(config.read_text("utf-8"))
    settings["format"] = {name: options for name, options in settings["format"].items() if name in wanted}
    config.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), "utf-8")
