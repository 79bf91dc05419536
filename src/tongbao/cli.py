"""The command line."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import normalize

import typer
from rich.markup import escape
from rich.table import Column, Table
from typer.exceptions import TyperException

from tongbao import __version__
from tongbao.basics.catalogue import language_of
from tongbao.basics.errors import DataError, DefinitionError, TongbaoError, UsageError, combined
from tongbao.cli_desk import form, new
from tongbao.cli_doctor import doctor
from tongbao.cli_language import chosen, usage_error, with_help
from tongbao.cli_log import INTERRUPTED, logged
from tongbao.cli_notebooks import CellTimeout, Engine, Formats, LogFile, Target, Targets, names, notebook, render
from tongbao.cli_office import approve, export, publish, published, retract, withdraw
from tongbao.cli_output import (
    err,
    one_period,
    out,
    print_error,
    print_issues,
    print_json,
    progress,
    say_approvals,
    say_built,
    say_draft,
    say_drafts,
    say_fresh,
    say_sheets,
    say_stopped,
    say_strays,
    say_summary,
    say_unused_totals,
    say_wordings,
)
from tongbao.cli_review import review
from tongbao.cli_site import preview
from tongbao.cli_verify import verify
from tongbao.run import CELL_SECONDS

if TYPE_CHECKING:
    from tongbao.build.workers import Workers
    from tongbao.bulletin.bulletin import Bulletin

app = typer.Typer(
    name="tongbao",
    help="Official statistical bulletins, reproducible from raw figure to published page.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="Set a parameter of the series; repeatable."),
]


@app.command()
def build(  # noqa: PLR0913  # its options
    targets: Targets = None,
    parameter: Parameters = None,
    formats: Formats = None,
    engine: Engine = "auto",
    *,
    jobs: Annotated[
        str | None,
        typer.Option(
            "--jobs", "-j", metavar="NUMBER", help="Bulletins made at a time; default: one more than processors."
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Make the bulletins on this Dask cluster."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Build even what is up to date, and trust no file's time.")
    ] = False,
    seconds: CellTimeout = CELL_SECONDS,
    log_json: LogFile = None,
) -> None:
    """Run the notebooks of the chosen bulletins and render them into _site, and the site's pages around them.

    Bulletins that are up to date are left alone. Examples:

        tongbao build

        tongbao build wenzhou-monthly@2021-01-to-02 -p below_rate=35

        tongbao build taizhou-andun --format html --engine embedded
    """
    from tongbao.build.fresh import Seen, find_root, is_unbuilt, now, what_is_fresh

    at_a_time = _read_jobs(jobs)
    everything, begun = not (targets or parameter or formats or force), now()
    with logged(log_json) as log:
        root = find_root()
        if root is not None and everything and (known := what_is_fresh(root, engine)) is not None:
            for name in known["bulletins"]:
                log.bulletin(name, "unchanged")
            say_fresh(known)
            return
        workers = _workers(at_a_time, scheduler)
        if root is not None and (everything or force or is_unbuilt(root, targets or [])):  # something is to be made
            workers.expect()
        from tongbao.build import build as building
        from tongbao.build.choice import choose, choose_formats
        from tongbao.definition.project import Project
        from tongbao.render.engines import choose_engine
        from tongbao_site.built import Pages

        project = Project.find()
        chosen_formats = choose_formats(formats)
        choices = choose(project, targets or [], _read_parameters(parameter or []))
        renderer = choose_engine(engine)
        told = cache(lambda: building.what_stands(project, choices))
        seen = cache(lambda: Seen(project.root, engine, begun))
        with progress() as shown:
            told_of = replace(shown, made=log.made)
            making = building.Making(renderer, workers, chosen_formats, force, seconds, told_of)
            meanwhile = lambda: (told(), seen() if everything else None)  # noqa: E731
            result = building.build(project, choices, making, Pages(force=force), meanwhile)
        for choice in result.fresh:
            log.bulletin(choice.id, "unchanged")
        say_built(project, result)
        say_drafts(told()["drafts"])
        say_summary(project, result, log.seconds)
        if result.failed:
            raise combined(list(result.failed.values()))
        if everything:
            with suppress(OSError):  # somebody else has written meanwhile
                seen().again(result.touched, result.removed)
                seen().remember(told())


@app.command(name="list")
def list_(series: Annotated[str | None, typer.Argument(metavar="SERIES", help="Only this series.")] = None) -> None:
    """List series, their periods and parameters."""
    from tongbao.definition.project import Project

    project = Project.find()
    if series:
        project.get_series(series)
    for name in [series] if series else project.series_names:
        declared = project.get_series(name)
        out.print(f"[bold]{name}[/]  {escape(declared.subject.zh)}")
        bulletins = project.bulletins(name)
        out.print(f"  periods     {', '.join(map(str, bulletins)) or 'none yet'}")
        others = [str(period) for period in project.periods(name) if period not in bulletins]
        if others:
            out.print(f"  no text     {', '.join(others)}")
        for key, parameter in declared.parameters.items():
            out.print(
                f"  parameter   {key} = {parameter.default}  ({parameter.allowed()}; {escape(parameter.label.zh)})"
            )


app.command()(render)
app.command()(notebook)
app.command()(names)


@app.command()
def status(targets: Targets = None, parameter: Parameters = None, engine: Engine = "auto") -> None:
    """Say which bulletins are up to date, and why the others are not; and which are approved."""
    from tongbao.build import build as building
    from tongbao.build.choice import choose
    from tongbao.definition.project import Project
    from tongbao.render.engines import choose_engine
    from tongbao_site.built import Pages

    project = Project.find()
    choices = choose(project, targets or [], _read_parameters(parameter or []))
    heads = out.tell("bulletin"), out.tell("state"), Column(out.tell("why"), overflow="fold")
    table = Table(*heads, box=None, pad_edge=False)
    found = building.status(project, choices, choose_engine(engine))
    for name, reasons in [("site", Pages().reasons(project)), *found]:
        state = "[yellow]out of date[/]" if reasons else "[green]up to date[/]"
        shown = reasons[:8] + ([f"and {len(reasons) - 8} more"] if len(reasons) > 8 else [])
        table.add_row(out.tell(name), out.tell(state), escape(out.tell("\n".join(shown))))
    out.print(table, soft_wrap=False)
    say_approvals(project, choices)


@app.command()
def check(
    targets: Targets = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write quality records as JSON.")] = False,
) -> None:
    """Check the figures received; exit 1 if there is an error, which would stop a build.

    Writes a return sheet (XLSX and HTML) for each county that is asked something, under data/processed. Warnings
    and notes stand on the review page. What makes a bulletin a draft is listed with file and line. Where there is no
    error the texts are filled, too, so that a placeholder which a build would stop at is told here.
    """
    from tongbao.build.choice import choose
    from tongbao.bulletin.bulletin import Bulletin
    from tongbao.bulletin.proof import Proof
    from tongbao.definition.project import Project
    from tongbao.reading.draft import open_points
    from tongbao_desk.return_sheets import write_feedback, write_unread

    project = Project.find()
    choices = choose(project, targets or [], {})
    bulletins: list[Bulletin] = []
    unread: list[TongbaoError] = []
    left = {choice.id: open_points(project, choice.series, choice.period) for choice in choices}
    for choice in choices:
        try:
            bulletins.append(Bulletin.open(project, choice.series, str(choice.period), {}))
        except DataError as error:
            unread.append(error)
            series = project.get_series(choice.series)
            if not as_json and (sheets := write_unread(project, series, choice.period, error.parts or (error,))):
                say_sheets(sheets, project)
    if as_json:
        records = [Proof(bulletin).quality().model_dump(mode="json") for bulletin in bulletins]
        print_json(records)
    else:
        for bulletin in bulletins:
            print_issues(bulletin.id, bulletin.quality)
            sheets = write_feedback(bulletin)
            if sheets:
                say_sheets(sheets, project)
        say_strays(project, choices)
        say_unused_totals(bulletins)
        say_wordings(project, choices)
        for name, points in left.items():
            say_draft(name, [(point.place, point.text) for point in points])
    failed = [bulletin for bulletin in bulletins if any(issue.level == "error" for issue in bulletin.quality)]
    if faults := [*unread, *_not_printable(bulletin for bulletin in bulletins if bulletin not in failed)]:
        raise combined(faults)
    if failed:
        raise typer.Exit(1)


def _not_printable(bulletins: Iterable[Bulletin]) -> Iterator[TongbaoError]:
    """What would stop a build although the figures are sound: texts that cannot be filled, annexes without room."""
    for bulletin in bulletins:
        try:
            bulletin.require_printable()
        except DefinitionError as error:
            yield error


app.command()(form)
app.command()(new)
app.command()(preview)


@app.command()
def diff(
    target: Target,
    parameter: Parameters = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the difference as JSON.")] = False,
) -> None:
    """Say which sentences and figures a build with these parameters would change; exit 0 whether any does or not.

    Compares with the present build, or with the defaults where there is none. Nothing is run or written. Example:

        tongbao diff wenzhou-monthly@2021-01-to-02 -p below_rate=15
    """
    from tongbao.definition.project import Project
    from tongbao_desk.diff import show, would_change

    project = Project.find()
    name, period = one_period(project, target, "a difference")
    difference = would_change(project, name, period, _read_parameters(parameter or []))
    if as_json:
        print_json(difference.record())
    else:
        out.print(show(difference, out.tell), end="")


app.command()(verify)
app.command()(review)
app.command()(approve)
app.command()(withdraw)
app.command()(publish)
app.command()(retract)
app.command()(published)
app.command()(export)
app.command()(doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"tongbao {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="zh|en", help="Language of messages; default: that of the environment (LANG)."),
    ] = None,
) -> None:
    """Official statistical bulletins, reproducible from raw figure to published page."""


def _settle() -> None:
    """Finish or remove what an earlier command left when it was killed."""
    from tongbao.build.fresh import find_root, is_left_over

    if (root := find_root()) is not None and is_left_over(root):
        from tongbao.build.install import settle
        from tongbao.definition.project import Project

        settle(Project(root))


def _workers(at_a_time: int | None, scheduler: str | None) -> Workers:
    if scheduler is None:
        from tongbao.build.workers import LocalWorkers

        return LocalWorkers(at_a_time)
    from tongbao.build.cluster import ClusterWorkers

    return ClusterWorkers(scheduler)


def _read_jobs(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) == 0:
        raise UsageError("not a number of bulletins at a time", found=text, expected="a whole number, 1 or more")
    return int(text)


def _read_parameters(pairs: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = normalize("NFKC", pair).partition("=")
        if not equals or not name.strip():
            hint = "`tongbao list` names the parameters of each series"
            raise UsageError("not a parameter", found=pair, expected="NAME=VALUE", hint=hint)
        if name.strip() in values:
            raise UsageError(f"parameter {name.strip()} is given twice", found=pair)
        values[name.strip()] = value.strip()
    return values


def _leave() -> None:
    """Look through nothing for what is for the bin: it all is. DuckDB tells of what it has in memory at the end."""
    if "duckdb" not in sys.modules:
        gc.freeze()


@cache
def _command() -> Any:
    return with_help(typer.main.get_command(app))


def main() -> None:
    """Run the command; errors that are the user's to mend come without a traceback."""
    gc.set_threshold(50_000)  # most of what a command makes stays until it ends
    atexit.register(_leave)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        out.lang = err.lang = language_of(os.environ)  # in which a wrong --lang is told
        lang, arguments = chosen(sys.argv[1:])
        out.lang = err.lang = lang
        _settle()
        code = _command()(arguments, standalone_mode=False) or 0
        if code == INTERRUPTED:
            say_stopped()
        sys.stdout.flush()
        sys.exit(code)
    except KeyboardInterrupt:  # before the command itself had begun
        say_stopped()
        sys.exit(INTERRUPTED)
    except TyperException as error:
        if told := usage_error(error):
            print_error(told)
        sys.exit(error.exit_code)
    except (TongbaoError, OSError) as error:
        print_error(error)
        sys.exit(error.exit_code if isinstance(error, TongbaoError) else 3)
