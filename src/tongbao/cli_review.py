"""The command of reviewers: review."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from tongbao.cli_notebooks import Engine
from tongbao.cli_output import one_period, out, progress, say_built


def review(
    target: Annotated[str, typer.Argument(metavar="SERIES@PERIOD", help="Which bulletin.")],
    engine: Engine = "auto",
) -> None:
    """Make the page of a bulletin's reviewers, under _review; the bulletin is built first where it is out of date.

    It is not for publication, and nothing public leads to it. Example:

        tongbao review wenzhou-monthly@2021-01-to-02
    """
    from tongbao.build import build as building
    from tongbao.build.choice import choose
    from tongbao.build.workers import LocalWorkers
    from tongbao.bulletin.bulletin import Bulletin
    from tongbao.definition.project import Project
    from tongbao.render.engines import choose_engine
    from tongbao_review.page import write_pages

    project = Project.find()
    one_period(project, target, "a review")
    (choice,) = choose(project, [target], {})
    with progress() as shown:
        result = building.build(project, [choice], choose_engine(engine), LocalWorkers(1), progress=shown)
    for error in result.failed.values():
        raise error
    say_built(project, (), result)
    bulletin = Bulletin.open(project, choice.series, str(choice.period), choice.parameters)
    for path in write_pages(bulletin):
        out.print(f"[green]written[/]     {escape(str(path.relative_to(project.root)))}")
