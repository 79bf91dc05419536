"""Quarto's command line as an engine: one ``quarto render`` for a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tongbao.basics.yaml_text import write_yaml
from tongbao.definition.formats import FORMATS
from tongbao.render.base import run_program
from tongbao.render.job import RenderJob
from tongbao.render.settings import read_settings

TIMEOUT_SECONDS = 1800
EPOCH = "946684800"  # 2000-01-01; the date of issue stands in the document itself


def render_with_quarto(program: str, folder: Path, jobs: Sequence[RenderJob]) -> None:
    """Render a prepared folder with the Quarto of that path; see ``Renderer.render``."""
    _keep_formats(folder, {FORMATS[name].writer for job in jobs for name in job.formats})
    # One date for all: what a document's bytes are must not depend on what is rendered with it. Typst fonts that an
    # office has not installed are warnings for it; the page is checked by what comes out.
    environment = {"SOURCE_DATE_EPOCH": EPOCH, "NO_COLOR": "1"}
    run_program("quarto", [program, "render"], folder, environment, TIMEOUT_SECONDS)


def _keep_formats(folder: Path, wanted: set[str]) -> None:
    """Formats not asked for are taken out of the scratch copy's configuration: every one named there is made."""
    settings = read_settings(folder, ("project.type", "format"))
    settings["format"] = {name: options for name, options in settings["format"].items() if name in wanted}
    (folder / "_quarto.yml").write_text(write_yaml(settings), "utf-8")
