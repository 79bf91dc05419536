"""What the program reads in a process of its own, read in copies of one that waits: a tenth of the time for each."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

from fence import Fence

from tongbao.reading import apart, grid

REALLY_APART, MEMORY = 100, 80 << 20


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
    fence = Fence(folder)
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # where a library says that it has panicked
    os.dup2(sys.stderr.fileno(), 2)
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _read(line.strip(), fence)
        _, status, used = os.wait4(child, 0)
        print(f"\n{status} {used.ru_utime + used.ru_stime}", flush=True)


def _read(path: str, fence: Fence) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        apart.end_after_its_time(Path(path))
        sys.argv, fence.up = ["", path], True
        try:
            grid.print_values()
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001  # what the program's own process would hide
            frame = traceback.extract_tb(error.__traceback__)[-1]
            print(json.dumps(f"{type(error).__name__} at {frame.filename}:{frame.lineno}: {error}"), end="")
        sys.stdout.flush()
        os._exit(0)
    finally:
        os._exit(1)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
