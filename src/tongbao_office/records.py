"""What the office keeps in plain files: each decision on a bulletin, and the list of what is published."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from pydantic import Field

from tongbao.basics.active import hidden_in
from tongbao.basics.errors import DataError, UsageError
from tongbao.bulletin.schemas import Digest, Record, SentenceRecord
from tongbao.definition.model import Inside, Lang

RAW = "raw/"  # where raw files are published, from the page that cites them


def as_read(text: str, option: str) -> str:
    """A text of an option as it will be read by others.

    Raises:
        UsageError: it holds a sign that is not seen, or turns what is.
    """
    if sign := hidden_in(text):
        raise UsageError("a sign that is not seen", place=option, found=sign)
    return text.strip()


class Note(NamedTuple):
    """Why what is published is corrected, in the issuer's own words and for pages in English."""

    text: str = ""
    en: str = ""

    def required_of(self, languages: Collection[Lang], *, retracted: bool = False) -> Note:
        """The note for a bulletin in some languages; of one that is in English only, either will do.

        Raises:
            DataError: one of them is not given.
        """
        only = tuple(languages) == ("en",)
        if not (self.text or (only and self.en)):
            if retracted:
                raise DataError("nothing says why it is retracted", hint='--note "why"; readers see it')
            raise DataError("published already, and changed since", hint='--note "why it is corrected"; readers see it')
        if "en" in languages and not (only or self.en):
            hint = '--note-en "why"; readers of the English edition see it'
            raise DataError("it has an English edition, and nothing says why in English", hint=hint)
        return Note(self.text or self.en, self.en if "en" in languages else "")


def in_language(noted: Version | Retraction, lang: Lang) -> str:
    """A note in a language; as it was written where it was not in that one."""
    return (noted.note_en if lang == "en" else noted.note) or noted.note or noted.note_en


class Decision(Record):
    """``reports/<series>/approvals/<period>.<number>.<time>.json``: what a reviewer decided, and on which bytes."""

    version: Literal[1] = Field(1, alias="schema")
    decision: Literal["approved", "withdrawn"]
    series: str
    period: str
    number: int = Field(ge=1, description="The how-manieth decision on this period.")
    by: str = Field(description="Who decided.")
    time: str = Field(description="When, ISO 8601 with the offset from UTC.")
    note: str
    digest: Digest | None = Field(description="SHA-256 of `read` as sha256sum writes it; none for a withdrawal.")
    read: dict[str, Digest] = Field(description="Every output that was read, and the manifest, by its path.")
    inputs: dict[str, Digest] = Field(description="What these were made from, so that it can be said what changed.")
    withdraws: tuple[str, ...] = Field((), description="The names of the decisions that no longer stand.")
    ended: dict[str, Digest] = Field({}, description="SHA-256 of the files of these: a copy has ended with them.")
    after: dict[str, Digest] = Field(
        {},
        description="SHA-256 of the files of earlier withdrawals by the same person, of which it knew.",
    )


class ChangeRecord(Record):
    """A sentence of a finding as it was and as it is; none where it was not or is no more."""

    finding: str
    old: SentenceRecord | None
    new: SentenceRecord | None


class FigureChange(Record):
    """A figure as it was printed and as it is, with its unit; none where it was not or is no more."""

    figure: str = Field(description="Its key in the record.")
    name: SentenceRecord = Field(description="What it is, in words.")
    old: SentenceRecord | None
    new: SentenceRecord | None


class LineChange(Record):
    """A sentence of a page, or a line of it, that says more than findings: as it was and as it is."""

    lang: Lang
    old: str | None
    new: str | None


class Retraction(Record):
    """That a version is not to be relied on any more: it stays where it is, and says so."""

    time: str = Field(description="When, ISO 8601 with the offset from UTC.")
    note: str = Field(description="Why.")
    note_en: str = Field("", description="The same for its pages in English; empty where it has none.")


class Version(Record):
    """A bulletin as it was published once; its files stay in a folder of their own."""

    number: int | None = Field(description="From 1; none for a draft for comment.")
    published: str = Field(description="When, ISO 8601 with the offset from UTC.")
    note: str = Field(description="Why it was corrected; empty for a first version.")
    note_en: str = Field("", description="The same for its pages in English; empty where none was asked for.")
    changes: tuple[ChangeRecord, ...] = Field(description="The findings that differ from the version before.")
    figures: tuple[FigureChange, ...] = Field((), description="The figures that are printed otherwise than there.")
    lines: tuple[LineChange, ...] = Field((), description="The other sentences of the pages that differ from there.")
    digest: Digest = Field(description="What the approvals are bound to, or for a draft would be.")
    folder: Inside = Field(description="Where it stays, relative to the site; with the manifest.")
    resources: Inside = Field(description="The style sheets and scripts it was built with, a folder of the site.")
    files: tuple[Inside, ...] = Field(description="Its files, relative to its folder.")
    retracted: Retraction | None = Field(None, description="That it was retracted, and why.")

    @property
    def last_told(self) -> str:
        """When it was published, or retracted since."""
        return self.retracted.time if self.retracted else self.published

    def note_in(self, lang: Lang) -> str:
        """Why it was corrected, in a language; as it was written where it was not in that one."""
        return in_language(self, lang)

    @property
    def period(self) -> str:
        """The period, as its folder says."""
        return PurePosixPath(self.folder).parent.name


class Listed(Record):
    """What the list says of a bulletin; of its record what is needed for that."""

    series: str
    period: str
    title: str
    issued: date


class PublishedBulletin(Record):
    """A bulletin with all its versions, oldest first; the newest stands at the plain address, too."""

    entry: Listed = Field(description="What the list says of the newest version.")
    page: Inside = Field(description="The plain address, relative to the site.")
    versions: tuple[Version, ...]
    draft: Version | None = Field(description="A draft for comment that is out beside them.")

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.entry.series}@{self.entry.period}"

    def plain(self, name: str) -> str:
        """Where a file of the version shown stands at the plain address, relative to the site.

        Raw files lie in the period's own folder: another bulletin may cite the same one as it was at another time.
        """
        own = self.page.removesuffix(".html")
        return f"{own}/{name}" if name.startswith(RAW) else f"{own.rpartition('/')[0]}/{name}"

    @property
    def shown(self) -> Version:
        """What stands at the plain address: the newest version, or the draft where there is none."""
        found = self.versions[-1] if self.versions else self.draft
        assert found is not None  # noqa: S101  # one of the two is there
        return found

    @property
    def all_versions(self) -> tuple[Version, ...]:
        """The versions, and a draft behind them."""
        return (*self.versions, *([self.draft] if self.draft else ()))


class Published(Record):
    """``published.json``: all that is published in a place."""

    version: Literal[1] = Field(1, alias="schema")
    bulletins: tuple[PublishedBulletin, ...]
    files: dict[Inside, Digest] = Field(description="Every file that publishing put there, but for this list.")
    seal: str = Field(description="SHA-256 of all else here as JSON with its keys in order, so that a slip is seen.")

    def get(self, series: str, period: str) -> PublishedBulletin | None:
        """The bulletin of that series and period, if it is published."""
        return next((one for one in self.bulletins if one.id == f"{series}@{period}"), None)
