"""What was made goes into the project in one step.

Beside the present site and data the next ones are made, of links to what stays and of what is new. A plan
is written, and each folder changes places with its successor by one call of the system. Whoever is killed before the
plan is there has changed nothing; what the plan says, the next command finishes. So nobody may write into a file where
it stands: it may have a second name. ``write_whole`` gives a name to a new file. What the folders held before is kept
in ``.tongbao/before``: to make the next ones of it takes less than to make them anew.

Where a file system cannot exchange folders, files are replaced one by one, also by the plan.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from filecmp import cmp
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tongbao.basics.errors import BusyError, ToolError
from tongbao.build.staged import Staged, is_staged
from tongbao.definition.files import (
    PART,
    exchange,
    is_below,
    link,
    link_tree,
    move,
    names_below,
    onto_disk,
    read_kept,
    write_whole,
)
from tongbao.definition.project import TREES, Project

_PLAN = "install.json"
BEFORE = "before"
_PUBLISHES = "publishes"
# Folders that stay, also when the last bulletin is gone.
_STAY = {*TREES, "_site/reports", "reports"}


@contextmanager
def alone(project: Project, *, publishes: bool = False) -> Iterator[None]:
    """Hold the project for one command that makes things; what a killed one left is finished or removed first.

    Arguments:
        project: to be held.
        publishes: whether the command publishes, so that another one can say so.

    Raises:
        BusyError: another one is at work.
    """
    project.work.mkdir(exist_ok=True)
    mark = project.work / _PUBLISHES
    try:
        lock = FileLock(project.work / "build.lock").acquire(timeout=0)
    except Timeout:
        said = (
            "another publication is running in this project"
            if mark.exists()
            else "another build is running in this project"
        )
        raise BusyError(said, hint="wait until it is done") from None
    with lock:
        mark.touch() if publishes else mark.unlink(missing_ok=True)
        _tidy(project)
        try:
            yield
        finally:
            _tidy(project)
            mark.unlink(missing_ok=True)


def settle(project: Project) -> None:
    """Before a command reads: finish what a killed one had begun to install, and clear up behind it."""
    with suppress(OSError):  # not ours to write to
        with suppress(ToolError), alone(project):
            return
        if (_next(project) / _PLAN).is_file():  # somebody is in the midst of it
            with held(project):
                return


@contextmanager
def held(project: Project) -> Iterator[None]:
    """Hold what is built for a moment, to change something in it; also while another command is making things."""
    with FileLock(project.work / "install.lock"):
        _finish(project)
        yield


@contextmanager
def installing(project: Project, made: Iterable[Staged] = (), gone: Iterable[str] = ()) -> Iterator[Project]:
    """The project as it will be, to be completed; put in place when the block ends, dropped when it fails.

    Arguments:
        project: held by ``alone``.
        made: bulletins to be put in.
        gone: names of files and folders that are to go.
    """
    folder, made = _next(project), list(made)
    with held(project):
        try:
            _begin(project, folder)
            outdated = [*gone, *(name for one in made for name in one.outdated)]
            for name in outdated:
                _remove(folder, name)
            for one in made:
                for name in one.files:
                    _put(project, one.folder / name, folder, name)
            yield replace(project, coming=folder)
            _write_plan(project, folder, made, [name for name in outdated if not _in_tree(name)])
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _finish(project)


def _next(project: Project) -> Path:
    return project.made / "next"


def _in_tree(name: str) -> bool:
    return name.startswith(tuple(f"{tree}/" for tree in TREES))


def _begin(project: Project, folder: Path) -> None:
    """Make the folders as they are, from what stood there before the last change: most of it stands yet."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # there was none
        (project.work / BEFORE).replace(folder)
    for tree in TREES:
        (folder / tree).parent.mkdir(parents=True, exist_ok=True)
        if (project.root / tree).is_dir():
            link_tree((project.root / tree).resolve(), folder / tree)
        else:
            shutil.rmtree(folder / tree, ignore_errors=True)
            (folder / tree).mkdir()


def _put(project: Project, source: Path, folder: Path, name: str) -> None:
    """Put a file into the next state, unless the same one is there: it keeps its time."""
    present = (folder if _in_tree(name) else project.root) / name
    if not present.is_file() or not cmp(source, present, shallow=False):
        link(source, folder / name)


def _remove(root: Path, name: str) -> None:
    """Remove a file or folder, and the folders above it that it leaves empty."""
    path = root / name
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    with suppress(OSError):  # not empty
        for parent in path.relative_to(root).parents:
            if parent.as_posix() in (*_STAY, "."):
                break
            (root / parent).rmdir()


def _write_plan(project: Project, folder: Path, made: Sequence[Staged], gone: Sequence[str]) -> None:
    """Say what is to be done, once all that it takes stands on the disk. From here on there is no way back."""
    moved = list(names_below(folder, without=TREES))
    for name in moved:
        (project.root / name).parent.mkdir(parents=True, exist_ok=True)
    plan = {
        "trees": {tree: (folder / tree).stat().st_ino for tree in TREES},
        "moved": moved,
        "gone": [name for name in gone if name not in moved],
        "made": sorted({one.folder.name for one in made}),
    }
    partial = folder / f"{_PLAN}{PART}"
    partial.write_text(json.dumps(plan), "utf-8")
    onto_disk(folder)
    partial.replace(folder / _PLAN)


def _finish(project: Project) -> None:
    """Do what the plan says, if there is one: all of it, or what is left of it."""
    folder, root = _next(project), project.root
    plan = read_kept(folder / _PLAN)
    if not _is_plan(plan):  # none, or not ours: what it would have installed is made again
        return
    for tree, number in plan["trees"].items():
        _replace(folder / tree, root / tree, number)
    for name in plan["moved"]:
        with suppress(FileNotFoundError):  # moved before
            move(folder / name, root / name)
    for name in plan["gone"]:
        _remove(root, name)
    for name in plan["made"]:
        shutil.rmtree(project.made / name, ignore_errors=True)
    (folder / _PLAN).unlink()
    shutil.rmtree(project.work / BEFORE, ignore_errors=True)
    folder.replace(project.work / BEFORE)


def _is_plan(plan: dict[str, Any]) -> bool:
    try:
        names = [*plan["trees"], *plan["moved"], *plan["gone"], *plan["made"]]
        return set(plan["trees"]) <= set(TREES) and all(map(is_below, names))
    except (LookupError, TypeError):
        return False


def _replace(new: Path, present: Path, number: int) -> None:
    """Let a folder take the place of the present one, unless the one of this number stands there already."""
    present = present.resolve()
    if not present.exists():
        if new.exists():
            new.rename(present)
    elif present.stat().st_ino != number and not exchange(new, present):
        for name in names_below(new):
            if not (present / name).is_file() or not cmp(new / name, present / name, shallow=False):
                write_whole(present / name, (new / name).read_bytes())
        for name in list(names_below(present)):
            if not os.path.lexists(new / name):
                _remove(present, name)


def _tidy(project: Project) -> None:
    """Finish or remove what a killed command left; what it had made whole stays for the next build."""
    with held(project):
        pass
    if project.made.is_dir():
        for folder in project.made.iterdir():
            if not is_staged(folder):
                shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # not empty
            project.made.rmdir()
    for pattern in ("", "site/", "site/records/"):
        for path in project.work.glob(f"{pattern}.*{PART}"):
            path.unlink(missing_ok=True)
