"""Commands of the site: preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tongbao.basics.errors import TongbaoError
from tongbao.cli_notebooks import Engine
from tongbao.cli_output import err, out, print_error, progress, say_built

if TYPE_CHECKING:
    from tongbao.build.workers import Workers
    from tongbao.definition.project import Project


def preview(
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="SERIES[@PERIOD]", help="Which bulletins; none means all.")
    ] = None,
    engine: Engine = "auto",
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="Where to listen.")] = 8765,
    search: Annotated[bool, typer.Option("--search/--no-search", help="Make the search, too.")] = True,
) -> None:
    """Show the site on this machine; build again and reload the page whenever a figure, a text or a definition changes.

    Only this machine sees it. It goes on until Ctrl-C. Example:

        tongbao preview wenzhou-monthly@2021-01-to-02
    """
    from tongbao.build.fresh import look_at_sources
    from tongbao.definition.project import Project
    from tongbao_site.preview import Preview, StandingWorkers, watch

    project = Project.find()
    workers = StandingWorkers(1)

    def build() -> bool:
        try:
            return _build(Project(project.root), targets or [], engine, workers, search=search)
        except (TongbaoError, OSError) as error:  # told, and mended while we watch
            print_error(error)
            return False

    try:
        build()
        server = Preview(project.site, port)
        with server.serving():
            out.print(f"[green]showing[/]     {server.address}   Ctrl-C ends it")
            watch(lambda: look_at_sources(project.root), build, server)
    except KeyboardInterrupt:
        err.print("")
    finally:
        workers.stop()


def _build(project: Project, targets: list[str], engine: str, workers: Workers, *, search: bool) -> bool:
    from tongbao.build import build as building
    from tongbao.build.choice import choose
    from tongbao.render.engines import choose_engine
    from tongbao_site.built import Pages
    from tongbao_site.search import can_search

    choices = choose(project, targets, {})
    pages = Pages(search=search and can_search())
    with progress() as shown:
        result = building.build(
            project, choices, building.Making(choose_engine(engine), workers, progress=shown), pages
        )
    changed = bool(result.removed or result.built or result.around)
    if changed:
        say_built(project, result)
    for error in result.failed.values():
        print_error(error)
    return changed
