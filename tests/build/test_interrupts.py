"""Ctrl-C: exit code 130, one message, what stood before as it was, no process and no scratch folder left."""

import os
import signal
import subprocess
import sys

import pytest
from test_batch import at_work, ours, wait_for

from conftest import edit, sums, tongbao

WENZHOU, TAIZHOU = "wenzhou-monthly@2021-01-to-02", "taizhou-andun@2019-04-to-06"
TEXT = "reports/taizhou-andun/2019-04-to-06.md"
E = ("--engine", "embedded")
# What is interrupted, and what shows that it is at work; `review` and `preview` build what was changed.
AT_WORK = ".tongbao/made/*/_quarto.yml"
COMMANDS = {
    "build": ((TAIZHOU, "--force", *E), AT_WORK),
    "review": ((TAIZHOU, "--no-open", *E), AT_WORK),
    "preview": ((TAIZHOU, "--port", "0", *E), AT_WORK),
    "verify": ((WENZHOU, "--rebuild"), ".tongbao/made/*/0/.tongbao/made/*"),
    "publish": (("out",), ".out.tongbao/new-*/*"),
}


def stopped(project, name, mark, number):
    """Send a signal to a command that is at work; what it said and how it ended, once nothing of it runs any more."""
    arguments, sign = COMMANDS[name]
    process = at_work(project, mark, name, *arguments)
    wait_for(lambda: process.poll() is not None or any(project.glob(sign)))
    process.send_signal(number)
    said = process.communicate()[1]
    wait_for(lambda: not ours(mark))
    return process.returncode, said


@pytest.mark.long
@pytest.mark.parametrize("name", COMMANDS)
def test_interrupted(built, tmp_path, name):
    if name == "publish":
        for one in (WENZHOU, TAIZHOU):
            tongbao(built, "approve", one, "--by", "王芳")
    if name in ("review", "preview"):
        edit(built / TEXT, "从6月份开始", "自6月份开始")
    before = sums(built)
    code, said = stopped(built, name, tmp_path, signal.SIGINT)
    assert code == 130, said
    assert "Traceback" not in said
    assert [line for line in said.splitlines() if line.startswith("stopped")] == [said.splitlines()[-1]]
    assert sums(built) == before
    assert not (built / ".tongbao/made").exists()
    assert list(built.glob(".out*")) == []


@pytest.mark.long
def test_a_rebuild_that_was_killed_is_cleared_by_the_next_command(built, tmp_path):
    before = sums(built)
    stopped(built, "verify", tmp_path, signal.SIGKILL)
    assert list(built.glob(".tongbao/made/*"))
    tongbao(built, "list")
    assert not (built / ".tongbao/made").exists()
    assert sums(built) == before


LATE = """
import multiprocessing, os
from types import SimpleNamespace
from tongbao.build import workers
read, write = os.pipe()
multiprocessing.parent_process = lambda: SimpleNamespace(sentinel=read)
os.environ.get("GONE") and os.close(write)
workers._be_ours()
print("goes on")
"""


@pytest.mark.parametrize(("gone", "code", "said"), [("", 0, "goes on\n"), ("1", 1, "")])
def test_who_is_started_by_a_build_that_was_killed_meanwhile_ends_at_once(gone, code, said):
    command = [sys.executable, "-c", LATE]
    done = subprocess.run(command, env=os.environ | {"GONE": gone}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, said)


LOADING = """
import sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "tongbao.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
from tongbao.__main__ import main
main()
"""


def test_while_the_command_loads_it_ends_without_a_traceback():
    ended = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
