"""Faults of the code that only show in returns of some kinds: the record that such code leaves is named."""

import json
import os
import shutil
import subprocess
import sys

import pytest
import shown

from conftest import ROOT, bare_project
from tongbao_verify.checker import check

sys.path.insert(0, str(ROOT / "tools"))
import mutants

PATCHES = {one.id: one for one in mutants.read_mutants(ROOT / "tools" / "mutants.yml")[1]}
MAKE = """
import sys
from pathlib import Path
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
bulletin = Bulletin.open(Project(Path(sys.argv[1])), "shown", "2021-q2", {})
print(Proof(bulletin).record().model_dump_json(by_alias=True))
"""
FAULTS = {
    "reader-thousands": "recomputed 1300",
    "reader-percent-format": "shares.xlsx B2 holds 95.5",
    "reader-alias": "work.csv",
    "rules-at-most": "members of it <= param.below_rate: yi",
    "rules-tie-cut": "extreme of reported(it): ding、jia、bing",
}


def left(folder, fault=""):
    """What is left over of the record that the code makes with a fault in it."""
    source, project = folder / "code", bare_project(folder / "project")
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    if fault:
        PATCHES[fault].apply(source)
    shown.write(project)
    done = subprocess.run([sys.executable, "-c", MAKE, project], capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": str(source / "src")})  # fmt: skip
    record = project / "findings.json"
    record.write_text(json.dumps(json.loads(done.stdout), ensure_ascii=False), "utf-8")
    return list(check(record, project / "page", [project]).left)


def test_the_code_without_a_fault_leaves_nothing_over(tmp_path):
    assert left(tmp_path) == []


@pytest.mark.further
@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_code_gets_wrong_is_named(tmp_path, fault):
    found = left(tmp_path, fault)
    assert any(FAULTS[fault] in item.reason for item in found), found
