"""A column of words (synthetic): read, listed by, and printed as words in both languages."""

import csv
from dataclasses import replace

import pytest
from pydantic import ValidationError

from conftest import bare_project
from province import define, findings_of, receive
from tongbao.basics.errors import DataError, DefinitionError
from tongbao.bulletin.annexes import printed_table
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao.definition.references import broken_references

SERIES = """\
notebook: none
authority: {zh: 示例市生态环境局, en: Example City}
area: {zh: 全市, en: the city}
subject: {zh: 水质月报, en: Water}
title: {zh: 水质通报, en: Water}
addressees: {zh: 各县, en: counties}
source: {zh: 监测站（合成数据）, en: stations (synthetic)}
languages: [zh, en]
units:
  - {id: jia, zh: 甲县, en: Jia}
  - {id: yi, zh: 乙县, en: Yi}
  - {id: bing, zh: 丙县, en: Bing}
  - {id: ding, zh: 丁县, en: Ding}
tables:
  water:
    file: water.csv
    title: {zh: 水质, en: Water}
    columns:
      grade:
        header: 水质状况
        label: {zh: 水质状况, en: Water quality}
        short: {zh: 水质, en: water quality}
        area: none
        words:
          Ⅱ类: {value: 2, en: class II}
          Ⅲ类: {value: 3, en: class III}
          Ⅳ类: {value: 4, en: class IV}
          劣Ⅴ类: {value: 6, en: below V}
        rank: ascending
      days:
        header: 达标天数（天）
        label: {zh: 达标天数（天）, en: Good days}
        short: {zh: 达标天数, en: good days}
        unit: 天
findings:
  fourth: {rule: list, measure: grade, at: 4}
  worse: {rule: list, measure: grade, above: 3, naming: {value: true}}
  where:
    rule: list
    measure: days
    where: [{value: grade, at: 4}]
    order: worst
    naming: {value: true, figures: [grade]}
    wording:
      default:
        zh: 水质为Ⅳ类的有{{ count }}个，达标天数由少到多为{{ units }}
        en: "class IV: {{ count }}, {{ units }}"
      none: {zh: 无水质为Ⅳ类的地区, en: none}
  counted:
    rule: state
    values: {poor: {formula: count(grade > 3), decimals: 0}}
    wording: {zh: "水质劣于Ⅲ类的有{{ poor }}个", en: "{{ poor }} below class III"}
main_points: []
opening: {zh: 通报如下, en: As follows}
sections:
  - {id: all, heading: {zh: 情况, en: All}, paragraphs: [{zh: "{{ finding.fourth }}。", en: "{{ finding.fourth }}."}]}
annexes: [{table: water, title: {zh: 水质表, en: Water}}]
"""


@pytest.fixture
def water(tmp_path):
    """Opens the bulletin with some words in the column."""
    project = bare_project(tmp_path / "project")
    folder = project / "data/raw/water/2021-02"
    folder.mkdir(parents=True)
    (project / "reports/water").mkdir()
    (project / "reports/water/2021-02.md").write_text("---\nissued: 2021-03-10\n---\n", "utf-8")

    def opened(*words, lang="zh"):
        (project / "reports/water/series.yml").write_text(SERIES, "utf-8")
        with (folder / "water.csv").open("w", encoding="utf-8") as file:
            rows = zip("甲乙丙丁", words, (20, 12, 9, 25), strict=True)
            csv.writer(file).writerows(
                [("单位", "水质状况", "达标天数（天）"), *((f"{one}县", *rest) for one, *rest in rows)]
            )
        return Bulletin.open(Project.find(project), "water", "2021-02", {}, lang)

    return opened


def test_units_are_listed_by_their_word(water):
    found = {name: finding.text for name, finding in water("Ⅱ类", "Ⅳ类", "Ⅳ类", "劣Ⅴ类").findings.items()}
    assert found["fourth"] == {"zh": "水质为Ⅳ类的有乙县和丙县", "en": "water quality at class IV: Yi and Bing"}
    assert found["worse"]["zh"] == "除甲县外，其余各地水质均差于Ⅲ类"
    assert found["where"]["zh"] == "水质为Ⅳ类的有2个，达标天数由少到多为丙县（9天，Ⅳ类）和乙县（12天，Ⅳ类）"
    assert found["counted"]["zh"] == "水质劣于Ⅲ类的有3个"
    worse = water("Ⅱ类", "Ⅱ类", "Ⅳ类", "劣Ⅴ类").findings["worse"].text
    assert worse["zh"] == "水质差于Ⅲ类的有丁县（劣Ⅴ类）和丙县（Ⅳ类）"
    assert worse["en"] == "water quality worse than class III: Ding (below V) and Bing (class IV)"


def test_a_unit_without_a_word_is_left_out_and_said_to_be(water):
    found = water("Ⅱ类", "Ⅳ类", "—", "Ⅱ类")
    assert [(issue.check, issue.unit) for issue in found.quality] == [("incomplete", "bing")]
    assert found.findings["fourth"].text["zh"] == "水质为Ⅳ类的有乙县，不含丙县"


