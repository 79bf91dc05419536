"""Two months that are published, one of them corrected: what each shows as evidence, and what a correction says."""

import json
import re
import shutil
from urllib.parse import unquote

import pytest
from published_copies import checked

from conftest import bare_project, edit, tongbao
from pages import fresh_soup
from tongbao.definition.files import file_hash
from tongbao_office.tree import read_list
from tongbao_verify.published import seal
from walk import blocks, page

JANUARY, FEBRUARY = "heating@2027-01", "heating@2027-02"
OF_JANUARY, OF_FEBRUARY = "reports/heating/2027-01", "reports/heating/2027-02"
RETURN = "raw/heating/2027-01/returns/汀屿区.csv"
# What the how-to's series lacks to appear in English, too; here one may approve, and there are pages only.
IN_ENGLISH = {
    "approvals: 2": "approvals: 1\nformats: [html]\nlanguages: [zh, en]",
    "各区（县）住房和城乡建设局": "{zh: 各区（县）住房和城乡建设局, en: All}",
    "各区（县）填报（合成数据）": "{zh: 各区（县）填报（合成数据）, en: Districts (synthetic)}",
    "header: 报修（件）,": "header: 报修（件）, label: {zh: 报修, en: calls},",
    "header: 按时修复（件）,": "header: 按时修复（件）, label: {zh: 按时修复, en: repairs in time},",
    '按时修复率{{ rate }}%"}': '按时修复率{{ rate }}%", en: "{{ calls }} calls, {{ done }} repaired, {{ rate }}%"}',
    '["{{ finding.headline }}。", "{{ finding.rate_low }}。"]': (
        '[{zh: "{{ finding.headline }}。", en: "{{ finding.headline }}."}]'
    ),
    "opening: 现将有关情况通报如下：": "opening: {zh: 现将有关情况通报如下：, en: As follows.}",
    '"{{ finding.headline }}。{{ finding.calls_change }}；{{ finding.rate_low }}。"': (
        '{zh: "{{ finding.headline }}。{{ finding.calls_change }}；{{ finding.rate_low }}。", '
        'en: "{{ finding.headline }}. {{ finding.calls_change }}. {{ finding.rate_low }}."}'
    ),
    "title: 供热服务情况表}]": "title: {zh: 供热服务情况表, en: Service}}]",
}
IN_ENGLISH_TOO = ("--note-en", "Tingyu had left out 9 calls.")
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("two_months")]


def build(project, *bulletins):
    tongbao(project, "build", *bulletins, "--engine", "embedded", "--jobs", "1")
    for one in bulletins:
        if (project / f"_review/{one.replace('@', '/')}.html").exists():  # what was reviewed is what is approved
            tongbao(project, "review", one, "--no-open")
        tongbao(project, "approve", one, "--by", "王芳")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The heating series of the how-to, in both languages, as pages only; both months are built and published."""
    place = tmp_path_factory.mktemp("two_months")
    project = bare_project(place / "project", to_build=True)
    for block in blocks(page("month", "en")):
        if block.where.endswith((".yml", ".csv", ".md")):
            (project / block.where).parent.mkdir(parents=True, exist_ok=True)
            (project / block.where).write_text(block.text, "utf-8")
    edit(project / "data" / RETURN, "521,507", "512,498")
    for old, new in IN_ENGLISH.items():
        edit(project / "reports/heating/series.yml", old, new)
    tongbao(project, "notebook", "heating")
    february = "---\nissued: 2027-03-08\nauthor: 李明\n---\n\n# 下步要求\n\n{{ finding.rate_low }}，要增加抢修力量。\n"
    (project / "reports/heating/2027-02.md").write_text(february, "utf-8")
    for month in ("01", "02"):
        english = project / f"reports/heating/2027-{month}.en.md"
        english.write_text("# Next\n\nBetter: {{ finding.rate_low }}.\n", "utf-8")
    build(project, JANUARY, FEBRUARY)
    tongbao(project, "publish", str(place / "site"))
    return place


@pytest.fixture
def months(place, tmp_path):
    """A copy to be changed: the project and the site."""
    project = shutil.copytree(place / "project", tmp_path / "project", symlinks=True)
    return project, shutil.copytree(place / "site", tmp_path / "site")


def correct(project, site, *bulletins):
    """January's return is mended; these bulletins are published on it. Returns what was said."""
    edit(project / "data" / RETURN, "512,498", "521,507")
    build(project, *bulletins)
    return tongbao(project, "publish", str(site), *bulletins, "--note", "汀屿区漏报9件。", *IN_ENGLISH_TOO).stdout


def evidence(site, name):
    """What the file that a page links as January's return holds."""
    (address,) = {link["href"] for link in fresh_soup(site / f"{name}.html").select(f'a[href$="{RETURN}"]')}
    return (site / "reports/heating" / address).read_text("utf-8").split()[-1]


