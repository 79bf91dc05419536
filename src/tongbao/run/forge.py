"""Processes forked from a warm parent, which has imported what notebooks import.

A forge is a process without threads that has imported everything and forks whatever it is asked for. A build's worker,
itself forked from the warm parent, forks its own as it starts; any other process that wants one has it made by the fork
server of ``multiprocessing``. What is forked has its own process, group, folder, environment and random state, and ends
with the process that wanted it, as the forge does.
"""

from __future__ import annotations

import os
import pickle
import random
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from tongbao.run.bound import can_fork, warm_context


@dataclass(frozen=True)
class Wanted:
    """A process to be: what it runs, its folder and environment; it ends with the process ``starter``."""

    run: Callable[..., None]
    arguments: tuple[Any, ...]
    folder: str
    environment: Mapping[str, str]
    starter: int


class Forge:
    """This process's end of the line to its forge."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def fork(self, wanted: Wanted, output: int = 1, errors: int = 2, *passed: int) -> Forked:
        """Have a process forked that writes to the files ``output`` and ``errors``.

        It runs ``wanted.run`` with its arguments and, behind them, its own numbers of the open files ``passed``.

        Raises:
            OSError: the forge is gone; the next one asked for is another.
        """
        memory = os.memfd_create("wanted")
        try:
            os.write(memory, pickle.dumps(wanted))
            socket.send_fds(self._line, [b"k"], [output, errors, memory, *passed])
            told = self._line.recv(8)
            if not told:
                raise ConnectionResetError("the forge of kernels is gone")
        except OSError:
            _FORGES.pop(os.getpid(), None)
            raise
        finally:
            os.close(memory)
        return Forked(int.from_bytes(told, "little"))


_FORGES: dict[int, Forge] = {}
"""A process's own forge, by its id: what a fork finds here is its parent's."""


def forge() -> Forge:
    """This process's forge, made when it is first asked for."""
    if os.getpid() not in _FORGES:
        here, there = socket.socketpair()
        context = warm_context()
        context.Process(target=_work, args=(there,), daemon=True).start()  # type: ignore[attr-defined]
        there.close()
        _FORGES[os.getpid()] = Forge(here)
    return _FORGES[os.getpid()]


def fork_forge(prepare: Callable[[], object]) -> None:
    """Make this process's forge by forking it; for one that is warm and has no threads yet.

    Both get a process group of their own, with all programs that are started here: it ends with this process. What the
    forge does to ``prepare``, all that it forks find done.
    """
    if not can_fork():
        return
    here, there = socket.socketpair()
    os.setpgid(0, 0)
    if os.fork() == 0:
        here.close()
        prepare()
        _work(there, is_ours=True)
    there.close()
    _FORGES[os.getpid()] = Forge(here)


_FORKED: set[int] = set()
"""In a forge: the processes that live."""


def _work(line: socket.socket, *, is_ours: bool = False) -> None:
    """What a forge does, until the other end of the line is gone: then what it forked goes, and its group if any."""
    signal.signal(signal.SIGCHLD, _reap)
    with suppress(OSError):  # the other end went in the midst of it, or there is no room for one process more
        while _fork_next(line):
            pass
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for forked in _FORKED:
        for kill in (os.killpg, os.kill):  # it is about to have a group, or gone
            with suppress(ProcessLookupError):
                kill(forked, signal.SIGKILL)
    if is_ours:
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _fork_next(line: socket.socket) -> bool:
    """Fork what is asked for next; false if nothing is any more."""
    asked, files, _, _ = socket.recv_fds(line, 1, 4)
    if not asked:
        return False
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # none ends before it is known
    pid = os.fork()
    if pid == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        _be_forked(line, files)
    _FORKED.add(pid)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for file in files:
        os.close(file)
    line.sendall(pid.to_bytes(8, "little"))
    return True


def _be_forked(line: socket.socket, files: list[int]) -> NoReturn:
    """Be what was asked for; whatever becomes of it, nothing of the forge runs on in it."""
    code = 1
    try:
        line.close()
        _begin(*files)
        code = 0
    except Exception:  # noqa: BLE001  # told where a process tells it
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _reap(*_: object) -> None:
    """Let those go that have ended; their starters watch them by themselves."""
    with suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            _FORKED.discard(pid)


class Forked:
    """A forked process with what is asked of a ``subprocess.Popen``; how it ended is not known."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._watch = os.pidfd_open(pid)
        except ProcessLookupError:  # gone already
            self._watch = -1

    def fileno(self) -> int:
        """A file that can be read from as soon as the process has ended.

        Raises:
            ProcessLookupError: it has been seen to end.
        """
        if self._watch < 0:
            raise ProcessLookupError(f"process {self.pid} has ended")
        return self._watch

    def poll(self) -> int | None:
        """Whether it has ended: 0, or nothing."""
        return self.wait(0)

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait until it has ended, or so long: 0, or nothing."""
        if self._watch >= 0:
            if not select.select([self._watch], [], [], seconds)[0]:
                return None
            os.close(self._watch)
            self._watch = -1
        return 0

    def send_signal(self, signum: int) -> None:
        """Send it a signal, if it lives."""
        if self._watch >= 0:
            with suppress(ProcessLookupError):  # it has just ended
                signal.pidfd_send_signal(self._watch, signum)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _begin(output: int, errors: int, memory: int, *passed: int) -> None:
    """Be what is wanted, as if Python had been started for it."""
    with os.fdopen(memory, "rb") as file:
        file.seek(0)
        wanted: Wanted = pickle.load(file)  # noqa: S301  # written by the process that wants it
    for number, stream in ((1, output), (2, errors)):
        os.dup2(stream, number)
        os.close(stream)
    os.setsid()  # a group of its own: a signal to it reaches what it started
    os.environ.clear()
    os.environ.update(wanted.environment)
    os.chdir(wanted.folder)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    try:
        starter = os.pidfd_open(wanted.starter)
    except ProcessLookupError:  # gone already
        os._exit(1)
    threading.Thread(target=_end_with, args=(starter,), daemon=True).start()
    wanted.run(*wanted.arguments, *passed)


def _end_with(starter: int) -> None:
    """End this process, and what it started, when the one that wanted it is gone."""
    select.select([starter], [], [])
    os.killpg(0, signal.SIGKILL)
