"""A bulletin that is out and is not to be relied on any more: it stays where it is, and says so everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tongbao.basics.errors import DataError, UsageError
from tongbao.build.choice import Choice
from tongbao.definition.project import Project
from tongbao_office.approval import Bulletin, standing
from tongbao_office.destination import Branch, Folder
from tongbao_office.publish import out_there, require_later
from tongbao_office.records import Note, PublishedBulletin, Retraction, as_read
from tongbao_office.tree import Tree


def retract(
    project: Project,
    choice: Choice,
    destination: Folder | Branch,
    note: Note,
    now: datetime,
    message: Callable[[PublishedBulletin], str],
) -> PublishedBulletin:
    """Say where a bulletin is published that it is not to be relied on any more; all its versions stay.

    Arguments:
        project: with the decisions on the bulletin.
        choice: the bulletin.
        destination: where it is published.
        note: why, in the languages that its pages are in.
        now: the time, with its zone.
        message: what a commit says.

    Raises:
        UsageError: it is not published there, only as a draft, or retracted already; a note with signs not seen.
        DataError: an approval of it stands, no note says why, or what is out was changed there.
    """
    note = Note(as_read(note.text, "--note"), as_read(note.en, "--note-en"))
    own = note.required_of(project.get_series(choice.series).languages, retracted=True)
    _require_withdrawn(project, choice)
    with destination.held() as held:
        was = out_there(destination, held)
        there = was.get(choice.series, str(choice.period))
        if there is None or not there.versions:
            raise UsageError("no version of it is published there", found=choice.id, expected=str(destination))
        if gone := there.versions[-1].retracted:
            raise UsageError("retracted already", place=choice.id, found=gone.time)
        require_later(there, now)
        tree = Tree(held, was)
        time = now.isoformat(timespec="seconds")
        done = tree.retract(there, Retraction(time=time, note=own.text, note_en=own.en))
        tree.finish(project)
        destination.replace(held, message(done))
    return done


def _require_withdrawn(project: Project, choice: Choice) -> None:
    """Hold a bulletin to be approved no more: who approved it says first that it does not stand.

    Raises:
        DataError: it is.
    """
    try:
        bulletin = Bulletin.open(project, choice.series, choice.period)
    except DataError:  # it was not built here, or is not what was approved
        return
    if holding := standing(bulletin).holding:
        names = ", ".join(one.record.by for one in holding)
        hint = f"tongbao withdraw {bulletin.id} --by {holding[0].record.by}"
        raise DataError("it is approved still", place=bulletin.id, found=names, hint=hint)
