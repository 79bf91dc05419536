"""Approvals: bound to every byte that was read, in files that are never rewritten, signed where there is a key."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator

from conftest import ROOT, built_once, edit, tongbao
from demo import ID, NAME, write_demo
from tongbao.basics.errors import DataError, UsageError
from tongbao.basics.period import Period
from tongbao.build.choice import choose as choose_targets
from tongbao.definition.project import Project
from tongbao_office import approval, history
from tongbao_office.decisions import decisions
from tongbao_office.names import as_name, folded
from tongbao_office.publish import choose
from tongbao_office.records import Decision
from tongbao_office.tree import read_list

NOON = datetime(2021, 7, 12, 12, tzinfo=UTC)
PAGE = "_site/reports/demo/2021-q2"
pytestmark = pytest.mark.xdist_group("approval")  # what they look at is made once
needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def project(demo_site, tmp_path):
    """The sample as built; what other tests reviewed of it is left out."""
    ignored = shutil.ignore_patterns("_review")
    return shutil.copytree(demo_site, tmp_path / "project", symlinks=True, ignore=ignored)


@pytest.fixture(scope="session")
def first_approval(demo_site, tmp_path_factory):
    """The record of 王芳's approval of what was built, made once: to approve is to hold a whole page to its figures."""
    project = shutil.copytree(demo_site, tmp_path_factory.mktemp("approved") / "project", symlinks=True)
    return approve(project, "王芳").path


@pytest.fixture
def record(project, first_approval):
    """The project has 王芳's approval: this is its record."""
    shutil.copytree(first_approval.parent, project / "reports/demo/approvals")
    return project / "reports/demo/approvals" / first_approval.name


@pytest.fixture(scope="session")
def strict_site(tmp_path_factory):
    """The made-up series with the two-person rule, its author declared."""

    def prepare(root):
        write_demo(root)
        edit(root / "reports/demo/series.yml", "formats: [html]", "formats: [html]\napprovals: 2")
        edit(root / "reports/demo/2021-q2.md", "issued: 2021-07-10", "issued: 2021-07-10\nauthor: 李明")

    return built_once(tmp_path_factory, "strict", ID, series=("demo",), prepare=prepare)


def bulletin(project):
    return approval.Bulletin.open(Project(project), NAME[0], Period.parse(NAME[1]))


def approve(project, by, minutes=0, key=None):
    return approval.approve(bulletin(project), by, "", key, NOON + timedelta(minutes=minutes))


def assert_fits(name, path):
    schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(path.read_text("utf-8")))


def fallen(project):
    return [(one.record.by, reason) for one, reason in approval.standing(bulletin(project)).fallen]


def in_git(project, *arguments):
    identity = ("-c", "user.name=李明", "-c", "user.email=liming@example.cn")
    subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True)


def test_an_approval_is_bound_to_all_that_is_read(project):
    tongbao(project, "approve", ID, "--by", "王芳", "--note", "已核对附表")
    (path,) = (project / "reports/demo/approvals").iterdir()
    record = Decision.model_validate_json(path.read_bytes())
    assert path.name.startswith("2021-q2.0001.")
    assert (record.decision, record.by, record.note) == ("approved", "王芳", "已核对附表")
    outputs = json.loads((project / "data/processed/demo/2021-q2/manifest.json").read_text("utf-8"))["outputs"]
    assert record.read.keys() == {*outputs, "data/processed/demo/2021-q2/manifest.json"}
    # The digest is what anybody gets with sha256sum.
    listed = subprocess.run(["sha256sum", *sorted(record.read)], cwd=project, capture_output=True, check=True).stdout
    assert record.digest == sha256(listed).hexdigest()
    assert_fits("decision", path)


@pytest.mark.further
@pytest.mark.usefixtures("record")
def test_approving_makes_nothing_out_of_date(project):
    said = tongbao(project, "status", "demo").stdout
    assert "out of date" not in said
    assert "approved  demo@2021-q2: 1 of 1" in said
    assert "王芳  2021-07-12T12:00  not signed" in said


@pytest.mark.further
@pytest.mark.parametrize(
    "name",
    [
        f"{PAGE}.html",
        f"{PAGE}.csv",
        "data/processed/demo/2021-q2/robustness.json",
        "data/processed/demo/2021-q2/manifest.json",
        "data/raw/demo/2021-q2/work.csv",
        "data/raw/demo/2020-04/work.csv",
        "reports/demo/2021-q2.md",
        "theme/bulletin.css",
    ],
)
@pytest.mark.usefixtures("record")
def test_one_byte_ends_it_and_status_says_by_which_file(project, name):
    data = bytearray((project / name).read_bytes())
    data[-1] = ord(" ")
    (project / name).write_bytes(data)
    assert fallen(project) == [("王芳", f"{name} changed")]
    if name.endswith("2021-q2/work.csv"):
        assert f"approval by 王芳 does not count: {name} changed" in tongbao(project, "status", "demo").stdout


