"""Papermill runs a period's notebook; what comes out is put into the shape that gives the same page each time."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tongbao.basics.errors import Original, ToolError, room_hint, said_in_kernel
from tongbao.display.draughtsman import at_work
from tongbao.run import CELL_SECONDS
from tongbao.run.kernels import WarmManager
from tongbao.run.notebooks import cleaned, read_notebook, write_notebook


@dataclass(frozen=True)
class Execution:
    """A notebook to run: absolute paths, papermill parameters, and where the kernel's messages go.

    ``environment`` is added to the kernel's; ``seconds`` is how long a cell may take, a guard against what never ends.
    """

    notebook: Path
    output: Path
    parameters: dict[str, Any]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: int = CELL_SECONDS


def execute(job: Execution) -> Path:
    """Run one notebook with papermill and leave it, cleaned, at ``job.output``.

    A kernel that is lost is started once more.

    Raises:
        ToolError: a cell failed or took too long, or the kernel died twice; with the cell's error.
    """
    import papermill
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError

    from tongbao.run.cells import WarmEngine

    papermill_engines.register("tongbao", WarmEngine)

    logging.getLogger("papermill").setLevel(logging.WARNING)
    job.log.parent.mkdir(parents=True, exist_ok=True)
    job.output.parent.mkdir(parents=True, exist_ok=True)
    done: list[Any] = []
    options = {
        "parameters": job.parameters,
        "cwd": str(job.folder),
        "kernel_name": "python3",  # what the notebook says of itself; how it is started says the manager
        "engine_name": "tongbao",
        "kernel_manager_class": WarmManager,  # where nothing can be forked
        "execution_timeout": job.seconds,
        "request_save_on_cell_execute": False,
        "progress_bar": False,
        "done": done,
    }
    for attempt in (1, 2):
        with _stderr_to(job.log), _environment({**job.environment, **at_work()}):
            try:
                papermill.execute_notebook(str(job.notebook), None, **options)
                break
            except PapermillExecutionError as error:
                raise ToolError(
                    f"cell {error.exec_count} of {job.notebook.name} failed",
                    place=str(job.notebook),
                    found=said_in_kernel(error.ename, error.evalue),
                    hint=room_hint(error.evalue) or f"open the notebook in JupyterLab, or read {job.log}",
                ) from None
            except TimeoutError as error:
                number = _late(job, error)
                message = f"cell {number} of {job.notebook.name} took longer than {job.seconds} s"
                hint = "--cell-timeout gives a cell more seconds"
                raise ToolError(message, place=str(job.notebook), found=Original(str(error)), hint=hint) from None
            except Exception as error:
                if attempt == 1:  # lost kernels are found again
                    continue
                message = f"the kernel for {job.notebook.name} failed"
                raise ToolError(message, found=Original(repr(error)), hint=f"read {job.log}") from error
    write_notebook(cleaned(done[-1]), job.output)
    return job.output


def _late(job: Execution, error: TimeoutError) -> int:
    """The number of the cell that an error of nbclient quotes; papermill puts one in behind that of the parameters."""
    from nbclient.exceptions import CellTimeoutError

    number = 0
    for cell in read_notebook(job.notebook).cells:
        if cell.cell_type == "code":
            number += 1
            quoted = str(CellTimeoutError.error_from_timeout_and_cell("", job.seconds, cell)).partition("contents:")[2]
            if str(error).endswith(quoted):
                break
            number += "parameters" in cell.metadata.get("tags", ())
    return number


def notebook_parameters(series: str, period: str, lang: str, values: dict[str, Decimal]) -> dict[str, Any]:
    """A bulletin's parameters as papermill injects them: whole numbers as int, others as float."""
    numbers = {
        name: int(value) if value == value.to_integral_value() else float(value) for name, value in values.items()
    }
    return {"series": series, "period": period, "lang": lang, **numbers}


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    """Give kernels that start meanwhile some more variables."""
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _stderr_to(path: Path) -> Iterator[None]:
    """Send this process's error stream, and that of kernels it starts, to a file."""
    saved = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
