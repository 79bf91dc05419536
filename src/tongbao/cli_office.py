"""Commands between built and published: approve, withdraw, publish, retract, published, export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from tongbao.basics.errors import DataError, UsageError, combined
from tongbao.cli_notebooks import Target
from tongbao.cli_output import one_period, out, say_written
from tongbao.definition.files import write_whole

if TYPE_CHECKING:
    from tongbao_office.apart import Apart
    from tongbao_office.approval import Bulletin
    from tongbao_office.decisions import Decided
    from tongbao_office.publish import Chosen, Done
    from tongbao_office.records import PublishedBulletin, Version

By = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who decides.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What is to be remembered with it.")]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="The SSH key to sign with; default: the one that Git signs with."),
]
NoteEn = Annotated[
    str, typer.Option("--note-en", metavar="TEXT", help="The same in English, for bulletins with an English edition.")
]
Push = Annotated[bool, typer.Option("--push", help="Push the branch to its remote, origin.")]


def approve(target: Target, by: By, note: Note = "", key: Key = None) -> None:
    """Approve a bulletin: exactly the pages, PDF, Word file, data and manifest that lie there now.

    One byte changed in them, or in what they are made from, ends the approval. It is refused where the bulletin is out
    of date, a draft, or in error. The record is a file under reports/SERIES/approvals, to be committed. Example:

        tongbao approve wenzhou-monthly@2021-01-to-02 --by 王芳 --note 已核对附表
    """
    from tongbao_office import approval

    bulletin = _bulletin(target, "an approval")
    decided = approval.approve(bulletin, by, note, key, _now())
    now = approval.standing(bulletin)
    out.print(f"[green]approved[/]    {bulletin.id} by {escape(by)}: {len(now.holding)} of {now.needed}")
    (manifest, time), digest = bulletin.built, decided.record.digest or ""
    short, build, when = digest[:12], manifest[:12], f"{time:%Y-%m-%d %H:%M}"
    out.print(f"            digest {short}, manifest {build}, built {when}")
    _say_record(bulletin, decided)
    for name, value in bulletin.manifest.parameters.items():
        default = bulletin.project.get_series(bulletin.series).parameters[name].default
        if str(default) != value:
            out.print(f"[yellow]parameter[/]   {name} = {value}, not the default {default}")
    if now.needed > 1 and not bulletin.authors():
        out.print(
            f"[yellow]no author[/]     nobody is known as the author of {bulletin.id}, who must not approve of it"
        )
        out.print("              write author: NAME into the head of its text")
    for one, reason in now.fallen:
        first, *more = _lines(reason)
        out.print(f"[yellow]not counted[/] approval by {escape(one.record.by)}: {first}")
        _say_more(more)


def withdraw(target: Target, by: By, note: Note = "", key: Key = None) -> None:
    """Withdraw one's approval of a bulletin; the records of both stay.

    What is published stays published. Example:

        tongbao withdraw wenzhou-monthly@2021-01-to-02 --by 王芳 --note 附表2待核
    """
    from tongbao_office import approval

    bulletin = _bulletin(target, "a withdrawal")
    decided = approval.withdraw(bulletin, by, note, key, _now())
    if decided.signed == "forged":
        out.print(f"[red]not withdrawn[/] {bulletin.id} by {escape(by)}")
    else:
        out.print(f"[yellow]withdrawn[/]   {bulletin.id} by {escape(by)}")
    _say_record(bulletin, decided)


def publish(
    place: Annotated[
        str, typer.Argument(metavar="DEST", help="A folder, git:BRANCH of this repository, or git:PATH#BRANCH.")
    ],
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="SERIES[@PERIOD]", help="Which bulletins; none means all approved.")
    ] = None,
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="Why what is published is corrected; readers see it.")
    ] = "",
    note_en: NoteEn = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="Publish those that are not approved as drafts for comment, marked so.")
    ] = False,
    push: Push = False,
) -> None:
    """Put what is approved into a folder or a branch of a Git repository; it is replaced whole, in one step.

    Each version stays in a folder of its own, the newest stands at the plain address. What is not approved is named;
    exit 1 if it was asked for, or if an approval no longer holds. Examples:

        tongbao publish /srv/www/tongbao

        tongbao publish git:gh-pages wenzhou-monthly@2021-01-to-02 --push

        tongbao publish /srv/www/tongbao --note 更正鹿城区罚款额
    """
    from tongbao.build.choice import choose as choose_targets
    from tongbao.build.install import alone
    from tongbao.definition.project import Project
    from tongbao_office.destination import destination, remember_place
    from tongbao_office.publish import choose, publish
    from tongbao_office.records import Note as Why
    from tongbao_office.tree import read_list

    project = Project.find()
    where = destination(project, place, push=push)
    _warn(where.warning())
    with where.reading() as folder:
        was = read_list(folder)
    with alone(project, publishes=True):
        chosen = choose(project, choose_targets(project, targets or [], {}), was, named=bool(targets), draft=draft)
        done = publish(chosen.ready, where, Why(note, note_en), _now(), _message)
        remember_place(project, place if place.startswith("git:") else str(where))
    _say_published(done, chosen, str(where))
    if chosen.refused:
        raise combined(chosen.refused)


def retract(
    place: Annotated[str, typer.Argument(metavar="DEST", help="Where it is published.")],
    target: Target,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why it is retracted; readers see it.")] = "",
    note_en: NoteEn = "",
    push: Push = False,
) -> None:
    """Retract what is published: it stays where it is, and its pages, the lists and feeds say so and why.

    Approvals of it must be withdrawn first. A mended bulletin is published as its next version. Example:

        tongbao retract /srv/www/tongbao wenzhou-monthly@2021-01-to-02 --note 附表2有误，核实后重发
    """
    from tongbao.build.choice import Choice
    from tongbao.build.install import alone
    from tongbao.definition.project import Project
    from tongbao_office.destination import destination
    from tongbao_office.records import Note as Why
    from tongbao_office.retract import retract

    project = Project.find()
    series, text = one_period(project, target, "a retraction")
    choice = Choice(series, project.get_period(series, text), {})
    where = destination(project, place, push=push)
    _warn(where.warning())
    with alone(project, publishes=True):
        done = retract(project, choice, where, Why(note, note_en), _now(), _message_of_retraction)
    out.print(f"[yellow]retracted[/]   {done.id}: {_called(done.shown)}, {done.shown.folder}")
    out.print(f"            {escape(str(where))}")


def published(
    place: Annotated[
        str | None, typer.Argument(metavar="DEST", help="Where; default: where this project published last.")
    ] = None,
) -> None:
    """List what is published, and hold every file to its record and to the approvals here; exit 1 if one is another.

    Whoever has a copy can do the same without the project: `python verify.py .`, a program beside the index.
    """
    from tongbao.definition.project import Project
    from tongbao_office.apart import made_apart
    from tongbao_office.destination import destination, last_place
    from tongbao_office.held import not_held, unlike_approved
    from tongbao_office.tree import read_list
    from tongbao_verify.published import beside, changed

    project = Project.find()
    place = place or last_place(project)
    if not place:
        raise UsageError("nothing was published from here yet", expected="tongbao published DEST")
    where = destination(project, place)
    _warn(where.warning())
    with where.reading() as folder:
        if folder is None:
            raise UsageError("nothing is published there", found=place)
        listed = read_list(folder)
        for bulletin in listed.bulletins:
            out.print(f"[bold]{bulletin.id}[/]  {escape(bulletin.entry.title)}")
            for version in bulletin.all_versions:
                notes = "".join(f"  {escape(note)}" for note in (version.note, version.note_en) if note)
                out.print(f"  {_called(version)}  {version.published[:10]}  {version.folder}{notes}")
                if gone := version.retracted:
                    out.print(f"  [yellow]retracted[/]  {gone.time[:10]}  {escape(gone.note)}")
        wrong = list(changed(folder))
        for name, reason in wrong:
            first, *more = _lines(reason)
            out.print(f"[red]changed[/]     {escape(name)}: {first}")
            _say_more(more)
        unlike = [] if wrong else list(unlike_approved(project, folder, listed))
        for name, reason in unlike:
            first, *more = _lines(reason)
            out.print(f"[red]not approved[/] {escape(name)}: {first}")
            _say_more(more)
        for name in beside(folder):
            out.print(f"[yellow]on no record[/] {escape(name)}")
        for one in made_apart(folder, listed.bulletins):
            _say_apart(one)
        for name in not_held(project, listed):
            out.print(f"[yellow]not held[/]     {escape(name)} to its approvals: this project does not have its series")
        if wrong or unlike:
            raise typer.Exit(1)
        out.print("[green]as published[/]")


def export(
    target: Target,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="What to make of it: single-html, zip.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Folder to write into; default: export.")
    ] = None,
) -> None:
    """Write a bulletin as one HTML file for e-mail, or as a ZIP file of all it consists of, with the checker.

    Unpacked anywhere, `python verify.py .` holds what is in the ZIP file to the raw figures. Example:

        tongbao export wenzhou-monthly@2021-01-to-02 --format zip
    """
    from tongbao_office.export import archive, require_as_built, single_pages

    if format_ not in ("single-html", "zip"):
        raise UsageError(f"no format {format_}", expected="single-html or zip")
    bulletin = _bulletin(target, "an export")
    require_as_built(bulletin)
    packed = f"{bulletin.series}-{bulletin.period}.zip"
    made = [(packed, archive(bulletin))] if format_ == "zip" else list(single_pages(bulletin))
    if not made:
        raise DataError("no page was built", place=bulletin.id)
    folder = output or bulletin.project.root / "export"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made:
        write_whole(folder / name, data)
        say_written(folder / name, bulletin.project.root)


def _bulletin(target: str, what: str) -> Bulletin:
    from tongbao.definition.project import Project
    from tongbao_office.approval import Bulletin

    project = Project.find()
    name, text = one_period(project, target, what)
    project.get_series(name)
    return Bulletin.open(project, name, project.get_period(name, text))


def _warn(said: str) -> None:
    if said:
        out.print(f"[yellow]mind[/]        {escape(said)}")


def _lines(reason: str) -> list[str]:
    """A reason in the reader's language, line by line."""
    return [escape(line) for line in out.tell(reason).splitlines()] or [""]


