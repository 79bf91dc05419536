"""Old workbooks (.xls) and those of LibreOffice (.ods), read in a process of its own.

What a damaged or hostile one does to its reader (memory without end, a circle, an abort) no exception tells of. There
it ends with that process, which may take so much memory and time and no more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from tongbao.basics.errors import DataError
from tongbao.reading.grid import GridCell, Sheet, read_values

MEMORY, SECONDS = 2 * 1024**3, 60
_TOLD = ("message", "found", "expected", "hint")


def read_apart(path: Path, file: str) -> list[Sheet]:
    """Every sheet of a workbook.

    Arguments:
        path: where the file is.
        file: how messages name it.

    Raises:
        DataError: as ``grid.read_sheets``.
    """
    command = [sys.executable, "-c", "from tongbao.reading.apart import main; main()", str(path.absolute())]
    try:
        made = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True).stdout
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        hint = "open it in Excel or WPS and save it again as .xlsx"
        raise DataError("not a workbook that can be read", place=file, hint=hint) from None
    found = json.loads(made)
    if isinstance(found, dict):
        place = found.pop("place")
        raise DataError(**found, place=f"{file} {place}".strip())
    return [Sheet(file, name, [list(map(_cell, row)) for row in rows], hidden) for name, rows, hidden in found]


def _cell(told: tuple[str, str | None, str | None]) -> GridCell:
    text, number, problem = told
    return GridCell(text, None if number is None else Decimal(number), problem)


def main() -> None:
    """Read the workbook that the command line names, and print its sheets as JSON, or why it is refused."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    said: Any
    try:
        said = [[sheet.name, sheet.rows, sheet.hidden] for sheet in read_values(Path(sys.argv[1]), "")]
    except DataError as error:
        said = {name: getattr(error, name) for name in (*_TOLD, "place")}
    sys.stdout.write(json.dumps(said, default=_told))


def _told(value: object) -> object:
    """A cell, or its number."""
    return (value.text, value.number, value.problem) if isinstance(value, GridCell) else str(value)
