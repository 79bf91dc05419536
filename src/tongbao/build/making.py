"""A worker's part: bulletins made in a folder of their own, which holds what their manifests name and nothing else."""

from __future__ import annotations

import calendar
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from tongbao.basics.errors import TongbaoError, ToolError, system_error
from tongbao.basics.period import Period
from tongbao.build.hashes import Hashes
from tongbao.build.inputs import Inputs
from tongbao.build.order import PROCESSED, Order, Outcome, Task
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.kept import VARIABLE, keep
from tongbao.bulletin.manifest import FILE, Manifest, read_manifest
from tongbao.bulletin.saving import ONE_THREAD, save
from tongbao.definition.files import file_hash, names_below, relative, require_inside
from tongbao.definition.formats import DATA_FILES, FORMATS, PAGE
from tongbao.definition.project import Project
from tongbao.render.base import render_batch
from tongbao.render.engines import choose_engine
from tongbao.render.job import Renderer, RenderJob
from tongbao.run.execute import Execution, execute, notebook_parameters
from tongbao.run.follows import require_following

if TYPE_CHECKING:
    import duckdb


def make(order: Order) -> list[Outcome]:
    """Make bulletins: compute, check, run the notebooks, render. Each fails for itself; nothing outside is written."""
    began, project, renderer = monotonic(), Project(order.folder), choose_engine(order.engine)
    found: dict[str, Outcome] = {}
    ready: list[tuple[Task, list[RenderJob]]] = []
    try:
        lay_out(order)
        for task in order.tasks:
            try:
                ready.append((task, _run(project, task, order)))
            except TongbaoError as error:
                found[task.id] = Outcome(task.id, error=error)
            except OSError as error:
                found[task.id] = Outcome(task.id, error=system_error(error, str(order.folder)))
        found |= _render(project, renderer, ready, order.root)
    except (TongbaoError, OSError) as error:
        failed = error if isinstance(error, TongbaoError) else system_error(error, str(order.folder))
        found = {task.id: Outcome(task.id, error=failed) for task in order.tasks}
    return [replace(found[task.id], seconds=monotonic() - began) for task in order.tasks]


def lay_out(order: Order) -> None:
    """Put the inputs of an order in place; figures as received, which may be large, as links.

    Raises:
        ToolError: an input is gone.
        UsageError: it is a link out of the project.
    """
    shutil.rmtree(order.folder)  # a worker that was lost may have been here
    names = {name for task in order.tasks for name in task.manifest.inputs}
    for name in sorted(names):
        source, target = order.root / name, order.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            require_inside(source, order.root)
            if name.startswith("data/raw/"):
                link_or_copy(source, target)
            else:
                shutil.copyfile(source, target)  # a notebook may write into it
        except FileNotFoundError:
            raise ToolError(f"{name} went away during the build", hint="build again") from None
    for folder in ("notebooks", "reports"):  # by which a project is known
        (order.folder / folder).mkdir(exist_ok=True)
    there = Project(order.folder)
    for task in order.tasks:  # of a period that is summed from others it may be empty
        there.raw(task.choice.series, task.choice.period).mkdir(parents=True, exist_ok=True)
    # Made of the fonts on record.
    (order.folder / ".tongbao").mkdir()
    link_or_copy(order.root / ".tongbao" / "fonts", order.folder / ".tongbao" / "fonts")


def link_or_copy(source: Path, target: Path) -> None:
    """Make a link to a file or folder; a copy on a Windows without the right to make links.

    Raises:
        FileNotFoundError: there is no such file.
    """
    try:
        target.symlink_to(source.resolve(strict=True))
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)


def _run(project: Project, task: Task, order: Order) -> list[RenderJob]:
    """Compute, check and run the notebooks of a task; what is to be rendered then."""
    log = order.root / ".tongbao" / "logs"
    series, period = task.choice.series, task.choice.period
    bulletin = Bulletin.open(project, series, str(period), task.choice.parameters)
    bulletin.require_sound()
    notebook = project.notebook(series)
    require_following(notebook, bulletin.series, relative(notebook, project.root))
    computed = project.work / "computed" / task.id
    try:
        save(bulletin, _database())
        keep(bulletin, computed)
    except OSError as error:
        raise system_error(error, str(order.folder)) from None
    # A kernel reads no settings that a user keeps for IPython, and runs no start-up files of theirs.
    environment = {VARIABLE: str(computed), "IPYTHONDIR": str(project.work / "ipython")}
    jobs = []
    for lang in bulletin.series.languages:
        executed = project.executed(series, period, lang)
        values = notebook_parameters(series, str(period), lang, dict(bulletin.parameters))
        logged = log / f"{series}@{executed.stem}.log"
        execute(Execution(notebook, executed, values, project.root, logged, environment, order.seconds))
        dated = calendar.timegm(bulletin.header.issued.timetuple())
        jobs.append(RenderJob(executed.relative_to(project.root), task.formats, dated, is_clean=True))
    return jobs


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """A worker's own: it forks nobody, who would have it and not its threads and locks."""
    import duckdb

    return duckdb.connect(config=ONE_THREAD)


