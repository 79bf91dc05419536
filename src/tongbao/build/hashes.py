"""SHA-256 of a project's files, remembered by size, time and inode: what did not change is not read again."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from tongbao.definition.files import file_hash, write_whole
from tongbao.definition.project import TREES, Project

FILE = "hashes.json"
_BUILT = (*(f"{tree}/" for tree in TREES), "index.ipynb")


@lru_cache(maxsize=1)  # a build asks for it more than once
def _read(path: str, written: int, _inode: int) -> dict[str, list[int | str]]:
    """What is remembered of files that are older than the memory."""
    known = json.loads(Path(path).read_text("utf-8"))
    return {name: of for name, of in known.items() if int(of[1]) < written}


class Hashes:
    """The hashes of a project's files by their names; ``save`` keeps them for the next run.

    What is remembered of a file counts as long as the file is older than the memory: one that was written in the same
    tick of the clock is read again. With ``trust=False`` every file is.
    """

    def __init__(self, project: Project, *, trust: bool = True) -> None:
        self._root, self._built, self._memory = str(project.root), str(project.built), project.work / FILE
        self._known: dict[str, list[int | str]] = {}
        self._found: dict[str, str | None] = {}
        if trust:
            with suppress(OSError, ValueError, TypeError, AttributeError, IndexError):
                stat = self._memory.stat()
                self._known = dict(_read(str(self._memory), stat.st_mtime_ns, stat.st_ino))

    def of(self, name: str) -> str | None:
        """A file's SHA-256, hexadecimal; ``None`` where there is no such file. Looked at once a run."""
        if name not in self._found:
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> str | None:
        path = f"{self._built if name.startswith(_BUILT) else self._root}/{name}"
        try:
            stat = os.stat(path)  # noqa: PTH116  # twice as fast as a Path, for tens of thousands of files
        except OSError:
            return None
        if not S_ISREG(stat.st_mode):
            return None
        sign = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        known = self._known.get(name)
        if known is None or known[:3] != sign:
            known = self._known[name] = [*sign, file_hash(Path(path))]
        return str(known[3])

    def forget(self, name: str) -> None:
        """Look at a file again: it was written in this run."""
        self._found.pop(name, None)

    def save(self) -> None:
        """Keep what was found; nothing is lost where that cannot be."""
        with suppress(OSError):
            write_whole(self._memory, json.dumps(self._known, ensure_ascii=False, separators=(",", ":")))