@pytest.mark.usefixtures("record")
def test_a_file_that_is_gone_or_comes_new_ends_it_too(project):
    (project / f"{PAGE}.html").unlink()
    (project / "data/raw/demo/2021-q2/new.csv").touch()
    found = "data/raw/demo/2021-q2/new.csv new", f"{PAGE}.html is missing"
    assert fallen(project) == [("王芳", "\n".join(found))]


def test_what_is_out_of_date_or_a_draft_is_not_approved(project):
    edit(project / "reports/demo/2021-q2.md", "认真", "认真、及时")
    with pytest.raises(DataError, match="cannot be approved") as caught:
        approve(project, "王芳")
    assert caught.value.found == "reports/demo/2021-q2.md changed"
    edit(project / "reports/demo/2021-q2.md", "认真", "认真 CHECK: 是否妥当")
    said = tongbao(project, "--lang", "zh", "approve", ID, "--by", "王芳", code=1).stderr
    assert "不能批准" in said
    assert "尚未定稿：reports/demo/2021-q2.md:7" in said
    assert not (project / "reports/demo/approvals").exists()


def test_what_lacks_a_declared_format_is_not_approved(project):
    series, manifest = project / "reports/demo/series.yml", project / "data/processed/demo/2021-q2/manifest.json"
    before = sha256(series.read_bytes()).hexdigest()
    edit(series, "formats: [html]", "formats: [html, pdf]")
    edit(manifest, before, sha256(series.read_bytes()).hexdigest())  # as `build --format html` leaves it
    with pytest.raises(DataError, match="cannot be approved") as caught:
        approve(project, "王芳")
    assert caught.value.found == "pdf not built"


@pytest.mark.further
@pytest.mark.usefixtures("record")
def test_another_version_or_font_ends_it_unless_just_that_is_out_already(project, tmp_path):
    tongbao(project, "publish", str(tmp_path / "site"))
    now, choices = Project(project), choose_targets(Project(project), [ID], {})
    for place, replaced, reason in (
        ("tongbao.build.inputs.code_hash", lambda: "0" * 64, "tongbao's code changed"),
        ("tongbao.build.build.version", lambda _: "0.1", "engine: built with "),
        ("tongbao.build.build.find_fonts", lambda _: [project / "_quarto.yml"], "engine: built with "),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, replaced)
            ((_, said),) = fallen(project)
            assert said.startswith(reason)
            assert choose(now, choices, read_list(tmp_path / "site"), named=True, draft=False).unchanged == [ID]
            with pytest.raises(DataError, match="not approved: 0 of 1"):
                choose(now, choices, read_list(None), named=True, draft=False)
    approval.withdraw(bulletin(project), "王芳", "", None, NOON)
    with pytest.raises(DataError, match="not approved: 0 of 1"):
        choose(now, choices, read_list(tmp_path / "site"), named=True, draft=False)


def test_what_the_audit_leaves_over_is_not_approved(project):
    page, manifest = project / f"{PAGE}.html", project / "data/processed/demo/2021-q2/manifest.json"
    before = sha256(page.read_bytes()).hexdigest()
    edit(page, "现将情况通报如下", "现将9起情况通报如下")
    edit(manifest, before, sha256(page.read_bytes()).hexdigest())  # as if it had been built so
    assert bulletin(project).faults() == ["1 left over: tongbao verify --audit demo@2021-q2 names them"]


def test_somebody_approves_once_and_may_withdraw(project, record):
    text = record.read_bytes()
    with pytest.raises(UsageError, match="approves of this already"):
        approve(project, "王　芳".replace("　", "") + " ", 1)
    tongbao(project, "withdraw", ID, "--by", "王芳", "--note", "附表2待核")
    assert fallen(project) == [("王芳", "withdrawn")]
    assert "王芳的批准不计入：已撤回" in tongbao(project, "--lang", "zh", "status", ID).stdout
    with pytest.raises(DataError, match="no approval by 王芳 stands"):
        approval.withdraw(bulletin(project), "王芳", "", None, NOON)
    approve(project, "王芳", 3)
    assert approval.standing(bulletin(project)).is_approved
    records = sorted((project / "reports/demo/approvals").iterdir())
    assert_fits("decision", records[1])  # a withdrawal
    assert [path.name.split(".")[1] for path in records] == ["0001", "0002", "0003"]
    assert record.read_bytes() == text


@pytest.mark.further
@pytest.mark.usefixtures("record")
def test_a_record_that_was_rewritten_counts_no_more(project):
    in_git(project, "init", "--quiet")
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "approved")
    assert approval.standing(bulletin(project)).is_approved
    (path,) = (project / "reports/demo/approvals").iterdir()
    edit(path, "王芳", "赵强")
    assert fallen(project) == [("赵强", f"{path.name} was changed after it had been committed")]
    in_git(project, "commit", "--quiet", "-am", "rewritten")
    assert fallen(project) == [("赵强", f"{path.name} was changed after it had been committed")]


