"""Publish a correction again and again, each time killed at some moment, and look at the place from outside.

A program of its own, since it forks itself with all that publishing needs loaded: python tests/office/kills.py PROJECT
DEST BEFORE TIMES, where DEST is a folder or git:BRANCH of the project, BEFORE what stood there (a folder, or a commit).
It prints one JSON object. All moments come from one seed; two in three are spread evenly over the whole run, the
third comes right after the next version is there, or after the place has changed. Every other time the programs that it
started are killed with it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tongbao.cli import main
from tongbao_office.tree import read_list
from tongbao_verify.published import LIST, changed

NOTE = "甲县9.9万元应为10.9万元。"


def versions(folder: Path) -> int:
    """How many versions a place holds; it must be whole."""
    assert list(changed(folder)) == []
    known = read_list(folder)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - {".nojekyll"} == {*known.files, LIST}
    return len(known.bulletins[0].versions)


class AFolder:
    """A folder that is published to."""

    def __init__(self, project: Path, name: str, before: str) -> None:
        self.path, self.before = Path(name), Path(before)
        self.staging = self.path.with_name(f".{self.path.name}.tongbao")

    def reset(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(self.before, self.path)

    def state(self) -> object:
        return self.path.stat().st_ino

    def versions(self) -> int:
        return versions(self.path)


class ABranch:
    """A branch of the project's repository that is published to."""

    def __init__(self, project: Path, name: str, before: str) -> None:
        self.project, self.ref, self.before = project, f"refs/heads/{name.removeprefix('git:')}", before
        self.staging = project / ".tongbao/publish"

    def _git(self, *arguments: str | Path, **more: str) -> str:
        command = ["git", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.project, check=True, capture_output=True, text=True, env=os.environ | more
        )
        return done.stdout.strip()

    def reset(self) -> None:
        self._git("update-ref", self.ref, self.before)

    def state(self) -> object:
        return (self.project / ".git" / self.ref).read_text()

    def versions(self) -> int:
        with tempfile.TemporaryDirectory() as name:
            index = {"GIT_INDEX_FILE": f"{name}/index"}
            self._git("read-tree", self.ref, **index)
            self._git("checkout-index", "--all", f"--prefix={name}/tree/", **index)
            return versions(Path(name) / "tree")


def publish(place: str) -> int:
    """Run the command in this process; its exit code."""
    sys.argv = ["tongbao", "publish", place, "--note", NOTE]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def started(place: str) -> int:
    """Start the command in a fork of this process that leads a group of its own."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os._exit(publish(place))
    return child


def watched(place: AFolder | ABranch, name: str) -> float:
    """Let it run to its end; after how many seconds it was done."""
    place.reset()
    began = time.monotonic()
    assert os.waitpid(started(name), 0)[1] == 0
    return time.monotonic() - began


def phase(place: AFolder | ABranch, count: int) -> str:
    """Where it was killed, by what it left."""
    if not place.staging.exists():
        return "before" if count == 1 else "done"
    if count == 2:
        return "changed, not yet cleaned up"
    made = (
        len(read_list(new).bulletins[0].versions) == 2 for new in place.staging.glob("new-*/") if (new / LIST).is_file()
    )
    return "made, not yet changed" if any(made) else "making"


def ready(place: AFolder | ABranch) -> bool:
    """Whether the next version stands there whole, to take the place of what is published."""
    return any((new / LIST).is_file() for new in place.staging.glob("new-*/"))


def is_running(child: int) -> bool:
    """Whether it has not ended yet; it is still to be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def killed(place: AFolder | ABranch, name: str, times: int) -> Iterator[tuple[float, str, int]]:
    """Each time: after which part of a run it was killed, in which phase, and how many versions stood there."""
    moments, count = random.Random(13), 2  # noqa: S311  # no secret
    whole = watched(place, name)
    for number in range(times):
        if count == 2:
            place.reset()
        if number % 10 == 9:  # other work may make it faster or slower
            whole = watched(place, name)
            place.reset()
        was, began, child = place.state(), time.monotonic(), started(name)
        if number % 3 == 2:  # seen, not reckoned: on a busy machine nothing comes when it is expected
            while not (ready(place) if number % 2 else place.state() != was) and is_running(child):
                time.sleep(0.0005)
            time.sleep(moments.uniform(0, whole / 50))
        else:
            time.sleep(moments.uniform(0, 1.1 * whole))
        delay = time.monotonic() - began
        end: Callable[[int, int], None] = os.killpg if number % 2 else os.kill
        with contextlib.suppress(ProcessLookupError):
            end(child, signal.SIGKILL)
        os.waitpid(child, 0)
        count = place.versions()
        yield delay / whole, phase(place, count), count


if __name__ == "__main__":
    root, dest, before, many = Path(sys.argv[1]), *sys.argv[2:]
    os.chdir(root)
    chosen = (ABranch if dest.startswith("git:") else AFolder)(root, dest, before)
    chosen.reset()
    assert publish(dest) == 0  # here, so that all is loaded
    began = time.monotonic()
    found = list(killed(chosen, dest, int(many)))
    assert publish(dest) == 0
    tenths = Counter(min(int(part * 10), 10) for part, _, _ in found)
    sys.stdout.write(
        json.dumps(
            {
                "tenths": [tenths[number] for number in range(11)],
                "phases": Counter(name for _, name, _ in found),
                "versions": Counter(count for _, _, count in found),
                "at the end": chosen.versions(),
                "left beside it": chosen.staging.exists(),
                "seconds": round(time.monotonic() - began),
            }
        )
    )
