"""Decisions on a bulletin as they lie there: each in a file that is named after what it says, signed or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import nan
from pathlib import Path
from typing import Literal

from tongbao.basics.errors import DataError
from tongbao.basics.period import Period
from tongbao.definition.files import relative
from tongbao.definition.project import Project
from tongbao_office import signing
from tongbao_office.names import folded, unseen_in
from tongbao_office.records import Decision

FOLDER = "approvals"
Signed = Literal["signed", "unsigned", "forged"]


@dataclass(frozen=True)
class Decided:
    """A decision, whether it is signed, and the SHA-256 of its file."""

    path: Path
    record: Decision
    signed: Signed
    digest: str

    @property
    def is_misnamed(self) -> bool:
        """Whether the file bears another name than what it says: then it is a copy, or was renamed."""
        return self.path.name != file_name(self.record)

    def ends(self, other: Decided) -> bool:
        """Whether this is a withdrawal that ends another decision: one's own, signed where one's key is declared."""
        named = other.path.name in self.record.withdraws or other.digest in self.record.ended.values()
        return named and self.signed != "forged" and folded(self.record.by) == folded(other.record.by)

    def follows(self, other: Decided, found: Sequence[Decided]) -> bool:
        """Whether this was certainly made in knowledge of another decision.

        It says so; or both number and time are later, and no decision made in another copy has the other's number.
        """
        mine, theirs = self.record, other.record
        if other.path.name in mine.after or other.digest in mine.after.values():
            return True
        alone = all(one.digest == other.digest for one in found if one.record.number == theirs.number)
        return alone and theirs.number < mine.number and _moment(theirs) <= _moment(mine)


def folder_of(project: Project, series: str) -> Path:
    """Where the decisions on the bulletins of a series lie."""
    return project.root / "reports" / series / FOLDER


def file_name(record: Decision) -> str:
    """How the file of a decision is called; nothing where its time is none."""
    try:
        time = datetime.fromisoformat(record.time)
    except ValueError:
        return ""
    return f"{record.period}.{record.number:04}.{time:%Y%m%dT%H%M%S}.json"


def decided(project: Project, record: Decision, path: Path) -> Decided:
    """A decision that lies there. Whose key the project declares must sign; of others nothing is known.

    Raises:
        ToolError: ``ssh-keygen`` is not there.
    """
    signed: Signed = "unsigned"
    if names := signing.spellings(project.root, record.by):
        signed = "signed" if signing.is_signed_by(project.root, names, path) else "forged"
    return Decided(path, record, signed, sha256(path.read_bytes()).hexdigest())


def decisions(project: Project, series: str, period: Period) -> list[Decided]:
    """Every decision on a period, in order.

    Raises:
        DataError: a record cannot be read, or is about another bulletin, or by a name that cannot be read.
    """
    found = []
    for path in sorted(folder_of(project, series).glob(f"{period}.*.json")):
        try:
            record = Decision.model_validate_json(path.read_bytes())
        except ValueError:
            record = None
        if record is None or (record.series, record.period) != (series, str(period)) or unseen_in(record.by):
            raise DataError("not a decision on this bulletin", place=relative(path, project.root))
        found.append(decided(project, record, path))
    return sorted(found, key=lambda one: (one.record.number, one.record.time))


def approvals_of(found: Sequence[Decided]) -> dict[str, Decided]:
    """The approval of each person that counts, by the folded name: the last one, before all one that is signed."""
    approved = [one for one in found if one.record.decision == "approved" and not one.is_misnamed]
    return {folded(one.record.by): one for one in sorted(approved, key=lambda one: one.signed != "forged")}


def withdrawals_by(person: str, found: Sequence[Decided]) -> list[Decided]:
    """A person's withdrawals that take effect, in order."""
    own = [one for one in found if folded(one.record.by) == folded(person) and one.signed != "forged"]
    return [one for one in own if one.record.decision == "withdrawn"]


def why_ended(one: Decided, found: Sequence[Decided]) -> str:
    """Why an approval was withdrawn, or may have been: by one who did not know of it; empty where it stands."""
    if any(other.ends(one) for other in found):
        return "withdrawn"
    unknown = [other for other in withdrawals_by(one.record.by, found) if not one.follows(other, found)]
    return f"withdrawn in {unknown[-1].path.name}, of which it does not know" if unknown else ""


def _moment(record: Decision) -> float:
    """The time of a decision in seconds; no number where it is none, which is neither before nor after another."""
    try:
        return datetime.fromisoformat(record.time).timestamp()
    except (ValueError, OverflowError, OSError):
        return nan
