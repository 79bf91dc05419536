"""What an earlier version of the program has built or published lies beside what this one makes."""

import json

import pytest

from conftest import edit, of_story, tongbao
from pages import soup
from tongbao.definition.files import file_hash
from tongbao.definition.project import Project
from tongbao_site.entry import read_entries

TAIZHOU = "taizhou-andun@2019-04-to-06"
FOLDER = "data/processed/taizhou-andun/2019-04-to-06"
RECORD = f"{FOLDER}/findings.json"


def age(project, *lost, schema=4):
    """Make Taizhou's record one of an earlier schema, as it was built then; without what it did not hold."""
    record, manifest = (project / FOLDER / name for name in ("findings.json", "manifest.json"))
    held = json.loads(record.read_text("utf-8")) | {"schema": schema}
    record.write_text(json.dumps({name: held[name] for name in held if name not in lost}), "utf-8")
    built = json.loads(manifest.read_text("utf-8")) | {"code": "0" * 64}
    built["outputs"][RECORD] = file_hash(record)
    manifest.write_text(json.dumps(built), "utf-8")


@pytest.mark.further
@pytest.mark.parametrize(
    ("lost", "schema", "listed"), [(("reconstruction",), 4, True), (("reconstruction", "figures"), 2, False)]
)
def test_another_bulletin_is_built_beside_it(built, lost, schema, listed):
    age(built, *lost, schema=schema)
    tongbao(built, "build", "wenzhou-monthly", "--force", "--format", "html", "--engine", "embedded")
    links = {link["href"] for link in soup(built / "_site/index.html").select("main a")}
    assert ("reports/taizhou-andun/2019-04-to-06.html" in links) is listed
    assert "reports/wenzhou-monthly/2021-01-to-02.html" in links
    assert "code changed" in tongbao(built, "status", TAIZHOU, "--engine", "embedded").stdout


def test_it_is_not_vouched_for(built):
    age(built, "reconstruction")
    said = tongbao(built, "verify", "--audit", TAIZHOU, code=1).stdout
    assert "its record is damaged, or of another version: build it again" in said
    assert "held" not in said


KEPT = ("fresh.json", "hashes.json", "site.json", "site/series.json", "made/next/install.json", "made/x/made.json")
BESIDE = [f"{FOLDER}/{name}" for name in ("manifest.json", "findings.json", "quality.json")]


@pytest.mark.further
@pytest.mark.parametrize(
    "damaged",
    [
        b'{"key": 1, "schema": 5, "made": [1]}',
        b"\xff",
        *(pytest.param(text, marks=pytest.mark.long) for text in (b"", b"null", b"[[]]")),
    ],
)
def test_what_is_kept_may_be_of_another_version_or_damaged(built, damaged):
    """What a build keeps for itself is made again; what it has built is named."""
    tongbao(built, "build", "--engine", "embedded")
    (record,) = list((built / ".tongbao/site/records").iterdir())[:1]
    for path in [record, *(built / ".tongbao" / name for name in KEPT), *(built / name for name in BESIDE)]:
        good = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(damaged)
        tongbao(built, "status", "--engine", "embedded")
        if path.is_relative_to(built / ".tongbao"):
            tongbao(built, "build", "--engine", "embedded")
        else:
            tongbao(built, "verify", "--audit", TAIZHOU, code=1)
        if good is not None:
            path.write_bytes(good)
    assert tongbao(built, "verify", "--audit").stdout.count("  as built") == 2


@pytest.mark.parametrize("text", ["", "{}", "null", '{"cells": [1]}', None])
def test_an_index_that_is_no_notebook_is_named(built, text):
    path = built / "notebooks/index.ipynb"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    said = tongbao(built, "build", "--engine", "embedded", code=2).stderr
    assert "notebooks/index.ipynb: not a notebook that can be read" in said


def test_what_is_written_into_the_notebook_of_the_index_is_taken_over(built):
    edit(built / "notebooks/index.ipynb", "通报目录", "通报总目录")
    tongbao(built, "build", "--engine", "embedded")
    assert "通报总目录" in (built / "index.ipynb").read_text("utf-8")


def test_a_plan_that_leads_elsewhere_is_not_followed(built):
    outside = built.parent / "letter.txt"
    outside.touch()
    plan = {"trees": {}, "moved": [], "gone": ["../letter.txt"], "made": ["../../../letter.txt"]}
    place = built / ".tongbao/made/next/install.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(plan), "utf-8")
    tongbao(built, "status", "--engine", "embedded")
    assert outside.exists()
    assert not place.exists()


def test_a_record_that_is_none_is_passed_over(built, tmp_path):
    whole = built / "data/processed/wenzhou-monthly/2021-01-to-02/findings.json"
    texts = ("", "[]", "{", '{"schema": 5}', '{"definition": []}', "\x00")
    records = [tmp_path / f"{number}.json" for number in range(len(texts))]
    for path, text in zip(records, texts, strict=True):
        path.write_text(text, "utf-8")
    assert [
        entry.id for entry in read_entries([(path, file_hash(path)) for path in (*records, whole)], tmp_path / "kept")
    ] == ["wenzhou-monthly@2021-01-to-02"]


@of_story
def test_a_published_one_that_cannot_be_listed_is_named(story, tmp_path, monkeypatch):
    monkeypatch.setattr("tongbao_office.tree.read_entries", lambda *_: [])
    said = story.run("publish", str(tmp_path / "site"), code=1)
    assert "demo@2021-q2: a record that this version cannot list" in said
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", [".hashes.json.1.part", "site/.series.json.1.part", "site/records/.x.json.1.part"])
def test_what_a_killed_build_was_writing_is_cleared_away(built, name):
    tongbao(built, "build", "--engine", "embedded")
    (built / ".tongbao" / name).write_text("{", "utf-8")
    (built / ".tongbao/site/.other.1.part").touch()  # by which it is known that somebody was killed
    tongbao(built, "status", "--engine", "embedded")
    assert list((built / ".tongbao").rglob("*.part")) == []


def test_a_plan_with_a_colon_in_a_name_is_followed(built):
    placed = Project(built).made / "next" / "install.json"
    placed.parent.mkdir(parents=True)
    (placed.parent / "reports/a:b.csv").parent.mkdir(parents=True)
    (placed.parent / "reports/a:b.csv").write_text("x", "utf-8")
    placed.write_text(json.dumps({"trees": {}, "moved": ["reports/a:b.csv"], "gone": [], "made": []}), "utf-8")
    tongbao(built, "status", "--engine", "embedded")
    assert (built / "reports/a:b.csv").read_text("utf-8") == "x"