def _say_more(lines: Sequence[str]) -> None:
    for line in lines:
        out.print(f"              {line}")


def _now() -> datetime:
    return datetime.now().astimezone()


def _say_record(bulletin: Bulletin, decided: Decided) -> None:
    from tongbao_office.signing import SIGNERS, signature_of

    say_written(decided.path, bulletin.project.root)
    if decided.signed == "signed":
        out.print("[green]signed[/]")
    elif decided.signed == "forged":
        out.print(
            f"[red]not signed[/]  by the key that {SIGNERS} declares for {escape(decided.record.by)}: it does not count"
        )
    elif signature_of(decided.path).is_file():
        out.print(f"[yellow]signed[/]      by a key that {SIGNERS} does not declare: nobody can verify it")
    else:
        out.print("[yellow]not signed[/]  there is no key: give one with --key")


def _called(version: Version) -> str:
    return out.tell(f"version {version.number}" if version.number else "draft for comment")


def _message(versions: Sequence[tuple[PublishedBulletin, Version]]) -> str:
    """What a commit says."""
    lines = [
        f"{one.id}: {_called(version)}" + "".join(f"\n\n{note}" for note in (version.note, version.note_en) if note)
        for one, version in versions
    ]
    return (
        "\n".join(lines) if len(lines) == 1 else "\n".join([out.tell(f"{len(lines)} bulletins published"), "", *lines])
    )


