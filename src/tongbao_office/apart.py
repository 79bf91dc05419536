"""Published bulletins that were made from other figures of a period than that period's own bulletin shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tongbao.bulletin.schemas import FINDINGS_VERSION
from tongbao.definition.files import read_kept
from tongbao_office.records import PublishedBulletin


class Apart(NamedTuple):
    """A bulletin, the one whose period it compares with, and the files of the cells that it has otherwise."""

    later: str
    earlier: str
    files: tuple[str, ...]


def made_apart(folder: Path, bulletins: Iterable[PublishedBulletin]) -> Iterator[Apart]:
    """Pairs of bulletins of a series whose newest versions have a cell with another text.

    Arguments:
        folder: what is published.
        bulletins: those to be looked at.
    """
    known = {one.id: _cells(folder, one) for one in bulletins}
    for later, cells in known.items():
        series, found = later.partition("@")[0], dict[str, dict[str, None]]()
        for key, (text, file) in cells.items():
            name, _, period = key.partition("~")
            earlier = f"{series}@{period}"
            if known.get(earlier, {}).get(name, (text,))[0] != text:
                found.setdefault(earlier, {})[file] = None
        for earlier, files in found.items():
            yield Apart(later, earlier, tuple(files))


def _cells(folder: Path, bulletin: PublishedBulletin) -> dict[str, tuple[str, str]]:
    """Text and file of each cell behind the newest version, by key; none where its record is of another form."""
    record = read_kept(folder / bulletin.shown.folder / f"{bulletin.entry.period}.json")
    if record.get("schema") != FINDINGS_VERSION:
        return {}
    try:
        return {key: (cell["text"].strip(), str(cell["source"]["file"])) for key, cell in record["cells"].items()}
    except (LookupError, TypeError, AttributeError):  # one that was changed there, which is told elsewhere
        return {}
