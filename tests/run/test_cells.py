"""Cells run in a forked process show what they show in an ordinary kernel, under plain papermill, too."""

import os
import re
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from tongbao.run.bound import can_fork
from tongbao.run.cells import WarmEngine

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes cannot be forked on this system")
CELLS = [
    "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    "1 + 1",
    "_ + 1",
    "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>中</b>'))\nprint(1)\n5",
    "shown = display('x', display_id=True)\nshown.update('y')",
    "print(1)\nclear_output()\nprint(2)",
    "print(1)\nclear_output(wait=True)\nprint(2)",
    "import pandas as pd\npd.DataFrame({'a': [1.5, None]})",
    "!echo said",
    "%%bash\necho bash",
    "import subprocess\n_ = subprocess.run(['echo', 'past Python'])",
    "import asyncio\nawait asyncio.sleep(0.01)\n7",
    "later = asyncio.create_task(asyncio.sleep(0.01, result=9))\n1",
    "await later",
    "import warnings\nwarnings.warn('mind')",
    "",
    "print?",
    "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "raise SystemExit(0)",
    "%%javascript\nalert(1)",
    "get_ipython().execution_count",
]
FAULTS = ["1 / 0", "def f(:", "%no_magic", "class A:\n    def _repr_html_(self):\n        1 / 0\nA()", "input()"]


@pytest.fixture(autouse=True, scope="module")
def engine():
    papermill.engines.papermill_engines.register("tongbao", WarmEngine)


def run(folder: Path, engine: str | None, cells: list[str]) -> nbformat.NotebookNode:
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # by which a kernel knows a test, and does less
    folder.mkdir()
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(made, folder / "in.ipynb")
    options = {"progress_bar": False, "engine_name": engine, "cwd": str(folder)}
    return papermill.execute_notebook(str(folder / "in.ipynb"), str(folder / "out.ipynb"), **options)


def joined(outputs: list[nbformat.NotebookNode]) -> list[dict[str, object]]:
    """Outputs with what was written to a stream at one go, which a busy kernel sends in parts."""
    found: list[dict[str, object]] = []
    for one in map(dict, outputs):
        before = found[-1] if found else {}
        if one["output_type"] == "stream" and before.get("name") == one["name"]:
            before["text"] += one["text"]
        else:
            found.append(one)
    return found


def shown(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells show, without what differs from process to process, or with how busy the machine is."""
    cells = [(cell.execution_count, joined(cell.outputs)) for cell in notebook.cells]
    return [re.sub(r"ipykernel_\d+/\d+|0x[0-9a-f]+", "#", str(cell)) for cell in cells]


@pytest.mark.further
def test_what_cells_show_is_that_of_a_kernel(tmp_path):
    ours, theirs = (run(tmp_path / (name or "kernel"), name, CELLS) for name in ("tongbao", None))
    assert shown(ours) == shown(theirs)
    assert ours.metadata.language_info == theirs.metadata.language_info


@pytest.mark.long  # a kernel each
@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_fails_as_in_a_kernel(tmp_path, fault):
    errors = []
    for name in ("tongbao", None):
        with pytest.raises(PapermillExecutionError) as caught:
            run(tmp_path / (name or "kernel"), name, ["'before'", fault, "'after'"])
        written = nbformat.read(tmp_path / (name or "kernel") / "out.ipynb", 4)
        outputs = [output for cell in written.cells for output in cell.get("outputs", ())]
        said = [(output.output_type, output.get("ename")) for output in outputs]
        errors.append((caught.value.ename, caught.value.exec_count, said))
    assert errors[0] == errors[1]


def test_a_cell_that_is_left_out(tmp_path):
    source = tmp_path / "in.ipynb"
    cells = [nbformat.v4.new_code_cell(text) for text in ("print('no')", "print('yes')")]
    cells[0].metadata["tags"] = ["skip-execution"]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(made, source)
    done = papermill.execute_notebook(str(source), None, progress_bar=False, engine_name="tongbao")
    assert [[output.text for output in cell.outputs] for cell in done.cells] == [[], ["yes\n"]]


def test_what_no_file_can_hold_is_replaced(tmp_path):
    odd = "import datetime\nfrom IPython.display import display\nprint('\\ud800')\n"
    odd += "display({'text/plain': 'x'}, raw=True, metadata={'at': datetime.date(2021, 3, 1)})"
    (cell,) = run(tmp_path / "x", "tongbao", [odd]).cells
    assert cell.outputs[0].text == "?\n"
    assert cell.outputs[1].metadata == {"at": "2021-03-01"}


def test_who_leaves_is_told(tmp_path):
    with pytest.raises(RuntimeError, match="Kernel died"):
        run(tmp_path / "x", "tongbao", ["exit()", "print('still here')"])
