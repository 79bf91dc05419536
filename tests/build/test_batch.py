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
from tongbao.build.fresh import Seen, what_is_fresh
from tongbao.build.hashes import Hashes
from tongbao.definition.project import Project

EMBEDDED = ("--engine", "embedded", "--format", "html")


def test_one_that_fails_does_not_keep_back_the_others(tmp_path):
    project = copy_project(tmp_path / "p", *CIRCULARS)
    edit(project / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv", "鹿城区,42.5,", "鹿城区,x,")
    finished = tongbao(project, "build", *EMBEDDED, code=1)
    assert "built       taizhou-andun@2019-04-to-06" in finished.stdout
    assert "not at hand" not in finished.stdout  # which faces are, is said of a PDF
    assert "annex1.csv B2: not a number" in finished.stderr
    assert (project / "_site/reports/taizhou-andun/2019-04-to-06.html").is_file()
    assert not (project / "_site/reports/wenzhou-monthly").exists()
    assert "wenzhou-monthly" not in (project / "_site/index.html").read_text("utf-8")
    assert not (project / ".tongbao/made").exists()


def test_a_build_sees_only_what_its_manifest_names(tmp_path):
    """What a page depends on is what status watches: a notebook that reads another file fails, and says which."""
    project = copy_project(tmp_path / "p", "taizhou-andun")
    (project / "notes.txt").write_text("1", "utf-8")
    edit(project / "notebooks/special_action.ipynb", "bulletin.save()", "bulletin.save(); open('notes.txt')")
    finished = tongbao(project, "build", *EMBEDDED, code=3)
    assert "notes.txt" in finished.stderr


of_months = pytest.mark.xdist_group("months")  # built once, and changed by one after the other


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    """Three made-up months, built."""
    project = tmp_path_factory.mktemp("months") / "p"
    write_project(project, 3, "html")
    tongbao(project, "build", "--engine", "embedded")
    return project


def built(said):
    return [line.split()[1] for line in said.splitlines() if line.startswith("built ")]


@of_months
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


@pytest.mark.further
@of_months
def test_a_change_that_leaves_size_and_inode_is_seen_at_once(months):
    """Right after a build, before the clock has ticked."""
    text = months / "reports/monthly-demo-01/2017-03.md"
    tongbao(months, "build", "--engine", "embedded")
    with text.open("r+", encoding="utf-8") as file:
        words = file.read()
        file.seek(0)
        file.write(words.replace("用好前期整治数据", "用好后期整治数据"))
    assert built(tongbao(months, "build", "--engine", "embedded").stdout) == ["monthly-demo-01@2017-03"]


def of_months_known(project):
    """The months that one look at the folder says are up to date; nothing where the files have to be asked."""
    known = what_is_fresh(project, "embedded") or {"bulletins": []}
    return [name.partition("@2017-")[2] for name in known["bulletins"]]


def built_anew(project):
    """The months that a build makes, begun a while after what was written before it."""
    time.sleep(0.1)
    return [one.partition("@2017-")[2] for one in built(tongbao(project, "build", "--engine", "embedded").stdout)]


def lengthen(path):
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


@pytest.mark.long
@of_months
def test_one_look_at_the_folder_is_enough_after_any_build_of_everything(months):
    raw, known = months / "data/raw/monthly-demo-01", ["01", "02", "03"]
    built_anew(months)
    assert of_months_known(months) == known
    lengthen(months / "reports/monthly-demo-01/2017-03.md")
    assert of_months_known(months) == []
    assert built_anew(months) == ["03"]
    assert of_months_known(months) == known
    (months / "_site/index.html").unlink()
    assert built_anew(months) == []
    assert of_months_known(months) == known
    away = raw.with_name("away")
    (raw / "2017-01").rename(away)  # and all that was built of it goes
    assert built_anew(months) == ["02"]
    assert of_months_known(months) == ["02", "03"]
    away.rename(raw / "2017-01")
    assert built_anew(months) == ["01", "02"]
    assert of_months_known(months) == known


@pytest.mark.long
@of_months
@pytest.mark.parametrize("is_before", [True, False])
def test_what_is_written_while_a_build_runs_is_new_to_the_next(months, monkeypatch, is_before):
    """Beside what the build itself writes, before it looks at the folder for the next one or after that."""
    texts, look = months / "reports/monthly-demo-01", Seen.__init__

    def looked(self, *arguments, **of_record):
        if not of_record and is_before:
            lengthen(texts / "2017-01.md")
        look(self, *arguments, **of_record)
        if not of_record and not is_before:
            lengthen(texts / "2017-01.md")

    built_anew(months)
    lengthen(texts / "2017-03.md")
    with monkeypatch.context() as patched:
        patched.setattr(Seen, "__init__", looked)
        assert built_anew(months) == ["03"]
    assert of_months_known(months) == []
    assert built_anew(months) == ["01"]


def test_hashes_are_remembered_and_not_trusted_when_they_may_be_old(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("1", "utf-8")
    past = time.time_ns() - 10**10
    os.utime(path, ns=(past, past))
    first = Hashes(Project(tmp_path))
    known = first.of("a.csv")
    first.save()
    monkeypatch.setattr("tongbao.build.hashes.file_hash", lambda _path: "read again")
    assert Hashes(Project(tmp_path)).of("a.csv") == known
    assert Hashes(Project(tmp_path), trust=False).of("a.csv") == "read again"
    assert Hashes(Project(tmp_path)).of("b.csv") is None
    path.write_text("2", "utf-8")  # now: younger than the memory
    assert Hashes(Project(tmp_path)).of("a.csv") == "read again"
    for text in ("", "[]", '{"a.csv": 3}', '{"a.csv": []}'):
        (tmp_path / ".tongbao/hashes.json").write_text(text, "utf-8")
        assert Hashes(Project(tmp_path)).of("a.csv") == "read again"


def started(project, mark, *arguments):
    """A build that runs."""
    return at_work(project, mark, "build", *EMBEDDED, *arguments)


def at_work(project, mark, *arguments):
    """A command that runs, in a session of its own, with our mark in its environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "tongbao", *arguments],
        cwd=project,
        env=os.environ | {"TONGBAO_TEST": str(mark)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_build_saves_the_data_that_it_computed(tmp_path):
    """The notebook's own cell for it is for whoever runs it by hand."""
    project = copy_project(tmp_path / "p", "taizhou-andun")
    edit(project / "notebooks/special_action.ipynb", "bulletin.save()", "bulletin.indicators")
    tongbao(project, "build", *EMBEDDED)
    for name in ("indicators.csv", "indicators.parquet", "findings.json", "quality.json"):
        assert (project / "data/processed/taizhou-andun/2019-04-to-06" / name).is_file()


def test_figures_that_change_while_they_are_read_are_not_published(tmp_path):
    project = copy_project(tmp_path / "p", "taizhou-andun")
    raw = "data/raw/taizhou-andun/2019-04-to-06/facts.csv"
    edit(
        project / "notebooks/special_action.ipynb", "bulletin.save()", f"bulletin.save(); open('{raw}', 'a').write(' ')"
    )
    finished = tongbao(project, "build", *EMBEDDED, code=3)
    assert f"{raw} was changed while the bulletin was built" in finished.stderr
    assert not (project / "_site").exists()
    assert not (project / ".tongbao/made").exists()


@pytest.mark.further
def test_interrupted_while_it_loads_it_says_so_and_no_more(tmp_path):
    """As Ctrl-C does, which all processes of a terminal get; the fork server takes seconds to load."""
    project = copy_project(tmp_path / "p", "taizhou-andun")
    process = started(project, tmp_path)
    wait_for(lambda: len(ours(tmp_path)) > 2)  # the tracker of resources, and the fork server
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("stopped;")
    wait_for(lambda: not ours(tmp_path))


@pytest.mark.long
def test_what_was_made_when_it_was_interrupted_is_kept(tmp_path):
    project = tmp_path / "p"
    names = write_project(project, 2, "html")
    process = started(project, tmp_path, "--jobs", "1")
    wait_for(lambda: list(project.glob(".tongbao/made/*/made.json")))
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    pages = {path.stem for path in project.glob("_site/reports/*/2017-*.html")}
    assert pages or list(project.glob(".tongbao/made/*/made.json"))  # in the blink between made and counted
    assert all(name in (project / "_site/index.html").read_text("utf-8") for name in pages)
    done = built(tongbao(project, "build", *EMBEDDED).stdout)
    assert not (project / ".tongbao/made").exists()
    assert sorted([*done, *(f"monthly-demo-01@{name}" for name in pages)]) == names


@pytest.mark.further
def test_what_was_made_when_it_was_killed_is_not_made_again(tmp_path):
    """Nor put in while its figures are others by now."""
    project = tmp_path / "p"
    names = write_project(project, 2, "html")
    process = started(project, tmp_path, "--jobs", "1")
    wait_for(lambda: list(project.glob(".tongbao/made/*/made.json")))
    process.kill()
    process.wait()
    wait_for(lambda: not ours(tmp_path))
    assert not (project / "_site").exists()
    tongbao(project, "status")
    (kept,) = project.glob(".tongbao/made/*")
    (page,) = kept.glob("_site/reports/*/2017-*.html")
    number = page.stat().st_ino
    said = tongbao(project, "build", *EMBEDDED)
    assert built(said.stdout) == names
    assert (project / page.relative_to(kept)).stat().st_ino == number
    assert "0/1" in said.stderr
    assert not (project / ".tongbao/made").exists()


@pytest.mark.long
def test_killed_while_it_builds_it_leaves_the_site_and_no_process(tmp_path):
    project = copy_project(tmp_path / "p", "taizhou-andun")
    process = started(project, tmp_path)
    wait_for(lambda: list(project.glob(".tongbao/made/*/.tongbao/computed/*")))
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not ours(tmp_path))
    assert not (project / "_site").exists()
    tongbao(project, "build", *EMBEDDED)
    assert (project / "_site/reports/taizhou-andun/2019-04-to-06.html").is_file()
    assert not (project / ".tongbao/made").exists()
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
