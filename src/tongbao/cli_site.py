"""Commands of the site: preview."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tongbao.basics.errors import BusyError, TongbaoError
from tongbao.cli_notebooks import Engine, Targets
from tongbao.cli_output import out, print_error, progress, say_built
from tongbao.definition.formats import FORMATS

if TYPE_CHECKING:
    from tongbao.build.workers import Workers
    from tongbao.definition.project import Project
    from tongbao_site.preview import Preview


def preview(
    targets: Targets = None,
    formats: Annotated[
        str, typer.Option("--format", metavar=",".join(FORMATS), help="Formats to make; default: pages alone.")
    ] = "html",
    engine: Engine = "auto",
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="Where to listen.")] = 8765,
    search: Annotated[bool, typer.Option("--search/--no-search", help="Make the search, too.")] = True,
) -> None:
    """Show the site on this machine; build again and reload the page whenever a figure, a text or a definition changes.

    Only this machine sees it, and only pages are made unless --format says more. It goes on until Ctrl-C. Example:

        tongbao preview wenzhou-monthly@2021-01-to-02
    """
    from tongbao.build.choice import choose_formats
    from tongbao.build.fresh import look_at_sources
    from tongbao.definition.project import Project
    from tongbao_site.preview import Preview, StandingWorkers, watch

    project, wanted = Project.find(), choose_formats(formats)
    server, workers, busy = Preview(project.site, port), StandingWorkers(1), False

    def build() -> bool:
        nonlocal busy
        was_busy, busy = busy, False
        try:
            _build(Project(project.root), targets or [], engine, wanted, workers, server, search=search)
        except BusyError as error:  # it is tried again, and told once
            busy = True
            if not was_busy:
                print_error(error)
        except (TongbaoError, OSError) as error:  # told, and mended while we watch
            print_error(error)
        if was_busy and not busy:
            server.changed()  # what the other one has made may be all that there was to do
        return not busy

    # Workers and what they share are ended, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        known = look_at_sources(project.root)
        known = known if build() else ""
        with server.serving():
            out.print(f"[green]showing[/]     {server.address}   Ctrl-C ends it")
            watch(lambda: look_at_sources(project.root), build, known)
    finally:
        workers.stop()


def _build(
    project: Project,
    targets: list[str],
    engine: str,
    formats: tuple[str, ...],
    workers: Workers,
    server: Preview,
    *,
    search: bool,
) -> None:
    from tongbao.build import build as building
    from tongbao.build.choice import choose
    from tongbao.render.engines import choose_engine
    from tongbao_site.built import Pages, update_site

    choices = choose(project, targets, {})
    with progress() as shown:
        making = building.Making(choose_engine(engine), workers, formats, progress=shown)
        result = building.build(project, choices, making)
    for error in result.failed.values():
        print_error(error)
    if result.removed or result.built:
        say_built(project, result)
        server.changed()  # what is written is seen before the site around it is made
    around = update_site(project, Pages(search=search))
    if around:
        say_built(project, building.Result(around=around))
        server.changed()
