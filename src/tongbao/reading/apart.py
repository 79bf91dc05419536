"""A process of its own for old workbooks (.xls) and those of LibreOffice (.ods).

What a damaged or hostile one does to its reader (memory without end, a circle, an abort) no exception tells of. There
it ends with that process, which may take so much memory and time and no more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

MEMORY, SECONDS = 2 * 1024**3, 60
_LEAST, _TIMES = MEMORY // 8, 50  # a workbook takes twenty times its own size
_PROGRAM = (
    "from tongbao.reading.apart import bounded; bounded(); "
    "from tongbao.reading.grid import print_values; print_values()"
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

        memory = min(MEMORY, _LEAST + _TIMES * Path(sys.argv[1]).stat().st_size)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
