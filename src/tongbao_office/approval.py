"""Approvals: bound to the bytes that were read, each a plain file, never rewritten; and whether they hold."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from errno import EEXIST
from hashlib import sha256
from pathlib import Path

from tongbao.basics.errors import DataError, ToolError, UsageError
from tongbao.basics.period import Period
from tongbao.build.build import engine_record
from tongbao.build.hashes import Hashes
from tongbao.build.inputs import Inputs
from tongbao.bulletin.manifest import FILE, Manifest, differing, read_manifest, reasons
from tongbao.bulletin.schemas import as_json
from tongbao.definition.files import relative, write_whole
from tongbao.definition.project import Project
from tongbao.reading.draft import open_points
from tongbao.reading.prose import read_prose
from tongbao.render.engines import choose_engine
from tongbao_office import history, signing
from tongbao_office.decisions import (
    Decided,
    approvals_of,
    decided,
    decisions,
    file_name,
    folder_of,
    why_ended,
    withdrawals_by,
)
from tongbao_office.names import as_name, folded
from tongbao_office.records import Decision, as_read
from tongbao_verify.checker import check

_FEW = 3
# Where what is a bulletin's own lies; all else (theme, fonts, lock, code, engine) is shared by many.
_OWN = ("data/", "notebooks/", "reports/", "_site/", "_review/")


@dataclass(frozen=True)
class Bulletin:
    """A built bulletin: what can be read of it now, with hashes, and what it is made from now.

    ``read`` is by path relative to the project: every output on record that is there, and the manifest. ``outdated``
    says why another build would give something else, or more.
    """

    project: Project
    series: str
    period: Period
    manifest: Manifest
    read: Mapping[str, str]
    inputs: Mapping[str, str]
    outdated: tuple[str, ...]

    @classmethod
    def open(cls, project: Project, series: str, period: Period) -> Bulletin:
        """The bulletin as it lies there.

        Raises:
            DataError: it was never built.
        """
        folder = project.processed(series, period)
        manifest = read_manifest(folder)
        if manifest is None:
            name = f"{series}@{period}"
            raise DataError("not built", place=name, hint=f"tongbao build {name}")
        hashes = Hashes(project, trust=False)
        names = sorted([*manifest.outputs, relative(folder / FILE, project.root)])
        known = manifest.engine["name"] != "quarto" or shutil.which("quarto") is not None
        engine = engine_record(project, choose_engine(manifest.engine["name"] if known else "auto"))
        now = Inputs(project, hashes, engine).again(series, period, manifest)
        read = {name: digest for name in names if (digest := hashes.of(name)) is not None}
        outdated = reasons(now, manifest, hashes.of, project.get_series(series).formats)
        return cls(project, series, period, manifest, read, now.inputs, tuple(outdated))

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series}@{self.period}"

    @property
    def record_file(self) -> Path:
        """Its ``findings.json``."""
        return self.project.processed(self.series, self.period) / "findings.json"

    @property
    def built(self) -> tuple[str, datetime]:
        """The SHA-256 of its manifest, which the review page names, and when that was written."""
        path = self.record_file.with_name(FILE)
        time = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        return self.read[relative(path, self.project.root)], time

    def require_reviewed(self) -> None:
        """Hold the review pages, where there are some, to be of what lies there.

        Raises:
            DataError: one was made of another build.
        """
        digest, _ = self.built
        for lang in self.project.get_series(self.series).languages:
            page = self.project.review(self.series, self.period, lang)
            if page.is_file() and f"sha256:{digest}" not in page.read_text("utf-8", "replace"):
                place, hint = relative(page, self.project.root), f"tongbao review {self.id}"
                raise DataError("the review page is of another build than would be approved", place=place, hint=hint)

    def faults(self) -> list[str]:
        """Why nobody can approve it: it is out of date, a draft, or in error; empty where somebody can."""
        found = list(self.outdated)
        found += [f"left to settle: {one.place}" for one in open_points(self.project, self.series, self.period)]
        if found:  # the rest would only say the same
            return found
        quality = json.loads(self.record_file.with_name("quality.json").read_text("utf-8"))
        found += [f"in the figures: {one['message']['zh']}" for one in quality["issues"] if one["level"] == "error"]
        pages = self.project.page(self.series, self.period, "html").with_suffix("")
        left = len(check(self.record_file, pages, [self.project.root]).left)
        return found + ([f"{left} left over: tongbao verify --audit {self.id} names them"] if left else [])

    def authors(self) -> tuple[str, ...]:
        """Who made it: the authors declared in its text, else who committed its figures last, and who its texts.

        Raises:
            ToolError: it lies in a repository of which Git does not tell that.
        """
        series = self.project.get_series(self.series)
        prose = self.project.prose(self.series, self.period)
        declared = read_prose(prose, series, self.project.root).header.author if prose.is_file() else ()
        if declared:
            return declared
        project, period = self.project, self.period
        texts = [project.prose(self.series, period, lang) for lang in series.languages]
        received = {period, *(one for one in project.periods(self.series) if one.lies_in(period))}
        figures = [place(self.series, one) for one in received for place in (project.raw, project.facts)]
        patterns = [f":(glob){name}" for one in received for name in project.record_patterns(self.series, one)]
        own = [relative(path, project.root) for path in figures if path.exists()]
        written = [relative(path, project.root) for path in texts if path.is_file()]
        who = (history.last_author(project.root, paths) for paths in ([*own, *patterns], written))
        return tuple(dict.fromkeys(name for names in who for name in names))


def digest_of(read: Mapping[str, str]) -> str:
    """SHA-256 over hashes in the form that ``sha256sum`` writes, in the order of the files' names."""
    return sha256("".join(f"{read[name]}  {name}\n" for name in sorted(read)).encode()).hexdigest()


