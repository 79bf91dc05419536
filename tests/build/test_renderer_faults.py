"""A renderer that hangs, dies, says that a disk is full, or makes nothing: named, and nothing else changes."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import sums
from tongbao.basics.errors import ToolError
from tongbao.build import build, making
from tongbao.build.choice import choose
from tongbao.definition.project import Project
from tongbao.render import embedded, pandoc, quarto
from tongbao.render.base import render_batch
from tongbao.render.engines import choose_engine
from tongbao.render.job import RenderJob
from tongbao_site.built import Pages

TAIZHOU = "taizhou-andun@2019-04-to-06"
ON = "pandoc on reports/taizhou-andun/2019-04-to-06.ipynb"
FULL = "openBinaryFile: resource exhausted (No space left on device)"


class Here:
    """Makes bulletins in this process, whose Pandoc is another."""

    parcel = 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        making._database.cache_clear()  # which nobody may have who is forked from here

    def expect(self):
        pass

    def run(self, orders):
        return ((order, making.make(order)) for order in orders)


def started_from(program):
    """Processes that run a script."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(program).encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found


@pytest.mark.further
@pytest.mark.parametrize(
    ("script", "message", "hint"),
    [
        ("while :; do :; done", f"{ON} took longer than 2 s", None),
        ("kill -9 $$", f"{ON} was ended by signal 9", None),
        (f"echo '{FULL}' >&2; exit 1", f"{ON} failed with exit code 1", "make room on that disk, then run it again"),
        ("read line; exit 0", f"{ON} failed with exit code 0", None),
        (
            r"while read -r line; do printf '\1{}\n'; done",
            "embedded reported success but made no reports/taizhou-andun/2019-04-to-06.html",
            None,
        ),
    ],
    ids=["hangs", "dies", "full", "ends", "nothing"],
)
def test_named_and_nothing_else_changes(built, tmp_path, monkeypatch, script, message, hint):
    program = tmp_path / "pandoc"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(pandoc, "pandoc_program", lambda: str(program))
    monkeypatch.setattr(pandoc, "_RUNNING", [])
    monkeypatch.setattr(embedded, "TIMEOUT_SECONDS", 2)
    project, before = Project(built), sums(built)
    by = build.Making(choose_engine("embedded"), Here(), ("html",), force=True)
    result = build.build(project, choose(project, [TAIZHOU], {}), by, Pages())
    error = result.failed[TAIZHOU]
    assert (error.message, error.hint, error.exit_code) == (message, hint, 3)
    assert result.built == []
    assert sums(built) == before
    assert not (built / ".tongbao/made").exists()
    for service in pandoc._RUNNING:  # one that goes on
        service.end()
    assert started_from(program) == []


@pytest.mark.long
def test_what_a_quarto_that_hangs_has_started_ends_with_it(built, tmp_path, monkeypatch):
    program = tmp_path / "quarto"
    again = 'if [ "$1" = again ]; then while :; do sleep 1; done; fi; "$0" again & wait'
    program.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo 1; exit; fi\n{again}\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(quarto, "TIMEOUT_SECONDS", 2)
    job = RenderJob(Path("reports/taizhou-andun/2019-04-to-06.ipynb"), ("html",), 0)
    with pytest.raises(ToolError, match="quarto took longer than 2 s"):
        render_batch(choose_engine("quarto"), Project(built), [job])
    assert started_from(program) == []
