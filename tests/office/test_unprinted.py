"""What a bulletin asserts without printing the figures: its raw files go out, so that a copy can be held to them."""

import json
import shutil

import pytest
from published_copies import checked

from conftest import bare_project, edit, tongbao
from pages import fresh_soup
from tongbao_verify.checker import check

SERIES = """\
notebook: monthly
synthetic: true
authority: 示例市应急管理局
area: 全市
subject: 执法月报
title: "关于{{ period }}执法情况的通报"
addressees: 各县
source: 各县填报（合成数据）
formats: [html]
units:
  - {id: jia, zh: 甲县, short: 甲, en: County A}
  - {id: yi, zh: 乙县, short: 乙, en: County B}
tables:
  work:
    file: works/*.csv
    title: 执法情况表
    columns:
      cases: {header: 立案（起）, short: 立案, unit: 起}
      fines: {header: 罚款（起）, short: 罚款, unit: 起}
findings:
  prev: {rule: change, value: cases, against: previous}
  rising: {rule: list, measure: fines, change: previous, above: 0}
main_points: ["{{ finding.prev }}。"]
opening: 现将情况通报如下：
sections:
  - {id: situation, heading: 执法情况, paragraphs: ["{{ finding.prev }}。{{ finding.rising }}。"]}
annexes: [{table: work, title: 执法情况表}]
"""
FEBRUARY, PAGE = "flat@2025-02", "reports/flat/2025-02"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two months with the same total from different rows; the second one is published."""
    place = tmp_path_factory.mktemp("unprinted")
    project = bare_project(place / "project", to_build=True)
    files = {"reports/flat/series.yml": SERIES, f"{PAGE}.md": "---\nissued: 2025-03-05\n---\n"}
    for month, jia, yi in (("01", "4,2", "6,5"), ("02", "7,3", "3,5")):
        for name, row in (("甲县", jia), ("乙县", yi)):
            files[f"data/raw/flat/2025-{month}/works/{name}.csv"] = f"单位,立案（起）,罚款（起）\n{name},{row}\n"
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, "utf-8")
    tongbao(project, "notebook", "flat")
    tongbao(project, "build", FEBRUARY, "--engine", "embedded", "--jobs", "1")
    tongbao(project, "approve", FEBRUARY, "--by", "王芳")
    tongbao(project, "publish", str(place / "site"), FEBRUARY)
    return place


@pytest.mark.further
def test_a_page_of_a_series_that_publishes_no_raw_file_verifies(place, tmp_path):
    project = shutil.copytree(place / "project", tmp_path / "project", symlinks=True)
    edit(project / "reports/flat/series.yml", "formats: [html]", "formats: [html]\npublish_raw: false")
    tongbao(project, "build", FEBRUARY, "--engine", "embedded", "--jobs", "1")
    tongbao(project, "approve", FEBRUARY, "--by", "王芳")
    tongbao(project, "publish", str(tmp_path / "site"), FEBRUARY)
    assert not list((tmp_path / "site").rglob("raw"))
    done = checked(tmp_path / "site")
    assert done.returncode == 0, done.stdout
    assert "finding rising: data/raw/flat/2025-01/works/甲县.csv: not at hand" in done.stdout
    assert "finding prev: " not in done.stdout  # its cells are on record


def findings(site):
    return {one["id"]: one for one in json.loads((site / f"{PAGE}.json").read_text("utf-8"))["findings"]}


@pytest.mark.further
def test_a_page_that_says_unchanged_verifies_in_its_copy(place):
    """Nothing prints the base of 持平, nor those of which nothing is said; their files are there all the same."""
    assert "持平" in findings(place / "site")["prev"]["text"]["zh"]
    done = checked(place / "site")
    assert (done.returncode, "not at hand" in done.stdout) == (0, False), done.stdout
    raw = place / "site" / PAGE / "raw/flat"
    assert len(list(raw.rglob("*.csv"))) == 4


def test_the_evidence_of_unchanged_shows_the_figure_it_is_held_against(place):
    assert "prev:before" in findings(place / "site")["prev"]["figures"]
    shown = fresh_soup(place / "site" / f"{PAGE}.html").select_one('[data-evidence="prev:before"]')
    assert shown is not None
    assert "6 + 4 = 10" in shown.text
    assert {link["href"] for link in shown.select("a")} >= {
        f"2025-02/raw/flat/2025-01/works/{name}县.csv" for name in "甲乙"
    }


def test_what_rests_on_files_that_are_not_at_hand_is_not_read_and_not_called_false(place, tmp_path):
    site = shutil.copytree(place / "site", tmp_path / "site")
    shutil.rmtree(site / PAGE / "raw/flat/2025-01")
    account = check(site / f"{PAGE}.json", site / PAGE, [])
    assert not account.left
    assert "finding rising: data/raw/flat/2025-01/works/甲县.csv: not at hand" in account.notes


def test_what_the_record_itself_shows_to_be_false_is_called_so_whatever_is_not_at_hand(place, tmp_path):
    site = shutil.copytree(place / "site", tmp_path / "site")
    shutil.rmtree(site / PAGE / "raw")
    record = site / f"{PAGE}.json"
    record.write_text(record.read_text("utf-8").replace('"case": "flat"', '"case": "rise"'), "utf-8")
    assert any(one.place == "finding prev" for one in check(record, site / PAGE, []).left)
