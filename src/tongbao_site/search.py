"""Search within the site, offline: Pagefind's index, which its script reads in the browser."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

from tongbao.basics.errors import ToolError
from tongbao.definition.files import move, names_below, write_whole
from tongbao.render.base import run_program
from tongbao_site.foreign import NONE, Foreign

FOLDER = "pagefind"
_SECONDS = 600
# What of Pagefind's output a page needs; its own interfaces are not used.
_NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")


# What is searched: bulletins in their latest version, series and units; their text, annexes and notes.
_PAGES = "reports/*/{*,units/*}.html"
_WITHOUT = "svg, table.periods thead, .evidence-list, .chart-data, .downloads, .neighbours, .finding-evidence"


def can_search() -> bool:
    """Whether Pagefind is installed, with its dictionary of Chinese words."""
    return importlib.util.find_spec("pagefind_bin_extended") is not None


def remove_search(site: Path, foreign: Foreign) -> None:
    """Remove the index, but for what others have put into its folder."""
    if not foreign.below(FOLDER):
        shutil.rmtree(site / FOLDER, ignore_errors=True)
        return
    for name in list(names_below(site / FOLDER, f"{FOLDER}/")):
        if name not in foreign:
            (site / name).unlink()


def make_search(site: Path, foreign: Foreign = NONE) -> None:
    """Index the pages of a site into ``pagefind/``.

    Arguments:
        site: with the pages.
        foreign: files of others there.

    Raises:
        ToolError: Pagefind is not installed, or failed.
        UsageError: a file of others is in the way.
    """
    if not can_search():
        raise ToolError("Pagefind is not installed", hint="install pagefind-bin-extended")
    from pagefind_bin_extended import get_executable  # type: ignore[import-untyped]

    program, coming = get_executable(), site / f".{FOLDER}"
    shutil.rmtree(coming, ignore_errors=True)
    command = [
        program,
        "--site",
        site,
        "--output-subdir",
        coming.name,
        "--quiet",
        "--glob",
        _PAGES,
        "--root-selector",
        "main",
    ]
    command += ["--exclude-selectors", _WITHOUT]
    run_program("Pagefind", command, site, {}, _SECONDS)
    if empty := [path.name for path in coming.rglob("*") if path.is_file() and not path.stat().st_size]:
        raise ToolError("Pagefind made empty files", found=empty[0], hint="is the disk full?")  # it does not say so
    entry = coming / "pagefind-entry.json"  # its languages come in any order
    write_whole(entry, json.dumps(json.loads(entry.read_text("utf-8")), sort_keys=True))
    for path in coming.iterdir():
        if path.name.startswith("pagefind-") and path.name not in _NEEDED:
            path.unlink()
    _put(coming, site / FOLDER, foreign)


def _put(coming: Path, folder: Path, foreign: Foreign) -> None:
    """Put the index into its folder, in place of the old one."""
    made = list(names_below(coming))
    foreign.require_free(f"{FOLDER}/{name}" for name in made)
    remove_search(folder.parent, foreign)
    for name in made:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        move(coming / name, folder / name)
    shutil.rmtree(coming)
