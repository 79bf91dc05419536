"""Putting in what was made: killed or out of space at any step, old or new, and whole after the next command."""

import errno
import os
import shutil
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tongbao.build import install, staged
from tongbao.build.install import alone, held, installing, settle
from tongbao.build.order import Outcome
from tongbao.definition.files import file_hash, write_whole
from tongbao.definition.project import Project

NEW = {
    "_site/reports/s/2020.html": "new page",
    "_site/reports/s/2020.csv": "same",
    "_site/reports/s/raw/s/2020/a.csv": "raw",
    "_site/theme/bulletin.css": "same",
    "reports/s/2020.ipynb": "new notebook",
    "reports/s/raw/s/2020/a.csv": "raw",
    "data/processed/s/2020/findings.json": "new figures",
    "data/processed/s/2020/manifest.json": "new manifest",
}
OLD = {
    "_site/index.html": "old index",
    "_site/CNAME": "somebody's own",
    "_site/reports/s/2020.html": "old page",
    "_site/reports/s/2020.pdf": "old print",
    "_site/reports/s/2020.csv": "same",
    "_site/reports/gone/2020.html": "gone",
    "_site/theme/bulletin.css": "same",
    "data/processed/README.md": "somebody's own",
    "data/processed/s/2020/findings.json": "old figures",
    "data/processed/s/2020/manifest.json": "old manifest",
    "data/processed/s/2020/feedback/a.html": "a sheet",
    "data/processed/gone/2020/findings.json": "gone",
    "reports/s/2020.md": "somebody's own",
    "reports/s/2020.ipynb": "old notebook",
    "reports/gone/2020.ipynb": "gone",
    "index.ipynb": "old index",
}
GONE = ["_site/reports/gone/2020.html", "data/processed/gone/2020", "reports/gone/2020.ipynb"]
AFTER = {name: text for name, text in (OLD | NEW).items() if "gone" not in name and name[-4:] != ".pdf"} | {
    "_site/index.html": "new index",
    "index.ipynb": "new index",
}
# What stood there before the last change, of which the next state is made: others, more, a file for a folder.
OLDER = {
    f".tongbao/{install.BEFORE}/{name}": "older"
    for name in (
        "_site/index.html",
        "_site/reports/s/2019.html",
        "_site/theme",
        "data/processed/s/2020/findings.json/x",
        "data/processed/older/2019/findings.json",
    )
}
# What is begun under a name: a disk that is full refuses these.
MAKING = {"open", "os.rename", "os.link", "os.mkdir"}
STEPS = {*MAKING, "os.remove", "os.rmdir", "tongbao.exchange"}


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def shown(root):
    """All files but those of `.tongbao`."""
    found = (path for path in root.rglob("*") if path.is_file() and ".tongbao" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


def below(state, *tops):
    return {name: text for name, text in state.items() if name.startswith(tops)}


def build(project):
    """What a build does when its workers are done: keep what they made, put it in with the pages around it."""
    with alone(project):
        folder = project.made / "x"
        if not staged.is_staged(folder):
            write(folder, NEW | {"theme/input.css": "an input"})
            hashes = {name: file_hash(folder / name) for name in NEW}
            staged.stage(folder, [Outcome("s@2020", hashes, ("_site/reports/s/2020.pdf",))])
        with installing(project, staged._staged(folder), GONE) as coming:
            write_whole(coming.site / "index.html", "new index")
            write_whole(coming.built / "index.ipynb", "new index")


AT_EACH_STEP = []


def _hook(event, arguments):
    if not AT_EACH_STEP or event not in STEPS:
        return
    if event == "open" and (not isinstance(arguments[2], int) or not arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    AT_EACH_STEP[0](event)


sys.addaudithook(_hook)  # for good; it does nothing unless there is something to do


def disturbed(project, at, how):
    """Run `build` in a process of its own, in which step number ``at`` kills it, fails, or all from there on fail.

    Returns whether it came so far.
    """
    pid = os.fork()
    if pid == 0:
        numbers, reached = count(), [7]

        def step(event):
            number = next(numbers)
            if number < at or (how == "fails" and number > at):
                return
            if how == "is killed":
                os._exit(0)
            reached[0] = 0
            if event in MAKING:
                raise OSError(errno.ENOSPC, "No space left on device")

        AT_EACH_STEP.append(step)
        try:
            with suppress(OSError):
                build(project)
        finally:
            os._exit(reached[0])
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.fixture
def place(tmp_path):
    """A folder in memory, where the system has one: these tests write thousands of files."""
    memory = Path("/dev/shm")  # noqa: S108  # which is memory, and a folder of our own is made in it
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def project(place):
    write(place / "p", OLD | OLDER)
    return Project(place / "p")


def test_undisturbed(project):
    kept = project.root / "_site/reports/s/2020.csv"
    before = kept.stat()
    build(project)
    assert shown(project.root) == AFTER
    after = kept.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)  # servers and browsers keep it
    assert not (project.root / "_site/reports/gone").exists()
    assert {path.name for path in project.work.iterdir()} == {install.BEFORE, "build.lock", "install.lock"}


def test_what_somebody_did_by_hand_since_is_kept(project):
    """The last but one state does not come back, whatever changed beside a build."""
    build(project)
    write(project.root, {"_site/own.html": "own", "_site/CNAME": "another"})
    (project.root / "_site/reports/s/2020.csv").unlink()
    by_hand = shown(project.root)
    assert by_hand != AFTER
    with alone(project), installing(project):
        pass
    assert shown(project.root) == by_hand


@pytest.mark.further
@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("exchanged", [True, False])
@pytest.mark.parametrize("how", ["is killed", "fails", "is full"])
def test_at_every_step(place, monkeypatch, how, exchanged, every):
    """Where folders cannot be exchanged, what is seen in between may be mixed; after the next command it is not."""
    monkeypatch.setattr(install, "onto_disk", lambda _folder: None)  # the power stays on
    if not exchanged:
        monkeypatch.setattr(install, "exchange", lambda _one, _other: False)
    seen = set()
    for at in count(step=every):
        root = place / "p"
        shutil.rmtree(root, ignore_errors=True)
        write(root, OLD | OLDER)
        project = Project(root)
        if not disturbed(project, at, how):
            break
        site = below(shown(root), "_site")
        assert not exchanged or site in (below(OLD, "_site"), below(AFTER, "_site")), at
        settle(project)
        state = shown(root)
        assert state in (OLD, AFTER), at
        seen.add(state == AFTER)
        there = (path.relative_to(project.work).parts for path in project.work.rglob("*"))
        left = {parts[-1] for parts in there if parts[0] != install.BEFORE} - {"build.lock", "install.lock"}
        assert not left or (state == OLD and staged.is_staged(project.made / "x") and "next" not in left), at
        if state == OLD:
            build(project)
        assert shown(root) == AFTER, at
    assert at > 60
    assert seen == {True, False}


def test_a_command_that_reads_waits_for_what_is_being_put_in(project):
    """It does not take the half for the whole, and does not finish what another is doing."""
    with alone(project), held(project):
        settle(project)  # nothing is begun: it goes on at once
    assert shown(project.root) == OLD


def test_a_file_that_somebody_holds_open_stays_as_he_read_it(project):
    with (project.root / "_site/reports/s/2020.html").open() as reader:
        build(project)
        assert reader.read() == "old page"


def test_where_the_site_lies_elsewhere_it_stays_there(project, place):
    """By a link, as offices do whose web server shows a folder of its own."""
    shutil.move(project.root / "_site", place / "www")
    (project.root / "_site").symlink_to(place / "www")
    build(project)
    assert (project.root / "_site").is_symlink()
    assert {f"_site/{name}": text for name, text in shown(place / "www").items()} == below(AFTER, "_site")


def test_where_notebooks_lie_on_another_disk_they_are_put_there_whole(project, tmp_path):
    """A folder that a container or a server lends; no file can be moved there in one step."""
    if tmp_path.stat().st_dev == project.root.stat().st_dev:
        pytest.skip("there is one file system here")
    shutil.move(project.root / "reports", tmp_path / "reports")
    (project.root / "reports").symlink_to(tmp_path / "reports")
    build(project)
    found = {f"reports/{name}": text for name, text in shown(tmp_path / "reports").items()}
    assert found == below(AFTER, "reports")
    assert not list(tmp_path.rglob(".*"))
