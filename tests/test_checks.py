from pathlib import Path

from tongbao.bulletin import Bulletin
from tongbao.project import Project

TAIZHOU = ("taizhou-andun", "2019-04-to-06")
WENZHOU = ("wenzhou-monthly", "2021-01-to-02")


def issues(project: Path, which: tuple[str, str]):
    return Bulletin.open(Project.find(project), *which, {}).quality


def rewrite(project: Path, which: tuple[str, str], name: str, old: str, new: str) -> None:
    path = project / "data" / "raw" / "/".join(which) / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_source_documents_reported_figures_agree_with_their_own(project):
    assert [issue for issue in issues(project, TAIZHOU) if issue.level != "note"] == []
    assert [issue for issue in issues(project, WENZHOU) if issue.level != "note"] == []


def test_blank_returns_are_noted_by_unit(project):
    assert [issue.unit for issue in issues(project, WENZHOU)] == ["wencheng", "pingyang", "zhenan"]


def test_a_reported_rate_that_the_counts_do_not_give(project):
    rewrite(project, TAIZHOU, "annex.csv", ",21,2.3,8", ",21,2.4,8")
    (issue,) = issues(project, TAIZHOU)
    assert (issue.check, issue.unit, issue.level) == ("reported-rate", "jiaojiang", "warning")
    assert issue.message["zh"] == "椒江区填报的检查处罚率%为2.4，按数据计算为2.3。"
    assert str(issue.cells[0].source) == "data/raw/taizhou-andun/2019-04-to-06/annex.csv I2"


def test_a_reported_rank_out_of_place(project):
    rewrite(project, TAIZHOU, "annex.csv", "2.3,8", "2.3,7")
    (issue,) = issues(project, TAIZHOU)
    assert (issue.check, issue.unit) == ("reported-rank", "jiaojiang")
    assert issue.message["en"].endswith("is reported as 7, but computes to 8.")


def test_a_total_that_is_not_the_sum(project):
    rewrite(project, TAIZHOU, "annex.csv", "合计,5800,5633", "合计,5800,5634")
    (issue,) = issues(project, TAIZHOU)
    assert (issue.check, issue.columns) == ("reported-total", ("records",))
    assert "5634" in issue.message["zh"]
    assert "5633" in issue.message["zh"]


def test_the_bulletin_prints_the_computed_figure_not_the_wrong_one(project):
    rewrite(project, TAIZHOU, "annex.csv", "2.3,8", "9.9,1")
    bulletin = Bulletin.open(Project.find(project), *TAIZHOU, {})
    assert bulletin.findings["rate_last"].text["zh"].startswith("路桥、椒江、天台、仙居")
