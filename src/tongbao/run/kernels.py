"""Warm kernels: a Jupyter kernel forked from a parent that has imported what notebooks import.

A forge is a process without threads that has imported everything and forks a kernel whenever it is asked. A build's
worker, itself forked from the warm parent, forks its own as it starts; any other process that wants a warm kernel has
one made by the fork server of ``multiprocessing``. A forked kernel has its own process, group, folder, environment and
random state, and ends with the process that wanted it, as the forge does.
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
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any, cast
from uuid import uuid4

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type, default

from tongbao.basics.surroundings import passed_on
from tongbao.run.bound import can_fork, warm_context


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel that a kernelspec names; where that cannot be, starts an ordinary one.

    The entry point ``tongbao-warm`` of ``jupyter_client.kernel_provisioners``.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments of a command that runs ``ipykernel_launcher``; without secrets around it."""
        kwargs["env"] = passed_on(kwargs.get("env") or os.environ)
        if not can_fork():
            self.log.warning("kernels cannot be forked on %s: an ordinary one is started", sys.platform)
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        wanted = _Wanted(arguments, str(self.cwd), kwargs["env"], os.getpid())
        forked = forge().fork(wanted)
        self.process = cast("Any", forked)
        self.pid = self.pgid = forked.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and see it end: who asks next finds it gone instead of asking every tenth of a second."""
        process = self.process
        await super().kill(restart)
        if process is not None:
            process.wait(1)


class QuickClient(AsyncKernelClient):
    """A client that is ready when the kernel answers, and does not wait for silence first."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers a request and publishes what it does.

        Raises:
            RuntimeError: it died, or took longer than ``timeout`` seconds.
        """
        left = timeout if timeout is not None else float("inf")
        while left > 0:
            self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                self._handle_kernel_info_reply(reply)
                await self.get_iopub_msg(timeout=1)
            except Empty:
                left -= 1
            else:
                return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it was ready")
        raise RuntimeError(f"the kernel was not ready in {timeout} s")


class WarmManager(AsyncKernelManager):
    """Starts warm kernels, over sockets of Linux' nameless kind: no port is taken by another, and no file is left."""

    client_factory = Type(QuickClient)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernelspec ``tongbao``, also where it is not installed."""
        return KernelSpec.from_resource_dir(str(Path(__file__).parent / "kernelspec"))

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if sys.platform == "linux" else "tcp"

    @default("context")
    def _impatient_context(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        context.setsockopt(
            zmq.RECONNECT_IVL, 5
        )  # milliseconds: a forked kernel is there before the usual tenth of a second
        return context

    @default("ip")
    def _address(self) -> str:
        return f"@tongbao-{uuid4().hex}" if self.transport == "ipc" else "127.0.0.1"


@dataclass(frozen=True)
class _Wanted:
    """A kernel to be: the launcher's arguments, its folder and environment, and the process that it ends with."""

    arguments: Sequence[str]
    folder: str
    environment: dict[str, str]
    starter: int


class _Forge:
    """This process's end of the line to its forge."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def fork(self, wanted: _Wanted) -> _Forked:
        """Have a kernel forked that writes to the streams of this process.

        Raises:
            OSError: the forge is gone; the next one asked for is another.
        """
        memory = os.memfd_create("kernel")
        try:
            os.write(memory, pickle.dumps(wanted))
            socket.send_fds(self._line, [b"k"], [1, 2, memory])
            told = self._line.recv(8)
            if not told:
                raise ConnectionResetError("the forge of kernels is gone")
        except OSError:
            _FORGES.pop(os.getpid(), None)
            raise
        finally:
            os.close(memory)
        return _Forked(int.from_bytes(told, "little"))


_FORGES: dict[int, _Forge] = {}
"""A process's own forge, by its id: what a fork finds here is its parent's."""


def forge() -> _Forge:
    """This process's forge, made when it is first asked for."""
    if os.getpid() not in _FORGES:
        here, there = socket.socketpair()
        context = warm_context()
        context.Process(target=_work, args=(there,), daemon=True).start()  # type: ignore[attr-defined]
        there.close()
        _FORGES[os.getpid()] = _Forge(here)
    return _FORGES[os.getpid()]


def fork_forge() -> None:
    """Make this process's forge by forking it; for one that is warm and has no threads yet.

    Both get a process group of their own, with all programs that are started here: it ends with this process.
    """
    if not can_fork():
        return
    here, there = socket.socketpair()
    os.setpgid(0, 0)
    if os.fork() == 0:
        here.close()
        _work(there, is_ours=True)
    there.close()
    _FORGES[os.getpid()] = _Forge(here)


_KERNELS: set[int] = set()
"""In a forge: the kernels that live."""


def _work(line: socket.socket, *, is_ours: bool = False) -> None:
    """What a forge does, until the other end of the line is gone: then its kernels go, and its group if it has one."""
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        asked, streams, _, _ = socket.recv_fds(line, 1, 3)
        if not asked:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for kernel in _KERNELS:
                with suppress(ProcessLookupError):  # it is about to have a group
                    os.killpg(kernel, signal.SIGKILL)
                os.kill(kernel, signal.SIGKILL)
            if is_ours:
                os.killpg(0, signal.SIGKILL)
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            line.close()
            _be_kernel(*streams)
            os._exit(0)
        _KERNELS.add(pid)
        for stream in streams:
            os.close(stream)
        line.sendall(pid.to_bytes(8, "little"))


def _reap(*_: object) -> None:
    """Let kernels go that have ended; their starters watch them by themselves."""
    with suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            _KERNELS.discard(pid)


class _Forked:
    """A forked kernel with what ``LocalProvisioner`` asks of a ``subprocess.Popen``; how it ended is not known."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._watch = os.pidfd_open(pid)
        except ProcessLookupError:  # gone already
            self._watch = -1

    def poll(self) -> int | None:
        return self.wait(0)

    def wait(self, seconds: float | None = None) -> int | None:
        if self._watch >= 0:
            if not select.select([self._watch], [], [], seconds)[0]:
                return None
            os.close(self._watch)
            self._watch = -1
        return 0

    def send_signal(self, signum: int) -> None:
        if self._watch >= 0:
            signal.pidfd_send_signal(self._watch, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _be_kernel(output: int, errors: int, memory: int) -> None:
    """Become a kernel, as if Python had been started for it."""
    from ipykernel.kernelapp import IPKernelApp  # imported by the parent already

    with os.fdopen(memory, "rb") as file:
        file.seek(0)
        wanted: _Wanted = pickle.load(file)  # noqa: S301  # written by the process that wants the kernel
    for number, stream in ((1, output), (2, errors)):
        os.dup2(stream, number)
        os.close(stream)
    os.setsid()  # a group of its own: a signal to it reaches what the kernel started
    os.environ.clear()
    os.environ.update(wanted.environment)
    os.chdir(wanted.folder)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    starter = os.pidfd_open(wanted.starter)
    threading.Thread(target=_end_with, args=(starter,), daemon=True).start()
    app = IPKernelApp.instance()
    # 1: its starter is watched already, and nobody is to be told how to reach it.
    app.initialize([*wanted.arguments, "--IPKernelApp.parent_handle=1"])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


def _end_with(starter: int) -> None:
    """End this kernel, and what it started, when the process that wanted it is gone."""
    select.select([starter], [], [])
    os.killpg(0, signal.SIGKILL)
