"""Locks and installing: what a bulletin needs is in the first lock, and nothing is installed twice or unseen."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("requirements*.lock"))}
RUNTIME, DEV, LAB = "requirements.lock", "requirements-dev.lock", "requirements-lab.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DECLARED = {
    "runtime": PROJECT["project"]["dependencies"],
    "build": PROJECT["dependency-groups"]["build"],
    **PROJECT["project"]["optional-dependencies"],
}
HOLDS = {
    RUNTIME: ("runtime", "build"),
    DEV: ("runtime", "build", "dev", "dask"),
    LAB: ("runtime", "build", "lab"),
}


def pins(lock):
    """Every pin with its hashes; a distribution has several where the version depends on that of Python."""
    found = {}
    for entry in re.split(r"\n(?=\S)", LOCKS[lock].strip()):
        head, *hashes = entry.split(" \\\n")
        found.setdefault(Requirement(head).name, {})[str(Requirement(head).specifier)] = hashes
    return found


PINS = {lock: pins(lock) for lock in LOCKS}


def names(*groups):
    return {canonicalize_name(Requirement(line).name) for group in groups for line in DECLARED[group]}


def test_every_pin_has_hashes_and_no_address():
    assert set(LOCKS) == set(HOLDS)
    for lock, text in LOCKS.items():
        assert not re.search(r"://|@ |--(extra-)?index-url|--find-links", text), lock
        for name, versions in PINS[lock].items():
            for version, hashes in versions.items():
                assert version.startswith("=="), name
                assert hashes, name
                assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line) for line in hashes), name


@pytest.mark.parametrize("lock", HOLDS)
def test_a_lock_holds_what_is_declared_for_it(lock):
    assert names(*HOLDS[lock]) <= set(PINS[lock])


def test_locks_agree():
    assert set(PINS[RUNTIME]) < set(PINS[DEV])
    assert set(PINS[RUNTIME]) < set(PINS[LAB])
    for lock, other in ((DEV, RUNTIME), (LAB, RUNTIME), (LAB, DEV)):
        differing = {name for name in PINS[lock].keys() & PINS[other] if PINS[lock][name] != PINS[other][name]}
        assert differing == set()


def test_a_bulletin_needs_no_tool_of_development():
    heavy = {"jupyterlab", "jupyter", "notebook", "pyarrow", "playwright", "scipy", "mypy", "ruff", "pytest", "babel"}
    assert heavy & set(PINS[RUNTIME]) == set()


def test_what_the_code_imports_is_in_the_first_lock():
    given = packages_distributions()
    allowed = set(PINS[RUNTIME]) | names("dask")  # which is imported where it was asked for
    missing = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in {name.split(".")[0] for name in modules} - sys.stdlib_module_names:
                providers = {canonicalize_name(name) for name in given.get(module, ())}
                if not module.startswith("tongbao") and not providers & allowed:
                    missing.add((str(path.relative_to(ROOT)), module))
    assert missing == set()


# ------------------------------------------------------------------------------------------------ make


@pytest.fixture
def tree(tmp_path):
    """The Makefile with locks, and stamps that say all was installed after them."""
    (tmp_path / ".venv").mkdir()
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
        os.utime(tmp_path / name, (1000, 1000))
    for number, stamp in enumerate((".installed-dev", ".installed-lab", ".installed")):
        (tmp_path / ".venv" / stamp).touch()
        os.utime(tmp_path / ".venv" / stamp, (2000 + number, 2000 + number))  # the first was made again last
    return tmp_path


def installs(tree, target):
    done = subprocess.run(["make", "-n", target], cwd=tree, capture_output=True, text=True, check=True)
    return re.findall(r"requirements\S*\.lock", done.stdout)


@pytest.mark.parametrize(
    ("target", "changed", "expected"),
    [
        ("bulletins", None, []),
        ("test", None, []),
        ("lab", None, []),
        ("bulletins", RUNTIME, [RUNTIME]),
        ("bulletins", "pyproject.toml", [RUNTIME]),
        ("bulletins", DEV, []),
        ("test", RUNTIME, [RUNTIME]),
        ("test", DEV, [DEV]),
        ("test", LAB, []),
        ("check", DEV, [DEV]),
        ("lab", LAB, [LAB]),
    ],
)
def test_make_installs_what_changed_and_nothing_else(tree, target, changed, expected):
    if changed:
        os.utime(tree / changed, (3000, 3000))
    assert installs(tree, target) == expected


@pytest.mark.parametrize(
    ("target", "expected"), [("bulletins", [RUNTIME]), ("test", [RUNTIME, DEV]), ("lab", [RUNTIME, LAB])]
)
def test_make_in_a_fresh_clone(tree, target, expected):
    for stamp in (tree / ".venv").iterdir():
        stamp.unlink()
    assert installs(tree, target) == expected


def test_it_starts_in_a_folder_with_a_chinese_name_under_a_locale_that_is_not_here(tmp_path):
    root = tmp_path / "通报"
    (root / "src").mkdir(parents=True)
    (root / "src" / "tongbao_probe.py").write_text("", "utf-8")
    venv.create(root / ".venv", symlinks=True)
    said = subprocess.run(["make", "-nB", "setup"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (recipe,) = [line for line in said.splitlines() if "_tongbao.pth" in line]
    subprocess.run(recipe, shell=True, cwd=root, check=True)  # noqa: S602  # the Makefile's own line
    command = [root / ".venv/bin/python", "-c", "import tongbao_probe"]
    subprocess.run(command, env={"LC_ALL": "xx_XX.GB18030"}, check=True)


# ------------------------------------------------------------------------------------------ tools/install.py


def wheel(folder):
    """A distribution of one module; returns a line that pins it."""
    path, info = folder / "tongbao_probe-1.0-py3-none-any.whl", "tongbao_probe-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tongbao_probe.py", "FOUND = 7\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tongbao-probe\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return f"tongbao-probe==1.0 \\\n    --hash=sha256:{sha256(path.read_bytes()).hexdigest()}\n"


@pytest.mark.long
def test_install_says_what_it_does_and_holds_packages_to_their_hashes(tmp_path):
    folder = str(tmp_path)
    environment = os.environ | {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": folder,
        "PIP_CONFIG_FILE": os.devnull,
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": folder,
        "UV_NO_CONFIG": "1",
        "PYTHONPATH": "",
    }
    lock, venv = tmp_path / "some.lock", tmp_path / "venv"
    pin = wheel(tmp_path)
    lock.write_text("absent==1.0 ; sys_platform == 'none' \\\n    --hash=sha256:" + "0" * 64 + "\n" + pin, "utf-8")

    def run():
        command = [sys.executable, ROOT / "tools" / "install.py", venv, lock]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    first = run()
    assert first.returncode == 0, first.stderr
    lines = first.stdout.splitlines()
    assert lines[:2] == [f"{venv}: making the environment", "some.lock: installing"]
    assert re.fullmatch(r"some\.lock: installed in \d+ s", lines[-1])
    assert "\r" not in first.stdout
    assert "\033" not in first.stdout
    program = "import tongbao_probe; assert tongbao_probe.FOUND == 7"
    subprocess.run([venv / "bin" / "python", "-c", program], env=environment, check=True)

    again = run()
    assert again.returncode == 0
    assert "making" not in again.stdout

    lock.write_text(re.sub(r"[0-9a-f]{64}\n$", "0" * 64 + "\n", pin), "utf-8")
    subprocess.run([venv / "bin" / "python", "-m", "pip", "uninstall", "-qy", "tongbao-probe"], check=True)
    refused = run()
    assert refused.returncode == 1
    assert "could not install" in refused.stderr
    assert "hash" in refused.stderr.lower()
