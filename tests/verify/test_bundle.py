"""The checker as one file: whoever has Python can check a published bulletin."""

import os
import re
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


def run(checker, *arguments, lang="C"):
    """Without site-packages and without the project on the path."""
    command = [sys.executable, "-I", "-S", checker, *arguments]
    environment = {**os.environ, "LC_ALL": "", "LANGUAGE": "", "LANG": lang, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd="/", env=environment)


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


def test_it_speaks_chinese_where_the_system_does(checker, tmp_path):
    project = sample.write(tmp_path / "project")
    assert "demo@2024-03：相互核对" in run(checker, project, lang="zh_CN.UTF-8").stdout
    raw = project / "data" / "raw" / "demo" / "2024-03" / "main.csv"
    raw.write_text(raw.read_text("utf-8").replace("区,40,8", "区,41,8"), "utf-8")
    english, chinese = run(checker, project), run(checker, project, lang="zh_CN.UTF-8")
    assert (english.returncode, chinese.returncode) == (1, 1)
    assert len(chinese.stdout.splitlines()) == len(english.stdout.splitlines()) > 1
    for line in chinese.stdout.splitlines():
        reason = line.rpartition(" | ")[2]
        assert not re.search(r"[a-z]{3,} [a-z]{2,}", re.sub(r"：.*", "", reason)), reason
    assert "将通报与原始数据逐一核对" in run(checker, "--help", lang="zh_CN.UTF-8").stdout
    assert run(checker, tmp_path / "none", lang="zh_CN.UTF-8").stderr.startswith("无法核对：")
