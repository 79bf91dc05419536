"""From an approval to what readers see: versions, corrections, drafts; a place is one whole version at any moment."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest
from jsonschema import Draft202012Validator

from conftest import ROOT, edit, of_story, served_site, tongbao
from demo import ID, WHY
from pages import docx_text, faults_in_browser, fresh_soup, pdf_text, soup, squeeze
from tongbao.basics.errors import ToolError
from tongbao.basics.period import Period
from tongbao.definition.project import Project
from tongbao_office import destination
from tongbao_office.tree import read_list
from tongbao_review.baseline import read_baseline
from tongbao_verify.published import changed, restored

FOLDER = "reports/demo/2021-q2"


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def versions(folder):
    return [version.number for version in read_list(folder).bulletins[0].versions]


def checked(folder, *options):
    """The checker that lies beside the index, with Python alone, in a copy elsewhere."""
    command = [sys.executable, "-I", "-S", folder / "verify.py", folder, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})


@of_story
def test_only_what_is_approved_goes_out(story):
    assert "not approved: 0 of 1 approvals hold" in story.refused
    assert "published   demo@2021-q2: version 1, reports/demo/2021-q2/v1/" in story.first
    assert "unchanged   demo@2021-q2" in story.again


@of_story
def test_a_raw_figure_changed_after_approval_ends_it(story):
    for said in (story.fallen, story.status, story.rebuilt):
        assert "data/raw/demo/2021-q2/work.csv changed" in said
    assert versions(story.before) == [1]


@of_story
def test_a_correction_says_why(story):
    assert "published already, and changed since" in story.without_note
    assert "published   demo@2021-q2: version 2" in story.second
    (bulletin,) = read_list(story.site).bulletins
    assert [version.note for version in bulletin.versions] == ["", WHY]


@of_story
def test_the_newest_stands_at_the_plain_address_and_says_what_was_corrected(story):
    page = fresh_soup(story.site / f"{FOLDER}.html")
    notice = page.find(class_="publication")
    assert notice.get_text().startswith("更正说明")
    assert WHY in notice.get_text()
    today = time.strftime("%Y年%-m月%-d日")
    assert f"第2版，{today}" in notice.get_text()
    assert [(one.get_text(), one.find_next("ins").get_text()) for one in notice.find_all("del")]
    assert (story.site / "reports/demo" / notice.find("a")["href"]).is_file()
    assert "10.9" in page.find(class_="annex-table").get_text()
    index = soup(story.site / "index.html").get_text()
    assert "更正说明" in index
    assert WHY in index
    feed = (story.site / "feed.xml").read_text("utf-8")
    assert "更正" in feed.split("<entry>")[1].partition("</title>")[0]
    assert f"<summary>{WHY}" in feed


@of_story
def test_the_old_version_stays_with_a_banner_that_leads_to_the_new_one(story):
    folder = story.site / FOLDER / "v1"
    page = fresh_soup(folder / "2021-q2.html")
    banner = page.find(class_="publication")
    assert "第1版" in banner.get_text()
    assert "已被更正" in banner.get_text()
    assert (folder / banner.find("a")["href"]).resolve() == (story.site / f"{FOLDER}.html").resolve()
    assert "9.9" in page.find(class_="annex-table").get_text()
    built = (story.old_site / FOLDER / "v1/2021-q2.csv").read_bytes()
    assert (folder / "2021-q2.csv").read_bytes() == built


@pytest.mark.chromium
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", [f"{FOLDER}.html", f"{FOLDER}/v1/2021-q2.html", "index.html"])
@of_story
def test_a_published_page_has_no_fault_for_its_readers(story, browser, name, width):
    with served_site(story.site) as home:
        assert faults_in_browser(browser, home + name, home, width=width) == []


@pytest.mark.parametrize("name", [f"{FOLDER}.html", f"{FOLDER}/v1/2021-q2.html", f"{FOLDER}/v2/2021-q2.html"])
@of_story
def test_every_link_of_a_published_page_leads_somewhere(story, name):
    page = story.site / name
    links = [node.get("href") or node.get("src") for node in soup(page).find_all(["a", "link", "script", "img"])]
    inside = [link for link in links if link and not re.match(r"#|data:|https?:|mailto:", link)]
    assert len(inside) >= 6
    assert [link for link in inside if not (page.parent / link.partition("#")[0]).is_file()] == []


@of_story
def test_a_page_in_its_place_can_be_brought_back_to_what_was_built(story):
    built = (story.project / "_site/reports/demo/2021-q2.html").read_bytes().decode()
    for name, in_version in ((f"{FOLDER}.html", False), (f"{FOLDER}/v2/2021-q2.html", True)):
        page = (story.site / name).read_bytes().decode()
        assert page != built
        assert restored(page, in_version=in_version) == built


@of_story
def test_a_copy_without_the_project_verifies(story, tmp_path):
    copy = shutil.copytree(story.site, tmp_path / "copy")
    done = checked(copy)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("demo@2021-q2", "demo@2021-q2 v1", "demo@2021-q2 v2"):
        assert f"{name}: nothing left over" in done.stdout
    assert "as published" in story.run("published", str(story.site))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (f"{FOLDER}.html", ">10.9<", ">10.8<"),
        (f"{FOLDER}/v1/2021-q2.html", ">9.9<", ">9.8<"),
        (f"{FOLDER}/v1/2021-q2.json", '"9.9"', '"9.8"'),
        (f"{FOLDER}/v2/2021-q2.csv", "10.9", "10.8"),
        ("index.html", "通报", "通告"),
        (f"{FOLDER}.html", "应为10.9万元", "应为11.9万元"),
    ],
)
@of_story
def test_one_digit_changed_in_a_copy_is_named_with_its_place(story, tmp_path, name, old, new):
    copy = shutil.copytree(story.site, tmp_path / "copy")
    edit(copy / name, old, new)
    done = checked(copy)
    assert done.returncode == 1
    assert f"{name}: not the file that was published" in done.stdout
    if old == ">10.9<":  # not only the file: the number, where it stands
        assert "2021-q2.html | 附件1" in done.stdout
    said = tongbao(story.project, "published", str(copy), code=1).stdout
    assert f"changed     {name}: not the file that was published" in said


@of_story
def test_a_list_that_was_changed_or_is_gone_is_named(story, tmp_path):
    copy = shutil.copytree(story.site, tmp_path / "copy")
    edit(copy / "published.json", '"number": 2', '"number": 3')
    assert "published.json: not the list that was written" in checked(copy).stdout
    (copy / "published.json").unlink()
    done = checked(copy)
    assert (done.returncode, "published.json: missing" in done.stdout) == (1, True)
    (copy / FOLDER / "v1/manifest.json").write_text("{", "utf-8")
    done = checked(copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{FOLDER}/v1/manifest.json: " in done.stderr


@of_story
def test_a_version_by_itself_is_held_to_its_manifest(story, tmp_path):
    copy = shutil.copytree(story.site / FOLDER / "v1", tmp_path / "copy")
    assert list(changed(copy)) == []
    edit(copy / "2021-q2.html", "认真", "仔细")
    assert list(changed(copy)) == [("2021-q2.html", "not what was approved")]


@of_story
def test_the_list_fits_its_schema(story):
    schema = json.loads((ROOT / "schemas/published.schema.json").read_text("utf-8"))
    record = json.loads((story.site / "published.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(record)
    assert record["bulletins"][0]["versions"][1]["changes"]
    assert set(schema["required"]) == record.keys()


@of_story
def test_the_list_names_every_file(story):
    there = {path.relative_to(story.site).as_posix() for path in story.site.rglob("*") if path.is_file()}
    assert read_list(story.site).files.keys() == there - {"published.json"}
    # Nothing is left beside it, and style sheets that no page is shown with are gone.
    assert not (story.site.parent / ".site.tongbao").exists()
    used = {version.resources for version in read_list(story.site).bulletins[0].versions}
    assert {f"assets/{folder.name}/" for folder in (story.site / "assets").iterdir()} == used


@of_story
def test_what_was_changed_there_is_not_published_on_top_of(story, tmp_path):
    copy = shutil.copytree(story.before, tmp_path / "site")
    edit(copy / f"{FOLDER}.csv", "9.9", "9.8")
    said = story.run("publish", str(copy), "--note", WHY, code=1)
    assert "what is published there was changed" in said
    assert f"{FOLDER}.csv: not the file that was published" in said


@of_story
def test_other_files_there_stay_and_strange_folders_are_left_alone(story, tmp_path):
    site = shutil.copytree(story.before, tmp_path / "site")
    (site / "CNAME").write_text("tj.example.cn", "utf-8")
    seen = shutil.copytree(site, tmp_path / "seen", copy_function=os.link)  # the very files that a reader has open
    story.run("publish", str(site), "--note", WHY)
    assert (site / "CNAME").read_text("utf-8") == "tj.example.cn"
    assert (versions(seen), list(changed(seen))) == ([1], [])
    assert checked(site).returncode == 0
    strange = tmp_path / "home"
    strange.mkdir()
    (strange / "letter.txt").touch()
    said = story.run("publish", str(strange), code=2)
    assert "it is not empty" in said
    assert [path.name for path in strange.iterdir()] == ["letter.txt"]
    for folder in (".", "reports/x", "_site/x"):
        assert "not a place to publish to" in story.run("publish", folder, code=2)


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


def killed(project, place, before, times):
    """What `kills.py` says of a place to which a correction is published, killed at so many moments."""
    command = [sys.executable, Path(__file__).with_name("kills.py"), project, place, before, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    print(said)  # noqa: T201  # for whoever wants to see the figures: pytest -s
    assert sum(said["versions"].values()) == times
    assert (said["at the end"], said["left beside it"]) == (2, False)
    return said


@of_story
def test_killed_at_any_moment_it_is_one_whole_version(story, tmp_path):
    killed(story.project, tmp_path / "site", story.before, 5)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.long
@of_story
@pytest.mark.parametrize("kind", ["folder", "branch"])
def test_killed_at_a_hundred_moments_it_is_one_whole_version(story, tmp_path, kind):
    project, place, before = story.project, tmp_path / "site", story.before
    if kind == "branch":
        project, place = shutil.copytree(project, tmp_path / "project", symlinks=True), "git:gh-pages"
        in_repository(project)
        git(project, f"--work-tree={before}", "add", "--all", "--force")
        before = git(project, "commit-tree", git(project, "write-tree"), "-m", "version 1")
    said = killed(project, place, before, 100)
    # Every tenth of a run was met, and the moments around the change were; both versions stood there often.
    assert min(said["tenths"]) > 0, said
    assert sum(said["phases"].get(name, 0) for name in ("made, not yet changed", "changed, not yet cleaned up")) > 4
    assert min(said["versions"].values()) > 9, said
    if kind == "branch":
        assert git(project, "fsck", "--no-dangling") == ""


def git(folder, *arguments):
    identity = ("-c", "user.name=李明", "-c", "user.email=liming@example.cn")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def in_repository(folder):
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "李明")
    git(folder, "config", "user.email", "liming@example.cn")


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
    tongbao(project, "build", ID, "--engine", "embedded", "--jobs", "1")
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


def publish_page(place, text):
    """Put a site of one page into a place, as `publish` does, without a bulletin."""
    with place.held() as held:
        (held.new / "index.html").write_text(text, "utf-8")
        (held.new / "published.json").write_text('{"schema": 1, "bulletins": [], "files": {}}', "utf-8")
        place.replace(held, text)


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


def test_who_pushes_follows_what_others_have_pushed(clones):
    bare, one, other = clones
    for number, clone in enumerate((one, other, one)):
        publish_page(branch(clone), f"page {number}")
    assert git(bare, "log", "--format=%s", "gh-pages").splitlines() == ["page 2", "page 1", "page 0"]
    assert git(one, "rev-parse", "gh-pages") == git(bare, "rev-parse", "gh-pages")


def test_commits_that_only_one_side_has_are_not_overwritten(clones):
    bare, one, other = clones
    publish_page(branch(one), "page 0")
    publish_page(branch(other, push=False), "page of my own")
    own = git(other, "rev-parse", "gh-pages")
    with pytest.raises(ToolError, match="gh-pages has other commits here than at origin"):
        publish_page(branch(other), "page 1")
    assert git(other, "rev-parse", "gh-pages") == own
    assert git(bare, "log", "--format=%s", "gh-pages") == "page 0"


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


def test_two_publications_at_once_are_one_after_the_other(tmp_path):
    place = destination.Folder(tmp_path / "site")
    with place.held(), pytest.raises(ToolError, match="another publication is running here"):
        publish_page(place, "page")
    publish_page(place, "page")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


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
    assert checked(site).returncode == 0


@of_story
def test_no_folder_is_pushed_and_no_branch_is_guessed(story, tmp_path):
    assert "only a branch is pushed" in story.run("publish", str(tmp_path / "x"), "--push", code=2)
    assert "no branch named" in story.run("publish", "git:", code=2)
    assert "nothing is published there" in story.run("published", str(tmp_path / "x"), code=2)


of_draft = pytest.mark.xdist_group("draft")  # what they look at is made once


@pytest.fixture(scope="module")
def draft(site, tmp_path_factory):
    """The Wenzhou circular in both languages, as a draft for comment."""
    place = tmp_path_factory.mktemp("draft")
    project = shutil.copytree(site, place / "project", symlinks=True)
    tongbao(project, "publish", str(place / "site"), "wenzhou-monthly", "--draft")
    return place


WENZHOU = "reports/wenzhou-monthly/2021-01-to-02"


@pytest.mark.parametrize(("lang", "mark"), [("", "征求意见稿"), (".en", "DRAFT FOR COMMENT")])
@of_draft
def test_a_draft_for_comment_is_marked_on_page_pdf_and_word(draft, lang, mark):
    page = draft / "site" / f"{WENZHOU}{lang}.html"
    assert fresh_soup(page).find(class_="watermark")["data-mark"] == mark
    with pypdfium2.PdfDocument(page.with_suffix(".pdf")) as document:
        assert all(sheet.get_textpage().get_text_range().count(mark) == 2 for sheet in document)
    assert docx_text(page.with_suffix(".docx")).startswith(squeeze(mark))


@pytest.mark.chromium
@of_draft
@pytest.mark.parametrize("name", [f"{WENZHOU}.html", f"{WENZHOU}.en.html", "index.html"])
def test_a_draft_has_no_fault_for_its_readers(draft, browser, name):
    with served_site(draft / "site") as home:
        assert faults_in_browser(browser, home + name, home, width=390) == []


@of_draft
def test_a_draft_verifies_and_makes_way_for_the_version(draft, tmp_path):
    place = shutil.copytree(draft, tmp_path / "place", symlinks=True)
    project, site = place / "project", place / "site"
    assert checked(site).returncode == 0
    (bulletin,) = read_list(site).bulletins
    assert bulletin.versions == ()
    assert "征求意见稿" in soup(site / "index.html").get_text()
    tongbao(project, "approve", "wenzhou-monthly@2021-01-to-02", "--by", "王芳")
    tongbao(project, "publish", str(site), "wenzhou-monthly")
    assert not (site / WENZHOU / "draft").exists()
    assert fresh_soup(site / f"{WENZHOU}.html").find(class_="publication") is None
    assert "征求意见稿" not in pdf_text(site / f"{WENZHOU}.pdf")
    built = (project / f"_site/{WENZHOU}.pdf").read_bytes()
    assert (site / f"{WENZHOU}.pdf").read_bytes() == built
    assert json.loads((site / "published.json").read_text("utf-8"))["bulletins"][0]["draft"] is None


@of_story
def test_beside_what_is_out_a_draft_has_an_address_of_its_own(story, tmp_path):
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    site = shutil.copytree(story.site, tmp_path / "site")
    plain = (site / f"{FOLDER}.csv").read_bytes()
    tongbao(project, "withdraw", ID, "--by", "王芳")
    tongbao(project, "publish", str(site), "--draft")
    assert (site / f"{FOLDER}.csv").read_bytes() == plain
    assert "征求意见稿" not in fresh_soup(site / f"{FOLDER}.html").get_text()
    assert "征求意见稿" in fresh_soup(site / FOLDER / "draft/2021-q2.html").get_text()
    assert checked(site).returncode == 0
