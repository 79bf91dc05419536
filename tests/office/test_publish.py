"""From an approval to what readers see: versions, corrections."""

import json
import re
import shutil
import time
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator
from published_copies import FOLDER, checked, versions

from conftest import ROOT, edit, of_story, served_site, tongbao
from demo import ID, WHY
from pages import at_widths, faults_in_browser, fresh_soup, soup
from tongbao.basics.errors import DataError
from tongbao.bulletin.schemas import SentenceRecord
from tongbao.definition.files import file_hash
from tongbao_office.placing import notice_of
from tongbao_office.records import ChangeRecord, FigureChange, Note, Published
from tongbao_office.tree import read_list
from tongbao_verify.published import changed, restored, seal


@of_story
def test_only_what_is_approved_goes_out(story):
    assert "not approved: 0 of 1 approvals hold" in story.refused
    assert "published   demo@2021-q2: version 1, reports/demo/2021-q2/v1/" in story.first
    assert "unchanged   demo@2021-q2" in story.again


@of_story
def test_a_raw_figure_changed_after_approval_ends_it(story):
    for said in (story.fallen, story.status, story.rebuilt):
        assert "data/raw/demo/2021-q2/work.csv changed" in said
    build_first = "tongbao build demo@2021-q2 && tongbao review demo@2021-q2 && tongbao approve demo@2021-q2 --by NAME"
    assert build_first in story.fallen  # it could not be approved as it is
    assert build_first not in story.rebuilt
    assert versions(story.before) == [1]


@of_story
def test_a_correction_says_why(story):
    assert "published already, and changed since" in story.without_note
    assert "published   demo@2021-q2: version 2" in story.second
    (bulletin,) = read_list(story.site).bulletins
    assert [version.note for version in bulletin.versions] == ["", WHY]


@of_story
def test_a_correction_is_not_dated_before_what_it_corrects(story, tmp_path, monkeypatch):
    site = shutil.copytree(story.before, tmp_path / "site")
    monkeypatch.setattr("tongbao.cli_office._now", lambda: datetime(2021, 7, 12, tzinfo=UTC))
    said = story.run("publish", str(site), "--note", WHY, code=1)
    assert "demo@2021-q2: the clock stands before the time of the last publication" in said
    assert versions(site) == [1]
    assert "unchanged   demo@2021-q2" in story.run("publish", str(story.site))  # nothing is dated


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
    assert f"<summary>{WHY}　" in feed


@pytest.fixture(scope="module")
def shifted(story, tmp_path_factory):
    """A third version: fines shifted between two counties, so that no finding changes, and a sentence reworded."""
    place = tmp_path_factory.mktemp("shifted")
    project = shutil.copytree(story.project, place / "project", symlinks=True)
    site = shutil.copytree(story.site, place / "site")
    edit(project / "data/raw/demo/2021-q2/work.csv", "300,33,10.9", "300,33,10.4")
    edit(project / "data/raw/demo/2021-q2/work.csv", "20,22,4.0", "20,22,4.5")
    edit(project / "reports/demo/2021-q2.md", "认真", "仔细")
    tongbao(project, "review", ID, "--engine", "embedded")
    tongbao(project, "approve", ID, "--by", "王芳")
    tongbao(project, "publish", str(site), "--note", "两县罚款填反。")
    return site


