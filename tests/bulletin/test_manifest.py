"""What makes a bulletin out of date, each told apart."""

from dataclasses import replace

import pytest

from tongbao.bulletin.manifest import Manifest, read_manifest, reasons


def no_file(name):
    return None


BUILT = Manifest("s", "2021", {"a.csv": "1"}, {"n": "3"}, "code", {"name": "embedded", "typst": "1"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"inputs": {"a.csv": "2"}}, "a.csv changed"),
        ({"inputs": {"a.csv": "1", "b.csv": "1"}}, "b.csv new"),
        ({"inputs": {}}, "a.csv removed"),
        ({"parameters": {"n": "4"}}, "parameter n: built with 3, now 4"),
        ({"code": "other"}, "tongbao's code changed"),
        ({"engine": {"name": "embedded", "typst": "2"}}, "engine: built with embedded typst 1, now embedded typst 2"),
    ],
)
def test_each_change_is_named(change, reason):
    assert reasons(replace(BUILT, **change), BUILT, no_file) == [reason]


def test_nothing_changed():
    assert reasons(BUILT, BUILT, no_file) == []
    assert reasons(BUILT, BUILT, no_file, ("pdf",)) == ["pdf not built"]
    assert reasons(BUILT, None, no_file) == ["never built"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 0}', '{"schema": 1, "other": 2}'])
def test_a_record_that_cannot_be_read_counts_as_none(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    assert read_manifest(tmp_path) is None


def test_a_record_reads_back(tmp_path):
    BUILT.write(tmp_path)
    assert read_manifest(tmp_path) == BUILT
