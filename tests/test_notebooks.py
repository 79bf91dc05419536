"""The notebooks by hand: thin, without outputs, and run by papermill alone."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from papermill import execute_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from conftest import ROOT, TIMEOUT, tongbao
from pages import pdf_text, soup, squeeze
from tongbao.basics.errors import TongbaoError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.notebook import Page, open_bulletin
from tongbao.run.cells import WarmEngine
from tongbao.run.execute import notebook_parameters

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


def test_a_wrong_period_stops_the_notebook_with_the_reason(project, monkeypatch):
    monkeypatch.chdir(project)
    with pytest.raises(TongbaoError, match="has no figures for 2021-03"):
        open_bulletin("wenzhou-monthly", "2021-03", below_rate=None, top_n=None)


def warm(folder, notebook, output, **parameters):
    """Papermill without the seconds that an ordinary kernel takes to start."""
    papermill_engines.register("tongbao", WarmEngine)
    how = {"cwd": folder, "engine_name": "tongbao", "kernel_name": "python3", "progress_bar": False}
    execute_notebook(str(folder / notebook), str(folder / output), parameters, **how)


@pytest.mark.long
def test_by_hand_without_quarto_gives_the_page_and_the_print(project):
    """Run from the notebooks' folder, as in JupyterLab; series and period are those that the notebook has."""
    series = "reports/wenzhou-monthly/2021-01-to-02"
    parameters = ("-p", "below_rate", "35%", "-p", "lang", "en")
    finished = papermill(project / "notebooks", "monthly.ipynb", f"../{series}.en.ipynb", *parameters)
    assert finished.returncode == 0, finished.stderr
    executed = (project / f"{series}.en.ipynb").read_bytes()
    assert "Circular on work-safety enforcement" in executed.decode()
    record = json.loads((project / "data/processed/wenzhou-monthly/2021-01-to-02/findings.json").read_text("utf-8"))
    assert record["parameters"] == {"below_rate": "35", "top_n": "3"}
    assert any("检查处罚率未达35%" in finding["text"]["zh"] for finding in record["findings"])
    warm(project, "notebooks/index.ipynb", "index.ipynb")
    rendered = ("render", f"{series}.en.ipynb", "index.ipynb", "--engine", "embedded", "--format", "html,pdf")
    said = tongbao(project, *rendered).stdout
    assert f"_site/{series}.en.pdf" in said
    assert (project / f"{series}.en.ipynb").read_bytes() == executed
    words = next(one["text"]["en"] for one in record["findings"] if "未达35%" in one["text"]["zh"])
    assert "35%" in words
    assert squeeze(words) in squeeze(soup(project / f"_site/{series}.en.html").get_text())
    assert squeeze(words) in squeeze(pdf_text(project / f"_site/{series}.en.pdf"))
    assert f"{series}.en.html" in (project / "_site/index.html").read_text("utf-8")


@pytest.mark.long
def test_by_hand_with_an_ordinary_kernel_is_what_a_build_makes_with_a_warm_one(built):
    name = "reports/taizhou-andun/2019-04-to-06"
    page, pdf = (built / f"_site/{name}.{suffix}" for suffix in ("html", "pdf"))
    before = page.read_bytes(), pdf.read_bytes()
    for path in (page, pdf, built / f"{name}.ipynb"):
        path.unlink()
    # What a build passes; it is printed among the parameters.
    series = Project(built).get_series("taizhou-andun")
    values = notebook_parameters("taizhou-andun", "2019-04-to-06", "zh", dict(series.parameter_values({})))
    given = [text for key, value in values.items() for text in ("-p", key, value)]
    finished = papermill(built, "notebooks/special_action.ipynb", f"{name}.ipynb", *given)
    assert finished.returncode == 0, finished.stderr
    tongbao(built, "render", f"{name}.ipynb", "--engine", "embedded")
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
    with pytest.raises(PapermillExecutionError) as caught:
        warm(project, "notebooks/monthly.ipynb", tmp_path / "out.ipynb", belowrate=35)
    assert "has no parameter belowrate" in caught.value.evalue
    assert "did you mean below_rate?" in caught.value.evalue
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    failed = [cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))]
    assert ["open_bulletin(" in cell.source for cell in failed if "papermill-error" not in cell.source] == [True]


def test_in_jupyterlab_no_markup_is_seen(site):
    """JupyterLab shows HTML, else Markdown as CommonMark with HTML: what only Pandoc knows would be read as text."""
    notebook = nbformat.read(site / "reports/wenzhou-monthly/2021-01-to-02.ipynb", as_version=4)
    every = [output.data for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    bundles = [bundle for bundle in every if "text/markdown" in bundle or "image/svg+xml" in bundle]
    shown = "".join(bundle.get("text/html", bundle.get("text/markdown", "")) for bundle in bundles)
    for markup in (":::", "{#", "{.", "\n---\n"):
        assert markup not in shown
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table")
    for bundle in bundles:
        seen = BeautifulSoup(
            bundle.get("text/html") or rendered.render(bundle["text/markdown"]), "html.parser"
        ).get_text()
        for markup in ("#", "<", "**", "lang:", "\\"):
            assert markup not in seen.replace("SHA-256", "")
    plain = "\n".join(bundle["text/plain"] for bundle in bundles)
    for markup in (":::", "<", "##", "**", "](#", "lang:", "| "):
        assert markup not in plain
    assert "一、基本情况\n2021年1-2月，全市应急管理系统共检查企业248家次" in plain
    assert "关于2021年1-2月全市安全生产执法工作情况的通报" in plain
    assert "鹿城区\t42.5\t42.5\t3" in plain


def test_the_page_leaves_out_what_is_for_the_notebook_alone(site):
    text = (site / "_site/reports/wenzhou-monthly/2021-01-to-02.html").read_text("utf-8")
    assert "in-notebook" not in text


def test_tables_to_look_closer(project):
    page = open_in(project, "en")
    figures = page.indicators.set_index(["measure", "unit"])
    assert figures.loc[("penalty_rate", "longgang"), "unit_name"] == "Longgang"
    assert figures.loc[("penalty_rate", "longgang"), "measure_name"] == "penalty rate"
    findings = page.findings.set_index("id")
    assert "penalty rates below 20%" in findings.loc["rate_below", "text"]
    assert "Longgang" in findings.loc["rate_below", "units"]
    assert list(page.quality["check"]) == [issue.check for issue in page.bulletin.quality]
    assert open_in(project, "zh").findings.set_index("id").loc["rate_below", "units"] == "龙港市、苍南县、泰顺县"


def open_in(project, lang):
    return Page(Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {}, lang))