def test_a_correction_leaves_the_evidence_of_other_bulletins_as_it_was(months):
    project, site = months
    said = correct(project, site, JANUARY)
    assert (evidence(site, OF_JANUARY), evidence(site, OF_FEBRUARY)) == ("汀屿区,521,507", "汀屿区,512,498")
    assert f"apart       {FEBRUARY} was made from other figures than {JANUARY} shows\n" in said
    assert f"              data/{RETURN}\n" in said
    assert (checked(site).returncode, checked(site).stderr) == (0, "")
    listed = tongbao(project, "published", str(site)).stdout
    assert f"apart       {FEBRUARY} was made from other figures than {JANUARY} shows\n" in listed
    assert "as published" in listed


def test_each_edition_says_in_its_own_language_why_it_was_corrected(months):
    project, site = months
    edit(project / "data" / RETURN, "512,498", "521,507")
    build(project, JANUARY, FEBRUARY)
    publication = ("publish", str(site), JANUARY, FEBRUARY, "--note", "汀屿区漏报9件。")
    said = tongbao(project, *publication, code=1).stderr
    assert "heating@2027-01, heating@2027-02: it has an English edition, and nothing says why in English" in said
    assert '--note-en "why"' in said
    tongbao(project, *publication, *IN_ENGLISH_TOO)
    shown = {"": "汀屿区漏报9件。", ".en": "Tingyu had left out 9 calls."}
    for lang, other in (("", ".en"), (".en", "")):
        notice = fresh_soup(site / f"{OF_JANUARY}{lang}.html").select_one(".publication").get_text()
        assert (shown[lang] in notice, shown[other] in notice) == (True, False)
        for name in (f"index{lang}.html", f"feed{lang}.xml"):
            text = (site / name).read_text("utf-8")
            assert (shown[lang] in text, shown[other] in text) == (True, False)
    (version,) = (one.versions[1] for one in read_list(site).bulletins if one.id == JANUARY)
    assert (version.note, version.note_en) == tuple(shown.values())
    assert all(one in tongbao(project, "published", str(site)).stdout for one in shown.values())
    assert checked(site).returncode == 0


def test_a_later_month_leaves_the_evidence_of_the_one_before_as_it_was(months):
    project, site = months
    assert f"apart       {FEBRUARY} was made" in correct(project, site, FEBRUARY)
    assert (evidence(site, OF_JANUARY), evidence(site, OF_FEBRUARY)) == ("汀屿区,512,498", "汀屿区,521,507")
    assert checked(site).returncode == 0


def test_both_corrected_at_once_rest_on_the_same_figures(months):
    project, site = months
    assert "apart" not in correct(project, site, JANUARY, FEBRUARY)
    assert evidence(site, OF_JANUARY) == evidence(site, OF_FEBRUARY) == "汀屿区,521,507"
    assert "apart" not in tongbao(project, "published", str(site)).stdout
    assert checked(site).returncode == 0


def test_evidence_that_was_changed_is_named(months):
    project, site = months
    for name, version in ((OF_FEBRUARY, ""), (OF_JANUARY, "/v1")):
        edit(site / f"{name}{version}/{RETURN}", "512,498", "513,498")
        assert f"{name}{version}/{RETURN}: not the file that was published" in checked(site).stdout
    listed = json.loads((site / "published.json").read_text("utf-8"))
    edit(site / f"{OF_JANUARY}/v1/{RETURN}", "513", "512")
    listed["files"] = {name: file_hash(site / name) for name in listed["files"]}
    (site / "published.json").write_text(json.dumps(listed | {"seal": seal(listed)}), "utf-8")
    said = tongbao(project, "published", str(site), code=1).stdout
    assert f"not approved {OF_FEBRUARY}/{RETURN}: not what was approved" in said


def as_before(site):
    """A site as it was published when all bulletins of a series had one folder of raw files."""
    shared = site / "reports/heating/raw"
    for name in (OF_JANUARY, OF_FEBRUARY):
        shutil.copytree(site / name / "raw", shared, dirs_exist_ok=True)
        shutil.rmtree(site / name / "raw")
        for path in (site / f"{name}.html", site / f"{name}.en.html"):
            path.write_text(path.read_text("utf-8").replace(f'"{name[-7:]}/raw/', '"raw/'), "utf-8")
    listed = json.loads((site / "published.json").read_text("utf-8"))
    names = {re.sub(r"heating/2027-../raw/", "heating/raw/", name) for name in listed["files"]}
    listed["files"] = {name: file_hash(site / name) for name in sorted(names)}
    (site / "published.json").write_text(json.dumps(listed | {"seal": seal(listed)}), "utf-8")


