"""Who may import whom: a figure's way from cell to page never turns back, and never leaves for an annex."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import tongbao

pytestmark = pytest.mark.xdist_group("architecture")  # the code is read once
SOURCE = Path(tongbao.__file__).parents[1]

# The main way in its order: a package imports only from those before it.
STAGES = (
    "words",
    "basics",
    "definition",
    "reading",
    "figures",
    "checks",
    "findings",
    "bulletin",
    "display",
    "notebook",
    "run",
    "render",
    "build",
)
# What stands beside it: may import from the main way, which never imports from there.
ANNEXES = ("tongbao_records", "tongbao_chance", "tongbao_desk", "tongbao_site", "tongbao_office", "tongbao_review")
CHECKER = "tongbao_verify"
EDGES = {
    *(
        "tongbao",
        "tongbao.cli",
        "tongbao.cli_notebooks",
        "tongbao.cli_desk",
        "tongbao.cli_doctor",
        "tongbao.cli_office",
        "tongbao.cli_language",
        "tongbao.cli_log",
        "tongbao.cli_output",
        "tongbao.cli_review",
        "tongbao.cli_site",
        "tongbao.cli_verify",
    ),
    "tongbao.__main__",
}
PURE = ("tongbao.basics", "tongbao.figures", "tongbao.checks", "tongbao.findings", "tongbao_chance")


def modules():
    found = {}
    for path in sorted(SOURCE.glob("tongbao*/**/*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imported(path: Path):
    """What a module imports of ours when it is loaded or run; not what it only names in types."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tongbao"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("tongbao"))


def stage(module: str) -> str:
    return module.split(".")[1] if module.startswith("tongbao.") else module


@cache
def imports():
    """What each module imports of ours."""
    return {name: set(imported(path)) - {name} for name, path in MODULES.items()}


def test_every_module_stands_in_a_stage():
    loose = [
        name for name in MODULES if name.startswith("tongbao.") and name not in EDGES and stage(name) not in STAGES
    ]
    assert loose == []


def test_stages_import_only_from_stages_before():
    wrong = [
        f"{name} imports {other}"
        for name, others in imports().items()
        if name.startswith("tongbao.") and name not in EDGES
        for other in others
        if other.startswith("tongbao.") and STAGES.index(stage(other)) > STAGES.index(stage(name))
    ]
    assert wrong == []


def test_the_main_way_never_imports_an_annex():
    wrong = [
        f"{name} imports {other}"
        for name, others in imports().items()
        if name.startswith("tongbao.") and name not in EDGES
        for other in others
        if other.startswith((*ANNEXES, CHECKER))
    ]
    assert wrong == []


def test_the_checker_imports_nothing_of_what_it_checks():
    wrong = [(name, other) for name, others in imports().items() if name.startswith(CHECKER)
             for other in others if not other.startswith(CHECKER)]  # fmt: skip
    assert wrong == []


def test_there_are_no_circles():
    list(TopologicalSorter(imports()).static_order())


def test_the_public_surface_fits_on_a_screen():
    assert tongbao.__all__ == ["Period", "TongbaoError", "__version__"]


def test_only_the_edges_touch_files_processes_and_output():
    for name, path in MODULES.items():
        if name.startswith(PURE):
            text = path.read_text("utf-8")
            for word in ("open(", "read_text", "write_text", "subprocess", "print(", "datetime.now", "date.today"):
                assert word not in text.replace("reopen(", ""), f"{name} uses {word}"


def test_what_builds_nothing_loads_nothing_of_what_a_build_needs():
    """`status`, `approve`, `publish` and a build with nothing to do answer at once."""
    code = "import sys, tongbao_office.destination, tongbao_office.publish, tongbao_site.built; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "tongbao_site.make" in loaded
    assert {"pandas", "duckdb", "papermill", "nbformat", "altair"} & set(loaded) == set()