def hidden_by(*arguments):
    """A mark on the record in the index, by which Git looks no more at what lies there."""
    return lambda project, path: in_git(project, "update-index", *arguments, str(path))


def filtered(project, path):
    """What is told to Git in the place of what lies there is what was committed."""
    (project / ".git/info/attributes").write_text(f"{path.name} filter=same\n", "utf-8")
    in_git(project, "config", "filter.same.clean", f"git cat-file blob HEAD:reports/demo/approvals/{path.name}")
    in_git(project, "add", "--renormalize", "reports")


def grafted(project, _path):
    """The edit is committed, and that commit is said to be the first."""
    in_git(project, "commit", "--quiet", "-am", "rewritten")
    told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, check=True, capture_output=True, text=True)
    (project / ".git/info/grafts").write_text(told.stdout, "utf-8")


def replaced(project, _path):
    """The edit is committed, and another commit without a parent is put in its place."""
    in_git(project, "commit", "--quiet", "-am", "rewritten")
    in_git(project, "replace", "--graft", "HEAD")


def simplified(project, path):
    """The edit is made by a merge, whose changes a setting leaves out."""
    in_git(project, "checkout", "--quiet", "--", str(path))
    in_git(project, "checkout", "--quiet", "-b", "other")
    in_git(project, "commit", "--quiet", "--allow-empty", "-m", "other")
    in_git(project, "checkout", "--quiet", "-")
    in_git(project, "merge", "--quiet", "--no-ff", "--no-commit", "other")
    edit(path, "王芳", "赵强")
    in_git(project, "commit", "--quiet", "-am", "merged")
    in_git(project, "config", "log.diffMerges", "off")


@pytest.mark.further
@pytest.mark.parametrize(
    "how",
    [hidden_by("--assume-unchanged"), hidden_by("--skip-worktree"), filtered, grafted, replaced, simplified],
    ids=["assumed unchanged", "skipped", "filtered", "grafted", "replaced", "merged unseen"],
)
def test_a_record_that_was_rewritten_counts_no_more_though_git_is_told_to_overlook_it(project, record, how):
    in_git(project, "init", "--quiet")
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "approved")
    edit(record, "王芳", "赵强")
    how(project, record)
    assert "赵强" in record.read_text("utf-8")
    assert fallen(project) == [("赵强", f"{record.name} was changed after it had been committed")]


@pytest.mark.further
def test_a_record_whose_lines_end_as_on_windows_is_not_one_that_was_rewritten(project, record):
    in_git(project, "init", "--quiet")
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "approved")
    (project / ".gitattributes").write_text("*.json text eol=crlf\n", "utf-8")
    record.unlink()
    in_git(project, "checkout", "--quiet", "--", str(record))
    assert b"\r\n" in record.read_bytes()
    assert approval.standing(bulletin(project)).is_approved


def unborn(project, _monkeypatch):
    """A new branch without a commit is checked out."""
    in_git(project, "checkout", "--quiet", "--orphan", "new")
    return project, "git switch to that branch"


def broken(project, _monkeypatch):
    """What the branch stands for is no commit."""
    head = (project / ".git/HEAD").read_text("utf-8").removeprefix("ref: ").strip()
    (project / ".git" / head).write_text("none\n", "utf-8")
    return project, "git fsck"