def _message_of_retraction(bulletin: PublishedBulletin) -> str:
    gone = bulletin.shown.retracted
    notes = "".join(f"\n\n{note}" for note in (gone.note, gone.note_en) if note) if gone else ""
    return out.tell(f"{bulletin.id}: retracted") + notes


def _say_apart(one: Apart) -> None:
    out.print(f"[yellow]apart[/]       {one.later} was made from other figures than {one.earlier} shows")
    for file in one.files:
        out.print(f"              {escape(file)}")
    out.print(f"              correct what is out of date: tongbao build {one.earlier} {one.later}")


def _say_published(done: Done, chosen: Chosen, where: str) -> None:
    for bulletin, version in done.published:
        name = _called(version)
        out.print(f"[green]published[/]   {bulletin.id}: {name}, {version.folder}")
        if bulletin.entry.issued > _now().date():
            out.print(f"[yellow]mind[/]        {bulletin.id} is dated {bulletin.entry.issued}, later than today")
    for name in (*chosen.unchanged, *done.unchanged):
        out.print(f"[green]unchanged[/]   {name}")
    for one in chosen.ready:
        for decided in one.standing.holding:
            if decided.signed != "signed":
                out.print(f"[yellow]not signed[/]  approval of {one.bulletin.id} by {escape(decided.record.by)}")
    for apart in done.apart:
        _say_apart(apart)
    for error in chosen.left_out:
        out.print(f"[yellow]left out[/]    {error.place}: {out.tell(error.message)}")
    out.print(f"            {escape(where)}")
