"""Executed notebooks, run by hand, rendered as they are."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from pathlib import Path

from tongbao.basics.errors import ToolError, UsageError, said_in_kernel
from tongbao.basics.period import Period
from tongbao.build.install import alone, installing
from tongbao.definition.formats import PAGE
from tongbao.definition.project import Project
from tongbao.reading.prose import read_prose
from tongbao.render.base import render_batch
from tongbao.render.job import Renderer, RenderJob
from tongbao.render.settings import read_settings
from tongbao.run.notebooks import read_notebook

# What documents without a date of issue are dated: 2000-01-01.
UNDATED = 946684800


def render_notebooks(
    project: Project, notebooks: Sequence[Path], renderer: Renderer, formats: tuple[str, ...] = ()
) -> list[Path]:
    """Render executed notebooks into the site; nothing is run, and the notebooks stay as they are.

    Arguments:
        project: whose ``_quarto.yml`` and theme are used.
        notebooks: as ``_quarto.yml`` lists them: ``index.ipynb``, ``reports/<series>/*.ipynb``.
        renderer: the engine.
        formats: what to make; where empty, what the series declares, and of any other notebook a page.

    Returns:
        The files written.

    Raises:
        UsageError: a notebook is not there, not one of the project's, or was not run.
        ToolError: a cell of it failed, or the engine did, or a build is running.
    """
    jobs = [_job(project, path, formats) for path in notebooks]
    with alone(project), installing(project) as coming:
        made = render_batch(renderer, coming, jobs)
    return [project.root / coming.name(path) for path in made]


def _job(project: Project, path: Path, formats: tuple[str, ...]) -> RenderJob:
    here, name = path.resolve(), str(path)
    if not here.is_file() or here.suffix != ".ipynb":
        raise UsageError("no notebook here", found=name, expected="an executed notebook, .ipynb")
    settings = read_settings(project.root, ("project.type",))
    patterns = settings["project"].get("render", ["*.ipynb"])
    if not any(here in project.root.glob(pattern) for pattern in patterns):
        hint = "let papermill write it there"
        raise UsageError("not a page of this site", found=name, expected=" or ".join(patterns), hint=hint)
    _require_run(here, name)
    notebook = here.relative_to(project.root)
    series, timestamp = _series_and_date(project, notebook)
    return RenderJob(notebook, formats or (project.get_series(series).formats if series else (PAGE.name,)), timestamp)


def _require_run(path: Path, name: str) -> None:
    """Hold a notebook to have been run to its end.

    Raises:
        UsageError: no cell has any output.
        ToolError: a cell failed.
    """
    cells = [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                raise ToolError(f"cell {number} failed", place=name, found=said_in_kernel(output.ename, output.evalue))
    if not any(cell.outputs for cell in cells):
        raise UsageError("the notebook was not run", place=name, hint="run it with papermill or in JupyterLab first")


def _series_and_date(project: Project, notebook: Path) -> tuple[str | None, int]:
    """The series that a notebook belongs to, if any, and the day of issue in seconds since 1970."""
    series = notebook.parent.name
    if series not in project.series_names:
        return None, UNDATED
    try:
        period = Period.parse(notebook.stem.partition(".")[0])
    except UsageError:  # a trial under a name of its own
        return series, UNDATED
    header = read_prose(project.prose(series, period), project.get_series(series), project.root).header
    return series, calendar.timegm(header.issued.timetuple())
