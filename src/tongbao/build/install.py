"""What was made goes into the project, whole or not at all, also when the power fails half-way.

A build makes everything in a folder under ``.tongbao/made/``. Before the first file moves, ``install.json`` there says
which will; the next command that finds such a folder finishes the move. A folder without it was not finished.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from filecmp import cmp
from pathlib import Path

from tongbao.build.order import Outcome
from tongbao.definition.project import Project

_PLAN = "install.json"
# What a build tells of.
_TOLD = "_site/reports/"


def made_folder(project: Project) -> Path:
    """Where a build makes things."""
    return project.work / "made"


def install(project: Project, folder: Path, outcomes: Sequence[Outcome]) -> list[Path]:
    """Move what was made in ``folder`` into the project and remove what is outdated; returns the files to tell of."""
    files = list(dict.fromkeys(name for outcome in outcomes for name in outcome.files))
    outdated = [name for outcome in outcomes for name in outcome.outdated]
    partial = folder / f"{_PLAN}.part"
    with partial.open("w", encoding="utf-8") as plan:
        json.dump({"files": files, "outdated": outdated}, plan)
        plan.flush()
        os.fsync(plan.fileno())
    partial.replace(folder / _PLAN)
    _move(project.root, folder, files, outdated)
    return [project.root / name for name in files if name.startswith(_TOLD)]


def finish(project: Project) -> None:
    """Finish what an earlier build was killed in, and remove what it did not come to finish."""
    for folder in made_folder(project).glob("*/"):
        plan = folder / _PLAN
        if plan.is_file():
            wanted = json.loads(plan.read_text("utf-8"))
            _move(project.root, folder, wanted["files"], wanted["outdated"])
        else:  # a kernel on its way out may still write there: what is left of it, the next build removes
            shutil.rmtree(folder, ignore_errors=True)


def _move(root: Path, folder: Path, files: Sequence[str], outdated: Sequence[str]) -> None:
    for name in outdated:
        (root / name).unlink(missing_ok=True)
    for name in files:
        source, target = folder / name, root / name
        if not source.exists():  # moved before
            continue
        if target.is_file() and cmp(source, target, shallow=False):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    shutil.rmtree(folder)
