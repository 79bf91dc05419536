"""Rules over small tables: ties, blanks, one, many and no units."""

from pathlib import Path

import pytest

from conftest import edit
from tongbao.basics.errors import DefinitionError, UsageError
from tongbao.basics.marks import to_markdown
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

WENZHOU = ("wenzhou-monthly", "2021-01-to-02")


def read(project: Path, **parameters: object) -> Bulletin:
    return Bulletin.open(Project.find(project), *WENZHOU, parameters)


def change(project: Path, name: str, old: str, new: str, count: int = -1) -> None:
    path = project / "data" / "raw" / "/".join(WENZHOU) / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


def edit_series(project: Path, old: str, new: str) -> None:
    edit(project / "reports" / WENZHOU[0] / "series.yml", old, new)


def text(bulletin: Bulletin, finding: str, lang: str = "zh") -> str:
    return bulletin.findings[finding].text[lang]


@pytest.mark.parametrize(
    ("below_rate", "sentence"),
    [
        ("5", "各报送地区检查处罚率均达到5%"),
        ("7.69", "各报送地区检查处罚率均达到7.69%"),
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


def test_no_unit_reporting_a_rate(project):
    path = project / "data" / "raw" / "/".join(WENZHOU) / "annex1.csv"
    header, *rows = (line.split(",") for line in path.read_text("utf-8").splitlines())
    path.write_text(
        "\n".join(",".join(row) for row in [header, *([*row[:6], "", "", "", ""] for row in rows)]), "utf-8"
    )
    bulletin = read(project)
    for finding in ("rate_top", "rate_below", "collection_all"):
        assert bulletin.findings[finding].case == "unreported"
    assert text(bulletin, "rate_below") == "各地均未报送检查处罚率"
    assert text(bulletin, "rate_below", "en") == "no unit reported the penalty rate"


def test_a_blank_figure_never_stands_in_a_sentence(project):
    change(project, "facts.csv", "全市检查企业,248", "全市检查企业,0")
    with pytest.raises(DefinitionError, match="a blank figure cannot stand in a sentence"):
        read(project)


def test_english_says_the_same(project):
    bulletin = read(project)
    assert text(bulletin, "rate_below", "en") == "penalty rates below 20%: Longgang, Cangnan and Taishun"
    assert text(bulletin, "rate_top", "en") == "the top 3 by penalty rate are Longwan, Yongjia and Dongtou"


def test_every_number_of_a_finding_has_its_figure(project):
    bulletin = read(project)
    headline = bulletin.findings["headline"]
    assert headline.figures["headline:rate"].calculation == "87 ÷ 248 × 100 = 35.08"
    assert headline.figures["headline:fines"].text == "299.74"
    sources = {str(cell.source) for cell in headline.evidence}
    assert "data/raw/wenzhou-monthly/2021-01-to-02/facts.csv C2" in sources
    assert "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv B14" in sources


def test_taizhou_bottom_list_drops_its_clause_when_it_is_not_true(project):
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {"bottom_n": 5})
    assert bulletin.findings["rate_last"].text["zh"] == "路桥、椒江、天台、仙居、三门等地分列全市后五位"


def test_a_target_reached_exactly_is_met(project):
    path = project / "data" / "raw" / "taizhou-andun" / "2019-04-to-06"
    facts, serious = path / "facts.csv", path / "serious-cases.csv"
    facts.write_text(facts.read_text("utf-8").replace("目标,25,", "目标,50,"), "utf-8")
    serious.write_text(serious.read_text("utf-8").replace("合计,32", "合计,171"), "utf-8")
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {})
    assert bulletin.findings["serious_share"].case == "met"


def test_what_is_missed_asks_for_attention(project):
    levels = {name: finding.level for name, finding in read(project).findings.items()}
    assert levels == {
        "headline": "note",
        "fines_top": "note",
        "hazchem_top": "note",
        "rate_top": "note",
        "rate_below": "attention",
        "collection_all": "note",
        "nothing_reported": "attention",
    }