@of_story
def test_a_correction_says_what_changed_where_no_finding_did(shifted):
    version = read_list(shifted).bulletins[0].versions[-1]
    assert version.changes == ()
    said = [(one.name.zh, one.old.zh, one.new.zh) for one in version.figures]
    assert ("甲县罚款", "10.9万元", "10.4万元") in said
    assert ("乙县罚款", "4.0万元", "4.5万元") in said
    assert [(one.lang, "认真" in one.old, "仔细" in one.new) for one in version.lines] == [("zh", True, True)]
    notice = fresh_soup(shifted / f"{FOLDER}.html").find(class_="publication")
    newest = notice.get_text().partition("更正前的版本")[0]
    assert "甲县罚款：10.9万元 → 10.4万元" in newest
    assert notice.find("ins").get_text() == "仔细"
    assert checked(shifted).returncode == 0
    schema = json.loads((ROOT / "schemas/published.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads((shifted / "published.json").read_text("utf-8")))


@of_story
def test_of_many_changes_a_page_lists_the_first(story):
    (bulletin,) = read_list(story.site).bulletins
    names = [SentenceRecord(zh=f"<{n}>") for n in range(25)]
    figures = tuple(FigureChange(figure="a@b", name=name, old=None, new=SentenceRecord(zh="")) for name in names)
    second = bulletin.versions[1].model_copy(update={"figures": figures})
    bulletin = bulletin.model_copy(update={"versions": (bulletin.versions[0], second)})
    listed = notice_of(bulletin, second, "2021-q2.html", "zh", in_version=False)
    assert "&lt;19&gt;：（无） → <ins>空白</ins></li><li>另有5处</li>" in listed


@of_story
def test_a_correction_of_before_an_edition_began_is_told_in_its_own_language(story):
    (bulletin,) = read_list(story.site).bulletins
    changes = (ChangeRecord(finding="low", old=SentenceRecord(zh="有甲县"), new=None),)
    second = bulletin.versions[1].model_copy(update={"changes": changes})
    assert second.figures
    bulletin = bulletin.model_copy(update={"versions": (bulletin.versions[0], second)})
    notice = notice_of(bulletin, second, "2021-q2.en.html", "en", in_version=False)
    assert WHY in notice
    assert "<li>" not in notice
    assert 'href="2021-q2/v1/2021-q2.html"' in notice
    ended = notice_of(bulletin, bulletin.versions[0], "2021-q2.en.html", "en", in_version=True)
    assert 'href="../../2021-q2.html"' in ended


@of_story
def test_a_list_of_before_notes_were_in_english_too_says_its_one_note_in_both(story):
    listed = json.loads((story.site / "published.json").read_text("utf-8"))
    for version in listed["bulletins"][0]["versions"]:
        del version["note_en"]
    (bulletin,) = Published.model_validate_json(json.dumps(listed)).bulletins
    for lang in ("zh", "en"):
        assert WHY in notice_of(bulletin, bulletin.versions[1], "2021-q2.html", lang, in_version=False)


def test_a_note_is_asked_for_in_each_language_of_a_bulletin():
    for languages in (("zh", "en"), ("en", "zh")):
        assert Note("更正", "mended").required_of(languages) == ("更正", "mended")
        with pytest.raises(DataError, match="nothing says why in English"):
            Note("更正").required_of(languages)
    for languages in (("zh",), ("zh", "en"), ("en",)):
        with pytest.raises(DataError, match="published already, and changed since"):
            Note().required_of(languages)
    assert Note("更正", "mended").required_of(("zh",)) == ("更正", "")  # other bulletins of one publication are in both
    assert Note("mended").required_of(("en",)).text == "mended"
    assert Note(en="mended").required_of(("en",)) == ("mended", "mended")


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


@pytest.mark.further
@pytest.mark.chromium
@pytest.mark.parametrize(
    ("name", "width"),
    at_widths([f"{FOLDER}.html", f"{FOLDER}/v1/2021-q2.html", "index.html"], ("index.html", 390)),
)
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
        assert restored(page, in_version=in_version, period="2021-q2") == built


@of_story
def test_a_copy_without_the_project_verifies(story, tmp_path):
    copy = shutil.copytree(story.site, tmp_path / "copy")
    done = checked(copy)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("demo@2021-q2", "demo@2021-q2 v1", "demo@2021-q2 v2"):
        assert f"{name}: nothing left over" in done.stdout
    assert "as published" in story.run("published", str(story.site))


@pytest.mark.further
@of_story
def test_what_is_on_no_record_in_a_copy_is_noted(story, tmp_path):
    copy = shutil.copytree(story.site, tmp_path / "copy")
    (copy / ".git").mkdir()
    for name in (f"{FOLDER}/v1/extra.html", "CNAME", ".git/HEAD"):
        (copy / name).touch()
    done = checked(copy)
    assert done.returncode == 0
    noted = [line for line in done.stdout.splitlines() if "on no record" in line]
    assert noted == [f"on no record, and not held: {name}" for name in ("CNAME", f"{FOLDER}/v1/extra.html")]
    assert json.loads(checked(copy, "--json").stdout.splitlines()[-1])["note"] == "on no record"
    assert f"on no record {FOLDER}/v1/extra.html" in story.run("published", str(copy))
    for number in range(30):
        (copy / f"{number}.txt").touch()
    assert checked(copy).stdout.endswith("12 more files on no record\n")


@of_story
def test_one_digit_changed_in_a_copy_is_named_with_its_place(story, tmp_path):
    copy, named = shutil.copytree(story.site, tmp_path / "copy"), set()
    for name, old, new in (
        (f"{FOLDER}/v1/2021-q2.html", ">9.9<", ">9.8<"),
        (f"{FOLDER}/v1/2021-q2.json", '"9.9"', '"9.8"'),
        (f"{FOLDER}/v2/2021-q2.csv", "10.9", "10.8"),
        ("index.html", "通报", "通告"),
        (f"{FOLDER}/v2/2021-q2.html", "应为10.9万元", "应为11.9万元"),
        (f"{FOLDER}.html", ">10.9<", ">10.8<"),
    ):
        edit(copy / name, old, new)
        named.add(name)
        assert {one for one, _ in changed(copy)} == named
    done = checked(copy)
    assert done.returncode == 1
    assert "2021-q2.html | 附件1" in done.stdout  # not only the file: the number, where it stands
    said = tongbao(story.project, "published", str(copy), code=1).stdout
    for name in named:
        assert f"{name}: not the file that was published" in done.stdout
        assert f"changed     {name}: not the file that was published" in said


def recomputed(site):
    """Bring all hashes of a site in step with its files, as somebody would who knows how."""
    for manifest in site.glob("reports/*/*/v*/manifest.json"):
        before = json.loads(manifest.read_text("utf-8"))
        made = before | {"outputs": dict(before["outputs"])}
        for name in made["outputs"]:
            if (path := manifest.parent / name.rpartition("/")[2]).is_file() and name.startswith("_site/"):
                text = path.read_bytes()
                text = restored(text.decode(), in_version=True).encode() if path.suffix == ".html" else text
                made["outputs"][name] = sha256(text).hexdigest()
        if made != before:
            manifest.write_text(json.dumps(made), "utf-8")
    listed = json.loads((site / "published.json").read_text("utf-8"))
    listed["files"] = {name: file_hash(site / name) for name in listed["files"]}
    (site / "published.json").write_text(json.dumps(listed | {"seal": seal(listed)}), "utf-8")


@of_story
def test_what_is_published_is_held_to_the_approvals_of_the_project(story, tmp_path):
    both, plain = (shutil.copytree(story.site, tmp_path / name) for name in ("both", "plain"))
    for site, names in ((both, (f"{FOLDER}/v2/2021-q2.html", f"{FOLDER}.html")), (plain, (f"{FOLDER}.html",))):
        for name in names:
            edit(site / name, "认真", "仔细")
        recomputed(site)
        assert list(changed(site)) == []
    said = story.run("published", str(both), code=1)
    assert f"not approved {FOLDER}/v2/manifest.json: not the manifest that was approved" in said
    said = story.run("published", str(plain), code=1)
    assert f"not approved {FOLDER}.html: not what was approved" in said
    assert "as published" not in said


@of_story
def test_what_nobody_here_has_approved_is_named(story, built, tmp_path):
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    (first, *_) = sorted((project / "reports/demo/approvals").iterdir())
    first.unlink()
    said = tongbao(project, "published", str(story.site), code=1).stdout
    assert f"not approved {FOLDER}/v1/manifest.json: no approval that counts is kept here of this version" in said
    assert "v2" not in said.partition("not approved")[2]
    said = tongbao(built, "published", str(story.site)).stdout
    assert "not held     demo@2021-q2 to its approvals: this project does not have its series" in said


@of_story
def test_where_git_does_not_answer_what_is_published_is_not_said_to_be_approved(story, tmp_path):
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    (project / ".git").mkdir()
    done = tongbao(project, "published", str(story.site), code=3)
    assert "as published" not in done.stdout
    assert "Git cannot say what was changed after it had been committed" in done.stderr


@pytest.mark.further
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
    assert (done.returncode, f"{FOLDER}/v1/manifest.json: cannot be read" in done.stdout) == (1, True)


@pytest.mark.further
@of_story
@pytest.mark.parametrize("damaged", [b"", b"null", b"[1]", b"\xff", b'{"outputs": 1}'])
def test_a_damaged_manifest_or_record_of_a_version_is_named(story, tmp_path, damaged):
    copy = shutil.copytree(story.site, tmp_path / "copy")
    for name in (f"{FOLDER}/v1/manifest.json", f"{FOLDER}/v2/2021-q2.json"):
        (copy / name).write_bytes(damaged)
        assert f"{name}: not the file that was published" in story.run("published", str(copy), code=1)
    project = shutil.copytree(story.project, tmp_path / "project", symlinks=True)
    said = tongbao(project, "review", "demo@2021-q2", "--no-open", "--against", str(copy)).stdout
    assert "_review/demo/2021-q2.html" in said


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
    assert "put these files back from a copy" in said


@pytest.mark.further
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
