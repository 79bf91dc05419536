"""What is published, held to the approvals in the project, which change with no file there and no list of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from tongbao.basics.period import Period
from tongbao.bulletin.manifest import FILE
from tongbao.definition.files import relative
from tongbao.definition.project import Project
from tongbao_office import history, signing
from tongbao_office.approval import digest_of
from tongbao_office.decisions import decisions, folder_of
from tongbao_office.placing import own_files
from tongbao_office.records import Decision, Published, PublishedBulletin
from tongbao_verify.published import restored


def unlike_approved(project: Project, folder: Path, listed: Published) -> Iterator[tuple[str, str]]:
    """Files of versions that are not what was approved, and versions that nobody here has approved, with the reason.

    Arguments:
        project: with the approvals. Bulletins of a series that it does not have are passed over; see ``not_held``.
        folder: what is published.
        listed: the list of it.
    """
    strange = not_held(project, listed)
    for bulletin in (one for one in listed.bulletins if one.id not in strange):
        approved = _approved(project, bulletin)
        for version in bulletin.versions:
            name = f"{version.folder}{FILE}"
            own = [one.read for one in approved if one.digest == version.digest]
            if not own:
                yield name, "no approval that counts is kept here of this version"
            elif _manifest_of(project, bulletin, own) != _hash(folder / name):
                yield name, "not the manifest that was approved"
            elif version is bulletin.shown:
                yield from _plain(folder, bulletin)


def not_held(project: Project, listed: Published) -> list[str]:
    """The bulletins whose series the project does not have."""
    known = project.series_names
    return [bulletin.id for bulletin in listed.bulletins if bulletin.entry.series not in known]


def _approved(project: Project, bulletin: PublishedBulletin) -> list[Decision]:
    """The approvals of a bulletin that say what they said when they were made, also those that were withdrawn later."""
    series, period = bulletin.entry.series, Period.parse(bulletin.entry.period)
    found = decisions(project, series, period)
    if found:
        history.require_as_committed(project.root, signing.SIGNERS, needed=any(one.signed == "signed" for one in found))
    touched = history.rewritten(project.root, folder_of(project, series)) if found else set()
    if any(name.startswith(f"{period}.") for name in touched):
        return []
    return [
        one.record
        for one in found
        if one.record.decision == "approved"
        and not one.is_misnamed
        and one.signed != "forged"
        and one.record.digest == digest_of(one.record.read)
    ]


def _manifest_of(project: Project, bulletin: PublishedBulletin, own: Sequence[Mapping[str, str]]) -> str | None:
    place = project.processed(bulletin.entry.series, Period.parse(bulletin.entry.period)) / FILE
    return own[0].get(relative(place, project.root))


def _plain(folder: Path, bulletin: PublishedBulletin) -> Iterator[tuple[str, str]]:
    """Files at the plain address that are not those of the newest version."""
    outputs = json.loads((folder / bulletin.shown.folder / FILE).read_text("utf-8"))["outputs"]
    for name, digest in own_files(outputs, bulletin.entry.series).items():
        once = f"{bulletin.page.rpartition('/')[0]}/{name}"  # raw files lay in one folder for all bulletins of a series
        place = next((one for one in (bulletin.plain(name), once) if (folder / one).is_file()), bulletin.plain(name))
        if _hash(folder / place, bulletin.entry.period) != digest:
            yield place, "not what was approved"


def _hash(file: Path, period: str = "") -> str | None:
    """SHA-256 of a file, of a period's page as it was built; nothing where there is none."""
    if not file.is_file():
        return None
    data = file.read_bytes()
    if file.suffix == ".html":
        data = restored(data.decode(errors="replace"), in_version=False, period=period).encode()
    return sha256(data).hexdigest()
