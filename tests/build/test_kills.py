"""Killed at any moment: the site is the old or the new one, nothing is left running or lying about, and it goes on."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import tongbao
from monthly_series import write_project

KILLS = int(os.environ.get("TONGBAO_KILLS", "200"))
BUILD = ("build", "--engine", "embedded", "--jobs", "2")
STANDING = {"build.lock", "install.lock", "fonts", "fresh.json", "hashes.json", "logs", "site", "site.json"}


def processes(mark):
    """Those that have our mark in their environment and are no mere entry in a table."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            if f"TONGBAO_TEST={mark}".encode() in (process / "environ").read_bytes().split(b"\0") and state != "Z":
                found.append(int(process.name))
    return found


def hashes(root, *patterns):
    found = (path for pattern in patterns for path in root.glob(pattern) if path.is_file())
    return {path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


def other(state, *known):
    """Which files are not those of any known state; nothing where all are."""
    apart = [sorted(name for name in state.keys() | one.keys() if state.get(name) != one.get(name)) for one in known]
    return [] if [] in apart else apart


class Months:
    """A project of made-up months whose figures are these or those."""

    def __init__(self, root):
        self.root = root
        write_project(root, 2, "html")
        self._figures = {path: path.read_text("utf-8") for path in root.glob("data/raw/*/*/facts.csv")}

    def turn(self, which):
        for path, text in self._figures.items():
            head, inspected, tail = re.split(
                r"(?<=^inspections,全市检查企业,)(\d+)", text, maxsplit=1, flags=re.MULTILINE
            )
            path.write_text(f"{head}{int(inspected) + which}{tail}", "utf-8")

    def site(self):
        return hashes(self.root, "_site/**/*")

    def state(self):
        """All that is built."""
        return hashes(self.root, "_site/**/*", "data/processed/**/*", "reports/*/*.ipynb", "index.ipynb")

    def left(self):
        """What should not be there: work in progress, files on their way."""
        work = self.root / ".tongbao"
        made = [path for path in work.glob("made/*") if not (path / "made.json").is_file()]
        return [
            *made,
            *self.root.rglob("*.part"),
            *(path for path in work.iterdir() if path.name not in {*STANDING, "made"}),
        ]


@pytest.mark.long
def test_killed_at_any_moment(tmp_path, capsys):
    months, mark, dice = Months(tmp_path / "p"), str(tmp_path), random.Random(1)  # noqa: S311  # no secret
    known, seconds = {}, 0.0
    for which in (0, 7, 0):
        months.turn(which)
        begun = time.monotonic()
        tongbao(months.root, *BUILD)
        seconds = time.monotonic() - begun
        known[which] = (months.site(), months.state())
    now, kills, new, late, taken_up, slowest = 0, 0, 0, 0, 0, 0.0
    while kills < KILLS:
        coming = 7 - now
        months.turn(coming)
        process = subprocess.Popen(
            [sys.executable, "-m", "tongbao", *BUILD],
            cwd=months.root,
            env=os.environ | {"TONGBAO_TEST": mark},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(dice.uniform(0, seconds * 1.05))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        begun = time.monotonic()
        assert not other(months.site(), known[now][0], known[coming][0])
        while processes(mark):
            assert time.monotonic() < begun + 60
            time.sleep(0.01)
        slowest = max(slowest, time.monotonic() - begun)
        late += time.monotonic() - begun > 1
        tongbao(months.root, "status", "--engine", "embedded")
        assert not other(months.state(), known[now][1], known[coming][1])
        assert months.left() == []
        new += months.state() == known[coming][1]
        taken_up += bool(list(months.root.glob(".tongbao/made/*")))
        tongbao(months.root, *BUILD)
        assert not other(months.state(), known[coming][1])
        assert months.left() == []
        assert not (months.root / ".tongbao/made").exists()
        now = coming
        if kills % 10 == 0:
            said = (
                f"{kills} kills: {new} when the new site stood, {taken_up} left bulletins to be taken up;"
                f" {late} times a process lived on for over 1 s, {slowest:.2f} s at most"
            )
            with capsys.disabled():
                print(said, flush=True)  # noqa: T201  # the figures that it is run for
