"""A batch on a real Dask cluster on loopback: the same bytes, also when a worker is killed half-way."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from conftest import copy_project, tongbao
from tongbao.cli import main

pytest.importorskip("distributed", reason="Dask is not installed")
SERIES = ("taizhou-andun", "wenzhou-monthly", "hotline-monthly")
EMBEDDED = ("--engine", "embedded", "--format", "html,pdf")
QUIET = {"DASK_LOGGING__DISTRIBUTED": "info", "DASK_DISTRIBUTED__WORKER__DAEMON": "True"}
WAIT = 600  # seconds; a guard against what never comes


@contextmanager
def started(*arguments, folder):
    """A command of Dask's that runs as long as it is needed; what it says stands in its ``log``."""
    log = folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
    with log.open("wb") as said:
        command = [sys.executable, "-m", "dask", *arguments]
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, env=os.environ | QUIET)
    process.log = log
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def said(process, pattern):
    end = time.monotonic() + WAIT
    while not (found := re.search(pattern, process.log.read_text("utf-8", errors="replace"))):
        assert process.poll() is None, process.log.read_text("utf-8")
        assert time.monotonic() < end
        time.sleep(0.1)
    return found[1]


@contextmanager
def scheduler(folder):
    with started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", folder=folder) as process:
        yield said(process, r"Scheduler at:\s+(tcp://\S+)")


def worker(address, folder):
    options = (
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
        "--local-directory",
        str(folder),
        "--host",
        "127.0.0.1",
    )
    return started("worker", address, *options, folder=folder)


def files(project):
    parts = ("_site", "data/processed")
    return {
        path.relative_to(project): path.read_bytes()
        for part in parts
        for path in (project / part).rglob("*")
        if path.is_file()
    }


def test_without_a_scheduler_the_error_says_so(project, monkeypatch, capsys):
    monkeypatch.setattr("tongbao.build.cluster._SECONDS_TO_CONNECT", 1)
    monkeypatch.setattr("sys.argv", ["tongbao", "build", "taizhou-andun", "--scheduler", "tcp://127.0.0.1:1"])
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 3
    assert "no scheduler answers" in capsys.readouterr().err


@pytest.mark.long
def test_on_a_cluster_of_which_a_worker_is_killed_half_way(tmp_path):
    here, there = (copy_project(tmp_path / name, *SERIES) for name in ("here", "there"))
    tongbao(here, "build", *EMBEDDED)
    with scheduler(tmp_path) as address, worker(address, tmp_path) as first:
        said(first, r"(Registered to)")
        build = subprocess.Popen(
            [sys.executable, "-m", "tongbao", "build", *EMBEDDED, "--scheduler", address],
            cwd=there,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        end = time.monotonic() + WAIT
        # Half-way: the process that makes them has begun on the first worker.
        while not list(tmp_path.glob("dask-scratch-space/worker-*/tongbao-*/project/.tongbao/made/*/reports")):
            assert build.poll() is None, build.stdout.read()
            assert time.monotonic() < end
            time.sleep(0.02)
        first.kill()
        with worker(address, tmp_path) as second:
            said(second, r"(Registered to)")
            output, _ = build.communicate(timeout=WAIT)
            assert build.returncode == 0, output
    assert output.count("built ") == 5
    assert files(there) == files(here)
    assert not list(tmp_path.glob("dask-scratch-space/worker-*/tongbao-*/project/reports/*/*.pickle"))
    shutil.rmtree(tmp_path / "there")
