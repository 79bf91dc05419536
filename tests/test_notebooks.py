"""The notebooks by hand: thin, without outputs, and run by papermill alone."""

import json
import subprocess
import sys

import nbformat
import pytest

from conftest import ROOT, TIMEOUT
from tongbao.definition.project import Project

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BULLETINS = {"special_action": "taizhou-andun", "monthly": "wenzhou-monthly"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_without_outputs_and_thin(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
            code = [line for line in cell.source.splitlines() if line and not line.startswith("#")]
            # One call a cell; parameters take a line each, and so does their passing on.
            is_setup = "parameters" in cell.metadata.get("tags", []) or "open_bulletin(" in cell.source
            assert is_setup or len(code) <= 4, cell.source


@pytest.mark.parametrize(("name", "series"), BULLETINS.items())
def test_defaults_agree_with_the_series(name, series):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    values: dict[str, object] = {}
    exec(cell.source, {}, values)  # noqa: S102  # the cell holds assignments of our own
    declared = Project.find(ROOT).get_series(series)
    assert values.pop("series") == series
    assert values.pop("lang") == declared.lang
    assert values.pop("period") in [str(period) for period in Project.find(ROOT).periods(series)]
    assert values == {key: parameter.default for key, parameter in declared.parameters.items()}


@pytest.mark.parametrize("name", BULLETINS)
def test_no_notebook_knows_an_issuer(name):
    text = (ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8")
    for word in ("温州", "台州", "路桥", "龙港", "2019安盾"):
        assert word not in text


def papermill(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "papermill", *map(str, arguments), "--no-progress-bar", "-k", "python3"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def test_papermill_alone_runs_an_edition_of_a_period(project, tmp_path):
    out = tmp_path / "out.ipynb"
    parameters = ("-p", "period", "2021-01-to-02", "-p", "below_rate", 35, "-p", "lang", "en")
    finished = papermill(project, "notebooks/monthly.ipynb", out, *parameters)
    assert finished.returncode == 0, finished.stderr
    assert "Circular on work-safety enforcement" in out.read_text("utf-8")
    record = json.loads((project / "data/processed/wenzhou-monthly/2021-01-to-02/findings.json").read_text("utf-8"))
    assert record["parameters"] == {"below_rate": "35", "top_n": "3"}
    assert any("检查处罚率未达35%" in finding["text"]["zh"] for finding in record["findings"])


def test_defaults_run_from_the_notebooks_folder_as_in_jupyterlab(project, tmp_path):
    finished = papermill(project / "notebooks", "special_action.ipynb", tmp_path / "out.ipynb")
    assert finished.returncode == 0, finished.stderr


def test_a_wrong_period_stops_the_notebook_with_the_reason(project, tmp_path):
    out = tmp_path / "out.ipynb"
    finished = papermill(project, "notebooks/monthly.ipynb", out, "-p", "period", "2021-03")
    assert finished.returncode != 0
    assert "has no figures for 2021-03" in finished.stderr
