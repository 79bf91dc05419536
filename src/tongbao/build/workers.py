"""Who makes bulletins: processes of this machine, forked from one warm parent."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import wait as wait_for
from secrets import token_hex
from time import sleep
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self, cast

from tongbao.basics.errors import ToolError
from tongbao.basics.surroundings import passed_on
from tongbao.run.bound import can_fork, end_with_parent, warm_context

if TYPE_CHECKING:  # which loads the definitions' models: the warm parent is to begin before that
    from tongbao.build.order import Order, Outcome

# What the warm parent has imported beside a notebook's libraries: the making, and the program that started it.
_PRELOAD = (
    *("tongbao.build.making", "tongbao.render.embedded", "tongbao.render.notebook_markdown", "typst"),
    *("tongbao_chance.review", "tongbao.cli"),
)


_SECONDS_TO_END = 10


class Workers(Protocol):
    """Makes orders, of up to ``parcel`` bulletins where there are many; entered for the time of a build."""

    parcel: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def expect(self) -> None:
        """There will be work: begin to load what it takes."""

    def run(self, orders: Iterable[Order]) -> Iterator[tuple[Order, list[Outcome]]]:
        """Each order with what became of it, as it is done."""


def _begin(draughtsman: str) -> None:
    """A worker's first act; ``draughtsman`` draws for it."""
    _be_ours()
    from tongbao.display.draughtsman import VARIABLE
    from tongbao.run.cells import make_shell
    from tongbao.run.forge import fork_forge

    os.environ[VARIABLE] = draughtsman
    fork_forge(make_shell)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _be_ours() -> None:
    """Before all else: end with the warm parent, which ends with the build; at once, if that is gone already."""
    end_with_parent()
    build = multiprocessing.parent_process()
    if build is not None and wait_for([build.sentinel], 0):
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard's interrupt is for the parent


def _end_with_parent() -> None:
    """End this worker, and with it its kernels, when the build was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _make(order: Order) -> list[Outcome]:
    from tongbao.build.making import make  # heavy, and only a worker needs it

    return make(order)


class _Draughtsman:
    """Who draws for all workers of this process; it needs nothing of the warm parent, and starts while that loads."""

    process: subprocess.Popen[bytes] | None = None
    answers_to = ""

    @classmethod
    def name(cls) -> str:
        """The name that it answers to; empty where nobody can."""
        if can_fork() and (cls.process is None or cls.process.poll() is not None):
            cls.answers_to = f"tongbao-{os.getpid()}-{token_hex(8)}"
            cls.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tongbao.display.draughtsman", cls.answers_to],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=passed_on(os.environ),
                process_group=0,  # the keyboard's interrupt is for the parent
            )
            line = cast("IO[bytes]", cls.process.stdin)
            with suppress(BrokenPipeError):
                line.write(multiprocessing.current_process().authkey)
                line.flush()  # and is open as long as somebody is to draw
            atexit.register(cls.end, cls.process)
        return cls.answers_to

    @staticmethod
    def end(process: subprocess.Popen[bytes]) -> None:
        """End it with this process, whatever it does."""
        process.kill()
        process.wait(_SECONDS_TO_END)


class LocalWorkers:
    """``jobs`` processes of this machine, by default one more than processors.

    What was given to a worker that is lost is given out once more.
    """

    parcel = 4  # what they have in common is put in place once

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or (os.cpu_count() or 1) + 1  # a kernel that starts leaves a processor free for a while
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def expect(self) -> None:
        """There will be work: have the warm parent load what it takes, which takes a second or two."""
        warm_context(*_PRELOAD)
        _Draughtsman.name()

    def run(self, orders: Iterable[Order]) -> Iterator[tuple[Order, list[Outcome]]]:
        """Each order with what became of it, as it is done.

        Raises:
            ToolError: workers were lost twice.
        """
        waiting, lost = iter(orders), []
        for order, done in self._done(waiting):
            if done is None:
                lost.append(order)
            else:
                yield order, done
        for order, done in self._done(iter(lost)):
            if done is None:
                raise ToolError("a worker was killed twice", hint="is there enough memory? try --jobs 1")
            yield order, done

    def _done(self, orders: Iterator[Order]) -> Iterator[tuple[Order, list[Outcome] | None]]:
        """Each order with what became of it; with nothing where its worker was lost."""
        running: dict[Future[list[Outcome]], Order] = {}
        while True:
            running |= {self._submit(order): order for order in islice(orders, 2 * self.jobs - len(running))}
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                order = running.pop(future)
                try:
                    yield order, future.result()
                except BrokenProcessPool:
                    self._stop()
                    yield order, None

    def _submit(self, order: Order) -> Future[list[Outcome]]:
        context = warm_context(*_PRELOAD)
        try:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(self.jobs, context, _begin, (_Draughtsman.name(),))
            return self._executor.submit(_make, order)
        except (BrokenProcessPool, EOFError, OSError) as error:  # a worker is gone, or the warm parent of them all
            sleep(1)  # its line is cut a moment before the system says that it is gone, and another may be started
            lost: Future[list[Outcome]] = Future()
            lost.set_exception(BrokenProcessPool(str(error)))
            return lost

    def _stop(self) -> None:
        """End the workers at once, whatever they do: a thread of theirs may hang."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        workers = list((executor._processes or {}).values())  # noqa: SLF001  # no public way to stop them
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(_SECONDS_TO_END)
        executor.shutdown(cancel_futures=True)
