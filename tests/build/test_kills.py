"""Killed at any moment: the site is the old or the new one, nothing is left running or lying about, and it goes on."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from monthly_series import write_project
from tongbao.cli import main

KILLS = int(os.environ.get("TONGBAO_KILLS", "200"))
BUILD = ("build", "--engine", "embedded", "--jobs", "2")
STANDING = {"before", "build.lock", "install.lock", "fonts", "fresh.json", "hashes.json", "logs", "site", "site.json"}
# How far a build is, as its folders say: no bulletin begun, one begun, one made, the next site being put together, its
# plan there, all in.
PHASES = ("loading", "begun", "one made", "together", "exchange", "in")
END = len(PHASES)
# From which phase to which a kill falls: anywhere, then ever closer about the moment when all is put in.
STRETCHES = ((0, END), (2, 3), (2, END), (3, 5), (4, 5), (5, END))


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
    """A project of made-up months whose figures are these or those.

    Its builds that are to be disturbed are processes of their own; other commands run in this one, which is warm.
    """

    def __init__(self, root, count, monkeypatch):
        self.root, self._monkeypatch = root, monkeypatch
        write_project(root, count, "html")
        self._figures = {path: path.read_text("utf-8") for path in root.glob("data/raw/*/*/facts.csv")}
        monkeypatch.chdir(root)
        self.known, self.lengths = {}, [0.0] * END
        for which in (7, 0, 7, 0):
            self.turn(which)
            self.watch(self.start())
            assert not other(self.state(), self.known.setdefault(which, self.state()))

    def start(self):
        return subprocess.Popen(
            [sys.executable, "-m", "tongbao", *BUILD],
            env=os.environ | {"TONGBAO_TEST": str(self.root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments):
        self._monkeypatch.setattr(sys, "argv", ["tongbao", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 0

    def turn(self, which):
        for path, text in self._figures.items():
            head, inspected, tail = re.split(
                r"(?<=^inspections,全市检查企业,)(\d+)", text, maxsplit=1, flags=re.MULTILINE
            )
            path.write_text(f"{head}{int(inspected) + which}{tail}", "utf-8")

    def phase(self, before):
        """The number of the phase that a build is in, which was in another one before."""
        made = self.root / ".tongbao/made"
        if (made / "next/install.json").exists():
            return 4
        if before >= 3 and not (before == 3 and (made / "next").exists()):
            return 5
        return 3 if (made / "next").exists() else 2 if any(made.glob("*/made.json")) else int(any(made.glob("*")))

    def watch(self, process, first=END, share=1.0, last=END):
        """Wait until a build has come through a share of the phases from ``first`` to before ``last``, or has ended."""
        begun, seconds = [time.monotonic()], share * sum(self.lengths[first:last])
        while process.poll() is None and not (len(begun) > first and time.monotonic() > begun[first] + seconds):
            begun += [time.monotonic()] * (self.phase(len(begun) - 1) + 1 - len(begun))
            time.sleep(0.0005)
        ended = [] if process.returncode is None else [time.monotonic()]
        for number, (start, end) in enumerate(pairwise([*begun, *ended])):
            self.lengths[number] = end - start
        return len(begun) - 1

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

    def seconds_to_end(self):
        """Until nothing of a build runs any more."""
        begun = time.monotonic()
        while processes(self.root):
            assert time.monotonic() < begun + 60
            time.sleep(0.01)
        return time.monotonic() - begun

    def goes_on(self, state):
        """The next build makes what there is to make, and leaves nothing else."""
        self.run(*BUILD)
        assert not other(self.state(), state)
        assert self.left() == []
        assert not (self.root / ".tongbao/made").exists()


def of_site(state):
    return {name: known for name, known in state.items() if name.startswith("_site/")}


@pytest.mark.long
def test_killed_at_any_moment(tmp_path, monkeypatch, capsys, record_property):
    months, dice = Months(tmp_path / "p", 2, monkeypatch), random.Random(1)  # noqa: S311  # no secret
    now, coming, fell, slow, said = 0, 7, Counter(), [], ""
    while (kills := sum(fell[name] for name in PHASES)) < KILLS:
        old, new = months.known[now], months.known[coming]
        months.turn(coming)
        process, (first, last) = months.start(), dice.choice(STRETCHES)
        reached = months.watch(process, first, dice.random(), last)
        was_killed = process.poll() is None
        process.kill()
        process.communicate()
        site, is_planned = of_site(months.state()), (months.root / ".tongbao/made/next/install.json").exists()
        assert not other(site, of_site(old), of_site(new))
        is_in = site == of_site(new)
        slow.append(months.seconds_to_end())
        months.run("status", "--engine", "embedded")  # any command
        assert not other(months.state(), new if is_planned or is_in else old)
        assert months.left() == []
        is_kept = any(months.root.glob(".tongbao/made/*"))
        months.goes_on(new)
        now, coming = coming, now
        if was_killed:
            fell += Counter([PHASES[4 if is_planned else 5 if is_in else min(reached, 3)]])
            fell += Counter({"old": not (is_planned or is_in), "taken up": is_kept})
        if was_killed and (kills + 1) % 10 == 0:
            said = ", ".join(f"{name} {fell[name]}" for name in (*PHASES, "old", "taken up"))
            late = sum(seconds > 1 for seconds in slow)
            said = f"{kills + 1} kills: {said}; {late} lived on over 1 s, at most {max(slow):.2f} s"
            with capsys.disabled():
                print(said, flush=True)  # noqa: T201  # told
    record_property("a build", said)
    assert KILLS < 100 or all(fell[name] for name in (*PHASES, "taken up"))


def kin(process):
    """The processes below a build's, each with what it is."""
    known = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = stat.read_text().rpartition(")")
            line = stat.with_name("cmdline").read_bytes()
            name = "draughtsman" if b"display.draughtsman" in line else name.partition("(")[2]
            if b"resource_tracker" not in line:
                known[int(stat.parent.name)] = (name, rest.split()[0], int(rest.split()[1]))
    depth = {process: 0}
    while more := {one: depth[up] + 1 for one, (_, _, up) in known.items() if up in depth and one not in depth}:
        depth |= more
    kinds = ("server", "worker", "forge", "kernel")
    return {
        one: known[one][0] if known[one][0] in ("pandoc", "draughtsman") else kinds[min(below, 4) - 1]
        for one, below in depth.items()
        if below and known[one][1] != "Z"
    }