def test_a_measure_that_ranks_upwards_has_its_worst_at_the_top_of_the_scale(project):
    path = project / "reports" / "taizhou-andun" / "series.yml"
    path.write_text(
        path.read_text("utf-8").replace("    decimals: 1\n", "    decimals: 1\n    rank: ascending\n", 1), "utf-8"
    )
    finding = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {}).findings["rate_last"]
    assert finding.text["zh"] == "黄岩、玉环、临海、温岭等地分列全市后四位"


def test_nothing_is_said_of_units_that_did_not_report(project):
    path = project / "data" / "raw" / "taizhou-andun" / "2019-04-to-06" / "serious-cases.csv"
    path.write_text("单位,查处重大违法行为（例）\n椒江区,3\n合计,32\n", "utf-8")
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {})
    assert bulletin.findings["serious_none"].case == "incomplete"


def test_more_than_full_collection_is_not_below_it(project):
    change(project, "annex1.csv", "12.50,9,100,1", "12.50,9,120,1")
    assert read(project).findings["collection_all"].case == "incomplete"


def test_fewer_units_than_asked_for_are_counted_as_they_are(project):
    path = project / "data" / "raw" / "/".join(WENZHOU) / "annex1.csv"
    header, *rows = (line.split(",") for line in path.read_text("utf-8").splitlines())
    kept = [row if row[0] in ("鹿城区", "龙湾区") else [*row[:6], "", "", "", ""] for row in rows]
    path.write_text("\n".join(",".join(row) for row in [header, *kept]), "utf-8")
    assert text(read(project), "rate_top") == "检查处罚率列前二位为龙湾区和鹿城区"


def test_each_name_is_explained_by_the_figure_its_sentence_is_about(project):
    bulletin = read(project)
    paragraph = "\n".join(bulletin.narrative.section("situation"))
    shown = to_markdown(paragraph)
    for key, name, text, place in [
        ("fines_top:unit@yueqing", "乐清市", "89.64", "annex1.csv C6"),
        ("rate_below:unit@longgang", "龙港市", "7.69", "annex1.csv G14"),
    ]:
        assert f'data-figure="{key}">{name}</span>' in shown
        figure = bulletin.narrative.figures[key]
        assert figure.text == text
        assert str(figure.cells[0].source).endswith(place)


def test_a_fact_in_words_cannot_bring_markup(project):
    edit_series(project, "languages: [zh, en]", "languages: [zh]")
    change(project, "facts.csv", "全市检查企业,248,家次", '全市检查企业,"<b>2</b>*4*8 $x$ @fig-x",')
    edit_series(project, "area: fact.penalties / fact.inspections * 100", "area: none")
    edit_series(project, "      rate: penalty_rate\n", "")
    edit_series(project, "，检查处罚率为{{ rate }}%，责令", "，责令")
    edit_series(project, "; the penalty rate was {{ rate }}%", "")
    edit_series(project, "，检查处罚率为{{ figure.penalty_rate }}%。", "。")
    shown = to_markdown(read(project).findings["headline"].marked["zh"])
    assert r"\<b\>2\</b\>\*4\*8 \$x\$ \@fig\-x" in shown


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
        ("{{ threshold }}%为", "{{ 1e999 }}%为", "a number of far too many digits"),
        ("{{ threshold }}%为", "{{ %s }}%%为" % ("9" * 5000), "a number of far too many digits"),
        ("{{ threshold }}%为", "{% if threshold %}" * 110 + "{% endif %}" * 110 + "%为", "brackets inside brackets"),
        (
            "{{ threshold }}%为",
            "{% if threshold %}" + "{% elif threshold %}" * 3000 + "{% endif %}%为",
            "inside brackets",
        ),
        ("{{ threshold }}%为", "{{ %s }}%%为" % ("(" * 2000), "brackets inside brackets without end"),
        ("{{ threshold }}%为", "{{ %sthreshold }}%%为" % ("not " * 130), "brackets inside brackets without end"),
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
