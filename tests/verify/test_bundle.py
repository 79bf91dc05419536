"""The checker as one file: whoever has Python can check a published bulletin."""

import shutil
import subprocess
import sys

import pytest
import sample

from tongbao_office import checker_file


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "tongbao_verify.py"
    path.write_text(checker_file.bundle(), "utf-8")
    return path


def run(checker, *arguments):
    """Without site-packages and without the project on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", checker, *arguments], capture_output=True, text=True, check=False, cwd="/"
    )


def test_a_copy_with_its_raw_files_is_checked_with_python_alone(checker, tmp_path):
    project = sample.write(tmp_path / "project")
    copy = shutil.copytree(project / "_site", tmp_path / "copy")
    shutil.copytree(project / "data" / "raw", copy / "data" / "raw")
    done = run(checker, copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert "demo@2024-03: nothing left over" in done.stdout
    page = copy / "reports" / "demo" / "2024-03.html"
    page.write_text(page.read_text("utf-8").replace(">20.00<", ">20.01<", 1), "utf-8")
    done = run(checker, copy)
    assert done.returncode == 1
    assert "2024-03.html" in done.stdout
    assert "recomputed 20.00%" in done.stdout