@pytest.mark.long
def test_one_process_of_a_build_is_killed(tmp_path, monkeypatch, record_property):
    """Another takes its place, or one message says what failed and the old site stands."""
    months, dice = Months(tmp_path / "p", 1, monkeypatch), random.Random(2)  # noqa: S311  # no secret
    now, coming, fell = 0, 7, Counter()
    while fell.total() < KILLS // 5:
        months.turn(coming)
        process, wanted = months.start(), dice.choice(("server", "worker", "forge", "kernel", "pandoc", "draughtsman"))
        months.watch(process, 1, 0.9 * dice.random() if wanted != "pandoc" else 0, 2)
        found = []
        while process.poll() is None and not found:
            found = [one for one, kind in kin(process.pid).items() if kind == wanted]
        if found:
            os.kill(dice.choice(found), signal.SIGKILL)
        _, said = process.communicate()
        is_made, told = process.returncode == 0, [line for line in said.splitlines() if line.startswith("error ")]
        assert "Traceback" not in said, (wanted, said)
        assert len(told) == (not is_made), (wanted, said)
        months.seconds_to_end()
        assert not other(months.state(), months.known[coming if is_made else now]), (wanted, said)
        assert months.left() == []
        fell[f"{wanted} {'made good' if is_made else told[0].partition('original')[0]}"] += 1
        months.goes_on(months.known[coming])
        now, coming = coming, now
    record_property("one process of a build", ", ".join(f"{count} {what}" for what, count in sorted(fell.items())))
