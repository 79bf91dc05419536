"""The command of reviewers: review."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from tongbao.basics.errors import TongbaoError
from tongbao.cli_notebooks import Engine, Target
from tongbao.cli_output import one_period, out, progress, say_built, say_draft, say_written

if TYPE_CHECKING:
    from tongbao.build.choice import Choice
    from tongbao.definition.project import Project
    from tongbao_review.subject import Subject


def review(
    target: Target,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="DEST", help="What is published there; default: where this project published last."
        ),
    ] = None,
    engine: Engine = "auto",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
) -> None:
    """Make the page of a bulletin's reviewers, under _review, and open it; what is out of date is built first.

    It says where the bulletin stands, what changed since the version published last, what is left to settle, what the
    number audit and the checks of the returns found, and has a list to tick. It is not for publication. Example:

        tongbao review wenzhou-monthly@2021-01-to-02
    """
    from tongbao.build.install import alone
    from tongbao.bulletin.bulletin import Bulletin
    from tongbao.definition.project import Project
    from tongbao_office.destination import last_place
    from tongbao_review.page import write_pages
    from tongbao_review.subject import Subject

    project = Project.find()
    name, period = one_period(project, target, "a review")
    failed, choice = _brought_up_to_date(project, name, period, engine)
    try:
        bulletin = Bulletin.open(project, choice.series, str(choice.period), choice.parameters)
    except TongbaoError as error:
        raise failed or error from None
    subject = Subject.of(bulletin, against or last_place(project), failed)
    with alone(project):
        pages = write_pages(subject)
    for path in pages:
        say_written(path, project.root)
    _say(subject)
    if not no_open and sys.stdout.isatty():
        webbrowser.open(pages[0].as_uri())
    if failed:
        raise failed


def _brought_up_to_date(project: Project, name: str, period: str, engine: str) -> tuple[TongbaoError | None, Choice]:
    """Build what is out of date: with the parameters it was built with where nothing else has changed, else as `build`.

    Returns:
        Why it cannot be built, and what was chosen.
    """
    from tongbao.build import build as building
    from tongbao.build.choice import choose
    from tongbao.build.workers import LocalWorkers
    from tongbao.bulletin.manifest import read_manifest
    from tongbao.render.engines import choose_engine
    from tongbao_site.built import Pages

    (choice,) = choose(project, [f"{name}@{period}"], {})
    renderer = choose_engine(engine)
    built = read_manifest(project.processed(choice.series, choice.period))
    if built is not None and built.parameters.keys() == choice.parameters.keys():
        values = project.get_series(choice.series).parameter_values(built.parameters)
        as_built = replace(choice, parameters=values)
        if not building.status(project, [as_built], renderer)[0][1]:
            return None, as_built
    with progress() as shown:
        result = building.build(project, [choice], building.Making(renderer, LocalWorkers(1), progress=shown), Pages())
    say_built(project, result)
    return result.failed.get(choice.id), choice


def _say(subject: Subject) -> None:
    """The page in a few lines."""
    issues = len(subject.open_issues)
    changes, version = subject.changes, subject.baseline.version
    if changes is not None and version is not None:
        cells, figures, texts = len(changes.cells), len(changes.figures), len(changes.findings)
        texts += max(map(len, changes.lines.values()), default=0)  # the same in each language, if not in number
        what = "unchanged" if changes.is_empty else f"cells: {cells}, figures: {figures}, sentences: {texts}"
        out.print(f"compared    with version {version.number}: {out.tell(what)}")
    if subject.account is not None:
        left = len(subject.account.left)
        color = "red" if left else "green"
        out.print(f"[{color}]audit[/]       {subject.account.held.total()} held, {left} left over")
    say_draft(subject.bulletin.id, [(point.place, point.text) for point in subject.bulletin.open_points], few=3)
    out.print(f"issues      {issues} open of {len(subject.bulletin.quality)}")
    if now := subject.standing:
        out.print(f"approvals   {len(now.holding)} of {now.needed}")
