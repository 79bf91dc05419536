"""The log of a build: a line as it begins, one a bulletin, one at the end, as its schema says."""

import json

from jsonschema import validate

from conftest import ROOT, edit, tongbao
from walk import page, steps, walk

SCHEMA = json.loads((ROOT / "schemas/log.schema.json").read_text("utf-8"))


def lines(path):
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in found:
        validate(line, SCHEMA)
    path.unlink()
    return [(line["event"], line["bulletin"], line["outcome"]) for line in found], found[-1]


def test_the_log_and_the_summary_say_what_was_built_and_what_was_not(built, tmp_path):
    log = tmp_path / "build.jsonl"
    wenzhou, taizhou = "wenzhou-monthly@2021-01-to-02", "taizhou-andun@2019-04-to-06"
    edit(built / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", "1371", "many")
    done = tongbao(built, "build", "--engine", "embedded", "--log-json", str(log), code=1)
    told, end = lines(log)
    assert told == [
        ("start", None, None),
        ("bulletin", taizhou, "failed"),
        ("bulletin", wenzhou, "unchanged"),
        ("end", None, "failed"),
    ]
    assert (end["exit"], end["built"], end["unchanged"], end["failed"]) == (1, 0, 1, 1)
    assert "annex.csv" in end["error"]
    assert "not all     0 built, 1 unchanged, 1 failed in " in done.stdout
    assert f"next        tongbao check {taizhou}  " in done.stdout
    edit(built / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", "many", "1372")
    assert f"doubtful    {taizhou}: " in tongbao(built, "build", "--engine", "embedded").stdout

    tongbao(built, "build", "nosuch", "--log-json", str(log), code=2)
    told, end = lines(log)
    assert told == [("start", None, None), ("end", None, "failed")]
    assert end["exit"] == 2

    tongbao(built, "build", wenzhou, "--log-json", str(tmp_path / "no" / "log"), code=3)


def test_the_page_on_operations_is_walked_through(built):
    assert steps(page("operations", "zh")) == steps(page("operations", "en"))
    assert [ran.line.split()[1] for ran in walk(built, "operations")] == ["doctor", "build"]
    told, end = lines(built / "build.jsonl")
    assert [outcome for event, _, outcome in told if event == "bulletin"] == ["unchanged", "unchanged"]
    assert end["exit"] == 0
