"""What the program reads in a process of its own, read in copies of one that waits: a fiftieth of the time for each."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from fence import Fence

from tongbao.reading import apart, grid

REALLY_APART, AT_A_TIME, ALL, MEMORY = 1000, 50, 7, 12 << 20  # bytes beyond its own


class Copies:
    """A process that waits, within a fence; ``seconds`` is what all copies took of the processor."""

    seconds = 0.0

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, __file__, str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked = 0

    def told_apart(self, path: Path) -> Any:
        """As the program's own, which reads one in some; a fault of ours that it would hide is raised."""
        self.asked += 1
        if self.asked % REALLY_APART == 0:
            return apart.told_apart(path)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        said, (status, seconds) = self.process.stdout.readline(), self.process.stdout.readline().split()
        Copies.seconds += float(seconds)
        if status != "0":
            return None
        told = json.loads(said)
        if isinstance(told, str):
            raise RuntimeError(told)  # noqa: TRY004  # its text
        return told


def _serve(folder: Path) -> None:
    """Answer through copies, each of which reads some files, or the one that ends it."""
    fence, apart._AT_ONCE = Fence(folder), 0.04  # seconds: the few that go in a circle would take most of the time
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # where a library says that it has panicked
    os.dup2(sys.stderr.fileno(), 2)
    while True:
        if (child := os.fork()) == 0:
            _read_some(fence)
        _, status, used = os.wait4(child, 0)
        if os.waitstatus_to_exitcode(status) == ALL:
            return
        if status:
            print(f"\n{status} {used.ru_utime + used.ru_stime}", flush=True)


def _read_some(fence: Fence) -> None:
    try:
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        for _ in range(AT_A_TIME):
            if not (path := os.read(0, 4096).decode().strip()):
                os._exit(ALL)
            begun = time.process_time()
            apart.end_after_its_time(Path(path))
            sys.argv, fence.up = ["", path], True
            try:
                grid.print_values()
            except MemoryError:
                raise
            except BaseException as error:  # noqa: BLE001  # what the program's own process would hide
                frame = traceback.extract_tb(error.__traceback__)[-1]
                print(json.dumps(f"{type(error).__name__} at {frame.filename}:{frame.lineno}: {error}"), end="")
            fence.up = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            print(f"\n0 {time.process_time() - begun}", flush=True)
        os._exit(0)
    finally:
        os._exit(1)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
