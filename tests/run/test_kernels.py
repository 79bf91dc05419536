"""Warm kernels: as good as fresh ones, gone with whoever wanted them, and found again when they are lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest

from tongbao.basics.errors import ToolError
from tongbao.run.bound import can_fork
from tongbao.run.execute import Execution, execute
from tongbao.run.forge import forge

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels cannot be forked on this system")


def notebook(path: Path, *cells: str) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(made, path)
    return path


def run(folder: Path, *cells: str) -> list[str]:
    """What the cells of a notebook print, run by a warm kernel in ``folder``."""
    source = notebook(folder / "in.ipynb", *cells)
    job = Execution(source, folder / "out.ipynb", {}, folder, folder / "kernel.log")
    return [
        "".join(output.get("text", "") for output in cell.outputs).strip()
        for cell in nbformat.read(execute(job), 4).cells
    ]


WHO = """
import os, random, sys
import numpy, pandas
print(os.getpid(), os.getcwd(), hasattr(pandas, "left"), os.environ.get("LEFT"), random.random(), numpy.random.random())
"""
LEAVE = """
import signal
pandas.left, os.environ["LEFT"] = 1, "1"
sys.modules["left"] = sys
random.seed(1)
os.chdir("/")
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("left", "left" in sys.modules)
"""


def test_nothing_leaks_from_one_run_to_the_next(tmp_path):
    """Own process, folder, environment, modules and random state; what a run leaves behind dies with it."""
    found = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        who, left = run(folder, WHO, "print('left' in sys.modules)\n" + LEAVE)[:2]
        pid, place, attribute, variable, *random = who.split()
        assert (place, attribute, variable) == (str(folder), "False", "None")
        assert left.splitlines()[0] == "False"
        found.append((pid, *random))
    assert not set(found[0]) & set(found[1])
    assert not any(process_is_there(int(pid)) for pid, *_ in found)


def process_is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_kernel_that_is_lost_once_is_started_again(tmp_path):
    cell = """
import os, pathlib, signal
mark = pathlib.Path("lost")
if not mark.exists():
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
print("done")
"""
    assert run(tmp_path, cell) == ["done"]


def test_a_kernel_that_is_lost_is_missed_though_a_program_of_its_own_lives_on(tmp_path):
    """It holds the line on which the kernel would have answered, past any limit for a cell."""
    cell = """
import os, pathlib, signal, time
mark = pathlib.Path("lost")
if not mark.exists():
    mark.touch()
    if os.fork() == 0:
        os.setsid()
        while mark.exists():
            time.sleep(0.01)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
mark.unlink()
print("done")
"""
    assert run(tmp_path, cell) == ["done"]


def test_a_forge_that_is_lost_is_made_again(tmp_path):
    line = forge()._line
    line.shutdown(socket.SHUT_RDWR)  # as when it was killed
    assert run(tmp_path, "print('done')") == ["done"]
    assert forge()._line is not line


ASK_AND_GO = """
import os, socket, time
from contextlib import suppress
from tongbao.run.forge import Wanted, forge, fork_forge
fork_forge(lambda: None)
line = forge()._line
line.shutdown(socket.SHUT_RD)  # as when it is killed before the answer
with suppress(ConnectionResetError):
    forge().fork(Wanted(time.sleep, (600,), ".", {}, os.getpid()))
"""


def test_a_forge_whose_process_is_killed_as_it_asks_ends_without_a_word():
    process = subprocess.run([sys.executable, "-c", ASK_AND_GO], check=False, capture_output=True, text=True)
    assert process.stderr == ""


def test_a_kernel_that_is_lost_twice_is_an_error(tmp_path):
    with pytest.raises(ToolError, match=r"the kernel for in\.ipynb failed"):
        run(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


def test_a_cell_that_fails_is_named_and_not_run_again(tmp_path):
    cell = "print(open('count', 'a').write('x'))\n1 / 0"
    with pytest.raises(ToolError) as caught:
        run(tmp_path, "pass", cell)
    assert caught.value.message == "cell 2 of in.ipynb failed"
    assert caught.value.found == "ZeroDivisionError: division by zero"
    assert (tmp_path / "count").read_text() == "x"


@pytest.mark.further
def test_a_cell_that_never_ends_is_named_and_its_kernel_ended(tmp_path):
    source = notebook(tmp_path / "in.ipynb", "pass", ENDLESS, "pass")
    with pytest.raises(ToolError, match=r"cell 2 of in\.ipynb took longer than 4 s") as caught:
        execute(Execution(source, tmp_path / "out.ipynb", {}, tmp_path, tmp_path / "log", seconds=4))
    assert "while True" in str(caught.value.found)
    wait_for(lambda: not process_is_there(int((tmp_path / "pid").read_text())))


def test_what_a_kernel_writes_to_its_error_stream_is_logged(tmp_path):
    run(tmp_path, "import os\nos.write(2, '出错'.encode())")
    assert "出错" in (tmp_path / "kernel.log").read_text("utf-8")


ENDLESS = """
import os, pathlib, time
pathlib.Path("pid").write_text(str(os.getpid()))
while True:
    time.sleep(1)