@dataclass(frozen=True)
class Standing:
    """Where a bulletin stands: approvals that hold, and those that do not, with the reason.

    ``lapsed`` counts those of the latter that only what many bulletins share has ended. ``untold`` is why nothing can
    be said of any of them.
    """

    bulletin: Bulletin
    needed: int
    holding: tuple[Decided, ...]
    fallen: tuple[tuple[Decided, str], ...]
    lapsed: int
    untold: ToolError | None = None

    @property
    def is_approved(self) -> bool:
        """Whether enough people approve of what lies there."""
        return len(self.holding) >= self.needed

    @property
    def was_approved(self) -> bool:
        """Whether it would be, were all that many bulletins share still the same."""
        return len(self.holding) + self.lapsed >= self.needed

    def why_not(self) -> DataError:
        """What is said where it is not approved."""
        reasons = [f"approval by {one.record.by}: {reason}" for one, reason in self.fallen]
        found = "\n".join(reasons) or None
        name = self.bulletin.id
        steps = " && ".join(f"tongbao {step} {name}" for step in ("build", "review", "approve"))
        first = f"build and review it first: {steps} --by NAME"
        hint = first if self.bulletin.outdated else f"tongbao approve {name} --by NAME"
        hint = self.untold.hint or hint if self.untold else hint
        said = f"not approved: {len(self.holding)} of {self.needed} approvals hold"
        return DataError(said, place=self.bulletin.id, found=found, hint=hint)


def standing(bulletin: Bulletin) -> Standing:
    """Which approvals hold now; of each person the last one counts.

    Raises:
        DataError: a record cannot be read.
    """
    project, needed = bulletin.project, bulletin.project.get_series(bulletin.series).approvals
    all_of_them = decisions(project, bulletin.series, bulletin.period)
    authors, rewritten, untold = set[str](), list[str](), None
    try:
        authors = set(map(folded, bulletin.authors())) if needed > 1 and all_of_them else set()
        rewritten = _rewritten(bulletin, all_of_them) if all_of_them else []
    except ToolError as error:
        untold = error
    misnamed = [one for one in all_of_them if one.record.decision == "approved" and one.is_misnamed]
    holding, lapsed = list[Decided](), 0
    fallen = [(one, f"the file {one.path.name} is not named after what it says") for one in misnamed]
    for name, one in approvals_of(all_of_them).items():
        if ended := why_ended(one, all_of_them):
            reason = ended
        elif untold:
            said = (untold.message, untold.found, untold.hint)
            reason = "\n".join(str(one).partition("\n")[0] for one in said if one)
        elif rewritten:
            reason = f"{rewritten[0]} was changed after it had been committed"
        elif one.record.digest != digest_of(one.record.read):
            reason = "the record itself was changed"
        elif one.signed == "forged":
            reason = f"not signed by the key that {signing.SIGNERS} declares"
        elif name in authors:
            reason = "the author does not count"
        else:
            changes = _changes(one.record, bulletin)
            lapsed += bool(changes) and not any(change.startswith(_OWN) for change in changes)
            reason = "\n".join(filter(None, (_listed(changes), _of_line_ends(one.record, bulletin))))
        if reason:
            fallen.append((one, reason))
        else:
            holding.append(one)
    return Standing(bulletin, needed, tuple(holding), tuple(fallen), lapsed, untold)


