"""The how-to pages are walked through, in order, and give what they say; in both languages they are the same."""

import json
import re
import subprocess
import sys

import pytest

from conftest import ROOT, bare_project
from pages import pdf_text, soup
from tongbao.basics.errors import UsageError
from tongbao.definition.project import Project
from walk import page, steps, walk

PAGES = ("first-series", "add-a-period", "charts-and-annexes", "verify", "review", "publish")
FIRST = [page("first-series", lang) for lang in ("zh", "en")]


def walked_through(test):
    """A test of what comes of the walk: one for all of them."""
    return pytest.mark.long(pytest.mark.xdist_group("first-series")(test))


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The pages walked through once: the project they leave, and what each command said."""
    project = bare_project(tmp_path_factory.mktemp("first") / "project", to_build=True)
    for command in (("init", "--quiet"), ("config", "user.name", "李明"), ("config", "user.email", "li@example.cn")):
        subprocess.run(["git", *command], cwd=project, check=True)
    return project, walk(project, *PAGES)


def sentences(project, period):
    record = json.loads((project / f"data/processed/water/{period}/findings.json").read_text("utf-8"))
    return {finding["id"]: finding["text"]["zh"] for finding in record["findings"]}, record["main_points"]


@pytest.mark.parametrize("name", [*PAGES, "month"])
def test_a_page_says_the_same_in_both_languages(name):
    assert steps(page(name, "zh")) == steps(page(name, "en"))
    assert "合成数据" in page(name, "zh") or "虚构" in page(name, "zh")


def test_every_page_is_linked_in_its_language():
    for lang, readme in (("zh", "README.zh.md"), ("en", "README.md")):
        folder = "docs/zh" if lang == "zh" else "docs"
        linked = re.findall(rf"\({folder}/([\w-]+)\.md", (ROOT / readme).read_text("utf-8"))
        assert {*PAGES, "month", "add-a-series", "statements", "options", "case-records", "editions"} <= set(linked)
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"


def test_every_how_to_is_in_both_languages():
    about_it = {"architecture", "methodology", "performance", "proof", "slips", "tour"}  # in English only
    english, chinese = ({path.stem for path in (ROOT / folder).glob("*.md")} for folder in ("docs", "docs/zh"))
    assert english - about_it == chinese


@walked_through
def test_commands_print_what_the_page_shows(walked):
    for ran in walked[1]:
        assert list(ran.not_printed()) == [], f"{ran.line}\n{ran.done.stdout}"
    assert sum(bool(ran.shown) for ran in walked[1]) >= 10


@walked_through
def test_the_files_are_those_of_the_page(walked):
    project, (new, *_) = walked
    written = [line.split()[1] for line in new.done.stdout.splitlines() if line.startswith("已写入")]
    for path in written:
        assert all(f"`{path}`" in text or f"`{path.rpartition('/')[0]}/`" in text for text in FIRST)
    assert Project(project).get_series("water").indicators["anshixiufulv"].formula == "anshixiufu / yingxiufu * 100"


@walked_through
def test_the_sentences_are_those_of_the_page(walked):
    project, said = walked
    october, _ = sentences(project, "2026-10")
    november, points = sentences(project, "2026-11")
    assert october["rate_below"].startswith("按时修复率未达95%的有棠溪区（90.00%）和苇泽县（94.92%）")
    assert october["rate_range"] == "按时修复率最高的是汀屿区，为99.00%，最低的是棠溪区，为90.00%"
    assert october["repairs_change"] == "报修1388件，无上月数据可比"
    assert october["rate_target"] == "全市按时修复率为95.88%，未达到97%的目标"
    assert points[2] == november["repairs_change"] + "。" == "报修1349件，环比下降2.8%。"
    assert all(november["repairs_change"] in text for text in FIRST)
    (diff,) = (ran for ran in said if ran.line == "tongbao diff water@2026-10 -p target=95")
    assert "达到95%的目标" in diff.done.stdout
    assert "抢修力量不足" in soup(project / "_site/reports/water/2026-10.html").get_text()


@walked_through
def test_charts_and_annexes_are_those_of_the_page(walked):
    document = walked[0] / "_site/reports/water/2026-12.html"
    text = soup(document).get_text()
    assert "2026年12月全市报修1372件" in text
    assert "报修（件），2026年12月" in text
    assert "全市报修1372件（图2）。" in re.sub(r"\s", "", text)
    first, second = soup(document).select("table.annex-table")
    rows = [[re.sub(r"\s", "", cell.get_text()) for cell in row.find_all(["th", "td"])] for row in first.find_all("tr")]
    assert rows[0][:2] == ["单位", "报修量（件）"]
    assert [row[0] for row in rows[1:4]] == ["合计", "汀屿区", "澄渚区"]
    assert second.find_all("tr")[1].find("th").get_text().strip() == "汀屿区"
    assert "草稿" not in pdf_text(document.with_suffix(".pdf"))


@walked_through
def test_a_parameter_that_the_notebook_forgets_is_named(walked, monkeypatch):
    from tongbao.notebook import open_bulletin

    monkeypatch.chdir(walked[0])
    with pytest.raises(UsageError, match="the notebook does not pass the parameter repairs_line"):
        open_bulletin("water", "2026-10", top_n=3, below_rate=95, target=97)


@walked_through
def test_the_month_is_published_and_its_correction_too(walked):
    site = walked[0].parent / "site"
    assert "更正为120件" in soup(site / "reports/water/2026-12.html").find(class_="publication").get_text()
    assert "已被更正" in soup(site / "reports/water/2026-12/v1/2026-12.html").get_text()
    assert "征求意见稿" in pdf_text(walked[0].parent / "comments/reports/water/2026-12.pdf")
    tree = subprocess.run(["git", "ls-tree", "gh-pages"], cwd=walked[0], check=True, capture_output=True, text=True)
    assert "published.json" in tree.stdout
    done = subprocess.run([sys.executable, site / "verify.py", site], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert len(list((walked[0] / "export").iterdir())) == 2
