"""The hotline's circular: a series from configuration alone, with the kinds of rule that compare, split and judge."""

import json

import yaml
from pydantic import BaseModel

from conftest import ROOT, tongbao
from pages import soup
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.model import Text
from tongbao.definition.project import Project


def said(period, lang="zh"):
    findings = Bulletin.open(Project(ROOT), "hotline-monthly", period, {}).findings
    return {name: finding.text[lang] for name, finding in findings.items()}


def texts(model, place=()):
    """Every text of a definition with its place."""
    if isinstance(model, Text):
        yield place, model
    elif isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from texts(getattr(model, name), (*place, name))
    elif isinstance(model, dict | tuple):
        for name, value in model.items() if isinstance(model, dict) else enumerate(model):
            yield from texts(value, (*place, name))


def test_every_text_is_in_both_languages():
    series = Project(ROOT).get_series("hotline-monthly")
    assert [place for place, text in texts(series) if not text.en] == []


def test_the_sentences_of_a_month_with_both_comparisons():
    found = said("2026-10")
    expected = {
        "accepted_year": "受理量同比增长6.6%",
        "accepted_month": "环比增长3.3%",
        "connection_place": "在可比的4个市中列第2位",
        "in_time_full": "汀屿区和霁山区应办结诉求全部按时办结，予以表扬",
        "satisfaction_falls": "群众满意率环比下降的有砚池县（下降1.28个百分点）和棠溪区（下降0.61个百分点）",
        "hours_range": "平均办理时长最长的是砚池县，为57.9小时，最短的是霁山区，为36.8小时",
        "first_contact": "除棠溪区外，其余区（县）首次联系率均为100%",
        "leaders_target": "领导接听热线13次，距16次的月度目标还差3次",
        "leaders_none": "没有安排领导接听热线的较上期的4个有所减少，尚有棠溪区和砚池县",
        "trend": "在受理量增长的情况下，群众满意率有所提高",
        "faults": "各区（县）填报数据存在问题1项：填报值与计算值不符1项",
    }
    assert {name: found[name] for name in expected} == expected
    english = said("2026-10", "en")
    assert english["hours_range"].startswith("requests took longest in Yanchi (57.9 hours on average)")
    assert not any("\u4e00" <= character <= "\u9fff" for text in english.values() for character in text)


def test_a_month_without_others_says_that_nothing_can_be_compared():
    found = said("2025-10")
    assert found["accepted_year"] == "受理量无上年同期数据可比"
    assert found["satisfaction_falls"] == "群众满意率无上期数据可比"
    assert found["trend"] == "因无上年同期数据，办理质量的变化暂不作判断"


def test_the_page_says_that_all_is_made_up(whole):
    page = whole / "_site/reports/hotline-monthly/2026-10.html"
    assert soup(page).get_text().count("合成数据") >= 4


def test_no_number_is_left_over(whole):
    tongbao(whole, "verify", "--audit", "hotline-monthly@2026-10")


def test_the_notebooks_defaults_are_the_series():
    notebook = json.loads((ROOT / "notebooks/hotline-monthly.ipynb").read_text("utf-8"))
    values: dict[str, object] = {}
    exec("".join(notebook["cells"][1]["source"]), {}, values)  # noqa: S102  # the cell holds assignments of our own
    definition = yaml.safe_load((ROOT / "reports/hotline-monthly/series.yml").read_text("utf-8"))
    expected = {name: parameter["default"] for name, parameter in definition["parameters"].items()}
    assert values == {"series": "hotline-monthly", "period": "2026-10", "lang": "zh", **expected}
