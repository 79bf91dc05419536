"""What an audit finds: an account of everything backed, and what is left over."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal[
    "cell", "computed", "fact", "parameter", "date", "document number", "outline", "name", "method", "unit name"
]
KINDS: tuple[Kind, ...] = (
    "cell", "computed", "fact", "parameter", "date", "document number", "outline", "name", "method", "unit name",
)  # fmt: skip
_SENTENCE = re.compile(r".*?(?:[。；！？\n]|[.;!?](?=\s|$)|$)")


@dataclass(frozen=True)
class Entry:
    """A numeral or unit name that is accounted for: where it stands, its kind and what backs it."""

    document: str
    place: str
    text: str
    kind: Kind
    backing: str


@dataclass(frozen=True)
class LeftOver:
    """A numeral or name that nothing backs, or that differs from what backs it.

    ``place`` names document, heading and block; ``sentence`` is the one it stands in.
    """

    document: str
    place: str
    text: str
    sentence: str
    reason: str


@dataclass
class Account:
    """The account of one bulletin: what is backed, what is not, and in ``not_audited`` what no rule of ours covers."""

    id: str
    entries: list[Entry] = field(default_factory=list)
    left: list[LeftOver] = field(default_factory=list)
    not_audited: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left over."""
        return not self.left

    @property
    def documents(self) -> list[str]:
        """The documents read, in order."""
        found = [entry.document for entry in self.entries] + [item.document for item in self.left]
        return list(dict.fromkeys(found))

    def tally(self, document: str) -> Counter[str]:
        """How many of each kind a document holds."""
        return Counter(entry.kind for entry in self.entries if entry.document == document)

    def record(self) -> dict[str, Any]:
        """The account as JSON."""
        return {
            "bulletin": self.id,
            "clean": self.is_clean,
            "documents": {document: dict(self.tally(document)) for document in self.documents},
            "left_over": [asdict(item) for item in self.left],
            "not_audited": self.not_audited,
            "entries": [asdict(entry) for entry in self.entries],
        }


def sentence_at(text: str, at: int) -> str:
    """The sentence around a character.

    >>> sentence_at("共248家次。检查处罚率为35.08%；另有", 10)
    '检查处罚率为35.08%；'
    """
    for match in _SENTENCE.finditer(text):
        if match.start() <= at < match.end():
            return match[0].strip()
    return text
