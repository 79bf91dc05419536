"""Further figures behind the names of a list, and lists in the issuer's own order (synthetic figures)."""

import pytest
from pydantic import ValidationError

from conftest import edit
from province import define, findings_of, receive, say
from tongbao.bulletin.annexes import printed_table
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

LIST = {"rule": "list", "measure": "cases", "order": "official"}


def naming(*figures, **more):
    return LIST | {"naming": {"figures": list(figures), **more}}


def test_a_change_says_why_there_is_none():
    rule = naming("cases", {"formula": "cases", "change": "last_year"})
    found = say(rule, {"cases": [12, 5, 7, 3]}, last_year={"cases": [14, 0, 7, None]}).text
    assert found["zh"] == (
        "立案数分别为甲县（12起，同比下降14.3%）、乙县（5起，上年同期为零）、丙县（7起，同比持平）和丁县（3起，无上年同期数据）"
    )
    assert found["en"].startswith(
        "cases, by unit: Jia (12 cases; down 14.3% year on year), Yi (5 cases; zero in the same"
    )


def test_a_change_is_cut_off_and_named_as_the_rule_says():
    figure = {"formula": "cases", "change": "previous", "decimals": 2, "rounding": "truncate"}
    finding = say(naming(figure, rise="增长", fall="减少"), {"cases": [12, 4]}, previous={"cases": [14, 3]})
    assert finding.text["zh"] == "立案数分别为甲县（环比减少14.28%）和乙县（环比增长33.33%）"
    change = finding.figures["it:figure0@jia"]
    assert (change.text, change.calculation) == ("14.28", "(14 − 12) ÷ 14 × 100 = 14.28")


def test_a_figure_that_a_unit_did_not_report_is_said_to_be_so():
    found = say(naming("visits"), {"cases": [2, 3], "visits": [None, 9]}).text["zh"]
    assert found == "立案数分别为甲县（未报送）和乙县（9起）"


def test_the_change_of_a_list_has_the_decimals_it_declares():
    rule = LIST | {"change": "last_year", "change_decimals": 3, "naming": {"value": True, "fall": "减少"}}
    found = say(rule, {"cases": [12, 15]}, last_year={"cases": [14, 12]}).text["zh"]
    assert "甲县（减少14.286%）和乙县（上升25.000%）" in found


def test_items_have_no_figures_of_units():
    items = {"own": {"label": "我市", "value": "cases"}}
    with pytest.raises(ValidationError, match="items have no further figures"):
        define(
            {"annex": {"cases": {"header": "立案"}}},
            {"it": naming("cases") | {"measure": None, "items": items, "label": "立案数"}},
            2,
        )


def test_a_list_stands_in_the_order_of_the_issuers_ranks():
    columns = {
        "share": {"header": "占比", "unit": "%", "area": "none"},
        "place": {"header": "排名", "rank_of": "share"},
    }
    rule = {"rule": "list", "measure": "place", "order": "best", "take": 2, "naming": {"figures": ["share"]}}
    series = define({"annex": columns}, {"it": rule | {"wording": "占比居前的是{{ units }}"}}, 3)
    given = {"share": ["80.1", "99.65", "99.65"], "place": [3, 2, 1]}
    found = findings_of(series, {"2021-01": receive(series, "2021-01", given)}, "2021-01")["it"]
    assert found.text["zh"] == "占比居前的是丙县（99.65%）和乙县（99.65%）"
    assert {claim.claim for claim in found.claims} >= {"extreme", "order"}


def test_an_annex_stands_in_the_order_of_the_issuers_ranks(project):
    definition = project / "reports/taizhou-andun/series.yml"
    edit(definition, "  - table: action\n", "  - table: action\n    order: reported_rank\n")
    edit(project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", "2.3,8", "2.3,7")
    edit(project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv", "2.5,7", "2.5,8")
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {})
    table = printed_table(bulletin.indicators, bulletin.series.annexes[0], "action")
    names = [row[0].marked for row in table.rows]
    assert [
        bulletin.series.units[index].zh in name for index, name in ((1, names[0]), (0, names[6]), (6, names[7]))
    ] == [True] * 3
