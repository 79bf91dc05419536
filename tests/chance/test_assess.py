"""What chance leaves of the statements of a real circular; expectations worked out by hand from its annex."""

import json
from decimal import Decimal

import pytest

from tongbao.basics.marks import plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao_chance import words
from tongbao_chance.assess import assess

TAIZHOU = ("taizhou-andun", "2019-04-to-06")


@pytest.fixture
def taizhou(project):
    def read(**parameters):
        return Bulletin.open(Project.find(project), *TAIZHOU, parameters)

    return read


def rate_of(bulletin):
    (rate,) = assess(bulletin.indicators, bulletin.findings).rates
    return rate


def said(bulletin, lang="zh"):
    return list(map(plain, words.statements(rate_of(bulletin), bulletin.indicators, lang)))


def doubted(bulletin, lang="zh"):
    return list(map(plain, words.doubts(rate_of(bulletin), bulletin.indicators, bulletin.findings, lang)))


def test_a_units_own_interval(taizhou):
    """黄岩 49 ÷ 233 by hand: (49 + 1.9207 ± 1.96 √(49 × 184 ÷ 233 + 0.9604)) ÷ 236.8415."""
    rate = rate_of(taizhou())
    first = rate.units[0]
    assert first.unit == "huangyan"
    assert (round(first.interval_95[0], 1), round(first.interval_95[1], 1)) == (Decimal("16.3"), Decimal("26.7"))


def test_who_is_outside_by_z_scores_worked_out_by_hand(taizhou):
    """z: 黄岩 9.8, 玉环 5.1, 椒江 −4.6, 路桥 −4.4, 天台 −3.6; 临海 1.9, 仙居 −1.6, 温岭 1.3, 三门 0.2."""
    rate = rate_of(taizhou())
    assert rate.at("above_998") == ["huangyan", "yuhuan"]
    assert rate.at("below_998") == ["tiantai", "jiaojiang", "luqiao"]
    assert rate.at("above_95", "below_95") == []
    assert rate.dispersion.beyond_chance


def test_which_of_the_last_four_may_be_there_by_chance(taizhou):
    rate = rate_of(taizhou())
    (doubt,) = rate.lists
    # 6.1 % of 342 against 4.0 % of 397 differ by z = 1.3; 10.7 % of 605 against 2.5 % of 640 by z = 5.9.
    assert set(doubt.may_not_belong) == {"xianju", "tiantai"}
    assert set(doubt.may_belong) == {"linhai", "wenling", "sanmen"}
    assert [(miss.unit, miss.threshold) for miss in rate.near_misses] == [("xianju", "5.9")]


def test_the_sentences_name_what_the_figures_say(taizhou):
    sentences = said(taizhou())
    assert sentences[0] == (
        "在99.8%界限外、不能用偶然解释的有5个单位：高于界限的黄岩区和玉环市；低于界限的天台县、椒江区和路桥区。"
    )
    assert "名次不受偶然影响的有：黄岩区（第1位）。" in sentences
    assert "第2位玉环市至第9位路桥区，每两个相邻单位的先后可能只是偶然。" in sentences
    assert doubted(taizhou())[-1].endswith("仙居县4.0%低于5.9%，但95%区间（2.5%～6.4%）包含5.9%，差距可能只是偶然。")


def test_english_says_the_same(taizhou):
    sentences = said(taizhou(), "en")
    assert len(sentences) == len(said(taizhou()))
    assert len(doubted(taizhou(), "en")) == len(doubted(taizhou()))
    assert sentences[0].endswith("above: Huangyan and Yuhuan; below: Tiantai, Jiaojiang and Luqiao.")
    assert "Ranks that chance does not move: Huangyan (1)." in sentences


def below(project, threshold):
    """The series with a rule that names the units below a threshold."""
    path = project / "reports/taizhou-andun/series.yml"
    rule = (
        f"findings:\n  low:\n    rule: list\n    measure: penalty_rate\n    below: {threshold}\n"
        '    wording: {default: "未达{{ threshold }}%为{{ units }}", none: 均达到}\n'
    )
    path.write_text(path.read_text("utf-8").replace("findings:\n", rule, 1), "utf-8")
    return Bulletin.open(Project.find(project), *TAIZHOU, {})


def test_a_threshold_missed_only_within_the_interval(project):
    """Below 3 %: 天台 2.5 (1.5–4.0), 椒江 2.3 (1.5–3.5), 路桥 1.8 (1.1–3.2): all three hold 3."""
    rate = rate_of(below(project, 3))
    assert {miss.unit for miss in rate.near_misses if miss.finding == "low"} == {"tiantai", "jiaojiang", "luqiao"}


