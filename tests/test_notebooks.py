"""The notebooks by hand: thin, without outputs, and run by papermill alone."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from conftest import ROOT, TIMEOUT, tongbao
from pages import pdf_text, soup
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


def test_by_hand_without_quarto_gives_the_page_and_the_print(project):
    series = "reports/wenzhou-monthly/2021-01-to-02"
    parameters = ("-p", "period", "2021-01-to-02", "-p", "below_rate", "35%")
    finished = papermill(project, "notebooks/monthly.ipynb", f"{series}.ipynb", *parameters)
    assert finished.returncode == 0, finished.stderr
    executed = (project / f"{series}.ipynb").read_bytes()
    assert papermill(project, "notebooks/index.ipynb", "index.ipynb").returncode == 0
    rendered = ("render", f"{series}.ipynb", "index.ipynb", "--engine", "embedded", "--format", "html,pdf")
    said = tongbao(project, *rendered).stdout
    assert f"_site/{series}.pdf" in said
    assert (project / f"{series}.ipynb").read_bytes() == executed
    assert "检查处罚率未达35%为" in soup(project / f"_site/{series}.html").get_text()
    assert "检查处罚率未达35%为" in pdf_text(project / f"_site/{series}.pdf")
    assert f"{series}.html" in (project / "_site/index.html").read_text("utf-8")


def test_rendered_by_hand_is_what_a_build_makes(built):
    page, pdf = (built / f"_site/reports/taizhou-andun/2019-04-to-06.{suffix}" for suffix in ("html", "pdf"))
    before = page.read_bytes(), pdf.read_bytes()
    page.unlink()
    pdf.unlink()
    tongbao(built, "render", "reports/taizhou-andun/2019-04-to-06.ipynb", "--engine", "embedded")
    assert (page.read_bytes(), pdf.read_bytes()) == before


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("reports/x.ipynb", "no notebook here"),
        ("notebooks/monthly.ipynb", "not a page of this site"),
        ("reports/wenzhou-monthly/try.ipynb", "was not run"),
    ],
)
def test_what_cannot_be_rendered_is_named(project, given, words):
    shutil.copy2(project / "notebooks/monthly.ipynb", project / "reports/wenzhou-monthly/try.ipynb")
    assert words in tongbao(project, "render", given, code=2).stderr


def test_a_parameter_that_papermill_passes_and_nobody_knows_is_an_error(project, tmp_path):
    finished = papermill(project, "notebooks/monthly.ipynb", tmp_path / "out.ipynb", "-p", "belowrate", 35)
    assert finished.returncode != 0
    assert "has no parameter belowrate" in finished.stderr
    assert "did you mean below_rate?" in finished.stderr
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    failed = [cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))]
    assert ["open_bulletin(" in cell.source for cell in failed if "papermill-error" not in cell.source] == [True]
