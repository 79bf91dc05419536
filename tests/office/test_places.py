"""Where it is published to, a folder or a branch: what others have there stays, and it is one whole version always."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from published_copies import FOLDER, checked, versions

from conftest import edit, of_story, tongbao
from demo import ID, WHY
from tongbao.basics.errors import ToolError, UsageError
from tongbao.basics.period import Period
from tongbao.build.install import alone
from tongbao.definition.files import link_tree, write_whole
from tongbao.definition.project import Project
from tongbao_office import destination
from tongbao_office.tree import read_list
from tongbao_review.baseline import read_baseline
from tongbao_verify.published import changed, seal


def publish_page(place, text):
    """Put a site of one page into a place, as `publish` does, without a bulletin."""
    with place.held() as held:
        (held.new / "index.html").write_text(text, "utf-8")
        (held.new / "published.json").write_text('{"schema": 1, "bulletins": [], "files": {}}', "utf-8")
        place.replace(held, text)


@of_story
def test_other_files_there_stay_and_strange_folders_are_left_alone(story, tmp_path):
    site = shutil.copytree(story.before, tmp_path / "site")
    (site / "CNAME").write_text("tj.example.cn", "utf-8")
    seen = shutil.copytree(site, tmp_path / "seen", copy_function=os.link)  # the very files that a reader has open
    story.run("publish", str(site), "--note", WHY)
    assert (site / "CNAME").read_text("utf-8") == "tj.example.cn"
    assert (versions(seen), list(changed(seen))) == ([1], [])
    assert (versions(site), list(changed(site))) == ([1, 2], [])
    strange = tmp_path / "home"
    strange.mkdir()
    (strange / "letter.txt").touch()
    said = story.run("publish", str(strange), code=2)
    assert "it is not empty" in said
    assert [path.name for path in strange.iterdir()] == ["letter.txt"]


@of_story
@pytest.mark.parametrize("name", ["theme/evil.js", "theme/img/x.svg", "site_libs/x/x.js"])
def test_what_is_on_no_record_does_not_go_out(story, tmp_path, name):
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    (project / "_site" / name).parent.mkdir(parents=True, exist_ok=True)
    (project / "_site" / name).write_text("alert(1)", "utf-8")
    for command in (["publish", str(tmp_path / "site"), ID], ["export", ID, "--format", "zip"]):
        said = tongbao(project, *command, code=1).stderr
        assert f"demo@2021-q2: _site/{name} is on no record: nobody has approved it" in said
    assert not (tmp_path / "site").exists()


@pytest.mark.long
@of_story
def test_what_lies_below_the_theme_is_on_record(story, tmp_path):
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    for place in (project, project / "_site"):
        (place / "theme/img").mkdir()
        (place / "theme/img/logo.svg").write_text("<svg/>", "utf-8")
    assert "theme/img/logo.svg new" in tongbao(project, "status", ID).stdout
    edit(project / "_quarto.yml", "theme/icon.svg", "theme/icon.svg\n    - theme/img/logo.svg")
    tongbao(project, "review", ID, "--engine", "embedded")
    tongbao(project, "approve", ID, "--by", "王芳")
    tongbao(project, "publish", str(tmp_path / "site"), ID)
    (found,) = (tmp_path / "site/assets").glob("*/theme/img/logo.svg")
    assert found.read_text("utf-8") == "<svg/>"


OTHERS = (
    *("sitemap.xml", "index-old.html", "search-help.html", "feed-news.xml", "theme/logo.png", "theme/img/logo.png"),
    *("reports/demo/units/map.html", "reports/other/index.html", "search/mine.txt", "assets/img/a.png"),
    *("reports/demo/2021-q2/letter.pdf", "reports/demo/2021-q2/draft/notes.txt"),
)


@pytest.mark.further
@of_story
def test_files_of_others_stay_wherever_they_lie(story, tmp_path):
    site = shutil.copytree(story.before, tmp_path / "site")
    for name in OTHERS:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name, "utf-8")
    story.run("publish", str(site), "--note", WHY)
    assert [name for name in OTHERS if (site / name).read_text("utf-8") != name] == []
    assert set(OTHERS) & read_list(site).files.keys() == set()
    assert (versions(site), list(changed(site))) == ([1, 2], [])
    used = {version.resources for version in read_list(site).bulletins[0].versions}
    assert {f"assets/{folder.name}/" for folder in (site / "assets").iterdir()} == {*used, "assets/img/"}


@of_story
@pytest.mark.parametrize(
    ("name", "named"),
    [
        (f"{FOLDER}/v2/2021-q2.html", f"{FOLDER}/v2/2021-q2.html"),
        (f"{FOLDER}/v2", f"{FOLDER}/v2"),
        (f"{FOLDER}/v2/manifest.json/x.txt", f"{FOLDER}/v2/manifest.json/"),
        ("reports/demo/units/x.html/x.txt", ""),
    ],
)
def test_a_file_of_others_is_not_written_over(story, tmp_path, name, named):
    site = shutil.copytree(story.before, tmp_path / "site")
    if not named:
        named = f"{next((site / 'reports/demo/units').glob('*.html')).relative_to(site).as_posix()}/"
        unlisted(site, named[:-1])
        name = f"{named}x.txt"
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text("mine", "utf-8")
    said = story.run("publish", str(site), "--note", WHY, code=2)
    assert f"{named}: in the way of what is to be published" in said
    assert (site / name).read_text("utf-8") == "mine"
    assert versions(site) == [1]


def unlisted(site, name):
    """Take a file out of a site and its list."""
    (site / name).unlink()
    listed = json.loads((site / "published.json").read_text("utf-8"))
    del listed["files"][name]
    (site / "published.json").write_text(json.dumps(listed | {"seal": seal(listed)}), "utf-8")


@of_story
def test_a_folder_that_is_a_link_is_named(story, tmp_path):
    site = shutil.copytree(story.before, tmp_path / "site")
    (site / "reports").rename(tmp_path / "elsewhere")
    (site / "reports").symlink_to(tmp_path / "elsewhere")
    said = story.run("publish", str(site), "--note", WHY, code=2)
    assert f"{site}: reports is a link to a folder" in said
    assert (tmp_path / "elsewhere/demo/2021-q2.html").is_file()
    assert versions(site) == [1]


@of_story
@pytest.mark.parametrize("folder", [".", "reports/x", "_site/x"])
def test_no_place_in_the_project_is_published_to(story, monkeypatch, folder):
    monkeypatch.chdir(story.project)
    with pytest.raises(UsageError, match="not a place to publish to"):
        destination.destination(Project(story.project), folder)


def test_two_publications_at_once_are_one_after_the_other(tmp_path):
    place = destination.Folder(tmp_path / "site")
    with place.held(), pytest.raises(ToolError, match="another publication is running here"):
        publish_page(place, "page")
    publish_page(place, "page")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@of_story
def test_who_meets_a_publication_in_the_project_is_told_so(story, tmp_path):
    with alone(Project(story.project), publishes=True):
        said = story.run("publish", str(tmp_path / "site"), code=3)
    assert "another publication is running in this project" in said
    with alone(Project(story.project)):
        said = story.run("publish", str(tmp_path / "site"), code=3)
    assert "another build is running in this project" in said


@pytest.mark.further
@of_story
def test_where_a_file_cannot_be_written_what_was_there_stays(story, tmp_path):
    site = shutil.copytree(story.before, tmp_path / "site")
    command = [sys.executable, "-m", "tongbao", "publish", str(site), "--note", WHY]
    limit = 40_000  # bytes a file; what is left of a disk cannot be set
    limited = ["bash", "-c", f'ulimit -f {limit // 1024}; exec "$@"', "bash", *command]
    done = subprocess.run(limited, cwd=story.project, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.endswith(": File too large\n  hint:     what was published before is as it was\n")
    assert (versions(site), list(changed(site))) == ([1], [])
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_where_the_new_site_cannot_be_moved_in_the_old_one_is_put_back(tmp_path, monkeypatch):
    monkeypatch.setattr(destination, "exchange", lambda _one, _other: False)
    place = destination.Folder(tmp_path / "site")
    publish_page(place, "page 0")
    with pytest.raises(ToolError), place.held() as held:  # noqa: PT012  # the second line is what fails
        held.new.rmdir()
        place.replace(held, "page 1")
    assert (place.path / "index.html").read_text("utf-8") == "page 0"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@of_story
def test_where_folders_cannot_be_exchanged_it_is_put_back_after_a_power_cut(story, tmp_path, monkeypatch):
    monkeypatch.setattr(destination, "exchange", lambda _one, _other: False)
    site, staging = tmp_path / "site", tmp_path / ".site.tongbao"
    shutil.copytree(story.before, staging / "old")  # here the power failed, between two moves
    said = story.run("published", str(site), code=2)
    assert "nothing is published there" in said
    place = destination.Folder(site)
    with place.held() as held:
        assert held.old == site
        assert versions(site) == [1]
        (held.new / "index.html").write_text("new", "utf-8")
        place.replace(held, "")
    assert [path.name for path in site.iterdir()] == ["index.html"]
    assert not staging.exists()


def git(folder, *arguments):
    identity = ("-c", "user.name=李明", "-c", "user.email=liming@example.cn")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def in_repository(folder):
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "李明")
    git(folder, "config", "user.email", "liming@example.cn")


@pytest.mark.further
@of_story
def test_a_checkout_that_is_published_to_stays_one(story, tmp_path):
    site = tmp_path / "checkout"
    site.mkdir()
    in_repository(site)
    git(site, "commit", "--quiet", "--allow-empty", "-m", "empty")
    git(site, "pack-refs", "--all")
    story.run("publish", str(site))
    git(site, "add", "--all")
    git(site, "commit", "--quiet", "-m", "published")
    assert git(site, "status", "--porcelain") == ""
    assert "published.json" in git(site, "ls-files").splitlines()
    assert list(changed(site)) == []


@of_story
def test_no_folder_is_pushed_and_no_branch_is_guessed(story, tmp_path):
    project = Project(story.project)
    with pytest.raises(UsageError, match="only a branch is pushed"):
        destination.destination(project, str(tmp_path / "x"), push=True)
    with pytest.raises(UsageError, match="no branch named"):
        destination.destination(project, "git:")
    assert "nothing is published there" in story.run("published", str(tmp_path / "x"), code=2)


@pytest.mark.parametrize("name", ["bad name", "-x", "--force", "a..b", "@{-1}", "x.lock", "a/../b", "/x", "a~1"])
def test_what_no_branch_can_be_called_is_refused_at_once(tmp_path, name):
    for place in (f"git:{name}", f"git:.#{name}"):
        with pytest.raises(UsageError, match="no branch can have this name"):
            destination.destination(Project(tmp_path), place)


def test_branches_may_have_any_other_name(tmp_path):
    for name in ("gh-pages", "发布", "a/b"):
        assert destination.destination(Project(tmp_path), f"git:{name}").branch == name


@pytest.mark.long
@of_story
def test_a_branch_gets_one_commit_a_publication_and_is_pushed_on_request(story, tmp_path):
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    in_repository(project)
    git(project, "remote", "add", "origin", str(bare))
    git(project, "add", "reports")
    git(project, "commit", "--quiet", "-m", "approved")
    tongbao(project, "publish", "git:gh-pages", "--push")
    tongbao(project, "publish", "git:gh-pages", "--push")  # nothing new
    assert git(bare, "rev-list", "--count", "gh-pages") == "1"
    assert "demo@2021-q2: version 1" in git(bare, "log", "-1", "--format=%B", "gh-pages")
    assert git(project, "status", "--porcelain", "reports") == ""
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", "--branch", "gh-pages", str(bare), str(copy))
    assert (copy / ".nojekyll").is_file()
    shutil.rmtree(copy / ".git")
    assert checked(copy).returncode == 0
    assert "as published" in tongbao(project, "published").stdout
    edit(project / "reports/demo/2021-q2.md", "认真", "认真、及时")
    tongbao(project, "review", ID, "--engine", "embedded")
    tongbao(project, "approve", ID, "--by", "王芳")
    tongbao(project, "publish", "git:gh-pages", "--note", "补充要求")
    assert git(project, "rev-list", "--count", "gh-pages") == "2"
    assert read_baseline(Project(project), "demo", Period.parse("2021-q2"), "git:gh-pages").version.number == 2
    assert git(bare, "rev-list", "--count", "gh-pages") == "1"  # not asked to push
    assert "补充要求" in git(project, "log", "-1", "--format=%B", "gh-pages")
    other = tmp_path / "other.git"
    git(tmp_path, "init", "--quiet", "--bare", str(other))
    assert "the branch main is checked out" in tongbao(project, "publish", "git:main", code=2).stderr
    git(other, "config", "user.name", "李明")
    git(other, "config", "user.email", "liming@example.cn")
    tongbao(project, "publish", f"git:{other}#site")
    assert f"{FOLDER}/v1/manifest.json" in git(other, "ls-tree", "-r", "--name-only", "site").splitlines()


@pytest.fixture
def clones(tmp_path):
    """Two clones of a bare repository."""
    git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    for name in ("one", "other"):
        git(tmp_path, "clone", "--quiet", "bare.git", name)
        in_repository(tmp_path / name)
    return tmp_path / "bare.git", tmp_path / "one", tmp_path / "other"


def branch(clone, *, push=True):
    return destination.Branch(clone, "gh-pages", clone / ".tongbao/publish", push=push)


@pytest.mark.long
def test_who_pushes_follows_what_others_have_pushed(clones):
    bare, one, other = clones
    for number, clone in enumerate((one, other, one)):
        publish_page(branch(clone), f"page {number}")
    assert git(bare, "log", "--format=%s", "gh-pages").splitlines() == ["page 2", "page 1", "page 0"]
    assert git(one, "rev-parse", "gh-pages") == git(bare, "rev-parse", "gh-pages")


ODD = {
    "raw.csv": b"a,b\r\n1,2\r\n",
    "page.html": "<p>$Id$ 通报</p>\n".encode(),
    "mixed.txt": b"a\r\nb\nc\r",
    'a "b"\\c\nd.csv': b"\n",
    "empty.bin": b"",
}
ATTRIBUTES = """\
* text=auto
*.html text eol=crlf ident
*.txt filter=upper
*.csv working-tree-encoding=UTF-16
*.bin export-ignore
"""


@pytest.mark.further
@pytest.mark.parametrize("object_format", [pytest.param("sha1", marks=pytest.mark.long), "sha256"])
def test_a_branch_holds_just_the_bytes_that_are_published_whatever_its_attributes_say(tmp_path, object_format):
    git(tmp_path, "init", "--quiet", f"--object-format={object_format}", "repository")
    in_repository(repository := tmp_path / "repository")
    git(repository, "config", "filter.upper.clean", "tr a-z A-Z")
    git(repository, "config", "filter.upper.smudge", "tr a-z A-Z")
    git(repository, "checkout", "--quiet", "--orphan", "gh-pages")
    (repository / ".gitattributes").write_text(ATTRIBUTES, "utf-8")
    (repository / "CNAME").symlink_to(".gitattributes")
    (repository / ".tool").write_text("#!/bin/sh\n", "utf-8")
    (repository / ".tool").chmod(0o755)
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "attributes")
    git(repository, "checkout", "--quiet", "--orphan", "main")
    for number in (1, 2):
        place = destination.Branch(repository, "gh-pages", repository / ".git/publish")
        with place.held() as held:
            assert held.old is not None
            link_tree(held.old, held.new)
            for name, data in ODD.items():
                assert number == 1 or (held.old / name).read_bytes() == data
                (held.new / name).unlink(missing_ok=True)
                (held.new / name).write_bytes(data)
            write_whole(held.new / "published.json", f'{{"number": {number}}}\n')
            place.replace(held, "published")
        for name, data in ODD.items():
            command = ["git", "cat-file", "blob", f"gh-pages:{name}"]
            assert subprocess.run(command, cwd=repository, check=True, capture_output=True).stdout == data
        with place.reading() as folder:
            assert folder is not None
            assert {name: (folder / name).read_bytes() for name in ODD} == ODD
            assert (folder / "CNAME").readlink() == Path(".gitattributes")
            assert os.access(folder / ".tool", os.X_OK)
    modes = git(repository, "ls-tree", "gh-pages", "CNAME", ".tool", "page.html").split("\n")
    assert [line.split()[0] for line in modes] == ["100755", "120000", "100644"]


@pytest.mark.further
@of_story
def test_what_is_published_to_a_branch_with_attributes_is_as_published(story, tmp_path):
    in_repository(tmp_path)
    git(tmp_path, "checkout", "--quiet", "--orphan", "site")
    (tmp_path / ".gitattributes").write_text(ATTRIBUTES, "utf-8")
    git(tmp_path, "add", ".gitattributes")
    git(tmp_path, "commit", "--quiet", "-m", "attributes")
    git(tmp_path, "checkout", "--quiet", "--orphan", "main")
    story.run("publish", f"git:{tmp_path}#site", ID)
    assert "as published" in story.run("published", f"git:{tmp_path}#site")
    assert "unchanged" in story.run("publish", f"git:{tmp_path}#site", ID)


def read(place):
    with place.reading() as folder:
        return (folder / "index.html").read_text("utf-8")


@pytest.mark.further
def test_a_branch_that_is_behind_its_origin_is_read_and_followed_as_it_is_there(clones):
    bare, one, other = clones
    for clone, text in ((one, "page 0"), (other, "page 1"), (one, "page 2")):
        publish_page(branch(clone), text)
    here = branch(other, push=False)
    assert (here.warning(), read(here)) == ("", "page 1")  # nobody has fetched yet
    git(other, "fetch", "--quiet")
    assert here.warning() == "gh-pages has newer commits at origin than here, which are taken"
    assert read(here) == "page 2"
    publish_page(here, "page 3")
    assert (here.warning(), read(here)) == ("", "page 3")
    publish_page(branch(other), "page 4")
    assert git(bare, "log", "--format=%s", "gh-pages").splitlines() == [f"page {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.long
def test_of_a_branch_that_has_parted_from_its_origin_it_is_said_and_nothing_is_lost(clones):
    _, one, other = clones
    publish_page(branch(one), "page 0")
    publish_page(branch(other, push=False), "page of my own")
    own = git(other, "rev-parse", "gh-pages")
    git(other, "fetch", "--quiet")
    here = branch(other, push=False)
    assert "gh-pages has other commits here than at origin" in here.warning()
    assert read(here) == "page of my own"
    with pytest.raises(ToolError, match="gh-pages has other commits here than at origin") as caught:
        publish_page(branch(other), "page 1")
    for command in re.findall(r"git (branch [^;]+)", caught.value.hint or ""):
        git(other, *command.split())
    publish_page(branch(other), "page 1")
    assert git(other, "rev-parse", f"gh-pages-{own[:7]}") == own


@pytest.mark.long
def test_commits_that_only_one_side_has_are_not_overwritten(clones):
    bare, one, other = clones
    publish_page(branch(one), "page 0")
    publish_page(branch(other, push=False), "page of my own")
    own = git(other, "rev-parse", "gh-pages")
    with pytest.raises(ToolError, match="gh-pages has other commits here than at origin"):
        publish_page(branch(other), "page 1")
    assert git(other, "rev-parse", "gh-pages") == own
    assert git(bare, "log", "--format=%s", "gh-pages") == "page 0"


@pytest.mark.long
def test_what_is_published_meanwhile_is_not_overwritten(clones):
    bare, one, other = clones
    publish_page(branch(one), "page 0")
    place = branch(other)
    with place.held() as held:
        publish_page(branch(one), "page 1")
        (held.new / "index.html").write_text("page 2", "utf-8")
        with pytest.raises(ToolError):
            place.replace(held, "page 2")
    assert git(bare, "log", "-1", "--format=%s", "gh-pages") == "page 1"
    assert git(other, "branch", "--list") == ""
    here = branch(one, push=False)
    with here.held() as held:
        git(one, "update-ref", "refs/heads/gh-pages", "gh-pages~1")
        with pytest.raises(ToolError):
            here.replace(held, "page 3")


@pytest.mark.long
def test_a_remote_that_refuses_leaves_the_branch_as_it_was(clones):
    bare, one, _ = clones
    publish_page(branch(one), "page 0")
    before = git(one, "rev-parse", "gh-pages")
    hook = bare / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho closed on holidays >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    with pytest.raises(ToolError) as caught:
        publish_page(branch(one), "page 1")
    assert "closed on holidays" in str(caught.value)
    assert git(one, "rev-parse", "gh-pages") == git(bare, "rev-parse", "gh-pages") == before


def killed(project, place, before, times):
    """What `kills.py` says of a place to which a correction is published, killed at so many moments."""
    command = [sys.executable, Path(__file__).with_name("kills.py"), project, place, before, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert sum(said["versions"].values()) == times
    assert (said["at the end"], said["left beside it"]) == (2, False)
    return said


@pytest.mark.long
@of_story
@pytest.mark.parametrize("kind", ["folder", "branch"])
def test_killed_at_a_hundred_moments_it_is_one_whole_version(story, tmp_path, kind, record_property):
    project, place, before = story.project, tmp_path / "site", story.before
    if kind == "branch":
        project, place = shutil.copytree(project, tmp_path / "project", symlinks=True), "git:gh-pages"
        in_repository(project)
        git(project, f"--work-tree={before}", "add", "--all", "--force")
        before = git(project, "commit-tree", git(project, "write-tree"), "-m", "version 1")
    said = killed(project, place, before, 100)
    record_property(f"a publication to a {kind}", said)
    # Every tenth of a run was met, and the moments around the change were; both versions stood there often.
    assert min(said["tenths"]) > 0, said
    assert sum(said["phases"].get(name, 0) for name in ("made, not yet changed", "changed, not yet cleaned up")) > 4
    assert min(said["versions"].values()) > 9, said
    if kind == "branch":
        assert git(project, "fsck", "--no-dangling") == ""


LEADING_OUT = {
    "a link with files below it": [("A", "link"), ("A", "folder")],
    "in another case": [("A", "link"), ("a", "folder")],
    "composed otherwise": [("Caf\u00e9", "link"), ("cafe\u0301", "folder")],
    "a file with files below it": [("A", "file"), ("A", "folder")],
}


def crafted(repository, held):
    """A commit of a tree that no disk holds: entries of one name, the link leading to a folder outside."""

    def put(*arguments, text):
        done = subprocess.run(["git", *arguments], cwd=repository, input=text.encode(), check=True, capture_output=True)
        return done.stdout.decode().strip()

    blob = put("hash-object", "-w", "--stdin", text=str(repository.parent / "outside"))
    below = put("mktree", text=f"100644 blob {blob}\tplanted\n")
    heads = {"link": f"120000 blob {blob}", "file": f"100644 blob {blob}", "folder": f"040000 tree {below}"}
    tree = put("mktree", text="".join(f"{heads[kind]}\t{name}\n" for name, kind in held))
    return git(repository, "commit-tree", tree, "-m", "crafted")


@pytest.mark.parametrize("held", LEADING_OUT.values(), ids=LEADING_OUT)
def test_a_branch_with_files_below_a_link_is_refused_and_nothing_is_written_outside(tmp_path, held):
    git(tmp_path, "init", "--quiet", "repository")
    repository, outside = tmp_path / "repository", tmp_path / "outside"
    outside.mkdir()
    git(repository, "update-ref", "refs/remotes/origin/gh-pages", crafted(repository, held))
    place = destination.Branch(repository, "gh-pages", tmp_path / "staging")
    with pytest.raises(ToolError, match="below what is itself a file or link") as refused, place.reading():
        pass
    assert refused.value.found == f"{held[1][0]}/planted"
    assert not list(outside.iterdir())


@pytest.mark.further
def test_a_file_that_the_repository_lacks_is_named(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch=gh-pages", "repository")
    repository = tmp_path / "repository"
    (repository / "page.html").write_text("page", "utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "page")
    blob = git(repository, "rev-parse", "HEAD:page.html")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    place = destination.Branch(repository, "gh-pages", tmp_path / "staging")
    with pytest.raises(ToolError, match="Git lacks") as refused, place.reading():
        pass
    assert refused.value.found == "page.html"
    assert "git fetch" in refused.value.hint


@pytest.mark.further
def test_a_lock_that_a_killed_git_has_left_is_named(clones):
    _, one, _ = clones
    publish_page(branch(one, push=False), "page 0")
    lock = one / ".git/refs/heads/gh-pages.lock"
    lock.touch()
    with pytest.raises(ToolError, match="a lock of Git, which runs there or was killed") as caught:
        publish_page(branch(one, push=False), "page 1")
    assert caught.value.exit_code == 3
    assert caught.value.place == str(lock)
    assert caught.value.hint == "if no Git is running there, remove this file, then run it again"
    lock.unlink()
    publish_page(branch(one, push=False), "page 1")


@pytest.mark.further
def test_where_only_the_branch_here_is_refused_it_is_said_that_the_remote_has_what_is_new(clones):
    bare, one, _ = clones
    publish_page(branch(one), "page 0")
    hook = one / ".git/hooks/reference-transaction"
    refuse = 'grep -q refs/heads/gh-pages && [ "$1" = prepared ] && echo not now >&2 && exit 1'
    hook.write_text(f"#!/bin/sh\n{refuse}\nexit 0\n", "utf-8")
    hook.chmod(0o755)
    said = "origin has what is new, but the branch gh-pages here could not be moved"
    with pytest.raises(ToolError, match=said) as caught:
        publish_page(branch(one), "page 1")
    assert "not now" in str(caught.value.found)
    assert git(bare, "log", "-1", "--format=%s", "gh-pages") == "page 1"
    hook.unlink()
    _, _, command = str(caught.value.hint).partition("then: git ")
    git(one, *command.split())
    assert git(one, "rev-parse", "gh-pages") == git(bare, "rev-parse", "gh-pages")


@pytest.mark.further
@of_story
def test_a_branch_of_another_repository_is_reported_as_it_was_given(story, tmp_path):
    git(tmp_path, "init", "--quiet", "--bare", "other.git")
    for key, value in (("user.name", "李明"), ("user.email", "liming@example.cn")):
        git(tmp_path / "other.git", "config", key, value)
    place = f"git:{tmp_path / 'other.git'}#site"
    assert story.run("publish", place, ID).splitlines()[-1].strip() == place
