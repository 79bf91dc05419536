"""Bulletins that are made and wait to be installed: what a build that was killed has done, the next one takes up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tongbao.basics.errors import TongbaoError
from tongbao.basics.period import Period
from tongbao.build.inputs import Inputs
from tongbao.build.order import Outcome
from tongbao.bulletin.manifest import Manifest, read_manifest, reasons
from tongbao.definition.files import file_hash, is_below, names_below, read_kept, write_whole
from tongbao.definition.project import Project

# What was made in a folder; without it the folder counts for nothing.
_SAID = "made.json"


@dataclass(frozen=True)
class Staged:
    """A bulletin that was made: its files below ``folder`` with their hashes, and names that are no longer right."""

    folder: Path
    id: str
    files: Mapping[str, str]
    outdated: Sequence[str]

    @property
    def record(self) -> tuple[Path, str]:
        """Its findings, and their hash."""
        return next(
            (self.folder / name, digest) for name, digest in self.files.items() if name.endswith("/findings.json")
        )

    @property
    def manifest(self) -> Manifest | None:
        """What it was made from."""
        series, _, period = self.id.partition("@")
        return read_manifest(Project(self.folder).processed(series, Period.parse(period)))


def stage(folder: Path, outcomes: Iterable[Outcome]) -> list[Staged]:
    """Keep what was made in a folder, and nothing else of it."""
    made = [Staged(folder, one.id, one.files, one.outdated) for one in outcomes]
    needed = {name for one in made for name in one.files}
    for name in list(names_below(folder)):
        if name not in needed:
            (folder / name).unlink()
    said = [{"id": one.id, "files": one.files, "outdated": one.outdated} for one in made]
    write_whole(folder / _SAID, json.dumps({"made": said}, ensure_ascii=False))
    return made


def is_staged(folder: Path) -> bool:
    """Whether a folder holds bulletins that were made."""
    return (folder / _SAID).is_file()


def taken_up(inputs: Inputs) -> dict[str, Staged]:
    """What an earlier build has made and this one would make of the same, by ``series@period``."""
    found = (one for folder in inputs.project.made.glob("*/") if is_staged(folder) for one in _staged(folder))
    return {one.id: one for one in found if _is_right(one, inputs)}


def _staged(folder: Path) -> Iterator[Staged]:
    with suppress(LookupError, TypeError):
        for said in read_kept(folder / _SAID)["made"]:
            if all(map(is_below, (said["id"], *said["files"], *said["outdated"]))):
                yield Staged(folder, said["id"], said["files"], said["outdated"])


def _is_right(one: Staged, inputs: Inputs) -> bool:
    """Whether a bulletin is whole, also after a power cut, and was made of what there is now."""
    whole = all(
        (one.folder / name).is_file() and file_hash(one.folder / name) == known for name, known in one.files.items()
    )
    if not whole or (made := one.manifest) is None:
        return False
    try:
        now = inputs.again(made.series, Period.parse(made.period), made)
    except TongbaoError:  # its series is gone
        return False
    return not reasons(now, made, one.files.get)
