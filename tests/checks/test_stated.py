"""What a table states of its own figures: how grave a difference is, and that it can be printed as stated."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from conftest import edit
from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.checks import check
from tongbao.definition.project import Project
from tongbao.display.tables import annex
from tongbao.reading.prose import Header

TAIZHOU = ("taizhou-andun", "2019-04-to-06")
RANK = "{header: 排名, rank_of: penalty_rate"
RATE = "{header: 检查处罚率%, reports: penalty_rate"
CASES = "{header: 立案调查（起）, short: 立案调查, unit: 起"


def opened(project, column, stated, old, new):
    """The circular with one cell changed, and what a column says of it."""
    if stated:
        edit(project / "reports/taizhou-andun/series.yml", column, f"{column}, stated: {stated}")
    edit(project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", old, new)
    return Bulletin.open(Project.find(project), *TAIZHOU, {})


@pytest.mark.parametrize(
    ("column", "old", "new", "kind"),
    [
        (RATE, ",21,2.3,8", ",21,2.4,8", "reported-rate"),
        (RANK, "2.3,8", "2.3,7", "reported-rank"),
        (CASES, ",157,342,5.9", ",157,343,5.9", "reported-total"),
    ],
)
@pytest.mark.parametrize(
    ("stated", "level"),
    [("", "warning"), ("error", "error"), ("note", "note"), ("allowed", None), ("{tolerance: 1}", None),
     ("{tolerance: 0.05}", "warning")],
)  # fmt: skip
def test_level_and_tolerance_stand_at_the_column(project, column, old, new, kind, stated, level):
    found = [issue for issue in opened(project, column, stated, old, new).quality if issue.check.startswith("reported")]
    assert [(issue.check, issue.level) for issue in found] == ([(kind, level)] if level else [])


def cells(bulletin, column):
    page = next(p.content["text/html"] for p in annex(bulletin, 1).parts if "<table" in p.content.get("text/html", ""))
    found = BeautifulSoup(page, "html.parser").select(f'[id^="cell-{column}-"]')
    return {cell["id"].rpartition("-")[2]: (cell.get_text(), cell.get("data-figure")) for cell in found}


@pytest.mark.parametrize(
    ("column", "old", "new", "name", "key"),
    [
        (RATE, ",21,2.3,8", ",21,2.4,8", "reported_rate", "stated:penalty_rate@jiaojiang"),
        (RANK, "2.3,8", "2.3,7", "reported_rank", "stated:rank(penalty_rate)@jiaojiang"),
        (CASES, ",157,342,5.9", ",157,343,5.9", "cases", "stated:cases@area"),
    ],
)
def test_what_is_stated_is_printed_and_the_computed_one_noted(project, column, old, new, name, key):
    bulletin = opened(project, column, "{printed: true, level: note, reason: 按核减前数据}", old, new)
    printed = {"reported_rate": "2.4", "reported_rank": "7", "cases": "343"}[name]
    assert cells(bulletin, name)[key.rpartition("@")[2]] == (printed, key)
    figure = Proof(bulletin).record().figures[key]
    assert (figure.value, figure.text, figure.origin) == (printed, printed, "reported")
    (issue,) = [issue for issue in bulletin.quality if issue.check.startswith("reported")]
    assert issue.level == "note"
    assert issue.message["zh"].endswith("按核减前数据。")


def test_a_units_own_figures_and_a_totals_row_without_ranks_are_printed_as_ever(project):
    bulletin = opened(project, CASES, "{printed: true}", ",157,342,5.9", ",157,343,5.9")
    assert cells(bulletin, "cases")["jiaojiang"] == ("21", "cases@jiaojiang")
    project = project.rename(project.with_name("again"))
    edit(project / "reports/taizhou-andun/series.yml", RANK, f"{RANK}, stated: {{printed: true}}")
    assert cells(Bulletin.open(Project.find(project), *TAIZHOU, {}), "reported_rank")["area"] == ("/", None)


def ranks(stated, rates, unit="%", **column):
    columns = {
        "share": {"header": "占比", "unit": unit, "area": "none", **column},
        "place": {"header": "排名", "rank_of": "share"},
    }
    series = define({"annex": columns}, {}, len(rates))
    indicators = indicators_of(
        series, {"2021-01": receive(series, "2021-01", {"share": rates, "place": stated})}, "2021-01"
    )
    issues = check(indicators, Header(issued=date(2021, 2, 10)), Period.parse("2021-01"))
    return [(issue.unit, issue.level, issue.message["zh"]) for issue in issues if issue.kind == "reported"]


def test_ranks_that_tell_apart_what_prints_the_same_are_a_note():
    hidden = "乙县填报的排名为2，按数据计算并列1，可能依据未显示的小数。"
    assert ranks([1, 2, 3], ["99.65", "99.65", "80.10"]) == [("yi", "note", hidden)]
    assert ranks([1, 2, 3], [Decimal(7), Decimal(7), Decimal(3)], unit="起") == [
        ("yi", "warning", "乙县填报的排名为2，按数据计算为1。")
    ]
    # No decimals make a lower figure the first.
    assert [level for _, level, _ in ranks([1, 1, 2], ["99.65", "99.65", "80.10"])] == ["warning"]