def test_a_threshold_missed_for_sure_is_not_put_in_doubt(project):
    rate = rate_of(below(project, 15))
    assert [miss for miss in rate.near_misses if miss.finding == "low"] == []


@pytest.mark.parametrize("threshold", [100, "area.penalty_rate * 0 + 100", 0])
def test_nothing_is_tested_against_all_or_none(project, threshold):
    """Every unit is below 100 %; three inspections of three could still be missed by chance, but no test can say so."""
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    path.write_text(
        path.read_text("utf-8").replace("三门县,342,342,44,157,0,2,21,6.1,5", "三门县,342,342,44,157,0,2,341,99.7,1"),
        "utf-8",
    )
    rate = rate_of(below(project, threshold))
    assert [miss for miss in rate.near_misses if miss.finding == "low"] == []


def test_all_units_alike(project):
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    header, *rows = (line.split(",") for line in path.read_text("utf-8").splitlines())
    alike = [[row[0], "500", *row[2:7], str(28 + index % 3), "", ""] for index, row in enumerate(rows[:-1])]
    total = ["合计", *[""] * 9]
    path.write_text("\n".join(",".join(row) for row in [header, *alike, total]), "utf-8")
    sentences = said(Bulletin.open(Project.find(project), *TAIZHOU, {}))
    assert sentences[0] == "没有单位在99.8%界限外。"
    assert sentences[1].endswith("各地之间的差异与偶然波动相当。")
    assert not any("名次不受偶然影响" in sentence for sentence in sentences)


def test_the_text_of_the_circular_says_nothing_of_it(taizhou):
    bulletin = taizhou()
    narrative = bulletin.narrative
    text = "".join([*narrative.main_points(), *(b for s in bulletin.series.sections for b in narrative.section(s.id))])
    for word in ("区间", "偶然", "界限"):
        assert word not in text


def test_the_record_is_plain_json_with_limits_as_text(taizhou):
    bulletin = taizhou(bottom_n=3)
    record = json.loads(bulletin.reviews["robustness"].record().model_dump_json())
    (rate,) = record["rates"]
    assert [round(Decimal(end), 2) for end in rate["units"][0]["interval_95"]] == [Decimal("16.29"), Decimal("26.71")]
    assert rate["units"][0]["possible_ranks"] == [1, 1]
    assert [unit["rank"] for unit in rate["units"]] == list(range(1, 10))
    assert record["without"] == {}


def test_nothing_counted_anywhere(project):
    """No unit closed anything down: no ranks to doubt, no limits to leave, and the plot still draws."""
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    header, *rows = (line.split(",") for line in path.read_text("utf-8").splitlines())
    none = [[*row[:5], "0", *row[6:8], "", ""] for row in rows]
    path.write_text("\n".join(",".join(row) for row in [header, *none]), "utf-8")
    series = project / "reports/taizhou-andun/series.yml"
    series.write_text(
        series.read_text("utf-8").replace("formula: cases / inspections", "formula: compulsory_measures / inspections"),
        "utf-8",
    )
    bulletin = Bulletin.open(Project.find(project), *TAIZHOU, {})
    rate = rate_of(bulletin)
    assert {standing.possible_ranks for standing in rate.units} == {(1, 9)}
    assert {standing.position for standing in rate.units} == {"inside"}
    assert rate.swaps == ()
    assert said(bulletin)[0] == "没有单位在99.8%界限外。"
    assert "各单位都在偶然波动的界限内" in bulletin.reviews["robustness"].sections()[-1].html


def test_few_events_that_may_come_twice_in_a_visit(project):
    """8 compulsory measures in 5800 visits: 3 in 233 is z = 4.7, beyond the limits; the interval stays above zero."""
    series = project / "reports/taizhou-andun/series.yml"
    series.write_text(
        series.read_text("utf-8").replace("formula: cases / inspections", "formula: compulsory_measures / inspections"),
        "utf-8",
    )
    rate = rate_of(Bulletin.open(Project.find(project), *TAIZHOU, {}))
    assert rate.model == "poisson"
    assert rate.at("above_998", "above_95") == ["huangyan", "linhai"]
    first = rate.units[0]
    assert (first.unit, first.part, first.whole) == ("huangyan", 3, 233)
    # (3 + 1.9207 ± 1.96 √(3 + 0.9604)) ÷ 233
    assert (round(first.interval_95[0], 2), round(first.interval_95[1], 2)) == (Decimal("0.44"), Decimal("3.79"))
