"""Git: its commands, run as they are meant whatever its settings say, and what they answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tongbao.basics.errors import ToolError
from tongbao.render.base import failed, run_program
from tongbao.run.bound import before_exec

REMOTE = "origin"
_SECONDS = 300
_LOCK = re.compile(r"'([^'\n]+\.lock)'")
# Bytes go in and come out as they are, whatever the machine's own settings say.
_AS_IS = ("-c", "core.autocrlf=false", "-c", "core.quotePath=false", "-c", "core.fileMode=false")
# What would have Git look at another repository than that of the folder, as in a hook, or at another history of it.
_ELSEWHERE = ("DIR", "WORK_TREE", "INDEX_FILE", "COMMON_DIR", "OBJECT_DIRECTORY", "PREFIX", "NAMESPACE", "SHALLOW_FILE")


def git(folder: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None, text: str = "") -> str:
    """What a command of Git prints, without the last line's end.

    Raises:
        ToolError: Git is not there, or refuses; with what it said.
    """
    command, around = _prepared(arguments, environment)
    try:
        return run_program("git", command, folder, around, _SECONDS, text).removesuffix("\n")
    except ToolError as error:
        raise _of_lock(error, folder) from None


@contextmanager
def started(
    folder: Path, *arguments: str | Path, text: bytes = b"", environment: Mapping[str, str] | None = None
) -> Iterator[IO[bytes]]:
    """What a command of Git writes, as it writes it; ``text`` is its input.

    Raises:
        ToolError: Git is not there, or refuses; with what it said.
    """
    command, around = _prepared(arguments, environment)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(text)
        given.seek(0)
        process = subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=folder,
            env={**around, "LC_ALL": "C.UTF-8"},
            preexec_fn=before_exec(),  # noqa: PLW1509  # it makes one call of the system, looked up before
        )
        with process:
            assert process.stdout is not None  # noqa: S101  # it is a pipe
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
            process.stdout.read()
        if process.returncode:
            said.seek(0)
            raise _of_lock(failed("git", process.returncode, said.read()), folder)


def _of_lock(error: ToolError, folder: Path) -> ToolError:
    """What is said where a lock is in Git's way, as one that was killed leaves it; else the error as it is."""
    found = _LOCK.search(str(error.found))
    if found is None or not (lock := folder / found[1]).exists():
        return error
    hint = "if no Git is running there, remove this file, then run it again"
    return ToolError("a lock of Git, which runs there or was killed", place=str(lock), hint=hint)


def _prepared(
    arguments: Sequence[str | Path], environment: Mapping[str, str] | None
) -> tuple[list[str | Path], dict[str, str]]:
    """A command of Git and the environment that it runs in."""
    program = shutil.which("git")
    if program is None:
        raise ToolError("git is not on PATH", hint="install Git")
    strange = {f"GIT_{name}" for name in _ELSEWHERE}
    around = {name: value for name, value in os.environ.items() if name not in strange}
    around.update(environment or {})
    return [program, *_AS_IS, *arguments], around


def asked(folder: Path, *arguments: str | Path) -> str:
    """What Git prints; nothing where it is not there, knows nothing of it, or has no repository here."""
    try:
        return git(folder, *arguments)
    except ToolError:
        return ""


def is_branch_name(folder: Path, name: str) -> bool:
    """Whether a branch can have that name; where Git is not there, whoever needs it says so."""
    return shutil.which("git") is None or asked(folder, "check-ref-format", "--branch", name) == name
