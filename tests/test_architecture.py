"""Who may import whom: a figure's way from cell to page never turns back."""

import ast
from pathlib import Path

import tongbao

SOURCE = Path(tongbao.__file__).parent

# In the order of the pipeline; a module imports only from lines above its own.
ORDER = """
errors
period rounding language
formula
cells
records.layout
records.measures
series.base
series.checks series.records series.lists
series.heads
series.blocks
series.rules
series.wordings
series.models
series.references series.editions series.schema
series.loader
series
records.synthetic
project parameters word_reference form schemas
assets
prose ingest.labels ingest.workbook
ingest.grid
ingest.facts ingest.header
ingest.tables
ingest.survey
records.source
records.count records.examine
records.enterprises
records
ingest.counted
ingest.received
ingest
figures
indicators
history
checks.issue
checks.reported checks.logic checks.feasible checks.records
checks.engine
checks
findings.select findings.marks findings.changes
findings.templates
findings.subject
findings.outcome
findings.bounds findings.sentence
findings.units findings.area
findings.engine
findings
chance.counts
chance.intervals chance.distributions chance.rates
chance.funnel chance.ranks
chance.assess
chance.words
chance
narrative
bulletin
feedback diff
display.mime display.words manifest
display.text
display.tables display.charts display.evidence
display.funnel_plot
display.robustness
display
notebook
execute
render.notebook_markdown
render.base
render.quarto render.embedded
render.engines
render
audit.arithmetic audit.numerals audit.account audit.page audit.issues
audit.books audit.feasible audit.rows
audit.words
audit.known
audit.archive audit.found
audit.subjects audit.recount audit.returns audit.record_faults audit.listed
audit.pick_units audit.pick_area
audit.membership audit.chance_numbers
audit.backing audit.chance
audit.text audit.chance_words
audit.tables audit.statements audit.quality audit.funnel
audit.robustness
audit.document
audit.paper
audit.engine
audit
build
draft.names draft.dates draft.notebook
draft.columns
draft.definition
draft.create
draft
cli
__main__
"""
LEVELS = {module: level for level, line in enumerate(ORDER.split("\n")) for module in line.split()}


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            yield name, path


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "tongbao":
            module = node.module.removeprefix("tongbao").removeprefix(".")
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix(".")
                yield inner if inner in LEVELS else module
        elif isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("tongbao.") for alias in node.names if alias.name.startswith("tongbao"))


def test_every_module_has_its_place():
    assert {name for name, _ in modules()} == set(LEVELS)


def test_imports_only_from_stages_above():
    wrong = [
        f"{name} imports {other}"
        for name, path in modules()
        for other in imported(path)
        if other and LEVELS[other] >= LEVELS[name] and not other.startswith(f"{name}.")
    ]
    assert wrong == []


def test_the_audit_goes_its_own_way():
    """It recomputes what it checks: nothing that computes figures or words sentences is used."""
    theirs = {
        "figures",
        "indicators",
        "findings",
        "narrative",
        "bulletin",
        "checks",
        "chance",
        "display",
        "formula",
        "language",
    }
    used = {
        (name, other)
        for name, path in modules()
        if name.split(".")[0] == "audit"
        for other in imported(path)
        if other.split(".")[0] in theirs
    }
    assert used == set()


def test_the_public_surface_fits_on_a_screen():
    assert tongbao.__all__ == ["Period", "TongbaoError", "__version__"]


def test_only_the_edges_touch_files_processes_and_output():
    pure = {
        "period",
        "rounding",
        "language",
        "formula",
        "cells",
        "figures",
        "indicators",
        "checks",
        "narrative",
        "parameters",
    }
    for name, path in modules():
        if name in pure or name.startswith(("findings", "chance")):
            text = path.read_text("utf-8")
            for word in ("open(", "read_text", "write_text", "subprocess", "print(", "datetime.now", "date.today"):
                assert word not in text.replace("reopen(", ""), f"{name} uses {word}"