def test_a_site_with_raw_files_in_one_folder_gets_each_bulletin_its_own(months):
    project, site = months
    as_before(site)
    assert checked(site).returncode == 0
    assert "as published" in tongbao(project, "published", str(site)).stdout
    correct(project, site, JANUARY)
    assert not (site / "reports/heating/raw").exists()
    assert (evidence(site, OF_JANUARY), evidence(site, OF_FEBRUARY)) == ("汀屿区,521,507", "汀屿区,512,498")
    assert checked(site).returncode == 0
    tongbao(project, "published", str(site))
    assert [len(one.versions) for one in read_list(site).bulletins] == [2, 1]


def test_a_correction_says_that_a_change_has_turned(months):
    """January's 1635 are 1335: February, in the notice before 下降13.8%, has risen; corrected back, it falls again."""
    project, site = months
    for old, new, note in (("431,420", "131,130", "漏减。"), ("131,130", "431,420", "恢复。")):
        edit(project / "data/raw/heating/2027-01/returns/澄渚区.csv", old, new)
        build(project, JANUARY, FEBRUARY)
        tongbao(project, "review", FEBRUARY, "--no-open")
        tongbao(project, "publish", str(site), JANUARY, FEBRUARY, "--note", note, *IN_ENGLISH_TOO)
    versions = read_list(site).bulletins[1].versions
    said = [[(one.name.zh, one.old.zh, one.new.zh) for one in version.figures] for version in versions]
    name = "报修较上期报修的变化"
    assert said == [[], [(name, "下降13.8%", "上升5.5%")], [(name, "上升5.5%", "下降13.8%")]]
    for lang, expected in (("", f"{name}：下降13.8% → 上升5.5%"), (".en", "down 13.8% → up 5.5%")):
        notice = fresh_soup(site / f"{OF_FEBRUARY}/v2/2027-02{lang}.html").find(class_="publication")
        assert expected in notice.get_text()
        review = fresh_soup(project / f"_review/heating/2027-02{lang}.html").find("section", id="changes")
        turned = ["上升5.5%", "下降13.8%"] if not lang else ["up 5.5%", "down 13.8%"]
        assert turned in [[cell.get_text() for cell in row.find_all("td")] for row in review.select("tbody tr")]
    assert checked(site).returncode == 0


def test_the_figures_of_a_unit_that_was_withdrawn_are_told_with_its_name(months):
    project, site = months
    edit(project / "reports/heating/series.yml", "  - {id: weize, zh: 苇泽县, en: Weize}\n", "")
    (project / "data/raw/heating/2027-01/returns/苇泽县.csv").unlink()
    edit(project / "data/raw/heating/2027-02/returns/all.csv", "苇泽县,118,113\n", "")
    build(project, FEBRUARY)
    tongbao(project, "review", FEBRUARY, "--no-open")
    tongbao(project, "publish", str(site), FEBRUARY, "--note", "苇泽县并入棠溪区。", *IN_ENGLISH_TOO)
    for lang, told, figure, cell in (
        ("", "苇泽县报修：118件 → （无）", "苇泽县报修", "苇泽县 报修：118 → （无）"),
        (".en", "Weize calls: 118 cases → (none)", "Weize calls", "Weize calls: 118 → (none)"),
    ):
        page = fresh_soup(site / f"{OF_FEBRUARY}{lang}.html")
        assert told in [item.get_text() for item in page.find(class_="publication").find_all("li")]
        review = fresh_soup(project / f"_review/heating/2027-02{lang}.html").find("section", id="changes")
        assert figure in [head.get_text() for head in review.select("tbody th")]
        assert cell in [item.p.get_text() for item in review.select(".changed-cells > li")]


def test_evidence_can_be_opened_whatever_a_return_is_called(months):
    project, site = months
    name = "汀屿区 #2 & 50%.csv"
    path = project / "data" / RETURN
    path.rename(path.with_name(name))
    build(project, JANUARY)
    tongbao(project, "publish", str(site), JANUARY, "--note", "换名。", *IN_ENGLISH_TOO)
    for shown in (site / f"{OF_JANUARY}.html", site / OF_JANUARY / "v2/2027-01.html"):
        links = {link["href"] for link in fresh_soup(shown).select('a[href*="raw/"]')}
        there = [shown.parent / unquote(link.partition("#")[0].partition("?")[0]) for link in links]
        assert len(there) == 5
        assert all(file.is_file() for file in there)
    assert checked(site).returncode == 0
    tongbao(project, "export", JANUARY, "--format", "single-html")
    single = fresh_soup(project / "export/heating-2027-01.html")
    (inside,) = {link["href"] for link in single.select("a[download]") if "%232" in link["download"]}
    assert inside.startswith("data:text/csv;base64,")