"""
STARTER = """
import sys
from pathlib import Path
from tongbao.run.execute import Execution, execute
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    execute(Execution(folder / "in.ipynb", folder / "out.ipynb", {}, folder, folder / "kernel.log"))
"""


@pytest.mark.long
def test_a_kernel_ends_with_whoever_started_it(tmp_path):
    """Also when that is killed on the spot, and with what the kernel itself has started."""
    cell = """
import os, pathlib, subprocess, time
child = subprocess.Popen(["sleep", "600"])
pathlib.Path("pids.part").write_text(f"{os.getpid()} {child.pid}")
pathlib.Path("pids.part").rename("pids")
time.sleep(600)
"""
    notebook(tmp_path / "in.ipynb", cell)
    (tmp_path / "starter.py").write_text(STARTER, "utf-8")
    starter = subprocess.Popen([sys.executable, tmp_path / "starter.py", tmp_path])
    try:
        wait_for((tmp_path / "pids").exists)
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        assert all(map(process_is_there, pids))
    finally:
        os.kill(starter.pid, signal.SIGKILL)
        starter.wait()
    wait_for(lambda: not any(map(process_is_there, pids)))


def wait_for(condition, seconds=300):
    """A guard against what never comes; a busy machine has time enough."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_plain_papermill_takes_the_kernelspec(tmp_path):
    source = notebook(tmp_path / "in.ipynb", "import sys; print('tongbao.run.warm' in sys.modules)")
    made = papermill.execute_notebook(str(source), None, kernel_name="tongbao", progress_bar=False, cwd=str(tmp_path))
    assert made.cells[0].outputs[0].text == "True\n"


@pytest.mark.long
def test_an_ordinary_kernel_is_started_where_none_can_be_forked(tmp_path, monkeypatch):
    for module in ("cells", "kernels"):
        monkeypatch.setattr(f"tongbao.run.{module}.can_fork", lambda: False)
    assert run(tmp_path, "import sys; print('tongbao' in sys.modules)") == ["False"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has sockets without a name in a folder")
def test_no_port_is_taken_and_no_file_left(tmp_path):
    """Another program may take a port between its choice and its use."""
    assert run(tmp_path, "import os; print(sorted(os.listdir()))") == ["['in.ipynb', 'kernel.log']"]
    assert {path.name for path in tmp_path.iterdir()} == {"in.ipynb", "out.ipynb", "kernel.log"}


ASK = """
import os
from pathlib import Path
print(sorted(os.environ))
print(Path("/proc/self/environ").read_text())
"""
SECRETS = ("SECRET", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "JUPYTER_TOKEN", "SSH_AUTH_SOCK")


def test_a_notebook_gets_no_secrets(tmp_path):
    """Neither among its variables nor where the system keeps those that a process began with."""
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom pathlib import Path\nfrom tongbao.run.execute import Execution, execute\n"
        "if __name__ == '__main__':\n"
        "    here = Path(sys.argv[1])\n"
        "    execute(Execution(here / 'in.ipynb', here / 'out.ipynb', {}, here, here / 'kernel.log'))\n"
    )
    notebook(tmp_path / "in.ipynb", ASK)
    given = os.environ | dict.fromkeys(SECRETS, "hunter2") | {"TONGBAO_OFFICE": "x"}
    subprocess.run([sys.executable, program, tmp_path], env=given, check=True, timeout=300)
    (cell,) = nbformat.read(tmp_path / "out.ipynb", 4).cells
    said = "".join(output.get("text", "") for output in cell.outputs)
    assert "'PATH'" in said
    assert "'TONGBAO_OFFICE'" in said
    assert not [name for name in (*SECRETS, "hunter2") if name in said]