def of_another(project, monkeypatch):
    """As where somebody else owns the folder."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    return project, f'git config --global --add safe.directory "{project}"'


def without_git(project, monkeypatch):
    monkeypatch.setenv("PATH", str(project / "no-programs"))
    return project, "install Git"


def shallow(project, _monkeypatch):
    """The project with the repository of a clone of the last commit only."""
    in_git(project, "clone", "--quiet", "--depth", "1", "--no-checkout", f"file://{project}", f"{project}-clone")
    shutil.rmtree(project / ".git")
    shutil.move(f"{project}-clone/.git", project / ".git")
    in_git(project, "reset", "--quiet", "--mixed")
    return project, "git fetch --unshallow"


@pytest.mark.further
@pytest.mark.parametrize("where", [of_another, without_git, shallow, unborn, broken])
def test_where_git_does_not_tell_what_was_changed_no_approval_counts(project, record, monkeypatch, tmp_path, where):
    in_git(project, "init", "--quiet")
    for _ in range(2):
        in_git(project, "add", "reports")
        in_git(project, "commit", "--quiet", "-m", "approved")
        edit(record, "王芳", "赵强") if "王芳" in record.read_text("utf-8") else None
    place, hint = where(project, monkeypatch)
    said = tongbao(place, "status", "demo").stdout
    assert "not approved  demo@2021-q2: 0 of 1" in said
    assert "approval by 赵强 does not count: Git cannot say what was changed after it had been committed" in said
    assert hint in said
    for publication in (["publish", str(tmp_path / "site")], ["publish", str(tmp_path / "site"), ID]):
        said = tongbao(place, *publication, code=1).stderr
        assert "not approved: 0 of 1 approvals hold" in said
        assert f"hint:     {hint}" in said
    said = tongbao(place, "approve", ID, "--by", "李明", code=3).stderr
    assert "Git cannot say what was changed after it had been committed" in said
    assert f"hint:     {hint}" in said
    assert [one.name for one in (project / "reports/demo/approvals").iterdir()] == [record.name]
    assert not (tmp_path / "site").exists()


@pytest.mark.further
def test_an_approval_counts_in_a_repository_without_a_commit_and_in_a_hook_of_another(project, monkeypatch, tmp_path):
    in_git(project, "init", "--quiet")
    path = approve(project, "王芳").path
    assert approval.standing(bulletin(project)).is_approved
    for _ in range(2):
        in_git(project, "add", "reports")
        in_git(project, "commit", "--quiet", "-m", "approved")
        edit(path, "王芳", "赵强") if "王芳" in path.read_text("utf-8") else None
    in_git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    assert fallen(project) == [("赵强", f"{path.name} was changed after it had been committed")]


@pytest.fixture(scope="session")
def merging(demo_site, tmp_path_factory):
    """Two branches with an approval each, to be merged, and the record of the one that is not checked out."""
    project = shutil.copytree(demo_site, tmp_path_factory.mktemp("merging") / "project", symlinks=True)
    in_git(project, "init", "--quiet", "--initial-branch=main")
    in_git(project, "commit", "--quiet", "--allow-empty", "-m", "empty")
    in_git(project, "checkout", "--quiet", "-b", "other")
    first = approve(project, "王芳").path
    in_git(project, "add", "reports/demo/approvals")
    in_git(project, "commit", "--quiet", "-m", "approved")
    in_git(project, "checkout", "--quiet", "main")
    approve(project, "赵强", 1)
    in_git(project, "add", "reports/demo/approvals")
    in_git(project, "commit", "--quiet", "-m", "approved, too")
    return project, first.relative_to(project)


@pytest.fixture
def two_branches(merging, tmp_path):
    project = shutil.copytree(merging[0], tmp_path / "project", symlinks=True)
    return project, project / merging[1]


@pytest.mark.further
def test_what_two_branches_have_decided_counts_when_they_are_merged(two_branches):
    project, _ = two_branches
    in_git(project, "merge", "--quiet", "other")
    assert len(approval.standing(bulletin(project)).holding) == 2


@pytest.mark.further
@pytest.mark.parametrize("how", ["rewritten", "left out"])
def test_a_record_that_a_merge_has_changed_counts_no_more(two_branches, how):
    project, record = two_branches
    if how == "rewritten":
        in_git(project, "merge", "--quiet", "--no-commit", "other")
        edit(record, '"note": ""', '"note": "改"')
        in_git(project, "commit", "--quiet", "-am", "merged")
    else:
        in_git(project, "merge", "--quiet", "--strategy=ours", "other")
    assert approval.standing(bulletin(project)).holding == ()
    assert ("赵强", f"{record.name} was changed after it had been committed") in fallen(project)


def test_hashes_in_a_record_are_its_digest(project, record):
    name = f"{PAGE}.html"
    edit(record, f'"{name}": "', f'"{name}": "0000')
    edit(record, "0000", "")
    edit(record, '"digest": "', '"digest": "0')
    text = json.loads(record.read_text("utf-8"))
    record.write_text(json.dumps(text | {"digest": "0" * 64}, ensure_ascii=False), "utf-8")
    assert fallen(project) == [("王芳", "the record itself was changed")]


def test_two_people_must_approve_and_the_author_is_neither(strict_site, tmp_path):
    project = shutil.copytree(strict_site, tmp_path / "project", symlinks=True)
    approve(project, "李 明")  # as lists set short names
    approve(project, "王芳", 1)
    assert fallen(project) == [("李 明", "the author does not count")]
    with pytest.raises(UsageError, match="approves of this already"):
        approve(project, "王　芳", 2)
    assert not approval.standing(bulletin(project)).is_approved
    said = tongbao(project, "publish", str(tmp_path / "site"), code=1).stderr
    assert "not approved: 1 of 2 approvals hold" in said
    assert not (tmp_path / "site").exists()
    approve(project, "赵强", 2)
    assert approval.standing(bulletin(project)).is_approved


@pytest.mark.parametrize(
    "author", ["李明、王芳", "李明，王芳", "李明, 王芳", "李明；王芳", "[李明, 王芳]", "\n  - 李明\n  - 王芳"]
)
def test_of_several_authors_none_counts(strict_site, tmp_path, author):
    project = shutil.copytree(strict_site, tmp_path / "project", symlinks=True)
    edit(project / "reports/demo/2021-q2.md", "author: 李明", f"author: {author}")
    assert bulletin(project).authors() == ("李明", "王芳")


@pytest.mark.further
def test_where_nobody_is_known_as_the_author_it_is_said(strict_site, tmp_path):
    project = shutil.copytree(strict_site, tmp_path / "project", symlinks=True)
    text = project / "reports/demo/2021-q2.md"
    edit(text, "author: 李明\n", "")
    tongbao(project, "build", ID, "--engine", "embedded")
    said = tongbao(project, "approve", ID, "--by", "李明").stdout
    assert "nobody is known as the author of demo@2021-q2" in said
    in_git(project, "init", "--quiet")
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "text")
    said = tongbao(project, "approve", ID, "--by", "王芳").stdout
    assert "nobody is known" not in said
    assert "not counted approval by 李明: the author does not count" in said


@pytest.mark.parametrize("sign", [*"\u200d\u00ad\u034f\u3164\ufe00\U000e0100\u2800\u202e\n\t\x1b\u2028"])
def test_a_name_holds_no_sign_that_is_not_seen(project, record, sign):
    for by in (f"王{sign}芳", f"甲{sign}已签名"):
        with pytest.raises(UsageError, match="a sign that is not seen") as caught:
            approve(project, by)
        assert caught.value.found == f"U+{ord(sign):04X}"
    assert [*(project / "reports/demo/approvals").iterdir()] == [record]
    edit(record, '"by": "王芳"', f'"by": {json.dumps("王" + sign + "芳")}')
    with pytest.raises(DataError, match="not a decision on this bulletin"):
        approval.standing(bulletin(project))
    assert folded(f"王{sign}芳") == "王芳"


@pytest.mark.further
@pytest.mark.parametrize("by", ["？", "?", "123", "——", "😀", "  "])
def test_a_name_has_a_letter(project, by):
    said = tongbao(project, "approve", ID, "--by", by, code=2).stderr
    assert "no name" in said
    for name in ("王芳", "Ольга", "O'Neil", "ا"):
        assert as_name(name, "--by") == name


@pytest.mark.further
@pytest.mark.usefixtures("record")
def test_each_line_of_a_reason_stands_under_the_first(project):
    for name in ("a", "b"):
        (project / f"data/raw/demo/2021-q2/{name}.csv").touch()
    tongbao(project, "build", ID, "--engine", "embedded")
    approve(project, "赵强", 1)
    said = tongbao(project, "approve", ID, "--by", "李明").stdout.splitlines()
    at = next(number for number, line in enumerate(said) if "not counted approval by 王芳: " in line)
    assert said[at].endswith("data/raw/demo/2021-q2/a.csv new")
    assert said[at + 1] == "              data/raw/demo/2021-q2/b.csv new"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿不都·热合曼", "阿不都•热合曼"),
        ("阿不都・热合曼", "阿不都 热合曼"),
        ("𠮷田", "𠮷 田"),
        ("王芳", "王\u3164芳"),
    ],
)
def test_one_person_is_one_however_the_name_is_written(one, other):
    assert folded(one) == folded(other)


def test_without_a_declared_author_it_is_whoever_committed_the_figures_or_texts_last(project):
    assert bulletin(project).authors() == ()
    in_git(project, "init", "--quiet")
    in_git(project, "add", "data/raw", "reports")
    in_git(project, "commit", "--quiet", "-m", "figures")
    assert bulletin(project).authors() == ("李明", "liming@example.cn")
    edit(project / "reports/demo/series.yml", "示例市", "示范市")  # not the period's own
    in_git(project, "-c", "user.name=赵强", "commit", "--quiet", "-am", "definition")
    assert history.last_author(project, ["reports/demo/series.yml"])[0] == "赵强"
    assert bulletin(project).authors() == ("李明", "liming@example.cn")


@pytest.mark.further
def test_who_committed_the_figures_last_stays_the_author_though_another_commit_is_put_in_the_place(project):
    in_git(project, "init", "--quiet")
    in_git(project, "add", "data/raw", "reports")
    in_git(project, "commit", "--quiet", "-m", "figures")
    in_git(project, "checkout", "--quiet", "-b", "other")
    in_git(project, "-c", "user.name=赵强", "commit", "--quiet", "--amend", "--reset-author", "-m", "figures")
    in_git(project, "replace", "@{-1}", "HEAD")
    in_git(project, "checkout", "--quiet", "-")
    assert bulletin(project).authors() == ("李明", "liming@example.cn")


@pytest.mark.further
@pytest.mark.usefixtures("record")
def test_a_branch_of_the_published_site_is_no_history_of_the_project(project):
    in_git(project, "init", "--quiet")
    in_git(project, "config", "user.name", "李明")
    in_git(project, "config", "user.email", "liming@example.cn")
    tongbao(project, "publish", "git:gh-pages", ID)
    assert approval.standing(bulletin(project)).is_approved


def test_who_committed_the_figures_is_an_author_though_another_committed_the_text_later(project):
    in_git(project, "init", "--quiet")
    in_git(project, "add", "data/raw")
    in_git(project, "commit", "--quiet", "-m", "figures")
    in_git(project, "add", "reports/demo/2021-q2.md")
    in_git(project, "-c", "user.name=赵强", "commit", "--quiet", "-m", "text")
    assert {"李明", "赵强"} < {*bulletin(project).authors()}


@pytest.mark.further
def test_who_committed_case_records_or_inherited_facts_last_is_an_author(project):
    """They lie in other folders than the series' own figures; what lies there of another period is not theirs."""
    series = project / "reports/demo/series.yml"
    series.with_name("base.yml").write_text(series.read_text("utf-8"), "utf-8")
    (project / "reports/base").mkdir()
    shutil.move(series.with_name("base.yml"), project / "reports/base/series.yml")
    series.write_text("extends: base\nrecords: {files: ['a3/{period}/*cases.*']}\n", "utf-8")
    raw = project / "data/raw"
    (raw / "base/2021-q2").mkdir(parents=True)
    shutil.move(raw / "demo/2021-q2/facts.csv", raw / "base/2021-q2/facts.csv")
    in_git(project, "init", "--quiet")
    in_git(project, "add", "data/raw/demo", "reports")
    in_git(project, "commit", "--quiet", "-m", "figures")
    for name, who in (("base/2021-q2/facts.csv", "赵强"), ("a3/2021-q2/cases.csv", "孙丽")):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).open("a").write("\n")
        in_git(project, "add", "data/raw")
        in_git(project, "-c", f"user.name={who}", "commit", "--quiet", "-m", "received")
        assert who in bulletin(project).authors()
    for name in ("base/2021-q1/facts.csv", "a3/2021-q1/cases.csv", "a3/2021-q2/letter.csv"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).touch()
    in_git(project, "add", "data/raw")
    in_git(project, "-c", "user.name=周杰", "commit", "--quiet", "-m", "other")
    assert "周杰" not in bulletin(project).authors()


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Two keys; the first is declared as 王芳's."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("wang", "other"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name]
        subprocess.run(command, check=True, capture_output=True)
    return folder / "wang", folder / "other"


