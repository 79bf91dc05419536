"""Every reader on hostile input: accepted or refused with its place, in a second, within its folder; and the fuzzer."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from targets import READERS, Reader

import fuzz
from tongbao.basics.errors import DataError

TAKES_ALL = {
    "marks",
    "words",
    *(name for name in READERS if name.startswith("verify")),
}  # and says of some that they fail


@pytest.mark.further
@pytest.mark.parametrize("name", READERS)
def test_no_reader_breaks_or_hangs_or_leaves_its_folder(name):
    """With some new inputs, and what once broke it; ``make fuzz`` tries more."""
    found = fuzz.in_child(name, 8 if READERS[name].slow else 24, 0)
    assert found["faults"] == {}
    assert found["accepted"] > 0
    assert (found["refused"] == 0) == (name in TAKES_ALL)


def test_the_program_tells_in_a_table(capsys):
    assert fuzz.main(["period", "-n", "3", "--jobs", "2"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    told = dict(zip(header.replace("a second", "rate").replace("new lines", "lines").split(), row.split(), strict=True))
    kept = len(fuzz.known("period")) + len(READERS["period"].seeds())
    assert int(told["inputs"]) == int(told["accepted"]) + int(told["refused"]) == 3 + kept
    assert (told["reader"], told["faults"]) == ("period", "0")


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

    monkeypatch.setattr(fuzz, "SECONDS", 0.1)
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
