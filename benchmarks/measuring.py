"""What commands take, with all the processes that they start."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What commands took: wall-clock and processor seconds, and the largest process in MiB."""

    wall: float
    cpu: float
    peak: float


def adopt_orphans() -> None:
    """Wait for processes that outlive their parent, too, so that they are counted (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def measured(*commands: Sequence[str], folder: Path, errors: bool = False) -> Cost:
    """Run commands one after the other; ``errors`` may be their business.

    Raises:
        subprocess.CalledProcessError: one failed.
    """
    before, began = _used(), time.perf_counter()
    # As on a user's machine: bytecode is kept.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for command in commands:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, cwd=folder, check=not errors, env=environment, **quiet)
    wall = time.perf_counter() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    return Cost(wall, _used() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }
