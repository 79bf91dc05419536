"""Build bulletins: choose, check, run the notebooks, render, record. The one way from the command line to a page."""

from __future__ import annotations

import calendar
import multiprocessing
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tongbao.bulletin import Bulletin
from tongbao.errors import TongbaoError, UsageError, combined, did_you_mean
from tongbao.execute import Execution, execute, notebook_parameters
from tongbao.manifest import Manifest, current_manifest, read_manifest, reasons, with_outputs
from tongbao.parameters import check_parameters
from tongbao.period import Period
from tongbao.project import Project
from tongbao.render import Renderer, RenderJob, render_batch

FORMATS = ("html", "pdf", "docx")
INDEX = Path("index.ipynb")


@dataclass(frozen=True)
class Choice:
    """A bulletin chosen for a build, with its parameters."""

    series: str
    period: Period
    parameters: Mapping[str, Decimal]

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series}@{self.period}"


@dataclass(frozen=True)
class Progress:
    """Told what a build does; each callback takes a bulletin's id or a file."""

    started: Callable[[str, int], None] = lambda _stage, _count: None
    step: Callable[[str], None] = lambda _what: None


@dataclass(frozen=True)
class Result:
    """What a build did: bulletins built, those that were up to date, files written in the site."""

    built: tuple[Choice, ...]
    fresh: tuple[Choice, ...]
    files: tuple[Path, ...]


def choose(project: Project, targets: Sequence[str], parameters: Mapping[str, str]) -> list[Choice]:
    """Resolve ``SERIES[@PERIOD] …`` (none: all) and check the parameters of each.

    Raises:
        UsageError: an unknown series, period or parameter, or a value out of range; before anything runs.
    """
    chosen: dict[str, Choice] = {}
    for target in targets or project.series:
        name, _, period_text = target.partition("@")
        series = project.get_series(name)
        periods = [project.get_period(name, period_text)] if period_text else project.periods(name)
        if not periods:
            raise UsageError(f"series {name} has no figures yet", expected=f"a folder data/raw/{name}/<period>/")
        values = check_parameters(series, parameters)
        for period in periods:
            choice = Choice(name, period, values)
            chosen[choice.id] = choice
    return list(chosen.values())


def choose_formats(text: str | None) -> tuple[str, ...]:
    """Read ``html,pdf``; ``None`` stands for every format a series declares.

    Raises:
        UsageError: an unknown format.
    """
    if text is None:
        return ()
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in FORMATS:
            raise UsageError(f"no format {name}", expected=", ".join(FORMATS), hint=did_you_mean(name, FORMATS))
    if not names:
        raise UsageError("no format given", expected="html,pdf,docx or some of them")
    return names


def build(
    project: Project,
    choices: Sequence[Choice],
    renderer: Renderer,
    *,
    formats: tuple[str, ...] = (),
    jobs: int = 1,
    force: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Bring the chosen bulletins up to date, and the index with them.

    Every bulletin's figures are read and checked first: bad data stop the build before a notebook runs.

    Raises:
        TongbaoError: bad data (all bulletins' errors together), or a tool that failed.
    """
    progress = progress or Progress()
    engine = {"name": renderer.name, **renderer.versions()}
    stale: list[tuple[Choice, Manifest, tuple[str, ...]]] = []
    fresh = []
    for choice in choices:
        now = current_manifest(project, choice.series, choice.period, choice.parameters, engine)
        wanted = formats or project.get_series(choice.series).formats
        built = read_manifest(project.processed(choice.series, choice.period))
        if force or reasons(now, built, project, wanted):
            stale.append((choice, now, wanted))
        else:
            fresh.append(choice)
    if not stale and (project.site / "index.html").is_file():
        return Result((), tuple(fresh), ())
    bulletins = _read_all(project, [choice for choice, _, _ in stale], progress)
    _run_notebooks(project, bulletins, jobs, progress)
    render_jobs = [
        RenderJob(_relative(project, project.executed(b.series.id, b.period)), wanted, _timestamp(b))
        for b, (_, _, wanted) in zip(bulletins, stale, strict=True)
    ]
    for bulletin in bulletins:
        _publish_data(project, bulletin)
    count = sum(len(job.formats) for job in render_jobs) + 1
    progress.started("rendering", count)
    newest = max((job.timestamp for job in render_jobs), default=0)
    files = render_batch(
        renderer, project, [*render_jobs, RenderJob(INDEX, ("html",), newest)], lambda path: progress.step(str(path))
    )
    for choice, now, wanted in stale:
        folder = project.processed(choice.series, choice.period)
        made = [project.page(choice.series, choice.period, suffix) for suffix in wanted]
        with_outputs(now, project, made, None if force else read_manifest(folder)).write(folder)
    return Result(tuple(choice for choice, _, _ in stale), tuple(fresh), tuple(files))


def status(project: Project, choices: Sequence[Choice], renderer: Renderer) -> list[tuple[Choice, list[str]]]:
    """Each bulletin with the reasons why it is out of date; none when it is up to date."""
    engine = {"name": renderer.name, **renderer.versions()}
    return [
        (
            choice,
            reasons(
                current_manifest(project, choice.series, choice.period, choice.parameters, engine),
                read_manifest(project.processed(choice.series, choice.period)),
                project,
                project.get_series(choice.series).formats,
            ),
        )
        for choice in choices
    ]


def _read_all(project: Project, choices: Sequence[Choice], progress: Progress) -> list[Bulletin]:
    """Read and check every bulletin's figures; all errors come together."""
    progress.started("checking figures", len(choices))
    bulletins, errors = [], []
    for choice in choices:
        try:
            bulletin = Bulletin.open(project, choice.series, str(choice.period), choice.parameters)
            bulletin.save()
            bulletins.append(bulletin)
        except TongbaoError as error:
            errors.append(error)
        progress.step(choice.id)
    if errors:
        raise combined(errors)
    return bulletins


def _run_notebooks(project: Project, bulletins: Sequence[Bulletin], jobs: int, progress: Progress) -> None:
    """Run each bulletin's notebook and the index with papermill, ``jobs`` at a time."""
    runs = {
        bulletin.id: Execution(
            project.notebook(bulletin.series.id),
            project.executed(bulletin.series.id, bulletin.period),
            notebook_parameters(bulletin.series.id, str(bulletin.period), dict(bulletin.parameters)),
            project.root,
            project.work / "logs" / f"{bulletin.id}.log",
        )
        for bulletin in bulletins
    }
    runs["index"] = Execution(
        project.root / "notebooks" / INDEX, project.root / INDEX, {}, project.root, project.work / "logs" / "index.log"
    )
    progress.started("running notebooks", len(runs))
    with _executor(min(jobs, len(runs))) as executor:
        futures = {executor.submit(execute, run): name for name, run in runs.items()}
        for future in as_completed(futures):
            future.result()
            progress.step(futures[future])


def _executor(workers: int) -> Executor:
    # Spawned, not forked: the parent may hold threads.
    return ProcessPoolExecutor(max_workers=max(1, workers), mp_context=multiprocessing.get_context("spawn"))


def _publish_data(project: Project, bulletin: Bulletin) -> None:
    """The indicators as CSV beside the page, for readers to download."""
    target = project.page(bulletin.series.id, bulletin.period, "csv")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(project.processed(bulletin.series.id, bulletin.period) / "indicators.csv", target)


def _timestamp(bulletin: Bulletin) -> int:
    """Seconds since 1970 of the day of issue, midnight UTC: the date that documents carry inside."""
    return calendar.timegm(bulletin.prose.header.issued.timetuple())


def _relative(project: Project, path: Path) -> Path:
    return path.relative_to(project.root)
