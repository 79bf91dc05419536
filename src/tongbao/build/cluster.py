"""Who makes bulletins: the workers of a Dask cluster. Inputs travel with the task and results back; no shared disk."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tongbao.basics.errors import ToolError, UsageError
from tongbao.build.order import Order, Outcome

_SECONDS_TO_CONNECT = 20
ORDER, RESULT = "order.pickle", "result.pickle"


@dataclass(frozen=True)
class Shipped:
    """An order with its inputs, or what became of it with the files made: bytes by name relative to the project."""

    files: Mapping[str, bytes]
    order: Order | None = None
    outcomes: tuple[Outcome, ...] = ()


class ClusterWorkers:
    """The workers of the scheduler at ``address``, ``tcp://HOST:PORT``; they need this version of Tongbao installed.

    A worker that is lost takes nothing with it: the scheduler gives its orders to another. The index is made here.

    Raises:
        UsageError: when made, where Dask is not installed.
    """

    parcel = 8

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            hint = "install it: `python -m pip install -e '.[dask]'`"
            raise UsageError("--scheduler needs Dask, which is not installed", hint=hint) from None
        self._dask: Any = distributed  # has no types
        self.address = address

    def __enter__(self) -> Self:
        try:
            self._client = self._dask.Client(self.address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            hint = "is it running? `dask scheduler` says its address"
            raise ToolError("no scheduler answers", place=self.address, found=str(error), hint=hint) from None
        if not self._client.scheduler_info()["workers"]:
            self._client.close()
            raise ToolError("the scheduler has no workers", place=self.address, hint=f"dask worker {self.address}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def expect(self) -> None:
        """There will be work: those at the cluster load for themselves."""

    def run(self, orders: Iterable[Order]) -> Iterator[tuple[Order, list[Outcome]]]:
        """Each order with what became of it, as it is done.

        Raises:
            ToolError: the cluster gave an order up.
        """
        waiting, running = iter(orders), dict[Future[Shipped], Order]()
        executor = self._client.get_executor(pure=False)
        while True:
            room = 2 * sum(worker["nthreads"] for worker in self._client.scheduler_info()["workers"].values())
            running |= {
                executor.submit(make_there, packed(order)): order
                for order in islice(waiting, max(room, 1) - len(running))
            }
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                order = running.pop(future)
                try:
                    made = future.result()
                except self._dask.KilledWorker as lost:
                    raise ToolError("the cluster lost every worker that tried", found=str(lost)) from None
                write_files(made.files, order.folder)
                yield order, list(made.outcomes)


def packed(order: Order) -> Shipped:
    """An order with its inputs."""
    names = {name for task in order.tasks for name in task.manifest.inputs}
    return Shipped({name: (order.root / name).read_bytes() for name in sorted(names)}, order)


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def make_there(shipped: Shipped) -> Shipped:
    """Make an order on a worker, in a process of its own that ends with the worker.

    Raises:
        ToolError: that process failed.
    """
    folder = Path(tempfile.mkdtemp(prefix="tongbao-", dir=_own_folder()))
    try:
        (folder / ORDER).write_bytes(pickle.dumps(shipped))
        command = [sys.executable, "-m", "tongbao.build.remote", str(folder)]
        # Its input stays open as long as this worker lives.
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        ) as process:
            said = process.stderr.read() if process.stderr else b""
            code = process.wait()
        if code:
            raise ToolError(f"a worker failed with exit code {code}", found=said.decode(errors="replace")[-2000:])
        made: Shipped = pickle.loads((folder / RESULT).read_bytes())  # noqa: S301  # our own process wrote it
        return made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _own_folder() -> str | None:
    """Where Dask keeps a worker's files, and removes them if the worker was killed."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # no worker
        return None
