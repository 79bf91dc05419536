"""The how-to of a month is walked through, from the forms that are sent to the correction and the next month."""

import shutil
import subprocess
import sys

import pytest

from conftest import bare_project, edit, tongbao
from pages import docx_text, pdf_text, soup, squeeze
from tongbao_office.tree import read_list
from walk import walk

JANUARY = "reports/heating/2027-01"
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("month")]


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """The page walked through once: the project it leaves, the site, and what each command said."""
    project = bare_project(tmp_path_factory.mktemp("month") / "project", to_build=True)
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    return project, project.parent / "heating-site", walk(project, "month")


def said(month, command):
    return [ran.done.stdout + ran.done.stderr for ran in month[2] if ran.line.startswith(f"tongbao {command} ")]


def test_commands_print_what_the_page_shows(month):
    for ran in month[2]:
        assert list(ran.not_printed()) == [], f"{ran.line}\n{ran.done.stdout}"
    assert sum(bool(ran.shown) for ran in month[2]) >= 10


def test_the_late_the_blank_and_the_mistyped_return_are_named(month):
    late, faulty, mended, february = said(month, "check")
    assert "缺少填报单位" in late
    assert "应为：苇泽县" in late
    assert "霁山区的按时修复为空白" in faulty
    assert "棠溪区的按时修复（2450件）大于报修（264件）" in faulty
    assert "未发现问题" in mended
    assert "未发现问题" in february


def test_one_person_is_not_enough_and_a_changed_figure_ends_both_approvals(month):
    alone, first, changed, second = said(month, "publish")
    assert "未批准：需2人批准，有效的1人" in alone
    assert "第1版" in first
    assert "data/raw/heating/2027-01/returns/汀屿区.csv有改动" in changed.replace(" ", "")
    assert "第2版" in second


def test_the_review_page_says_what_the_correction_changes(month):
    text = squeeze(soup(month[0] / "_review/heating/2027-01.html").get_text())
    for old, new in (("512", "521"), ("1635", "1644"), ("96.33", "96.35")):
        assert old in text
        assert new in text


def test_what_is_published_is_the_correction_and_the_first_version_beside_it(month):
    _, site, _ = month
    assert [version.number for version in read_list(site).bulletins[0].versions] == [1, 2]
    new, old = (soup(site / JANUARY.replace("2027-01", name)) for name in ("2027-01.html", "2027-01/v1/2027-01.html"))
    assert "更正说明" in new.get_text()
    assert "漏报9件" in new.find(class_="publication").get_text()
    assert "全市报修1644件" in squeeze(new.get_text())
    assert "已被更正" in old.find(class_="publication").get_text()
    assert "全市报修1635件" in squeeze(old.find("main").get_text())
    for text in (pdf_text(site / f"{JANUARY}.pdf"), docx_text(site / f"{JANUARY}.docx")):
        assert "全市报修1644件" in squeeze(text)
    assert "报修为1644件，无上期数据可比" in squeeze(new.get_text()), "not 报修（件）为1644件"
    assert new.find(id="notes") is None, "nor a heading over nothing"
    assert "合成数据" in new.get_text()
    assert (site / "reports/heating/2027-01/raw/heating/2027-01/returns/汀屿区.csv").is_file()
    done = subprocess.run([sys.executable, site / "verify.py", site], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        (".html", 'headline:calls">1644<', 'headline:calls">1645<', "2027-01.html | 要点 › "),
        ("/v1/2027-01.html", ">1635<", ">1636<", "2027-01.html | 要点 › "),
        (".csv", "1644", "1645", "2027-01.csv | calls@area | 1645 | "),
        (".json", '"1644"', '"1645"', "findings.json | finding headline | 1645 | "),
        (".pdf", None, None, "2027-01.pdf | text | 1635 | "),
    ],
)
def test_one_digit_changed_in_a_copy_is_named_with_its_place(month, tmp_path, name, old, new, place):
    site = shutil.copytree(month[1], tmp_path / "site")
    path = site / f"{JANUARY}{name}"
    if old is None:  # whose text says 1635 where the page says 1644
        shutil.copy2(site / JANUARY / "v1/2027-01.pdf", path)
    else:
        edit(path, old, new)
    done = subprocess.run([sys.executable, site / "verify.py", site], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{JANUARY}{name}: not the file that was published" in done.stdout.splitlines()
    assert place in done.stdout


def test_the_next_month_begins_with_the_words_of_this_one(month):
    text = (month[0] / "reports/heating/2027-02.md").read_text("utf-8")
    assert "要增加抢修力量" in text
    assert "CHECK" in text


def test_the_next_month_goes_on_from_step_3_and_is_proved_against_this_one(month):
    """Each district's file lies in a folder of its own: January's cells are still told from February's."""
    project = month[0]
    text = "---\nissued: 2027-03-08\nauthor: 李明\n---\n\n# 下步要求\n\n{{ finding.rate_low }}，要增加抢修力量。\n"
    (project / "reports/heating/2027-02.md").write_text(text, "utf-8")
    tongbao(project, "build", "heating@2027-02")
    assert "0 left over" in tongbao(project, "verify", "--audit", "heating@2027-02").stdout
    tongbao(project, "approve", "heating@2027-02", "--by", "王芳")
