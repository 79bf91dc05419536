"""A papermill engine that runs a notebook's cells in a process forked for it, without a kernel and its messages.

IPython runs the cells as in a kernel, in the shell that a kernel has. What they show goes over one line to papermill's
client, which puts it into the notebook as it does with what a kernel sends: the same outputs, for a third of the time.
"""

from __future__ import annotations

import asyncio
import builtins
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.profiledir import ProfileDir
from IPython.paths import get_ipython_dir
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import from_dict
from nbformat.v4 import new_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from traitlets.config import Config

from tongbao.basics.surroundings import passed_on
from tongbao.run.bound import can_fork
from tongbao.run.forge import Forked, Wanted, forge

_KERNELS = ("python3", "tongbao")
"""Kernels that this engine stands in for."""
_SHOWN = {
    "stream": ("name", "text"),
    "display_data": ("metadata", "data"),
    "execute_result": ("metadata", "data", "execution_count"),
}
"""What a notebook keeps of a message, by its kind."""
_SECONDS_TO_END = 10


class WarmEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Papermill's engine in a build; what it cannot do (no fork, another kernel), the ordinary one does."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, *, done: list[Any] | None = None, **options: Any) -> Any:
        """Run a notebook; the options are those of the ordinary engine.

        Who gives a list as ``done`` finds it there, and papermill gets an empty one, if no cell failed: it would hold
        all to the schema and put it into JSON, also where it is to write no file.
        """
        run = super().execute_notebook(nb, kernel_name, **options)
        if done is None:
            return run
        done.append(run)
        shown = (output for cell in run.cells for output in cell.get("outputs", ()))
        marked = (cell.metadata.get("papermill", {}).get("exception") for cell in run.cells)
        failed = any(marked) or any(one.output_type == "error" for one in shown)
        return run if failed else new_notebook()  # type: ignore[no-untyped-call]

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Run a notebook's cells; the options are those of the ordinary engine.

        Raises:
            DeadKernelError: the process ended on its own.
            CellTimeoutError: a cell took longer than ``execution_timeout`` seconds.
        """
        if not can_fork() or kernel_name not in _KERNELS:
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        taken = {name: options[name] for name in ("log_output", "stdout_file", "stderr_file") if options.get(name)}
        return _Client(nb_man, timeout=options.get("execution_timeout"), record_timing=False, **taken).execute()


class _Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Papermill's client, with a forked process where it has a kernel."""

    def execute(self) -> Any:
        """Run all cells; the notebook is that of the manager."""
        self.reset_execution_trackers()
        with self._forked():
            self.papermill_execute_cells()
        self.nb.metadata["language_info"] = from_dict(IPythonKernel.language_info)  # type: ignore[no-untyped-call]
        return self.nb

    @contextmanager
    def _forked(self) -> Iterator[None]:
        self._line, there = Pipe()
        self._files = {name: os.memfd_create(name) for name in ("stdout", "stderr")}
        self._read = dict.fromkeys(self._files, 0)
        wanted = Wanted(_answer, (), str(Path.cwd()), passed_on(os.environ), os.getpid())
        self._process: Forked = forge().fork(wanted, *self._files.values(), there.fileno())
        there.close()
        try:
            yield
        finally:
            self._line.close()
            _end(self._process)
            for file in self._files.values():
                os.close(file)

    def execute_cell(self, cell: Any, cell_index: int) -> Any:
        """Run one cell and put what it shows into it."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs, self.clear_before_next_output = [], False
        shown, error = self._ask(cell)
        for kind, content in (*shown, *self._written()):
            message = {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content}
            self.process_message(message, cell, cell_index)
        if error and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, error)
        return cell

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Put what a cell shows into it; what is plainly as it should be is not held to the schema piece by piece."""
        kind, content = msg["msg_type"], msg["content"]
        delayed = display_id or self.clear_before_next_output or self.output_hook_stack[None]
        if delayed or kind not in _SHOWN or not _is_plain(content):
            return super().output(outs, msg, display_id, cell_index)
        shown = {"output_type": kind} | {part: content[part] for part in _SHOWN[kind]}
        outs.append(from_dict(shown))  # type: ignore[no-untyped-call]
        return outs[-1]

    def _ask(self, cell: Any) -> tuple[list[Any], dict[str, Any] | None]:
        """What a cell shows, as kind and content of messages, and the error that ended it."""
        seconds = self._get_timeout(cell)
        try:
            self._line.send_bytes(cell.source.encode())
            ended = bool(wait([self._line, self._process.fileno()], seconds))
            if self._line.poll():
                shown, error = json.loads(self._line.recv_bytes())
                return shown, error
        except (EOFError, OSError):
            ended = True
        if ended:  # also where a program that it has started holds the line
            for _ in self._written():
                pass
            raise DeadKernelError("Kernel died")
        raise CellTimeoutError.error_from_timeout_and_cell("", seconds, cell)

    def _written(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What was written past Python since the last cell, as by a program that a cell started; errors are logged."""
        for name, file in self._files.items():
            if written := os.pread(file, os.fstat(file).st_size, self._read[name]):
                self._read[name] += len(written)
                if name == "stderr":
                    os.write(2, written)
                yield "stream", {"name": name, "text": written.decode("utf-8", "replace")}


def _is_plain(content: dict[str, Any]) -> bool:
    """Whether all that a message shows is text, or JSON."""
    shown = content.get("data", {})
    return all(
        isinstance(part, str) or (kind.endswith("json") and isinstance(part, dict)) for kind, part in shown.items()
    )


def _end(process: Forked) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait(_SECONDS_TO_END)


def _answer(line: int) -> None:
    """What the forked process does: cells come in by the line, what they show goes out."""
    record = _Record()
    sys.stdout, sys.stderr = _Stream("stdout", record), _Stream("stderr", record)
    builtins.input = _nobody_answers
    shell = make_shell()
    shell.init_environment()
    shell.ipython_dir = get_ipython_dir()
    for part in (shell.displayhook, shell.display_pub):
        part.session = record
    asyncio.run(_serve(shell, record, Connection(line)))


def make_shell() -> Any:
    """The shell that cells are run in; a forge makes it, so that what is forked there has it already."""
    return ZMQInteractiveShell.instance(
        ipython_dir=str(Path.cwd()),  # not yet the one to be
        config=Config({"HistoryManager": {"enabled": False}}),
        profile_dir=_NoProfile(),
        compiler_class=XCachingCompiler,
        kernel=SimpleNamespace(eventloop=None),
    )


def _nobody_answers(*_: object) -> str:
    raise StdinNotImplementedError("nobody is there to answer")


async def _serve(shell: Any, record: _Record, line: Connection) -> None:
    """Run each cell in one event loop, as a kernel does: what a cell leaves running goes on under the next."""
    loop, came = asyncio.get_running_loop(), asyncio.Event()
    while not shell.exit_now:
        loop.add_reader(line.fileno(), came.set)
        await came.wait()
        loop.remove_reader(line.fileno())
        came.clear()
        source = line.recv_bytes().decode()
        record.shown.append(("execute_input", {"execution_count": shell.execution_count}))
        result = await _run(shell, source)
        sys.stdout.flush()
        sys.stderr.flush()
        error = None
        # What a kernel asks its shell, too.
        if not result.success or shell._last_traceback_during_displayhook:  # noqa: SLF001
            what, lines = result.error_before_exec or result.error_in_exec, shell._last_traceback  # noqa: SLF001
            error = {"ename": type(what).__name__, "evalue": str(what), "traceback": lines or []}
        # No half of a character: nobody could write it.
        said = json.dumps([record.shown, error], ensure_ascii=False, default=json_default)
        line.send_bytes(said.encode("utf-8", "replace"))
        record.shown.clear()


async def _run(shell: Any, source: str) -> Any:
    """IPython's result of a cell."""
    try:
        transformed = shell.transform_cell(source)
    except Exception:  # noqa: BLE001  # told by the shell, which tries again
        return shell.run_cell(source, store_history=True)
    if not shell.should_run_async(source, transformed_cell=transformed):
        return shell.run_cell(source, store_history=True)
    result = await shell.run_cell_async(source, store_history=True, transformed_cell=transformed)
    shell.events.trigger("post_execute")
    shell.events.trigger("post_run_cell", result)
    return result


class _NoProfile(ProfileDir):
    """No folder for what IPython keeps of its user's."""

    def check_dirs(self) -> None:
        """Make none."""


class _Record(Session):
    """Keeps what a shell would send to those who look on."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, dict[str, Any]]] = []

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        """A message as ``send`` takes it."""
        return {"msg_type": msg_type, "content": content}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:  # noqa: ARG002
        """Keep a message, or a content of this kind."""
        message = self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        self.shown.append((message["msg_type"], message["content"]))


class _Stream(io.TextIOBase):
    """A standard stream: what is written is shown when it is flushed, as before whatever else is shown."""

    encoding = "utf-8"

    def __init__(self, name: str, record: _Record) -> None:
        self._name, self._record, self._parts = name, record, list[str]()

    def fileno(self) -> int:
        return {"stdout": 1, "stderr": 2}[self._name]

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        if parts:
            self._record.shown.append(("stream", {"name": self._name, "text": "".join(parts)}))
