"""What a printed number or name is: its key, read as the record writes it (``docs/proof.md``)."""

import re
from typing import NamedTuple

_KEY = re.compile(r"(?:([^:@~]+):)?([^@~]*)(?:@([^~]+))?(?:~(.+))?")


class Key(NamedTuple):
    """``[owner:]name[@scope][~period]``: what a printed number or name is."""

    owner: str
    name: str
    scope: str
    period: str

    @property
    def is_name(self) -> bool:
        """Whether what is printed is the name of a unit or item."""
        return bool(self.owner) and self.name in ("unit", "item")


def key_of(text: str) -> Key:
    """Read a key; one that is none names nothing."""
    match = _KEY.fullmatch(text)
    return Key(*match.groups("")) if match else Key("", text, "", "")