def declare(project, key, *names):
    line = f'"{",".join(names)}" {key.with_suffix(".pub").read_text()}'
    (project / "reports/allowed_signers").write_text(line, "utf-8")


@pytest.mark.further
@needs_ssh
def test_a_signed_approval_is_verified_by_the_declared_key(project, keys):
    declare(project, keys[0], "王芳", "wang@example.cn")
    said = tongbao(project, "approve", ID, "--by", "王芳", "--key", str(keys[0])).stdout
    assert said.splitlines()[-1] == "signed"
    (one,) = approval.standing(bulletin(project)).holding
    assert one.signed == "signed"
    record = one.path
    command = ["ssh-keygen", "-Y", "verify", "-f", project / "reports/allowed_signers", "-I", "王芳", "-n", "tongbao"]
    signature = record.with_name(f"{record.name}.sig")
    done = subprocess.run([*command, "-s", signature], input=record.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    edit(record, '"note": ""', '"note": "改"')
    assert fallen(project) == [("王芳", "not signed by the key that reports/allowed_signers declares")]


@needs_ssh
@pytest.mark.parametrize("which", [1, None], ids=["by another key", "not at all"])
def test_whose_key_is_declared_must_sign_with_it(project, keys, which):
    declare(project, keys[0], "王芳")
    key = [] if which is None else ["--key", str(keys[which])]
    said = tongbao(project, "approve", ID, "--by", "王芳", *key).stdout
    assert "by the key that reports/allowed_signers declares for 王芳: it does not count" in said
    assert not approval.standing(bulletin(project)).is_approved


@pytest.mark.further
@needs_ssh
@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("王芳", "王 芳"),
        pytest.param("Wang Fang", "wang  fang", marks=pytest.mark.long),  # whose names are one is held above
        pytest.param("阿不都·热合曼", "阿不都•热合曼", marks=pytest.mark.long),
        ("Wang*", "wang fang"),
    ],
)
def test_however_a_name_is_spelled_its_key_must_sign(project, keys, declared, given):
    declare(project, keys[0], declared)
    assert approve(project, given).signed == "forged"
    assert not approval.standing(bulletin(project)).is_approved
    true_name = declared.replace("*", " Fang")
    assert approve(project, true_name, 1, keys[0]).signed == "signed"
    assert approval.standing(bulletin(project)).is_approved
    with pytest.raises(UsageError, match="approves of this already"):
        approve(project, given, 2)


