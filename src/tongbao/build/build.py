"""Build bulletins: look, make, install, record. The one way from the command line to a page."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from tongbao.basics.errors import TongbaoError, UsageError
from tongbao.basics.period import Period
from tongbao.build.choice import Choice
from tongbao.build.hashes import Hashes
from tongbao.build.inputs import Inputs
from tongbao.build.install import alone, installing
from tongbao.build.order import Order, Outcome, Task
from tongbao.build.staged import Staged, stage, taken_up
from tongbao.build.workers import Workers
from tongbao.bulletin.manifest import read_manifest, reasons
from tongbao.definition.formats import DATA_FILES
from tongbao.definition.model import LANGUAGES
from tongbao.definition.project import Project
from tongbao.display.fonts import find_fonts, prepare_fonts
from tongbao.reading.draft import open_points, points_of
from tongbao.render.job import Renderer
from tongbao.run import CELL_SECONDS

# What a build tells of.
_TOLD = "_site/reports/"
# What a build calls its files and folders: after their period, perhaps with a language and an annex.
_BUILT = re.compile(
    rf"([^.]+)(?:\.({'|'.join(LANGUAGES)}))?(?:\.annex-\d+|\.csv-metadata|\.schema|\.archive)?(?:\.\w+)?"
)


@dataclass(frozen=True)
class Progress:
    """Told what a build does: a stage with the number of its steps, the id of each bulletin done, what became of it."""

    started: Callable[[str, int], None] = lambda _stage, _count: None
    step: Callable[[str], None] = lambda _what: None
    made: Callable[[Outcome], None] = lambda _outcome: None


@dataclass(frozen=True)
class Making:
    """How bulletins are made, by whom and in which formats (none: those that the series declares), and who is told.

    ``force`` makes even what is up to date; a cell of a notebook may take ``seconds``.
    """

    renderer: Renderer
    workers: Workers
    formats: tuple[str, ...] = ()
    force: bool = False
    seconds: int = CELL_SECONDS
    progress: Progress = field(default_factory=Progress)


class Around(Protocol):
    """What stands around the bulletins and is made of them: the index, feeds, pages of series and units."""

    def reasons(self, project: Project) -> list[str]:
        """Why it is out of date; nothing where it is not."""

    def prepare(self, project: Project, coming: Collection[str]) -> None:
        """Read what making it will take, before all bulletins stand; it may be called from another thread.

        ``coming`` are the bulletins that will be others then, as ``series@period``.
        """

    def read(self, project: Project, record: Path, digest: str) -> None:
        """The same for one that is made; the hash is that of its record."""

    def make(self, project: Project) -> list[Path]:
        """Bring it up to date in a project as it will be; returns the files written."""


@dataclass
class Result:
    """What a build did: bulletins built and those that were up to date, files written, what failed and why.

    ``files`` are those of bulletins, ``around`` those around them; ``removed`` was built for what is gone; ``touched``
    is all that was written, also for machines, or taken out.
    """

    built: list[Choice] = field(default_factory=list)
    fresh: list[Choice] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    around: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    touched: list[Path] = field(default_factory=list)
    failed: dict[str, TongbaoError] = field(default_factory=dict)


def build(
    project: Project,
    choices: Sequence[Choice],
    making: Making,
    around: Around | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Result:
    """Bring the chosen bulletins up to date, and what stands around them.

    Each bulletin is made by itself, and all that are whole are installed in one step: one that fails does not keep back
    the others, and an interrupt keeps what is done. What an earlier build had made when it was killed is taken up.
    ``meanwhile`` is called in another thread, before anything is installed.

    Raises:
        ToolError: another build is running.
    """
    force, result = making.force, Result()
    with alone(project):
        inputs = Inputs(project, Hashes(project, trust=not force), engine_record(project, making.renderer))
        made = {} if force else taken_up(inputs)
        tasks: list[Task] = []
        # What takes its time to load begins to as soon as there is work: so the youngest figures are looked at first.
        for choice in sorted(choices, key=lambda choice: _received(project, choice), reverse=True):
            task, why = _look_at(inputs, choice, making.formats, made.get(choice.id), force=force)
            if force or why:
                if not tasks:
                    making.workers.expect()
                made.pop(choice.id, None)
                tasks.append(task)
            else:
                (result.built if choice.id in made else result.fresh).append(choice)
        _drop(project, made)
        inputs.hashes.save()
        ahead = ThreadPoolExecutor(1)  # what fails there is told when it is wanted
        gone = ahead.submit(outlived, project)
        try:
            if around and tasks:
                ahead.submit(around.prepare, project, {task.id for task in tasks})
            ahead.submit(meanwhile)
            if tasks:
                _make(project, tasks, making, result, partial(_keep, made, project, around, ahead))
        finally:
            ahead.shutdown()
            _install(project, made, gone.result(), around, result)
    place = {choice.id: number for number, choice in enumerate(choices)}
    for found in (result.built, result.fresh):
        found.sort(key=lambda choice: place[choice.id])
    return result


def _received(project: Project, choice: Choice) -> int:
    """When the youngest file of a bulletin's figures was written, in nanoseconds."""
    try:
        with os.scandir(project.raw(choice.series, choice.period)) as listed:
            return max((entry.stat().st_mtime_ns for entry in listed), default=0)
    except OSError:  # told when they are read
        return 0


