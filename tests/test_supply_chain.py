"""What is installed is listed with licences, what is handed on is named, and known faults are asked for."""

import json
import os
import re
import subprocess
import sys

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import audit
import sbom
from conftest import ROOT
from tongbao_site.search import search_files

NOTICE = (ROOT / "NOTICE.md").read_text("utf-8")
LINES = [line for line in NOTICE.splitlines() if line.startswith("| ")][2:]
ROWS = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in LINES]

FONT = re.compile(rb"/BaseFont */[A-Z]{6}\+([A-Za-z]+)")
# Faces that a machine may have; nothing that is installed brings them.
OFFICIAL = {"FZXiaoBiaoSong", "FZXBSJW", "FangSong", "KaiTi", "SimHei", "SimSun", "TimesNewRomanPSMT"}


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    target = tmp_path_factory.mktemp("sbom") / "sbom.json"
    sbom.main(ROOT / "requirements.lock", target)
    return target.read_text("utf-8")


def test_the_list_follows_its_standard_and_is_the_same_each_time(listed, tmp_path):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(listed) is None
    command = [sys.executable, ROOT / "tools/sbom.py", ROOT / "requirements.lock", tmp_path / "again.json"]
    subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "3"}, check=True)
    assert (tmp_path / "again.json").read_text("utf-8") == listed


@pytest.mark.further
def test_every_package_has_its_licence_and_the_hashes_of_its_lock(listed):
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for component in json.loads(listed)["components"]:
        assert component.get("licenses") or component["name"] == "ptyprocess"  # says none: NOTICE.md says it
        for digest in component["hashes"]:
            assert f"--hash=sha256:{digest['content']}" in lock
    named = {component["name"] for component in json.loads(listed)["components"]}
    assert {"pandas", "typst", "pypandoc-binary", "pylopdf-fonts-zh-cn"} <= named
    assert "appnope" not in named or sys.platform == "darwin"


def test_what_is_handed_on_is_named_with_its_licence(listed, built):
    licences = {
        component["name"]: json.dumps(component.get("licenses")) for component in json.loads(listed)["components"]
    }
    said = {"SIL OFL 1.1": "OFL-1.1", "MIT": "MIT"}
    for _, _, package, licence in ROWS:
        if package not in ("Tongbao", "typst"):  # whose own licence is not that of the font in it
            assert said[licence] in licences[package], package

    site = built / "_site"
    for name, content in search_files(site, built / ".tongbao/site").items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    names = {name.decode() for path in site.rglob("*.pdf") for name in FONT.findall(path.read_bytes())}
    noted = {name.replace(" ", "") for row in ROWS for name in row[0].split(", ")}
    assert {"NotoSerifSC", "LibertinusSerif"} <= names
    assert names - noted == {family for family in names if family in OFFICIAL}

    places = tuple(place for _, place, _, _ in ROWS)
    shipped = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    ours = r"reports/.*\.(html|pdf|docx|csv|xlsx|json|xml)|reports/[^/]+/periods\.js|[\w.]+\.(html|xml)"
    ours += r"|search/(zh|en)/(index|terms-\d+|texts-\d+)\.json"
    assert [name for name in shipped if not name.startswith(places) and not re.fullmatch(ours, name)] == []
    assert all(any(name.startswith(place) for name in shipped) for place in ("search/", "theme/"))


@pytest.mark.parametrize("faults", [0, 2])
def test_an_audit_tells_faults_and_what_was_not_asked(faults):
    fault = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.0"], "description": "…"}
    answer = {
        "dependencies": [
            {"name": "one", "version": "1.0", "vulns": [fault] * faults},
            {"name": "two", "skip_reason": "Dependency not found"},
        ],
        "fixes": [],
    }
    lines = ["x.lock: one 1.0: PYSEC-1, CVE-1; mended in 2.0"] * faults
    assert list(audit.told("x.lock", answer)) == [
        *((line, True) for line in lines),
        ("x.lock: 1 of 2 packages audited", False),
        ("x.lock: NOT audited, the index does not answer for them: two", False),
    ]


@pytest.mark.further
def test_an_audit_without_a_network_says_so_and_fails_nothing():
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    nowhere |= {name.lower(): value for name, value in nowhere.items()}
    command = [sys.executable, ROOT / "tools/audit.py"]
    done = subprocess.run(command, env=os.environ | nowhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("NOT audited, the index cannot be asked: ") == 2
