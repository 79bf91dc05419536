"""The one name of everything printed: which figure a number is, or whose name a name is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KEY = re.compile(r"(?:(?P<owner>[^:@~]+):)?(?P<name>[^@~]+)(?:@(?P<scope>[^~]+))?(?:~(?P<period>.+))?")
NAMES = ("unit", "item")


@dataclass(frozen=True, slots=True)
class Key:
    """What a printed number is: ``[owner:]name[@scope][~period]``; see ``docs/proof.md``.

    Arguments:
        name: a measure, fact, parameter or formula; with an owner, what the owner calls it (``count``, ``unit``).
        scope: a unit's id, ``area`` or an item's id.
        period: the other period that the figure belongs to.
        owner: the finding, key figure or issue that brings the number.

    >>> str(Key("fines", "lucheng")), str(Key("count", owner="rate_below"))
    ('fines@lucheng', 'rate_below:count')
    >>> Key.parse("rate_below:value@lucheng~2020-q1")
    Key(name='value', scope='lucheng', period='2020-q1', owner='rate_below')
    """

    name: str
    scope: str = ""
    period: str = ""
    owner: str = ""

    def __str__(self) -> str:
        text = f"{self.owner}:{self.name}" if self.owner else self.name
        if self.scope:
            text += f"@{self.scope}"
        return f"{text}~{self.period}" if self.period else text

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read a key.

        Raises:
            ValueError: it has no name.
        """
        match = _KEY.fullmatch(text)
        if match is None:
            raise ValueError(f"not a key: {text!r}")
        return cls(match["name"], match["scope"] or "", match["period"] or "", match["owner"] or "")

    @property
    def is_name(self) -> bool:
        """Whether what is printed is a name, not a number."""
        return bool(self.owner) and self.name in NAMES