@pytest.mark.further
@needs_ssh
def test_a_withdrawn_approval_does_not_come_back_as_a_copy(project, keys):
    declare(project, keys[0], "王芳")
    record = approve(project, "王芳", key=keys[0]).path
    ended = approval.withdraw(bulletin(project), "王芳", "", keys[0], NOON + timedelta(minutes=1)).record
    assert ended.ended == {record.name: sha256(record.read_bytes()).hexdigest()}
    assert_fits("decision", record)
    copy = record.with_name(record.name.replace(".0001.", ".0004."))
    for ending in ("", ".sig"):
        shutil.copy(f"{record}{ending}", f"{copy}{ending}")
    reason = f"the file {copy.name} is not named after what it says"
    assert fallen(project) == [("王芳", reason), ("王芳", "withdrawn")]
    record.unlink()
    assert fallen(project) == [("王芳", reason)]


def test_a_withdrawal_holds_by_the_content_of_the_record(project, record):
    withdrawal = approval.withdraw(bulletin(project), "王芳", "", None, NOON + timedelta(minutes=1)).path
    edit(withdrawal, f'"withdraws": [\n    "{record.name}"\n  ]', '"withdraws": []')
    assert fallen(project) == [("王芳", "withdrawn")]


@pytest.mark.further
@needs_ssh
def test_a_withdrawal_takes_effect_only_as_signed_as_the_approval_must_be(project, keys):
    declare(project, keys[0], "王芳")
    approve(project, "王芳", key=keys[0])
    said = tongbao(project, "withdraw", ID, "--by", "王芳").stdout
    assert "not withdrawn demo@2021-q2 by 王芳" in said
    assert "by the key that reports/allowed_signers declares for 王芳: it does not count" in said
    assert approval.standing(bulletin(project)).is_approved
    (path,) = (project / "reports/demo/approvals").glob("*.0002.*.json")
    edit(path, '"by": "王芳"', '"by": "赵强"')  # who withdraws only what is theirs
    assert approval.standing(bulletin(project)).is_approved
    said = tongbao(project, "withdraw", ID, "--by", "王芳", "--key", str(keys[0])).stdout
    assert "withdrawn   demo@2021-q2 by 王芳" in said
    assert fallen(project) == [("王芳", "withdrawn")]


