"""Every command with a bad argument, a missing file, a read-only folder, a full disk: its exit code and one message."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import typer

from conftest import sums
from tongbao.cli import app, main

WENZHOU, TAIZHOU = "wenzhou-monthly@2021-01-to-02", "taizhou-andun@2019-04-to-06"
RAW = "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv"
PAGE = "_site/reports/wenzhou-monthly/2021-01-to-02.html"
DEFINITION = "reports/wenzhou-monthly/series.yml"
WHY = ("--note", "附表有误", "--note-en", "an annex is wrong")
KEY = ("--by", "王芳", "--key", "nowhere/key")


class Faults(NamedTuple):
    """How a command ends: each with the exit code; of the first two also with words of the message.

    ``bad`` are arguments; ``missing`` is a file that is removed, if any, before the arguments are tried; ``writes`` are
    arguments with which the command ends with ``code`` where nothing can be written.
    """

    bad: tuple[tuple[str, ...], str]
    missing: tuple[str | None, tuple[str, ...], int, str]
    writes: tuple[str, ...]
    code: int


E = ("--engine", "embedded")
COMMANDS = {
    "build": Faults((("nosuch",), "no series nosuch"), (RAW, (WENZHOU, *E), 1, RAW), (WENZHOU, "--force", *E), 3),
    "list": Faults((("nosuch",), "no series nosuch"), ("_quarto.yml", (), 2, "no project here"), (), 0),
    "render": Faults(
        (("index.ipynb", "--format", "htm"), "did you mean html?"),
        (None, ("reports/nosuch.ipynb", *E), 2, "reports/nosuch.ipynb"),
        ("reports/wenzhou-monthly/2021-01-to-02.ipynb", *E),
        3,
    ),
    "notebook": Faults(
        (("nosuch",), "no series nosuch"), (DEFINITION, ("wenzhou-monthly",), 2, "no series"), ("taizhou-andun",), 3
    ),
    "names": Faults(
        (("nosuch",), "no series nosuch"),
        (DEFINITION, ("wenzhou-monthly",), 2, "no series wenzhou-monthly"),
        ("wenzhou-monthly",),
        0,
    ),
    "status": Faults((("nosuch",), "no series nosuch"), ("_quarto.yml", (), 2, "no project here"), (WENZHOU, *E), 0),
    "check": Faults((("nosuch",), "no series nosuch"), (RAW, (WENZHOU,), 1, RAW), (TAIZHOU,), 3),
    "form": Faults(
        (("wenzhou-monthly",), "for one period"),
        (DEFINITION, (WENZHOU,), 2, "no series wenzhou-monthly"),
        (WENZHOU,),
        3,
    ),
    "new": Faults(
        (("x",), "--from"),
        (None, ("x", "--from", "nosuch.xlsx"), 1, "nosuch.xlsx"),
        ("another", "--from", "table.csv", "--period", "2026-10"),
        3,
    ),
    "preview": Faults((("--port", "x"), "--port"), ("_quarto.yml", (), 2, "no project here"), ("--port", "0", *E), 130),
    "diff": Faults((("wenzhou-monthly",), "for one period"), (RAW, (WENZHOU,), 1, RAW), (WENZHOU,), 0),
    "verify": Faults((("nosuch",), "no series nosuch"), (PAGE, (WENZHOU,), 1, ""), (WENZHOU,), 0),
    "review": Faults(
        (("wenzhou-monthly",), "for one period"), (RAW, (WENZHOU, "--no-open", *E), 1, RAW), (WENZHOU, "--no-open"), 3
    ),
    "approve": Faults(((WENZHOU,), "--by"), (None, (WENZHOU, *KEY), 2, "nowhere/key"), (WENZHOU, "--by", "李强"), 3),
    "withdraw": Faults(((WENZHOU,), "--by"), (None, (WENZHOU, *KEY), 1, "no approval"), (WENZHOU, "--by", "王芳"), 3),
    "publish": Faults((("git:",), "git:"), (None, ("out", WENZHOU), 1, "not approved"), ("other", WENZHOU), 3),
    "retract": Faults(
        (("out", "wenzhou-monthly"), "for one period"),
        (None, ("nosuch", WENZHOU, *WHY), 2, "no version of it is published there"),
        ("out", TAIZHOU, *WHY),
        3,
    ),
    "published": Faults((("out", "x"), "x"), (None, ("nosuch",), 2, "nosuch"), ("out",), 0),
    "export": Faults(
        ((WENZHOU, "--format", "rar"), "rar"),
        (PAGE, (WENZHOU, "--format", "zip"), 1, PAGE),
        (WENZHOU, "--format", "zip"),
        3,
    ),
    "doctor": Faults((("x",), "x"), ("_quarto.yml", (), 0, ""), (), 3),
}
# Whose findings are what they print.
PRINTED = {("verify", 1), ("doctor", 3)}


def test_every_command_is_in_the_table():
    assert set(COMMANDS) == set(typer.main.get_command(app).commands)


def one_message(name, code, out, err):
    assert "Traceback" not in out + err, err
    told = [line for line in err.splitlines() if line.startswith("error ")]
    assert len(told) == (code != 0 and (name, code) not in PRINTED), (name, err)


@pytest.fixture(scope="module")
def place(site, tmp_path_factory):
    """A built project whose files are taken away and put back."""
    return Path(shutil.copytree(site, tmp_path_factory.mktemp("faults") / "project", symlinks=True))


@pytest.fixture
def call(place, monkeypatch, capsys):
    def call(name, *arguments):
        monkeypatch.chdir(place)
        monkeypatch.setattr(sys, "argv", ["tongbao", name, *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        before = sums(place)
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        assert sums(place) == before
        one_message(name, stop.value.code, said.out, said.err)
        return stop.value.code, said.err

    return call


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_argument(call, name):
    arguments, words = COMMANDS[name].bad
    code, error = call(name, *arguments)
    assert code == 2
    assert words in error
    assert call(name, "--nosuch")[0] == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_a_missing_file(call, place, name):
    gone, arguments, expected, words = COMMANDS[name].missing
    if gone:
        (place / gone).rename(place / ".gone")
    try:
        code, error = call(name, *arguments)
    finally:
        if gone:
            (place / ".gone").rename(place / gone)
    assert code == expected
    assert words in error


@pytest.mark.long
@pytest.mark.parametrize("kind", ["read-only", "full"])
def test_where_nothing_can_be_written(site, tmp_path, kind):
    alone = next((way for way in (["unshare", "-m"], ["unshare", "-Urm"]) if may_mount(way)), None)
    if alone is None:
        pytest.skip("this machine lets no file system be mounted, not even in a namespace")
    built = Path(shutil.copytree(site, tmp_path / "project", symlinks=True))
    shutil.copy(built / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", built / "table.csv")
    wanted = {
        "setup": [
            *(["approve", one, "--by", "王芳"] for one in (WENZHOU, TAIZHOU)),
            ["publish", "out"],
            ["withdraw", TAIZHOU, "--by", "王芳"],
        ],
        "shortened": ["notebooks/special_action.ipynb"],
        "commands": [[name, *faults.writes] for name, faults in COMMANDS.items()],
        # Room for a part of what a worker writes: its inputs, a record, the page without the print.
        "scarce": ["build", WENZHOU, "--force", *E, "--jobs", "1"],
        "rooms": [200_000, 800_000, 1_500_000, 2_000_000],
    }
    script = Path(__file__).with_name("faulty.py")
    mount = tmp_path / "mount"
    mount.mkdir()
    command = [*alone, sys.executable, script, kind, mount, built, json.dumps(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "200"})
    assert done.returncode == 0, done.stderr
    reason = {"read-only": "Read-only file system", "full": "No space left on device"}[kind]
    for result in json.loads(done.stdout):
        name, faults = result["arguments"][0], COMMANDS[result["arguments"][0]]
        assert result["code"] == faults.code, result
        assert (result["changed"], result["left"]) == ([], []), result
        if name != "preview":  # which tells it and goes on
            one_message(name, result["code"], result["out"], result["err"])
        if faults.code and (name, faults.code) not in PRINTED:
            assert reason in result["err"], result
            if kind == "full":
                where, _, hint = result["err"].partition(reason)
                assert str(mount) in where, result
                assert "make room on that disk" in hint, result


def may_mount(way):
    tried = 'mount -t tmpfs -o size=1m none "$0"'
    try:
        return subprocess.run([*way, "sh", "-c", tried, "/mnt"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="a device of Linux that is always full")
@pytest.mark.parametrize(
    ("arguments", "where"),
    [(("list",), "standard output or {}"), (("build", "nosuch", "--log-json", "/dev/full"), "/dev/full")],
)
def test_an_output_and_a_log_that_find_no_room(site, arguments, where):
    command = [sys.executable, "-m", "tongbao", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=site, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    hint = "make room on that disk, then run it again"
    assert done.stderr == f"error {where.format(site)}: No space left on device\n  hint:     {hint}\n"
    assert done.returncode == 3
