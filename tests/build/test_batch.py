"""A batch: goes on past what fails, builds only what a change concerns, and finishes what it was killed in."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import CIRCULARS, copy_project, edit, tongbao
from monthly_series import write_project
from tongbao.build.hashes import Hashes
from tongbao.build.install import finish, install
from tongbao.build.order import Outcome
from tongbao.definition.project import Project

EMBEDDED = ("--engine", "embedded", "--format", "html")


def test_one_that_fails_does_not_keep_back_the_others(tmp_path):
    project = copy_project(tmp_path / "p", *CIRCULARS)
    edit(project / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv", "鹿城区,42.5,", "鹿城区,x,")
    finished = tongbao(project, "build", *EMBEDDED, code=1)
    assert "built       taizhou-andun@2019-04-to-06" in finished.stdout
    assert "annex1.csv B2: not a number" in finished.stderr
    assert (project / "_site/reports/taizhou-andun/2019-04-to-06.html").is_file()
    assert not (project / "_site/reports/wenzhou-monthly").exists()
    assert "wenzhou-monthly" not in (project / "_site/index.html").read_text("utf-8")
    assert not list((project / ".tongbao/made").iterdir())


def test_a_build_sees_only_what_its_manifest_names(tmp_path):
    """What a page depends on is what status watches: a notebook that reads another file fails, and says which."""
    project = copy_project(tmp_path / "p", "taizhou-andun")
    (project / "notes.txt").write_text("1", "utf-8")
    edit(project / "notebooks/special_action.ipynb", "bulletin.save()", "bulletin.save(); open('notes.txt')")
    finished = tongbao(project, "build", *EMBEDDED, code=3)
    assert "notes.txt" in finished.stderr


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    """Three made-up months, built."""
    project = tmp_path_factory.mktemp("months") / "p"
    write_project(project, 3, "html")
    tongbao(project, "build", "--engine", "embedded")
    return project


def built(said):
    return [line.split()[1] for line in said.splitlines() if line.startswith("built ")]


def test_a_figure_rebuilds_what_compares_with_it_and_nothing_else(months):
    """The month itself and the next one, which may state a change; not the one after."""
    raw = months / "data/raw/monthly-demo-01/2017-01/annex2.csv"
    lines = raw.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    cells[4], cells[5] = "7", "7"
    raw.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    said = tongbao(months, "status", "--engine", "embedded").stdout
    assert "2017-01/annex2.csv changed" in said
    index = (months / "_site/index.html").read_bytes()
    finished = tongbao(months, "build", "--engine", "embedded")
    assert built(finished.stdout) == ["monthly-demo-01@2017-01", "monthly-demo-01@2017-02"]
    assert (months / "_site/index.html").read_bytes() == index  # it says nothing of that figure
    assert built(tongbao(months, "build", "--engine", "embedded").stdout) == []


def test_a_change_that_leaves_size_and_inode_is_seen_at_once(months):
    """Right after a build, before the clock has ticked."""
    text = months / "reports/monthly-demo-01/2017-03.md"
    tongbao(months, "build", "--engine", "embedded")
    with text.open("r+", encoding="utf-8") as file:
        words = file.read()
        file.seek(0)
        file.write(words.replace("用好前期整治数据", "用好后期整治数据"))
    assert built(tongbao(months, "build", "--engine", "embedded").stdout) == ["monthly-demo-01@2017-03"]


def test_hashes_are_remembered_and_not_trusted_when_they_may_be_old(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("1", "utf-8")
    past = time.time_ns() - 10**10
    os.utime(path, ns=(past, past))
    first = Hashes(tmp_path)
    known = first.of("a.csv")
    first.save()
    monkeypatch.setattr("tongbao.build.hashes.file_hash", lambda _path: "read again")
    assert Hashes(tmp_path).of("a.csv") == known
    assert Hashes(tmp_path, trust=False).of("a.csv") == "read again"
    assert Hashes(tmp_path).of("b.csv") is None
    path.write_text("2", "utf-8")  # now: younger than the memory
    assert Hashes(tmp_path).of("a.csv") == "read again"
    for text in ("", "[]", '{"a.csv": 3}', '{"a.csv": []}'):
        (tmp_path / ".tongbao/hashes.json").write_text(text, "utf-8")
        assert Hashes(tmp_path).of("a.csv") == "read again"


def made(tmp_path):
    """A project in which something has been made: a page and its figures."""
    project = Project(tmp_path)
    folder = tmp_path / ".tongbao/made/x"
    for name, text in (("_site/a.html", "new"), ("data/b.json", "new")):
        for place, shown in ((tmp_path, "old"), (folder, text)):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(shown, "utf-8")
    (tmp_path / "_site/a.pdf").touch()
    return project, folder, Outcome("a@1", ("data/b.json", "_site/a.html"), ("_site/a.pdf",))


def state(root):
    return [(root / name).read_text("utf-8") for name in ("_site/a.html", "data/b.json")]


@pytest.mark.parametrize("moves", [0, 1, 2, 3])
def test_a_move_that_was_cut_off_is_finished_by_the_next_command(tmp_path, monkeypatch, moves):
    project, folder, outcome = made(tmp_path)
    left = [moves]

    def cut(path, target):
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        path.rename(target)

    monkeypatch.setattr("pathlib.Path.replace", cut)
    try:
        install(project, folder, [outcome])
    except KeyboardInterrupt:
        monkeypatch.undo()
        finish(project)
    assert state(tmp_path) in (["old", "old"], ["new", "new"])
    assert (state(tmp_path) == ["old", "old"]) == (moves == 0)  # before the plan was there, nothing had begun
    assert (tmp_path / "_site/a.pdf").exists() == (moves == 0)
    assert not folder.exists()


def test_killed_while_it_builds_it_leaves_the_site_and_no_process(tmp_path):
    project = copy_project(tmp_path / "p", "taizhou-andun")
    environment = os.environ | {"TONGBAO_TEST": str(tmp_path)}
    command = [sys.executable, "-m", "tongbao", "build", *EMBEDDED]
    process = subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: list(project.glob(".tongbao/made/*/.tongbao/computed/*")))
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not ours(tmp_path))
    assert not (project / "_site").exists()
    tongbao(project, "build", *EMBEDDED)
    assert (project / "_site/reports/taizhou-andun/2019-04-to-06.html").is_file()
    assert not list((project / ".tongbao/made").iterdir())
    manifest = json.loads((project / "data/processed/taizhou-andun/2019-04-to-06/manifest.json").read_text("utf-8"))
    assert manifest["outputs"]


def ours(mark):
    """Processes with our mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"TONGBAO_TEST={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


def wait_for(condition, seconds=600):
    """A guard against what never comes; a busy machine has time enough."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