@pytest.mark.further
@needs_ssh
def test_what_is_signed_in_another_spelling_is_verified_by_the_declared_one(project, keys):
    declare(project, keys[0], "王芳")
    assert approve(project, "王 芳", key=keys[0]).signed == "signed"
    # Whoever puts an unsigned record of that name beside it takes nothing away.
    (path,) = (project / "reports/demo/approvals").glob("*.json")
    later = json.loads(path.read_text("utf-8")) | {"number": 2}
    path.with_name(path.name.replace(".0001.", ".0002.")).write_text(json.dumps(later), "utf-8")
    assert len(decisions(Project(project), NAME[0], Period.parse(NAME[1]))) == 2
    assert approval.standing(bulletin(project)).is_approved


@pytest.mark.further
@needs_ssh
def test_of_a_key_that_nobody_declared_it_is_said(project, keys):
    said = tongbao(project, "approve", ID, "--by", "赵强", "--key", str(keys[1])).stdout
    assert "nobody can verify it" in said
    (one,) = approval.standing(bulletin(project)).holding
    assert one.signed == "unsigned"


@pytest.mark.further
@needs_ssh
def test_the_key_with_which_git_signs_is_taken(project, keys):
    declare(project, keys[0], "王芳")
    in_git(project, "init", "--quiet")
    in_git(project, "config", "gpg.format", "ssh")
    in_git(project, "config", "user.signingkey", str(keys[0].with_suffix(".pub")))
    assert approve(project, "王芳").signed == "signed"


@pytest.mark.further
def test_a_key_that_is_not_there_is_named(project, tmp_path):
    with pytest.raises(UsageError, match="no key to sign with"):
        approve(project, "王芳", key=tmp_path / "none")


def committed(project):
    in_git(project, "init", "--quiet", "--initial-branch=main")
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "approved")


@pytest.mark.further
@needs_ssh
@pytest.mark.parametrize("how", ["changed", "removed", "a link"])
def test_no_approval_counts_where_whose_key_is_whose_is_not_what_is_committed(project, keys, tmp_path, how):
    declare(project, keys[0], "王芳")
    approve(project, "李明")  # not declared
    approve(project, "王芳", 1, keys[0])
    committed(project)
    assert len(approval.standing(bulletin(project)).holding) == 2
    file = project / "reports/allowed_signers"
    if how == "a link":
        shutil.move(file, tmp_path / "signers")
        file.symlink_to(tmp_path / "signers")
        in_git(project, "commit", "--quiet", "-am", "a link")
    else:
        declare(project, keys[1], "李明", "王芳") if how == "changed" else file.unlink()
    hint = "commit it, or put it back: git checkout HEAD -- reports/allowed_signers"
    reason = f"reports/allowed_signers is not as it was committed\n{hint}"
    assert fallen(project) == [("李明", reason), ("王芳", reason)]
    said = tongbao(project, "publish", str(tmp_path / "site"), ID, code=1).stderr
    assert "not approved: 0 of 1 approvals hold" in said
    assert f"hint:     {hint}" in said
    assert "reports/allowed_signers is not as it was committed" in tongbao(project, "status", ID).stdout


