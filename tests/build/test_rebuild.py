"""`verify --rebuild`: made again from the manifest, elsewhere, and compared."""

import json

import pytest

from conftest import edit, sums, tongbao

PAGE = "_site/reports/taizhou-andun/2019-04-to-06.html"
MANIFEST = "data/processed/{}/manifest.json"


def rebuilt(project, *targets, code=0):
    done = tongbao(project, "verify", "--rebuild", "--json", *targets, code=code)
    return {record["bulletin"]: record["rebuild"] for record in json.loads(done.stdout)}, done.stderr


def test_what_differs_is_named_and_nothing_is_written(built):
    manifest = built / MANIFEST.format("taizhou-andun/2019-04-to-06")
    edit(built / PAGE, "5800", "5801")
    edit(built / "data/raw/wenzhou-monthly/2021-01-to-02/facts.csv", "全市实施行政处罚,87,", "全市实施行政处罚,86,")
    edit(manifest, '"pandas": "', '"pandas": "0.')
    with (built / "requirements.lock").open("a") as lock:
        lock.write("\n")
    before, outputs = sums(built), json.loads(manifest.read_text("utf-8"))["outputs"]
    found, errors = rebuilt(built, code=1)
    assert sums(built) == before
    taizhou = found["taizhou-andun@2019-04-to-06"]
    assert taizhou["same"] == len(outputs) - 1
    (difference,) = taizhou["differing"]
    assert (difference["file"], difference["what"]) == (PAGE, "was changed after the build")
    assert "5801" in difference["present"]
    assert difference["present"].replace("5801", "5800") == difference["rebuilt"]
    assert (built / PAGE).read_text("utf-8").splitlines()[difference["line"] - 1].count("5801") == 1
    lock, pandas = taizhou["otherwise"]
    assert lock == "requirements.lock is not that of the build"
    assert pandas.startswith("pandas: ")
    assert "facts.csv changed" in found["wenzhou-monthly@2021-01-to-02"]["error"]
    assert "cannot be rebuilt: its inputs are not those of the build" in errors


@pytest.mark.long
def test_with_the_parameters_and_formats_of_the_build(built):
    tongbao(built, "build", "wenzhou-monthly", "-p", "below_rate=15", "--format", "html")
    manifest = built / MANIFEST.format("wenzhou-monthly/2021-01-to-02")
    outputs = json.loads(manifest.read_text("utf-8"))["outputs"]
    found, _ = rebuilt(built, "wenzhou-monthly")
    assert found == {"wenzhou-monthly@2021-01-to-02": {"same": len(outputs), "differing": [], "otherwise": []}}
    assert not any(name.endswith(".pdf") for name in outputs)
    edit(built / "reports/wenzhou-monthly/series.yml", "notebook: monthly", "notebook: monthly # the same")
    assert "series.yml changed" in rebuilt(built, "wenzhou-monthly", code=1)[1]


@pytest.mark.quarto
@pytest.mark.long
def test_under_quarto_nothing_differs_either(quarto_site):
    found, _ = rebuilt(quarto_site)
    assert [(one["differing"], one["otherwise"]) for one in found.values()] == [([], []), ([], [])]
