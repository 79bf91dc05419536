"""A process of its own for old workbooks (.xls) and those of LibreOffice (.ods).

What a damaged or hostile one does to its reader (memory without end, a circle, an abort) no exception tells of. There
it ends with that process, which may take so much memory and time and no more.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

MEMORY, SECONDS = 2 * 1024**3, 60
_LEAST, _TIMES = MEMORY // 8, 50  # a workbook takes twenty times its own size
_AT_ONCE, _A_SECOND = 0.7, 50_000  # seconds for any workbook, bytes for each further one: a tenth of what is usual
_PROGRAM = (
    "from tongbao.reading.apart import bounded; from tongbao.reading.grid import print_values; "
    "bounded(); print_values()"
)


def told_apart(path: Path) -> Any:
    """What ``grid.print_values`` prints of a file; ``None`` where it came to no good end."""
    command = [sys.executable, "-c", _PROGRAM, str(path.absolute())]
    try:
        return json.loads(subprocess.run(command, capture_output=True, timeout=SECONDS, check=True).stdout)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None


def bounded() -> None:
    """Give this process its bounds, for the file that the command line names; Windows knows none."""
    if sys.platform != "win32":
        import resource

        path = Path(sys.argv[1])
        memory = min(MEMORY, _LEAST + _TIMES * path.stat().st_size)
        with suppress(ValueError, OSError):  # macOS, where every process has more than that
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        end_after_its_time(path)


def end_after_its_time(path: Path) -> None:
    """Have this process ended when reading a file has taken more of a processor than its size accounts for."""
    signal.setitimer(signal.ITIMER_PROF, min(SECONDS, _AT_ONCE + path.stat().st_size / _A_SECOND))
