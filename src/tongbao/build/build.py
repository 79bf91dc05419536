"""Build bulletins: choose, check, run the notebooks, render, record. The one way from the command line to a page."""

from __future__ import annotations

import calendar
import multiprocessing
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from tongbao.basics.errors import TongbaoError, ToolError, UsageError, combined, did_you_mean
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.kept import VARIABLE, keep
from tongbao.bulletin.manifest import (
    Manifest,
    current_manifest,
    read_manifest,
    reasons,
    record_site,
    site_reasons,
    with_outputs,
)
from tongbao.definition.formats import FORMATS, PAGE
from tongbao.definition.model import LANGUAGES
from tongbao.definition.project import Project
from tongbao.display.assets import find_fonts
from tongbao.render import Renderer, RenderJob, render_batch
from tongbao.run.execute import Execution, execute, notebook_parameters

INDEX = Path("index.ipynb")
# What goes beside the page: figures, and the record that it can be checked by.
BESIDE = ("csv", "json")
PROCESSED = ("indicators.csv", "indicators.parquet", "findings.json", "quality.json", "robustness.json")


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
    for target in targets or [name for name in project.series_names if project.bulletins(name)]:
        name, _, period_text = target.partition("@")
        series = project.get_series(name)
        periods = [project.get_period(name, period_text)] if period_text else project.bulletins(name)
        if not periods:
            if project.periods(name):
                newest = project.periods(name)[-1]
                raise UsageError(f"no period of series {name} has a text", expected=f"reports/{name}/{newest}.md")
            raise UsageError(f"series {name} has no figures yet", expected=f"a folder data/raw/{name}/<period>/")
        try:
            values = series.parameter_values(parameters)
        except UsageError as error:
            if not targets and error.hint:
                error.hint += " (or name the series it belongs to)"
            raise
        chosen |= {choice.id: choice for choice in (Choice(name, period, values) for period in periods)}
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
        raise UsageError("no format given", expected=f"{','.join(FORMATS)} or some of them")
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
    engine = engine_record(project, renderer)
    stale: list[tuple[Choice, Manifest, tuple[str, ...]]] = []
    fresh = []
    for choice in choices:
        now, wanted, why = _look_at(project, choice, engine, formats)
        if force or why:
            stale.append((choice, now, wanted))
        else:
            fresh.append(choice)
    if not stale and not site_reasons(project, engine):
        return Result((), tuple(fresh), ())
    with _alone(project):
        bulletins = _read_all(project, [choice for choice, _, _ in stale], progress)
        _run_notebooks(_executions(project, bulletins), jobs, progress)
        formats_of = [wanted for _, _, wanted in stale]
        files = _render(project, renderer, bulletins, formats_of, progress) if stale else []
        for choice, now, wanted in stale:
            folder = project.processed(choice.series, choice.period)
            made = [*_pages(project, choice, wanted), *(folder / name for name in PROCESSED)]
            with_outputs(now, project, made, None if force else read_manifest(folder)).write(folder)
        # Last, when every manifest says what its page says.
        _run_notebooks({"index": _index_execution(project)}, 1, progress)
        newest = max((_timestamp(bulletin) for bulletin in bulletins), default=0)
        files += render_batch(renderer, project, [RenderJob(INDEX, (PAGE.name,), newest)])
        record_site(project, engine)
    return Result(tuple(choice for choice, _, _ in stale), tuple(fresh), tuple(files))


def prune(project: Project) -> list[Path]:
    """Remove what was built for periods whose figures are gone, or for editions that are; returns what was removed.

    Only what bears a period's name is touched: a notebook or table of somebody's own beside it stays.
    """
    built = [
        *(project.root / "data" / "processed").glob("*/*/"),
        *(path for end in ("ipynb", *BESIDE) for path in (project.root / "reports").glob(f"*/*.{end}")),
        *(project.site / "reports").glob("*/*.*"),
    ]
    gone = []
    for path in built:
        name, _, lang = (path.name if path.is_dir() else path.stem).partition(".")
        try:
            period = Period.parse(name)
        except UsageError:
            continue
        if lang and lang not in LANGUAGES:
            continue
        series = path.parent.name
        editions = project.get_series(series).languages[1:] if lang and series in project.series_names else ()
        if not project.raw(series, period).is_dir() or (lang and lang not in editions):
            gone.append(path)
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return gone


def status(project: Project, choices: Sequence[Choice], renderer: Renderer) -> list[tuple[str, list[str]]]:
    """The index and each bulletin with the reasons why it is out of date; none when it is up to date."""
    engine = engine_record(project, renderer)
    bulletins = [(choice.id, _look_at(project, choice, engine, ())[2]) for choice in choices]
    return [("index", site_reasons(project, engine)), *bulletins]


def _look_at(
    project: Project, choice: Choice, engine: Mapping[str, str], formats: tuple[str, ...]
) -> tuple[Manifest, tuple[str, ...], list[str]]:
    """What a bulletin would be made from now, in which formats, and why what was built is out of date."""
    now = current_manifest(project, choice.series, choice.period, choice.parameters, engine)
    wanted = formats or project.get_series(choice.series).formats
    built = read_manifest(project.processed(choice.series, choice.period))
    return now, wanted, reasons(now, built, project, wanted)