def _rewritten(bulletin: Bulletin, found: Sequence[Decided]) -> list[str]:
    """The names of the decisions on a bulletin that were changed or removed after they had been committed.

    Raises:
        ToolError: Git does not tell that, whose key is whose is not what is committed, or other decisions were fetched.
    """
    root, folder = bulletin.project.root, folder_of(bulletin.project, bulletin.series)
    history.require_as_committed(root, signing.SIGNERS, needed=any(one.signed == "signed" for one in found))
    history.require_merged(root, folder, str(bulletin.period))
    return sorted(name for name in history.rewritten(root, folder) if name.startswith(f"{bulletin.period}."))


def approve(bulletin: Bulletin, by: str, note: str, key: Path | None, now: datetime) -> Decided:
    """Record that somebody approves of exactly what lies there.

    Raises:
        DataError: the bulletin is out of date, a draft, or in error, or the review page is of another build.
        ToolError: it lies in a repository, and Git does not tell what was changed there: no approval would count.
        UsageError: no name is given that can be read, or somebody approves twice of the same.
    """
    by = as_name(by, "--by")
    history.has_history(bulletin.project.root)
    if faults := bulletin.faults():
        hint = f"mend it, then: tongbao build {bulletin.id}"
        raise DataError("cannot be approved", place=bulletin.id, found=_listed(faults), hint=hint)
    bulletin.require_reviewed()
    if any(folded(one.record.by) == folded(by) for one in standing(bulletin).holding):
        raise UsageError(f"{by} approves of this already", place=bulletin.id)
    read, found = dict(bulletin.read), decisions(bulletin.project, bulletin.series, bulletin.period)
    after = {one.path.name: one.digest for one in withdrawals_by(by, found)}
    what = {"decision": "approved", "digest": digest_of(read), "read": read, "inputs": bulletin.inputs}
    return _decide(bulletin, by, note, key, now, **what, after=after)


def withdraw(bulletin: Bulletin, by: str, note: str, key: Path | None, now: datetime) -> Decided:
    """Record that somebody's approvals of a bulletin no longer stand.

    Raises:
        DataError: none of that name stands.
        UsageError: no name is given that can be read.
    """
    by = as_name(by, "--by")
    found = decisions(bulletin.project, bulletin.series, bulletin.period)
    own = [one for one in found if folded(one.record.by) == folded(by) and one.record.decision == "approved"]
    ended = {one.path.name: one.digest for one in own if not one.is_misnamed and not why_ended(one, found)}
    if not ended:
        known = ", ".join(dict.fromkeys(one.record.by for one in found)) or None
        raise DataError(f"no approval by {by} stands", place=bulletin.id, expected=known)
    what: dict[str, object] = {"decision": "withdrawn", "digest": None, "read": {}, "inputs": {}}
    return _decide(bulletin, by, note, key, now, **what, withdraws=tuple(ended), ended=ended)


def _decide(bulletin: Bulletin, by: str, note: str, key: Path | None, now: datetime, **what: object) -> Decided:
    """Write a decision and, where there is a key, its signature; an existing file is never touched."""
    project, series, period = bulletin.project, bulletin.series, bulletin.period
    number = 1 + max((one.record.number for one in decisions(project, series, period)), default=0)
    time = now.isoformat(timespec="seconds")
    record = Decision.model_validate(
        {
            "series": series,
            "period": str(period),
            "number": number,
            "by": by,
            "time": time,
            "note": as_read(note, "--note"),
            **what,
        }
    )
    text = as_json(record)
    path = folder_of(project, series) / file_name(record)
    chosen = signing.key_of(project.root, key)
    signature = signing.sign(text, chosen) if chosen else None
    path.parent.mkdir(exist_ok=True)
    if signature is not None:
        write_whole(signing.signature_of(path), signature)
    if path.exists():
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
    write_whole(path, text)
    return decided(project, record, path)


def _changes(record: Decision, bulletin: Bulletin) -> list[str]:
    """What is no longer what was read, the causes first."""
    changes = [
        f"{name} {'new' if before is None else 'is missing' if after is None else 'changed'}"
        for was, now in ((record.inputs, bulletin.inputs), (record.read, bulletin.read))
        for name, before, after in differing(was, now)
    ]
    return changes or list(bulletin.outdated)


def _of_line_ends(record: Decision, bulletin: Bulletin) -> str:
    """What is said where files that were read differ from then in the ends of their lines, as Git may convert them."""
    for was, now in ((record.inputs, bulletin.inputs), (record.read, bulletin.read)):
        changed = [(name, digest) for name, digest, after in differing(was, now) if digest and after]
        for name, digest in changed[:_FEW]:
            path = bulletin.project.root / name
            if path.is_file() and sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() == digest:
                return f"in {name} only line ends were changed, as core.autocrlf of Git does"
    return ""


def _listed(reasons: list[str]) -> str:
    """The first few, a line each."""
    return "\n".join(reasons[:_FEW] + ([f"and {len(reasons) - _FEW} more"] if len(reasons) > _FEW else []))
