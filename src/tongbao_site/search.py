"""Search within the site, offline: Pagefind's index, which its script reads in the browser."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

from tongbao.basics.errors import ToolError
from tongbao.definition.files import write_whole
from tongbao.render.base import run_program

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


def make_search(site: Path) -> None:
    """Index the pages of a site into ``pagefind/``.

    Raises:
        ToolError: Pagefind is not installed, or failed.
    """
    if not can_search():
        raise ToolError("Pagefind is not installed", hint="install pagefind-bin-extended")
    from pagefind_bin_extended import get_executable  # type: ignore[import-untyped]

    program = get_executable()
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    command = [
        program,
        "--site",
        site,
        "--output-subdir",
        FOLDER,
        "--quiet",
        "--glob",
        _PAGES,
        "--root-selector",
        "main",
    ]
    command += ["--exclude-selectors", _WITHOUT]
    run_program("Pagefind", command, site, {}, _SECONDS)
    if empty := [path.name for path in (site / FOLDER).rglob("*") if path.is_file() and not path.stat().st_size]:
        raise ToolError("Pagefind made empty files", found=empty[0], hint="is the disk full?")  # it does not say so
    entry = site / FOLDER / "pagefind-entry.json"  # its languages come in any order
    write_whole(entry, json.dumps(json.loads(entry.read_text("utf-8")), sort_keys=True))
    for path in (site / FOLDER).iterdir():
        if path.name.startswith("pagefind-") and path.name not in _NEEDED:
            path.unlink()
