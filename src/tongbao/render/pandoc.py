"""One Pandoc that makes all pages of this process: started for each, it takes three times as long."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, cast

from tongbao.basics.errors import Original, ToolError, room_hint
from tongbao.basics.surroundings import passed_on
from tongbao.render.base import failed
from tongbao.run.bound import before_exec

RESOURCES = Path(str(files("tongbao.render") / "resources"))


@cache
def pandoc_program() -> str:
    """The Pandoc that the package brings; another only where it brings none."""
    package = find_spec("pypandoc")  # its import loads what fetches things
    bundled = Path(package.origin or "").parent / "files" / "pandoc" if package else None
    if bundled and bundled.is_file():
        return str(bundled)
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def convert(name: str, order: dict[str, Any], seconds: int) -> None:
    """Have Pandoc convert a text; where somebody kills it, another tries once more.

    Arguments:
        name: ``pandoc on FILE``.
        order: what ``service.lua`` takes: text, from, to, shift, metadata, filters, template, options, folder (whose
            images it uses), epoch and output, a file.
        seconds: how long it may take.

    Raises:
        ToolError: it failed, with what it said; it was killed twice, or it took longer than that.
    """
    with _LOCK:
        try:
            problem = _convert(name, order, seconds)
        except _KilledError:
            problem = _convert(name, order, seconds)
    if problem:
        raise ToolError(f"{name} failed", found=Original(problem), hint=room_hint(problem))


_LOCK = threading.Lock()
_RUNNING: list[_Service] = []
# So many, then another takes its place: Pandoc keeps every filter that it has loaded, and a page takes ever longer.
_PAGES = 100


class _KilledError(ToolError):
    """Somebody has killed Pandoc, as the system does where memory runs out."""


def _convert(name: str, order: dict[str, Any], seconds: int) -> str | None:
    service = _RUNNING.pop() if _RUNNING else _Service()
    if not service.lives or service.made == _PAGES:
        service.end()
        service = _Service()
    problem = service.convert(name, order, seconds)
    _RUNNING.append(service)  # unless it was ended
    return problem


class _Service:
    """A Pandoc that waits for orders; it ends with this process.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # it goes with this object
        self.made = 0  # pages
        self._told = 0  # how much of them it had said before the order at work
        self._answers: SimpleQueue[bytes] = SimpleQueue()
        started: SimpleQueue[subprocess.Popen[bytes] | Exception] = SimpleQueue()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        process = started.get()
        if isinstance(process, Exception):
            raise process
        self._process = process

    def _run(self, started: SimpleQueue[subprocess.Popen[bytes] | Exception]) -> None:
        """Start it and read what it says: this thread lives as long as it does, as what ends with a thread must."""
        command = [
            pandoc_program(),
            *("+RTS", "-A16m", "-RTS"),  # room for a page
            *(f"--data-dir={RESOURCES}", "--from=native", "--to=native"),  # not what a user keeps for Pandoc
            *(f"--lua-filter={RESOURCES / 'service.lua'}", f"--output={os.devnull}", str(RESOURCES / "nothing.native")),
        ]
        pipe, environment = subprocess.PIPE, {**passed_on(os.environ), "LC_ALL": "C.UTF-8"}
        try:
            process = subprocess.Popen(
                command,
                stdin=pipe,
                stdout=pipe,
                stderr=self._errors,
                env=environment,
                preexec_fn=before_exec(),  # noqa: PLW1509  # it makes one call of the system, looked up before
            )
        except Exception as error:  # noqa: BLE001  # somebody waits for it
            started.put(error)
            return
        started.put(process)
        with suppress(BrokenPipeError), process:
            for line in cast("IO[bytes]", process.stdout):
                if line.startswith(b"\1"):  # else a filter printed it
                    self._answers.put(line[1:])
            self._answers.put(b"")

    @property
    def lives(self) -> bool:
        """Whether it still waits for orders: somebody may have ended it."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def convert(self, name: str, order: dict[str, Any], seconds: int) -> str | None:
        """Convert a text; returns what went wrong, where that does not matter to the next.

        Raises:
            _KilledError: somebody killed it.
            ToolError: it ended by itself, or took longer than that, and was ended.
        """
        line = cast("IO[bytes]", self._process.stdin)
        written = json.dumps(order, ensure_ascii=False).encode() + b"\n"
        try:
            line.write(written)
            line.flush()
            answer = self._answers.get(timeout=seconds)
        except (BrokenPipeError, ValueError):  # it is gone, and its line closed
            answer = b""
        except BaseException as error:
            self.end()
            if isinstance(error, Empty):
                raise ToolError(f"{name} took longer than {seconds} s") from None
            raise
        if not answer:
            code = self._process.wait()
            self._errors.seek(self._told)
            raise failed(name, code, self._errors.read(), _KilledError if code < 0 else ToolError)
        self._told = self._errors.seek(0, os.SEEK_END)
        self.made += 1
        problem: str | None = json.loads(answer).get("problem")
        return problem
