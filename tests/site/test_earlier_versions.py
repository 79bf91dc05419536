"""What an earlier version of the program has built or published lies beside what this one makes."""

import json

import pytest

from conftest import of_story, tongbao
from pages import soup
from tongbao.definition.files import file_hash
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


@pytest.mark.parametrize("more", [(), ("--audit",)])
def test_it_is_not_vouched_for(built, more):
    age(built, "reconstruction")
    said = tongbao(built, "verify", TAIZHOU, *more, code=1).stdout
    assert "its record is of schema 4, not 5: build again" in said
    assert "held" not in said


def test_a_record_that_is_none_is_passed_over(built, tmp_path):
    whole = built / "data/processed/wenzhou-monthly/2021-01-to-02/findings.json"
    texts = ("", "[]", "{", '{"schema": 5}', '{"definition": []}', "\x00")
    records = [tmp_path / f"{number}.json" for number in range(len(texts))]
    for path, text in zip(records, texts, strict=True):
        path.write_text(text, "utf-8")
    assert [entry.id for entry in read_entries([*records, whole], tmp_path / "kept")] == [
        "wenzhou-monthly@2021-01-to-02"
    ]


@of_story
def test_a_published_one_that_cannot_be_listed_is_named(story, tmp_path, monkeypatch):
    monkeypatch.setattr("tongbao_office.tree.read_entries", lambda *_: [])
    said = story.run("publish", str(tmp_path / "site"), code=1)
    assert "demo@2021-q2: a record that this version cannot list" in said
    assert not (tmp_path / "site").exists()