def _keep(made: dict[str, Staged], project: Project, around: Around | None, ahead: Executor, one: Staged) -> None:
    """Add a bulletin to those that were made, and have it read for what stands around it."""
    made[one.id] = one
    if around:
        ahead.submit(around.read, project, *one.record)


def _make(project: Project, tasks: Sequence[Task], by: Making, result: Result, keep: Callable[[Staged], None]) -> None:
    """Make bulletins and keep them, each as it is done."""
    prepare_fonts(project)
    size = max(by.renderer.batch, min(by.workers.parcel, len(tasks) // 8), 1)
    parcels = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    project.made.mkdir(parents=True, exist_ok=True)
    orders = (
        Order(project.root, Path(tempfile.mkdtemp(dir=project.made)), tuple(parcel), by.renderer.name, by.seconds)
        for parcel in parcels
    )
    choices = {task.id: task.choice for task in tasks}
    with by.workers:
        by.progress.started("making bulletins", len(tasks))
        for order, outcomes in by.workers.run(orders):
            whole = [outcome for outcome in outcomes if outcome.error is None]
            result.failed |= {outcome.id: outcome.error for outcome in outcomes if outcome.error is not None}
            if whole:
                for one in stage(order.folder, whole):
                    keep(one)
                result.built += [choices[outcome.id] for outcome in whole]
            else:
                shutil.rmtree(order.folder)
            for outcome in outcomes:
                by.progress.step(outcome.id)
                by.progress.made(outcome)


def _drop(project: Project, made: dict[str, Staged]) -> None:
    """Remove what an earlier build has made and nobody wants any more."""
    wanted = {one.folder for one in made.values()}
    for folder in project.made.glob("*/"):
        if folder not in wanted:
            shutil.rmtree(folder)


def _install(
    project: Project, made: dict[str, Staged], outlived: Sequence[Path], around: Around | None, result: Result
) -> None:
    """Put in what was made with all that stands around it, and take out what has outlived; not where all failed."""
    gone = [project.name(path) for path in outlived]
    if not made and (result.failed or not (gone or (around and around.reasons(project)))):
        return
    with installing(project, made.values(), gone) as coming:
        written = [coming.name(path) for path in (around.make(coming) if around else ())]
    told = dict.fromkeys(name for one in made.values() for name in one.files if name.startswith(_TOLD))
    result.files = [project.root / name for name in told]
    result.around = [project.root / name for name in written]
    result.removed = [project.root / name for name in gone]
    names = (name for one in made.values() for name in (*one.files, *one.outdated))
    result.touched = [project.root / name for name in (*names, *gone, *written)]


def what_stands(project: Project, choices: Sequence[Choice]) -> dict[str, Any]:
    """Bulletins as they are told of: their names, and what is left to settle in those that are drafts."""
    points_in = cache(partial(points_of, project))  # many bulletins have one definition
    points = {choice.id: open_points(project, choice.series, choice.period, points_in) for choice in choices}
    drafts = {name: [(point.place, point.text) for point in found] for name, found in points.items() if found}
    return {"bulletins": list(points), "drafts": drafts}


def outlived(project: Project) -> list[Path]:
    """What was built for series, periods or editions that are gone.

    Only what bears a period's name: a notebook or table of somebody's own beside it stays.
    """
    names, gone = set(project.series_names), []
    received = {
        (series.name, period.name)
        for series in _in(project.root / "data/raw")
        for period in _in(series)
        if period.is_dir()
    }
    for path, series, figures in _dated(project):
        if not (match := _BUILT.fullmatch(path.name)) or not (period := _period_named(match[1])):
            continue
        known = {series, figures} <= names and (figures, period) in received
        if not known or (match[2] and match[2] not in project.get_series(series).languages[1:]):
            gone.append(Path(path))
    return gone


def _dated(project: Project) -> Iterator[tuple[os.DirEntry[str], str, str]]:
    """What may have been built, with the series in whose folder it stands and the one whose figures it shows."""
    data = (".ipynb", *(f".{end}" for end in DATA_FILES))
    tops: list[tuple[Path, Callable[[os.DirEntry[str]], bool]]] = [
        (project.root / "data/processed", lambda one: one.is_dir()),
        (project.root / "reports", lambda one: one.name.endswith(data)),
        (project.root / "_review", lambda one: "." in one.name),
        (project.site / "reports", lambda one: "." in one.name),
    ]
    for top, is_made in tops:
        for folder in _in(top):
            yield from ((one, folder.name, folder.name) for one in _in(folder) if is_made(one))
    for folder in (*_in(project.root / "reports"), *_in(project.site / "reports")):
        for series in _in(f"{folder.path}/raw"):
            yield from ((one, folder.name, series.name) for one in _in(series) if one.is_dir())


def _in(folder: Path | str | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    """What a folder holds, of which there may be tens of thousands of files; nothing where there is none."""
    try:
        with os.scandir(folder) as listed:
            return list(listed)
    except (FileNotFoundError, NotADirectoryError):
        return []


@cache
def _period_named(text: str) -> str:
    """A period's id in its own spelling; empty where a name is none."""
    try:
        return str(Period.parse(text))
    except UsageError:
        return ""


def status(project: Project, choices: Sequence[Choice], renderer: Renderer) -> list[tuple[str, list[str]]]:
    """Each bulletin with the reasons why it is out of date; none when it is up to date."""
    inputs = Inputs(project, Hashes(project), engine_record(project, renderer))
    found = [(choice.id, _look_at(inputs, choice, ())[1]) for choice in choices]
    inputs.hashes.save()
    return found


def _look_at(
    inputs: Inputs, choice: Choice, formats: tuple[str, ...], made: Staged | None = None, *, force: bool = False
) -> tuple[Task, list[str]]:
    """What a bulletin would be made from now, in which formats, and why what was built or made is out of date."""
    wanted = formats or inputs.project.get_series(choice.series).formats
    built = made.manifest if made else read_manifest(inputs.project.processed(choice.series, choice.period))
    compared = None if built is None else list(map(Period.parse, built.compared))
    now = inputs.manifest(choice.series, choice.period, choice.parameters, compared)
    why = reasons(now, built, made.files.get if made else inputs.hashes.of, wanted)
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
