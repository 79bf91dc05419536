"""What commands take, with all the processes that they start."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
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
    # As on a user's machine: bytecode is kept.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    quiet, used, began = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}, [], time.perf_counter()
    for command in commands:
        process = subprocess.Popen(command, cwd=folder, env=environment, **quiet)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        used.append(usage)
        if process.returncode and not errors:
            raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            used.append(os.wait3(0)[2])
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    return Cost(wall, cpu, max(one.ru_maxrss for one in used) / 1024)


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "jupyterlab": find_spec("jupyterlab") is not None,  # as environment.yml has it; requirements.lock has not
        "load": os.getloadavg()[0],
    }
