"""The log of a build for machines: one JSON object a line, appended to a file as the build goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from tongbao.basics.errors import TongbaoError

if TYPE_CHECKING:
    from tongbao.build.order import Outcome

# The exit code of a command that an interrupt from the keyboard ends.
INTERRUPTED = 130


class Log:
    """A build's log, as ``schemas/log.schema.json`` says; without a file nothing is written.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path, self._began = path, monotonic()
        self.counts = {"built": 0, "unchanged": 0, "failed": 0}

    @property
    def seconds(self) -> float:
        """Since the command began."""
        return round(monotonic() - self._began, 3)

    def bulletin(self, name: str, outcome: str, seconds: float = 0.0, error: TongbaoError | None = None) -> None:
        """What became of a bulletin."""
        self.counts[outcome] += 1
        self.write("bulletin", bulletin=name, outcome=outcome, seconds=round(seconds, 3), error=error and str(error))

    def made(self, outcome: Outcome) -> None:
        """What became of one that was made."""
        self.bulletin(outcome.id, "failed" if outcome.error else "built", outcome.seconds, outcome.error)

    def write(self, event: str, **values: Any) -> None:
        """Write a line."""
        if self._path is None:
            return
        from tongbao.bulletin.schemas import LogRecord  # which a build without a log need not load

        time = datetime.now().astimezone().isoformat(timespec="milliseconds")
        record = LogRecord(time=time, event=event, **{"seconds": self.seconds, **values})
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(record.model_dump_json() + "\n")
        except OSError as error:  # where there is no room it names no file
            error.filename = str(self._path)
            raise


@contextmanager
def logged(path: Path | None) -> Iterator[Log]:
    """A log with a line at the begin and one at the end, however it ends."""
    log = Log(path)
    log.write("start")
    end: dict[str, Any] = {"outcome": "failed", "exit": 1}
    try:
        yield log
        end = {"outcome": "done", "exit": 0}
    except KeyboardInterrupt:
        end = {"outcome": "stopped", "exit": INTERRUPTED}
        raise
    except (TongbaoError, OSError) as error:
        end = {"outcome": "failed", "exit": getattr(error, "exit_code", 3), "error": str(error)}
        raise
    finally:
        log.write("end", **end, **log.counts)