def engine_record(project: Project, renderer: Renderer) -> dict[str, str]:
    """The engine and everything beside the code that a page's bytes depend on: versions and fonts."""
    return {
        "name": renderer.name,
        **renderer.versions(),
        **{name: version(name) for name in ("altair", "vl-convert-python", "pandas", "nbformat")},
        "fonts": ", ".join(f"{path.name} {path.stat().st_size}" for path in find_fonts(project.root)),
    }


def _read_all(project: Project, choices: Sequence[Choice], progress: Progress) -> list[Bulletin]:
    """Read and check every bulletin's figures; all errors come together."""
    progress.started("checking figures", len(choices))
    bulletins, errors = [], []
    for choice in choices:
        try:
            bulletin = Bulletin.open(project, choice.series, str(choice.period), choice.parameters)
            bulletin.require_sound()
            keep(bulletin, _kept(project, choice.id))
            bulletins.append(bulletin)
        except TongbaoError as error:
            errors.append(error)
        progress.step(choice.id)
    if errors:
        raise combined(errors)
    return bulletins


def _kept(project: Project, bulletin: str) -> Path:
    return project.work / "computed" / f"{bulletin}.pickle"


@contextmanager
def _alone(project: Project) -> Iterator[None]:
    """Hold the project for one build at a time.

    Raises:
        ToolError: another build is running.
    """
    project.work.mkdir(exist_ok=True)
    try:
        with FileLock(project.work / "build.lock", timeout=0):
            try:
                yield
            finally:
                shutil.rmtree(project.work / "computed", ignore_errors=True)
    except Timeout:
        raise ToolError("another build is running in this project", hint="wait until it is done") from None


def _render(
    project: Project,
    renderer: Renderer,
    bulletins: Sequence[Bulletin],
    formats: Sequence[tuple[str, ...]],
    progress: Progress,
) -> list[Path]:
    render_jobs, outdated = [], []
    for bulletin, wanted in zip(bulletins, formats, strict=True):
        series, period = bulletin.series.id, bulletin.period
        for lang in bulletin.series.languages:
            executed = project.executed(series, period, lang).relative_to(project.root)
            render_jobs.append(RenderJob(executed, wanted, _timestamp(bulletin)))
            # A format that is not made now would go on saying what the page no longer says.
            outdated += [project.page(series, period, name, lang) for name in FORMATS if name not in wanted]
    progress.started("rendering", sum(len(job.formats) for job in render_jobs))
    return render_batch(renderer, project, render_jobs, lambda path: progress.step(str(path)), outdated)


def _executions(project: Project, bulletins: Sequence[Bulletin]) -> dict[str, Execution]:
    """The notebooks to run: one for each edition of each bulletin."""
    found = {}
    for bulletin in bulletins:
        series, period = bulletin.series.id, bulletin.period
        for lang in bulletin.series.languages:
            name = f"{series}@{project.edition(series, period, lang)}"
            found[name] = Execution(
                project.notebook(series),
                project.executed(series, period, lang),
                notebook_parameters(series, str(period), lang, dict(bulletin.parameters)),
                project.root,
                project.work / "logs" / f"{name}.log",
                {VARIABLE: str(_kept(project, bulletin.id))},
            )
    return found


def _pages(project: Project, choice: Choice, formats: Sequence[str]) -> list[Path]:
    """The pages of every edition, and the figures as CSV."""
    languages = project.get_series(choice.series).languages
    pages = [project.page(choice.series, choice.period, suffix, lang) for lang in languages for suffix in formats]
    return [*pages, *(project.page(choice.series, choice.period, suffix) for suffix in BESIDE)]


def _index_execution(project: Project) -> Execution:
    notebook, log = project.root / "notebooks" / INDEX, project.work / "logs" / "index.log"
    return Execution(notebook, project.root / INDEX, {}, project.root, log, {VARIABLE: ""})


def _run_notebooks(runs: Mapping[str, Execution], jobs: int, progress: Progress) -> None:
    """Run notebooks with papermill, ``jobs`` at a time; an interrupt stops the workers and their kernels."""
    progress.started("running notebooks", len(runs))
    # Spawned, not forked: the parent may hold threads. Workers leave the keyboard's interrupt to the parent.
    executor = ProcessPoolExecutor(
        max(1, min(jobs, len(runs))),
        multiprocessing.get_context("spawn"),
        signal.signal,
        (signal.SIGINT, signal.SIG_IGN),
    )
    try:
        futures = {executor.submit(execute, run): name for name, run in runs.items()}
        for future in as_completed(futures):
            future.result()
            progress.step(futures[future])
    except BaseException:
        workers = list((executor._processes or {}).values())  # noqa: SLF001  # no public way to stop them
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        raise
    executor.shutdown()


def _timestamp(bulletin: Bulletin) -> int:
    """Seconds since 1970 of the day of issue, midnight UTC: the date that documents carry inside."""
    return calendar.timegm(bulletin.header.issued.timetuple())
