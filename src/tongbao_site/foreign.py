"""Files of others in a folder that we write to: they are neither removed nor written over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from tongbao.basics.errors import UsageError


@dataclass(frozen=True)
class Foreign:
    """The names of such files and links, relative to the folder."""

    names: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def below(self, folder: str) -> bool:
        """Whether there are any in a folder."""
        return folder in self._above

    @cached_property
    def _above(self) -> frozenset[str]:
        return frozenset(str(folder) for name in self.names for folder in PurePosixPath(name).parents)

    def require_free(self, names: Iterable[str]) -> None:
        """Hold files that will be written to stand in no place of one of these.

        Raises:
            UsageError: one of these stands in the place of a file or of a folder above it, or in a folder in its place.
        """
        for name in names if self.names else ():
            folders = (str(folder) for folder in PurePosixPath(name).parents)
            taken = next((one for one in (name, *folders) if one in self.names), None)
            if taken or name in self._above:
                hint = "move it away: tongbao did not put it there"
                raise UsageError("in the way of what is to be published", place=taken or f"{name}/", hint=hint)


NONE = Foreign()
