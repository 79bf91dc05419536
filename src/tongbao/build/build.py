"""Build bulletins: look, make, install, record. The one way from the command line to a page."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tongbao.basics.errors import TongbaoError, ToolError, UsageError
from tongbao.basics.period import Period
from tongbao.build.choice import Choice
from tongbao.build.hashes import Hashes
from tongbao.build.inputs import Inputs
from tongbao.build.install import finish, install, made_folder
from tongbao.build.order import Order, Outcome, Task
from tongbao.build.workers import Workers
from tongbao.bulletin.manifest import read_manifest, reasons
from tongbao.definition.formats import DATA_FILES
from tongbao.definition.model import LANGUAGES
from tongbao.definition.project import Project
from tongbao.display.assets import prepare_assets
from tongbao.display.fonts import find_fonts
from tongbao.reading.draft import open_points
from tongbao.render.job import Renderer

# What a build calls its files and folders: after their period, perhaps with a language and an annex.
_BUILT = re.compile(
    rf"([^.]+)(?:\.({'|'.join(LANGUAGES)}))?(?:\.annex-\d+|\.csv-metadata|\.schema|\.archive)?(?:\.\w+)?"
)


@dataclass(frozen=True)
class Progress:
    """Told what a build does: a stage with the number of its steps, then the id of each bulletin that is done."""

    started: Callable[[str, int], None] = lambda _stage, _count: None
    step: Callable[[str], None] = lambda _what: None


@dataclass
class Result:
    """What a build did: bulletins built, those that were up to date, files written in the site, what failed and why."""

    built: list[Choice] = field(default_factory=list)
    fresh: list[Choice] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    failed: dict[str, TongbaoError] = field(default_factory=dict)


def build(
    project: Project,
    choices: Sequence[Choice],
    renderer: Renderer,
    workers: Workers,
    *,
    formats: tuple[str, ...] = (),
    force: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Bring the chosen bulletins up to date.

    Each bulletin is made by itself and installed when it is whole: one that fails does not keep back the others, and an
    interrupt keeps what is done.

    Raises:
        ToolError: another build is running.
    """
    progress, result = progress or Progress(), Result()
    with alone(project):
        inputs = Inputs(project, Hashes(project.root, trust=not force), engine_record(project, renderer))
        stale: dict[str, Choice] = {}
        tasks: list[Task] = []
        for choice in choices:
            task, why = _look_at(inputs, choice, formats, force=force)
            if force or why:
                stale[choice.id] = choice
                tasks.append(task)
            else:
                result.fresh.append(choice)
        if stale:
            prepare_assets(project)
            with workers:
                progress.started("making bulletins", len(tasks))
                for outcome in _made(project, tasks, renderer, workers, inputs, result):
                    if outcome.error is None:
                        result.built.append(stale[outcome.id])
                    progress.step(outcome.id)
        inputs.hashes.save()
    result.built.sort(key=list(stale.values()).index)
    return result


def _made(
    project: Project, tasks: Sequence[Task], renderer: Renderer, workers: Workers, inputs: Inputs, result: Result
) -> Iterator[Outcome]:
    """What became of each task, as it is done and, where it succeeded, installed."""
    size = max(renderer.batch, workers.parcel)
    parcels = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    made_folder(project).mkdir(parents=True, exist_ok=True)
    orders = (
        Order(project.root, Path(tempfile.mkdtemp(dir=made_folder(project))), tuple(parcel), renderer.name)
        for parcel in parcels
    )
    for order, outcomes in workers.run(orders):
        whole = [outcome for outcome in outcomes if outcome.error is None]
        result.failed |= {outcome.id: outcome.error for outcome in outcomes if outcome.error is not None}
        if whole:
            result.files += install(project, order.folder, whole)
        else:
            shutil.rmtree(order.folder)
        for name in (name for outcome in whole for name in outcome.files):
            inputs.hashes.forget(name)
        yield from outcomes


def what_stands(project: Project, choices: Sequence[Choice]) -> dict[str, Any]:
    """Bulletins as they are told of: their names, and what is left to settle in those that are drafts."""
    points = {choice.id: open_points(project, choice.series, choice.period) for choice in choices}
    drafts = {name: [(point.place, point.text) for point in found] for name, found in points.items() if found}
    return {"bulletins": list(points), "drafts": drafts}


def prune(project: Project) -> list[Path]:
    """Remove what was built for series, periods or editions that are gone; returns what was removed.

    Only what bears a period's name is touched: a notebook or table of somebody's own beside it stays.
    """
    built = [
        *(project.root / "data" / "processed").glob("*/*/"),
        *(path for end in ("ipynb", *DATA_FILES) for path in (project.root / "reports").glob(f"*/*.{end}")),
        *(project.site / "reports").glob("*/*.*"),
        *(path for top in (project.root, project.site) for path in top.glob("reports/*/raw/*/*/")),
        *(project.root / "_review").glob("*/*.*"),
    ]
    names, gone = set(project.series_names), []
    for path in built:
        if not (match := _BUILT.fullmatch(path.name)):
            continue
        try:
            period = Period.parse(match[1])
        except UsageError:
            continue
        lang, series, raw = match[2], path.parent.name, path.parents[1].name == "raw"
        known = {series, path.parents[2].name if raw else series} <= names and project.raw(series, period).is_dir()
        if not known or (lang and lang not in project.get_series(series).languages[1:]):
            gone.append(path)
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        for parent in list(path.parents)[: 3 if path.parents[1].name == "raw" else 1]:
            if not any(parent.iterdir()):  # the last of a series
                parent.rmdir()
    return gone


def status(project: Project, choices: Sequence[Choice], renderer: Renderer) -> list[tuple[str, list[str]]]:
    """Each bulletin with the reasons why it is out of date; none when it is up to date."""
    inputs = Inputs(project, Hashes(project.root), engine_record(project, renderer))
    found = [(choice.id, _look_at(inputs, choice, ())[1]) for choice in choices]
    inputs.hashes.save()
    return found


def _look_at(
    inputs: Inputs, choice: Choice, formats: tuple[str, ...], *, force: bool = False
) -> tuple[Task, list[str]]:
    """What a bulletin would be made from now, in which formats, and why what was built is out of date."""
    wanted = formats or inputs.project.get_series(choice.series).formats
    built = read_manifest(inputs.project.processed(choice.series, choice.period))
    compared = None if built is None else list(map(Period.parse, built.compared))
    now = inputs.manifest(choice.series, choice.period, choice.parameters, compared)
    why = reasons(now, built, inputs.hashes.of, wanted)
    # What a build asks for may be another by now.
    full = inputs.manifest(choice.series, choice.period, choice.parameters) if why or force else now
    return Task(choice, full, wanted), why


def engine_record(project: Project, renderer: Renderer) -> dict[str, str]:
    """The engine and everything beside the code that a page's bytes depend on: versions and fonts."""
    return {
        "name": renderer.name,
        **renderer.versions(),
        **{name: version(name) for name in ("altair", "vl-convert-python", "pandas", "nbformat")},
        "fonts": ", ".join(f"{path.name} {path.stat().st_size}" for path in find_fonts(project.root)),
    }


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Hold the project for one build at a time; what an earlier one was killed in is finished first.

    Raises:
        ToolError: another build is running.
    """
    project.work.mkdir(exist_ok=True)
    try:
        with FileLock(project.work / "build.lock", timeout=0):
            finish(project)
            try:
                yield
            finally:
                finish(project)
    except Timeout:
        raise ToolError("another build is running in this project", hint="wait until it is done") from None