@needs_ssh
def test_nobody_approves_as_another_with_a_key_that_is_not_committed(project, keys, tmp_path):
    committed(project)
    declare(project, keys[1], "李明", "王芳")
    for minutes, name in enumerate(("李明", "王芳")):
        assert approve(project, name, minutes, keys[1]).signed == "signed"
    said = tongbao(project, "publish", str(tmp_path / "site"), ID, code=1).stderr
    assert "reports/allowed_signers is not committed" in said
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "who signs")
    assert approval.standing(bulletin(project)).is_approved


@pytest.mark.further
@needs_ssh
def test_an_unsigned_approval_of_who_is_declared_later_counts_no_more(project, keys):
    approve(project, "王芳")
    approve(project, "赵强", 1)
    committed(project)
    declare(project, keys[0], "王芳")
    assert [one.record.by for one in approval.standing(bulletin(project)).holding] == ["赵强"]
    in_git(project, "add", "reports")
    in_git(project, "commit", "--quiet", "-m", "who signs")
    assert [one.record.by for one in approval.standing(bulletin(project)).holding] == ["赵强"]


@pytest.mark.further
@needs_ssh
def test_what_is_published_is_held_to_no_keys_but_those_that_are_committed(project, keys, tmp_path):
    declare(project, keys[0], "王芳")
    approve(project, "王芳", key=keys[0])
    committed(project)
    tongbao(project, "publish", str(tmp_path / "site"), ID)
    tongbao(project, "published", str(tmp_path / "site"))
    (project / "reports/allowed_signers").unlink()
    said = tongbao(project, "published", str(tmp_path / "site"), code=3).stderr
    assert "reports/allowed_signers is not as it was committed" in said


@pytest.mark.further
def test_line_ends_that_git_converts_end_an_approval_and_the_attributes_of_the_project_prevent_it(project):
    approve(project, "王芳")
    shutil.copy(ROOT / ".gitattributes", project)
    in_git(project, "init", "--quiet")
    in_git(project, "config", "core.autocrlf", "true")
    in_git(project, "add", ".gitattributes", "_quarto.yml", "reports", "theme")
    in_git(project, "commit", "--quiet", "-m", "approved")

    def checked_out():
        (project / "_quarto.yml").unlink()
        in_git(project, "reset", "--quiet", "--hard")

    checked_out()
    assert approval.standing(bulletin(project)).is_approved
    (project / ".git/info/attributes").write_text("* !text\n", "utf-8")
    checked_out()
    ((_, reason),) = fallen(project)
    assert reason.startswith("_quarto.yml changed\n")
    assert reason.endswith("\nin _quarto.yml only line ends were changed, as core.autocrlf of Git does")


@pytest.mark.further
def test_it_is_said_what_is_approved_and_when_that_was_built(project):
    said = tongbao(project, "approve", ID, "--by", "王芳").stdout.splitlines()[1]
    (path,) = (project / "reports/demo/approvals").iterdir()
    digest, (manifest, time) = json.loads(path.read_text("utf-8"))["digest"], bulletin(project).built
    assert said.strip() == f"digest {digest[:12]}, manifest {manifest[:12]}, built {time:%Y-%m-%d %H:%M}"


def test_what_is_not_what_was_reviewed_is_not_approved(project):
    tongbao(project, "review", ID, "--engine", "embedded")
    page = project / "_review/demo/2021-q2.html"
    assert approve(project, "王芳").path.is_file()
    edit(project / "reports/demo/2021-q2.md", "认真", "认真、及时")
    tongbao(project, "build", ID, "--engine", "embedded")
    assert page.is_file()
    said = tongbao(project, "approve", ID, "--by", "王芳", code=1).stderr
    assert "_review/demo/2021-q2.html: the review page is of another build than would be approved" in said
    assert f"hint:     tongbao review {ID}" in said
    tongbao(project, "review", ID, "--engine", "embedded")
    tongbao(project, "approve", ID, "--by", "王芳")


@pytest.mark.further
def test_a_date_of_issue_that_is_still_to_come_is_named_as_it_goes_out(project, tmp_path):
    edit(project / "reports/demo/2021-q2.md", "issued: 2021-07-10", "issued: 2099-07-10")
    tongbao(project, "build", ID, "--engine", "embedded")
    tongbao(project, "approve", ID, "--by", "王芳")
    said = tongbao(project, "publish", str(tmp_path / "site"), ID).stdout
    assert "mind        demo@2021-q2 is dated 2099-07-10, later than today" in said


@pytest.mark.further
def test_an_audit_of_all_goes_on_past_what_is_not_built(project):
    (project / "reports/demo/2018-q2.md").write_text("---\nissued: 2018-07-10\n---\n", "utf-8")
    shutil.copytree(project / "data/raw/demo/2021-q2", project / "data/raw/demo/2018-q2", dirs_exist_ok=True)
    done = tongbao(project, "verify", "--audit", code=1)
    assert "demo@2018-q2: not built" in done.stderr
    assert "demo@2021-q2  as built" in done.stdout
