"""A batch: goes on past what fails, keeps what is done, and finishes what it was killed in."""

from conftest import CIRCULARS, copy_project, edit, tongbao

EMBEDDED = ("--engine", "embedded", "--format", "html")


def test_one_that_fails_does_not_keep_back_the_others(tmp_path):
    project = copy_project(tmp_path / "p", *CIRCULARS)
    edit(project / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv", "248", "x248")
    finished = tongbao(project, "build", *EMBEDDED, code=1)
    assert "built       taizhou-andun@2019-04-to-06" in finished.stdout
    assert "annex1.csv" in finished.stderr
    assert (project / "_site/reports/taizhou-andun/2019-04-to-06.html").is_file()
    assert not (project / "_site/reports/wenzhou-monthly").exists()
    assert "wenzhou-monthly" not in (project / "_site/index.html").read_text("utf-8")
    assert not list((project / ".tongbao/made").iterdir())


def test_a_build_sees_only_what_its_manifest_names(tmp_path):
    """What a page depends on is what status watches: a notebook that reads another file fails, and says which."""
    project = copy_project(tmp_path / "p", "taizhou-andun")
    (project / "notes.txt").write_text("1", "utf-8")
    edit(project / "notebooks/special_action.ipynb", "bulletin.save()", 'bulletin.save(); open(\\"notes.txt\\")')
    finished = tongbao(project, "build", *EMBEDDED, code=3)
    assert "notes.txt" in finished.stderr
