"""A published bulletin that is retracted: it stays, and whoever finds it, finds that it is not to be cited."""

import shutil
from types import SimpleNamespace

import pytest
from published_copies import FOLDER, checked, versions

from conftest import of_story, served_site, tongbao
from demo import ID
from pages import faults_in_browser, fresh_soup
from tongbao_office.tree import read_list

WHY = "附表的计量单位有误，核实后重发"
PLACES = (f"{FOLDER}.html", f"{FOLDER}/v2/2021-q2.html")


@pytest.fixture(scope="module")
def gone(story, tmp_path_factory):
    """The corrected bulletin retracted, and published anew as it was."""
    place = tmp_path_factory.mktemp("gone")
    project = shutil.copytree(story.project, place / "project", symlinks=True)
    site = shutil.copytree(story.site, place / "site")

    def run(*arguments, code=0):
        done = tongbao(project, *arguments, code=code)
        return done.stdout + done.stderr

    told = SimpleNamespace(project=project, site=site, run=run)
    told.approved = run("retract", str(site), ID, "--note", WHY, code=1)
    told.withdrawn = run("withdraw", ID, "--by", "王芳")
    told.without_note = run("retract", str(site), ID, code=1)
    told.elsewhere = run("retract", str(place / "other"), ID, "--note", WHY, code=2)
    told.untouched = versions(site), "已撤回" in (site / "index.html").read_text("utf-8")
    told.done = run("retract", str(site), ID, "--note", WHY)
    told.twice = run("retract", str(site), ID, "--note", WHY, code=2)
    told.not_again = run("publish", str(site), ID, code=1)
    told.listed = run("published", str(site))
    told.checked = checked(site)
    told.anew = place / "anew"
    shutil.copytree(site, told.anew)
    run("approve", ID, "--by", "王芳")
    told.anew_without_note = run("publish", str(told.anew), ID, code=1)
    told.published = run("publish", str(told.anew), ID, "--note", "核实无误，重新印发")
    return told


@of_story
def test_what_is_approved_still_is_not_retracted(gone):
    assert "demo@2021-q2: it is approved still" in gone.approved
    assert "tongbao withdraw demo@2021-q2 --by 王芳" in gone.approved


@of_story
def test_it_says_why_and_where_it_is_out(gone):
    assert "nothing says why it is retracted" in gone.without_note
    assert "no version of it is published there" in gone.elsewhere
    assert "retracted already" in gone.twice
    assert gone.untouched == ([1, 2], False)


@of_story
@pytest.mark.parametrize("place", PLACES)
def test_its_pages_say_so_above_all_else(gone, place):
    said = fresh_soup(gone.site / place).find(class_="publication").get_text()
    assert said.startswith("已撤回　本通报已于")
    assert f"请勿引用其中的数字和表述。原因：{WHY}" in said
    assert "更正说明" in said


@of_story
def test_lists_and_feeds_say_so_and_tell_its_figures_no_more(gone):
    listed = fresh_soup(gone.site / "index.html").find(class_="bulletin-entry").get_text()
    assert f"已撤回　{WHY}" in listed
    assert "处罚率" not in listed
    series = fresh_soup(gone.site / "reports/demo/index.html")
    assert [badge.get_text() for badge in series.find(id="periods").find_next("table").select(".badge")] == ["已撤回"]
    assert not series.select(".trend, a[href='all.csv']")
    feed = (gone.site / "feed.xml").read_text("utf-8")
    assert "<title>【已撤回】" in feed
    assert f"<summary>本通报已撤回，请勿引用。原因：{WHY}</summary>" in feed


@of_story
def test_the_copy_holds_and_the_list_names_it(gone):
    assert f"retracted   {ID}: version 2, {FOLDER}/v2/" in gone.done
    assert f"retracted  {read_list(gone.site).bulletins[0].versions[1].retracted.time[:10]}  {WHY}" in gone.listed
    assert "as published" in gone.listed
    assert gone.checked.returncode == 0, gone.checked.stdout


@of_story
def test_it_goes_out_again_as_a_new_version_once_it_is_approved(gone):
    assert "not approved" in gone.not_again
    assert "published already" in gone.anew_without_note
    assert "version 3" in gone.published
    newest = fresh_soup(gone.anew / f"{FOLDER}.html").find(class_="publication").get_text()
    assert newest.startswith("更正说明")
    assert "已撤回" not in fresh_soup(gone.anew / "index.html").get_text()
    old = fresh_soup(gone.anew / f"{FOLDER}/v2/2021-q2.html").find(class_="publication").get_text()
    assert old.startswith("已撤回")
    assert "第3版" in old
    assert checked(gone.anew).returncode == 0


@pytest.mark.further
@pytest.mark.chromium
@pytest.mark.parametrize("name", [*PLACES, "index.html"])
@of_story
def test_a_retracted_page_has_no_fault_for_its_readers(gone, browser, name):
    with served_site(gone.site) as home:
        assert faults_in_browser(browser, home + name, home, width=390) == []
