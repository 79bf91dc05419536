"""What Git knows: who changed a period's files last, which decisions were rewritten, and who somebody is here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tongbao.basics.errors import ToolError
from tongbao.render.base import run_program

_SECONDS = 300
# Bytes go in and come out as they are, whatever the machine's own settings say.
_AS_IS = ("-c", "core.autocrlf=false", "-c", "core.quotePath=false", "-c", "core.fileMode=false")


def git(folder: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None, text: str = "") -> str:
    """What a command of Git prints, without the last line's end.

    Raises:
        ToolError: Git is not there, or refuses; with what it said.
    """
    program = shutil.which("git")
    if program is None:
        raise ToolError("git is not on PATH")
    command = [program, *_AS_IS, *arguments]
    return run_program("git", command, folder, os.environ | (environment or {}), _SECONDS, text).removesuffix("\n")


def asked(folder: Path, *arguments: str | Path) -> str:
    """What Git prints; nothing where it is not there, knows nothing of it, or has no repository here."""
    try:
        return git(folder, *arguments)
    except ToolError:
        return ""


def is_branch_name(folder: Path, name: str) -> bool:
    """Whether a branch can have that name; where Git is not there, whoever needs it says so."""
    return shutil.which("git") is None or asked(folder, "check-ref-format", "--branch", name) == name


def last_author(root: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    """Name and address of who made the last change to some files, as committed; nothing where no commit has them."""
    there = [path for path in paths if path.exists()]
    return tuple(asked(root, "log", "-1", "--format=%an%n%ae", "--", *there).splitlines()) if there else ()


def rewritten(root: Path, folder: Path) -> set[str]:
    """The names of files in a folder that were changed or removed after they had been committed, also by a merge."""
    options = ("--diff-filter=MDT", "--no-renames", "--name-only", "--relative")
    past = asked(root, "log", "--format=", "-m", "--full-history", *options, "--", folder)
    now = asked(root, "diff", *options, "HEAD", "--", folder)
    return {line.rpartition("/")[2] for line in (*past.splitlines(), *now.splitlines()) if line}
