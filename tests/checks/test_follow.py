"""What follows from an issue goes with it, and is no issue of its own."""

import csv

from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project

TAIZHOU = ("taizhou-andun", "2019-04-to-06")


def test_the_ranks_that_a_wrong_rate_moved_go_with_it(project):
    """黄岩 wrote 1.0 % in place of 21.0 and ranked last by it, so that all others stand one place too high."""
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    for row in rows[1:-1]:
        row[9] = "9" if row[0] == "黄岩区" else str(int(row[9]) - 1)
        row[8] = "1.0" if row[0] == "黄岩区" else row[8]
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    bulletin = Bulletin.open(Project.find(project), *TAIZHOU, {})
    (issue,) = (one for one in bulletin.quality if one.kind == "reported")
    assert issue.message["zh"] == "黄岩区填报的检查处罚率%为1.0，按数据计算为21.0，由此9个名次不符。"
    assert len(issue.follow) == 9
    assert issue.follow[0].message["zh"] == "椒江区填报的排名为7，按数据计算为8。"
    record = Proof(bulletin).quality()
    (recorded,) = (one for one in record.issues if one.kind == "reported")
    assert [one.message.zh for one in recorded.follow] == [one.message["zh"] for one in issue.follow]
    assert {key for one in issue.follow for key in one.figures} <= record.figures.keys()


def test_a_change_that_a_mistyped_figure_makes_goes_with_it(project):
    """Ten times the fines of last year's period, in a table where the figure looks mistyped, too."""
    raw = project / "data/raw/hotline-monthly"
    path = raw / "2026-10" / "synthetic-annex.csv"
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    column = rows[0].index("受理量（件）")
    rows[1][column] += "0"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    quality = Bulletin.open(Project.find(project), "hotline-monthly", "2026-10", {}).quality
    (issue,) = (one for one in quality if one.kind == "plausible" and "accepted" in one.columns)
    assert [one.kind for one in issue.follow] == ["change"]
    assert not any(one.kind == "change" for one in quality)
