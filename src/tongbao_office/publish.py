"""What is approved goes out: each version into a folder of its own, the newest to the plain address, in one step."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tongbao.basics.errors import DataError, TongbaoError, combined
from tongbao.build.choice import Choice
from tongbao.bulletin.manifest import FILE
from tongbao.definition.project import Project
from tongbao_office.apart import Apart, made_apart
from tongbao_office.approval import Bulletin, Standing, digest_of, standing
from tongbao_office.destination import Branch, Folder, Held
from tongbao_office.placing import changes_between, own_files
from tongbao_office.records import (
    ChangeRecord,
    FigureChange,
    LineChange,
    Note,
    Published,
    PublishedBulletin,
    Version,
    as_read,
)
from tongbao_office.tree import Edition, Tree, read_list, resources_of
from tongbao_verify.published import changed


@dataclass(frozen=True)
class Candidate:
    """A bulletin that may go out, as a version or as a draft for comment."""

    bulletin: Bulletin
    standing: Standing
    draft: bool


@dataclass
class Chosen:
    """What may go out; what is out as it is; what was left out, since nobody has approved it; what is refused."""

    ready: list[Candidate] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left_out: list[TongbaoError] = field(default_factory=list)
    refused: list[TongbaoError] = field(default_factory=list)


@dataclass(frozen=True)
class Done:
    """What a publication did.

    Arguments:
        published: bulletins with the version that is out now.
        unchanged: those that were out as they are.
        apart: of those that are out now and the others there, which were made from other figures than these.
    """

    published: tuple[tuple[PublishedBulletin, Version], ...]
    unchanged: tuple[str, ...]
    apart: tuple[Apart, ...] = ()


def choose(project: Project, choices: Sequence[Choice], was: Published, *, named: bool, draft: bool) -> Chosen:
    """Look which bulletins may go out.

    Arguments:
        project: whose bulletins.
        choices: which of them.
        was: what is published there. A new theme, engine or version of ours is no reason to publish it again.
        named: whether each was asked for by name; else those that nobody has approved are left out.
        draft: whether those that are not approved go out as drafts for comment.

    Raises:
        TongbaoError: one that was named may not go out, or none may.
    """
    found = Chosen()
    for choice in choices:
        try:
            bulletin = Bulletin.open(project, choice.series, choice.period)
            now = standing(bulletin)
        except DataError as error:
            (found.refused if named else found.left_out).append(error)
            continue
        out = was.get(bulletin.series, str(bulletin.period))
        if now.is_approved:
            found.ready.append(Candidate(bulletin, now, draft=False))
        elif now.was_approved and out and out.versions and _is_out(out.versions[-1], bulletin):
            found.unchanged.append(bulletin.id)
        elif draft:
            if faults := bulletin.faults():
                found.refused.append(DataError("no draft for comment", place=choice.id, found="\n".join(faults)))
            else:
                found.ready.append(Candidate(bulletin, now, draft=True))
        else:
            (found.refused if named or now.fallen else found.left_out).append(now.why_not())
    if found.refused and (named or not (found.ready or found.unchanged)):
        raise combined(found.refused)
    if not (found.ready or found.unchanged):
        raise combined(found.left_out)
    return found


def _is_out(version: Version, bulletin: Bulletin) -> bool:
    return version.digest == digest_of(bulletin.read) and not version.retracted


def publish(
    ready: Sequence[Candidate],
    destination: Folder | Branch,
    note: Note,
    now: datetime,
    message: Callable[[Sequence[tuple[PublishedBulletin, Version]]], str],
) -> Done:
    """Put bulletins into a destination; it is replaced whole, or stays as it is.

    Arguments:
        ready: what may go out.
        destination: where to.
        note: why published bulletins are corrected, in the languages that these are in.
        now: the time, with its zone.
        message: what a commit says.

    Raises:
        UsageError: a note with signs that are not seen.
        DataError: a bulletin that is out has changed and no note says why, or what is out was changed there.
    """
    note = Note(as_read(note.text, "--note"), as_read(note.en, "--note-en"))
    with destination.held() as held:
        was = out_there(destination, held)
        editions = [edition for one in ready if (edition := _edition(one, was, held, now)) is not None]
        editions = _with_notes(editions, note)
        new_ones = {edition.bulletin.id for edition in editions}
        unchanged = tuple(one.bulletin.id for one in ready if one.bulletin.id not in new_ones)
        if editions:
            tree = Tree(held, was)
            published = tuple(tree.add(edition) for edition in editions)
            tree.finish(ready[0].bulletin.project)
            apart = tuple(_apart(held.new, new_ones))
            destination.replace(held, message(published))
        else:
            published, apart = (), ()
            if isinstance(destination, Branch):
                destination.send(held.tip)
    return Done(published, unchanged, apart)


def out_there(destination: Folder | Branch, held: Held) -> Published:
    """The list of what is published, which is as it was published.

    Raises:
        DataError: it was changed there.
    """
    if held.old and (wrong := list(changed(held.old))):
        found = "\n".join(f"{name}: {reason}" for name, reason in wrong[:5])
        hint = "put these files back from a copy (of a branch: git revert), or publish into an empty folder"
        raise DataError("what is published there was changed", place=str(destination), found=found, hint=hint)
    return read_list(held.old)


def _edition(one: Candidate, was: Published, held: Held, now: datetime) -> Edition | None:
    """The next version of a bulletin, or its draft; ``None`` where the same is out."""
    bulletin = one.bulletin
    series, period = bulletin.series, str(bulletin.period)
    before = was.get(series, period)
    versions = before.versions if before else ()
    files = own_files(bulletin.manifest.outputs, series)
    digest = digest_of(bulletin.read)
    changes, figures, lines = tuple[ChangeRecord, ...](), tuple[FigureChange, ...](), tuple[LineChange, ...]()
    if one.draft:
        if before and before.draft and before.draft.digest == digest:
            return None
    elif versions and held.old:
        folder = held.old / versions[-1].folder
        if (
            not versions[-1].retracted
            and own_files(json.loads((folder / FILE).read_text("utf-8"))["outputs"], series) == files
        ):
            return None
        changes = changes_between(_findings(folder / f"{period}.json"), _findings(bulletin.record_file))
        figures, lines = _corrected(bulletin, folder)
    if before:
        require_later(before, now)
    number = None if one.draft else len(versions) + 1
    name = f"v{number}" if number else "draft"
    version = Version(
        number=number,
        published=now.isoformat(timespec="seconds"),
        note="",
        changes=changes,
        figures=figures,
        lines=lines,
        digest=digest,
        folder=f"reports/{series}/{period}/{name}/",
        resources=resources_of(bulletin),
        files=tuple(files),
    )
    return Edition(bulletin, version)


def _with_notes(editions: Sequence[Edition], note: Note) -> list[Edition]:
    """The same, those that correct something with the note that says why, in their languages.

    Raises:
        DataError: none says so, or not in English where one is in English, too.
    """
    found, refused = list[Edition](), dict[tuple[str, str | None], list[str]]()
    for one in editions:
        version = one.version
        if (version.number or 0) > 1:
            try:
                own = note.required_of(one.bulletin.project.get_series(one.bulletin.series).languages)
            except DataError as error:
                refused.setdefault((error.message, error.hint), []).append(one.bulletin.id)
                continue
            version = version.model_copy(update={"note": own.text, "note_en": own.en})
        found.append(Edition(one.bulletin, version))
    for (said, hint), names in refused.items():
        raise DataError(said, place=", ".join(names), hint=hint)
    return found


def _apart(folder: Path, new_ones: Collection[str]) -> Iterator[Apart]:
    """Pairs of bulletins, one of them new, that were made from other figures of the same period."""
    series = {name.partition("@")[0] for name in new_ones}
    there = [one for one in read_list(folder).bulletins if one.entry.series in series]
    yield from (one for one in made_apart(folder, there) if one.later in new_ones or one.earlier in new_ones)


def require_later(before: PublishedBulletin, now: datetime) -> None:
    """Hold the time to be none before that of a version: readers go by it which one is the newest.

    Raises:
        DataError: it is.
    """
    last = max(datetime.fromisoformat(version.last_told) for version in before.all_versions)
    if now < last:
        said, hint = "the clock stands before the time of the last publication", "set the clock of this machine"
        raise DataError(said, place=before.id, found=str(now)[:19], expected=f"later than {last}", hint=hint)


def _corrected(bulletin: Bulletin, before: Path) -> tuple[tuple[FigureChange, ...], tuple[LineChange, ...]]:
    from tongbao_office.corrections import corrected  # computes the bulletin: few publications correct something

    return corrected(bulletin, before)


def _findings(record: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(record.read_text("utf-8"))["findings"]
    return found