GRADES = {"优": {"value": 1, "en": "good"}, "良": {"value": 2, "en": "fair"}, "差": {"value": 3, "en": "poor"}}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ({"rule": "list", "at_least": 2}, "除甲县外，其余各地水质均不好于良",
         "water quality not better than fair everywhere but in Jia"),
        ({"rule": "list", "at_most": 2}, "水质达到良的有甲县、乙县和戊县",
         "water quality fair or better: Jia, Yi and Wu"),
        ({"rule": "list", "below": 3}, "水质好于差的有甲县、乙县和戊县",
         "water quality better than poor: Jia, Yi and Wu"),
        ({"rule": "list", "below": 1}, "各地水质均不好于优", "water quality not better than good everywhere"),
        ({"rule": "list", "above": 3}, "各地水质均达到差", "water quality poor or better everywhere"),
        ({"rule": "list", "above": 1, "take": 1}, "水质差于优的有4个县（市、区），其中最差的是丙县和丁县",
         "water quality worse than good: 4 counties, the worst being Bing and Ding"),
        ({"rule": "list", "order": "descending"}, "水质由差到好依次为丙县、丁县、乙县、戊县和甲县",
         "water quality, from the worst up: Bing, Ding, Yi, Wu and Jia"),
        ({"rule": "range"}, "水质最好的是甲县，为优，最差的是丙县和丁县，为差",
         "water quality: best Jia (good), worst Bing and Ding (poor)"),
        ({"rule": "split", "at": 2}, "水质差于良的有2个：丙县和丁县；好于良的有1个：甲县；为良的有2个：乙县和戊县",
         "water quality: worse than fair in 2 (Bing and Ding), better than fair in 1 (Jia), at fair in 2 (Yi and Wu)"),
    ],
)  # fmt: skip
def test_of_words_the_smallest_is_the_best(rule, zh, en):
    water = {"header": "水质", "short": {"zh": "水质", "en": "water quality"}, "area": "none", "words": GRADES}
    series = define({"water": {"grade": water | {"rank": "ascending"}}}, {"it": {"measure": "grade"} | rule}, 5)
    received = receive(series, "2026-06", {"grade": [1, 2, 3, 3, 2]})
    for row, word in zip(received.tables["water"].rows.values(), "优良差差良", strict=True):
        row["grade"] = replace(row["grade"], text=word)
    assert findings_of(series, {"2026-06": received}, "2026-06")["it"].text == {"zh": zh, "en": en}


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"rule": "list", "change": "last_year", "above": 0}, ("change",)),
        ({"rule": "range", "change": "previous"}, ("change",)),
        ({"rule": "split", "change": "previous", "at": 0}, ("change",)),
        (
            {"rule": "list", "naming": {"figures": [{"formula": "grade", "change": "previous"}]}},
            ("naming", "figures", 0, "change"),
        ),
    ],
)
def test_a_change_of_words_is_refused_with_what_to_do(monkeypatch, rule, place):
    monkeypatch.setattr("province.broken_references", lambda _: [])
    water = {"header": "水质", "area": "none", "words": GRADES, "rank": "ascending"}
    series = define({"water": {"grade": water}}, {"it": {"measure": "grade"} | rule}, 5)
    ((at, problem),) = broken_references(series)
    assert at == ("findings", "it", *place)
    assert problem == (
        "grade is a column of words, of which no change can be printed: their numbers are only an order; "
        "a list whose bound is last_year.grade or previous.grade says whose word is another"
    )


def test_what_a_change_of_words_is_refused_for_can_be_said_with_a_bound():
    water = {"header": "水质", "short": {"zh": "水质", "en": "water quality"}, "area": "none", "words": GRADES}
    rule = {"rule": "list", "measure": "grade", "above": "last_year.grade"}
    series = define({"water": {"grade": water | {"rank": "ascending"}}}, {"it": rule}, 3)
    periods = {"2026-06": receive(series, "2026-06", {"grade": [1, 2, 3]})}
    periods["2025-06"] = receive(series, "2025-06", {"grade": [1, 3, 2]})
    assert findings_of(series, periods, "2026-06")["it"].text["zh"] == "仅丙县水质差于上年同期"


def test_the_annex_prints_the_words(water):
    for lang, shown in (("zh", ["Ⅱ类", "Ⅳ类", "", "劣Ⅴ类"]), ("en", ["class II", "class IV", "", "below V"])):
        bulletin = water("Ⅱ类", " Ⅳ类 ", "", "劣Ⅴ类", lang=lang)
        rows = printed_table(bulletin.indicators, bulletin.series.annexes[0], "water", lang).rows
        assert [row[1].value for row in rows] == shown
    figure = Proof(bulletin).record().figures["grade@yi"]
    assert (figure.value, figure.text, figure.origin) == ("4", "Ⅳ类", "reported")


def test_a_word_that_is_not_declared_is_refused_with_those_that_are(water):
    with pytest.raises(DataError) as caught:
        water("Ⅱ类", "IV类", "Ⅱ类", "Ⅱ类")
    assert (caught.value.found, caught.value.place) == ("IV类", "data/raw/water/2021-02/water.csv B3")
    assert caught.value.expected == "水质状况: Ⅱ类、Ⅲ类、Ⅳ类、劣Ⅴ类, or a blank"


def test_words_are_never_summed():
    with pytest.raises(ValidationError, match="cannot be summed: area: none"):
        define({"annex": {"class": {"header": "水质", "words": {"Ⅱ类": 2}}}}, {}, 2)


def test_a_word_without_english_is_refused_where_there_is_an_english_edition(water, monkeypatch):
    monkeypatch.setattr(f"{__name__}.SERIES", SERIES.replace("{value: 6, en: below V}", "6"))
    with pytest.raises(DefinitionError, match=r"words\.劣Ⅴ类: no English word"):
        water("Ⅱ类", "Ⅱ类", "Ⅱ类", "Ⅱ类")
