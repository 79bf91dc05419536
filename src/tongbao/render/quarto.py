"""Quarto's command line as an engine: one ``quarto render`` for a whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tongbao.basics.yaml_text import write_yaml
from tongbao.definition.files import write_whole
from tongbao.definition.formats import ARCHIVE, FORMATS
from tongbao.render.base import run_program
from tongbao.render.job import RenderJob
from tongbao.render.settings import read_settings

TIMEOUT_SECONDS = 1800
EPOCH = "946684800"  # 2000-01-01; the date of issue stands in the document itself


def render_with_quarto(program: str, folder: Path, jobs: Sequence[RenderJob]) -> None:
    """Render a prepared folder with the Quarto of that path; see ``Renderer.render``."""
    settings = read_settings(folder, ("project.type", "format"))
    formats = settings["format"]
    wanted = {FORMATS[name].writer for job in jobs for name in job.formats if name != ARCHIVE.name}
    if wanted:  # formats not asked for are taken out: every one named there is made
        kept = {name: options for name, options in formats.items() if name in wanted}
        _render(program, folder, settings | {"format": kept})
        (folder / "_site" / "search.json").unlink(
            missing_ok=True
        )  # no page asks for it, and it would outlive what it holds
    archived = [job.notebook for job in jobs if ARCHIVE.name in job.formats]
    if archived:  # a PDF, too, by other settings: a run of its own, and a place where it replaces none
        place = "_archive" if wanted else "_site"
        only = settings["project"] | {"render": [path.as_posix() for path in archived], "output-dir": place}
        typst = formats[ARCHIVE.writer] | {"pdf-standard": list(ARCHIVE.standards), "archival": True}
        _render(program, folder, settings | {"project": only, "format": {ARCHIVE.writer: typst}})
        for pdf in (folder / place / path.with_suffix(".pdf") for path in archived):
            if pdf.is_file():
                pdf.rename(folder / "_site" / pdf.relative_to(folder / place).with_suffix(f".{ARCHIVE.name}"))


def _render(program: str, folder: Path, settings: Mapping[str, Any]) -> None:
    write_whole(folder / "_quarto.yml", write_yaml(settings))
    # One date for all: what a document's bytes are must not depend on what is rendered with it. Typst fonts that an
    # office has not installed are warnings for it; the page is checked by what comes out.
    environment = {"SOURCE_DATE_EPOCH": EPOCH, "NO_COLOR": "1", "TYPST_IGNORE_SYSTEM_FONTS": "true"}
    run_program("quarto", [program, "render"], folder, environment, TIMEOUT_SECONDS, starts=True)
