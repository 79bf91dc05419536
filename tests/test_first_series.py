"""docs/first-series.md: every command and every piece of YAML on it is run, in order, and gives what the page says."""

import json
import re
import shlex

import pytest
import yaml

from conftest import ROOT, bare_project, tongbao
from pages import soup
from tongbao.basics.errors import UsageError
from tongbao.definition.project import Project

# One walk for all tests of this file.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("first-series")]

PAGE = (ROOT / "docs" / "first-series.md").read_text("utf-8")
BLOCK = re.compile(r"^```(?P<kind>\w+) ?(?P<where>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def put(tree, place, value):
    """Set a value of a definition; the place is written as series.yml names it, a list's next item may be added."""
    *path, last = place.split(".")
    for name in path:
        tree = tree[int(name) if isinstance(tree, list) else name]
    if isinstance(tree, list):
        tree[int(last) : int(last) + 1] = [value]
    else:
        tree[last] = value


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The page walked through once: the project it leaves, and what each command said."""
    project = bare_project(tmp_path_factory.mktemp("first") / "project", to_build=True)
    said = {}
    for block in BLOCK.finditer(PAGE):
        kind, where, text = block["kind"], block["where"], block["text"]
        if kind == "sh":
            for line in text.splitlines():
                command, *arguments = shlex.split(line, comments=True)
                assert command == "tongbao"
                if arguments[0] == "build":
                    # Only the last of the builds makes every format: it has the months and rules of all.
                    is_last = f"\n{line}\n" not in PAGE[block.end() :]
                    arguments += ["--engine", "embedded", *([] if is_last else ["--format", "html"])]
                said.setdefault(line, []).append(tongbao(project, *arguments, code=None))
        elif kind == "yaml":
            _, place = where.split()
            path = project / "reports/water/series.yml"
            tree = yaml.safe_load(path.read_text("utf-8"))
            value = yaml.safe_load(text)
            put(tree, place, value[place] if place == "addressees" else value)
            path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "utf-8")
        else:
            (project / where).parent.mkdir(parents=True, exist_ok=True)
            (project / where).write_text(text, "utf-8")
    return project, said


def sentences(project, period):
    record = json.loads((project / f"data/processed/water/{period}/findings.json").read_text("utf-8"))
    return {finding["id"]: finding["text"]["zh"] for finding in record["findings"]}, record["main_points"]


def test_every_command_ends_well(walked):
    _, said = walked
    assert len(said) == 9
    for line, runs in said.items():
        for run in runs:
            assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"


def test_the_files_are_those_of_the_page(walked):
    project, said = walked
    (run,) = said["tongbao new water --from supply.csv --authority 云川市水务局 --synthetic"]
    written = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("written")]
    for path in written:
        assert f"`{path}`" in PAGE or f"`{path.rpartition('/')[0]}/`" in PAGE
    assert Project(project).get_series("water").indicators["anshixiufulv"].formula == "anshixiufu / yingxiufu * 100"


def test_the_sentences_are_those_of_the_page(walked):
    project, said = walked
    october, _ = sentences(project, "2026-10")
    november, points = sentences(project, "2026-11")
    assert october["rate_below"].startswith("按时修复率未达95%的有棠溪区（90.00%）和苇泽县（94.92%）")
    assert october["rate_range"] == "按时修复率最高的是汀屿区，为99.00%，最低的是棠溪区，为90.00%"
    assert october["repairs_change"] == "报修1388件，无上月数据可比"
    assert october["rate_target"] == "全市按时修复率为95.88%，未达到97%的目标"
    assert points[2] == november["repairs_change"] + "。" == "报修1349件，环比下降2.8%。"
    assert november["repairs_change"] in PAGE
    (diff,) = said["tongbao diff water@2026-10 -p target=95"]
    assert "达到95%的目标" in diff.stdout
    assert "抢修力量不足" in soup(project / "_site/reports/water/2026-10.html").get_text()


def test_a_parameter_that_the_notebook_forgets_is_named(walked, monkeypatch):
    from tongbao.notebook import open_bulletin

    project, _ = walked
    monkeypatch.chdir(project)
    with pytest.raises(UsageError, match="the notebook does not pass the parameter target"):
        open_bulletin("water", "2026-10", top_n=3, below_rate=95)


def test_the_page_says_that_its_figures_are_made_up():
    assert "all figures on this page are made up (synthetic)" in PAGE
    assert PAGE.count("```") == 2 * len(BLOCK.findall(PAGE))
