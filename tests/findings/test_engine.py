"""Rules over small tables: ties, blanks, one, many and no units."""

from pathlib import Path

import pytest

from tongbao.bulletin import Bulletin
from tongbao.errors import DefinitionError, UsageError
from tongbao.project import Project

WENZHOU = ("wenzhou-monthly", "2021-01-to-02")


def read(project: Path, **parameters: object) -> Bulletin:
    return Bulletin.open(Project.find(project), *WENZHOU, parameters)


def change(project: Path, name: str, old: str, new: str, count: int = -1) -> None:
    path = project / "data" / "raw" / "/".join(WENZHOU) / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


def edit_series(project: Path, old: str, new: str) -> None:
    path = project / "reports" / WENZHOU[0] / "series.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def text(bulletin: Bulletin, finding: str, lang: str = "zh") -> str:
    return bulletin.findings[finding].text[lang]


@pytest.mark.parametrize(
    ("below_rate", "sentence"),
    [
        ("5", "各地检查处罚率均达到5%"),
        ("7.69", "各地检查处罚率均达到7.69%"),
        ("10", "检查处罚率未达10%为龙港市"),
        ("13", "检查处罚率未达13%为龙港市和苍南县"),
        ("20", "检查处罚率未达20%为龙港市、苍南县和泰顺县"),
        ("35", "检查处罚率未达35%为龙港市、苍南县、泰顺县、瑞安市和瓯海区"),
    ],
)
def test_below_names_units_in_ascending_order(project, below_rate, sentence):
    assert text(read(project, below_rate=below_rate), "rate_below") == sentence


@pytest.mark.parametrize(
    ("top_n", "names"), [(1, "龙湾区"), (2, "龙湾区和永嘉县"), (4, "龙湾区、永嘉县、洞头区和鹿城区")]
)
def test_top_n(project, top_n, names):
    numeral = {1: "一", 2: "二", 4: "四"}[top_n]
    assert text(read(project, top_n=top_n), "rate_top") == f"检查处罚率列前{numeral}位为{names}"


def test_a_tie_extends_the_list(project):
    change(project, "annex1.csv", "鹿城区,42.5,42.5,3,100.00,1,40.00,4", "鹿城区,42.5,42.5,3,100.00,1,42.86,3")
    assert text(read(project), "rate_top") == "检查处罚率列前三位为龙湾区、永嘉县、鹿城区和洞头区"


def test_one_unit_short_of_full_collection_is_named(project):
    change(project, "annex1.csv", "12.50,9,100,1", "12.50,9,96.5,10")
    assert text(read(project), "collection_all") == "罚款收缴率未达100%为苍南县"


def test_a_blank_is_not_a_zero(project):
    bulletin = read(project)
    assert bulletin.findings["rate_below"].units == ("longgang", "cangnan", "taishun")
    assert bulletin.findings["nothing_reported"].units == ("wencheng", "pingyang", "zhenan")
    change(project, "annex1.csv", "文成县,,,,,,,,,", "文成县,0,0,11,,,0,11,,")
    changed = read(project)
    assert changed.findings["rate_below"].units == ("wencheng", "longgang", "cangnan", "taishun")
    assert changed.findings["nothing_reported"].units == ("pingyang", "zhenan")


def test_no_unit_reporting_at_all(project):
    path = project / "data" / "raw" / "/".join(WENZHOU) / "annex1.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *(row.split(",")[0] + "," * 9 for row in rows)]) + "\n", "utf-8")
    bulletin = read(project)
    for finding in ("fines_top", "rate_top", "rate_below", "collection_all"):
        assert bulletin.findings[finding].case == "unreported"
    assert text(bulletin, "rate_below") == "各地均未报送检查处罚率"
    assert text(bulletin, "rate_below", "en") == "no unit reported the penalty rate"


def test_english_says_the_same(project):
    bulletin = read(project)
    assert text(bulletin, "rate_below", "en") == "penalty rates below 20%: Longgang, Cangnan and Taishun"
    assert text(bulletin, "rate_top", "en") == "the first 3 in penalty rate are Longwan, Yongjia and Dongtou"


def test_every_number_of_a_finding_has_its_figure(project):
    bulletin = read(project)
    headline = bulletin.findings["headline"]
    assert headline.figures["headline.rate"].calculation == "87 ÷ 248 × 100 = 35.08"
    assert headline.figures["headline.fines"].text == "299.74"
    sources = {str(cell.source) for cell in headline.evidence}
    assert "data/raw/wenzhou-monthly/2021-01-to-02/facts.csv C2" in sources
    assert "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv B14" in sources


def test_taizhou_bottom_list_drops_its_clause_when_it_is_not_true(project):
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {"bottom_n": 5})
    assert bulletin.findings["rate_last"].text["zh"] == "路桥、椒江、天台、仙居、三门等地分列全市后五位"


def test_target_reached_is_said_so(project):
    path = project / "data" / "raw" / "taizhou-andun" / "2019-04-to-06" / "facts.csv"
    path.write_text(path.read_text("utf-8").replace("目标,25,", "目标,9,"), "utf-8")
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {})
    assert bulletin.findings["serious_share"].case == "met"
    assert bulletin.findings["serious_share"].text["zh"].endswith("达到年初确定的9%目标")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("fact.inspections\n      penalties", "fact.inspection\n      penalties", "did you mean inspections"),
        ("未达{{ threshold }}%为", "未达{{ treshold }}%为", "treshold"),
        ("未达{{ threshold }}%为", "未达{{ threshold %为", "template"),
    ],
)
def test_faults_in_a_rule_name_their_place(project, old, new, complaint):
    edit_series(project, old, new)
    with pytest.raises(DefinitionError) as caught:
        read(project)
    assert complaint in str(caught.value)
    assert "reports/wenzhou-monthly/series.yml" in str(caught.value)


@pytest.mark.parametrize("value", [101, -1, "x", True, "1e1", ""])
def test_parameters_out_of_range(project, value):
    with pytest.raises(UsageError, match="a number from 0 to 100"):
        read(project, below_rate=value)
