"""Warm kernels: a Jupyter kernel forked from a parent that has imported what notebooks import.

The parent is the fork server of ``multiprocessing``: started once by the first kernel that a process wants, without
threads, and gone with that process. A forked kernel has its own process, group, folder, environment and random state.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from queue import Empty
from typing import Any, cast
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import DottedObjectName, default

# What the parent imports: the libraries of a notebook, and the program that started it.
PRELOAD = ["__main__", "tongbao.run.warm"]


def can_fork() -> bool:
    """Whether kernels can be forked here: not on Windows, and not on macOS, whose own libraries hold threads."""
    return "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def warm_context(*preload: str) -> multiprocessing.context.BaseContext:
    """How processes are started here: from the warm parent where there can be one; ``preload`` adds modules to it."""
    if not can_fork():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOAD, *preload])
    return context


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel that a kernelspec names; where that cannot be, starts an ordinary one.

    The entry point ``tongbao-warm`` of ``jupyter_client.kernel_provisioners``.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments of a command that runs ``ipykernel_launcher``."""
        if not can_fork():
            self.log.warning("kernels cannot be forked on %s: an ordinary one is started", sys.platform)
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        forked = _Forked(arguments, self.cwd, kwargs.get("env") or os.environ)
        self.process = cast("Any", forked)
        self.pid = self.pgid = forked.pid
        return self.connection_info


class WarmManager(AsyncKernelManager):
    """Starts warm kernels, over sockets of Linux' nameless kind: no port is taken by another, and no file is left."""

    client_class = DottedObjectName("tongbao.run.kernels.QuickClient")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernelspec ``tongbao``, also where it is not installed."""
        return KernelSpec.from_resource_dir(str(Path(__file__).parent / "kernelspec"))

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if sys.platform == "linux" else "tcp"

    @default("ip")
    def _address(self) -> str:
        return f"@tongbao-{uuid4().hex}" if self.transport == "ipc" else "127.0.0.1"


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


class _Forked:
    """A forked kernel with what ``LocalProvisioner`` asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
        context = warm_context()
        process: BaseProcess = context.Process(  # type: ignore[attr-defined]  # every context has it
            target=_be_kernel, args=(list(arguments), str(folder), dict(environment), _Streams()), daemon=True
        )
        process.start()
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        os.kill(self._process.pid or 0, signum)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


class _Streams:
    """This process's output and error stream, for a kernel to write to: its parent has others."""

    def __getstate__(self) -> list[Any]:
        return [DupFd(1), DupFd(2)]

    def __setstate__(self, streams: list[Any]) -> None:
        self._streams = streams

    def take(self) -> None:
        for number, stream in enumerate(self._streams, start=1):
            received = stream.detach()
            os.dup2(received, number)
            os.close(received)


def _be_kernel(arguments: list[str], folder: str, environment: dict[str, str], streams: _Streams) -> None:
    """Become a kernel, as if Python had been started for it."""
    from ipykernel.kernelapp import IPKernelApp  # imported by the parent already

    os.setsid()  # a group of its own: a signal to it reaches what the kernel started
    streams.take()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler if name == signal.SIGINT else signal.SIG_DFL)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    app = IPKernelApp.instance()
    # 1: its starter is watched already, and nobody is to be told how to reach it.
    app.initialize([*arguments, "--IPKernelApp.parent_handle=1"])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


def _end_with_starter() -> None:
    """End this kernel, and what it started, when the process that wanted it is gone."""
    starter = multiprocessing.parent_process()
    if starter is not None:
        wait([starter.sentinel])
        os.killpg(0, signal.SIGKILL)
