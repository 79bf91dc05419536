"""Make a virtual environment and install what a lock pins, with progress: ``python tools/install.py VENV LOCK``.

Runs on the machine's own Python, which has nothing but its library. Every package is in the lock with its hash, so
nothing is resolved; nothing is compiled either: Python does that for the modules that are used. ``uv`` is taken where
it is on PATH, and pip where uv is not or cannot.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from typing import IO

EVERY = 10  # seconds between lines where the output is no terminal
OPTIONS = ("--disable-pip-version-check", "--no-input", "--no-compile", "--progress-bar", "off")


class Install:
    """An installer at work on a lock, followed by what it prints and by what appears in the environment."""

    def __init__(self, venv: Path, lock: Path) -> None:
        self.venv, self.lock = venv, lock
        self.start = self.began = self.said = time.monotonic()

    def run(self, *command: str) -> bool:
        """Returns whether the installer succeeded; ``lines`` hold what it printed."""
        self.lines: list[str] = []
        self.collected = self.unpacked = self.new = 0
        self.packages = len(re.findall(r"^[\w.-]+==", self.lock.read_text("utf-8"), re.MULTILINE))
        self.began, before = time.monotonic(), self._installed()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            reader = Thread(target=self._follow, args=(process.stdout,))
            reader.start()
            while reader.is_alive():
                self.unpacked = self._installed() - before if self.new else 0
                self._show()
                reader.join(0.2)
        return process.returncode == 0

    def say(self, text: str, end: str = "\n") -> None:
        """Write a line, on a terminal over the one before."""
        sys.stdout.write(("\r\033[K" if sys.stdout.isatty() else "") + text + end)
        sys.stdout.flush()
        self.said = time.monotonic()

    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start

    def _show(self) -> None:
        done = (self.collected + self.unpacked) / (self.packages + (self.new or self.packages))
        what = f"fetched {self.collected} of {self.packages} packages" if self.collected else "installing"
        what = f"unpacked {self.unpacked} of {self.new} packages" if self.new else what
        left = (time.monotonic() - self.began) * (1 / done - 1) if done > 0.2 else 0
        text = f"{self.lock.name}: {what}, {self.spent():.0f} s"
        text += f", about {left:.0f} s left" if left else ""
        if sys.stdout.isatty():
            self.say(text, end="")
        elif time.monotonic() - self.said >= EVERY:
            self.say(text)

    def _follow(self, output: IO[str]) -> None:
        for line in output:
            self.lines.append(line)
            if line.startswith("Ignoring "):  # for another system or version of Python
                self.packages -= 1
            elif line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
                self.collected = min(self.collected + 1, self.packages)
            elif line.startswith("Installing collected packages: "):
                self.new = line.count(",") + 1

    def _installed(self) -> int:
        return len(list(self.venv.glob("lib/*/site-packages/*.dist-info")))


def main(venv: Path, lock: Path) -> str | None:
    """Returns what went wrong."""
    if sys.version_info < (3, 11):  # noqa: UP036  # it is here that one learns it
        return "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"
    install, python = Install(venv, lock), str(venv / "bin" / "python")
    if not any(venv.glob("lib/*/site-packages/pip-*.dist-info")):
        install.say(f"{venv}: making the environment")
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    install.say(f"{lock.name}: installing")
    hashed, uv = ("--no-deps", "--require-hashes", "-r", str(lock)), shutil.which("uv")
    by_uv = uv is not None and install.run(uv, "pip", "install", "--python", python, *hashed)
    if not by_uv and not install.run(python, "-m", "pip", "install", *OPTIONS, *hashed):
        return "".join(install.lines[-20:]) + f"could not install {lock}"
    install.say(f"{lock.name}: installed in {install.spent():.0f} s")
    return None


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
