"""A notebook follows its series: what is missing is put in at its place, what is somebody's own stays."""

import nbformat
import pytest

from conftest import ROOT, edit, tongbao
from tongbao.basics.errors import UsageError
from tongbao.definition.project import Project
from tongbao.run.follows import differences
from tongbao_desk.draft.notebook import bring_in_line

SERIES = "reports/taizhou-andun/series.yml"
NOTEBOOK = "notebooks/special_action.ipynb"


def cells(project):
    return [cell.source for cell in nbformat.read(project / NOTEBOOK, as_version=4).cells]


def shown(project):
    return [source.splitlines()[-1].removeprefix("bulletin.") for source in cells(project)]


def put(project, index, *sources):
    notebook = nbformat.read(project / NOTEBOOK, as_version=4)
    for number, source in enumerate(sources):
        notebook.cells.insert(index, nbformat.v4.new_code_cell(source, id=f"own-{number}"))
    nbformat.write(notebook, project / NOTEBOOK)


def follow(project):
    return bring_in_line(Project.find(project), "taizhou-andun")[1]


@pytest.mark.parametrize("name", Project.find(ROOT).series_names)
def test_the_notebooks_of_the_project_follow_their_series(name):
    project = Project.find(ROOT)
    assert differences(nbformat.read(project.notebook(name), as_version=4), project.get_series(name)) == []


def test_what_a_series_adds_stands_at_its_place(project):
    own = "# a look of my own\nbulletin.indicators.head()"
    put(project, 9, own)
    text = (project / SERIES).read_text("utf-8")
    chart = "  cases:\n    measure: cases\n    title: {zh: 案件, en: cases}\n    subtitle: {zh: 起, en: cases}\n"
    section = "  - id: more\n    heading: {zh: 又一, en: more}\n    paragraphs: [{zh: 无, en: none}]\n"
    annex = "  - {table: " + "TABLE" + ", title: {zh: 又一表, en: more}}\n"
    table = Project.find(project).get_series("taizhou-andun").annexes[0].table
    text = text.replace("\ncharts:\n", f"\ncharts:\n{chart}").replace("\nsections:\n", f"\nsections:\n{section}")
    text = text.replace("\nannexes:\n", f"\nannexes:\n{annex.replace('TABLE', table)}")
    text = text.replace(
        "\nparameters:\n", "\nparameters:\n  at_least: {default: 7.5, label: {zh: 至少, en: at least}}\n"
    )
    (project / SERIES).write_text(text, "utf-8")
    failed = tongbao(project, "build", "taizhou-andun", "--engine", "embedded", code=2)
    assert 'no cell for bulletin.section("more")' in failed.stderr
    assert "hint:     tongbao notebook taizhou-andun" in failed.stderr
    said = tongbao(project, "notebook", "taizhou-andun").stdout
    assert 'no cell for bulletin.chart("cases")' in said
    parts = [part for part in shown(project) if part.startswith(("section", "chart", "annex", "opening", "closing"))]
    assert parts == [
        "opening()",
        'section("more")',
        'section("situation")',
        'chart("cases")',
        'chart("penalty_rate")',
        'section("problems")',
        'section("next")',
        "closing()",
        "annex(1)",
        "annex(2)",
    ]
    assert own in cells(project)
    assert "\nat_least = 7.5  # at least" in cells(project)[1]
    assert "at_least=at_least" in cells(project)[2]
    assert follow(project) == []


def test_what_is_no_more_is_taken_out_unless_it_is_somebodys_own(project):
    put(project, 9, '#| output: asis\nbulletin.chart("gone")')
    assert follow(project) == ['a cell for bulletin.chart("gone"), which the series does not declare']
    assert 'chart("gone")' not in shown(project)
    put(project, 9, 'drawing = bulletin.chart("gone")\ndrawing')
    before = (project / NOTEBOOK).read_bytes()
    with pytest.raises(UsageError, match="by hand"):
        follow(project)
    assert (project / NOTEBOOK).read_bytes() == before


def test_sections_follow_the_order_of_the_series(project):
    notebook = nbformat.read(project / NOTEBOOK, as_version=4)
    at = [index for index, cell in enumerate(notebook.cells) if "bulletin.section(" in cell.source]
    notebook.cells[at[1]], notebook.cells[at[2]] = notebook.cells[at[2]], notebook.cells[at[1]]
    nbformat.write(notebook, project / NOTEBOOK)
    before = shown(project)
    assert follow(project) == ["the cells of the sections stand in another order"]
    assert sorted(shown(project)) == sorted(before)
    assert [part for part in shown(project) if "section" in part] == [
        'section("situation")',
        'section("problems")',
        'section("next")',
    ]


def test_a_default_follows_the_series_and_a_removed_parameter_goes(project):
    edit(project / SERIES, "default: 4", "default: 5")
    notebook = (project / NOTEBOOK).read_text("utf-8")
    notebook = notebook.replace("bottom_n=bottom_n", "bottom_n=bottom_n, old=old")
    (project / NOTEBOOK).write_text(notebook.replace('"bottom_n = 4', '"old = 1\\n", "bottom_n = 4'), "utf-8")
    assert len(follow(project)) == 2
    assert "bottom_n = 5  #" in cells(project)[1]
    assert "old" not in cells(project)[1] + cells(project)[2]


def test_a_notebook_of_several_series_is_not_changed_for_one(project):
    edit(
        project / "reports/wenzhou-records/series.yml",
        "extends: wenzhou-monthly",
        "extends: wenzhou-monthly\nannexes: []",
    )
    with pytest.raises(UsageError, match="also runs series wenzhou-monthly"):
        bring_in_line(Project.find(project), "wenzhou-records")
    edit(project / "reports/wenzhou-records/series.yml", "annexes: []", "annexes: []\nnotebook: records")
    assert bring_in_line(Project.find(project), "wenzhou-records")[1] == ["written anew"]
    assert (project / "notebooks/records.ipynb").is_file()


def test_a_default_that_the_notebook_has_otherwise_is_told_before_a_build(project):
    edit(project / SERIES, "default: 4,", "default: 3,")
    failed = tongbao(project, "build", "taizhou-andun", "--engine", "embedded", code=2)
    assert "bottom_n is 4 here, 3 in the series" in failed.stderr
    assert "hint:     tongbao notebook taizhou-andun" in failed.stderr
    tongbao(project, "notebook", "taizhou-andun")
    found = Project.find(project)
    assert differences(nbformat.read(project / NOTEBOOK, as_version=4), found.get_series("taizhou-andun")) == []
