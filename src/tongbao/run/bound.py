"""Processes that end with the one that started them, also when that is killed on the spot.

On Linux the kernel sees to it; elsewhere a child watches for itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tongbao.basics.surroundings import only_passed_on

_PR_SET_PDEATHSIG = 1
# What the warm parent imports: the libraries of a notebook, and the program that started it.
PRELOAD = ["__main__", "tongbao.run.warm_parent", "tongbao.run.warm"]
# Names the process that started the warm parent.
_STARTER = "TONGBAO_STARTER"

if sys.platform == "linux":
    import ctypes

    _prctl = ctypes.CDLL(None).prctl  # here: between fork and exec nothing is looked up


def end_with_parent() -> None:
    """Have this process killed when the thread that started it is gone; nothing where the system cannot."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def before_exec() -> Callable[[], None] | None:
    """What a program that is started does first; a worker's programs end with its process group."""
    return end_with_parent if sys.platform == "linux" and multiprocessing.parent_process() is None else None


def can_fork() -> bool:
    """Whether kernels can be forked here: on Linux; Windows cannot, and macOS' own libraries hold threads."""
    return sys.platform == "linux"


def warm_context(*preload: str) -> multiprocessing.context.BaseContext:
    """How processes are started here: from the warm parent where there can be one; ``preload`` adds modules to it."""
    if not can_fork():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOAD, *preload])
    with only_passed_on():  # what it starts with, all that it forks can look up
        _start_warm_parent()
    return context


def _start_warm_parent() -> None:
    """Start the fork server, unless it runs. An interrupt from the keyboard is for us, also while it loads."""
    from multiprocessing import forkserver, resource_tracker  # not on Windows

    resource_tracker.ensure_running()  # it lets interrupts in again when it is there
    is_main = threading.current_thread() is threading.main_thread()  # another thread may end before we do
    with _named(str(os.getpid()) if is_main else ""):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def _named(starter: str) -> Iterator[None]:
    os.environ[_STARTER] = starter
    try:
        yield
    finally:
        del os.environ[_STARTER]


def begin_warm_parent() -> None:
    """The fork server's first act, and nobody else's: ``run/warm.py`` takes seconds to load."""
    starter = os.environ.pop(_STARTER, None)
    if starter is None:
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads are not forked, and there is nothing for them to do
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if starter:
        end_with_parent()
        if starter != str(os.getppid()):  # gone already
            os._exit(1)
