"""Every reader on hostile input: accepted or refused with its place, in a second, within its folder; and the fuzzer."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from targets import READERS, Reader

import fuzz
from tongbao.basics.errors import DataError

SAID = re.compile(
    r"^(\S+) +(\d+) inputs +(\d+) accepted +(\d+) refused, slowest ([\d.]+) s, (\d+) faults$", re.MULTILINE
)


def fuzzed(*arguments):
    """What the program says of each reader."""
    command = [sys.executable, fuzz.__file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=7200)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: tuple(map(float, rest)) for name, *rest in SAID.findall(done.stdout)}


def test_no_reader_breaks_or_hangs_or_leaves_its_folder():
    """And what once did is tried again."""
    quick = [name for name in READERS if name not in ("xls", "ods", "records-csv", "records-xlsx")]
    found = fuzzed("-n", 50, *quick)
    assert found.keys() == set(quick)
    for name, (inputs, *_) in found.items():
        assert inputs >= 50 // READERS[name].share


def test_readers_in_a_process_of_their_own_or_of_a_database():
    found = fuzzed("-n", 15, "xls", "ods", "records-csv", "records-xlsx")
    assert min(accepted for _, accepted, *_ in found.values()) > 0
    assert min(refused for _, _, refused, *_ in found.values()) > 0


def _writes(data, folder):
    Path("/tmp/tongbao-escaped").write_text("x")


def _reads(data, folder):
    Path("/etc/passwd").read_bytes()


def _connects(data, folder):
    socket.create_connection(("127.0.0.1", 9))


def _starts(data, folder):
    subprocess.run(["true"], check=False)


def _spins(data, folder):
    end = time.process_time() + 30
    while time.process_time() < end:
        pass


def _swells(data, folder):
    bytearray(3 << 30)


def _breaks(data, folder):
    raise KeyError("x")


def _says_no_place(data, folder):
    raise DataError("x")


def _dies(data, folder):
    os.abort()


FAULTS = {
    _writes: "EscapeError", _reads: "EscapeError", _connects: "EscapeError", _starts: "EscapeError", _spins: "SlowError",
    _swells: "MemoryError", _breaks: "KeyError", _says_no_place: "AssertionError", _dies: "died",
}  # fmt: skip


@pytest.mark.parametrize("read", FAULTS, ids=lambda read: read.__name__)
def test_the_fuzzer_sees(read, monkeypatch):
    """A reader that does what none may is found out."""

    def after_the_good_one(data, folder):
        if data != b"good":
            read(data, folder)

    monkeypatch.setitem(READERS, "bad", Reader(after_the_good_one, lambda: [b"good"], lambda *_: b"bad"))
    faults = fuzz.in_child("bad", 1, 0)["faults"]
    assert [name.partition(" ")[0] for name in faults] == [FAULTS[read]]
    assert not Path("/tmp/tongbao-escaped").exists()


def test_what_reaches_new_lines_is_changed_further():
    lines = fuzz._Lines()
    sys.settrace(lines)
    READERS["period"].read(b"2021-02", Path())
    first = lines.fresh
    lines.fresh = False
    READERS["period"].read(b"2021-02", Path())
    again = lines.fresh
    with pytest.raises(Exception, match="not a period"):
        READERS["period"].read(b"2021-13", Path())
    sys.settrace(None)
    assert (first, again, lines.fresh) == (True, False, True)
