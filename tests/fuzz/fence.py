"""What may be touched while an input is read; it imports nothing that is tried."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
APART = "from tongbao.reading.apart import "  # where old workbooks are read
_WRITES = {"os.remove": 0, "os.rmdir": 0, "os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.chmod": 0, "os.truncate": 0}  # fmt: skip
_NEVER = ("subprocess.", "socket.connect", "socket.bind", "socket.getaddrinfo", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile", "ctypes.dlopen", "pickle.")  # fmt: skip


class EscapeError(BaseException):
    """Something outside the folder was touched."""


class Fence:
    """What may be touched while an input is read."""

    def __init__(self, folder: Path) -> None:
        self.up = False
        self.inside = (str(folder),)
        known = {
            sys.prefix,
            sys.base_prefix,
            os.path.realpath(sys.prefix),
            str(ROOT / "src"),
            str(ROOT / "tests"),
            str(ROOT / "reports"),
        }
        self.program = (
            *known,
            "/usr/share/zoneinfo",
            "/dev/null",
            "/dev/urandom",
            "/proc/",
            "/sys/",
            "/etc/localtime",
            "/lib",
            "/usr/lib",
        )
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.up:
            return
        paths: tuple[object, ...] = ()
        if event == "open":
            path, mode, flags = arguments
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or bool(mode and set(mode) & set("wax+"))
            allowed = (*self.inside, "/dev/null") if writes else (*self.inside, *self.program)
            if isinstance(path, int):
                return
            real = os.path.realpath(os.fsdecode(path))
            if not real.startswith(allowed):
                self._stop(f"{event} {real} {mode}")
        elif event in _WRITES:
            paths = arguments[: _WRITES[event] + 1]
        elif (
            event == "subprocess.Popen"
            and arguments[1][:2] == [sys.executable, "-c"]
            and arguments[1][2].startswith(APART)
        ) or (event == "ctypes.dlopen" and arguments == (None,)):
            return
        elif event.startswith(_NEVER):
            self._stop(f"{event} {arguments}"[:200])
        for path in paths:
            if isinstance(path, str | bytes | os.PathLike) and not os.path.realpath(os.fsdecode(path)).startswith(
                self.inside
            ):
                self._stop(f"{event} {path!r}")

    def _stop(self, what: str) -> None:
        self.up = False
        raise EscapeError(what)