def _render(
    project: Project, renderer: Renderer, ready: Sequence[tuple[Task, list[RenderJob]]], root: Path
) -> Mapping[str, Outcome]:
    """Render what was run, in one call of the engine; where that fails, one by one, to see whose fault it is."""
    if not ready:
        return {}
    try:
        render_batch(renderer, project, [job for _, jobs in ready for job in jobs])
        names = names_below(project.site, without={"reports"})
        shared = {project.name(project.site / name): file_hash(project.site / name) for name in names}
        return {task.id: _record(project, task, root, shared) for task, _ in ready}
    except TongbaoError as error:
        if len(ready) == 1:
            task = ready[0][0]
            return {task.id: Outcome(task.id, error=error)}
    return {id_: outcome for one in ready for id_, outcome in _render(project, renderer, [one], root).items()}


def _record(project: Project, task: Task, root: Path, shared: Mapping[str, str]) -> Outcome:
    """Write the manifest of what was made; what the last build published and this one does not is outdated.

    ``shared`` are the files that all pages use, with their hashes.

    Raises:
        ToolError: an input was changed since the build looked at it: the page may be of two minds.
    """
    folder = project.processed(task.choice.series, task.choice.period)
    findings = json.loads((folder / "findings.json").read_text("utf-8"))
    used = _used(project, task, findings)
    for name, digest in used.inputs.items():
        if task.manifest.inputs.get(name) != digest:
            raise ToolError(f"{name} was changed while the bulletin was built", hint="build again")
    made = list(_made(project, task, used, findings))
    # An executed notebook may be opened and saved: it is no part of the site.
    published = [name for name in sorted(made) if name.startswith(("_site/", "data/processed/"))]
    outputs = {name: file_hash(project.root / name) for name in published}
    replace(used, outputs=outputs).write(folder)
    record = relative(folder / FILE, project.root)
    before = read_manifest(root / relative(folder, project.root))
    gone = sorted(name for name in set(before.outputs if before else ()) - {*made} if name.startswith("_site/reports/"))
    beside = [name.removeprefix("_site/") for name in gone]  # what the engines took them from
    outdated = dict.fromkeys((*_outdated(project, task), *gone, *beside))
    hashed = {name: outputs.get(name) or file_hash(project.root / name) for name in made}
    return Outcome(task.id, {**hashed, **shared, record: file_hash(folder / FILE)}, tuple(outdated))


def _used(project: Project, task: Task, findings: Mapping[str, Any]) -> Manifest:
    """The manifest with the inputs that were asked for, as they are now."""
    inputs = Inputs(project, Hashes(project, trust=False), task.manifest.engine)
    choice, compared = task.choice, map(Period.parse, findings["compared"])
    return inputs.manifest(choice.series, choice.period, choice.parameters, compared)


def _made(project: Project, task: Task, used: Manifest, findings: Mapping[str, Any]) -> Iterator[str]:
    """The files of a task, pages after what they offer for download."""
    series, period = task.choice.series, task.choice.period
    folder = project.processed(series, period)
    paths = [folder / name for name in PROCESSED]
    beside, page = project.executed(series, period).parent, project.page(series, period, PAGE.name).parent
    names = [path.name for end in DATA_FILES for path in sorted(beside.glob(f"{period}.*{end}"))]
    # Of a parcel's raw files those that this bulletin publishes: its own, and those of other periods that it cites.
    cited = {cell["source"].get("file") for cell in findings["cells"].values()}
    raw = [name for name in used.inputs if name in cited or name.startswith(f"data/raw/{series}/{period}/")]
    names += [name for one in raw if (beside / (name := one.removeprefix("data/"))).is_file()]
    paths += [place / name for name in names for place in (beside, page)]
    for lang in project.get_series(series).languages:
        paths.append(project.executed(series, period, lang))
        paths += [project.page(series, period, made, lang) for made in sorted(task.formats, key=lambda n: n == "html")]
    yield from (relative(path, project.root) for path in paths)


def _outdated(project: Project, task: Task) -> Iterator[str]:
    """Formats that are not made now: they would go on saying what the page no longer says."""
    series, period = task.choice.series, task.choice.period
    for lang in project.get_series(series).languages:
        for name in FORMATS:
            if name not in task.formats:
                yield relative(project.page(series, period, name, lang), project.root)
