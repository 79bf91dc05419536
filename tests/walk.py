"""Walking through how-to pages: their files are written, their definitions changed, their commands run, in order.

A page is in English and in Chinese with the same blocks; what the commands print stands on the Chinese one (``out``),
in which language they are run.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, NamedTuple

import yaml

from conftest import ROOT, tongbao

BLOCK = re.compile(r"^```(?P<kind>\w+) ?(?P<where>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT_CODE = re.compile(r"#.*(?:exit code|退出码) (\d)")


class Block(NamedTuple):
    """Something fenced on a page: what it is, what it is for, what stands in it."""

    kind: str
    where: str
    text: str


def page(name: str, lang: str) -> str:
    return (ROOT / "docs" / ("zh" if lang == "zh" else "") / f"{name}.md").read_text("utf-8")


def blocks(text: str) -> list[Block]:
    found = [Block(**block.groupdict()) for block in BLOCK.finditer(text)]
    assert text.count("```") == 2 * len(found)
    return found


def steps(text: str) -> list[Block]:
    """What is to be done on a page, each command by itself, as both languages have it; what is printed is left out."""
    return [
        block._replace(text=shlex.join(shlex.split(line, comments=True)) if block.kind == "sh" else line)
        for block in blocks(text)
        for line in (block.text.splitlines() if block.kind == "sh" else [block.text])
        if block.kind != "out"
    ]


def put(tree: Any, place: str, value: object) -> None:
    """Set a value of a definition; the place is written as series.yml names it, a list's next item may be added."""
    *path, last = place.split(".")
    for name in path:
        tree = tree[int(name)] if isinstance(tree, list) else tree.setdefault(name, {})
    if isinstance(tree, list):
        tree[int(last) : int(last) + 1] = [value]
    else:
        tree[last] = value


def declare(path: Path, place: str, text: str) -> None:
    """Change a definition as a block of a page says."""
    tree, value = yaml.safe_load(path.read_text("utf-8")), yaml.safe_load(text)
    put(tree, place, value[place] if isinstance(value, dict) and place in value else value)
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "utf-8")


class Ran(NamedTuple):
    """A command of a page, how it ended, and the lines that the page shows of what it prints."""

    line: str
    done: CompletedProcess[str]
    shown: list[str]

    def not_printed(self) -> Iterator[str]:
        """The lines of the page that it does not print, in their order; … stands for any, blanks for alignment."""
        printed = iter([line.split() for line in self.done.stdout.splitlines()])
        return (line for line in self.shown if line != "…" and line.split() not in printed)


def _is_approved(later: list[Block]) -> bool:
    """Whether a build is approved before the next one, and so needs every format."""
    lines = [block.text for block in later if block.kind == "sh"]
    next_build = next((number for number, line in enumerate(lines) if line.startswith("tongbao build")), len(lines))
    return any(line.startswith("tongbao approve") for line in lines[:next_build])


def _matters(later: list[Block]) -> bool:
    """Whether something is done with a build before the next one makes the same, or nothing comes after it."""
    for block, after in zip(later, [*later, None][1:], strict=True):
        for line in block.text.splitlines() if block.kind == "sh" else ():
            if line.startswith("tongbao build"):
                return False
            if line.startswith(("tongbao status", "tongbao verify", "tongbao review", "tongbao approve")) or (
                "diff" in line and after and after.kind == "out"
            ):
                return True
    return True


def walk(project: Path, *names: str) -> list[Ran]:
    """Walk through pages in Chinese; every command must end as its page says.

    Of builds that follow each other only those run that matter; the last of all, and what is approved, in every format.
    """
    # Each line of commands as a block of its own.
    found = [block for name in names for block in blocks(page(name, "zh"))]
    steps = [
        block._replace(text=text)
        for block in found
        for text in (block.text.splitlines() if block.kind == "sh" else [block.text])
    ]
    last = max(index for index, step in enumerate(steps) if step.text.startswith("tongbao build"))
    ran: list[Ran] = []
    for index, step in enumerate(steps):
        if step.kind == "sh":
            command, *arguments = shlex.split(step.text, comments=True)
            assert command == "tongbao"
            if arguments[0] == "build":
                if not _matters(steps[index + 1 :]):
                    continue
                whole = index == last or _is_approved(steps[index + 1 :])
                arguments += ["--engine", "embedded", *([] if whole else ["--format", "html"])]
            code = EXIT_CODE.search(step.text)
            done = tongbao(project, "--lang", "zh", *arguments, code=int(code[1]) if code else 0)
            ran.append(Ran(step.text, done, []))
        elif step.kind == "out":
            ran[-1].shown.extend(step.text.splitlines())
        elif step.kind == "yaml":
            file, place = step.where.split()
            declare(project / "reports/water" / file, place, step.text)
        else:
            (project / step.where).parent.mkdir(parents=True, exist_ok=True)
            (project / step.where).write_text(step.text, "utf-8")
    return ran
